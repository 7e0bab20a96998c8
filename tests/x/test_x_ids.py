"""Ids of posts: what is taken for one, and what it tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics_x.ids import (
    EPOCH,
    FIRST,
    created,
    numbers,
    post_id,
    post_ids,
    refs,
    smallest,
)

ID = "1067094924124872705"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" {ID}\n",
        f"https://x.com/acme/status/{ID}",
        f"https://X.com/acme/status/{ID}?s=20",
        f"http://twitter.com/acme/statuses/{ID}",
        f"https://mobile.twitter.com/acme/status/{ID}/photo/1",
        f"www.x.com/i/web/status/{ID}#top",
        f"x.com/i/status/{ID}",
    ],
)
def test_an_id_is_found_in_what_people_paste(text: str) -> None:
    assert post_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        f"0{ID}",
        "-1",
        "1e5",
        "12.0",
        "12 34",
        "१२३",
        str(2**64),
        "1" * 21,
        f"https://example.com/acme/status/{ID}",
        f"https://x.com.example.com/acme/status/{ID}",
        "https://x.com/acme",
        f"https://x.com/acme/status/{ID}x",
        "https://x.com/acme/status/0",
    ],
)
def test_what_is_no_post_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery, match="is no post of X"):
        post_id(text)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [ID],
        [ID, "12", ID],
        [ID, f"x.com/i/status/{ID}", " 12"],
        [str(2**64 - 1), "9" * 19, "1"],
    ],
)
def test_many_ids_are_found_as_one_is(texts: list[str]) -> None:
    assert list(post_ids(texts)) == [post_id(text) for text in texts]


@pytest.mark.parametrize("wrong", ["", "0", f"0{ID}", "12x", "x12", "१२३", "1" * 21])
def test_one_that_is_no_post_is_found_among_many(wrong: str) -> None:
    with pytest.raises(InvalidQuery, match=f"^{wrong!r} is no post of X"):
        post_ids([ID, wrong, "12"])


@given(st.lists(st.integers(1, 2**64 - 1)))
def test_ids_are_the_numbers_that_they_spell(found: list[int]) -> None:
    assert numbers(tuple(map(str, found))).tolist() == found


def test_the_largest_number_is_an_id() -> None:
    assert post_id(str(2**64 - 1)) == str(2**64 - 1)


def test_every_post_stands_once_in_the_order_given() -> None:
    found = refs(["12", f"https://x.com/acme/status/{ID}", "12", ID, "3"])

    assert found == (Ref("x", "12"), Ref("x", ID), Ref("x", "3"))


@pytest.mark.parametrize(
    ("native_id", "moment"),
    [
        ("1260294888811347969", "2020-05-12T19:44:51.296+00:00"),
        ("850006245121695744", "2017-04-06T15:24:15.846+00:00"),
        ("1774556622087696431", "2024-03-31T21:57:23.030+00:00"),
        ("1233161576649121792", "2020-02-27T22:46:45.564+00:00"),
    ],
)
def test_an_id_tells_when_its_post_was_made(native_id: str, moment: str) -> None:
    assert created(native_id) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("native_id", ["1", "123456789", str(FIRST - 1)])
def test_ids_from_before_the_scheme_tell_nothing(native_id: str) -> None:
    assert created(native_id) is None


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2014, 9, 1, tzinfo=UTC), 506229949854646272),
        (datetime(2015, 9, 15, tzinfo=UTC), 643574950917046272),
        (EPOCH, 0),
        (datetime(2006, 3, 21, tzinfo=UTC), 0),
    ],
)
def test_an_instant_has_a_smallest_id(moment: datetime, number: int) -> None:
    assert smallest(moment) == number


@given(st.integers(300_000_000_000, 10**15))
def test_smallest_is_the_border(microseconds: int) -> None:
    aware = EPOCH + timedelta(microseconds=microseconds)

    border = smallest(aware)

    first, last = created(str(border)), created(str(border - 1))
    assert first is not None
    assert last is not None
    assert timedelta() <= first - aware < timedelta(milliseconds=1)
    assert last < aware
