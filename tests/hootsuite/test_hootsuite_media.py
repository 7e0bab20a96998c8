"""Uploads: three steps, no token for the store, and an end to the waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialmetrics.engine import finish
from socialmetrics.errors import (
    InvalidQuery,
    PermissionDenied,
    Unavailable,
    Unreadable,
)
from socialmetrics.model import Consignment, File, Media
from socialmetrics.port import Lost
from socialmetrics_hootsuite.media import PAUSE, TRIES, prepared, upload
from socialmetrics_hootsuite.payloads import UploadPayload
from tests.hootsuite.platform_wire import (
    ON_X,
    TOKEN,
    Told,
    draft,
    engine,
    port,
    run,
    told,
    wire,
)

ID = "aHR0cHM6Ly9ob290c3VpdGU="
URL = "https://files.example/production/1.mp4?AWSAccessKeyId=hush&Signature=hush"
PICTURE = File(name="a.png", content_type="image/png", content=b"\x89PNG")


def begun(url: str = URL) -> Told:
    row = {"uploadUrl": url, "uploadUrlDurationSeconds": 1799, "id": ID}
    return told({"data": row})


def state(word: str) -> Told:
    return told({"data": {"id": ID, "state": word, "downloadUrl": None}})


QUEUED, READY = state("QUEUED"), state("READY")
STORED: Told = (200, {}, b"")


def test_a_file_is_announced_stored_and_waited_for() -> None:
    server = wire(begun(), STORED, QUEUED, QUEUED, READY)

    found = run(upload(PICTURE), server)

    assert found == Media(vendor_id=ID, kind="photo")
    assert server.asked == [
        "POST /v1/media",
        f"PUT {URL}",
        *["GET /v1/media/aHR0cHM6Ly9ob290c3VpdGU%3D"] * 3,
    ]
    assert server.requests[0].json == {"sizeBytes": 4, "mimeType": "image/png"}
    assert [each.delay for each in server.requests[2:]] == [0.0, PAUSE, PAUSE]


def test_the_store_gets_the_bytes_and_no_token() -> None:
    server = wire(begun(), STORED, READY)

    run(upload(PICTURE), server)

    _, put, asked = server.requests
    assert (put.content, put.content_type) == (PICTURE.content, "image/png")
    assert server.headers[1] == {}
    assert server.headers[2] == {"Authorization": f"Bearer {TOKEN}"}
    assert asked.url is None


def test_the_address_of_an_upload_does_not_show() -> None:
    assert "hush" not in repr(UploadPayload(id=ID, uploadUrl=URL))


def test_a_video_is_one() -> None:
    film = File(name="a.mp4", content_type="video/mp4", content=b"film")

    assert run(upload(film), wire(begun(), STORED, READY)).kind == "video"


def test_lost_answers_are_asked_for_again() -> None:
    server = wire(Lost("reset"), begun(), Lost("reset"), STORED, told("", 503), READY)

    assert run(upload(PICTURE), server).vendor_id == ID


def test_the_waiting_ends() -> None:
    fake = port(wire(begun(), STORED, *[QUEUED] * TRIES))

    with pytest.raises(Unavailable, match="not ready after 60 questions"):
        finish(engine(fake).run(upload(PICTURE)))

    assert sum(fake.slept) == TRIES - 1


def test_a_store_that_refuses_is_named_without_its_keys() -> None:
    refusal: Told = (403, {}, b"<Code>AccessDenied</Code><Key>hush</Key>")

    with pytest.raises(PermissionDenied, match="AccessDenied") as caught:
        run(upload(PICTURE), wire(begun(), refusal))

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://files.example/?hush", "", "ftp://a.example"])
def test_an_upload_address_that_is_not_protected_is_not_used(url: str) -> None:
    server = wire(begun(url))

    with pytest.raises(Unreadable, match="the upload address cannot be used") as caught:
        run(upload(PICTURE), server)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "answer", [told({"data": {"id": ID}}), told({"data": []}), told({"data": None})]
)
def test_an_answer_without_an_address_is_a_named_error(answer: Told) -> None:
    with pytest.raises(Exception, match="media"):
        run(upload(PICTURE), wire(answer))


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (File(name="a.tiff", content_type="image/tiff", content=b"a"), "takes video/"),
        (File(name="a", content_type="image/png; x=y", content=b"a"), "takes video/"),
        (File(name="a.png", content_type="image/png", content=b""), "is empty"),
    ],
)
def test_a_file_is_looked_at_before_anything_is_sent(file: File, problem: str) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        run(upload(file), wire())


def test_files_of_a_draft_become_media_in_their_order() -> None:
    there = Media(vendor_id="m-1", kind="photo")
    consignment = Consignment(draft=draft(ON_X, media=[there, PICTURE]), notes=("n",))

    found = run(prepared(consignment), wire(begun(), STORED, READY))

    assert found.draft.media == (there, Media(vendor_id=ID, kind="photo"))
    assert (found.draft.text, found.notes) == ("Hello", ("n",))


def test_a_path_must_be_read_first() -> None:
    consignment = Consignment(draft=draft(ON_X, media=[Path("a.png")]))

    with pytest.raises(InvalidQuery, match="is a path; read it"):
        run(prepared(consignment), wire())
