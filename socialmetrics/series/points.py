"""Rows as `Point`s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from socialmetrics.model import Point
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    SETTLED,
    STATUSES,
    Columns,
    end_moment,
    ints,
    moment,
)

CHUNK: Final = 65_536
COUNTED: Final = frozenset({"count", "person"})


def points(columns: Columns) -> Iterator[Point]:
    """Every row as a point, in order."""
    for begin in range(0, len(columns), CHUNK):
        yield from _points(columns.take(slice(begin, begin + CHUNK)))


def _points(columns: Columns) -> Iterator[Point]:
    readings, subjects, sources = columns.readings, columns.subjects, columns.sources
    who = zip(
        ints(columns.subject),
        ints(columns.reading),
        ints(columns.source),
        ints(columns.breakdown),
        strict=True,
    )
    when = zip(ints(columns.start), ints(columns.end), strict=True)
    what = zip(
        map(float, columns.value.tolist()),
        ints(columns.status),
        ints(columns.settled),
        strict=True,
    )
    for words, (start, end), (value, status, settled) in zip(
        who, when, what, strict=True
    ):
        subject, code, source, breakdown = words
        reading = readings[code]
        yield Point(
            subject=subjects[subject],
            metric=reading.metric,
            start=moment(start),
            end=end_moment(end),
            value=number(value, reading),
            status=STATUSES[status],
            reading=reading,
            source=sources[source],
            settled=SETTLED[settled],
            breakdown=columns.breakdowns[breakdown],
        )


def number(value: float, reading: Reading) -> int | float | None:
    """None for NaN; whole counts as int, everything else as float."""
    if value != value:
        return None
    if reading.unit in COUNTED and value.is_integer():
        return int(value)
    return value
