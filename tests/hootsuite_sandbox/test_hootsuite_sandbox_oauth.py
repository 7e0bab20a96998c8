"""The simulated OAuth server: consent, tokens, and how they die."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialmetrics_hootsuite.sandbox.login import challenge_of
from tests.hootsuite_sandbox.hootsuite_calls import (
    HOME,
    KEYS,
    PAIR,
    SCOPES,
    STATE,
    Running,
    complained,
    service,
)

VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service() as running:
        yield running


def back(answer: httpx.Response, home: str = HOME) -> dict[str, str]:
    """What the browser brings back."""
    assert answer.status_code == 302, answer.text
    address = answer.headers["location"]
    assert address.startswith(f"{home}?")
    return {name: text[0] for name, text in parse_qs(urlsplit(address).query).items()}


def code_of(box: Running, **more: str) -> str:
    return back(box.login(**more))["code"]


def redeemed(box: Running, code: str, **more: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME}
    return box.token(**{**form, **more})


def renewed(box: Running, token: str) -> httpx.Response:
    return box.token(grant_type="refresh_token", refresh_token=token)


def opens(box: Running, told: dict[str, Any]) -> bool:
    return box.ask("GET", "me", token=told["access_token"]).status_code == 200


# The page.


def test_a_member_is_asked_and_says_yes(box: Running) -> None:
    query = {
        "response_type": "code",
        "client_id": KEYS["client_id"],
        "redirect_uri": HOME,
        "scope": SCOPES,
        "state": '<"state">',
    }

    page = box.send("GET", "/oauth2/auth", params=query)

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post" action="/oauth2/auth">' in page.text
    assert 'value="&lt;&quot;state&quot;&gt;"' in page.text
    assert "Ada Sample" in page.text
    told = back(box.login(state=query["state"]))
    assert told == {"code": told["code"], "scope": SCOPES, "state": query["state"]}


@pytest.mark.parametrize("more", [{"allow": ""}, {"member": "5"}, {"member": ""}])
def test_without_a_decision_the_page_stays(box: Running, more: dict[str, str]) -> None:
    answer = box.login(**more)

    assert answer.status_code == 200
    assert "<form" in answer.text


def test_a_member_says_no(box: Running) -> None:
    told = back(box.login(allow="", deny="1"))

    assert told["error"] == "access_denied"
    assert told["error_description"]
    assert told["state"] == STATE
    assert "code" not in told


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"redirect_uri": "https://elsewhere.example/"}, 400, "invalid_request"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
    ],
)
def test_strangers_are_not_sent_back(
    box: Running, more: dict[str, str], status: int, error: str
) -> None:
    complained(box.login(**more), status, error)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": ""}, "invalid_state"),
        ({"state": "1234567"}, "invalid_state"),
        ({"scope": "offline read:everything"}, "invalid_scope"),
        ({"code_challenge": "a"}, "invalid_request"),
        ({"code_challenge": "a", "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_a_faulty_question_is_sent_back(
    box: Running, more: dict[str, str], error: str
) -> None:
    told = back(box.login(**more))

    assert told["error"] == error
    assert set(told) - {"state"} <= {"error", "error_description", "error_hint"}


def test_a_state_of_eight_characters_is_enough(box: Running) -> None:
    assert back(box.login(state="12345678"))["state"] == "12345678"


def test_an_address_with_a_query_keeps_it() -> None:
    home = "https://app.example/back?app=1"
    with service(redirect_uris=[home]) as box:
        address = box.login(redirect_uri=home).headers["location"]

    assert address.startswith(f"{home}&code=")


def test_a_scope_must_be_ticked_on_the_app() -> None:
    with service(app_scopes=["offline"]) as box:
        assert back(box.login())["error"] == "invalid_scope"
        assert back(box.login(scope="offline"))["scope"] == "offline"


# Codes.


def test_a_code_brings_a_pair(box: Running) -> None:
    told = redeemed(box, code_of(box)).json()

    assert list(told) == [
        "access_token", "expires_in", "scope", "token_type", "refresh_token",
    ]  # fmt: skip
    assert told["expires_in"] == 3599
    assert told["token_type"] == "bearer"
    assert told["scope"] == SCOPES
    assert opens(box, told)


def test_without_offline_there_is_no_refresh_token(box: Running) -> None:
    told = redeemed(box, code_of(box, scope="analytics:read")).json()

    assert "refresh_token" not in told
    assert opens(box, told)


def test_a_second_use_of_a_code_ends_what_came_from_the_first(box: Running) -> None:
    code = code_of(box)
    first = redeemed(box, code).json()
    second = renewed(box, first["refresh_token"]).json()

    complained(redeemed(box, code), 400, "invalid_grant", "already been used")

    assert not opens(box, first)
    assert not opens(box, second)
    complained(renewed(box, second["refresh_token"]), 400, "invalid_grant")


def test_a_code_lives_ten_minutes() -> None:
    with service() as box:
        code, late = code_of(box), code_of(box)
        box.state.advance(timedelta(seconds=599))
        assert redeemed(box, code).status_code == 200
        box.state.advance(timedelta(seconds=1))

        complained(redeemed(box, late), 400, "invalid_grant", "expired")


def test_a_code_belongs_to_its_address(box: Running) -> None:
    answer = redeemed(box, code_of(box), redirect_uri="http://localhost:8765/callback")

    complained(answer, 400, "invalid_grant")
    complained(redeemed(box, "made-up"), 400, "invalid_grant")


def test_a_code_with_a_challenge_needs_the_verifier(box: Running) -> None:
    def code() -> str:
        return code_of(
            box, code_challenge=challenge_of(VERIFIER), code_challenge_method="S256"
        )

    assert redeemed(box, code(), code_verifier=VERIFIER).status_code == 200
    complained(redeemed(box, code()), 400, "invalid_grant")
    complained(redeemed(box, code(), code_verifier="other"), 400, "invalid_grant")
    complained(redeemed(box, code_of(box), code_verifier="a"), 400, "invalid_grant")


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    found = challenge_of(verifier)

    assert found == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


# Renewals.


def test_a_refresh_token_is_used_once() -> None:
    with service() as box:
        first = renewed(box, KEYS["refresh_token"]).json()
        second = renewed(box, first["refresh_token"]).json()
        assert opens(box, second)
        assert opens(box, first)

        complained(renewed(box, first["refresh_token"]), 400, "invalid_grant")

        assert not opens(box, second)
        assert not opens(box, {"access_token": KEYS["access_token"]})
        assert box.state.grants.issued == 2


def test_a_refresh_can_end_the_older_access_token() -> None:
    with service(refresh_kills_access=True) as box:
        first = renewed(box, KEYS["refresh_token"]).json()

        assert not opens(box, {"access_token": KEYS["access_token"]})
        assert opens(box, first)


def test_unknown_refresh_tokens_and_removed_apps_are_refused() -> None:
    with service() as box:
        complained(renewed(box, "made-up"), 400, "invalid_grant")
        box.state.grants.removed = True
        complained(renewed(box, KEYS["refresh_token"]), 400, "invalid_grant")


def test_tests_can_end_every_access_token() -> None:
    with service() as box:
        told = renewed(box, KEYS["refresh_token"]).json()
        box.state.grants.expire()

        assert not opens(box, told)
        assert opens(box, renewed(box, told["refresh_token"]).json())


def test_quirks_of_token_answers() -> None:
    with service(quiet_scope=True, odd_token_key=True, token_seconds=60) as box:
        told = renewed(box, KEYS["refresh_token"]).json()

    assert told["scope"] == ""
    assert told["token_Type"] == "bearer"
    assert "token_type" not in told
    assert told["expires_in"] == 60


# Tokens without a person.


def test_a_member_who_installed_the_app_needs_no_consent(box: Running) -> None:
    told = box.token(grant_type="member_app", member_id=KEYS["member_id"]).json()

    # As it was documented, key for key.
    assert sorted(told) == ["access_token", "expires_in", "scope", "token_type"]
    assert told["scope"] == ""
    assert told["expires_in"] == 3599
    assert opens(box, told)


@pytest.mark.parametrize("scope", ["analytics:read", SCOPES])
def test_scopes_of_a_member_s_token_bring_no_refresh_token(
    box: Running, scope: str
) -> None:
    told = box.token(
        grant_type="member_app", member_id=KEYS["member_id"], scope=scope
    ).json()

    assert told["scope"] == scope
    assert "refresh_token" not in told


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"scope": "offline"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "a"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "member_app"}, 400, "invalid_request"),
        ({"grant_type": "member_app", "member_id": "1155001"}, 403, "access_denied"),
        ({"grant_type": "organization_app"}, 400, "invalid_request"),
        (
            {"grant_type": "organization_app", "organization_id": "1"},
            403,
            "access_denied",
        ),
        (
            {"grant_type": "member_app", "member_id": "1155000", "scope": "all"},
            400,
            "invalid_scope",
        ),
    ],
)
def test_faulty_token_requests_are_refused(
    box: Running, form: dict[str, str], status: int, error: str
) -> None:
    complained(box.token(**form), status, error)


def test_a_removed_app_gets_no_tokens() -> None:
    with service() as box:
        box.state.grants.removed = True

        for name, value in (
            ("member", KEYS["member_id"]),
            ("organization", KEYS["organization_id"]),
        ):
            form = {"grant_type": f"{name}_app", f"{name}_id": value}
            complained(box.token(**form), 403, "access_denied", "not installed")


# The client.

MINT = {"grant_type": "member_app", "member_id": KEYS["member_id"]}


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"Bearer {KEYS['access_token']}",
        "Basic %%%",
        f"Basic {b64encode(b'client:secret').decode()}",
    ],
)
def test_a_client_that_cannot_prove_itself_is_refused(
    box: Running, header: str
) -> None:
    told = {"Authorization": header} if header else {}

    answer = box.send("POST", "/oauth2/token", data=MINT, headers=told)

    complained(answer, 401, "invalid_client")


@pytest.mark.parametrize("auth", [PAIR, None])
@pytest.mark.parametrize("names", [("client_id",), ("client_id", "client_secret")])
def test_credentials_in_the_body_are_refused(
    box: Running, names: tuple[str, ...], auth: tuple[str, str] | None
) -> None:
    form = {**MINT, **{name: KEYS[name] for name in names}}

    answer = box.send("POST", "/oauth2/token", data=form, auth=auth)

    complained(answer, 400, "invalid_request", "use Basic")


def test_the_body_must_be_a_form(box: Running) -> None:
    answer = box.send("POST", "/oauth2/token", json=MINT, auth=PAIR)

    complained(answer, 400, "invalid_request", "must be a form")


# Discovery.


def test_what_the_server_tells_about_itself(box: Running) -> None:
    server = box.send("GET", "/.well-known/oauth-authorization-server").json()
    resource = box.send("GET", "/.well-known/oauth-protected-resource").json()

    assert server["token_endpoint"] == "http://sandbox/oauth2/token"
    assert server["authorization_endpoint"] == "http://sandbox/oauth2/auth"
    assert server["code_challenge_methods_supported"] == ["S256"]
    assert server["scopes_supported"] == ["offline", "analytics:read"]
    assert "client_secret_basic" not in server["token_endpoint_auth_methods_supported"]
    assert resource["scopes_supported"] == ["offline analytics:read"]
    complained(box.send("GET", "/.well-known/nothing"), 404, "not_found")


# Faults on the way.


def test_a_spent_refresh_token_whose_answer_is_lost_is_gone() -> None:
    with service(faults={"token": ["commit_then_502"]}) as box:
        lost = renewed(box, KEYS["refresh_token"])

        assert lost.status_code == 502
        assert opens(box, {"access_token": KEYS["access_token"]})
        complained(renewed(box, KEYS["refresh_token"]), 400, "invalid_grant")


def test_a_refresh_can_hang() -> None:
    with service(faults={"token": ["hang"]}, hang_seconds=0.01) as box:
        assert renewed(box, KEYS["refresh_token"]).status_code == 504
        assert renewed(box, KEYS["refresh_token"]).status_code == 200


def test_a_refresh_that_fails_before_leaves_the_token_alone() -> None:
    with service(faults={"token": ["500", "429", ""]}) as box:
        complained(renewed(box, KEYS["refresh_token"]), 500, "server_error")
        assert renewed(box, KEYS["refresh_token"]).status_code == 429
        assert renewed(box, KEYS["refresh_token"]).status_code == 200
