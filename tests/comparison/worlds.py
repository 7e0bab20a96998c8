"""One world seen by every tool, without a server, and what is true of it.

The series are those that the clients give: the same readings, statuses and sources.
`test_world_clients` holds them against the clients. The truth is counted from the
world alone, so that nothing that is tested here has a part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.comparison.result import Name, Row
from socialmetrics.model import Post, Profile, Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.sandbox.days import hour_of
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.world import World
from socialmetrics.series import NONE, SETTLED_CODE, STATUS_CODE, Columns, MetricSeries
from socialmetrics.series.columns import HOUR, micros
from socialmetrics.window import midnight
from socialmetrics_hootsuite import sandbox as hootsuite
from socialmetrics_hootsuite.analytics.entries import Entry as HootsuiteEntry
from socialmetrics_hootsuite.analytics.entries import entries as hootsuite_entries
from socialmetrics_hootsuite.analytics.entries import provisional, type_of, zone_of
from socialmetrics_sprout import sandbox as sprout
from socialmetrics_sprout.entries import Endpoint as SproutEndpoint
from socialmetrics_sprout.entries import entries as sprout_entries
from socialmetrics_sprout.entries import profile_zone
from socialmetrics_x import sandbox as x
from socialmetrics_x.entries import Endpoint as XEndpoint
from socialmetrics_x.entries import asked as x_entries

Ints: TypeAlias = NDArray[np.int64]
Span: TypeAlias = tuple[datetime, datetime]

ONE_DAY: Final = timedelta(days=1)
ONE_HOUR: Final = timedelta(hours=1)
MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "shares": ("reposts",),
    "engagements.public": ("likes", "comments", "reposts"),
    "engagements.vendor": ("engagements",),
}
"""What a canonical metric is in the world, where that has another name."""


def at(text: str) -> datetime:
    """That instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(first: date, last: date, tz: str) -> Span:
    """Where these days begin and end in that zone."""
    return midnight(first, tz), midnight(last + ONE_DAY, tz)


def measures(metric: str) -> tuple[str, ...]:
    """The world's measures that a canonical metric is the sum of."""
    return MEASURES.get(metric, (metric,))


# -- figures ---------------------------------------------------------------------------


def source(vendor: str, endpoint: str, read: datetime) -> Source:
    """Where figures that were read then came from."""
    return Source(
        vendor=vendor,
        endpoint=endpoint,
        request_id=None,
        api_version=None,
        fetched_at=read,
    )


@attrs.frozen(kw_only=True)
class Rows:
    """Figures of one reading: an entry a figure in every list.

    `values` has NaN where there is none; `status` says why there. Instants are
    microseconds since 1970.
    """

    reading: Reading
    subjects: Sequence[Ref]
    start: Ints
    end: Ints
    values: Sequence[float] | NDArray[np.float64]
    sources: Sequence[Source]
    status: Sequence[Status]
    settled: Settled = Settled.UNKNOWN

    def series(self) -> MetricSeries:
        """The same as a series."""
        subjects = {ref: code for code, ref in enumerate(dict.fromkeys(self.subjects))}
        sources = {each: code for code, each in enumerate(dict.fromkeys(self.sources))}
        value = np.array(self.values, np.float64)
        absent = np.array([STATUS_CODE[each] for each in self.status], np.uint8)
        observed = np.uint8(STATUS_CODE[Status.OBSERVED])
        count = len(value)
        return MetricSeries(
            Columns(
                subjects=tuple(subjects),
                readings=(self.reading,),
                sources=tuple(sources),
                breakdowns=("",),
                subject=np.array([subjects[each] for each in self.subjects], np.int32),
                reading=np.zeros(count, np.int32),
                source=np.array([sources[each] for each in self.sources], np.int32),
                breakdown=np.zeros(count, np.int32),
                start=np.array(self.start, np.int64),
                end=np.array(self.end, np.int64),
                value=value,
                status=np.where(np.isnan(value), absent, observed).astype(np.uint8),
                settled=np.full(count, SETTLED_CODE[self.settled], np.uint8),
            )
        )


def together(pieces: Iterable[MetricSeries]) -> MetricSeries:
    """All of them in one, with or without a figure."""
    found = [each for each in pieces if len(each)]
    return MetricSeries.concat(found) if found else MetricSeries.empty()


def number(value: object) -> float:
    """A figure, NaN where there is none."""
    return float(value) if isinstance(value, int | float) else float("nan")


