"""The rows of a report in bunches, without those that are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from socialmetrics.exports.cells import Cell, Rows, first_text, is_blank
from socialmetrics.exports.layout import Layout
from socialmetrics.exports.problems import Problems


class Sieve:
    """Passes on the rows of figures; counts what the mapping says to leave out."""

    def __init__(self, layout: Layout, width: int, problems: Problems) -> None:
        self.rows = 0
        """How many rows of figures there were, also bad ones."""
        self._layout, self._width, self._problems = layout, width, problems
        self._ignored, self._first = 0, ""
        self._patterns = [re.compile(each) for each in layout.ignore]

    def bunches(
        self, records: Iterable[tuple[int, Sequence[Cell]]], most: int
    ) -> Iterator[Rows]:
        """Rows as long as the header, up to `most` at a time."""
        lines, cells = list[int](), list[Sequence[Cell]]()
        for line, row in self._figures(records):
            lines.append(line)
            cells.append(row)
            if len(lines) == most:
                yield Rows(lines, cells)
                lines, cells = [], []
        if lines:
            yield Rows(lines, cells)
        self._tell()

    def _figures(
        self, records: Iterable[tuple[int, Sequence[Cell]]]
    ) -> Iterator[tuple[int, Sequence[Cell]]]:
        is_choosy = bool(self._patterns or self._layout.stop_at)
        for line, row in records:
            if _may_be_blank(row) and is_blank(row):
                continue
            if is_choosy:
                text = first_text(row)
                if text == self._layout.stop_at:
                    self._problems.note(
                        f"reading stopped at line {line}, as stop_at says", text
                    )
                    return
                if self._is_ignored(line, text):
                    continue
            self.rows += 1
            if len(row) == self._width:
                yield line, row
            elif is_blank(row[self._width :]) and len(row) > self._width:
                yield line, row[: self._width]
            else:
                self._problems.add(
                    line,
                    f"has {len(row)} cells, and the header {self._width}",
                    tuple(row),
                )

    def _is_ignored(self, line: int, text: str) -> bool:
        if not any(pattern.fullmatch(text) for pattern in self._patterns):
            return False
        self._first = self._first or f"line {line}: {text}"
        self._ignored += 1
        return True

    def _tell(self) -> None:
        if self._ignored:
            self._problems.note(
                f"rows left out, as ignore says: {self._ignored:,}", self._first
            )


def _may_be_blank(row: Sequence[Cell]) -> bool:
    """Quickly: nearly every row begins with something."""
    if not row:
        return True
    first = row[0]
    return isinstance(first, str) and (not first or first.isspace())
