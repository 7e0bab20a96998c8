"""What X counts, from the readings that the adapter runs by."""

from __future__ import annotations

from socialmetrics.adapter import MetricCapability
from socialmetrics.model import Post, Ref
from socialmetrics.plan import Subject
from socialmetrics.reading import Reading
from socialmetrics.window import Window
from socialmetrics_x.entries import ENDPOINTS, Entry, entries
from socialmetrics_x.ids import NETWORK
from socialmetrics_x.planner import AGES


def readings(subject: Subject, window: Window | None) -> tuple[Reading, ...]:
    """What canonical names stand for: lifetime totals, or counts of a window."""
    if not isinstance(subject, Post | Ref):
        return ()
    if window is None:
        return tuple(entry.reading for entry in entries("totals"))
    first, last = window.first_day, window.last_day
    return tuple(
        entry.reading
        for entry in entries("historical")
        if not entry.unrecorded
        and (entry.reading.valid_from is None or entry.reading.valid_from <= last)
        and (entry.reading.valid_to is None or first <= entry.reading.valid_to)
    )


def metrics() -> tuple[MetricCapability, ...]:
    """Every metric of every endpoint."""
    return tuple(
        MetricCapability(
            metric=entry.reading.metric,
            name=entry.reading.name,
            network=NETWORK,
            level="post",
            detail=_detail(entry),
        )
        for endpoint in ENDPOINTS
        for entry in entries(endpoint)
        if entry.reading.valid_to is None
    )


def all_readings() -> tuple[Reading, ...]:
    """What every metric counts or counted, by endpoint."""
    return tuple(e.reading for endpoint in ENDPOINTS for e in entries(endpoint))


def _detail(entry: Entry) -> str:
    steps = {
        "totals": "from publication",
        "28hr": "by hour, the last 28 hours",
        "historical": "by hour or day, since 2014-09-01",
    }
    facts = [steps[entry.endpoint], entry.reading.scope]
    if entry.needs_owner:
        facts.append("needs the owner")
    if entry.endpoint == "totals" and entry.reading.name in AGES:
        facts.append(f"posts up to {AGES[entry.reading.name].days} days old")
    return ", ".join(facts)
