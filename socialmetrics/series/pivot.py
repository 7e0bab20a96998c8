"""A series as a small table: one row per index, one column per metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, get_args

import attrs

from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.model import Point, Ref

Key = Literal["subject", "network", "metric", "breakdown", "start", "end", "vendor"]
Cell = Ref | datetime | str | int | float | None

PLAIN: Final[Mapping[str, Callable[[Point], Cell]]] = {
    "subject": lambda point: point.subject,
    "network": lambda point: point.subject.network,
    "breakdown": lambda point: point.breakdown,
    "start": lambda point: point.start,
    "end": lambda point: point.end,
    "vendor": lambda point: point.source.vendor,
}


KEYS: Final = ", ".join(get_args(Key))


@attrs.frozen
class Pivot:
    """Rows by column name; a figure that was not observed, or is not there, is None."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]


def pivot(points: Sequence[Point], index: Sequence[Key], columns: Key) -> Pivot:
    """See `MetricSeries.pivot`."""
    if isinstance(index, str):
        raise InvalidQuery(f"index={index!r} is one text; write ({index!r},)")
    if not isinstance(index, Sequence):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"index={index!r} is not several of {KEYS}")
    _check((*index, columns))
    keys = {**PLAIN, "metric": _labels(points, with_parts="breakdown" not in index)}
    table: dict[tuple[Cell, ...], dict[str, Cell]] = {}
    names: dict[str, None] = {}
    for point in points:
        at = tuple(keys[key](point) for key in index)
        name = str(keys[columns](point))
        row = table.setdefault(at, {})
        if name in row:
            raise _twice(name, zip(index, at, strict=True))
        row[name] = point.value
        names[name] = None
    rows = [
        dict(zip(index, at, strict=True)) | {name: row.get(name) for name in names}
        for at, row in table.items()
    ]
    return Pivot((*index, *names), tuple(rows))


def _check(keys: Sequence[str]) -> None:
    for key in keys:
        if key not in get_args(Key):
            raise InvalidQuery(f"{key!r} is none of {KEYS}")
    if len(set(keys)) < len(keys):
        raise InvalidQuery(f"index and columns name one of {', '.join(keys)} twice")


def _labels(points: Iterable[Point], *, with_parts: bool) -> Callable[[Point], Cell]:
    """The metric, with scope and breakdown where that metric has more than one."""
    scopes, parts = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for point in points:
        scopes[point.metric].add(point.reading.scope)
        parts[point.metric].add(point.breakdown)

    def label(point: Point) -> str:
        told: list[str] = []
        if len(scopes[point.metric]) > 1:
            told.append(f"scope={point.reading.scope}")
        if with_parts and len(parts[point.metric]) > 1 and point.breakdown:
            told.append(f"breakdown={point.breakdown}")
        return f"{point.metric}[{', '.join(told)}]" if told else point.metric

    return label


def _twice(name: str, at: Iterable[tuple[str, Cell]]) -> NotComparable:
    where = ", ".join(f"{key} {value}" for key, value in at)
    return NotComparable(
        f"more than one figure for {name} at {where or 'the only row'}",
        rule="one-figure-a-cell",
        instead="a longer index, or series.where(...) or series.latest() before",
    )
