"""Uploads: in one piece, by address, or in parts that are waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Unavailable
from socialmetrics.model import Media
from socialmetrics.wire import Flow, Request
from socialmetrics_sprout.media import (
    LONGEST,
    MOST,
    PART,
    TRIES,
    kind_of,
    upload,
    upload_from,
)
from tests.sprout.driving import Driven, content, drive, response, result, script

DONE = content({"media_id": "m-1", "expiration_time": "2026-03-12T06:00:00Z"})
STARTED = content({"submission_id": "s-1"})
END = datetime(2026, 3, 12, 6, tzinfo=UTC)


def waiting(
    until: object = "2026-03-11T06:00:05.600802351Z",
) -> Callable[[Request], object]:
    told = content({"submission_id": "s-1", "wait_until": until})
    return lambda request: response(request, told, 202)


def scripted(*outcomes: object) -> Callable[[Request], object]:
    left = list(outcomes)

    def server(request: Request) -> object:
        outcome = left.pop(0)
        return outcome(request) if callable(outcome) else outcome

    return server


@pytest.mark.parametrize("size", [1, MOST])
def test_up_to_50_mib_a_file_goes_in_one_request_that_is_not_repeated(
    size: int,
) -> None:
    found = Driven[object]()

    drive(upload(b"x" * size, "cat.png", "image/png"), script(DONE), into=found)

    (request,) = found.requests
    (file,) = request.files
    assert found.result == Media(vendor_id="m-1", kind="photo", expires_at=END)
    assert request.path == "/v1/{customer}/media/"
    assert not request.safe
    assert (file.field, file.filename, file.content_type) == (
        "media",
        "cat.png",
        "image/png",
    )
    assert len(file.content) == size


def test_a_larger_file_goes_in_parts_of_exactly_5_mib() -> None:
    whole = bytes(range(256)) * (MOST // 256) + b"rest"
    found = Driven[object]()

    drive(
        upload(whole, "film.mp4", "video/mp4"),
        scripted(STARTED, *[b""] * 10, waiting(), waiting(), DONE),
        into=found,
    )

    sent = [r.files[0].content for r in found.requests if r.files]
    paths = [
        r.path.removeprefix("/v1/{customer}/media/submission") for r in found.requests
    ]
    assert found.result == Media(vendor_id="m-1", kind="video", expires_at=END)
    assert b"".join(sent) == whole
    assert [len(piece) for piece in sent] == [PART] * 10 + [4]
    assert paths == ["", *(f"/s-1/part/{n}" for n in range(2, 12)), *["/s-1"] * 3]
    assert [r.safe for r in found.requests] == [False, *[True] * 13]
    assert 202 in found.requests[-1].done


def big() -> Flow[Media]:
    return upload(b"x" * (MOST + 1), "film.mp4", "video/mp4")


PARTS = [b""] * 10


@pytest.mark.parametrize(
    ("until", "delay"),
    [
        ("2026-03-11T06:00:05.600802351Z", 5.600802),
        ("2026-03-11T05:59:00Z", 1.0),
        ("2026-03-11T07:00:00Z", LONGEST),
        ("2026-03-11T06:00:09", 9.0),
        ("soon", 1.0),
        ("0001-01-01T00:00:00+14:00", 1.0),
        (None, 1.0),
    ],
)
def test_completion_is_asked_no_sooner_than_told_and_no_later_than_a_minute(
    until: object, delay: float
) -> None:
    found = Driven[object]()

    drive(big(), scripted(STARTED, *PARTS, waiting(until), DONE), into=found)

    assert [r.delay for r in found.requests[-2:]] == [0.0, pytest.approx(delay)]


def test_a_completion_that_never_comes_is_unavailable() -> None:
    found = Driven[object]()
    left = iter([STARTED, *PARTS])

    def server(request: Request) -> object:
        return next(left, None) or waiting()(request)

    def counted(request: Request) -> object:
        return waiting()(request) if request.method == "GET" else server(request)

    with pytest.raises(Unavailable, match="not put together after 120 questions"):
        drive(big(), lambda r: b"" if "/part/" in r.path else counted(r), into=found)

    assert sum(1 for r in found.requests if r.method == "GET") == TRIES


def test_a_file_can_be_given_by_its_address() -> None:
    found = Driven[object]()

    drive(
        upload_from("https://cdn.example/a.pdf", "application/pdf"),
        scripted(STARTED, waiting(), DONE),
        into=found,
    )

    (request, *_) = found.requests
    (part,) = request.files
    assert found.result == Media(vendor_id="m-1", kind="document", expires_at=END)
    assert request.path == "/v1/{customer}/media/submission"
    assert (part.field, part.content) == ("media_url", b"https://cdn.example/a.pdf")
    assert part.filename is None


@pytest.mark.parametrize(
    "address", ["", "ftp://cdn.example/a.png", "/etc/passwd", "https://a\r\nb"]
)
def test_what_is_no_http_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidQuery, match="no http"):
        result(upload_from(address, "image/png"), script())


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/png", "photo"),
        ("image/x-heif-jpeg", "photo"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
    ],
)
def test_the_kind_follows_the_content_type(content_type: str, kind: str) -> None:
    assert kind_of(content_type) == kind


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/zip", "image", "image/", "image/png\r\nX: y"],
)
def test_a_content_type_that_the_vendor_does_not_take_is_refused(
    content_type: str,
) -> None:
    with pytest.raises(InvalidQuery, match="no type that Sprout takes"):
        result(upload(b"x", "a", content_type), script())


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="is empty"):
        result(upload(b"", "a.png", "image/png"), script())


@pytest.mark.parametrize("answer", [content({}), content({"expiration_time": None})])
def test_an_upload_without_an_id_is_unavailable(answer: object) -> None:
    with pytest.raises(Unavailable, match="no media_id"):
        result(upload(b"x", "a.png", "image/png"), script(answer))


def test_a_submission_without_an_id_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="no submission_id"):
        result(big(), script(content({})))


@pytest.mark.parametrize("answer", [content(), b"<html>", {"data": None}])
def test_an_upload_whose_answer_cannot_be_read_may_have_happened(
    answer: object,
) -> None:
    with pytest.raises(OutcomeUnknown, match="it was accepted"):
        result(upload(b"x", "a.png", "image/png"), script(answer))
