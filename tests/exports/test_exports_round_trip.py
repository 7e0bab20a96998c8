"""What is written in any dialect comes back as it was."""

from __future__ import annotations

import csv
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

import socialmetrics as sm
from tests.exports.reports import BASE, READ_AT, workbook

FIRST: Final = date(2025, 3, 1)
ZONES: Final = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata")
FORMATS: Final = ("", "%d/%m/%Y", "%m/%d/%Y", "%d. %b %Y", "%Y.%m.%d", "%d/%m/%y")
ABSENT: Final = ("", "-", "N/A")
MARKS: Final = ((".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'"))
Figure = int | float | None


@attrs.frozen
class Dialect:
    """How a tool writes CSV."""

    delimiter: str
    newline: str
    encoding: str
    is_quoted: bool
    decimal: str
    thousands: str
    format: str
    absent: str
    preamble: int

    def number(self, value: Figure) -> str:
        """A figure as this tool writes it."""
        if value is None:
            return self.absent
        whole, _, fraction = repr(abs(value)).partition(".")
        grouped = f"{int(whole):,}" if self.thousands else whole
        text = grouped.replace(",", self.thousands)
        sign = "-" if value < 0 else ""
        return f"{sign}{text}{self.decimal}{fraction}" if fraction else f"{sign}{text}"

    def day(self, day: date) -> str:
        """A day as this tool writes it."""
        return day.strftime(self.format) if self.format else day.isoformat()

    def written(self, rows: list[list[str]]) -> bytes:
        """The report as a file."""
        text = StringIO()
        text.write(f"A report, of \u00e9;{self.newline}" * self.preamble)
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.newline,
            quoting=csv.QUOTE_ALL if self.is_quoted else csv.QUOTE_MINIMAL,
        ).writerows(rows)
        return text.getvalue().encode(self.encoding)


@st.composite
def _dialects(draw: st.DrawFn) -> Dialect:
    decimal, thousands = draw(st.sampled_from(MARKS))
    return Dialect(
        delimiter=draw(st.sampled_from([",", ";", "\t", "|"])),
        newline=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        is_quoted=draw(st.booleans()),
        decimal=decimal,
        thousands=thousands,
        format=draw(st.sampled_from(FORMATS)),
        absent=draw(st.sampled_from(ABSENT)),
        preamble=draw(st.integers(0, 3)),
    )


_ids = st.text(
    st.characters(codec="cp1252", categories=["L", "N", "P", "S"]), min_size=1
).filter(lambda text: not text.startswith(("=", "'")) and "e" not in text.lower())
_counts = st.none() | st.integers(-(2**53), 2**53)
_scores = st.none() | st.integers(0, 10**12).map(lambda n: n / 1000)
_rows = st.lists(
    st.tuples(st.integers(0, 360), _ids, _counts, _scores),
    min_size=1,
    max_size=30,
    unique_by=lambda row: (row[0], row[1]),
)
METRICS: Final = [
    {"column": "Likes, all", "metric": "likes"},
    {"column": 'The "score"', "metric": "planner.mark", "unit": "score"},
]


@given(
    dialect=_dialects(), rows=_rows, zone=st.sampled_from(ZONES), is_long=st.booleans()
)
def test_any_series_comes_back_from_any_dialect(
    dialect: Dialect,
    rows: list[tuple[int, str, Figure, Figure]],
    zone: str,
    is_long: bool,
) -> None:
    names = [str(metric["column"]) for metric in METRICS]
    figures = [
        (FIRST + timedelta(days), native_id, name, value)
        for days, native_id, *pair in rows
        for name, value in zip(names, pair, strict=True)
    ]
    head = ["Day", "Text", "Id", *(("Metric", "Value") if is_long else names)]
    text = f"a{dialect.newline}b"
    if is_long:
        lines = [
            [
                dialect.day(day),
                f"a{dialect.newline}b",
                native_id,
                name,
                dialect.number(value),
            ]
            for day, native_id, name, value in figures
        ]
    else:
        lines = [
            [dialect.day(FIRST + timedelta(days)), text, native_id]
            + [dialect.number(value) for value in pair]
            for days, native_id, *pair in rows
        ]

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.csv"
        file.write_bytes(dialect.written([head, *lines]))
        found = sm.read_export(file, _mapping(dialect, zone, is_long), read_at=READ_AT)

    assert [
        issue for issue in found.series.issues if "rounded" not in issue.problem
    ] == []
    assert [
        (each.start, each.end, each.subject.native_id, each.reading.name, each.value)
        for each in found.series
    ] == [
        (window.start, window.end, native_id, name, value)
        for day, native_id, name, value in figures
        for window in [sm.Window.days(day, day, zone)]
    ]


def _mapping(dialect: Dialect, zone: str, is_long: bool) -> dict[str, object]:
    written = {"column": "Day", "format": dialect.format}
    told: dict[str, object] = {
        **BASE,
        "date": written if dialect.format else "Day",
        "zone": zone,
        "decimal": dialect.decimal,
        "thousands": dialect.thousands,
        "encoding": "cp1252" if dialect.encoding == "cp1252" else "utf-8",
        "header": dialect.preamble + 1,
        "delimiter": "|" if dialect.delimiter == "|" else "",
        "metric": METRICS,
    }
    if is_long:
        told |= {"metric_column": "Metric", "value_column": "Value"}
        told["metric"] = [
            {("name" if key == "column" else key): word for key, word in each.items()}
            for each in METRICS
        ]
    return told


_cells: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**16),
    st.floats(),
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=5),
    st.dates(min_value=date(1950, 1, 1)),
)


@given(text=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_file_gives_figures_or_a_named_error(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.csv"
        file.write_bytes(b"Date,Id,Likes\n2026-03-02,4711,7\n" + text)
        found: sm.Export | None = None
        with suppress(sm.InvalidQuery):
            found = sm.read_export(file, BASE, read_at=READ_AT)

    assert found is None or len(found.lines) == len(found.series)


@given(rows=st.lists(st.lists(_cells, max_size=5), max_size=5))
def test_any_cells_give_figures_or_issues(rows: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        head = ["Date", "Id", "Likes"]
        file = workbook(Path(folder), head, ["2026-03-02", "4711", 7], *rows)
        found = sm.read_export(file, BASE, read_at=READ_AT)

    kept = set(found.lines.tolist())
    assert 2 in kept
    assert found.rows <= len(kept) + found.problems
