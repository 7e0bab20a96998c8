"""Orders that always hold, looked for in the figures: where one is broken, the data
are at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.breaks import Break, End, breaks
from socialmetrics.comparison.coding import shared
from socialmetrics.comparison.lots import lots
from socialmetrics.comparison.result import Fault, Grounds, Number
from socialmetrics.comparison.rule import Order
from socialmetrics.series.columns import Columns, end_moment, moment
from socialmetrics.series.points import number

MOST: Final = 100
_Weight: TypeAlias = tuple[bool, float]


@attrs.frozen(kw_only=True)
class Faults:
    """What breaks one rule: `count` is how often, `found` the worst of it.

    Faults come before warnings, large differences before small ones.
    """

    grounds: Grounds
    count: int
    found: tuple[Fault, ...]


def faults(
    sides: Sequence[tuple[str, Columns]], orders: Sequence[Order], most: int = MOST
) -> tuple[Faults, ...]:
    """What in the observed figures of these tools cannot be true, rule by rule.

    Orders are looked for within each tool and between them, where readings agree in
    everything that the order does not name; so are the differences that the ontology
    defines. Figures of one subject and breakdown meet that begin and end at the same
    instants, and lifetime totals whenever they were read: where that may be why they
    break an order, it is a warning. At most `most` of a rule are kept; where there are
    more, the texts say how many.
    """
    names = [name for name, _ in sides]
    every = [
        lot
        for side, (_, columns) in enumerate(shared(sides))
        for lot in lots(side, columns)
    ]
    found = defaultdict[Grounds, list[Break]](list)
    for each in breaks(every, orders):
        found[each.grounds].append(each)
    return tuple(_told(grounds, each, names, most) for grounds, each in found.items())


def _told(
    grounds: Grounds, broken: Sequence[Break], names: Sequence[str], most: int
) -> Faults:
    count = sum(map(len, broken))
    weighed = [each for one in broken for each in _worst(one, names, most)]
    weighed.sort(key=lambda each: each[0])
    found = tuple(fault for _, fault in weighed[:most])
    if count > most:
        note = f" There are {count:,} such pairs of figures."
        found = tuple(attrs.evolve(fault, text=fault.text + note) for fault in found)
    return Faults(grounds=grounds, count=count, found=found)


def _worst(
    broken: Break, names: Sequence[str], most: int
) -> Iterator[tuple[_Weight, Fault]]:
    excess, doubtful = broken.excess, broken.is_doubtful
    for row in np.lexsort((-excess, doubtful))[:most].tolist():
        is_warning = bool(doubtful[row])
        yield (is_warning, -float(excess[row])), _fault(broken, row, names, is_warning)


def _fault(broken: Break, row: int, names: Sequence[str], is_warning: bool) -> Fault:
    lesser, greater = broken.lesser, broken.greater
    columns, at = lesser.lot.columns, int(lesser.lot.rows[lesser.rows[row]])
    doubts = [doubt for mask, doubt in broken.doubts if mask[row]]
    return Fault(
        grounds=broken.grounds,
        severity="warning" if is_warning else "fault",
        subject=columns.subject_of(at),
        start=moment(int(columns.start[at])),
        end=end_moment(int(columns.end[at])),
        lesser=_value(lesser, row),
        lesser_metric=lesser.metric,
        lesser_name=names[lesser.lot.side],
        greater=_value(greater, row),
        greater_metric=greater.metric,
        greater_name=names[greater.lot.side],
        text=" ".join([_text(broken, row, names), broken.grounds.text, *doubts]),
    )


def _value(end: End, row: int) -> Number:
    found = number(float(end.values[row]), end.lot.reading)
    assert found is not None  # noqa: S101 - what is observed has a value
    return found


def _text(broken: Break, row: int, names: Sequence[str]) -> str:
    """Who, when, and the two figures: "x:100, since publication: likes 5 (A, read
    2026-03-11 06:00) are above reactions 4 (A, read 2026-03-11 06:00)."."""
    lesser, greater = broken.lesser, broken.greater
    columns, at = lesser.lot.columns, int(lesser.lot.rows[lesser.rows[row]])
    breakdown = columns.breakdowns[int(columns.breakdown[at])]
    told = [str(columns.subject_of(at)), *filter(None, [breakdown]), _span(lesser, at)]
    figures = [_figure(end, row, names) for end in (lesser, greater)]
    verb = "fell to" if broken.is_fall else "above"
    return f"{', '.join(told)}: {figures[0]} {verb} {figures[1]}."


def _figure(end: End, row: int, names: Sequence[str]) -> str:
    reading, read = end.lot.reading, moment(int(end.lot.read[end.rows[row]]))
    scope = "" if reading.scope == "unknown" else f" {reading.scope}"
    people = " people" if reading.counting == "unique" else ""
    source = f"{names[end.lot.side]}, read {read:%Y-%m-%d %H:%M}"
    return f"{end.metric}{scope}{people} {_value(end, row):,} ({source})"


def _span(end: End, at: int) -> str:
    columns = end.lot.columns
    if end.lot.reading.temporality == "lifetime":
        return "since publication"
    start, until = moment(int(columns.start[at])), moment(int(columns.end[at]))
    return f"{start:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
