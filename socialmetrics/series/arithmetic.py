"""Derived figures: parts laid side by side, row by row, and put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import attrs
import numpy as np

from socialmetrics import ontology
from socialmetrics.derivation import ENDPOINT, VENDOR, Lane, Step, is_level, steps
from socialmetrics.errors import NotComparable
from socialmetrics.model import Issue, Missing
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series.align import Sides, levels, side_by_side
from socialmetrics.series.build import join
from socialmetrics.series.columns import (
    STATUS_CODE,
    Codes,
    Columns,
    Mask,
    Values,
    by_age,
    ints,
    joint,
    moment,
    recode,
)
from socialmetrics.series.series import MetricSeries
from socialmetrics.series.standing import (
    DOUBT,
    NOT_COLLECTED,
    NOT_REPORTED,
    RANK,
    SETTLED_OF,
    STATUS_OF,
    WORST_LAST,
    ZERO_BY_RULE,
    together,
)

UNKNOWN: Final = WORST_LAST.index(Settled.UNKNOWN)
Place = tuple[str, str, str]


@attrs.frozen
class _Outcome:
    """Derived rows, and what was odd on the way."""

    columns: Columns
    issues: tuple[Issue, ...]


def derive(series: MetricSeries, metric: str) -> MetricSeries:
    """See `socialmetrics.derivation.derive`."""
    columns = series.columns
    if not len(columns):
        return MetricSeries.empty()
    readings = columns.used_readings()
    ways = steps(metric, readings, _silent(columns))
    outcomes, refusals = list[_Outcome](), list[tuple[Lane, NotComparable]]()
    for step in ways:
        try:
            outcomes.append(_figures(columns, step))
        except NotComparable as err:
            refusals.append((step.lane, err))
    if not outcomes:
        raise refusals[0][1]
    missing = [
        Missing(metric=metric, network=lane.network, reason=err.message)
        for lane, err in refusals
    ]
    missing += _left_out(metric, readings, {_place(step.lane) for step in ways})
    return MetricSeries(
        join([outcome.columns for outcome in outcomes]),
        missing=missing,
        issues=(issue for outcome in outcomes for issue in outcome.issues),
    )


def _silent(columns: Columns) -> tuple[Reading, ...]:
    """The readings all of whose figures are not reported."""
    told = columns.reading[columns.status != STATUS_CODE[Status.NOT_REPORTED]]
    heard = set(np.unique(told).tolist())
    return tuple(r for code, r in enumerate(columns.readings) if code not in heard)


def _place(of: Lane | Reading) -> Place:
    return of.vendor, of.network, of.level


def _left_out(
    metric: str, readings: Sequence[Reading], done: set[Place]
) -> Iterator[Missing]:
    """The vendors' networks that have figures, but not those that are needed."""
    for place in dict.fromkeys(map(_place, readings)):
        if place in done or place[0] == VENDOR:
            continue
        try:
            steps(metric, [each for each in readings if _place(each) == place])
        except NotComparable as err:
            yield Missing(metric=metric, network=place[1], reason=err.message)


def _figures(columns: Columns, step: Step) -> _Outcome:
    if not step.parts:
        wanted = frozenset(step.readings)
        return _Outcome(columns.take(columns.by_reading(wanted.__contains__)), ())
    parts = [_figures(columns, part) for part in step.parts]
    both = join([part.columns for part in parts])
    sizes = [len(part.columns) for part in parts]
    number = np.repeat(np.arange(len(parts)), sizes)
    last = step.parts[-1].lane
    lay = levels if is_level(step.lane, last) else side_by_side
    outcome = _put_together(step, lay(step, both, number))
    issues = (issue for part in parts for issue in part.issues)
    return _Outcome(outcome.columns, (*issues, *outcome.issues))


