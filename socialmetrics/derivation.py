"""Metrics worked out from others, or the reason why they must not be.

Parts belong together only when they come from one vendor and network, are about the
same level, and agree in temporality, date axis, scope and counting. The formulas are
data of the ontology. Nothing here needs figures: `parts_for` answers before any is
fetched, and `derive` follows the same way with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

import attrs

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.reading import (
    Counting,
    DateAxis,
    Level,
    Reading,
    Scope,
    Temporality,
    unlabelled,
)

if TYPE_CHECKING:
    from socialmetrics.series import MetricSeries

VENDOR: Final = "socialmetrics"
ENDPOINT: Final = "derived"
_MEASURED: Final = "{} has no formula: it is measured, never derived"
AXES: Final = (
    "scope",
    "counting",
    "temporality",
    "date_axis",
    "level",
    "network",
    "vendor",
)


@attrs.frozen(kw_only=True)
class Derivation:
    """Which readings to fetch for a derived metric, or the `reason` not to.

    `composition` says how they are put together: "likes + comments + reposts".
    """

    parts: tuple[Reading, ...]
    reason: str | None
    composition: str


@attrs.frozen
class Lane:
    """All that figures must agree in before they are put together."""

    vendor: str
    network: str
    level: Level
    temporality: Temporality
    date_axis: DateAxis
    scope: Scope
    counting: Counting

    def without(self, *axes: str) -> tuple[str, ...]:
        """The lane with these axes left open."""
        fields = attrs.asdict(self)
        return tuple(value for axis, value in fields.items() if axis not in axes)


@attrs.frozen(kw_only=True)
class Step:
    """How the figures of one metric come about in one lane: read, or out of parts."""

    metric: str
    lane: Lane
    kind: Literal["read", "sum", "difference", "ratio"] = "read"
    readings: tuple[Reading, ...] = ()
    parts: tuple[Step, ...] = ()

    @property
    def leaves(self) -> tuple[Reading, ...]:
        """Every reading that is needed, in the order of the formula."""
        below = (reading for part in self.parts for reading in part.leaves)
        return self.readings or tuple(dict.fromkeys(below))

    @property
    def composition(self) -> str:
        """The formula in canonical names, with brackets where they matter."""
        if not self.parts:
            return self.metric
        sign = {"sum": " + ", "difference": " - ", "ratio": " / "}[self.kind]
        told = [
            f"({part.composition})"
            if self.kind != "sum" and part.parts
            else part.composition
            for part in self.parts
        ]
        return sign.join(told)


def derive(series: MetricSeries, metric: str) -> MetricSeries:
    """The derived figures alone, one wherever a part has one.

    They carry a reading that says what they are made of, and the source of the part
    that was fetched last. A figure one of whose parts is not observed, or not there,
    is not observed either; so is a ratio by zero, which is not_reported and told in
    `issues`. Followers (a level) are those at the end of the window. `missing` names
    the vendors' networks for which it could not be done while it could for others. An
    empty series gives an empty one. "metric[scope=total]" asks for that scope alone.

    Raises `NotComparable` where it can be done for none: parts missing, or parts that
    differ in scope, window or what else they must agree in. Raises `InvalidQuery` for
    a metric that has no formula.
    """
    _formula(unlabelled(metric)[0])
    from socialmetrics.series import arithmetic

    return arithmetic.derive(series, metric)


def is_derivable(metric: str) -> bool:
    """Whether it is, with or without a scope, a canonical metric with a formula."""
    name, _ = unlabelled(metric)
    return ontology.is_canonical(name) and bool(ontology.metric(name).formula)


def parts_for(metric: str, readings: Sequence[Reading]) -> Derivation:
    """What to fetch for a derived metric where these readings can be had.

    The first reading that fits decides between several possible scopes, unless one is
    asked for: "engagements.public[scope=total]". Raises `InvalidQuery` for a name that
    is not in the ontology.
    """
    name, _ = unlabelled(metric)
    if ontology.metric(name).formula is None:
        return Derivation(parts=(), reason=_MEASURED.format(name), composition="")
    try:
        first, *_ = steps(metric, readings)
    except NotComparable as err:
        return Derivation(parts=(), reason=err.message, composition="")
    return Derivation(parts=first.leaves, reason=None, composition=first.composition)


def steps(
    metric: str, readings: Sequence[Reading], silent: Collection[Reading] = ()
) -> tuple[Step, ...]:
    """Every way to derive it, one a lane. `silent` are readings that are there but
    never reported: another alternative is preferred to them.

    Raises `NotComparable` where there is no way, `InvalidQuery` without a formula.
    """
    name, scope = unlabelled(metric)
    formula = _formula(name)
    own = [r for r in readings if (r.vendor, r.endpoint) != (VENDOR, ENDPOINT)]
    resolver = _Resolver(tuple(own), frozenset(silent))
    found = resolver.derived(name, formula)
    if not found:
        raise resolver.refusal(name, formula)
    chosen = [step for lane, step in found.items() if scope in (None, lane.scope)]
    if not chosen:
        raise _other_scopes(metric, found)
    return tuple(chosen)


def _other_scopes(metric: str, found: Collection[Lane]) -> NotComparable:
    scopes = ", ".join(dict.fromkeys(lane.scope for lane in found))
    return NotComparable(
        f"{metric} needs parts of that scope; there are parts that agree in {scopes}",
        rule="scope-mismatch",
        instead="the metric without a scope, or with one of those",
    )


def _formula(metric: str) -> ontology.Formula:
    formula = ontology.metric(metric).formula
    if formula is None:
        raise InvalidQuery(_MEASURED.format(metric))
    return formula


Steps = Mapping[Lane, Step]


@attrs.frozen
class _Resolver:
    readings: tuple[Reading, ...]
    silent: frozenset[Reading]

    def any_way(self, metric: str) -> Steps:
        """The metric as it is read, and derived in lanes where it is not."""
        formula = ontology.metric(metric).formula
        if formula is None:
            return self._read(metric)
        return {**self.derived(metric, formula), **self._read(metric)}

    def _read(self, metric: str) -> Steps:
        lanes: dict[Lane, list[Reading]] = {}
        for reading in self.readings:
            if reading.metric == metric:
                lanes.setdefault(lane(reading), []).append(reading)
        return {
            where: Step(metric=metric, lane=where, readings=tuple(found))
            for where, found in lanes.items()
        }

    def derived(self, metric: str, formula: ontology.Formula) -> Steps:
        """The metric worked out by its formula, in every lane where that can be."""
        if isinstance(formula, ontology.Sum):
            return self._sums(metric, formula)
        if isinstance(formula, ontology.Difference):
            return self._differences(metric, formula)
        return self._ratios(metric, formula)

    def _sums(self, metric: str, formula: ontology.Sum) -> Steps:
        terms = [[self.any_way(name) for name in term] for term in formula.terms]
        optional = [(self.any_way(name), needed) for name, needed in formula.optional]
        found: dict[Lane, Step] = {}
        for where in dict.fromkeys(lane for options in terms[0] for lane in options):
            parts = [self._best(options, where) for options in terms]
            chosen = [part for part in parts if part]
            if len(chosen) < len(parts):
                continue
            used = {"", *(part.metric for part in chosen)}
            extra = [ways.get(where) for ways, needed in optional if needed in used]
            chosen += [part for part in extra if part and not self._is_silent(part)]
            found[where] = Step(
                metric=metric, lane=where, kind="sum", parts=tuple(chosen)
            )
        return found

    def _best(self, options: Sequence[Steps], where: Lane) -> Step | None:
        there = [ways[where] for ways in options if where in ways]
        return min(there, key=self._is_silent, default=None)

    def _is_silent(self, step: Step) -> bool:
        return self.silent.issuperset(step.leaves)

    def _differences(self, metric: str, formula: ontology.Difference) -> Steps:
        left, right = self.any_way(formula.left), self.any_way(formula.right)
        return {
            where: Step(
                metric=metric, lane=where, kind="difference", parts=(part, right[where])
            )
            for where, part in left.items()
            if where in right
        }

    def _ratios(self, metric: str, formula: ontology.Ratio) -> Steps:
        below = self.any_way(formula.denominator)
        found: dict[Lane, Step] = {}
        for where, top in self.any_way(formula.numerator).items():
            fitting = [part for other, part in below.items() if _divides(where, other)]
            if fitting:
                found[where] = Step(
                    metric=metric, lane=where, kind="ratio", parts=(top, fitting[0])
                )
        return found

    def refusal(self, metric: str, formula: ontology.Formula) -> NotComparable:
        """Why there is no lane in which the metric can be derived."""
        terms = _terms(formula)
        ways = [
            [where for name in term for where in self.any_way(name)] for term in terms
        ]
        for term, lanes in zip(terms, ways, strict=True):
            if not lanes:
                return self._absent(metric, term)
        told = [" or ".join(term) for term in terms]
        if isinstance(formula, ontology.Ratio):
            return _unequal(metric, told, ways, ("counting",))
        return _unequal(metric, told, ways, ())

    def _absent(self, metric: str, term: tuple[str, ...]) -> NotComparable:
        below = ontology.metric(term[0]).formula
        if below:
            return self.refusal(term[0], below)
        wanted = " or ".join(term)
        return NotComparable(
            f"{metric} needs {wanted}, which is not among the figures",
            rule="parts-missing",
            instead=f"a vendor, network or level that reports {wanted}",
        )


def lane(reading: Reading) -> Lane:
    """Where that reading's figures belong."""
    return Lane(
        reading.vendor,
        reading.network,
        reading.level,
        reading.temporality,
        reading.date_axis,
        reading.scope,
        reading.counting,
    )


