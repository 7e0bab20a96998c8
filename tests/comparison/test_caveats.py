"""What is documented of tools and networks is there as data, and is heard."""

from __future__ import annotations

from datetime import date
from itertools import chain

import attrs
import pytest

from socialmetrics.comparison.bounds import bound
from socialmetrics.comparison.composition import parts
from socialmetrics.comparison.judging import breaks, caveats, judge, verdict
from socialmetrics.comparison.result import Answer, Axis, Finding
from socialmetrics.comparison.rules import orders, rules
from socialmetrics.reading import Reading
from socialmetrics_hootsuite.analytics import entries as hootsuite
from socialmetrics_hootsuite.legacy import HootsuiteLegacy
from socialmetrics_sprout import entries as sprout
from socialmetrics_x import entries as x
from tests.comparison.rulings import WEEK, reading

DAY = WEEK[0]
CAVEATS = {
    1: ("x.impressions-are-organic", "scope-organic-in-total"),
    2: ("x.engagements-wider-than-impressions",),
    3: (
        "sprout.scope-changes-with-network-and-level",
        "sprout.video-views-scope-changed",
        "sprout.clicks-of-two-scopes",
    ),
    4: (
        "sprout.profiles-or-posts",
        "sprout.posts-since-publication",
        "hootsuite.posts-or-profiles",
    ),
    5: (
        "sprout.days-by-network",
        "hootsuite.days-by-network",
        "x.windows-snap-to-the-hour",
        "zones-by-network",
    ),
    6: (
        "x.video-views-of-all-posts-or-of-one",
        "x.video-views-of-all-posts",
        "x.animations-are-no-videos",
    ),
    7: ("x.zeros-before-september-2015",),
    8: ("x.quotes-in-totals-only",),
    9: (
        "x.documents-contradict-themselves",
        "x.engagements-without-media-views",
        "x.parts-above-engagements",
    ),
    10: (
        "x.ages-and-windows",
        "sprout.one-year-and-ten-thousand-rows",
        "hootsuite.two-years-and-no-linkedin",
    ),
    11: ("x.counts-come-as-text",),
    12: ("hootsuite.clicks-may-be-of-the-shortener", "shortener-clicks"),
    13: (
        "replies-in-or-out",
        "x.replies-are-posts-too",
        "sprout.replies-counted-since-2020",
    ),
    14: ("frozen-numbers", "hootsuite.posts-frozen-after-a-month"),
    15: ("suppressed-small-numbers",),
    16: ("estimated-followers", "hootsuite.new-followers-are-gross"),
    17: ("x.gone-posts-have-no-figures", "deleted-posts"),
    18: (
        "sprout.shares-by-network",
        "sprout.tiktok-total-is-organic-and-paid",
        "shares-hold-what-the-tool-says",
    ),
    19: ("sprout.clicks-hold-link-clicks", "parents-and-parts"),
    20: (
        "hootsuite.profile-is-not-the-sum-of-its-posts",
        "hootsuite.instagram-every-two-days",
        "hootsuite.last-days-are-provisional",
    ),
    21: ("instagram-impressions-became-views", "views-are-no-impressions"),
}


@pytest.mark.parametrize("number", CAVEATS)
def test_every_known_caveat_is_there(number: int) -> None:
    known = {rule.id for rule in rules()} | {order.id for order in orders()}

    assert known.issuperset(CAVEATS[number])


def of_sprout(
    metric: str,
    network: str = "x",
    endpoint: sprout.Endpoint = "profiles",
    day: date = DAY,
    scope: str | None = None,
) -> Reading:
    return next(
        each
        for each in sprout.readings(endpoint, network)
        if each.metric == metric and each.holds_on(day) and scope in {None, each.scope}
    )


def of_x(metric: str, endpoint: x.Endpoint = "historical", day: date = DAY) -> Reading:
    found = (each.reading for each in x.asked(endpoint, metric))
    return next(each for each in found if each.holds_on(day))


def of_hootsuite(
    metric: str, network: str = "x", endpoint: hootsuite.Endpoint = "posts"
) -> Reading:
    found = (each.reading for each in hootsuite.entries(endpoint, network))
    return next(each for each in found if each.metric == metric)


def judged(
    left: Reading, right: Reading, axis: Axis, days: tuple[date, date] = WEEK
) -> Finding:
    return judge(left, right, days, rules())[axis]


