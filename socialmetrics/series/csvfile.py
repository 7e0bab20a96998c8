"""A series as a flat CSV file for people and spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from socialmetrics.model import Point
from socialmetrics.series.columns import Columns
from socialmetrics.series.files import replacing
from socialmetrics.series.points import points

HEADER: Final = (
    "network",
    "native_id",
    "metric",
    "scope",
    "breakdown",
    "start",
    "end",
    "value",
    "status",
    "settled",
    "level",
    "temporality",
    "date_axis",
    "zone",
    "vendor",
    "endpoint",
    "name",
    "fetched_at",
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def write(path: Path, columns: Columns) -> None:
    """One line a figure, UTF-8. Raises `InvalidQuery` where nothing can be written."""
    with (
        replacing(path) as draft,
        draft.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(map(list, map(_cells, points(columns))))


def _cells(point: Point) -> Iterator[str | int | float]:
    reading = point.reading
    yield _harmless(point.subject.network)
    yield _harmless(point.subject.native_id)
    yield _harmless(point.metric)
    yield reading.scope
    yield _harmless(point.breakdown)
    yield point.start.isoformat()
    yield point.end.isoformat() if point.end else ""
    yield "" if point.value is None else point.value
    yield point.status
    yield point.settled
    yield reading.level
    yield reading.temporality
    yield reading.date_axis
    yield reading.zone or ""
    yield _harmless(point.source.vendor)
    yield _harmless(reading.endpoint)
    yield _harmless(reading.name)
    yield point.source.fetched_at.isoformat()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
