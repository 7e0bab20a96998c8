"""How much of what was asked for each tool has, level by level and metric by metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.coding import by_code, shared
from socialmetrics.comparison.result import Coverage
from socialmetrics.reading import Level, Reading, Settled, Status, Temporality
from socialmetrics.series.columns import (
    HAS_VALUE,
    SETTLED_CODE,
    STATUSES,
    Columns,
    Instants,
    Rows,
    Small,
    moment,
    recode,
)

Topic: TypeAlias = tuple[Level, Temporality, str]
"""A level, a temporality and a metric."""

REPORTED: Final = 0
AWAITING: Final = 1
UNREPORTABLE: Final = 2
MISSING: Final = 3
_UNSEEN: Final = 4
_BECAME: Final[Mapping[Status, int]] = {
    Status.OBSERVED: REPORTED,
    Status.NOT_COLLECTED: AWAITING,
    Status.NOT_REPORTED: UNREPORTABLE,
    Status.NOT_PERMITTED: UNREPORTABLE,
    Status.TOO_OLD: UNREPORTABLE,
    Status.SUPPRESSED: UNREPORTABLE,
    Status.ZERO_BY_RULE: UNREPORTABLE,
    Status.UNAVAILABLE: MISSING,
}
_OF_STATUS: Final[Small] = np.array([_BECAME[status] for status in STATUSES], np.uint8)


@attrs.frozen(kw_only=True, eq=False)
class _Side:
    """One tool: the rows of every topic, and when every row's figure ends."""

    name: str
    columns: Columns
    rows: Mapping[Topic, Rows]
    ends: Instants


def coverage(sides: Sequence[tuple[str, Columns]]) -> tuple[Coverage, ...]:
    """For every level, temporality and metric that a tool has, one entry a tool.

    The subjects are those that any of the tools has there. A subject with several
    figures counts by the best of them: observed, then not collected, then whatever
    else but unavailable; a zero by rule was not measured. `settled_through` goes by
    the ends of figures with a value, and for lifetime totals by the publication.
    """
    known = [_side(name, columns) for name, columns in shared(sides)]
    topics = dict.fromkeys(topic for side in known for topic in side.rows)
    return tuple(entry for topic in topics for entry in _of_topic(topic, known))


def _side(name: str, columns: Columns) -> _Side:
    topics, codes = recode(map(_topic, columns.readings))
    rows = by_code(codes[columns.reading], len(topics))
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    return _Side(
        name=name,
        columns=columns,
        rows={
            topic: each for topic, each in zip(topics, rows, strict=True) if len(each)
        },
        ends=np.where(lifetime, columns.start, columns.end),
    )


def _topic(reading: Reading) -> Topic:
    return reading.level, reading.temporality, reading.metric


def _of_topic(topic: Topic, sides: Sequence[_Side]) -> Iterator[Coverage]:
    found = [_became(side.columns, side.rows.get(topic)) for side in sides]
    there = np.logical_or.reduce([each != _UNSEEN for each in found])
    for side, each in zip(sides, found, strict=True):
        counts = np.bincount(each[there], minlength=_UNSEEN + 1).tolist()
        yield Coverage(
            name=side.name,
            level=topic[0],
            temporality=topic[1],
            metric=topic[2],
            subjects=sum(counts),
            reported=counts[REPORTED],
            unreportable=counts[UNREPORTABLE],
            awaiting=counts[AWAITING],
            missing=counts[MISSING] + counts[_UNSEEN],
            settled_through=_settled_through(side, side.rows.get(topic)),
        )


def _became(columns: Columns, rows: Rows | None) -> Small:
    """For every subject what became of it: the best of its figures in these rows."""
    found = np.full(len(columns.subjects), _UNSEEN, np.uint8)
    if rows is not None:
        subject, became = columns.subject[rows], _OF_STATUS[columns.status[rows]]
        for each in (MISSING, UNREPORTABLE, AWAITING, REPORTED):
            found[subject[became == each]] = each
    return found


def _settled_through(side: _Side, rows: Rows | None) -> datetime | None:
    if rows is None:
        return None
    columns = side.columns
    start, end = columns.start[rows], side.ends[rows]
    provisional = columns.settled[rows] == SETTLED_CODE[Settled.NO]
    known = HAS_VALUE[columns.status[rows]] & ~provisional
    if provisional.any():
        known &= end <= start[provisional].min()
        known &= end < end[provisional].min()  # Levels begin where they end.
    return moment(int(end[known].max())) if known.any() else None
