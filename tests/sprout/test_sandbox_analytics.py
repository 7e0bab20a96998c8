"""Profiles and posts come as the wire has them, page by page, and no page too many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from socialmetrics.sandbox import World
from socialmetrics_sprout.sandbox import Lens, sandbox
from socialmetrics_sprout.sandbox.vocabulary import post_guid, profile_id
from tests.sprout.sandbox_calls import CUSTOMER, EVERYBODY, WORLD, Service, service

DAY = "reporting_period.by(day)"
POST_FIELDS = [
    "guid", "created_time", "content_category", "from", "customer_profile_id",
    "profile_guid", "internal", "internal.sent_by.email", "post_type", "post_category",
    "network", "perma_link", "text", "title", "clickthrough_link", "hashtags",
    "visual_media", "pinterest.board_name", "is_boosted",
]  # fmt: skip


@pytest.fixture(scope="module")
def sprout() -> Iterator[Service]:
    with service() as running:
        yield running


def by_guid(sprout: Service, body: dict[str, Any]) -> list[Any]:
    """Every post behind the guid cursor, as the documents tell to get them."""
    rows: list[Any] = []
    while True:
        after = [f"guid.gt({rows[-1]['guid']})"] if rows else []
        filters = [*body["filters"], *after]
        order = {"filters": filters, "sort": ["guid:asc"]}
        found = sprout.post("analytics/posts", body | order).json()["data"]
        if not found:
            return rows
        rows += found


def test_a_year_of_days_of_every_profile_is_the_truth(sprout: Service) -> None:
    lens, metrics = Lens(WORLD), ["impressions", "likes", "net_follower_growth"]
    filters = [EVERYBODY, "reporting_period.in(2025-03-12...2026-03-12)"]
    body = {"filters": filters, "metrics": metrics}

    first = sprout.post("analytics/profiles", body).json()
    pages = range(2, first["paging"]["total_pages"] + 1)
    more = [sprout.post("analytics/profiles", body | {"page": n}).json() for n in pages]

    rows = [row for page in (first, *more) for row in page["data"]]
    profiles = {profile_id(p): p for p in WORLD.profiles}
    # The running day has begun in UTC, but not yet in the Pacific.
    assert len(rows) == 17 * 365 - 6
    assert len({tuple(row["dimensions"].values()) for row in rows}) == len(rows)
    for row in rows[::37]:
        one = profiles[row["dimensions"]["customer_profile_id"]]
        day = date.fromisoformat(row["dimensions"][DAY])
        truth = {m: lens.day_figure(one, m, day) for m in metrics}
        assert row["metrics"] == {m: v for m, v in truth.items() if v is not None}


def test_rows_of_days_come_day_by_day_with_number_ids(sprout: Service) -> None:
    filters = [
        "customer_profile_id.eq(6810000, 6810002)",
        "reporting_period.in(2026-01-01..2026-01-02)",
    ]

    answer = sprout.post("analytics/profiles", {"filters": filters}).json()

    assert answer == {
        "data": [
            {"dimensions": {DAY: day, "customer_profile_id": one}, "metrics": {}}
            for day in ("2026-01-01", "2026-01-02")
            for one in (6810000, 6810002)
        ],
        "paging": {"current_page": 1, "total_pages": 1},
    }


def test_unknown_and_foreign_daily_keys_are_left_out(sprout: Service) -> None:
    body = {
        "filters": [
            "customer_profile_id.eq(6810000)",
            "reporting_period.in(2026-01-01..2026-01-01)",
        ],
        "metrics": ["nonsense", "story_replies", "followers_gained", "likes"],
        "fields": ["ignored"],
        "sort": ["ignored"],
    }

    row = sprout.post("analytics/profiles", body).json()["data"][0]

    assert list(row["metrics"]) == ["likes"]


@pytest.mark.parametrize("span", ["2023-01-01..2023-12-31", "2026-03-12..2026-12-31"])
def test_days_outside_of_the_history_have_no_rows(sprout: Service, span: str) -> None:
    body = {
        "filters": [EVERYBODY, f"reporting_period.in({span})"],
        "metrics": ["likes"],
    }

    answer = sprout.post("analytics/profiles", body).json()

    assert answer == {"data": [], "paging": {"current_page": 1, "total_pages": 0}}


def test_an_excluded_last_day_can_leave_nothing(sprout: Service) -> None:
    body = {"filters": [EVERYBODY, "reporting_period.in(2026-01-01...2026-01-01)"]}

    assert sprout.post("analytics/profiles", body).json()["data"] == []


def test_times_in_a_period_are_cut_to_their_day(sprout: Service) -> None:
    span = "2026-01-01T10:00:00..2026-01-02T09:00:00"
    body = {"filters": [EVERYBODY, f"reporting_period.in({span})"]}

    assert len(sprout.post("analytics/profiles", body).json()["data"]) == 2 * 17


def test_rows_beyond_ten_thousand_are_cut_without_a_word() -> None:
    with service(World(scale=0.01, branches=40)) as sprout:
        ids = ",".join(str(6_810_000 + number) for number in range(57))
        filters = [
            f"customer_profile_id.eq({ids})",
            "reporting_period.in(2025-03-12..2026-03-11)",
        ]
        last = sprout.post("analytics/profiles", {"filters": filters, "page": 10})
        beyond = sprout.post("analytics/profiles", {"filters": filters, "page": 11})

    assert last.json()["paging"] == {"current_page": 10, "total_pages": 10}
    assert len(last.json()["data"]) == 1000
    assert beyond.status_code == 400


def test_posts_beyond_ten_thousand_are_cut_except_by_guid() -> None:
    world = World()
    with service(world) as sprout:
        body: dict[str, Any] = {"filters": [EVERYBODY], "limit": 100}
        last = sprout.post("analytics/posts", body | {"page": 100}).json()
        beyond = sprout.post("analytics/posts", body | {"page": 101})
        everything = by_guid(sprout, body)

    truth = {post_guid(p) for p in world.posts if p.ref.network != "reddit"}
    recent = world.now - timedelta(days=30)
    truth -= {
        post_guid(p)
        for p in world.posts
        if p.ref.network == "google_business" and p.created_at < recent
    }
    assert last["paging"] == {"current_page": 100, "total_pages": 100}
    assert beyond.status_code == 400
    assert len(everything) > 16_000
    assert sorted(row["guid"] for row in everything) == sorted(truth)


def test_the_order_of_guids_is_neither_that_of_text_nor_of_numbers(
    sprout: Service,
) -> None:
    body = {"filters": [EVERYBODY], "sort": ["guid:asc"], "limit": 100}

    guids = [row["guid"] for row in sprout.post("analytics/posts", body).json()["data"]]

    numbers = [int("".join(filter(str.isdigit, guid)) or 0) for guid in guids]
    assert guids != sorted(guids)
    assert numbers != sorted(numbers)


def test_in_guid_order_the_pages_that_remain_are_told_or_not(sprout: Service) -> None:
    filters = ["customer_profile_id.eq(6810008)"]
    body = {"filters": filters, "sort": ["guid:asc"], "limit": 10}

    first = sprout.post("analytics/posts", body).json()
    after = f"guid.gt({first['data'][-1]['guid']})"
    second = sprout.post(
        "analytics/posts", body | {"filters": [*filters, after]}
    ).json()
    with service(cursor_paging=False) as silent:
        untold = silent.post("analytics/posts", body).json()

    assert first["paging"]["total_pages"] == second["paging"]["total_pages"] + 1
    assert list(untold) == ["data"]
    assert untold["data"] == first["data"]


def test_posts_say_what_the_world_holds(sprout: Service) -> None:
    metrics = ["lifetime.impressions", "lifetime.likes", "lifetime.story_exits"]
    lens, truth = Lens(WORLD), {post_guid(post): post for post in WORLD.posts}
    body = {
        "filters": [EVERYBODY],
        "fields": POST_FIELDS,
        "metrics": metrics,
        "limit": 100,
    }

    rows = by_guid(sprout, body)

    for row in rows:
        post = truth[row["guid"]]
        figures = {m: lens.lifetime_figure(post, m) for m in metrics}
        assert row["metrics"] == {m: v for m, v in figures.items() if v is not None}
        assert row["created_time"] == post.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert row["customer_profile_id"] == str(profile_id(post.account))
        assert row.get("text", post.text) == post.text
        assert row["internal"]["tags"] == [{"id": tag.id} for tag in post.tags]
        assert row["from"]["guid"].endswith(post.account.ref.native_id)


def test_fields_are_there_only_where_the_network_has_them(sprout: Service) -> None:
    rows = by_guid(
        sprout, {"filters": [EVERYBODY], "fields": POST_FIELDS, "limit": 100}
    )

    def networks(key: str) -> set[str]:
        return {row["network"] for row in rows if key in row}

    assert networks("hashtags") == {"TWITTER", "FACEBOOK", "INSTAGRAM", "THREADS"}
    assert networks("is_boosted") == {"FACEBOOK", "TIKTOK"}
    assert networks("pinterest") == {"PINTEREST"}
    assert networks("title") == {"TWITTER", "FACEBOOK", "LINKEDIN", "YOUTUBE"}
    assert "PINTEREST" not in networks("text") | networks("sent")
    assert "INSTAGRAM" not in networks("clickthrough_link")
    assert {row["sent"] for row in rows if "sent" in row} == {True}
    assert "REDDIT" not in networks("guid")
    assert all("name" not in row["from"] for row in rows if row["network"] == "TIKTOK")


def test_without_fields_only_the_guid_comes_and_what_nobody_asked_for(
    sprout: Service,
) -> None:
    body = {"filters": ["customer_profile_id.eq(6810000)"], "limit": 1}

    row = sprout.post("analytics/posts", body).json()["data"][0]

    assert list(row) == ["guid", "sent"]


def test_parts_of_a_link_can_be_asked_for_one_by_one(sprout: Service) -> None:
    fields = [
        "clickthrough_link.long",
        "clickthrough_link.short",
        "clickthrough_link.name",
    ]

    rows = by_guid(
        sprout, {"filters": [EVERYBODY], "fields": ["guid", *fields], "limit": 100}
    )

    links = [row["clickthrough_link"] for row in rows if "clickthrough_link" in row]
    assert {tuple(sorted(link)) for link in links} == {("long", "name", "short")}


def test_posts_come_newest_first_unless_sorted(sprout: Service) -> None:
    body = {"filters": [EVERYBODY], "fields": ["created_time"], "limit": 100}
    asked = [{}, {"sort": ["created_time:desc"]}, {"sort": ["created_time:asc"]}]

    orders = [
        [
            row["created_time"]
            for row in sprout.post("analytics/posts", body | one).json()["data"]
        ]
        for one in asked
    ]

    assert orders[0] == orders[1] == sorted(orders[0], reverse=True)
    assert orders[2] == sorted(orders[2])
    assert orders[2][0] < orders[0][0]


def test_the_zone_moves_the_filter_but_never_the_answer(sprout: Service) -> None:
    def times(zone: str) -> list[str]:
        body = {
            "filters": [
                EVERYBODY,
                "created_time.in(2026-03-08T00:00:00..2026-03-08T23:59:59)",
            ],
            "fields": ["created_time"],
            "timezone": zone,
            "sort": ["created_time:asc"],
            "limit": 100,
        }
        rows = sprout.post("analytics/posts", body).json()["data"]
        return [row["created_time"] for row in rows]

    utc, pacific = times("UTC"), times("America/Los_Angeles")

    assert utc[0] >= "2026-03-08T00:00:00Z"
    assert all(t.endswith("Z") for t in pacific)
    # The day on which clocks change in California has 23 hours.
    assert "2026-03-08T08:00:00Z" <= pacific[0] < pacific[-1] < "2026-03-09T07:00:00Z"


def test_posts_are_found_by_tag(sprout: Service) -> None:
    def count(*filters: str) -> int:
        body = {
            "filters": [EVERYBODY, *filters],
            "fields": ["guid", "internal.tags.id"],
        }
        return len(by_guid(sprout, body | {"limit": 100}))

    tagged, bare = (
        count("internal.tags.id.exists(true)"),
        count("internal.tags.id.exists(false)"),
    )
    some = count("internal.tags.id.eq(3101,3104)")

    assert tagged + bare == count()
    assert 0 < some < tagged


def test_an_earlier_clock_hides_what_came_later() -> None:
    early = datetime(2026, 2, 1, tzinfo=UTC)
    with service(clock=lambda: early) as sprout:
        body = {"filters": [EVERYBODY], "fields": ["created_time"], "limit": 100}
        newest = sprout.post("analytics/posts", body).json()["data"][0]["created_time"]
        days = {"filters": [EVERYBODY, "reporting_period.in(2026-01-31..2026-02-03)"]}
        rows = sprout.post("analytics/profiles", days).json()["data"]

    assert newest < "2026-02-01T00:00:01Z"
    assert {row["dimensions"][DAY] for row in rows} == {"2026-01-31", "2026-02-01"}


def test_metrics_that_were_removed_by_then_are_absent() -> None:
    later = datetime(2026, 6, 15, tzinfo=UTC)
    body = {
        "filters": ["customer_profile_id.eq(6810002)"],
        "metrics": ["lifetime.video_views_unique", "lifetime.video_views"],
        "limit": 100,
    }
    with service() as now, service(clock=lambda: later) as then:
        before = now.post("analytics/posts", body).json()["data"]
        after = then.post("analytics/posts", body).json()["data"]

    assert any("lifetime.video_views_unique" in row["metrics"] for row in before)
    assert not any("lifetime.video_views_unique" in row["metrics"] for row in after)
    assert any("lifetime.video_views" in row["metrics"] for row in after)


def test_profiles_have_the_wire_s_types_and_an_undocumented_link(
    sprout: Service,
) -> None:
    rows = sprout.get(f"/v1/{CUSTOMER}/metadata/customer").json()["data"]

    google = [row for row in rows if row["network_type"] == "google_my_business"]
    assert len(rows) == 17
    assert all(isinstance(row["customer_profile_id"], int) for row in rows)
    assert all(isinstance(row["native_id"], str) and row["link"] for row in rows)
    assert all(row["native_name"] is None and row["network_metadata"] for row in google)
    assert {row["network_type"] for row in rows} >= {
        "twitter", "facebook", "fb_instagram_account", "linkedin_company",
        "reddit_user",
    }  # fmt: skip


METADATA = [
    ("tags", {"tag_id", "any_group", "active", "text", "type", "groups"}),
    ("groups", {"group_id", "name"}),
    ("users", {"id", "name", "email"}),
    (
        "topics",
        {"id", "name", "topic_type", "description", "group_id", "theme_groups",
         "availability_time"},
    ),
    ("teams", {"id", "name", "description"}),
    ("queues", {"id", "name", "description", "associated_teams"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "keys"), METADATA)
def test_metadata_has_the_documented_keys(
    sprout: Service, name: str, keys: set[str]
) -> None:
    rows = sprout.get(f"/v1/{CUSTOMER}/metadata/customer/{name}").json()["data"]

    assert rows
    assert all(set(row) == keys for row in rows)


def test_topics_can_come_bare_and_with_times_in_milliseconds() -> None:
    path = f"/v1/{CUSTOMER}/metadata/customer/topics"
    with service(topics_bare=True, topic_epoch=True) as bare, service() as wrapped:
        rows, usual = bare.get(path).json(), wrapped.get(path).json()["data"]

    assert rows[0]["availability_time"] == 1_738_402_200_000
    assert usual[0]["availability_time"] == "2025-02-01T09:30:00Z"
    assert [row["id"] for row in rows] == [row["id"] for row in usual]


def test_the_sandbox_hands_over_its_keys_and_its_choices() -> None:
    found = sandbox(World(scale=0.01))

    assert set(found.credentials) == {"token", "client_id", "client_secret"}
    assert all(
        value.startswith("sandbox-sprout-") for value in found.credentials.values()
    )
    assert "silent" in found.notes
