"""What a figure is the sum of, as its reading says it in canonical names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import attrs

from socialmetrics import ontology
from socialmetrics.derivation import ENDPOINT, VENDOR
from socialmetrics.ontology import Difference, Sum
from socialmetrics.reading import Reading

SILENT: Final = frozenset({"opaque", "not documented"})
"""Compositions that say nothing."""
OPEN: Final = frozenset({"engagements.vendor", "engagements_other", "shares"})
"""Canonical metrics that hold whatever the vendor puts into them."""
_OPERATION: Final = re.compile(r"(\([^()]+\)|[^() ]+) ([-/]) (\([^()]+\)|[^() ]+)")
_ORIGIN: Final = re.compile("computed from ([^:]+): ")

Sign: TypeAlias = Literal["+", "-", "/"]


@attrs.frozen
class Made:
    """What a figure is made of: a sum of `left`, or that less or by a sum of `right`.

    Both hold canonical metrics, sorted.
    """

    sign: Sign
    left: tuple[str, ...]
    right: tuple[str, ...] = ()


def parts(reading: Reading) -> tuple[str, ...] | None:
    """The canonical metrics that the reading's figure is the sum of, sorted.

    The metric alone where the figure is what the ontology defines. None where the
    vendor does not tell, tells it in other words, or where it is no sum.
    """
    found = made(reading)
    return found.left if found and found.sign == "+" else None


def made(reading: Reading) -> Made | None:
    """What the figure is made of; None where nobody tells in canonical names."""
    return _made(reading.metric, reading.composition)


def is_told(reading: Reading) -> bool:
    """Whether the reading says what the figure is made of, in whatever words."""
    return reading.composition not in SILENT | {""}


def is_open(metric: str) -> bool:
    """Whether the name of a metric does not tell what its figure is made of.

    True of vendors' own names, of ratios, of spreads, and of what has several recipes.
    """
    if metric in OPEN or not ontology.is_canonical(metric):
        return True
    known = ontology.metric(metric)
    return known.kind in {"ratio", "distribution"} or isinstance(known.formula, Sum)


def held(metrics: Iterable[str]) -> frozenset[str]:
    """These metrics, and all that surely is a part of one of them."""
    found = set(metrics)
    for metric in tuple(found):
        if not is_open(metric):
            found.update(ontology.metric(metric).contains)
    return frozenset(found)


def origin(reading: Reading) -> str:
    """The vendor whose figures these are, or out of whose figures they are computed."""
    if not is_derived(reading):
        return reading.vendor
    found = _ORIGIN.match(reading.note)
    return found[1] if found else reading.vendor


def is_derived(reading: Reading) -> bool:
    """Whether its figures are computed here out of a vendor's."""
    return (reading.vendor, reading.endpoint) == (VENDOR, ENDPOINT)


@lru_cache(maxsize=1024)
def _made(metric: str, text: str) -> Made | None:
    if not text:
        return None if is_open(metric) else Made("+", (metric,))
    whole = _summed(text)
    if whole:
        return Made("+", whole)
    found = _OPERATION.fullmatch(text)
    if found is None:
        return None
    left, sign, right = _summed(found[1]), found[2], _summed(found[3])
    if left is None or right is None:
        return None
    if sign == "/":
        return Made("/", left, right)
    return Made("+", (metric,)) if _defines(metric, text) else Made("-", left, right)


def _defines(metric: str, text: str) -> bool:
    """Whether the ontology defines the metric by that very difference."""
    if not ontology.is_canonical(metric):
        return False
    formula = ontology.metric(metric).formula
    return (
        isinstance(formula, Difference) and text == f"{formula.left} - {formula.right}"
    )


def _summed(text: str) -> tuple[str, ...] | None:
    """The canonical metrics of "a + b" or "(a + b)"; None for other text."""
    bare = text[1:-1] if text.startswith("(") else text
    names = bare.split(" + ")
    if len(set(names)) < len(names) or not all(map(ontology.is_canonical, names)):
        return None
    return tuple(sorted(names))