# -- the world -------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Company:
    """An account of a world, as every tool shows it. `lag`: how late Hootsuite is."""

    world: World
    account: Account
    lag: int = 0

    @property
    def network(self) -> str:
        return self.account.network

    @property
    def ref(self) -> Ref:
        return self.account.ref

    @property
    def profile(self) -> Profile:
        """The account, by the network's id."""
        native = self.ref.native_id
        return Profile(ref=self.ref, vendor_id=native, name=self.account.name)

    @cached_property
    def rows(self) -> Ints:
        """The rows of its posts in the world's timeline, oldest first."""
        return self.world.rows_of(self.account)

    def among(self, span: Span) -> Ints:
        """Those that were published in a span."""
        born = self.world.timeline.created[self.rows]
        first, last = (each.timestamp() for each in span)
        return self.rows[(born >= first) & (born < last)]

    def post(self, row: int) -> WorldPost:
        return self.world.posts[int(row)]

    def refs(self, rows: Ints) -> list[Ref]:
        return [self.post(row).ref for row in rows.tolist()]

    def posts(self, rows: Ints | None = None) -> list[Post]:
        """The posts as a tool lists them."""
        found = (self.post(row) for row in (self.rows if rows is None else rows))
        return [
            Post(
                ref=each.ref,
                vendor_id=each.ref.native_id,
                created_at=each.created_at,
                profile=self.ref.native_id,
            )
            for each in found
        ]

    def did(
        self,
        rows: Ints,
        metric: str,
        scope: Scope,
        start: datetime | None,
        end: datetime,
    ) -> int:
        """What these posts collected in [start, end): the truth, in full hours.

        Without a start: since they were published.
        """
        if not len(rows):
            return 0
        found = 0
        for measure in measures(metric):
            until = self.world.post_totals(rows, measure, scope, end)
            since = np.zeros_like(until)
            if start is not None:
                since = self.world.post_totals(rows, measure, scope, min(start, end))
            found += int((until - since).sum())
        return found

    def is_gone(self, row: int, when: datetime) -> bool:
        """Whether a post is neither deleted nor protected then."""
        post = self.post(row)
        is_deleted = post.deleted_at is not None and post.deleted_at <= when
        return post.created_at > when or is_deleted or post.protected

    def there(self, rows: Ints, when: datetime) -> Ints:
        """Those of the posts that X tells of then."""
        return rows[[not self.is_gone(row, when) for row in rows.tolist()]]

    # -- Sprout ------------------------------------------------------------------------

    def _sprout_reading(self, endpoint: SproutEndpoint, metric: str) -> Reading:
        name, _, scope = metric.rstrip("]").partition("[scope=")
        found = [
            each.reading
            for each in sprout_entries(endpoint, self.network)
            if each.answers_to(name, scope or None)
            and each.reading.holds_on(self.world.now.date())
        ]
        return found[0]

    def sprout_days(
        self, metrics: Sequence[str], first: date, last: date, read: datetime
    ) -> MetricSeries:
        """The account's days, asked for at that time."""
        lens = _sprout_lens(self.world)
        told = source("sprout", "analytics/profiles", read)
        every = [
            first + n * ONE_DAY
            for n in range((last - first).days + 1)
            if midnight(first + n * ONE_DAY, profile_zone(self.network) or "UTC") < read
        ]
        tz = profile_zone(self.network) or "UTC"
        edges = [micros(midnight(day, tz)) for day in [*every, last + ONE_DAY]]
        pieces: list[MetricSeries] = []
        for metric in metrics:
            reading = self._sprout_reading("profiles", metric)
            column = lens.day_column(self.account, reading.name, read)
            begin = lens.first_day(self.account)
            values = [number(column[(day - begin).days]) for day in every]
            pieces.append(
                Rows(
                    reading=reading,
                    subjects=[self.ref] * len(every),
                    start=np.array(edges[: len(every)], np.int64),
                    end=np.array(
                        [micros(midnight(day + ONE_DAY, tz)) for day in every], np.int64
                    ),
                    values=values,
                    sources=[told] * len(every),
                    status=[Status.NOT_REPORTED] * len(every),
                ).series()
            )
        return together(pieces)

    def sprout_posts(
        self, metrics: Sequence[str], rows: Ints, read: datetime
    ) -> MetricSeries:
        """Totals of posts since publication, asked for at that time."""
        lens = _sprout_lens(self.world)
        told = source("sprout", "analytics/posts", read)
        rows = rows[[self.post(row).created_at <= read for row in rows.tolist()]]
        pieces: list[MetricSeries] = []
        for metric in metrics:
            reading = self._sprout_reading("posts", metric)
            column = lens.lifetime_column(reading.name, read)
            values = [number(column[row]) for row in rows.tolist()]
            pieces.append(
                self._lifetimes(reading, rows, values, [told] * len(rows)).series()
            )
        return together(pieces)

    def _lifetimes(
        self,
        reading: Reading,
        rows: Ints,
        values: Sequence[float],
        sources: Sequence[Source],
        status: Status = Status.NOT_REPORTED,
    ) -> Rows:
        born = [micros(self.post(row).created_at) for row in rows.tolist()]
        return Rows(
            reading=reading,
            subjects=self.refs(rows),
            start=np.array(born, np.int64),
            end=np.full(len(rows), NONE, np.int64),
            values=values,
            sources=sources,
            status=[status] * len(rows),
        )

    # -- X -----------------------------------------------------------------------------

    def _x_reading(self, endpoint: XEndpoint, metric: str) -> Reading:
        found = [each.reading for each in x_entries(endpoint, metric)]
        return next(each for each in found if each.valid_to is None)

    def x_hours(
        self,
        metrics: Sequence[str],
        rows: Ints,
        span: Span,
        read: datetime,
        *,
        absent: bool = True,
    ) -> MetricSeries:
        """Hours of posts from their publication on; of those that are gone, none."""
        lens = _x_lens(self.world)
        marks = _marks(span, read)
        told = source("x", "insights/engagement/historical", read)
        rows = rows if absent else self.there(rows, read)
        pieces: list[MetricSeries] = []
        for metric in metrics:
            reading = self._x_reading("historical", metric)
            values = lens.series(rows, reading.name, marks, read).astype(np.float64)
            gone = [self.is_gone(row, read) for row in rows.tolist()]
            values[gone] = np.nan
            pieces.append(
                self._by_hour(reading, rows, marks, values, told, Status.UNAVAILABLE)
            )
        return together(pieces)

    def _by_hour(
        self,
        reading: Reading,
        rows: Ints,
        marks: Ints,
        values: NDArray[np.float64],
        told: Source,
        status: Status = Status.NOT_COLLECTED,
    ) -> MetricSeries:
        born = self.world.timeline.first_hour[rows]
        post, hour = np.nonzero(marks[None, :-1] >= born[:, None])
        refs = self.refs(rows)
        return Rows(
            reading=reading,
            subjects=[refs[each] for each in post.tolist()],
            start=marks[hour] * HOUR,
            end=(marks[hour] + 1) * HOUR,
            values=values[post, hour],
            sources=[told] * len(post),
            status=[status] * len(post),
        ).series()

    def x_totals(
        self, metrics: Sequence[str], rows: Ints, read: datetime
    ) -> MetricSeries:
        """Totals of posts since publication; of those that are gone, none."""
        lens = _x_lens(self.world)
        told = source("x", "insights/engagement/totals", read)
        pieces: list[MetricSeries] = []
        for metric in metrics:
            reading = self._x_reading("totals", metric)
            totals = lens.totals(rows, reading.name, read).astype(np.float64)
            totals[[self.is_gone(row, read) for row in rows.tolist()]] = np.nan
            found = self._lifetimes(
                reading, rows, totals.tolist(), [told] * len(rows), Status.UNAVAILABLE
            )
            pieces.append(attrs.evolve(found, settled=Settled.NO).series())
        return together(pieces)

    # -- Hootsuite ---------------------------------------------------------------------

    def _hootsuite(self) -> hootsuite.Lens:
        return hootsuite.Lens(self.world, {type_of(self.network): self.lag})

    def _hootsuite_entry(self, level: str, metric: str) -> HootsuiteEntry:
        name, _, scope = metric.rstrip("]").partition("[scope=")
        endpoint = "posts" if level == "post" else "profiles"
        return next(
            each
            for each in hootsuite_entries(endpoint, self.network)
            if each.answers_to(name, scope or None)
        )

    def collected(self, read: datetime) -> datetime:
        """Up to when Hootsuite knows what happened."""
        return self._hootsuite().collected(type_of(self.network), read)

    def listed(self, rows: Ints, read: datetime) -> Ints:
        """Those of the posts that Hootsuite lists."""
        when = self.collected(read)
        found = [self.post(row) for row in rows.tolist()]
        is_there = [
            each.created_at < when
            and (each.deleted_at is None or each.deleted_at > when)
            for each in found
        ]
        return rows[is_there]

    def refreshed(self, row: int, read: datetime) -> datetime:
        """When Hootsuite read a post last."""
        network = type_of(self.network)
        return min(self._hootsuite().refreshed(self.post(row), network, read), read)

    def hootsuite_posts(
        self,
        metrics: Sequence[str],
        rows: Ints,
        read: datetime,
    ) -> MetricSeries:
        """Totals of posts since publication, as they were collected last."""
        lens, network = self._hootsuite(), type_of(self.network)
        rows = self.listed(rows, read)
        told = [
            source("hootsuite", "analytics/posts", self.refreshed(row, read))
            for row in rows.tolist()
        ]
        pieces: list[MetricSeries] = []
        for metric in metrics:
            entry = self._hootsuite_entry("post", metric)
            reading = entry.reading
            scope: Scope = "paid" if reading.scope == "paid" else "organic"
            values = [
                number(
                    lens.post_figures(self.post(row), network, read, scope).get(
                        reading.name
                    )
                )
                for row in rows.tolist()
            ]
            pieces.append(self._lifetimes(reading, rows, values, told).series())
        return together(pieces)

    def hootsuite_days(
        self, metrics: Sequence[str], first: date, last: date, read: datetime
    ) -> MetricSeries:
        """The account's days, as they were collected last."""
        lens, network = self._hootsuite(), type_of(self.network)
        told = source("hootsuite", "analytics/profiles", read)
        tz = zone_of(self.network)
        every = [first + n * ONE_DAY for n in range((last - first).days + 1)]
        final = lens.last_day(network, read)
        grace = provisional(self.network)
        pieces: list[MetricSeries] = []
        for metric in metrics:
            reading = self._hootsuite_entry("profile", metric).reading
            scope: Scope = "paid" if reading.scope == "paid" else "organic"
            for day in every:
                value = float("nan")
                if day <= final:
                    figures = lens.day_figures(self.account, network, day, read, scope)
                    value = number(figures.get(reading.name))
                start, end = days(day, day, tz)
                is_young = end + grace > read
                pieces.append(
                    Rows(
                        reading=reading,
                        subjects=[self.ref],
                        start=np.array([micros(start)], np.int64),
                        end=np.array([micros(end)], np.int64),
                        values=[value],
                        sources=[told],
                        status=[Status.NOT_COLLECTED],
                        settled=Settled.NO if is_young else Settled.UNKNOWN,
                    ).series()
                )
        return together(pieces)

    # -- what nobody sells -------------------------------------------------------------

    def ledger(
        self,
        terms: Iterable[tuple[str, Scope]],
        rows: Ints,
        span: Span,
        read: datetime,
    ) -> MetricSeries:
        """Every post hour by hour in any scope, gone or not: parts of every figure."""
        marks = _marks(span, read)
        told = source("ledger", "hours", read)
        pieces: list[MetricSeries] = []
        for metric, scope in terms:
            ages = marks[None, :] - self.world.timeline.first_hour[rows][:, None]
            sums = sum(
                (
                    self.world.activity.until(each, scope, rows, ages)
                    for each in measures(metric)
                ),
                start=np.zeros_like(ages),
            )
            reading = Reading(
                vendor="ledger",
                endpoint="hours",
                network=self.network,
                name=metric,
                metric=metric,
                level="post",
                temporality="period",
                date_axis="activity",
                scope=scope,
                additive=True,
                zone="UTC",
            )
            values = np.diff(sums).astype(np.float64)
            pieces.append(self._by_hour(reading, rows, marks, values, told))
        return together(pieces)


