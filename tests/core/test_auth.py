"""Tokens are fetched once for everybody, in time, and never shown."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64decode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import attrs
import pytest

from socialmetrics.auth import (
    Attempt,
    Bearer,
    ClientCredentials,
    Refusal,
    checked,
)
from socialmetrics.engine import finish
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.port import Lost
from socialmetrics.renewal import REFUSED_FOR
from socialmetrics.secret import Secret
from socialmetrics.wire import Request
from tests.core.ports import FakePort, Outcome, by_api, engine, run, scripted
from tests.core.toy import Toy, client_credentials, get
from tests.core.toy_api import Api, told
from tests.core.wires import response

READ = get("profiles", "profiles")
ATTEMPT = Attempt(READ, "https://api.example/v1/profiles", 0.0)
REFUSAL = Refusal(response(b"", status=401), 0.0)


def oauth(secret: str = "right") -> Toy:  # noqa: S107 - synthetic
    return Toy(credential=client_credentials(Secret(secret)))


@pytest.mark.parametrize(
    "value",
    ["", "a b", "a\r\nX-Evil: 1", "a\nb", "a\tb", "a\0b", "\x7f", "tökén", "a\u2028"],
)
def test_a_credential_that_cannot_stand_in_a_header_is_refused_unseen(
    value: str,
) -> None:
    with pytest.raises(InvalidQuery, match=r"^token is empty or holds") as caught:
        checked("token", Secret(value))

    assert not value or value not in str(caught.value)


def test_a_bad_token_is_refused_when_the_adapter_is_made() -> None:
    with pytest.raises(InvalidQuery):
        Bearer(Secret("a\r\nb"))
    with pytest.raises(InvalidQuery, match="client_secret"):
        client_credentials(Secret("a\r\nb"))
    with pytest.raises(InvalidQuery, match="client_id"):
        ClientCredentials(
            client_id="a b", client_secret=Secret("c"), path="/token", scope=""
        )


def test_a_fixed_token_is_never_renewed() -> None:
    bearer = Bearer(Secret("abc"))

    assert not bearer.can_renew(REFUSAL)
    assert bearer.secrets(READ) == (Secret("abc"),)
    assert not bearer.is_due(READ, 1e9)
    with pytest.raises(AuthRefused, match="put a new one in"):
        next(bearer.renew(0.0, None))


def test_no_credential_is_in_a_repr() -> None:
    auth = client_credentials(Secret("right"))
    _issue(auth, {"access_token": "issued-1"})

    assert "right" not in repr(auth)
    assert "issued" not in repr(auth)
    assert "abc" not in repr(Bearer(Secret("abc")))


def test_there_is_no_header_before_the_first_token() -> None:
    assert client_credentials(Secret("right")).headers(ATTEMPT) == {}


def test_a_token_to_begin_with_is_used_until_it_is_refused() -> None:
    auth = attrs.evolve(client_credentials(Secret("right")), first=Secret("first"))

    assert not auth.is_due(READ, 1e12)
    assert auth.headers(ATTEMPT) == {"Authorization": "Bearer first"}


@pytest.mark.parametrize("is_async", [False, True])
def test_the_first_call_fetches_a_token_and_later_ones_use_it(is_async: bool) -> None:
    api = Api()
    wire = FakePort(by_api(api), is_async=is_async)
    machine = engine(wire, adapter=oauth())

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert wire.sent == ["/token", "/v1/profiles", "/v1/profiles"]
    assert wire.headers[0] == {}
    assert wire.headers[-1] == {"Authorization": "Bearer issued-1"}


@pytest.mark.parametrize(
    ("expires_in", "last_good"),
    [(3600, 3569.0), (100, 89.0), ("3600", 3569.0), (0.5, 0.4)],
)
def test_a_token_is_renewed_shortly_before_its_end(
    expires_in: float | str, last_good: float
) -> None:
    auth = client_credentials(Secret("right"))
    _issue(auth, {"access_token": "a", "expires_in": expires_in})

    assert not auth.is_due(READ, last_good)
    assert auth.is_due(READ, last_good + 1.01)


@pytest.mark.parametrize(
    "told_", [{}, {"expires_in": None}, *({"expires_in": x} for x in (0, -5, "soon"))]
)
def test_a_token_of_unknown_life_is_used_until_it_is_refused(
    told_: Mapping[str, object],
) -> None:
    auth = client_credentials(Secret("right"))
    _issue(auth, {"access_token": "a", **told_})

    assert not auth.is_due(READ, 1e12)


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "hush\r\nX-Evil: 1"},
        {"access_token": ""},
        {"access_token": ["hush"]},
        {"token": "hush"},
    ],
)
def test_a_token_that_is_none_is_unreadable_and_not_shown(
    answer: Mapping[str, object],
) -> None:
    wire = FakePort(scripted(told(answer)))

    with pytest.raises(Unreadable) as caught:
        run(wire, engine(wire, adapter=oauth()).answer(READ))

    assert "hush" not in repr(caught.value) + str(caught.value)


def _issue(auth: ClientCredentials, answer: Mapping[str, object]) -> None:
    flow = auth.renew(0.0, None)
    request = next(flow)
    with pytest.raises(StopIteration):
        flow.send(attrs.evolve(response(told(answer)[2]), request=request))


# -- exactly one renewal --------------------------------------------------------------


@attrs.define
class Expiring:
    """The vendor of `Api`, whose token ends once, in the middle."""

    api: Api = attrs.field(factory=Api)
    left: int = 50

    def __call__(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Outcome:
        self.left -= 1
        if self.left == 0:
            self.api.tokens = set()
        return by_api(self.api)(request, path, headers)


def test_a_hundred_tasks_renew_an_expired_token_once() -> None:
    vendor = Expiring()
    wire = FakePort(vendor, is_async=True)
    machine = engine(wire, adapter=oauth())

    async def together() -> list[int]:
        answers = await asyncio.gather(*(machine.answer(READ) for _ in range(100)))
        return [each.status for each in answers]

    assert run(wire, together()) == [200] * 100
    assert vendor.api.issued == 2


class ThreadedPort(FakePort):
    """As `FakePort`, for threads: its locks are real."""

    def lock(self) -> AbstractAsyncContextManager[object]:
        return Lock()


class Lock(AbstractAsyncContextManager[object]):
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> object:
        return self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


def test_twenty_threads_renew_an_expired_token_once() -> None:
    vendor, gate = Expiring(left=15), threading.Barrier(20)
    machine = engine(ThreadedPort(vendor), adapter=oauth())

    def call(_: int) -> int:
        gate.wait()
        return finish(machine.answer(READ)).status

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(call, range(20)))

    assert statuses == [200] * 20
    assert vendor.api.issued == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_renewal_refuses_everybody_after_one_request(status: int) -> None:
    def refuse(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
        return told({"error": "invalid_client"}, status)

    wire = FakePort(refuse, is_async=True)
    machine = engine(wire, adapter=oauth("wrong"))

    async def together() -> list[object]:
        calls = (machine.answer(READ) for _ in range(100))
        return list(await asyncio.gather(*calls, return_exceptions=True))

    found = run(wire, together())

    assert {type(each) for each in found} == {AuthRefused}
    assert len(set(map(id, found))) == 100
    assert wire.sent == ["/token"]
    assert "wrong" not in str(found)


def test_a_refusal_is_forgotten_after_a_while() -> None:
    no, yes = told({"error": "invalid_client"}, 401), told({"access_token": "a"})
    wire = FakePort(scripted(no, yes, told({"items": []})))
    machine = engine(wire, adapter=oauth())
    for seconds in (0.0, REFUSED_FOR - 0.1):
        wire.time = seconds
        with pytest.raises(AuthRefused):
            run(wire, machine.answer(READ))
    wire.time = REFUSED_FOR

    answer = run(wire, machine.answer(READ))

    assert answer.status == 200
    assert wire.sent == ["/token", "/token", "/v1/profiles"]


def test_a_token_server_that_is_down_is_asked_again_later() -> None:
    down, up = Lost("no route", was_sent=False), told({"access_token": "a"})
    wire = FakePort(scripted(down, up, told({"items": []})))

    answer = run(wire, engine(wire, adapter=oauth()).answer(READ))

    assert answer.status == 200


@pytest.mark.parametrize("is_async", [False, True])
def test_a_new_token_that_is_refused_too_is_not_renewed_again(is_async: bool) -> None:
    def refuse(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
        if path == "/token":
            return told({"access_token": "a"})
        return told({"error": "no"}, 401)

    wire = FakePort(refuse, is_async=is_async)

    with pytest.raises(AuthRefused):
        run(wire, engine(wire, adapter=oauth()).answer(READ))

    assert wire.sent == ["/token", "/v1/profiles"] * 2


def test_the_credential_of_a_request_is_no_part_of_an_error() -> None:
    wire = FakePort(by_api(Api(tokens=set())))

    with pytest.raises(SocialMetricsError) as caught:
        run(wire, engine(wire).answer(READ))

    assert "toy-token" not in f"{caught.value!r}{caught.value.__dict__}"


# -- another implementation of the standard as oracle -------------------------------


OAUTH: Any = import_module("oauthlib.oauth2")  # it brings no types


class Rules:
    """Accepts the one client, and only by credentials in the body."""

    def authenticate_client(self, request: Any, *_: object) -> bool:  # oauthlib's own
        request.client = request
        given = (request.client_id, request.client_secret)
        return given == ("toy-client", "p&ss=word%")

    def validate_grant_type(self, client: str, kind: str, *_: object) -> bool:
        return kind == "client_credentials"

    def validate_scopes(self, client: str, scopes: list[str], *_: object) -> bool:
        return set(scopes) == {"read", "write"}

    def save_bearer_token(self, *_: object) -> None:
        """Nobody asks for it again."""


@attrs.define
class StandardServer:
    """An independent authorization server, reached like any vendor."""

    seen: list[Mapping[str, str]] = attrs.field(factory=list[Mapping[str, str]])

    def __call__(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Outcome:
        if request.host != "auth":
            return told({"items": []})
        form = dict(request.form or {})
        self.seen.append(form)
        validator = type("Validator", (Rules, OAUTH.RequestValidator), {})()
        answer: tuple[object, str, int] = OAUTH.BackendApplicationServer(
            validator
        ).create_token_response(
            "https://toy.example" + path,
            request.method,
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        return answer[2], {}, answer[1].encode()


def test_an_independent_server_accepts_our_token_request() -> None:
    server = StandardServer()
    wire = FakePort(server)
    machine = engine(wire, adapter=oauth("p&ss=word%"))

    run(wire, machine.answer(READ))

    assert wire.headers[-1]["Authorization"].startswith("Bearer ")
    assert server.seen == [
        {
            "grant_type": "client_credentials",
            "scope": "read write",
            "client_id": "toy-client",
            "client_secret": "p&ss=word%",
        }
    ]


def test_an_independent_server_refuses_another_secret() -> None:
    wire = FakePort(StandardServer())

    with pytest.raises(AuthRefused, match="invalid_client"):
        run(wire, engine(wire, adapter=oauth("other")).answer(READ))


# -- several credentials ------------------------------------------------------------


def test_a_client_that_authenticates_by_header_sends_no_secret_in_the_form() -> None:
    auth = ClientCredentials(
        client_id="a:b/c",
        client_secret=Secret("s+p%ce"),
        path="/token",
        has_header=True,
    )
    flow = auth.renew(0.0, None)

    request = next(flow)

    headers = auth.headers(Attempt(request, "https://auth.example/token", 0.0))
    sent = b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert request.form == {"grant_type": "client_credentials"}
    assert sent == "a%3Ab%2Fc:s%2Bp%25ce"


def test_the_authorization_server_sees_a_credential_only_where_it_is_named() -> None:
    wire = FakePort(scripted(told({})))
    machine = engine(wire)
    plain = attrs.evolve(get("token", "token"), host="auth")

    run(wire, machine.answer(plain))
    run(wire, machine.answer(attrs.evolve(plain, credential="this one")))

    assert wire.headers[0] == {}
    assert set(wire.headers[1]) == {"Authorization"}


def test_a_signer_is_told_exactly_what_is_called_and_when() -> None:
    wire = FakePort(scripted(told({"items": []})))
    machine = engine(wire)
    signer = Signing()
    machine.auth = signer

    run(wire, machine.answer(READ))

    (attempt,) = signer.attempts
    assert attempt.url == "https://api.example/v1/profiles"
    assert attempt.at == wire.wall()
    assert attempt.request is READ


def test_whoever_finds_a_token_due_that_is_renewed_just_then_does_not_renew() -> None:
    wire = FakePort(scripted(told({"items": []})))
    machine = engine(wire)
    machine.auth = Overtaken()

    assert run(wire, machine.answer(READ)).status == 200


@attrs.define
class Overtaken(Bearer):
    """Another thread renews it between two looks at it."""

    token: Secret = attrs.field(factory=lambda: Secret("abc"))
    renewals: int = 0

    def stamp(self, request: Request) -> int:
        return self.renewals

    def is_due(self, request: Request, now: float) -> bool:
        self.renewals = 1
        return True


@attrs.define
class Signing(Bearer):
    """Notes what it was asked to sign."""

    token: Secret = attrs.field(factory=lambda: Secret("abc"))
    attempts: list[Attempt] = attrs.field(factory=list[Attempt])

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        self.attempts.append(attempt)
        return super().headers(attempt)
