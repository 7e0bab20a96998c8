"""How the tests talk to the simulated service: blocking, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import attrs
import httpx

from socialmetrics.sandbox import World
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_hootsuite.sandbox import Sandbox, Service, sandbox, secrets

WORLD: Final = World(scale=0.2)
KEYS: Final = secrets(WORLD)
PAIR: Final = KEYS["client_id"], KEYS["client_secret"]
BASE: Final = "http://sandbox"
PLENTY: Final = 10**9
NOW: Final = WORLD.now
HOME: Final = "https://app.example/callback"
STATE: Final = "state-of-enough-letters"
SCOPES: Final = "offline analytics:read"


def spelled(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def ahead(**span: float) -> str:
    """A time that far after the world's now, as the service wants it."""
    return spelled(NOW + timedelta(**span))


@attrs.frozen
class Running:
    """A running service: ask it, get the answer; `state` is what happened."""

    box: Sandbox
    client: httpx.AsyncClient
    runner: asyncio.Runner

    @property
    def state(self) -> Service:
        return self.box.state

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **options))

    def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """A call of the API by the member."""
        bearer = f"Bearer {token or KEYS['access_token']}"
        told = {"Authorization": bearer, **(headers or {})}
        return self.send(method, f"/v1/{path}", headers=told, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The data of a GET that succeeds."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def publish(self, **body: Any) -> httpx.Response:
        """An order; by default a tweet that goes out at once."""
        told = {"text": "hello", "socialProfileIds": [self.of("TWITTER")], **body}
        return self.ask("POST", "messages", json=told)

    def made(self, **body: Any) -> list[dict[str, Any]]:
        """The messages of an order that succeeds."""
        answer = self.publish(**body)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def state_of(self, number: str) -> str:
        found = self.state.outbox.find(number)
        assert found is not None
        return self.state.outbox.state(found)

    def of(self, kind: str, number: int = 0) -> str:
        """The id of a profile of that type."""
        found = [one.id for one in self.state.profiles.values() if one.type == kind]
        return found[number]

    def token(self, **form: str) -> httpx.Response:
        """A call of the token endpoint."""
        return self.send("POST", "/oauth2/token", data=form, auth=PAIR)

    def login(self, **more: str) -> httpx.Response:
        """A member says yes; `more` changes what is asked."""
        form = {
            "response_type": "code",
            "client_id": KEYS["client_id"],
            "redirect_uri": HOME,
            "scope": SCOPES,
            "state": STATE,
            "allow": "1",
            "member": KEYS["member_id"],
            **more,
        }
        told = {name: text for name, text in form.items() if text}
        return self.send("POST", "/oauth2/auth", data=told)

    def analytics(
        self,
        name: str,
        profiles: str | Sequence[str],
        network: str = "INSTAGRAMBUSINESS",
        query: Mapping[str, str] | None = None,
        **filters: Any,
    ) -> httpx.Response:
        """A question for figures."""
        chosen = {"eq": profiles} if isinstance(profiles, str) else {"in": profiles}
        body = {"filters": {"profileId": chosen, **filters}}
        told = {"datatype": "ORGANIC", "networkId": network, "limit": "100"}
        params = {**told, **(query or {})}
        return self.ask("POST", f"analytics/{name}", params=params, json=body)


@contextmanager
def service(world: World = WORLD, **options: Any) -> Generator[Running]:
    """The service over that world, without a limit a second unless one is set."""
    box = sandbox(world, **{"per_second": PLENTY, **options})
    transport = httpx.ASGITransport(box.app)
    client = httpx.AsyncClient(transport=transport, base_url=BASE)
    with asyncio.Runner() as runner:
        yield Running(box, client, runner)
        runner.run(client.aclose())


def span(since: str | None = None, until: str | None = None) -> dict[str, object]:
    told = {"since": since, "until": until}
    return {"timespan": {name: day for name, day in told.items() if day}}


def refused(answer: httpx.Response, status: int, code: int, text: str = "") -> None:
    """The answer is a refusal of the REST API, in its shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert list(body) == ["errors"]
    for error in body["errors"]:
        assert list(error) == ["code", "message", "id", "resource"]
        assert error["id"]
    assert body["errors"][0]["code"] == code
    assert text in body["errors"][0]["message"]


def complained(answer: httpx.Response, status: int, error: str, text: str = "") -> None:
    """The answer is a refusal of the OAuth server, in its shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    keys = ["error", "error_description", "error_hint", "status_code"]
    assert list(body) == keys
    assert body["error"] == error
    assert body["status_code"] == status
    assert text in body["error_description"] + body["error_hint"]


def posts_of(running: Running, number: str) -> list[WorldPost]:
    """The posts of the world that belong to that profile, oldest first."""
    account = running.state.profiles[number].account
    return [post for post in WORLD.posts if post.account == account]
