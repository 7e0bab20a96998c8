"""What is wrong with a report, line by line: much of it kept, the rest counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from socialmetrics.exports.cells import Key, shown
from socialmetrics.model import Issue

MOST: Final = 1000


class Problems:
    """Collects what is wrong. `prefix` goes before a line's number."""

    def __init__(self, file: str, prefix: str) -> None:
        self.count = 0
        """How many there were, also those beyond what is kept."""
        self._file, self._prefix = file, prefix
        self._kept: list[tuple[int, Issue]] = []
        self._notes: list[Issue] = []

    @property
    def is_full(self) -> bool:
        """Whether others are only counted."""
        return len(self._kept) >= MOST

    def add(
        self, line: int, problem: str, seen: Key = (), *, last: int | None = None
    ) -> None:
        """Something of that line, or of the lines up to `last`."""
        self.count += 1
        if not self.is_full:
            to = f" to {last}" if last is not None and last > line else ""
            path = f"{self._prefix} {line}{to}"
            issue = Issue(path=path, problem=problem, seen=shown(seen))
            self._kept.append((line, issue))

    def note(self, problem: str, seen: str = "") -> None:
        """Something of the whole file, which is no fault of a row."""
        self._notes.append(Issue(path=self._file, problem=problem, seen=shown((seen,))))

    def issues(self) -> tuple[Issue, ...]:
        """All that is kept, line by line, then what concerns the whole file."""
        return tuple(self._told())

    def _told(self) -> Iterator[Issue]:
        yield from (issue for _, issue in sorted(self._kept, key=lambda each: each[0]))
        more = self.count - len(self._kept)
        if more:
            yield Issue(
                path=self._file,
                problem=f"{more:,} more problems of rows; the first {MOST:,} are told",
            )
        yield from self._notes
