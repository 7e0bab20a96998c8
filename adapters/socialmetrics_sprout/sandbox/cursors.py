"""Paging by cursor: forward only, and no cursor fits another query."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final, Protocol, TypeVar

import msgspec

from socialmetrics_sprout.sandbox.refusal import bad

CURSOR: Final = "page_cursor"
_SEAL: Final = 9
_LENGTH: Final = _SEAL + 6
_HOLLOW: Final = 1 << 40
"""Marks the cursor that an empty page hands out; a full page follows it."""


class Placed(Protocol):
    """Something that knows its place in the world."""

    @property
    def row(self) -> int:
        """Its place, unique among its kind."""
        ...


P = TypeVar("P", bound=Placed)


def part(
    rows: Sequence[P], body: Mapping[str, object], limit: int, hollow: int = 0
) -> tuple[Sequence[P], str | None]:
    """The page behind the query's cursor, and the next cursor (None: that was all).

    The cursor names the last thing that was given out, so newer ones do not move it.
    With `hollow`, a page in so many is empty although more follow.
    """
    mark = _opened(body)
    begin = 0 if mark is None else _behind(rows, mark & ~_HOLLOW)
    fresh = mark is not None and not mark & _HOLLOW
    if mark is not None and fresh and hollow and (begin // limit) % hollow == 0:
        return (), _sealed(body, mark | _HOLLOW)
    end = begin + limit
    more = end < len(rows)
    return rows[begin:end], _sealed(body, rows[end - 1].row) if more else None


def _behind(rows: Sequence[Placed], last: int) -> int:
    places = [place for place, one in enumerate(rows) if one.row == last]
    if not places:
        bad("Invalid page_cursor")
    return places[0] + 1


def _seal(body: Mapping[str, object]) -> bytes:
    query = {key: value for key, value in body.items() if key != CURSOR}
    encoded = msgspec.json.encode(query, order="deterministic")
    return blake2b(encoded, digest_size=_SEAL, key=b"sandbox").digest()


def _sealed(body: Mapping[str, object], mark: int) -> str:
    return urlsafe_b64encode(_seal(body) + mark.to_bytes(6, "big")).decode()


def _opened(body: Mapping[str, object]) -> int | None:
    text = body.get(CURSOR)
    if text is None:
        return None
    try:
        found = urlsafe_b64decode(text) if isinstance(text, str) else b""
    except (Error, ValueError):
        found = b""
    if len(found) != _LENGTH or found[:_SEAL] != _seal(body):
        bad("Invalid page_cursor")
    return int.from_bytes(found[_SEAL:], "big")
