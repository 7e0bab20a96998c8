"""An operation before it runs: its parts, what will be missing, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Generic, Literal, TypeAlias, TypeVar

import attrs

from socialmetrics.model import Missing, Post, Profile, Ref, Topic
from socialmetrics.reading import Reading
from socialmetrics.window import Window

T_co = TypeVar("T_co", covariant=True)
By: TypeAlias = Literal["hour", "day", "total"]
Subject: TypeAlias = Profile | Post | Topic | Ref


@attrs.frozen(kw_only=True)
class Part(Generic[T_co]):
    """A piece of an operation that can be read on its own, anywhere.

    Plain frozen values: it pickles, and it names its operation. `requests` is how many
    calls it takes at least.
    """

    operation: ClassVar[str] = ""
    requests: int = 1

    @property
    def weight(self) -> int:
        """What its calls take of the budget; vendors may count more than calls."""
        return self.requests


@attrs.frozen(kw_only=True)
class ProfilesPart(Part[Profile]):
    """All profiles at once; no vendor cuts its directory."""

    operation = "profiles"


@attrs.frozen(kw_only=True)
class TopicsPart(Part[Topic]):
    """All listening topics at once."""

    operation = "topics"


@attrs.frozen(kw_only=True)
class Derived:
    """A metric that the library works out for one network, from these readings."""

    metric: str
    network: str
    readings: tuple[Reading, ...]


@attrs.frozen(kw_only=True)
class Plan(Generic[T_co]):
    """What a call will ask for, before anything of it is spent.

    `available` are the asked metrics that will come for at least one subject, `missing`
    the others, with reasons. `requests` is exact where the answer has a known size,
    else the least possible; `duration` is how long the budget's windows make that
    many take (a month's quota is refused beyond, not waited for).
    `derived` are asked metrics that are computed from what is fetched; `resolved` are
    asked names with the readings they stand for, filled by the adapter; `is_total`
    says that days are added up at the end. `notes` are for people: what is good to
    know before it is spent.
    """

    parts: tuple[Part[T_co], ...]
    asked: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    derived: tuple[Derived, ...] = ()
    resolved: tuple[tuple[str, Reading], ...] = ()
    is_total: bool = False
    notes: tuple[str, ...] = ()
    duration: timedelta = timedelta()

    @property
    def requests(self) -> int:
        """How many calls it takes, at least."""
        return sum(part.requests for part in self.parts)

    @property
    def weight(self) -> int:
        """What they take of the budget."""
        return sum(part.weight for part in self.parts)


@attrs.frozen(kw_only=True)
class MetricsQuery:
    """Which figures: of whom, which metrics (as asked), when, in which steps.

    `now` is the instant that ages and validity dates are measured from.
    """

    subjects: Sequence[Subject]
    metrics: Sequence[str]
    window: Window | None = None
    by: By | None = None
    now: datetime


@attrs.frozen(kw_only=True)
class PostsQuery:
    """Which posts: of which profiles, published when, with which figures and fields."""

    profiles: Sequence[Profile]
    window: Window
    metrics: Sequence[str] = ()
    fields: Sequence[str] = ()
    now: datetime


@attrs.frozen(kw_only=True)
class MessagesQuery:
    """Which messages: of which profiles, when, narrowed by the vendor's own filters.

    `where` maps a filter's name to its values.
    """

    profiles: Sequence[Profile]
    window: Window
    where: Mapping[str, Sequence[str]] = attrs.field(factory=dict[str, Sequence[str]])
    fields: Sequence[str] = ()
    now: datetime


@attrs.frozen(kw_only=True)
class TopicQuery:
    """Which listening messages or figures: of which topic, when, and which of them.

    `where` holds the adapter's own conditions, `dimensions` what figures are split by.
    """

    topic: Topic
    window: Window
    where: Sequence[object] = ()
    fields: Sequence[str] = ()
    metrics: Sequence[str] = ()
    dimensions: Sequence[str] = ()
    now: datetime
