"""Cells as figures: exactly, or with the reason why not. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final, TypeAlias

import attrs

from socialmetrics.exports.cells import BadCell, Cell, Share
from socialmetrics.exports.layout import Layout, MetricTable
from socialmetrics.exports.meaning import unit
from socialmetrics.reading import Status
from socialmetrics.series.columns import STATUS_CODE

Told: TypeAlias = Callable[[int, str, Cell], None]
"""Is told the number of the row, what is wrong there, and the cell."""

OBSERVED: Final = STATUS_CODE[Status.OBSERVED]
NOT_REPORTED: Final = STATUS_CODE[Status.NOT_REPORTED]
NO_FIGURE: Final = -1
"""Instead of a status, where the figure is kept out."""
EXACT: Final = 2**53
LONGEST: Final = 40
COUNTED: Final = ("count", "person")
CENTS: Final = 2
"""Zeros that may follow a whole number: 12.00, but not 12.000."""
SHORT: Final = 15
"""Digits that are exact whatever they are."""

_ERROR: Final = re.compile(r"#(?:[A-Z0-9_/]+[!?]|N/A|GETTING_DATA)")
_ROUNDED: Final = re.compile(r"[\d.,\s]+(?:[kKmMbB]|[eE]\+?\d+)", re.ASCII)
_DURATION: Final = re.compile(r"(\d{1,6}):([0-5]\d):([0-5]\d)", re.ASCII)
_BLANK: Final = "[ \u00a0\u202f]"
_MARKS: Final = {" ": _BLANK, "'": "['\u2019]"}


@attrs.frozen
class Figures:
    """The figures of some cells: a value for each (NaN where there is none), and the
    codes of the statuses of those that are not observed, by the number of the cell."""

    values: list[float]
    statuses: dict[int, int]


class Numbers:
    """How a report writes numbers, and what it writes where it has none."""

    def __init__(self, layout: Layout) -> None:
        self._pattern = _pattern(layout.decimal, layout.thousands)
        self._layout = layout
        self._absent = {"": NOT_REPORTED} | {
            text.strip().casefold(): STATUS_CODE[Status(status)]
            for status, texts in layout.absent.items()
            for text in texts
        }

    def read(self, table: MetricTable, cells: Sequence[Cell], told: Told) -> Figures:
        """The figures of that metric. `told` hears of every cell that is odd."""
        is_plain = not table.percent
        found = Figures([], {})
        keep = found.values.append
        for row, cell in enumerate(cells):
            # Nearly always: a few plain digits.
            if (
                is_plain
                and isinstance(cell, str)
                and _is_short(cell)
                and cell not in self._absent
            ):
                keep(float(cell))
                continue
            try:
                value, status = self._figure(cell, table)
            except BadCell as bad:
                told(row, str(bad), cell)
                value, status = float("nan"), _status_of(cell)
            keep(value)
            if status != OBSERVED:
                found.statuses[row] = status
        return found

    def _figure(self, cell: Cell, table: MetricTable) -> tuple[float, int]:
        text = cell.strip() if isinstance(cell, str) else _written(cell)
        if text.casefold() in self._absent:
            return float("nan"), self._absent[text.casefold()]
        if isinstance(cell, str):
            return self._number(text, table), OBSERVED
        return _of_a_spreadsheet(cell, table), OBSERVED

    def _number(self, text: str, table: MetricTable) -> float:
        if _ERROR.fullmatch(text):
            raise BadCell("the error of a formula, not a figure; taken as not_reported")
        if unit(table) == "second" and (clock := _DURATION.fullmatch(text)):
            hours, minutes, seconds = map(int, clock.groups())
            return float(hours * 3600 + minutes * 60 + seconds)
        bare = text
        if text.endswith("%"):
            if not table.percent:
                raise BadCell("is in per cent; say percent = true for this metric")
            bare = text[:-1].rstrip()
        found = self._pattern.fullmatch(bare) if len(bare) <= LONGEST else None
        if found is None:
            raise BadCell(self._why_not(bare))
        plain = self._plain(bare)
        value = _value(plain, table)
        if unit(table) in COUNTED:
            _check_whole(value, plain.partition(".")[2])
        return value

    def _plain(self, text: str) -> str:
        """The number as Python writes it."""
        layout = self._layout
        bare = text.replace("\u2212", "-")
        if layout.thousands:
            mark = _MARKS.get(layout.thousands, re.escape(layout.thousands))
            bare = re.sub(mark, "", bare)
        return bare.replace(layout.decimal, ".")

    def _why_not(self, text: str) -> str:
        if text.startswith("="):
            return "is a formula without a value; save the file in a spreadsheet first"
        if _ROUNDED.fullmatch(text):
            return "is a rounded number; have the report write all digits"
        if any(mark in text for mark in ",.' \u00a0\u202f\u2019"):
            layout = self._layout
            return (
                f"is no number where decimal = {layout.decimal!r} and thousands = "
                f"{layout.thousands!r}"
            )
        return "is no number"


def _is_short(text: str) -> bool:
    return len(text) <= SHORT and text.isdigit() and text.isascii()


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    mark = _MARKS.get(thousands, re.escape(thousands))
    whole = rf"(?:\d{{1,3}}(?:{mark}\d{{3}})+|\d+)" if thousands else r"\d+"
    point = re.escape(decimal)
    number = rf"(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE]-\d{{1,3}})?"
    return re.compile(rf"[-+\u2212]?{number}", re.ASCII)


def _check_whole(value: float, fraction: str) -> None:
    """Grouped digits that are read as a fraction would be wrong by a thousand."""
    if len(fraction) > CENTS or not value.is_integer():
        raise BadCell("is no whole number of things; check decimal and thousands")


def _value(plain: str, table: MetricTable) -> float:
    value = float(plain)
    has_exponent = "e" in plain.lower()
    if abs(value) >= EXACT and not has_exponent:
        whole = int(plain.partition(".")[0])
        if int(float(whole)) != whole:
            raise BadCell("is too large to be exact")
    if not table.percent:
        return value
    # Rounded once: divided by 100, it would be rounded twice.
    return value / 100 if has_exponent else float(f"{plain}e-2")


def _written(cell: float | datetime | time | timedelta | Share) -> str:
    """The one text of a typed cell: 0, -1, 0.5, whatever the sheet shows; lengths of
    time in seconds."""
    seconds = _seconds(cell)
    number = cell.value if isinstance(cell, Share) else cell
    if seconds is not None:
        number = seconds
    if not isinstance(number, float):
        return str(number)
    return str(int(number)) if number.is_integer() else f"{Decimal(repr(number)):f}"


def _of_a_spreadsheet(cell: Cell, table: MetricTable) -> float:
    if isinstance(cell, Share):
        if unit(table) != "ratio":
            raise BadCell("is shown in per cent; say percent = true for this metric")
        return cell.value
    if isinstance(cell, int | float):
        number = _typed(cell)
        if unit(table) in COUNTED:
            _check_counted(number)
        return number / 100 if table.percent else number
    seconds = _seconds(cell)
    if seconds is None or unit(table) != "second":
        raise BadCell("is a date or a time, not a number; mind the cell's format")
    return seconds


def _check_counted(number: float) -> None:
    if not number.is_integer():
        raise BadCell("is no whole number of things")
    if abs(number) > EXACT:
        raise BadCell("is too large to be exact")


def _typed(cell: float) -> float:
    if isinstance(cell, int):
        if abs(cell) > EXACT:
            raise BadCell("is too large to be exact")
        return float(cell)
    if not isfinite(cell):
        raise BadCell("is no number")
    return cell


def _seconds(cell: Cell) -> float | None:
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, time):
        return timedelta(
            hours=cell.hour,
            minutes=cell.minute,
            seconds=cell.second,
            microseconds=cell.microsecond,
        ).total_seconds()
    return None


def _status_of(cell: Cell) -> int:
    """A formula's error says that there is a figure, and not which."""
    is_error = isinstance(cell, str) and _ERROR.fullmatch(cell.strip())
    return NOT_REPORTED if is_error else NO_FIGURE
