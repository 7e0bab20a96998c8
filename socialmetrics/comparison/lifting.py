"""Figures brought to one shape: hours into days or weeks, posts into their account."""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.pool import NOBODY, Pool
from socialmetrics.errors import NotComparable
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    Codes,
    Columns,
    Instants,
    Mask,
    Plain,
    Rows,
    flags,
    joint,
    micros,
    moment,
    recode,
)
from socialmetrics.series.rollup import added
from socialmetrics.series.select import last_of

Refusals: TypeAlias = dict[str, tuple[str, str]]
"""By metric, why its figures cannot be brought to a shape, and what would help."""
WHOLE: Final = np.int64(0)
NOWHERE: Final = np.int64(np.iinfo(np.int64).min)
"""The label of a row that lies in no bucket."""
INSTEAD: Final = "figures of the same level and in the same steps at both"


@attrs.frozen(kw_only=True, eq=False)
class Cells:
    """Figures of one shape, one a row of `columns`.

    `label` numbers the buckets alike for whatever is laid beside them. `as_of` is when
    the oldest of what is in a cell was read (microseconds), `members` how many subjects
    are in it, `without` how many more have no figure, `left_out` how many days are not
    in it since the other side has no figure of them. `refused` tells of metrics that
    cannot be brought to this shape, and why.
    """

    columns: Columns
    label: Instants
    as_of: Instants
    members: Plain
    without: Plain
    left_out: Plain
    refused: Refusals


def plain(columns: Columns, label: Instants) -> Cells:
    """Figures as they are; of several of one key the last one that was read."""
    kept = label != NOWHERE
    if not kept.all():
        columns, label = columns.take(kept), label[kept]
    key = keys(columns, label, _variants(columns))
    if not _is_distinct(key):
        rows = np.sort(last_of(columns, key))
        columns, label = columns.take(rows), label[rows]
    return Cells(
        columns=columns,
        label=label,
        as_of=read_at(columns),
        members=np.ones(len(columns), np.int32),
        without=np.zeros(len(columns), np.int32),
        left_out=np.zeros(len(columns), np.int32),
        refused={},
    )


def only(cells: Cells, kept: Mask) -> Cells:
    """Those of the cells."""
    return _taken(cells, np.flatnonzero(kept))


def _is_distinct(key: Instants) -> bool:
    if (key[1:] > key[:-1]).all():  # Nearly always.
        return True
    ordered = np.sort(key)
    return bool((ordered[1:] != ordered[:-1]).all())


def over_time(columns: Columns, label: Instants) -> Cells:
    """Figures of one subject added up, or the last level taken, in every bucket.

    What is not observed makes the sum not observed, as `MetricSeries.rollup` has it.
    Raises `NotComparable` for figures that overlap.
    """
    kept = label != NOWHERE
    columns = columns.take(kept)
    return put_together(plain(columns, columns.start), label[kept], holes=True)


def put_together(cells: Cells, label: Instants, *, holes: bool) -> Cells:
    """The cells of every bucket as one. With `holes`, time between two of them that
    neither covers makes the sum not collected."""
    columns = cells.columns
    addable = flags(columns.readings, _adds_over_time)
    why = "figures of several days cannot be added"
    refused = cells.refused | _refused(columns, addable, why)
    group = keys(columns, label, _variants(columns))
    rows = np.flatnonzero(addable[columns.reading])
    rows = rows[np.lexsort((columns.start[rows], group[rows]))]
    columns, group = columns.take(rows), group[rows]
    if not len(rows):
        return attrs.evolve(_taken(cells, rows), label=label[rows], refused=refused)
    heads = _heads(group)
    return Cells(
        columns=_put_together(columns, heads, group, holes=holes),
        label=label[rows][heads],
        as_of=np.minimum.reduceat(cells.as_of[rows], heads),
        members=np.maximum.reduceat(cells.members[rows], heads),
        without=np.maximum.reduceat(cells.without[rows], heads),
        left_out=np.maximum.reduceat(cells.left_out[rows], heads),
        refused=refused,
    )


def _put_together(
    columns: Columns, heads: Rows, group: Instants, *, holes: bool
) -> Columns:
    level = columns.by_reading(lambda reading: reading.temporality == "instant")
    if level.any():
        return columns.take(np.sort(last_of(columns, group)))
    same = group[1:] == group[:-1]
    _refuse_overlap(columns, same & (columns.start[1:] < columns.end[:-1]))
    hole = np.zeros(len(group), np.bool_)
    if holes:
        hole[1:] = same & (columns.start[1:] > columns.end[:-1])
    return added(columns, heads, hole)


def _refuse_overlap(columns: Columns, wrong: Mask) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        raise NotComparable(
            f"{columns.subject_of(row)} has two figures of "
            f"{columns.reading_of(row).metric} that overlap, the first one from "
            f"{moment(int(columns.start[row]))}",
            rule="spans-overlap",
            instead="series.where(...) with one size of step, for each side",
        )


