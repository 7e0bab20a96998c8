"""No credential of X's shows in anything that a failing run leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import pytest

import socialmetrics as sm
from socialmetrics_x import X
from socialmetrics_x.login import RequestToken
from tests.conftest import AnyClient, Fetch
from tests.core.servers import Server, Talk, answering, written
from tests.leaks.surfaces import (
    BEARER,
    CONSUMER_SECRET,
    OWNER,
    OWNER_SECRET,
    QUICK,
    Given,
    Heard,
    Settings,
    forms,
    leaks,
    parts_of,
    shown,
    told_by,
)
from tests.leaks.talks import FAULTS, GRANTED, UNAUTHORIZED, Echo, Fault


def x_app(url: str) -> Settings:
    return {
        "consumer_key": "fake-key",
        "consumer_secret": CONSUMER_SECRET,
        "base_url": url,
        "auth_url": url,
    }


def x_bearer(url: str) -> Settings:
    return {"bearer_token": BEARER, "base_url": url, "auth_url": url}


def x_owner(url: str) -> Settings:
    return {**x_app(url), "owners": f"{OWNER}:{OWNER_SECRET}"}


def x_signed(url: str) -> Settings:
    return {**x_owner(url), "app_auth": "oauth1"}


POST: Final = sm.Ref("x", "20")


def public_totals(client: AnyClient) -> Any:
    return client.metrics([POST], ["likes"])


def private_totals(client: AnyClient) -> Any:
    return client.metrics([POST], ["impressions"])


def login_begins(client: AnyClient) -> Any:
    assert isinstance(client.adapter, X)
    return client.run(client.adapter.request_token())


def login_ends(client: AnyClient) -> Any:
    assert isinstance(client.adapter, X)
    begun = RequestToken(
        token=sm.Secret(OWNER),
        secret=sm.Secret(OWNER_SECRET),
        callback="oob",
        address="https://api.x.com/oauth/authorize",
    )
    return client.run(client.adapter.access_token(begun, "1234567"))


Call: TypeAlias = Callable[[AnyClient], Any]
WAYS: Final[Mapping[str, tuple[Callable[[str], Settings], Call]]] = {
    "bearer": (x_bearer, public_totals),
    "fetched bearer": (x_app, public_totals),
    "app": (x_signed, public_totals),
    "owner": (x_owner, private_totals),
    "login begins": (x_app, login_begins),
    "login ends": (x_app, login_ends),
}
TOKENS: Final = urlencode({"oauth_token": OWNER, "oauth_token_secret": OWNER_SECRET})
TALKS: Final[Mapping[str, Talk]] = {
    **{name: fault.talk for name, fault in FAULTS.items()},
    "forbidden": Fault(
        written(b'{"errors": ["Forbidden to access metrics: impressions"]}', 403)
    ).talk,
    **{f"echo {code}": Echo(code).talk for code in (200, 400, 401, 403, 500)},
    "echo of everything": Echo(400, is_grantor=False).talk,
}


RUNS_OF_X: Final[Mapping[str, tuple[str, Talk]]] = {
    **{f"{way}, {talk}": (way, TALKS[talk]) for way in WAYS for talk in TALKS},
    **{
        f"{way}, tokens": (way, answering(written(TOKENS.encode())))
        for way in ("login begins", "login ends", "owner")
    },
    "owner, tokens in a refusal": ("owner", answering(written(TOKENS.encode(), 400))),
}


@pytest.mark.parametrize(("way", "talk"), RUNS_OF_X.values(), ids=RUNS_OF_X)
def test_a_failing_run_of_x_shows_no_secret_anywhere(
    way: str, talk: Talk, fetch: Fetch, heard: Heard, given: Given
) -> None:
    settings, call = WAYS[way]
    surfaces: list[tuple[str, str]] = []

    def look(client: AnyClient) -> Any:
        surfaces.extend(parts_of(client))
        return call(client)

    with Server(talk) as server:
        given(settings(server.url), "x")
        asked = fetch.by("x", retry=QUICK, timeout=2)
        try:
            surfaces += shown("result", asked.value(look))
        except sm.SocialMetricsError as err:
            surfaces += told_by(err)

    surfaces.append(("log", heard.log.getvalue()))
    surfaces += [("warning", text) for text in heard.warned]
    assert server.requests
    assert leaks(surfaces) == set()


def test_the_authorization_server_of_x_never_sees_an_owner(fetch: Fetch) -> None:
    with (
        Server(answering(UNAUTHORIZED)) as api,
        Server(answering(GRANTED)) as auth,
    ):
        settings = {**x_owner(api.url), "auth_url": auth.url}
        with suppress(sm.SocialMetricsError):
            fetch.by("x", retry=QUICK, **settings).value(public_totals)

    assert auth.requests
    assert api.requests
    said = b"".join(part for each in auth.requests for part in each)
    assert all(form.encode() not in said for form in forms(OWNER))
    assert all(form.encode() not in said for form in forms(OWNER_SECRET))


@pytest.mark.parametrize(
    "given",
    [
        {"consumer_key": "k", "owners": f"{OWNER}:{OWNER_SECRET}"},
        {"bearer_token": BEARER, "owners": f"{OWNER}:{OWNER_SECRET}"},
        {**x_app("https://x.example"), "owners": f"{OWNER}:{OWNER_SECRET}:more"},
        {**x_app("https://x.example"), "owners": f"{OWNER}:a,{OWNER}:{OWNER_SECRET}"},
        {**x_app("https://x.example"), "owners": [OWNER, OWNER_SECRET]},
        {**x_app("https://x.example"), "owners": {"a": {OWNER: OWNER_SECRET}}},
        {**x_app("https://x.example"), "consumer_secret": f"{CONSUMER_SECRET}\n"},
        {"bearer_token": [BEARER]},
        {"consumer_secret": CONSUMER_SECRET},
    ],
)
def test_a_setting_of_x_that_is_refused_is_not_shown(given: Mapping[str, Any]) -> None:
    with pytest.raises(sm.SocialMetricsError) as caught:
        sm.connect("x", **given).close()

    error = caught.value
    assert leaks([("str", str(error)), *shown("error", error)]) == set()
