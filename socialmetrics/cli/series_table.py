"""A series as a table for people: a row for each profile and span, and its holes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

import attrs
from rich.console import Console
from rich.text import Text

from socialmetrics import ontology
from socialmetrics.cli.exits import Usage
from socialmetrics.cli.layout import widths
from socialmetrics.cli.output import many
from socialmetrics.cli.tables import SHOWN, columns_of, show, show_lean, tell_more
from socialmetrics.cli.text import plain
from socialmetrics.model import Ref
from socialmetrics.series import Gap, MetricSeries
from socialmetrics.window import zone


@attrs.frozen
class SeriesTable:
    """Heads, rows, and for each row the numbers of its figures in the series.

    `wraps` are the columns that may take several lines; `is_long` says that each row
    is one figure.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[Sequence[int]]
    wraps: Sequence[str] = ("profile",)
    is_long: bool = False

    @classmethod
    def of(
        cls, series: MetricSeries, labels: Mapping[Ref, str], width: int, most: int
    ) -> SeriesTable:
        """The series by profile and span, or a row for each figure where the first
        `most` of those rows do not fit into that width; row numbers begin with 1."""
        made = cls.wide(series, labels)
        columns = columns_of(made.heads, made.rows[:most], wrap=made.wraps)
        fits = widths(columns, width) is not None
        return made if fits else cls.long(series, labels)

    @classmethod
    def wide(cls, series: MetricSeries, labels: Mapping[Ref, str]) -> SeriesTable:
        """A row for each profile and span, a column for each metric."""
        pivot, zones = series.pivot(("subject", "start")), zones_of(series)
        numbers = defaultdict[tuple[Ref, datetime], list[int]](list)
        for number, point in enumerate(series):
            numbers[point.subject, point.start].append(number)
        metrics = pivot.columns[2:]
        rows = [
            (
                str(number),
                labels.get(subject, str(subject)),
                when(start, subject, zones),
                *(row[name] for name in metrics),
            )
            # Both are in the order in which profile and span appear first.
            for number, ((subject, start), row) in enumerate(
                zip(numbers, pivot.rows, strict=True), 1
            )
        ]
        return cls(("#", "profile", "from", *metrics), rows, [*numbers.values()])

    @classmethod
    def long(cls, series: MetricSeries, labels: Mapping[Ref, str]) -> SeriesTable:
        """A row for each figure."""
        zones = zones_of(series)
        rows = [
            (
                str(number),
                labels.get(point.subject, str(point.subject)),
                point.reading.label,
                *([point.breakdown] if any(series.columns.breakdowns) else []),
                when(point.start, point.subject, zones),
                point.value,
                point.status,
            )
            for number, point in enumerate(series, 1)
        ]
        parts = ("part",) if any(series.columns.breakdowns) else ()
        heads = ("#", "profile", "metric", *parts, "from", "value", "status")
        every = [[number] for number in range(len(rows))]
        return cls(
            heads, rows, every, wraps=("profile", "metric", "part"), is_long=True
        )

    def show(self, title: str, rows: slice, screen: Console) -> None:
        """Prints those of its rows."""
        printed = show_lean if self.is_long else show
        printed(screen, title, self.heads, self.rows[rows], wrap=self.wraps)

    def figures(self, row: int) -> Sequence[int]:
        """The figures of that row. Raises `Usage` for a row that is not there."""
        if not 1 <= row <= len(self.rows):
            there = many(len(self.rows), "row")
            raise Usage(f"--explain {row}: the table has {there}")
        return self.numbers[row - 1]


def zones_of(series: MetricSeries) -> dict[str, str]:
    """The zone in which each network counts its days, where it is known."""
    readings = series.columns.used_readings()
    return {each.network: each.zone for each in readings if each.zone}


def when(start: datetime, subject: Ref, zones: Mapping[str, str]) -> str:
    """The day or hour of that start, as the subject's network counts it."""
    local = start.astimezone(zone(zones.get(subject.network, "UTC")))
    return f"{local:%Y-%m-%d}" if not local.hour else f"{local:%Y-%m-%d %H:%M}"


def tell_gaps(gaps: Iterable[Gap], screen: Console) -> None:
    """What came without a value, and why; by metric and reason."""
    told = sorted(gaps, key=_kind)
    if not told:
        return
    screen.print(Text("\nNot observed", style="bold"))
    groups = [list(group) for _, group in groupby(told, key=_kind)]
    for group in groups[:SHOWN]:
        screen.print(Text(f"  {_line(group)}"))
    tell_more(len(groups), SHOWN, screen)


def _kind(gap: Gap) -> tuple[str, str]:
    return gap.metric, gap.status


def _line(group: Sequence[Gap]) -> str:
    metric, status = _kind(group[0])
    subjects = len({gap.subject for gap in group})
    count = sum(gap.count for gap in group)
    first = min(gap.start for gap in group).astimezone(UTC)
    last = max(gap.end or gap.start for gap in group).astimezone(UTC)
    what = many(count, "figure") if count else "no figure"
    whose = many(subjects, "profile")
    between = f"between {first:%Y-%m-%d} and {last:%Y-%m-%d}"
    meaning = ontology.term(f"status.{status}")
    return f"{plain(metric)}: {what} of {whose} {between}: {status}. {meaning}"
