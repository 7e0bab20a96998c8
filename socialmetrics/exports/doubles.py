"""Figures that a report has twice: the first value is kept, the others are told."""

from __future__ import annotations

import numpy as np

from socialmetrics.exports.problems import Problems
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    STATUSES,
    Columns,
    Instants,
    Mask,
    ints,
    joint,
    moment,
)


def without_doubles(
    columns: Columns, lines: Instants, problems: Problems
) -> tuple[Columns, Instants]:
    """The figures and their lines, only one of each subject, metric and span: the first
    one that has a value, or the first one where none has.

    Totals since publication are the same figure where they were read at the same time,
    whenever they say that the post was published.
    """
    line = joint(
        (columns.subject, len(columns.subjects)),
        (columns.reading, len(columns.readings)),
        (columns.breakdown, len(columns.breakdowns)),
        (columns.source, len(columns.sources)),
    )
    start = np.where(columns.end == NONE, NONE, columns.start)
    order = np.lexsort((~HAS_VALUE[columns.status], columns.end, start, line))
    again: Mask = np.zeros(len(order), np.bool_)
    again[1:] = True
    for key in (line[order], start[order], columns.end[order]):
        again[1:] &= key[1:] == key[:-1]
    if not again.any():
        return columns, lines
    firsts = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
    first = np.empty(len(order), np.intp)
    first[order] = order[firsts]
    double = first != np.arange(len(order))
    for row in ints(np.flatnonzero(double)):
        _tell(columns, lines, row, int(first[row]), problems)
    return columns.take(~double), lines[~double]


def _tell(
    columns: Columns, lines: Instants, row: int, first: int, problems: Problems
) -> None:
    what = f"{columns.reading_of(row).name!r} of {columns.subject_of(row)}"
    begin = moment(int(columns.start[row])).isoformat()
    which = "a second figure" if row > first else "no value"
    status = int(columns.status[row])
    seen = f"{columns.value[row]:.17g}" if HAS_VALUE[status] else STATUSES[status].value
    problems.add(
        int(lines[row]),
        f"{which} of {what} from {begin}; that of line {int(lines[first])} is kept",
        (seen,),
    )
