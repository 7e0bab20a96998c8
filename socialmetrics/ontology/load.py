"""The data files of the ontology, read and checked.

A fault in them is a bug of ours, not of a caller: a plain `ValueError` that names
the file and the row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TypeVar

import msgspec

from socialmetrics.ontology.metric import (
    Difference,
    Dimension,
    Formula,
    Kind,
    Metric,
    Ratio,
    Sum,
)
from socialmetrics.reading import Temporality, Unit
from socialmetrics.typed import converted

METRICS = "metrics.toml"
VOCABULARY = "vocabulary.toml"

T = TypeVar("T")


class _Formula(msgspec.Struct, forbid_unknown_fields=True):
    sum: tuple[tuple[str, ...], ...] = ()
    optional: tuple[tuple[str, str], ...] = ()
    difference: tuple[str, str] | None = None
    ratio: tuple[str, str] | None = None


class _Metric(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    definition: str
    unit: Unit
    kind: Kind
    temporalities: tuple[Temporality, ...]
    additive_over: frozenset[Dimension] = frozenset()
    contains: tuple[str, ...] = ()
    formula: _Formula | None = None


class _Metrics(msgspec.Struct, forbid_unknown_fields=True):
    metric: list[dict[str, object]]


def text(name: str) -> str:
    """The data file of that name."""
    return files("socialmetrics.ontology").joinpath(name).read_text("utf-8")


def read_metrics(content: str) -> dict[str, Metric]:
    """Every metric by its id, in the order of the file."""
    rows = [
        _convert(row, _Metric, f"{METRICS}: {row.get('id', f'row {number}')}")
        for number, row in enumerate(_loads(content, METRICS, _Metrics).metric, 1)
    ]
    found = {row.id: _metric(row) for row in rows}
    if len(found) < len(rows):
        ids = [row.id for row in rows]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        raise ValueError(f"{METRICS}: more than one row has the id {', '.join(twice)}")
    for metric in found.values():
        _check(metric, found)
    return found


def read_vocabulary(content: str) -> dict[str, dict[str, str]]:
    """The meaning of every word, by axis and word, in the order of the file."""
    found = _loads(content, VOCABULARY, dict[str, dict[str, object]])
    return {
        axis: {word: _sentence(axis, word, words[word]) for word in words}
        for axis, words in found.items()
    }


def _sentence(axis: str, word: str, meaning: object) -> str:
    if not isinstance(meaning, str) or not meaning.endswith("."):
        raise ValueError(f"{VOCABULARY}: {axis}.{word} is not a sentence: {meaning!r}")
    return meaning


def _loads(content: str, name: str, kind: type[T]) -> T:
    try:
        return _convert(tomllib.loads(content), kind, name)
    except tomllib.TOMLDecodeError as err:
        raise ValueError(f"{name}: {err}") from err


def _convert(told: object, kind: type[T], where: str) -> T:
    try:
        return converted(told, kind)
    except msgspec.ValidationError as err:
        raise ValueError(f"{where}: {err}") from err


def _metric(row: _Metric) -> Metric:
    return Metric(
        id=row.id,
        title=row.title,
        definition=row.definition,
        unit=row.unit,
        kind=row.kind,
        temporalities=row.temporalities,
        additive_over=row.additive_over,
        contains=row.contains,
        formula=_formula(row.id, row.formula) if row.formula else None,
    )


def _formula(where: str, row: _Formula) -> Formula:
    kinds = [row.sum or None, row.difference, row.ratio]
    if sum(kind is not None for kind in kinds) != 1:
        raise ValueError(
            f"{METRICS}: {where}: a formula is one of sum, difference, ratio"
        )
    if row.difference:
        return Difference(*row.difference)
    if row.ratio:
        return Ratio(*row.ratio)
    return Sum(row.sum, row.optional)


def _check(metric: Metric, known: Mapping[str, Metric]) -> None:
    needs = metric.formula.needs if metric.formula else frozenset[str]()
    fault = (
        _unknown("contains", metric.contains, known)
        or _unknown("formula", needs, known)
        or _faulty_facts(metric)
        or _faulty_parts(metric, known)
        or _faulty_optional(metric.formula)
    )
    if fault:
        raise ValueError(f"{METRICS}: {metric.id}: {fault}")


def _unknown(field: str, ids: Iterable[str], known: Mapping[str, Metric]) -> str:
    strangers = sorted(set(ids) - set(known))
    return f"{field} names the unknown {', '.join(strangers)}" if strangers else ""


def _faulty_facts(metric: Metric) -> str:
    if not metric.title or not metric.definition.endswith("."):
        return "needs a title, and a definition that is a sentence"
    if not metric.temporalities:
        return "needs a temporality"
    if metric.kind != "counter" and "time" in metric.additive_over:
        return f"a {metric.kind} cannot be added over time"
    return ""


def _faulty_parts(metric: Metric, known: Mapping[str, Metric]) -> str:
    if metric.id in metric.contains:
        return "contains itself"
    below = {part for name in metric.contains for part in known[name].contains}
    absent = sorted(below - set(metric.contains))
    return f"contains parts of parts: add {', '.join(absent)}" if absent else ""


def _faulty_optional(formula: Formula | None) -> str:
    if not isinstance(formula, Sum):
        return ""
    used = {metric for term in formula.terms for metric in term}
    strangers = sorted({needed for _, needed in formula.optional} - used - {""})
    return f"optional goes with {', '.join(strangers)}, no term" if strangers else ""
