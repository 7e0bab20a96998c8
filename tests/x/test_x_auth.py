"""Who asks: signatures as X wants them, a bearer for the app, and wrong clocks."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib import import_module
from typing import Any, Final
from urllib.parse import unquote

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.auth import BASIC, Attempt, Auth
from socialmetrics.budget import MemoryBudget
from socialmetrics.engine import Engine
from socialmetrics.errors import AuthRefused, MissingCredential
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.retry import Retry
from socialmetrics.secret import Secret
from socialmetrics.wire import Host, Request
from socialmetrics_x import X
from socialmetrics_x.auth import TOLERATED, Keys
from socialmetrics_x.requests import TOTALS, engagement
from tests.core.ports import Build, FakePort, Outcome, run
from tests.core.toy import NOW

OAUTH: Final[Any] = import_module("oauthlib.oauth1")  # It has no types.
URL: Final = "https://data-api.x.com/insights/engagement/totals"
# X's published example: a key and a token, each before its secret.
PUBLISHED = (
    "xvz1evFS4wEEPTGEFPHBog",
    "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
)
KEY, SECRET, TOKEN, TOKEN_SECRET = PUBLISHED
NONCE, TIME = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", 1318622958
CONSUMER, OWNER = Consumer(KEY, SECRET), Owner(TOKEN, TOKEN_SECRET)
OTHER = Owner("42-another", "another-secret")
HIDDEN = (SECRET, TOKEN, TOKEN_SECRET, "another-secret", "a-bearer-token")


def request(owner: object = None, *ids: str) -> Request:
    asked = engagement(
        "totals",
        ids or ("11",),
        ("favorites",),
        groupings={"figures": TOTALS},
        owner=None,
    )
    return attrs.evolve(asked, credential=owner)


def keys(*owners: Owner, app_auth: Any = "oauth1", **more: Any) -> Keys:
    auth = X(
        consumer=CONSUMER,
        owners={each.user_id or "": each for each in owners},
        app_auth=app_auth,
        **more,
    ).auth()
    assert isinstance(auth, Keys)
    return auth


def parts(header: str) -> dict[str, str]:
    """The parameters of an Authorization header, decoded."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "OAuth"
    pairs = (each.strip().partition("=") for each in rest.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


# -- signatures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credential", "url", "value"),
    [
        ("370773112", URL, "oETXxUmB7d%2F%2BeFImVyDWymiE1SA%3D"),
        (None, URL, "e1ldcr1O%2FOAmxtP1DO0mdaDr8so%3D"),
        (
            Signer(consumer=CONSUMER, callback="oob"),
            "https://api.x.com/oauth/request_token",
            "jc%2FVgbxSHtvlecdtQHT0gEuVfe0%3D",
        ),
        (
            Signer(
                consumer=Consumer("k e/y", "se&cret%"),
                owner=Owner("t+k~", "to ken+/=\u00e9"),
            ),
            URL,
            "9NR4jIeAmvMe6LygoUuUIm0kWOc%3D",
        ),
    ],
    ids=["owner", "app alone", "request token", "reserved characters"],
)
def test_signatures_are_the_published_ones(
    monkeypatch: pytest.MonkeyPatch, credential: object, url: str, value: str
) -> None:
    nonce, at = ("n", 1) if "9NR4" in value else (NONCE, TIME)
    monkeypatch.setattr(
        "authlib.oauth1.rfc5849.client_auth.generate_nonce", lambda: nonce
    )
    attempt = Attempt(request(credential), url, at + 0.9)

    header = keys(OWNER).headers(attempt)["Authorization"]

    assert f'oauth_signature="{value}"' in header
    assert ("oauth_token=" in header) == (
        credential is not None and "oob" not in header
    )


class Rules:
    """A validator of oauthlib's that knows one app and two owners."""

    enforce_ssl = False
    timestamp_lifetime = 10**12
    dummy_client = dummy_access_token = "nobody"

    def check_client_key(self, key: str) -> bool:
        return bool(key)

    def check_access_token(self, key: str) -> bool:
        return bool(key)

    def check_nonce(self, nonce: str) -> bool:
        return len(nonce) > 20

    def validate_client_key(self, key: str, request: object) -> bool:
        return key == KEY

    def validate_access_token(self, key: str, token: str, request: object) -> bool:
        return key == KEY and token in SECRETS

    def validate_realms(self, *_: object, **__: object) -> bool:
        return True

    def validate_timestamp_and_nonce(self, *_: object, **__: object) -> bool:
        return True

    def get_client_secret(self, key: str, request: object) -> str:
        return SECRET

    def get_access_token_secret(self, key: str, token: str, request: object) -> str:
        return SECRETS[token]


