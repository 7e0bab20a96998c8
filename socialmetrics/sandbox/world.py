"""The simulated world: one truth, from which every vendor's sandbox answers.

    world = World()                       # the same on every machine
    post = world.posts[-1]
    world.post_total(post, "likes")       # up to world.now
    world.profile_sum(world.profiles[0], "impressions", "organic", start, end)

Counts are exact and additive: the hours of a post add up to its total, organic and
paid to total, a profile's span to its posts' spans. Times are cut to the full hour.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

import numpy as np

from socialmetrics.model import Ref
from socialmetrics.sandbox import cast
from socialmetrics.sandbox.activity import LIFE, Activity
from socialmetrics.sandbox.audience import BREAKDOWNS, Audience, divide
from socialmetrics.sandbox.bounds import START, check_sizes, late_enough
from socialmetrics.sandbox.daily import by_day
from socialmetrics.sandbox.days import day_of, edges, hour_of, trim
from socialmetrics.sandbox.dice import Dice, Ints
from socialmetrics.sandbox.inbox import WorldCase, WorldMessage, cases, messages
from socialmetrics.sandbox.listening import WorldMention, mentions
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost, moment, posts
from socialmetrics.sandbox.reach import distinct
from socialmetrics.sandbox.timeline import Timeline, timeline
from socialmetrics.window import midnight

NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
POSTS: Final = 17_000
MESSAGES: Final = 6_000
MENTIONS: Final = 1_800
MOST_KEPT: Final = 500


class World:
    """A deterministic history of social accounts, a pure function of its arguments.

    `scale` multiplies how many posts and messages there are; `customers` is one or
    two; `branches` adds small profiles; `burst` is how many posts the first profile
    published in one single second. Nothing happens after `now`. Raises `InvalidQuery`
    for a world that cannot be.
    """

    def __init__(
        self,
        seed: int = 7,
        scale: float = 1.0,
        *,
        customers: int = 1,
        branches: int = 0,
        burst: int = 150,
        now: datetime = NOW,
    ) -> None:
        check_sizes(scale, customers, branches, burst)
        self.seed, self.scale = seed, scale
        self.start, self.now = START, late_enough(now)
        self.customers = cast.customers(customers)
        self.groups = cast.groups(customers)
        self.profiles = cast.accounts(customers, branches)
        self.tags, self.users = cast.TAGS, cast.USERS
        self.teams, self.queues, self.topics = cast.TEAMS, cast.QUEUES, cast.TOPICS
        self._dice = Dice(seed)
        self._burst = burst
        self._days: dict[tuple[str, Scope, str, int], Ints] = {}

    @cached_property
    def timeline(self) -> Timeline:
        """Every post in columns, oldest first."""
        span = int(self.start.timestamp()), int(self.now.timestamp())
        count = max(len(self.profiles), int(POSTS * self.scale))
        return timeline(self._dice, self.profiles, span, count=count, burst=self._burst)

    @cached_property
    def posts(self) -> tuple[WorldPost, ...]:
        """Every post as an object, oldest first; `post.row` is its position."""
        return tuple(posts(self._dice, self.timeline, self.profiles))

    @cached_property
    def messages(self) -> tuple[WorldMessage, ...]:
        """Everything in the inboxes, received and sent, oldest first."""
        count = int(MESSAGES * self.scale)
        return tuple(messages(self._dice, self.profiles, self.now, count))

    @cached_property
    def cases(self) -> tuple[WorldCase, ...]:
        """The cases that were opened for received messages, oldest first."""
        return tuple(cases(self.messages, self.now))

    @cached_property
    def mentions(self) -> tuple[WorldMention, ...]:
        """What the listening topics found, oldest first; never on X."""
        count = int(MENTIONS * self.scale)
        return tuple(mentions(self._dice, self.topics, self.now, count))

    @cached_property
    def activity(self) -> Activity:
        """Counts of posts in columns, for lenses that work on many posts at once."""
        return Activity(self._dice, self.timeline, self.profiles)

    @cached_property
    def audience(self) -> Audience:
        """Followers and other counts of profiles, by the hour."""
        first = hour_of(self.start)
        hours = hour_of(self.now) - first
        return Audience(self._dice, self.profiles, first, hours)

    @cached_property
    def _by_ref(self) -> dict[Ref, WorldPost]:
        return {post.ref: post for post in self.posts}

    @cached_property
    def _rows(self) -> list[Ints]:
        owners = self.timeline.account
        return [np.flatnonzero(owners == index) for index in range(len(self.profiles))]

    def post(self, ref: Ref) -> WorldPost:
        """The post with that identity. Raises `KeyError` when there is none."""
        return self._by_ref[ref]

    def profile(self, ref: Ref) -> Account:
        """The profile with that identity. Raises `KeyError` when there is none."""
        for account in self.profiles:
            if account.ref == ref:
                return account
        raise KeyError(ref)

    def rows_of(self, profile: Account) -> Ints:
        """Rows of the posts of that profile, oldest first."""
        return self._rows[profile.index]

    def post_total(
        self, post: WorldPost, metric: str, scope: Scope = "total",
        as_of: datetime | None = None,
    ) -> int:  # fmt: skip
        """What the post collected from its beginning to `as_of` (default: now)."""
        return int(self.post_totals(np.array([post.row]), metric, scope, as_of)[0])

    def post_totals(
        self, rows: Ints, metric: str, scope: Scope = "total",
        as_of: datetime | None = None,
    ) -> Ints:  # fmt: skip
        """The same for many rows of the timeline at once."""
        return self.activity.before(metric, scope, rows, self._hour(as_of))

    def post_hours(
        self, post: WorldPost, metric: str, scope: Scope = "total"
    ) -> tuple[datetime, Ints]:
        """The full hour of publication, and the counts of every hour from it on.

        The series ends at `now` or after 30 days, whichever comes first.
        """
        first = hour_of(post.created_at)
        length = min(max(hour_of(self.now) - first, 0), LIFE)
        hours = np.arange(length + 1, dtype=np.int64)[None, :]
        sums = self.activity.until(metric, scope, np.array([post.row]), hours)
        return moment(first * 3600), np.diff(sums[0])

    def profile_hours(
        self,
        profile: Account,
        metric: str,
        scope: Scope,
        start: datetime,
        end: datetime,
    ) -> Ints:
        """Activity of every hour in [start, end) on all posts of that profile."""
        first, rows = hour_of(start), self.rows_of(profile)
        marks = np.arange(first, hour_of(end) + 1, dtype=np.int64)
        born = self.timeline.first_hour[rows]
        rows = rows[(born < marks[-1]) & (born + LIFE > first)]
        hours = (
            np.minimum(marks, hour_of(self.now))
            - self.timeline.first_hour[rows][:, None]
        )
        sums = self.activity.until(metric, scope, rows, hours).sum(axis=0)
        counts: Ints = np.diff(sums)
        return counts

    def profile_sum(
        self,
        profile: Account,
        metric: str,
        scope: Scope,
        start: datetime,
        end: datetime,
    ) -> int:
        """Activity in [start, end) on all posts of that profile, whenever published."""
        rows = self.rows_of(profile)
        last = min(hour_of(end), hour_of(self.now))
        after = self.activity.before(metric, scope, rows, last)
        before = self.activity.before(metric, scope, rows, min(hour_of(start), last))
        return int((after - before).sum())

    def post_reach(
        self, post: WorldPost, scope: Scope = "total", as_of: datetime | None = None
    ) -> int:
        """Distinct accounts that saw the post; never more than its impressions."""
        seen = self.post_totals(np.array([post.row]), "impressions", scope, as_of)
        return int(distinct(seen, self.profiles, np.array([post.account.index]))[0])

    def profile_reach(
        self, profile: Account, scope: Scope, start: datetime, end: datetime
    ) -> int:
        """Distinct accounts that saw any post of the profile in [start, end)."""
        seen = np.array([self.profile_sum(profile, "impressions", scope, start, end)])
        return int(distinct(seen, self.profiles, np.array([profile.index]))[0])

    def day_count(self, tz: str = "UTC", as_of: datetime | None = None) -> int:
        """How many days, the running one included, have begun since `first_day`."""
        now = self.now if as_of is None else min(as_of, self.now)
        return max((day_of(now, tz) - self.first_day(tz)).days + 1, 0)

    def first_day(self, tz: str = "UTC") -> date:
        """The first whole day of the history in that zone."""
        day = day_of(self.start, tz)
        whole = midnight(day, tz) >= self.start
        return day if whole else date.fromordinal(day.toordinal() + 1)

    def day_edges(self, tz: str) -> Ints:
        """The hours at which the days of that zone begin, and the last one ends."""
        return edges(self.first_day(tz), self.day_count(tz), tz)

    def daily(
        self, metric: str, scope: Scope, tz: str = "UTC", as_of: datetime | None = None
    ) -> Ints:
        """One row a profile, one column a day of that zone since `first_day`.

        Activity after `as_of` (default: now) is not counted. Computed once, kept.
        """
        key = (metric, scope, tz, self._hour(as_of))
        found = self._days.get(key)
        if found is None:
            trim(self._days, MOST_KEPT)
            found = self._days[key] = by_day(
                self.activity, self.timeline, len(self.profiles),
                what=(metric, scope), marks=self.day_edges(tz), last=key[3],
            )  # fmt: skip
        return found

    def followers(self, profile: Account, at: datetime | None = None) -> int:
        """The follower level at the beginning of that hour (default: now)."""
        hour = np.array([self._hour(at)], dtype=np.int64)
        return int(self.audience.level("followers", hour)[profile.index, 0])

    def flow(self, profile: Account, name: str, start: datetime, end: datetime) -> int:
        """What came to the profile itself in [start, end): see `audience.FLOWS`."""
        return self.audience.between(name, profile.index, hour_of(start), hour_of(end))

    def breakdown(
        self, profile: Account, kind: str, at: datetime | None = None
    ) -> dict[str, int]:
        """The followers at that time by country, city, ... (`audience.BREAKDOWNS`)."""
        return divide(self.followers(profile, at), BREAKDOWNS[kind])

    def _hour(self, at: datetime | None) -> int:
        return hour_of(self.now if at is None else min(at, self.now))
