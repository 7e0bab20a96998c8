"""Where the figures of a grid belong, and what all metrics of a cell have in common.

A cell is a day of an account. Ten metrics share it, so that its instants, source and
status are found once and not ten times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.model import Source
from socialmetrics.reading import Settled, Status
from socialmetrics.series.columns import SETTLED_CODE, STATUS_CODE, micros
from socialmetrics.window import midnight
from socialmetrics_sprout.entries import profile_zone
from socialmetrics_sprout.parts import DaysPart

_LEFT_OUT: Final = STATUS_CODE[Status.NOT_REPORTED]
_NEVER_CAME: Final = STATUS_CODE[Status.NOT_COLLECTED]
_DENIED: Final = STATUS_CODE[Status.NOT_PERMITTED]
_RUNNING: Final = SETTLED_CODE[Settled.NO]
_UNSETTLED: Final = SETTLED_CODE[Settled.UNKNOWN]

Ints = NDArray[np.int32]
Instants = NDArray[np.int64]
Small = NDArray[np.uint8]


@attrs.frozen(eq=False)
class Cells:
    """Some cells as columns; `absent` is the status of what has no value there."""

    account: Ints
    day: Ints
    source: Ints
    start: Instants
    end: Instants
    settled: Small
    absent: Small


class Frame:
    """The cells of a grid, when all of it is there.

    `source` is the number of the source for every account and day, below zero where
    no row came; the last of `sources` is that of what never came.
    """

    def __init__(
        self,
        part: DaysPart,
        sources: Sequence[Source],
        source: Ints,
        denied: NDArray[np.bool_],
    ) -> None:
        self._days = part.days
        self._source = source.ravel()
        self._fetched = np.array([micros(each.fetched_at) for each in sources])
        self._never = np.where(denied, _DENIED, _NEVER_CAME)
        self._instants = np.array(
            [_midnights(part, each.ref.network) for each in part.accounts], np.int64
        ).ravel()

    def cells(self, account: Ints, day: Ints) -> Cells:
        """Those cells."""
        place = account * self._days + day  # Several times as quick as pairs.
        begin = place + account  # The instants have one more a row, the last end.
        source, end = self._source[place], self._instants[begin + 1]
        is_running = end > self._fetched[source]
        absent = np.where(source < 0, self._never[account], _LEFT_OUT)
        return Cells(
            account=account,
            day=day,
            source=source,
            start=self._instants[begin],
            end=end,
            settled=np.where(is_running, _RUNNING, _UNSETTLED).astype(np.uint8),
            absent=absent.astype(np.uint8),
        )


def _midnights(part: DaysPart, network: str) -> tuple[int, ...]:
    """The instants at which the days of that network begin, and the last end."""
    return _begins(part.first, part.days + 1, profile_zone(network) or "UTC")


@lru_cache(maxsize=64)
def _begins(first: date, count: int, tz: str) -> tuple[int, ...]:
    """Kept: the parts of a pull have the same days."""
    days = (first + timedelta(days=number) for number in range(count))
    return tuple(micros(midnight(day, tz)) for day in days)
