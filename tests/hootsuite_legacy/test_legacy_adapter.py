"""The adapter: credentials, what it declares, the samples, and its profiles."""

from __future__ import annotations

from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.auth import Attempt, Refusal
from socialmetrics.errors import InvalidQuery, MissingCredential, Unreadable
from socialmetrics.model import Profile
from socialmetrics.plan import ProfilesPart
from socialmetrics.secret import Secret
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.reader import messages
from tests.hootsuite_legacy.driving_legacy import (
    MENTION,
    WALL,
    asks,
    part,
    profile,
    response,
)
from tests.sprout.driving import Driven, drive

ADAPTER = HootsuiteLegacy(access_token=Secret("a-token"))
NETWORKS = {
    "results": [
        {"socialNetworkId": 1234567, "type": "TWITTER", "username": "example"},
        {
            "socialNetworkId": 1234568,
            "type": "FACEBOOKPAGE",
            "username": "Example Page",
        },
    ]
}
INTERLEAVED: list[dict[str, Any]] = [
    {
        "created_at": "Tue May 07 17:02:11 +0000 2013",
        "id": 331811111111111111,
        "id_str": "331811111111111111",
        "text": "hello",
        "user": {
            "screen_name": "example",
            "profile_image_url": "http://example.com/a.png",
        },
    },
    {
        "avatar": "http://example.com/b.png",
        "name": "Example Page",
        "message": "hi",
        "created": 1367945000,
        "createdFormatted": "May 7",
    },
]


def profiles(content: object) -> list[Profile]:
    return drive(ADAPTER.profiles(ProfilesPart()), lambda _: content).items


# -- credentials -----------------------------------------------------------------------


def test_the_token_is_sent_and_never_renewed() -> None:
    adapter = HootsuiteLegacy.from_credentials({"access_token": "a-token"})
    auth, request = adapter.auth(), Request(operation="networks", method="GET")

    headers = auth.headers(Attempt(request, "https://api.hootsuite.com", 0.0))

    assert headers == {"Authorization": "Bearer a-token"}
    assert not auth.can_renew(Refusal(response(request, b"", 401), 0.0))
    assert "a-token" not in repr(adapter)


def test_without_a_token_there_is_nothing_to_do() -> None:
    with pytest.raises(MissingCredential, match="needs access_token"):
        HootsuiteLegacy.from_credentials({})


@pytest.mark.parametrize("token", ["", "a token", "a\n", 5, b"a"])
def test_a_token_that_is_none_is_refused_without_showing_it(token: object) -> None:
    with pytest.raises(InvalidQuery, match="access_token"):
        HootsuiteLegacy.from_credentials({"access_token": token})


def test_what_it_can_do_and_what_it_cannot() -> None:
    told = {each.operation: each for each in HootsuiteLegacy.capabilities().operations}

    supported = [name for name, each in told.items() if each.supported]
    assert supported == ["profiles", "posts", "messages", "publish"]
    assert "no figures" in told["metrics"].detail
    assert told["topics"].alternatives == ("sprout",)
    assert HootsuiteLegacy.limits == (sm.Limit(300, 3600.0),)


def test_what_it_lacks_is_said_before_anything_is_sent() -> None:
    with sm.connect(HootsuiteLegacy, access_token="a-token") as client:
        with pytest.raises(sm.Unsupported, match="has no figures"):
            client.metrics(["x:hootsuite:11"], ["likes"])
        with pytest.raises(sm.Unsupported, match="no listening topics"):
            client.topics()


# -- profiles --------------------------------------------------------------------------


def test_the_sample_of_networks() -> None:
    on_x, on_facebook = profiles(NETWORKS)

    assert (on_x.ref, on_x.vendor_id) == (
        sm.Ref("x", "hootsuite:1234567"),
        "1234567",
    )
    assert (on_x.name, on_x.handle) == ("example", "example")
    assert on_facebook.ref == sm.Ref("facebook", "hootsuite:1234568")
    assert (on_facebook.name, on_facebook.handle) == ("Example Page", None)
    assert on_facebook.raw["type"] == "FACEBOOKPAGE"


def test_networks_cost_nothing_of_the_streams() -> None:
    found = drive(ADAPTER.profiles(ProfilesPart()), lambda _: NETWORKS)

    assert [request.weight for request in found.requests] == [0]


@pytest.mark.parametrize(
    "content", [NETWORKS["results"], {"networks": NETWORKS["results"]}]
)
def test_networks_in_other_envelopes(content: object) -> None:
    assert len(profiles(content)) == 2


def test_unknown_kinds_and_keys_are_kept() -> None:
    row = {"socialNetworkId": "9", "type": "MIXI", "username": None, "mood": [1]}

    (found,) = profiles([row])

    assert (found.ref, found.name) == (sm.Ref("mixi", "hootsuite:9"), "9")
    assert dict(found.raw) == row


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "no list of social networks"),
        (5, "no list of social networks"),
        ([{"type": "TWITTER"}], r"socialNetworkId.*\(in \$\[0\]\)"),
        ([{"socialNetworkId": 1.5, "type": "TWITTER"}], "socialNetworkId"),
        ([{"socialNetworkId": 1, "type": ""}], "network=''"),
    ],
)
def test_networks_that_cannot_be_read(content: object, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        profiles(content)


# -- messages --------------------------------------------------------------------------


def test_the_sample_of_messages() -> None:
    tweet, wall = INTERLEAVED

    def server(request: Request) -> object:
        (one,) = asks(request)
        has_bound = "maxId" in one or "maxTimestamp" in one
        row = tweet if one["type"] == "MENTION" else wall
        return {"results": [] if has_bound else [row]}

    year = sm.Window.days("2013-01-01", "2013-12-31")
    recent = [part(s, window=year, is_recent=True) for s in (MENTION, WALL)]
    (one,), (other,) = (drive(messages(each), server).items for each in recent)

    assert one.ref == sm.Ref("x", "331811111111111111")
    assert one.created_at.isoformat() == "2013-05-07T17:02:11+00:00"
    assert one.author is not None
    assert (one.author.handle, one.author.ref) == ("example", None)
    assert (one.text, one.sent, one.kind) == ("hello", False, "MENTION")
    assert dict(one.raw) == tweet
    assert (other.ref, other.vendor_id, other.text) == (None, "", "hi")
    assert other.author is not None
    assert (other.author.name, other.author.handle) == ("Example Page", None)
    assert (other.profile, other.sent) == ("22", None)


def test_what_the_profile_wrote_itself_is_sent() -> None:
    mine = {**INTERLEAVED[0], "user": {"screen_name": "ACME", "id": 7}}
    nobody: dict[str, Any] = {
        **INTERLEAVED[0],
        "user": {},
        "id_str": "331811111111111110",
    }
    bare = {"created_at": "1367945000", "id": "331811111111111109"}
    year = sm.Window.days("2013-01-01", "2013-12-31")

    def server(request: Request) -> object:
        return [] if "maxId" in asks(request)[0] else [mine, nobody, bare]

    found = drive(messages(part(MENTION, window=year, is_recent=True)), server).items

    assert [message.sent for message in found] == [True, None, None]
    assert found[0].author == sm.Author(ref=sm.Ref("x", "7"), handle="ACME")
    assert found[2].author is None


def test_streams_to_poll_are_named_by_the_adapter() -> None:
    page = profile(22, "facebook")

    assert ADAPTER.stream(page, "F_WALL") == WALL
    found: Driven[object] = drive(ADAPTER.newer(WALL), lambda _: [INTERLEAVED[1]])
    assert [message.text for message in found.result.messages] == ["hi"]
