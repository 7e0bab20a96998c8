"""Causes of single gaps, and the same causes of many gaps in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np

from socialmetrics.comparison.chain import BOUNDED, COMPUTED, UNKNOWN, Shift
from socialmetrics.comparison.result import NAMES, Name
from socialmetrics.series.columns import Values


@attrs.frozen(kw_only=True)
class Amount:
    """A cause of one gap: what is known of it, and of how many posts it is not."""

    name: Name
    text: str
    value: float
    unknown: int = 0
    low: float | None = None
    high: float | None = None


def summed(name: Name, text: str, values: Values, sign: int = 0) -> Amount:
    """A cause that is the sum of what is known of posts; NaN is what is not.

    `sign` is 1 where that can only be more, -1 where it can only be less.
    """
    known = ~np.isnan(values)
    value, unknown = float(values[known].sum()), int((~known).sum())
    return Amount(
        name=name,
        text=text,
        value=value,
        unknown=unknown,
        low=value if unknown and sign > 0 else None,
        high=value if unknown and sign < 0 else None,
    )


def in_columns(rows: Sequence[Iterable[Amount]]) -> Iterator[Shift]:
    """The causes of every row as columns: one shift a name and text, in order."""
    found: dict[tuple[Name, str], list[tuple[int, Amount]]] = {}
    for row, amounts in enumerate(rows):
        for each in amounts:
            found.setdefault((each.name, each.text), []).append((row, each))
    for (name, text), its in sorted(found.items(), key=lambda e: NAMES.index(e[0][0])):
        yield _gathered(name, text, its, len(rows))


def _gathered(
    name: Name, text: str, its: Sequence[tuple[int, Amount]], count: int
) -> Shift:
    amount, basis = np.zeros(count), np.zeros(count, np.uint8)
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    for row, each in its:
        amount[row], basis[row] = each.value, _basis(each)
        low[row] = np.nan if each.low is None else each.low
        high[row] = np.nan if each.high is None else each.high
    return Shift(name=name, text=text, amount=amount, basis=basis, low=low, high=high)


def _basis(one: Amount) -> int:
    if one.unknown:
        return UNKNOWN if one.low is None and one.high is None else BOUNDED
    return COMPUTED
