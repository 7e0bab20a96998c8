"""Orders between figures: which of two can never be above the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import attrs

from socialmetrics import ontology
from socialmetrics.comparison.agreement import state
from socialmetrics.comparison.composition import held, parts
from socialmetrics.comparison.result import Severity, Where
from socialmetrics.comparison.rule import Days, Order, Pattern
from socialmetrics.ontology import Metric
from socialmetrics.reading import Reading

ALIKE: Final = (
    "metric",
    "network",
    "level",
    "temporality",
    "date_axis",
    "counting",
    "threshold",
)
"""In what two readings agree where an order does not name it; scopes must fit too."""
SOURCE: Final = "the definitions of the canonical metrics"


@attrs.frozen(kw_only=True)
class Bound:
    """An order that holds between two figures, and the side that is never above."""

    order: Order
    lesser: Where
    severity: Severity


def bound(
    left: Reading, right: Reading, days: Days, orders: Sequence[Order]
) -> Bound | None:
    """The order that two figures of one subject and window keep; None without one.

    Of several, an adapter's counts before the core's, then the more special one. Raw
    figures are meant: parts of a composite that nobody documents give a "warning".
    """
    holding: list[tuple[Order, Where]] = [
        (order, side)
        for order in orders
        if not order.over_time and order.is_in_force(days)
        for side in _sides(order, left, right, days)
    ]
    if not holding:
        return None
    order, side = max(holding, key=lambda each: each[0].rank)
    if order.severity is None:
        return None
    severity = _severity(order, order.severity, right if side == "left" else left)
    return Bound(order=order, lesser=side, severity=severity)


def never_falls(reading: Reading, days: Days, orders: Sequence[Order]) -> Order | None:
    """The order by which that running total never falls; None where it may."""
    found = [
        order
        for order in orders
        if order.over_time
        and order.is_in_force(days)
        and not (order.unless_net and reading.net)
        and order.lesser.fits(reading)
    ]
    best = max(found, key=lambda order: order.rank, default=None)
    return best if best and best.severity else None


@cache
def of_parts() -> tuple[Order, ...]:
    """An order for every metric and each of its parts, from the ontology."""
    return tuple(
        _of_part(ontology.metric(part), whole)
        for whole in ontology.metrics()
        for part in whole.contains
    )


def _of_part(part: Metric, whole: Metric) -> Order:
    return Order(
        id=f"part-{_slug(part.id)}-of-{_slug(whole.id)}",
        text=f"{part.title}: all of them are counted in {whole.title.lower()}.",
        source=SOURCE,
        lesser=_only(part.id),
        greater=_only(whole.id),
        severity="fault",
        is_part=True,
    )


def _only(metric: str) -> Pattern:
    return Pattern((("metric", frozenset({metric})),))


def _slug(metric: str) -> str:
    return metric.replace("_", "-").replace(".", "-")


def _sides(order: Order, left: Reading, right: Reading, days: Days) -> Iterator[Where]:
    if _holds(order, left, right, days):
        yield "left"
    elif _holds(order, right, left, days):
        yield "right"


def _holds(order: Order, lesser: Reading, greater: Reading, days: Days) -> bool:
    if not (order.lesser.fits(lesser) and order.greater.fits(greater)):
        return False
    if order.unless_net and (lesser.net or greater.net):
        return False
    if order.is_part and not _is_part(lesser, greater):
        return False
    free = order.lesser.names & order.greater.names
    return _is_alike(lesser, greater, free) and _is_same_meaning(lesser, greater, days)


def _is_alike(lesser: Reading, greater: Reading, free: frozenset[str]) -> bool:
    for name in ALIKE:
        if name not in free and getattr(lesser, name) != getattr(greater, name):
            return False
    return "scope" in free or _scopes_fit(lesser, greater)


def _scopes_fit(lesser: Reading, greater: Reading) -> bool:
    if lesser.scope == "unknown":
        return False
    return greater.scope in {lesser.scope, "total"}


def _is_same_meaning(lesser: Reading, greater: Reading, days: Days) -> bool:
    is_timeless = lesser.temporality == "lifetime" == greater.temporality
    if not is_timeless and state("day_zone", lesser, greater, days) != "agree":
        return False
    if lesser.metric != greater.metric:
        return True
    if _is_mean(lesser):
        return False
    return state("formula", lesser, greater, days) == "agree"


def _is_mean(reading: Reading) -> bool:
    """Whether it is a rate or the like, of which no part is below the whole."""
    if not ontology.is_canonical(reading.metric):
        return reading.unit in {"ratio", "score"}
    return ontology.metric(reading.metric).kind in {"ratio", "distribution"}


def _is_part(lesser: Reading, greater: Reading) -> bool:
    """Whether nothing in the lesser figure is outside of the greater one."""
    small, great = parts(lesser), parts(greater)
    if great is None:  # Not told: the ontology's parts are all there is to go by.
        return True
    return small is not None and held(great).issuperset(small)


def _severity(order: Order, told: Severity, greater: Reading) -> Severity:
    is_untold = order.is_part and parts(greater) is None
    return "warning" if is_untold else told
