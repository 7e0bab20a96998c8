"""What is recorded, and played again by both clients: one scene a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

import attrs
import pytest

import socialmetrics as sm
from socialmetrics_hootsuite import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.newer import Newer
from socialmetrics_hootsuite.legacy.streams import FACEBOOK, TWITTER
from tests.conftest import AnyClient, Fetch

NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
DAY: Final = sm.Window.days("2026-03-09", "2026-03-09")
OF_A_PAGE: Final = tuple(kind for kind in FACEBOOK if kind != "F_HOME_STREAM")
"""A page has no home stream."""


@attrs.frozen
class Stage:
    """A client."""

    fetch: Fetch

    def profiles(self, *types: str) -> list[sm.Profile]:
        """The first profile of each of these types."""
        found = self.fetch.items(lambda client: client.profiles())
        firsts = {each.raw["type"]: each for each in reversed(found)}
        return [firsts[type_] for type_ in types]

    def publish(self, *types: str, **change: Any) -> sm.Publication:
        """Published once, without a key."""
        chosen = self.profiles(*types)
        draft = sm.Draft(text="All about tea", profiles=chosen, **change)
        return self.fetch.value(lambda client: client.publish(draft))

    def messages(self, type_: str, *kinds: str) -> list[sm.Message]:
        """A day of these streams, or of those that people write to."""
        some, where = self.profiles(type_), {"streams": list(kinds)} if kinds else None
        return self.fetch.items(lambda c: c.messages(some, DAY, where=where))


def _adapter(client: AnyClient) -> HootsuiteLegacy:
    assert isinstance(client.adapter, HootsuiteLegacy)
    return client.adapter


Ask: TypeAlias = Callable[[Stage], Any]


@attrs.frozen(kw_only=True)
class Scene:
    """One case: what is asked, and how the service behaves."""

    ask: Ask
    options: Mapping[str, object] = attrs.field(factory=dict[str, object])
    is_known: bool = True
    """Whether its token opens the service."""


def networks(stage: Stage) -> list[sm.Profile]:
    return stage.fetch.items(lambda client: client.profiles())


def messages_of_x(stage: Stage) -> list[sm.Message]:
    return stage.messages("TWITTER", *TWITTER)


def messages_of_facebook(stage: Stage) -> list[sm.Message]:
    return stage.messages("FACEBOOKPAGE", *OF_A_PAGE)


def home_of_facebook(stage: Stage) -> list[sm.Message]:
    return stage.messages("FACEBOOK", "F_HOME_STREAM")


def messages_to_x(stage: Stage) -> list[sm.Message]:
    return stage.messages("TWITTER")


def messages_to_facebook(stage: Stage) -> list[sm.Message]:
    return stage.messages("FACEBOOKPAGE")


def posts(stage: Stage) -> list[sm.Post]:
    some = stage.profiles("TWITTER")
    return stage.fetch.items(lambda client: client.posts(some, DAY))


def newer(stage: Stage) -> tuple[Newer, Newer]:
    (profile,) = stage.profiles("TWITTER")

    def asked(client: AnyClient, seen: Any) -> Any:
        adapter = _adapter(client)
        return client.run(adapter.newer(adapter.stream(profile, "MENTION"), seen))

    first: Newer = stage.fetch.value(lambda client: asked(client, None))
    return first, stage.fetch.value(lambda client: asked(client, first.last_seen))


def publish_now(stage: Stage) -> sm.Publication:
    return stage.publish("TWITTER", "FACEBOOKPAGE")


def publish_at(stage: Stage) -> sm.Publication:
    at = NOW + timedelta(minutes=61)
    return stage.publish("TWITTER", "LINKEDIN", at=at, notify=True)


def publish_automatically(stage: Stage) -> sm.Publication:
    return stage.publish("LINKEDIN", at="auto")


def foreign_profile(stage: Stage) -> sm.Publication:
    (known,) = stage.profiles("LINKEDIN")
    other = attrs.evolve(known, vendor_id="1239999")
    draft = sm.Draft(text="Not mine", profiles=[other])
    return stage.fetch.value(lambda client: client.publish(draft))


def failing(ask: Ask) -> Ask:
    """The scene's error, for its result."""

    def refused(stage: Stage) -> sm.SocialMetricsError:
        with pytest.raises(sm.SocialMetricsError) as caught:
            ask(stage)
        return caught.value

    return refused


LIMITED: Final[Mapping[str, object]] = {"per_hour": 1}
SCENES: Final[Mapping[str, Scene]] = {
    "networks": Scene(ask=networks),
    "messages_of_x": Scene(ask=messages_of_x),
    "messages_of_facebook": Scene(ask=messages_of_facebook),
    "home_of_facebook": Scene(ask=home_of_facebook),
    "messages_to_x": Scene(ask=messages_to_x),
    "messages_to_facebook": Scene(ask=messages_to_facebook),
    "posts": Scene(ask=posts),
    "newer": Scene(ask=newer),
    "publish_now": Scene(ask=publish_now),
    "publish_at": Scene(ask=publish_at),
    "publish_automatically": Scene(ask=publish_automatically),
    "publish_without_a_receipt": Scene(ask=publish_at, options={"receipt": "empty"}),
    "token_unknown": Scene(ask=failing(networks), is_known=False),
    "foreign_profile": Scene(ask=failing(foreign_profile)),
    "limited": Scene(ask=failing(messages_of_x), options=LIMITED),
    "limited_with_403": Scene(
        ask=failing(messages_of_x), options={**LIMITED, "limited": 403}
    ),
}
STAND_IN: Final = {"access_token": "not-a-token"}
"""Opens nothing: for playing a scene."""


def stage_of(fetch: Fetch, settings: Mapping[str, object]) -> Stage:
    """A stage whose clock stands still; one request after the other."""
    common = {"clock": lambda: NOW, "concurrency": 1}
    return Stage(fetch.by(HootsuiteLegacy, **{**common, **settings}))
