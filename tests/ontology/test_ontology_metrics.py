from __future__ import annotations

import pickle

import pytest

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery
from socialmetrics.ontology import Difference, Formula, Ratio, Sum

NAMES = """
impressions reach views profile_views frequency
video_views media_views video_views_unique video_p25 video_p50 video_p75 video_p100
video_starts watch_time watch_time_per_view
likes reactions reactions_by_type comments reposts quotes shares sends email_shares
saves story_replies poll_votes negative_feedback
clicks link_clicks media_clicks hashtag_clicks detail_expands permalink_clicks
profile_clicks non_link_clicks shortlink_clicks
app_install_attempts app_opens app_engagements follows_from_post unfollows_from_post
engagements.vendor engagements.public engagements.full engagements_other
engagement_rate.impressions engagement_rate.reach engagement_rate.followers link_ctr
followers following followers_gained followers_lost followers_net fans
posts_published messages_received first_response_time mentions_volume authors
sentiment_count
"""
IDS = NAMES.split()

NOWHERE = frozenset[str]()


def test_the_ontology_has_exactly_the_agreed_metrics_in_order() -> None:
    found = [metric.id for metric in ontology.metrics()]

    assert found == IDS


def test_a_metric_is_loaded_once() -> None:
    assert ontology.metric("reach") is ontology.metric("reach")


@pytest.mark.parametrize("id", IDS)
def test_a_metric_survives_pickling(id: str) -> None:  # noqa: A002 - the ontology's own word
    metric = ontology.metric(id)

    assert pickle.loads(pickle.dumps(metric)) == metric  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("impresions", "did you mean impressions"),
        ("engagement.public", "engagements.public"),
    ],
)
def test_an_unknown_metric_is_refused_with_what_was_meant(
    asked: str, hint: str
) -> None:
    with pytest.raises(InvalidQuery, match=asked) as caught:
        ontology.metric(asked)

    assert hint in caught.value.message


def test_an_unknown_metric_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(InvalidQuery, match=r"'zzzz' is not in the ontology$"):
        ontology.metric("zzzz")


@pytest.mark.parametrize(
    ("name", "answer"),
    [("likes", True), ("engagements.public", True), ("lifetime.likes", False)],
)
def test_a_name_is_canonical_or_not(name: str, answer: bool) -> None:
    assert ontology.is_canonical(name) is answer


PUBLIC = (("likes", "reactions"), ("comments",), ("reposts", "shares"))
FORMULAS: dict[str, Formula] = {
    "engagements.public": Sum(PUBLIC, (("quotes", "reposts"),)),
    "engagements.full": Sum(
        (*PUBLIC, ("clicks",)),
        (("quotes", "reposts"), ("follows_from_post", ""), ("app_engagements", "")),
    ),
    "engagement_rate.impressions": Ratio("engagements.public", "impressions"),
    "engagement_rate.reach": Ratio("engagements.public", "reach"),
    "engagement_rate.followers": Ratio("engagements.public", "followers"),
    "link_ctr": Ratio("link_clicks", "impressions"),
    "frequency": Ratio("impressions", "reach"),
    "watch_time_per_view": Ratio("watch_time", "video_views"),
    "followers_net": Difference("followers_gained", "followers_lost"),
    "non_link_clicks": Difference("clicks", "link_clicks"),
}


@pytest.mark.parametrize("id", IDS)
def test_exactly_the_derived_metrics_have_a_formula(id: str) -> None:  # noqa: A002 - the ontology's own word
    assert ontology.metric(id).formula == FORMULAS.get(id)


@pytest.mark.parametrize(
    ("formula", "needs"),
    [
        (Sum((("a", "b"), ("c",)), (("d", "a"), ("e", ""))), set("abcde")),
        (Difference("a", "b"), {"a", "b"}),
        (Ratio("a", "b"), {"a", "b"}),
    ],
)
def test_a_formula_names_all_it_needs(formula: Formula, needs: set[str]) -> None:
    assert formula.needs == needs


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("impressions", {"time", "posts", "profiles"}),
        ("reach", NOWHERE),
        ("video_views_unique", NOWHERE),
        ("authors", NOWHERE),
        ("frequency", NOWHERE),
        ("first_response_time", NOWHERE),
        ("followers", {"profiles"}),
        ("followers_net", {"time", "profiles"}),
        ("poll_votes", {"posts", "profiles"}),
    ],
)
def test_figures_are_added_only_along_what_they_share_nothing_over(
    id: str,  # noqa: A002 - the ontology's own word
    expected: frozenset[str],
) -> None:
    assert ontology.metric(id).additive_over == expected


@pytest.mark.parametrize("metric", ontology.metrics(), ids=lambda metric: metric.id)
def test_only_counters_are_added_over_time(metric: ontology.Metric) -> None:
    assert metric.kind == "counter" or "time" not in metric.additive_over


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("clicks", "link_clicks"),
        ("clicks", "non_link_clicks"),
        ("clicks", "media_clicks"),
        ("non_link_clicks", "profile_clicks"),
        ("reactions", "likes"),
        ("shares", "reposts"),
        ("shares", "quotes"),
        ("app_engagements", "app_opens"),
        ("video_starts", "video_p100"),
        ("engagements.full", "engagements.public"),
        ("engagements.full", "hashtag_clicks"),
    ],
)
def test_a_whole_names_its_parts_and_a_part_its_wholes(whole: str, part: str) -> None:
    assert part in ontology.metric(whole).contains
    assert whole in ontology.containing(part)
    assert whole not in ontology.metric(part).contains


def test_a_formula_of_a_sum_is_made_of_the_parts_of_the_whole() -> None:
    for metric in ontology.metrics():
        if isinstance(metric.formula, Sum):
            assert metric.formula.needs <= set(metric.contains)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("zero_by_rule", "a zero here"),
        ("organic", "Without paid"),
        ("scope.total", "Organic and paid together."),
        ("counting.total", "Every event counts"),
        ("total", "scope: Organic and paid together. counting: Every event counts"),
        ("bounded", "never be above"),
        ("threshold", "How much of a view"),
    ],
)
def test_a_word_says_what_it_means(word: str, meaning: str) -> None:
    assert meaning in ontology.term(word)


def test_a_word_of_one_axis_has_its_meaning_alone() -> None:
    assert ontology.term("organic") == "Without paid distribution."


def test_an_unknown_word_is_refused_with_what_was_meant() -> None:
    with pytest.raises(InvalidQuery, match=r"did you mean.*organic"):
        ontology.term("organc")
