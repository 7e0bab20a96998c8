"""What X would answer, in pieces rendered once and put together for the ids asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import orjson

PIECES: Final = 50
FIRST_ID: Final = 2_017_000_000_000_000_000
STEP: Final = 1_000_000_007


def ids(count: int) -> list[str]:
    """So many ids of posts, all of January 2026."""
    return [str(FIRST_ID + number * STEP) for number in range(count)]


class EngagementShelf:
    """Any posts and metrics: by the hour where a window is asked for, else totals."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, ...], list[bytes]] = {}

    def answer(self, body: bytes) -> bytes:
        """The answer, in the order of the request."""
        asked: dict[str, Any] = orjson.loads(body)
        (name,) = asked["groupings"]
        posts = self._posts(asked["tweet_ids"], asked)
        times = {key: asked[key] for key in ("start", "end") if key in asked}
        head = orjson.dumps(times)[:-1] + (b"," if times else b"")
        return b'%b"%b":{%b}}' % (head, name.encode(), posts)

    def _posts(self, wanted: Sequence[str], asked: dict[str, Any]) -> bytes:
        names = asked["engagement_types"]
        key = (*names, asked.get("start", ""), asked.get("end", ""))
        if key not in self._pieces:
            random = Random(20260303)  # noqa: S311 - no secret
            self._pieces[key] = [_piece(asked, random) for _ in range(PIECES)]
        pieces = self._pieces[key]
        return b",".join(
            b'"%b":%b' % (native_id.encode(), pieces[place % PIECES])
            for place, native_id in enumerate(wanted)
        )


def _piece(asked: dict[str, Any], random: Random) -> bytes:
    """All metrics of one post."""
    days = _days(asked["start"], asked["end"]) if "start" in asked else []
    told: dict[str, object] = {}
    for name in asked["engagement_types"]:
        by_day = {
            day: {f"{hour:02}": _number(random) for hour in range(24)} for day in days
        }
        told[name] = by_day or _number(random)
    return orjson.dumps(told)


def _number(random: Random) -> str:
    return str(int(random.expovariate(0.002)))


def _days(start: str, end: str) -> list[str]:
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    count = (last - first).days
    return [(first + timedelta(days=number)).isoformat() for number in range(count)]
