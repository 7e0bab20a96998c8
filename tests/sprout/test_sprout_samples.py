"""Samples of real and documented answers, read by the adapter's own functions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from socialmetrics.model import Consignment, Draft, Media, Ref
from socialmetrics.plan import ProfilesPart, TopicsPart
from socialmetrics.reading import Status
from socialmetrics.window import Window
from socialmetrics.wire import Flow
from socialmetrics_sprout import Sprout, listening, media, publishing
from socialmetrics_sprout.models import (
    Case,
    Customer,
    Group,
    Queue,
    Tag,
    Team,
    User,
)
from socialmetrics_sprout.parts import (
    Account,
    CasesPart,
    DaysPart,
    MessagesPart,
    PostsPart,
    TopicFiguresPart,
    TopicMessagesPart,
)
from socialmetrics_sprout.read_days import days
from socialmetrics_sprout.read_messages import messages, topic_messages
from socialmetrics_sprout.reads import cases, posts
from tests.sprout.driving import (
    ON_INSTAGRAM,
    WEEK,
    Driven,
    asked,
    drive,
    profile,
    response,
    result,
    script,
)

SAMPLES = Path(__file__).parent / "samples"
SPROUT = Sprout(customer_id="1")


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def test_every_sample_is_read_by_a_test() -> None:
    source = Path(__file__).read_text("utf-8")

    unread = [p.stem for p in SAMPLES.glob("*.json") if f'"{p.stem}"' not in source]

    assert unread == []


def test_a_real_customer_is_read() -> None:
    found = result(SPROUT.customers(), script(sample("real_metadata_client")))

    assert found == [Customer(vendor_id="1000001", name="Acme")]


def test_a_real_profile_is_read_with_its_undocumented_link() -> None:
    found = drive(
        SPROUT.profiles(ProfilesPart()),
        script(sample("real_metadata_customer_instagram")),
    )

    (one,) = found.items
    assert one.ref == Ref("instagram", "17841400000000001")
    assert (one.vendor_id, one.name, one.handle) == (
        "7000001",
        "Acme Studio",
        "acme_studio",
    )
    assert one.url == "https://instagram.com/acme_studio"
    assert one.groups == ("2000001",)
    assert one.raw["network_type"] == "fb_instagram_account"


def test_documented_profiles_are_read_with_an_id_beyond_64_bits() -> None:
    found = drive(
        SPROUT.profiles(ProfilesPart()), script(sample("docs_metadata_customer"))
    )

    x, store = found.items
    assert (x.ref, x.groups) == (Ref("x", "10000001"), ("23598", "65245"))
    assert store.ref == Ref("google_business", "13955863841611236869")
    assert (store.name, store.handle) == ("Store Location", None)


def test_documented_topics_are_a_bare_array_with_epoch_milliseconds() -> None:
    found = drive(
        SPROUT.topics(TopicsPart()), script(sample("docs_metadata_topics_bare_array"))
    )

    (topic,) = found.items
    assert (topic.vendor_id, topic.name) == ("81391723128379", "Acme Brand")
    assert topic.kind == "INDUSTRY_INSIGHTS"
    assert topic.description is None
    assert topic.available_from == datetime(2020, 9, 23, 21, 10, 54, 244000, tzinfo=UTC)
    assert topic.themes == (("018085b6-1dc3-43eb-ab28-3c430c0d2412", "Login Errors"),)


@pytest.mark.parametrize(
    ("flow", "kind", "expected"),
    [
        (
            SPROUT.tags(),
            "tags",
            Tag(
                vendor_id="321", text="Social Support", kind="LABEL", groups=("206063",)
            ),
        ),
        (SPROUT.groups(), "groups", Group(vendor_id="1234", name="Brand Team")),
        (
            SPROUT.users(),
            "users",
            User(vendor_id="1234", name="John Doe", email="johndoe@example.com"),
        ),
        (
            SPROUT.teams(),
            "teams",
            Team(
                vendor_id="1234",
                name="Pricing Team",
                description="Answers pricing questions",
            ),
        ),
        (
            SPROUT.queues(),
            "queues",
            Queue(
                vendor_id="1234",
                name="Pricing Team",
                description="Answers pricing questions",
                teams=("1234",),
            ),
        ),
    ],
)
def test_documented_metadata_are_read(
    flow: Flow[list[object]], kind: str, expected: object
) -> None:
    told = sample("docs_metadata_tags_groups_users_teams_queues")[kind]

    assert result(flow, script(told)) == [expected]


def test_personal_data_of_users_do_not_print() -> None:
    user = User(vendor_id="1", name="John Doe", email="johndoe@example.com")

    assert repr(user) == "User(vendor_id='1')"


def test_documented_daily_figures_are_read() -> None:
    told = {"data": sample("docs_analytics_profiles")["response"]["data"]}
    accounts = tuple(Account(n, Ref("facebook", n)) for n in ("1234", "5678", "9012"))
    part = DaysPart(
        accounts=accounts,
        first=date(2018, 8, 1),
        last=date(2018, 8, 1),
        asked=(asked("facebook", "impressions", "reactions"),),
    )

    found = drive(days(part), script(told))

    (series,) = found.items
    figures = {(p.subject.native_id, p.metric): (p.value, p.status) for p in series}
    assert figures["1234", "impressions"] == (3400.0, Status.OBSERVED)
    assert figures["5678", "reactions"] == (29.0, Status.OBSERVED)
    assert figures["9012", "reactions"] == (None, Status.NOT_COLLECTED)


def test_a_documented_post_is_read_with_its_zero() -> None:
    told = sample("docs_analytics_posts")["response"]
    told["paging"]["total_pages"] = 1
    told["data"][0]["guid"] = "p:1"  # The documentation's request does not ask for it.
    part = PostsPart(
        accounts=(ON_INSTAGRAM,),
        window=WEEK,
        asked=(asked("instagram", "lifetime.impressions", "lifetime.reactions"),),
    )
    told["data"][0]["network"] = "INSTAGRAM"

    found = drive(posts(part), script(told))

    (post,) = found.items
    assert post.text == "Come by for a cold brew!"
    assert post.created_at == datetime(2020, 4, 6, 14, 27, 3, tzinfo=UTC)
    assert post.metrics["impressions"].value == 15
    assert post.metrics["reactions"].value == 0
    assert post.metrics["reactions"].status is Status.OBSERVED


def test_the_documented_cursor_goes_on_behind_the_last_guid_until_nothing_comes() -> (
    None
):
    told = sample("docs_analytics_posts_guid_cursor")
    for each in told["first_response"]["data"]:
        each["created_time"] = "2026-03-02T00:00:00Z"

    found = drive(
        posts(PostsPart(accounts=(ON_INSTAGRAM,), window=WEEK)),
        script(told["first_response"], {"data": []}, {"data": []}),
    )

    assert [post.vendor_id for post in found.items] == ["101", "102"]
    assert told["next_request"]["filters"][0] in found.bodies[1]["filters"]
    assert told["next_request"]["sort"] == found.bodies[1]["sort"]


NOTHING: Final[dict[str, object]] = {"data": []}


def test_a_documented_message_is_read() -> None:
    told = sample("docs_messages")["response"]
    part = MessagesPart(accounts=(ON_INSTAGRAM,), group="12345", window=WEEK)

    found = drive(messages(part), script(told, told, NOTHING, NOTHING))

    (message,) = found.items
    assert message.kind == "INSTAGRAM_MEDIA"
    assert message.tags == ("1234", "5678")
    assert message.ref is None
    assert message.vendor_id == message.url == "link here"
    assert message.created_at == datetime(2022, 6, 9, 22, 10, 54, tzinfo=UTC)
    assert found.bodies[2]["page_cursor"] == "456def=="


def test_a_documented_listening_message_is_read() -> None:
    told = sample("docs_listening_messages")["response"]

    found = drive(
        topic_messages(TopicMessagesPart(topic="1", window=WEEK)),
        script(told, {"data": []}, told),
    )

    (message,) = found.items
    assert message.ref == Ref("instagram", "17920699361640551")
    assert message.kind == "PHOTO"
    assert message.raw["listening_metadata"] == {
        "sentiment": "neutral",
        "explicit_label": False,
        "language": "en",
    }


def test_documented_listening_figures_keep_the_offset_of_their_day() -> None:
    told = sample("docs_listening_metrics_by_day")
    part = TopicFiguresPart(
        topic="1",
        window=Window.days("2022-11-28", "2022-11-30", "America/Chicago"),
        names=tuple(told["request"]["metrics"]),
        dimensions=tuple(told["request"]["dimensions"]),
    )

    found = drive(listening.figures(part), script(told["response"]))

    likes = {p.breakdown: p for p in found.items[0] if p.reading.name == "likes"}
    assert likes["sentiment=negative"].value == 4725
    assert likes["sentiment=positive"].start == datetime(2022, 11, 30, 6, tzinfo=UTC)
    assert likes["sentiment=positive"].end == datetime(2022, 12, 1, 6, tzinfo=UTC)


def test_documented_listening_figures_without_time_are_of_the_whole_window() -> None:
    part = TopicFiguresPart(
        topic="1", window=WEEK, names=("likes",), dimensions=("sentiment",)
    )

    found = drive(
        listening.figures(part),
        script(sample("docs_listening_metrics_by_sentiment")["response"]),
    )

    assert [(p.breakdown, p.value) for p in found.items[0]] == [
        ("sentiment=positive", 7221913.0),
        ("sentiment=unclassified", 1074959.0),
    ]


def test_a_documented_case_is_read_whatever_its_key_is_called() -> None:
    told = sample("docs_cases_repaired")["response"]
    live = {**told["data"][0], "id": told["data"][0]["case_id"]}
    del live["case_id"]

    found = drive(
        cases(CasesPart(conditions=("case_id.eq(19508937)",))),
        script({"data": [told["data"][0], live]}),
    )

    created = datetime(2024, 6, 9, 22, 10, 54, tzinfo=UTC)
    assert found.items == 2 * [
        Case(
            vendor_id="19508937",
            kind="general",
            priority="LOW",
            status="CLOSED",
            created_at=created,
            updated_at=created + timedelta(days=61),
        )
    ]


def test_a_documented_draft_is_read() -> None:
    told = sample("docs_publishing_posts")
    said: dict[str, Any] = {
        "text": "A draft post",
        "profiles": [
            attrs.evolve(profile(0), vendor_id=n, groups=("55667788",))
            for n in ("2345", "5678")
        ],
        "at": datetime(2024, 6, 30, 18, 20, tzinfo=UTC),
        "media": [Media(vendor_id="1234-abcd-7890", kind="photo")],
    }

    found = Driven[object]()

    consignment = Consignment(draft=Draft(**said))
    drive(publishing.publish(consignment), script(told["response"]), into=found)

    assert found.bodies == [told["request"]]
    assert [d.vendor_id for d in found.result.deliveries] == ["4567890", "4567891"]


def test_documented_answers_to_uploads_are_read() -> None:
    told = sample("docs_media")
    content = b"x" * (media.MOST + 1)

    simple = result(
        media.upload(b"x", "a.png", "image/png"), script(told["simple_200"])
    )
    left = [told["submission_start_200"], *[b""] * 10]
    chunked: Driven[object] = drive(
        media.upload(content, "a.mp4", "video/mp4"),
        lambda request: (
            left.pop(0)
            if left
            else response(request, told["complete_202"], 202)
            if request.delay == 0
            else told["complete_200"]
        ),
    )

    assert simple.vendor_id == "565fc90f-dd98-4c84-ab17-6f051fb536ce"
    assert simple.expires_at == datetime(2023, 10, 12, 11, 20, 16, tzinfo=UTC)
    assert chunked.result == attrs.evolve(simple, kind="video")
