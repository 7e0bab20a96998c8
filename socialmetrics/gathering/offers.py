"""Which metrics a tool has in one way, known from its plan before it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import attrs

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing
from socialmetrics.plan import Plan
from socialmetrics.reading import Reading
from socialmetrics.series import MetricSeries

SCOPES: Final = ("organic", "paid", "total")
NO_PLAN: Final[Plan[Any]] = Plan(parts=())
Planner: TypeAlias = Callable[[Sequence[str]], Plan[Any]]
"""The plan for metrics of those names, made without a question."""


@attrs.frozen(kw_only=True)
class Offer:
    """What a tool has of what is wanted.

    `names` are to be compared; `scopes` are other scopes of them
    ("likes[scope=paid]"), which only explain, and `extra` their readings. `missing`
    says why the rest is not there; `plan` is what all of it takes.
    """

    names: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    extra: frozenset[Reading] = frozenset()
    missing: tuple[Missing, ...] = ()
    plan: Plan[Any] = NO_PLAN

    @property
    def labels(self) -> tuple[str, ...]:
        """All that is asked for."""
        return (*self.names, *self.scopes)

    def split(self, series: MetricSeries) -> tuple[MetricSeries, MetricSeries]:
        """The figures to be compared, with all notes; and those that only explain."""
        if not self.extra:
            return series, MetricSeries.empty()
        columns = series.columns
        is_extra = columns.by_reading(self.extra.__contains__)
        kept = columns.take(~is_extra)
        return (
            MetricSeries(kept, missing=series.missing, issues=series.issues),
            MetricSeries(columns.take(is_extra)),
        )


def offer(plan_of: Planner, wanted: Sequence[str]) -> Offer:
    """What of the wanted metrics a plan for one subject would bring, in all scopes.

    Derived metrics are left out: they are worked out from their parts, which are to be
    among the wanted ones. Raises `InvalidQuery` for what cannot be planned at all.
    """
    refused = dict(_refused(plan_of, wanted))
    names = [name for name in wanted if name not in refused]
    if not names:
        return Offer(missing=tuple(refused.values()))
    labels = [f"{name}[scope={scope}]" for name in names for scope in SCOPES]
    every = plan_of([*names, *labels])
    derived = {each.metric for each in every.derived}
    lost = derived.union(each.metric for each in every.missing)
    there = [name for name in every.available if name not in lost]
    had = [name for name in names if name in there]
    used = _readings(every, had)
    scopes = [x for x in labels if x in there and _readings(every, [x]) - used]
    lacks = (x for x in every.missing if x.metric in names)
    return Offer(
        names=tuple(had),
        scopes=tuple(scopes),
        extra=frozenset(_readings(every, scopes) - used),
        missing=(*refused.values(), *lacks),
        plan=plan_of([*had, *scopes]) if had else NO_PLAN,
    )


def _refused(plan_of: Planner, wanted: Sequence[str]) -> Iterator[tuple[str, Missing]]:
    """Names of other vendors, which this one does not know."""
    for name in wanted:
        if not ontology.is_canonical(name):
            try:
                plan_of([name])
            except InvalidQuery as err:
                yield name, Missing(metric=name, reason=err.message)


def _readings(plan: Plan[Any], names: Sequence[str]) -> set[Reading]:
    return {reading for name, reading in plan.resolved if name in names}
