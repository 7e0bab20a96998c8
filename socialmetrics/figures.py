"""From asked metrics to parts, and from fetched figures to the asked ones.

A derived metric (a rate, `engagements.public`) is fetched as its parts and computed
here; `by="total"` is fetched by day and added up here. What the rules forbid is known
before the first request and listed as missing, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from socialmetrics import ontology
from socialmetrics.adapter import Adapter
from socialmetrics.derivation import derive, parts_for
from socialmetrics.errors import NotComparable
from socialmetrics.model import Missing, Ref
from socialmetrics.plan import MetricsQuery, Plan
from socialmetrics.reading import Reading
from socialmetrics.series import MetricSeries


@attrs.frozen
class _Kind:
    """Subjects that are answered alike: of one network and level."""

    network: str
    readings: tuple[Reading, ...]

    def gives(self, metric: str) -> bool:
        return any(reading.metric == metric for reading in self.readings)


@attrs.frozen(kw_only=True)
class _Derivations:
    """The derived metrics asked for: their parts, or why not, by network."""

    parts: dict[tuple[str, str], tuple[str, ...]]
    refused: dict[tuple[str, str], Missing]


def plan_figures(adapter: Adapter, query: MetricsQuery) -> Plan[MetricSeries]:
    """The adapter's plan, with derived metrics and totals provided for."""
    asked = tuple(query.metrics)
    if not query.subjects:
        return Plan(parts=(), asked=asked)
    kinds = tuple(_kinds(adapter, query))
    derivations = _derivations(asked, kinds)
    refused = dict(derivations.refused)
    if query.by == "total":
        refused |= _untotalled(asked, kinds)
    plan = adapter.plan_metrics(
        attrs.evolve(
            query,
            metrics=_fetched(asked, kinds, derivations),
            by="day" if query.by == "total" else query.by,
        )
    )
    missing = [each for each in plan.missing if _is_told(each, query, derivations)]
    told = {(each.metric, each.network) for each in missing}
    missing += [each for key, each in refused.items() if key not in told]
    lost = {(each.metric, each.network) for each in missing if each.subject is None}
    return attrs.evolve(
        plan,
        asked=asked,
        available=tuple(
            metric
            for metric in asked
            if any((metric, kind.network) not in lost for kind in kinds)
        ),
        missing=tuple(missing),
        derived=tuple(key for key in derivations.parts if key not in lost),
        is_total=query.by == "total",
    )


def figures(plan: Plan[MetricSeries], blocks: Iterable[MetricSeries]) -> MetricSeries:
    """What was asked, out of what was fetched."""
    series = MetricSeries.concat(blocks)
    if plan.is_total:
        series = _totals(series)
    pieces = [series.where(metric=plan.asked) if plan.asked else series]
    missing = list(plan.missing)
    for metric, network in plan.derived:
        parts = series.where(network=network)
        if len(parts):
            try:
                pieces.append(derive(parts, metric))
            except NotComparable as err:
                reason = err.message
                missing.append(Missing(metric=metric, network=network, reason=reason))
    pieces.append(MetricSeries.empty(missing=missing))
    return MetricSeries.concat(pieces)


def _kinds(adapter: Adapter, query: MetricsQuery) -> Iterator[_Kind]:
    examples = {
        (
            subject.ref.network if not isinstance(subject, Ref) else subject.network,
            type(subject),
        ): subject
        for subject in query.subjects
    }
    for (network, _), example in examples.items():
        readings = adapter.readings(example, query.window, query.now.date())
        yield _Kind(network, readings)


def _derivations(asked: Sequence[str], kinds: Sequence[_Kind]) -> _Derivations:
    found = _Derivations(parts={}, refused={})
    for metric in asked:
        if not ontology.is_canonical(metric) or not ontology.metric(metric).formula:
            continue
        for kind in kinds:
            if not kind.gives(metric):
                _derive_for(metric, kind, found)
    return found


def _derive_for(metric: str, kind: _Kind, found: _Derivations) -> None:
    key = (metric, kind.network)
    derivation = parts_for(metric, kind.readings)
    if derivation.reason is None:
        found.parts[key] = tuple(reading.metric for reading in derivation.parts)
        return
    found.refused[key] = Missing(
        metric=metric, network=kind.network, reason=derivation.reason
    )


def _fetched(
    asked: Sequence[str], kinds: Sequence[_Kind], derivations: _Derivations
) -> tuple[str, ...]:
    """The metrics to ask the vendor for: what it gives, and the parts of the rest."""
    derived = {metric for metric, _ in (*derivations.parts, *derivations.refused)}
    native = [
        metric
        for metric in asked
        if metric not in derived or any(kind.gives(metric) for kind in kinds)
    ]
    parts = [part for parts in derivations.parts.values() for part in parts]
    return tuple(dict.fromkeys((*native, *parts)))


def _untotalled(
    asked: Sequence[str], kinds: Sequence[_Kind]
) -> dict[tuple[str, str], Missing]:
    """Metrics whose days must not be added up, with the rule."""
    return {
        (metric, kind.network): Missing(
            metric=metric,
            network=kind.network,
            reason=_why_not_added(reading),
            alternatives=("by='day'",),
        )
        for metric in asked
        for kind in kinds
        for reading in kind.readings
        if metric in (reading.metric, reading.name) and not _can_be_added(reading)
    }


def _can_be_added(reading: Reading) -> bool:
    return reading.additive or reading.temporality == "instant"


def _why_not_added(reading: Reading) -> str:
    if reading.counting == "unique":
        return "it counts different people each day; days of it cannot be added"
    return f"days of a {reading.unit} cannot be added"


def _is_told(missing: Missing, query: MetricsQuery, derivations: _Derivations) -> bool:
    """Whether a missing metric was asked for, and is not computed instead."""
    key = (missing.metric, missing.network or "")
    return missing.metric in query.metrics and key not in derivations.parts


def _totals(series: MetricSeries) -> MetricSeries:
    columns = series.columns
    added = MetricSeries(columns.take(columns.by_reading(_can_be_added)))
    notes = MetricSeries.empty(missing=series.missing, issues=series.issues)
    return MetricSeries.concat([added.rollup("total"), notes])
