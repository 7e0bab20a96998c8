"""Which Sprout metric answers to a name: canonical, or the vendor's own."""

from __future__ import annotations

from datetime import date

import attrs

from socialmetrics.model import Missing
from socialmetrics.ontology import did_you_mean, is_canonical, metrics
from socialmetrics.reading import Reading, unlabelled
from socialmetrics_sprout.entries import (
    Endpoint,
    Entry,
    State,
    entries,
    is_known,
    networks,
    profile_zone,
    readings,
)
from socialmetrics_sprout.gaps import Question, missing

__all__ = [
    "Endpoint",
    "Entry",
    "State",
    "Unknown",
    "entries",
    "networks",
    "profile_zone",
    "readings",
    "select",
]


@attrs.frozen
class Unknown:
    """A name that is neither canonical nor the vendor's on any network.

    `message` says so and what may have been meant; it suits an `InvalidQuery`.
    """

    asked: str
    message: str


def select(
    endpoint: Endpoint,
    network: str,
    asked: str,
    *,
    first: date,
    last: date,
    today: date,
) -> tuple[Entry, ...] | Missing | Unknown:
    """What answers to a name on the days from `first` to `last`, both included.

    `asked` is a canonical metric, "metric[scope=organic]", or the vendor's name.
    Several entries come where the metric comes in parts (`breakdown`) or where its
    meaning changed within the days; then each holds on its own days
    (`Reading.holds_on`) and the vendor's name is one. `Missing` says why this network
    does not answer on `today`; `Unknown`, that no network ever did.
    """
    name, scope = unlabelled(asked)
    if not _is_name(name):
        return Unknown(asked, _unknown(endpoint, network, asked))
    question = Question(endpoint, network, name, scope, today)
    found = question.answers()
    if not found:
        return missing(question)
    return tuple(each for each in found if _holds(each.reading, first, last))


def _holds(reading: Reading, first: date, last: date) -> bool:
    begun = reading.valid_from is None or reading.valid_from <= last
    return begun and (reading.valid_to is None or first <= reading.valid_to)


def _is_name(name: str) -> bool:
    return is_canonical(name) or is_known(name)


def _unknown(endpoint: Endpoint, network: str, asked: str) -> str:
    name, _ = unlabelled(asked)
    if not name or "[" in name or "]" in name:
        return (
            f"{asked!r} is not a metric; write a name, or a name with a scope like "
            "'impressions[scope=organic]'"
        )
    here = [entry.reading.name for entry in entries(endpoint, network)]
    near = did_you_mean(asked, [*(each.id for each in metrics()), *here])
    return f"{asked!r} is neither a canonical metric nor one of Sprout's{near}"
