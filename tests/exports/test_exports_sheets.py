"""Workbooks: typed cells, formulas, errors, and what is missing."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.exports import sheets
from tests.exports.bad_cells_exports import CELLS, DAY
from tests.exports.reports import READ_AT, mapping, told, values, workbook

HEAD = ("Date", "Id", "Likes")


def sheet(
    path: Path, *rows: Sequence[Any], changes: str = "", without: Sequence[str] = ()
) -> sm.Export:
    """The export of a workbook with these rows below the usual header."""
    file = workbook(path, HEAD, *rows)
    return sm.read_export(file, mapping(changes, without), read_at=READ_AT)


def test_cells_have_their_types(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        (DAY, 4711, 7),
        (date(2026, 3, 3), "4711", 8.0),
        ("2026-03-04", 4711.0, "9"),
        (None, None, None),
        (datetime(2026, 3, 5), "4711", None),  # noqa: DTZ001 - as sheets have them
    )

    assert values(found) == [7, 8, 9, None]
    assert {str(point.subject) for point in found.series} == {"x:4711"}
    assert [point.start.day for point in found.series] == [2, 3, 4, 5]
    assert found.lines.tolist() == [2, 3, 4, 6]
    assert found.place(3) == "report.xlsx, sheet 'Data', row 6, column 'Likes'"
    assert found.series.issues == ()


@pytest.mark.parametrize(("what", "row", "problem"), CELLS)
def test_cell_of_a_wrong_type_is_told(
    what: str, row: Sequence[object], problem: str, tmp_path: Path
) -> None:
    found = sheet(tmp_path, (datetime(2026, 3, 1), "4711", 7), row)  # noqa: DTZ001

    assert values(found) == [7]
    assert told(found)[0].startswith("report.xlsx, sheet 'Data', row 3: column ")
    assert problem in told(found)[0], what


def test_errors_of_formulas_are_told_and_have_no_figure(tmp_path: Path) -> None:
    found = sheet(tmp_path, (DAY, "4711", "#DIV/0!"))

    assert found.series[0].status == sm.Status.NOT_REPORTED
    assert "column 'Likes': the error of a formula" in told(found)[0]


def test_formulas_have_the_values_that_were_computed(tmp_path: Path) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", "=3+4"), (DAY, "4712", "=3+5"))
    _patch(file, b"<f>3+4</f><v />", b"<f>3+4</f><v>7</v>")

    found = sm.read_export(file, mapping(), read_at=READ_AT)

    assert values(found) == [7]
    assert found.series.issues[0].seen == "=3+5"


def test_formulas_over_several_cells_are_formulas(tmp_path: Path) -> None:
    openpyxl: Any = import_module("openpyxl.worksheet.formula")
    array = openpyxl.ArrayFormula("C3", "=SUM(C2:C2)")

    found = sheet(tmp_path, (DAY, "4711", 7), (DAY, "4712", array))

    assert values(found) == [7]
    assert found.series.issues[0].seen == "={...}"


def _patch(file: Path, old: bytes, new: bytes) -> None:
    """Changes the sheet within a workbook, as another program would have written it."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old in members[name]
    members[name] = members[name].replace(old, new)
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)


@pytest.mark.parametrize(
    ("changes", "value", "shown", "expected"),
    [
        ("percent = true", 0.05, "0.0%", 0.05),
        ("percent = true", 5, "General", 0.05),
        ("percent = false", 0.05, "0%", 0.05),
        ("percent = false", 0.05, "General", 0.05),
        ("percent = true", 0.05, '0.0" of "%', 0.05),
        ("percent = true", 0.05, "[Red]0%;-0%", 0.05),
        ("percent = true", 5, r"0.0\%", 0.05),
        ("percent = false", 5, r"0.0\%", 5),
        ("percent = true", 5, '0"%"', 0.05),
        ("percent = false", 5, '0"%"', 5),
        ("percent = false", 5, '0" %', 5),
        ("percent = false", 5, "0.0_%", 5),
        ("percent = false", 5, "0[$%-409]", 5),
        ("percent = true", 0.05, r"0\"%", 0.05),
    ],
)
def test_per_cent_is_what_the_sheet_shows(
    changes: str, value: float, shown: str, expected: float, tmp_path: Path
) -> None:
    openpyxl: Any = import_module("openpyxl")
    file = workbook(tmp_path, HEAD, (DAY, "4711", value))
    book = openpyxl.load_workbook(file)
    book.active["C2"].number_format = shown
    book.save(file)
    given = f"metric = [{{ column = 'Likes', metric = 'link_ctr', {changes} }}]"

    found = sm.read_export(file, mapping(given), read_at=READ_AT)

    assert values(found) == [expected]


OWN = "metric = [{ column = 'Likes', metric = 'own', unit = 'second' }]\n"


@pytest.mark.parametrize(
    ("cell", "absent", "value"),
    [
        (0, "0", None),
        (0.0, "0", None),
        (-0.0, "0", None),
        (-1, "-1", None),
        (-1.0, "-1", None),
        (0.5, "0.5", None),
        (1e-05, "0.00001", None),
        (time(0), "0", None),
        (timedelta(hours=30), "108000", None),
        (0, "-1", 0),
        (10, "0", 10),
    ],
)
def test_typed_cells_may_stand_for_no_figure(
    cell: object, absent: str, value: float | None, tmp_path: Path
) -> None:
    changes = f"{OWN}absent = {{ suppressed = ['{absent}'] }}"

    found = sheet(tmp_path, (DAY, "4711", cell), changes=changes)

    status = "suppressed" if value is None else "observed"
    assert [(p.value, p.status) for p in found.series] == [(value, status)]
    assert found.series.issues == ()


