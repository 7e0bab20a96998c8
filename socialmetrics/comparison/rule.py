"""What rules are: patterns over readings, the answers to them, and orders."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, TypeAlias, get_args

import attrs

from socialmetrics.comparison.composition import origin
from socialmetrics.comparison.result import Answer, Axis, Grounds, Severity, Where
from socialmetrics.reading import Reading

State = Literal["agree", "one_figure", "neither_says", "one_says", "differ"]
"""How two readings stand to each other on an axis, before any rule is asked.

"agree": both say the same. "one_figure": it is not documented, but both are the same
figure of the same vendor. "neither_says", "one_says": it is not documented on both
sides, or on one. "differ": they say different things.
"""
STATES: Final[tuple[State, ...]] = get_args(State)
Days: TypeAlias = tuple[date, date]
"""The first and the last day of a window."""
Value = str | bool


@attrs.frozen
class Pattern:
    """The readings whose attributes have one of these values; without any, all.

    The zone "" is one that is not documented. The vendor of figures that are computed
    is the one out of whose figures they are.
    """

    wanted: tuple[tuple[str, frozenset[Value]], ...] = ()

    def fits(self, reading: Reading) -> bool:
        """Whether the reading is one of them."""
        return all(_value(reading, name) in values for name, values in self.wanted)

    @property
    def names(self) -> frozenset[str]:
        """The attributes that it looks at."""
        return frozenset(name for name, _ in self.wanted)


ANY: Final = Pattern()


def _value(reading: Reading, name: str) -> object:
    if name == "vendor":
        return origin(reading)
    found: object = getattr(reading, name)
    return "" if found is None else found


BADNESS: Final[dict[Answer | None, int]] = {
    "same": 0,
    "convertible": 1,
    "ordered": 2,
    "unknown": 3,
    "different": 4,
}
"""How far from "same". "different" is certain, so it is worse than "unknown"."""


def _rank(rule: Rule) -> tuple[bool, int, int]:
    bounds = (rule.valid_from, rule.valid_to, rule.breaks_on)
    special = len(rule.left.wanted) + len(rule.right.wanted)
    special += sum(map(bool, (rule.metrics, rule.when, any(bounds))))
    return bool(rule.vendor), special, BADNESS.get(rule.answer, 0)


@attrs.frozen(kw_only=True)
class Rule:
    """What is known of two figures on an axis: the answer, or (None) a note.

    It is about `metrics` (none: every one) and about readings that fit `left` and
    `right`, or `right` and `left`; `when` limits it to some of the states of the axis.
    Of an "ordered" answer, `lesser` is the side that is never above the other, except,
    with `unless_net`, where figures can fall. It holds for windows that meet
    [valid_from, valid_to]. One with `breaks_on` says that the meaning changed on that
    day: what is before and what is after is never added or joined; it holds for windows
    that reach across. `vendor` is the adapter that brings it, "" the core.
    """

    id: str
    axis: Axis
    answer: Answer | None
    text: str
    source: str
    metrics: frozenset[str] = frozenset()
    left: Pattern = ANY
    right: Pattern = ANY
    when: frozenset[State] = frozenset()
    lesser: Where | None = None
    unless_net: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    breaks_on: date | None = None
    vendor: str = ""
    rank: tuple[bool, int, int] = attrs.field(
        default=attrs.Factory(_rank, takes_self=True),
        init=False,
        eq=False,
        repr=False,
    )
    """Of two rules that fit, the one with the higher rank decides."""

    @property
    def grounds(self) -> Grounds:
        """The rule as it stands behind an answer."""
        return Grounds(
            id=self.id,
            text=self.text,
            source=self.source,
            valid_from=self.breaks_on or self.valid_from,
            valid_to=self.valid_to,
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is about every metric and every reading."""
        is_limited = self.metrics or self.left.wanted or self.right.wanted
        return not is_limited and self.breaks_on is None

    def concerns(self, metric: str) -> bool:
        """Whether it is about that metric."""
        return not self.metrics or metric in self.metrics

    def is_in_force(self, days: Days) -> bool:
        """Whether it holds in a window of these days."""
        if self.breaks_on is not None:
            return days[0] < self.breaks_on <= days[1]
        return meets(self.valid_from, self.valid_to, days)


@attrs.frozen(kw_only=True)
class Order:
    """Figures that fit `lesser` are never above figures that fit `greater`.

    Both are of one subject and window, and agree in every attribute that the patterns
    do not name. With `over_time`, it is a running total that never falls: an earlier
    figure is `lesser`, a later one of the same reading `greater`. With `unless_net` it
    does not hold where figures can fall. `is_part` is one that the ontology's parts
    give: the greater figure's composition has the last word. A `severity` of None takes
    other orders of the same figures out of force.
    """

    id: str
    text: str
    source: str
    lesser: Pattern
    greater: Pattern
    severity: Severity | None
    unless_net: bool = True
    over_time: bool = False
    is_part: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    vendor: str = ""

    @property
    def rank(self) -> tuple[bool, int]:
        """Of two orders that hold, the one with the higher rank counts."""
        special = len(self.lesser.wanted) + len(self.greater.wanted)
        return bool(self.vendor), special

    @property
    def grounds(self) -> Grounds:
        """The order as it stands behind a fault."""
        return Grounds(
            id=self.id,
            text=self.text,
            source=self.source,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )

    def is_in_force(self, days: Days) -> bool:
        """Whether it holds in a window of these days."""
        return meets(self.valid_from, self.valid_to, days)


def meets(first: date | None, last: date | None, days: Days) -> bool:
    """Whether [first, last], open where None, and these days have one in common."""
    begun = first is None or first <= days[1]
    return begun and (last is None or days[0] <= last)
