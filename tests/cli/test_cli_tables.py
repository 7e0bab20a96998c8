from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from socialmetrics.cli import parquet
from socialmetrics.cli.layout import Column, widths, wrapped
from socialmetrics.cli.options import split
from socialmetrics.cli.output import many, write
from socialmetrics.cli.progress import watched
from socialmetrics.cli.records import Record
from socialmetrics.cli.series_table import tell_gaps
from socialmetrics.cli.tables import (
    console,
    show,
    show_lean,
    shown,
    tell_issues,
    tell_missing,
)
from socialmetrics.model import Issue, Missing, Ref
from socialmetrics.pull import Progress
from socialmetrics.reading import Status
from socialmetrics.series import Gap
from socialmetrics.strangers import plain

AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
HOSTILE = [
    "two\nlines\r\nand\ttabs",
    "[bold red]no markup[/] :smile:",
    "\x1b[2J\x1b]0;title\x07gone\x9b31m",
    "right \u202eto left\u2066 controls",
    "שלום לכולם",
    "👩‍🔬🇩🇪🚀",
    "=1+1",
    "-2",
    "",
    "x" * 500,
]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "–"),
        ("", "–"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1234567, "1,234,567"),
        (0.033049, "0.03305"),
        (1234.5, "1,234"),
        (AT, "2026-03-02 05:30"),
        (Ref("x", "1"), "x:1"),
        ("a\nb", "a b"),
    ],
)
def test_cells_are_written_for_people(cell: object, text: str) -> None:
    assert shown(cell) == text


@given(st.text())
def test_any_text_becomes_one_harmless_line(text: str) -> None:
    line = plain(text)

    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_hostile_texts_leave_the_table_in_one_piece() -> None:
    into = StringIO()

    rows = [(1, text) for text in HOSTILE]
    show(console(into), "T", ("n", "text"), rows, cut=("text",))

    lines = into.getvalue().splitlines()
    assert len(lines) == 5 + len(HOSTILE)  # title, blank lines, heads
    assert max(map(cell_len, lines)) <= 120
    assert "[bold red]no markup[/] :smile:" in into.getvalue()
    assert "\x1b" not in into.getvalue()


def test_width_of_a_pipe_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    into = StringIO()

    row = ("word " * 20, "1067094924124872705")
    show(console(into), "T", ("a", "b"), [row], cut=("a",))

    assert max(map(cell_len, into.getvalue().splitlines())) <= 40
    assert "1067094924124872705" in into.getvalue()


@given(
    st.lists(st.tuples(st.integers(), st.text(), st.text()), min_size=1, max_size=5),
    st.integers(20, 130),
)
def test_numbers_and_ids_are_never_cut(
    rows: list[tuple[int, str, str]], width: int
) -> None:
    into = StringIO()
    screen = Console(file=into, width=width, emoji=False)
    table = [(n, f"id{n}{n}", name, text) for n, name, text in rows]

    show(screen, "T", ("n", "id", "name", "text"), table, wrap=("name",), cut=("text",))

    words = into.getvalue().split()
    assert [n for n, *_ in rows if f"{n:,}" not in words] == []
    assert [n for n, *_ in rows if f"id{n}{n}" not in words] == []


@given(st.lists(st.text("abc [._é新", max_size=30), min_size=1), st.integers(8, 60))
def test_wrapped_text_loses_no_letter(texts: list[str], width: int) -> None:
    for text in texts:
        assert "".join(wrapped(text, width).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("facebook @acme.page", "facebook\n@acme.page"),
        ("engagements.public[scope=organic]", "engagements.\npublic\n[scope=organic]"),
        ("two words", "two words"),
    ],
)
def test_lines_are_broken_where_names_allow_it(text: str, lines: str) -> None:
    assert wrapped(text, 15) == lines


def test_columns_share_what_is_left() -> None:
    columns = [
        Column("id", ["1234567890"]),
        Column("name", ["two words"], wraps=True),
        Column("text", ["x" * 500], is_cut=True),
    ]

    assert widths(columns, 200) == [10, 9, 60]
    assert widths(columns, 36) == [10, 7, 15]
    assert widths(columns, 31) == [10, 5, 12]
    assert widths(columns, 30) is None


def test_narrow_screen_shows_each_row_as_a_block() -> None:
    into = StringIO()
    screen = Console(file=into, width=24)

    show(screen, "T", ("id", "long name"), [("1" * 15, "of three words")] * 2)

    block = ["id         111111111111111", "long name  of three", "           words"]
    assert into.getvalue().splitlines() == ["", "T", "", *block, "", *block]


def test_columns_that_say_nothing_are_told_once_or_not_at_all() -> None:
    into = StringIO()
    heads = ("id", "kind", "empty", "zero")

    show_lean(console(into), "T", heads, [("a", "k", None, 0), ("b", "k", None, 0)])
    show_lean(console(into), "One", heads, [("a", "k", None, 0)])

    lines = [line.rstrip() for line in into.getvalue().splitlines()]
    assert lines[1:4] == ["T", "in every row here: kind: k; zero: 0", ""]
    assert "empty" not in "".join(lines[:9])
    assert lines[-1].split() == ["a", "k", "–", "0"]


