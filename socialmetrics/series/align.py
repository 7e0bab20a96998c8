"""Parts of a formula laid side by side: which row of each goes with which."""

from __future__ import annotations

from functools import reduce

import attrs
import numpy as np

from socialmetrics.derivation import Step
from socialmetrics.errors import NotComparable
from socialmetrics.series.columns import (
    Columns,
    Instants,
    Mask,
    Rows,
    joint,
    moment,
)


@attrs.frozen
class Sides:
    """For every derived row (first axis) and part (second), a row of `columns`.

    Where a part has none, `there` is False and `rows` says 0. `base` is the row that
    lends subject, breakdown and span.
    """

    columns: Columns
    rows: Rows
    there: Mask
    base: Rows


def side_by_side(step: Step, columns: Columns, part: Rows) -> Sides:
    """Rows of equal subject, breakdown, start and end. `part` numbers the parts.

    Raises `NotComparable` where no such rows are complete, or one has two figures.
    """
    columns, part = _shared_breakdowns(step, columns, part)
    line, start, end = _line(columns), columns.start, columns.end
    order = np.lexsort((end, start, line))
    new = np.zeros(len(order), np.bool_)
    for key in (line[order], start[order], end[order]):
        new[1:] |= key[1:] != key[:-1]
    cell = np.cumsum(new) * len(step.parts) + part[order]
    _refuse_doubles(step, columns, cell, order)
    rows = np.full((int(new.sum()) + 1) * len(step.parts), -1, np.intp)
    rows[cell] = order
    return _sides(step, columns, rows.reshape(-1, len(step.parts)))


def levels(step: Step, columns: Columns, part: Rows) -> Sides:
    """Every row of the first part with the last level of the second part that was
    read (at the level's end) within its span, or at its very start. Raises
    `NotComparable` where none has one."""
    columns, part = _shared_breakdowns(step, columns, part)
    line = _line(columns)
    is_level = part == 1
    order = np.lexsort((~is_level, columns.end, line))
    place = np.where(is_level[order], np.arange(len(order)), -1)
    last = np.maximum.accumulate(place)
    level = order[last]
    fits = (last >= 0) & (line[level] == line[order])
    begin = columns.start[order]
    fits &= (columns.end[level] > begin) | (columns.start[level] >= begin)
    pairs = np.stack([order, np.where(fits, level, -1)], axis=1)
    return _sides(step, columns, pairs[~is_level[order]])


def _sides(step: Step, columns: Columns, rows: Rows) -> Sides:
    there = rows >= 0
    if not there.all(axis=1).any():
        raise NotComparable(
            f"{step.metric}: no subject has {_named(step)} for one and the same window",
            rule="window-mismatch",
            instead="all parts for the same window and in the same steps",
        )
    base = np.where(there[:, 0], rows[:, 0], rows.max(axis=1))
    return Sides(columns, np.maximum(rows, 0), there, base)


def _line(columns: Columns) -> Instants:
    return joint(
        (columns.subject, len(columns.subjects)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _shared_breakdowns(
    step: Step, columns: Columns, part: Rows
) -> tuple[Columns, Rows]:
    """The rows whose breakdown every part has: the others could never be complete."""
    used = [
        np.unique(columns.breakdown[part == each]) for each in range(len(step.parts))
    ]
    shared = reduce(np.intersect1d, used)
    if not len(shared):
        raise NotComparable(
            f"{step.metric}: {_named(step)} come in different breakdowns",
            rule="breakdown-mismatch",
            instead="all parts in the same breakdown",
        )
    keep = np.isin(columns.breakdown, shared)
    return columns.take(keep), part[keep]


def _refuse_doubles(step: Step, columns: Columns, cell: Rows, order: Rows) -> None:
    counts = np.bincount(cell)
    if counts.max() < 2:
        return
    row = int(order[np.flatnonzero(cell == counts.argmax())[0]])
    raise NotComparable(
        f"{step.metric}: {columns.subject_of(row)} has more than one figure of "
        f"{columns.reading_of(row).metric} from {moment(int(columns.start[row]))}",
        rule="one-figure-a-part",
        instead="series.latest(), or series.where(...) with one vendor",
    )


def _named(step: Step) -> str:
    return ", ".join(part.metric for part in step.parts)
