"""Every axis: what is found of two readings by the core's rules, in which words."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from socialmetrics.comparison.judging import judge
from socialmetrics.comparison.result import Answer, Axis, Finding
from socialmetrics.comparison.rules import rules
from socialmetrics.reading import Reading
from tests.comparison.rulings import WEEK, lifetime, reading

ORGANIC = reading(scope="organic")
TOTAL = reading(scope="total", vendor="other")
PUBLIC = "engagements.public"


def found(left: Reading, right: Reading, axis: Axis) -> Finding:
    core = [rule for rule in rules() if not rule.vendor]
    return judge(left, right, WEEK, core)[axis]


def public(composition: str, **changes: Any) -> Reading:
    return reading(PUBLIC, composition=composition, **changes)


@pytest.mark.parametrize(
    ("left", "right", "axis", "answer", "rule", "text"),
    [
        (
            ORGANIC,
            TOTAL,
            "scope",
            "ordered",
            "scope-organic-in-total",
            "Organic only on the left, organic and paid together on the right.",
        ),
        (
            ORGANIC,
            reading(scope="organic", vendor="other"),
            "scope",
            "same",
            "scope-same",
            "Organic only on both sides.",
        ),
        (
            ORGANIC,
            reading(scope="paid"),
            "scope",
            "different",
            "scope-organic-or-paid",
            "Organic only on the left, paid only on the right.",
        ),
        (
            ORGANIC,
            reading(scope="unknown"),
            "scope",
            "unknown",
            "scope-unknown",
            "of undocumented scope on the right",
        ),
        (
            reading(scope="unknown"),
            reading(scope="unknown", vendor="other"),
            "scope",
            "unknown",
            "scope-unknown",
            "Of undocumented scope on both sides.",
        ),
        (
            reading(scope="unknown"),
            reading(scope="unknown", note="read later"),
            "scope",
            "same",
            "scope-one-figure",
            "Of undocumented scope on both sides.",
        ),
        (
            reading(net=True),
            attrs.evolve(TOTAL, net=True),
            "scope",
            "different",
            "scope-different",
            "a part can be above the whole",
        ),
        (
            lifetime(net=True),
            lifetime(net=True, scope="total"),
            "scope",
            "ordered",
            "scope-organic-in-total-since-publication",
            "Organic only on the left",
        ),
        (
            reading("link_ctr", unit="ratio"),
            reading("link_ctr", unit="ratio", scope="total"),
            "scope",
            "different",
            "scope-of-rates",
            "neither a part nor a bound",
        ),
        (
            reading("followers", temporality="instant", scope="unknown"),
            reading("followers", temporality="instant", scope="total"),
            "scope",
            "same",
            "scope-of-people",
            "whatever brought them",
        ),
        (
            reading(),
            lifetime(level="profile"),
            "date_axis",
            "different",
            "date-axis-different",
            "By the day on which it happened on the left, by the day on which the",
        ),
        (
            reading(),
            lifetime(),
            "temporality",
            "different",
            "temporality-lifetime-or-period",
            "What happened within the window on the left, everything since",
        ),
        (
            reading(),
            reading(temporality="instant"),
            "temporality",
            "different",
            "temporality-different",
            "the level at one moment on the right",
        ),
        (
            reading(counting="unique"),
            reading(),
            "counting",
            "ordered",
            "counting-people-in-events",
            "Every person counted once on the left, every event counted on the right.",
        ),
        (
            reading(counting="unique", net=True),
            reading(),
            "counting",
            "unknown",
            "counting-net",
            "what is taken back subtracted on the left",
        ),
        (
            reading(net=True),
            reading(),
            "counting",
            "same",
            "counting-net-of-approval",
            "Networks take a withdrawn like",
        ),
        (
            reading("profile_views", net=True),
            reading("profile_views"),
            "counting",
            "unknown",
            "counting-net",
            "nobody says",
        ),
        (
            reading(),
            reading(vendor="other"),
            "threshold",
            "same",
            "threshold-none",
            "No threshold stated on both sides.",
        ),
        (
            reading("video_views"),
            reading("video_views", vendor="other"),
            "threshold",
            "unknown",
            "threshold-of-views",
            "no tool says here which",
        ),
        (
            reading("video_views", threshold="3 s"),
            reading("video_views", vendor="other", threshold="3 s"),
            "threshold",
            "same",
            "threshold-same",
            'Counted by the rule "3 s" on both sides.',
        ),
        (
            reading("video_views", threshold="3 s"),
            reading("video_views", threshold="2 s"),
            "threshold",
            "different",
            "threshold-different",
            'Counted by the rule "3 s" on the left',
        ),
        (
            reading("video_views", threshold="3 s"),
            reading("video_views"),
            "threshold",
            "unknown",
            "threshold-unknown",
            "no threshold stated on the right",
        ),
        (
            reading(),
            reading(level="post"),
            "population",
            "unknown",
            "population-profile-or-posts",
            "All of the profile on the left, single posts on the right.",
        ),
        (
            reading(),
            reading(level="topic"),
            "population",
            "different",
            "population-different",
            "all messages of a topic on the right",
        ),
        (
            reading(),
            reading(zone=None),
            "day_zone",
            "unknown",
            "day-zone-unknown",
            "Days of UTC on the left, days of a zone nobody states on the right.",
        ),
        (
            reading(zone="America/Los_Angeles"),
            reading(),
            "day_zone",
            "different",
            "day-zone-different",
            "Days of America/Los_Angeles on the left, days of UTC on the right.",
        ),
        (
            lifetime(zone=None),
            lifetime(zone="UTC"),
            "day_zone",
            "same",
            "day-zone-of-lifetimes",
            "no zone matters",
        ),
        (
            public("likes + comments + reposts"),
            public("reposts + likes + comments", vendor="other"),
            "formula",
            "same",
            "formula-same",
            "Comments, likes and reposts on both sides.",
        ),
        (
            public("likes + comments + reposts"),
            public("likes + comments + shares + saves"),
            "formula",
            "different",
            "formula-different",
            "Only the left has reposts, only the right has saves and shares.",
        ),
        (
            public("likes + comments"),
            public("likes"),
            "formula",
            "different",
            "formula-different",
            "Only the left has comments. Sums",
        ),
        (
            public("opaque"),
            public("likes"),
            "formula",
            "unknown",
            "formula-unknown",
            "Undocumented parts on the left, likes on the right.",
        ),
        (
            public("opaque"),
            public("opaque", vendor="other"),
            "formula",
            "unknown",
            "formula-unknown",
            "Undocumented parts on both sides.",
        ),
        (
            public("opaque"),
            public("opaque"),
            "formula",
            "same",
            "formula-one-figure",
            "Undocumented parts on both sides.",
        ),
        (
            public("all that is seen"),
            public("all that is seen", vendor="other"),
            "formula",
            "same",
            "formula-same",
            "All that is seen on both sides.",
        ),
        (
            public("all that is seen"),
            public("all that is heard"),
            "formula",
            "unknown",
            "formula-unknown",
            "All that is seen on the left, all that is heard on the right.",
        ),
        (
            reading("link_ctr", composition="link_clicks / impressions"),
            reading("link_ctr", composition="link_clicks / views"),
            "formula",
            "different",
            "formula-different",
            "Link clicks by impressions on the left, link clicks by views on the right",
        ),
        (
            reading("reactions", composition="likes"),
            reading("reactions"),
            "formula",
            "same",
            "formula-reactions-are-likes",
            "Likes on the left, reactions on the right. This network knows",
        ),
        (
            reading("reactions", composition="likes", network="facebook"),
            reading("reactions", network="facebook"),
            "formula",
            "different",
            "formula-different",
            "Only the left has likes, only the right has reactions.",
        ),
        (
            reading("reactions", composition="likes + reactions_by_type"),
            reading("reactions"),
            "formula",
            "same",
            "formula-reactions-by-type",
            "Every reaction is a like or one of the other types.",
        ),
        (
            reading("clicks", composition="link_clicks + non_link_clicks"),
            reading("clicks"),
            "formula",
            "same",
            "formula-clicks",
            "the two together are all clicks",
        ),
        (
            reading("followers_net", composition="followers_gained - followers_lost"),
            reading("followers_net"),
            "formula",
            "same",
            "formula-same",
            "Net followers on both sides.",
        ),
    ],
)
def test_two_readings_are_judged(
    left: Reading, right: Reading, axis: Axis, answer: Answer, rule: str, text: str
) -> None:
    straight, turned = found(left, right, axis), found(right, left, axis)

    assert (straight.axis, straight.answer) == (axis, answer)
    assert straight.grounds.id == turned.grounds.id == rule
    assert text in straight.text
    assert turned.answer == answer
