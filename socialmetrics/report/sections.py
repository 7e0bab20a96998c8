"""The sections of a page on the metrics: verdicts, axes, gaps and daily lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

import attrs

from socialmetrics.comparison.result import (
    AXES,
    VERDICTS,
    Advice,
    Conversion,
    Day,
    Finding,
    Line,
    Row,
    Summary,
    Verdict,
)
from socialmetrics.model import Ref
from socialmetrics.report import split
from socialmetrics.report.compared import Compared
from socialmetrics.report.table import FigureTable, Pairing, pairing
from socialmetrics.report.tracks import Track, tracks

SPLITS: Final = 3
"""So many gaps of one metric and pair of tools a page splits: the largest ones."""

FEW: Final = 20
"""Where there are more metrics and pairs than this, only the largest gap of each."""

SUBJECTS: Final = 3
"""Of so many subjects a page shows the daily lines of a metric."""


class _OfMetric(Protocol):
    @property
    def metric(self) -> str: ...


M = TypeVar("M", bound=_OfMetric)


@attrs.frozen(kw_only=True)
class Judgement:
    """What a page says of one metric and two tools.

    `splits` are the rows whose gap it splits, `more` how many it leaves out;
    `conversions` are the steps that brought their figures to common terms.
    """

    summary: Summary
    anchor: str
    conversions: tuple[Conversion, ...]
    splits: tuple[Row, ...]
    more: int

    @property
    def axes(self) -> list[Finding]:
        """What was found, axis by axis."""
        found = self.summary.axes
        return [found[axis] for axis in AXES if axis in found]


@attrs.frozen(kw_only=True)
class Daily:
    """The daily lines of one subject and metric."""

    subject: Ref
    tracks: tuple[Track, ...]

    @property
    def has_value(self) -> bool:
        """Whether a tool has a value on any day."""
        return any(
            day.value is not None for each in self.tracks for day in each.line.days
        )

    def days(self) -> list[tuple[date, list[Day | None]]]:
        """Every day that a tool tells of, oldest first, and what each of them has."""
        told = [{day.day: day for day in each.line.days} for each in self.tracks]
        days = sorted({day for line in told for day in line})
        return [(day, [line.get(day) for line in told]) for day in days]


@attrs.frozen(kw_only=True)
class Section:
    """Everything that a page says of one metric; `more` subjects have daily lines."""

    metric: str
    anchor: str
    judgements: tuple[Judgement, ...]
    daily: tuple[Daily, ...]
    more: int
    advice: tuple[Advice, ...]


def sections(compared: Compared, table: FigureTable) -> list[Section]:
    """A section for every metric of which something is said."""
    summaries, rows = grouped(compared.summaries), grouped(table.looked)
    most = SPLITS if len(compared.summaries) <= FEW else 1
    lines, advice = grouped(compared.lines()), grouped(compared.advice)
    found: list[Section] = []
    for number, metric in enumerate({**summaries, **lines, **advice}, 1):
        anchor = f"metric-{number}"
        judged = summaries.get(metric, [])
        daily = _daily(lines.get(metric, []), table.tools)
        section = Section(
            metric=metric,
            anchor=anchor,
            judgements=tuple(_judgements(anchor, judged, rows.get(metric, []), most)),
            daily=tuple(daily[:SUBJECTS]),
            more=max(0, len(daily) - SUBJECTS),
            advice=tuple(advice.get(metric, [])),
        )
        found.append(section)
    return found


def grouped(things: Iterable[M]) -> dict[str, list[M]]:
    """These things by their metric, in order."""
    found: dict[str, list[M]] = {}
    for each in things:
        found.setdefault(each.metric, []).append(each)
    return found


def _judgements(
    anchor: str, summaries: Sequence[Summary], rows: Sequence[Row], most: int
) -> Iterator[Judgement]:
    for number, summary in enumerate(summaries, 1):
        mine = [row for row in rows if pairing(row) == pairing(summary)]
        gaps = sorted(filter(split.has_gap, mine), key=split.size, reverse=True)
        shown = gaps[:most] or mine[:1]
        steps = (step for row in shown for step in row.conversions)
        yield Judgement(
            summary=summary,
            anchor=f"{anchor}-{number}",
            conversions=tuple(dict.fromkeys(steps)),
            splits=tuple(gaps[:most]),
            more=max(0, len(gaps) - most),
        )


def _daily(lines: Iterable[Line], tools: Sequence[str]) -> list[Daily]:
    found: dict[Ref, list[Line]] = {}
    for line in lines:
        found.setdefault(line.subject, []).append(line)
    return [Daily(subject=ref, tracks=tracks(of, tools)) for ref, of in found.items()]


def standing(
    sections: Iterable[Section], pair: Pairing
) -> Iterator[tuple[Verdict, list[tuple[Section, Judgement]]]]:
    """The metrics that these two tools have in common, by verdict, the best first."""
    judged = [
        (section, each)
        for section in sections
        for each in section.judgements
        if pairing(each.summary) == pair
    ]
    for verdict in VERDICTS:
        found = [both for both in judged if both[1].summary.verdict == verdict]
        if found:
            yield verdict, found
