"""Publishing: drafts, receipts that hide nothing, and never twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Unsupported
from socialmetrics.model import Delivery, Draft, File, Location, Media, Publication, Ref
from socialmetrics.secret import Secret
from socialmetrics.wire import Flow
from socialmetrics_sprout import Sprout, publishing
from socialmetrics_sprout.models import Planned
from socialmetrics_sprout.publishing import plan, planned
from tests.sprout.driving import (
    Driven,
    body_of,
    content,
    drive,
    profile,
    result,
    script,
)

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
ON_X = profile(0, "x", ("1202", "1201"))
ON_INSTAGRAM = profile(4, "instagram", ("1201",))


def a_draft(**change: Any) -> Draft:
    said: dict[str, Any] = {
        "text": "Hello",
        "profiles": (ON_X, ON_INSTAGRAM),
        "at": AT,
        **change,
    }
    return Draft(**said)


DRAFT = a_draft()


def publish(draft: Draft) -> Flow[Publication]:
    (consignment,) = plan(draft)
    return publishing.publish(consignment)


def made(owner: str, number: int = 4567890, **more: object) -> dict[str, Any]:
    publishing = {
        "publishing_post_id": number,
        "is_draft": True,
        "perma_link": "https://app.example/1",
        "deliveries": [
            {"delivery_status": "PENDING", "scheduled_time": "2026-04-01T09:30:00Z"}
        ],
        **more,
    }
    return {"customer_profile_id": owner, "internal": {"publishing": publishing}}


def test_a_draft_is_sent_once_with_everything_it_says() -> None:
    media = Media(vendor_id="m-1", kind="photo")
    draft = a_draft(media=(media,), tags=("3101", "spring"))
    found = Driven[object]()

    drive(publish(draft), script(content(made("6810000"), made("6810004"))), into=found)

    (request,) = found.requests
    assert not request.safe
    assert body_of(request) == {
        "group_id": 1201,
        "customer_profile_ids": [6810000, 6810004],
        "is_draft": True,
        "text": "Hello",
        "delivery": {
            "type": "SCHEDULED",
            "scheduled_times": ["2026-04-01T09:30:00Z"],
        },
        "media": [{"media_id": "m-1", "media_type": "PHOTO"}],
        "tag_ids": [3101, "spring"],
    }


def test_the_receipt_says_that_a_draft_is_not_published() -> None:
    answer = content(made("6810000", 1), made("6810004", 2))

    found = result(publish(DRAFT), script(answer))

    assert [(d.profile, d.state, d.vendor_id, d.at) for d in found.deliveries] == [
        (ON_X, "draft", "1", AT),
        (ON_INSTAGRAM, "draft", "2", AT),
    ]
    assert "somebody has to approve it" in (found.deliveries[0].reason or "")
    assert found.deliveries[0].url == "https://app.example/1"
    assert found.raw["data"] == answer["data"]


def test_a_profile_that_the_vendor_left_out_is_in_the_receipt() -> None:
    found = result(publish(DRAFT), script(content(made("6810000"))))

    first, second = found.deliveries
    assert (first.state, second.state) == ("draft", "left out")
    assert second.profile is ON_INSTAGRAM
    assert "without an error" in (second.reason or "")


@pytest.mark.parametrize("deliveries", [None, [], [{"scheduled_time": None}]])
def test_a_draft_without_a_time_has_none(deliveries: object) -> None:
    rows = [made("6810000", deliveries=deliveries), made("6810004")]

    found = result(publish(DRAFT), script(content(*rows)))

    assert found.deliveries[0].at is None


def test_a_time_in_another_zone_is_kept_as_the_same_instant_in_utc() -> None:
    told = [{"scheduled_time": "2026-04-01T11:30:00+02:00"}]

    found = result(
        publish(a_draft(profiles=(ON_X,))),
        script(content(made("6810000", deliveries=told))),
    )

    at = found.deliveries[0].at
    assert at is not None
    assert at == AT
    assert at.tzinfo is UTC


FAULTY: list[tuple[Mapping[str, Any], str]] = [
    ({"at": None}, "give at="),
    ({"at": "auto"}, "finds no time by itself"),
    ({"location": Location(latitude=1, longitude=2)}, "have no location"),
    ({"reply_to": Ref("x", "1")}, "have no reply_to"),
    ({"privacy": {"x": "all"}}, "have no privacy"),
    ({"notify": True}, "have no notify"),
    ({"extra": {"a": 1}}, "have no extra"),
    ({"at": datetime(2026, 4, 1)}, "without a time zone"),  # noqa: DTZ001 - the point
    ({"at": "2026-04-01"}, "not a datetime"),
    ({"profiles": (ON_X, profile(1, groups=("9",)))}, "share none: Profile 0"),
    ({"profiles": (profile(1, groups=()),)}, "share none"),
]


@pytest.mark.parametrize(("change", "words"), FAULTY)
def test_a_draft_that_cannot_be_sent_is_refused_before_sending(
    change: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(InvalidQuery, match=words):
        result(publish(a_draft(**change)), script())


def test_media_alone_are_a_draft() -> None:
    draft = a_draft(text="", media=(Media(vendor_id="m", kind="video"),))

    found = result(publish(draft), script(content(made("6810000"), made("6810004"))))

    assert len(found.deliveries) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>gateway</html>",
        content(error="partial"),
        {"data": None},
        content({"customer_profile_id": "6810000"}),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(
    answer: object,
) -> None:
    found = Driven[object]()

    with pytest.raises(OutcomeUnknown):
        drive(publish(DRAFT), lambda _: answer, into=found)

    assert len(found.requests) == 1


def test_a_draft_can_be_looked_up() -> None:
    found = Driven[object]()

    drive(planned("45/67"), script(content(made("6810000", 4567))), into=found)

    (request,) = found.requests
    assert request.path == "/v1/{customer}/publishing/posts/45%2F67"
    assert found.result == [
        Planned(
            vendor_id="4567",
            profile="6810000",
            is_draft=True,
            at=AT,
            status="PENDING",
            url="https://app.example/1",
        )
    ]


def test_a_draft_without_deliveries_has_nothing_planned() -> None:
    found = result(planned("1"), script(content(made("6810000", deliveries=None))))

    assert found == []


@pytest.mark.parametrize("number", ["", ".", ".."])
def test_what_is_no_id_never_reaches_the_address(number: str) -> None:
    with pytest.raises(InvalidQuery, match="is no id"):
        result(planned(number), script())


def test_a_time_that_the_vendor_cuts_is_told_beside_the_one_asked_for() -> None:
    asked = AT.replace(second=30)

    found = result(
        publish(a_draft(profiles=(ON_X,), at=asked)), script(content(made("6810000")))
    )

    (delivery,) = found.deliveries
    assert (delivery.at, delivery.asked_at) == (AT, asked)


def test_files_are_uploaded_before_a_draft_is_made() -> None:
    known = Media(vendor_id="m-1", kind="photo")
    photo = File(name="a.png", content_type="image/png", content=b"png")
    path = Path("never-read.png")
    (planned,) = plan(a_draft(media=(known, photo, path)))
    found = Driven[Any]()

    drive(publishing.prepare(planned), script(content({"media_id": "m-2"})), into=found)

    assert [each.operation for each in found.requests] == ["media"]
    assert [each.vendor_id for each in found.result.draft.media] == ["m-1", "m-2"]


@pytest.mark.parametrize(
    ("is_draft", "status", "state"),
    [
        (True, "PENDING", "draft"),
        (None, "PENDING", "draft"),
        (False, "PENDING", "pending"),
        (False, None, "pending"),
    ],
)
def test_a_draft_that_was_approved_is_one_no_more(
    is_draft: bool | None, status: str | None, state: str
) -> None:
    (delivery,) = result(
        publish(a_draft(profiles=(ON_X,))), script(content(made("6810000")))
    ).deliveries
    told = [{"delivery_status": status, "scheduled_time": "2026-04-02T10:00:00Z"}]
    answer = content(
        made("6810004"), made("6810000", is_draft=is_draft, deliveries=told)
    )

    (looked,) = result(Sprout(token=Secret("t")).look((delivery,)), script(answer))

    assert looked.state == state
    assert (looked.reason is None) is (state != "draft")
    assert looked.vendor_id == delivery.vendor_id


def test_profiles_may_come_from_any_iterable() -> None:
    draft = a_draft(profiles=iter([ON_X]))

    assert draft.profiles == (ON_X,)


def test_what_was_lost_is_neither_found_nor_withdrawn() -> None:
    sprout = Sprout(token=Secret("t"))
    (consignment,) = plan(DRAFT)

    with pytest.raises(Unsupported, match="only found by their id"):
        sprout.settle(consignment, AT)
    with pytest.raises(Unsupported, match="cannot be deleted"):
        sprout.withdraw(Delivery(profile=ON_X, state="draft"))
