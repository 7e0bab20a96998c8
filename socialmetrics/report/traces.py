"""How a figure of the table came: the raw figures behind it, and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs
import numpy as np

from socialmetrics.model import Source
from socialmetrics.reading import Settled
from socialmetrics.report import words
from socialmetrics.report.compared import Compared
from socialmetrics.report.table import Figure
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import SETTLED, STATUSES, Plain, ints

SOURCES: Final = 12
"""Of so many requests a trace tells; how many more there were is said."""

_SETTLED: Final[Mapping[Settled, str]] = {
    Settled.YES: "settled",
    Settled.NO: "may still change",
    Settled.UNKNOWN: "nobody says whether settled",
}


@attrs.frozen(kw_only=True)
class Trace:
    """The raw figures behind one figure, in short.

    `statuses` and `settled` count them in words; `story` tells one of them in full,
    line by line.
    """

    figure: Figure
    count: int
    statuses: str
    settled: str
    sources: tuple[Source, ...]
    more_sources: int
    story: tuple[str, ...]


def trace(compared: Compared, figure: Figure) -> Trace:
    """What is behind that figure."""
    series = compared.behind(figure.number, figure.where)
    columns = series.columns
    used = ints(np.unique(columns.source))
    sources = sorted((columns.sources[code] for code in used), key=_age)
    return Trace(
        figure=figure,
        count=len(series),
        statuses=_counted(columns.status, list(map(words.spaced, STATUSES))),
        settled=_counted(columns.settled, [_SETTLED[word] for word in SETTLED]),
        sources=tuple(sources[:SOURCES]),
        more_sources=max(0, len(sources) - SOURCES),
        story=_story(series),
    )


def _age(source: Source) -> datetime:
    return source.fetched_at


def _counted(codes: Plain, named: Sequence[str]) -> str:
    """How many rows have each word, those that none has left out."""
    counts = ints(np.bincount(codes, minlength=len(named)))
    told = zip(counts, named, strict=True)
    return ", ".join(f"{count:,} {word}" for count, word in told if count)


def _story(series: MetricSeries) -> tuple[str, ...]:
    return tuple(series.explain(0).splitlines()) if len(series) else ()
