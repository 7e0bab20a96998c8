from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics import ontology
from socialmetrics.model import Missing
from socialmetrics.reading import Scope
from socialmetrics_sprout.entries import ENDPOINTS
from socialmetrics_sprout.readings import (
    Endpoint,
    Entry,
    Unknown,
    entries,
    networks,
    select,
)

FIRST, LAST, TODAY = date(2026, 7, 1), date(2026, 7, 7), date(2026, 7, 10)
PLACES: list[tuple[Endpoint, str]] = [
    *((endpoint, network) for endpoint in ENDPOINTS for network in networks()),
    ("posts", "mars"),
    ("topics", "*"),
]
EVERYTHING = [entry for place in PLACES for entry in entries(*place)]


def ask(
    endpoint: Endpoint, network: str, asked: str, *, today: date = TODAY
) -> tuple[Entry, ...] | Missing | Unknown:
    return select(endpoint, network, asked, first=FIRST, last=LAST, today=today)


def names(
    endpoint: Endpoint, network: str, asked: str, *, today: date = TODAY
) -> list[str]:
    found = ask(endpoint, network, asked, today=today)
    assert isinstance(found, tuple), found
    return [entry.reading.name for entry in found]


def gap(
    endpoint: Endpoint, network: str, asked: str, *, today: date = TODAY
) -> Missing:
    found = ask(endpoint, network, asked, today=today)
    assert isinstance(found, Missing), found
    return found


@pytest.mark.parametrize(
    ("endpoint", "network", "asked", "reason", "alternatives"),
    [
        (
            "profiles",
            "x",
            "impressions[scope=paid]",
            "only with the scope organic",
            ("impressions[scope=organic]",),
        ),
        (
            "profiles",
            "facebook",
            "reach[scope=paid]",
            "removed impressions_paid_unique from profiles of Facebook on 2026-06-15",
            ("reach[scope=total]", "reach[scope=organic]"),
        ),
        (
            "profiles",
            "facebook",
            "impressions_paid_unique",
            "removed impressions_paid_unique",
            ("reach",),
        ),
        (
            "profiles",
            "facebook",
            "likes",
            "without an announcement before 2026-01-13",
            ("reactions",),
        ),
        (
            "posts",
            "tiktok",
            "watch_time",
            "nearest is lifetime.video_view_time (Total watch time (unit not",
            ("lifetime.video_view_time",),
        ),
        ("posts", "linkedin", "likes", "nearest is lifetime.reactions", ("reactions",)),
        ("posts", "x", "shares", "nearest is lifetime.shares_count", ("reposts",)),
        ("posts", "linkedin", "reposts", "counts reposts", ("shares",)),
        (
            "posts",
            "youtube",
            "reactions",
            "Dislikes are in it",
            ("lifetime.reactions",),
        ),
        (
            "topics",
            "*",
            "impressions",
            "An estimate from the size of the audiences",
            ("potential_impressions",),
        ),
        ("posts", "x", "lifetime.reach", "never existed", ()),
        ("posts", "facebook", "lifetime.reach", "never existed", ("reach",)),
        ("posts", "x", "lifetime.shares", "never existed", ("reposts",)),
        ("posts", "threads", "lifetime.shares", "never existed", ("shares",)),
        (
            "profiles",
            "x",
            "followers_gained",
            (
                "no followers_gained for profiles of X, but for Facebook, Instagram, "
                "LinkedIn, YouTube, Pinterest"
            ),
            (),
        ),
        ("posts", "x", "followers", "for posts of X, but for profiles", ()),
        ("profiles", "youtube", "email_shares", "no email_shares for profiles", ()),
        ("topics", "*", "fans", "no fans for topics", ()),
        ("posts", "mars", "likes", "no likes for posts of mars, but for X", ()),
        (
            "profiles",
            "x",
            "link_ctr",
            "worked out from others, of which it has impressions, link_clicks",
            ("impressions", "link_clicks"),
        ),
        (
            "profiles",
            "linkedin",
            "engagement_rate.impressions",
            "of which it has impressions, reactions, comments, shares",
            ("impressions", "reactions", "comments", "shares"),
        ),
    ],
)
def test_a_metric_that_does_not_come_has_a_reason_and_a_way_out(
    endpoint: Endpoint,
    network: str,
    asked: str,
    reason: str,
    alternatives: tuple[str, ...],
) -> None:
    found = gap(endpoint, network, asked)

    assert reason in found.reason
    assert found.alternatives == alternatives
    assert (found.metric, found.network) == (asked, network)


def test_a_metric_of_one_scope_does_not_answer_to_the_bare_name() -> None:
    found = entries("profiles", "facebook")
    paid = next(each for each in found if each.reading.name == "impressions_paid")

    assert not paid.answers_to("impressions", None)
    assert paid.answers_to("impressions", "paid")
    assert not paid.answers_to("impressions", "organic")


def test_a_metric_comes_until_the_day_of_its_removal() -> None:
    removal = date(2026, 6, 15)

    before = names("profiles", "facebook", "post_impressions", today=date(2026, 6, 14))
    after = gap("profiles", "facebook", "post_impressions", today=removal)

    assert before == ["post_impressions"]
    assert "on 2026-06-15" in after.reason


def test_a_metric_comes_from_the_day_of_its_addition() -> None:
    addition = date(2025, 8, 11)

    before = gap("posts", "bluesky", "likes", today=date(2025, 8, 10))
    after = names("posts", "bluesky", "likes", today=addition)

    assert before.reason == "Sprout has lifetime.likes only since 2025-08-11"
    assert after == ["lifetime.likes"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("impresions", "did you mean impressions"),
        ("lifetime.impresions", "did you mean lifetime.impressions"),
        ("zzzz", "'zzzz' is neither a canonical metric nor one of Sprout's"),
        ("impressions[paid]", "write a name, or a name with a scope like"),
        ("", "write a name"),
    ],
)
def test_a_name_that_nobody_knows_is_told_from_one_that_is_missing(
    asked: str, message: str
) -> None:
    found = ask("posts", "x", asked)

    assert isinstance(found, Unknown)
    assert message in found.message
    assert found.asked == asked


SOMEBODYS = st.sampled_from(
    sorted(
        {entry.reading.name for entry in EVERYTHING}
        | {metric.id for metric in ontology.metrics()}
    )
)
SCOPED = st.builds("{}[scope={}]".format, SOMEBODYS, st.sampled_from(get_args(Scope)))
DAYS = st.dates(date(2020, 1, 1), date(2027, 1, 1))


@given(st.sampled_from(PLACES), SOMEBODYS | SCOPED | st.text(), DAYS, DAYS, DAYS)
def test_any_question_is_answered(
    place: tuple[Endpoint, str], asked: str, one: date, other: date, today: date
) -> None:
    first, last = min(one, other), max(one, other)

    found = select(*place, asked, first=first, last=last, today=today)

    match found:
        case Missing():
            assert found.reason
            assert asked not in found.alternatives
            for each in found.alternatives:
                assert isinstance(ask(*place, each, today=today), tuple)
        case Unknown():
            assert found.message
        case _:
            assert found
            assert all(entry.is_offered(today) for entry in found)
            assert any(
                entry.reading.holds_on(day) for entry in found for day in (first, last)
            )
