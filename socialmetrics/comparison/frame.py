"""The rows of a comparison as an Arrow table: one row a pair of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from arro3.core import Array, Table

from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.result import AXES, NAMES, Axis, Name
from socialmetrics.comparison.table import Batch, Case
from socialmetrics.series.arrow import INSTANT, named, nullable, words
from socialmetrics.series.columns import NONE, STATUSES, Plain

NULLS: Final = frozenset({"end", "left", "right", "gap", "unexplained"})


def frame(pool: Pool, batches: Sequence[Batch]) -> Table:
    """The pairs of all batches; the order and types of the columns never change.

    Causes are columns of their own, "cause_formula" and so on, with the sum of their
    amounts; axes are columns with the answers, "axis_scope" and so on.
    """
    known = pool.columns
    sizes = [len(each) for each in batches]
    number = np.repeat(np.arange(len(batches), dtype=np.int32), sizes)
    subject = _gathered(batches, lambda b: b.left.subject, np.int32)
    parts = _gathered(batches, lambda b: _of_left(b, "breakdown"), np.int32)
    end = _gathered(batches, lambda b: _of_left(b, "end"), np.int64)
    left = _gathered(batches, lambda b: b.left.value, np.float64)
    right = _gathered(batches, lambda b: b.right.value, np.float64)
    start = _gathered(batches, lambda b: _of_left(b, "start"), np.int64)
    arrays = {
        "network": words(known.subjects, subject, lambda ref: ref.network),
        "native_id": words(known.subjects, subject, lambda ref: ref.native_id),
        "metric": words(batches, number, lambda batch: batch.metric),
        "breakdown": words(known.breakdowns, parts, str),
        "start": Array.from_numpy(start).cast(INSTANT),
        "end": nullable(end, end != NONE).cast(INSTANT),
        "left_name": words(batches, number, lambda batch: batch.names[0]),
        "right_name": words(batches, number, lambda batch: batch.names[1]),
        "left": _numbers(left),
        "right": _numbers(right),
        "left_status": words(STATUSES, _statuses(batches, 0), str),
        "right_status": words(STATUSES, _statuses(batches, 1), str),
        "gap": _numbers(right - left),
        **{f"cause_{name}": _causes(batches, name) for name in NAMES},
        "unexplained": _numbers(_gathered(batches, lambda b: b.rest, np.float64)),
        **_judged(batches, number),
    }
    return named(arrays, NULLS)


def _gathered(
    batches: Sequence[Batch], column: Callable[[Batch], Plain], kind: type[np.generic]
) -> Plain:
    return np.concatenate([np.empty(0, kind), *map(column, batches)]).astype(kind)


def _of_left(batch: Batch, name: str) -> Plain:
    return batch.left.cells.columns.array(name)[batch.left.rows]


def _statuses(batches: Sequence[Batch], side: int) -> Plain:
    def of(batch: Batch) -> Plain:
        half = (batch.left, batch.right)[side]
        return half.cells.columns.status[half.rows]

    return _gathered(batches, of, np.uint8)


def _numbers(values: Plain) -> Array:
    return nullable(values, ~np.isnan(values))


def _causes(batches: Sequence[Batch], name: Name) -> Array:
    def total(batch: Batch) -> Plain:
        found = np.zeros(len(batch))
        for shift in batch.shifts:
            if shift.name == name:
                found = found + shift.amount
        return found

    return Array.from_numpy(_gathered(batches, total, np.float64))


def _judged(batches: Sequence[Batch], number: Plain) -> dict[str, Array]:
    """The verdict, and the answer on every axis."""
    cases: list[Case] = [case for batch in batches for case in batch.cases]
    counts = [len(batch.cases) for batch in batches]
    first = np.cumsum([0, *counts])[:-1][number] if batches else number
    case = _gathered(batches, lambda b: b.case, np.int32) + first
    codes = case.astype(np.int32)

    def answer(axis: Axis) -> Callable[[Case], str]:
        return lambda case: case[0][axis].answer

    axes = {f"axis_{axis}": words(cases, codes, answer(axis)) for axis in AXES}
    return {"verdict": words(cases, codes, lambda case: case[1]), **axes}
