"""Cells as spans of time: days of the tool's zone, instants, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

import attrs

from socialmetrics.exports.cells import BadCell, Key, shown
from socialmetrics.exports.layout import Dates, Layout
from socialmetrics.series.columns import NONE, micros
from socialmetrics.window import ONE_DAY, midnight, zone

Span: TypeAlias = tuple[int, int]
"""Start and end in microseconds since 1970 UTC; no end (`NONE`) since publication."""

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=31)
"""From the first day of a month into the next one, whatever its length."""
_SLASHED: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b.*", re.ASCII)


@attrs.frozen
class Spans:
    """Which columns say when, and how: `read` takes their cells, in that order."""

    columns: tuple[str, ...]
    read: Callable[[Key], Span]


def spans(layout: Layout) -> Spans:
    """How that report says when. `read` raises `BadCell`."""
    if layout.window is not None:
        tz = str(layout.zone)
        fixed = (
            micros(midnight(layout.window.first, tz)),
            micros(midnight(layout.window.last + ONE_DAY, tz)),
        )
        return Spans((), lambda _: fixed)
    if layout.start is not None and layout.end is not None:
        return _between(layout.start, layout.end, layout.zone)
    dates = layout.date or layout.published
    if dates is None:
        return Spans((), lambda _: (NONE, NONE))  # The level when it was read.
    clock, step = Clock(dates, layout.zone), _STEPS[layout.step]
    return Spans(dates.names, _in_calendar(lambda cells: step(clock, cells)))


def instants(dates: Dates, tz: str | None) -> Spans:
    """How columns say instants: spans from them to them. `read` raises `BadCell`."""
    clock = Clock(dates, tz)
    return Spans(dates.names, _in_calendar(lambda cells: _at(clock, cells)))


def _in_calendar(read: Callable[[Key], Span]) -> Callable[[Key], Span]:
    def within(cells: Key) -> Span:
        try:
            return read(cells)
        except OverflowError as err:
            raise BadCell("is no date of the calendar") from err

    return within


def _between(start: Dates, end: Dates, tz: str | None) -> Spans:
    first, last = Clock(start, tz), Clock(end, tz)
    count = len(start.names)

    def read(cells: Key) -> Span:
        begin, until = first.instant(cells[:count]), cells[count:]
        if end.included:
            over = last.midnight(last.day(until) + ONE_DAY)
        else:
            over = last.instant(until)
        if over <= begin:
            raise BadCell("is a span that ends before it begins")
        return micros(begin), micros(over)

    return Spans((*start.names, *end.names), _in_calendar(read))


@attrs.frozen
class Clock:
    """Reads the dates of one column, or of several that belong together."""

    dates: Dates
    tz: str | None

    def instant(self, cells: Key, *, is_of_day: bool = True) -> datetime:
        """The instant in UTC. Where `is_of_day`, midnight is the begin of the day, also
        if the clocks skip it or show it twice."""
        found = self._local(cells)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        if is_of_day and found.time() == time():
            return self.midnight(found.date())
        return _in_zone(found, self.zone)

    def day(self, cells: Key) -> date:
        """The day in the tool's zone. A time other than midnight is refused."""
        found = self._local(cells)
        if found.tzinfo is not None:
            found = found.astimezone(zone(self.zone))
        if found.time() != time():
            raise BadCell(f"has a time, where a day of {self.zone} is wanted")
        return found.date()

    def midnight(self, day: date) -> datetime:
        """When that day begins, in UTC."""
        return midnight(day, self.zone)

    @property
    def zone(self) -> str:
        """The zone of what has no offset. Raises `BadCell` where nobody said it."""
        if self.tz is None:
            raise BadCell("has no offset from UTC; say zone in the mapping")
        return self.tz

    def _local(self, cells: Key) -> datetime:
        """What stands there: naive where it says no offset."""
        if all(isinstance(cell, str) for cell in cells):
            return self._parsed(" ".join(str(cell).strip() for cell in cells))
        return _of_a_spreadsheet(cells)

    def _parsed(self, text: str) -> datetime:
        if not text.strip():
            raise BadCell("is empty; in a sheet, merged cells leave the others empty")
        try:
            if self.dates.format:
                return datetime.strptime(text, self.dates.format)  # noqa: DTZ007 - the mapping's zone is its
            return datetime.fromisoformat(text)
        except ValueError as err:
            raise BadCell(self._why_not(text)) from err

    def _why_not(self, text: str) -> str:
        if self.dates.format:
            return f"is no date in the format {self.dates.format!r}"
        found = _SLASHED.fullmatch(text)
        if found is None:
            return "is no date like 2026-03-02; say format in the mapping"
        mark, year = found[2], "%Y" if len(found[4]) == 4 else "%y"
        ways = (mark.join((*days, year)) for days in (("%d", "%m"), ("%m", "%d")))
        first, second = (repr(way) for way in ways)
        return f"may be day or month first; say format = {first} or {second}"


def _in_zone(naive: datetime, tz: str) -> datetime:
    """Refuses what the clocks of that zone skip, and what they show twice."""
    early, late = (
        naive.replace(tzinfo=zone(tz), fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if early == late:
        return early
    why = "is shown twice by the clocks" if early < late else "is skipped by the clocks"
    raise BadCell(f"{why} of {tz} on that day; export in UTC")


def _of_a_spreadsheet(cells: Key) -> datetime:
    """A cell that is a date; beside it one may be a time."""
    found, *more = cells
    at = more[0] if len(more) == 1 else time()
    if isinstance(at, time) and isinstance(found, datetime) and len(more) < 2:
        return datetime.combine(found.date(), at) if more else found
    raise BadCell(f"is no date: {shown(cells)}; format the column as a date")


def _hour(clock: Clock, cells: Key) -> Span:
    begin = clock.instant(cells, is_of_day=False)
    local = begin if clock.tz is None else begin.astimezone(zone(clock.tz))
    if (local.minute, local.second, local.microsecond) != (0, 0, 0):
        raise BadCell("is not the begin of an hour")
    return micros(begin), micros(begin + HOUR)


def _days(clock: Clock, first: date, end: date) -> Span:
    span = micros(clock.midnight(first)), micros(clock.midnight(end))
    if span[0] == span[1]:
        raise BadCell(f"is a day that {clock.tz} skipped")
    return span


def _day(clock: Clock, cells: Key) -> Span:
    day = clock.day(cells)
    return _days(clock, day, day + ONE_DAY)


def _week(clock: Clock, cells: Key) -> Span:
    day = clock.day(cells)
    return _days(clock, day, day + WEEK)


def _month(clock: Clock, cells: Key) -> Span:
    day = clock.day(cells)
    if day.day != 1:
        raise BadCell("is not the first day of a month")
    return _days(clock, day, (day + MONTH).replace(day=1))


def _since(clock: Clock, cells: Key) -> Span:
    return micros(clock.instant(cells)), NONE


def _at(clock: Clock, cells: Key) -> Span:
    begin = micros(clock.instant(cells))
    return begin, begin


_STEPS: Final[dict[str, Callable[[Clock, Key], Span]]] = {
    "hour": _hour,
    "day": _day,
    "week": _week,
    "month": _month,
    "lifetime": _since,
    "instant": _at,
}