def _marks(span: Span, read: datetime) -> Ints:
    """The hours of a span that are over when it is read, and the end of the last."""
    last = min(hour_of(span[1]), hour_of(read))
    return np.arange(hour_of(span[0]), last + 1, dtype=np.int64)


_SPROUT: Final[dict[int, sprout.Lens]] = {}
_X: Final[dict[int, x.Lens]] = {}
_WORLDS: Final[dict[tuple[int, float, datetime], World]] = {}


def world(seed: int, scale: float = 0.05, now: datetime | None = None) -> World:
    """A small world, made once."""
    key = seed, scale, now or at("2026-03-11T06:00")
    if key not in _WORLDS:
        _WORLDS[key] = World(seed, scale, burst=2, now=key[2])
    return _WORLDS[key]


def company(
    seed: int, network: str, *, scale: float = 0.05, lag: int = 0, which: int = 0,
    now: datetime | None = None,
) -> Company:  # fmt: skip
    """An account of that network in a small world."""
    found = world(seed, scale, now)
    accounts = [each for each in found.profiles if each.network == network]
    return Company(world=found, account=accounts[which], lag=lag)


def _sprout_lens(found: World) -> sprout.Lens:
    return _SPROUT.setdefault(id(found), sprout.Lens(found))


def _x_lens(found: World) -> x.Lens:
    return _X.setdefault(id(found), x.Lens(found))


# -- what a row says -------------------------------------------------------------------


def amounts(row: Row) -> dict[Name, float]:
    """The causes of a row by name, added up."""
    found: dict[Name, float] = {}
    for each in row.causes:
        found[each.name] = found.get(each.name, 0) + each.amount
    return found


def adds_up(row: Row) -> bool:
    """Whether left, causes and the rest are the right figure, exactly."""
    if row.left is None or row.right is None:
        return row.unexplained is None and not row.causes
    assert row.unexplained is not None
    total: float = row.left
    for each in row.causes:
        total += each.amount
    return total + row.unexplained == row.right
