"""Figures of hours and days put together to days, weeks, months or one total."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final, Literal, get_args

import attrs
import numpy as np

from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.reading import Reading
from socialmetrics.series.build import join
from socialmetrics.series.columns import (
    HOUR,
    Columns,
    Instants,
    Mask,
    Rows,
    by_age,
    joint,
    micros,
    moment,
    own_zone,
)
from socialmetrics.series.select import last_of
from socialmetrics.series.standing import (
    DOUBT,
    RANK,
    SETTLED_OF,
    STATUS_OF,
    ZERO_BY_RULE,
    together,
)
from socialmetrics.window import ONE_DAY, midnight, zone

By = Literal["day", "week", "month", "total"]

DAY_FIGURE: Final = 23 * HOUR  # the shortest day that a zone has


def rollup(columns: Columns, by: By, tz: str | None) -> Columns:
    """See `MetricSeries.rollup`."""
    if by not in get_args(By):
        raise InvalidQuery(f"by={by!r} is none of {', '.join(get_args(By))}")
    for reading in columns.used_readings():
        _refuse(reading)
    if tz is not None:
        zone(tz)
        return _rolled(columns, by, tz)
    zones = dict.fromkeys(map(own_zone, columns.used_readings()))
    return join(
        [
            _rolled(columns.take(columns.by_reading(partial(_is_in, tz))), by, tz)
            for tz in zones
        ]
    )


def _is_in(tz: str, reading: Reading) -> bool:
    return own_zone(reading) == tz


def _rolled(columns: Columns, by: By, tz: str) -> Columns:
    gauge = columns.by_reading(lambda reading: reading.temporality == "instant")
    if not gauge.any():
        return _sums(columns, by, tz)
    sums, levels = columns.take(~gauge), columns.take(gauge)
    return join([_sums(sums, by, tz), _levels(levels, by, tz)])


def _refuse(reading: Reading) -> None:
    if reading.temporality == "lifetime":
        rule, why = "lifetime-over-time", "is a total since publication"
        instead = "series.latest(), or the metric by period from a vendor that has it"
    elif reading.temporality == "instant":
        return
    elif reading.unit == "ratio":
        rule, why = "ratio-over-time", "is a ratio"
        instead = "roll up its parts, then derive(...) the ratio from the sums"
    elif reading.counting == "unique":
        rule, why = "unique-over-time", "counts a person once in each figure"
        instead = "the vendor's own figure for the whole span"
    elif not reading.additive:
        rule, why = "not-additive", "is not a sum of its days"
        instead = "the figures as they are, or the vendor's own for the whole span"
    else:
        return
    raise NotComparable(
        f"{reading.label} of {reading.vendor} {why} and cannot be added over time",
        rule=rule,
        instead=instead,
    )


def _sums(columns: Columns, by: By, tz: str) -> Columns:
    if not len(columns):
        return columns
    bucket = _buckets(columns, by, tz)
    group = _lines(columns)
    order = _order(group, columns.start)
    if order is not None:
        columns, bucket, group = columns.take(order), bucket[order], group[order]
    same_line = group[1:] == group[:-1]
    _refuse_overlap(columns, same_line & (columns.start[1:] < columns.end[:-1]))
    same = same_line & (bucket[1:] == bucket[:-1])
    hole = np.insert(same & (columns.start[1:] > columns.end[:-1]), 0, False)
    return added(columns, np.flatnonzero(np.insert(~same, 0, True)), hole)


def added(columns: Columns, heads: Rows, hole: Mask) -> Columns:
    """One row for every run of rows that begins at `heads`."""
    rank = RANK[columns.status]
    rank = together(
        np.minimum.reduceat(rank, heads),
        np.maximum.reduceat(rank, heads),
        np.logical_or.reduceat(hole, heads),
    )
    age = by_age(columns.sources)
    newest = np.maximum.reduceat(age[columns.source], heads)
    summed = np.add.reduceat(columns.value, heads)
    return Columns(
        subjects=columns.subjects,
        readings=columns.readings,
        sources=columns.sources,
        breakdowns=columns.breakdowns,
        subject=columns.subject[heads],
        reading=columns.reading[heads],
        source=np.argsort(age).astype(np.int32)[newest],
        breakdown=columns.breakdown[heads],
        start=columns.start[heads],
        end=columns.end[np.append(heads[1:], len(columns)) - 1],
        value=np.where(rank <= ZERO_BY_RULE, summed, np.nan),
        status=STATUS_OF[rank],
        settled=SETTLED_OF[np.maximum.reduceat(DOUBT[columns.settled], heads)],
    )


def _levels(columns: Columns, by: By, tz: str) -> Columns:
    cuts = _cuts(columns.start, by, tz)
    bucket = np.searchsorted(cuts, columns.start, "right")
    line = _lines(columns)
    group = joint((line, int(line.max()) + 1), (bucket, len(cuts) + 1))
    order = np.lexsort((columns.start, group))
    heads = np.insert(np.diff(group[order]) != 0, 0, True)
    # Both by group: the taken row, and where the first row of its bucket begins.
    first = columns.start[order[heads]]
    return attrs.evolve(columns.take(last_of(columns, group)), start=first)


def _lines(columns: Columns) -> Instants:
    return joint(
        (columns.subject, len(columns.subjects)),
        (columns.reading, len(columns.readings)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _order(group: Instants, start: Instants) -> Rows | None:
    """The rows by group and start; None where they are in that order already."""
    first, groups = int(start.min()), int(group.max()) + 1
    offset, span = start - first, int(start.max()) - first + 1
    if groups * span > np.iinfo(np.int64).max:
        offset, span = np.unique(start, return_inverse=True)[1], len(start)
    # One key sorts in less than half the time of two.
    key = joint((group, groups), (offset, span))
    return None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")


def _refuse_overlap(columns: Columns, wrong: Mask) -> None:
    if not wrong.any():
        return
    row = int(wrong.argmax())
    raise NotComparable(
        f"{_named(columns, row)} and the next figure overlap; their sum would count "
        "something twice",
        rule="spans-overlap",
        instead="series.where(...) with one vendor and one size of step",
    )


def _buckets(columns: Columns, by: By, tz: str) -> Rows:
    start, end = columns.start, columns.end
    cuts = _cuts(np.append(start, end.max() - 1), by, tz)
    bucket = np.searchsorted(cuts, start, "right")
    if by != "total":
        _refuse_cut_days(columns, tz)
        _refuse_straddling(columns, end > cuts[bucket], by, tz)
    return bucket


def _refuse_cut_days(columns: Columns, tz: str) -> None:
    days = np.flatnonzero(columns.end - columns.start >= DAY_FIGURE)
    if not len(days):
        return
    start, end = columns.start[days], columns.end[days]
    midnights = _cuts(np.append(start, end.max()), "day", tz)
    wrong = (_next(midnights, start) != start) | (_next(midnights, end) != end)
    if wrong.any():
        raise NotComparable(
            f"{_named(columns, int(days[wrong.argmax()]))} is not made of whole days "
            f"in {tz}",
            rule="day-cannot-be-cut",
            instead="tz= the zone of the vendor's day, or figures by the hour",
        )


def _next(cuts: Instants, instants: Instants) -> Instants:
    """For every instant the cut at or after it; there is one."""
    found: Instants = cuts[np.searchsorted(cuts, instants)]
    return found


def _refuse_straddling(columns: Columns, wrong: Mask, by: By, tz: str) -> None:
    if wrong.any():
        raise NotComparable(
            f"{_named(columns, int(wrong.argmax()))} lies in more than one {by} "
            f"of {tz}",
            rule="figure-cannot-be-cut",
            instead="figures of smaller steps, or a larger bucket",
        )


def _named(columns: Columns, row: int) -> str:
    reading = columns.reading_of(row)
    first, last = moment(int(columns.start[row])), moment(int(columns.end[row]))
    return (
        f"{columns.subject_of(row)} {reading.label} "
        f"[{first.isoformat()}, {last.isoformat()})"
    )


def _cuts(instants: Instants, by: By, tz: str) -> Instants:
    """Where buckets begin, from the first instant's to one after the last's.

    No cut at all for a total.
    """
    if by == "total":
        return np.empty(0, np.int64)
    first, last = int(instants.min()), int(instants.max())
    try:
        days = _starts(_local_day(first, tz), _local_day(last, tz), by)
        return np.array([micros(midnight(day, tz)) for day in days], np.int64)
    except OverflowError as err:
        raise InvalidQuery(
            f"the {by}s of {moment(first)} .. {moment(last)} leave the calendar"
        ) from err


def _local_day(us: int, tz: str) -> date:
    return moment(us).astimezone(zone(tz)).date()


def _starts(first: date, last: date, by: By) -> Iterator[date]:
    day = first
    if by == "week":
        day -= day.weekday() * ONE_DAY
    elif by == "month":
        day = day.replace(day=1)
    while day <= last:
        yield day
        day = _after(day, by)
    yield day


def _after(day: date, by: By) -> date:
    if by == "month":
        return (day.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    return day + (7 if by == "week" else 1) * ONE_DAY