def test_share_stands_for_no_figure_by_its_value(tmp_path: Path) -> None:
    openpyxl: Any = import_module("openpyxl")
    file = workbook(tmp_path, HEAD, (DAY, "4711", 0), (DAY, "4712", 0.01))
    book = openpyxl.load_workbook(file)
    book.active["C2"].number_format = book.active["C3"].number_format = "0%"
    book.save(file)
    metric = "metric = [{ column = 'Likes', metric = 'link_ctr', percent = true }]\n"
    absent = "absent = { not_reported = ['0', '1'] }"

    found = sm.read_export(file, mapping(metric + absent), read_at=READ_AT)

    assert values(found) == [None, 0.01]


def test_count_that_is_shown_in_per_cent_is_told(tmp_path: Path) -> None:
    openpyxl: Any = import_module("openpyxl")
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7), (DAY, "4712", 0.5))
    book = openpyxl.load_workbook(file)
    book.active["C3"].number_format = "0%"
    book.save(file)

    found = sm.read_export(file, mapping(), read_at=READ_AT)

    assert "is shown in per cent; say percent = true" in told(found)[0]
    assert found.series.issues[0].seen == "0.5 (shown in per cent)"


def test_lengths_of_time_are_seconds(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        (DAY, "1", timedelta(hours=30, seconds=5)),
        (DAY, "2", time(1, 2, 3)),
        (DAY, "3", 4.5),
        changes="metric = [{ column = 'Likes', metric = 'watch_time' }]",
    )

    assert values(found) == [30 * 3600 + 5, 3723, 4.5]


def test_date_and_time_may_be_two_columns(tmp_path: Path) -> None:
    head = ("Date", "Hour", "Id", "Likes")
    rows = (
        (DAY, time(5), "4711", 7),
        (DAY, 5, "4711", 7),
        (DAY, DAY, "4711", 7),
        ("2026-03-02", "06:00", "4711", 8),
    )
    changes = "step = 'hour'\ndate = { columns = ['Date', 'Hour'] }"
    file = workbook(tmp_path, head, *rows)

    found = sm.read_export(file, mapping(changes), read_at=READ_AT)

    assert [point.start.hour for point in found.series] == [5, 6]
    assert len(found.series.issues) == 2


def test_header_may_be_further_down_and_rows_longer(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("Report",), (), HEAD, (DAY, 1, 7, "", None), (DAY, 2))

    found = sm.read_export(file, mapping("header = 3"), read_at=READ_AT)

    assert values(found) == [7, None]
    assert found.lines.tolist() == [4, 5]


def test_size_that_a_sheet_claims_is_not_believed(tmp_path: Path) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7))
    _patch(file, b'<dimension ref="A1:C2"', b'<dimension ref="A1"')

    assert values(sm.read_export(file, mapping(), read_at=READ_AT)) == [7]


def test_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    openpyxl: Any = import_module("openpyxl")
    file = workbook(tmp_path, ("Nothing",), title="Cover")
    book = openpyxl.load_workbook(file)
    data = book.create_sheet("Data")
    data.append(HEAD)
    data.append((DAY, "4711", 7))
    book.save(file)

    found = sm.read_export(file, mapping("sheet = 'Data'"), read_at=READ_AT)

    assert values(found) == [7]


def test_workbooks_need_openpyxl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7))
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(sm.InvalidQuery, match=r"pip install 'socialmetrics\[xlsx\]'"):
        sm.read_export(file, mapping(), read_at=READ_AT)


def test_workbook_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "LARGEST", 100)

    with pytest.raises(sm.InvalidQuery, match="bytes unpacked, more than 100"):
        sheet(tmp_path, (DAY, "4711", 7))


def test_workbook_that_unpacks_to_far_more_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7))
    _patch(file, b"</sheetData>", b"</sheetData>" + b" " * 10_000_000)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    read = sm.read_export(file, mapping(), read_at=READ_AT)
    monkeypatch.setattr(sheets, "HARMLESS", 1_000_000)
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(sm.InvalidQuery, match="more than 200 times as many"):
        sm.read_export(file, mapping(), read_at=READ_AT)

    assert values(read) == [7]


def test_sheet_with_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)

    with pytest.raises(sm.InvalidQuery, match="has more than 2 rows"):
        sheet(tmp_path, (DAY, "4711", 7), (DAY, "4712", 7))


def test_sheet_that_breaks_off_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7))
    _patch(file, b"</sheetData>", b"")

    with pytest.raises(sm.InvalidQuery, match="cannot be read as a workbook: "):
        sm.read_export(file, mapping(), read_at=READ_AT)


def test_formulas_are_found_across_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "PIECE", 1)

    found = sheet(tmp_path, (DAY, "4711", 7), (DAY, "4712", "=3+4"))

    assert found.series.issues[0].seen == "=3+4"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("18014398509481984", "is too large to be exact"),
        ("9" * 400, "is too large to be exact"),
        ("1E999", "is no number"),
    ],
)
def test_number_that_no_sheet_would_hold_is_told(
    number: str, problem: str, tmp_path: Path
) -> None:
    file = workbook(tmp_path, HEAD, (DAY, "4711", 7), (DAY, "4712", 77))
    _patch(file, b"<v>77</v>", f"<v>{number}</v>".encode())

    found = sm.read_export(file, mapping(), read_at=READ_AT)

    assert values(found) == [7]
    assert told(found)[0].endswith(f"column 'Likes': {problem}")


def test_whole_numbers_are_ids_however_they_are_written(tmp_path: Path) -> None:
    file = workbook(tmp_path, HEAD, (DAY, 77, 7))
    _patch(file, b"<v>77</v>", b"<v>4711.0</v>")

    found = sm.read_export(file, mapping(), read_at=READ_AT)

    assert found.series[0].subject == sm.Ref("x", "4711")
