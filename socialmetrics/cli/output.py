"""Records as JSON Lines, CSV or Parquet: written as they come, in constant memory."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from socialmetrics.cli.options import Kind
from socialmetrics.cli.records import Columns, Record, flat

FILES: Final[dict[str, Kind]] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
}


def many(count: int, noun: str) -> str:
    """So many of them, in words: "1 row", "1,200 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def write(
    records: Iterable[Record], columns: Columns, kind: Kind, path: Path | None = None
) -> None:
    """Everything to that file, which appears when it is whole, or to stdout."""
    if path is None:
        _text(records, columns, kind, utf8())
        return
    from socialmetrics.series.files import replacing

    with replacing(path) as draft:
        if kind == "parquet":
            from socialmetrics.cli.parquet import write_records

            write_records(records, columns, draft)
            return
        with draft.open("w", encoding="utf-8", newline="") as file:
            _text(records, columns, kind, file)


def utf8() -> TextIO:
    """Stdout, in UTF-8 whatever the terminal is set to: what leaves is data."""
    into = sys.stdout
    if isinstance(into, TextIOWrapper):
        into.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


def _text(
    records: Iterable[Record], columns: Columns, kind: Kind, file: TextIO
) -> None:
    if kind == "csv":
        _csv(records, columns, file)
        return
    for record in records:
        text = json.dumps(record, ensure_ascii=False, default=_plain)
        file.write(f"{text}\n")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _csv(records: Iterable[Record], columns: Columns, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(_harmless, columns))
    for record in records:
        writer.writerow([_harmless(flat(record[name])) for name in columns])


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets a ' in front."""
    from socialmetrics.series.csvfile import FORMULA

    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


@contextmanager
def counted(
    path: Path | None,
) -> Generator[Callable[[Iterable[Record]], Iterator[Record]]]:
    """Counts the records that pass, and says on stderr what went into the file."""
    count = 0

    def passing(records: Iterable[Record]) -> Iterator[Record]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    yield passing
    if path is not None:
        sys.stderr.write(f"{many(count, 'row')} in {path}\n")
