"""A server of daily figures, and what it should have given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import attrs

from socialmetrics.errors import (
    SocialMetricsError,
)
from socialmetrics.model import Ref
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Request
from socialmetrics_sprout.parts import Account, DaysPart
from tests.sprout.driving import (
    ON_X,
    Driven,
    asked,
    body_of,
    content,
    filter_of,
    rejected,
    too_heavy,
)

MONDAY, TUESDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 8)
IMPRESSIONS = asked("x", "impressions")
PART = DaysPart(accounts=(ON_X,), first=MONDAY, last=SUNDAY, asked=(IMPRESSIONS,))
MANY = tuple(Account(str(6_810_000 + n), Ref("x", f"n{n}")) for n in range(100))


def day_row(owner: object, day: object, **metrics: object) -> dict[str, object]:
    dimensions = {"reporting_period.by(day)": str(day), "customer_profile_id": owner}
    return {"dimensions": dimensions, "metrics": metrics}


@attrs.define
class Days:
    """A server with one row a profile and day, a page at a time."""

    tells: bool = True
    heaviest: int = 10**9
    refused: frozenset[str] = frozenset()
    error: Callable[[], SocialMetricsError] = rejected
    left_out: frozenset[tuple[int, int]] = frozenset()
    asked: set[tuple[int, int]] = attrs.field(factory=set[tuple[int, int]])

    def __call__(self, request: Request) -> object:
        body = body_of(request)
        owners = (filter_of(request, "customer_profile_id.eq") or "").split(",")
        first, last = (filter_of(request, "reporting_period.in") or "").split("..")
        if self.refused & {*owners, *body["metrics"]}:
            return self.error()
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        span = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        every = [
            day_row(int(o), d, **dict.fromkeys(body["metrics"], number(o, d)))
            for d in span
            for o in owners
        ]
        if len(every) > self.heaviest:
            return too_heavy()
        return self._page(every, body["page"], body["limit"])

    def _page(self, every: list[dict[str, object]], page: int, limit: int) -> object:
        shown = every[(page - 1) * limit : page * limit]
        pages = -(-len(every) // limit)
        assert page <= max(pages, 1), "a page beyond the last one is refused"
        missing = {n for p, n in self.left_out - self.asked if p == page}
        self.asked |= {(page, n) for n in missing}
        rows = [one for n, one in enumerate(shown) if n not in missing]
        return content(*rows, pages=pages if self.tells else None)


def number(owner: str, day: date) -> int:
    return int(owner) * 1000 + day.toordinal() % 1000


def part_of(accounts: int, length: int) -> DaysPart:
    last = MONDAY + timedelta(days=length - 1)
    return DaysPart(
        accounts=MANY[:accounts], first=MONDAY, last=last, asked=(IMPRESSIONS,)
    )


def series(found: Driven[MetricSeries]) -> MetricSeries:
    (one,) = found.items
    return one


def is_whole(part: DaysPart, found: MetricSeries) -> bool:
    """Whether every profile and day is there once, with its own number."""
    owners = {each.ref: each.vendor_id for each in part.accounts}
    expected = {
        (ref, part.first + timedelta(days=n), float(number(owner, day)))
        for ref, owner in owners.items()
        for n in range(part.days)
        for day in [part.first + timedelta(days=n)]
    }
    rows = [(p.subject, p.start.date(), p.value) for p in found]
    return len(rows) == len(expected) and set(rows) == expected
