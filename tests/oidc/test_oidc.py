"""An independent server finds nothing to complain about, however many ask at once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.client import Client
from socialmetrics.secret import Secret
from socialmetrics.tokens import MemoryStore
from tests.oidc.oidc_vendor import (
    OidcTool,
    Provider,
    begin_process,
    keys_of,
    providers,
    settings,
    who,
    who_in_process,
)

ROUNDS: Final = 3


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    yield from providers()


@pytest.fixture
def quick() -> Iterator[Provider]:
    """The same, with access tokens that live for 2 seconds."""
    yield from providers(life=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def client_of(provider: Provider, store: MemoryStore | Path) -> Client:
    return sm.connect(OidcTool, **settings(provider.url, store))  # type: ignore[arg-type]  # of any kind


def login(provider: Provider, client: Client) -> None:
    keys = keys_of(client)
    begun = keys.begin(auth_url=provider.url)
    client.run(keys.exchange(begun, provider.visited(begun)))
    provider.events()


def counted(provider: Provider) -> Counter[tuple[str, str | None]]:
    return Counter((each["event"], each.get("kind")) for each in provider.events())


REFRESHED: Final = ("granted", "refresh_token")


# -- the login -------------------------------------------------------------------------


def test_a_login_with_a_challenge_is_granted(provider: Provider, path: Path) -> None:
    with client_of(provider, path) as client:
        keys = keys_of(client)
        begun = keys.begin(auth_url=provider.url)
        tokens = client.run(keys.exchange(begun, provider.visited(begun)))

        assert counted(provider) == {("granted", "authorization_code"): 1}
        assert tokens.refresh_token is not None
        assert tokens.life == 3600
        assert tokens.scope.split() == ["openid", "offline_access"]
        assert who(client) == "acme"


def test_another_verifier_is_refused(provider: Provider, path: Path) -> None:
    with client_of(provider, path) as client:
        keys = keys_of(client)
        begun = keys.begin(auth_url=provider.url)
        other = attrs.evolve(begun, verifier=Secret("x" * 43))

        with pytest.raises(sm.AuthRefused, match="invalid_grant"):
            client.run(keys.exchange(other, provider.visited(begun)))

    assert ("refused", "authorization_code") in counted(provider)


def test_a_code_that_comes_twice_revokes_what_it_gave(
    provider: Provider, path: Path
) -> None:
    """Which is why it is never sent again by itself."""
    with client_of(provider, path) as client:
        keys = keys_of(client)
        begun = keys.begin(auth_url=provider.url)
        answer = provider.visited(begun)
        client.run(keys.exchange(begun, answer))

        with pytest.raises(sm.AuthRefused, match="invalid_grant"):
            client.run(keys.exchange(begun, answer))
        with pytest.raises(sm.AuthRefused, match="log in again"):
            who(client)

    assert ("revoked", None) in counted(provider)


def test_a_user_who_says_no_is_told(provider: Provider, path: Path) -> None:
    with client_of(provider, path) as client:
        begun = keys_of(client).begin(auth_url=provider.url)

        with pytest.raises(
            sm.PermissionDenied, match=r"access_denied: The user said no"
        ):
            begun.code(provider.visited(begun, "&login_hint=no"))


# -- renewals --------------------------------------------------------------------------


def test_refresh_tokens_are_rotated(provider: Provider, path: Path) -> None:
    with client_of(provider, path) as client:
        login(provider, client)
        place = keys_of(client).place
        seen = {place.store.load(place.account)}
        for _ in range(ROUNDS):
            provider.expire()
            assert who(client) == "acme"
            seen.add(place.store.load(place.account))

    assert len({each and each.refresh_token for each in seen}) == ROUNDS + 1
    assert counted(provider) == {REFRESHED: ROUNDS}


def test_an_old_refresh_token_revokes_the_family_and_is_told(
    provider: Provider, path: Path
) -> None:
    with client_of(provider, path) as client:
        login(provider, client)
        place, apart = keys_of(client).place, MemoryStore()
        old = place.store.load(place.account)
        assert old is not None
        apart.save(place.account, old)
        provider.expire()
        who(client)

        with (
            client_of(provider, apart) as other,
            pytest.raises(sm.AuthRefused, match="log in again"),
        ):
            who(other)
        with pytest.raises(sm.AuthRefused, match="log in again"):
            who(client)

    assert ("revoked", None) in counted(provider)


def test_twenty_threads_refresh_once_an_expiry(provider: Provider, path: Path) -> None:
    gate = threading.Barrier(20)

    def ask(client: Client) -> str:
        gate.wait()
        return who(client)

    with client_of(provider, path) as client, ThreadPoolExecutor(20) as pool:
        login(provider, client)
        for number in range(1, ROUNDS + 1):
            provider.expire()
            assert list(pool.map(ask, [client] * 20)) == ["acme"] * 20
            assert counted(provider) == {REFRESHED: 1}, number


def test_twenty_clients_in_threads_refresh_once_an_expiry(
    provider: Provider, path: Path
) -> None:
    clients = [client_of(provider, path) for _ in range(20)]
    login(provider, clients[0])
    with ThreadPoolExecutor(20) as pool:
        for number in range(1, ROUNDS + 1):
            provider.expire()
            assert list(pool.map(who, clients)) == ["acme"] * 20
            assert counted(provider) == {REFRESHED: 1}, number
    for client in clients:
        client.close()


async def test_twenty_tasks_refresh_once_an_expiry(
    provider: Provider, path: Path
) -> None:
    with client_of(provider, path) as client:
        login(provider, client)
    made = settings(provider.url, path)
    async with sm.connect_async(OidcTool, **made) as tasks:  # type: ignore[arg-type]  # of any kind
        adapter = tasks.adapter
        assert isinstance(adapter, OidcTool)
        for number in range(1, ROUNDS + 1):
            provider.expire()
            asked = (tasks.run(adapter.who()) for _ in range(20))
            assert await asyncio.gather(*asked) == ["acme"] * 20
            assert counted(provider) == {REFRESHED: 1}, number


def test_four_processes_refresh_once_an_expiry(provider: Provider, path: Path) -> None:
    with client_of(provider, path) as client:
        login(provider, client)
    context = get_context("spawn")
    with ProcessPoolExecutor(
        4,
        mp_context=context,
        initializer=begin_process,
        initargs=(provider.url, path, context.Barrier(4)),
    ) as pool:
        for number in range(1, ROUNDS + 1):
            provider.expire()
            assert list(pool.map(who_in_process, range(4))) == ["acme"] * 4
            assert counted(provider) == {REFRESHED: 1}, number


def test_tokens_of_a_short_life_are_renewed_in_time(
    quick: Provider, path: Path
) -> None:
    with client_of(quick, path) as client, ThreadPoolExecutor(8) as pool:
        login(quick, client)
        while not (found := counted(quick)):
            assert list(pool.map(who, [client] * 8)) == ["acme"] * 8

    assert found == {REFRESHED: 1}