def _taken(cells: Cells, rows: Rows) -> Cells:
    return Cells(
        columns=cells.columns.take(rows),
        label=cells.label[rows],
        as_of=cells.as_of[rows],
        members=cells.members[rows],
        without=cells.without[rows],
        left_out=cells.left_out[rows],
        refused=cells.refused,
    )


def over_posts(cells: Cells, pool: Pool, span: tuple[Instants, Instants]) -> Cells:
    """Figures of posts added up to their profile, bucket by bucket.

    Posts without a figure are counted in `without`. `span` has start and end of every
    row's bucket. Posts of unknown owners are left out.
    """
    columns = cells.columns
    addable = flags(columns.readings, _adds_over_posts)
    refused = cells.refused | _refused(
        columns, addable, "figures of several posts cannot be added"
    )
    owner = pool.owner[columns.subject]
    rows = addable[columns.reading] & (owner != NOBODY)
    columns = attrs.evolve(columns, subject=owner).take(rows)
    label, as_of = cells.label[rows], cells.as_of[rows]
    start, end = span[0][rows], span[1][rows]
    group = keys(columns, label, _variants(columns))
    valued = HAS_VALUE[columns.status]
    order = np.lexsort((~valued, group))
    columns, group = columns.take(order), group[order]
    heads = _heads(group)
    if not len(heads):
        return attrs.evolve(plain(columns, label), refused=refused)
    valued = valued[order]
    members = np.add.reduceat(valued.astype(np.int32), heads)
    sizes = np.diff(np.append(heads, len(group)))
    return Cells(
        columns=_summed(columns, heads, valued, (start[order], end[order])),
        label=label[order][heads],
        as_of=np.minimum.reduceat(as_of[order], heads),
        members=members,
        without=(sizes - members).astype(np.int32),
        left_out=np.zeros(len(heads), np.int32),
        refused=refused,
    )


def _summed(
    columns: Columns, heads: Rows, valued: Mask, span: tuple[Instants, Instants]
) -> Columns:
    """One row for every run: the sum of what has a value, whose rows come first."""
    whole = added(columns, heads, np.zeros(len(columns), np.bool_))
    values = np.add.reduceat(np.where(valued, columns.value, 0.0), heads)
    some = valued[heads]
    readings, codes = recode(map(_raised, whole.readings))
    return attrs.evolve(
        whole,
        readings=readings,
        reading=codes[whole.reading],
        start=span[0][heads],
        end=span[1][heads],
        value=np.where(some, values, np.nan),
        status=columns.status[heads],
    )


def _raised(reading: Reading) -> Reading:
    return attrs.evolve(reading, level="profile")


def _heads(group: Instants) -> Rows:
    new = np.ones(len(group), np.bool_)
    new[1:] = group[1:] != group[:-1]
    return np.flatnonzero(new)


def keys(columns: Columns, label: Instants, kind: Codes) -> Instants:
    """One number for every row of equal subject, kind, breakdown and bucket."""
    first = int(label.min(initial=0))
    return joint(
        (columns.subject, len(columns.subjects)),
        (kind, int(kind.max(initial=0)) + 1),
        (columns.breakdown, len(columns.breakdowns)),
        (label - first, int(label.max(initial=0)) - first + 1),
    )


def _variants(columns: Columns) -> Codes:
    """For every row the number of what it counts, whatever endpoint told it."""
    _, codes = recode(map(variant, columns.readings))
    return codes[columns.reading] if len(codes) else columns.reading


def variant(reading: Reading) -> tuple[str, ...]:
    """What readings have in common whose figures may stand for one another."""
    return reading.vendor, reading.metric, reading.scope, reading.counting


def read_at(columns: Columns) -> Instants:
    """For every row, up to when it can know what happened (microseconds)."""
    fetched = np.array([micros(each.fetched_at) for each in columns.sources], np.int64)
    if not len(columns):
        return columns.start
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    known = fetched[columns.source]
    ended = lifetime & (columns.end != NONE)
    return np.where(ended, np.minimum(columns.end, known), known)


def _adds_over_time(reading: Reading) -> bool:
    return reading.temporality == "instant" or reading.additive


def _adds_over_posts(reading: Reading) -> bool:
    if reading.counting == "unique" or reading.unit in ("ratio", "score"):
        return False
    known = ontology.is_canonical(reading.metric)
    return not known or "posts" in ontology.metric(reading.metric).additive_over


def _refused(columns: Columns, fine: Mask, why: str) -> Refusals:
    good = {r for r, ok in zip(columns.readings, fine, strict=True) if ok}
    return {
        reading.metric: (f"{why} ({reading.counting} {reading.unit})", INSTEAD)
        for reading in columns.used_readings()
        if reading not in good
    }