def _put_together(step: Step, sides: Sides) -> _Outcome:
    columns, there = sides.columns, sides.there
    rank = np.where(there, RANK[columns.status[sides.rows]], np.uint8(NOT_COLLECTED))
    hole: Mask = np.logical_or.reduce(~there, axis=1)
    ranks = together(rank.min(axis=1), rank.max(axis=1), hole)
    values = np.where(there, columns.value[sides.rows], np.nan)
    doubt = np.where(there, DOUBT[columns.settled[sides.rows]], np.uint8(UNKNOWN))
    if step.kind == "ratio":
        zero = (ranks <= ZERO_BY_RULE) & (values[:, 1] == 0)
        ranks = np.where(zero, np.uint8(NOT_REPORTED), ranks)
    else:
        zero = np.zeros(len(ranks), np.bool_)
    value = np.where(ranks <= ZERO_BY_RULE, _computed(step, values), np.nan)
    base = columns.take(sides.base)
    readings, reading = _readings(step, sides)
    derived = Columns(
        subjects=columns.subjects,
        readings=readings,
        sources=columns.sources,
        breakdowns=columns.breakdowns,
        subject=base.subject,
        reading=reading,
        source=_newest(sides),
        breakdown=base.breakdown,
        start=base.start,
        end=base.end,
        value=value,
        status=STATUS_OF[ranks],
        settled=SETTLED_OF[doubt.max(axis=1)],
    )
    return _Outcome(derived, _told(step, derived, zero))


def _computed(step: Step, values: Values) -> Values:
    if step.kind == "sum":
        total: Values = values.sum(axis=1)
        return total
    if step.kind == "difference":
        return values[:, 0] - values[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return values[:, 0] / values[:, 1]


def _newest(sides: Sides) -> Codes:
    """For every derived row, the source that was fetched last."""
    age = by_age(sides.columns.sources)
    ages = np.where(sides.there, age[sides.columns.source[sides.rows]], np.int32(-1))
    newest: Codes = np.argsort(age).astype(np.int32)[ages.max(axis=1)]
    return newest


def _told(step: Step, derived: Columns, zero: Mask) -> tuple[Issue, ...]:
    if not zero.any():
        return ()
    row = int(zero.argmax())
    begin = moment(int(derived.start[row])).isoformat()
    below = step.parts[1].composition
    problem = f"{int(zero.sum())} ratios have the denominator 0 ({below}) and no value"
    return (
        Issue(
            path=step.metric, problem=problem, seen=f"{derived.subject_of(row)} {begin}"
        ),
    )


def _readings(step: Step, sides: Sides) -> tuple[tuple[Reading, ...], Codes]:
    """The readings of the derived rows: one for every mix of the parts' readings."""
    codes = np.where(sides.there, sides.columns.reading[sides.rows], np.int32(-1)) + 1
    count = len(sides.columns.readings) + 1
    mix = joint(*((codes[:, part], count) for part in range(codes.shape[1])))
    _, first, inverse = np.unique(mix, return_index=True, return_inverse=True)
    readings, mapping = recode(
        _reading(step, [sides.columns.readings[code - 1] for code in ints(row) if code])
        for row in codes[first]
    )
    return readings, mapping[inverse]


def _reading(step: Step, parts: Sequence[Reading]) -> Reading:
    lane = step.lane
    return Reading(
        vendor=VENDOR,
        endpoint=ENDPOINT,
        network=lane.network,
        name=step.metric,
        metric=step.metric,
        level=lane.level,
        temporality=lane.temporality,
        date_axis=lane.date_axis,
        scope=lane.scope,
        counting=lane.counting,
        unit=ontology.metric(step.metric).unit,
        additive=step.kind != "ratio" and all(part.additive for part in parts),
        net=step.kind == "difference" or any(part.net for part in parts),
        threshold=" / ".join(_distinct(part.threshold for part in parts)),
        composition=step.composition,
        zone=_common(part.zone for part in parts),
        valid_from=max(_days(part.valid_from for part in parts), default=None),
        valid_to=min(_days(part.valid_to for part in parts), default=None),
        note=_made_of(step),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


def _common(zones: Iterable[str | None]) -> str | None:
    zone, *others = dict.fromkeys(zones)
    return None if others else zone


def _days(days: Iterable[date | None]) -> list[date]:
    return [day for day in days if day is not None]


def _made_of(step: Step) -> str:
    names = _distinct(f"{each.endpoint} {each.name}" for each in step.leaves)
    return f"computed from {step.lane.vendor}: {', '.join(names)}"
