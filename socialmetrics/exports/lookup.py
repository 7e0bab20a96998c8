"""Cells that say the same in many rows, read once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Generic, TypeVar

import numpy as np

from socialmetrics.exports.cells import BadCell, Key, Rows
from socialmetrics.exports.problems import Problems
from socialmetrics.series.columns import Mask

T = TypeVar("T")
MOST: Final = 2**18
"""Distinct cells that are remembered."""


class Lookup(Generic[T]):
    """What the cells of some columns say, row by row."""

    def __init__(
        self,
        columns: Sequence[str],
        read: Callable[[Key], T],
        positions: Mapping[str, int],
        problems: Problems,
    ) -> None:
        self._read, self._problems = read, problems
        self._name = " and ".join(map(repr, columns))
        self._places = [positions[column] for column in columns]
        self._known: dict[Key, T] = {}

    def of(self, rows: Rows, good: Mask, instead: T) -> list[T]:
        """What each row says. Where it says nothing, `instead` stands; the row is no
        longer `good`, and the problem is told unless it was not good before."""
        found = list[T]()
        for row, key in enumerate(self._keys(rows)):
            if key in self._known:
                found.append(self._known[key])
                continue
            try:
                self._known[key] = self._read(key)
            except BadCell as bad:
                if good[row]:
                    self._tell(rows.lines[row], bad, key)
                good[row] = False
                found.append(instead)
            else:
                found.append(self._known[key])
        if len(self._known) > MOST:
            self._known.clear()
        return found

    def _tell(self, line: int, bad: BadCell, key: Key) -> None:
        # What may have been meant takes long to find.
        problem = "" if self._problems.is_full else f"column {self._name}: {bad}"
        self._problems.add(line, problem, key)

    def _keys(self, rows: Rows) -> Iterator[Key]:
        if not self._places:
            return iter([()] * len(rows))
        return zip(
            *([row[at] for row in rows.cells] for at in self._places), strict=True
        )


def kept(rows: Rows, good: Mask) -> Rows:
    """The rows that are good."""
    if good.all():
        return rows
    chosen = np.flatnonzero(good).tolist()
    return Rows(
        [rows.lines[row] for row in chosen], [rows.cells[row] for row in chosen]
    )
