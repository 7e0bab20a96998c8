"""Days, hours, weeks, months, spans, totals and levels."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import socialmetrics as sm
from tests.exports.reports import HEADER, READ_AT, mapping, read, read_whole, told

BERLIN = "zone = 'Europe/Berlin'\n"
OFFSET = "date = { column = 'Date', format = '%d/%m/%Y %H:%M %z' }\n"


def span(export: sm.Export, row: int = 0) -> tuple[str, str | None]:
    point = export.series[row]
    end = point.end
    return (
        point.start.isoformat(" ", "minutes").removesuffix("+00:00"),
        None if end is None else end.isoformat(" ", "minutes").removesuffix("+00:00"),
    )


@pytest.mark.parametrize(
    ("cell", "changes", "start", "end"),
    [
        ("2026-03-02", BERLIN, "2026-03-01 23:00", "2026-03-02 23:00"),
        ("20260302", "", "2026-03-02 00:00", "2026-03-03 00:00"),
        ("2026-03-02 00:00:00", BERLIN, "2026-03-01 23:00", "2026-03-02 23:00"),
        ("2026-03-02T00:00:00+01:00", BERLIN, "2026-03-01 23:00", "2026-03-02 23:00"),
        ("2025-03-30", BERLIN, "2025-03-29 23:00", "2025-03-30 22:00"),
        (
            "2.3.2026",
            "date = { column = 'Date', format = '%d.%m.%Y' }",
            "2026-03-02 00:00",
            "2026-03-03 00:00",
        ),
        (
            "Mar 2, 26",
            "date = { column = 'Date', format = '%b %d, %y' }",
            "2026-03-02 00:00",
            "2026-03-03 00:00",
        ),
        ("2026-03-02T13:00Z", "step = 'hour'", "2026-03-02 13:00", "2026-03-02 14:00"),
        (
            "2026-03-02 13:00",
            BERLIN + "step = 'hour'",
            "2026-03-02 12:00",
            "2026-03-02 13:00",
        ),
        (
            "2026-03-02T13:00",
            "zone = 'Asia/Kolkata'\nstep = 'hour'",
            "2026-03-02 07:30",
            "2026-03-02 08:30",
        ),
        (
            "2026-03-02T00:00",
            BERLIN + "step = 'hour'",
            "2026-03-01 23:00",
            "2026-03-02 00:00",
        ),
        (
            "02/03/2026 10:00 +0100",
            OFFSET + "zone = 'America/New_York'\nstep = 'hour'",
            "2026-03-02 09:00",
            "2026-03-02 10:00",
        ),
        (
            "02/03/2026 10:00 Z",
            OFFSET + BERLIN + "step = 'hour'",
            "2026-03-02 10:00",
            "2026-03-02 11:00",
        ),
        (
            "02/03/2026 00:00 +01:00",
            OFFSET + BERLIN,
            "2026-03-01 23:00",
            "2026-03-02 23:00",
        ),
        ("2026-03-01", "step = 'week'", "2026-03-01 00:00", "2026-03-08 00:00"),
        ("2026-W09", "step = 'week'", "2026-02-23 00:00", "2026-03-02 00:00"),
        ("2026-02-01", "step = 'month'", "2026-02-01 00:00", "2026-03-01 00:00"),
        (
            "12/2025",
            "step = 'month'\ndate = { column = 'Date', format = '%m/%Y' }",
            "2025-12-01 00:00",
            "2026-01-01 00:00",
        ),
    ],
)
def test_steps(cell: str, changes: str, start: str, end: str, tmp_path: Path) -> None:
    found = read(tmp_path, f'"{cell}",4711,7\n', changes)

    assert span(found) == (start, end)


def test_offsets_need_no_zone_and_no_offset_needs_one(tmp_path: Path) -> None:
    rows = "2026-03-02T13:00+05:30,4711,7\n2026-03-02T14:00,4711,8\n"

    found = read(tmp_path, rows.replace("13:00+", "13:30+"), "step = 'hour'", ["zone"])

    assert span(found) == ("2026-03-02 08:00", "2026-03-02 09:00")
    assert found.series[0].reading.zone is None
    assert told(found)[0].endswith(
        "column 'Date': has no offset from UTC; say zone in the mapping"
    )


@pytest.mark.parametrize(
    ("clock", "zone", "problem"),
    [
        ("2025-11-02 00:00", "America/Havana", "is shown twice by the clocks"),
        ("2025-03-09 00:00", "America/Havana", "is skipped by the clocks"),
    ],
)
def test_an_hour_at_midnight_is_not_guessed_either(
    clock: str, zone: str, problem: str, tmp_path: Path
) -> None:
    rows = f"2026-03-02 13:00,4711,7\n{clock},4711,7\n"

    found = read(tmp_path, rows, f"step = 'hour'\nzone = '{zone}'")

    assert problem in told(found)[0]


def test_days_begin_where_the_clocks_skip_midnight(tmp_path: Path) -> None:
    found = read(tmp_path, "2025-03-09,4711,7\n", "zone = 'America/Havana'")

    assert span(found) == ("2025-03-09 05:00", "2025-03-10 04:00")


def test_date_and_hour_may_be_two_columns(tmp_path: Path) -> None:
    text = "Date,Hour,Id,Likes\n2026-03-02,5,4711,7\n2026-03-02,x,4711,7\n"
    date = "date = { columns = ['Date', 'Hour'], format = '%Y-%m-%d %H' }\n"

    found = read_whole(tmp_path, text, date + "step = 'hour'")

    assert span(found) == ("2026-03-02 05:00", "2026-03-02 06:00")
    assert "column 'Date' and 'Hour': is no date in the format '%Y" in told(found)[0]


SPAN = "step = 'span'\nstart = 'From'\nend = {{ column = 'To', included = {} }}\n"


@pytest.mark.parametrize(
    ("first", "last", "included", "end"),
    [
        ("2026-03-02", "2026-03-08", "true", "2026-03-09 00:00"),
        ("2026-03-02", "2026-03-08", "false", "2026-03-08 00:00"),
        ("2026-03-02", "2026-03-02", "true", "2026-03-03 00:00"),
        ("2026-03-02", "2026-03-02T12:30", "false", "2026-03-02 12:30"),
        ("2026-03-02", "2026-03-02", "false", "ends before it begins"),
        ("2026-03-02", "2026-03-08 23:59", "true", "has a time, where a day of UTC"),
    ],
)
def test_spans(first: str, last: str, included: str, end: str, tmp_path: Path) -> None:
    text = f"From,To,Id,Likes\n2026-02-01,2026-02-02,4711,1\n{first},{last},4711,7\n"

    found = read_whole(tmp_path, text, SPAN.format(included), ["date"])

    if end[0].isdigit():
        assert span(found, 1) == ("2026-03-02 00:00", end)
    else:
        assert told(found)[0].startswith("report.csv, line 3: column 'From' and 'To': ")
        assert end in told(found)[0]


def test_report_of_one_window_needs_no_dates(tmp_path: Path) -> None:
    window = "step = 'span'\nwindow = { first = 2026-03-02, last = 2026-03-08 }\n"

    found = read_whole(tmp_path, "Id,Likes\n4711,7\n", BERLIN + window, ["date"])

    assert span(found) == ("2026-03-01 23:00", "2026-03-08 23:00")


LIFETIME = "step = 'lifetime'\nlevel = 'post'\npublished = 'Date'\n"


def test_totals_since_publication(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-03-02 10:30,1,7\n", BERLIN + LIFETIME, ["date"])

    point = found.series[0]
    assert span(found) == ("2026-03-02 09:30", None)
    assert point.reading.temporality == "lifetime"
    assert point.reading.date_axis == "publish"
    assert not point.reading.additive
    assert point.source.fetched_at == READ_AT
    assert point.settled == "unknown"


def test_totals_may_say_when_they_were_read(tmp_path: Path) -> None:
    text = (
        "Date,Read,Id,Likes\n2026-03-01,2026-03-02,1,7\n2026-03-01,2026-03-03,1,8\n"
        "2026-03-01,2026-03-03,1,9\n2026-03-01,soon,1,9\n2026-03-04,2026-03-03,1,9\n"
    )

    file = tmp_path / "report.csv"
    file.write_text(text)
    changes = LIFETIME + "read_at = { column = 'Read' }"

    found = sm.read_export(file, mapping(changes, ["date"]))

    assert [(point.value, point.source.fetched_at.day) for point in found.series] == [
        (7, 2),
        (8, 3),
    ]
    assert found.series.latest()[0].value == 8
    again, unread, future = told(found)
    assert "line 4: a second figure of 'Likes' of x:1 from 2026-03-01T00:00" in again
    assert "line 5: column 'Read': is no date like 2026-03-02" in unread
    assert "line 6: is of a time after the report was read, 2026-03-03T00" in future


def test_time_of_reading_is_said_once(tmp_path: Path) -> None:
    changes = LIFETIME + "read_at = { column = 'Read' }"

    with pytest.raises(sm.InvalidQuery, match="where the column 'Read' says when"):
        read(tmp_path, "2026-03-02,1,7\n", changes, ["date"])


FOLLOWERS = "metric = [{ column = 'Likes', metric = 'followers' }]\n"


def test_levels_by_day_are_those_of_its_end(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-03-02,4711,7\n", FOLLOWERS)

    reading = found.series[0].reading
    assert span(found) == ("2026-03-02 00:00", "2026-03-03 00:00")
    assert (reading.temporality, reading.date_axis) == ("instant", "observed")
    assert (reading.unit, reading.counting, reading.additive) == (
        "person",
        "total",
        False,
    )


def test_levels_of_an_instant(tmp_path: Path) -> None:
    step = FOLLOWERS + "step = 'instant'\n"

    dated = read(tmp_path, "2026-03-02T05:45,4711,7\n", step)
    undated = read_whole(tmp_path, "Id,Likes\n4711,7\n", step, ["date"])

    assert span(dated) == ("2026-03-02 05:45", "2026-03-02 05:45")
    assert span(undated) == ("2026-03-11 06:00", "2026-03-11 06:00")


def test_settled_is_what_the_mapping_says_and_never_an_unfinished_day(
    tmp_path: Path,
) -> None:
    rows = "".join(f"2026-03-{day},4711,7\n" for day in ("08", "09", "11"))

    plain = read(tmp_path, rows)
    stated = read(tmp_path, rows, BERLIN + "settled_through = 2026-03-08")
    late = read(tmp_path, rows, "settled_through = 2026-03-31")

    assert [p.settled for p in plain.series] == ["unknown", "unknown", "no"]
    assert [p.settled for p in stated.series] == ["yes", "no", "no"]
    assert [p.settled for p in late.series] == ["yes", "yes", "no"]


def test_what_begins_when_the_report_is_read_is_no_figure_yet(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text(HEADER + "2026-03-10,4711,7\n2026-03-11,4711,0\n")
    changes = "read_at = 2026-03-11T00:00:00Z"
    found = sm.read_export(file, mapping(changes))

    assert len(found.series) == 1
    assert found.series[0].end == datetime(2026, 3, 11, tzinfo=UTC)
    assert "is of a time after the report was read, 2026-03-11T00" in told(found)[0]


@pytest.mark.parametrize(
    ("step", "cell"),
    [
        ("hour", "9999-12-31T23:00Z"),
        ("day", "0001-01-01"),
        ("month", "9999-12-01"),
        ("week", "9999-12-30"),
    ],
)
def test_end_of_the_calendar_is_told(step: str, cell: str, tmp_path: Path) -> None:
    rows = f"2026-02-01,4711,7\n{cell},4711,7\n"

    found = read(tmp_path, rows, f"step = '{step}'\n{BERLIN}")

    assert "is no date of the calendar" in told(found)[0]


def test_time_of_reading_has_its_own_format(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("Date,Read,Id,Likes\n2026-02,03/04/2026,4711,7\n")
    changes = (
        "step = 'month'\ndate = { column = 'Date', format = '%Y-%m' }\n"
        "read_at = { column = 'Read', format = '%m/%d/%Y' }"
    )

    found = sm.read_export(file, mapping(changes))

    assert found.series[0].source.fetched_at == datetime(2026, 3, 4, tzinfo=UTC)
