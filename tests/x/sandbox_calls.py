"""How the tests talk to the simulated service: blocking, in this process.

Requests are signed by oauthlib's client, not by the one under test elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any, Final

import attrs
import httpx

from socialmetrics.sandbox import World
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_x.sandbox import Lens, app, credentials

ORACLE: Final[Any] = import_module("oauthlib.oauth1")  # It has no types.
WORLD = World(scale=0.2)
LENS = Lens(WORLD)
KEYS = credentials(WORLD)
OWNERS = dict(pair.split(":") for pair in KEYS["owners"].split(","))
ACME, CARE = (
    next(token for token in OWNERS if token.startswith(user))
    for user in ("1067094924124872705-", "893465128804605952-")
)
BASE = "http://sandbox"
PATH = "/insights/engagement/"
FORM = "application/x-www-form-urlencoded"
PLENTY = 10**9
CELLS = ("tweet.id", "engagement.type")
HOURS = (*CELLS, "engagement.day", "engagement.hour")


def fine(post: WorldPost) -> bool:
    return not post.protected and post.deleted_at is None


def posts_of(token: str, world: World = WORLD) -> list[WorldPost]:
    """The posts of an account that anybody gets figures of, newest first."""
    user = token.partition("-")[0]
    own = [post for post in world.posts if post.account.ref.native_id == user]
    return [post for post in reversed(own) if post.ref.network == "x" and fine(post)]


def ids(posts: Iterable[WorldPost]) -> list[str]:
    return [post.ref.native_id for post in posts]


def signature(
    url: str, token: str | None = ACME, *, method: str = "POST", **more: Any
) -> str:
    """An Authorization header; `more` goes to oauthlib's client."""
    secret = more.pop("secret", OWNERS.get(token or ""))
    client = ORACLE.Client(
        more.pop("key", KEYS["consumer_key"]),
        client_secret=more.pop("consumer_secret", KEYS["consumer_secret"]),
        resource_owner_key=token,
        resource_owner_secret=secret,
        **more,
    )
    header: str = client.sign(url, http_method=method)[1]["Authorization"]
    return header


def ask_for(
    posts: Iterable[str | int],
    metrics: Sequence[str],
    levels: Sequence[str] = CELLS,
    **more: object,
) -> dict[str, object]:
    """A request's body with one grouping."""
    group = {"g0": {"group_by": list(levels)}}
    return {
        "tweet_ids": list(posts),
        "engagement_types": list(metrics),
        "groupings": group,
        **more,
    }


def between(start: datetime | str, end: datetime | str) -> dict[str, object]:
    return {"start": _spelled(start), "end": _spelled(end)}


def _spelled(at: datetime | str) -> str:
    return at if isinstance(at, str) else f"{at:%Y-%m-%dT%H:%M:%SZ}"


@attrs.frozen
class Service:
    """A running service: ask it, get the answer."""

    client: httpx.AsyncClient
    runner: asyncio.Runner

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **options))

    def ask(
        self,
        endpoint: str,
        body: object,
        token: str | None = ACME,
        headers: Mapping[str, str] | None = None,
        **signing: Any,
    ) -> httpx.Response:
        """A signed question to an endpoint; a token of None signs as the app."""
        path = f"{PATH}{endpoint}"
        signed = signature(f"{BASE}{path}", token, **signing)
        told = {"Authorization": signed, **(headers or {})}
        return self.send("POST", path, json=body, headers=told)

    def bearer(self, **options: Any) -> httpx.Response:
        """A question for the app's bearer token."""
        pair = KEYS["consumer_key"], KEYS["consumer_secret"]
        form = {"grant_type": "client_credentials"}
        return self.send(
            "POST", "/oauth2/token", **{"auth": pair, "data": form, **options}
        )


@contextmanager
def service(world: World = WORLD, **options: Any) -> Generator[Service]:
    """The service over that world, without a limit unless one is set."""
    options = {"per_minute": PLENTY, **options}
    transport = httpx.ASGITransport(app(world, **options))
    client = httpx.AsyncClient(transport=transport, base_url=BASE)
    with asyncio.Runner() as runner:
        yield Service(client, runner)
        runner.run(client.aclose())
