from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialmetrics import derive
from socialmetrics.comparison.composition import held, is_open, made, origin, parts
from socialmetrics.model import Point, Ref, Source
from socialmetrics.reading import Reading, Status
from socialmetrics.series import MetricSeries
from tests.comparison.rulings import reading

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metric", "composition", "expected"),
    [
        ("likes", "", ("likes",)),
        ("clicks", "", ("clicks",)),
        ("followers_net", "", ("followers_net",)),
        ("impressions", "views", ("views",)),
        ("shares", "", None),
        ("shares", "reposts + quotes", ("quotes", "reposts")),
        ("shares", "not documented", None),
        ("engagements.vendor", "", None),
        ("engagements.vendor", "opaque", None),
        ("engagements.public", "", None),
        (
            "engagements.public",
            "likes + comments + reposts",
            ("comments", "likes", "reposts"),
        ),
        ("engagements_other", "", None),
        ("link_ctr", "", None),
        ("link_ctr", "link_clicks / impressions", None),
        ("first_response_time", "", None),
        ("followers_net", "followers_gained - followers_lost", ("followers_net",)),
        ("non_link_clicks", "clicks - link_clicks", ("non_link_clicks",)),
        ("likes", "reactions - shares", None),
        ("toys", "reactions - shares", None),
        ("toys", "", None),
        ("toys", "likes + comments", ("comments", "likes")),
        ("likes", "likes + hearts", None),
        ("likes", "likes + likes", None),
        ("likes", "every post that carries the video", None),
        ("likes", "a - b", None),
        ("likes", "likes / b", None),
    ],
)
def test_the_parts_of_a_figure(
    metric: str, composition: str, expected: tuple[str, ...] | None
) -> None:
    assert parts(reading(metric, composition=composition)) == expected


def test_the_order_of_parts_does_not_matter() -> None:
    one = reading("shares", composition="reposts + quotes")
    other = reading("shares", composition="quotes + reposts")

    assert made(one) == made(other)


def test_a_ratio_is_made_of_two_sums() -> None:
    told = "(likes + comments + reposts) / impressions"

    found = made(reading("engagement_rate.impressions", composition=told))

    assert found is not None
    assert (found.sign, found.right) == ("/", ("impressions",))
    assert found.left == ("comments", "likes", "reposts")


def test_what_surely_is_in_a_metric() -> None:
    assert held(["video_p75", "shares"]) == {"video_p75", "video_p100", "shares"}
    assert not is_open("reactions")


SOURCE = Source(
    vendor="toy",
    endpoint="figures",
    request_id=None,
    api_version=None,
    fetched_at=AT.replace(day=4),
)


def point(metric: str) -> Point:
    return Point(
        subject=Ref("x", "1"),
        metric=metric,
        start=AT,
        end=AT.replace(day=3),
        value=10,
        status=Status.OBSERVED,
        reading=reading(metric),
        source=SOURCE,
    )


def derived(metric: str, *names: str) -> Reading:
    series = MetricSeries.from_points([point(name) for name in names])
    (found,) = derive(series, metric)
    return found.reading


def test_derived_figures_tell_their_parts() -> None:
    public = derived("engagements.public", "likes", "comments", "reposts", "quotes")
    change = derived("followers_net", "followers_gained", "followers_lost")
    rate = derived("link_ctr", "link_clicks", "impressions")
    per_view = derived(
        "engagement_rate.impressions", "likes", "comments", "shares", "impressions"
    )

    assert parts(public) == ("comments", "likes", "quotes", "reposts")
    assert parts(change) == ("followers_net",)
    assert parts(rate) is parts(per_view) is None
    assert made(rate) == made(reading(composition="link_clicks / impressions"))
    assert made(per_view) is not None


def test_derived_figures_are_of_the_vendor_of_their_parts() -> None:
    found = derived("link_ctr", "link_clicks", "impressions")

    assert (found.vendor, origin(found)) == ("socialmetrics", "toy")


def test_derived_figures_that_do_not_say_of_what_are_nobodys() -> None:
    strange = reading(vendor="socialmetrics", endpoint="derived", note="by hand")

    assert origin(strange) == "socialmetrics"
    assert origin(reading()) == "toy"
