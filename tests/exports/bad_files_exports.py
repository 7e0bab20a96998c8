"""Mistakes in whole reports. `report` makes the file; it is given a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from tests.exports.reports import GOOD, HEADER, workbook

Maker = Callable[[Path], Path]
Row = tuple[str, Maker, str, str]


def _file(name: str, content: str | bytes) -> Maker:
    def make(folder: Path) -> Path:
        file = folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return make


def _zipped(folder: Path) -> Path:
    file = folder / "report.xlsx"
    with ZipFile(file, "w") as archive:
        archive.writestr("report.csv", HEADER + GOOD)
    return file


def _swollen(folder: Path) -> Path:
    file = folder / "report.xlsx"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", " " * 20_000_000)
    return file


def _two_sheets(folder: Path) -> Path:
    from importlib import import_module
    from typing import Any

    openpyxl: Any = import_module("openpyxl")
    book = openpyxl.load_workbook(_one_sheet(folder))
    book.create_sheet("Notes")
    book.save(folder / "report.xlsx")
    return folder / "report.xlsx"


def _one_sheet(folder: Path) -> Path:
    return workbook(folder, ["Date", "Id", "Likes"], ["2026-03-02", "4711", 7])


def _cut(folder: Path) -> Path:
    file = _one_sheet(folder)
    file.write_bytes(file.read_bytes()[:1000])
    return file


FILES: Final[tuple[Row, ...]] = (
    (
        "a file that is not there",
        lambda folder: folder / "reprot.csv",
        "",
        "reprot.csv cannot be read: No such file or directory",
    ),
    ("a folder", lambda folder: folder, "", "is no file; give the report itself"),
    ("an empty file", _file("report.csv", b""), "", "report.csv is empty"),
    (
        "a header without a row",
        _file("report.csv", HEADER),
        "",
        "no figure below the header, in 0 rows",
    ),
    (
        "no good row",
        _file("report.csv", HEADER + "2026-03-02,4711,many\n"),
        "",
        "no figure can be read. report.csv, line 2: column 'Likes': is no number",
    ),
    (
        "a column that is not there",
        _file("report.csv", "Date,Id,Like\n" + GOOD),
        "",
        "there is no column 'Likes' ([[metric]]); did you mean 'Like'?",
    ),
    (
        "another line than the header",
        _file("report.csv", "Report of @acme\n\n" + HEADER + GOOD),
        "",
        "there is 'Report of @acme'. If the header is another line, say header",
    ),
    (
        "a column that is there twice",
        _file("report.csv", "Date,Id,Likes,Likes\n2026-03-02,4711,7,8\n"),
        "",
        "the column 'Likes' ([[metric]]) is there 2 times; rename all but the one",
    ),
    (
        "a file that is shorter than its header's number",
        _file("report.csv", HEADER + GOOD),
        "header = 9",
        "report.csv, line 9: the file ends before the header",
    ),
    (
        "another encoding",
        _file("report.csv", HEADER.encode() + "2026-03-02,Café,7\n".encode("cp1252")),
        "",
        "report.csv, line 2, byte 15: is not UTF-8 (invalid continuation byte)",
    ),
    (
        "another encoding in the header",
        _file("report.csv", "Date,Id,Likes,Café\n".encode("cp1252")),
        "",
        "report.csv, line 1, byte 18: is not UTF-8",
    ),
    (
        "UTF-16 without a mark, or no text at all",
        _file("report.csv", (HEADER + GOOD).encode("utf-16-le")),
        "",
        "report.csv has NUL bytes: it is no text, or text in UTF-16",
    ),
    (
        "a quotation mark that is never closed",
        _file("report.csv", HEADER + GOOD + '2026-03-03,4711,"7\n'),
        "",
        "line 3: a quotation mark is not closed; the file may be cut off",
    ),
    (
        "a cell that is too long",
        _file("report.csv", HEADER + GOOD + f'2026-03-03,"{"x" * 200_000}",7\n'),
        "",
        "line 3: a cell is longer than 131,072 characters; is a quotation mark not",
    ),
    (
        "a line that is too long",
        _file("report.csv", HEADER + GOOD + "," * 1_000_001),
        "",
        "has a line of more than 1,000,000 characters",
    ),
    (
        "a header with a broken quotation",
        _file("report.csv", '"Date"x,"Id"x;"Likes"x\n'),
        "",
        "line 1: the header cannot be read",
    ),
    (
        "a workbook that is called .csv",
        lambda folder: _one_sheet(folder).rename(folder / "report.csv"),
        "",
        "report.csv is no text; it begins with b'PK",
    ),
    (
        "text that is called .xlsx",
        _file("report.xlsx", HEADER + GOOD),
        "",
        "report.xlsx is called a workbook, but is none",
    ),
    (
        "a workbook with a password, or of the old kind",
        _file("report.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 500),
        "",
        "is protected by a password, or a workbook of the old kind (.xls)",
    ),
    (
        "a workbook that is cut off",
        _cut,
        "",
        "report.xlsx cannot be read as a workbook",
    ),
    (
        "a workbook that unpacks to far more than any report",
        _swollen,
        "",
        "bytes to 20,000,000, more than 200 times as many, as no report does",
    ),
    (
        "another zip archive",
        _zipped,
        "",
        "report.xlsx cannot be read as a workbook",
    ),
    (
        "several sheets, and none is named",
        _two_sheets,
        "",
        "has 2 sheets ('Data', 'Notes'); say sheet in the mapping",
    ),
    (
        "a sheet that is not there",
        _one_sheet,
        'sheet = "Date"',
        "report.xlsx has no sheet 'Date'; did you mean 'Data'?",
    ),
    (
        "a sheet that is shorter than its header's number",
        _one_sheet,
        "header = 9",
        "report.xlsx, sheet 'Data', row 9: the sheet ends before it",
    ),
)
