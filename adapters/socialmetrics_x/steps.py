"""The steps of time that a block of figures has, as instants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.series.columns import EPOCH, NONE, micros, moment
from socialmetrics.window import Window
from socialmetrics_x.ids import EPOCH as FIRST_POST
from socialmetrics_x.ids import births
from socialmetrics_x.parts import Step
from socialmetrics_x.windows import HOUR, edges

Instants = NDArray[np.int64]
_HOUR: Final = HOUR // timedelta(microseconds=1)


@attrs.frozen(eq=False)
class Steps:
    """Where every step begins and ends: microseconds since 1970.

    `start` has a row for each post where posts have different ones, else one row.
    `days` are the days (UTC) that the steps are of.
    """

    start: Instants
    end: Instants
    days: tuple[date, ...]

    def __len__(self) -> int:
        return len(self.end)

    def position(self, start: datetime, *, is_day: bool) -> int | None:
        """The number of the step that begins then, or is of that day; else None."""
        if is_day:
            day = start.date()
            return self.days.index(day) if day in self.days else None
        found = np.flatnonzero(self.start[0] == micros(start))
        return int(found[0]) if len(found) else None

    def hours_since(self, midnight: datetime) -> int:
        """How many hours the first step begins after that."""
        return int(self.start[0, 0] - micros(midnight)) // _HOUR


@lru_cache(maxsize=8)
def of_window(window: Window, step: Step) -> Steps:
    """Hours, or days of UTC; the first and last day may be cut by the window.

    The same object for the same window: most requests of a pull have one.
    """
    if step == "hour":
        start = np.arange(micros(window.start), micros(window.end), _HOUR)
        return Steps(start[None, :], start + _HOUR, tuple(_days(start)))
    bounds = np.array([micros(edge) for edge in edges(window)], np.int64)
    return Steps(bounds[None, :-1], bounds[1:], tuple(_days(bounds[:-1])))


@lru_cache(maxsize=8)
def hours(steps: Steps) -> Mapping[tuple[str, str], int]:
    """The numbers of steps by day and hour (UTC) of their begin, as X writes them."""
    starts = enumerate(map(moment, steps.start[0].tolist()))
    return {(f"{each:%Y-%m-%d}", f"{each:%H}"): number for number, each in starts}


def _days(starts: Instants) -> Iterable[date]:
    return (moment(us).date() for us in starts.tolist())


@lru_cache(maxsize=8)
def of_lifetime(ids: tuple[str, ...]) -> Steps:
    """One step for each post: from its publication, without an end."""
    start = np.maximum(births(ids), micros(FIRST_POST))
    return Steps(start[:, None], np.array([NONE], np.int64), (EPOCH.date(),))
