"""Figures of two sides brought together, metric by metric."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import product
from typing import TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.chain import Shift, rest
from socialmetrics.comparison.coding import by_code
from socialmetrics.comparison.composition import origin
from socialmetrics.comparison.direct import (
    Pair,
    born_of,
    in_time,
    needs_posts,
    provisional,
    terms_of,
)
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.judging import judge
from socialmetrics.comparison.meeting import Meeting
from socialmetrics.comparison.overlays import Half
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.raised import Ground
from socialmetrics.comparison.rule import Days, Rule
from socialmetrics.comparison.table import Batch, cases_of
from socialmetrics.comparison.terms import Terms, matched, numbered
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    NONE,
    Instants,
    Rows,
    ints,
    joint,
    moment,
)

Variant: TypeAlias = tuple[str, str, str]
"""A vendor, a scope and a way of counting."""


@attrs.frozen(kw_only=True, eq=False)
class Matcher:
    """Two sides that meet, and what is needed to judge and to split their figures."""

    pool: Pool
    meeting: Meeting
    sides: tuple[int, int]
    proof: Evidence
    rules: Sequence[Rule]

    def batches(self, metric: str) -> tuple[Batch, ...]:
        """Every pair of figures of that metric."""
        left, right = self.keys[:2]
        found: list[Batch] = []
        for one, other in self._variants(metric):
            at, there = matched(left[one], right[other])
            found += self._by_reading(metric, (one[at], other[there]))
        return tuple(found)

    @property
    def cells(self) -> tuple[Cells, Cells]:
        """The figures of both sides."""
        return self.meeting.left, self.meeting.right

    @cached_property
    def keys(self) -> list[Instants]:
        """What the figures of the left, of the right, and all that explain the left or
        the right are found by."""
        every = (*self.cells, *self.meeting.terms)
        distinct = {id(each): each for each in every}
        found = dict(zip(distinct, numbered([*distinct.values()]), strict=True))
        return [found[id(each)] for each in every]

    @cached_property
    def _terms(self) -> tuple[Terms, Terms]:
        left, right = self.meeting.terms
        keys = self.keys
        return Terms(left.columns, keys[2]), Terms(right.columns, keys[3])

    def rows(self, at: int, metric: str) -> Rows:
        """The cells of that metric: of the left (0), of the right (1)."""
        return _joined(self._by_variant(at, metric).values())

    def _variants(self, metric: str) -> Iterator[tuple[Rows, Rows]]:
        """Rows of the left and of the right that count alike, as far as that can be
        had: of equal scope, else total before organic; every vendor by itself."""
        left, right = (self._by_variant(at, metric) for at in (0, 1))
        shared = [
            (one, other) for one, other in product(left, right) if one[1:] == other[1:]
        ]
        for one, other in shared or product(_best(left), _best(right)):
            yield left[one], right[other]

    def _by_variant(self, at: int, metric: str) -> dict[Variant, Rows]:
        found: dict[Variant, list[Rows]] = {}
        readings = self.cells[at].columns.readings
        for reading, rows in zip(readings, self._by_code[at], strict=True):
            if reading.metric == metric and len(rows):
                found.setdefault(_variant(reading), []).append(rows)
        return {variant: _joined(rows) for variant, rows in found.items()}

    @cached_property
    def _by_code(self) -> tuple[list[Rows], list[Rows]]:
        """The cells of every reading, on both sides."""
        left, right = (
            by_code(each.columns.reading, len(each.columns.readings))
            for each in self.cells
        )
        return left, right

    def _by_reading(self, metric: str, rows: tuple[Rows, Rows]) -> Iterator[Batch]:
        """The pairs, those of the same two readings together."""
        left, right = (cells.columns for cells in self.cells)
        code = joint(
            (left.reading[rows[0]], len(left.readings)),
            (right.reading[rows[1]], len(right.readings)),
        )
        for each in _distinct(code):
            mine = code == each
            one, other = rows if mine.all() else (rows[0][mine], rows[1][mine])
            yield self._batch(
                metric,
                _half(self.meeting.left, one),
                _half(self.meeting.right, other),
            )

    def _batch(self, metric: str, left: Half, right: Half) -> Batch:
        days = _days(left, right)
        static = judge(left.reading, right.reading, days, self.rules)
        pair = Pair(
            left=left,
            right=right,
            terms=self._terms,
            key=self.keys[0][left.rows],
            agreed=frozenset(
                a for a, found in static.items() if found.answer == "same"
            ),
        )
        shifts = self._shifts(pair)
        case, cases = cases_of(self.meeting, pair, static, shifts)
        one, other = self.sides
        return Batch(
            names=(self.pool.names[one], self.pool.names[other]),
            sides=self.sides,
            metric=metric,
            days=days,
            meeting=self.meeting,
            left=left.fresh(),
            right=right.fresh(),
            shifts=tuple(shifts),
            rest=rest(left.value, right.value, shifts),
            case=case,
            cases=cases,
        )

    def _shifts(self, pair: Pair) -> list[Shift]:
        shifts, common = terms_of(pair)
        shifts += provisional(pair)
        if self.meeting.level == "profile":
            if not self.meeting.raised and not needs_posts(pair):
                return shifts
            ground = Ground(
                pool=self.pool,
                proof=self.proof,
                common=common,
                sides=self.sides,
                kinds=self.meeting.kinds,
                pair=pair,
            )
            return [*shifts, *ground.shifts()]
        born = born_of(self.pool.created, pair)
        return [*shifts, *in_time(pair, common, self.proof, born)]


def _distinct(code: Instants) -> list[int]:
    if len(code) and (code == code[0]).all():  # Nearly always, and much quicker.
        return [int(code[0])]
    return ints(np.unique(code))


def _half(cells: Cells, rows: Rows) -> Half:
    return Half(cells=cells, rows=rows, reading=cells.columns.reading_of(int(rows[0])))


def _joined(pieces: Collection[Rows]) -> Rows:
    """All of these rows, in order."""
    if len(pieces) == 1:
        return next(iter(pieces))
    return np.sort(np.concatenate([np.empty(0, np.intp), *pieces]))


def _best(variants: Iterable[Variant]) -> Iterable[Variant]:
    """Of every vendor the variant that says most."""
    best: dict[str, Variant] = {}
    for each in sorted(variants, key=_rank):
        best.setdefault(each[0], each)
    return best.values()


def _variant(reading: Reading) -> Variant:
    return origin(reading), reading.scope, reading.counting


def _rank(key: Variant) -> int:
    return ("total", "organic", "unknown", "paid").index(key[1])


def _days(left: Half, right: Half) -> Days:
    """The first and the last day (UTC) of these figures."""
    halves = left, right
    first = min(int(half.start.min()) for half in halves)
    ends = [int(np.where(h.end == NONE, h.as_of, h.end).max()) for h in halves]
    return _day(first), _day(max(max(ends) - 1, first))


def _day(us: int) -> date:
    return moment(us).date()
