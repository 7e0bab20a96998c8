"""media: uploads in one piece, or in parts that are put together later."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

import attrs

from socialmetrics_sprout.sandbox.refusal import NOT_FOUND, Refusal, bad
from socialmetrics_sprout.sandbox.service import Service, Submission
from socialmetrics_sprout.sandbox.wire import stamp

SIMPLE_BYTES: Final = 50 * 1024 * 1024
_LIFE: Final = timedelta(hours=24)
_STARTS: Final = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF-", b"\x1aE\xdf\xa3",
)  # fmt: skip
_BOX: Final = b"ftyp"
Answer = tuple[int, object]


@attrs.frozen
class Upload:
    """What a form holds: the bytes, or where they are; exactly one of the two."""

    content: bytes | None
    link: str | None


def simple(service: Service, customer: int, upload: Upload) -> Answer:
    """Takes a medium in one piece, up to 50 MiB."""
    _check(upload)
    if upload.content is not None and len(upload.content) > SIMPLE_BYTES:
        bad("Media exceeds 50 MiB; use a submission")
    return 200, {"data": [_kept(service, customer)]}


def submit(service: Service, customer: int, upload: Upload) -> Answer:
    """Begins a medium in parts, with the first part."""
    _check(upload)
    number = _id(service)
    parts = {} if upload.content is None else {1: len(upload.content)}
    waits = service.options.media_wait
    service.submissions[number] = Submission(customer, parts, waits, service.now())
    return 200, {"data": [{"submission_id": number}]}


def part(
    service: Service, customer: int, which: tuple[str, str], upload: Upload
) -> Answer:
    """Takes one more part, in any order, as often as one likes. An empty answer."""
    number, place = which
    found = _found(service, customer, number)
    if not place.isascii() or not place.isdigit() or int(place) < 2:
        bad("Parts are numbered from 2")
    if upload.content is None or 1 not in found.parts:
        bad("A part takes bytes, and only of a medium that was begun with bytes")
    if len(upload.content) > service.options.media_part_bytes:
        bad("A part exceeds 5 MiB")
    found.parts[int(place)] = len(upload.content)
    return 200, None


def complete(service: Service, customer: int, number: str) -> Answer:
    """Puts the parts together: 202 while that lasts, then 200."""
    found = _found(service, customer, number)
    _check_parts(found.parts, service.options.media_part_bytes)
    if found.waits > 0:
        found.waits -= 1
        until = stamp(service.now() + timedelta(seconds=1)).replace("Z", ".600802351Z")
        return 202, {"data": [{"submission_id": number, "wait_until": until}]}
    del service.submissions[number]
    return 200, {"data": [_kept(service, customer)]}


def _check(upload: Upload) -> None:
    if (upload.content is None) is (upload.link is None):
        bad("Either media or media_url is required")
    if upload.link is not None and not upload.link.startswith(("http://", "https://")):
        bad("media_url must be an http or https link")
    if upload.content is not None and not _is_known(upload.content):
        bad("Unsupported media type")


def _is_known(content: bytes) -> bool:
    return content.startswith(_STARTS) or content[4:8] == _BOX


def _check_parts(parts: dict[int, int], size: int) -> None:
    last = max(parts, default=0)
    whole = all(parts.get(place) == size for place in range(1, last))
    if not whole:
        bad("Every part except the last must be there, and have exactly 5 MiB")


def _found(service: Service, customer: int, number: str) -> Submission:
    found = service.submissions.get(number)
    late = found is not None and service.now() - found.begun > _LIFE
    if found is None or found.customer != customer or late:
        raise Refusal(NOT_FOUND, "Unknown or expired submission")
    return found


def _kept(service: Service, customer: int) -> dict[str, str]:
    number, until = _id(service), service.now() + _LIFE
    service.media[customer, number] = until
    return {"media_id": number, "expiration_time": stamp(until)}


def _id(service: Service) -> str:
    service.uploads += 1
    return str(UUID(bytes=blake2b(b"m%d" % service.uploads, digest_size=16).digest()))
