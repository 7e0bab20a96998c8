from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Point
from socialmetrics.reading import Status
from tests.series.figures import (
    FETCHED,
    FOLLOWERS,
    HOUR,
    IMPRESSIONS,
    MONDAY,
    SOURCE,
    gauge,
    lifetime,
    point,
    series,
)


def test_the_story_of_a_figure_tells_everything() -> None:
    what = attrs.evolve(
        IMPRESSIONS,
        zone="America/Los_Angeles",
        composition="organic only",
        threshold="any render",
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        note="delayed by a day",
        net=True,
    )
    story = series(point(24383, reading=what, breakdown="US")).explain(0)

    lines = story.splitlines()

    assert lines[0] == "impressions of x:100: 24,383"
    assert lines[1] == (
        "  definition: Impressions. " + ontology.metric("impressions").definition
    )
    for told in (
        f"  status: observed. {ontology.term('status.observed')}",
        (
            "  span: [2026-03-02T00:00:00+00:00, 2026-03-03T00:00:00+00:00), "
            "days of America/Los_Angeles"
        ),
        "  vendor's name: imp of toolbox profiles",
        f"  scope: organic. {ontology.term('scope.organic')}",
        f"  date axis: activity. {ontology.term('date_axis.activity')}",
        "  over time: may be added; gains minus losses",
        "  breakdown: US",
        "  threshold: any render",
        "  composition: organic only",
        "  valid: from 2025-01-01 to 2026-12-31",
        "  note: delayed by a day",
        (
            "  source: toolbox profiles, request req-1, API version v1, "
            "fetched 2026-03-11T06:00:00+00:00"
        ),
        f"  settled: unknown. {ontology.term('settled.unknown')}",
    ):
        assert told in lines


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (point(1), "  span: 2026-03-02 .. 2026-03-02 (UTC)\n"),
        (point(None), "impressions of x:100: no figure (not_reported)\n"),
        (
            point(None, status=Status.TOO_OLD),
            f"  status: too_old. {ontology.term('status.too_old')}\n",
        ),
        (gauge(7, MONDAY), "followers of x:100: 7 (person)\n"),
        (gauge(7, MONDAY), "  span: at 2026-03-02T00:00:00+00:00 (UTC)\n"),
        (gauge(7, MONDAY), "  over time: must not be added\n"),
        (
            lifetime(7, MONDAY),
            "publication on 2026-03-02T00:00:00+00:00 (UTC) to the fetch\n",
        ),
        (
            point(1, FETCHED - HOUR),
            "+00:00), days of UTC; it was not over when it was read\n",
        ),
        (
            point(1, FETCHED - HOUR, HOUR),
            "2026-03-11T06:00:00+00:00), days of UTC\n",
        ),
        (
            attrs.evolve(lifetime(7, MONDAY), end=FETCHED),
            (
                "from publication on 2026-03-02T00:00:00+00:00 (UTC) to "
                "2026-03-11T06:00:00+00:00 (UTC)\n"
            ),
        ),
        (
            point(1, reading=attrs.evolve(IMPRESSIONS, zone=None)),
            "2026-03-02 .. 2026-03-02 (UTC); the vendor's day is not documented\n",
        ),
        (
            point(
                1, reading=attrs.evolve(FOLLOWERS, temporality="period", metric="zap")
            ),
            "  definition: none; the vendor's own metric, under the vendor's name\n",
        ),
        (
            point(1, source=attrs.evolve(SOURCE, request_id=None, api_version=None)),
            "  source: toolbox profiles, fetched 2026-03-11T06:00:00+00:00\n",
        ),
    ],
)
def test_the_story_fits_the_figure(figure: Point, told: str) -> None:
    assert told in series(figure).explain(-1)


@pytest.mark.parametrize("row", [slice(0, 1), "x", None, 1.5])
def test_what_is_no_row_cannot_be_explained(row: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"row=.* is not the number of a row"):
        series(point(1)).explain(row)
