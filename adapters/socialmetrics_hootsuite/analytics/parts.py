"""The pieces that the Analytics API is read in. Plain values: they pickle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

import attrs

from socialmetrics.model import Ref
from socialmetrics.plan import Part
from socialmetrics.series import MetricSeries
from socialmetrics_hootsuite.analytics.entries import Datatype, Entry

Names = tuple[str, ...]
PROFILES: Final = 10
"""How many profiles one call takes."""
ONE_DAY: Final = timedelta(days=1)


@attrs.frozen(cache_hash=True)
class Account:
    """A profile as a part needs it: Hootsuite's id and the network's."""

    vendor_id: str
    ref: Ref


@attrs.frozen
class Asked:
    """A metric, and what may stand for it in an answer: the first that is there."""

    metric: str
    entries: tuple[Entry, ...]

    @property
    def datatype(self) -> Datatype:
        """The data that it is among."""
        return self.entries[0].datatype


@attrs.frozen(kw_only=True)
class DaysPart(Part[MetricSeries]):
    """Daily figures of at most ten profiles of one network, both ends included.

    Of days before `earliest` and after `now` nothing is asked.
    """

    operation = "metrics"
    network: str
    datatype: Datatype
    accounts: tuple[Account, ...]
    first: date
    last: date
    asked: tuple[Asked, ...]
    earliest: date
    now: datetime

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1

    @property
    def span(self) -> tuple[date, date] | None:
        """The days that can be asked about, both included; None where there are none.

        No zone of the vendor's days is ahead of UTC.
        """
        first, last = max(self.first, self.earliest), min(self.last, self.now.date())
        return (first, last) if first <= last else None

    def counted(self, rows_a_page: int) -> DaysPart:
        """The same, with as many requests as its rows need."""
        span = self.span
        days = (span[1] - span[0]).days + 1 if span else 0
        requests = ceil(len(self.accounts) * days / rows_a_page)
        return attrs.evolve(self, requests=requests)


@attrs.frozen(kw_only=True)
class PostQuery:
    """Analytics posts of at most ten profiles of one network, by day of creation.

    `since` and `until` are as they are sent: posts of the day `until` do not come.
    With `is_changes` they are days of modification, and `until` may be open.
    """

    network: str
    datatype: Datatype
    accounts: tuple[Account, ...]
    since: date
    until: date | None
    is_changes: bool = False

    def halves(self) -> tuple[PostQuery, ...]:
        """Two queries that cover it exactly, by accounts, else by days; or none."""
        if len(self.accounts) > 1:
            left, right = halved(self.accounts)
            return attrs.evolve(self, accounts=left), attrs.evolve(self, accounts=right)
        if self.until is None or (days := (self.until - self.since).days) < 2:
            return ()
        middle = self.since + timedelta(days=days // 2)
        return attrs.evolve(self, until=middle), attrs.evolve(self, since=middle)


@attrs.frozen(kw_only=True)
class Wanted:
    """A post whose figures are asked for."""

    ref: Ref
    profile: str
    created: datetime


@attrs.frozen(kw_only=True)
class PostFiguresPart(Part[MetricSeries]):
    """Lifetime figures of known posts of one network, found by when they came out.

    Without a query nothing is asked: the posts are older than the vendor looks back.
    """

    operation = "metrics"
    network: str
    query: PostQuery | None
    wanted: tuple[Wanted, ...]
    asked: tuple[Asked, ...]
    now: datetime


def halved(
    accounts: Sequence[Account],
) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """The accounts in two halves."""
    cut = len(accounts) // 2
    return tuple(accounts[:cut]), tuple(accounts[cut:])
