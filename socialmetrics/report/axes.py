"""Round numbers and days for the axes of charts, and room between labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Final

import attrs

from socialmetrics.comparison.result import Number

TICKS: Final = 5
FEW_DAYS: Final = 12
FEW_WEEKS: Final = 120
_ROUND: Final = (1, 2, 5, 10)


@attrs.frozen(kw_only=True)
class Scale:
    """The values of an axis, from `low` to `high`, with a tick every `step`."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The values that have a label."""
        count = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(count + 1)]

    def place(self, value: Number) -> float:
        """Where a value is: 0 at the low end, 1 at the high one."""
        return (value - self.low) / (self.high - self.low)


def scale(values: Sequence[Number]) -> Scale:
    """An axis of round numbers around these values.

    It begins at zero, unless all of them are far from it; for one value it does.
    """
    low, high = min(values), max(values)
    is_flat = low == high
    if is_flat or 0 <= low < high / 2:
        low = min(0, low)
    if is_flat or 0 >= high > low / 2:
        high = max(0, high)
    extent = high - low or 1
    size = 10.0 ** floor(log10(extent / TICKS))
    step = next(size * by for by in _ROUND if size * by * TICKS >= extent)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return Scale(low=bottom, high=top if top > bottom else bottom + step, step=step)


def marked(days: Sequence[date]) -> list[date]:
    """Up to about six days to be named: any of a few, Mondays, or firsts of months."""
    if len(days) <= FEW_DAYS:
        found = list(days)
    elif len(days) <= FEW_WEEKS:
        found = [day for day in days if day.weekday() == 0]
    else:
        found = [day for day in days if day.day == 1]
    return found[:: ceil(len(found) / 6)]


def apart(places: Sequence[float], least: float, most: float) -> list[float]:
    """Ascending places, moved to be `least` apart and none above `most`."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    limit = most
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - least
    return moved
