"""What every plan needs: which metrics a network has, and pieces of a fit size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Profile
from socialmetrics_sprout.entries import Endpoint
from socialmetrics_sprout.parts import Account, Asked
from socialmetrics_sprout.readings import Unknown, select

T = TypeVar("T")

PROFILES: Final = 100
PIECE: Final = timedelta(days=31)
"""Long windows of posts and messages are cut in these, to be read side by side."""


@attrs.frozen
class Chosen:
    """Which of the asked metrics each network has, and which not."""

    asked: tuple[Asked, ...]
    missing: tuple[Missing, ...]


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
                names += [entry.reading.name for entry in found]
        asked.append(Asked(network, tuple(dict.fromkeys(names))))
    return Chosen(tuple(each for each in asked if each.names), tuple(missing))


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
