"""Long windows in the pieces that the API takes: whole hours, at most 28 days each.

The server rounds a window outwards to whole hours, so a piece that is not aligned
would count an hour that belongs to the next one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import Window

HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=28)
EARLIEST: Final = datetime(2014, 9, 1, tzinfo=UTC)
"""Of time before it the API knows nothing."""


def pieces(window: Window, now: datetime) -> Iterator[Window]:
    """Windows that touch and cover it exactly, cut at midnight (UTC) where they can be.

    What lies before `EARLIEST` or after the last full hour before `now` is left out;
    nothing may be left. Raises `InvalidQuery` for bounds that are not full hours.
    """
    for name, bound in (("start", window.start), ("end", window.end)):
        if bound != floor(bound):
            raise InvalidQuery(
                f"the window's {name} {bound.isoformat()} is not a full hour; X counts "
                "by hours"
            )
    start = max(window.start, EARLIEST).astimezone(UTC)
    end = min(window.end, floor(now)).astimezone(UTC)
    while start < end:
        # The last midnight within reach: no bucket of a day is cut in two.
        cut = min((start + LONGEST).replace(hour=0), end)
        yield Window(start, cut)
        start = cut


def floor(moment: datetime) -> datetime:
    """The full hour (UTC) that it is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
