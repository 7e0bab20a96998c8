"""What Sprout counts, from the readings that the adapter runs by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, get_args

import attrs

from socialmetrics.adapter import MetricCapability
from socialmetrics.model import Post, Profile, Ref, Topic
from socialmetrics.plan import Subject
from socialmetrics.reading import Reading
from socialmetrics.window import Window
from socialmetrics_sprout.entries import Endpoint, Entry, entries, networks

_ENDPOINTS: Final[dict[type, Endpoint]] = {
    Profile: "profiles",
    Post: "posts",
    Topic: "topics",
}


def readings(
    subject: Subject, window: Window | None, today: date
) -> tuple[Reading, ...]:
    """What canonical names stand for, for figures of that subject."""
    if isinstance(subject, Ref):
        return ()
    network = "*" if isinstance(subject, Topic) else subject.ref.network
    return tuple(
        entry.reading
        for entry in entries(_ENDPOINTS[type(subject)], network)
        if entry.preferred
        and not entry.breakdown
        and entry.is_offered(today)
        and _holds(entry.reading, window, today)
    )


def _holds(reading: Reading, window: Window | None, today: date) -> bool:
    """Whether the meaning was in force on some day of the window."""
    first = window.first_day if window else today
    last = window.last_day if window else today
    begun = reading.valid_from is None or reading.valid_from <= last
    return begun and (reading.valid_to is None or first <= reading.valid_to)


def metrics() -> tuple[MetricCapability, ...]:
    """Every metric that was not removed, by endpoint, network and name."""
    return tuple(
        MetricCapability(
            metric=entry.reading.metric,
            name=entry.reading.name,
            network=entry.reading.network,
            level=entry.reading.level,
            detail=_detail(entry),
        )
        for entry in _every()
        if entry.until is None
    )


def all_readings() -> tuple[Reading, ...]:
    """What every metric counts or counted; notes tell when it came and went."""
    return tuple(map(_noted, _every()))


def _every() -> Iterator[Entry]:
    endpoints: tuple[Endpoint, ...] = get_args(Endpoint)
    for endpoint in endpoints:
        for network in ("*",) if endpoint == "topics" else networks():
            found = entries(endpoint, network)
            yield from (entry for entry in found if entry.state != "never")


def _noted(entry: Entry) -> Reading:
    facts = [entry.reading.note]
    if entry.since:
        facts.append(f"Offered since {entry.since}.")
    if entry.until and entry.state != "undated":
        facts.append(f"Offered until {entry.until - timedelta(days=1)}.")
    return attrs.evolve(entry.reading, note=" ".join(filter(None, facts)))


def _detail(entry: Entry) -> str:
    reading = entry.reading
    told = {"period": "by day", "lifetime": "from publication", "instant": "day's end"}
    facts = [told[reading.temporality], reading.scope]
    if reading.counting == "unique":
        facts.append("unique people")
    if entry.is_map:
        facts.append("in parts")
    if entry.premium:
        facts.append("Premium Analytics")
    if entry.state == "undocumented":
        facts.append("undocumented")
    return ", ".join(facts)
