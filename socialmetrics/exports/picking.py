"""Which cells of a report's rows are figures, and of which metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from socialmetrics.exports.cells import BadCell, Cell, Rows
from socialmetrics.exports.layout import Layout, MetricTable
from socialmetrics.exports.problems import Problems
from socialmetrics.exports.whose import plain
from socialmetrics.series.columns import Instants, Mask, micros
from socialmetrics.window import ONE_DAY, midnight


@attrs.frozen
class Picked:
    """Cells of one metric: its number in the mapping, the rows, and what they have."""

    metric: int
    column: str
    rows: Sequence[int]
    cells: Sequence[Cell]


class Picker:
    """Finds the figures' cells: a column a metric, or a column that names metrics."""

    def __init__(
        self, layout: Layout, positions: Mapping[str, int], problems: Problems
    ) -> None:
        self._layout, self._positions, self._problems = layout, positions, problems
        self._spans = [_validity(each, layout.zone or "UTC") for each in layout.metric]
        self._named: dict[str, list[int]] = {}
        for number, each in enumerate(layout.metric):
            self._named.setdefault(each.called, []).append(number)
        self.unknown: dict[str, int] = {}
        """Metrics that the mapping does not name, and in how many rows they are."""

    def pick(self, rows: Rows, start: Instants) -> Iterator[Picked]:
        """The cells of every metric, of the rows whose spans begin then."""
        if self._layout.is_long:
            yield from self._by_name(rows, start)
            return
        every = range(len(rows))
        for column, numbers in self._named.items():
            at = self._positions[column]
            cells = [row[at] for row in rows.cells]
            yield from self._valid(
                Picked(-1, column, every, cells), numbers, rows, start
            )

    def _by_name(self, rows: Rows, start: Instants) -> Iterator[Picked]:
        layout, found = self._layout, dict[str, list[int]]()
        names = self._positions[layout.metric_column]
        for row, cells in enumerate(rows.cells):
            try:
                name = plain(cells[names])
            except BadCell as bad:
                problem = f"column {layout.metric_column!r}: {bad}"
                self._problems.add(rows.lines[row], problem, (cells[names],))
                continue
            if name in self._named:
                found.setdefault(name, []).append(row)
            else:
                self.unknown[name] = self.unknown.get(name, 0) + 1
        at = self._positions[layout.value_column]
        for name, chosen in found.items():
            values = [rows.cells[row][at] for row in chosen]
            picked = Picked(-1, layout.value_column, chosen, values)
            yield from self._valid(picked, self._named[name], rows, start)

    def _valid(
        self, picked: Picked, numbers: Sequence[int], rows: Rows, start: Instants
    ) -> Iterator[Picked]:
        """The cells by the meaning that was in force; those of none are told."""
        begins = start[np.asarray(picked.rows, np.intp)]
        left: Mask = np.ones(len(begins), np.bool_)
        for number in numbers:
            first, end = self._spans[number]
            here: Mask = (begins >= first) & (begins < end)
            left &= ~here
            yield _only(picked, number, here)
        for at in np.flatnonzero(left).tolist():
            self._problems.add(
                rows.lines[picked.rows[at]],
                f"column {picked.column!r}: lies outside of valid_from and valid_to",
                (picked.cells[at],),
            )


def _only(picked: Picked, number: int, here: Mask) -> Picked:
    if here.all():
        return attrs.evolve(picked, metric=number)
    chosen = np.flatnonzero(here).tolist()
    return Picked(
        number,
        picked.column,
        [picked.rows[at] for at in chosen],
        [picked.cells[at] for at in chosen],
    )


def _validity(table: MetricTable, tz: str) -> tuple[int, int]:
    """From when on, and until when, in microseconds since 1970 UTC."""
    limits = np.iinfo(np.int64)
    first, last = table.valid_from, table.valid_to
    return (
        limits.min if first is None else micros(midnight(first, tz)),
        limits.max if last is None else micros(midnight(last + ONE_DAY, tz)),
    )
