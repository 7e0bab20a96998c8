"""Drafts and media: what can be made, what is silently dropped, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.sprout.sandbox_calls import CUSTOMER, WORLD, Service, service

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
DRAFT: dict[str, Any] = {
    "group_id": 1201,
    "customer_profile_ids": [6810000, 6810002],
    "is_draft": True,
    "text": "A draft, “quoted”",
    "delivery": {
        "scheduled_times": ["2026-03-12T09:30:59Z", "2026-03-13T09:30:00Z"],
        "type": "SCHEDULED",
    },
}


@pytest.fixture(scope="module")
def sprout() -> Iterator[Service]:
    with service() as running:
        yield running


def upload(
    sprout: Service, path: str, content: bytes | None, **form: str
) -> httpx.Response:
    files = None if content is None else {"media": ("a.png", content)}
    if files is None:
        files = {"unused": ("b", b"")}
    return sprout.ask("POST", f"/v1/{CUSTOMER}/{path}", data=form, files=files)


def publishing(row: Any) -> Any:
    return row["internal"]["publishing"]


def test_a_draft_fans_out_by_profile_and_time_with_seconds_cut(sprout: Service) -> None:
    rows = sprout.post("publishing/posts", DRAFT).json()["data"]

    made = [
        (row["customer_profile_id"], publishing(row)["deliveries"][0]["scheduled_time"])
        for row in rows
    ]
    assert made == [
        (one, time)
        for one in ("6810000", "6810002")
        for time in ("2026-03-12T09:30:00Z", "2026-03-13T09:30:00Z")
    ]
    assert {row["post_type"] for row in rows} == {"TWEET", "FACEBOOK_POST"}
    assert len({publishing(row)["publishing_post_id"] for row in rows}) == 4


def test_a_draft_is_found_again_and_stays_pending(sprout: Service) -> None:
    row = sprout.post("publishing/posts", DRAFT | {"tag_ids": [3104]}).json()["data"][1]
    number = publishing(row)["publishing_post_id"]

    again = sprout.get(f"/v1/{CUSTOMER}/publishing/posts/{number}").json()

    assert again == {"data": [row]}
    assert publishing(row)["deliveries"][0]["delivery_status"] == "PENDING"
    assert row["internal"]["tags"] == [{"id": 3104}]


@pytest.mark.parametrize("number", ["1", "abc", "٣"])
def test_unknown_drafts(sprout: Service, number: str) -> None:
    answer = sprout.get(f"/v1/{CUSTOMER}/publishing/posts/{number}")

    assert answer.status_code == 404


def test_profiles_that_cannot_take_it_are_dropped_without_a_word(
    sprout: Service,
) -> None:
    everyone = [6810000, 6810004, 6810008, 6810010, 6810013]
    media = upload(sprout, "media/", PNG).json()["data"][0]["media_id"]
    photo = [{"media_id": media, "media_type": "PHOTO"}]

    bare = sprout.post("publishing/posts", DRAFT | {"customer_profile_ids": everyone})
    shown = sprout.post(
        "publishing/posts", DRAFT | {"customer_profile_ids": everyone, "media": photo}
    )

    rows = shown.json()["data"]
    assert {row["customer_profile_id"] for row in bare.json()["data"]} == {"6810000"}
    assert {row["customer_profile_id"] for row in rows} == {
        "6810000",
        "6810004",
        "6810010",
    }
    assert publishing(rows[0])["media"] == [{"id": media, "media_type": "PHOTO"}]


def times(*texts: str, kind: str = "SCHEDULED") -> dict[str, Any]:
    return {"delivery": {"scheduled_times": list(texts), "type": kind}}


REFUSALS: list[tuple[dict[str, Any], int, str]] = [
    ({"is_draft": False}, 400, "drafts"),
    ({"is_draft": "true"}, 400, "is_draft"),
    ({"group_id": 2201}, 400, "group_id"),
    ({"group_id": 1203}, 400, "group"),
    ({"customer_profile_ids": []}, 400, "At least one"),
    ({"customer_profile_ids": ["6810000"]}, 400, "customer_profile_ids"),
    ({"customer_profile_ids": [1]}, 403, "Not permitted"),
    (times(), 400, "scheduled time"),
    (times("2026-03-12T09:30:00Z", kind="QUEUED"), 400, "SCHEDULED"),
    (times("2026-03-11T06:00:00Z"), 400, "future"),
    (times("2026-03-12T09:30:00"), 400, "UTC"),
    (times("2026-03-12T09:30:00+01:00"), 400, "UTC"),
    (times("soon"), 400, "soon"),
    ({"delivery": {"type": "SCHEDULED"}}, 400, "scheduled_times"),
    ({"media": [{"media_id": "x", "media_type": "PHOTO"}]}, 400, "media_id"),
    ({"media": [{"media_id": "x", "media_type": "GIF"}]}, 400, "media_type"),
    ({"tag_ids": [1]}, 400, "tag_id"),
]


@pytest.mark.parametrize(("change", "status", "text"), REFUSALS)
def test_wrong_drafts(
    sprout: Service, change: dict[str, Any], status: int, text: str
) -> None:
    answer = sprout.post("publishing/posts", DRAFT | change)

    assert answer.status_code == status
    assert text in answer.json()["error"]


def test_unused_media_lives_a_day() -> None:
    time = [WORLD.now]
    with service(clock=lambda: time[0]) as sprout:
        kept = upload(sprout, "media/", PNG).json()["data"][0]
        photo = {"media": [{"media_id": kept["media_id"], "media_type": "PHOTO"}]}
        draft = DRAFT | photo | times("2026-03-20T00:00:00Z")
        early = sprout.post("publishing/posts", draft)
        time[0] += timedelta(hours=24)
        late = sprout.post("publishing/posts", draft)

    assert kept["expiration_time"] == "2026-03-12T06:00:00Z"
    assert (early.status_code, late.status_code) == (200, 400)


@pytest.mark.parametrize(
    "start", [PNG, b"GIF89a", b"\xff\xd8\xff\xe0", b"0000ftypmp42"]
)
def test_media_are_known_by_their_first_bytes(sprout: Service, start: bytes) -> None:
    assert upload(sprout, "media/", start).status_code == 200


def test_media_can_come_from_a_link(sprout: Service) -> None:
    link = {"media_url": "https://cdn.example/a.png"}

    simple = upload(sprout, "media/", None, **link)
    begun = upload(sprout, "media/submission", None, **link).json()["data"][0]
    path = f"/v1/{CUSTOMER}/media/submission/{begun['submission_id']}"
    codes = [sprout.get(path).status_code for _ in range(3)]

    assert simple.status_code == 200
    assert codes == [202, 200, 404]


def test_parts_come_in_any_order_and_are_put_together_after_a_wait() -> None:
    with service(media_part_bytes=28, media_wait=2) as sprout:
        begun = upload(sprout, "media/submission", PNG).json()["data"][0]
        path = f"media/submission/{begun['submission_id']}"
        parts = [
            upload(sprout, f"{path}/part/{n}", b"x" * s) for n, s in ((3, 5), (2, 28))
        ]
        answers = [sprout.get(f"/v1/{CUSTOMER}/{path}") for _ in range(3)]

    waits = answers[0].json()["data"][0]
    assert [(part.status_code, part.content) for part in parts] == [(200, b"")] * 2
    assert [answer.status_code for answer in answers] == [202, 202, 200]
    assert waits["submission_id"] == begun["submission_id"]
    assert waits["wait_until"] == "2026-03-11T06:00:01.600802351Z"
    assert set(answers[2].json()["data"][0]) == {"media_id", "expiration_time"}


def test_parts_that_miss_or_have_the_wrong_size() -> None:
    with service(media_part_bytes=28) as sprout:
        begun = upload(sprout, "media/submission", PNG).json()["data"][0]
        path = f"media/submission/{begun['submission_id']}"
        missing = upload(sprout, f"{path}/part/3", b"x")
        gap = sprout.get(f"/v1/{CUSTOMER}/{path}")
        upload(sprout, f"{path}/part/2", b"short")
        short = sprout.get(f"/v1/{CUSTOMER}/{path}")
        long = upload(sprout, f"{path}/part/2", b"x" * 29)
        first = upload(sprout, f"{path}/part/1", PNG)
        none = upload(sprout, f"{path}/part/2", None)

    assert missing.status_code == 200
    refusals = (gap, short, long, first, none)
    assert [answer.status_code for answer in refusals] == [400] * 5


def test_a_submission_ends_after_a_day() -> None:
    time = [WORLD.now]
    with service(clock=lambda: time[0]) as sprout:
        begun = upload(sprout, "media/submission", PNG).json()["data"][0]
        time[0] += timedelta(hours=25)
        late = sprout.get(f"/v1/{CUSTOMER}/media/submission/{begun['submission_id']}")

    assert late.status_code == 404


UPLOADS: list[tuple[bytes | None, dict[str, str]]] = [
    (None, {}),
    (PNG, {"media_url": "https://cdn.example/a.png"}),
    (None, {"media_url": "ftp://cdn.example/a.png"}),
    (b"plain text", {}),
    (PNG + bytes(50 * 1024 * 1024), {}),
]


@pytest.mark.parametrize(("content", "form"), UPLOADS, ids=range(len(UPLOADS)))
def test_wrong_uploads(
    sprout: Service, content: bytes | None, form: dict[str, str]
) -> None:
    assert upload(sprout, "media/", content, **form).status_code == 400


def test_an_upload_in_json_is_refused(sprout: Service) -> None:
    answer = sprout.post("media/", {"url": "https://cdn.example/a.png"})

    assert answer.status_code == 415
