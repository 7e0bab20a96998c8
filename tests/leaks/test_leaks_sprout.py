"""No credential of Sprout's shows in anything that a failing run leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

import pytest

import socialmetrics as sm
from tests.conftest import AnyClient, Fetch
from tests.core.servers import Server, Talk, answering, field, written
from tests.leaks.surfaces import (
    BEARER,
    CLIENT_SECRET,
    PASSWORD,
    QUICK,
    Given,
    Heard,
    Settings,
    leaks,
    parts_of,
    told_by,
)
from tests.leaks.talks import FAULTS, GRANTED, UNAUTHORIZED, Echo, Fault, token_answer


def by_token(url: str) -> Settings:
    return {"token": BEARER, "base_url": url, "auth_url": url}


def by_client(url: str) -> Settings:
    return {
        "client_id": "fake-client",
        "client_secret": CLIENT_SECRET,
        "base_url": url,
        "auth_url": url,
    }


def by_proxy(url: str) -> Settings:
    address = url.replace("http://", f"http://user:{quote(PASSWORD)}@")
    return {"token": BEARER, "base_url": "https://api.vendor.example", "proxy": address}


RUNS: Final[list[tuple[str, Callable[[str], Settings], Talk]]] = [
    *((f"token, {name}", by_token, fault.talk) for name, fault in FAULTS.items()),
    *((f"client, {name}", by_client, fault.talk) for name, fault in FAULTS.items()),
    *((f"token, echo {code}", by_token, Echo(code).talk) for code in (200, 400, 500)),
    *((f"client, echo {code}", by_client, Echo(code).talk) for code in (200, 400)),
    ("client, echo of the secret", by_client, Echo(400, is_grantor=False).talk),
    ("client, 401 itself", by_client, answering(UNAUTHORIZED)),
    ("client, odd token", by_client, token_answer(b'{"access_token": "%b\\n"}')),
    ("client, half an answer", by_client, token_answer(b'{"access_token": "%b"')),
    (
        "client, odd life",
        by_client,
        token_answer(b'{"access_token": "%b", "expires_in": []}'),
    ),
    ("client, two tokens", by_client, token_answer(b'{"access_token": ["%b"]}')),
    ("proxy, 407", by_proxy, answering(written(b"who are you", 407))),
    ("proxy, dropped", by_proxy, Fault(is_end=True).talk),
]


@pytest.mark.parametrize(
    ("settings", "talk"), [r[1:] for r in RUNS], ids=[r[0] for r in RUNS]
)
def test_a_failing_run_shows_no_secret_anywhere(
    settings: Callable[[str], Settings],
    talk: Talk,
    fetch: Fetch,
    heard: Heard,
    given: Given,
) -> None:
    surfaces: list[tuple[str, str]] = []

    def look(client: AnyClient) -> Any:
        surfaces.extend(parts_of(client))
        return client.profiles()

    with Server(talk) as server:
        given(settings(server.url))
        asked = fetch.by("sprout", retry=QUICK, timeout=2)
        with pytest.raises(sm.SocialMetricsError) as caught:
            asked.items(look)

    surfaces += [*told_by(caught.value), ("log", heard.log.getvalue())]
    surfaces += [("warning", text) for text in heard.warned]
    assert server.requests
    assert leaks(surfaces) == set()


# -- other hosts -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("settings", [by_token, by_client])
def test_nothing_arrives_at_the_host_that_a_redirect_points_to(
    settings: Callable[[str], Settings],
    status: int,
    fetch: Fetch,
    heard: Heard,
    given: Given,
) -> None:
    with Server(answering(written(b'{"data": []}'))) as other:
        moved = written(b"", status, {"Location": f"{other.url}/v1/metadata/client"})
        with Server(Fault(moved).talk) as server:
            given(settings(server.url))
            asked = fetch.by("sprout", retry=QUICK)
            with pytest.raises(
                sm.SocialMetricsError, match="is not followed"
            ) as caught:
                asked.items(lambda client: client.profiles())

    assert other.opened == 0
    assert leaks([*told_by(caught.value), ("log", heard.log.getvalue())]) == set()


def test_the_authorization_server_never_sees_a_bearer_token(fetch: Fetch) -> None:
    rows = b'{"data": [{"customer_id": 1}]}'
    with (
        Server(answering(UNAUTHORIZED, written(rows))) as api,
        Server(answering(GRANTED)) as auth,
    ):
        settings = {**by_client(api.url), "auth_url": auth.url}
        with suppress(sm.SocialMetricsError):
            fetch.by("sprout", retry=QUICK, **settings).items(lambda c: c.profiles())

    assert auth.requests
    assert {field(head, "authorization") for head, _ in auth.requests} == {""}
    assert all(CLIENT_SECRET.encode() not in b"".join(each) for each in api.requests)
