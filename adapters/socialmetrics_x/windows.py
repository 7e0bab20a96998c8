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
    while start < end:
        cut = min(_last_midnight(start + LONGEST, window.tz), end)
        yield Window(start, cut, window.tz)
        start = cut


def before_all(window: Window) -> Window | None:
    """What lies before `EARLIEST`; None where nothing does."""
    if window.start >= EARLIEST:
        return None
    return Window(window.start, min(window.end, EARLIEST), window.tz)


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


def _last_midnight(moment: datetime, tz: str) -> datetime:
    """The last midnight until that moment, so that no day is cut in two."""
    return floor(midnight(moment.astimezone(zone(tz)).date(), tz))
