"""What the simulated service reports follows from the world, by the vendor's rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from socialmetrics.sandbox import World
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_sprout.sandbox import Lens
from socialmetrics_sprout.sandbox.catalogue import answers, entries
from socialmetrics_sprout.sandbox.recipe_kinds import Level
from socialmetrics_sprout.sandbox.recipes import scope_of

WORLD = World(scale=0.2)
LENS = Lens(WORLD)
TODAY = date(2026, 3, 11)
DAY = date(2026, 3, 3)
UTC_DAY = datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)


def of(network: str) -> Account:
    return next(p for p in WORLD.profiles if p.network == network)


def day(network: str, metric: str) -> float:
    figure = LENS.day_figure(of(network), metric, DAY)
    assert isinstance(figure, int | float)
    return figure


def column(network: str, metric: str) -> list[float | None]:
    figures = LENS.lifetime_column(metric)
    return [
        f for f, p in zip(figures, WORLD.posts, strict=True) if p.ref.network == network
    ]


CURRENT = [e for e in entries().values() if e.holds_on(TODAY)]
PROFILE_KEYS = [(e.network, e.metric) for e in CURRENT if e.endpoint == "profiles"]
POST_KEYS = [
    (e.network, e.metric)
    for e in CURRENT
    if e.endpoint == "posts" and e.network != "any"
]


def test_there_are_hundreds_of_keys() -> None:
    assert len(PROFILE_KEYS) > 150
    assert len(POST_KEYS) > 190


@pytest.mark.parametrize(("network", "metric"), PROFILE_KEYS)
def test_every_documented_daily_key_has_a_figure_every_day(
    network: str, metric: str
) -> None:
    figures = LENS.day_column(of(network), metric)

    assert len(figures) == LENS.day_count(of(network))
    assert all(figure is not None for figure in figures)


@pytest.mark.parametrize(("network", "metric"), POST_KEYS)
def test_every_documented_lifetime_key_has_figures(network: str, metric: str) -> None:
    assert any(figure is not None for figure in column(network, metric))


@pytest.mark.parametrize("entry", [e for e in entries().values() if e.removed], ids=str)
def test_removed_keys_are_absent_after_their_day_and_there_before(
    entry: object,
) -> None:
    found = next(e for e in entries().values() if e == entry)
    assert found.removed is not None

    gone = answers("profiles", found.network, found.metric, found.removed)
    gone = gone or answers("posts", found.network, found.metric, found.removed)

    assert not gone
    if found.removed > date.min:
        assert found.holds_on(found.removed - timedelta(days=1))


SCOPES: list[tuple[str, Level, str, Scope]] = [
    ("x", "profile", "impressions", "organic"),
    ("x", "post", "impressions", "organic"),
    ("x", "profile", "likes", "total"),
    ("x", "post", "link_clicks", "organic"),
    ("x", "post", "video_views", "organic"),
    ("facebook", "profile", "impressions", "total"),
    ("facebook", "post", "likes", "total"),
    ("instagram", "profile", "impressions", "total"),
    ("instagram", "post", "impressions", "organic"),
    ("instagram", "profile", "likes", "organic"),
    ("linkedin", "profile", "impressions", "organic"),
    ("linkedin", "post", "reactions", "organic"),
    ("threads", "post", "likes", "total"),
]


@pytest.mark.parametrize(("network", "level", "measure", "scope"), SCOPES)
def test_scopes_depend_on_network_and_level(
    network: str, level: Level, measure: str, scope: Scope
) -> None:
    assert scope_of(network, level, measure) == scope


def test_a_day_on_x_is_the_organic_activity_of_the_day_in_utc() -> None:
    truth = WORLD.profile_sum(of("x"), "impressions", "organic", *UTC_DAY)

    assert day("x", "impressions") == truth > 0


def test_a_day_on_facebook_is_all_activity_of_the_day_in_the_pacific() -> None:
    start = datetime(2026, 3, 3, 8, tzinfo=UTC)

    truth = WORLD.profile_sum(
        of("facebook"), "impressions", "total", start, start + timedelta(days=1)
    )

    assert day("facebook", "impressions") == truth > 0


SUMS = [
    ("x", "post_content_clicks", ("post_link_clicks", "post_content_clicks_other")),
    ("x", "reactions", ("likes",)),
    ("x", "post_app_engagements", ("post_app_installs", "post_app_opens")),
    ("facebook", "impressions", ("impressions_organic", "impressions_paid")),
    ("facebook", "impressions_total", ("impressions_organic", "impressions_paid")),
    ("facebook", "impressions", ("impressions_viral", "impressions_nonviral")),
    (
        "facebook",
        "followers_gained",
        ("followers_gained_organic", "followers_gained_paid"),
    ),
    ("facebook", "followers_gained", ("net_follower_growth", "followers_lost")),
    ("facebook", "tab_views", ("tab_views_login", "tab_views_logout")),
    ("facebook", "video_views", ("video_views_autoplay", "video_views_click_to_play")),
    ("facebook", "video_views", ("video_views_partial", "video_views_30s_complete")),
    ("instagram", "followers_gained", ("net_follower_growth", "followers_lost")),
    ("instagram", "impressions", ("impressions_organic", "impressions_paid")),
    ("threads", "shares_count", ("reposts_count", "quotes_count")),
    ("youtube", "followers_gained", ("net_follower_growth", "followers_lost")),
]  # fmt: skip


@pytest.mark.parametrize(("network", "parent", "parts"), SUMS)
def test_daily_parents_are_the_sum_of_their_parts(
    network: str, parent: str, parts: tuple[str, ...]
) -> None:
    assert day(network, parent) == sum(day(network, part) for part in parts)


LIFETIME_SUMS = [
    ("x", "post_content_clicks", ("post_link_clicks", "post_content_clicks_other")),
    (
        "facebook",
        "reactions",
        ("likes", "reactions_love", "reactions_haha", "reactions_wow", "reactions_sad",
         "reactions_angry"),
    ),
    ("facebook", "impressions", ("impressions_follower", "impressions_nonfollower")),
    ("youtube", "reactions", ("likes", "dislikes")),
    ("bluesky", "shares_count", ("reposts_count", "quotes_count")),
    (
        "x",
        "engagements",
        ("likes", "comments_count", "shares_count", "post_link_clicks",
         "post_content_clicks_other", "engagements_other"),
    ),
    ("threads", "engagements", ("reactions", "comments_count", "shares_count")),
]  # fmt: skip


@pytest.mark.parametrize(("network", "parent", "parts"), LIFETIME_SUMS)
def test_lifetime_parents_are_the_sum_of_their_parts(
    network: str, parent: str, parts: tuple[str, ...]
) -> None:
    columns = [column(network, f"lifetime.{part}") for part in parts]

    sums = [sum(figure or 0 for figure in row) for row in zip(*columns, strict=True)]

    assert column(network, f"lifetime.{parent}") == sums


def test_engagements_on_x_equal_everything_that_happened() -> None:
    posts = [p for p in WORLD.posts if p.ref.network == "x"]

    truth = [WORLD.post_total(post, "engagements") for post in posts]

    assert column("x", "lifetime.engagements") == truth


def test_distinct_people_are_fewer_than_impressions() -> None:
    reach, seen = day("facebook", "impressions_unique"), day("facebook", "impressions")
    organic = day("facebook", "impressions_organic_unique")

    assert organic <= reach < seen


def test_comments_of_a_story_are_the_replies_to_it() -> None:
    stories = [p for p in WORLD.posts if p.kind == "story"]

    figures = [LENS.lifetime_figure(p, "lifetime.comments_count") for p in stories]

    assert figures == [WORLD.post_total(p, "story_replies", "organic") for p in stories]
    assert sum(figure or 0 for figure in figures) > 0


ONLY: list[tuple[str, str, Callable[[WorldPost], bool]]] = [
    ("instagram", "lifetime.story_exits", lambda p: p.kind == "story"),
    ("x", "lifetime.video_views", lambda p: p.media == "video"),
    (
        "facebook",
        "lifetime.post_photo_view_clicks",
        lambda p: p.media in ("photo", "album"),
    ),
    ("linkedin", "lifetime.vote_count", lambda p: p.media == "poll"),
    (
        "x",
        "lifetime.post_media_views",
        lambda p: p.media in ("photo", "video", "album"),
    ),
    ("facebook", "video_length", lambda p: p.media == "video"),
]


@pytest.mark.parametrize(("network", "metric", "has"), ONLY)
def test_keys_are_absent_on_posts_that_cannot_have_them(
    network: str, metric: str, has: Callable[[WorldPost], bool]
) -> None:
    posts = [p for p in WORLD.posts if p.ref.network == network]

    there = [figure is not None for figure in column(network, metric)]

    assert there == [has(post) for post in posts]


def test_levels_end_the_day_and_change_by_growth() -> None:
    yesterday = LENS.day_figure(
        of("x"), "lifetime_snapshot.followers_count", date(2026, 3, 2)
    )
    today = day("x", "lifetime_snapshot.followers_count")

    assert isinstance(yesterday, int)
    assert today - yesterday == day("x", "net_follower_growth")
    assert today == WORLD.followers(of("x"), UTC_DAY[1])


def test_maps_are_objects_that_add_up() -> None:
    countries = LENS.day_figure(
        of("instagram"), "lifetime_snapshot.followers_by_country", DAY
    )
    kinds = LENS.day_figure(of("x"), "posts_sent_by_post_type", DAY)
    contents = LENS.day_figure(of("x"), "posts_sent_by_content_type", DAY)

    assert isinstance(countries, dict)
    assert isinstance(kinds, dict)
    assert isinstance(contents, dict)
    assert sum(countries.values()) == day(
        "instagram", "lifetime_snapshot.followers_count"
    )
    assert sum(kinds.values()) == sum(contents.values()) == day("x", "posts_sent_count")


def test_pins_are_all_pins_so_far() -> None:
    profile = of("pinterest")

    pins = [
        pin for pin in LENS.day_column(profile, "pin_count") if isinstance(pin, int)
    ]

    assert pins[-1] == len(WORLD.rows_of(profile))
    assert pins == sorted(pins)
    assert len(pins) == LENS.day_count(profile)


def test_ratios_are_absent_where_there_is_nothing_to_divide_by() -> None:
    rates = column("tiktok", "lifetime.video_view_time_per_view")
    scores = [f for f in column("x", "lifetime.net_sentiment_score") if f is not None]

    assert any(rate is None or rate > 0 for rate in rates)
    assert all(-100 <= score <= 100 for score in scores)
    assert None in column("x", "lifetime.net_sentiment_score")


def test_sources_of_impressions_on_tiktok_make_one() -> None:
    kinds = ("follow", "for_you", "hashtag", "personal_profile", "sound", "unspecified")

    parts = [
        column("tiktok", f"lifetime.impression_source_{kind}")[0] for kind in kinds
    ]

    assert sum(part or 0 for part in parts) == pytest.approx(1)


def test_networks_without_posts_and_days_without_rows_have_no_figures() -> None:
    reddit = next(p for p in WORLD.posts if p.ref.network == "reddit")

    assert LENS.lifetime_figure(reddit, "lifetime.likes") is None
    assert LENS.day_figure(of("x"), "likes", date(2024, 1, 31)) is None
    assert LENS.day_figure(of("x"), "likes", date(2026, 3, 12)) is None
    assert LENS.day_figure(of("bluesky"), "likes", DAY) is None


def test_an_earlier_time_sees_less() -> None:
    early = WORLD.now - timedelta(days=5)

    then = sum(f or 0 for f in LENS.lifetime_column("lifetime.likes", early))

    assert then < sum(f or 0 for f in LENS.lifetime_column("lifetime.likes"))
    assert len(LENS.day_column(of("x"), "likes", early)) == LENS.day_count(of("x")) - 5


def test_posts_that_are_not_yet_published_are_not_counted() -> None:
    morning = datetime(2026, 3, 3, 2, tzinfo=UTC)

    sent = LENS.day_column(of("x"), "posts_sent_count", morning)[-1]

    assert isinstance(sent, int)
    assert sent < day("x", "posts_sent_count")


def test_a_key_without_a_recipe_is_a_fault_of_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def always(*_: object) -> bool:
        return True

    monkeypatch.setattr("socialmetrics_sprout.sandbox.lens.answers", always)
    lens = Lens(WORLD)

    with pytest.raises(LookupError, match="no recipe for nonsense"):
        lens.day_column(of("x"), "nonsense")
    assert lens.lifetime_figure(WORLD.posts[0], "lifetime.nonsense") is None
