"""Servers that are functions: what they hold, a page at a time."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialmetrics.wire import Request
from socialmetrics_sprout.parts import PostsPart
from tests.sprout.driving import (
    ON_X,
    WEEK,
    body_of,
    filter_of,
    rejected,
    row,
    seconds,
    too_heavy,
)

PART = PostsPart(accounts=(ON_X,), window=WEEK)
LIKES = "lifetime.likes"
IMPRESSIONS = "lifetime.impressions"


@attrs.define
class Shelf:
    """A server of posts: guids in an order of its own, a page at a time."""

    guids: list[str]
    tells: bool = True
    at: dict[str, datetime] = attrs.field(factory=dict[str, datetime])
    heaviest: int = 10**9
    refused: frozenset[str] = frozenset()

    def __call__(self, request: Request) -> object:
        body = body_of(request)
        names = {*body.get("metrics", ()), *body["fields"]}
        names |= set((filter_of(request, "customer_profile_id.eq") or "").split(","))
        if bad := sorted(names & self.refused):
            return rejected(f"Requested invalid: {', '.join(bad)}")
        rest = self._rest(request)
        if len(rest) > self.heaviest:
            return too_heavy()
        pages = -(-len(rest) // body["limit"])
        data = [row(guid, self.at.get(guid, WEEK.start)) for guid in rest]
        answer: dict[str, object] = {"data": data[: body["limit"]]}
        if self.tells:
            answer["paging"] = {"current_page": 1, "total_pages": pages}
        return answer

    def _rest(self, request: Request) -> list[str]:
        after = filter_of(request, "guid.gt")
        start, end = (filter_of(request, "created_time.in") or "").split("...")
        begin = self.guids.index(after) + 1 if after else 0
        return [
            guid
            for guid in self.guids[begin:]
            if start <= self.at.get(guid, WEEK.start).isoformat()[:19] < end
        ]


def shelf(count: int, *, tells: bool = True, every: int = 1) -> Shelf:
    """So many posts, one every so many seconds."""
    guids = sorted((f"t:{n}" for n in range(count)), key=lambda guid: guid[::-1])
    times = {guid: WEEK.start + seconds(n * every) for n, guid in enumerate(guids)}
    return Shelf(guids, tells, times)
