"""Daily figures of many profiles as one block of columns.

A grid of accounts x days x metrics is filled page by page and read off once. A cell
that no row came for is `not_collected`; a row without the key is `not_reported`: the
vendor leaves out what a network lacks, and nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.decode import figure
from socialmetrics.model import Issue, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import (
    SETTLED_CODE,
    STATUS_CODE,
    Columns,
    micros,
    recode,
)
from socialmetrics.window import ONE_DAY, midnight
from socialmetrics_sprout.entries import Entry, profile_zone
from socialmetrics_sprout.parse import entries_by_name
from socialmetrics_sprout.parts import DaysPart
from socialmetrics_sprout.payloads import DayPayload

EXACT: Final = 2**53
"""Beyond it a float64 no longer holds every whole number."""
NUMBERS: Final = frozenset({int, float, type(None)})
_OBSERVED: Final = STATUS_CODE[Status.OBSERVED]
_LEFT_OUT: Final = STATUS_CODE[Status.NOT_REPORTED]
_NEVER_CAME: Final = STATUS_CODE[Status.NOT_COLLECTED]
_UNSETTLED: Final = SETTLED_CODE[Settled.UNKNOWN]


Ints = NDArray[np.int32]


@attrs.frozen(eq=False)
class _Bundle:
    """Rows that share a reading and a breakdown."""

    reading: Reading
    account: Ints
    day: Ints
    value: NDArray[np.float64]
    breakdown: str = ""

    def __len__(self) -> int:
        return len(self.value)


class Grid:
    """The figures of one part while its pages come in."""

    def __init__(self, part: DaysPart) -> None:
        self.part = part
        self.issues: list[Issue] = []
        self._accounts = {a.vendor_id: i for i, a in enumerate(part.accounts)}
        self._dates = [part.first + timedelta(days=n) for n in range(part.days)]
        self._days = {day.isoformat(): n for n, day in enumerate(self._dates)}
        self._names = part.names
        self._maps = {name: _Maps(name) for name in _map_names(part)}
        shape = (len(part.accounts), part.days)
        self._values = np.full((len(self._names), *shape), np.nan)
        self._source = np.full(shape, -1, np.int32)
        self._sources: list[Source] = []

    def fill(self, rows: Sequence[DayPayload], source: Source) -> None:
        """Takes the rows of one page; a later row of the same day replaces one."""
        placed = [(row.metrics, place) for row in rows if (place := self._place(row))]
        if not placed:
            return
        metrics, places = zip(*placed, strict=True)
        account, day = np.array(places).T
        self._source[account, day] = len(self._sources)
        self._sources.append(source)
        for number, name in enumerate(self._names):
            column = [each.get(name) for each in metrics]
            if name in self._maps:
                column = self._maps[name].take(column, places)
            self._values[number, account, day] = self._numbers(name, column, places)

    def series(self, fallback: Source) -> MetricSeries:
        """Everything as columns; `fallback` is the source of what never came."""
        bundles = [each for each in (*self._plain(), *self._parts()) if len(each)]
        if not bundles:
            return MetricSeries.empty()
        account = np.concatenate([each.account for each in bundles])
        day = np.concatenate([each.day for each in bundles])
        value = np.concatenate([each.value for each in bundles])
        sources, source_codes = recode([*self._sources, fallback])
        readings, reading = recode(each.reading for each in bundles)
        breakdowns, breakdown = recode(each.breakdown for each in bundles)
        lengths = [len(each) for each in bundles]
        starts = self._starts()
        return MetricSeries(
            Columns(
                subjects=tuple(each.ref for each in self.part.accounts),
                readings=readings,
                sources=sources,
                breakdowns=breakdowns,
                subject=account,
                reading=np.repeat(reading, lengths),
                source=source_codes[self._source[account, day]],
                breakdown=np.repeat(breakdown, lengths),
                start=starts[account, day],
                end=starts[account, day + 1],
                value=value,
                status=self._statuses(account, day, value),
                settled=np.full(len(value), _UNSETTLED, np.uint8),
            )
        )

    def _place(self, row: DayPayload) -> tuple[int, int] | None:
        dimensions = row.dimensions
        account = self._accounts.get(str(dimensions.customer_profile_id))
        day = self._days.get(dimensions.day)
        if account is not None and day is not None:
            return account, day
        seen = f"{dimensions.customer_profile_id} on {dimensions.day}"
        self.issues.append(
            Issue(path="$.data", problem="a row nobody asked for", seen=seen[:80])
        )
        return None

    def _numbers(
        self, name: str, column: list[object], places: Sequence[tuple[int, int]]
    ) -> NDArray[np.float64]:
        """The column as floats, None as NaN; what is no number becomes an issue."""
        if set(map(type, column)) <= NUMBERS:
            values = np.array(column, np.float64)
            if not (np.abs(values) > EXACT).any():
                return values
        return np.array(
            [
                self._number(name, value, place)
                for value, place in zip(column, places, strict=True)
            ],
            np.float64,
        )

    def _number(self, name: str, value: object, place: tuple[int, int]) -> float | None:
        number, problem = figure(value)
        if number is not None and abs(number) > EXACT:
            number, problem = None, "too large to be exact"
        if problem is not None:
            account, day = place
            where = f"{self.part.accounts[account].vendor_id} {self._dates[day]} {name}"
            self.issues.append(Issue(path=where, problem=problem, seen=str(value)[:80]))
        return number

    def _statuses(
        self, account: Ints, day: Ints, value: NDArray[np.float64]
    ) -> NDArray[np.uint8]:
        absent = np.where(self._source[account, day] < 0, _NEVER_CAME, _LEFT_OUT)
        return np.where(np.isnan(value), absent, _OBSERVED).astype(np.uint8)

    def _starts(self) -> NDArray[np.int64]:
        """For every account, the instants at which its days begin, and the last end."""
        dates = [*self._dates, self._dates[-1] + ONE_DAY]
        zones = [profile_zone(each.ref.network) or "UTC" for each in self.part.accounts]
        rows = {
            tz: [micros(midnight(day, tz)) for day in dates]
            for tz in dict.fromkeys(zones)
        }
        return np.array([rows[tz] for tz in zones], np.int64)

    def _plain(self) -> Iterator[_Bundle]:
        for asked in self.part.asked:
            accounts = self._of_network(asked.network)
            for name in asked.names:
                if name not in self._maps:
                    number = self._names.index(name)
                    for entry in entries_by_name("profiles", asked.network)[name]:
                        yield self._bundle(entry, accounts, number)

    def _bundle(self, entry: Entry, accounts: Ints, number: int) -> _Bundle:
        held = [n for n, day in enumerate(self._dates) if entry.reading.holds_on(day)]
        days = np.array(held, np.int32)
        account = np.repeat(accounts, len(days))
        day = np.tile(days, len(accounts))
        value = self._values[number, account, day]
        return _Bundle(entry.reading, account, day, value, entry.breakdown)

    def _parts(self) -> Iterator[_Bundle]:
        for asked in self.part.asked:
            accounts = frozenset(self._of_network(asked.network).tolist())
            for name in asked.names:
                if name in self._maps:
                    for entry in entries_by_name("profiles", asked.network)[name]:
                        yield from self._maps[name].bundles(entry.reading, accounts)

    def _of_network(self, network: str) -> Ints:
        return np.array(
            [
                number
                for number, account in enumerate(self.part.accounts)
                if account.ref.network == network
            ],
            np.int32,
        )


class _Maps:
    """The values of one metric that comes in parts: {"US": 12, "DE": 3}.

    What is inside is not documented: numbers are taken, objects are walked and their
    keys joined by "/".
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._cells: dict[str, list[tuple[int, int, float]]] = {}

    def take(
        self, column: list[object], places: Sequence[tuple[int, int]]
    ) -> list[object]:
        """Keeps the parts of every object; what is no object stays in the column."""
        rest: list[object] = []
        for value, place in zip(column, places, strict=True):
            rest.append(None if isinstance(value, dict) else value)
            for key, number in _leaves(value, ""):
                self._cells.setdefault(key, []).append((*place, number))
        return rest

    def bundles(self, reading: Reading, accounts: frozenset[int]) -> Iterator[_Bundle]:
        """The parts of those accounts, a bundle for each part."""
        for key, cells in self._cells.items():
            mine = [cell for cell in cells if cell[0] in accounts]
            account, day, value = zip(*mine, strict=True) if mine else ((), (), ())
            yield _Bundle(
                reading,
                np.array(account, np.int32),
                np.array(day, np.int32),
                np.array(value, np.float64),
                key,
            )


def _leaves(value: object, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        inside: dict[object, object] = value
        for key, inner in inside.items():
            yield from _leaves(inner, f"{path}/{key}" if path else str(key))
    elif path:
        number, _ = figure(value)
        if number is not None:
            yield path, float(number)


def _map_names(part: DaysPart) -> frozenset[str]:
    return frozenset(
        name
        for asked in part.asked
        for name in asked.names
        if any(e.is_map for e in entries_by_name("profiles", asked.network)[name])
    )
