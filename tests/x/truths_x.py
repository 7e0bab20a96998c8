"""What the client must deliver, worked out from the simulated world alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
import numpy as np

from socialmetrics.model import Ref
from socialmetrics.plan import By
from socialmetrics.reading import Status
from socialmetrics.sandbox.dice import Ints
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window, midnight, zone
from socialmetrics_x.sandbox import Lens
from tests.x.sandbox_calls import LENS

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
AGES: Final = {
    "impressions": timedelta(days=90),
    "engagements": timedelta(days=90),
    "video_views": timedelta(days=1800),
}
TOTALS: Final = (
    *("impressions", "engagements", "favorites", "retweets", "quote_tweets"),
    *("replies", "video_views"),
)
TIMED: Final = (
    *("impressions", "engagements", "favorites", "retweets", "replies", "video_views"),
    *("media_views", "media_engagements", "url_clicks", "hashtag_clicks"),
    *("detail_expands", "permalink_clicks", "app_install_attempts", "app_opens"),
    *("email_tweet", "user_follows", "user_profile_clicks"),
)
PRIVATE: Final = ("impressions", "engagements")
Cell = tuple[int | float | None, Status]
Hours = tuple[datetime, datetime]
Span = tuple[datetime, datetime | None]


def refs(ids: Iterable[str]) -> list[Ref]:
    return [Ref("x", each) for each in ids]


def born(native_id: str) -> datetime:
    """When the post of that id was made, by the id alone."""
    milliseconds = (int(native_id) >> 22) + 1_288_834_974_657
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


@attrs.frozen(kw_only=True)
class Truth:
    """What is true for a client: which owners, and what the app may not see.

    `now` is when it asks.
    """

    lens: Lens = LENS
    now: datetime = LENS.world.now
    owners: Collection[str] = ("1067094924124872705", "893465128804605952")
    forbidden: Collection[str] = ()
    _sums: dict[tuple[str, str], Ints] = attrs.field(
        factory=dict[tuple[str, str], Ints], init=False, repr=False, eq=False
    )

    def total(self, native_id: str, name: str) -> Cell:
        """What the figure since publication is, or why there is none."""
        age = self.now - born(native_id)
        if name in AGES and age > AGES[name] + DAY:
            return None, Status.TOO_OLD
        why = self._why_not(native_id, name, needs_owner=name in PRIVATE)
        if why is not None:
            return None, why
        post = self.lens.posts[int(native_id)]
        if name in AGES and self.now - post.created_at > AGES[name]:
            return None, Status.TOO_OLD
        return self.lens.total(post, name, self.now), Status.OBSERVED

    def between(self, native_id: str, name: str, span: Hours) -> Cell:
        """What the figure of these hours is, or why there is none."""
        why = self._why_not(native_id, name, needs_owner=True)
        if why is not None:
            return None, why
        sums = self._until(native_id, name)
        first, last = (self._hour(moment) for moment in span)
        return int(sums[last] - sums[first]), Status.OBSERVED

    def _until(self, native_id: str, name: str) -> Ints:
        """Sums over the hours since the world began."""
        if (native_id, name) not in self._sums:
            world = self.lens.world
            post, end = self.lens.posts[int(native_id)], floor(self.now)
            hours = self.lens.hours(post, name, world.start, end, as_of=self.now)
            self._sums[native_id, name] = np.cumsum([0, *hours])
        return self._sums[native_id, name]

    def _hour(self, moment: datetime) -> int:
        """So many hours after the world began; not after now."""
        start = self.lens.world.start
        return max(0, (min(moment, floor(self.now)) - start) // HOUR)

    def _why_not(
        self, native_id: str, name: str, *, needs_owner: bool
    ) -> Status | None:
        if name in self.forbidden:
            return Status.NOT_PERMITTED
        post = self.lens.posts.get(int(native_id))
        if post is None or not is_there(post, self.now):
            return Status.UNAVAILABLE
        is_owned = post.account.ref.native_id in self.owners
        return Status.NOT_PERMITTED if needs_owner and not is_owned else None


def is_there(post: WorldPost, now: datetime) -> bool:
    is_gone = post.deleted_at is not None and post.deleted_at <= now
    return post.created_at <= now and not post.protected and not is_gone


def steps(window: Window, by: By | None, now: datetime) -> Iterator[Hours]:
    """The hours or days of a window, as far as they are over at that time."""
    start, last = window.start, min(window.end, floor(now))
    while start < last:
        end = start + HOUR
        if by != "hour":
            day = start.astimezone(zone(window.tz)).date()
            end = midnight(day + DAY, window.tz)
        yield start, min(end, last)
        start = end


def cells(series: MetricSeries) -> dict[tuple[str, str, Span], Cell]:
    """Every figure by post, vendor's name and span; none of them twice."""
    found: dict[tuple[str, str, Span], Cell] = {}
    for point in series:
        key = point.subject.native_id, point.reading.name, (point.start, point.end)
        assert key not in found, key
        found[key] = point.value, point.status
    return found


def check_totals(
    series: MetricSeries, ids: Sequence[str], names: Sequence[str], truth: Truth
) -> None:
    """Every figure since publication is there, once, and true."""
    found = cells(series)

    assert {key[:2] for key in found} == {(i, name) for i in ids for name in names}
    for (native_id, name, (start, end)), cell in found.items():
        assert cell == truth.total(native_id, name), (native_id, name)
        assert (start, end) == (born(native_id), None)
    assert len(found) == len(set(ids)) * len(set(names))


def check_steps(
    series: MetricSeries,
    ids: Sequence[str],
    names: Sequence[str],
    spans: Sequence[Hours],
    truth: Truth,
) -> None:
    """Every figure of these spans is there, once, and true.

    What lies before a post was made may be left out, or be a true zero.
    """
    found = cells(series)

    for (native_id, name, span), cell in found.items():
        start, end = span
        assert end is not None
        assert cell == truth.between(native_id, name, (start, end)), (name, span)
    seen = {(i, name, (start, end)) for i, name, (start, end) in found}
    allowed = {(i, name, span) for i in ids for span in spans for name in names}
    absent = {each for each in allowed - seen if each[2][1] > born(each[0])}
    assert not absent, sorted(absent)[:3]
    assert seen <= allowed
    assert len(seen) == len(found)
