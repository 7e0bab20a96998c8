"""Plans: what is asked, of whom, in which pieces, and what is missing and why."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Profile, Ref, Topic
from socialmetrics.plan import Plan, Subject
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_hootsuite.analytics import DaysPart, PostFiguresPart, plan_metrics
from socialmetrics_hootsuite.analytics.notes import ENDED, NEEDS
from socialmetrics_hootsuite.analytics.plans import earliest, even, spans
from tests.hootsuite.analytics_driving import (
    DAY,
    NOW,
    WEEK,
    figures,
    post,
    profile,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPIC = Topic(vendor_id="t1", name="Coffee")


def days_of(plan: Plan[MetricSeries]) -> list[DaysPart]:
    return [part for part in plan.parts if isinstance(part, DaysPart)]


def reason(plan: Plan[MetricSeries]) -> Missing:
    (missing,) = plan.missing
    return missing


# -- pieces ----------------------------------------------------------------------------


def test_a_call_has_one_network_and_one_kind_of_data() -> None:
    some = [profile(1), profile(2, "x"), profile(3), profile(4, "facebook")]
    names = ("reach", "reach[scope=paid]", "followers")

    parts = days_of(plan_metrics(figures(*some, metrics=names)))

    assert [(p.network, p.datatype, len(p.accounts)) for p in parts] == [
        ("instagram", "ORGANIC", 2),
        ("instagram", "PAID", 2),
        ("x", "ORGANIC", 1),
        ("x", "PAID", 1),
        ("facebook", "ORGANIC", 1),
        ("facebook", "PAID", 1),
    ]
    assert [[each.metric for each in p.asked] for p in parts[:2]] == [
        ["reach", "followers"],
        ["reach[scope=paid]"],
    ]


def test_parts_are_even_and_their_requests_exact() -> None:
    some = [profile(n) for n in range(1, 16)]
    window = Window.days("2025-03-12", "2026-03-11")

    plan = plan_metrics(figures(*some, window=window))

    parts = days_of(plan)
    assert {(len(part.accounts), part.days) for part in parts} == {
        (7, 121),
        (7, 122),
        (8, 121),
        (8, 122),
    }
    assert all(len(p.accounts) * p.days <= 1000 for p in parts)
    assert plan.requests == sum(-(-len(p.accounts) * p.days // 100) for p in parts)
    assert pickle.loads(pickle.dumps(parts)) == parts  # noqa: S301


def test_one_account_given_twice_is_one() -> None:
    other = Profile(
        ref=Ref("instagram", "other"),
        vendor_id=profile().vendor_id,
        name="the same",
        raw={"type": "INSTAGRAMBUSINESS"},
    )

    (part,) = days_of(plan_metrics(figures(profile(), other)))

    assert len(part.accounts) == 1


@given(st.lists(st.integers(), max_size=60), st.integers(1, 12))
def test_even_pieces_hold_everything_once(items: list[int], most: int) -> None:
    pieces = list(even(items, most))

    assert [item for piece in pieces for item in piece] == items
    lengths = {len(piece) for piece in pieces}
    assert not pieces or max(lengths) <= most
    assert not pieces or max(lengths) - min(lengths) <= 1


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(1, 800),
    st.integers(1, 99),
)
def test_spans_hold_every_day_once(first: date, length: int, most: int) -> None:
    last = first + (length - 1) * DAY

    found = list(spans(first, last, most))

    days = [a + n * DAY for a, b in found for n in range((b - a).days + 1)]
    assert days == [first + n * DAY for n in range(length)]
    assert all((b - a).days < most for a, b in found)


@pytest.mark.parametrize(
    ("now", "oldest"),
    [
        (NOW, date(2024, 3, 11)),
        (datetime(2028, 2, 29, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), date(2024, 2, 28)),
    ],
)
def test_the_vendor_looks_two_years_back(now: datetime, oldest: date) -> None:
    assert earliest(now) == oldest


# -- subjects --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (profile(1, "linkedin"), "no linkedin, only x, facebook"),
        (
            profile(1, "facebook", "FACEBOOK"),
            "no FACEBOOK profiles, of Facebook only FACEBOOKPAGE",
        ),
        (profile(1, "instagram", "INSTAGRAM"), "no INSTAGRAM profiles"),
        (Profile(ref=Ref("bluesky", "b"), vendor_id="1", name="b"), "no bluesky"),
    ],
)
def test_profiles_without_analytics_are_told_and_not_asked(
    who: Profile, words: str
) -> None:
    plan = plan_metrics(figures(profile(), who))

    assert [part.network for part in days_of(plan)] == ["instagram"]
    assert [a.ref for part in days_of(plan) for a in part.accounts] == [profile().ref]
    assert (reason(plan).subject, reason(plan).metric) == (who.ref, "followers")
    assert words in reason(plan).reason
    assert plan.available == ("followers",)


def test_a_profile_that_does_not_say_its_type_is_its_network_s() -> None:
    bare = Profile(ref=Ref("youtube", "y"), vendor_id="1", name="y")

    (part,) = days_of(plan_metrics(figures(bare)))

    assert part.network == "youtube"


@pytest.mark.parametrize("subject", [Ref("x", "12"), TOPIC])
def test_what_cannot_be_found_is_missing(subject: Subject) -> None:
    plan = plan_metrics(figures(subject, profile()))

    assert reason(plan).subject == (
        subject if isinstance(subject, Ref) else subject.ref
    )
    assert reason(plan).alternatives == ("give the Post that posts() returned",)
    assert len(plan.parts) == 1


@pytest.mark.parametrize(
    ("owner", "network", "words"),
    [
        (None, "instagram", "does not say its profile"),
        ("139000001", "linkedin", "no linkedin"),
    ],
)
def test_posts_that_cannot_be_asked_for_are_missing(
    owner: str | None, network: str, words: str
) -> None:
    lost = post(1, AT, owner, network)

    plan = plan_metrics(figures(lost, post(2, AT), metrics=("likes",), window=None))

    assert reason(plan).subject == lost.ref
    assert words in reason(plan).reason
    (part,) = plan.parts
    assert isinstance(part, PostFiguresPart)
    assert [each.ref.native_id for each in part.wanted] == ["p2"]


# -- windows and steps -----------------------------------------------------------------


def test_profiles_have_no_hours() -> None:
    plan = plan_metrics(figures(profile(), by="hour"))

    assert (plan.parts, reason(plan).alternatives) == ((), ("by='day'",))


@pytest.mark.parametrize("query", [{"window": WEEK}, {"window": None, "by": "day"}])
def test_posts_have_no_windows(query: dict[str, object]) -> None:
    plan = plan_metrics(
        figures(post(1, AT), metrics=("likes",), **query)  # type: ignore[arg-type]  # both are keywords
    )

    assert plan.parts == ()
    assert "only from publication to now" in reason(plan).reason


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (None, "need a window"),
        (Window(AT, AT + timedelta(days=2)), "by whole days"),
    ],
)
def test_figures_of_profiles_need_whole_days(window: Window | None, words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        plan_metrics(figures(profile(), window=window))


# -- names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "network", "words", "instead"),
    [
        ("saves", "instagram", "no metric of Hootsuite is known", ()),
        (
            "followers[scope=paid]",
            "x",
            "only with the scope total",
            ("followers[scope=total]",),
        ),
        (
            "views",
            "youtube",
            "what Hootsuite calls views for profiles of YouTube is video_views here",
            ("video_views",),
        ),
        ("followers_net", "instagram", "worked out from others", None),
        ("reach[scope=total]", "x", "scope organic or paid", None),
        ("total_followers[scope=organic]", "x", "scope total", None),
        ("mood[scope=total]", "x", "no metric of Hootsuite is known", ()),
    ],
)
def test_what_is_not_there_has_a_reason(
    name: str, network: str, words: str, instead: tuple[str, ...] | None
) -> None:
    plan = plan_metrics(figures(profile(1, network), metrics=(name,)))

    assert plan.parts == ()
    assert plan.available == ()
    assert (reason(plan).metric, reason(plan).network) == (name, network)
    assert words in reason(plan).reason
    assert instead is None or reason(plan).alternatives == instead


def test_what_is_known_to_be_absent_says_so() -> None:
    names = ("engagements.vendor", "engagement", "engagement_rate")

    plan = plan_metrics(
        figures(post(1, AT, network="youtube"), metrics=names, window=None)
    )

    assert [each.metric for each in plan.missing] == list(names)
    assert {each.reason for each in plan.missing} == {
        "Hootsuite has no engagement for posts of YouTube",
        "Hootsuite has no engagement_rate for posts of YouTube",
    }


def test_the_nearest_is_told_with_what_is_known_of_it() -> None:
    plan = plan_metrics(
        figures(post(1, AT, network="x"), metrics=("views",), window=None)
    )

    assert "post_views (By which rule a view counts" in reason(plan).reason
    assert reason(plan).alternatives == ("post_views",)


def test_impressions_are_not_views() -> None:
    plan = plan_metrics(figures(profile(), metrics=("impressions",)))

    assert "the nearest is views (Not the sum" in reason(plan).reason
    assert reason(plan).alternatives == ("views",)


def test_a_post_of_tomorrow_is_asked_for_until_today() -> None:
    late = post(1, datetime(9999, 12, 31, 23, 59, tzinfo=UTC))

    (part,) = plan_metrics(figures(late, metrics=("likes",), window=None)).parts

    assert isinstance(part, PostFiguresPart)
    assert part.query
    assert (part.query.since, part.query.until) == (
        date(2026, 3, 11),
        date(2026, 3, 12),
    )


@pytest.mark.parametrize("name", ["likes.count", "", "likes[scope=all]", "9lives"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidQuery, match="neither a canonical metric"):
        plan_metrics(figures(profile(), metrics=(name,)))


def test_a_metric_by_both_its_names_is_asked_for_once() -> None:
    names = ("followers", "total_followers", "followers_count")

    (part,) = days_of(plan_metrics(figures(profile(1, "x"), metrics=names)))

    (asked,) = part.asked
    assert [e.reading.name for e in asked.entries] == [
        "total_followers",
        "followers_count",
    ]


def test_names_resolve_to_readings() -> None:
    plan = plan_metrics(figures(profile(), metrics=("followers", "reach[scope=paid]")))

    assert [(name, r.name, r.scope) for name, r in plan.resolved] == [
        ("followers", "followers_count", "total"),
        ("reach[scope=paid]", "reach", "paid"),
    ]


# -- notes -----------------------------------------------------------------------------


def test_rights_and_cost_are_told_once() -> None:
    plan = plan_metrics(figures(profile(), profile(2, "x")))

    assert plan.notes == (NEEDS,)


def test_who_asks_nothing_needs_nothing() -> None:
    assert plan_metrics(figures(profile(1, "linkedin"))).notes == ()


def test_what_organic_leaves_out_is_told() -> None:
    plan = plan_metrics(figures(profile(), metrics=("reach", "followers", "mood")))

    assert plan.notes[0] == NEEDS
    assert plan.notes[1].startswith("reach, mood: organic alone; [scope=paid]")
    assert plan.notes[2].startswith("mood: asked for by that name")


@pytest.mark.parametrize(
    ("network", "last", "told"),
    [
        ("facebook", "2026-06-03", True),
        ("facebook", "2026-06-02", False),
        ("x", "2026-06-03", False),
    ],
)
def test_the_end_of_facebook_s_metrics_is_told(
    network: str, last: str, told: bool
) -> None:
    window = Window.days("2026-05-20", last)
    now = datetime(2026, 6, 10, tzinfo=UTC)

    plan = plan_metrics(figures(profile(1, network), window=window, now=now))

    assert (ENDED in plan.notes) is told
