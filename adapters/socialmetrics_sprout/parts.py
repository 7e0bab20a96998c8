"""The pieces that Sprout's operations are cut into. Plain values: they pickle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import attrs

from socialmetrics.model import Message, Post, Ref
from socialmetrics.plan import Part
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout.models import Case

Names = tuple[str, ...]


@attrs.frozen(cache_hash=True)
class Account:
    """A profile as a part needs it: Sprout's id and the network's."""

    vendor_id: str
    ref: Ref


@attrs.frozen
class Asked:
    """Vendor metrics that belong to one network."""

    network: str
    names: Names


def asking(asked: Iterable[Asked], names: Names) -> tuple[Asked, ...]:
    """The same with none but these names."""
    some = (Asked(a.network, tuple(n for n in a.names if n in names)) for a in asked)
    return tuple(each for each in some if each.names)


@attrs.frozen(kw_only=True)
class DaysPart(Part[MetricSeries]):
    """Daily figures of profiles: every account, every day, both ends included."""

    operation = "metrics"
    accounts: tuple[Account, ...]
    first: date
    last: date
    asked: tuple[Asked, ...]

    @property
    def names(self) -> Names:
        """Every vendor metric, once."""
        return tuple(dict.fromkeys(name for each in self.asked for name in each.names))

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1

    def halves(self) -> tuple[DaysPart, DaysPart] | None:
        """Two parts that cover it exactly: by accounts, else by days."""
        if len(self.accounts) > 1:
            cut = len(self.accounts) // 2
            return (
                attrs.evolve(self, accounts=self.accounts[:cut]),
                attrs.evolve(self, accounts=self.accounts[cut:]),
            )
        if self.days == 1:
            return None
        middle = self.first + timedelta(days=self.days // 2)
        return (
            attrs.evolve(self, last=middle - timedelta(days=1)),
            attrs.evolve(self, first=middle),
        )


@attrs.frozen(kw_only=True)
class PostsPart(Part[Post]):
    """Posts of at most 100 profiles, published in the window."""

    operation = "posts"
    accounts: tuple[Account, ...]
    window: Window
    asked: tuple[Asked, ...] = ()
    fields: Names = ()

    @property
    def names(self) -> Names:
        """Every vendor metric, once."""
        return tuple(dict.fromkeys(name for each in self.asked for name in each.names))


@attrs.frozen(kw_only=True)
class Wanted:
    """A post whose figures are asked for."""

    vendor_id: str
    ref: Ref
    created: datetime


@attrs.frozen(kw_only=True)
class PostFiguresPart(Part[MetricSeries]):
    """Lifetime figures of known posts, found by when they were published."""

    operation = "metrics"
    posts: PostsPart
    wanted: tuple[Wanted, ...]


@attrs.frozen(kw_only=True)
class MessagesPart(Part[Message]):
    """Inbox messages of profiles of one group (None: asked for without a group)."""

    operation = "messages"
    accounts: tuple[Account, ...]
    group: str | None
    window: Window
    conditions: Names = ()
    fields: Names = ()
    ids: Names = ()


@attrs.frozen(kw_only=True)
class TopicMessagesPart(Part[Message]):
    """Listening messages of a topic."""

    operation = "topic_messages"
    topic: str
    window: Window
    conditions: Names = ()
    fields: Names = ()


@attrs.frozen(kw_only=True)
class TopicFiguresPart(Part[MetricSeries]):
    """Listening figures of a topic, split by dimensions."""

    operation = "topic_metrics"
    topic: str
    window: Window
    names: Names
    dimensions: Names = ()
    conditions: Names = ()


@attrs.frozen(kw_only=True)
class CasesPart(Part[Case]):
    """Cases by id, or of a window of at most a week."""

    operation = "cases"
    conditions: Names


def spans(first: date, last: date, most: int) -> Iterator[tuple[date, date]]:
    """The days cut into pieces of at most so many, both ends included."""
    while first <= last:
        end = min(last, first + timedelta(days=most - 1))
        yield first, end
        first = end + timedelta(days=1)


def windows(window: Window, most: timedelta) -> Iterator[Window]:
    """The window cut into pieces that are at most so long."""
    start = window.start
    while start < window.end:
        end = min(window.end, start + most)
        yield Window(start, end, window.tz)
        start = end
