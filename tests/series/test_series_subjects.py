"""Subjects by their ids: what nobody looks at is not made, and nobody can tell."""

from __future__ import annotations

import pickle
from typing import NoReturn

import attrs
import numpy as np
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import DTYPES, Columns
from socialmetrics.series.subjects import Refs
from tests.series.figures import ACME, IMPRESSIONS, OTHER, SOURCE, days, point

IDS = ("100", "200", "300")
PLAIN = tuple(Ref("x", each) for each in IDS)


def lazily(*ids: str, network: str = "x", value: float = 1) -> MetricSeries:
    """A figure for each of these subjects."""
    count = len(ids)
    like = MetricSeries.from_points(days(*[value] * max(count, 1)))[:count].columns
    arrays = {name: like.array(name) for name in DTYPES}
    arrays["subject"] = np.arange(count, dtype=np.int32)
    columns = Columns(
        subjects=Refs(network, ids),
        readings=(IMPRESSIONS,),
        sources=(SOURCE,),
        breakdowns=("",),
        **arrays,
    )
    return MetricSeries(columns)


def eagerly(series: MetricSeries) -> MetricSeries:
    """The same out of points."""
    return MetricSeries.from_points(list(series))


def test_they_are_a_sequence_of_references() -> None:
    refs = Refs("x", IDS)

    assert list(refs) == list(PLAIN)
    assert len(refs) == 3
    assert refs[1] == Ref("x", "200")
    assert refs[-2:] == PLAIN[1:]
    assert refs.index(PLAIN[2]) == 2
    assert refs.count(OTHER) == 0
    assert repr(refs) == repr(PLAIN)
    with pytest.raises(IndexError):
        refs[3]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(refs[0], "native_id", "9")  # noqa: B010 - a plain assignment is a type error


def test_a_reference_is_the_same_object_every_time() -> None:
    refs = Refs("x", IDS)

    assert refs[0] is refs[0]
    assert refs[0] is next(iter(refs))
    assert {refs[0]: 1}[PLAIN[0]] == 1


@pytest.mark.parametrize(
    ("value", "is_there"),
    [
        (PLAIN[1], True),
        (Ref("x", "9"), False),
        (Ref("facebook", "200"), False),
        ("200", False),
        (None, False),
    ],
)
def test_what_is_among_them(value: object, is_there: bool) -> None:
    assert (value in Refs("x", IDS)) is is_there


def test_they_equal_the_tuple_that_they_stand_for() -> None:
    refs = Refs("x", IDS)

    assert refs == PLAIN
    assert refs == Refs("x", IDS)
    assert refs != Refs("x", IDS[:2])
    assert refs != Refs("facebook", IDS)
    assert Refs("x", ()) == Refs("facebook", ()) == ()
    assert refs != list(PLAIN)
    assert hash(refs) == hash(PLAIN)


def test_they_are_pickled_by_their_ids() -> None:
    refs = Refs("x", IDS)
    before = pickle.dumps(refs)

    assert list(refs) == list(PLAIN)
    assert pickle.dumps(refs) == before
    assert pickle.loads(before) == PLAIN  # noqa: S301 - our own bytes


def test_a_series_of_them_is_like_any_other() -> None:
    found = lazily(*IDS)

    assert found == eagerly(found)
    assert eagerly(found) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert MetricSeries.from_json(found.to_json()) == found
    assert found.to_json() == eagerly(found).to_json()
    assert [each.subject for each in found.where(subject=PLAIN[1])] == [PLAIN[1]]
    assert len(found.where(network="facebook")) == 0
    assert found.gaps() == eagerly(found).gaps()
    assert found.pivot() == eagerly(found).pivot()
    assert found.to_arrow() == eagerly(found).to_arrow()
    assert found.rollup("day") == found
    assert found.explain(0) == eagerly(found).explain(0)
    assert found.columns.subject_of(2) == PLAIN[2]


def test_one_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="subjects holds x:100 twice"):
        lazily("100", "200", "100")


def test_nobody_makes_what_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: Refs) -> NoReturn:
        raise AssertionError("somebody looked")

    monkeypatch.setattr(Refs, "refs", never)

    one, two = lazily("100", "200"), lazily("200", "300")
    both = MetricSeries.concat([one, two, one])

    assert len(both) == 6
    assert len(both.columns.subjects) == 3
    assert both.columns.subject.tolist() == [0, 1, 1, 2, 0, 1]
    assert both[:4].latest() == MetricSeries.concat([one, two])[:4].latest()
    assert len(both.where("impressions")) == 6


def test_those_of_one_network_are_put_together_by_their_ids() -> None:
    one, two = lazily("100", "200"), lazily("300", "200", value=2)

    both = MetricSeries.concat([one, two])

    assert isinstance(both.columns.subjects, Refs)
    assert both.columns.subjects == (PLAIN[0], PLAIN[1], PLAIN[2])
    assert list(both) == [*one, *two]


def test_the_same_ids_of_two_networks_are_two_subjects() -> None:
    here, there = lazily("100", "200"), lazily("200", "100", network="facebook")

    both = MetricSeries.concat([here, there, here])

    assert list(both) == [*here, *there, *here]
    assert len(both.columns.subjects) == 4
    assert both.columns.subjects == (*here.columns.subjects, *there.columns.subjects)
    assert both.where(network="x") == MetricSeries.concat([here, here])


def test_they_are_put_together_with_references() -> None:
    plain = MetricSeries.from_points([point(7, subject=OTHER), point(8)])
    found = lazily("100", "300")

    both = MetricSeries.concat([found, plain, found])

    assert list(both) == [*found, *plain, *found]
    assert both.columns.subjects == (ACME, Ref("x", "300"), OTHER)
