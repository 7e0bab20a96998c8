"""Daily figures of many profiles as one block of columns.

A grid of accounts x days x metrics is filled page by page and read off once. A cell
that no row came for is `not_collected` (`not_permitted` where the profile is denied); a
row without the key is `not_reported`: the vendor leaves out what a network lacks, and
nothing is ever taken for zero.

Some metrics come in parts: {"US": 12, "DE": 3}. What is inside is not documented:
numbers are taken, objects are walked and their keys joined by "/".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import chain, repeat
from operator import attrgetter
from typing import Final, TypeGuard

import attrs
import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from socialmetrics.model import Issue, Source
from socialmetrics.reading import Reading, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import (
    STATUS_CODE,
    Columns,
    recode,
)
from socialmetrics_sprout.cells import Cells, Frame, Ints
from socialmetrics_sprout.entries import Entry
from socialmetrics_sprout.parse import entries_by_name, exact
from socialmetrics_sprout.parts import DaysPart
from socialmetrics_sprout.payloads import (
    EXACT,
    DayPayload,
    DaysPayload,
    Id,
)
from socialmetrics_sprout.plain import days_payload

_OBSERVED: Final = np.uint8(STATUS_CODE[Status.OBSERVED])
NOWHERE: Final = -1
_ID: Final = attrgetter("dimensions.customer_profile_id")
_DAY: Final = attrgetter("dimensions.day")
_NUMBERS: Final = frozenset({int, float, type(None)})


Place = tuple[int, int]


@attrs.frozen(eq=False)
class _Bundle:
    """Rows that share a reading and a breakdown."""

    reading: Reading
    cells: Cells
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
        self._ids = dict(_spelled(self._accounts))
        self._dates = [part.first + timedelta(days=n) for n in range(part.days)]
        self._days = {day.isoformat(): n for n, day in enumerate(self._dates)}
        self._names = part.names
        self.payload = days_payload(part.names)
        self._parted: dict[str, dict[Place, dict[str, float]]] = {
            name: {} for name in _parted_names(part)
        }
        self.plain = None if self._parted else days_payload(part.names, plain=True)
        self._denied = np.zeros(len(part.accounts), np.bool_)
        shape = (len(part.accounts), part.days)
        self._values = np.full((len(self._names), *shape), np.nan)
        self._source = np.full(shape, -1, np.int32)
        self._sources: list[Source] = []

    def fill(self, payload: DaysPayload, source: Source) -> None:
        """Takes the rows of one page; a later row of the same day replaces one."""
        rows, account, day = self._placed(payload.data)
        if not rows:
            return
        self._source[account, day] = len(self._sources)
        self._sources.append(source)
        metrics = [astuple(row.metrics) for row in rows]
        if self.plain is not None and isinstance(payload, self.plain):
            values = np.fromiter(chain.from_iterable(metrics), np.float64)
            self._values[:, account, day] = values.reshape(-1, len(self._names)).T
            return
        places = list(zip(account.tolist(), day.tolist(), strict=True))
        columns = zip(*metrics, strict=True)
        for number, (name, told) in enumerate(zip(self._names, columns, strict=True)):
            column = self._divide(name, told, places) if name in self._parted else told
            self._values[number, account, day] = self._numbers(name, column, places)

    def deny(self, vendor_ids: Iterable[str]) -> None:
        """Notes profiles for which there is no permission."""
        for vendor_id in vendor_ids:
            self._denied[self._accounts[vendor_id]] = True

    def series(self, fallback: Source) -> MetricSeries:
        """Everything as columns; `fallback` is the source of what never came."""
        all_sources = [*self._sources, fallback]
        frame = Frame(self.part, all_sources, self._source, self._denied)
        bundles = [each for each in self._bundles(frame) if len(each)]
        if not bundles:
            return MetricSeries.empty()
        cells = [each.cells for each in bundles]
        value = np.concatenate([each.value for each in bundles])
        absent = np.concatenate([each.absent for each in cells])
        sources, source_codes = recode(all_sources)
        readings, reading = recode(each.reading for each in bundles)
        breakdowns, breakdown = recode(each.breakdown for each in bundles)
        lengths = [len(each) for each in bundles]
        return MetricSeries(
            Columns(
                subjects=tuple(each.ref for each in self.part.accounts),
                readings=readings,
                sources=sources,
                breakdowns=breakdowns,
                subject=np.concatenate([each.account for each in cells]),
                reading=np.repeat(reading, lengths),
                source=source_codes[np.concatenate([each.source for each in cells])],
                breakdown=np.repeat(breakdown, lengths),
                start=np.concatenate([each.start for each in cells]),
                end=np.concatenate([each.end for each in cells]),
                value=value,
                status=np.where(np.isnan(value), absent, _OBSERVED),
                settled=np.concatenate([each.settled for each in cells]),
            )
        )

    def _placed(
        self, rows: Sequence[DayPayload]
    ) -> tuple[Sequence[DayPayload], Ints, Ints]:
        """The rows that were asked for, and where they belong."""
        nowhere = repeat(
            NOWHERE
        )  # Maps of built-in functions: half the time of a loop.
        accounts = list(map(self._ids.get, map(_ID, rows), nowhere))
        days = list(map(self._days.get, map(_DAY, rows), nowhere))
        if NOWHERE in accounts or NOWHERE in days:
            return self._placed([row for row in rows if self._is_asked(row)])
        return rows, np.array(accounts, np.int32), np.array(days, np.int32)

    def _is_asked(self, row: DayPayload) -> bool:
        dimensions = row.dimensions
        known = dimensions.customer_profile_id in self._ids
        if known and dimensions.day in self._days:
            return True
        seen = f"{dimensions.customer_profile_id} on {dimensions.day}"
        self.issues.append(
            Issue(path="$.data", problem="a row nobody asked for", seen=seen[:80])
        )
        return False

    def _numbers(
        self, name: str, column: Sequence[object], places: Sequence[Place]
    ) -> NDArray[np.float64]:
        """The column as floats, None as NaN; what is no number becomes an issue."""
        if set(map(type, column)) <= _NUMBERS:
            with suppress(OverflowError):
                values = np.array(column, np.float64)
                if not (np.abs(values) >= EXACT).any():
                    return values
        return np.array(
            [
                self._number(name, value, place)
                for value, place in zip(column, places, strict=True)
            ],
            np.float64,
        )

    def _divide(
        self, name: str, column: Sequence[object], places: Sequence[Place]
    ) -> list[object]:
        """Keeps the parts of every object; what is no object stays in the column."""
        rest: list[object] = []
        for value, place in zip(column, places, strict=True):
            self._parted[name].pop(place, None)
            if not _is_object(value):
                rest.append(value)
                continue
            leaves = (
                (path, self._number(f"{name}/{path}", leaf, place))
                for path, leaf in _leaves(value, "")
            )
            self._parted[name][place] = {
                path: number for path, number in leaves if number is not None
            }
            rest.append(None)
        return rest

    def _number(self, name: str, value: object, place: Place) -> float | None:
        found, problem = exact(value)
        if problem is not None:
            account, day = place
            where = f"{self.part.accounts[account].vendor_id} {self._dates[day]} {name}"
            self.issues.append(Issue(path=where, problem=problem, seen=str(value)[:80]))
        return found

    def _bundles(self, frame: Frame) -> Iterator[_Bundle]:
        for asked in self.part.asked:
            accounts = self._of_network(asked.network)
            days = np.arange(len(self._dates), dtype=np.int32)
            account = np.repeat(accounts, len(days))
            every = frame.cells(account, np.tile(days, len(accounts)))
            for name in asked.names:
                for entry in entries_by_name("profiles", asked.network)[name]:
                    yield self._whole(entry, name, every, frame)
                    yield from self._parts(entry, name, accounts, frame)

    def _whole(self, entry: Entry, name: str, every: Cells, frame: Frame) -> _Bundle:
        """What came as one number, or not at all, on the days of that meaning."""
        cells = every
        parted: Mapping[Place, object] = self._parted.get(name, {})
        holds = self._holds(entry.reading)
        if parted or not holds.all():
            places = zip(every.account.tolist(), every.day.tolist(), strict=True)
            whole = np.array([place not in parted for place in places], np.bool_)
            keep = holds[every.day] & whole
            cells = frame.cells(every.account[keep], every.day[keep])
        value = self._values[self._names.index(name), cells.account, cells.day]
        return _Bundle(entry.reading, cells, value, entry.breakdown)

    def _holds(self, reading: Reading) -> NDArray[np.bool_]:
        """For every day of the grid, whether that meaning was in force."""
        if reading.valid_from is None and reading.valid_to is None:
            return np.ones(len(self._dates), np.bool_)
        return np.array([reading.holds_on(day) for day in self._dates], np.bool_)

    def _parts(
        self, entry: Entry, name: str, accounts: Ints, frame: Frame
    ) -> Iterator[_Bundle]:
        """What came in parts, a bundle for each part."""
        cells: dict[str, list[tuple[int, int, float]]] = {}
        mine, reading = frozenset(accounts.tolist()), entry.reading
        for (account, day), parts in self._parted.get(name, {}).items():
            if account in mine and reading.holds_on(self._dates[day]):
                for key, value in parts.items():
                    cells.setdefault(key, []).append((account, day, value))
        for key, found in cells.items():
            account_column, day_column, values = zip(*found, strict=True)
            where = np.array([account_column, day_column], np.int32)
            column = np.array(values, np.float64)
            yield _Bundle(reading, frame.cells(*where), column, key)

    def _of_network(self, network: str) -> Ints:
        return np.array(
            [
                number
                for number, account in enumerate(self.part.accounts)
                if account.ref.network == network
            ],
            np.int32,
        )


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _leaves(parts: dict[str, object], path: str) -> Iterator[tuple[str, object]]:
    for key, value in parts.items():
        if _is_object(value):
            yield from _leaves(value, f"{path}{key}/")
        else:
            yield f"{path}{key}", value


def _spelled(accounts: Mapping[str, int]) -> Iterator[tuple[Id, int]]:
    """The same by both spellings of an id: answers write it as text or as a number."""
    for vendor_id, number in accounts.items():
        yield vendor_id, number
        with suppress(ValueError):
            if str(int(vendor_id)) == vendor_id:
                yield int(vendor_id), number


def _parted_names(part: DaysPart) -> frozenset[str]:
    return frozenset(
        name
        for asked in part.asked
        for name in asked.names
        if any(e.is_map for e in entries_by_name("profiles", asked.network)[name])
    )
