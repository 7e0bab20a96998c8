"""Pairs of figures in columns: judged, split into causes, and read row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.chain import Shift, whole
from socialmetrics.comparison.direct import Pair
from socialmetrics.comparison.judging import verdict
from socialmetrics.comparison.meeting import Meeting
from socialmetrics.comparison.overlays import Half, freshness, population, spans
from socialmetrics.comparison.result import (
    AXES,
    NAMES,
    Axis,
    Cause,
    Conversion,
    Finding,
    Name,
    Row,
    Verdict,
)
from socialmetrics.comparison.rule import Days
from socialmetrics.comparison.standing import (
    converted,
    counted,
    explained,
    fresh,
    populated,
    shifted,
)
from socialmetrics.series.columns import (
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
        causes = self._causes(at) if known else ()
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
            conversions=(
                *converted(self.meeting, self.left, self.right, at),
                *(turned(each) for each in causes if each.basis == "computed"),
            ),
            causes=causes,
            unexplained=whole(float(self.rest[at])) if known else None,
        )

    def _causes(self, at: int) -> tuple[Cause, ...]:
        found = (each.cause(at) for each in self.shifts)
        return tuple(each for each in found if each is not None)


def _value(columns: Columns, cell: int) -> int | float | None:
    value = float(columns.value[cell])
    return None if value != value else whole(value)


def turned(cause: Cause) -> Conversion:
    """A computed cause as the step that takes it into account."""
    text = f"{cause.text}: {cause.amount:+,}"
    return Conversion(axis=AXES_OF[cause.name][0], side="left", text=text)


def cases_of(
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
    first, case = _distinct(key)
    cases: list[Case] = []
    for row in ints(first):
        told, span, posts, *bases = (int(code[row]) for code in codes)
        findings: dict[Axis, Finding] = {
            **static,
            **counted(pair.left.reading, pair.right.reading),
            **populated(posts),
            **shifted(span, static["day_zone"]),
            **fresh(told),
        }
        for name, basis in zip(NAMES, bases, strict=True):
            findings |= explained(findings, AXES_OF[name], basis)
        ordered: dict[Axis, Finding] = {axis: findings[axis] for axis in AXES}
        cases.append((MappingProxyType(ordered), verdict(ordered.values())))
    return case, tuple(cases)


def _distinct(key: Instants) -> tuple[Rows, Plain]:
    """Where every distinct number stands first, and for every row which one it is."""
    if (key == key[0]).all():  # Nearly always, and much quicker.
        return np.zeros(1, np.intp), np.zeros(len(key), np.int32)
    _, first, case = np.unique(key, return_index=True, return_inverse=True)
    return first, case.astype(np.int32)


def _basis(shifts: Sequence[Shift], name: Name, count: int) -> Plain:
    """The worst basis of the causes of that name, for every row."""
    found = np.zeros(count, np.uint8)
    for each in shifts:
        if each.name == name:
            found = np.maximum(found, each.basis)
    return found