@pytest.mark.parametrize(
    ("left", "right", "axis", "answer", "rule"),
    [
        (
            of_sprout("impressions"),
            of_x("impressions"),
            "scope",
            "same",
            "scope-same",
        ),
        (
            of_sprout("impressions"),
            of_x("impressions"),
            "population",
            "convertible",
            "sprout.profile-is-the-sum-of-its-posts-on-x",
        ),
        (
            of_sprout("link_clicks"),
            of_x("link_clicks"),
            "scope",
            "ordered",
            "scope-organic-in-total",
        ),
        (
            of_sprout("likes"),
            of_sprout("likes", endpoint="posts"),
            "date_axis",
            "different",
            "sprout.profiles-or-posts",
        ),
        (
            of_hootsuite("likes"),
            of_sprout("likes"),
            "date_axis",
            "different",
            "date-axis-different",
        ),
        (
            of_hootsuite("engagements.vendor"),
            of_hootsuite("engagements.vendor", endpoint="profiles"),
            "date_axis",
            "different",
            "hootsuite.posts-or-profiles",
        ),
        (
            of_hootsuite("engagements.vendor"),
            of_hootsuite("engagements.vendor", endpoint="profiles"),
            "population",
            "different",
            "hootsuite.profile-is-not-the-sum-of-its-posts",
        ),
        (
            of_x("video_views", "totals"),
            of_x("video_views"),
            "formula",
            "different",
            "x.video-views-of-all-posts-or-of-one",
        ),
        (
            of_sprout("video_views", endpoint="posts"),
            of_x("video_views", "totals"),
            "formula",
            "ordered",
            "x.video-views-of-all-posts",
        ),
        (
            of_sprout("clicks", endpoint="posts"),
            of_hootsuite("clicks"),
            "formula",
            "unknown",
            "hootsuite.clicks-may-be-of-the-shortener",
        ),
        (
            of_sprout("comments", "instagram", "posts"),
            of_hootsuite("comments", "instagram"),
            "formula",
            "ordered",
            "sprout.comments-hold-story-replies",
        ),
        (
            of_sprout("impressions", "instagram"),
            reading("impressions", network="instagram"),
            "formula",
            "different",
            "formula-different",
        ),
        (
            of_x("likes"),
            reading("likes", zone="Europe/Berlin"),
            "day_zone",
            "convertible",
            "x.days-of-any-zone",
        ),
        (
            of_sprout("reactions", "facebook"),
            reading("reactions", network="facebook"),
            "formula",
            "same",
            "formula-reactions-by-type",
        ),
        (
            of_sprout("clicks"),
            reading("clicks"),
            "formula",
            "same",
            "formula-clicks",
        ),
        (
            of_sprout("likes"),
            of_x("likes"),
            "counting",
            "same",
            "counting-net-of-approval",
        ),
    ],
)
def test_real_readings_are_judged(
    left: Reading, right: Reading, axis: Axis, answer: Answer, rule: str
) -> None:
    found = judged(left, right, axis)

    assert (found.answer, found.grounds.id) == (answer, rule)
    assert judged(right, left, axis).grounds.id == rule


def test_a_tools_rule_is_about_what_is_computed_of_it_as_well() -> None:
    told = {"vendor": "socialmetrics", "endpoint": "derived", "scope": "total"}
    told["composition"] = "likes + comments + reposts"
    left = reading("engagements.public", **told, note="computed from sprout: a likes")
    right = reading(
        "engagements.public", **told, level="post", note="computed from x: b likes"
    )

    found = judge(left, right, WEEK, rules())

    assert found["population"].grounds.id == (
        "sprout.profile-is-the-sum-of-its-posts-on-x"
    )
    assert verdict(found.values()) == "comparable_after"


def test_an_analysts_first_question_is_answered() -> None:
    found = judge(of_sprout("impressions"), of_x("impressions"), WEEK, rules())

    differing = {axis for axis, each in found.items() if each.answer != "same"}
    assert differing == {"population"}
    assert verdict(found.values()) == "comparable_after"


