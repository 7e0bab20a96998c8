"""Error answers into a message, a code, and what they complain of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics_x.complaints import UNAVAILABLE, Complaints
from socialmetrics_x.problems import problem
from tests.x.driving_x import response
from tests.x.test_x_auth import request


@pytest.mark.parametrize(
    ("content", "message", "code"),
    [
        ({"errors": ["one", "two"]}, "one; two", None),
        ({"errors": "only one"}, "only one", None),
        ({"errors": ["a\nb\x00c"]}, "a b c", None),
        (
            {"errors": [{"code": 89, "message": "Invalid token"}]},
            "Invalid token (code 89)",
            "89",
        ),
        ({"errors": ["text", {"message": "no code"}]}, "text; no code", None),
        ({"errors": []}, '{"errors": []}', None),
        ({"error": "other"}, '{"error": "other"}', None),
        ([], "[]", None),
        (b"", "HTTP 403 with an empty body", None),
        (b"<html>", "HTTP 403 with a web page instead of JSON", None),
        (b'{"errors":["\xff"]}', '{"errors":["\ufffd"]}', None),
        (b"[" * 9999, "[" * 300, None),
    ],
)
def test_the_message_is_what_was_said(
    content: object, message: str, code: str | None
) -> None:
    found = problem(response(request(), content, 403))

    assert (found.message, found.code) == (message, code)


def test_complaints_are_kept_with_the_lists() -> None:
    content = {
        "errors": ["1 Tweet ID(s) are unavailable"],
        UNAVAILABLE: ["12"],
        "withheld_tweet_ids": "no list",
    }

    told = problem(response(request(), content, 400)).told

    assert isinstance(told, Complaints)
    assert told.is_unavailable
    assert told.listed == {UNAVAILABLE: {"12"}}


@given(st.binary())
def test_any_bytes_have_a_message(body: bytes) -> None:
    assert problem(response(request(), body, 500)).message