SECRETS = {TOKEN: TOKEN_SECRET, "42-another": "another-secret"}


def accepted(header: Mapping[str, str], url: str, body: str) -> bool:
    """Whether oauthlib's server lets that request of an owner in."""
    validator = type("Validator", (Rules, OAUTH.RequestValidator), {})()
    server = OAUTH.ResourceEndpoint(validator)
    told: bool = server.validate_protected_resource_request(
        url, "POST", body, {"Content-Type": "application/json", **header}
    )[0]
    return told


@given(
    st.sampled_from(["370773112", "42"]),
    st.sampled_from(["totals", "28hr", "historical"]),
    st.lists(st.integers(1, 2**63).map(str), min_size=1, max_size=9),
    st.integers(10**9, 10**10 - 1),
)
def test_an_independent_server_accepts_every_request_with_any_body(
    owner: str, endpoint: str, ids: list[str], at: int
) -> None:
    url = f"https://data-api.x.com/insights/engagement/{endpoint}"
    auth, asked = keys(OWNER, OTHER), request(owner, *ids)

    header = auth.headers(Attempt(asked, url, at))

    assert accepted(header, url, json.dumps(asked.json))
    assert accepted(header, url, "another body")
    assert not accepted(header, f"{url}s", json.dumps(asked.json))
    assert parts(header["Authorization"])["oauth_timestamp"] == str(at)


def test_a_body_does_not_change_the_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "authlib.oauth1.rfc5849.client_auth.generate_nonce", lambda: NONCE
    )
    auth = keys(OWNER)

    headers = {
        auth.headers(Attempt(request("370773112", *ids), URL, TIME))["Authorization"]
        for ids in (("1",), ("2", "3"), tuple(map(str, range(250))))
    }

    assert len(headers) == 1


def test_every_attempt_has_a_nonce_of_its_own() -> None:
    auth, attempt = keys(OWNER), Attempt(request("370773112"), URL, TIME)

    nonces = {
        parts(auth.headers(attempt)["Authorization"])["oauth_nonce"] for _ in range(50)
    }

    assert len(nonces) == 50


def test_without_consumer_keys_nothing_can_be_signed() -> None:
    auth = X(bearer=Secret("a-bearer-token")).auth()

    with pytest.raises(MissingCredential, match="consumer_key and consumer_secret"):
        auth.headers(Attempt(request("7"), URL, TIME))


# -- through the engine ----------------------------------------------------------------

BEARER = {"token_type": "bearer", "access_token": "a-bearer-token"}
BAD = {"errors": [{"code": 32, "message": "Could not authenticate you."}]}


@attrs.define
class Server:
    """X, as far as it looks at credentials. Its clock is `ahead` of everybody's."""

    ahead: timedelta = timedelta()
    dead: frozenset[str] = frozenset()
    tells: bool = True
    bearers: Iterator[str] = attrs.field(factory=lambda: iter(["a-bearer-token"]))
    now: str = ""
    seen: list[str] = attrs.field(factory=list[str])
    refused: int = 0

    def __call__(
        self, asked: Request, path: str, headers: Mapping[str, str]
    ) -> Outcome:
        told = headers.get("Authorization", "")
        self.seen.append(told)
        if path == "/oauth2/token":
            return self._token(asked, told)
        scheme, _, value = told.partition(" ")
        if scheme == "Bearer":
            return self._done(value == self.now)
        return self._done(self._is_fresh(parts(told)))

    def _token(self, asked: Request, told: str) -> Outcome:
        assert told.startswith("Basic ")
        assert asked.form == {"grant_type": "client_credentials"}
        self.now = next(self.bearers, "")
        if not self.now:
            return self._answer(403, {"errors": [{"code": 99, "message": "no"}]})
        return self._answer(200, {**BEARER, "access_token": self.now})

    def _is_fresh(self, told: Mapping[str, str]) -> bool:
        moment = datetime.fromtimestamp(int(told["oauth_timestamp"]), UTC)
        is_near = abs(moment - (NOW + self.ahead)) < timedelta(minutes=5)
        return is_near and told.get("oauth_token") not in self.dead

    def _done(self, is_good: bool) -> Outcome:
        self.refused += not is_good
        return self._answer(200, {}) if is_good else self._answer(401, BAD)

    def _answer(self, status: int, content: object) -> Outcome:
        date = format_datetime(NOW + self.ahead, usegmt=True)
        headers = {"date": date} if self.tells else {}
        return status, headers, json.dumps(content).encode()


