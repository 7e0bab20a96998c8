"""Stretches of time into which figures are put, numbered alike for both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property, partial
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.cells import NOWHERE, WHOLE
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HOUR,
    NONE,
    Columns,
    Instants,
    Mask,
    ints,
    micros,
    moment,
    own_zone,
)
from socialmetrics.window import ONE_DAY, Window, midnight, zone

By: TypeAlias = Literal["day", "week", "month", "total"]
SHORTEST_DAY: Final = 23 * HOUR
LONGEST_DAY: Final = 25 * HOUR


@attrs.frozen(eq=False)
class Spans:
    """Spans, oldest first."""

    start: Instants
    end: Instants

    @classmethod
    def of(cls, columns: Columns) -> Spans:
        """Those of the rows."""
        pairs = np.unique(np.stack([columns.start, columns.end], axis=1), axis=0)
        return cls(pairs[:, 0], pairs[:, 1])

    @property
    def overlap(self) -> bool:
        """Whether something lies in two of them."""
        return bool((self.start[1:] < self.end[:-1]).any())


@attrs.frozen(kw_only=True, eq=False)
class Scheme:
    """How rows are put into buckets.

    Nothing set: all into one. `by` days, weeks or months of the zone `tz` (None: of
    each reading); `spans` as they are given; `is_exact` every start by itself.
    """

    window: Window | None = None
    by: By | None = None
    tz: str | None = None
    spans: Spans | None = None
    is_exact: bool = False

    def labels(self, columns: Columns) -> Instants:
        """The number of every row's bucket; `NOWHERE` if it lies in none."""
        if self.spans is not None:
            return _place(self.spans, columns)
        if self.is_exact:
            return columns.start
        if self.by in (None, "total"):
            return np.full(len(columns), WHOLE, np.int64)
        return self._by_zone(columns)[0]

    def keeps(self, columns: Columns) -> bool:
        """Whether every bucket takes one row as it is."""
        return self.is_exact or (self.by == "day" and is_daily(columns))

    def bounds(self, columns: Columns, label: Instants) -> tuple[Instants, Instants]:
        """Where the bucket of every row begins and ends (microseconds)."""
        if self.spans is not None:
            place = np.searchsorted(self.spans.start, label)
            return self.spans.start[place], self.spans.end[place]
        if self.by == "total" and self.window is not None:
            return self._limits(columns)
        if self.by in (None, "total"):
            return columns.start, columns.end
        _, start, end = self._by_zone(columns)
        if self.window is None:
            return start, end
        first, last = self._limits(columns)
        return np.maximum(start, first), np.minimum(end, last)

    def shown(self, columns: Columns) -> Window:
        """The window; its dates are those of the zone in which hours are counted."""
        assert self.window is not None  # noqa: S101 - asked only with one
        window = self.window
        if self.tz is None or not window.is_whole_days or longest(columns) > HOUR:
            return window
        return Window.days(window.first_day, window.last_day, self.tz)

    def _limits(self, columns: Columns) -> tuple[Instants, Instants]:
        """Where the window begins and ends for every row; days have their own zone."""
        window = self.shown(columns)
        ones = np.ones(len(columns), np.int64)
        start, end = ones * micros(window.start), ones * micros(window.end)
        if window.is_whole_days and longest(columns) > HOUR:
            for tz, mine in _by_zone(columns, self._zone):
                own = Window.days(window.first_day, window.last_day, tz)
                start[mine], end[mine] = micros(own.start), micros(own.end)
        return start, end

    def _by_zone(self, columns: Columns) -> tuple[Instants, Instants, Instants]:
        label = np.full(len(columns), NOWHERE, np.int64)
        start, end = columns.start.copy(), columns.end.copy()
        lasts = columns.by_reading(lambda reading: reading.temporality == "lifetime")
        for tz, mine in _by_zone(columns, self._zone):
            found = _buckets(columns.start[mine], self.by or "day", tz)
            fits = lasts[mine] | (columns.end[mine] <= found[2])
            label[mine] = np.where(fits, found[0], NOWHERE)
            start[mine], end[mine] = found[1], found[2]
        return label, start, end

    def _zone(self, reading: Reading) -> str:
        return self.tz or own_zone(reading)


