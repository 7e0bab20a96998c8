"""Of whom figures are: ids, links, handles, networks, and their parts."""

from __future__ import annotations

from pathlib import Path

import pytest

import socialmetrics as sm
from socialmetrics.exports import export, lookup
from tests.exports.reports import read, read_whole, told, values

HANDLE = "subject = { column = 'Id', by = 'handle', refs = { %s } }\n"
LINK = "subject = { column = 'Id', by = 'permalink' }\n"
NETWORK = (
    "network = { column = 'Net', names = { 'X (new)' = 'x', Insta = 'instagram' } }\n"
)


def subjects(export: sm.Export) -> list[str]:
    return [str(point.subject) for point in export.series]


@pytest.mark.parametrize(
    ("cell", "native_id"),
    [
        ("4711", "4711"),
        (" 4711 ", "4711"),
        ('"=""2029590707852676672"""', "2029590707852676672"),
        ("'2029590707852676672", "2029590707852676672"),
        ("'@acme", "@acme"),
        ("'quoted'", "'quoted'"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("123456789012345000", "123456789012345000"),
        ("acme e+5", "acme e+5"),
    ],
)
def test_ids_are_text(cell: str, native_id: str, tmp_path: Path) -> None:
    assert subjects(read(tmp_path, f"2026-03-02,{cell},7\n")) == [f"x:{native_id}"]


def test_ids_that_may_be_rounded_are_told_once(tmp_path: Path) -> None:
    ids = ("2029590707852670000", "2029590707852680000", "20295907078526800", "4711000")
    rows = "".join(f"2026-03-0{day},{each},7\n" for day in "12" for each in ids)

    found = read(tmp_path, rows)

    assert len(found.series) == 8
    assert found.problems == 0
    (issue,) = found.series.issues
    assert issue.path == "report.csv"
    assert issue.problem.endswith("as if a spreadsheet had rounded them: 3")
    assert issue.seen == ids[0]


def test_links_are_resolved_by_whoever_knows_them(tmp_path: Path) -> None:
    links = (
        "https://x.com/acme/status/2029590707852676672?s=20",
        "https://x.com/acme",
    )

    found = read(tmp_path, "".join(f"2026-03-02,{each},7\n" for each in links), LINK)

    assert subjects(found) == ["x:2029590707852676672", f"x:{links[1]}"]


def test_handles_are_looked_up_in_the_mapping(tmp_path: Path) -> None:
    refs = HANDLE % "'@Acme' = 'x:4711', 'acme support' = 'x:4712'"

    found = read(tmp_path, "2026-03-02,ACME,7\n2026-03-02,Acme Support ,7\n", refs)

    assert subjects(found) == ["x:4711", "x:4712"]


def test_fixed_account_needs_no_column(tmp_path: Path) -> None:
    found = read_whole(
        tmp_path, "Date,Likes\n2026-03-02,7\n", "subject = 'x:4711'", ["network"]
    )

    assert subjects(found) == ["x:4711"]


def test_networks_are_translated(tmp_path: Path) -> None:
    text = "Date,Net,Id,Likes\n2026-03-02,%s,4711,7\n"
    rows = "2026-03-02,Insta,4711,8\n2026-03-02,Instagram,4711,7\n2026-03-02,,1,1\n"

    found = read_whole(tmp_path, text % "X (new)" + rows, NETWORK)

    assert subjects(found) == ["x:4711", "instagram:4711"]
    assert [point.reading.network for point in found.series] == ["x", "instagram"]
    unknown, empty = told(found)
    assert "line 4: column 'Net' and 'Id': is no network that" in unknown
    assert "did you mean 'Insta'?" in unknown
    assert "line 5: column 'Net' and 'Id': is empty" in empty


def test_one_handle_may_be_several_accounts(tmp_path: Path) -> None:
    refs = HANDLE % "'@acme' = ['x:4711', 'instagram:9'], '@two' = ['x:1', 'x:2']"
    text = (
        "Date,Net,Id,Likes\n2026-03-02,X (new),@acme,7\n2026-03-02,Insta,@acme,8\n"
        "2026-03-02,Insta,@two,1\n2026-03-02,X (new),@two,1\n"
    )

    found = read_whole(tmp_path, text, NETWORK + refs)

    assert subjects(found) == ["x:4711", "instagram:9"]
    none, several = told(found)
    assert none.endswith("is in the mapping's refs an account of none of instagram")
    assert several.endswith("an account of several networks; say network")


def test_handles_without_a_network_are_those_of_the_mapping(tmp_path: Path) -> None:
    refs = HANDLE % "'@acme' = 'instagram:9'"

    assert subjects(read(tmp_path, "2026-03-02,acme,7\n", refs, ["network"])) == [
        "instagram:9"
    ]


def test_figures_in_parts_keep_their_parts(tmp_path: Path) -> None:
    text = (
        "Date,Id,Country,Likes\n2026-03-02,4711,DE,7\n2026-03-02,4711,,9\n"
        "2026-03-02,4711,AT,2\n2026-03-02,4711,DE,7\n"
    )

    found = read_whole(tmp_path, text, "breakdown = 'Country'")

    assert [(p.breakdown, p.value) for p in found.series] == [
        ("DE", 7),
        ("", 9),
        ("AT", 2),
    ]
    assert "line 5: a second figure" in told(found)[0]


LONG = (
    "metric_column = 'Metric'\nvalue_column = 'Value'\n"
    "metric = [{ name = 'Likes', metric = 'likes' }, "
    "{ name = 'Reach', metric = 'reach' }]"
)


def test_metrics_may_stand_one_below_the_other(tmp_path: Path) -> None:
    text = (
        "Date,Id,Metric,Value\n2026-03-02,4711,Reach,9\n2026-03-02,4711,Likes,7\n"
        "2026-03-02,4711,Saves,5\n2026-03-03,4711,Likes,-\n2026-03-03,4711,Saves,5\n"
        "2026-03-03,4711,,5\n2026-03-03,4711,Reach,many\n"
    )

    found = read_whole(tmp_path, text, LONG)

    assert [(p.metric, p.value) for p in found.series] == [
        ("reach", 9),
        ("likes", 7),
        ("likes", None),
    ]
    assert found.series[0].reading.counting == "unique"
    assert found.place(0) == "report.csv, line 2, column 'Value'"
    assert found.unused == ("Saves",)
    empty, many, saves = found.series.issues
    assert (empty.path, many.path) == ("report.csv, line 7", "report.csv, line 8")
    assert many.problem == "column 'Value': is no number"
    assert saves.problem == "2 rows are of metrics that no [[metric]] names"
    assert saves.seen == "Saves"


def test_long_report_of_nothing_else(tmp_path: Path) -> None:
    text = "Date,Id,Metric,Value\n2026-03-02,4711,Reach,9\n"

    found = read_whole(tmp_path, text, LONG)

    assert (found.unused, found.series.issues) == ((), ())


def test_long_report_without_a_metric_that_is_named(tmp_path: Path) -> None:
    with pytest.raises(sm.InvalidQuery, match=r"no \[\[metric\]\] names \('Saves'\)"):
        read_whole(tmp_path, "Date,Id,Metric,Value\n2026-03-02,1,Saves,9\n", LONG)


def test_meaning_of_a_column_may_change_on_a_day(tmp_path: Path) -> None:
    metric = (
        "zone = 'Europe/Berlin'\nmetric = ["
        "{ column = 'Likes', metric = 'impressions', valid_to = 2026-03-02 }, "
        "{ column = 'Likes', metric = 'views', valid_from = 2026-03-03, "
        "valid_to = 2026-03-04 }]"
    )
    rows = "".join(f"2026-03-0{day},4711,{day}\n" for day in range(1, 6))

    found = read(tmp_path, rows, metric)

    assert [(p.metric, p.value) for p in found.series] == [
        ("impressions", 1),
        ("impressions", 2),
        ("views", 3),
        ("views", 4),
    ]
    assert told(found) == [
        "report.csv, line 6: column 'Likes': lies outside of valid_from and valid_to"
    ]


def test_figures_of_many_networks_and_metrics_keep_their_readings(
    tmp_path: Path,
) -> None:
    text = "Date,Net,Id,Likes,Reach\n" + "".join(
        f"2026-03-0{day},{net},{each},{day},{day}\n"
        for day in range(1, 4)
        for net in ("Insta", "X (new)")
        for each in ("1", "2")
    )
    metric = (
        "metric = [{ column = 'Likes', metric = 'likes', scope = 'total' }, "
        "{ column = 'Reach', metric = 'reach' }]"
    )

    found = read_whole(tmp_path, text, NETWORK + metric)

    assert len(found.series) == 24
    assert {(p.subject.network, p.metric) for p in found.series} == {
        (p.reading.network, p.reading.metric) for p in found.series
    }
    assert values(found)[:4] == [1, 1, 1, 1]


def test_what_is_remembered_of_cells_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST", 1)
    monkeypatch.setattr(export, "AT_A_TIME", 2)
    rows = "".join(f"2026-03-02,{each},7\n" for each in (1, 2, 3, 4))

    found = read(tmp_path, rows + rows.replace("-02", "-03"))

    assert subjects(found) == ["x:1", "x:2", "x:3", "x:4"] * 2
    assert len(found.series.columns.subjects) == 4
