"""What holds for any input: pages join, and nothing makes the service stumble."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hootsuite_sandbox.hootsuite_calls import NOW, Running, service, spelled

JSON: dict[str, str] = {"Content-Type": "application/json"}
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=5)
ANY = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "text", "socialProfileIds", "scheduledSendTime", "webhookUrls", "tags",
        "targeting", "privacy", "location", "emailNotification", "mediaUrls", "media",
        "extendedInfo", "sizeBytes", "mimeType", "sequenceNumber", "reason", "filters",
    ]
)  # fmt: skip
PATHS = [
    "messages", "media", "messages/4950332802/approve", "messages/4950332802/reject",
    "analytics/posts?datatype=ORGANIC&networkId=TWITTER", "analytics/profiles",
]  # fmt: skip


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service(per_day=10**9, review=["139000035"]) as running:
        running.made(socialProfileIds=["139000035"])
        yield running


@given(data=st.data())
def test_pages_of_any_size_join_to_the_whole(box: Running, data: st.DataObject) -> None:
    start = NOW - timedelta(seconds=data.draw(st.integers(0, 4 * 7 * 86_400)))
    limit = data.draw(st.integers(20, 100))
    window = {"startTime": spelled(start), "endTime": spelled(NOW)}

    found: list[str] = []
    query: dict[str, Any] = {**window, "limit": limit}
    while True:
        body = box.get("messages", **query)
        found += [row["id"] for row in body["data"]]
        assert len(body["data"]) <= limit
        query["cursor"] = body["metadata"]["cursor"]["next"]
        if query["cursor"] is None:
            break

    expected = [
        one
        for one in box.state.outbox.all()
        if one.at is not None and start.replace(microsecond=0) <= one.at <= NOW
    ]
    expected.sort(key=lambda one: one.key)
    assert found == [one.id for one in expected]


@pytest.mark.parametrize("path", PATHS)
@given(body=st.binary(max_size=40) | st.just(b"null"))
@settings(max_examples=25)
def test_any_bytes_are_refused_in_order(box: Running, path: str, body: bytes) -> None:
    answer = box.ask("POST", path, content=body, headers=JSON)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()


@pytest.mark.parametrize("path", PATHS)
@given(body=st.dictionaries(FIELDS, ANY, max_size=4))
@settings(max_examples=25)
def test_any_object_is_refused_in_order(
    box: Running, path: str, body: dict[str, Any]
) -> None:
    answer = box.ask("POST", path, json=body)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()


@given(
    name=st.sampled_from(["state", "limit", "cursor", "startTime", "socialProfileIds"]),
    text=st.text(max_size=12),
)
def test_any_parameter_is_taken_or_refused_in_order(
    box: Running, name: str, text: str
) -> None:
    window = {"startTime": spelled(NOW), "endTime": spelled(NOW)}

    answer = box.ask("GET", "messages", params={**window, name: text})

    assert answer.status_code in (200, 400, 404), answer.text


@given(token=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_no_token_that_was_made_up_opens_anything(box: Running, token: str) -> None:
    assert box.ask("GET", "me", token=token).status_code == 401


@given(code=st.text(min_size=1, max_size=20), token=st.text(min_size=1, max_size=20))
def test_no_grant_that_was_made_up_brings_tokens(
    box: Running, code: str, token: str
) -> None:
    before = box.state.grants.issued
    uri = "https://app.example/callback"

    for form in (
        {"grant_type": "authorization_code", "code": code, "redirect_uri": uri},
        {"grant_type": "refresh_token", "refresh_token": token},
        {"grant_type": token},
    ):
        assert box.token(**form).status_code == 400
    assert box.state.grants.issued == before