def machine(port: FakePort, adapter: X) -> Engine:
    return Engine(
        adapter=adapter,
        port=port,
        budget=MemoryBudget([], now=port.now, monotonic=port.monotonic),
        retry=Retry(tries=2),
        auth=adapter.auth(),
    )


def signing(**more: Any) -> X:
    owners = {"370773112": OWNER, "42": OTHER}
    return X(consumer=CONSUMER, owners=owners, **more)


@pytest.fixture(params=["blocking", "asynchronous"])
def build(request: pytest.FixtureRequest) -> Build:
    def port(*outcomes: Any) -> FakePort:
        (handler,) = outcomes
        return FakePort(handler, is_async=request.param == "asynchronous")

    return port


@pytest.mark.parametrize("hours", [-9000, -1, 1, 9000])
def test_a_wrong_clock_is_corrected_once(build: Any, hours: int) -> None:
    server = Server(ahead=timedelta(hours=hours))
    port = build(server)
    client = machine(port, signing(app_auth="oauth1"))

    for credential in ("370773112", "42", None, "370773112"):
        run(port, client.answer(request(credential)))

    assert len(server.seen) == 5
    assert server.refused == 1
    assert port.slept == []
    nonces = {parts(each)["oauth_nonce"] for each in server.seen}
    assert len(nonces) == 5


def test_many_requests_at_a_time_correct_the_clock_together() -> None:
    server = Server(ahead=timedelta(days=-3))
    port = FakePort(server, is_async=True)

    async def crowd() -> None:
        client = machine(port, signing())
        asked = [request(each) for each in ("370773112", "42") * 10]
        await asyncio.gather(*map(client.answer, asked))

    asyncio.run(crowd())

    assert server.refused == 20
    assert len(server.seen) == 40


@pytest.mark.parametrize(
    "facts",
    [
        {"dead": frozenset({TOKEN})},
        {"dead": frozenset({TOKEN}), "ahead": timedelta(seconds=TOLERATED)},
        {"ahead": timedelta(days=1), "tells": False},
    ],
)
def test_where_the_clock_is_right_or_unknown_a_refusal_stands(
    build: Any, facts: Mapping[str, Any]
) -> None:
    server = Server(**facts)
    port = build(server)

    with pytest.raises(AuthRefused, match="Could not authenticate you"):
        run(port, machine(port, signing()).answer(request("370773112")))

    assert len(server.seen) == 1


def test_a_refused_token_is_tried_once_with_the_right_time(build: Any) -> None:
    server = Server(dead=frozenset({TOKEN}), ahead=timedelta(days=1))
    port = build(server)
    client = machine(port, signing())

    with pytest.raises(AuthRefused):
        run(port, client.answer(request("370773112")))
    run(port, client.answer(request("42")))

    assert len(server.seen) == 3


def test_a_bearer_is_fetched_once_and_again_after_a_refusal(build: Any) -> None:
    server = Server(bearers=iter(["first-bearer", "second-bearer"]))
    port = build(server)
    client = machine(port, signing())

    run(port, client.answer(request()))
    run(port, client.answer(request()))
    server.now = "gone"
    run(port, client.answer(request()))

    schemes = [each.partition(" ")[0] for each in server.seen]
    assert schemes == ["Basic", "Bearer", "Bearer", "Bearer", "Basic", "Bearer"]
    assert server.seen[-1] == "Bearer second-bearer"


