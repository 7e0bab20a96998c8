"""Long windows in the pieces that the API takes: whole hours, at most 28 days each.

The server rounds a window outwards to whole hours, so a piece that is not aligned
would count an hour that belongs to the next one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import ONE_DAY, Window, midnight, zone

HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=28)
EARLIEST: Final = datetime(2014, 9, 1, tzinfo=UTC)
"""Of time before it the API knows nothing."""


def pieces(window: Window, now: datetime) -> Iterator[Window]:
    """Windows that touch and cover it exactly, cut at midnight (of its own zone).

    What lies before `EARLIEST` or after the last full hour before `now` is left out;
    nothing may be left. Raises `InvalidQuery` for bounds that are not full hours.
    """
    for name, bound in (("start", window.start), ("end", window.end)):
        if bound != floor(bound):
            raise InvalidQuery(
                f"the window's {name} {bound.isoformat()} is not a full hour (UTC); X "
                "counts by hours of UTC"
            )
    start, end = max(window.start, EARLIEST), min(window.end, floor(now))
    yield from _cut(start, end, window.tz)


def before_all(window: Window) -> Iterator[Window]:
    """What lies before `EARLIEST`, in pieces of the same kind."""
    yield from _cut(window.start, min(window.end, EARLIEST), window.tz)


def check_days(window: Window) -> None:
    """Raises `InvalidQuery` where days of its zone begin within an hour of UTC."""
    for day in window.dates():
        begin = midnight(day, window.tz)
        if begin != floor(begin):
            raise InvalidQuery(
                f"days of {window.tz} begin at {begin:%H:%M} UTC, within an hour; X "
                "counts by hours of UTC: ask by='hour', or days of another zone"
            )


def floor(moment: datetime) -> datetime:
    """The full hour (UTC) that it is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def edges(window: Window) -> Iterator[datetime]:
    """Its start, every midnight (UTC) in it, and its end."""
    edge = window.start
    while edge < window.end:
        yield edge
        edge = edge.replace(hour=0) + ONE_DAY
    yield window.end


def _cut(start: datetime, end: datetime, tz: str) -> Iterator[Window]:
    while start < end:
        cut = min(_last_midnight(start + LONGEST, tz), end)
        yield Window(start, cut, tz)
        start = cut


def _last_midnight(moment: datetime, tz: str) -> datetime:
    """The last midnight until that moment, so that no day is cut in two."""
    return floor(midnight(moment.astimezone(zone(tz)).date(), tz))
