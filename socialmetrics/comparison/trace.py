"""The raw figures behind a figure that was compared."""

from __future__ import annotations

from functools import partial

import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.composition import is_derived, origin
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.result import Where
from socialmetrics.comparison.table import Batch
from socialmetrics.reading import Reading
from socialmetrics.series.columns import NONE, Columns, Mask


def raw_figures(pool: Pool, batch: Batch, at: int, where: Where) -> Columns:
    """What was read of one side: the figure itself, or all that it is made of."""
    number = 0 if where == "left" else 1
    half = batch.left if where == "left" else batch.right
    cell, kind = int(half.rows[at]), batch.meeting.kinds[number]
    columns = pool.figures(batch.sides[number], kind)
    made = half.cells.columns
    mine = columns.by_reading(partial(_is_behind, half.reading))
    mine &= columns.breakdown == made.breakdown[cell]
    mine &= _of_subject(pool, columns, int(made.subject[cell]), kind[0] == "post")
    span = int(made.start[cell]), int(made.end[cell])
    return columns.take(mine & _inside(columns, span))


def _is_behind(made: Reading, raw: Reading) -> bool:
    """Whether figures of the one can be what figures of the other are made of."""
    if (origin(made), made.scope) != (origin(raw), raw.scope):
        return False
    if is_derived(made) and not is_derived(raw):
        return raw.metric in ontology.needed(made.metric)
    return (made.metric, made.counting) == (raw.metric, raw.counting)


def _of_subject(pool: Pool, columns: Columns, subject: int, of_posts: bool) -> Mask:
    found: Mask = columns.subject == subject
    return found | (pool.owner[columns.subject] == subject) if of_posts else found


def _inside(columns: Columns, span: tuple[int, int]) -> Mask:
    start, end = span
    if end == NONE:
        found: Mask = columns.start == start
        return found
    whole = (columns.end == NONE) | (columns.end <= end)
    inside: Mask = (columns.start >= start) & (columns.start <= end) & whole
    return inside & ((columns.start < end) | np.bool_(start == end))
