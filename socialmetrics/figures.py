"""From asked metrics to parts, and from fetched figures to the asked ones.

A derived metric (a rate, `engagements.public`) is fetched as its parts and computed
here; `by="total"` is fetched by day and added up here. What the rules forbid is known
before the first request and listed as missing, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from socialmetrics import ontology
from socialmetrics.adapter import Adapter
from socialmetrics.derivation import Derivation, derive, is_derivable, parts_for
from socialmetrics.errors import NotComparable
from socialmetrics.model import Missing, Ref
from socialmetrics.plan import Derived, MetricsQuery, Plan
from socialmetrics.reading import Reading, unlabelled
from socialmetrics.series import MetricSeries


@attrs.frozen
class _Kind:
    """Subjects that are answered alike: of one network and level.

    `readings` are those that canonical names stand for there.
    """

    network: str
    readings: tuple[Reading, ...]

    def gives(self, metric: str) -> bool:
        return any(metric in (each.metric, each.label) for each in self.readings)


@attrs.frozen(kw_only=True)
class _Derivations:
    """The derived metrics asked for: where they are worked out, and where not."""

    made: tuple[Derived, ...]
    refused: tuple[Missing, ...]

    @property
    def metrics(self) -> set[str]:
        """Every derived metric that some kind of subject does not give by itself."""
        made = {each.metric for each in self.made}
        return made | {each.metric for each in self.refused}

    def makes(self, metric: str, network: str | None) -> bool:
        """Whether it is worked out for that network."""
        return any((d.metric, d.network) == (metric, network) for d in self.made)


def plan_figures(adapter: Adapter, query: MetricsQuery) -> Plan[MetricSeries]:
    """The adapter's plan, with derived metrics and totals provided for."""
    asked = tuple(query.metrics)
    if not query.subjects:
        return Plan(parts=(), asked=asked)
    is_total = query.by == "total"
    kinds = tuple(_kinds(adapter, query))
    derivations = _derivations(asked, kinds, is_total=is_total)
    plan = adapter.plan_metrics(
        attrs.evolve(query, metrics=_fetched(asked, kinds, derivations))
    )
    untotalled = tuple(_untotalled(asked, plan)) if is_total else ()
    missing = [each for each in plan.missing if _is_told(each, asked, derivations)]
    told = {(each.metric, each.network) for each in missing}
    refused = (r for r in derivations.refused if (r.metric, r.network) not in told)
    given = {metric for metric, reading in plan.resolved if _is_kept(reading, is_total)}
    given |= {each.metric for each in derivations.made}
    return attrs.evolve(
        plan,
        asked=asked,
        available=tuple(metric for metric in asked if metric in given),
        missing=tuple(dict.fromkeys((*missing, *untotalled, *refused))),
        derived=derivations.made,
        is_total=is_total,
    )


def figures(plan: Plan[MetricSeries], blocks: Iterable[MetricSeries]) -> MetricSeries:
    """What was asked, out of what was fetched."""
    series = MetricSeries.concat(blocks)
    if plan.is_total:
        series = _totals(series)
    pieces = [_asked_of(plan, series)]
    missing = list(plan.missing)
    for derived in plan.derived:
        parts = _of(derived.readings, series)
        if len(parts):
            try:
                pieces.append(derive(parts, derived.metric))
            except NotComparable as err:
                missing.append(_refusal(derived.metric, derived.network, err.message))
    pieces.append(MetricSeries.empty(missing=missing))
    return MetricSeries.concat(pieces)


def _asked_of(plan: Plan[MetricSeries], series: MetricSeries) -> MetricSeries:
    """The figures that were asked for by name, without the parts of derived ones."""
    if not plan.asked:
        return series
    asked = frozenset(plan.asked)
    return _of({r for metric, r in plan.resolved if metric in asked}, series)


def _of(readings: Collection[Reading], series: MetricSeries) -> MetricSeries:
    """The figures with those readings, and all notes."""
    columns = series.columns
    kept = columns.take(columns.by_reading(frozenset(readings).__contains__))
    if kept is columns:
        return series
    return MetricSeries(kept, missing=series.missing, issues=series.issues)


