"""Weeks of an account that two tools show, read at two times, and the check of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import NAMES, Row
from socialmetrics.sandbox.measures import Scope
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.comparison.worlds import (
    LIFE,
    NOW,
    ONE_DAY,
    ONE_HOUR,
    Company,
    Ints,
    Span,
    company,
    days,
    told,
)
from tests.comparison.worlds_tools import (
    hootsuite_posts,
    ledger,
    listed,
    refreshed,
    sprout_days,
    sprout_posts,
    x_hours,
    x_totals,
)
from tests.comparison.worlds_truth import Side, Truth

Tool = Literal[
    "Sprout days",
    "Sprout posts",
    "X hours",
    "X totals",
    "Hootsuite posts",
    "ledger",
]
Shown: TypeAlias = tuple[MetricSeries, Side]

ZONES: Final = {
    **dict.fromkeys(("x", "tiktok"), "UTC"),
    **dict.fromkeys(("facebook", "instagram"), "America/Los_Angeles"),
}
"""Where the days of accounts begin."""
ORGANIC: Final = ("instagram",)
"""Networks of which Sprout counts nothing paid."""


@attrs.frozen(kw_only=True)
class Week:
    """Days of an account, as every tool shows them, and when two of them were read."""

    its: Company
    first: date
    last: date
    reads: tuple[datetime, datetime]
    metrics: tuple[str, ...] = ("likes", "comments")

    @property
    def tz(self) -> str:
        return ZONES[self.its.network]

    @property
    def scope(self) -> Scope:
        """What Sprout counts."""
        return "organic" if self.its.network in ORGANIC else "total"

    @property
    def span(self) -> Span:
        """From the first day on to the last one, in whatever zone."""
        spans = [days(self.first, self.last, tz) for tz in ("UTC", self.tz)]
        return min(start for start, _ in spans), max(end for _, end in spans)

    @property
    def around(self) -> Span:
        """From when on posts can have done something in these days."""
        return self.span[0] - LIFE, NOW

    @cached_property
    def known(self) -> Ints:
        """The posts that can have done something, and were there when all was read."""
        return self.its.among((self.around[0], max(self.reads)))

    @property
    def published(self) -> Ints:
        """Those that were published in these days, in whatever zone."""
        return self.its.among((self.span[0], min(self.span[1], max(self.reads))))

    @property
    def evidence(self) -> MetricSeries:
        """All of them by the hour, of a vendor that is not compared itself."""
        scopes: tuple[Scope, ...] = ("total", "organic", "paid")
        terms: list[tuple[str, Scope]] = [
            (metric, scope) for metric in self.metrics for scope in scopes
        ]
        return ledger(self.its, terms, self.known, self.around, vendor="archive")

    def shown(self, tool: Tool, read: datetime) -> Shown:
        """What a tool shows of these days at that time."""

        def then(row: int) -> datetime:
            return refreshed(its, row, read) if tool == "Hootsuite posts" else read

        its, metrics, around = self.its, self.metrics, self.around
        posts = its.among((self.span[0], min(self.span[1], read)))
        known = its.there(self.known, read)
        paid = [f"{metric}[scope=paid]" for metric in metrics]
        if tool == "Sprout days":
            series = sprout_days(its, metrics, self.first, self.last, read)
            return series, self._side("account", self.known, then)
        if tool == "ledger":
            terms: list[tuple[str, Scope]] = [(each, self.scope) for each in metrics]
            series = ledger(its, terms, self.known, around, read)
            rows = its.among((around[0], read))
            return series, self._side("hours", rows, then)
        if tool == "X hours":
            series = x_hours(its, metrics, self.known, around, read)
            return series, self._side("hours", known, then)
        if tool == "X totals":
            series = x_totals(its, metrics, posts, read)
            return series, self._side("list", its.there(posts, read), then)
        if tool == "Sprout posts":
            series = sprout_posts(its, metrics, posts, read)
            return series, self._side("list", posts, then)
        series = hootsuite_posts(its, [*metrics, *paid], posts, read)
        side = self._side("list", listed(its, posts, read), then)
        return series, attrs.evolve(side, scope="organic")

    def _side(self, kind: Any, rows: Ints, read: Any) -> Side:
        return Side(kind=kind, rows=rows, read=read, scope=self.scope)

    def compared(
        self,
        left: MetricSeries,
        right: MetricSeries,
        parts: Sequence[MetricSeries] = (),
        **wish: Any,
    ) -> Comparison:
        """The two as totals of the account, unless something else is wished."""
        wish = {"by": "total", "level": "profile"} | wish
        return compare(
            left,
            right,
            window=Window.days(self.first, self.last),
            posts=self.its.posts(self.known),
            profiles=[self.its.profile],
            parts=parts,
            **wish,
        )

    def truth(self, row: Row, left: Side, right: Side) -> Truth:
        """What the world says of that row of an account."""
        assert row.end is not None
        window = row.start, row.end
        published = self.its.among(window)

        def cut(side: Side) -> Side:
            is_list = side.kind == "list"
            rows = side.has(published) if is_list else side.rows
            is_paid = row.left_reading.scope == "paid"
            return attrs.evolve(
                side, rows=rows, scope="paid" if is_paid else side.scope
            )

        return Truth(
            its=self.its,
            metric=row.metric,
            window=window,
            published=published,
            known=self.known,
            left=cut(left),
            right=cut(right),
        )


@st.composite
def weeks(
    draw: st.DrawFn,
    network: str = "x",
    metrics: tuple[str, ...] = ("likes", "comments"),
    scale: float = 0.06,
) -> Week:
    """Weeks of accounts of four worlds: long ago, just over, and running."""
    its = company(
        draw(st.integers(0, 3)),
        network,
        scale=scale,
        which=draw(st.integers(0, 1)),
        lag=draw(st.sampled_from([0, 0, 5, 48])),
    )
    first = date(2025, 9, 1) + draw(st.integers(0, 180)) * ONE_DAY
    last = first + draw(st.sampled_from([0, 2, 6, 6, 13])) * ONE_DAY
    start, end = days(first, last, ZONES[network])
    hours = draw(st.sampled_from([-40, -3, 0, 1, 25, 100, 500, 900]))
    read = min(end + hours * ONE_HOUR, NOW)
    assume(read > start + ONE_HOUR)
    more = draw(st.sampled_from([0, 0, 1, 30, 200]))
    later = min(read + timedelta(hours=more), NOW)
    both = (read, later) if draw(st.booleans()) else (later, read)
    return Week(its=its, first=first, last=last, reads=both, metrics=metrics)


def check(row: Row, truth: Truth) -> None:
    """Every cause is what it is in the world, and nothing is left."""
    found = {name: told(row, name) for name in NAMES}
    assert {name: each for name, each in found.items() if each} == truth.causes()
    assert {each.basis for each in row.causes} <= {"computed"}
    assert row.unexplained == 0
    assert row.verdict in ("comparable", "comparable_after")


def is_whole(week: Week, tools: Sequence[Tool]) -> bool:
    """Whether there are totals to be held against each other: days of an account that
    had not begun when they were read make none, where the other side lists posts."""
    if set(tools) <= {"Sprout days", "X hours", "ledger"}:
        return True
    begun = days(week.last, week.last, week.tz)[0]
    pairs = zip(tools, week.reads, strict=True)
    return all(tool != "Sprout days" or read > begun for tool, read in pairs)
