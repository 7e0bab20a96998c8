"""The simulated service: media are announced, brought to a storage, and looked at."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from tests.hootsuite_sandbox.hootsuite_calls import (
    KEYS,
    Running,
    ahead,
    refused,
    service,
)

PICTURE = b"\x89PNG and some bytes"
PNG = {"Content-Type": "image/png"}


def announced(box: Running, kind: str = "image/png", size: int = len(PICTURE)) -> Any:
    body = {"sizeBytes": size, "mimeType": kind}
    answer = box.ask("POST", "media", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def brought(box: Running, url: str, **options: Any) -> httpx.Response:
    told = {"content": PICTURE, "headers": PNG, **options}
    return box.send("PUT", url, **told)


def looked(box: Running, number: str) -> Any:
    return box.get(f"media/{quote(number, safe='')}")["data"]


def ready(box: Running) -> str:
    told = announced(box)
    assert brought(box, told["uploadUrl"]).status_code == 200
    while looked(box, told["id"])["state"] != "READY":
        pass
    number: str = told["id"]
    return number


def denied(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/xml")
    assert f"<Code>{code}</Code>" in answer.text


def test_an_announcement_brings_an_address_that_is_signed() -> None:
    with service() as box:
        told = announced(box)

    # As it was recorded, key for key.
    assert list(told) == ["uploadUrl", "uploadUrlDurationSeconds", "id"]
    assert told["uploadUrlDurationSeconds"] == 1799
    assert b64decode(told["id"]).startswith(b"https://hootsuite-video.s3")
    assert told["id"].endswith("=")
    parts = urlsplit(str(told["uploadUrl"]))
    assert f"{parts.scheme}://{parts.netloc}" == "http://sandbox"
    assert set(parse_qs(parts.query)) == {"AWSAccessKeyId", "Expires", "Signature"}


def test_a_medium_is_queued_then_ready() -> None:
    with service(media_wait=2) as box:
        told = announced(box)
        before = looked(box, told["id"])
        # As it was recorded.
        assert before == {
            "id": told["id"],
            "downloadUrl": None,
            "downloadUrlDurationSeconds": None,
            "state": "QUEUED",
        }
        assert brought(box, told["uploadUrl"]).status_code == 200

        states = [looked(box, told["id"])["state"] for _ in range(4)]

        assert states == ["QUEUED", "QUEUED", "READY", "READY"]
        assert looked(box, told["id"])["downloadUrl"].startswith("https://")


def test_only_the_first_upload_counts() -> None:
    with service() as box:
        told = announced(box)
        other = bytes(len(PICTURE))

        answers = [
            brought(box, told["uploadUrl"]),
            brought(box, told["uploadUrl"], content=other),
        ]

        assert [one.status_code for one in answers] == [200, 200]
        medium = box.state.uploads.media[told["id"]]
        assert medium.content == PICTURE
        assert medium.discarded == 1


def test_the_storage_takes_no_credentials() -> None:
    with service() as box:
        told = announced(box)
        header = {**PNG, "Authorization": f"Bearer {KEYS['access_token']}"}

        answer = brought(box, told["uploadUrl"], headers=header)

        denied(answer, 400, "InvalidArgument")
        assert looked(box, told["id"])["state"] == "QUEUED"


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {}},
        {"headers": {"Content-Type": "image/jpeg"}},
        {"headers": {"Content-Type": "image/png; charset=utf-8"}},
        {"content": PICTURE + b"."},
        {"content": PICTURE[:-1]},
        {"content": b""},
    ],
)
def test_type_and_length_must_be_those_that_were_announced(
    options: dict[str, Any],
) -> None:
    with service() as box:
        told = announced(box)

        denied(brought(box, told["uploadUrl"], **options), 403, "SignatureDoesNotMatch")

        assert box.state.uploads.media[told["id"]].content is None
        assert brought(box, told["uploadUrl"]).status_code == 200


def test_the_length_must_be_told() -> None:
    async def parts() -> Any:
        yield PICTURE

    with service() as box:
        told = announced(box)

        answer = brought(box, told["uploadUrl"], content=parts())

        denied(answer, 411, "MissingContentLength")


@pytest.mark.parametrize(
    ("old", "new"),
    [("Signature=", "Signature=a"), ("Expires=1", "Expires=2"), (".", "")],
)
def test_an_address_that_was_changed_opens_nothing(old: str, new: str) -> None:
    with service() as box:
        url = announced(box)["uploadUrl"].replace(old, new)

        denied(brought(box, url), 403, "SignatureDoesNotMatch")


def test_an_address_ends() -> None:
    with service(upload_seconds=60) as box:
        told = announced(box)
        box.state.advance(timedelta(seconds=60))

        denied(brought(box, told["uploadUrl"]), 403, "AccessDenied")


def test_the_storage_can_be_elsewhere() -> None:
    with service(upload_base="https://storage.example") as box:
        assert announced(box)["uploadUrl"].startswith("https://storage.example/s3/")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sizeBytes": "5", "mimeType": "image/png"},
        {"sizeBytes": 5.5, "mimeType": "image/png"},
        {"sizeBytes": 0, "mimeType": "image/png"},
        {"sizeBytes": 5},
        {"sizeBytes": 5, "mimeType": "image/webp"},
        {"sizeBytes": 5, "mimeType": "image/png", "name": "a.png"},
    ],
)
def test_faulty_announcements_are_refused(body: dict[str, Any]) -> None:
    with service() as box:
        refused(box.ask("POST", "media", json=body), 400, 4000)


@pytest.mark.parametrize(
    "kind", ["video/mp4", "image/gif", "image/jpeg", "image/jpg", "image/png"]
)
def test_five_types_are_taken(kind: str) -> None:
    with service() as box:
        told = announced(box, kind)

        header = {"Content-Type": kind}
        assert brought(box, told["uploadUrl"], headers=header).status_code == 200


def test_unknown_media_are_not_found() -> None:
    with service() as box:
        refused(box.ask("GET", "media/abc="), 404, 4001)


def test_only_ready_media_can_be_published() -> None:
    with service() as box:
        number = announced(box)["id"]
        refused(box.publish(media=[{"id": number}]), 400, 40021)
        assert box.state.outbox.made == []
        number = ready(box)
        options = {"facebook": {"title": "A film", "category": "OTHER"}}

        (told,) = box.made(
            media=[{"id": number, "videoOptions": options}],
            scheduledSendTime=ahead(hours=1),
        )

        (medium,) = told["media"]
        assert medium == {"id": number, "thumbnailId": None, "videoOptions": options}
        assert len(told["mediaUrls"]) == 1


def test_a_medium_can_be_ready_at_once() -> None:
    with service(media_wait=0) as box:
        told = announced(box)
        brought(box, told["uploadUrl"])

        assert box.made(media=[{"id": told["id"]}])


def test_an_organization_can_announce_media() -> None:
    with service() as box:
        form = {"grant_type": "organization_app", "organization_id": "687751"}
        told = box.token(**form).json()["access_token"]
        body = {"sizeBytes": 5, "mimeType": "image/png"}

        assert box.ask("POST", "media", token=told, json=body).status_code == 200