def exact(window: Window | None) -> Scheme:
    """Every start by itself."""
    return Scheme(window=window, is_exact=True)


def within(spans: Spans, window: Window | None) -> Scheme:
    """Into these spans."""
    return Scheme(window=window, spans=spans)


def calendar(by: By, tz: str | None, window: Window | None) -> Scheme:
    """Into days, weeks, months, or all into one."""
    return Scheme(window=window, by=by, tz=tz)


@attrs.frozen(eq=False)
class Steps:
    """How long the spans of figures are, looked at once."""

    columns: Columns

    @cached_property
    def longest(self) -> int:
        """The length of the longest one (microseconds); 0 where none has an end."""
        return longest(self.columns)

    @cached_property
    def are_days(self) -> bool:
        """Whether every one is a day of its zone."""
        return is_daily(self.columns)


def longest(columns: Columns) -> int:
    """The length of the longest row (microseconds); 0 where none has an end."""
    with_end = columns.end != NONE
    if with_end.all():
        return int((columns.end - columns.start).max(initial=0))
    spans = columns.end[with_end] - columns.start[with_end]
    return int(spans.max(initial=0))


def is_daily(columns: Columns) -> bool:
    """Whether every row counts one day of its zone."""
    span = columns.end - columns.start
    sized = (span >= SHORTEST_DAY) & (span <= LONGEST_DAY)
    return bool(len(columns)) and bool(sized.all()) and _at_midnight(columns)


def _at_midnight(columns: Columns) -> bool:
    return all(
        _is_midnight(us, tz)
        for tz, mine in _by_zone(columns, own_zone)
        for us in ints(np.unique(columns.start[mine]))
    )


def _by_zone(
    columns: Columns, zone_of: Callable[[Reading], str]
) -> Iterator[tuple[str, Mask | slice]]:
    """Every zone, and the rows whose reading has it."""
    zones = dict.fromkeys(map(zone_of, columns.readings))
    if len(zones) == 1:  # Nearly always, and much quicker.
        yield next(iter(zones)), slice(None)
        return
    for tz in zones:
        yield tz, columns.by_reading(partial(_has_zone, zone_of, tz))


def _has_zone(zone_of: Callable[[Reading], str], tz: str, reading: Reading) -> bool:
    return zone_of(reading) == tz


def _is_midnight(us: int, tz: str) -> bool:
    return midnight(moment(us).astimezone(zone(tz)).date(), tz) == moment(us)


def _place(spans: Spans, columns: Columns) -> Instants:
    """The start of the span in which every row lies."""
    place = np.searchsorted(spans.start, columns.start, "right") - 1
    at = np.clip(place, 0, len(spans.start) - 1)
    fits: Mask = (place >= 0) & (columns.end <= spans.end[at])
    return np.where(fits, spans.start[at], NOWHERE)


def _buckets(start: Instants, by: By, tz: str) -> tuple[Instants, Instants, Instants]:
    """For every instant: the number of its bucket, and where that begins and ends."""
    known = np.unique(start)
    place = np.searchsorted(known, start)
    found = [
        _bucket(moment(us).astimezone(zone(tz)).date(), by, tz) for us in ints(known)
    ]
    table = np.array(found, np.int64).reshape(-1, 3)
    return table[place, 0], table[place, 1], table[place, 2]


def _bucket(day: date, by: By, tz: str) -> tuple[int, int, int]:
    first, after = day, day + ONE_DAY
    if by == "week":
        first = day - day.weekday() * ONE_DAY
        after = first + 7 * ONE_DAY
    elif by == "month":
        first = day.replace(day=1)
        after = (first.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    return first.toordinal(), micros(midnight(first, tz)), micros(midnight(after, tz))
