"""A vendor whose users let apps in: a strict token server, and its adapter."""

from __future__ import annotations

import hashlib
from base64 import b64decode, urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Mapping
from itertools import count
from threading import Lock
from typing import ClassVar, Final, TypeAlias
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import attrs

from socialmetrics.adapter import Credential
from socialmetrics.auth import Auth
from socialmetrics.engine import Engine
from socialmetrics.grant import Grant
from socialmetrics.oauth2 import Keys, Server
from socialmetrics.port import Lost
from socialmetrics.retry import Retry
from socialmetrics.secret import Secret
from socialmetrics.tokens import MemoryStore, Tokens, TokenStore
from socialmetrics.wire import Method, Request, Response
from tests.core.ports import FakePort, Outcome, engine
from tests.core.servers import Connection, Talk, field, written
from tests.core.servers import Server as HttpServer
from tests.core.toy import Toy
from tests.core.toy_api import Answer, told

CLIENT = "the-app"
CLIENT_SECRET = "app-s3cret-4711"
BACK = "http://localhost:8734/back"
ACCOUNT = f"tool/{CLIENT}/default"
SERVER = Server(
    authorize_path="/oauth2/auth",
    token_path="/oauth2/token",
    scopes=("offline", "read"),
    app_grants={"member_id": "member_app", "organization_id": "organization_app"},
    rotates=True,
)


def is_about_the_token(response: Response) -> bool:
    return b"token" in response.body


@attrs.frozen(kw_only=True)
class Tool(Toy):
    """The adapter of that vendor."""

    name: ClassVar[str] = "tool"
    server: ClassVar[Server] = SERVER
    credentials: ClassVar[tuple[Credential, ...]] = SERVER.credentials

    keys: Keys

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> Tool:
        return cls(keys=Keys.of(cls.server, given, vendor=cls.name))

    def auth(self) -> Auth:
        return self.keys.auth(concerns_token=is_about_the_token)


def settings(store: TokenStore | None = None, **given: object) -> dict[str, object]:
    return {
        "client_id": CLIENT,
        "client_secret": Secret(CLIENT_SECRET),
        "token_store": store or MemoryStore(),
        **given,
    }


@attrs.define
class Family:
    """What came of one login; a refresh token that comes twice ends it all."""

    refresh: str | None
    is_revoked: bool = False


Fault: TypeAlias = Outcome | Callable[[Answer], Outcome]
Asked: TypeAlias = tuple[str, str | None]
"""Where the browser was to be sent back to, and the challenge."""
Access: TypeAlias = tuple[Family, float]


