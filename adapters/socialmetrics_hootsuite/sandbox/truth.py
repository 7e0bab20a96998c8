"""What the service must report of the world: the truth that its answers are held to.

    lens = Lens(world)
    lens.post_figures(post, "INSTAGRAMBUSINESS")["likes"]
    lens.day_figures(profile, "INSTAGRAMBUSINESS", date(2026, 3, 2))["followers_count"]

A metric that is absent from the answer is absent here. Figures are counts of the full
hours before the moment at which the service collected them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from socialmetrics.sandbox.days import day_of, hour_of
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.timeline import MEDIA
from socialmetrics.sandbox.world import World
from socialmetrics.window import midnight
from socialmetrics_hootsuite.sandbox.catalogue import (
    ENGAGED,
    NETWORKS,
    POSTS,
    PROFILES,
    RATE,
    REACH,
    SPLIT,
    ZONES,
    Count,
    Flow,
    Level,
    Recipe,
    happens,
)

LIFE: Final = timedelta(days=30)
"""How long the figures of a post move, and are refreshed."""
_NOVEL: Final = Count(("impressions",))
_KINDS: Final = {"REEL": "video", "PHOTO": "photo", "ALBUM": "album"}


class Lens:
    """The service's view of one world.

    `lags` are the hours by which the service is late, by networkId; `novel` is the name
    of one more metric, if any. `as_of` (default: the world's now) is when it was asked;
    `scope` is organic or paid.
    """

    def __init__(self, world: World, lags: Mapping[str, int], novel: str = "") -> None:
        self.world = world
        self._lags = lags
        self._novel: Mapping[str, Recipe] = {novel: _NOVEL} if novel else {}

    def collected(self, network: str, as_of: datetime | None = None) -> datetime:
        """When the figures of that networkId were collected last."""
        now = self.world.now if as_of is None else as_of
        late = timedelta(hours=self._lags.get(network, 0))
        return min(now - late, self.world.now)

    def refreshed(
        self, post: WorldPost, network: str, as_of: datetime | None = None
    ) -> datetime:
        """When the figures of that post were collected last."""
        return min(self.collected(network, as_of), post.created_at + LIFE)

    def post_figures(
        self, post: WorldPost, network: str, as_of: datetime | None = None,
        scope: Scope = "organic",
    ) -> dict[str, int | float]:  # fmt: skip
        """The lifetime figures of a post; a rate without reach is left out."""
        at = self.collected(network, as_of)
        found = {
            name: self._post_figure(post, recipe, at, scope)
            for name, recipe in self._recipes(POSTS, network)
        }
        return {name: figure for name, figure in found.items() if figure is not None}

    def last_day(self, network: str, as_of: datetime | None = None) -> date:
        """The last day that has figures, which may still run."""
        return day_of(self.collected(network, as_of), ZONES[network])

    def day_figures(
        self, profile: Account, network: str, day: date,
        as_of: datetime | None = None, scope: Scope = "organic",
    ) -> dict[str, int]:  # fmt: skip
        """The figures of a profile and day, the day as the network cuts it."""
        span = self._span(network, day, as_of)
        return {
            name: self._day_figure(profile, recipe, span, scope)
            for name, recipe in self._recipes(PROFILES, network)
            if scope == "organic" or not isinstance(recipe, Level | Flow)
        }

    def day_parts(
        self, profile: Account, network: str, day: date,
        as_of: datetime | None = None, scope: Scope = "organic",
    ) -> dict[str, int]:  # fmt: skip
        """The day's `SPLIT` figure by kind of post; the kinds add up to the whole."""
        start, end = self._span(network, day, as_of)
        rows = self.world.rows_of(profile)
        kinds = self.world.timeline.media[rows]
        found: dict[str, int] = {}
        for name, media in _KINDS.items():
            chosen = rows[kinds == MEDIA.index(media)]
            last, first = (
                self.world.activity.before(SPLIT, scope, chosen, hour_of(moment))
                for moment in (end, start)
            )
            found[name] = int(np.sum(last - first))
        return found

    def _recipes(
        self, table: Mapping[str, Mapping[str, Recipe]], network: str
    ) -> list[tuple[str, Recipe]]:
        known = {**table[network], **self._novel}
        world = NETWORKS[network]
        return [each for each in known.items() if happens(each[1], world)]

    def _post_figure(
        self, post: WorldPost, recipe: Recipe, at: datetime, scope: Scope
    ) -> int | float | None:
        if isinstance(recipe, Count):
            return sum(
                self.world.post_total(post, name, scope, at) for name in recipe.measures
            )
        reach = self.world.post_reach(post, scope, at)
        if recipe == REACH:
            return reach
        assert recipe == RATE  # noqa: S101 - posts have nothing else
        engaged = self._post_figure(post, ENGAGED, at, scope)
        return round(100 * (engaged or 0) / reach, 2) if reach else None

    def _span(
        self, network: str, day: date, as_of: datetime | None
    ) -> tuple[datetime, datetime]:
        """Where the day begins, and where it ends or the figures do."""
        zone, at = ZONES[network], self.collected(network, as_of)
        start, end = (midnight(each, zone) for each in (day, day + timedelta(days=1)))
        return min(start, at), min(end, at)

    def _day_figure(
        self, profile: Account, recipe: Recipe, span: tuple[datetime, datetime],
        scope: Scope,
    ) -> int:  # fmt: skip
        start, end = span
        if isinstance(recipe, Level):
            return self.world.followers(profile, end)
        if isinstance(recipe, Flow):
            return sum(
                self.world.flow(profile, name, start, end) for name in recipe.flows
            )
        if isinstance(recipe, Count):
            return sum(
                self.world.profile_sum(profile, name, scope, start, end)
                for name in recipe.measures
            )
        return self.world.profile_reach(profile, scope, start, end)
