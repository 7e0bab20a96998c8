"""Receipts of a shape that nobody wrote down: nothing is made up, nothing is hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import (
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
)
from socialmetrics.model import Consignment, Draft, Publication
from socialmetrics.secret import Secret
from socialmetrics_hootsuite.legacy import HootsuiteLegacy
from tests.hootsuite_legacy.driving_legacy import (
    NOW,
    down,
    profile,
    refusal,
    response,
)
from tests.sprout.driving import Driven, Server, drive, result

X, PAGE = profile(11), profile(22, "facebook")
AT = datetime(2026, 3, 12, 9, 31, tzinfo=UTC)
ADAPTER = HootsuiteLegacy(access_token=Secret("t"))


def published(server: Server, **change: Any) -> Publication:
    told: dict[str, Any] = {"text": "Hello", "profiles": (X, PAGE), **change}
    (consignment,) = ADAPTER.plan_publish(Draft(**told), NOW)
    return result(ADAPTER.publish(consignment), server)


def said(content: object, **change: Any) -> Publication:
    return published(lambda request: response(request, content), **change)


def ids(found: Publication) -> list[str | None]:
    return [each.vendor_id for each in found.deliveries]


def test_it_is_sent_once() -> None:
    (consignment,) = ADAPTER.plan_publish(Draft(text="Hello", profiles=(X,)), NOW)

    found: Driven[object] = drive(ADAPTER.publish(consignment), response)

    (request,) = found.requests
    assert (request.method, request.path, request.safe) == ("POST", "/messages", False)


def test_at_once() -> None:
    first, second = said(b"").deliveries

    assert (first.profile, first.state) == (X, "submitted")
    assert (second.profile, second.state) == (PAGE, "submitted")
    assert (first.at, first.asked_at, first.reason) == (None, None, None)


def test_at_a_time_the_receipt_has_the_effective_and_the_asked_one() -> None:
    found = said(b"", at=AT)

    for each in found.deliveries:
        assert each.state == "scheduled"
        assert each.at == AT + timedelta(minutes=4)
        assert each.asked_at == AT
    assert "becomes 09:35:00" in found.notes[0]


def test_a_time_that_stays_is_not_told_twice() -> None:
    even = AT.replace(minute=35)

    first, _ = said(b"", at=even).deliveries

    assert (first.at, first.asked_at) == (even, None)


def test_a_time_that_the_tool_picks_is_unknown() -> None:
    first, _ = said(b"", at="auto").deliveries

    assert (first.state, first.at, first.asked_at) == ("scheduled", None, None)
    assert "picks the time" in (first.reason or "")


@pytest.mark.parametrize("key", ["id", "messageId", "message_id"])
@pytest.mark.parametrize("is_enveloped", [True, False])
@pytest.mark.parametrize("number", [7, "7"])
def test_ids_are_found_by_profile(
    key: str, is_enveloped: bool, number: int | str
) -> None:
    rows = [{"socialNetworkId": "22", key: 8}, {"socialNetworkId": 11, key: number}]

    found = said({"results": rows} if is_enveloped else rows)

    assert ids(found) == ["7", "8"]
    if is_enveloped:
        assert found.raw["results"] == rows


@pytest.mark.parametrize(
    "content",
    [{"results": {"id": 7}}, {"id": 7}, {"results": [{"id": 7}]}, [{"id": "7"}],
     {"results": {"messages": [{"id": 7}]}}],
)  # fmt: skip
def test_the_only_id_belongs_to_the_only_profile(content: object) -> None:
    assert ids(said(content, profiles=(X,))) == ["7"]


@pytest.mark.parametrize(
    "content",
    [b"", b"OK", b"\xff", b"{", b"null", b"5", {}, {"results": None},
     {"results": [{"id": 7}, {"id": 8}]}, {"id": None}, {"id": True}, {"id": ""},
     {"results": [5, "a"]}, {"id": 7, "socialNetworks": [11, 22]}, {"error": None},
     {"errors": []}, {"error": ""}, {"results": [{"socialNetworkId": 99, "id": 7}]}],
)  # fmt: skip
def test_no_id_is_made_up(content: object) -> None:
    found = said(content)

    assert ids(found) == [None, None]
    assert {each.state for each in found.deliveries} == {"submitted"}


def test_two_ids_of_one_profile_are_not_guessed_about() -> None:
    assert ids(said([{"id": 7}, {"id": 8}], profiles=(X,))) == [None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"error": "too long"}, "too long"),
        ({"errors": [{"message": "too long"}, "and dull"]}, "too long; and dull"),
        ({"errors": {"code": 5}}, "{'code': 5}"),
        ({"error": 5}, "5"),
        ({"error": [5]}, r"\[5\]"),
        ({"results": [{"socialNetworkId": n, "error": "no"} for n in (11, 22)]}, "no"),
        ({"results": {"success": "false", "errors": ["too dull"]}}, "too dull"),
        ({"results": {"success": "false", "errors": [{"message": "no"}]}}, "no"),
        ({"results": {"success": False}}, "success is False"),
        ({"success": "false"}, "success is false"),
        ({"success": 0, "results": []}, "success is 0"),
        ({"results": {"error": "no access"}}, "no access"),
    ],
)
def test_an_error_with_a_good_status_is_a_refusal(content: object, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        said(content)


@pytest.mark.parametrize(
    "content",
    [
        {"results": {"success": "true"}},
        {"success": True, "errors": []},
        {"success": None},
        {"results": {"id": 7, "error": "of one profile, but of which?"}},
    ],
)
def test_what_is_not_denied_was_taken(content: object) -> None:
    assert [each.state for each in said(content).deliveries] == ["submitted"] * 2


def test_where_some_were_refused_the_others_keep_their_ids() -> None:
    made = {"socialNetworkId": 11, "id": 7}
    told = said({"results": [made], "error": "no access to 22"})
    named = said([made, {"socialNetworkId": 22, "errors": ["no access"]}])

    for found in (told, named):
        first, second = found.deliveries
        assert (first.state, first.vendor_id) == ("submitted", "7")
        assert second.state == "failed"
        assert "no access" in (second.reason or "")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal("Rate limit exceeded", 403), RateLimited),
        (refusal("not yours", 403), PermissionDenied),
        (refusal("empty", 400), Rejected),
    ],
)
def test_a_refusal_is_raised_as_what_it_is(
    error: SocialMetricsError, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        published(lambda _: error)


def test_what_may_have_happened_is_not_sent_again() -> None:
    asked: list[object] = []

    def server(request: object) -> object:
        asked.append(request)
        return down()

    with pytest.raises(SocialMetricsError):
        published(server)

    assert len(asked) == 1


@given(st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["results", "id", "socialNetworkId", "error", "errors", "a"]),
        inner, max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
def test_any_answer_is_a_receipt_or_a_refusal(content: object) -> None:
    try:
        found = said(content)
    except Rejected as err:
        assert err.message  # noqa: PT017 - either may come
        return

    assert [each.profile for each in found.deliveries] == [X, PAGE]
    assert {each.state for each in found.deliveries} <= {"submitted", "failed"}


def test_notes_of_the_consignment_are_kept() -> None:
    consignment = Consignment(
        draft=Draft(text="Hello", profiles=(X,)), notes=("a note",)
    )

    found = result(ADAPTER.publish(consignment), response)

    assert found.notes == ("a note",)
    assert found.raw == {}
