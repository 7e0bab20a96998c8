"""Which figures can be compared at all: nobody counts that far, or in such years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import numpy as np

from socialmetrics.errors import InvalidQuery
from socialmetrics.series.columns import Columns, Mask, Values, micros, moment

LARGEST: Final = 1e290
"""The sum of as many such figures as fit into a memory is still a number."""
FIRST: Final = datetime(2, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9998, 12, 31, tzinfo=UTC)
"""Every month of every zone that touches this span is in the calendar."""


def within_limits(columns: Columns) -> Columns:
    """The same columns. Raises `InvalidQuery`, naming the first figure that is larger
    than `LARGEST`, or lies at an end of the calendar."""
    value, start, end = columns.value, columns.start, columns.end
    first, last = micros(FIRST), micros(LAST)
    if _largest(value) > LARGEST:
        _refuse(columns, np.abs(value) > LARGEST, "too large to be added up")
    latest = max(start.max(initial=first), end.max(initial=first))
    if start.min(initial=first) < first or latest > last:
        wrong = (start < first) | (start > last) | (end > last)
        _refuse(columns, wrong, "at an end of the calendar, where zones have no days")
    return columns


def _largest(value: Values) -> float:
    """Without a copy of the column, as `abs` makes one."""
    return float(
        max(np.fmax.reduce(value, initial=0), -np.fmin.reduce(value, initial=0))
    )


def _refuse(columns: Columns, wrong: Mask, why: str) -> None:
    row = int(wrong.argmax())
    raise InvalidQuery(
        f"{columns.subject_of(row)} {columns.reading_of(row).metric} "
        f"{columns.value[row]:g} from {moment(int(columns.start[row])).isoformat()} on "
        f"cannot be compared: it is {why}"
    )
