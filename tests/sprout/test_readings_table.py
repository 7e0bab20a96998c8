from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from importlib.resources import files
from itertools import combinations, pairwise

import pytest

from socialmetrics import ontology
from socialmetrics.typed import table
from socialmetrics_sprout.entries import ENDPOINTS, Network
from socialmetrics_sprout.readings import (
    Endpoint,
    Entry,
    entries,
    networks,
    readings,
    select,
)

TODAY = date(2026, 7, 10)
BEGINNING = date(2020, 1, 1)
PLACES: list[tuple[Endpoint, str]] = [
    *((endpoint, network) for endpoint in ENDPOINTS for network in networks()),
    ("posts", "mars"),
    ("topics", "*"),
]
EVERYTHING = [entry for place in PLACES for entry in entries(*place)]


def clock(entry: Entry) -> date:
    """A day on which the vendor answered for it."""
    if entry.until:
        return entry.until - timedelta(days=1)
    return entry.since or BEGINNING


def rows() -> list[dict[str, str]]:
    packaged = files("socialmetrics_sprout").joinpath("metrics.csv")
    return list(csv.DictReader(packaged.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("endpoint", "network", "known"),
    [
        ("profiles", "x", 23),
        ("profiles", "facebook", 94),
        ("profiles", "instagram", 32),
        ("profiles", "linkedin", 17),
        ("profiles", "youtube", 5),
        ("profiles", "pinterest", 9),
        ("profiles", "threads", 9),
        ("profiles", "tiktok", 12),
        ("posts", "x", 25),
        ("posts", "facebook", 96),
        ("posts", "instagram", 22),
        ("posts", "linkedin", 16),
        ("posts", "youtube", 33),
        ("posts", "pinterest", 2),
        ("posts", "threads", 11),
        ("posts", "tiktok", 23),
        ("posts", "bluesky", 6),
        ("posts", "google_business", 1),
        ("profiles", "*", 1),
        ("posts", "*", 4),
        ("topics", "*", 15),
    ],
)
def test_no_metric_of_the_vendor_is_lost(
    endpoint: str, network: str, known: int
) -> None:
    found = {
        row["name"]
        for row in rows()
        if (row["endpoint"], row["network"]) == (endpoint, network)
    }
    whole = {row["name"] for row in rows() if row["network"] == "*"}

    shadowing = {"engagements", "lifetime.engagements"} & found & whole
    assert len(found - shadowing if network != "*" else found) == known


@pytest.mark.parametrize(("endpoint", "network"), PLACES)
def test_every_metric_answers_to_the_vendors_name_while_it_is_offered(
    endpoint: Endpoint, network: str
) -> None:
    for entry in entries(endpoint, network):
        if entry.state == "never" or entry.reading.metric == "potential_impressions":
            continue
        reading = entry.reading
        first, last = reading.valid_from or BEGINNING, reading.valid_to or TODAY

        found = select(
            endpoint,
            network,
            reading.name,
            first=first,
            last=last,
            today=clock(entry),
        )

        assert found == (entry,)


@pytest.mark.parametrize("place", PLACES)
def test_at_most_one_metric_answers_to_a_canonical_name_on_a_day(
    place: tuple[Endpoint, str],
) -> None:
    named = [entry for entry in entries(*place) if entry.preferred]
    for one, other in combinations(named, 2):
        same = (one.reading.metric, one.breakdown) == (
            other.reading.metric,
            other.breakdown,
        )
        assert not same or apart(one, other), (one, other)


@pytest.mark.parametrize("place", PLACES)
def test_at_most_one_other_metric_answers_to_a_canonical_name_with_a_scope(
    place: tuple[Endpoint, str],
) -> None:
    others = [
        entry
        for entry in entries(*place)
        if ontology.is_canonical(entry.reading.metric) and not entry.preferred
    ]
    for one, other in combinations(others, 2):
        assert one.reading.label != other.reading.label or apart(one, other)


def apart(one: Entry, other: Entry) -> bool:
    ends = one.reading.valid_to, other.reading.valid_to
    starts = one.reading.valid_from, other.reading.valid_from
    return any(
        end is not None and start is not None and end < start
        for end, start in zip(ends, reversed(starts), strict=True)
    )


@pytest.mark.parametrize("place", PLACES)
def test_the_meanings_of_one_name_cover_every_day_without_a_gap(
    place: tuple[Endpoint, str],
) -> None:
    for name in {reading.name for reading in readings(*place)}:
        spans = sorted(
            (reading.valid_from or date.min, reading.valid_to or date.max)
            for reading in readings(*place)
            if reading.name == name
        )
        assert spans[0][0] == date.min
        assert spans[-1][1] == date.max
        for (_, end), (start, _) in pairwise(spans):
            assert start - end == timedelta(days=1)


def test_every_metric_with_a_canonical_id_means_what_the_ontology_says() -> None:
    for entry in EVERYTHING:
        if not ontology.is_canonical(entry.reading.metric):
            assert not entry.preferred
            continue
        metric = ontology.metric(entry.reading.metric)
        assert entry.reading.unit == metric.unit, entry
        assert entry.reading.temporality in metric.temporalities, entry
        assert "time" in metric.additive_over or not entry.reading.additive, entry


def test_every_resembled_metric_is_in_the_ontology() -> None:
    near = {entry.near for entry in EVERYTHING} - {""}

    assert near == {name for name in near if ontology.is_canonical(name)}


def test_the_canonical_column_names_only_metrics_of_the_ontology() -> None:
    named = {row["metric"] for row in rows()} - {""}

    assert named == {name for name in named if ontology.is_canonical(name)}


def test_people_are_counted_once_and_never_added() -> None:
    for entry in EVERYTHING:
        if entry.reading.counting == "unique":
            assert entry.reading.unit == "person"
            assert not entry.reading.additive


def test_what_the_vendor_does_not_document_says_so_or_was_dropped() -> None:
    doubtful = Counter(row["state"] for row in rows())

    assert doubtful["never"] == 3
    assert all(row["until"] for row in rows() if row["state"] == "undated")
    assert all(row["note"] for row in rows() if row["state"] != "documented")


def test_the_same_readings_come_every_time() -> None:
    assert readings("profiles", "x") == readings("profiles", "x")
    assert readings("profiles", "x")[0] is readings("profiles", "x")[0]


def test_names_that_never_existed_are_no_readings() -> None:
    named = {reading.name for reading in readings("posts", "x")}

    assert "lifetime.shares" not in named
    assert "lifetime.shares_count" in named


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("network,title,zone\nx,X,UTC,more", "data.csv, line 2: "),
        ("network,title,zone\nx,X,UTC\ny,,", "data.csv, line 3: .*title"),
        ("network,title,colour\nx,X,red", "data.csv, line 2: .*colour"),
    ],
)
def test_a_fault_in_the_data_names_file_and_line(content: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        list(table("data.csv", Network, content))
