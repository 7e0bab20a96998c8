"""What Hootsuite counts, from the readings that the adapter runs by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from socialmetrics.adapter import MetricCapability
from socialmetrics.model import Profile, Ref, Topic
from socialmetrics.ontology import is_canonical
from socialmetrics.plan import Subject
from socialmetrics.reading import Reading
from socialmetrics.window import Window
from socialmetrics_hootsuite.analytics.entries import (
    ENDPOINTS,
    Entry,
    State,
    called,
    endpoint_of,
    entries,
    networks,
)
from socialmetrics_hootsuite.analytics.gaps import why_without

_TOLD: Final = {
    "period": "by day",
    "lifetime": "from publication",
    "instant": "day's end",
}
_KNOWN: Final[dict[State, str]] = {
    "example": "an example in the vendor's contract, its network not named",
    "mapped": "not seen there",
}


def readings(
    subject: Subject, window: Window | None, today: date
) -> tuple[Reading, ...]:
    """What canonical names stand for, for figures of that subject: nothing paid."""
    del window, today  # No meaning is known to have changed.
    if isinstance(subject, Ref | Topic):
        return ()
    if isinstance(subject, Profile) and why_without(subject):
        return ()
    endpoint = endpoint_of("profile" if isinstance(subject, Profile) else "post")
    if subject.ref.network not in networks():
        return ()
    return tuple(
        entry.reading
        for entry in entries(endpoint, subject.ref.network)
        if entry.state != "absent"
        and entry.reading.scope != "paid"
        and is_canonical(entry.reading.metric)
    )


def metric_capabilities() -> tuple[MetricCapability, ...]:
    """Every metric whose name is known, by endpoint, network and name."""
    return tuple(
        MetricCapability(
            metric=called(entry.reading),
            name=entry.reading.name,
            network=entry.reading.network,
            level=entry.reading.level,
            detail=_detail(entry),
        )
        for entry in _every()
    )


def all_readings() -> tuple[Reading, ...]:
    """What every metric counts whose name is known; notes tell what is not certain."""
    return tuple(map(_noted, _every()))


def _every() -> Iterator[Entry]:
    for endpoint in ENDPOINTS:
        for network in networks():
            found = entries(endpoint, network)
            yield from (entry for entry in found if entry.state != "absent")


def _noted(entry: Entry) -> Reading:
    reading = entry.reading
    known = f"Known from: {entry.source}." if entry.state in _KNOWN else ""
    return attrs.evolve(reading, note=" ".join(filter(None, (reading.note, known))))


def _detail(entry: Entry) -> str:
    reading = entry.reading
    facts = [_TOLD[reading.temporality], reading.scope]
    if reading.counting == "unique":
        facts.append("unique people")
    if entry.state in _KNOWN:
        facts.append(_KNOWN[entry.state])
    return ", ".join(facts)
