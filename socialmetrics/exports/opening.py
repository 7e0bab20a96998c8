"""Which kind of file a report is: by what it holds, not by what it is called."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final, Protocol

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.cells import Cell
from socialmetrics.exports.csv_files import CsvFile, text
from socialmetrics.exports.layout import Layout
from socialmetrics.exports.problems import Problems
from socialmetrics.exports.sheets import SheetFile

ZIPPED: Final = b"PK\x03\x04"
OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUFFIXES: Final = (".xlsx", ".xlsm")


class Report(Protocol):
    """A file with a header and rows."""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""
        ...

    @property
    def prefix(self) -> str:
        """What goes before a line's number."""
        ...

    def records(self, problems: Problems) -> Iterable[tuple[int, Sequence[Cell]]]:
        """The rows below the header, each with the number of its line."""
        ...


@contextmanager
def opened(path: object) -> Generator[tuple[Path, BinaryIO]]:
    """That file. Raises `InvalidQuery` for what is no file, or empty."""
    if not isinstance(path, str | os.PathLike):
        raise InvalidQuery(f"path={path!r} is no path of a file")
    file = Path(path)  # pyright: ignore[reportUnknownArgumentType]  # a path
    try:
        _check(file, file.stat())
        with file.open("rb") as handle:
            yield file, handle
    except (OSError, ValueError) as err:
        why = err.strerror if isinstance(err, OSError) else None
        raise InvalidQuery(f"{file} cannot be read: {why or err}") from err


def _check(file: Path, found: os.stat_result) -> None:
    if not S_ISREG(found.st_mode):
        raise InvalidQuery(f"{file} is no file; give the report itself")
    if not found.st_size:
        raise InvalidQuery(f"{file} is empty")


@contextmanager
def report(path: Path, handle: BinaryIO, layout: Layout) -> Generator[Report]:
    """The report in that file. Raises `InvalidQuery` for what is none."""
    if _is_workbook(path, handle):
        yield SheetFile.of(path, handle, layout)
        return
    with text(path, handle, layout) as file:
        yield CsvFile.of(path, file, layout)


def _is_workbook(path: Path, handle: BinaryIO) -> bool:
    handle.seek(0)
    start = handle.read(len(OLD))
    handle.seek(0)
    is_called_so = path.suffix.lower() in SUFFIXES
    if start == OLD:
        raise InvalidQuery(
            f"{path.name} is protected by a password, or a workbook of the old kind "
            "(.xls); save it as .xlsx without a password"
        )
    if start.startswith(ZIPPED) != is_called_so:
        told = "is called a workbook, but is none" if is_called_so else "is no text"
        raise InvalidQuery(
            f"{path.name} {told}; it begins with {start!r}. Workbooks are read where "
            "they are called .xlsx, anything else as CSV"
        )
    return is_called_so
