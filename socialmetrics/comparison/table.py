"""Pairs of figures in columns: judged, split into causes, and read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.chain import Shift, rest, whole
from socialmetrics.comparison.direct import (
    Pair,
    born_of,
    in_time,
    needs_posts,
    provisional,
    terms_of,
)
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.judging import judge, verdict
from socialmetrics.comparison.lifting import Cells
from socialmetrics.comparison.meeting import Meeting
from socialmetrics.comparison.overlays import Half, freshness, population, spans
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.raised import Ground
from socialmetrics.comparison.result import (
    AXES,
    NAMES,
    Axis,
    Cause,
    Finding,
    Name,
    Row,
    Verdict,
)
from socialmetrics.comparison.rule import Days, Rule
from socialmetrics.comparison.standing import (
    converted,
    counted,
    explained,
    fresh,
    populated,
    shifted,
)
from socialmetrics.comparison.terms import Terms, matched, numbered
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    NONE,
    STATUSES,
    Columns,
    Instants,
    Plain,
    Rows,
    Values,
    end_moment,
    ints,
    joint,
    moment,
)

AXES_OF: Final[Mapping[Name, tuple[Axis, ...]]] = {
    "formula": ("formula",),
    "scope": ("scope",),
    "date_axis": ("date_axis", "temporality"),
    "window_and_zone": ("day_zone",),
    "population": ("population",),
    "freshness": ("freshness",),
}
"""The axes on which figures differ by a cause of that name."""
Case = tuple[Mapping[Axis, Finding], Verdict]


@attrs.frozen(kw_only=True, eq=False)
class Batch:
    """Rows of one metric and two readings, of two sides, in columns."""

    names: tuple[str, str]
    sides: tuple[int, int]
    metric: str
    days: Days
    meeting: Meeting
    left: Half
    right: Half
    shifts: tuple[Shift, ...]
    rest: Values
    case: Plain
    cases: tuple[Case, ...]

    def __len__(self) -> int:
        return len(self.case)

    def row(self, at: int, number: int) -> Row:
        """One of the rows, under the number that it has in the comparison."""
        axes, told = self.cases[int(self.case[at])]
        columns, cell = self.left.cells.columns, int(self.left.rows[at])
        other, there = self.right.cells.columns, int(self.right.rows[at])
        left, right = _value(columns, cell), _value(other, there)
        known = left is not None and right is not None
        return Row(
            number=number,
            subject=columns.subject_of(cell),
            metric=self.metric,
            breakdown=columns.breakdowns[int(columns.breakdown[cell])],
            start=moment(int(columns.start[cell])),
            end=end_moment(int(columns.end[cell])),
            left_name=self.names[0],
            right_name=self.names[1],
            left=left,
            right=right,
            left_status=STATUSES[int(columns.status[cell])],
            right_status=STATUSES[int(other.status[there])],
            left_reading=self.left.reading,
            right_reading=self.right.reading,
            verdict=told,
            axes=axes,
            conversions=tuple(converted(self.meeting, self.left, self.right, at)),
            causes=self._causes(at) if known else (),
            unexplained=whole(float(self.rest[at])) if known else None,
        )

    def _causes(self, at: int) -> tuple[Cause, ...]:
        found = (each.cause(at) for each in self.shifts)
        return tuple(each for each in found if each is not None)


def _value(columns: Columns, cell: int) -> int | float | None:
    value = float(columns.value[cell])
    return None if value != value else whole(value)


@attrs.frozen(kw_only=True, eq=False)
class Lonely:
    """Cells of one side and metric that found no partner among two sides.

    `has_metric` tells whether the other side has figures of that metric at all;
    `refused` why they cannot be brought to this shape, and what would help, or None.
    """

    pair: tuple[int, int]
    side: int
    metric: str
    cells: Cells
    rows: Rows
    has_metric: bool
    refused: tuple[str, str] | None


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
        left, right = self._keys[:2]
        found: list[Batch] = []
        for one, other in _variants(self._cells, metric):
            at, there = matched(left[one], right[other])
            found += self._by_reading(metric, (one[at], other[there]))
        return tuple(found)

    def lonely(self, metric: str, batches: Sequence[Batch]) -> Iterator[Lonely]:
        """The figures of that metric that are in none of the batches."""
        for at, (side, cells) in enumerate(zip(self.sides, self._cells, strict=True)):
            rows = _rows(cells.columns, metric)
            halves = [(each.left, each.right)[at] for each in batches]
            if sum(len(half.rows) for half in halves) == len(rows):
                continue
            if halves:  # Another scope of what has met is not alone.
                met = np.concatenate([self._keys[at][half.rows] for half in halves])
                rows = rows[~np.isin(self._keys[at][rows], met)]
            if len(rows):
                other = self._cells[1 - at]
                yield Lonely(
                    pair=self.sides,
                    side=side,
                    metric=metric,
                    cells=cells,
                    rows=rows,
                    has_metric=bool(len(_rows(other.columns, metric))),
                    refused=other.refused.get(metric),
                )

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics of either side, those of the left first."""
        used = (each.columns.used_readings() for each in self._cells)
        return tuple(dict.fromkeys(r.metric for readings in used for r in readings))

    @property
    def _cells(self) -> tuple[Cells, Cells]:
        return self.meeting.left, self.meeting.right

    @cached_property
    def _keys(self) -> list[Instants]:
        return numbered((*self._cells, *self.meeting.terms))

    @cached_property
    def _terms(self) -> tuple[Terms, Terms]:
        left, right = self.meeting.terms
        keys = self._keys
        return Terms(left.columns, keys[2]), Terms(right.columns, keys[3])

    def _by_reading(self, metric: str, rows: tuple[Rows, Rows]) -> Iterator[Batch]:
        """The pairs, those of the same two readings together."""
        left, right = (cells.columns for cells in self._cells)
        code = joint(
            (left.reading[rows[0]], len(left.readings)),
            (right.reading[rows[1]], len(right.readings)),
        )
        for each in _distinct(code):
            mine = code == each
            one, other = rows[0][mine], rows[1][mine]
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
            key=self._keys[0][left.rows],
            agreed=frozenset(
                a for a, found in static.items() if found.answer == "same"
            ),
        )
        shifts = self._shifts(pair)
        case, cases = _cases(self.meeting, pair, static, shifts)
        one, other = self.sides
        return Batch(
            names=(self.pool.names[one], self.pool.names[other]),
            sides=self.sides,
            metric=metric,
            days=days,
            meeting=self.meeting,
            left=left,
            right=right,
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


def _rows(columns: Columns, metric: str) -> Rows:
    return np.flatnonzero(columns.by_reading(lambda r: r.metric == metric))


def _variants(cells: Sequence[Cells], metric: str) -> Iterator[tuple[Rows, Rows]]:
    """Rows of the left and of the right that count alike, as far as that can be had:
    of equal scope, else total before organic before paid."""
    left, right = (_by_variant(each.columns, metric) for each in cells)
    shared = [key for key in left if key in right]
    for key in shared:
        yield left[key], right[key]
    if left and right and not shared:
        yield left[min(left, key=_rank)], right[min(right, key=_rank)]


def _by_variant(columns: Columns, metric: str) -> dict[tuple[str, str], Rows]:
    kinds = {
        (r.scope, r.counting): None for r in columns.readings if r.metric == metric
    }
    found: dict[tuple[str, str], Rows] = {}
    for scope, counting in kinds:
        is_mine = partial(_counts, (metric, scope, counting))
        rows = np.flatnonzero(columns.by_reading(is_mine))
        if len(rows):
            found[scope, counting] = rows
    return found


def _counts(told: tuple[str, str, str], reading: Reading) -> bool:
    return (reading.metric, reading.scope, reading.counting) == told


def _rank(key: tuple[str, str]) -> int:
    return ("total", "organic", "unknown", "paid").index(key[0])


def _days(left: Half, right: Half) -> Days:
    """The first and the last day (UTC) of these figures."""
    halves = left, right
    first = min(int(half.start.min()) for half in halves)
    ends = [int(np.where(h.end == NONE, h.as_of, h.end).max()) for h in halves]
    return _day(first), _day(max(max(ends) - 1, first))


def _day(us: int) -> date:
    return moment(us).date()


def _cases(
    meeting: Meeting, pair: Pair, static: Mapping[Axis, Finding], shifts: list[Shift]
) -> tuple[Plain, tuple[Case, ...]]:
    """For every row the number of what is found on its axes, and the findings."""
    codes = (
        freshness(pair.left, pair.right),
        spans(pair.left, pair.right),
        population(meeting.kinds, pair.left, pair.right, raised=meeting.raised),
        *(_basis(shifts, name, len(pair.key)) for name in NAMES),
    )
    key = joint(*((code, 8) for code in codes))
    _, first, case = np.unique(key, return_index=True, return_inverse=True)
    cases: list[Case] = []
    for row in first.tolist():
        told, span, posts, *bases = (int(code[row]) for code in codes)
        findings: dict[Axis, Finding] = {
            **static,
            **counted(pair.left.reading, pair.right.reading),
            **populated(posts),
            **shifted(span),
            **fresh(told),
        }
        for name, basis in zip(NAMES, bases, strict=True):
            findings |= explained(findings, AXES_OF[name], basis)
        ordered: dict[Axis, Finding] = {axis: findings[axis] for axis in AXES}
        cases.append((MappingProxyType(ordered), verdict(ordered.values())))
    return case.astype(np.int32), tuple(cases)


def _basis(shifts: Sequence[Shift], name: Name, count: int) -> Plain:
    """The worst basis of the causes of that name, for every row."""
    found = np.zeros(count, np.uint8)
    for each in shifts:
        if each.name == name:
            found = np.maximum(found, each.basis)
    return found
