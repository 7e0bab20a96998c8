"""The canonical metrics and the words of the model, looked up by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.ontology.load import (
    METRICS,
    VOCABULARY,
    read_metrics,
    read_vocabulary,
    text,
)
from socialmetrics.ontology.metric import Metric


@attrs.frozen
class Term:
    """A word of the model: the axis that it is said of, the word, its meaning."""

    axis: str
    word: str
    meaning: str


def metric(id: str) -> Metric:  # noqa: A002 - the ontology's own word
    """The canonical metric of that id. Raises `InvalidQuery` for any other name."""
    found = _metrics().get(id)
    if found is None:
        raise InvalidQuery(
            f"metric {id!r} is not in the ontology{did_you_mean(id, _metrics())}"
        )
    return found


def metrics() -> tuple[Metric, ...]:
    """Every canonical metric, in the order of the ontology."""
    return tuple(_metrics().values())


def is_canonical(name: str) -> bool:
    """Whether a canonical metric has that id."""
    return name in _metrics()


def containing(id: str) -> tuple[str, ...]:  # noqa: A002 - the ontology's own word
    """The metrics that this one is a part of. Raises `InvalidQuery` if unknown."""
    part = metric(id)
    return tuple(whole.id for whole in metrics() if part.id in whole.contains)


def term(name: str) -> str:
    """What a word means: a status, a scope, a verdict, the name of an axis, ...

    "scope.total" asks for one axis; a bare word that several axes use gives the
    meaning on each. Raises `InvalidQuery` for a word that the model does not use.
    """
    meanings = _terms().get(name)
    if meanings is None:
        raise InvalidQuery(
            f"{name!r} is not a word of the model{did_you_mean(name, _terms())}"
        )
    if len(meanings) == 1:
        return meanings[0].meaning
    return " ".join(f"{each.axis}: {each.meaning}" for each in meanings)


@cache
def terms() -> tuple[Term, ...]:
    """Every word of the model, axis by axis."""
    return tuple(
        Term(axis, word, meaning)
        for axis, words in read_vocabulary(text(VOCABULARY)).items()
        for word, meaning in words.items()
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message: known names of that family, or up to three like it."""
    there = tuple(dict.fromkeys(known))
    family = [each for each in there if name and each.startswith(f"{name}.")]
    near = family or get_close_matches(name, there, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def needed(name: str) -> frozenset[str]:
    """Every metric that a derived one is worked out from, in whatever way."""
    formula = metric(name).formula if is_canonical(name) else None
    needs = formula.needs if formula else frozenset[str]()
    return needs.union(*map(needed, needs))


@cache
def _metrics() -> Mapping[str, Metric]:
    return MappingProxyType(read_metrics(text(METRICS)))


@cache
def _terms() -> Mapping[str, tuple[Term, ...]]:
    found: dict[str, tuple[Term, ...]] = {}
    for each in terms():
        found[each.word] = (*found.get(each.word, ()), each)
        found[f"{each.axis}.{each.word}"] = (each,)
    return MappingProxyType(found)
