"""A metric that does not come is missing with its reason; nonsense is refused."""

from __future__ import annotations

import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing
from socialmetrics_x.entries import Endpoint
from socialmetrics_x.gaps import select


@pytest.mark.parametrize(
    ("endpoint", "metric", "names"),
    [
        ("totals", "likes", ["favorites"]),
        ("totals", "impressions[scope=organic]", ["impressions"]),
        ("historical", "engagements.vendor", ["engagements", "engagements"]),
        ("historical", "media_clicks", ["media_engagements"]),
    ],
)
def test_names_have_entries(endpoint: Endpoint, metric: str, names: list[str]) -> None:
    found = select(endpoint, metric)

    assert not isinstance(found, Missing)
    assert [e.reading.name for e in found if not e.unrecorded] == names


@pytest.mark.parametrize(
    ("endpoint", "metric", "reason", "instead"),
    [
        (
            "totals",
            "impressions[scope=paid]",
            "X has impressions only as impressions[scope=organic]",
            ("impressions[scope=organic]",),
        ),
        ("historical", "quotes", "X has quotes only as totals since publication", ()),
        ("historical", "quote_tweets", "X has quote_tweets only as totals", ()),
        ("totals", "link_clicks", "only by the hour of a window: give a window", ()),
        ("totals", "media_clicks", "X has media_clicks only by the hour", ()),
        ("28hr", "reach", "X's Engagement API has no reach", ()),
    ],
)
def test_what_is_not_there_is_missing_with_what_to_do(
    endpoint: Endpoint, metric: str, reason: str, instead: tuple[str, ...]
) -> None:
    found = select(endpoint, metric)

    assert isinstance(found, Missing)
    assert found.metric == metric
    assert reason in found.reason
    assert found.alternatives == instead


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("nonsense", "neither a canonical metric nor one of X's"),
        ("url_cliks", "url_clicks"),
        ("Impressions ", "impressions"),
    ],
)
def test_what_nobody_knows_is_refused_with_a_guess(metric: str, words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        select("totals", metric)
