"""What tools show of a company, without a server: the series that the clients give.

The same readings, statuses and sources; `test_world_clients` holds them against the
clients. Posts are given as rows of the world's timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.sandbox.days import hour_of
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.world import World
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import micros
from socialmetrics_hootsuite import sandbox as hootsuite
from socialmetrics_hootsuite.analytics import entries as hootsuite_data
from socialmetrics_sprout import entries as sprout_data
from socialmetrics_sprout import sandbox as sprout
from socialmetrics_x import entries as x_data
from socialmetrics_x import sandbox as x
from tests.comparison.worlds import NOW, ONE_DAY, Company, Ints, Span, days, measures
from tests.comparison.worlds_figures import (
    NAN,
    Figures,
    by_hour,
    source,
    together,
    totals,
)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else NAN


def _marks(span: Span, read: datetime) -> Ints:
    """The hours of a span that were over when it was read, and where the last ends."""
    last = min(hour_of(span[1]), hour_of(read))
    return np.arange(hour_of(span[0]), last + 1, dtype=np.int64)


def _every(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


# -- Sprout ----------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _sprout(world: World) -> sprout.Lens:
    return sprout.Lens(world)


def _sprout_reading(
    its: Company, endpoint: sprout_data.Endpoint, metric: str
) -> Reading:
    name, _, scope = metric.rstrip("]").partition("[scope=")
    return next(
        each.reading
        for each in sprout_data.entries(endpoint, its.network)
        if each.answers_to(name, scope or None) and each.reading.holds_on(NOW.date())
    )


def sprout_days(
    its: Company, metrics: Sequence[str], first: date, last: date, read: datetime
) -> MetricSeries:
    """The account's days; of those that had not begun when they were read, none."""
    lens, tz = _sprout(its.world), sprout_data.profile_zone(its.network) or "UTC"
    told = source("sprout", "analytics/profiles", read)
    spans = [days(day, day, tz) for day in _every(first, last)]
    begun = sum(start < read for start, _ in spans)
    offset = (first - lens.first_day(its.account)).days
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _sprout_reading(its, "profiles", metric)
        column = lens.day_column(its.account, reading.name, read)[offset:]
        figures = Figures(
            reading=reading,
            subjects=[its.ref],
            subject=[0] * len(spans),
            start=[micros(start) for start, _ in spans],
            end=[micros(end) for _, end in spans],
            values=[*map(_number, column[:begun]), *[NAN] * (len(spans) - begun)],
            sources=[told],
            absent=Status.NOT_COLLECTED,
            settled=[Settled.NO if end > read else Settled.UNKNOWN for _, end in spans],
        )
        pieces.append(figures.series())
    return together(pieces)


def sprout_posts(
    its: Company, metrics: Sequence[str], rows: Ints, read: datetime
) -> MetricSeries:
    """Totals of posts, those that are gone as well."""
    lens, told = _sprout(its.world), source("sprout", "analytics/posts", read)
    rows = rows[its.world.timeline.created[rows] <= read.timestamp()]
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _sprout_reading(its, "posts", metric)
        column = lens.lifetime_column(reading.name, read)
        chosen: list[int] = rows.tolist()
        values = [_number(column[row]) for row in chosen]
        pieces.append(totals(its, reading, rows, values, [told] * len(rows)))
    return together(pieces)


# -- X ---------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _x(world: World) -> x.Lens:
    return x.Lens(world)


def _x_reading(endpoint: x_data.Endpoint, metric: str) -> Reading:
    found = [each.reading for each in x_data.asked(endpoint, metric)]
    return next(each for each in found if each.valid_to is None)


def x_hours(
    its: Company, metrics: Sequence[str], rows: Ints, span: Span, read: datetime
) -> MetricSeries:
    """Hours of posts; of those that are gone it is said that they are."""
    lens, marks = _x(its.world), _marks(span, read)
    told = source("x", "insights/engagement/historical", read)
    gone = ~np.isin(rows, its.there(rows, read))
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _x_reading("historical", metric)
        values = lens.series(rows, reading.name, marks, read).astype(np.float64)
        values[gone] = np.nan
        absent = Status.UNAVAILABLE
        pieces.append(by_hour(its, reading, rows, marks, values, told, absent))
    return together(pieces)


def x_totals(
    its: Company, metrics: Sequence[str], rows: Ints, read: datetime
) -> MetricSeries:
    """Totals of posts; of those that are gone it is said that they are."""
    lens, told = _x(its.world), source("x", "insights/engagement/totals", read)
    gone = ~np.isin(rows, its.there(rows, read))
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _x_reading("totals", metric)
        values = lens.totals(rows, reading.name, read).astype(np.float64)
        values[gone] = np.nan
        some = [*values.tolist()]
        pieces.append(
            totals(
                its, reading, rows, some, [told] * len(rows), absent=Status.UNAVAILABLE
            )
        )
    return together(pieces)


