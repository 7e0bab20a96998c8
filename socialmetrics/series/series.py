"""MetricSeries: many figures, each with its meaning, and what may be done with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, overload

import attrs
import numpy as np

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Issue, Missing, Point, Ref
from socialmetrics.reading import Level, Scope, Status
from socialmetrics.series import build, rollup, select
from socialmetrics.series.check import check
from socialmetrics.series.columns import (
    DTYPES,
    STATUS_CODE,
    Columns,
    blank,
    moment,
)
from socialmetrics.series.gaps import Gap, gaps
from socialmetrics.series.pivot import Key, Pivot, pivot
from socialmetrics.series.points import points
from socialmetrics.window import Window

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from arro3.core import Table

SHOWN = 4


@attrs.frozen(init=False, eq=False, repr=False)
class MetricSeries:  # noqa: PLW1641 - equal by content, which is large to hash
    """Figures in columns, one row a figure, never changed once made.

    Iterating gives `Point`s in order; `series[3]` is one, `series[3:9]` a series.
    `columns` holds the arrays and the words of their codes, read-only; `missing` the
    metrics that did not come, with reasons; `issues` what was odd in the answers.
    Two series are equal when their rows, missing and issues are.

    `MetricSeries(columns)` is for adapters: the arrays are handed over and checked.
    Raises `InvalidQuery` for columns that contradict themselves.
    """

    columns: Columns
    missing: tuple[Missing, ...]
    issues: tuple[Issue, ...]

    def __init__(
        self,
        columns: Columns,
        *,
        missing: Iterable[Missing] = (),
        issues: Iterable[Issue] = (),
    ) -> None:
        self._init(check(columns), missing, issues)

    def _init(
        self, columns: Columns, missing: Iterable[Missing], issues: Iterable[Issue]
    ) -> None:
        told = tuple(dict.fromkeys(missing))
        self.__attrs_init__(columns, told, tuple(issues))  # pyright: ignore  # noqa: PGH003 - attrs makes it

    @classmethod
    def empty(
        cls, *, missing: Iterable[Missing] = (), issues: Iterable[Issue] = ()
    ) -> MetricSeries:
        """No figure at all."""
        return cls(blank(), missing=missing, issues=issues)

    @classmethod
    def from_points(
        cls,
        points: Iterable[Point],
        *,
        missing: Iterable[Missing] = (),
        issues: Iterable[Issue] = (),
    ) -> MetricSeries:
        """These points as they come. Raises `InvalidQuery` for one that contradicts
        itself: naive instants, a value without observation, an end before the start."""
        return cls(build.columns_of(points), missing=missing, issues=issues)

    @classmethod
    def concat(cls, pieces: Iterable[MetricSeries]) -> MetricSeries:
        """The rows, missing and issues of all pieces, one after the other. Raises
        `InvalidQuery` for a piece that is no series."""
        every = tuple(pieces)
        for piece in every:
            if not isinstance(piece, MetricSeries):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
                raise InvalidQuery(f"{piece!r} is not a MetricSeries, to put together")
        return cls._trusted(
            build.join([piece.columns for piece in every]),
            missing=chain.from_iterable(piece.missing for piece in every),
            issues=chain.from_iterable(piece.issues for piece in every),
        )

    @classmethod
    def _trusted(
        cls, columns: Columns, missing: Iterable[Missing], issues: Iterable[Issue]
    ) -> MetricSeries:
        """A series of columns that are good because they came from good ones."""
        series = cls.__new__(cls)
        series._init(columns, missing, issues)  # noqa: SLF001 - its own class
        return series

    def _with(self, columns: Columns) -> MetricSeries:
        return self._trusted(columns, self.missing, self.issues)

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Point]:
        return points(self.columns)

    @overload
    def __getitem__(self, row: int) -> Point: ...

    @overload
    def __getitem__(self, row: slice) -> MetricSeries: ...

    def __getitem__(self, row: int | slice) -> Point | MetricSeries:
        if isinstance(row, slice):
            return self._with(self.columns.take(row))
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of a series of {len(self)}")
        at = row % len(self)
        return next(points(self.columns.take(slice(at, at + 1))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MetricSeries):
            return NotImplemented
        if (len(self), self.missing, self.issues) != (
            len(other),
            other.missing,
            other.issues,
        ):
            return False
        both = build.join([self.columns, other.columns])
        halves = [both.array(name).reshape(2, -1) for name in DTYPES]
        return all(np.array_equal(a, b, equal_nan=True) for a, b in halves)

    def __repr__(self) -> str:
        columns = self.columns
        labels = dict.fromkeys(reading.label for reading in columns.used_readings())
        shown = [*labels][:SHOWN] + [f"{len(labels) - SHOWN} more"] * (
            len(labels) > SHOWN
        )
        holes = len(self) - int((columns.status == STATUS_CODE[Status.OBSERVED]).sum())
        parts = [
            f"{len(self):,} figures",
            f"{len(np.unique(columns.subject)):,} subjects",
            f"{', '.join(shown) or 'no metric'}",
            *([self._span()] if len(self) else []),
            f"{holes:,} not observed",
            f"{len(self.missing):,} missing",
        ]
        return f"<MetricSeries: {'; '.join(parts)}>"

    def _span(self) -> str:
        start, end = self.columns.start, self.columns.end
        last = max(int(start.max()), int(end.max()))
        first, until = moment(int(start.min())), moment(last)
        return f"{first:%Y-%m-%d %H:%M} .. {until:%Y-%m-%d %H:%M} UTC"

    def where(
        self,
        metric: str | Iterable[str] | None = None,
        *,
        subject: Ref | Iterable[Ref] | None = None,
        status: Status | Iterable[Status] | None = None,
        scope: Scope | Iterable[Scope] | None = None,
        network: str | Iterable[str] | None = None,
        level: Level | Iterable[Level] | None = None,
        breakdown: str | Iterable[str] | None = None,
        window: Window | None = None,
    ) -> MetricSeries:
        """The rows that fit every condition; each takes one value or several.

        `metric` is a canonical id, a vendor's name, or either with its scope:
        "impressions[scope=organic]". `window` keeps figures that lie wholly in it, and
        lifetime totals of what was published in it; a window of whole days also keeps
        the figures whose days, in their own zone (`reading.zone`, UTC where nobody
        says), are all dates of it: it finds what it was asked with. A name that no row
        has gives an empty series; a status, scope or level that does not exist, and a
        window that is none, raise `InvalidQuery`. `missing` is narrowed by metric,
        subject and network.
        """
        choice = select.Choice(
            metric=select.chosen("metric", metric, str),
            subject=select.chosen("subject", subject, Ref),
            status=select.chosen("status", status, str),
            scope=select.chosen("scope", scope, str),
            network=select.chosen("network", network, str),
            level=select.chosen("level", level, str),
            breakdown=select.chosen("breakdown", breakdown, str),
            window=select.span(window),
        )
        columns = self.columns.take(choice.mask(self.columns))
        missing = filter(choice.has_missing, self.missing)
        return self._trusted(columns, missing, self.issues)

    def rollup(self, by: rollup.By, tz: str | None = None) -> MetricSeries:
        """Figures added up to days, ISO weeks (from Monday), months or one total.

        Days, weeks and months are those of the zone `tz`; None: of each figure's own
        (`reading.zone`, UTC where nobody says). A row of the result counts
        [start, end) of the figures that are in it, which may be less than the bucket.
        Rows of different readings (scope, vendor, period of validity) stay apart. Of
        gauges the last observed one of the bucket is taken as it is, with the span
        from where the bucket's first one begins to where the taken one ends.

        A sum with a part that is not observed is not observed either: its status is
        the part's that is hardest to mend (not_reported, not_permitted, unavailable,
        too_old, suppressed, not_collected). A hole between two figures makes it
        not_collected. zero_by_rule needs every part to be that; mixed with observed
        parts, the sum is not_reported. `settled` is the worst of the parts, the source
        the one fetched last.

        Raises `NotComparable` for lifetime totals, ratios, unique counts and whatever
        its reading says is not additive; for days that `tz` would cut; for figures
        that lie in two buckets; and for figures that overlap.
        """
        return self._with(rollup.rollup(self.columns, by, tz))

    def latest(self) -> MetricSeries:
        """One row per subject, metric with scope and counting, vendor, level, and
        breakdown.

        It is the last observed one by start, else the last one; of equal starts
        (lifetime totals read twice) the one fetched last.
        """
        return self._with(select.latest(self.columns))

    def pivot(
        self, index: Sequence[Key] = ("subject", "start"), columns: Key = "metric"
    ) -> Pivot:
        """A small table: a row for each index, a column for each of `columns`.

        Metrics are labelled with their scope and breakdown where a metric has more
        than one. Raises `NotComparable` where two figures meet in one cell.
        """
        return pivot(tuple(self), index, columns)

    def gaps(self) -> tuple[Gap, ...]:
        """Runs of figures that were not observed, and spans without any figure
        between two figures of one subject, metric, scope and breakdown; in that
        order, then by time."""
        return gaps(self.columns)

    def explain(self, row: int) -> str:
        """The whole story of the figure in that row, as lines of text. Raises
        `InvalidQuery` for what is no row's number, `IndexError` for one too large."""
        from socialmetrics.series.explain import explain

        try:
            return explain(self[index(row)])
        except TypeError as err:
            raise InvalidQuery(f"row={row!r} is not the number of a row") from err

    def to_arrow(self) -> Table:
        """An Arrow table of arro3: one row a figure, words dictionary-encoded,
        instants in UTC, no value where none was observed."""
        from socialmetrics.series.arrow import table

        return table(self.columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self[:0].to_arrow().__arrow_c_schema__()

    def to_pandas(self) -> pd.DataFrame:
        """A pandas frame. Raises `InvalidQuery` where pandas is not installed."""
        from socialmetrics.series import frames

        return frames.pandas(self.to_arrow())

    def to_polars(self) -> pl.DataFrame:
        """A polars frame. Raises `InvalidQuery` where polars is not installed."""
        from socialmetrics.series import frames

        return frames.polars(self.to_arrow())

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """A Parquet file that `from_parquet` reads without loss, and that other tools
        read as the table of `to_arrow`. Raises `InvalidQuery` if it cannot be made."""
        from socialmetrics.series import codec, parquet

        legend = codec.legend_of(self.columns, self.missing, self.issues)
        parquet.write(Path(path), self.columns, legend)

    @classmethod
    def from_parquet(cls, path: str | os.PathLike[str]) -> MetricSeries:
        """The series that `to_parquet` wrote. Raises `InvalidQuery`, naming the path,
        for any other file."""
        from socialmetrics.series import parquet

        legend, columns = parquet.read(Path(path))
        try:
            return cls(columns, missing=legend.missing, issues=legend.issues)
        except InvalidQuery as err:
            raise InvalidQuery(f"{os.fspath(path)}: {err.message}") from err

    def to_json(self) -> str:
        """JSON that `from_json` reads without loss."""
        from socialmetrics.series import codec

        legend = codec.legend_of(self.columns, self.missing, self.issues)
        return codec.write(legend, self.columns)

    @classmethod
    def from_json(cls, text: str) -> MetricSeries:
        """The series that `to_json` wrote. Raises `InvalidQuery` with the path in the
        document for anything else; nothing is converted silently."""
        from socialmetrics.series import codec

        legend, columns = codec.read(text)
        return cls(columns, missing=legend.missing, issues=legend.issues)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """A flat CSV file for people: one line a figure, UTF-8, instants in UTC.

        Not for reading back: it has no provenance beyond vendor and endpoint, and a
        text that a spreadsheet would run as a formula gets a ' in front. Raises
        `InvalidQuery` if it cannot be written.
        """
        from socialmetrics.series import csvfile

        csvfile.write(Path(path), self.columns)
