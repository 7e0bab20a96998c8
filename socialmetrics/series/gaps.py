"""Where a series has nothing to say, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs
import numpy as np

from socialmetrics.model import Ref
from socialmetrics.reading import Reading, Status
from socialmetrics.series.columns import (
    STATUS_CODE,
    STATUSES,
    Columns,
    Instants,
    Mask,
    end_moment,
    joint,
    moment,
    recode,
)


@attrs.frozen(kw_only=True)
class Gap:
    """A run of figures without an observation, or a span that no figure covers.

    `count` is how many figures the run has, none for a span that is not covered; its
    status is not_collected then. `end` is None for lifetime totals.
    """

    subject: Ref
    metric: str
    start: datetime
    end: datetime | None
    status: Status
    count: int
    breakdown: str = ""


def gaps(columns: Columns) -> tuple[Gap, ...]:
    """See `MetricSeries.gaps`."""
    if not len(columns):
        return ()
    line = _lines(columns)
    order = np.lexsort((columns.end, columns.start, line))
    columns, line = columns.take(order), line[order]
    found = [*_runs(columns, line), *_holes(columns, line)]
    return tuple(gap for _, gap in sorted(found, key=lambda each: each[0]))


def _lines(columns: Columns) -> Instants:
    """What follows one another: readings that differ only in when they were valid
    are one line."""
    lines, line = recode(map(_line, columns.readings))
    return joint(
        (columns.subject, len(columns.subjects)),
        (line[columns.reading], len(lines)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _line(reading: Reading) -> tuple[str, ...]:
    return (
        reading.metric,
        reading.scope,
        reading.temporality,
        reading.counting,
        reading.vendor,
    )


def _runs(columns: Columns, line: Instants) -> Iterator[tuple[int, Gap]]:
    status = columns.status
    begins = _first(line) | np.insert(status[1:] != status[:-1], 0, True)
    heads = np.flatnonzero(begins)
    lasts = np.append(heads[1:], len(columns)) - 1
    for head, last in zip(heads.tolist(), lasts.tolist(), strict=True):
        if status[head] != STATUS_CODE[Status.OBSERVED]:
            span = int(columns.start[head]), int(columns.end[last])
            yield head, _gap(columns, head, span, last - head + 1)


def _holes(columns: Columns, line: Instants) -> Iterator[tuple[int, Gap]]:
    covered = _covered(columns, line)
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    spans = ~lifetime & (columns.end > columns.start)
    open_ = ~_first(line)[1:] & spans[1:] & spans[:-1]
    open_ &= columns.start[1:] > covered[:-1]
    for row in np.flatnonzero(open_).tolist():
        span = int(covered[row]), int(columns.start[row + 1])
        yield row, _gap(columns, row, span, 0)


def _covered(columns: Columns, line: Instants) -> Instants:
    """For every row, up to when its line is covered by it and the rows before."""
    ends, rank = np.unique(columns.end, return_inverse=True)
    place = np.cumsum(_first(line)) * len(ends)
    reach: Instants = ends[np.maximum.accumulate(place + rank) - place]
    return reach


def _first(line: Instants) -> Mask:
    return np.insert(line[1:] != line[:-1], 0, True)


def _gap(columns: Columns, row: int, span: tuple[int, int], count: int) -> Gap:
    start, end = span
    return Gap(
        subject=columns.subject_of(row),
        metric=columns.reading_of(row).metric,
        start=moment(start),
        end=end_moment(end),
        status=STATUSES[int(columns.status[row])] if count else Status.NOT_COLLECTED,
        count=count,
        breakdown=columns.breakdowns[int(columns.breakdown[row])],
    )
