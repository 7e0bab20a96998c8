"""What a column of a report counts: a mapping's words, filled up from the ontology."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.layout import Layout, MetricTable, Step
from socialmetrics.ontology import Difference, Metric
from socialmetrics.reading import Counting, DateAxis, Reading, Temporality, Unit

AXES: Final[dict[Temporality, DateAxis]] = {
    "period": "activity",
    "lifetime": "publish",
    "instant": "observed",
}
SLIP: Final = 0.85
"""How alike (1: the same) a name of the tool's own is to a canonical one to be taken
for a slip."""
NOTE: Final = "from a report of the tool, read by a mapping"


def reading(table: MetricTable, layout: Layout, network: str) -> Reading:
    """What that metric of the report counts on that network."""
    return Reading(
        vendor=layout.vendor,
        endpoint=layout.endpoint,
        network=network,
        name=table.called,
        metric=table.metric,
        level=layout.level,
        temporality=_temporality(table, layout.step),
        date_axis=table.date_axis or AXES[_temporality(table, layout.step)],
        scope=table.scope,
        counting=_counting(table),
        unit=unit(table),
        additive=_is_additive(table, layout.step),
        net=_is_net(table),
        threshold=table.threshold,
        composition=table.composition,
        zone=layout.zone,
        valid_from=table.valid_from,
        valid_to=table.valid_to,
        note=table.note or NOTE,
    )


def unit(table: MetricTable) -> Unit:
    """What is counted; of an own metric a count, or a share where it has percents."""
    known = _known(table)
    if table.unit is not None:
        return table.unit
    if known is not None:
        return known.unit
    return "ratio" if table.percent else "count"


def check_meaning(table: MetricTable, step: Step) -> None:
    """Raises `InvalidQuery` for what the metric cannot be."""
    known = _known(table)
    if known is None:
        _check_own(table.metric)
    else:
        _check_canonical(table, known, step)
    temporality = _temporality(table, step)
    fitting = {"lifetime": "lifetime", "instant": "instant"}.get(step)
    if (temporality == "lifetime") != (step == "lifetime") or (
        fitting is not None and temporality != fitting
    ):
        raise InvalidQuery(f"step = {step!r} goes not with {temporality} figures")
    if table.percent and unit(table) != "ratio":
        raise InvalidQuery(f"percent goes not with the unit {unit(table)}")
    if table.additive and not _may_be_added(table, temporality):
        raise InvalidQuery("additive goes only with counts of a period, not unique")


def _check_own(name: str) -> None:
    if not name.strip() or name != name.strip() or not name.isprintable():
        raise InvalidQuery(f"metric = {name!r} is empty or not printable text")
    known = (each.id for each in ontology.metrics())
    near = get_close_matches(name.lower(), known, 1, SLIP)
    if near:
        raise InvalidQuery(
            f"metric = {name!r} is not canonical; did you mean {near[0]!r}? A metric "
            "of the tool's own needs a name that is not so like one"
        )


def _check_canonical(table: MetricTable, known: Metric, step: Step) -> None:
    temporality = _temporality(table, step)
    if temporality not in known.temporalities:
        raise InvalidQuery(
            f"{known.id} is {' or '.join(known.temporalities)}, never {temporality}; "
            "name it as the tool does if it is something else"
        )
    if unit(table) != known.unit:
        raise InvalidQuery(f"{known.id} is of the unit {known.unit}, not {table.unit}")
    if table.additive and "time" not in known.additive_over:
        raise InvalidQuery(f"{known.id} can never be added over time")


def _temporality(table: MetricTable, step: Step) -> Temporality:
    if table.temporality is not None:
        return table.temporality
    if step in {"lifetime", "instant"}:
        return "lifetime" if step == "lifetime" else "instant"
    known = _known(table)
    return "instant" if known and known.kind == "gauge" else "period"


def _counting(table: MetricTable) -> Counting:
    """People whose days cannot be added are counted once each."""
    if table.counting is not None:
        return table.counting
    known = _known(table)
    if known is None or known.unit != "person" or known.kind != "counter":
        return "total"
    return "total" if known.additive_over else "unique"


def _is_additive(table: MetricTable, step: Step) -> bool:
    if table.additive is not None:
        return table.additive
    known = _known(table)
    adds = known is not None and "time" in known.additive_over
    return adds and _may_be_added(table, _temporality(table, step))


def _may_be_added(table: MetricTable, temporality: Temporality) -> bool:
    is_sum = temporality == "period" and _counting(table) == "total"
    return is_sum and unit(table) not in {"ratio", "score"}


def _is_net(table: MetricTable) -> bool:
    known = _known(table)
    if table.net is not None or known is None:
        return bool(table.net)
    return known.unit == "person" and isinstance(known.formula, Difference)


def _known(table: MetricTable) -> Metric | None:
    return (
        ontology.metric(table.metric) if ontology.is_canonical(table.metric) else None
    )
