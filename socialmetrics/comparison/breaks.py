"""The figures that break an order, and what makes a break doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.claims import (
    Claim,
    Equation,
    claims,
    equations,
    may_fall,
)
from socialmetrics.comparison.lots import NOBODY, Lot, is_same, partners
from socialmetrics.comparison.result import Grounds, Severity
from socialmetrics.comparison.rule import Days, Order
from socialmetrics.reading import Settled
from socialmetrics.series.columns import (
    SETTLED_CODE,
    Mask,
    Rows,
    Values,
    micros,
    moment,
)
from socialmetrics.window import ONE_DAY, midnight

ROUNDING: Final = 1e-9
"""By how much of itself a figure may be off, after computing with fractions."""
OLDER: Final = "The second was read earlier, and may lack what came in between."
TAKEN_BACK: Final = "The second was read later; something may have been taken back."
APART: Final = "They were read at different times, and may change."


@attrs.frozen(kw_only=True, eq=False)
class End:
    """One side of a broken order: figures of a lot, or what was computed for them."""

    lot: Lot
    rows: Rows
    values: Values
    metric: str


@attrs.frozen(kw_only=True, eq=False)
class Break:
    """Figures that break one order; `doubts` tell which of them may be innocent.

    Of a fall the lesser figure is the earlier one.
    """

    grounds: Grounds
    severity: Severity
    lesser: End
    greater: End
    doubts: Sequence[tuple[Mask, str]]
    is_fall: bool = False

    def __len__(self) -> int:
        return len(self.lesser.rows)

    @property
    def excess(self) -> Values:
        """By how much the lesser figure is above the greater one."""
        return self.lesser.values - self.greater.values

    @property
    def is_doubtful(self) -> Mask:
        """Whether it is a warning only."""
        found = np.full(len(self), self.severity == "warning")
        for doubt, _ in self.doubts:
            found |= doubt
        return found


def breaks(lots: Sequence[Lot], orders: Sequence[Order]) -> Iterator[Break]:
    """Every order that figures of these lots break."""
    if not lots:
        return
    for claim in claims(lots, orders, _days(lots)):
        if claim.lesser is not claim.greater or not claim.lesser.is_unique:
            yield from _against(claim)
    for equation in equations(lots):
        yield from _unequal(equation)


def _days(lots: Sequence[Lot]) -> Days:
    columns = {id(lot.columns): lot.columns for lot in lots}.values()
    first = min(int(each.start.min()) for each in columns)
    last = max(int(each.start.max()) for each in columns)
    return moment(first).date(), moment(last).date()


def _against(claim: Claim) -> Iterator[Break]:
    one, other = claim.lesser, claim.greater
    partner = partners(one, other, later=claim.later)
    rows = np.flatnonzero(partner != NOBODY)
    below, above = one.value[rows], other.value[partner[rows]]
    rows = rows[below > above + ROUNDING * np.abs(above)]
    if not len(rows):
        return
    rows = rows[
        _is_on(one, rows, claim.days) & is_same(one, rows, other, partner[rows])
    ]
    if len(rows):
        lesser, greater = _end(one, rows), _end(other, partner[rows])
        yield Break(
            grounds=claim.grounds,
            severity=claim.severity,
            lesser=lesser,
            greater=greater,
            doubts=() if claim.later else _doubts(lesser, greater),
            is_fall=claim.later,
        )


def _is_on(lot: Lot, rows: Rows, days: Days) -> Mask:
    start = lot.columns.start[lot.rows[rows]]
    first, last = midnight(days[0], "UTC"), midnight(days[1] + ONE_DAY, "UTC")
    found: Mask = (start >= micros(first)) & (start < micros(last))
    return found


def _end(lot: Lot, rows: Rows) -> End:
    return End(lot=lot, rows=rows, values=lot.value[rows], metric=lot.reading.metric)


def _doubts(lesser: End, greater: End) -> Sequence[tuple[Mask, str]]:
    """A figure that was read later may know more, unless the other one is final."""
    below, above = lesser.lot.read[lesser.rows], greater.lot.read[greater.rows]
    older: Mask = (above < below) & _may_grow(greater)
    taken_back = (above > below) & may_fall(greater.lot.reading)
    return (older, OLDER), (taken_back, TAKEN_BACK)


def _may_grow(end: End) -> Mask:
    """Running totals do unless they are said to be final; what happened in a window
    only if it is said to be provisional."""
    settled = end.lot.columns.settled[end.lot.rows[end.rows]]
    is_total = end.lot.reading.temporality == "lifetime"
    final: Mask = settled == SETTLED_CODE[Settled.YES]
    provisional: Mask = settled == SETTLED_CODE[Settled.NO]
    return ~final if is_total else provisional


def _unequal(equation: Equation) -> Iterator[Break]:
    whole, plus, minus = equation.whole, equation.plus, equation.minus
    first, second = partners(whole, plus), partners(whole, minus)
    rows = np.flatnonzero((first != NOBODY) & (second != NOBODY))
    told = whole.value[rows]
    computed = plus.value[first[rows]] - minus.value[second[rows]]
    wrong = np.abs(told - computed) > ROUNDING * np.abs(plus.value[first[rows]])
    rows, computed = rows[wrong], computed[wrong]
    same = is_same(whole, rows, plus, first[rows])
    same &= is_same(whole, rows, minus, second[rows])
    rows, computed = rows[same], computed[same]
    one = _end(whole, rows)
    other = End(
        lot=plus,
        rows=first[rows],
        values=computed,
        metric=f"{plus.reading.metric} - {minus.reading.metric}",
    )
    apart = _apart((one, other, _end(minus, second[rows])))
    for lesser, greater in ((one, other), (other, one)):
        yield from _above(equation.grounds, lesser, greater, apart)


def _apart(ends: Sequence[End]) -> Mask:
    """Whether three figures were read at different times, and one may still change."""
    reads = np.stack([end.lot.read[end.rows] for end in ends])
    change = np.logical_or.reduce([_may_grow(end) for end in ends])
    found: Mask = (reads.min(axis=0) < reads.max(axis=0)) & change
    return found


def _above(grounds: Grounds, lesser: End, greater: End, apart: Mask) -> Iterator[Break]:
    over = lesser.values > greater.values
    if over.any():
        yield Break(
            grounds=grounds,
            severity="fault",
            lesser=_of(lesser, over),
            greater=_of(greater, over),
            doubts=((apart[over], APART),),
        )


def _of(end: End, mask: Mask) -> End:
    return attrs.evolve(end, rows=end.rows[mask], values=end.values[mask])
