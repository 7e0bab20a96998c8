"""What both clients deliver is what the simulated world says, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.legacy import HootsuiteLegacy, Newer, VendorStream
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, Feeds, app
from socialmetrics_hootsuite.legacy.sandbox.feeds import network_id
from socialmetrics_hootsuite.legacy.streams import BY_NETWORK, INBOUND
from tests.conftest import AnyClient, Fetch
from tests.hootsuite_legacy.sandbox_calls_legacy import PLENTY
from tests.hootsuite_legacy.serving_legacy import (
    PAST,
    WORLD,
    Simulated,
    accounts,
    found,
    profiles,
    running,
)

FEEDS = Feeds(WORLD)
YEAR = sm.Window(WORLD.now - timedelta(days=365), WORLD.now + timedelta(seconds=1))
ODD = sm.Window(
    YEAR.start + timedelta(seconds=1000), YEAR.start + timedelta(days=200, seconds=1.5)
)


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls of a year: coverage is measured elsewhere."""


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulated]:
    with running() as found:
        yield found


def truth(
    account: Account, kind: str, window: sm.Window
) -> list[tuple[str, str, datetime]]:
    """Newest first."""
    return [
        (entry.id, entry.text, entry.at)
        for entry in reversed(FEEDS.feed(account, kind, WORLD.now))
        if window.start <= entry.at < window.end
    ]


def told(messages: Iterable[sm.Message], mark: tuple[str, str]) -> list[Any]:
    return [
        (each.vendor_id, each.text, each.created_at)
        for each in messages
        if (each.profile, each.kind) == mark
    ]


def test_profiles_are_the_worlds(fetch: Fetch, vendor: Simulated) -> None:
    names = {(p.vendor_id, p.ref.network) for p in profiles(vendor.by(fetch))}

    assert names == {(str(network_id(a)), a.network) for a in accounts()}


@pytest.mark.parametrize("window", [YEAR, PAST, ODD], ids=["recent", "past", "odd"])
def test_every_stream_is_the_truth(
    window: sm.Window, fetch: Fetch, vendor: Simulated
) -> None:
    kinds = [kind for some in BY_NETWORK.values() for kind in some]
    kinds.remove("F_HOME_STREAM")

    messages = found(vendor.by(fetch), window, kinds)

    expected = 0
    for account in accounts():
        for kind in BY_NETWORK.get(account.network, ()):
            if kind in kinds:
                mine = truth(account, kind, window)
                same = told(messages, (str(network_id(account)), kind))
                by_place = sorted if kind.startswith("F_") else list
                assert by_place(same) == by_place(mine), (account.ref, kind)
                expected += len(mine)
    assert len(messages) == expected > 1000


@pytest.mark.parametrize(
    "options",
    [
        {"enveloped": False, "inner": "items", "id_key": "post_id"},
        {"left_out": ("MENTION", "F_WALL")},
        {"id_key": ""},
    ],
)
def test_other_shapes_tell_the_same(options: dict[str, Any]) -> None:
    with running(**options) as simulated:
        messages = found(simulated.by(Fetch(is_async=False)), PAST, None)

    expected = [
        (text, at)
        for account in accounts()
        for kind in INBOUND.get(account.network, ())
        for _, text, at in truth(account, kind, PAST)
    ]
    assert sorted((m.text or "", m.created_at) for m in messages) == sorted(expected)


def test_pages_from_which_messages_are_hidden_are_not_the_end() -> None:
    with running(hidden=3) as simulated:
        messages = found(simulated.by(Fetch(is_async=False)), PAST, ["MENTION"])

    expected = [
        entry.id
        for account in accounts()
        if account.network == "x"
        for entry in FEEDS.feed(account, "MENTION", WORLD.now)
        if PAST.start <= entry.at < PAST.end and entry.row % 3
    ]
    assert sorted(m.vendor_id for m in messages) == sorted(expected)


def test_a_page_without_a_home_stream_is_an_issue(vendor: Simulated) -> None:
    with sm.connect(
        HootsuiteLegacy,
        base_url=vendor.url,
        budget=[(PLENTY, 1.0)],
        clock=WORLD.now,
        access_token=CREDENTIALS["access_token"],
    ) as client:
        everybody = list(client.profiles())
        where = {"streams": ["F_HOME_STREAM", "MENTION"]}
        pull = client.messages(everybody, PAST, where=where)
        kinds = {message.kind for message in pull}

    assert kinds == {"F_HOME_STREAM", "MENTION"}
    (issue,) = pull.issues
    assert "has no home stream" in issue.problem
    assert [missing.network for missing in pull.missing] == ["linkedin"] * 2


def test_a_second_with_more_messages_than_a_page_is_named() -> None:
    crowded = World(scale=8)
    page = next(a for a in crowded.profiles if a.network == "facebook")
    made = app(crowded, per_hour=PLENTY)
    feed = Feeds(crowded).feed(page, "F_COMMENTS", crowded.now)
    whole = sm.Window(feed[0].at, crowded.now)
    with (
        serve(made) as server,
        sm.connect(
            HootsuiteLegacy,
            base_url=server.url,
            budget=[(PLENTY, 1.0)],
            access_token=CREDENTIALS["access_token"],
        ) as client,
    ):
        profile = next(p for p in client.profiles() if p.ref.network == "facebook")
        pull = client.messages([profile], whole, where={"streams": ["F_COMMENTS"]})
        came = {message.vendor_id for message in pull}

    lost = [entry for entry in feed if entry.id not in came]
    assert len({entry.at for entry in lost}) == len(pull.issues) == 1
    assert f"{lost[0].at:%Y-%m-%d %H:%M:%S} UTC" in pull.issues[0].problem


def test_posts_are_the_tweets(fetch: Fetch, vendor: Simulated) -> None:
    asked = vendor.by(fetch)
    everybody = profiles(asked)

    posts = asked.items(lambda client: client.posts(everybody, PAST, metrics=["likes"]))

    expected = [
        (entry.id, entry.text, entry.at)
        for account in accounts()
        if account.network == "x"
        for entry in FEEDS.feed(account, "SENT", WORLD.now)
        if PAST.start <= entry.at < PAST.end
    ]
    assert sorted(
        (p.ref.native_id, p.text or "", p.created_at) for p in posts
    ) == sorted(expected)
    assert {post.profile for post in posts} == {
        str(network_id(a)) for a in accounts() if a.network == "x"
    }


# -- polling ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "kind"), [("x", "MENTION"), ("facebook", "F_COMMENTS")]
)
def test_polling_misses_nothing(network: str, kind: str, fetch: Fetch) -> None:
    account = next(a for a in accounts() if a.network == network)
    mark = VendorStream(str(network_id(account)), kind)
    now, came = [PAST.start], list[str]()
    seen = None

    with running(clock=lambda: now[0]) as simulated:
        asked = simulated.by(fetch)
        for days in (0, 1, 60, 2, 28):
            now[0] += timedelta(days=days)
            new = polled(asked, mark, seen)
            seen = new.last_seen
            came += [each.vendor_id for each in new.messages] if days else []

    expected = [
        entry.id
        for entry in FEEDS.feed(account, kind, now[0])
        if PAST.start < entry.at <= now[0]
    ]
    assert sorted(came) == sorted(expected)
    assert len(expected) > 20


def polled(asked: Fetch, mark: VendorStream, seen: Any) -> Newer:
    def run(client: AnyClient) -> Any:
        adapter = client.adapter
        assert isinstance(adapter, HootsuiteLegacy)
        return client.run(adapter.newer(mark, seen))

    found: Newer = asked.value(run)
    return found
