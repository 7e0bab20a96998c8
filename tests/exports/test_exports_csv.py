"""CSV in the dialects that tools write."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

import socialmetrics as sm
from socialmetrics.exports import export, problems
from tests.exports.reports import (
    ACME,
    GOOD,
    HEADER,
    READ_AT,
    mapping,
    read,
    read_whole,
    told,
    values,
)

TEXT = HEADER + GOOD


def test_figures_have_their_meaning_and_their_source(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + "2026-03-03,4711,0\n")

    first, second = found.series
    assert (first.value, second.value) == (7, 0)
    assert second.status == sm.Status.OBSERVED
    assert first.subject == ACME
    assert (first.start, first.end) == (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 3, tzinfo=UTC),
    )
    assert first.source == sm.Source(
        vendor="planner",
        endpoint="Daily figures",
        request_id=f"report.csv (sha256 {found.sha256[:12]})",
        api_version=None,
        fetched_at=READ_AT,
    )
    assert first.reading == sm.Reading(
        vendor="planner",
        endpoint="Daily figures",
        network="x",
        name="Likes",
        metric="likes",
        level="profile",
        temporality="period",
        date_axis="activity",
        additive=True,
        zone="UTC",
        note="from a report of the tool, read by a mapping",
    )
    assert found.series.rollup("total")[0].value == 7


def test_every_figure_is_found_again_in_the_file(tmp_path: Path) -> None:
    text = 'Date,Id,Text,Likes,Saves\n2026-03-02,1,"a\nb",7,8\n2026-03-02,2,c,9,1\n'
    metric = (
        "metric = [{ column = 'Likes', metric = 'likes' }, "
        "{ column = 'Saves', metric = 'saves' }]"
    )

    found = read_whole(tmp_path, text, metric)

    assert found.lines.tolist() == [2, 2, 4, 4]
    assert [found.place(row) for row in (0, 3)] == [
        "report.csv, line 2, column 'Likes'",
        "report.csv, line 4, column 'Saves'",
    ]
    assert (found.rows, found.problems, found.unused) == (2, 0, ("Text",))
    assert found.path == tmp_path / "report.csv"
    with pytest.raises(IndexError):
        found.place(4)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_delimiter_is_the_one_that_finds_the_columns(
    delimiter: str, quote: str, tmp_path: Path
) -> None:
    lines = (["Date", "Id", "Likes", "Text"], ["2026-03-02", "4711", "7", "a,b;c\td"])
    text = "\r\n".join(
        delimiter.join(f'"{cell}"' if quote or "," in cell else cell for cell in line)
        for line in lines
    )

    assert values(read_whole(tmp_path, text)) == [7]


def test_stated_delimiter_wins(tmp_path: Path) -> None:
    found = read_whole(tmp_path, TEXT.replace(",", "|"), 'delimiter = "|"')

    assert values(found) == [7]


@pytest.mark.parametrize(
    ("encoding", "changes"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-32", ""),
        ("utf-8-sig", "encoding = 'cp1252'"),
        ("cp1252", "encoding = 'cp1252'"),
        ("utf-16-be", "encoding = 'utf-16-be'"),
    ],
)
def test_encoding_is_that_of_the_mark_else_the_stated_one(
    encoding: str, changes: str, tmp_path: Path
) -> None:
    text = TEXT.replace("4711", "é")

    found = read_whole(tmp_path, text.encode(encoding), changes)

    assert found.series[0].subject == sm.Ref("x", "é")


def test_broken_utf_16_is_named_without_a_line(tmp_path: Path) -> None:
    text = TEXT.encode("utf-16") + b"\x00\xd8\x00"

    with pytest.raises(sm.InvalidQuery, match=r"^report\.csv: is not UTF-16 \("):
        read_whole(tmp_path, text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_those_that_an_editor_shows(newline: str, tmp_path: Path) -> None:
    text = f'Acme\n\n{HEADER}{GOOD}x,"4711\n",7\n,,\n  ,,\nx,1,1\n'

    found = read_whole(tmp_path, text.replace("\n", newline), "header = 3")

    assert found.lines.tolist() == [4]
    assert [each.path for each in found.series.issues] == [
        "report.csv, line 5",
        "report.csv, line 9",
    ]
    assert found.rows == 3


def test_header_may_take_several_lines(tmp_path: Path) -> None:
    text = '"Date\n(UTC)",Id,Likes\n' + GOOD

    found = read_whole(tmp_path, text, 'date = "Date\\n(UTC)"')

    assert found.lines.tolist() == [3]


def test_broken_quotation_costs_the_lines_that_it_swallows(tmp_path: Path) -> None:
    broken = '2026-03-03,4711,"7\n2026-03-04,4711,8\n2026-03-05,4711,"9\n'

    found = read(tmp_path, GOOD + broken + "2026-03-06,4711,6\n")

    assert values(found) == [7, 6]
    assert told(found) == ["report.csv, line 3 to 5: a quotation mark is out of place"]


def test_empty_cells_behind_the_last_column_are_no_problem(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-03-02,4711,7,,\n")

    assert values(found) == [7]
    assert not found.problems


def test_rows_that_are_no_figures_are_left_out_and_counted(tmp_path: Path) -> None:
    text = GOOD + "Total,,7\nTotal of 2,,7\nTotally,4711,7\nNotes\n2026-03-03,4711,8\n"

    found = read(tmp_path, text, 'ignore = ["Total( of.*)?"]\nstop_at = "Notes"')

    assert values(found) == [7]
    issues = found.series.issues
    assert [each.path for each in issues] == [
        "report.csv, line 5",
        "report.csv",
        "report.csv",
    ]
    assert issues[1].problem == "reading stopped at line 6, as stop_at says"
    assert issues[2].problem == "rows left out, as ignore says: 2"
    assert issues[2].seen == "line 3: Total"
    assert (found.rows, found.problems) == (2, 1)


def test_issues_are_kept_up_to_a_number_and_then_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST", 2)

    found = read(tmp_path, GOOD + "x,4711,1\n" * 5)

    assert found.problems == 5
    assert [each.path for each in found.series.issues] == [
        "report.csv, line 3",
        "report.csv, line 4",
        "report.csv",
    ]
    assert found.series.issues[2].problem.startswith("3 more problems of rows")


def test_bad_cell_costs_its_figure_and_not_its_row(tmp_path: Path) -> None:
    text = "Date,Id,Likes,Saves\n2026-03-02,4711,many,8\n2026-03-03,4711,1,n/a\n"
    metric = (
        "metric = [{ column = 'Likes', metric = 'likes' }, "
        "{ column = 'Saves', metric = 'saves' }]"
    )

    found = read_whole(tmp_path, text, metric)

    assert [(p.metric, p.value, p.status) for p in found.series] == [
        ("saves", 8, "observed"),
        ("likes", 1, "observed"),
        ("saves", None, "not_reported"),
    ]
    assert found.lines.tolist() == [2, 3, 3]


@pytest.mark.parametrize(
    ("figures", "line", "problems"),
    [
        ("-", 3, ["line 2: no value of 'Likes' of x:4711 from 2026-03-02T00:00:00"]),
        ("7", 2, ["line 3: a second figure of 'Likes' of x:4711 from 2026-03-02T00"]),
        ("--", 4, ["line 2: no value of", "line 3: no value of"]),
        ("-8-9", 3, ["line 2: no", "line 4: a s", "line 5: a s", "line 6: a s"]),
    ],
)
def test_value_goes_before_a_line_without_one(
    figures: str, line: int, problems: list[str], tmp_path: Path
) -> None:
    cells = [*figures, "8"]

    found = read(tmp_path, "".join(f"2026-03-02,4711,{cell}\n" for cell in cells))

    assert values(found) == [int(cells[line - 2])]
    assert found.lines.tolist() == [line]
    assert len(found.series.issues) == found.problems == len(problems)
    for issue, (path, _, problem) in zip(
        found.series.issues, (each.partition(": ") for each in problems), strict=True
    ):
        assert issue.path == f"report.csv, {path}"
        assert issue.problem.startswith(problem)
        assert issue.problem.endswith(f"; that of line {line} is kept")
        at = int(path.removeprefix("line ")) - 2
        assert issue.seen == ("not_reported" if cells[at] == "-" else cells[at])


def test_of_lines_without_a_value_the_first_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + "2026-03-03,4711,-\n2026-03-03,4711,n/a\n")

    assert values(found) == [7, None]
    assert found.lines.tolist() == [2, 3]
    assert "a second figure of" in told(found)[0]


def test_row_with_two_faults_is_told_once(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + "yesterday,,7\n")

    (issue,) = found.series.issues
    assert issue.problem.startswith("column 'Id': is empty")


def test_what_is_shown_of_a_cell_is_short_and_printable(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + f"2026-03-03,4711,\x1b[31m{'9' * 100}\n")

    assert found.series.issues[0].seen == f" [31m{'9' * 75}..."


def test_large_reports_are_read_in_bunches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_A_TIME", 2)
    lines = [f"2026-03-0{day},{day % 2},{day}\n" for day in range(1, 6)]

    found = read(tmp_path, "".join(lines))

    assert values(found) == [1, 2, 3, 4, 5]
    assert found.lines.tolist() == [2, 3, 4, 5, 6]


def test_file_is_read_at_the_time_of_its_last_change(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text(TEXT)
    os.utime(file, (1_773_208_800, 1_773_208_800))

    found = sm.read_export(str(file), mapping())

    assert found.series[0].source.fetched_at == datetime(2026, 3, 11, 6, tzinfo=UTC)


def test_path_of_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(sm.InvalidQuery, match="path=7 is no path"):
        sm.read_export(7, mapping())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the mistake
    with pytest.raises(sm.InvalidQuery, match="cannot be read: embedded null byte"):
        sm.read_export(tmp_path / "a\0b", mapping())
    with pytest.raises(sm.InvalidQuery, match="is no file"):
        sm.read_export("/dev/null", mapping())


def test_naive_time_of_reading_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sm.InvalidQuery, match="read_at is 2026-03-11"):
        sm.read_export(tmp_path, mapping(), read_at=datetime(2026, 3, 11))  # noqa: DTZ001 - the mistake
