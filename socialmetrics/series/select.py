"""Which rows: by what they are of, by when they are, and the latest of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Final, TypeVar, get_args

import attrs
import numpy as np

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Ref
from socialmetrics.reading import Level, Reading, Scope, Status
from socialmetrics.series.columns import (
    NONE,
    STATUS_CODE,
    Columns,
    Mask,
    Rows,
    by_age,
    flags,
    ints,
    joint,
    micros,
    moment,
    own_zone,
    recode,
)
from socialmetrics.window import ONE_DAY, Window, midnight, zone

T = TypeVar("T")
Chosen = frozenset[T] | None

CLOSED: Final = {
    "status": tuple(str(status) for status in Status),
    "scope": get_args(Scope),
    "level": get_args(Level),
}


@attrs.frozen(kw_only=True)
class Choice:
    """What `where` was asked for; None is everything."""

    metric: Chosen[str]
    subject: Chosen[Ref]
    status: Chosen[str]
    scope: Chosen[str]
    network: Chosen[str]
    level: Chosen[str]
    breakdown: Chosen[str]
    window: Window | None

    def mask(self, columns: Columns) -> Mask:
        """For every row, whether it is chosen."""
        keep = np.ones(len(columns), np.bool_)
        if self.subject is not None or self.network is not None:
            keep &= flags(columns.subjects, self._has_subject)[columns.subject]
        if not self.metric is self.scope is self.level is None:
            keep &= columns.by_reading(self._has_reading)
        if self.breakdown is not None:
            chosen = self.breakdown
            keep &= flags(columns.breakdowns, chosen.__contains__)[columns.breakdown]
        if self.status is not None:
            codes = [STATUS_CODE[Status(status)] for status in self.status]
            keep &= np.isin(columns.status, np.array(codes, np.uint8))
        return keep if self.window is None else keep & inside(columns, self.window)

    def has_missing(self, missing: Missing) -> bool:
        """Whether that missing metric is among what is chosen."""
        ref = missing.subject
        network = missing.network if ref is None else ref.network
        return (
            _fits(self.metric, missing.metric)
            and (ref is None or _fits(self.subject, ref))
            and (network is None or _fits(self.network, network))
        )

    def _has_subject(self, ref: Ref) -> bool:
        return _fits(self.subject, ref) and _fits(self.network, ref.network)

    def _has_reading(self, reading: Reading) -> bool:
        named = self.metric is None or not self.metric.isdisjoint(
            {reading.metric, reading.name, reading.label}
        )
        return (
            named
            and _fits(self.scope, reading.scope)
            and _fits(self.level, reading.level)
        )


def _fits(chosen: Chosen[T], value: T) -> bool:
    return chosen is None or value in chosen


def chosen(name: str, value: T | Iterable[T] | None, kind: type[T]) -> Chosen[T]:
    """One value or many as a set. Raises `InvalidQuery` for other kinds of values,
    and for words outside a closed set."""
    if value is None:
        return None
    many: Collection[object] = _many(name, value, kind)
    for each in many:
        if not isinstance(each, kind):
            raise InvalidQuery(f"{name}={each!r} is not a {kind.__name__}")
        if name in CLOSED and each not in CLOSED[name]:
            raise InvalidQuery(f"{name}={each!r} is none of {', '.join(CLOSED[name])}")
    return frozenset(each for each in many if isinstance(each, kind))


def span(window: object) -> Window | None:
    """A window, or None. Raises `InvalidQuery` for anything else."""
    if window is None or isinstance(window, Window):
        return window
    raise InvalidQuery(
        f"window={window!r} is not a Window; write Window.days('2026-03-02', "
        "'2026-03-08')"
    )


def _many(name: str, value: object, kind: type[object]) -> Collection[object]:
    if isinstance(value, kind):
        return (value,)
    if isinstance(value, Iterable):
        return tuple(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # of whatever kind
    raise InvalidQuery(
        f"{name}={value!r} is not a {kind.__name__}, nor several of them"
    )


def inside(columns: Columns, window: Window) -> Mask:
    """The rows that are in the window, as `MetricSeries.where` has it."""
    first, last = micros(window.start), micros(window.end)
    start, end = columns.start, columns.end
    whole: Mask = (end == NONE) | (end <= last)
    inside: Mask = (start >= first) & (start < last) & whole
    if not window.is_whole_days:
        return inside
    for tz in dict.fromkeys(map(own_zone, columns.used_readings())):
        there = columns.by_reading(partial(_counts_days_of, tz))
        inside |= _days_inside(columns, window, tz, there & ~inside)
    return inside


def _counts_days_of(tz: str, reading: Reading) -> bool:
    return own_zone(reading) == tz


def _days_inside(columns: Columns, window: Window, tz: str, among: Mask) -> Mask:
    """The rows that are made of days of that zone, all of them dates of the window."""
    try:
        first = micros(midnight(window.first_day, tz))
        last = micros(midnight(window.last_day + ONE_DAY, tz))
    except OverflowError:  # the calendar begins later there
        return np.zeros(len(columns), np.bool_)
    start, end = columns.start, columns.end
    fits: Mask = among & (first <= start) & (start < end) & (end <= last)
    bounds = np.unique(np.concatenate([start[fits], end[fits]]))
    midnights = [us for us in ints(bounds) if _is_midnight(us, tz)]
    days: Mask = fits & np.isin(start, midnights) & np.isin(end, midnights)
    return days


def _is_midnight(us: int, tz: str) -> bool:
    instant = moment(us)
    return midnight(instant.astimezone(zone(tz)).date(), tz) == instant


def latest(columns: Columns) -> Columns:
    """See `MetricSeries.latest`. Order is kept."""
    kinds, kind = recode(map(_kind, columns.readings))
    group = joint(
        (columns.subject, len(columns.subjects)),
        (kind[columns.reading], len(kinds)),
        (columns.breakdown, len(columns.breakdowns)),
    )
    return columns.take(np.sort(last_of(columns, group)))


def _kind(reading: Reading) -> tuple[str, ...]:
    """What two readings have in common whose figures follow one another."""
    of = reading.vendor, reading.level
    return *of, reading.metric, reading.scope, reading.counting


def last_of(
    columns: Columns, group: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Rows:
    """The number of the last observed row of every group, else of its last row."""
    observed = columns.status == STATUS_CODE[Status.OBSERVED]
    fetched = by_age(columns.sources)[columns.source]
    order = np.lexsort((fetched, columns.start, observed, group))
    ordered = group[order]
    ends: Mask = np.append(ordered[1:] != ordered[:-1], True)[: len(order)]
    lasts: Rows = order[ends]
    return lasts