def test_one_is_no_plural() -> None:
    assert [many(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]


def test_empty_table_has_its_heads() -> None:
    into = StringIO()

    show(console(into), "Nothing", ("impressions[scope=organic]", "b"), [])

    assert "impressions" in into.getvalue()
    assert "[scope=organic]" in into.getvalue()


RECORDS: list[Record] = [
    {"text": text, "at": AT, "n": n, "flag": None, "list": ("a", "b")}
    for n, text in enumerate(HOSTILE)
]


def test_csv_keeps_every_text_and_disarms_formulas(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = dict.fromkeys(RECORDS[0], "text")

    write(RECORDS, columns, "csv")  # type: ignore[arg-type]  # plain words

    rows = list(csv.DictReader(StringIO(capsys.readouterr().out, newline="")))
    assert [row["text"] for row in rows] == [
        f"'{text}" if text[:1] in {"=", "-"} else text for text in HOSTILE
    ]
    assert {row["at"] for row in rows} == {"2026-03-02T05:30:00+00:00"}
    assert {row["list"] for row in rows} == {"a b"}


def test_json_keeps_every_text(capsys: pytest.CaptureFixture[str]) -> None:
    records: list[Record] = [{**each, "text": Status.OBSERVED} for each in RECORDS]

    write([*RECORDS, *records, {"odd": {"of": Ref("x", "1")}}], {}, "jsonl")

    lines = capsys.readouterr().out.split("\n")
    found = [json.loads(line) for line in lines if line]
    assert [each["text"] for each in found[: len(HOSTILE)]] == HOSTILE
    assert found[-2]["text"] == "observed"
    assert found[-1] == {"odd": {"of": "x:1"}}


def test_parquet_is_written_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH", 4)
    path = tmp_path / "x.parquet"
    asked = 0

    def records() -> Iterator[Record]:
        nonlocal asked
        for record in (*RECORDS, dict.fromkeys(RECORDS[0], None)):
            asked += 1
            yield record

    write(
        records(),
        {"text": "text", "at": "time", "n": "number", "flag": "flag", "list": "text"},
        "parquet",
        path,
    )

    rows = pl.read_parquet(path).to_dicts()
    assert asked == len(rows) == len(HOSTILE) + 1
    assert [row["text"] for row in rows] == [*HOSTILE, None]
    assert rows[0]["at"] == AT
    assert rows[-1] == dict.fromkeys(RECORDS[0], None)


def test_data_is_utf8_whatever_the_terminal_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="ascii"))

    write([{"text": "größe 🚀"}], {}, "jsonl")
    sys.stdout.flush()

    assert json.loads(raw.getvalue()) == {"text": "größe 🚀"}


def test_stream_without_encoding_is_written_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    into = StringIO()
    monkeypatch.setattr(sys, "stdout", into)

    write([{"a": 1}], {}, "jsonl")

    assert into.getvalue() == '{"a": 1}\n'


def test_missing_is_put_together_by_reason() -> None:
    into = StringIO()
    missing = [
        Missing(metric="likes", network="x", reason="none.", alternatives=("a", "b")),
        Missing(metric="likes", network="y", reason="none.", alternatives=("a", "b")),
        Missing(metric="reach", reason="gone"),
        Missing(metric="reach", reason="other", subject=Ref("x", "1")),
    ]

    tell_missing(missing, console(into), most=2)

    assert into.getvalue().splitlines() == [
        "",
        "Missing",
        "  likes (x, y): none. Instead: a, b",
        "  reach: gone",
        "  and 1 more",
    ]


def test_issues_are_counted_beyond_the_first() -> None:
    into = StringIO()
    issues = [
        Issue(path=f"$[{n}]", problem="odd", seen="?" * (n % 2)) for n in range(15)
    ]

    tell_issues(issues, console(into))

    lines = into.getvalue().splitlines()
    assert lines[2:4] == ["  $[0]: odd", "  $[1]: odd (?)"]
    assert lines[-1] == "  and 3 more"


def test_gaps_are_put_together_by_metric_and_status() -> None:
    into = StringIO()
    day = timedelta(days=1)

    def gap(subject: str, count: int, end: datetime | None) -> Gap:
        status = Status.TOO_OLD if count else Status.NOT_COLLECTED
        return Gap(
            subject=Ref("x", subject),
            metric="reach",
            start=AT,
            end=end,
            status=status,
            count=count,
        )

    gaps = [gap("1", 3, AT + 3 * day), gap("2", 1, None), gap("1", 0, AT + day)]
    tell_gaps(gaps, console(into))
    tell_gaps([], console(into))

    lines = " ".join(into.getvalue().split())
    assert lines.startswith("Not observed")
    assert "4 figures of 2 profiles between 2026-03-02 and 2026-03-05: too_old" in lines
    assert "no figure of 1 profile between 2026-03-02 and 2026-03-03" in lines


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (("a,b", "c"), ["a", "b", "c"]),
        ((" a , ,b ",), ["a", "b"]),
        (("a[scope=organic, x],b",), ["a[scope=organic, x]", "b"]),
        ((), []),
    ],
)
def test_names_are_separated_by_commas(
    given: tuple[str, ...], names: list[str]
) -> None:
    assert split(given) == names


def test_bar_is_on_stderr_and_only_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched("posts") as nobody:
        assert nobody is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with watched("posts") as move:
        assert move is not None
        move(Progress(operation="posts", done=2, planned=4, rows=1234))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with watched("posts", streams=True) as torn:
        assert torn is None

    out, err = capsys.readouterr()
    assert out == ""
    assert "2/4" in err
    assert "1,234 rows" in err
