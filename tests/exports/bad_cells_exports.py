"""Mistakes in the cells of a workbook: rows that cannot be read, and why not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

Row = tuple[str, tuple[object, object, object], str]

DAY: Final = datetime(2026, 3, 2)  # noqa: DTZ001 - as sheets have them

CELLS: Final[tuple[Row, ...]] = (
    (
        "an id that is a long number",
        (DAY, 1234567890123456, 7),
        "is a number of more than 15 digits, which spreadsheets round",
    ),
    ("an id that is a date", (DAY, DAY, 7), "is no text"),
    ("an id with a fraction", (DAY, 47.5, 7), "is no text"),
    (
        "a date that is shown as a number",
        (46083, "4711", 7),
        "is no date: 46083; format the column as a date",
    ),
    ("a time without a date", (time(12), "4711", 7), "is no date: 12:00:00"),
    (
        "a time where days are meant",
        (DAY + timedelta(hours=1), "4711", 7),
        "has a time, where a day of UTC is wanted",
    ),
    (
        "a figure that is a date",
        (DAY, "4711", DAY),
        "is a date or a time, not a number; mind the cell's format",
    ),
    (
        "a count that is a length of time",
        (DAY, "4711", timedelta(hours=1)),
        "is a date or a time, not a number",
    ),
    ("a figure that is true or false", (DAY, "4711", True), "is no number"),
    ("a count with a fraction", (DAY, "4711", 1.5), "is no whole number of things"),
    ("a count beyond 2 to the 53rd", (DAY, "4711", 2**60), "is too large to be exact"),
    (
        "a formula that nobody has computed",
        (DAY, "4711", "=1+1"),
        "is a formula without a value; save the file in a spreadsheet first",
    ),
)
