"""The whole story of one figure, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from socialmetrics import ontology
from socialmetrics.model import Point
from socialmetrics.reading import Reading
from socialmetrics.window import Window, zone


def explain(point: Point) -> str:
    """See `MetricSeries.explain`."""
    reading = point.reading
    lines = [
        f"{point.metric} of {point.subject}: {_value(point)}",
        *_definition(point.metric),
        f"  status: {point.status}. {ontology.term(f'status.{point.status}')}",
        f"  span: {_span(point)}",
        f"  vendor's name: {reading.name} of {reading.vendor} {reading.endpoint}",
        *_axes(reading),
        f"  over time: {_over_time(reading)}",
        *_optional(point),
        f"  source: {_source(point)}",
        f"  settled: {point.settled}. {ontology.term(f'settled.{point.settled}')}",
    ]
    return "\n".join(lines)


def _value(point: Point) -> str:
    if point.value is None:
        return f"no figure ({point.status})"
    unit = point.reading.unit
    return f"{point.value:,}" if unit == "count" else f"{point.value:,} ({unit})"


def _definition(metric: str) -> list[str]:
    if not ontology.is_canonical(metric):
        return ["  definition: none; the vendor's own metric, under the vendor's name"]
    known = ontology.metric(metric)
    return [f"  definition: {known.title}. {known.definition}"]


def _span(point: Point) -> str:
    tz = point.reading.zone or "UTC"
    tail = "" if point.reading.zone else "; the vendor's day is not documented"
    if point.end is not None and point.end > point.source.fetched_at:
        tail += "; it was not over when it was read"
    if point.reading.temporality == "lifetime":
        last = "the fetch" if point.end is None else _local(point.end, tz)
        return f"from publication on {_local(point.start, tz)} to {last}{tail}"
    assert point.end is not None  # noqa: S101 - only a lifetime total has none
    if point.start == point.end:
        return f"at {_local(point.start, tz)}{tail}"
    window = Window(point.start, point.end, tz)
    of = "" if window.is_whole_days else f", days of {tz}"
    return f"{window}{of}{tail}"


def _local(moment: datetime, tz: str) -> str:
    return f"{moment.astimezone(zone(tz)).isoformat()} ({tz})"


def _axes(reading: Reading) -> Iterator[str]:
    axes: tuple[tuple[str, str], ...] = (
        ("level", reading.level),
        ("scope", reading.scope),
        ("counting", reading.counting),
        ("temporality", reading.temporality),
        ("date_axis", reading.date_axis),
    )
    for axis, word in axes:
        yield f"  {axis.replace('_', ' ')}: {word}. {ontology.term(f'{axis}.{word}')}"


def _over_time(reading: Reading) -> str:
    added = "may be added" if reading.additive else "must not be added"
    return f"{added}{'; gains minus losses' if reading.net else ''}"


def _optional(point: Point) -> list[str]:
    reading = point.reading
    facts = (
        ("breakdown", point.breakdown),
        ("threshold", reading.threshold),
        ("composition", reading.composition),
        ("valid", _validity(reading)),
        ("note", reading.note),
    )
    return [f"  {name}: {fact}" for name, fact in facts if fact]


def _validity(reading: Reading) -> str:
    bounds = (("from", reading.valid_from), ("to", reading.valid_to))
    return " ".join(f"{word} {day}" for word, day in bounds if day)


def _source(point: Point) -> str:
    source = point.source
    facts = (
        ("request", source.request_id),
        ("API version", source.api_version),
        ("fetched", source.fetched_at.astimezone(UTC).isoformat()),
    )
    told = ", ".join(f"{name} {fact}" for name, fact in facts if fact)
    return f"{source.vendor} {source.endpoint}, {told}"
