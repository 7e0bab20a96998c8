"""Mappings in files and dicts, and what they make of a metric."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import socialmetrics as sm
from tests.exports.reports import BASE, GOOD, HEADER, READ_AT, mapping, read

FILE = """
vendor = "planner"
endpoint = "Daily figures"
level = "profile"
network = "x"
subject = { column = "Id", by = "id" }
zone = "UTC"
step = "day"
date = "Date"

[[metric]]
column = "Likes"
metric = "likes"
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.csv"
    file.write_text(HEADER + GOOD)
    return file


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_file_and_dict_say_the_same(mark: str, report: Path) -> None:
    file = report.with_name("map.toml")
    file.write_text(mark + FILE)

    found = sm.read_export(report, file, read_at=READ_AT)

    assert found.series == sm.read_export(report, BASE, read_at=READ_AT).series
    assert found.series == sm.read_export(report, str(file), read_at=READ_AT).series
    assert tomllib.loads(FILE) == BASE


def test_time_of_reading_may_stand_in_the_mapping(report: Path) -> None:
    given = mapping("read_at = 2026-03-11T07:00:00+01:00")

    found = sm.read_export(report, given)

    assert found.series[0].source.fetched_at == READ_AT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            FILE.replace("zone", "zome"),
            "map.toml: there is no key 'zome'; did you mean",
        ),
        (
            FILE.replace('"day"', '"dya"'),
            "map.toml: Invalid enum value 'dya' - at `$.st",
        ),
        ("vendor = ", "cannot be read: Invalid value"),
        ("x = 'é'".encode("cp1252"), "cannot be read: 'utf-8' codec can't decode"),
        (b"a = " + b"[" * 5000, "cannot be read: "),
    ],
)
def test_faulty_file_is_named(text: str | bytes, words: str, report: Path) -> None:
    file = report.with_name("map.toml")
    file.write_bytes(text.encode() if isinstance(text, str) else text)

    with pytest.raises(sm.InvalidQuery) as caught:
        sm.read_export(report, file)

    assert words in str(caught.value)
    assert str(file) in str(caught.value)


def test_file_that_is_not_there_is_named(report: Path) -> None:
    with pytest.raises(
        sm.InvalidQuery, match=r"map\.toml cannot be read: No such file"
    ):
        sm.read_export(report, report.with_name("map.toml"))


def test_mapping_of_another_kind_is_refused(report: Path) -> None:
    with pytest.raises(sm.InvalidQuery, match="or a dict, not 7"):
        sm.read_export(report, 7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the mistake


def test_keys_below_a_table_of_the_wrong_kind_are_refused(report: Path) -> None:
    with pytest.raises(sm.InvalidQuery, match="Expected `object`, got `str`"):
        sm.read_export(report, {**BASE, "metric": ["Likes"]})


def reading(tmp_path: Path, metric: str, changes: str = "") -> sm.Reading:
    cell = f"metric = [{{ column = 'Likes', {metric} }}]\n{changes}"
    return read(tmp_path, GOOD, cell).series[0].reading


def test_meaning_comes_from_the_ontology(tmp_path: Path) -> None:
    reach = reading(tmp_path, "metric = 'reach'")
    gained = reading(tmp_path, "metric = 'followers_gained'")
    net = reading(tmp_path, "metric = 'followers_net'")
    rate = reading(tmp_path, "metric = 'link_ctr', percent = true")
    time = reading(tmp_path, "metric = 'watch_time'")

    assert (reach.counting, reach.unit, reach.additive) == ("unique", "person", False)
    assert (gained.counting, gained.net, gained.additive) == ("total", False, True)
    assert (net.net, net.additive) == (True, True)
    assert (rate.unit, rate.additive) == ("ratio", False)
    assert (time.unit, time.additive, time.net) == ("second", True, False)


def test_meaning_is_what_the_mapping_says(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "metric = 'likes', scope = 'total', counting = 'unique', "
        "date_axis = 'publish', net = true, threshold = '2 s', note = 'odd', "
        "composition = 'likes and loves', valid_from = 2026-01-01",
    )

    assert (found.scope, found.counting, found.date_axis) == (
        "total",
        "unique",
        "publish",
    )
    assert (found.net, found.threshold, found.note) == (True, "2 s", "odd")
    assert found.composition == "likes and loves"
    assert str(found.valid_from) == "2026-01-01"
    assert not found.additive
    assert not reading(tmp_path, "metric = 'likes', additive = false").additive


def test_metric_of_the_tools_own_may_be_added_only_if_it_says_so(
    tmp_path: Path,
) -> None:
    plain = reading(tmp_path, "metric = 'planner.touches'")
    stated = reading(tmp_path, "metric = 'planner.touches', additive = true")
    share = reading(tmp_path, "metric = 'planner.share', percent = true")

    assert (plain.unit, plain.additive, plain.counting) == ("count", False, "total")
    assert stated.additive
    assert share.unit == "ratio"
