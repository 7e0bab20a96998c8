"""Every tool's figures by day, for the daily lines of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.chain import whole
from socialmetrics.comparison.meeting import Wish, by_day
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.result import Day, Line
from socialmetrics.comparison.table import Batch
from socialmetrics.reading import Settled
from socialmetrics.series.columns import SETTLED_CODE


def lines(pool: Pool, batches: Sequence[Batch], wish: Wish) -> Iterator[Line]:
    """A line for every tool, account and metric that was compared."""
    wanted: dict[tuple[int, int, str, str], None] = {}
    for batch in batches:
        if batch.meeting.level == "profile":
            for side, half in zip(batch.sides, (batch.left, batch.right), strict=True):
                for subject in np.unique(half.subject).tolist():
                    key = side, int(subject), batch.metric, half.reading.scope
                    wanted.setdefault(key, None)
    shapes = {
        (side, kind): by_day(pool, side, kind, wish)
        for side in {key[0] for key in wanted}
        for kind in pool.kinds(side)
        if kind[0] in ("profile", "post")
    }
    for side, subject, metric, scope in wanted:
        for (owner, _), cells in shapes.items():
            if owner == side:
                yield from _line(pool, (side, subject, metric, scope), cells)


def _line(pool: Pool, of: tuple[int, int, str, str], cells: Cells) -> Iterator[Line]:
    side, subject, metric, scope = of
    columns = cells.columns
    rows = np.flatnonzero(
        columns.by_reading(lambda r: (r.metric, r.scope) == (metric, scope))
        & (columns.subject == subject)
        & (columns.breakdown == _whole(columns.breakdowns))
    )
    if not len(rows):
        return
    rows = rows[np.argsort(cells.label[rows], kind="stable")]
    days = tuple(_day(cells, row) for row in rows.tolist())
    yield Line(
        name=pool.names[side],
        subject=columns.subjects[subject],
        metric=metric,
        reading=columns.reading_of(int(rows[0])),
        days=days,
        settled_through=_settled(days),
    )


def _whole(breakdowns: Sequence[str]) -> int:
    return breakdowns.index("") if "" in breakdowns else -1


def _day(cells: Cells, row: int) -> Day:
    value = float(cells.columns.value[row])
    return Day(
        day=date.fromordinal(int(cells.label[row])),
        value=None if value != value else whole(value),
        settled=int(cells.columns.settled[row]) != SETTLED_CODE[Settled.NO],
    )


def _settled(days: Sequence[Day]) -> date | None:
    """The last day before the first one that may still change."""
    last: date | None = None
    for each in days:
        if not each.settled:
            break
        last = each.day
    return last
