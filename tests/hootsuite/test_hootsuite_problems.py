"""Five shapes of errors and none: whose fault it is, by name."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socialmetrics.adapter import Problem
from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
    Unavailable,
)
from socialmetrics.wire import Flow, Request, Response
from socialmetrics_hootsuite import requests
from socialmetrics_hootsuite.problems import (
    is_about_token,
    problem,
    refusal,
    told,
)
from tests.hootsuite.platform_wire import (
    NOW,
    QUOTA,
    TOKEN,
    Told,
    error,
    errors,
    run,
    wire,
)
from tests.hootsuite.platform_wire import told as answer

READ = requests.one("7")
WRITE = requests.message({"text": "Hello"})


def response(
    content: object, status: int = 400, request: Request = READ, **headers: str
) -> Response:
    _, named, body = answer(content, status, **headers)
    return Response(
        status=status,
        headers=named,
        body=body,
        at=NOW,
        request=request,
        vendor="hootsuite",
    )


def listed(code: int | None, status: int = 400, request: Request = READ) -> Response:
    return response({"errors": [error(code)]}, status, request)


TOKENS = [
    *range(1000, 1003),
    *(1005, 1040, 1042, 1044),
    *range(1007, 1015),
    *range(1025, 1033),
    *range(1034, 1037),
]


@pytest.mark.parametrize(
    ("codes", "fault", "kind"),
    [
        (TOKENS, "token", AuthRefused),
        ([1033, 1037], "scope", PermissionDenied),
        ([1201, 1202, *range(4002, 4011), 4303, 40005], "permission", PermissionDenied),
        ([1003, 1004, 1043], "throttled", RateLimited),
        ([2008, 40025], "quota", Rejected),
        ([1100, *range(2000, 2007), *range(2303, 2307)], "request", Rejected),
        ([3002, 3004, 3005, 3006, 3008, 3010, 3020, 3021], "request", Rejected),
        ([40001, 40004, 40019, 40020, 40022, 40023, 40024], "request", Rejected),
        ([3003, 4001], "not found", NotFound),
        ([40003, 3301], "state", Rejected),
        ([40021], "not yet", Rejected),
        ([5000, 9000], "server", Unavailable),
        ([5001, 5002], "request", Rejected),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_code_says_whose_fault_it_is_whatever_the_status(
    codes: list[int], fault: str, kind: type[SocialMetricsError], status: int
) -> None:
    for code in codes:
        found = problem(listed(code, status))

        assert told(found).fault == fault
        assert found.kind is kind
        assert found.code == str(code)
        assert "because" in found.message
        assert "trace id 00000157a0255d60-37386d" in found.message


@pytest.mark.parametrize("code", [77, 999_999, None])
def test_an_unknown_code_leaves_it_to_the_status(code: int | None) -> None:
    found = problem(listed(code, 403))

    assert (found.kind, told(found).fault) == (None, None)
    assert found.code == (None if code is None else str(code))


@pytest.mark.parametrize(
    ("request_", "text", "fault"),
    [
        (READ, "Schema validation failed", "request"),
        (READ, "Message is not awaiting approval", "state"),
        (requests.history("7"), "whatever", "state"),
        (requests.verdict("7", "approve", {}), "whatever", "state"),
        (requests.verdict("7", "reject", {}), "whatever", "state"),
    ],
)
def test_4000_means_what_the_context_says(
    request_: Request, text: str, fault: str
) -> None:
    found = problem(response({"errors": [error(4000, text)]}, request=request_))

    assert told(found).fault == fault
    assert found.kind is Rejected


@pytest.mark.parametrize(
    ("content", "status", "message", "code", "kind"),
    [
        (
            {"error": "request_forbidden", "error_description": "token_expired"},
            401,
            "token_expired",
            "request_forbidden",
            AuthRefused,
        ),
        (
            {"error": "scope_not_granted", "error_hint": "ask for it"},
            403,
            "ask for it",
            "scope_not_granted",
            PermissionDenied,
        ),
        ({"error": "server_error"}, 400, "server_error", "server_error", Unavailable),
        ({"error": "what_else"}, 401, "what_else", "what_else", AuthRefused),
        ({"error": "invalid_request"}, 400, "invalid_request", "invalid_request", None),
        (
            {"title": "invalid-argument", "status": 422, "detail": "It was invalid."},
            422,
            "invalid-argument: It was invalid.",
            None,
            None,
        ),
        (
            {"schemas": ["a:Error"], "status": "403", "detail": "No.", "scimType": "t"},
            403,
            "No.",
            "t",
            None,
        ),
        ({"title": 7}, 400, '{"title": 7}', None, None),
        ("Access denied. Sorry", 403, "Access denied. Sorry", None, None),
        (
            "<!DOCTYPE html><p>Oh",
            500,
            "HTTP 500 with a web page instead of JSON",
            None,
            None,
        ),
        ("", 400, "HTTP 400 with an empty body", None, None),
        ("Max rate reached: 20", 403, "Max rate reached: 20", None, RateLimited),
        ({"errors": []}, 400, '{"errors": []}', None, None),
        ({"errors": "all of them"}, 400, '{"errors": "all of them"}', None, None),
        ([], 400, "[]", None, None),
    ],
)
def test_each_shape_is_understood(
    content: object,
    status: int,
    message: str,
    code: str | None,
    kind: type[SocialMetricsError] | None,
) -> None:
    found = problem(response(content, status))

    assert (found.message, found.code, found.kind) == (message, code, kind)


@pytest.mark.parametrize(
    ("entry", "message", "code"),
    [
        ("boo", "boo", None),
        ({"code": "4001", "message": None}, "it says no reason", "4001"),
        ({"code": "none", "message": "m"}, "m", None),
        ({"code": 4001.0, "message": "m", "id": 5}, "m; trace id 5", "4001"),
        ({"message": 5}, "{'message': 5}", None),
        ({"code": 1e400, "message": "m"}, None, None),
    ],
)
def test_broken_entries_are_read_as_far_as_they_go(
    entry: object, message: str | None, code: str | None
) -> None:
    found = problem(response({"errors": [entry]}))

    assert found.code == code
    assert message is None or found.message == message


def test_a_text_has_no_control_characters() -> None:
    found = problem(response({"errors": [error(4001, "a\x1b[31m\nb")]}))

    assert found.message.startswith("a [31m b")


def test_the_token_endpoint_is_judged_by_its_status() -> None:
    token = Request(operation="token", method="POST", path="/oauth2/token", host="auth")
    content = {"error": "invalid_token", "error_description": "used twice"}

    found = problem(response(content, 400, token))

    assert found == Problem(message="used twice", code="invalid_token")


def test_a_store_tells_a_word_and_no_keys() -> None:
    upload = requests.file("https://files.example/a?Signature=hush", b"a", "image/png")
    body = "<Error><Code>SignatureDoesNotMatch</Code><Key>hush</Key></Error>"

    named = problem(response(body, 403, upload)).message
    mute = problem(response("hush", 500, upload)).message

    assert named.endswith("answers HTTP 403 (SignatureDoesNotMatch)")
    assert mute.endswith("answers HTTP 500")


@pytest.mark.parametrize(
    ("content", "status", "is_it"),
    [
        (
            {"error": "request_forbidden", "error_description": "token_expired"},
            401,
            True,
        ),
        ({"error": "no_such_word"}, 401, True),
        (
            {
                "error": "request_unauthorized",
                "error_description": "The request could not be authorized",
            },
            401,
            True,
        ),
        ({"errors": [error(1001)]}, 401, True),
        ({"errors": [error(4003)]}, 401, False),
        ({"errors": [error(1201)]}, 401, False),
        ({"errors": [error(1202)]}, 401, False),
        ({"errors": [error(77)]}, 401, False),
        ({"errors": [error(1037)]}, 401, False),
        ({"error": "scope_not_granted"}, 401, False),
        ({"error": "what_else"}, 403, False),
        ("Access denied", 401, False),
        ("", 401, False),
        (
            {
                "error": "request_forbidden",
                "error_description": "A validator returned an error: The request could "
                "not be authorized",
            },
            401,
            False,
        ),
    ],
)
def test_only_words_about_the_token_make_a_renewal_worth_it(
    content: object, status: int, is_it: bool
) -> None:
    assert is_about_token(response(content, status)) is is_it


def test_an_app_that_was_removed_must_be_installed_anew() -> None:
    text = "A validator returned an error: The request could not be authorized"

    found = problem(
        response({"error": "request_forbidden", "error_description": text}, 401)
    )

    assert found.kind is AuthRefused
    assert "installed anew" in found.message


def test_what_was_done_in_part_is_told_and_never_repeated() -> None:
    content = {"data": [{"id": "1"}], "errors": [error(1003)]}

    write = problem(response(content, 429, WRITE))
    read = problem(response(content, 429, READ))

    assert write.kind is Rejected
    assert told(write).response is not None
    assert read.kind is RateLimited
    assert told(read).response is None


def test_used_up_calls_are_told() -> None:
    found = problem(
        response({"errors": [error(1003)]}, 429, x_account_quota_used="100000")
    )

    assert "the calls of the day are used up" in found.message


@pytest.mark.parametrize(
    ("code", "kind"), [(4001, NotFound), (77, Rejected), (1003, RateLimited)]
)
def test_a_refusal_under_a_good_status_is_still_one(
    code: int, kind: type[SocialMetricsError]
) -> None:
    found = refusal(listed(code, 200))

    assert type(found) is kind
    assert (found.status, found.code, found.vendor) == (200, str(code), "hootsuite")
    assert told(found).complaints[0].code == code


def test_an_error_of_somebody_else_tells_nothing() -> None:
    assert told(NotFound("gone")).fault is None


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (errors(error(4003), status=401), PermissionDenied),
        (errors(error(1202), status=403), PermissionDenied),
        (errors(error(1001), status=401), AuthRefused),
        (errors(error(77), status=401), AuthRefused),
        (errors(error(4001), status=404), NotFound),
        (errors(error(40003), status=400), Rejected),
        (answer("Access denied", 403), PermissionDenied),
    ],
)
def test_the_engine_raises_what_the_codes_mean(
    outcome: Told, kind: type[SocialMetricsError]
) -> None:
    def ask() -> Flow[Response]:
        return (yield READ)

    with pytest.raises(kind) as caught:
        run(ask(), wire(outcome))

    assert type(caught.value) is kind
    assert TOKEN not in str(caught.value)


@given(st.binary(max_size=200), st.integers(400, 599))
def test_any_body_is_some_problem(body: bytes, status: int) -> None:
    found = Response(
        status=status, headers=QUOTA, body=body, at=NOW, request=READ, vendor="v"
    )

    assert problem(found).message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["errors", "error", "code", "message", "id", "resource", "title"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.integers(400, 599))
@example({"errors": [""]}, 400)
def test_any_json_is_some_problem(content: object, status: int) -> None:
    body = json.dumps(content).encode()
    found = Response(
        status=status, headers=QUOTA, body=body, at=NOW, request=WRITE, vendor="v"
    )

    assert problem(found).message