@attrs.define
class TokenServer:
    """Takes codes and refresh tokens once, and revokes a family at a second time.

    `faults` answer token requests first, oldest first, instead or (a callable) after
    the server has done what it was asked for.
    """

    clock: Callable[[], float]
    life: float | None = 3600.0
    rotates: bool = True
    scope: str = "offline read"
    codes: dict[str, Asked] = attrs.field(factory=dict[str, Asked])
    families: dict[str, Family] = attrs.field(factory=dict[str, Family])
    access: dict[str, Access] = attrs.field(factory=dict[str, Access])
    forms: list[Mapping[str, str]] = attrs.field(factory=list[Mapping[str, str]])
    faults: deque[Fault] = attrs.field(factory=deque[Fault])
    reads: list[str] = attrs.field(factory=list[str])
    reused: list[str] = attrs.field(factory=list[str])
    is_forbidding: bool = False
    _numbers: count[int] = attrs.field(factory=lambda: count(1), init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def __call__(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Outcome:
        with self._lock:
            if path == SERVER.token_path:
                return self._asked(request, headers)
            return self._read(headers)

    @property
    def refreshes(self) -> list[str]:
        return [form["refresh_token"] for form in self.forms if "refresh_token" in form]

    def login(self) -> Tokens:
        """Tokens of a user, as after a login."""
        told_ = self._issued(Family(None), has_refresh=True)
        life = self.life
        return Tokens(
            access_token=Secret(str(told_["access_token"])),
            refresh_token=Secret(str(told_["refresh_token"])),
            expires_at=None if life is None else self.clock() + life,
            life=life,
        )

    def allow(self, address: str) -> str:
        """The address that the browser of a user who says yes is sent back to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert len(asked["state"]) >= 8
        assert asked.get("code_challenge_method", "S256") == "S256"
        code = f"code-{next(self._numbers)}"
        self.codes[code] = asked["redirect_uri"], asked.get("code_challenge")
        query = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(query)}"

    # -- the resource ------------------------------------------------------------------

    def _read(self, headers: Mapping[str, str]) -> Answer:
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        self.reads.append(token)
        family, ends = self.access.get(token, (Family(None, is_revoked=True), 0.0))
        if family.is_revoked or self.clock() >= ends:
            return told({"error": "request_forbidden: token_expired"}, 401)
        if self.is_forbidding:
            return told({"error": "no permission"}, 401)
        return told({"items": []})

    # -- tokens ------------------------------------------------------------------------

    def _asked(self, request: Request, headers: Mapping[str, str]) -> Outcome:
        form = dict(request.form or {})
        self.forms.append(form)
        fault = self.faults.popleft() if self.faults else None
        if fault is not None and not callable(fault):
            return fault
        answer = self._answer(form, headers)
        return answer if fault is None else fault(answer)

    def _answer(self, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        given = headers.get("Authorization", "").removeprefix("Basic ")
        if b64decode(given).decode() != f"{CLIENT}:{CLIENT_SECRET}":
            return told({"error": "invalid_client"}, 401)
        if {"client_id", "client_secret"} & form.keys():
            return told({"error": "invalid_request"}, 400)
        kind = form.get("grant_type", "")
        if kind == "authorization_code":
            return self._exchanged(form)
        if kind == "refresh_token":
            return self._refreshed(form["refresh_token"])
        if kind in SERVER.app_grants.values():
            return told(self._issued(Family(None), has_refresh=False))
        return told({"error": "unsupported_grant_type"}, 400)

    def _exchanged(self, form: Mapping[str, str]) -> Answer:
        redirect_uri, asked = self.codes.pop(form["code"], ("", None))
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        found = urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if redirect_uri != form["redirect_uri"] or asked not in (None, found):
            words = {"error_description": f"no code {form['code']}"}
            return told({"error": "invalid_grant", **words}, 400)
        return told(self._issued(Family(None), has_refresh="offline" in self.scope))

    def _refreshed(self, token: str) -> Answer:
        family = self.families.get(token)
        words = {"error_description": f"The token {token} is not good."}
        if family is None or family.is_revoked:
            return told({"error": "invalid_grant", **words}, 400)
        if family.refresh != token:
            self.reused.append(token)
            family.is_revoked = True
            return told({"error": "invalid_grant", **words}, 400)
        return told(self._issued(family, has_refresh=self.rotates))

    def _issued(self, family: Family, *, has_refresh: bool) -> dict[str, object]:
        number = next(self._numbers)
        access = f"access-token-{number}"
        ends = float("inf") if self.life is None else self.clock() + self.life
        self.access[access] = family, ends
        found: dict[str, object] = {"access_token": access, "token_Type": "bearer"}
        if self.life is not None:
            found["expires_in"] = self.life
        if has_refresh:
            family.refresh = f"refresh-token-{number}"
            self.families[family.refresh] = family
            found["refresh_token"] = family.refresh
        return {**found, "scope": self.scope}


@attrs.define
class Scene:
    """A client, its vendor, and what it keeps; time goes when somebody waits."""

    port: FakePort
    server: TokenServer
    store: TokenStore
    engine: Engine

    @property
    def kept(self) -> Tokens:
        found = self.store.load(ACCOUNT)
        assert found is not None
        return found

    def another(self, **given: object) -> Engine:
        """Another client of the same store, as another process has it."""
        return client(self.port, settings(self.store, **given))


def client(
    port: FakePort, given: Mapping[str, object], retry: Retry | None = None
) -> Engine:
    adapter = Tool.from_credentials(given)
    wall = attrs.evolve(adapter.keys, wall=port.wall)
    return engine(port, adapter=attrs.evolve(adapter, keys=wall), retry=retry)


def scene(
    store: TokenStore | None = None,
    *,
    is_async: bool = False,
    logged_in: bool = True,
    life: float | None = 3600.0,
    rotates: bool = True,
    retry: Retry | None = None,
    port_kind: type[FakePort] = FakePort,
    **given: object,
) -> Scene:
    port = port_kind(_nobody, is_async=is_async)
    port.handler = server = TokenServer(port.wall, life=life, rotates=rotates)
    kept = MemoryStore() if store is None else store
    if logged_in:
        kept.save(ACCOUNT, server.login())
    return Scene(port, server, kept, client(port, settings(kept, **given), retry))


def _nobody(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
    raise AssertionError(path)


def grant(machine: Engine) -> Grant:
    assert isinstance(machine.auth, Grant)
    return machine.auth


# -- on a wire -------------------------------------------------------------------------


def serving(server: TokenServer) -> Talk:
    """The same vendor over HTTP."""

    def talk(connection: Connection, at: HttpServer) -> None:
        while True:
            head, body = connection.request()
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
            form = dict(parse_qsl(body.decode()))
            request = Request(operation="any", method=_METHODS[method], form=form)
            given = {"Authorization": field(head, "authorization")}
            outcome = server(request, path, given)
            if isinstance(outcome, Lost):
                connection.reset()
                return
            status, headers, text = outcome
            connection.send(written(text, status, headers))

    return talk


_METHODS: Final[Mapping[str, Method]] = {"GET": "GET", "POST": "POST"}
