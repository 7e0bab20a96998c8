"""What is not read costs nothing, and reads as if it had always been there."""

from __future__ import annotations

import pickle
from datetime import timedelta

import attrs
import pytest

from socialmetrics.lazy import NOTHING_ASKED, Figures, LazyJson, LazyRow, LazyRows, Menu
from socialmetrics.model import Ref, Source
from socialmetrics.reading import Status
from tests.core.toy import NOW, reading

SOURCE = Source(
    vendor="toy", endpoint="posts", request_id=None, api_version=None, fetched_at=NOW
)
OLD = attrs.evolve(reading("likes"), valid_to=NOW.date())
NEW = attrs.evolve(
    reading("likes"), name="toy_hearts", valid_from=NOW.date() + timedelta(days=1)
)
MENU = Menu(
    {"likes": (OLD, NEW), "toy_hearts": (NEW,), "saves": (reading("saves"),)},
    ("likes", "toy_hearts", "saves"),
)


def figures(days: int = 0, **numbers: float | None) -> Figures:
    return Figures(Ref("x", "1"), NOW + timedelta(days=days), SOURCE, numbers, MENU)


@pytest.mark.parametrize(
    "body", [b'{"a": 1, "b": [2]}', memoryview(b'{"a":1,"b":[2]}')]
)
def test_an_object_reads_like_a_dict(body: bytes | memoryview) -> None:
    found = LazyJson(body)

    assert found["a"] == 1
    assert dict(found) == {"a": 1, "b": [2]}
    assert found == {"a": 1, "b": [2]}
    assert len(found) == 2
    assert repr(found) == "{'a': 1, 'b': [2]}"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own


def test_rows_are_cut_apart_once_when_one_is_read() -> None:
    cuts: list[bytes] = []

    def cut(body: bytes) -> list[bytes]:
        cuts.append(body)
        return body.split(b"\n")

    rows = LazyRows(b'{"a": 1}\n{"a": 2}', cut)
    first, second = LazyRow(rows, 0), LazyRow(rows, 1)
    before = list(cuts)

    assert before == []
    assert (first["a"], second["a"], second["a"]) == (1, 2, 2)
    assert len(cuts) == 1
    assert pickle.loads(pickle.dumps(second)) == {"a": 2}  # noqa: S301 - our own


def test_a_row_travels_without_the_others() -> None:
    rows = LazyRows(b'{"a": 1}\n{"b": "hush"}', bytes.splitlines)

    sent = pickle.dumps(LazyRow(rows, 0))

    assert pickle.loads(sent) == {"a": 1}  # noqa: S301 - our own
    assert b"hush" not in sent


def test_a_figure_has_its_meaning_of_that_day() -> None:
    before, after = figures(toy_likes=3), figures(1, toy_hearts=4)

    assert before["likes"].value == 3
    assert before["likes"].reading == OLD
    assert after["likes"].value == 4
    assert after["likes"].reading == NEW
    assert after["likes"].status is Status.OBSERVED
    assert (after["likes"].start, after["likes"].end) == (NOW + timedelta(days=1), None)


def test_a_figure_that_was_not_sent_is_not_reported_and_never_zero() -> None:
    found = figures(toy_likes=None)

    assert [found[name].value for name in ("likes", "saves")] == [None, None]
    assert {found[name].status for name in found} == {Status.NOT_REPORTED}


def test_a_measured_zero_is_a_zero() -> None:
    assert figures(toy_likes=0)["likes"].value == 0
    assert figures(toy_likes=0)["likes"].status is Status.OBSERVED


def test_names_are_those_asked_that_were_in_force() -> None:
    assert list(figures()) == ["likes", "saves"]
    assert list(figures(1)) == ["likes", "toy_hearts", "saves"]
    assert (len(figures()), len(figures(1))) == (2, 3)
    for name in ("toy_hearts", "shares"):
        with pytest.raises(KeyError, match=name):
            _ = figures()[name]


def test_figures_are_equal_by_what_they_say() -> None:
    found = figures(toy_likes=3)

    assert found == dict(found.items())
    assert found == figures(toy_likes=3)
    assert found != figures(toy_likes=4)
    assert found != 3
    assert repr(found) == "{'likes': 3, 'saves': None}"
    assert not Figures(Ref("x", "1"), NOW, SOURCE, {}, NOTHING_ASKED)
    with pytest.raises(TypeError):
        hash(found)
