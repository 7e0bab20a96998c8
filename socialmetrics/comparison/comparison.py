"""What a comparison of several tools says, and the figures behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import index
from typing import TYPE_CHECKING, get_args, overload

import attrs
import numpy as np

from socialmetrics.comparison.advice import advice
from socialmetrics.comparison.checks import faults
from socialmetrics.comparison.coverage import coverage
from socialmetrics.comparison.daily import lines
from socialmetrics.comparison.meeting import Wish
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.result import (
    Advice,
    Coverage,
    Fault,
    Grounds,
    Line,
    Row,
    Side,
    Summary,
    Unmatched,
    Where,
)
from socialmetrics.comparison.rules import orders
from socialmetrics.comparison.table import Batch
from socialmetrics.comparison.telling import raw_of, told_of
from socialmetrics.comparison.trace import raw_figures
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import ints
from socialmetrics.window import Window

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from arro3.core import Table


@attrs.frozen(eq=False)
class Rows(Sequence[Row]):
    """The rows of a comparison, made when they are looked at."""

    batches: tuple[Batch, ...]

    @cached_property
    def _ends(self) -> list[int]:
        return ints(np.cumsum([len(each) for each in self.batches]))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, row: int) -> Row: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Row]: ...

    def __getitem__(self, row: int | slice) -> Row | Sequence[Row]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of a comparison of {len(self)}")
        number = row % len(self)
        batch, at = self.place(number)
        return batch.row(at, number)

    def __iter__(self) -> Iterator[Row]:
        numbers = iter(range(len(self)))
        for batch in self.batches:
            for at in range(len(batch)):
                yield batch.row(at, next(numbers))

    def place(self, number: int) -> tuple[Batch, int]:
        """The batch in which that row is, and where in it."""
        at = int(np.searchsorted(self._ends, number, "right"))
        batch = self.batches[at]
        return batch, number - (self._ends[at] - len(batch))


@attrs.frozen(kw_only=True, eq=False)
class Comparison:
    """What two tools or more say of the same things, and why they differ.

    `rows` has every pair of figures, lazily; `summaries` one entry a metric and pair of
    tools. `faults` are orders that always hold and do not here. `unmatched` tells of
    figures without a partner, with the reason. `caveats` are notes on what was
    compared, `rules` every rule that decided something, with source and dates.
    """

    window: Window | None
    sides: tuple[Side, ...]
    rows: Rows
    summaries: tuple[Summary, ...]
    unmatched: tuple[Unmatched, ...]
    caveats: tuple[Grounds, ...]
    rules: tuple[Grounds, ...]
    pool: Pool = attrs.field(repr=False)
    wish: Wish = attrs.field(repr=False)
    labels: Mapping[Ref, str] = attrs.field(repr=False)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Orders that always hold (a part is at most its whole) and are broken here:
        the data of a tool are at fault, or its figures are known to break the order."""
        return self._judged[0]

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """How much of what was compared each tool has figures of, by metric."""
        return self._judged[1]

    @property
    def advice(self) -> tuple[Advice, ...]:
        """Which tool's figure answers which question, metric by metric."""
        return self._judged[2]

    @cached_property
    def _judged(
        self,
    ) -> tuple[tuple[Fault, ...], tuple[Coverage, ...], tuple[Advice, ...]]:
        """Worked out when one of them is looked at."""
        names = [side.name for side in self.sides]
        told = [*zip(names, told_of(self.pool, self.wish), strict=True)]
        broken = faults(raw_of(self.pool, names, self.wish), orders())
        cover = coverage(told)
        said = [(name, columns, self.window) for name, columns in told]
        return (
            tuple(each for some in broken for each in some.found),
            tuple(each for each in cover if self._is_meant(each)),
            tuple(each for each in advice(said, cover) if self._is_asked(each.metric)),
        )

    def _is_meant(self, coverage: Coverage) -> bool:
        """Whether the tool has such figures at all, of a metric that was asked for."""
        there = coverage.subjects > coverage.missing
        return there and self._is_asked(coverage.metric)

    def _is_asked(self, metric: str) -> bool:
        return not self.wish.metrics or metric in self.wish.metrics

    def label(self, ref: Ref) -> str:
        """How a subject is called: "@acme on x", or its id."""
        return self.labels.get(ref, str(ref))

    def behind(self, number: int, where: Where) -> MetricSeries:
        """The raw figures of one side of the row of that number, as they were read.

        Raises `IndexError` for a number that no row has, `InvalidQuery` for what is no
        number, and for a side that is neither "left" nor "right".
        """
        if where not in get_args(Where):
            raise InvalidQuery(f"where={where!r} is neither 'left' nor 'right'")
        try:
            row = index(number)
        except TypeError as err:
            raise InvalidQuery(f"number={number!r} is not the number of a row") from err
        if not 0 <= row < len(self.rows):
            raise IndexError(f"row {row} of a comparison of {len(self.rows)}")
        batch, at = self.rows.place(row)
        return MetricSeries(raw_figures(self.pool, batch, at, where))

    def to_arrow(self) -> Table:
        """The rows as an Arrow table of arro3, one row a pair of figures: the values,
        the gap and its causes ("cause_formula", ...) as numbers, the verdict and the
        answers ("axis_scope", ...) as words."""
        from socialmetrics.comparison.frame import frame

        return frame(self.pool, self.rows.batches)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame. Raises `InvalidQuery` where pandas is not
        installed."""
        from socialmetrics.series import frames

        return frames.pandas(self.to_arrow())

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars frame. Raises `InvalidQuery` where polars is not
        installed."""
        from socialmetrics.series import frames

        return frames.polars(self.to_arrow())

    def to_text(self, width: int = 80) -> str:
        """All of it for a terminal of that width: the table, the verdicts in words, why
        figures differ, and which one to use."""
        from socialmetrics.report.text import text

        return text(self, width)

    def to_json(self) -> str:
        """All of it as JSON: instants in ISO format and UTC, numbers as numbers."""
        from socialmetrics.report.document import document

        return document(self)

    def to_html(
        self, path: str | os.PathLike[str], *, title: str | None = None
    ) -> None:
        """One page for a browser, that needs no network: written to that file. Raises
        `InvalidQuery` where it cannot be, or where the extra "report" is missing."""
        from socialmetrics.report.html import write

        write(self, path, title=title)

    def lines(self) -> tuple[Line, ...]:
        """The figures of every account and tool by day, for charts; lifetime totals
        stand at the day on which their posts were published."""
        return tuple(lines(self.pool, self.rows.batches, self.wish))
