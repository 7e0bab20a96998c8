"""One running service: the world it shows, its clock, and what was published."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from time import monotonic

from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.legacy.sandbox.feeds import (
    Entry,
    Feeds,
    network_id,
    network_type,
)
from socialmetrics_hootsuite.legacy.sandbox.options import Options
from socialmetrics_hootsuite.legacy.sandbox.refusal import FORBIDDEN, Refusal
from socialmetrics_hootsuite.legacy.sandbox.writing import Published


class Meter:
    """At most so many streams in any so many seconds; refused ones do not count."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._seen = deque[float]()

    def admit(self, streams: int) -> bool:
        """Whether so many more fit in; if so, they are counted."""
        now = self._clock()
        while self._seen and self._seen[0] <= now - self._seconds:
            self._seen.popleft()
        if len(self._seen) + streams > self._most:
            return False
        self._seen.extend([now] * streams)
        return True


class Service:
    """What all endpoints share. `published` is everything that was ever taken."""

    def __init__(self, world: World, options: Options) -> None:
        self.world, self.options = world, options
        self.published: list[Published] = []
        self.posts = 0
        self._meter = Meter(options.per_hour, options.hour_seconds)
        self._feeds = Feeds(world)
        self._accounts = {
            network_id(one): one for one in world.profiles if network_type(one)
        }

    def now(self) -> datetime:
        """The service's time, in UTC."""
        clock = self.options.clock
        return self.world.now if clock is None else clock()

    def networks(self) -> list[dict[str, object]]:
        """Every profile, as the tool shows it."""
        return [
            {
                "socialNetworkId": number,
                "type": network_type(one),
                "username": one.handle if one.network == "x" else one.name,
            }
            for number, one in self._accounts.items()
        ]

    def account(self, number: int) -> Account:
        """The profile with that id. Refuses those of others."""
        found = self._accounts.get(number)
        if found is None:
            text = f"You do not have access to social network {number}"
            raise Refusal(FORBIDDEN, text)
        return found

    def admit(self, streams: int) -> None:
        """Lets so many streams be read, or refuses."""
        if not self._meter.admit(streams):
            raise Refusal(self.options.limited, "Rate limit exceeded: 300 streams/hour")

    def feed(self, account: Account, kind: str) -> list[Entry]:
        """Everything in that stream, oldest first; tweets that were published here too.

        The tool shows what it sent as soon as it is out.
        """
        now = self.now()
        found = self._feeds.feed(account, kind, now)
        if kind not in ("SENT", "HOME"):
            return found
        sent = [
            one.entry
            for one in self.published
            if one.at <= now and (one.account == account or kind == "HOME")
        ]
        tweets = [one for one in sent if one is not None]
        if not tweets:
            return found
        return sorted([*found, *tweets], key=attrgetter("position"))