def _kinds(adapter: Adapter, query: MetricsQuery) -> Iterator[_Kind]:
    examples = {
        ((each if isinstance(each, Ref) else each.ref).network, type(each)): each
        for each in query.subjects
    }
    for (network, kind), example in examples.items():
        readings = adapter.readings(example, query.window, query.now.date())
        if readings or kind is not Ref:  # Few know what a bare reference refers to.
            yield _Kind(network, readings)


def _derivations(
    asked: Sequence[str], kinds: Sequence[_Kind], *, is_total: bool
) -> _Derivations:
    made: list[Derived] = []
    refused: list[Missing] = []
    for metric in asked:
        if not is_derivable(metric):
            continue
        for kind in kinds:
            if not kind.gives(metric):
                found = _derived(metric, kind, is_total=is_total)
                if isinstance(found, Missing):
                    refused.append(found)
                else:
                    made.append(found)
    return _Derivations(made=tuple(made), refused=tuple(refused))


def _derived(metric: str, kind: _Kind, *, is_total: bool) -> Derived | Missing:
    fit = tuple(r for r in kind.readings if _is_kept(r, is_total))
    derivation = parts_for(metric, fit)
    if derivation.reason is None:
        names = {reading.metric for reading in derivation.parts}
        readings = tuple(reading for reading in fit if reading.metric in names)
        return Derived(metric=metric, network=kind.network, readings=readings)
    by_day = parts_for(metric, kind.readings)
    if by_day.reason is not None:
        parts = ontology.needed(unlabelled(metric)[0])
        labels = dict.fromkeys(r.label for r in kind.readings if r.metric in parts)
        return _refusal(metric, kind.network, by_day.reason, *labels)
    return _refusal(metric, kind.network, _why_no_total(by_day), "by='day'")


def _refusal(metric: str, network: str, reason: str, *instead: str) -> Missing:
    return Missing(metric=metric, network=network, reason=reason, alternatives=instead)


def _why_no_total(by_day: Derivation) -> str:
    part = next(reading for reading in by_day.parts if not _is_kept(reading, True))
    return f"it is worked out from {part.metric}: {_why_not_added(part)}"


def _fetched(
    asked: Sequence[str], kinds: Sequence[_Kind], derivations: _Derivations
) -> tuple[str, ...]:
    """The metrics to ask the vendor for: what it gives, and the parts of the rest."""
    native = [
        metric
        for metric in asked
        if metric not in derivations.metrics or any(k.gives(metric) for k in kinds)
    ]
    parts = [r.metric for derived in derivations.made for r in derived.readings]
    return tuple(dict.fromkeys((*native, *parts)))


def _untotalled(asked: Sequence[str], plan: Plan[MetricSeries]) -> Iterator[Missing]:
    """Metrics whose days must not be added up, with the rule."""
    for metric, reading in plan.resolved:
        if metric in asked and not _is_kept(reading, True):
            reason = _why_not_added(reading)
            yield _refusal(metric, reading.network, reason, "by='day'")


def _is_kept(reading: Reading, is_total: bool) -> bool:
    """Whether figures of it are delivered; lifetime totals are totals already."""
    whole = reading.temporality in ("instant", "lifetime")
    return not is_total or reading.additive or whole


def _why_not_added(reading: Reading) -> str:
    if reading.counting == "unique":
        return "it counts different people each day; days of it cannot be added"
    return f"days of a {reading.unit} cannot be added"


def _is_told(missing: Missing, asked: Sequence[str], derivations: _Derivations) -> bool:
    """Whether a missing metric was asked for, and is not worked out instead."""
    worked_out = derivations.makes(missing.metric, missing.network)
    return missing.metric in asked and not worked_out


def _totals(series: MetricSeries) -> MetricSeries:
    columns = series.columns
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    addable = columns.by_reading(lambda reading: _is_kept(reading, True))
    added = MetricSeries(columns.take(addable & ~lifetime)).rollup("total")
    notes = MetricSeries.empty(missing=series.missing, issues=series.issues)
    return MetricSeries.concat([added, MetricSeries(columns.take(lifetime)), notes])
