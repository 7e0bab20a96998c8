"""Groupings are what the API takes, or are refused with its rule."""

from __future__ import annotations

from itertools import chain, permutations

import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics_x.groupings import DAY, HOUR, LEVELS, METRIC, POST, WHOLE, checked

UP_TO_THREE = [*chain.from_iterable(permutations(LEVELS, n) for n in (1, 2, 3))]


@pytest.mark.parametrize("levels", UP_TO_THREE)
def test_up_to_three_levels_go_in_any_order(levels: tuple[str, ...]) -> None:
    assert checked({"g": levels}, has_time=True) == {"g": levels}


@pytest.mark.parametrize("levels", list(permutations(LEVELS)))
def test_four_levels_go_in_two_orders(levels: tuple[str, ...]) -> None:
    if levels in WHOLE:
        assert checked({"g": levels}, has_time=True) == {"g": levels}
    else:
        with pytest.raises(InvalidQuery, match="four levels go in the order"):
            checked({"g": levels}, has_time=True)


def test_names_may_hold_blanks_and_lists_become_tuples() -> None:
    found = checked({"Grand Totals": [METRIC], "hourly-series": [POST]}, has_time=False)

    assert found == {"Grand Totals": (METRIC,), "hourly-series": (POST,)}


@pytest.mark.parametrize(
    ("groupings", "words"),
    [
        ({}, "0 given, where 1 to 3"),
        ({name: [POST] for name in "abcd"}, "4 given"),
        ({"": [POST]}, "printable text"),
        ({" g": [POST]}, "printable text"),
        ({"a\nb": [POST]}, "printable text"),
        ({"errors": [POST]}, "the API has a key"),
        ({"start": [POST]}, "the API has a key"),
        ({"end": [POST]}, "the API has a key"),
        ({"unavailable_tweet_ids": [POST]}, "the API has a key"),
        ({"unsupported_for_anything": [POST]}, "the API has a key"),
        ({"g": []}, "it has no level"),
        ({"g": ["Tweet.id"]}, "'Tweet.id' is no level; levels are tweet.id, "),
        ({"g": [POST, POST]}, "twice"),
        ({"a": LEVELS, "b": LEVELS}, "'a' and 'b' have all four levels"),
    ],
)
def test_what_the_api_refuses_is_refused_first(
    groupings: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(InvalidQuery, match=words):
        checked(groupings, has_time=True)


@pytest.mark.parametrize("level", [DAY, HOUR])
def test_totals_have_no_time(level: str) -> None:
    with pytest.raises(InvalidQuery, match=f"totals has no {level}"):
        checked({"g": [POST, METRIC, level]}, has_time=False)
