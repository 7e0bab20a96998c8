"""Lifetime figures of posts as points, and as the `metrics` of a post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from socialmetrics.model import Point, Ref, Source
from socialmetrics.reading import Settled, Status
from socialmetrics_hootsuite.analytics.entries import Entry, provisional
from socialmetrics_hootsuite.analytics.parts import Asked
from socialmetrics_hootsuite.analytics.values import value


@attrs.frozen(repr=False, eq=False)
class Figures(Mapping[str, Point]):
    """The asked figures of a post, one a name; the vendor's names find them too."""

    points: Mapping[str, Point]
    aliases: Mapping[str, str]

    def __getitem__(self, name: str) -> Point:
        return self.points[self.aliases.get(name, name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.points)

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        return repr({name: point.value for name, point in self.items()})


@attrs.frozen(kw_only=True)
class Subject:
    """A post of which figures are told; `source` says when they were taken."""

    ref: Ref
    created: datetime
    source: Source


def observed(
    subject: Subject, asked: Asked, metrics: Mapping[str, object]
) -> tuple[Point, tuple[str, ...]]:
    """The first of the names that there is a figure for, and what was wrong.

    Nothing reported: `not_reported`.
    """
    problems: list[str] = []
    for entry in asked.entries:
        name = entry.reading.name
        found = value(metrics.get(name))
        problems += [f"{name}: {problem}" for problem, _ in found.problems]
        if found.total is not None:
            point = _point(subject, entry, Status.OBSERVED, found.total)
            return point, tuple(problems)
    return absent(subject, asked, Status.NOT_REPORTED), tuple(problems)


def absent(subject: Subject, asked: Asked, status: Status) -> Point:
    """No figure, and why."""
    return _point(subject, asked.entries[0], status, None)


def figures(asked: Iterable[Asked], points: Iterable[Point]) -> Figures:
    """The metrics of a post: a point for each that was asked for, in that order."""
    told = dict(zip((each.metric for each in asked), points, strict=True))
    aliases: dict[str, str] = {}
    for metric, point in told.items():
        reading = point.reading
        names = (reading.label,) if reading.scope == "paid" else ()
        for name in (*names, *_own(point)):
            aliases.setdefault(name, metric)
    return Figures(told, {k: v for k, v in aliases.items() if k not in told})


def _own(point: Point) -> tuple[str, ...]:
    """What else the figure is called; a paid one only with its scope."""
    reading = point.reading
    if reading.scope == "paid":
        return (f"{reading.name}[scope=paid]",)
    return reading.label, reading.name


def _point(
    subject: Subject, entry: Entry, status: Status, number: float | None
) -> Point:
    reading = entry.reading
    settled_until = subject.source.fetched_at - provisional(reading.network)
    return Point(
        subject=subject.ref,
        metric=reading.metric,
        start=subject.created,
        end=None,
        value=number,
        status=status,
        reading=reading,
        source=subject.source,
        settled=Settled.UNKNOWN if subject.created <= settled_until else Settled.NO,
    )
