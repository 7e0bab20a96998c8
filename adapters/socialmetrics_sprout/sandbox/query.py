"""The body of a query: every key checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs
import msgspec

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import zone
from socialmetrics_sprout.sandbox.refusal import bad

Body = Mapping[str, object]
_DECODER = msgspec.json.Decoder(dict[str, object])


def body_of(raw: bytes) -> Body:
    """The JSON object in a request's body."""
    try:
        return _DECODER.decode(raw)
    except msgspec.ValidationError:
        bad("Request body must be a JSON object")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        bad("Request body is not valid JSON")


def texts(body: Body, key: str) -> tuple[str, ...]:
    """An optional list of strings."""
    found = body.get(key, [])
    try:
        words = msgspec.convert(found, list[str])
    except msgspec.ValidationError:
        bad(f"{key} must be a list of strings")
    if not all(words):
        bad(f"{key} must not hold empty strings")
    return tuple(dict.fromkeys(words))


def number(body: Body, key: str, default: int, most: int) -> int:
    """An optional whole number from 1 to `most`."""
    found = body.get(key, default)
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= most:
        bad(f"{key} must be a number between 1 and {most}")
    return found


def timezone(body: Body, default: str = "UTC") -> ZoneInfo:
    """The zone in which times without offset are meant."""
    found = body.get("timezone", default)
    try:
        return zone(found if isinstance(found, str) else "")
    except InvalidQuery:
        bad(f"Unknown timezone: {found!r}")


@attrs.frozen
class Sort:
    """One order: by a field, up or down."""

    field: str
    descending: bool


def sort(body: Body, allowed: tuple[str, ...], default: str) -> Sort:
    """The one order that is asked for, or the default."""
    words = texts(body, "sort") or (default,)
    field, colon, direction = words[0].partition(":")
    known = field in allowed and direction in ("asc", "desc")
    if len(words) > 1 or not colon or not known:
        bad(f"Unsupported sort: {', '.join(words)}")
    return Sort(field, direction == "desc")
