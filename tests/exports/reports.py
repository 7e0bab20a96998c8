"""Reports for tests: likes of @acme on X by day, unless a test says otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import socialmetrics as sm

READ_AT: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
ACME: Final = sm.Ref("x", "4711")
HEADER: Final = "Date,Id,Likes\n"
GOOD: Final = "2026-03-02,4711,7\n"
BASE: Final[Mapping[str, object]] = {
    "vendor": "planner",
    "endpoint": "Daily figures",
    "level": "profile",
    "network": "x",
    "subject": {"column": "Id", "by": "id"},
    "zone": "UTC",
    "step": "day",
    "date": "Date",
    "metric": [{"column": "Likes", "metric": "likes"}],
}


def mapping(changes: str = "", without: Sequence[str] = ()) -> dict[str, object]:
    """The usual mapping, with these keys (TOML) instead, and without those."""
    told = {**BASE, **tomllib.loads(changes)}
    return {key: value for key, value in told.items() if key not in without}


def read(
    path: Path, rows: str, changes: str = "", without: Sequence[str] = ()
) -> sm.Export:
    """The export of a report with these rows below the usual header."""
    return read_whole(path, HEADER + rows, changes, without)


def read_whole(
    path: Path, text: str | bytes, changes: str = "", without: Sequence[str] = ()
) -> sm.Export:
    """The export of a whole report."""
    file = path / "report.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return sm.read_export(file, mapping(changes, without), read_at=READ_AT)


def workbook(path: Path, *rows: Sequence[Any], title: str = "Data") -> Path:
    """A workbook of one sheet with these rows."""
    openpyxl: Any = import_module("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    file = path / "report.xlsx"
    book.save(file)
    return file


def values(export: sm.Export) -> list[int | float | None]:
    """The figures, in the order of the file."""
    return [point.value for point in export.series]


def told(export: sm.Export) -> list[str]:
    """The problems, each as one line."""
    return [f"{each.path}: {each.problem}" for each in export.series.issues]