def is_level(top: Lane, below: Lane) -> bool:
    """Whether a ratio divides what happened by a level, taken at the window's end.

    Accounts that follow have no scope, and their count is of another date axis.
    """
    return top.temporality == "period" and below.temporality == "instant"


def _divides(top: Lane, below: Lane) -> bool:
    if is_level(top, below):
        free = ("temporality", "date_axis", "scope", "counting")
        return top.without(*free) == below.without(*free)
    same = top.without("counting") == below.without("counting")
    return same and top.scope != "unknown"


def _terms(formula: ontology.Formula) -> tuple[tuple[str, ...], ...]:
    if isinstance(formula, ontology.Sum):
        return formula.terms
    if isinstance(formula, ontology.Difference):
        return (formula.left,), (formula.right,)
    return (formula.numerator,), (formula.denominator,)


def _unequal(
    metric: str,
    terms: Sequence[str],
    ways: Sequence[Sequence[Lane]],
    free: tuple[str, ...],
) -> NotComparable:
    """The first axis that, left open, would let the parts come together."""
    for axis in AXES:
        open_ = [{where.without(axis, *free) for where in lanes} for lanes in ways]
        if open_[0].intersection(*open_[1:]):
            return _differ(metric, axis, terms, ways)
    return _differ(metric, "readings", terms, ways)


def _differ(
    metric: str, axis: str, terms: Sequence[str], ways: Sequence[Sequence[Lane]]
) -> NotComparable:
    axes = [axis] if axis in AXES else AXES
    told = [_told(each, terms, ways) for each in axes]
    scopes = {where.scope for lanes in ways for where in lanes}
    unknown = axis == "scope" and "unknown" in scopes
    return NotComparable(
        f"{metric} needs parts that agree; {'; '.join(filter(None, told))}",
        rule="scope-unknown" if unknown else f"{axis.replace('_', '-')}-mismatch",
        instead="parts of one vendor and network that agree, "
        "for example total by total or organic by organic",
    )


def _told(axis: str, terms: Sequence[str], ways: Sequence[Sequence[Lane]]) -> str:
    """Which values each part has on that axis; nothing where all have the same one."""
    values = [
        "/".join(dict.fromkeys(str(getattr(where, axis)) for where in lanes))
        for lanes in ways
    ]
    if len(set(values)) < 2 and "unknown" not in values:
        return ""
    each = [f"{term} is {value}" for term, value in zip(terms, values, strict=True)]
    return f"{axis}: {', '.join(each)}"
