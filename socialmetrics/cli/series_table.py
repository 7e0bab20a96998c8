"""A series as a table for people: a row for each subject and span, and its holes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Final

import attrs
import numpy as np
from rich.console import Console
from rich.text import Text

from socialmetrics import ontology
from socialmetrics.cli.exits import Usage
from socialmetrics.cli.layout import widths
from socialmetrics.cli.output import many
from socialmetrics.cli.tables import SHOWN, columns_of, show, show_lean, tell_more
from socialmetrics.model import Ref
from socialmetrics.series import Gap, MetricSeries
from socialmetrics.series.columns import (
    NONE,
    Columns,
    Rows,
    ints,
    joint,
    moment,
    own_zone,
)
from socialmetrics.series.rollup import DAY_FIGURE
from socialmetrics.strangers import plain
from socialmetrics.window import midnight, zone

EVERY: Final = slice(None)


@attrs.frozen
class Times:
    """How the spans of a series are written: by day, by hour, or not at all.

    Days are each network's own where they are; everything else is in the zone `tz`,
    which the head of the column then names.
    """

    tz: str | None
    zones: Mapping[str, str]
    has_hours: bool
    is_lifetime: bool

    @classmethod
    def of(cls, series: MetricSeries, tz: str) -> Times:
        """How those are written; `tz` is the zone of whoever asked."""
        columns, readings = series.columns, series.columns.used_readings()
        length = (columns.end - columns.start)[columns.end != NONE]
        # All of them: a day that is not over yet is short too.
        has_hours = bool(len(length)) and bool((length < DAY_FIGURE).all())
        return cls(
            tz=tz if has_hours or not _has_own_days(columns) else None,
            zones=zones_of(series),
            has_hours=has_hours,
            is_lifetime={each.temporality for each in readings} == {"lifetime"},
        )

    @property
    def heads(self) -> Sequence[str]:
        """The head of the column of spans; none where there is no such column."""
        if self.is_lifetime:
            return ()
        return ("from",) if self.tz is None else (f"from ({self.tz})",)

    def cells(self, start: datetime, subject: Ref) -> Sequence[str]:
        """The same for that start."""
        if self.is_lifetime:
            return ()
        if self.tz is None:
            return (when(start, subject, self.zones),)
        local = start.astimezone(zone(self.tz))
        is_day = not (self.has_hours or local.hour)
        return (f"{local:%Y-%m-%d}" if is_day else f"{local:%Y-%m-%d %H:%M}",)


@attrs.frozen
class SeriesTable:
    """Heads, the first rows, how many rows there are, and to which each figure belongs.

    `wraps` are the columns that may take several lines; `is_long` says that each row
    is one figure.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    count: int
    row_of: Rows
    wraps: Sequence[str]
    is_long: bool = False

    @classmethod
    def of(
        cls,
        series: MetricSeries,
        labels: Mapping[Ref, str],
        *,
        width: int,
        most: int,
        tz: str = "UTC",
    ) -> SeriesTable:
        """The series by subject and span, or a row for each figure where the first
        `most` of those rows do not fit into that width; row numbers begin with 1."""
        made = cls.wide(series, labels, most, tz)
        columns = columns_of(made.heads, made.rows, wrap=made.wraps)
        fits = widths(columns, width) is not None
        return made if fits else cls.long(series, labels, most, tz)

    @classmethod
    def wide(
        cls, series: MetricSeries, labels: Mapping[Ref, str], most: int, tz: str
    ) -> SeriesTable:
        """A row for each subject and span, a column for each metric."""
        times, noun, row_of = Times.of(series, tz), noun_of(series), _rows(series)
        # Of a million figures few become points: those that are shown, and one of each
        # kind, as every metric has a column.
        columns = series.columns
        few = np.union1d(np.flatnonzero(row_of < most), _one_of_each(columns))
        chosen = MetricSeries(columns.take(few))
        pivot = chosen.pivot(("subject", "start"))
        metrics = pivot.columns[2:]
        # Rows are in the order in which subject and span appear first, in both.
        keys = dict.fromkeys((point.subject, point.start) for point in chosen)
        rows = [
            (
                str(number),
                labels.get(subject, str(subject)),
                *times.cells(start, subject),
                *(row[name] for name in metrics),
            )
            for number, ((subject, start), row) in enumerate(
                islice(zip(keys, pivot.rows, strict=True), most), 1
            )
        ]
        count = int(row_of.max()) + 1 if len(row_of) else 0
        heads = ("#", noun, *times.heads, *metrics)
        return cls(heads, rows, count, row_of, wraps=(noun,))

    @classmethod
    def long(
        cls, series: MetricSeries, labels: Mapping[Ref, str], most: int, tz: str
    ) -> SeriesTable:
        """A row for each figure."""
        times, noun = Times.of(series, tz), noun_of(series)
        parts = ("part",) if any(series.columns.breakdowns) else ()
        rows = [
            (
                str(number),
                labels.get(point.subject, str(point.subject)),
                point.reading.label,
                *([point.breakdown] if parts else []),
                *times.cells(point.start, point.subject),
                point.value,
                point.status,
            )
            for number, point in enumerate(series[:most], 1)
        ]
        heads = ("#", noun, "metric", *parts, *times.heads, "value", "status")
        wraps, every = (noun, "metric", "part"), np.arange(len(series))
        return cls(heads, rows, len(series), every, wraps, is_long=True)

    def show(self, title: str, screen: Console, rows: slice = EVERY) -> None:
        """Prints those of its rows."""
        printed = show_lean if self.is_long else show
        printed(screen, title, self.heads, self.rows[rows], wrap=self.wraps)

    def figures(self, row: int) -> Sequence[int]:
        """The figures of that row. Raises `Usage` for a row that is not there."""
        if not 1 <= row <= self.count:
            raise Usage(f"--explain {row}: the table has {many(self.count, 'row')}")
        return ints(np.flatnonzero(self.row_of == row - 1))


