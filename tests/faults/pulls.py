"""Pulls that faults can strike, through both clients, and what came of them.

A pull is compared with the same pull undisturbed: the multiset of its rows, values
included. So a row that is missing, doubled or changed is seen.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import attrs

import socialmetrics as sm
from socialmetrics.adapter import Adapter
from socialmetrics.model import Issue, Message, Post, Profile, Topic
from socialmetrics.pull import AsyncPull, Pull
from socialmetrics.sandbox.exchange import Seen
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics_sprout import Sprout
from socialmetrics_sprout.sandbox import CREDENTIALS

Kind: TypeAlias = Literal["Client", "AsyncClient"]
KINDS: Final[tuple[Kind, ...]] = ("Client", "AsyncClient")
NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
CUSTOMER: Final = "687751"
QUICK: Final = sm.Retry(first=0.01, longest=0.05)
BEARER: Final[Mapping[str, str]] = {"token": CREDENTIALS["token"]}
OAUTH: Final[Mapping[str, str]] = {
    name: CREDENTIALS[name] for name in ("client_id", "client_secret")
}

Row: TypeAlias = tuple[object, ...]
Item: TypeAlias = Post | Message | sm.Point
AnyClient: TypeAlias = sm.Client | sm.AsyncClient
Found: TypeAlias = (
    Pull[Post] | Pull[Message] | AsyncPull[Post] | AsyncPull[Message] | sm.MetricSeries
)
Asked: TypeAlias = Found | Coroutine[Any, Any, sm.MetricSeries]


@attrs.frozen(kw_only=True)
class Known:
    """What the pulls need to name: looked up once."""

    profiles: tuple[Profile, ...]
    topics: tuple[Topic, ...] = ()

    @property
    def topic(self) -> Topic:
        """The first one."""
        return self.topics[0]


@attrs.frozen(kw_only=True)
class Operation:
    """One kind of pull: how to ask for it, and the path that its requests end with."""

    name: str
    path: str
    ask: Callable[[AnyClient, Known], Asked] = attrs.field(repr=False)

    def concerns(self, seen: Seen) -> bool:
        """Whether that request is one of this pull."""
        return seen.path.partition("?")[0].endswith(self.path)


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of a pull: rows until the end or the error, requests, seconds."""

    rows: Counter[Row] = attrs.field(repr=False)
    issues: tuple[Issue, ...] = ()
    error: sm.SocialMetricsError | None = None
    requests: int = 0
    seconds: float = 0.0


class Figure(NamedTuple):
    """A figure of a post, in its row."""

    name: str
    value: int | float | None


def row(item: Item) -> Row:
    """Everything of an item that a fault could change."""
    if isinstance(item, sm.Point):
        named = (str(item.subject), item.reading.name, item.breakdown)
        return (*named, item.start, item.end, item.value, item.status)
    words = (str(item.ref), item.vendor_id, item.created_at, item.text, item.profile)
    if isinstance(item, Message):
        return (*words, item.author, item.tags)
    figures = (Figure(name, point.value) for name, point in item.metrics.items())
    return (*words, *sorted(figures))


def settings(url: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """How the tests connect, unless they say otherwise."""
    credentials = {} if "client_id" in given or "token" in given else BEARER
    return {
        "base_url": url,
        "auth_url": url,
        "customer_id": CUSTOMER,
        "budget": [(1_000_000, 60.0)],
        "clock": lambda: NOW,
        "retry": QUICK,
        "timeout": 20,
        "concurrency": 1,
        **credentials,
        **given,
    }


@attrs.define
class _Basket:
    """Rows as they come; they stay when an error ends the pull."""

    rows: list[Row] = attrs.field(factory=list[Row])
    issues: list[Issue] = attrs.field(factory=list[Issue])
    error: sm.SocialMetricsError | None = None


@attrs.frozen(kw_only=True)
class Fetch:
    """Runs a pull with one of both clients, through the proxy."""

    kind: Kind
    proxy: FaultProxy
    known: Known
    adapter: type[Adapter] = Sprout
    settings: Callable[[str, Mapping[str, Any]], dict[str, Any]] = settings

    def __call__(self, operation: Operation, **given: Any) -> Outcome:
        """The pull's outcome; only errors of our own tree are caught."""
        before, begun = len(self.proxy.requests), time.monotonic()
        basket = _Basket()
        options = self.settings(self.proxy.url, given)
        if self.kind == "Client":
            self._blocking(operation, basket, options)
        else:
            asyncio.run(self._asynchronous(operation, basket, options))
        seen = self.proxy.requests[before:]
        return Outcome(
            rows=Counter(basket.rows),
            issues=tuple(basket.issues),
            error=basket.error,
            requests=sum(map(operation.concerns, seen)),
            seconds=time.monotonic() - begun,
        )

    def _blocking(
        self, operation: Operation, basket: _Basket, options: dict[str, Any]
    ) -> None:
        with sm.connect(self.adapter, **options) as client:
            try:
                found = operation.ask(client, self.known)
                assert isinstance(found, Pull | sm.MetricSeries)
                for item in found:
                    basket.rows.append(row(item))
                basket.issues.extend(found.issues)
            except sm.SocialMetricsError as err:
                basket.error = err

    async def _asynchronous(
        self, operation: Operation, basket: _Basket, options: dict[str, Any]
    ) -> None:
        async with sm.connect_async(self.adapter, **options) as client:
            try:
                found = operation.ask(client, self.known)
                if isinstance(found, AsyncPull):
                    async for item in found:
                        basket.rows.append(row(item))
                    basket.issues.extend(found.issues)
                    return
                assert isinstance(found, Coroutine)
                series = await found
                basket.rows.extend(map(row, series))
                basket.issues.extend(series.issues)
            except sm.SocialMetricsError as err:
                basket.error = err


JANUARY: Final = sm.Window.days("2026-01-01", "2026-01-31")
TEN_DAYS: Final = sm.Window.days("2026-01-01", "2026-01-10")
TWO_MONTHS: Final = sm.Window.days("2025-12-01", "2026-01-31")
HALF_A_YEAR: Final = sm.Window.days("2025-09-01", "2026-02-28")


def _posts(client: AnyClient, known: Known) -> Asked:
    return client.posts(known.profiles, TEN_DAYS, metrics=["impressions", "likes"])


def _side_by_side(client: AnyClient, known: Known) -> Asked:
    return client.posts(known.profiles, TWO_MONTHS, metrics=["impressions"])


def _days(client: AnyClient, known: Known) -> Asked:
    return client.metrics(known.profiles, ["followers"], HALF_A_YEAR)


def _messages(client: AnyClient, known: Known) -> Asked:
    return client.messages(known.profiles, JANUARY, where={"group_id": ["1201"]})


def _mentions(client: AnyClient, known: Known) -> Asked:
    return client.topic_messages(known.topic, JANUARY)


POSTS: Final = Operation(name="posts", path="/analytics/posts", ask=_posts)
DAYS: Final = Operation(name="days", path="/analytics/profiles", ask=_days)
MESSAGES: Final = Operation(
    name="messages",
    path="/687751/messages",
    ask=_messages,
)
MENTIONS: Final = Operation(
    name="listening",
    path="81391723128379/messages",
    ask=_mentions,
)
OPERATIONS: Final = (POSTS, DAYS, MESSAGES, MENTIONS)
SIDE_BY_SIDE: Final = Operation(
    name="side by side",
    path="/analytics/posts",
    ask=_side_by_side,
)
