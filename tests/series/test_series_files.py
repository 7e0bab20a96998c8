from __future__ import annotations

import contextlib
import csv
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs
import duckdb
import numpy as np
import pytest
from arro3.core import Array
from arro3.io import write_parquet
from hypothesis import HealthCheck, given, settings

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries, arrow, codec, parquet
from socialmetrics.series.columns import STATUSES
from tests.series.figures import (
    DAY,
    ISSUE,
    MISSING,
    MONDAY,
    any_series,
    days,
    lifetime,
    point,
    series,
)

Save = Callable[[MetricSeries, Path], None]
BOTH = pytest.mark.parametrize("save", [MetricSeries.to_parquet, MetricSeries.to_csv])


@given(found=any_series)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_parquet_gives_back_every_series_exactly(
    found: MetricSeries, tmp_path: Path
) -> None:
    path = tmp_path / "figures.parquet"

    found.to_parquet(path)

    assert MetricSeries.from_parquet(str(path)) == found


def test_other_tools_read_the_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    series(*days(1, None, 2)).to_parquet(path)

    found = duckdb.execute(
        "select sum(value), count(*) from read_parquet(?)", [str(path)]
    ).fetchall()

    assert found == [(3.0, 3)]


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _overwrite(path: Path, part: slice, content: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[part] = content
    path.write_bytes(whole)


def _foreign(path: Path) -> None:
    write_parquet(arrow.named({"a": Array.from_numpy(np.arange(3))}), path)


def _other_legend(path: Path, text: str) -> None:
    table = arrow.named({"a": Array.from_numpy(np.arange(3))})
    write_parquet(table, path, key_value_metadata={parquet.LEGEND: text})


def _other_words(path: Path) -> None:
    """A file whose words are fewer than its codes say."""
    one, two = (
        series(*days(1)).columns,
        series(point(1, subject=Ref("x", "7")), *days(1)),
    )
    parquet.write(path, two.columns, codec.legend_of(one, (), ()))


def _other_meaning(path: Path) -> None:
    """A file whose words for the status say that what has a value has none."""
    found = series(*days(1, 2)).columns
    legend = codec.legend_of(found, (), ())
    parquet.write(path, found, attrs.evolve(legend, statuses=STATUSES[::-1]))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (Path.unlink, "cannot be read: No such file"),
        (partial(_put, content=b""), "it is not a whole Parquet file"),
        (partial(_put, content=b"PAR1"), "it is not a whole Parquet file"),
        (partial(_put, content=b"{}" * 10), "it is not a whole Parquet file"),
        (
            partial(_overwrite, part=slice(-20, None), content=b""),
            "not a whole Parquet",
        ),
        (partial(_overwrite, part=slice(-8, -4), content=b"\0\0\0\x7f"), "not a whole"),
        (partial(_overwrite, part=slice(-8, -4), content=b"\1\0\0\0"), "is damaged"),
        (partial(_overwrite, part=slice(4, 400), content=b"\7" * 396), "is damaged"),
        (_foreign, "it is Parquet, but not made by to_parquet"),
        (partial(_other_legend, text="{"), "it is not JSON"),
        (partial(_other_legend, text="[]"), "it is JSON of a list"),
        (_other_words, "row 1 of the columns: subject code 1 is not below 1"),
        (_other_meaning, "its columns and its legend contradict"),
    ],
)
def test_a_file_that_is_not_a_series_is_refused_by_name(
    spoil: Callable[[Path], None], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "figures.parquet"
    series(*days(1, 2)).to_parquet(path)
    spoil(path)

    with pytest.raises(InvalidQuery, match=told) as refused:
        MetricSeries.from_parquet(path)

    assert str(path) in str(refused.value)


def test_a_legend_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    found = series(*days(1, 2)).columns
    _other_legend(path, codec.write_legend(codec.legend_of(found, (), ())))

    with pytest.raises(InvalidQuery, match=r"figures\.parquet is damaged"):
        MetricSeries.from_parquet(path)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="cannot be read: Is a directory"):
        MetricSeries.from_parquet(tmp_path)


def test_an_interruption_is_never_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figures.parquet"
    series(*days(1)).to_parquet(path)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parquet, "read_parquet", interrupted)

    with pytest.raises(KeyboardInterrupt):
        MetricSeries.from_parquet(path)


@BOTH
def test_a_place_that_cannot_be_written_is_refused_by_name(
    save: Save, tmp_path: Path
) -> None:
    found = series(*days(1))

    with pytest.raises(
        InvalidQuery, match="nowhere/figures cannot be written: No such"
    ):
        save(found, tmp_path / "nowhere" / "figures")


@BOTH
def test_a_file_is_replaced_whole_and_nothing_else_is_left(
    save: Save, tmp_path: Path
) -> None:
    path = tmp_path / "figures"
    path.write_text("old")

    save(series(*days(1)), path)

    assert [each.name for each in tmp_path.iterdir()] == ["figures"]
    assert path.read_bytes() != b"old"


@BOTH
def test_a_link_stays_and_what_it_leads_to_is_replaced(
    save: Save, tmp_path: Path
) -> None:
    target, link = tmp_path / "deep" / "figures", tmp_path / "link"
    target.parent.mkdir()
    link.symlink_to(target)

    save(series(*days(1)), link)
    first = target.read_bytes()
    save(series(*days(1, 2)), link)

    assert link.is_symlink()
    assert target.read_bytes() != first
    assert [each.name for each in target.parent.iterdir()] == ["figures"]


def _socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path.name)


@BOTH
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (os.mkfifo, "a FIFO"),
        (Path.mkdir, "a directory"),
        (_socket, "a socket"),
        (partial(os.symlink, os.devnull), "a device"),
    ],
)
def test_what_is_there_and_no_file_is_left_as_it_is(
    save: Save, make: Callable[[Path], None], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "there"
    make(path)
    before = path.lstat()

    with pytest.raises(InvalidQuery, match=f"there cannot be written: it is {told};"):
        save(series(*days(1)), path)

    assert (path.lstat().st_mode, path.lstat().st_ino) == (
        before.st_mode,
        before.st_ino,
    )
    assert [each.name for each in tmp_path.iterdir()] == ["there"]


@BOTH
def test_links_that_lead_in_a_circle_are_refused(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "round"
    path.symlink_to(path)

    with pytest.raises(InvalidQuery, match="round cannot be written: Too many levels"):
        save(series(*days(1)), path)


def test_csv_is_flat_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    odd = Ref("youtube", "-dQw4")
    found = MetricSeries.from_points(
        [
            point(1, breakdown='=cmd("x"),1'),
            point(None, MONDAY + DAY, status=Status.TOO_OLD, subject=odd),
            lifetime(
                -2, MONDAY, reading=attrs.evolve(lifetime(0, MONDAY).reading, zone=None)
            ),
        ],
        missing=[MISSING],
        issues=[ISSUE],
    )

    found.to_csv(path)

    with path.open(encoding="utf-8", newline="") as file:
        first, second, third = csv.DictReader(file)
    assert first["breakdown"] == '\'=cmd("x"),1'
    assert (first["value"], first["start"]) == ("1", "2026-03-02T00:00:00+00:00")
    assert (second["value"], second["status"]) == ("", "too_old")
    assert second["native_id"] == "'-dQw4"
    assert (third["value"], third["end"], third["zone"]) == ("-2", "", "")
