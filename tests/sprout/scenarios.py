"""What is recorded, and played again by both clients: one scene an operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from socialmetrics.adapter import Adapter
from socialmetrics.model import Draft, Media, Post, Profile, Topic
from socialmetrics.window import Window
from socialmetrics.wire import Flow
from socialmetrics_sprout import Sprout
from tests.conftest import Fetch

T = TypeVar("T")
PDF: Final = b"%PDF-1.4\n%%EOF\n"


@attrs.frozen
class Stage:
    """A client of one account, and the instant at which everything is asked."""

    fetch: Fetch
    now: datetime

    def window(self, days: int, ago: int = 1) -> Window:
        """So many days, the last of them so many days ago."""
        last = self.now.date() - timedelta(days=ago)
        return Window.days(last - timedelta(days=days - 1), last)

    def profiles(self, *networks: str) -> list[Profile]:
        """The first profile of each of these networks."""
        known = self.fetch.items(lambda client: client.profiles())
        firsts = {p.ref.network: p for p in reversed(known)}
        return [firsts[network] for network in networks if network in firsts]

    def topic(self) -> Topic:
        """The first listening topic."""
        return self.fetch.items(lambda client: client.topics())[0]

    def run(self, flow: Callable[[Sprout], Flow[T]]) -> T:
        """The result of a vendor-only call."""
        return self.fetch.value(
            lambda client: client.run(flow(_sprout(client.adapter)))
        )


def _sprout(adapter: Adapter) -> Sprout:
    assert isinstance(adapter, Sprout)
    return adapter


Scene: TypeAlias = Callable[[Stage], Any]


def _anew(stage: Stage) -> Stage:
    """The same without a customer id: it is found."""
    settings = {k: v for k, v in stage.fetch.settings.items() if k != "customer_id"}
    return attrs.evolve(stage, fetch=attrs.evolve(stage.fetch, settings=settings))


def profiles(stage: Stage) -> list[Profile]:
    return _anew(stage).fetch.items(lambda client: client.profiles())


def posts(stage: Stage) -> list[Post]:
    some, window = stage.profiles("facebook", "instagram"), stage.window(2)
    metrics = ["impressions", "likes", "comments"]
    return stage.fetch.items(lambda c: c.posts(some, window, metrics=metrics))


def metrics_posts(stage: Stage) -> Any:
    some, window = stage.profiles("linkedin"), stage.window(3)
    found = stage.fetch.items(lambda c: c.posts(some, window))[:5]
    metrics = ["impressions", "reactions", "link_clicks"]
    return stage.fetch.value(lambda c: c.metrics(found, metrics))


def metrics_profiles(stage: Stage) -> Any:
    some, window = stage.profiles("x", "facebook", "youtube"), stage.window(4)
    metrics = ["impressions", "followers", "engagements.public"]
    return stage.fetch.value(lambda c: c.metrics(some, metrics, window))


def messages(stage: Stage) -> Any:
    some, window = stage.profiles("x", "instagram"), stage.window(3)
    return stage.fetch.items(lambda c: c.messages(some, window))


def topics(stage: Stage) -> list[Topic]:
    return stage.fetch.items(lambda client: client.topics())


def topic_messages(stage: Stage) -> Any:
    topic, window = stage.topic(), stage.window(4)
    return stage.fetch.items(lambda c: c.topic_messages(topic, window))


def topic_metrics(stage: Stage) -> Any:
    topic, window = stage.topic(), stage.window(4)
    return stage.fetch.value(
        lambda c: c.topic_metrics(
            topic,
            ["mentions_volume", "likes"],
            window,
            dimensions=["created_time.by(day)", "sentiment"],
        )
    )


def cases(stage: Stage) -> Any:
    return stage.run(lambda sprout: sprout.cases(stage.window(7)))


def publish(stage: Stage) -> Any:
    said: Mapping[str, Any] = {
        "text": "A draft that nobody approves",
        "profiles": stage.profiles("x", "instagram"),
        "at": stage.now + timedelta(days=30),
    }
    receipt = stage.fetch.value(lambda client: client.publish(Draft(**said)))
    number = receipt.deliveries[0].vendor_id or ""
    return receipt, stage.run(lambda sprout: sprout.planned(number))


def upload(stage: Stage) -> list[Media]:
    address, kind = "https://cdn.example/a.png", "image/png"
    return [
        stage.run(lambda sprout: sprout.upload(PDF, "a.pdf", "application/pdf")),
        stage.run(lambda sprout: sprout.upload_from(address, kind)),
    ]


def token(stage: Stage) -> Any:
    return _anew(stage).run(lambda sprout: sprout.groups())


SCENES: Final[Mapping[str, Scene]] = {
    "customers": lambda stage: _anew(stage).run(lambda sprout: sprout.customers()),
    "profiles": profiles,
    "posts": posts,
    "messages": messages,
    "metrics_profiles": metrics_profiles,
    "metrics_posts": metrics_posts,
    "topics": topics,
    "topic_messages": topic_messages,
    "topic_metrics": topic_metrics,
    "publish": publish,
    "upload": upload,
    "tags": lambda stage: stage.run(lambda sprout: sprout.tags()),
    "groups": lambda stage: stage.run(lambda sprout: sprout.groups()),
    "users": lambda stage: stage.run(lambda sprout: sprout.users()),
    "teams": lambda stage: stage.run(lambda sprout: sprout.teams()),
    "queues": lambda stage: stage.run(lambda sprout: sprout.queues()),
    "cases": cases,
    "token": token,
}
WRITES: Final = frozenset({"publish", "upload"})
"""Scenes that leave something behind at the vendor."""


def stage_of(fetch: Fetch, now: datetime, settings: Mapping[str, object]) -> Stage:
    """A stage whose clock stands still; one request after the other."""
    return Stage(
        fetch.by(
            "sprout",
            **{
                "clock": lambda: now,
                "concurrency": 1,
                "budget": [(10_000, 60.0)],
                **settings,
            },
        ),
        now,
    )
