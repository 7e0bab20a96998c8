"""Daily figures of the profiles of one part as one block of columns.

A grid of metrics x profiles x days is filled page by page and read off once, so that
every figure that was asked for is there exactly once: observed, or with the reason.
Nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.errors import Refused
from socialmetrics.model import Issue, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import (
    SETTLED_CODE,
    STATUS_CODE,
    Codes,
    Columns,
    Instants,
    Values,
    micros,
    recode,
)
from socialmetrics.window import midnight
from socialmetrics_hootsuite.analytics.entries import (
    VENDOR,
    is_known,
    provisional,
    zone_of,
)
from socialmetrics_hootsuite.analytics.parts import Account, DaysPart
from socialmetrics_hootsuite.analytics.payloads import DayPayload, DaysPayload
from socialmetrics_hootsuite.analytics.values import plain, value
from socialmetrics_hootsuite.analytics.walk import refused

_NOWHERE: Final = -1
SHOWN: Final = 200

Place: TypeAlias = tuple[int, int]


@attrs.frozen(eq=False)
class _Rows:
    """Figures: of which metric and candidate for it, where, how much, which part.

    Without `parts` they are wholes.
    """

    metric: Codes
    candidate: Codes
    account: Codes
    day: Codes
    value: Values
    parts: Sequence[str] = ()


class Grid:
    """The figures of one part while its pages come in."""

    def __init__(self, part: DaysPart) -> None:
        self.part = part
        self.issues: list[Issue] = []
        self._accounts = {a.vendor_id: i for i, a in enumerate(part.accounts)}
        self._dates = [part.first + timedelta(days=n) for n in range(part.days)]
        self._days = {day.isoformat(): n for n, day in enumerate(self._dates)}
        self._names = {
            entry.reading.name for each in part.asked for entry in each.entries
        }
        shape = (len(part.accounts), part.days)
        self._values = np.full((len(part.asked), *shape), np.nan)
        self._candidates = np.zeros((len(part.asked), *shape), np.int32)
        self._parts: dict[tuple[int, Place], dict[str, int | float]] = {}
        self._source = np.full(shape, _NOWHERE, np.int32)
        self._absent = np.full(shape, STATUS_CODE[Status.NOT_COLLECTED], np.uint8)
        old = [day < part.earliest for day in self._dates]
        self._absent[:, old] = STATUS_CODE[Status.TOO_OLD]
        self._sources: list[Source] = []
        self._strange: set[str] = set()
        self._chain: set[Place] = set()

    def begin(self) -> None:
        """From here on rows belong to another chain of pages, and may come again."""
        self._chain.clear()

    def fill(self, payload: DaysPayload, source: Source) -> int:
        """Takes the rows of one page; tells how many were new.

        A later row of the same day replaces one.
        """
        self._sources.append(source)
        placed = [
            (place, row) for row in payload.data or () if (place := self._place(row))
        ]
        if not placed:
            return 0
        known = len(self._chain)
        for place, row in placed:
            self._see(place, row)
        account, day = np.array([place for place, _ in placed], np.int32).T
        self._source[account, day] = len(self._sources) - 1
        self._absent[account, day] = STATUS_CODE[Status.NOT_REPORTED]
        for number in range(len(self.part.asked)):
            figures = [self._figure(number, place, row) for place, row in placed]
            candidates, values = zip(*figures, strict=True)
            # Of rows that came twice the later one stays.
            self._candidates[number, account, day] = candidates
            self._values[number, account, day] = values
        return len(self._chain) - known

    def refuse(self, account: Account, err: Refused) -> None:
        """Notes a profile that the vendor refuses."""
        row = self._absent[self._accounts[account.vendor_id]]
        row[row == STATUS_CODE[Status.NOT_COLLECTED]] = STATUS_CODE[
            Status.NOT_PERMITTED
        ]
        self.issues.append(refused(account, err))

    def lacks(self, accounts: Sequence[Account], span: tuple[date, date]) -> bool:
        """Whether some of these profiles have days without a row."""
        rows = [self._accounts[account.vendor_id] for account in accounts]
        first, last = (self._days[day.isoformat()] for day in span)
        return bool((self._source[rows, first : last + 1] == _NOWHERE).any())

    def told(self) -> tuple[Issue, ...]:
        """What was odd, and which names came that nobody knows."""
        if not self._strange:
            return tuple(self.issues)
        names = ", ".join(sorted(self._strange))
        unknown = Issue(
            path="$.data[*].metrics",
            problem="metrics whose meaning is not known; they can be asked for by name",
            seen=names[:SHOWN],
        )
        return (*self.issues, unknown)

    def series(self) -> MetricSeries:
        """Everything as columns."""
        sources = [*self._sources, self._unasked()]
        pieces = [self._wholes(), *self._breakdowns()]
        account = np.concatenate([each.account for each in pieces])
        day = np.concatenate([each.day for each in pieces])
        source = self._source[account, day]
        source[source == _NOWHERE] = len(self._sources) - 1 if self._sources else 0
        number = np.concatenate([each.value for each in pieces])
        absent = self._absent[account, day]
        observed = np.uint8(STATUS_CODE[Status.OBSERVED])
        readings, reading = self._readings(pieces)
        breakdowns, breakdown = self._named(pieces)
        words, codes = recode(sources)
        begins = self._begins()
        return MetricSeries(
            Columns(
                subjects=tuple(each.ref for each in self.part.accounts),
                readings=readings,
                sources=words,
                breakdowns=breakdowns,
                subject=account,
                reading=reading,
                source=codes[source],
                breakdown=breakdown,
                start=begins[day],
                end=begins[day + 1],
                value=number,
                status=np.where(np.isnan(number), absent, observed).astype(np.uint8),
                settled=self._settled(begins[day + 1], sources, source),
            )
        )

    # -- coming in -----------------------------------------------------------------

    def _place(self, row: DayPayload) -> Place | None:
        account = self._accounts.get(str(row.profile_id))
        day = self._days.get(row.date[:10])
        if account is not None and day is not None:
            return account, day
        seen = f"{row.profile_id} on {row.date}"
        self.issues.append(
            Issue(path="$.data", problem="a row nobody asked for", seen=seen[:80])
        )
        return None

    def _see(self, place: Place, row: DayPayload) -> None:
        if place in self._chain:
            self._odd(place, "a row that came before; the later one is kept")
        self._chain.add(place)
        names = row.metrics or {}
        if not self._names.issuperset(names):
            network = self.part.network
            strange = names.keys() - self._names
            self._strange |= {
                n for n in strange if not is_known("profiles", network, n)
            }
            self._names |= strange

    def _figure(self, number: int, place: Place, row: DayPayload) -> tuple[int, float]:
        """Which of a metric's names the row has a figure for, and the figure."""
        told, entries = row.metrics or {}, self.part.asked[number].entries
        if self._parts:
            self._parts.pop((number, place), None)
        first = plain(told.get(entries[0].reading.name))
        if first is not None:
            return 0, first
        for candidate, entry in enumerate(entries):
            name = entry.reading.name
            found = value(told.get(name))
            for problem, seen in found.problems:
                self._odd(place, f"{name}: {problem}", str(seen))
            if found.parts:
                self._parts[number, place] = found.parts
            if found.is_there:
                return candidate, np.nan if found.total is None else found.total
        return 0, np.nan

    def _odd(self, place: Place, problem: str, seen: str = "") -> None:
        account, day = place
        where = f"{self.part.accounts[account].vendor_id} {self._dates[day]}"
        self.issues.append(Issue(path=where, problem=problem, seen=seen[:80]))

    # -- reading off ---------------------------------------------------------------

    def _wholes(self) -> _Rows:
        metric, account, day = (
            axis.ravel().astype(np.int32) for axis in np.indices(self._values.shape)
        )
        return _Rows(
            metric,
            self._candidates.ravel(),
            account,
            day,
            self._values.ravel(),
        )

    def _breakdowns(self) -> Iterator[_Rows]:
        found = [
            (number, place, name, figure)
            for (number, place), parts in sorted(self._parts.items())
            for name, figure in parts.items()
        ]
        if not found:
            return
        where = np.array([(n, *place) for n, place, _, _ in found], np.int32)
        metric, account, day = where.T
        yield _Rows(
            metric,
            self._candidates[metric, account, day],
            account,
            day,
            np.array([figure for *_, figure in found], np.float64),
            [name for _, _, name, _ in found],
        )

    def _readings(self, pieces: Sequence[_Rows]) -> tuple[tuple[Reading, ...], Codes]:
        every = [entry.reading for each in self.part.asked for entry in each.entries]
        counts = [len(each.entries) for each in self.part.asked]
        first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
        words, codes = recode(every)
        rows = (codes[first[each.metric] + each.candidate] for each in pieces)
        return words, np.concatenate(list(rows))

    def _named(self, pieces: Sequence[_Rows]) -> tuple[tuple[str, ...], Codes]:
        """The parts that figures are of; "" is a whole."""
        words, codes = recode(["", *(name for each in pieces for name in each.parts)])
        wholes = np.zeros(self._values.size, np.int32)
        return words, np.concatenate([wholes, codes[1:]])

    def _begins(self) -> Instants:
        """The instants at which the days begin, and the last one ends."""
        zone = zone_of(self.part.network)
        return np.array(_midnights(self.part.first, self.part.days + 1, zone), np.int64)

    def _settled(
        self, end: Instants, sources: Sequence[Source], source: Codes
    ) -> NDArray[np.uint8]:
        fetched = np.array([micros(each.fetched_at) for each in sources], np.int64)
        grace = provisional(self.part.network) // timedelta(microseconds=1)
        is_young = end + grace > fetched[source]
        young, old = SETTLED_CODE[Settled.NO], SETTLED_CODE[Settled.UNKNOWN]
        return np.where(is_young, young, old).astype(np.uint8)

    def _unasked(self) -> Source:
        """The source of figures about which nothing was asked."""
        return Source(
            vendor=VENDOR,
            endpoint="analytics/profiles",
            request_id=None,
            api_version=None,
            fetched_at=self.part.now,
        )


@lru_cache(maxsize=64)
def _midnights(first: date, count: int, tz: str) -> tuple[int, ...]:
    """Kept: the parts of a pull have the same days."""
    days = (first + timedelta(days=number) for number in range(count))
    return tuple(micros(midnight(day, tz)) for day in days)
