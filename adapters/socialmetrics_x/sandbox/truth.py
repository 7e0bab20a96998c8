"""What the service must report of the world: the truth that its answers are held to.

    lens = Lens(world)
    lens.total(post, "favorites")
    lens.hours(post, "impressions", start, end)

The world is cut to full hours, so an hour that still runs counts nothing yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np

from socialmetrics.sandbox.days import hour_of
from socialmetrics.sandbox.dice import Ints, listed
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.timeline import MEDIA
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox.catalogue import COUNTS, LATE, RECORDED, VIDEO

NETWORK: Final = "x"
_REUSED: Final = 3
_NONE: Final = -1


class Lens:
    """The service's view of one world, at whatever time it is asked.

    Metrics go by the vendor's names. `as_of` (default: the world's now) is when the
    service was asked.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def posts(self) -> dict[int, WorldPost]:
        """Every post of the network by its id, those that are gone as well."""
        return {
            int(post.ref.native_id): post
            for post in self.world.posts
            if post.ref.network == NETWORK
        }

    def total(self, post: WorldPost, name: str, as_of: datetime | None = None) -> int:
        """What totals says: over the post's life, video views over all its carriers."""
        return int(self.totals(np.array([post.row]), name, as_of)[0])

    def hours(
        self, post: WorldPost, name: str, start: datetime, end: datetime,
        as_of: datetime | None = None,
    ) -> list[int]:  # fmt: skip
        """What historical says of every hour in [start, end): this post alone."""
        marks = np.arange(hour_of(start), hour_of(end) + 1, dtype=np.int64)
        return listed(self.series(np.array([post.row]), name, marks, as_of)[0])

    def carriers(self, post: WorldPost) -> tuple[WorldPost, ...]:
        """The posts that carry the same video, itself among them; none without one.

        Of an account's videos, oldest first, about every third is the one before
        again. Posts that are gone or protected still carry theirs.
        """
        video = int(self._videos[post.row])
        rows = np.flatnonzero(self._videos == video) if video != _NONE else ()
        return tuple(self.world.posts[int(row)] for row in rows)

    def totals(self, rows: Ints, name: str, as_of: datetime | None = None) -> Ints:
        """The totals of many rows of the timeline at once."""
        if name == VIDEO:
            return self._video_totals(rows, as_of)
        count = COUNTS[name]
        return self.world.post_totals(rows, count.measure, count.scope, as_of)

    def series(
        self, rows: Ints, name: str, marks: Ints, as_of: datetime | None = None
    ) -> Ints:
        """One row a post, one column an hour between `marks` (hours since 1970)."""
        now = self.world.now if as_of is None else min(as_of, self.world.now)
        count, born = COUNTS[name], self.world.timeline.first_hour[rows]
        ages = np.minimum(marks, hour_of(now)) - born[:, None]
        sums = self.world.activity.until(count.measure, count.scope, rows, ages)
        hours: Ints = np.diff(sums)
        return recorded(hours, marks[:-1]) if name in LATE else hours

    def _video_totals(self, rows: Ints, as_of: datetime | None) -> Ints:
        videos = self._videos[rows]
        all_rows = np.flatnonzero(np.isin(self._videos, videos[videos != _NONE]))
        count = COUNTS[VIDEO]
        views = self.world.post_totals(all_rows, count.measure, count.scope, as_of)
        sums = np.zeros(len(self._videos), dtype=np.int64)
        np.add.at(sums, self._videos[all_rows], views)
        return np.where(videos == _NONE, 0, sums[videos])

    @cached_property
    def _videos(self) -> Ints:
        """The number of the video that each row carries."""
        table = self.world.timeline
        videos = np.full(len(table), _NONE, dtype=np.int64)
        moving = table.media == MEDIA.index("video")
        for account in self.world.profiles:
            if account.network == NETWORK:
                rows = self.world.rows_of(account)
                own = rows[moving[rows]]
                videos[own] = videos.max() + 1 + self._numbered(listed(own))
        return videos

    def _numbered(self, rows: Sequence[int]) -> Ints:
        """0, 1, 1, 2, ...: a row's video is its own, or that of the row before it."""
        words = [self.world.posts[row].word for row in rows]
        fresh = np.array([bool(word % _REUSED) for word in words], dtype=np.int64)
        return np.cumsum(fresh)


def recorded(counts: Ints, hours: Ints) -> Ints:
    """The counts, 0 for hours (since 1970) in which nobody recorded them yet."""
    return np.where(hours >= hour_of(RECORDED), counts, 0)
