"""What a read asks for, from its query string: every parameter checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

import attrs

from socialmetrics_hootsuite.legacy.sandbox.feeds import FACEBOOK, TWITTER
from socialmetrics_hootsuite.legacy.sandbox.refusal import bad

COUNT: Final = 30
MOST: Final = 5
_NESTED: Final = re.compile(r"streams\[(\d)\]\[(\w+)\]", re.ASCII)
_BOUNDS: Final = ("maxId", "minId", "maxTimestamp", "minTimestamp")
_KNOWN: Final = frozenset({"socialNetworkId", "type", "count", *_BOUNDS})
_LARGEST: Final = 2**64


@attrs.frozen(kw_only=True)
class Wanted:
    """One stream that is asked for; both bounds are exclusive."""

    network: int
    kind: str
    count: int
    below: int | None
    above: int | None


@attrs.frozen
class Question:
    """The streams of one call; `is_nested` when they came as an array."""

    streams: tuple[Wanted, ...]
    is_nested: bool
    is_interleaved: bool


def question(text: str) -> Question:
    """The streams that a query string asks for."""
    given = _given(text)
    interleaved = given.pop("interleaved", None)
    if interleaved not in (None, "1"):
        bad("interleaved must be 1")
    nested = {key: value for key, value in given.items() if key.startswith("streams")}
    if not nested:
        if interleaved:
            bad("interleaved needs streams")
        return Question((_wanted(given),), is_nested=False, is_interleaved=False)
    if len(nested) < len(given):
        bad("give socialNetworkId and type, or streams, not both")
    streams = tuple(_wanted(one) for one in _taken_apart(nested))
    return Question(streams, is_nested=True, is_interleaved=interleaved == "1")


def _given(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict"
        )
    except ValueError:
        bad("the query string cannot be read")
    given = dict(pairs)
    if len(given) < len(pairs):
        bad("a parameter is given twice")
    return given


def _taken_apart(nested: Mapping[str, str]) -> list[dict[str, str]]:
    streams: dict[int, dict[str, str]] = {}
    for key, value in nested.items():
        found = _NESTED.fullmatch(key)
        if found is None:
            bad(f"unknown parameter {key}")
        streams.setdefault(int(found[1]), {})[found[2]] = value
    if sorted(streams) != list(range(len(streams))):
        bad("streams must be numbered from 0")
    if len(streams) > MOST:
        bad(f"at most {MOST} streams can be requested")
    return [streams[place] for place in sorted(streams)]


def _wanted(given: Mapping[str, str]) -> Wanted:
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        bad(f"unknown parameter {unknown[0]}")
    for name in ("socialNetworkId", "type"):
        if name not in given:
            bad(f"{name} is required")
    kind = given["type"]
    if kind not in (*TWITTER, *FACEBOOK):
        bad(f"unknown stream type {kind}")
    count = _number(given, "count") if "count" in given else COUNT
    if not 1 <= count <= COUNT:
        bad(f"count must be between 1 and {COUNT}")
    below, above = _bounds(given, "Id" if kind in TWITTER else "Timestamp")
    return Wanted(
        network=_number(given, "socialNetworkId"),
        kind=kind,
        count=count,
        below=below,
        above=above,
    )


def _bounds(given: Mapping[str, str], suffix: str) -> tuple[int | None, int | None]:
    told = [name for name in _BOUNDS if name in given]
    if any(not name.endswith(suffix) for name in told):
        bad(f"{told[0]} cannot be used with this type of stream")
    if len(told) > 1:
        bad("min and max filters cannot be used together")
    below, above = (
        _number(given, name) if name in given else None
        for name in (f"max{suffix}", f"min{suffix}")
    )
    return below, above


def _number(given: Mapping[str, str], name: str) -> int:
    text = given[name]
    if not (text.isascii() and text.isdigit()) or int(text) >= _LARGEST:
        bad(f"{name} must be a number")
    return int(text)
