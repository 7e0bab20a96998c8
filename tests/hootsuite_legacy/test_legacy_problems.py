"""Error answers: in what words they come, and which of them are limits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy.problems import (
    Throttled,
    asked_wait,
    is_throttled,
    problem,
)
from tests.hootsuite_legacy.driving_legacy import NOW, response

REQUEST = Request(operation="messages", method="GET", path="/messages")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"error": "no such network"}, "no such network"),
        ({"error": "bad", "error_description": "very bad"}, "bad: very bad"),
        ({"error": "bad", "message": "bad"}, "bad"),
        ({"errors": [{"message": "one"}, {"error": "two"}]}, "one: two"),
        ({"error": {"message": {"message": "deep"}}}, "deep"),
        ({"error": {"code": 7}}, "{'code': 7}"),
        ({"error": 7}, '{"error": 7}'),
        ({"error": "line\nbreak"}, "line break"),
        (b"Access denied", "Access denied"),
        (b"<html>", "HTTP 400 with a web page instead of JSON"),
        (b"", "HTTP 400 with an empty body"),
        (b"[]", "[]"),
        (b'{"error": "\xff"}', '{"error": "\ufffd"}'),
    ],
)
def test_what_an_error_answer_says(content: object, words: str) -> None:
    found = problem(response(REQUEST, content, 400))

    assert found.message == words
    assert (found.code, found.told) == (None, None)


def test_a_refused_token_says_that_nothing_renews_it() -> None:
    found = problem(response(REQUEST, {"error": "expired"}, 401))

    assert found.message.startswith("expired (")
    assert "log in again" in found.message


@pytest.mark.parametrize(
    ("status", "text", "is_limit"),
    [
        (429, "", True),
        (403, "Rate limit exceeded", True),
        (403, "You made too many requests", True),
        (403, "hourly QUOTA is used up", True),
        (403, "request was throttled", True),
        (403, "no access to this network", False),
        (503, "rate-limit", True),
        (503, "max rate reached: wait", True),
        (503, "overloaded", False),
        (400, "rate limit", False),
    ],
)
def test_which_refusals_are_limits(status: int, text: str, is_limit: bool) -> None:
    answer = response(REQUEST, {"error": text}, status)

    assert is_throttled(answer) == is_limit
    assert asked_wait(answer) == (3600.0 if is_limit else None)
    later = Throttled(NOW + timedelta(hours=1))
    assert problem(answer).told == (later if is_limit else None)


@pytest.mark.parametrize("status", [429, 403, 503])
def test_a_limit_that_says_how_long_is_believed(status: int) -> None:
    headers = {"retry-after": "17"}
    answer = response(REQUEST, {"error": "rate limit"}, status, headers)

    assert asked_wait(answer) == 17
    assert problem(answer).told == Throttled(NOW + timedelta(seconds=17))