# -- Hootsuite -------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _hootsuite(its: Company) -> hootsuite.Lens:
    return hootsuite.Lens(its.world, {hootsuite_data.type_of(its.network): its.lag})


def _hootsuite_reading(
    its: Company, endpoint: hootsuite_data.Endpoint, metric: str
) -> Reading:
    name, _, scope = metric.rstrip("]").partition("[scope=")
    return next(
        each.reading
        for each in hootsuite_data.entries(endpoint, its.network)
        if each.answers_to(name, scope or None)
    )


def _scope(reading: Reading) -> Scope:
    return "paid" if reading.scope == "paid" else "organic"


def listed(its: Company, rows: Ints, read: datetime) -> Ints:
    """Those of the posts that Hootsuite lists then."""
    when = _hootsuite(its).collected(hootsuite_data.type_of(its.network), read)
    table, second = its.world.timeline, when.timestamp()
    found: Ints = rows[(table.created[rows] < second) & (table.deleted[rows] > second)]
    return found


def refreshed(its: Company, row: int, read: datetime) -> datetime:
    """When Hootsuite read a post last, as it says it then."""
    network = hootsuite_data.type_of(its.network)
    return min(_hootsuite(its).refreshed(its.post(row), network, read), read)


def hootsuite_posts(
    its: Company, metrics: Sequence[str], rows: Ints, read: datetime
) -> MetricSeries:
    """Totals of the posts that are listed, as they were collected last."""
    lens, network = _hootsuite(its), hootsuite_data.type_of(its.network)
    rows = listed(its, rows, read)
    endpoint = "analytics/posts"
    told = [
        source("hootsuite", endpoint, refreshed(its, r, read)) for r in rows.tolist()
    ]
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _hootsuite_reading(its, "posts", metric)
        scope = _scope(reading)
        values = [
            _number(
                lens.post_figures(its.post(row), network, read, scope).get(reading.name)
            )
            for row in rows.tolist()
        ]
        pieces.append(totals(its, reading, rows, values, told))
    return together(pieces)


def hootsuite_days(
    its: Company, metrics: Sequence[str], first: date, last: date, read: datetime
) -> MetricSeries:
    """The account's days, as they were collected last; none after that."""
    lens, network = _hootsuite(its), hootsuite_data.type_of(its.network)
    told = source("hootsuite", "analytics/profiles", read)
    grace, final = hootsuite_data.provisional(its.network), lens.last_day(network, read)
    every = _every(first, last)
    spans = [days(day, day, hootsuite_data.zone_of(its.network)) for day in every]
    young = [end + grace > read for _, end in spans]
    pieces: list[MetricSeries] = []
    for metric in metrics:
        reading = _hootsuite_reading(its, "profiles", metric)
        scope = _scope(reading)
        values = [
            _number(
                lens.day_figures(its.account, network, day, read, scope).get(
                    reading.name
                )
            )
            if day <= final
            else NAN
            for day in every
        ]
        figures = Figures(
            reading=reading,
            subjects=[its.ref],
            subject=[0] * len(every),
            start=[micros(start) for start, _ in spans],
            end=[micros(end) for _, end in spans],
            values=values,
            sources=[told],
            absent=Status.NOT_COLLECTED,
            settled=[Settled.NO if each else Settled.UNKNOWN for each in young],
        )
        pieces.append(figures.series())
    return together(pieces)


# -- what nobody sells -----------------------------------------------------------------


def ledger(
    its: Company,
    terms: Iterable[tuple[str, Scope]],
    rows: Ints,
    span: Span,
    read: datetime = NOW,
    vendor: str = "ledger",
) -> MetricSeries:
    """Every post hour by hour in any scope, gone or not: all parts that there are."""
    marks, told = _marks(span, read), source(vendor, "hours", read)
    ages = marks[None, :] - its.world.timeline.first_hour[rows][:, None]
    pieces: list[MetricSeries] = []
    for metric, scope in terms:
        sums = np.zeros_like(ages)
        for measure in measures(metric):
            sums = sums + its.world.activity.until(measure, scope, rows, ages)
        reading = hourly(metric, scope, network=its.network, vendor=vendor)
        values = np.diff(sums).astype(np.float64)
        pieces.append(by_hour(its, reading, rows, marks, values, told))
    return together(pieces)


def hourly(metric: str, scope: Scope, *, network: str, vendor: str) -> Reading:
    """The hours of posts in the ledger, which count what their names say."""
    return Reading(
        vendor=vendor,
        endpoint="hours",
        network=network,
        name=metric,
        metric=metric,
        level="post",
        temporality="period",
        date_axis="activity",
        scope=scope,
        additive=True,
        zone="UTC",
    )