@pytest.mark.parametrize(
    ("metric", "network", "cut", "answer"),
    [
        ("impressions", "facebook", date(2025, 1, 1), "different"),
        ("impressions", "instagram", date(2025, 4, 21), "different"),
        ("story_replies", "instagram", date(2020, 12, 16), None),
    ],
)
def test_a_change_of_meaning_cuts_the_series_on_its_day(
    metric: str, network: str, cut: date, answer: Answer | None
) -> None:
    after = of_sprout(metric, network, day=cut)

    (found,) = breaks(after, (date(2019, 1, 1), DAY), rules())

    assert (found.breaks_on, found.answer) == (cut, answer)
    assert breaks(after, (cut, DAY), rules()) == ()


def test_a_window_across_a_change_of_meaning_is_not_compared() -> None:
    sprouts = of_sprout("impressions", "instagram", day=date(2025, 4, 20))
    others = reading("impressions", network="instagram", composition="impressions")
    across = (date(2025, 4, 20), date(2025, 4, 21))

    before = judged(sprouts, others, "formula", (across[0], across[0]))
    found = judged(sprouts, others, "formula", across)

    assert before.answer == "same"
    assert (found.answer, found.grounds.valid_from) == ("different", across[1])


@pytest.mark.parametrize(
    ("day", "is_told"), [(date(2015, 9, 14), True), (date(2015, 9, 15), False)]
)
def test_notes_end_with_what_they_are_about(day: date, *, is_told: bool) -> None:
    likes = of_x("likes", day=day)

    found = {note.id for note in caveats(likes, likes, (day, day), rules())}

    assert ("x.zeros-before-september-2015" in found) is is_told


def test_notes_on_both_tools_and_on_the_network_are_found() -> None:
    found = caveats(
        of_sprout("shares", "threads", "posts"),
        of_hootsuite("shares", "threads"),
        WEEK,
        rules(),
    )

    ids = [note.id for note in found]
    assert {"sprout.shares-by-network", "hootsuite.last-days-are-provisional"} < {*ids}
    assert "shares-hold-what-the-tool-says" in ids
    assert not any(name.startswith("x.") for name in ids)
    assert all(note.answer is None and note.source for note in found)


def test_parts_above_the_engagements_of_x_are_a_warning() -> None:
    below = of_x("detail_expands")
    above = of_x("engagements.vendor")

    found = bound(below, above, WEEK, orders())

    assert found is not None
    assert (found.order.id, found.severity, found.lesser) == (
        "x.parts-above-engagements",
        "warning",
        "left",
    )


def test_the_old_api_has_no_figures_and_no_caveats() -> None:
    assert HootsuiteLegacy.caveats() is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (of_sprout("clicks"), ("link_clicks", "non_link_clicks")),
        (of_sprout("non_link_clicks"), ("non_link_clicks",)),
        (of_sprout("reactions", "facebook"), ("likes", "reactions_by_type")),
        (of_sprout("reactions"), ("likes",)),
        (of_sprout("clicks", "facebook", "posts"), ("clicks",)),
        (of_sprout("comments", "instagram", "posts"), ("comments", "story_replies")),
        (of_sprout("shares", "bluesky", "posts"), ("quotes", "reposts")),
        (of_sprout("engagements.vendor"), None),
        (of_x("video_views"), ("video_views",)),
        (of_x("video_views", "totals"), None),
        (of_x("media_views"), ("media_views",)),
        (of_x("engagements.vendor"), None),
        (of_hootsuite("clicks"), None),
        (of_hootsuite("shares"), None),
        (of_hootsuite("likes"), ("likes",)),
    ],
)
def test_sums_are_told_in_canonical_names(
    found: Reading, expected: tuple[str, ...] | None
) -> None:
    assert parts(found) == expected


def every_reading() -> list[Reading]:
    sprouts = (
        sprout.readings(endpoint, network)
        for network in sprout.networks()
        for endpoint in sprout.ENDPOINTS
    )
    xs = ([e.reading for e in x.entries(at)] for at in ("totals", "28hr", "historical"))
    hootsuites = (
        [e.reading for e in hootsuite.entries(endpoint, network)]
        for network in hootsuite.networks()
        for endpoint in hootsuite.ENDPOINTS
    )
    return list(chain.from_iterable(chain(sprouts, xs, hootsuites)))


def test_every_figure_of_every_tool_compares_with_itself() -> None:
    known = rules()

    for each in every_reading():
        again = attrs.evolve(each, note="read later")
        found = judge(each, again, WEEK, known)
        assert verdict(found.values()) == "comparable", (each, found)
