"""What a canonical metric is, and the three ways to work one out of others."""

from __future__ import annotations

from typing import Literal

import attrs

from socialmetrics.reading import Temporality, Unit

Kind = Literal["counter", "gauge", "ratio", "distribution"]
Dimension = Literal["time", "posts", "profiles"]


@attrs.frozen
class Sum:
    """The sum of its terms, every one of which must be known.

    A term lists alternatives, best first; the first one that is known is used, and
    only that one. `optional` holds pairs (metric, only_with): the metric is added
    where it is known, and only if `only_with` is among the alternatives that were
    used ("" stands for always). So quotes are added beside reposts, but never beside
    a total of shares, which holds them already.
    """

    terms: tuple[tuple[str, ...], ...]
    optional: tuple[tuple[str, str], ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """Every metric that it mentions."""
        named = {metric for term in self.terms for metric in term}
        return frozenset(named | {metric for metric, _ in self.optional})


@attrs.frozen
class Difference:
    """`left` minus `right`, both of one window and one scope."""

    left: str
    right: str

    @property
    def needs(self) -> frozenset[str]:
        """Every metric that it mentions."""
        return frozenset({self.left, self.right})


@attrs.frozen
class Ratio:
    """`numerator` by `denominator`, both of one window and one scope."""

    numerator: str
    denominator: str

    @property
    def needs(self) -> frozenset[str]:
        """Every metric that it mentions."""
        return frozenset({self.numerator, self.denominator})


Formula = Sum | Difference | Ratio


@attrs.frozen
class Metric:
    """A canonical metric: what every vendor's number under this name must mean.

    `additive_over` tells along what its figures may be added: time, posts, profiles.
    `contains` names every metric that is a part of it, parts of parts too; parent and
    part are never added. `formula` works it out where a vendor does not give it.
    """

    id: str
    title: str
    definition: str
    unit: Unit
    kind: Kind
    temporalities: tuple[Temporality, ...]
    additive_over: frozenset[Dimension]
    contains: tuple[str, ...] = ()
    formula: Formula | None = None
