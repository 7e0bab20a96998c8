"""What every adapter tells for the metric dictionary."""

from __future__ import annotations

from datetime import date

import pytest

from socialmetrics.adapter import Adapter
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.ontology import is_canonical
from socialmetrics.reading import Reading


def of(adapter: str, name: str, network: str) -> list[Reading]:
    every = adapter_class(adapter).all_readings()
    return [each for each in every if (each.name, each.network) == (name, network)]


def test_an_adapter_without_figures_has_no_readings() -> None:
    assert Adapter.all_readings() == ()


@pytest.mark.parametrize("adapter", adapters())
def test_everything_that_is_offered_is_there_and_nothing_twice(adapter: str) -> None:
    kind = adapter_class(adapter)
    offered = {(c.name, c.network, c.level) for c in kind.metric_capabilities()}

    told = kind.all_readings()

    assert offered <= {(each.name, each.network, each.level) for each in told}
    assert len({*told}) == len(told)


@pytest.mark.parametrize("adapter", ["hootsuite", "sprout", "x"])
def test_they_are_the_readings_of_that_vendor(adapter: str) -> None:
    told = adapter_class(adapter).all_readings()

    assert {each.vendor for each in told} == {adapter}
    assert sum(is_canonical(each.metric) for each in told) > 40


def test_former_meanings_are_told_with_their_days() -> None:
    favorites = {
        (each.valid_from, each.valid_to)
        for each in of("x", "favorites", "x")
        if each.temporality == "period"
    }
    impressions = of("sprout", "impressions", "facebook")

    assert favorites == {(date(2015, 9, 15), None), (None, date(2015, 9, 14))}
    assert [(each.valid_from, each.valid_to) for each in impressions] == [
        (None, date(2024, 12, 31)),
        (date(2025, 1, 1), None),
    ]


@pytest.mark.parametrize(
    ("adapter", "name", "network", "note"),
    [
        ("sprout", "impressions_total", "facebook", "Offered since 2025-05-02."),
        ("sprout", "impressions_paid_unique", "facebook", "Offered until 2026-06-14."),
        ("sprout", "reactions_love", "facebook", "left the tables without an ann"),
        ("hootsuite", "reach", "tiktok", "Known from: built sample for Instagram"),
    ],
)
def test_notes_say_what_is_offered_when_and_what_is_not_certain(
    adapter: str, name: str, network: str, note: str
) -> None:
    assert note in of(adapter, name, network)[0].note


@pytest.mark.parametrize(
    ("adapter", "name", "network"),
    [
        ("sprout", "impressions", "x"),
        ("sprout", "reactions_love", "facebook"),
        ("hootsuite", "total_followers", "instagram"),
    ],
)
def test_notes_say_nothing_else(adapter: str, name: str, network: str) -> None:
    for each in of(adapter, name, network):
        assert "Offered" not in each.note


def test_metrics_that_never_existed_are_left_out() -> None:
    assert of("hootsuite", "engagement_rate", "instagram")
    assert not [
        each
        for each in of("hootsuite", "engagement_rate", "youtube")
        if each.level == "post"
    ]
