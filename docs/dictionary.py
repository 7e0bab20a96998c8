"""The metric dictionary: what every metric is, and what every tool counts as it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, TypeAlias

import attrs

from docs.markdown import anchor, days, joined, table
from socialmetrics import ontology
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.ontology import Difference, Formula, Metric, Ratio, Sum
from socialmetrics.reading import Reading

HEAD: Final = ("tool", "networks", "its own name", "scope", "time", "what else")
Own: TypeAlias = tuple[str, str]
"""The tool's own name, and the scope."""
NOBODY: Final = "None of the installed tools tells it under a name of its own."
UNTOLD: Final = {"opaque", "not documented"}


def index() -> str:
    """Every metric, and of what each tool has it."""
    names = [name for name in adapters() if _readings(name)]
    return table(
        ["metric", *map(_title, names)],
        [
            [_link(each), *(_levels(name, each) for name in names)]
            for each in ontology.metrics()
        ],
    )


def dictionary() -> str:
    """A section for every metric."""
    return "\n\n".join(map(_section, ontology.metrics()))


@cache
def _readings(name: str) -> tuple[Reading, ...]:
    return adapter_class(name).all_readings()


def _title(name: str) -> str:
    return adapter_class(name).title


def _link(metric: Metric) -> str:
    return f"[{metric.title}](#{anchor(metric.id)})"


def _levels(name: str, metric: Metric) -> str:
    mine = (each.level for each in _readings(name) if each.metric == metric.id)
    return ", ".join(dict.fromkeys(mine)) or ("*derived*" * _is_had(name, metric.id))


def _is_had(name: str, metric: str) -> bool:
    """Whether the tool tells it, or all that it takes to work it out."""
    if any(each.metric == metric for each in _readings(name)):
        return True
    match ontology.metric(metric).formula:
        case Sum(terms=terms):
            return all(any(_is_had(name, each) for each in term) for term in terms)
        case Difference() | Ratio() as formula:
            return all(_is_had(name, each) for each in formula.needs)
        case None:
            return False


def _section(metric: Metric) -> str:
    parts = [
        f"### {metric.title} {{ #{anchor(metric.id)} }}",
        f"`{metric.id}`: {metric.definition}",
        "\n".join(_facts(metric)),
    ]
    rows = [row for name in adapters() for row in _rows(name, metric)]
    parts.append(table(HEAD, rows) if rows else NOBODY)
    return "\n\n".join(parts)


def _facts(metric: Metric) -> Iterator[str]:
    over = joined(sorted(metric.additive_over)) or "nothing"
    times = joined(metric.temporalities, "or")
    yield f"- {metric.unit}, {metric.kind}, {times}; may be added over {over}"
    if metric.contains:
        yield f"- holds {_links(metric.contains)}: never add them to it"
    wholes = ontology.containing(metric.id)
    if wholes:
        yield f"- is a part of {_links(wholes)}"
    if metric.formula:
        yield f"- where no tool tells it: {_formula(metric.formula)}"


def _links(names: Iterable[str]) -> str:
    return ", ".join(_link(ontology.metric(name)) for name in names)


def _formula(formula: Formula) -> str:
    match formula:
        case Sum():
            terms = " + ".join(map(_term, formula.terms))
            return terms + "".join(_optional(*each) for each in formula.optional)
        case Difference():
            return f"`{formula.left}` − `{formula.right}`"
        case Ratio():
            fraction = f"`{formula.numerator}` ÷ `{formula.denominator}`"
            return f"{fraction}, of one scope and window"


def _term(alternatives: tuple[str, ...]) -> str:
    text = " or ".join(f"`{metric}`" for metric in alternatives)
    return f"({text})" if len(alternatives) > 1 else text


def _optional(metric: str, only_with: str) -> str:
    beside = f" beside `{only_with}`" if only_with else ""
    return f", + `{metric}`{beside} where it is known"


def _rows(name: str, metric: Metric) -> Iterator[list[str]]:
    """The tool's readings of that metric; those that read alike in one row."""
    found = [each for each in _readings(name) if each.metric == metric.id]
    by_networks: dict[tuple[Reading, Own], list[str]] = {}
    for each in found:
        alike = attrs.evolve(each, network="", name="", scope="unknown", endpoint="")
        networks = by_networks.setdefault((alike, (each.name, each.scope)), [])
        networks += [each.network] * (each.network not in networks)
    merged: dict[tuple[Reading, tuple[str, ...]], list[Own]] = {}
    for (alike, own), networks in by_networks.items():
        merged.setdefault((alike, tuple(networks)), []).append(own)
    for (alike, on), every in merged.items():
        yield _row(name, alike, on, every)


def _row(
    name: str, alike: Reading, networks: Iterable[str], every: Sequence[Own]
) -> list[str]:
    names = [f"`{own}`" for own, _ in every]
    scopes = [scope for _, scope in every]
    return [
        f"{_title(name)}, {alike.level}",
        ", ".join("all" if each == "*" else each for each in networks),
        "<br>".join(names if len({*names}) > 1 else names[:1]),
        "<br>".join(scopes if len({*scopes}) > 1 else scopes[:1]),
        _time(alike),
        " ".join(map(_sentence, _details(alike))),
    ]


def _time(reading: Reading) -> str:
    told = f"{reading.temporality}, {reading.date_axis}"
    if reading.temporality == "lifetime":
        return told
    return f"{told}, {reading.zone or 'zone not stated'}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."


def _details(reading: Reading) -> Iterator[str]:
    if reading.valid_from or reading.valid_to:
        yield f"**{days(reading.valid_from, reading.valid_to).capitalize()}**"
    if reading.counting == "unique":
        yield "everybody counts once"
    if reading.net:
        yield "what was taken back is subtracted"
    if reading.threshold:
        yield f"threshold: {reading.threshold}"
    if reading.composition in UNTOLD:
        yield "its parts are not documented"
    elif reading.composition:
        yield f"made of {reading.composition.replace('_', ' ')}"
    if reading.note:
        yield reading.note
