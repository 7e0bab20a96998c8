"""A login: the address, the way back, and a code that is sent once."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.auth import Attempt, Bearer, ClientCredentials
from socialmetrics.authorization import begin, challenge
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    MissingCredential,
    PermissionDenied,
    Rejected,
    SocialMetricsError,
    Unreachable,
)
from socialmetrics.grant import Grant
from socialmetrics.oauth2 import Begun, Keys, Server
from socialmetrics.port import Lost
from socialmetrics.retry import Retry
from socialmetrics.secret import Secret
from socialmetrics.tokens import MemoryStore, Tokens, digest
from tests.core.grants import (
    ACCOUNT,
    BACK,
    CLIENT,
    CLIENT_SECRET,
    SERVER,
    Fault,
    Scene,
    Tool,
    client,
    scene,
    settings,
)
from tests.core.ports import run
from tests.core.toy import get
from tests.core.toy_api import told

HOST = "https://tool.example"
READ = get("profiles", "profiles")
HUSH = "hush-hush-7f3a9c"


def keys(at: Scene) -> Keys:
    assert isinstance(at.engine.adapter, Tool)
    return at.engine.adapter.keys


def begun(at: Scene, **more: Any) -> Begun:
    return keys(at).begin(auth_url=HOST, **more)


def login(at: Scene, answer: str, one: Begun) -> Tokens:
    return run(at.port, at.engine.run(keys(at).exchange(one, answer)))


def asked(one: Begun) -> dict[str, str]:
    query = parse_qs(urlsplit(one.address).query, strict_parsing=True)
    return {name: value for name, (value,) in query.items()}


# -- the address -----------------------------------------------------------------------


def test_the_address_says_who_asks_for_what() -> None:
    one = begun(scene())

    told_ = asked(one)
    assert one.address.startswith(f"{HOST}/oauth2/auth?")
    assert told_.pop("state") == one.state.reveal()
    assert one.verifier is not None
    hashed = hashlib.sha256(one.verifier.reveal().encode()).digest()
    expected = urlsafe_b64encode(hashed).decode().rstrip("=")
    assert told_.pop("code_challenge") == expected == challenge(one.verifier)
    assert told_ == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "offline read",
        "code_challenge_method": "S256",
    }


def test_the_challenge_is_the_one_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")

    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_every_login_has_a_state_and_a_verifier_of_its_own() -> None:
    at = scene()
    all_ = [begun(at) for _ in range(10)]

    assert len({one.state for one in all_}) == len({one.verifier for one in all_}) == 10
    assert {len(one.state.reveal()) for one in all_} == {43}
    text = repr(all_)
    assert all_[0].state.reveal() not in text
    assert "code_challenge" not in text


def test_a_server_without_pkce_and_scopes_is_told_less() -> None:
    one = begin(f"{HOST}/a", client_id="c", redirect_uri=BACK, has_pkce=False)

    assert asked(one).keys() == {"response_type", "client_id", "redirect_uri", "state"}
    assert one.verifier is None
    assert set(one.form(Secret("x"))) == {"grant_type", "code", "redirect_uri"}


def test_scopes_are_those_of_the_call_the_setting_or_the_server() -> None:
    at = scene(scope="one  two")

    assert asked(begun(at))["scope"] == "one two"
    assert asked(begun(at, scopes=["three"]))["scope"] == "three"


@pytest.mark.parametrize(
    ("host", "back"),
    [
        ("http://tool.example", BACK),
        ("tool.example", BACK),
        (f"{HOST} ", BACK),
        (HOST, ""),
        (HOST, "oob"),
        (HOST, "http://app.example/a#b"),
        (HOST, "http://app.exämple/"),
        (HOST, "http://app.example:x/"),
    ],
)
def test_an_address_that_is_none_is_refused(host: str, back: str) -> None:
    with pytest.raises(InvalidQuery, match=r"auth_url|redirect_uri"):
        keys(scene()).begin(auth_url=host, redirect_uri=back)


# -- the way back ----------------------------------------------------------------------


def test_the_answer_may_be_an_address_or_its_end() -> None:
    at = scene()
    one = begun(at)
    state = one.state.reveal()

    for answer in (
        f" {BACK}?code={HUSH}&state={state}\n",
        f"/?state={state}&code={HUSH}",
    ):
        assert one.code(answer) == Secret(HUSH)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        HUSH,
        f"{BACK}?code={HUSH}",
        f"{BACK}?code={HUSH}&state=",
        f"{BACK}?code={HUSH}&state=another",
        f"{BACK}?code={HUSH}&state=ä",
        f"{BACK}?code={HUSH}&state=%FF",
        f"{BACK}?code={HUSH}&state=STATE&state=STATE",
        f"{BACK}?code={HUSH}&code={HUSH}&state=STATE",
        f"{BACK}?state=STATE",
        f"{BACK}?error=access_denied",
        f"http://[?code={HUSH}&state=STATE",
        f"{BACK}?state=STATE&{'a=1&' * 60}code={HUSH}",
    ],
)
def test_an_answer_to_no_login_is_refused_unseen(answer: str) -> None:
    one = begun(scene())

    with pytest.raises(InvalidQuery, match="begin again") as caught:
        one.code(answer.replace("STATE", one.state.reveal()))

    assert HUSH not in f"{caught.value!r}{caught.value}"


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    one = begin(f"{HOST}/a", client_id="c", redirect_uri=BACK)

    with pytest.raises(InvalidQuery):
        one.code(text)


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ("error=access_denied", PermissionDenied, "did not let the app in"),
        (
            "error=access_denied&error_description=No+way.&error_hint=Sorry",
            PermissionDenied,
            r"did not let the app in \(access_denied: No way. \(Sorry\)\)",
        ),
        ("error=invalid_scope", Rejected, r"refuses the login \(invalid_scope\)"),
        ("error=Bad+%3Cb%3E", Rejected, "it does not say why"),
    ],
)
def test_a_no_is_told_in_the_server_s_words(
    query: str, kind: type[SocialMetricsError], words: str
) -> None:
    one = begun(scene())

    with pytest.raises(kind, match=words):
        one.code(f"{BACK}?{query}&state={one.state.reveal()}")


# -- the code --------------------------------------------------------------------------


@pytest.mark.parametrize("is_async", [False, True])
def test_a_login_is_kept_and_used(is_async: bool) -> None:
    at = scene(logged_in=False, is_async=is_async)
    one = begun(at)

    tokens = login(at, at.server.allow(one.address), one)

    assert at.kept == tokens
    assert tokens.refresh_token == Secret("refresh-token-2")
    assert (tokens.life, tokens.scope) == (3600, "offline read")
    assert tokens.expires_at == at.port.wall() + 3600
    assert run(at.port, at.engine.answer(READ)).status == 200
    assert len(at.server.forms) == 1


def test_without_offline_access_there_is_no_refresh_token() -> None:
    at = scene(logged_in=False)
    at.server.scope = ""
    one = begun(at)

    tokens = login(at, at.server.allow(one.address), one)

    assert (tokens.refresh_token, tokens.scope) == (None, "")


FAULTS: list[Fault] = [
    Lost("the line broke"),
    told({}, 500),
    told({}, 429),
    told({}, 408),
    told({"error": "invalid_grant"}, 400),
    (200, {}, b"torn"),
    told({"error": "invalid_client"}, 401),
    lambda answer: Lost("the line broke"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_code_is_sent_once_whatever_comes(fault: Fault) -> None:
    at = scene(logged_in=False)
    one = begun(at)
    at.server.faults.append(fault)

    with pytest.raises(AuthRefused, match="begin a new login"):
        login(at, at.server.allow(one.address), one)

    assert len(at.server.forms) == 1
    assert at.store.load(ACCOUNT) is None


def test_a_code_that_surely_was_not_sent_may_be() -> None:
    at = scene(logged_in=False, retry=Retry(tries=1))
    one = begun(at)
    answer = at.server.allow(one.address)
    at.server.faults.append(Lost("no route", was_sent=False))

    with pytest.raises(Unreachable):
        login(at, answer, one)
    assert login(at, answer, one).access_token is not None


def test_a_refused_code_is_not_shown() -> None:
    at = scene(logged_in=False)
    one = begun(at)
    answer = at.server.allow(one.address).replace("code-1", HUSH)

    with pytest.raises(AuthRefused, match=r"invalid_grant: no code \*\*\*") as caught:
        login(at, answer, one)

    assert HUSH not in f"{caught.value!r}{caught.value.__dict__}"
    assert caught.value.code == "invalid_grant"


def test_another_verifier_gets_nothing() -> None:
    at = scene(logged_in=False)
    one = begun(at)
    answer = at.server.allow(one.address)

    with pytest.raises(AuthRefused):
        login(at, answer, attrs.evolve(one, verifier=Secret("another-verifier")))


class Full(MemoryStore):
    def save(self, account: str, tokens: Tokens) -> None:
        raise InvalidQuery("the token store is full")


def test_no_code_is_sent_where_tokens_cannot_be_kept() -> None:
    at = scene(Full(), logged_in=False)
    one = begun(at)

    with pytest.raises(InvalidQuery, match="the token store is full"):
        login(at, at.server.allow(one.address), one)

    assert at.server.forms == []


def test_a_login_is_stronger_than_the_tokens_in_the_settings() -> None:
    old = Secret("old-access-token")
    at = scene(logged_in=False, access_token=old)
    one = begun(at)

    login(at, at.server.allow(one.address), one)
    run(at.port, at.another(access_token=old).answer(READ))

    assert at.kept.begun_with == digest(old)
    assert Secret(at.server.reads[-1]) == at.kept.access_token


# -- settings --------------------------------------------------------------------------


def of(**given_: object) -> Keys:
    return Keys.of(SERVER, {"token_store": MemoryStore(), **given_}, vendor="tool")


APP: Mapping[str, object] = {
    "client_id": CLIENT,
    "client_secret": Secret(CLIENT_SECRET),
}


def test_an_access_token_alone_is_used_as_it_is() -> None:
    auth = of(access_token=Secret("abc")).auth()

    assert auth == Bearer(Secret("abc"))


def test_an_app_and_nothing_else_speaks_for_whoever_logged_in() -> None:
    store = MemoryStore()
    made = of(**APP, token_store=store, account="acme")

    assert isinstance(made.auth(), Grant)
    assert made.place.store is store
    assert made.place.account == f"tool/{CLIENT}/acme"


@pytest.mark.parametrize("name", ["member_id", "organization_id"])
@pytest.mark.parametrize("value", ["77", 77])
def test_an_app_speaks_for_a_member_by_tokens_that_it_mints(
    name: str, value: object
) -> None:
    at = scene(logged_in=False)
    given_ = {key: each for key, each in settings().items() if key != "token_store"}
    machine = client(at.port, {**given_, name: value, "scope": "read"})

    for life in (0, 3600):
        at.port.time += life
        assert run(at.port, machine.answer(READ)).status == 200
        at.server.access.clear()

    assert (
        at.server.forms
        == [{"grant_type": SERVER.app_grants[name], name: "77", "scope": "read"}] * 2
    )


def test_a_minted_token_that_is_refused_for_a_permission_is_not_minted_anew() -> None:
    at = scene(logged_in=False)
    machine = client(at.port, {**APP, "member_id": "77"})
    at.server.is_forbidding = True

    with pytest.raises(AuthRefused, match="no permission"):
        run(at.port, machine.answer(READ))

    assert isinstance(machine.auth, ClientCredentials)
    assert len(at.server.forms) == 1


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (
            {},
            "tool needs client_id and client_secret: as keywords, as SOCIALMETRICS_T",
        ),
        ({"client_id": "a"}, "both, client_id and client_secret"),
        ({"client_secret": Secret(HUSH)}, "both, client_id and client_secret"),
        ({"refresh_token": Secret(HUSH)}, "tool needs client_id and client_secret"),
        ({"member_id": "1"}, "tool needs client_id and client_secret"),
    ],
)
def test_what_is_missing_is_named(given_: Mapping[str, object], words: str) -> None:
    with pytest.raises(MissingCredential, match=words) as caught:
        of(**given_)

    assert HUSH not in str(caught.value)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"member_id": "1", "organization_id": "2"}, "member_id, organization_id excl"),
        ({"member_id": "1", "access_token": Secret(HUSH)}, "the user's tokens exclude"),
        ({"member_id": ""}, "member_id='' must be text"),
        ({"member_id": True}, "member_id=True must be text"),
        ({"account": [1]}, "account"),
        ({"client_id": "a b"}, "client_id is empty or holds"),
        ({"client_secret": Secret(f"{HUSH}\n")}, "client_secret is empty or holds"),
        ({"access_token": Secret(f"{HUSH} ")}, "access_token is empty or holds"),
        ({"refresh_token": Secret("")}, "refresh_token is empty or holds"),
        ({"refresh_token": [HUSH]}, "refresh_token must be text"),
        ({"token_store": 5}, "token_store, of type int, is no store"),
        ({"token_store": "keyrnig"}, "token_store='keyrnig' is neither one of"),
    ],
)
def test_settings_that_are_none_are_refused_unseen(
    given_: Mapping[str, object], words: str
) -> None:
    with pytest.raises(InvalidQuery, match=words) as caught:
        of(**{**APP, **given_})

    assert HUSH not in str(caught.value)


@pytest.mark.parametrize(
    "given_", [{"access_token": Secret("abc")}, {**APP, "member_id": "1"}]
)
def test_other_grants_have_no_login(given_: Mapping[str, object]) -> None:
    made = of(**given_)

    with pytest.raises(MissingCredential, match="a login of tool needs client_id"):
        made.begin(auth_url=HOST)


def test_the_settings_are_told_to_whoever_lists_them() -> None:
    names = {each.name: each.is_secret for each in SERVER.credentials}

    assert [name for name, is_secret in names.items() if is_secret] == [
        "client_secret",
        "access_token",
        "refresh_token",
    ]
    assert {"member_id", "organization_id", "token_store", "account"} < names.keys()
    assert len(Server(authorize_path="/a", token_path="/t").credentials) == 7


def test_keys_show_no_secret() -> None:
    made = of(**APP, access_token=Secret(HUSH), refresh_token=Secret(f"{HUSH}2"))
    attempt = Attempt(READ, "https://api.example", 0.0)

    assert CLIENT_SECRET not in repr(made)
    assert HUSH not in f"{made!r}{made.auth()!r}"
    assert made.auth().headers(attempt) == {}
