"""Whatever two series are: the split adds up, nothing is invented, and only errors of
ours are raised."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final, cast, get_args

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.comparison.buckets import By
from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.composition import is_derived
from socialmetrics.comparison.result import NAMES, Row, Where
from socialmetrics.errors import SocialMetricsError
from socialmetrics.model import Point, Post, Profile, Ref
from socialmetrics.reading import Level, Reading, Scope, Settled, Status, Temporality
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.comparison.worlds import ONE_DAY, ONE_HOUR, adds_up, at, days
from tests.comparison.worlds_figures import source

START: Final = at("2026-03-05T00:00")
ACCOUNTS: Final = tuple(Ref("x", f"account {number}") for number in range(2))
POSTS: Final = tuple(Ref("x", f"post {number}") for number in range(5))
METRICS: Final = ("likes", "likes", "likes", "comments", "reposts", "impressions")
ODD: Final = ("engagements.vendor", "engagements.public", "reach", "a name of its own")
ZONES: Final = ("UTC", "UTC", None, "America/Los_Angeles")
MADE: Final = ("", "", "", "likes", "likes + comments", "opaque", "comments / likes")
KINDS: Final[tuple[tuple[Level, Temporality, str], ...]] = (
    ("profile", "period", "day"),
    ("profile", "instant", "day"),
    ("profile", "period", "hour"),
    ("post", "period", "hour"),
    ("post", "period", "hour"),
    ("post", "period", "day"),
    ("post", "lifetime", ""),
    ("message", "period", "hour"),
)
READS: Final = (3, 60, 60.5, 200, 400)
AXES: Final = {"period": "activity", "lifetime": "publish", "instant": "observed"}


@attrs.frozen
class Chance:
    """Series of figures that need not have anything to do with each other."""

    dice: random.Random
    is_whole: bool = True

    def series(self, vendor: str) -> MetricSeries:
        """Some figures; none where they contradict themselves."""
        kinds, tz = self.dice.sample(KINDS, 2), self.dice.choice(ZONES)
        readings = [
            attrs.evolve(self._reading(vendor, *self.dice.choice(kinds)), zone=tz)
            for _ in range(3)
        ]
        points: list[Point] = []
        for reading in readings:
            points += self._points(reading)
        self.dice.shuffle(points)
        with suppress(SocialMetricsError):
            return MetricSeries.from_points(points)
        return MetricSeries.empty()

    def _reading(
        self, vendor: str, level: Level, temporality: Temporality, step: str
    ) -> Reading:
        metric = self.dice.choice(METRICS if self.dice.random() < 0.8 else ODD)
        if temporality == "instant":
            metric = "followers"
        is_period = temporality == "period"
        return Reading(
            vendor=vendor,
            endpoint=step,
            network="x",
            name=metric,
            metric=metric,
            level=level,
            temporality=temporality,
            date_axis=AXES[temporality],  # type: ignore[arg-type]
            scope=self.dice.choice(get_args(Scope)),
            counting="unique" if metric == "reach" else "total",
            unit="person" if metric in ("reach", "followers") else "count",
            additive=is_period and metric != "reach",
            net=self.dice.random() < 0.2,
            composition=self.dice.choice(MADE),
        )

    def _points(self, reading: Reading) -> Iterator[Point]:
        subjects = ACCOUNTS if reading.level == "profile" else POSTS
        reads = self.dice.sample(READS, self.dice.choice([1, 1, 2]))
        for subject in self.dice.sample(subjects, self.dice.randint(1, len(subjects))):
            for start, end in self._spans(reading):
                for read in reads:
                    if self.dice.random() < 0.93:
                        when = START + timedelta(hours=read)
                        yield self._point(reading, subject, (start, end), when)

    def _spans(self, reading: Reading) -> Sequence[tuple[datetime, datetime | None]]:
        if reading.temporality == "lifetime":
            hours = self.dice.choice([-30, 0, 5, 29, 100])
            return [(START + timedelta(hours=hours, minutes=7), None)]
        if reading.endpoint == "hour":
            first = START + self.dice.randrange(30) * ONE_HOUR
            count = self.dice.randint(1, 40)
            return [
                (first + n * ONE_HOUR, first + (n + 1) * ONE_HOUR) for n in range(count)
            ]
        first_day = date(2026, 3, self.dice.randint(4, 8))
        every = [first_day + n * ONE_DAY for n in range(self.dice.randint(1, 4))]
        return [days(day, day, reading.zone or "UTC") for day in every]

    def _point(
        self,
        reading: Reading,
        subject: Ref,
        span: tuple[datetime, datetime | None],
        read: datetime,
    ) -> Point:
        status = Status.OBSERVED
        if self.dice.random() < 0.1:
            status = self.dice.choice(list(Status))
        value: float | None = None
        if status is Status.OBSERVED:
            value = self.dice.choice([0, 1, 5, 17, 1_000_000_007, -3])
            value += 0 if self.is_whole else self.dice.random()
        return Point(
            subject=subject,
            metric=reading.metric,
            start=span[0],
            end=span[1],
            value=0 if status is Status.ZERO_BY_RULE else value,
            status=status,
            reading=reading,
            source=source(reading.vendor, reading.endpoint, read),
            settled=self.dice.choice(list(Settled)),
            breakdown="part" if self.dice.random() < 0.03 else "",
        )

    def posts(self) -> list[Post]:
        """What is told of the posts, of most of them."""
        return [
            Post(
                ref=ref,
                vendor_id=f"id of {ref.native_id}",
                created_at=START + self.dice.choice([-300, -30, 0, 5, 29]) * ONE_HOUR,
                profile=self.dice.choice(ACCOUNTS).native_id,
            )
            for ref in POSTS
            if self.dice.random() < 0.85
        ]

    def compared(self) -> Comparison:
        """Two or three series, in any way."""
        names = self.dice.choice([("a", "b"), ("a", "a"), ("a", "b", "c")])
        first, second, *more = map(self.series, names)
        profiles = [
            Profile(ref=ref, vendor_id=ref.native_id, name="") for ref in ACCOUNTS
        ]
        windows = (
            None,
            Window.days("2026-03-04", "2026-03-10"),
            Window.days("2026-03-04", "2026-03-10", "America/Los_Angeles"),
            Window(START + timedelta(hours=3, minutes=30), START + 60 * ONE_HOUR),
        )
        told = self.dice.random() < 0.85
        level = self.dice.choice([None, None, "profile", "post"])
        return compare(
            *(first, second, *more),
            window=self.dice.choice(windows),
            by=cast("By | None", self.dice.choice([None, None, *get_args(By)])),
            level=level,  # type: ignore[arg-type]
            tz=self.dice.choice([None, None, "Europe/Berlin"]),
            posts=self.posts() if told else (),
            profiles=profiles if told else (),
            parts=[self.series(self.dice.choice("abd")) for _ in range(2)],
        )


DICE: Final = st.randoms(use_true_random=True, note_method_calls=False)


def behind(found: Comparison, row: Row, where: Where) -> float | None:
    """The sum, or the last level, of the raw figures behind a value; None: no value."""
    columns = found.behind(row.number, where).columns
    if not len(columns):
        return None
    values = columns.value
    if columns.reading_of(0).temporality == "instant":
        values = values[np.lexsort((columns.end, ~np.isnan(values)))][:1]
    return None if np.isnan(values).all() else float(np.nansum(values))


def is_ratio(reading: Reading) -> bool:
    """Whether its figures are worked out by a division."""
    return is_derived(reading) and " / " in reading.composition


@given(dice=DICE)
@settings(max_examples=100)
def test_whole_numbers_add_up_exactly(dice: random.Random) -> None:
    found = Chance(dice).compared()

    for row in found.rows:
        assert adds_up(row)
        assert all(isinstance(each.amount, int) for each in row.causes)
        assert isinstance(row.unexplained, int) or row.unexplained is None
        assert [NAMES.index(e.name) for e in row.causes] == sorted(
            NAMES.index(e.name) for e in row.causes
        )
        for each in row.causes:
            assert each.low is None or each.high is None or each.low <= each.high
            assert each.basis == "bounded" or each.low is each.high is None
    assert len(found.to_arrow()) == len(found.rows)
    assert isinstance(found.lines(), tuple)


@given(dice=DICE)
@settings(max_examples=40)
def test_fractions_add_up_as_nearly_as_they_can(dice: random.Random) -> None:
    found = Chance(dice, is_whole=False).compared()

    for row in found.rows:
        if row.left is not None and row.right is not None:
            assert row.unexplained is not None
            every = [row.left, *(e.amount for e in row.causes), row.unexplained]
            size = max(map(abs, every))
            assert sum(every) == pytest.approx(row.right, rel=0, abs=size * 1e-12)


@given(dice=DICE)
@settings(max_examples=60)
def test_no_figure_is_invented(dice: random.Random) -> None:
    found = Chance(dice).compared()

    for row in found.rows:
        batch, place = found.rows.place(row.number)
        sides: tuple[Where, Where] = "left", "right"
        for where in sides:
            value, half = (row.left, batch.left)
            if where == "right":
                value, half = (row.right, batch.right)
            if value is not None:
                assert len(found.behind(row.number, where)) > 0
            # Posts that lack a figure in between are shown, but not counted.
            is_whole = not half.without[place]
            if value is not None and is_whole and not is_ratio(half.reading):
                assert behind(found, row, where) == value
