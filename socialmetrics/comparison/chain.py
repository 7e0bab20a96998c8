"""The gap between two figures as a chain of causes."""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.result import Basis, Cause, Name
from socialmetrics.series.columns import Plain, Values

Bounds: TypeAlias = tuple[float | None, float | None]
"""The least and the most that something can be; None: open."""
NOTHING: Final = 0
COMPUTED: Final = 1
BOUNDED: Final = 2
UNKNOWN: Final = 3
BASES: Final[dict[int, Basis]] = {
    COMPUTED: "computed",
    BOUNDED: "bounded",
    UNKNOWN: "unknown",
}


@attrs.frozen(kw_only=True, eq=False)
class Shift:
    """One cause for many rows: how much each figure moves by it.

    `basis` is `NOTHING` where the cause does not apply; `amount` is 0 where it is not
    known.
    `low` and `high` bound what is not computed, NaN where they are open.
    """

    name: Name
    text: str
    amount: Values
    basis: Plain
    low: Values
    high: Values

    def cause(self, row: int) -> Cause | None:
        """What it says of one row; None where it moves nothing for certain."""
        basis, amount = BASES.get(int(self.basis[row])), float(self.amount[row])
        if basis is None or (basis == "computed" and not amount):
            return None
        return Cause(
            name=self.name,
            amount=whole(amount),
            basis=basis,
            text=self.text,
            low=_bound(float(self.low[row])),
            high=_bound(float(self.high[row])),
        )


def whole(value: float) -> int | float:
    """Whole numbers as int."""
    return int(value) if value.is_integer() else value


def _bound(value: float) -> int | float | None:
    return None if value != value else whole(value)


def shift(
    name: Name,
    text: str,
    amount: Values,
    applies: Plain,
    bounds: Bounds = (None, None),
) -> Shift:
    """A cause that is computed where `amount` is a number; else it is bounded where a
    bound is given, else unknown."""
    low, high = bounds
    known = ~np.isnan(amount)
    is_bounded = low is not None or high is not None
    lost = BOUNDED if is_bounded else UNKNOWN
    basis = np.where(known, COMPUTED, lost)
    open_ = known | ~applies
    return Shift(
        name=name,
        text=text,
        amount=np.where(known & applies, amount, 0.0),
        basis=np.where(applies, basis, NOTHING).astype(np.uint8),
        low=np.where(open_, np.nan, np.nan if low is None else low),
        high=np.where(open_, np.nan, np.nan if high is None else high),
    )


def rest(left: Values, right: Values, shifts: list[Shift]) -> Values:
    """What no cause explains: so that left, causes and rest add up to right exactly;
    where no float does, as nearly as floats can."""
    total = left.copy()
    for each in shifts:
        total = total + each.amount
    found = right - total
    off = total + found != right
    if off.any():  # Only fractions can be off at all.
        for to in (np.inf, -np.inf):
            near = np.nextafter(found, to)
            found = np.where(off & (total + near == right), near, found)
    return found
