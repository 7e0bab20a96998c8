"""The simulated X over real HTTP, watched: what was asked, and what it answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import attrs

import socialmetrics as sm
from socialmetrics.sandbox.kit import App
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox import app
from tests.x.sandbox_calls import KEYS, PATH, PLENTY, WORLD

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ACME_ID: Final = "1067094924124872705"
CARE_ID: Final = "893465128804605952"
QUICK: Final = sm.Retry(first=0.01, longest=0.05)
APP: Final = {key: KEYS[key] for key in ("consumer_key", "consumer_secret")}
PAIRS: Final = {pair.partition("-")[0]: pair for pair in KEYS["owners"].split(",")}


@attrs.frozen
class Call:
    """A request as it arrived, and the status of its answer."""

    path: str
    authorization: str
    status: int

    @property
    def endpoint(self) -> str:
        """totals, 28hr or historical; nothing for the other host's."""
        return self.path.removeprefix(PATH) if self.path.startswith(PATH) else ""

    @property
    def scheme(self) -> str:
        """How it was authorized: Bearer, OAuth, ..."""
        return self.authorization.partition(" ")[0]

    @property
    def nonce(self) -> str:
        """The nonce of its signature."""
        return self.authorization.partition('oauth_nonce="')[2].partition('"')[0]


@attrs.define
class Front:
    """Stands before the service and keeps what passes.

    `host` is the address that requests were signed for, where a proxy changed it.
    """

    service: App
    calls: list[Call] = attrs.field(factory=list[Call])
    host: str | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hands it on."""
        if self.host is not None:
            others = [each for each in scope["headers"] if each[0] != b"host"]
            scope = {**scope, "headers": [*others, (b"host", self.host.encode())]}
        told = dict(scope["headers"])

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                signed = told.get(b"authorization", b"").decode()
                call = Call(scope["path"], signed, message["status"])
                self.calls.append(call)
            await send(message)

        await self.service(scope, receive, noted)

    @property
    def asked(self) -> list[Call]:
        """What was asked for figures."""
        return [call for call in self.calls if call.endpoint]

    def answered(self, status: int) -> int:
        """How many answers had that status."""
        return sum(call.status == status for call in self.calls)


@attrs.frozen
class Simulated:
    """A service that runs: where, and what passed."""

    url: str
    front: Front

    def settings(self, **more: Any) -> dict[str, Any]:
        """How to connect to it; `owners` by user ids, all of them by default."""
        owners = more.pop("owners", (ACME_ID, CARE_ID))
        given = {
            "base_url": self.url,
            "auth_url": self.url,
            "clock": lambda: WORLD.now,
            "retry": QUICK,
            **APP,
            **({"owners": ",".join(PAIRS[each] for each in owners)} if owners else {}),
            **more,
        }
        return {name: value for name, value in given.items() if value is not None}


@contextmanager
def simulated(world: World = WORLD, **options: Any) -> Generator[Simulated]:
    """The service over that world, without a limit unless one is set."""
    front = Front(app(world, **{"per_minute": PLENTY, **options}))
    with serve(front) as running:
        yield Simulated(running.url, front)


def bearer_of(url: str) -> str:
    """The app's bearer token, as somebody fetched it before."""
    import httpx

    pair = APP["consumer_key"], APP["consumer_secret"]
    form = {"grant_type": "client_credentials"}
    told: Mapping[str, str] = httpx.post(
        f"{url}/oauth2/token", auth=pair, data=form
    ).json()
    return told["access_token"]
