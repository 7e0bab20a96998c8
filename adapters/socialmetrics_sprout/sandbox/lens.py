"""What the service must report of the world: the truth that its answers are held to.

    lens = Lens(world)
    lens.day_figure(profile, "impressions", date(2026, 3, 2))
    lens.lifetime_figure(post, "lifetime.likes")

A figure of None means that the key is absent from the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import numpy as np

from socialmetrics.sandbox.audience import BREAKDOWNS, divide
from socialmetrics.sandbox.days import day_of, hour_of, trim
from socialmetrics.sandbox.dice import Flags, Ints, listed
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.reach import distinct
from socialmetrics.sandbox.timeline import KINDS, MEDIA, VISUAL
from socialmetrics.sandbox.world import World
from socialmetrics_sprout.sandbox.catalogue import answers
from socialmetrics_sprout.sandbox.recipe_kinds import (
    Counts,
    Flow,
    Gauge,
    Presence,
    Published,
    Ratio,
    Split,
)
from socialmetrics_sprout.sandbox.recipe_tables import PROFILE, RATIOS, SOURCES
from socialmetrics_sprout.sandbox.recipes import counts
from socialmetrics_sprout.sandbox.vocabulary import (
    NO_POSTS,
    content_category,
    post_type,
    zone_of,
)

Figure = int | float | Mapping[str, int]
MOST_KEPT: Final = 2_000
_PHOTO: Final = (MEDIA.index("photo"), MEDIA.index("album"))


class Lens:
    """The service's view of one world, at whatever time it is asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        networks = [account.network for account in world.profiles]
        self._networks = dict.fromkeys(networks)
        self._owner = np.array(networks)[world.timeline.account]
        self._days: dict[tuple[str, str, int], Sequence[Figure | None]] = {}
        self._lives: dict[tuple[str, int], list[int | float | None]] = {}

    def first_day(self, profile: Account) -> date:
        """The first day of which the service has a row for that profile."""
        return self.world.first_day(zone_of(profile.network))

    def day_count(self, profile: Account, as_of: datetime | None = None) -> int:
        """How many rows the service has, up to and with the running day."""
        return self.world.day_count(zone_of(profile.network), as_of)

    def day_figure(
        self, profile: Account, metric: str, day: date, as_of: datetime | None = None
    ) -> Figure | None:
        """The figure of one profile and day, the day as that network cuts it."""
        at = (day - self.first_day(profile)).days
        column = self.day_column(profile, metric, as_of)
        return column[at] if 0 <= at < len(column) else None

    def lifetime_figure(
        self, post: WorldPost, metric: str, as_of: datetime | None = None
    ) -> int | float | None:
        """The lifetime figure of one post at that time (default: the world's now)."""
        return self.lifetime_column(metric, as_of)[post.row]

    def day_column(
        self, profile: Account, metric: str, as_of: datetime | None = None
    ) -> Sequence[Figure | None]:
        """The figures of every day since `first_day`, the running day last."""
        now = self._now(as_of)
        key = (metric, str(profile.ref), hour_of(now))
        found = self._days.get(key)
        if found is None:
            trim(self._days, MOST_KEPT)
            found = self._days[key] = self._profile_column(profile, metric, now)
        return found

    def lifetime_column(
        self, metric: str, as_of: datetime | None = None
    ) -> list[int | float | None]:
        """The figures of every row of the timeline."""
        now = self._now(as_of)
        key = (metric, hour_of(now))
        found = self._lives.get(key)
        if found is None:
            trim(self._lives, MOST_KEPT // 4)
            found = self._lives[key] = self._post_column(metric, now)
        return found

    def _now(self, as_of: datetime | None) -> datetime:
        return self.world.now if as_of is None else as_of

    # Profiles, day by day.

    def _profile_column(
        self, profile: Account, metric: str, now: datetime
    ) -> Sequence[Figure | None]:
        days = self.day_count(profile, now)
        network = profile.network
        if not answers("profiles", network, metric, day_of(now, "UTC")):
            return [None] * days
        recipe = PROFILE.get(metric) or counts(network, "profile", metric)
        if isinstance(recipe, Counts):
            return listed(self._daily(profile, recipe, now)[:days])
        if isinstance(recipe, Published):
            return self._published(profile, recipe, now)[:days]
        if recipe is None:
            raise LookupError(f"no recipe for {metric} on {network}")
        return self._of_audience(profile, recipe, now)[:days]

    def _daily(self, profile: Account, recipe: Counts, now: datetime) -> Ints:
        tz = zone_of(profile.network)
        sums = np.zeros(len(self.world.day_edges(tz)) - 1, dtype=np.int64)
        for measure, scope in recipe.terms:
            table = self.world.daily(measure, scope or "total", tz, now)
            sums += table[profile.index]
        if recipe.unique:
            owners = np.full(len(sums), profile.index)
            sums = distinct(sums, self.world.profiles, owners)
        return sums

    def _edges(self, profile: Account, now: datetime) -> Ints:
        marks = self.world.day_edges(zone_of(profile.network))
        return np.minimum(marks, hour_of(now))

    def _of_audience(
        self, profile: Account, recipe: Flow | Gauge | Split, now: datetime
    ) -> Sequence[Figure]:
        edges = self._edges(profile, now)
        if isinstance(recipe, Flow):
            return listed(self._flow(profile, recipe, edges))
        if isinstance(recipe, Split):
            levels = listed(self._level(profile, "followers", edges))
            return [divide(level, BREAKDOWNS[recipe.kind]) for level in levels]
        return listed(self._level(profile, recipe.name, edges))

    def _flow(self, profile: Account, recipe: Flow, edges: Ints) -> Ints:
        audience, at = self.world.audience, profile.index
        sums = sum(
            (audience.by(name, edges)[at] for name in recipe.plus),
            start=np.zeros(len(edges) - 1, dtype=np.int64),
        )
        for name in recipe.minus:
            sums = sums - audience.by(name, edges)[at]
        part = sums * recipe.num // recipe.den
        return sums - part if recipe.rest else part

    def _level(self, profile: Account, name: str, edges: Ints) -> Ints:
        if name == "pins":
            born = self.world.timeline.first_hour[self.world.rows_of(profile)]
            return np.searchsorted(np.sort(born), edges[1:]).astype(np.int64)
        levels: Ints = self.world.audience.level(name, edges[1:])[profile.index]
        return levels

    def _published(
        self, profile: Account, recipe: Published, now: datetime
    ) -> Sequence[Figure]:
        tz, first = zone_of(profile.network), self.first_day(profile)
        tables: list[dict[str, int]] = [{} for _ in range(self.day_count(profile))]
        for row in listed(self.world.rows_of(profile)):
            post = self.world.posts[row]
            at = (day_of(post.created_at, tz) - first).days
            if post.created_at <= now and at >= 0:
                name = post_type(post)
                if recipe.by == "content_type":
                    name = content_category(post.media)
                tables[at][name] = tables[at].get(name, 0) + 1
        return tables if recipe.by else [sum(table.values()) for table in tables]

    # Posts, over their lives.

    def _post_column(self, metric: str, now: datetime) -> list[int | float | None]:
        column: list[int | float | None] = [None] * len(self._owner)
        today = day_of(now, "UTC")
        for network in self._networks:
            if network in NO_POSTS or not answers("posts", network, metric, today):
                continue
            rows = np.flatnonzero(self._owner == network)
            figures = self._figures(network, metric, rows, now)
            for row, figure in zip(listed(rows), figures, strict=True):
                column[row] = figure
        return column

    def _figures(
        self, network: str, metric: str, rows: Ints, now: datetime
    ) -> Sequence[int | float | None]:
        key = metric.removeprefix("lifetime.")
        if key == "net_sentiment_score":
            return self._sentiment(network, rows, now)
        if key.startswith("impression_source_"):
            share = SOURCES[key.removeprefix("impression_source_")]
            return [share] * len(rows)
        if key == "video_length":
            return self._where(listed(15 + rows * 7_919 % 300), "video", rows)
        if key in RATIOS:
            return self._ratio(network, RATIOS[key], rows, now)
        recipe = counts(network, "post", metric)
        if recipe is None:
            return [None] * len(rows)
        sums = self._sums(recipe, rows, now)
        return self._where(listed(sums), recipe.only, rows)

    def _sums(self, recipe: Counts, rows: Ints, now: datetime) -> Ints:
        sums = np.zeros(len(rows), dtype=np.int64)
        for measure, scope in recipe.terms:
            sums += self.world.post_totals(rows, measure, scope or "total", now)
        if recipe.unique:
            owners = self.world.timeline.account[rows]
            sums = distinct(sums, self.world.profiles, owners)
        return sums // recipe.per

    def _ratio(
        self, network: str, recipe: Ratio, rows: Ints, now: datetime
    ) -> Sequence[int | float | None]:
        tops = listed(self._sums(recipe.top, rows, now))
        bottoms = [1] * len(rows)
        if recipe.bottom.terms:
            bottoms = listed(self._sums(recipe.bottom, rows, now))
        ratios = [
            round(recipe.factor * top / bottom, 6) if bottom else None
            for top, bottom in zip(tops, bottoms, strict=True)
        ]
        return self._where(ratios, recipe.top.only, rows)

    def _sentiment(
        self, network: str, rows: Ints, now: datetime
    ) -> Sequence[int | float | None]:
        good, bad = (
            self._figures(network, f"sentiment_comments_{kind}_count", rows, now)
            for kind in ("positive", "negative")
        )
        return [_score(p, n) for p, n in zip(good, bad, strict=True)]

    def _where(
        self, figures: Sequence[int | float | None], only: Presence, rows: Ints
    ) -> Sequence[int | float | None]:
        if only == "any":
            return figures
        has = self._has(only)[rows].tolist()
        return [one if there else None for one, there in zip(figures, has, strict=True)]

    def _has(self, only: Presence) -> Flags:
        posts = self.world.timeline
        story: Flags = posts.kind == KINDS.index("story")
        if only == "story":
            return story
        kinds = {"visual": VISUAL, "photo": _PHOTO}
        return np.isin(posts.media, kinds.get(only) or (MEDIA.index(only),))


def _score(good: float | None, bad: float | None) -> float | None:
    if good is None or bad is None or not good + bad:
        return None
    return round(100 * (good - bad) / (good + bad), 2)
