"""Figures brought to one shape: hours into days or weeks, posts into their account."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.cells import (
    NOWHERE,
    Cells,
    Refusals,
    keys,
    marked,
    overlapping,
    variants,
)
from socialmetrics.comparison.pool import NOBODY, Pool
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HAS_VALUE,
    Columns,
    Instants,
    Mask,
    Rows,
    recode,
)
from socialmetrics.series.rollup import added
from socialmetrics.series.select import last_of

INSTEAD: Final = "figures of the same level and in the same steps at both"


def put_together(cells: Cells, label: Instants, *, holes: bool) -> Cells:
    """The cells of every bucket as one: added up, or the last level taken.

    With `holes`, time between two of them that neither covers makes the sum not
    collected; so does what is not observed, as `MetricSeries.rollup` has it. Refused
    are metrics that cannot be added, or have figures that overlap or lie in no bucket.
    """
    refused, kept = _refused(cells.columns, label)
    cells = attrs.evolve(cells, label=label, refused=cells.refused | refused)
    cells = cells.taken(kept)
    columns = cells.columns
    group = keys(columns, cells.label, variants(columns))
    rows = np.lexsort((columns.start, group))
    twice = _overlapping(columns, rows, group[rows])
    if len(twice):
        cells.refused.update(overlapping(columns, twice))
        rows = rows[~columns.by_reading(lambda r: r.metric in cells.refused)[rows]]
    cells = cells.taken(rows)
    return _put_together(cells, group[rows], holes=holes) if len(rows) else cells


def _refused(columns: Columns, label: Instants) -> tuple[Refusals, Mask]:
    """Metrics that cannot be put together, and the rows that can."""
    addable = columns.by_reading(_adds_over_time)
    lies_in_one = label != NOWHERE
    why = "figures are longer than the steps, or lie across two of them"
    refused = _without(columns, lies_in_one, why)
    why = "figures of several days cannot be added"
    refused |= _without(columns, addable, why)
    return refused, addable & lies_in_one


def _without(columns: Columns, fine: Mask, why: str) -> Refusals:
    """The metrics of which no row is fine."""
    if fine.all():
        return {}
    used = np.bincount(columns.reading, minlength=len(columns.readings))
    good = np.bincount(columns.reading[fine], minlength=len(columns.readings))
    told = {r.metric for r, count in zip(columns.readings, good, strict=True) if count}
    return {
        reading.metric: (why, INSTEAD)
        for reading, count in zip(columns.readings, used, strict=True)
        if count and reading.metric not in told
    }


def _overlapping(columns: Columns, rows: Rows, group: Instants) -> Rows:
    """Of these rows, by group and start, those that begin before the last one ends."""
    start, end = columns.start[rows], columns.end[rows]
    wrong = (group[1:] == group[:-1]) & (start[1:] < end[:-1])
    wrong &= columns.by_reading(lambda r: r.temporality == "period")[rows[1:]]
    found: Rows = rows[1:][wrong]
    return found


def _put_together(cells: Cells, group: Instants, *, holes: bool) -> Cells:
    heads = _heads(group)
    who = cells.who[heads]
    if not holes:  # Whoever is in the days, day by day.
        who = np.add.reduceat(marked(cells.who, cells.columns.start), heads)
    return Cells(
        columns=_summed_up(cells.columns, heads, group, holes=holes),
        label=cells.label[heads],
        as_of=np.minimum.reduceat(cells.as_of, heads),
        members=np.maximum.reduceat(cells.members, heads),
        without=np.maximum.reduceat(cells.without, heads),
        left_out=np.maximum.reduceat(cells.left_out, heads),
        who=who,
        refused=cells.refused,
    )


def _summed_up(
    columns: Columns, heads: Rows, group: Instants, *, holes: bool
) -> Columns:
    if columns.by_reading(lambda reading: reading.temporality == "instant").any():
        return columns.take(np.sort(last_of(columns, group)))
    hole = np.zeros(len(group), np.bool_)
    if holes:
        hole[1:] = (group[1:] == group[:-1]) & (columns.start[1:] > columns.end[:-1])
    return added(columns, heads, hole)


def over_posts(cells: Cells, pool: Pool, span: tuple[Instants, Instants]) -> Cells:
    """Figures of posts added up to their profile, bucket by bucket.

    Posts without a figure are counted in `without`. `span` has start and end of every
    row's bucket. Posts of unknown owners are left out.
    """
    columns = cells.columns
    addable = columns.by_reading(_adds_over_posts)
    why = "figures of several posts cannot be added"
    owner = pool.owner[columns.subject]
    refused = _unowned(columns, owner != NOBODY) | _without(columns, addable, why)
    rows = np.flatnonzero(addable & (owner != NOBODY))
    columns = attrs.evolve(columns, subject=owner)
    group = keys(columns, cells.label, variants(columns))[rows]
    valued = HAS_VALUE[columns.status[rows]]
    rows = rows[order := np.lexsort((~valued, group))]
    cells = attrs.evolve(cells, columns=columns, refused=cells.refused | refused)
    cells, span = cells.taken(rows), (span[0][rows], span[1][rows])
    return _over_posts(cells, group[order], span) if len(rows) else cells


def _unowned(columns: Columns, owned: Mask) -> Refusals:
    why = "whose posts these are is not known"
    instead = "posts= and profiles= say whose they are"
    return dict.fromkeys(_without(columns, owned, why), (why, instead))


def _over_posts(
    cells: Cells, group: Instants, span: tuple[Instants, Instants]
) -> Cells:
    """One cell for every run of equal groups, what has a value comes first in each."""
    heads = _heads(group)
    valued = HAS_VALUE[cells.columns.status]
    members = np.add.reduceat(valued.astype(np.int32), heads)
    sizes = np.diff(np.append(heads, len(group)))
    return Cells(
        columns=_summed(cells.columns, heads, valued, span),
        label=cells.label[heads],
        as_of=np.minimum.reduceat(cells.as_of, heads),
        members=members,
        without=(sizes - members).astype(np.int32),
        left_out=np.zeros(len(heads), np.int32),
        who=np.add.reduceat(np.where(valued, marked(cells.who), 0), heads),
        refused=cells.refused,
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


def _adds_over_time(reading: Reading) -> bool:
    return reading.temporality == "instant" or reading.additive


def _adds_over_posts(reading: Reading) -> bool:
    if reading.counting == "unique" or reading.unit in ("ratio", "score"):
        return False
    known = ontology.is_canonical(reading.metric)
    return not known or "posts" in ontology.metric(reading.metric).additive_over
