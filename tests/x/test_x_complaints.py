"""The texts and lists of an answer, in every wording that was seen."""

from __future__ import annotations

from typing import Any

import pytest

from socialmetrics_x.complaints import (
    LISTS,
    TOO_OLD,
    TOO_OLD_FOR_VIDEO,
    UNAVAILABLE,
    Foreign,
    complaints,
)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Forbidden to access tweets: 12", Foreign(ids=("12",))),
        ("forbidden to access tweets: 12, 34,56", Foreign(ids=("12", "34", "56"))),
        (
            "Forbidden to access tweets for author id 99: 12, 34",
            Foreign(ids=("12", "34"), author="99"),
        ),
        ("FORBIDDEN TO ACCESS TWEETS :\n 12 ,\n34 ", Foreign(ids=("12", "34"))),
    ],
)
def test_foreign_posts_are_found_in_both_wordings(text: str, foreign: Foreign) -> None:
    found = complaints([text], {})

    assert found.foreign == (foreign,)
    assert found.others == ()


def test_every_author_has_an_entry() -> None:
    found = complaints(
        [
            "Forbidden to access tweets for author id 1: 12",
            "Forbidden to access tweets for author id 2: 34, 56",
        ],
        {},
    )

    assert [(each.author, each.ids) for each in found.foreign] == [
        ("1", ("12",)),
        ("2", ("34", "56")),
    ]


def test_metrics_that_the_app_may_not_see_are_named() -> None:
    found = complaints(["Forbidden to access metrics: retweets, replies"], {})

    assert found.metrics == ("retweets", "replies")
    assert found.foreign == ()


@pytest.mark.parametrize("text", ["Rate limit exceeded", "over the RATE LIMIT"])
def test_a_limit_may_be_told_in_words(text: str) -> None:
    assert complaints([text], {}).is_limited
    assert not complaints(["internal server error"], {}).is_limited


def test_lists_hold_texts_whatever_was_sent() -> None:
    found = complaints(
        ["2 Tweet ID(s) are unavailable"],
        {UNAVAILABLE: ["12", 34], TOO_OLD_FOR_VIDEO: []},
    )

    assert found.ids(UNAVAILABLE) == {"12", "34"}
    assert found.ids(TOO_OLD_FOR_VIDEO) == frozenset()
    assert found.ids(TOO_OLD) == frozenset()
    assert found.others == ()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("internal server error", "internal server error"),
        ({"code": 89, "message": "Invalid token"}, "Invalid token (code 89)"),
        ({"message": "who are you"}, "who are you"),
        ({}, "{}"),
        (7, "7"),
    ],
)
def test_what_nobody_knows_is_kept(error: Any, told: str) -> None:
    assert complaints([error], {}).others == (told,)


@pytest.mark.parametrize(
    ("key", "is_list"),
    [
        (UNAVAILABLE, True),
        (TOO_OLD, True),
        (TOO_OLD_FOR_VIDEO, True),
        ("unsupported_for_new_metric", True),
        ("withheld_tweet_ids", True),
        ("errors", False),
        ("g0", False),
    ],
)
def test_lists_that_are_new_look_like_the_old(key: str, is_list: bool) -> None:
    assert bool(LISTS.fullmatch(key)) is is_list
