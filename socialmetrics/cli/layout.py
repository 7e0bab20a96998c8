"""How wide the columns of a table are, so that nothing is cut that must not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs
from rich.cells import cell_len

GAP: Final = 2
HEAD: Final = 16
WORD: Final = 40
LEAST: Final = 12
MOST: Final = 60
_SPACES: Final = re.compile(r"(?<=\s)")
_BREAKS: Final = re.compile(r"(?<=\s)|(?=\[)|(?<=[a-z]\.)(?=[a-z])")


@attrs.frozen
class Column:
    """A column: its name, its cells as text, and what may be done to make it fit.

    `wraps`: it may take several lines, broken between words. `is_cut`: it is a preview
    on one line, which may end early. Otherwise it is as wide as its widest cell.
    """

    name: str
    cells: Sequence[str]
    wraps: bool = False
    is_cut: bool = False

    @property
    def full(self) -> int:
        """The width with every cell on one line; a preview wants no more than 60."""
        widest = max(map(cell_len, self.cells), default=0)
        return max(_head(self.name), min(widest, MOST) if self.is_cut else widest)

    @property
    def least(self) -> int:
        """The least width at which it can be read."""
        if self.is_cut:
            return min(self.full, max(_head(self.name), LEAST))
        if self.wraps:
            return max(_head(self.name), min(_longest_word(self.cells), WORD))
        return self.full


def widths(columns: Sequence[Column], room: int) -> Sequence[int] | None:
    """A width for each column that makes them fit together, or None: they cannot.

    What is left over is shared evenly; what one does not want, the others get.
    """
    found = [column.least for column in columns]
    left = room - sum(found) - GAP * (len(columns) - 1)
    if left < 0:
        return None
    wants = sorted((column.full - found[i], i) for i, column in enumerate(columns))
    for number, (want, i) in enumerate(wants):
        part = min(want, left // (len(wants) - number))
        found[i] += part
        left -= part
    return found


def wrapped(text: str, width: int) -> str:
    """The text in lines of that width, broken between words and before brackets."""
    lines: list[str] = [""]
    for word in _words(text):
        if lines[-1] and cell_len(f"{lines[-1]}{word.rstrip()}") > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


def constants(
    heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> Mapping[str, object]:
    """The columns that say nothing: the same in every one of several rows."""
    if len(rows) < 2:
        return {}
    return {
        name: rows[0][index]
        for index, name in enumerate(heads)
        if all(row[index] == rows[0][index] for row in rows)
    }


def _head(name: str) -> int:
    return cell_len(name) if len(name) <= HEAD else _longest_word([name])


def _words(text: str) -> Sequence[str]:
    """Where it may be broken: a metric at its dots too, a handle nowhere."""
    return (_SPACES if "@" in text else _BREAKS).split(text)


def _longest_word(texts: Iterable[str]) -> int:
    words = (word for text in texts for word in _words(text))
    return max((cell_len(word.rstrip()) for word in words), default=0)
