"""Messages and cases: by cursor, strictly, and complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialmetrics.sandbox.inbox import WorldCase, WorldMessage
from socialmetrics_sprout.sandbox.vocabulary import message_guid
from tests.sprout.sandbox_calls import WORLD, Service, service

BRAND, CARE = "group_id.eq(1201)", "group_id.eq(1202)"
FIELDS = [
    "guid", "created_time", "from", "text", "network", "post_type", "internal.tags.id",
    "internal.sent_by.email", "activity_metadata", "case_id", "language_code",
    "review_ratings", "publishing_post_id", "customer_profile_id", "profile_guid",
    "hashtags", "title", "perma_link", "inbox_permalink", "clickthrough_link",
    "visual_media", "content_category", "post_category",
    "activity_metadata.first_like.time_elapsed",
]  # fmt: skip


@pytest.fixture(scope="module")
def sprout() -> Iterator[Service]:
    with service() as running:
        yield running


def test_every_message_of_a_group_comes_once_newest_first(sprout: Service) -> None:
    body = {"filters": [BRAND], "fields": ["guid", "created_time"], "limit": 37}

    rows = sprout.pages("messages", body)

    truth = [message_guid(m) for m in WORLD.messages if 1201 in m.account.groups]
    times = [row["created_time"] for row in rows]
    assert [row["guid"] for row in rows] == truth[::-1]
    assert times == sorted(times, reverse=True)


def test_messages_can_come_oldest_first(sprout: Service) -> None:
    body = {"filters": [CARE], "sort": ["created_time:asc"], "limit": 100}

    rows = sprout.pages("messages", body)

    google = [m for m in WORLD.messages if m.account.network == "google_business"]
    truth = [m for m in WORLD.messages if 1202 in m.account.groups and m not in google]
    assert [row["guid"] for row in rows] == [message_guid(m) for m in truth]


def test_fields_follow_the_message(sprout: Service) -> None:
    truth = {message_guid(m): m for m in WORLD.messages}

    rows = sprout.pages(
        "messages", {"filters": [BRAND], "fields": FIELDS, "limit": 100}
    )

    for row in rows:
        message = truth[row["guid"]]
        assert (row["from"]["guid"] == row["profile_guid"]) is not message.received
        assert (
            "internal" in row and "sent_by" in row["internal"]
        ) is not message.received
        assert ("review_ratings" in row) is (message.rating is not None)
        assert row["language_code"] == (message.language or "un")
        likes = [a for a in message.actions if a.name == "like"]
        assert ("first_like" in row.get("activity_metadata", {})) is bool(likes)
    assert any("case_id" in row for row in rows)
    assert {len(row["guid"].split(":")[0]) for row in rows} == {1, 4}


def test_with_a_group_only_its_tags_are_shown(sprout: Service) -> None:
    body = {"filters": [CARE], "fields": ["guid", "internal.tags.id"], "limit": 100}

    rows = sprout.pages("messages", body)
    guids = ",".join(row["guid"] for row in rows[:100])
    alone = {"filters": [f"message_id.eq({guids})"], "fields": body["fields"]}
    bare = sprout.pages("messages", alone | {"limit": 100})

    def tags(found: list[Any]) -> set[int]:
        return {tag["id"] for row in found for tag in row["internal"]["tags"]}

    assert tags(rows) == {3101, 3102, 3104, 3106}
    assert tags(bare) > {3103}
    assert len(bare) == 100


FILTERS: list[tuple[str, Callable[[WorldMessage], object]]] = [
    (
        "post_type.eq(TWITTER_DIRECT_MESSAGE)",
        lambda m: (m.kind, m.account.network) == ("direct", "x"),
    ),
    ("language_code.eq(un, de)", lambda m: m.language in (None, "de")),
    ("tag_id.eq(3102)", lambda m: 3102 in [tag.id for tag in m.tags]),
    ("customer_profile_id.eq(6810000)", lambda m: m.account.index == 0),
    (
        "from.guid.eq(twpr:1067094924124872705)",
        lambda m: not m.received and m.account.index == 0,
    ),
    (
        "from.guid.eq(ytpr:9000007)",
        lambda m: m.author and (m.author.network, m.author.number) == ("youtube", 7),
    ),
]


@pytest.mark.parametrize(("text", "passes"), FILTERS)
def test_filters_let_through_what_they_say(
    sprout: Service, text: str, passes: Callable[[WorldMessage], object]
) -> None:
    rows = sprout.pages("messages", {"filters": [BRAND, text], "limit": 100})

    mine = [m for m in WORLD.messages if 1201 in m.account.groups and passes(m)]
    assert [row["guid"] for row in rows] == [message_guid(m) for m in mine][::-1]


def test_messages_are_found_by_when_somebody_acted(sprout: Service) -> None:
    spans = [
        "created_time.in(2026-01-01..2026-02-01)",
        "action_last_update_time.in(2026-01-01..2026-01-15)",
    ]

    acted = sprout.pages("messages", {"filters": [BRAND, *spans], "limit": 100})
    written = sprout.pages("messages", {"filters": [BRAND, spans[0]], "limit": 100})
    only = sprout.pages("messages", {"filters": [BRAND, spans[1]], "limit": 100})

    assert 0 < len(acted) < len(written)
    assert len(only) >= len(acted)


def test_messages_of_google_are_forgotten_after_a_month(sprout: Service) -> None:
    fields = ["guid", "created_time", "network", "post_type"]
    rows = sprout.pages(
        "messages", {"filters": ["group_id.eq(1203)"], "fields": fields}
    )

    google = [row for row in rows if row["network"] == "GOOGLE_MY_BUSINESS"]
    assert all(row["created_time"] >= "2026-02-09" for row in google)
    assert {row["post_type"] for row in google} <= {
        "GOOGLE_MY_BUSINESS_REVIEW", "GOOGLE_MY_BUSINESS_REVIEW_REPLY",
    }  # fmt: skip


def test_a_cursor_fits_its_own_query_only(sprout: Service) -> None:
    body = {"filters": [BRAND], "limit": 2}

    first = sprout.post("messages", body).json()
    cursor = {"page_cursor": first["paging"]["next_cursor"]}
    other = sprout.post("messages", {"filters": [CARE], "limit": 2} | cursor)
    cut = sprout.post("messages", body | {"page_cursor": cursor["page_cursor"][:-4]})

    assert (other.status_code, cut.status_code) == (400, 400)
    assert sprout.post("messages", body | cursor).status_code == 200


def test_a_newer_message_does_not_move_a_cursor() -> None:
    time = [WORLD.now - timedelta(days=30)]
    with service(clock=lambda: time[0]) as sprout:
        body = {"filters": [BRAND], "limit": 5}
        first = sprout.post("messages", body).json()
        cursor = {"page_cursor": first["paging"]["next_cursor"]}
        expected = sprout.post("messages", body | cursor).json()["data"]
        time[0] = WORLD.now
        later = sprout.post("messages", body | cursor).json()["data"]
        time[0] = WORLD.now - timedelta(days=300)
        gone = sprout.post("messages", body | cursor)

    assert later == expected
    assert gone.status_code == 400


def test_an_empty_page_need_not_be_the_end() -> None:
    body = {"filters": [BRAND, "customer_profile_id.eq(6810000)"], "limit": 20}
    with service(hollow_pages=2) as hollow, service() as full:
        empty = [hollow.post("messages", body).json()]
        while "paging" in empty[-1]:
            cursor = {"page_cursor": empty[-1]["paging"]["next_cursor"]}
            empty.append(hollow.post("messages", body | cursor).json())
        rows = full.pages("messages", body)

    assert [row for page in empty for row in page["data"]] == rows
    assert sum(not page["data"] for page in empty) > 2


WEEK = "created_time.in(2026-03-02..2026-03-09)"


def cases(sprout: Service, *filters: str, **body: object) -> list[Any]:
    return sprout.pages("cases/filter", {"filters": list(filters), **body})


def refused(answer: httpx.Response, text: str) -> None:
    assert (answer.status_code, text in answer.json()["error"]) == (400, True)


def test_cases_of_a_week_come_once_newest_first(sprout: Service) -> None:
    rows = cases(sprout, WEEK, limit=1, timezone="UTC")

    times = [row["created_time"] for row in rows]
    truth = [
        c.id for c in WORLD.cases if "2026-03-02" <= str(c.created_at) <= "2026-03-09"
    ]
    assert len(rows) > 1
    assert sorted(row["id"] for row in rows) == sorted(truth)
    assert times == sorted(times, reverse=True)
    assert all(isinstance(row["group_id"], str) for row in rows)
    assert all(
        ("last_closed_time" in row) is (row["status"] == "CLOSED") for row in rows
    )


def test_cases_read_times_in_chicago_unless_told(sprout: Service) -> None:
    texas = cases(sprout, WEEK, timezone="America/Chicago")

    assert cases(sprout, WEEK) == texas


def test_cases_are_sorted_by_change(sprout: Service) -> None:
    rows = cases(sprout, WEEK, sort=["updated_time:asc"])

    times = [row["updated_time"] for row in rows]
    assert times == sorted(times)


def test_cases_are_found_by_id(sprout: Service) -> None:
    wanted = [case.id for case in WORLD.cases[:3]]

    rows = cases(sprout, f"case_id.eq({','.join(wanted)})")

    assert sorted(row["id"] for row in rows) == sorted(wanted)


CASE_FILTERS: list[tuple[str, Callable[[WorldCase], object]]] = [
    ("status.eq(OPEN)", lambda c: c.status == "OPEN"),
    ("type.eq(LEAD,QUESTION)", lambda c: c.kind in ("LEAD", "QUESTION")),
    ("priority.eq(HIGH)", lambda c: c.priority == "HIGH"),
    ("queue_id.eq(751)", lambda c: c.queue.id == "751"),
    ("tag_id.eq(3102)", lambda c: 3102 in [t.id for t in c.message.tags]),
    ("tag_id.neq(3102)", lambda c: 3102 not in [t.id for t in c.message.tags]),
    (
        "assigned_to.eq(urn:spt:core:account_login:1155001)",
        lambda c: c.assigned.id == 1155001,
    ),
    (
        "created_by.eq(urn:spt:core:account_login:1155001)",
        lambda c: c.opened_by.id == 1155001,
    ),
]


@pytest.mark.parametrize(("text", "passes"), CASE_FILTERS)
def test_filters_of_cases_let_through_what_they_say(
    sprout: Service, text: str, passes: Callable[[WorldCase], object]
) -> None:
    span = "latest_activity_time.in(2026-02-20..2026-02-27)"
    every = {row["id"] for row in cases(sprout, span)}

    found = {row["id"] for row in cases(sprout, span, text)}

    assert found == {c.id for c in WORLD.cases if c.id in every and passes(c)}


CASE_REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"filters": ["status.eq(OPEN)"]}, "time filter"),
    ({"filters": []}, "At least one"),
    ({"filters": ["created_time.in(2026-03-01..2026-03-09)"]}, "one week"),
    ({"filters": [WEEK, "case_id.eq(1)"]}, "excludes"),
    ({"filters": [WEEK, "status.eq(IN_PROGRESS)"]}, "status"),
    ({"filters": [f"case_id.eq({','.join(map(str, range(101)))})"]}, "100"),
    ({"filters": [WEEK], "limit": 101}, "limit"),
    ({"filters": [WEEK], "page_cursor": "x"}, "page_cursor"),
    ({"filters": [WEEK, "text.match(x)"]}, "Unsupported"),
]


@pytest.mark.parametrize(("body", "text"), CASE_REFUSALS)
def test_wrong_questions_about_cases(
    sprout: Service, body: dict[str, Any], text: str
) -> None:
    refused(sprout.post("cases/filter", body), text)
