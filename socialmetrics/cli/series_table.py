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
from socialmetrics.cli.tables import SHOWN, tell_more
from socialmetrics.cli.text import plain
from socialmetrics.model import Ref
from socialmetrics.series import Gap, MetricSeries
from socialmetrics.window import zone


@attrs.frozen
class SeriesTable:
    """Heads, rows, and for each row the numbers of its figures in the series."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[Sequence[int]]

    @classmethod
    def of(cls, series: MetricSeries, labels: Mapping[Ref, str]) -> SeriesTable:
        """The series by profile and span; row numbers begin with 1."""
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

    def figures(self, row: int) -> Sequence[int]:
        """The figures of that row. Raises `Usage` for a row that is not there."""
        if not 1 <= row <= len(self.rows):
            raise Usage(f"--explain {row}: the table has {len(self.rows):,} rows")
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
    screen.print(Text("Not observed", style="bold"))
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
    what = f"{count:,} figures" if count else "no figure"
    return (
        f"{plain(metric)}: {what} of {subjects:,} profiles between {first:%Y-%m-%d} "
        f"and {last:%Y-%m-%d}: {status}. {ontology.term(f'status.{status}')}"
    )