def test_a_crowd_fetches_one_bearer() -> None:
    server = Server()
    port = FakePort(server, is_async=True)

    async def crowd() -> None:
        client = machine(port, signing())
        await asyncio.gather(*(client.answer(request()) for _ in range(20)))

    asyncio.run(crowd())

    assert port.sent.count("/oauth2/token") == 1


def test_owners_are_asked_for_while_the_app_has_no_bearer(build: Any) -> None:
    server = Server(bearers=iter([]))
    port = build(server)
    client = machine(port, signing())

    with pytest.raises(AuthRefused, match="refuses the client"):
        run(port, client.answer(request()))
    run(port, client.answer(request("42")))

    assert server.refused == 0


def test_an_apps_refusal_does_not_keep_a_clock_wrong(build: Any) -> None:
    server = Server(bearers=iter([]), ahead=timedelta(days=1))
    port = build(server)
    client = machine(port, signing())
    with pytest.raises(AuthRefused, match="refuses the client"):
        run(port, client.answer(request()))

    answered = run(port, client.answer(request("42")))

    assert answered.status == 200


def test_a_given_bearer_is_used_until_it_is_refused(build: Any) -> None:
    server = Server(now="another", bearers=iter(["a-new-bearer"]))
    port = build(server)
    adapter = signing(bearer=Secret("a-bearer-token"))

    run(port, machine(port, adapter).answer(request()))

    first, basic, last = server.seen
    assert (first, last) == ("Bearer a-bearer-token", "Bearer a-new-bearer")
    assert basic.startswith("Basic ")


def test_a_bearer_alone_is_not_renewed(build: Any) -> None:
    server = Server(now="another")
    port = build(server)

    with pytest.raises(AuthRefused):
        run(port, machine(port, X(bearer=Secret("only"))).answer(request()))

    assert server.seen == ["Bearer only"]


def test_a_nonce_that_was_used_by_a_proxy_is_replaced_once(build: Any) -> None:
    used = {"errors": ["Could not be authenticated. Reason: Nonce was used before"]}
    answers = iter([used])

    def server(asked: Request, path: str, headers: Mapping[str, str]) -> Outcome:
        body = next(answers, None)
        return (401, {}, json.dumps(body).encode()) if body else (200, {}, b"{}")

    port = build(server)

    answered = run(port, machine(port, signing()).answer(request("42")))

    assert answered.status == 200
    assert len(port.sent) == 2


def test_key_and_secret_are_form_encoded_in_the_basic_header(build: Any) -> None:
    server = Server()
    port = build(server)
    adapter = X(consumer=Consumer("k:e/y", "s+c%t="))

    run(port, machine(port, adapter).answer(request()))

    sent = b64decode(server.seen[0].removeprefix("Basic ")).decode()
    assert sent == "k%3Ae%2Fy:s%2Bc%25t%3D"


# -- nothing shows ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "thing",
    [
        keys(OWNER, OTHER),
        keys(OWNER, app_auth="bearer"),
        keys(OWNER, app_auth="bearer", bearer=Secret("a-bearer-token")),
        signing(bearer=Secret("a-bearer-token")),
        keys(OWNER).headers(Attempt(request("370773112"), URL, TIME)),
        request(Signer(consumer=CONSUMER, owner=OWNER)),
    ],
)
def test_no_secret_shows(thing: object) -> None:
    for text in (repr(thing), str(thing), f"{thing}"):
        assert not [hidden for hidden in HIDDEN if hidden in text]


def shown(auth: Auth, credential: object, host: Host = "api") -> set[str]:
    asked = attrs.evolve(request(credential), host=host)
    return {each.reveal() for each in auth.secrets(asked)}


def test_answers_do_not_show_what_they_need_not() -> None:
    auth = keys(OWNER, app_auth="bearer", bearer=Secret("a-bearer-token"))
    plain = X(bearer=Secret("a-bearer-token")).auth()
    login = Signer(consumer=CONSUMER, owner=OWNER)

    assert shown(auth, "370773112") == {SECRET, TOKEN, TOKEN_SECRET}
    assert shown(auth, None) == {SECRET, "a-bearer-token"}
    assert shown(auth, BASIC, "auth") == {SECRET}
    assert shown(auth, login, "auth") == {SECRET}
    assert shown(plain, None) == {"a-bearer-token"}
    assert shown(keys(OWNER), None) == {SECRET}
