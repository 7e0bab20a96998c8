"""From when to when posts and their hours are asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import ONE_DAY, Window

ONE_HOUR: Final = timedelta(hours=1)
LOOKBACK: Final = timedelta(days=45)
"""Posts older than that at the start of a window hardly collect anything in it."""


@attrs.frozen(kw_only=True)
class Spans:
    """`window` is what is compared, `listing` when the posts were published whose
    hours explain it.

    A day more on both sides is for tools whose days begin at other instants.
    """

    window: Window
    listing: Window

    @classmethod
    def of(cls, window: Window, lookback: timedelta) -> Spans:
        """Raises `InvalidQuery` for a time that is none, or leaves the calendar."""
        if lookback < timedelta():
            raise InvalidQuery(f"lookback={lookback} is below zero")
        try:
            first, last = window.start - lookback, window.end + ONE_DAY
        except OverflowError as err:
            raise InvalidQuery(
                f"{lookback} before {window} leaves the calendar"
            ) from err
        return cls(window=window, listing=Window(first, last, window.tz))

    def hours(self, now: datetime) -> tuple[Window, Window | None]:
        """The hours of all posts, and those from then on to the last full one: of
        posts published in the window alone, whose lifetime totals have them too."""
        last = now.replace(minute=0, second=0, microsecond=0)
        start, end = self.window.start - ONE_DAY, self.window.end + ONE_DAY
        near = Window(start, min(end, last), self.window.tz)
        later = Window(end, last, self.window.tz) if end < last else None
        return near, later

    @property
    def has_full_hours(self) -> bool:
        """Whether the window begins and ends with an hour of UTC."""
        bounds = (self.window.start, self.window.end)
        return not any(each.timestamp() % ONE_HOUR.total_seconds() for each in bounds)

    def holds(self, moment: datetime) -> bool:
        """Whether it lies in the window."""
        return self.window.start <= moment < self.window.end
