"""Profiles: hidden names, unknown types, and accounts that must be connected anew."""

from __future__ import annotations

import pytest

from socialmetrics.errors import Incomplete, NotFound, PermissionDenied, Unreadable
from socialmetrics.model import Profile, Ref
from socialmetrics_hootsuite.networks import kind, network
from socialmetrics_hootsuite.profiles import needs_login, profiles
from tests.hootsuite.platform_wire import (
    Told,
    data,
    error,
    errors,
    items,
    profile,
    told,
    wire,
)

RECORDED = {
    "id": "300000001",
    "type": "TWITTER",
    "socialNetworkId": "900000000000000017",
    "socialNetworkUsername": "example_handle",
    "avatarUrl": "http://abs.twimg.com/sticky/default.png",
    "owner": "MEMBER",
}


def test_a_profile_is_known_by_the_networks_id_and_keeps_what_came() -> None:
    server = wire(told({"data": [RECORDED]}))

    (found,) = items(profiles(), server)

    assert found == Profile(
        ref=Ref("x", "900000000000000017"),
        vendor_id="300000001",
        name="example_handle",
        handle="example_handle",
    )
    assert found.raw == RECORDED
    assert server.asked == ["GET /v1/socialProfiles"]


def test_a_hidden_name_is_the_networks_id_and_no_handle() -> None:
    row = {**RECORDED, "socialNetworkUsername": None, "avatarUrl": None}

    (found,) = items(profiles(), wire(data(row)))

    assert (found.name, found.handle) == ("900000000000000017", None)


@pytest.mark.parametrize("native", [None, 17])
def test_ids_are_text_and_one_that_is_missing_is_hootsuites(native: int | None) -> None:
    row = {"id": 5, "type": "MASTODON", "socialNetworkId": native}

    (found,) = items(profiles(), wire(data(row)))

    assert found.vendor_id == "5"
    assert found.ref == Ref("mastodon", "5" if native is None else "17")


@pytest.mark.parametrize(
    ("told_", "needed"), [(1, True), ("1", True), (0, False), (None, False)]
)
def test_whether_the_account_must_be_connected_anew(
    told_: object, needed: bool
) -> None:
    assert needs_login(profile(1, isReauthRequired=told_)) is needed
    assert not needs_login(profile(1))


@pytest.mark.parametrize(
    ("type_", "slug"),
    [
        ("TWITTER", "x"),
        ("FACEBOOKPAGE", "facebook"),
        ("FACEBOOKGROUP", "facebook"),
        ("INSTAGRAMBUSINESS", "instagram"),
        ("LINKEDINCOMPANY", "linkedin"),
        ("TIKTOKBUSINESS", "tiktok"),
        ("YOUTUBECHANNEL", "youtube"),
        ("THREADS", "threads"),
        ("MASTODON", "mastodon"),
    ],
)
def test_types_are_our_networks(type_: str, slug: str) -> None:
    assert network(type_) == slug


def test_a_kind_is_known_by_its_type_or_by_a_network_with_one_kind() -> None:
    bare = Profile(ref=Ref("x", "1"), vendor_id="1", name="Bare")
    page = Profile(ref=Ref("facebook", "1"), vendor_id="1", name="Page")

    assert kind(bare).type == "TWITTER"
    assert kind(page).type == ""
    assert kind(profile(1, "MASTODON")).network == "mastodon"
    assert "'MASTODON'" in kind(profile(1, "MASTODON")).title
    assert "facebook" in kind(page).title


def test_mended_text_is_told() -> None:
    row = (
        b'{"data": [{"id": "1", "type": "TWITTER", "socialNetworkUsername": "a\xff"}]}'
    )
    server = wire((200, {}, row))

    (found,) = items(profiles(), server)

    assert found.name == "a\ufffd"


@pytest.mark.parametrize(
    ("outcomes", "kind_"),
    [
        ([told({"data": [{"id": "1"}]})], Unreadable),
        ([told({"data": 7})], Unreadable),
        ([told({})] * 3, Incomplete),
        ([told({"data": {}})] * 3, Incomplete),
        ([told({"data": [{**RECORDED, "socialNetworkId": " "}]})], Unreadable),
        ([told("<html>")] * 3, Unreadable),
        ([told({"data": [RECORDED], "errors": [error(5000)]})] * 3, Incomplete),
        ([told({"errors": [error(4001)]})], NotFound),
        ([errors(error(1201), status=401)], PermissionDenied),
    ],
)
def test_what_cannot_be_read_is_a_named_error(
    outcomes: list[Told], kind_: type[Exception]
) -> None:
    server = wire(*outcomes)

    with pytest.raises(kind_):
        items(profiles(), server)

    assert server.outcomes == []
