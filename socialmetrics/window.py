"""Spans of time: half-open, aware, and able to say their days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from socialmetrics.errors import InvalidQuery

ONE_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises `InvalidQuery` for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise InvalidQuery(
            f"tz={name!r} is not an IANA zone; write one like 'UTC' or 'Europe/Berlin'"
        ) from err


def midnight(day: date, tz: str) -> datetime:
    """The instant (UTC) at which that day begins in that zone.

    Where the clocks skip midnight, the first instant of the day; where they skip the
    whole day, the first instant after it.
    """
    begin = datetime.combine(day, time(), zone(tz))
    late, early = begin.astimezone(UTC), begin.replace(fold=1).astimezone(UTC)
    while late - early > _SECOND:  # Only in a gap; the skip itself lies in between.
        middle = early + (late - early) // 2
        if middle.astimezone(begin.tzinfo).date() < day:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def instant(name: str, value: object) -> datetime:
    """`value` as an instant in UTC; the name goes into the error."""
    if not isinstance(value, datetime):
        raise InvalidQuery(
            f"{name} is {value!r}, not a datetime; whole days are Window.days(...)"
        )
    if value.tzinfo is None:
        raise InvalidQuery(
            f"{name} is {value.isoformat()}, without a time zone; add tzinfo, "
            "for example datetime(..., tzinfo=UTC)"
        )
    try:
        return value.astimezone(UTC)
    except OverflowError as err:
        raise InvalidQuery(f"{name} is {value}, which leaves the calendar") from err


def _day(name: str, value: date | str) -> date:
    if isinstance(value, datetime):
        raise InvalidQuery(f"{name}={value!r} is an instant, not a day")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as err:
        raise InvalidQuery(f"{name}={value!r} is not a day like '2026-03-02'") from err


def _aware(value: datetime) -> datetime:
    return instant("a window's start or end", value)


@attrs.frozen
class Window:
    """A span of time [start, end): the start belongs to it, the end does not.

    Both are aware datetimes, kept in UTC. `tz` is the zone in which its days are
    counted. Raises `InvalidQuery` when naive, reversed or empty.
    """

    start: datetime = attrs.field(converter=_aware)
    end: datetime = attrs.field(converter=_aware)
    tz: str = "UTC"

    def __attrs_post_init__(self) -> None:
        if self.start >= self.end:
            raise InvalidQuery(
                f"the window {self.start.isoformat()} .. {self.end.isoformat()} is "
                f"{'empty' if self.start == self.end else 'reversed'}; start must be "
                "before end"
            )
        zone(self.tz)
        try:
            midnight(self.first_day, self.tz)
            midnight(self.last_day + ONE_DAY, self.tz)
        except OverflowError as err:
            raise InvalidQuery(
                f"the days of {self.start} .. {self.end} leave the calendar"
            ) from err

    @classmethod
    def days(cls, first: date | str, last: date | str, tz: str = "UTC") -> Window:
        """Whole days, the last one included, as that zone counts them."""
        begin, end = _day("first", first), _day("last", last)
        if begin > end:
            raise InvalidQuery(f"first={begin} lies after last={end}; days run forward")
        try:
            return cls(midnight(begin, tz), midnight(end + ONE_DAY, tz), tz)
        except OverflowError as err:
            raise InvalidQuery(f"the days {begin} .. {end} leave the calendar") from err

    @property
    def is_whole_days(self) -> bool:
        """Whether both ends are midnights of its zone."""
        return all(
            midnight(self._local(i), self.tz) == i for i in (self.start, self.end)
        )

    @property
    def first_day(self) -> date:
        """The day of its start, in its zone."""
        return self._local(self.start)

    @property
    def last_day(self) -> date:
        """The last day that it touches, in its zone."""
        return self._local(self.end - timedelta(microseconds=1))

    @property
    def duration(self) -> timedelta:
        """How long it is, in time that passes (a day of 23 hours counts 23)."""
        return self.end - self.start

    def dates(self) -> Iterator[date]:
        """Every day that it touches, in its zone, oldest first.

        A day that the zone skipped (Samoa, 2011-12-30) is not among them.
        """
        day, last = self.first_day, self.last_day
        while day <= last:
            if midnight(day, self.tz) < midnight(day + ONE_DAY, self.tz):
                yield day
            day += ONE_DAY

    def halves(self, grain: timedelta) -> tuple[Window, Window] | None:
        """Two windows that cover it exactly, cut at a multiple of grain, or None."""
        if grain <= timedelta():
            raise InvalidQuery(f"grain={grain} is no length; give one above zero")
        steps = self.duration // grain // 2
        cut = self.start + steps * grain
        if not steps:
            return None
        return Window(self.start, cut, self.tz), Window(cut, self.end, self.tz)

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(zone(self.tz)).date()

    def __str__(self) -> str:
        if self.is_whole_days:
            return f"{self.first_day} .. {self.last_day} ({self.tz})"
        return f"[{self.start.isoformat()}, {self.end.isoformat()})"
