"""What every plan needs: which metrics a network has, and pieces of a fit size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Profile
from socialmetrics.reading import Reading
from socialmetrics.window import Window
from socialmetrics_sprout.entries import Endpoint
from socialmetrics_sprout.parts import Account, Asked
from socialmetrics_sprout.readings import Unknown, select

T = TypeVar("T")

BRIEF: Final = "google_business"
KEPT: Final = timedelta(days=30)
"""How long posts and messages of Google Business last (Sprout's documentation)."""

PROFILES: Final = 100
PIECE: Final = timedelta(days=31)
"""Long windows of posts and messages are cut in these, to be read side by side."""


@attrs.frozen
class Chosen:
    """Which of the asked metrics each network has, and which not."""

    asked: tuple[Asked, ...]
    missing: tuple[Missing, ...]
    resolved: tuple[tuple[str, Reading], ...]


def choose(
    endpoint: Endpoint,
    networks: Iterable[str],
    metrics: Sequence[str],
    days: tuple[date, date, date],
) -> Chosen:
    """The vendor's names for the metrics; `days` are first, last and today.

    Raises `InvalidQuery` for a name that no network ever had.
    """
    first, last, today = days
    asked: list[Asked] = []
    missing: list[Missing] = []
    resolved: list[tuple[str, Reading]] = []
    for network in dict.fromkeys(networks):
        names: list[str] = []
        for metric in metrics:
            found = select(
                endpoint, network, metric, first=first, last=last, today=today
            )
            if isinstance(found, Unknown):
                raise InvalidQuery(found.message)
            if not found:
                found = _not_then(metric, first, last)
            if isinstance(found, Missing):
                missing.append(attrs.evolve(found, metric=metric, network=network))
            else:
                resolved += [(metric, entry.reading) for entry in found]
                names += [entry.reading.name for entry in found]
        asked.append(Asked(network, tuple(dict.fromkeys(names))))
    having = tuple(each for each in asked if each.names)
    return Chosen(having, tuple(missing), tuple(resolved))


def _not_then(metric: str, first: date, last: date) -> Missing:
    days = f"from {first} to {last}"
    return Missing(metric=metric, reason=f"Sprout's {metric} says nothing {days}")


def available_of(
    metrics: Sequence[str], chosen: Chosen, networks: int
) -> Iterator[str]:
    """The metrics that at least one of so many networks has."""
    for metric in metrics:
        lost = sum(1 for each in chosen.missing if each.metric == metric)
        if lost < networks:
            yield metric


def account(profile: Profile) -> Account:
    """What a part needs of a profile."""
    return Account(profile.vendor_id, profile.ref)


def chunks(items: Sequence[T], most: int) -> Iterator[tuple[T, ...]]:
    """The items in pieces of at most so many."""
    for start in range(0, len(items), most):
        yield tuple(items[start : start + most])


def too_old(
    what: str, profiles: Iterable[Profile], window: Window, now: datetime
) -> Iterator[Missing]:
    """What is missing because the vendor forgets it after 30 days."""
    if window.start >= now - KEPT:
        return
    for profile in profiles:
        if profile.ref.network == BRIEF:
            yield Missing(
                metric=what,
                subject=profile.ref,
                network=BRIEF,
                reason=f"Sprout keeps {what} of {BRIEF} profiles for 30 days; older "
                "ones do not come",
            )


def without(
    what: str, profiles: Iterable[Profile], networks: frozenset[str]
) -> Iterator[Missing]:
    """What is missing because the vendor has nothing of those networks."""
    for profile in profiles:
        if profile.ref.network in networks:
            yield Missing(
                metric=what,
                subject=profile.ref,
                network=profile.ref.network,
                reason=f"Sprout serves no {what} of {profile.ref.network} profiles",
            )
