"""analytics/posts: lifetime figures of the posts that were published in a range."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from socialmetrics.sandbox.dice import Flags, Ints, listed
from socialmetrics.sandbox.people import Account
from socialmetrics_sprout.sandbox.catalogue import names
from socialmetrics_sprout.sandbox.fields import Picked
from socialmetrics_sprout.sandbox.filters import Filter, parse_all
from socialmetrics_sprout.sandbox.paging import page_of
from socialmetrics_sprout.sandbox.post_fields import FIELDS, sent
from socialmetrics_sprout.sandbox.query import Body, Sort, number, sort, texts, timezone
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import NO_POSTS, post_guid

MOST_POSTS: Final = 100
_ALLOWED: Final = {
    "customer_profile_id": ("eq",),
    "created_time": ("in",),
    "guid": ("gt",),
    "internal.tags.id": ("eq", "exists"),
}
_PAGES: Final = 1 << 31
_MONTH: Final = timedelta(days=30)
_Filters = dict[tuple[str, str], Filter]


class Shelf:
    """The posts in the orders in which they can be asked for.

    The order of guids is the service's own: neither that of numbers nor that of the
    alphabet. Only who takes the last guid of a page as it comes gets all of them.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._world = service.world
        self._times = self._world.timeline.created
        self._tags = np.array([bool(post.tags) for post in self._world.posts])
        accounts = self._world.profiles
        silent = [one.index for one in accounts if one.network in NO_POSTS]
        brief = [one.index for one in accounts if one.network == "google_business"]
        owner = self._world.timeline.account
        self._never = np.isin(owner, silent)
        self._brief = np.isin(owner, brief)

    @cached_property
    def _guids(self) -> tuple[list[str], Ints, Ints]:
        keys = [post_guid(post)[::-1] for post in self._world.posts]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        rows = np.array(order, dtype=np.int64)
        rank = np.empty_like(rows)
        rank[rows] = np.arange(len(rows))
        return [keys[row] for row in order], rows, rank

    def find(
        self, chosen: Sequence[Account], found: _Filters, zone_body: Body, order: Sort
    ) -> Ints:
        """The rows that pass every filter, in that order."""
        now = self._service.now()
        keep = np.isin(self._world.timeline.account, [one.index for one in chosen])
        keep &= self._visible(now)
        zone = timezone(zone_body)
        if span := found.get(("created_time", "in")):
            start, end = (_second(end) for end in span.instants(zone))
            keep &= (self._times >= start) & (self._times < end)
        if after := found.get(("guid", "gt")):
            keep &= self._after(after)
        if tagged := found.get(("internal.tags.id", "exists")):
            keep &= self._tags == tagged.flag
        if tagged := found.get(("internal.tags.id", "eq")):
            keep &= self._with(tagged.numbers)
        return self._sorted(keep, order)

    def _visible(self, now: datetime) -> Flags:
        recent = self._times >= _second(now - _MONTH)
        return (self._times <= _second(now)) & ~self._never & (~self._brief | recent)

    def _after(self, after: Filter) -> Flags:
        keys, _, rank = self._guids
        if len(after.words) != 1:
            bad("guid.gt takes one guid")
        return rank >= bisect_right(keys, after.words[0][::-1])

    def _with(self, tags: Sequence[int]) -> Flags:
        wanted = set(tags)
        return np.array(
            [any(tag.id in wanted for tag in post.tags) for post in self._world.posts]
        )

    def _sorted(self, keep: Flags, order: Sort) -> Ints:
        if order.field == "guid":
            rows = self._guids[1]
            rows = rows[keep[rows]]
        else:
            rows = np.flatnonzero(keep)
        return rows[::-1] if order.descending else rows


def _second(moment: datetime) -> int:
    """The first whole second at or after that moment."""
    return -int(-moment.timestamp() // 1)


def posts(service: Service, customer: int, body: Body, shelf: Shelf) -> object:
    """Posts with their lifetime totals. Unknown metrics are refused here."""
    found = parse_all(body.get("filters"), _ALLOWED)
    if ("customer_profile_id", "eq") not in found:
        bad("Filter customer_profile_id.eq is required")
    chosen = service.chosen(customer, found["customer_profile_id", "eq"].numbers)
    picked = FIELDS.picked(texts(body, "fields"))
    metrics = texts(body, "metrics")
    _refuse_unknown(metrics)
    order = sort(body, ("created_time", "guid"), "created_time:desc")
    limit = number(body, "limit", 50, MOST_POSTS)
    page = number(body, "page", 1, _PAGES)
    rows = shelf.find(chosen, found, body, order)
    part, pages = page_of(listed(rows), page, limit)
    answer: dict[str, object] = {"data": _rows(service, part, picked, metrics)}
    if order.field != "guid" or service.options.cursor_paging:
        answer["paging"] = {"current_page": page, "total_pages": pages}
    return answer


def _refuse_unknown(metrics: Sequence[str]) -> None:
    unknown = [name for name in metrics if name not in names("posts")]
    if unknown:
        bad(f"Requested invalid metrics: {', '.join(unknown)}")


def _rows(
    service: Service, part: Sequence[int], picked: Picked,
    metrics: Sequence[str],
) -> list[object]:  # fmt: skip
    now = service.now()
    columns = [(name, service.lens.lifetime_column(name, now)) for name in metrics]
    rows: list[object] = []
    for at in part:
        post = service.world.posts[at]
        row = FIELDS.row(post, picked)
        if (was_sent := sent(post)) is not None:
            row["sent"] = was_sent
        if metrics:
            row["metrics"] = {
                name: column[at] for name, column in columns if column[at] is not None
            }
        rows.append(row)
    return rows
