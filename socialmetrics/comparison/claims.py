"""Which orders hold between the figures of which readings; none is looked at yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise, product
from typing import Final

import attrs

from socialmetrics import ontology
from socialmetrics.comparison.bounds import ALIKE, SOURCE, bound, never_falls
from socialmetrics.comparison.composition import parts
from socialmetrics.comparison.judging import judge, verdict
from socialmetrics.comparison.lots import Lot
from socialmetrics.comparison.result import Grounds, Severity
from socialmetrics.comparison.rule import Days, Order
from socialmetrics.comparison.rules import rule, rules
from socialmetrics.ontology import Difference, Metric
from socialmetrics.reading import Reading
from socialmetrics.window import ONE_DAY

WITHDRAWN: Final = "counting-net-of-approval"
"""The rule that names the metrics of which something can be taken back."""
_LANE: Final = (*(name for name in ALIKE if name != "metric"), "scope")

Candidates = Mapping[tuple[int, int], Sequence[Order]]


@attrs.frozen(kw_only=True, eq=False)
class Claim:
    """Figures of `lesser` that begin on these days are never above those of `greater`;
    with `later`, never above those that were read later."""

    grounds: Grounds
    severity: Severity
    lesser: Lot
    greater: Lot
    days: Days
    later: bool = False


@attrs.frozen(kw_only=True, eq=False)
class Equation:
    """Figures of `whole` are those of `plus` less those of `minus`."""

    grounds: Grounds
    whole: Lot
    plus: Lot
    minus: Lot


@cache
def withdrawable() -> frozenset[str]:
    """The metrics whose figures fall when somebody takes back what they did, and those
    that hold such a metric."""
    known = rule(WITHDRAWN).metrics
    wholes = {
        each.id for each in ontology.metrics() if not known.isdisjoint(each.contains)
    }
    return known | wholes


def may_fall(reading: Reading) -> bool:
    """Whether what is taken back is subtracted in it, as far as anybody knows."""
    return reading.net or reading.metric in withdrawable()


def claims(lots: Sequence[Lot], orders: Sequence[Order], days: Days) -> Iterator[Claim]:
    """Every order between figures of one subject and window, and every one over time.

    `days` are the first and the last on which a figure begins.
    """
    stretches = tuple(_stretches(orders, days))
    for (lesser, greater), fitting in _candidates(lots, orders).items():
        for stretch in stretches:
            yield from _bounded(lots[lesser], lots[greater], stretch, fitting)
    over_time = [order for order in orders if order.over_time]
    for earlier, later in _successors(lots, over_time, days):
        for stretch in stretches:
            yield from _running(earlier, later, stretch, over_time)


def _stretches(orders: Sequence[Order], days: Days) -> Iterator[Days]:
    """The days, cut wherever an order begins or ceases to be in force."""
    begins = {order.valid_from for order in orders if order.valid_from}
    begins |= {order.valid_to + ONE_DAY for order in orders if order.valid_to}
    cuts = sorted(day for day in begins if days[0] < day <= days[1])
    for first, after in pairwise([days[0], *cuts, days[1] + ONE_DAY]):
        yield first, after - ONE_DAY


def _candidates(lots: Sequence[Lot], orders: Sequence[Order]) -> Candidates:
    """The pairs of lots that an order may be about, and those orders.

    It keeps `bound` from being asked about every pair of hundreds.
    """
    found = defaultdict[tuple[int, int], list[Order]](list)
    for order in orders:
        if order.over_time:
            continue
        free = order.lesser.names & order.greater.names
        lane = tuple(name for name in ALIKE if name not in free)
        above = _by_lane(lots, order, lane)
        for number, lot in enumerate(lots) if above else ():
            if order.lesser.fits(lot.reading):
                for other in above.get(_attributes(lot.reading, lane), ()):
                    found[number, other].append(order)
    return found


def _by_lane(
    lots: Sequence[Lot], order: Order, lane: Sequence[str]
) -> Mapping[tuple[object, ...], Sequence[int]]:
    found = defaultdict[tuple[object, ...], list[int]](list)
    for number, lot in enumerate(lots):
        if order.greater.fits(lot.reading):
            found[_attributes(lot.reading, lane)].append(number)
    return found


def _attributes(reading: Reading, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(reading, name) for name in names)


def _bounded(
    lesser: Lot, greater: Lot, days: Days, orders: Sequence[Order]
) -> Iterator[Claim]:
    below, above = _for_equal_spans(lesser.reading, greater.reading)
    found = bound(below, above, days, orders)
    if found is not None and found.lesser == "left" and lesser is not greater:
        yield Claim(
            grounds=found.order.grounds,
            severity=found.severity,
            lesser=lesser,
            greater=greater,
            days=days,
        )


def _for_equal_spans(lesser: Reading, greater: Reading) -> tuple[Reading, Reading]:
    """The two readings as they are for figures that begin and end at one instant.

    Whose days they are does not matter then. What falls in a window breaks an order
    only as the greater figure: organic likes are above all of them where paid ones
    were taken back. Since publication, nothing more can be taken back than was given;
    but what is left may be below what was given.
    """
    falls = may_fall(greater)
    if greater.temporality == "lifetime":
        falls = greater.net and not may_fall(lesser)
    return (
        attrs.evolve(lesser, zone="UTC", net=False),
        attrs.evolve(greater, zone="UTC", net=falls),
    )


def _successors(
    lots: Sequence[Lot], orders: Sequence[Order], days: Days
) -> Iterator[tuple[Lot, Lot]]:
    """The lots whose figures may follow one another: of one reading, or of readings
    that say the same on every axis."""
    alike = defaultdict[tuple[object, ...], list[Lot]](list)
    for lot in lots:
        if any(order.lesser.fits(lot.reading) for order in orders):
            alike[_attributes(lot.reading, _LANE), lot.reading.metric].append(lot)
    for group in alike.values():
        for one, other in product(group, group):
            if one is other or _is_comparable(one.reading, other.reading, days):
                yield one, other


def _is_comparable(one: Reading, other: Reading, days: Days) -> bool:
    return verdict(judge(one, other, days, rules()).values()) == "comparable"


def _running(
    earlier: Lot, later: Lot, days: Days, orders: Sequence[Order]
) -> Iterator[Claim]:
    readings = [
        attrs.evolve(lot.reading, net=may_fall(lot.reading)) for lot in (earlier, later)
    ]
    found = [never_falls(reading, days, orders) for reading in readings]
    severities = {order.severity for order in found if order}
    if found[0] is not None and found[1] is not None:
        yield Claim(
            grounds=found[0].grounds,
            severity="warning" if "warning" in severities else "fault",
            lesser=earlier,
            greater=later,
            days=days,
            later=True,
        )


def equations(lots: Sequence[Lot]) -> Iterator[Equation]:
    """Every metric that the ontology defines as a difference, where one tool has all
    three of one reading."""
    by_metric = defaultdict[str, list[Lot]](list)
    for lot in lots:
        reading = lot.reading
        if reading.scope != "unknown" and parts(reading) == (reading.metric,):
            by_metric[reading.metric].append(lot)
    for metric in map(ontology.metric, filter(ontology.is_canonical, [*by_metric])):
        formula = metric.formula
        if isinstance(formula, Difference):
            names = (metric.id, formula.left, formula.right)
            for three in product(*(by_metric.get(name, ()) for name in names)):
                if len({_tool_and_lane(lot) for lot in three}) == 1:
                    whole, plus, minus = three
                    grounds = _of_difference(metric, formula)
                    yield Equation(grounds=grounds, whole=whole, plus=plus, minus=minus)


def _tool_and_lane(lot: Lot) -> tuple[object, ...]:
    return lot.side, *_attributes(lot.reading, _LANE)


def _of_difference(metric: Metric, formula: Difference) -> Grounds:
    left, right = ontology.metric(formula.left), ontology.metric(formula.right)
    return Grounds(
        id=f"{metric.id.replace('_', '-')}-is-a-difference",
        text=f"{metric.title} are {left.title.lower()} less {right.title.lower()}.",
        source=SOURCE,
    )
