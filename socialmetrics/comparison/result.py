"""What a comparison says: of every pair of figures, of every metric, of every tool."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, get_args

import attrs

from socialmetrics.model import Ref
from socialmetrics.reading import Level, Reading, Status, Temporality

Axis = Literal[
    "formula",
    "scope",
    "date_axis",
    "temporality",
    "counting",
    "threshold",
    "population",
    "day_zone",
    "freshness",
]
Answer = Literal["same", "convertible", "ordered", "different", "unknown"]
Verdict = Literal[
    "comparable", "comparable_after", "bounded", "not_comparable", "unknown"
]
Where = Literal["left", "right"]
Name = Literal[
    "formula", "scope", "date_axis", "window_and_zone", "population", "freshness"
]
Basis = Literal["computed", "bounded", "unknown"]
Severity = Literal["fault", "warning"]
Number = int | float

AXES: Final[tuple[Axis, ...]] = get_args(Axis)
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
NAMES: Final[tuple[Name, ...]] = get_args(Name)
"""The names of causes, in the order in which a gap is split."""


@attrs.frozen(kw_only=True)
class Grounds:
    """The rule behind an answer: what it says, where that is written, and since when.

    `valid_from` and `valid_to` are days, the last one included; None: not bounded.
    """

    id: str
    text: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@attrs.frozen(kw_only=True)
class Finding:
    """How two figures relate on one axis, and by which rule.

    `text` says it of these two. `lesser` is the side that can never be above the other
    where the answer is "ordered", else None.
    """

    axis: Axis
    answer: Answer
    text: str
    grounds: Grounds
    lesser: Where | None = None


@attrs.frozen(kw_only=True)
class Cause:
    """A named part of a gap, from the left figure to the right one.

    `amount` is what is known of it, 0 where nothing is. `basis` says how: "computed"
    from figures that were fetched; "bounded": the whole lies from `low` to `high`
    (None: open); "unknown".
    """

    name: Name
    amount: Number
    basis: Basis
    text: str
    low: Number | None = None
    high: Number | None = None


@attrs.frozen(kw_only=True)
class Conversion:
    """A step by which figures were brought to common terms, on one side or both."""

    axis: Axis
    side: Literal["left", "right", "both"]
    text: str


@attrs.frozen(kw_only=True)
class Side:
    """One of the tools that are compared.

    `vendors` are those of its figures; `read_at` is when the last of them was fetched,
    None where it has none. Instants are UTC.
    """

    name: str
    vendors: tuple[str, ...]
    read_at: datetime | None


@attrs.frozen(kw_only=True)
class Row:
    """Two figures of one subject, metric and window.

    `left` and `right` are their values, None where there is none (`left_status` and
    `right_status` say why; None: that side has no such figure at all). [start, end) is
    the window in UTC, without an end for lifetime totals of a post. `axes` has a
    `Finding` for every axis, `causes` the parts of the gap in order; left, the amounts
    of all causes and `unexplained` add up to right: whole numbers exactly, fractions as
    nearly as floats can. `unexplained` is None where a value is. `number` finds the
    figures behind it: `Comparison.behind`.
    """

    number: int
    subject: Ref
    metric: str
    breakdown: str
    start: datetime
    end: datetime | None
    left_name: str
    right_name: str
    left: Number | None
    right: Number | None
    left_status: Status | None
    right_status: Status | None
    left_reading: Reading
    right_reading: Reading
    verdict: Verdict
    axes: Mapping[Axis, Finding]
    conversions: tuple[Conversion, ...]
    causes: tuple[Cause, ...]
    unexplained: Number | None

    @property
    def gap(self) -> Number | None:
        """The right figure less the left one; None where one of them is."""
        if self.left is None or self.right is None:
            return None
        return self.right - self.left

    @property
    def converted(self) -> Number | None:
        """The left figure in the right one's terms, as far as that was worked out: with
        every computed cause taken into account; None without both values."""
        if self.left is None or self.right is None:
            return None
        known = (each.amount for each in self.causes if each.basis == "computed")
        return sum(known, start=self.left)


@attrs.frozen(kw_only=True)
class Summary:
    """What can be said of one metric and two tools, over all rows.

    `axes` has the worst finding of every axis. `rows` is how many pairs of figures
    there are, `equal` how many of them agree exactly, `valued` how many have both
    values. `only_left` and `only_right` are how many figures found no partner.
    """

    metric: str
    left_name: str
    right_name: str
    verdict: Verdict
    axes: Mapping[Axis, Finding]
    rows: int
    valued: int
    equal: int
    only_left: int
    only_right: int


@attrs.frozen(kw_only=True)
class Fault:
    """An order that always holds, and does not in these figures: the data are at fault.

    `lesser` should be at most `greater`; both are raw values. `severity` is "warning"
    where a vendor is known to break the order. The names are those of the tools.
    """

    grounds: Grounds
    severity: Severity
    subject: Ref
    start: datetime
    end: datetime | None
    lesser: Number
    lesser_metric: str
    lesser_name: str
    greater: Number
    greater_metric: str
    greater_name: str
    text: str


@attrs.frozen(kw_only=True)
class Coverage:
    """How much of what was asked for one tool has: subjects counted once each.

    Lifetime totals and figures of a window are told apart: they are of other posts.
    `reported` have at least one observed figure; `unreportable` have none, since the
    vendor does not, may not or no longer tell; `awaiting` were not collected yet;
    `missing` are gone at this tool, or are not there while another tool has them. The
    four add up to `subjects`. `settled_through` is the last instant (UTC) up to which
    no figure is known to be provisional; None: no figure, or all of them are.
    """

    name: str
    level: Level
    temporality: Temporality
    metric: str
    subjects: int
    reported: int
    unreportable: int
    awaiting: int
    missing: int
    settled_through: datetime | None


@attrs.frozen(kw_only=True)
class Advice:
    """Which tool's figure answers a question, and why.

    `name` is None where no tool can answer it; `reason` says why then.
    """

    metric: str
    question: str
    title: str
    name: str | None
    reason: str


@attrs.frozen(kw_only=True)
class Unmatched:
    """Figures of one tool and metric that found no partner, and some of their subjects.

    `reason` says why not, `instead` what would help.
    """

    name: str
    metric: str
    figures: int
    subjects: int
    examples: tuple[Ref, ...]
    reason: str
    instead: str


@attrs.frozen(kw_only=True)
class Day:
    """One tool's figure of one day: for the daily lines of a report.

    `settled` is False where it may still change. `value` None: nothing was observed.
    """

    day: date
    value: Number | None
    settled: bool


@attrs.frozen(kw_only=True)
class Line:
    """The days of one tool, subject and metric, oldest first, and what they count.

    `settled_through` is as in `Coverage`, for this line.
    """

    name: str
    subject: Ref
    metric: str
    reading: Reading
    days: tuple[Day, ...]
    settled_through: date | None
