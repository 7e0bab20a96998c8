"""Whether columns say something possible; the first thing that they do not is named."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from socialmetrics.errors import InvalidQuery
from socialmetrics.series.columns import (
    DTYPES,
    HAS_VALUE,
    NONE,
    SETTLED,
    STATUSES,
    Columns,
    Instants,
    Mask,
    micros,
)
from socialmetrics.series.subjects import Refs

FIRST: Final = micros(datetime.min.replace(tzinfo=UTC))
LAST: Final = micros(datetime.max.replace(tzinfo=UTC))


def check(columns: Columns) -> Columns:
    """The same columns. Raises `InvalidQuery` that names the column and the row."""
    _check_shapes(columns)
    for name, count in _counts(columns):
        _check_codes(columns, name, count)
    for name in ("subjects", "readings", "sources", "breakdowns"):
        _check_words(name, getattr(columns, name))
    for problem, bad in _doubts(columns):
        if bad.any():
            raise InvalidQuery(f"row {int(bad.argmax())} of the columns: {problem}")
    return columns


def _check_shapes(columns: Columns) -> None:
    for name, dtype in DTYPES.items():
        array = columns.array(name)
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != 1:  # pyright: ignore[reportUnnecessaryIsInstance]  # it is what is checked
            raise InvalidQuery(f"column {name} is not a plain array of {dtype}")
        if len(array) != len(columns):
            raise InvalidQuery(
                f"column {name} has {len(array)} rows, column value {len(columns)}"
            )


def _counts(columns: Columns) -> tuple[tuple[str, int], ...]:
    return (
        ("subject", len(columns.subjects)),
        ("reading", len(columns.readings)),
        ("source", len(columns.sources)),
        ("breakdown", len(columns.breakdowns)),
        ("status", len(STATUSES)),
        ("settled", len(SETTLED)),
    )


def _check_codes(columns: Columns, name: str, count: int) -> None:
    codes = columns.array(name)
    if len(codes) and not 0 <= codes.min() <= codes.max() < count:
        wrong = (codes < 0) | (codes >= count)
        row = int(wrong.argmax())
        raise InvalidQuery(
            f"row {row} of the columns: {name} code {codes[row]} is not below {count}"
        )


def _check_words(name: str, words: Sequence[Hashable]) -> None:
    if len(set(words.ids if isinstance(words, Refs) else words)) < len(words):
        twice = next(word for word in words if words.count(word) > 1)
        raise InvalidQuery(f"{name} holds {twice} twice; every word has one code")


def _doubts(columns: Columns) -> Iterator[tuple[str, Mask]]:
    start, end, value = columns.start, columns.end, columns.value
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    gauge = columns.by_reading(lambda reading: reading.temporality == "instant")
    endless = end == NONE
    yield "start is not a date of the calendar", _outside(start)
    yield "end is not a date of the calendar", _outside(end) & ~endless
    yield (
        "value must be a finite number when observed or zero_by_rule, else NaN",
        (np.isfinite(value) != HAS_VALUE[columns.status]) | np.isinf(value),
    )
    yield "only a lifetime total has no end", ~lifetime & endless
    yield "end is not after start", ~endless & ~gauge & (end <= start)
    yield "end lies before start", gauge & (end < start)


def _outside(instants: Instants) -> Mask:
    return (instants < FIRST) | (instants > LAST)
