"""Figures of two sides brought together, metric by metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.chain import Shift, rest, shift
from socialmetrics.comparison.direct import (
    Pair,
    born_of,
    in_time,
    needs_posts,
    provisional,
    terms_of,
    untold,
)
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.judging import judge
from socialmetrics.comparison.meeting import Meeting
from socialmetrics.comparison.overlays import Half
from socialmetrics.comparison.partners import Partners
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.raised import Ground
from socialmetrics.comparison.result import NAMES
from socialmetrics.comparison.rule import Days, Rule
from socialmetrics.comparison.table import Batch, cases_of
from socialmetrics.comparison.terms import Terms, matched, numbered
from socialmetrics.ontology import needed
from socialmetrics.series.columns import (
    NONE,
    Instants,
    Rows,
    ints,
    joint,
    moment,
)


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
        for one, other in self.partners.pairs(metric):
            at, there = matched(left[one], right[other])
            found += self._by_reading(metric, (one[at], other[there]))
        return tuple(found)

    @cached_property
    def partners(self) -> Partners:
        """Which of the figures may meet."""
        return Partners(cells=self.cells, keys=(self.keys[0], self.keys[1]))

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
        return Terms(left, keys[2]), Terms(right, keys[3])

    def rows(self, at: int, metric: str) -> Rows:
        """The cells of that metric: of the left (0), of the right (1)."""
        return self.partners.rows(at, metric)

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
        """The causes, in their order."""
        return sorted(self._causes(pair), key=lambda each: NAMES.index(each.name))

    def _causes(self, pair: Pair) -> list[Shift]:
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
            shifts += [*ground.shifts(), *self._of_nobody(pair)]
            levels = {level for level, _ in self.meeting.kinds}
            return [*shifts, *(untold(pair, shifts) if len(levels) > 1 else ())]
        born = born_of(self.pool.created, pair)
        return [*shifts, *in_time(pair, common, self.proof, born)]

    def _of_nobody(self, pair: Pair) -> Iterator[Shift]:
        """Posts that may be the account's, for all that is known."""
        metric = pair.left.reading.metric
        posts = sum(
            len(np.unique(stray.columns.subject[stray.rows(named, network)]))
            for stray in (*self.meeting.strays[0], *self.meeting.strays[1])
            for named in [{metric, *needed(metric)}]
            for network in [pair.left.reading.network]
            if stray.is_unowned
        )
        if posts:
            every = ~(np.isnan(pair.left.value) | np.isnan(pair.right.value))
            text = f"{posts:,} posts are left out, since nobody says whose they are"
            yield shift("population", text, np.full(len(every), np.nan), every)


def _distinct(code: Instants) -> list[int]:
    if len(code) and (code == code[0]).all():  # Nearly always, and much quicker.
        return [int(code[0])]
    return ints(np.unique(code))


def _half(cells: Cells, rows: Rows) -> Half:
    return Half(cells=cells, rows=rows, reading=cells.columns.reading_of(int(rows[0])))


def _days(left: Half, right: Half) -> Days:
    """The first and the last day (UTC) of these figures."""
    halves = left, right
    first = min(int(half.start.min()) for half in halves)
    ends = [int(np.where(h.end == NONE, h.as_of, h.end).max()) for h in halves]
    return _day(first), _day(max(max(ends) - 1, first))


def _day(us: int) -> date:
    return moment(us).date()
