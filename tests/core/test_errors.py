"""Errors say what, where and what to do, and travel between processes."""

from __future__ import annotations

import copy
import inspect
import pickle
from datetime import UTC, datetime

import pytest

from socialmetrics import errors
from socialmetrics.errors import (
    AuthRefused,
    Incomplete,
    InvalidQuery,
    MissingCredential,
    Misuse,
    NotComparable,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Refused,
    Rejected,
    SocialMetricsError,
    Unavailable,
    Unreachable,
    Unreadable,
    Unsupported,
    VendorFault,
)

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, SocialMetricsError)
]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EXAMPLES: list[SocialMetricsError] = [
    RateLimited("slow", retry_at=NOON, vendor="toy", status=429, request_id="r"),
    Unsupported("no inbox", vendor="toy", operation="messages", alternatives=["x"]),
    NotComparable("no sum", rule="unique", instead="ask by day"),
    *(
        kind(
            "what",
            vendor="toy",
            operation="posts",
            status=500,
            code="E",
            request_id="r",
        )
        for kind in KINDS
        if kind not in (RateLimited, Unsupported, NotComparable)
    ),
]


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (Exception, {SocialMetricsError}),
        (
            SocialMetricsError,
            {Misuse, Refused, VendorFault, Unreachable, OutcomeUnknown},
        ),
        (Misuse, {InvalidQuery, MissingCredential, Unsupported, NotComparable}),
        (Refused, {AuthRefused, PermissionDenied, NotFound, Rejected, RateLimited}),
        (VendorFault, {Unavailable, Unreadable, Incomplete}),
    ],
)
def test_the_tree_is_the_one_that_is_drawn(
    parent: type[Exception], children: set[type[Exception]]
) -> None:
    found = {kind for kind in KINDS if kind.__bases__ == (parent,)}

    assert found == children
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in children)


def test_trying_again_may_help_only_for_some() -> None:
    found = {kind for kind in KINDS if kind.retryable}

    assert found == {
        RateLimited,
        VendorFault,
        Unavailable,
        Unreadable,
        Incomplete,
        Unreachable,
    }


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InvalidQuery("no such day"), "no such day"),
        (NotFound("gone", vendor="toy"), "toy: gone"),
        (NotFound("gone", operation="posts"), "posts: gone"),
        (NotFound("gone", vendor="toy", operation="posts"), "toy posts: gone"),
        (
            NotFound("gone", vendor="toy", status=404, code="E4", request_id="r-1"),
            "toy: gone [HTTP 404, code E4, request id r-1]",
        ),
        (Rejected("no", code="7"), "no [code 7]"),
        (
            NotComparable("no", rule="unique", instead="by='day'"),
            "no (rule: unique). Instead: by='day'",
        ),
    ],
)
def test_an_error_reads_with_its_facts(error: SocialMetricsError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_survives_the_way_to_another_process(
    error: SocialMetricsError, protocol: int
) -> None:
    found = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own

    assert type(found) is type(error)
    assert str(found) == str(error)
    assert found.args == error.args
    assert found.__dict__ == error.__dict__


def test_what_only_some_errors_know_survives_too() -> None:
    limited, unsupported, sums = (
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        for error in EXAMPLES[:3]
    )

    assert limited.retry_at == NOON
    assert unsupported.alternatives == ("x",)
    assert (sums.rule, sums.instead) == ("unique", "ask by day")


def test_a_copy_is_equal_and_another() -> None:
    error = AuthRefused("no", vendor="toy", status=401)

    found = copy.copy(error)

    assert found is not error
    assert str(found) == str(error)
