"""Which of the vendor's metrics answer to the asked names, on each network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing
from socialmetrics.ontology import did_you_mean, is_canonical, metrics
from socialmetrics.reading import Reading, unlabelled
from socialmetrics_hootsuite.analytics.entries import (
    Datatype,
    Endpoint,
    Entry,
    called,
    entries,
    is_name,
    open_entry,
)
from socialmetrics_hootsuite.analytics.gaps import Question, missing
from socialmetrics_hootsuite.analytics.parts import Asked


@attrs.frozen
class Lane:
    """What one call can ask for: metrics of one network, among one kind of data."""

    network: str
    datatype: Datatype
    asked: tuple[Asked, ...]


@attrs.frozen
class Chosen:
    """What to ask of each network, and what it lacks."""

    lanes: tuple[Lane, ...]
    missing: tuple[Missing, ...]
    resolved: tuple[tuple[str, Reading], ...]

    def of(self, network: str) -> tuple[Asked, ...]:
        """What is asked of that network, of whatever data."""
        lanes = (lane for lane in self.lanes if lane.network == network)
        return tuple(asked for lane in lanes for asked in lane.asked)

    def available(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of the names that some network has."""
        had = {name for name, _ in self.resolved}
        return tuple(name for name in names if name in had)


def choose(endpoint: Endpoint, networks: Iterable[str], names: Sequence[str]) -> Chosen:
    """Raises `InvalidQuery` for what cannot be the name of a metric."""
    menus: dict[tuple[str, Datatype], dict[str, tuple[Entry, ...]]] = {}
    lacking: list[Missing] = []
    resolved: list[tuple[str, Reading]] = []
    for network in dict.fromkeys(networks):
        for name in names:
            found = select(endpoint, network, name)
            if isinstance(found, Missing):
                lacking.append(found)
                continue
            resolved += [(name, entry.reading) for entry in found]
            menu = menus.setdefault((network, found[0].datatype), {})
            key = called(found[0].reading)
            menu[key] = tuple(dict.fromkeys((*menu.get(key, ()), *found)))
    lanes = (
        Lane(network, datatype, tuple(Asked(name, each) for name, each in menu.items()))
        for (network, datatype), menu in menus.items()
    )
    return Chosen(tuple(lanes), tuple(lacking), tuple(resolved))


def select(endpoint: Endpoint, network: str, asked: str) -> tuple[Entry, ...] | Missing:
    """What may answer to a name, best first, or why nothing does.

    `asked` is a canonical metric, one with a scope ("likes[scope=paid]"), or any name
    of the vendor's: its list is open. Without a scope nothing paid is meant.
    """
    name, scope = unlabelled(asked)
    known = [e for e in entries(endpoint, network) if e.answers_to(name, scope)]
    found = tuple(entry for entry in known if entry.state != "absent")
    if found:
        return found
    question = Question(endpoint, network, name, scope, asked)
    if is_canonical(name) or known or question.is_listed:
        return missing(question)
    if not is_name(name):
        raise InvalidQuery(
            f"{asked!r} is neither a canonical metric nor written like one of "
            f"Hootsuite's{did_you_mean(asked, (each.id for each in metrics()))}"
        )
    if scope not in (None, "organic", "paid"):
        return missing(question)
    paid = scope == "paid"
    return (open_entry(endpoint, network, name, "paid" if paid else "organic"),)
