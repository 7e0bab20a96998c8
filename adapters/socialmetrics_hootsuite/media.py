"""Uploads: an address of the vendor, the file to a store, and a wait until it is ready.

The store is not the vendor's API: it gets no token, and the type and the length that
were announced. Only the first whole file counts.
"""

from __future__ import annotations

from typing import Final, TypeVar

import attrs
from msgspec import Raw

from socialmetrics.decode import Answer
from socialmetrics.errors import InvalidQuery, Unavailable, Unreadable
from socialmetrics.model import Consignment, File, Media
from socialmetrics.wire import Flow, Request
from socialmetrics_hootsuite import envelopes, requests
from socialmetrics_hootsuite.payloads import Envelope, MediaPayload, UploadPayload

P = TypeVar("P")

KINDS: Final = {
    "video/mp4": "video",
    "image/gif": "photo",
    "image/jpeg": "photo",
    "image/jpg": "photo",
    "image/png": "photo",
}
READY: Final = "READY"
TRIES: Final = 60
PAUSE: Final = 1.0
"""Seconds. There is no state for a failure, so the wait has an end."""


def check_file(file: File) -> None:
    """Raises `InvalidQuery` for a type that Hootsuite does not take, or no content."""
    if file.content_type not in KINDS:
        raise InvalidQuery(
            f"{file.name!r} is {file.content_type!r}; Hootsuite takes "
            f"{', '.join(KINDS)}"
        )
    if not file.content:
        raise InvalidQuery(f"{file.name!r} is empty; there is nothing to upload")


def prepared(consignment: Consignment) -> Flow[Consignment]:
    """The same, its files uploaded."""
    media: list[Media] = []
    for each in consignment.draft.media:
        if isinstance(each, Media):
            media.append(each)
        elif isinstance(each, File):
            media.append((yield from upload(each)))
        else:
            raise InvalidQuery(f"{str(each)!r} is a path; read it into a File first")
    draft = attrs.evolve(consignment.draft, media=tuple(media))
    return attrs.evolve(consignment, draft=draft)


def upload(file: File) -> Flow[Media]:
    """The file at Hootsuite, ready for a draft; it is removed 90 days after its use.

    Raises `Unavailable` where it does not become ready within a minute.
    """
    check_file(file)
    answer = yield from envelopes.asked(
        requests.media(len(file.content), file.content_type)
    )
    media, request = _target(answer, file)
    yield request
    return (yield from ready(media, KINDS[file.content_type]))


def _target(answer: Answer[Envelope], file: File) -> tuple[str, Request]:
    """The medium's id, and the upload. Its errors leave no frame with the address."""
    try:
        target = envelopes.one(answer, UploadPayload, _told)
        sent = requests.file(target.uploadUrl, file.content, file.content_type)
        return str(target.id), sent
    except (InvalidQuery, Unreadable) as err:
        problem = err.message
    raise Unreadable(
        f"the upload address cannot be used: {problem}",
        vendor=answer.response.vendor,
        operation=answer.response.request.operation,
        request_id=answer.response.request_id,
    )


def ready(media: str, kind: str) -> Flow[Media]:
    """The medium, once Hootsuite is done with it."""
    answer = yield from envelopes.asked(requests.media_state(media, 0.0))
    for _ in range(TRIES - 1):
        if _is_ready(answer):
            break
        answer = yield from envelopes.asked(requests.media_state(media, PAUSE))
    if not _is_ready(answer):
        raise Unavailable(
            f"the file {media} was not ready after {TRIES} questions",
            vendor=answer.response.vendor,
            operation=answer.response.request.operation,
            request_id=answer.response.request_id,
        )
    return Media(vendor_id=media, kind=kind)


def _is_ready(answer: Answer[Envelope]) -> bool:
    return envelopes.one(answer, MediaPayload, _told).state == READY


def _told(payload: P, _: Raw) -> P:
    return payload
