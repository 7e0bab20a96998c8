"""Uploads: one request up to 50 MiB, else parts of 5 MiB and a wait at the end."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, TypeVar

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import InvalidQuery, Unavailable
from socialmetrics.model import Media
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Request, Upload
from socialmetrics_sprout import requests
from socialmetrics_sprout.parse import moment, utc_or_none
from socialmetrics_sprout.payloads import MediaPayload, RowsPayload
from socialmetrics_sprout.rows import rows

MOST: Final = 50 * 2**20
PART: Final = 5 * 2**20
TRIES: Final = 120
LONGEST: Final = 60.0
"""Seconds: polling is throttled when it is too frequent, pointless when too rare."""
KINDS: Final = {"image": "photo", "video": "video", "application/pdf": "document"}

T = TypeVar("T")
_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_MEDIA: Final = decoder(MediaPayload)


def upload(content: bytes, filename: str, content_type: str) -> Flow[Media]:
    """The file at Sprout, ready for a draft. Unused media live for 24 hours."""
    kind = kind_of(content_type)
    if not content:
        raise InvalidQuery(f"{filename!r} is empty; there is nothing to upload")
    pieces = [content[i : i + PART] for i in range(0, len(content), PART)]
    if len(content) <= MOST:
        pieces = [content]
    uploads = [_file(piece, filename, content_type) for piece in pieces]
    if len(uploads) == 1:
        return (yield from _one(requests.media(uploads[0]), kind))
    submission = yield from _started(uploads[0])
    for number, piece in enumerate(uploads[1:], start=2):
        yield requests.media_part(submission, number, piece)
    return (yield from _complete(submission, kind))


def upload_from(address: str, content_type: str) -> Flow[Media]:
    """A file that Sprout downloads by itself from that address.

    As a submission: the one-request upload would stay open until the download ends.
    """
    kind = kind_of(content_type)
    if not address.startswith(("https://", "http://")) or not address.isprintable():
        raise InvalidQuery(f"{address!r} is no http(s) address of a file")
    return (yield from _complete((yield from _started(address)), kind))


def _started(upload: Upload | str) -> Flow[str]:
    answer = yield from _ask(requests.submission(upload))
    return _told(answer, answer.payload.submission_id, "submission_id")


def kind_of(content_type: str) -> str:
    """Sprout's kind for a content type. Raises `InvalidQuery` for what it refuses."""
    kind = KINDS.get(content_type) or KINDS.get(content_type.split("/", maxsplit=1)[0])
    if kind is None or not _TYPE.fullmatch(content_type):
        raise InvalidQuery(
            f"{content_type!r} is no type that Sprout takes: image/*, video/* or "
            "application/pdf"
        )
    return kind


def _file(piece: bytes, filename: str, content_type: str) -> Upload:
    return Upload(
        field="media", filename=filename, content_type=content_type, content=piece
    )


def _ask(request: Request) -> Flow[Answer[MediaPayload]]:
    answer = yield from ask(request, RowsPayload, _no_row)
    (first, *_) = rows(answer, _MEDIA, lambda payload, _: payload)
    return Answer(payload=first, response=answer.response)


def _no_row(payload: RowsPayload) -> str | None:
    return None if payload.data else "it has no row"


def _one(request: Request, kind: str) -> Flow[Media]:
    return _media((yield from _ask(request)), kind)


def _media(answer: Answer[MediaPayload], kind: str) -> Media:
    payload = answer.payload
    return Media(
        vendor_id=_told(answer, payload.media_id, "media_id"),
        kind=kind,
        expires_at=utc_or_none(payload.expiration_time),
    )


def _complete(submission: str, kind: str) -> Flow[Media]:
    """Asks whether the parts are put together, no sooner than the vendor says."""
    answer = yield from _ask(requests.completion(submission, 0.0))
    for _ in range(TRIES - 1):
        if answer.payload.media_id is not None:
            break
        delay = _wait(answer.payload.wait_until, answer.response.at)
        answer = yield from _ask(requests.completion(submission, delay))
    else:
        raise _unfinished(submission, answer)
    return _media(answer, kind)


def _unfinished(submission: str, answer: Answer[T]) -> Unavailable:
    return Unavailable(
        f"the upload {submission} was not put together after {TRIES} questions",
        vendor=answer.response.vendor,
        operation=answer.response.request.operation,
        request_id=answer.response.request_id,
    )


def _wait(until: str | None, now: datetime) -> float:
    """Seconds until that instant, at least one and at most a minute."""
    told = moment(until) if until else None
    seconds = 1.0 if told is None else (told - now).total_seconds()
    return min(LONGEST, max(1.0, seconds))


def _told(answer: Answer[T], value: str | None, name: str) -> str:
    if value is None:
        raise Unavailable(
            f"the answer to an upload has no {name}",
            vendor=answer.response.vendor,
            operation=answer.response.request.operation,
            request_id=answer.response.request_id,
        )
    return value
