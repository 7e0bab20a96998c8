"""Which figures of two sides are laid beside each other: those that count alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.coding import by_code
from socialmetrics.comparison.composition import origin
from socialmetrics.reading import Reading
from socialmetrics.series.columns import Instants, Rows

SCOPES: Final = ("total", "organic", "unknown", "paid")
"""Which scope is taken first where two sides share none."""


class Variant(NamedTuple):
    """What figures of one metric have in common that may stand for one another."""

    vendor: str
    scope: str
    counting: str
    threshold: str
    composition: str

    @classmethod
    def of(cls, reading: Reading) -> Variant:
        """That of the reading."""
        return cls(
            origin(reading),
            reading.scope,
            reading.counting,
            reading.threshold,
            reading.composition,
        )


@attrs.frozen(kw_only=True, eq=False)
class Partners:
    """Cells of two sides, and what each is known by when it has found its partner."""

    cells: tuple[Cells, Cells]
    keys: tuple[Instants, Instants]

    def pairs(self, metric: str) -> Iterator[tuple[Rows, Rows]]:
        """Rows of the left and of the right that may meet; every vendor by itself.

        Of equal scope and counting first, of equal threshold and composition before
        others; what has found no partner there meets what says most.
        """
        left, right = (self.variants(at, metric) for at in (0, 1))
        for one, other in product(_by_vendor(left), _by_vendor(right)):
            yield from self._of_vendors(
                {variant: left[variant] for variant in one},
                {variant: right[variant] for variant in other},
            )

    def rows(self, at: int, metric: str) -> Rows:
        """The cells of that metric: of the left (0), of the right (1)."""
        return _joined(self.variants(at, metric).values())

    def variants(self, at: int, metric: str) -> dict[Variant, Rows]:
        """The same, by what they count."""
        found: dict[Variant, list[Rows]] = {}
        readings = self.cells[at].columns.readings
        for reading, rows in zip(readings, self._by_code[at], strict=True):
            if reading.metric == metric and len(rows):
                found.setdefault(Variant.of(reading), []).append(rows)
        return {variant: _joined(rows) for variant, rows in found.items()}

    @cached_property
    def _by_code(self) -> tuple[list[Rows], list[Rows]]:
        """The cells of every reading, on both sides."""
        left, right = (
            by_code(each.columns.reading, len(each.columns.readings))
            for each in self.cells
        )
        return left, right

    def _of_vendors(
        self, left: dict[Variant, Rows], right: dict[Variant, Rows]
    ) -> Iterator[tuple[Rows, Rows]]:
        alike, others = _sorted(left, right)
        met: tuple[list[Instants], list[Instants]] = ([], [])
        for group in alike:
            used: tuple[list[Instants], list[Instants]] = ([], [])
            for one, other in group:
                yield from self._free(left[one], right[other], used)
            for at in (0, 1):
                met[at].extend(used[at])
        for one, other in others:
            yield from self._free(left[one], right[other], met)

    def _free(
        self, one: Rows, other: Rows, used: tuple[list[Instants], list[Instants]]
    ) -> Iterator[tuple[Rows, Rows]]:
        """The rows whose keys are not used yet; from here on they are."""
        rows = [one, other]
        for at in (0, 1):
            if used[at]:
                keys = self.keys[at][rows[at]]
                rows[at] = rows[at][~np.isin(keys, np.concatenate(used[at]))]
        if not len(rows[0]) or not len(rows[1]):
            return
        yield rows[0], rows[1]
        mine, theirs = self.keys[0][rows[0]], self.keys[1][rows[1]]
        used[0].append(mine[np.isin(mine, theirs)])
        used[1].append(theirs[np.isin(theirs, mine)])


def _sorted(
    left: Collection[Variant], right: Collection[Variant]
) -> tuple[list[list[tuple[Variant, Variant]]], list[tuple[Variant, Variant]]]:
    """Pairs of equal scope and counting, one list for each; and all other pairs."""
    pairs = sorted(product(left, right), key=_unlike)
    alike: dict[tuple[str, str], list[tuple[Variant, Variant]]] = {}
    others: list[tuple[Variant, Variant]] = []
    for one, other in pairs:
        if _kind(one) == _kind(other):
            alike.setdefault(_kind(one), []).append((one, other))
        else:
            others.append((one, other))
    return list(alike.values()), others


def _kind(variant: Variant) -> tuple[str, str]:
    return variant.scope, variant.counting


def _unlike(pair: tuple[Variant, Variant]) -> tuple[bool, bool, int, int]:
    one, other = pair
    return (
        one.threshold != other.threshold,
        one.composition != other.composition,
        SCOPES.index(one.scope),
        SCOPES.index(other.scope),
    )


def _by_vendor(variants: Collection[Variant]) -> list[list[Variant]]:
    found: dict[str, list[Variant]] = {}
    for each in variants:
        found.setdefault(each.vendor, []).append(each)
    return list(found.values())


def _joined(pieces: Collection[Rows]) -> Rows:
    """All of these rows, in order."""
    if len(pieces) == 1:
        return next(iter(pieces))
    found: Sequence[Rows] = [np.empty(0, np.intp), *pieces]
    return np.sort(np.concatenate(found))