def _rows(series: MetricSeries) -> Rows:
    """For each figure the number of its row, from 0: subjects and spans in the order
    in which they appear first."""
    columns = series.columns
    starts, start = np.unique(columns.start, return_inverse=True)
    key = joint((columns.subject, len(columns.subjects)), (start, len(starts)))
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[group]


def _one_of_each(columns: Columns) -> Rows:
    """The first figure of each reading and part."""
    parts = len(columns.breakdowns)
    kind = joint((columns.reading, len(columns.readings)), (columns.breakdown, parts))
    return np.unique(kind, return_index=True)[1]


def _has_own_days(columns: Columns) -> bool:
    """Whether every figure begins with a day of its own reading's zone."""
    zones = {own_zone(reading) for reading in columns.used_readings()}
    return all(_begins_day(start, tz) for tz in zones for start in _of(columns, tz))


def _of(columns: Columns, tz: str) -> Iterator[datetime]:
    mask = columns.by_reading(lambda reading: own_zone(reading) == tz)
    return map(moment, ints(np.unique(columns.start[mask])))


def _begins_day(start: datetime, tz: str) -> bool:
    return midnight(start.astimezone(zone(tz)).date(), tz) == start


def noun_of(series: MetricSeries) -> str:
    """What the figures are of: "post", "topic"; "profile" where that differs."""
    levels = {reading.level for reading in series.columns.used_readings()}
    return levels.pop() if len(levels) == 1 else "profile"


def zones_of(series: MetricSeries) -> dict[str, str]:
    """The zone in which each network counts its days, where it is known."""
    readings = series.columns.used_readings()
    return {each.network: each.zone for each in readings if each.zone}


def when(start: datetime, subject: Ref, zones: Mapping[str, str]) -> str:
    """The day or hour of that start, as the subject's network counts it."""
    local = start.astimezone(zone(zones.get(subject.network, "UTC")))
    return f"{local:%Y-%m-%d}" if not local.hour else f"{local:%Y-%m-%d %H:%M}"


def tell_gaps(gaps: Iterable[Gap], screen: Console, noun: str = "profile") -> None:
    """What came without a value, and why; by metric and reason. `noun` is what the
    figures are of."""
    told = sorted(gaps, key=_kind)
    if not told:
        return
    screen.print(Text("\nNot observed", style="bold"))
    groups = [list(group) for _, group in groupby(told, key=_kind)]
    for group in groups[:SHOWN]:
        screen.print(Text(f"  {_line(group, noun)}"))
    tell_more(len(groups), SHOWN, screen)


def _kind(gap: Gap) -> tuple[str, str]:
    return gap.metric, gap.status


def _line(group: Sequence[Gap], noun: str) -> str:
    metric, status = _kind(group[0])
    subjects = len({gap.subject for gap in group})
    count = sum(gap.count for gap in group)
    what = many(count, "figure") if count else "no figure"
    meaning = ontology.term(f"status.{status}")
    told = f"{what} of {many(subjects, noun)}{_between(group)}"
    return f"{plain(metric)}: {told}: {status}. {meaning}"


def _between(group: Sequence[Gap]) -> str:
    """When; totals since publication are not of any time."""
    if all(gap.end is None for gap in group):
        return ""
    first = min(gap.start for gap in group).astimezone(UTC)
    last = max(gap.end or gap.start for gap in group).astimezone(UTC)
    return f" between {first:%Y-%m-%d} and {last:%Y-%m-%d}"
