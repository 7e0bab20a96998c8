"""What every plan needs: how far back, pieces of a fit size, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Final, TypeVar

from socialmetrics.model import Missing, Post, Profile
from socialmetrics.plan import MetricsQuery, Part, Plan
from socialmetrics.series import MetricSeries
from socialmetrics_hootsuite.analytics.choice import Chosen
from socialmetrics_hootsuite.analytics.gaps import why_without
from socialmetrics_hootsuite.analytics.notes import notes
from socialmetrics_hootsuite.analytics.parts import Account

T = TypeVar("T")

YEARS: Final = 2


def earliest(now: datetime) -> date:
    """The oldest day that the vendor can be asked about."""
    today = now.astimezone(UTC).date()
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:  # There was no 29 February.
        return date(today.year - YEARS, 3, 1)


def account(profile: Profile) -> Account:
    """What a part needs of a profile."""
    return Account(profile.vendor_id, profile.ref)


def networks_of(subjects: Iterable[Profile | Post]) -> list[str]:
    """Their networks, each once."""
    return list(dict.fromkeys(each.ref.network for each in subjects))


def even(items: Sequence[T], most: int) -> Iterator[tuple[T, ...]]:
    """The items in as few pieces as can be, about as long as each other."""
    pieces = ceil(len(items) / most)
    for number in range(pieces):
        start = number * len(items) // pieces
        yield tuple(items[start : (number + 1) * len(items) // pieces])


def spans(first: date, last: date, most: int) -> Iterator[tuple[date, date]]:
    """The days in pieces of at most so many, both ends included, cut evenly."""
    days = range((last - first).days + 1)
    for piece in even(days, most):
        yield first + timedelta(days=piece[0]), first + timedelta(days=piece[-1])


def without(profiles: Iterable[Profile], names: Sequence[str]) -> Iterator[Missing]:
    """What is missing because a profile has no analytics."""
    for profile in profiles:
        reason = why_without(profile)
        for name in names if reason else ():
            yield Missing(
                metric=name,
                subject=profile.ref,
                network=profile.ref.network,
                reason=reason or "",
            )


def lacking(
    subjects: Sequence[Profile | Post], query: MetricsQuery, reason: str, *instead: str
) -> Plan[MetricSeries]:
    """A plan for nothing, and why."""
    return Plan(
        parts=(),
        missing=tuple(
            Missing(metric=metric, network=network, reason=reason, alternatives=instead)
            for network in networks_of(subjects)
            for metric in query.metrics
        ),
    )


def planned(
    parts: Sequence[Part[MetricSeries]],
    chosen: Chosen,
    query: MetricsQuery,
    missing: Iterable[Missing],
) -> Plan[MetricSeries]:
    """The plan of these parts, with what the choice says."""
    return Plan(
        parts=tuple(parts),
        available=chosen.available(query.metrics),
        missing=(*chosen.missing, *missing),
        resolved=chosen.resolved,
        notes=tuple(notes(parts, chosen)),
    )
