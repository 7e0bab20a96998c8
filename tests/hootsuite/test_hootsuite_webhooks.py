"""Webhooks: lists of events, pings, repetitions and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import tracemalloc
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import AuthRefused, InvalidQuery, Unreadable
from socialmetrics.secret import Secret
from socialmetrics_hootsuite.webhooks import MOST, SIGNATURE, Event, Seen, parse

SECRET = "a-webhook-secret"
PENDING = {
    "seq_no": "1684272788542",
    "type": "com.hootsuite.messages.event.v1",
    "data": {
        "state": "PENDING_APPROVAL",
        "organization": {"id": "200001"},
        "message": {"id": "3929087454"},
        "timestamp": "2023-05-17T15:35:25.555Z",
    },
}
PING: dict[str, object] = {"type": "com.hootsuite.ping.event.v1", "data": {}}


def body(*events: object) -> bytes:
    return json.dumps(list(events)).encode()


def signature(content: bytes) -> bytes:
    return hmac.new(SECRET.encode(), content, hashlib.sha512).digest()


def test_an_event_tells_what_happened_to_what() -> None:
    (found,) = parse(body(PENDING), {})

    assert found == Event(
        kind="messages",
        seq_no="1684272788542",
        state="pending approval",
        at=datetime(2023, 5, 17, 15, 35, 25, 555_000, tzinfo=UTC),
        ids={"organization": "200001", "message": "3929087454"},
    )
    assert found.raw == PENDING["data"]


def test_a_ping_has_no_number() -> None:
    assert parse(body(PING), {}) == (Event(kind="ping"),)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "com.hootsuite.new.event.v2"}, Event(kind="new.event.v2")),
        ({"type": "other", "seq_no": 2**63}, Event(kind="other", seq_no=str(2**63))),
        (
            {
                "type": "com.hootsuite.apps.event.v1",
                "seq_no": "1",
                "data": {
                    "state": "UNINSTALLED",
                    "app": {"id": 5},
                    "member": {"id": True},
                    "organization": None,
                    "timestamp": "soon",
                },
            },
            Event(kind="apps", seq_no="1", state="uninstalled", ids={"app": "5"}),
        ),
        (
            {"type": "t", "data": {"state": 5, "timestamp": 5, "message": {"id": 1.5}}},
            Event(kind="t"),
        ),
        ({"type": "t", "data": None}, Event(kind="t")),
    ],
)
def test_what_is_not_known_is_kept(event: object, expected: Event) -> None:
    assert parse(body(event), {}) == (expected,)


def test_events_keep_their_order() -> None:
    later = {**PENDING, "seq_no": "5"}

    found = parse(body(PENDING, PING, later), {})

    assert [each.seq_no for each in found] == ["1684272788542", None, "5"]
    assert parse(b"[]", {}) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[",
        b"[5]",
        b"[{}]",
        b'[{"type": 5}]',
        b"\xff",
        b"null",
        b"[" * 9999,
    ],
)
def test_a_body_that_is_no_list_of_events_is_named(content: bytes) -> None:
    with pytest.raises(Unreadable, match="a webhook's body cannot be read"):
        parse(content, {})


def test_a_body_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable, match="more than events ever need"):
        parse(b" " * (MOST + 1), {})


@given(st.binary(max_size=200))
def test_any_bytes_are_events_or_a_named_error(content: bytes) -> None:
    with suppress(Unreadable):
        assert all(each.kind is not None for each in parse(content, {}))


@pytest.mark.parametrize("name", [SIGNATURE, "X-Hootsuite-Signature"])
@pytest.mark.parametrize("secret", [SECRET, Secret(SECRET)])
def test_a_signature_is_checked_as_hex_or_base64(
    name: str, secret: Secret | str
) -> None:
    content = body(PENDING)
    right = signature(content)

    for told in (right.hex(), right.hex().upper(), b64encode(right).decode()):
        assert parse(content, {name: told}, secret=secret)


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "missing"),
        ({SIGNATURE: " "}, "missing"),
        ({SIGNATURE: "00" * 64}, "wrong"),
        ({SIGNATURE: "\u00fc\ud800"}, "wrong"),
        ({SIGNATURE: signature(b"[]").hex()}, "wrong"),
    ],
)
def test_a_wrong_signature_is_refused_without_the_secret(
    headers: dict[str, str], problem: str
) -> None:
    with pytest.raises(AuthRefused, match=problem) as caught:
        parse(body(PENDING), headers, secret=SECRET)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("secret", ["", Secret("")])
def test_an_empty_secret_signs_nothing(secret: Secret | str) -> None:
    with pytest.raises(InvalidQuery, match="secret is empty"):
        parse(body(), {}, secret=secret)


def test_an_event_is_new_once_and_a_ping_always() -> None:
    seen = Seen()
    event, ping = Event(kind="messages", seq_no="1"), Event(kind="ping")

    assert [seen.is_new(each) for each in (event, event, ping, ping)] == [
        True,
        False,
        True,
        True,
    ]


def test_the_oldest_is_forgotten_first_and_what_comes_again_is_younger() -> None:
    seen = Seen(most=2)
    a, b, c = (Event(kind="m", seq_no=each) for each in "abc")

    told = [seen.is_new(each) for each in (a, b, a, c, a, b)]

    assert told == [True, True, False, True, False, True]


def test_its_memory_has_a_bound() -> None:
    seen = Seen(most=100)
    events = [Event(kind="m", seq_no=str(10**18 + number)) for number in range(20_000)]

    tracemalloc.start()
    for each in events:
        seen.is_new(each)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 100_000


def test_what_remembers_nothing_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="most=0"):
        Seen(most=0)
