"""What adapters and engine say to each other refuses what would break a request."""

from __future__ import annotations

import attrs
import pytest

from socialmetrics.errors import InvalidQuery, NotFound
from socialmetrics.model import Issue, Source
from socialmetrics.wire import Page, Request, Stream, Upload, collect, segment
from tests.core.wires import MONDAY, READ, response

SOURCE = Source(
    vendor="toy", endpoint="posts", request_id=None, api_version=None, fetched_at=MONDAY
)


@pytest.mark.parametrize(
    "path",
    ["", "v1", "/a b", "/a\r\nX-Evil: 1", "/a\n", "/\0", "/\x7f", "/ü", "/a\u2028"],
)
def test_a_path_that_cannot_be_written_is_refused(path: str) -> None:
    with pytest.raises(InvalidQuery, match="path="):
        Request(operation="x", method="GET", path=path)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("7", "7"),
        ("a b/ü", "a%20b%2F%C3%BC"),
        ("a\r\n?#", "a%0D%0A%3F%23"),
        ("...", "..."),
    ],
)
def test_an_id_is_one_piece_of_a_path(text: str, quoted: str) -> None:
    assert segment(text) == quoted


@pytest.mark.parametrize("text", ["", ".", "..", "\ud800"])
def test_what_cannot_be_a_piece_of_a_path_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery):
        segment(text)


def test_a_request_shows_no_body() -> None:
    request = attrs.evolve(READ, json={"text": "hush"}, form={"secret": "hush"})

    assert "hush" not in repr(request)
    assert "hush" not in repr(response(b"hush"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"content_type": "image/png\r\nX-Evil: 1"},
        {"content_type": ""},
        {"content_type": "bild/ü"},
        {"field": 'file"; name="other'},
        {"field": "a\nb"},
    ],
)
def test_an_upload_that_would_break_its_part_is_refused(wrong: dict[str, str]) -> None:
    good = {"field": "file", "filename": "a.png", "content_type": "image/png"}

    with pytest.raises(InvalidQuery, match="cannot be written"):
        Upload(**{**good, **wrong}, content=b"")


def test_plain_text_in_a_multipart_body_needs_no_type() -> None:
    upload = Upload(field="text", content=b"hello")

    assert (upload.filename, upload.content_type) == (None, None)


def test_an_upload_without_a_name_is_a_plain_field() -> None:
    upload = Upload(field="media_url", content=b"hush")

    assert (upload.filename, upload.content_type) == (None, None)
    assert "hush" not in repr(upload)
    assert "<4 bytes>" in repr(upload)


def test_collecting_joins_pages_issues_and_the_last_source() -> None:
    odd = Issue(path="$", problem="odd")

    def stream() -> Stream[str]:
        yield Page(("a",), (odd,), SOURCE)
        try:
            yield READ
        except NotFound:
            yield Page(("b", "c"), (odd,))

    flow = collect(stream())
    assert next(flow) == READ
    with pytest.raises(StopIteration) as end:
        flow.throw(NotFound("gone"))

    assert end.value.value == Page(("a", "b", "c"), (odd, odd), SOURCE)


SIGNED = "https://files.example/put/1.png?Signature=hush-hush&Expires=1"


def test_an_address_elsewhere_shows_its_origin_only() -> None:
    request = Request(
        operation="upload",
        method="PUT",
        url=SIGNED,
        content=b"hush",
        content_type="a/b",
    )

    assert not request.is_api
    assert READ.is_api
    assert "https://files.example:443" in repr(request)
    assert "hush" not in repr(request)
    assert "put" not in repr(request)
    assert "<4 bytes>" in repr(request)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "no address"),
        ("/v1/hush", "no address"),
        ("https://", "no address"),
        ("https://files.example:nine/?hush", "no address"),
        ("https://files.example/a b?hush", "no address"),
        ("https://files.example/a\r\nX-Evil: hush", "no address"),
        ("https://files.example/ü?hush", "no address"),
        ("http://files.example/?hush", "it must be https"),
        ("ftp://127.0.0.1/?hush", "it must be https"),
        ("https://files.example/?hush#hush", "credentials or a fragment"),
        ("https://hush:hush@files.example/", "credentials or a fragment"),
    ],
)
def test_an_address_elsewhere_must_be_one_that_nobody_reads(
    url: str, problem: str
) -> None:
    with pytest.raises(InvalidQuery, match=problem) as caught:
        Request(operation="upload", method="PUT", url=url)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8/a?b", "http://localhost/a", "http://[::1]:8/"]
)
def test_a_file_store_on_this_machine_needs_no_tls(url: str) -> None:
    assert Request(operation="upload", method="PUT", url=url).url == url
