"""Workbooks (.xlsx): their rows, with the numbers that the sheet gives them."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import lru_cache
from importlib import import_module
from itertools import repeat
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, TypeAlias
from zipfile import BadZipFile, ZipFile

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.cells import Cell, Share
from socialmetrics.exports.layout import Layout
from socialmetrics.exports.problems import Problems
from socialmetrics.exports.wording import meant

LARGEST: Final = 2**30
"""Bytes of a workbook when it is unpacked."""
HARMLESS: Final = 2**24
"""Bytes that it may unpack to however small it is."""
MOST_TIMES: Final = 200
"""How many times its size it may unpack to beyond that; even sheets
of nothing but zeros unpack to a tenth of that."""
MOST_ROWS: Final = 2**20
"""Rows that a sheet can have."""
FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
LONGEST_TAG: Final = 32
PIECE: Final = 2**20
_LITERAL: Final = re.compile(r'"[^"]*(?:"|$)|[\\_*].|\[[^\]]*\]', re.DOTALL)
"""What a number format shows as it is: in quotation marks or brackets, or after a mark
(`_` is a blank of that width, `*` fills the cell with it)."""

Record: TypeAlias = tuple[int, Sequence[Cell]]


class _Cell(Protocol):
    @property
    def value(self) -> object: ...

    @property
    def number_format(self) -> str: ...


class _Sheet(Protocol):
    title: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[Sequence[_Cell]]: ...


class _Workbook(Protocol):
    worksheets: Sequence[_Sheet]


@attrs.frozen
class SheetFile:
    """One sheet of a workbook. Raises `InvalidQuery`, naming the file."""

    path: Path
    layout: Layout
    sheet: _Sheet
    formulas: _Sheet | None
    """The same sheet with its formulas, where it has some."""
    header: Sequence[str]

    @classmethod
    def of(cls, path: Path, handle: BinaryIO, layout: Layout) -> SheetFile:
        """That workbook's sheet, its header read."""
        has_formulas = _has_formulas(path, handle)
        sheet = _chosen(path, _opened(path, handle, values=True), layout.sheet)
        formulas = None
        if has_formulas:
            other = _opened(path, handle, values=False)
            formulas = _chosen(path, other, sheet.title)
        made = cls(path, layout, sheet, formulas, ())
        head = next((row for n, row in made.rows() if n == layout.header), None)
        if head is None:
            raise InvalidQuery(
                f"{made.prefix} {layout.header}: the sheet ends before it"
            )
        return attrs.evolve(made, header=[str(cell).strip() for cell in head])

    @property
    def prefix(self) -> str:
        """What goes before a row's number."""
        return f"{self.path.name}, sheet {self.sheet.title!r}, row"

    def records(self, problems: Problems) -> Iterator[Record]:
        """The rows below the header, each as long as the header at least."""
        del problems  # A sheet has no broken rows.
        width = len(self.header)
        for number, row in self.rows():
            if number > self.layout.header:
                yield number, [*row, *repeat("", width - len(row))]

    def rows(self) -> Iterator[Record]:
        """All rows, by their numbers."""
        values = _read(self.path, self.sheet)
        if self.formulas is None:
            yield from ((n, [*map(_cell, row)]) for n, row in values)
            return
        both = zip(values, _read(self.path, self.formulas), strict=False)
        for (number, row), (_, formulas) in both:
            pairs = zip(row, formulas, strict=False)
            yield number, [_computed(value, formula) for value, formula in pairs]


def _opened(path: Path, handle: BinaryIO, *, values: bool) -> _Workbook:
    try:
        openpyxl: Any = import_module("openpyxl")
    except ImportError as err:
        raise InvalidQuery(
            f"{path.name}: workbooks need openpyxl; pip install 'socialmetrics[xlsx]'"
        ) from err
    handle.seek(0)
    with warnings.catch_warnings():  # Of styles and the like, which nobody reads.
        warnings.simplefilter("ignore")
        try:
            opened: _Workbook = openpyxl.load_workbook(
                handle, read_only=True, data_only=values
            )
        except Exception as err:
            raise _unreadable(path, err) from err
    return opened


def _chosen(path: Path, workbook: _Workbook, name: str) -> _Sheet:
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    if not name and len(sheets) != 1:
        there = ", ".join(map(repr, sheets)) or "none"
        raise InvalidQuery(
            f"{path.name} has {len(sheets)} sheets ({there}); say sheet in the mapping"
        )
    if name and name not in sheets:
        raise InvalidQuery(f"{path.name} has no sheet {name!r}{meant(name, sheets)}")
    return sheets[name] if name else next(iter(sheets.values()))


def _read(path: Path, sheet: _Sheet) -> Iterator[tuple[int, Sequence[_Cell]]]:
    """The rows as they are in the file, whatever it says of its size."""
    sheet.reset_dimensions()
    rows = iter(sheet.iter_rows())
    for number in range(1, MOST_ROWS + 1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as err:
            raise _unreadable(path, err) from err
        yield number, row
    raise InvalidQuery(f"{path.name} has more than {MOST_ROWS:,} rows, as no sheet has")


def _cell(cell: _Cell) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return Share(value) if _is_in_per_cent(cell.number_format) else value
    return value if isinstance(value, str | datetime | time | timedelta) else str(value)


@lru_cache
def _is_in_per_cent(number_format: str) -> bool:
    """Whether cells of that format show a hundred times their number."""
    return "%" in _LITERAL.sub("", number_format)


def _computed(value: _Cell, formula: _Cell) -> Cell:
    """A formula that nobody computed has no value, and is shown instead."""
    if value.value is None and formula.value is not None:
        return formula.value if isinstance(formula.value, str) else "={...}"
    return _cell(value)


def _has_formulas(path: Path, handle: BinaryIO) -> bool:
    try:
        with ZipFile(handle) as archive:
            _check_size(path, archive, packed=os.fstat(handle.fileno()).st_size)
            names = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
            return any(_holds_formula(archive, name) for name in names)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError) as err:
        raise _unreadable(path, err) from err


def _check_size(path: Path, archive: ZipFile, *, packed: int) -> None:
    # What a member says of its packed size may be wrong; the file's size is not.
    size = sum(each.file_size for each in archive.infolist())
    if size > LARGEST:
        raise InvalidQuery(
            f"{path.name} is {size:,} bytes unpacked, more than {LARGEST:,}; export "
            "less at a time, or as CSV"
        )
    if size > max(HARMLESS, packed * MOST_TIMES):
        raise InvalidQuery(
            f"{path.name} unpacks from {packed:,} bytes to {size:,}, more than "
            f"{MOST_TIMES} times as many, as no report does; save it as .xlsx again, "
            "or export as CSV"
        )


def _holds_formula(archive: ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as sheet:
        while piece := sheet.read(PIECE):
            tail = tail[-LONGEST_TAG:] + piece
            if FORMULA.search(tail):
                return True
    return False


def _unreadable(path: Path, err: Exception) -> InvalidQuery:
    told = ""
    with suppress(Exception):
        told = f": {err}"
    return InvalidQuery(
        f"{path.name} cannot be read as a workbook{told}; save it as .xlsx again"
    )
