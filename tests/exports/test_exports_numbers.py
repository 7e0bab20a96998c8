"""Numbers as tools and countries write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.reports import read, told, values

OWN = "metric = [{{ column = 'Likes', metric = 'planner.own', unit = '{}' }}]\n"
ZEROS = "absent = { not_reported = ['0', '-1'] }\n"
PERCENT = "metric = [{ column = 'Likes', metric = 'link_ctr', percent = true }]\n"


@pytest.mark.parametrize(
    ("cell", "changes", "value"),
    [
        ("7", "", 7),
        ("007", "", 7),
        (" 7 ", "", 7),
        ("+7", "", 7),
        ("\u22127", "", -7),
        ("12.0", "", 12),
        ("9007199254740992", "", 2**53),
        ("1,234,567", "thousands = ','", 1_234_567),
        ("1.234", "decimal = ','\nthousands = '.'", 1234),
        ("1234", "decimal = ','\nthousands = '.'", 1234),
        ("1 234", "thousands = ' '", 1234),
        ("1\u00a0234", "thousands = ' '", 1234),
        ("1\u202f234", "thousands = ' '", 1234),
        ("1'234", 'thousands = "\'"', 1234),
        ("1\u2019234", 'thousands = "\'"', 1234),
        ("1.234,5", "decimal = ','\nthousands = '.'\n" + OWN.format("score"), 1234.5),
        (".5", OWN.format("score"), 0.5),
        ("5.", OWN.format("score"), 5),
        ("1e-05", OWN.format("ratio"), 0.00001),
        ("0.1234567890123456", OWN.format("score"), 0.1234567890123456),
        ("12345678901234567.5", OWN.format("score"), None),
        ("5%", PERCENT, 0.05),
        ("0.57 %", PERCENT, 0.0057),
        ("5", PERCENT, 0.05),
        ("1e-1%", PERCENT, 0.001),
        ("1:02:03", OWN.format("second"), 3723),
        ("90", OWN.format("second"), 90),
        ("02:03", OWN.format("second"), None),
        ("1:02:03", "", None),
        ("1.2M", "", None),
        ("1_000", "", None),
        ("0x10", "", None),
        ("1e400", "", None),
        ("9" * 50, "", None),
        ("12,34", "thousands = ','", None),
        ("0,007", "thousands = ','", 7),
        ("12.000", "", None),
        ("1e-1", "", None),
        ("--", "", "not_reported"),
        ("NULL", "", "not_reported"),
        ("locked", "absent = { not_permitted = ['Locked'] }", "not_permitted"),
        ("", "absent = { not_reported = ['?'] }", "not_reported"),
        ("-", "absent = { not_reported = ['?'] }", None),
        ("0", ZEROS, "not_reported"),
        ("-1", ZEROS, "not_reported"),
        ("10", ZEROS, 10),
        ("00", ZEROS, 0),
        ("0", ZEROS + PERCENT, "not_reported"),
        ("#N/A", "", "not_reported"),
        ("#GETTING_DATA", "", "not_reported"),
    ],
)
def test_cell_is_read_as_it_is_meant(
    cell: str, changes: str, value: float | str | None, tmp_path: Path
) -> None:
    found = read(tmp_path, f'2026-03-01,4711,1\n2026-03-02,4711,"{cell}"\n', changes)

    got = [(point.value, point.status) for point in found.series][1:]
    if value is None:
        assert got == []
        assert len(told(found)) == 1
    elif isinstance(value, str):
        assert got == [(None, value)]
    else:
        assert got == [(value, "observed")]


def test_zero_is_a_figure_and_nothing_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-03-01,4711,0\n2026-03-02,4711,\n")

    assert values(found) == [0, None]
