"""What stands in a cell, of whatever kind of file, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final, TypeAlias

import attrs

from socialmetrics.exports.wording import meant

LONGEST: Final = 80
"""Characters of a cell that are repeated."""


@attrs.frozen
class Share:
    """A number that a spreadsheet shows in per cent: 0.05 for 5 %."""

    value: float


Cell: TypeAlias = str | int | float | datetime | time | timedelta | Share
Key: TypeAlias = tuple[Cell, ...]
"""The cells of one row that say one thing together."""


class BadCell(Exception):
    """Cells that do not say what they should; the text says what is wrong.

    Where it is no name of `known`, the text ends in the one that may have been meant.
    """

    def __init__(self, problem: str, name: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(problem)
        self._name, self._known = name, known

    def __str__(self) -> str:
        problem = super().__str__()
        return f"{problem}{meant(self._name, self._known)}" if self._name else problem


@attrs.frozen
class Rows:
    """Rows of a report, each with as many cells as the header and its line's number."""

    lines: Sequence[int]
    cells: Sequence[Sequence[Cell]]

    def __len__(self) -> int:
        return len(self.lines)


def shown(cells: Key) -> str:
    """The text of cells, as it is repeated to people."""
    told = " ".join(map(_text, cells))
    clean = "".join(c if c.isprintable() else " " for c in told[: LONGEST + 1])
    return clean if len(told) <= LONGEST else f"{clean[:LONGEST]}..."


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return not any(not isinstance(cell, str) or cell.strip() for cell in cells)


def first_text(cells: Sequence[Cell]) -> str:
    """The first thing that stands in a row, as text."""
    told = (_text(cell).strip() for cell in cells)
    return next(filter(None, told), "")


def _text(cell: Cell) -> str:
    if isinstance(cell, Share):
        return f"{cell.value:.12g} (shown in per cent)"
    return cell.isoformat() if isinstance(cell, datetime | time) else str(cell)
