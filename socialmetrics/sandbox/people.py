"""Who there is: the nouns of the simulated world, without any vendor's spelling."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialmetrics.model import Ref


@attrs.frozen(kw_only=True)
class Customer:
    """A company that uses tools."""

    id: int
    name: str


@attrs.frozen(kw_only=True)
class Group:
    """A folder of profiles, inside one customer."""

    id: int
    name: str
    customer: int


@attrs.frozen(kw_only=True)
class Account:
    """A profile on a network. `index` is its row in every table of the world.

    `handle` is None where tools do not say it. `followers` is the level at the
    beginning of the history; `reach` scales how often its posts are seen, and `share`
    how many posts it writes (of 1,000).
    """

    index: int
    ref: Ref
    name: str
    handle: str | None
    groups: tuple[int, ...]
    customer: int
    followers: int
    reach: int
    share: int
    store_code: str | None = None
    address: str | None = None

    @property
    def network(self) -> str:
        """The network's slug."""
        return self.ref.network


@attrs.frozen(kw_only=True)
class Tag:
    """A word that people put on posts and messages; `campaign` or a plain label."""

    id: int
    text: str
    campaign: bool
    active: bool
    any_group: bool
    groups: tuple[int, ...]


@attrs.frozen(kw_only=True)
class User:
    """A colleague who works with the tools."""

    id: int
    first_name: str
    last_name: str
    email: str


@attrs.frozen(kw_only=True)
class Team:
    """Colleagues under one name."""

    id: str
    name: str
    description: str


@attrs.frozen(kw_only=True)
class Queue:
    """Where cases wait for a team."""

    id: str
    name: str
    description: str
    teams: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Theme:
    """A sub-subject of a topic."""

    id: str
    name: str
    group: str


@attrs.frozen(kw_only=True)
class Topic:
    """A subject that is listened to all over the networks."""

    id: str
    name: str
    kind: str
    description: str
    group: int
    themes: tuple[Theme, ...]
    available_at: datetime


@attrs.frozen(kw_only=True)
class Person:
    """A stranger who writes: `number` is unique per network."""

    network: str
    number: int
    name: str
    handle: str
    followers: int
