"""What is asked becomes parts, and what is fetched becomes what was asked."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from socialmetrics.figures import figures, plan_figures
from socialmetrics.model import Missing, Post, Profile, Ref, Source
from socialmetrics.plan import By, MetricsQuery, Plan, Subject
from socialmetrics.reading import Reading, Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.core.toy import (
    NOW,
    READINGS,
    WEEK,
    FiguresPart,
    Toy,
    figure,
    profile,
    reading,
)

X, FACEBOOK = profile(1), profile(2, "facebook")
SOURCE = Source(
    vendor="toy", endpoint="figures", request_id=None, api_version=None, fetched_at=NOW
)


def plan(
    *metrics: str,
    subjects: tuple[Subject, ...] = (X,),
    by: By | None = None,
    adapter: Toy | None = None,
) -> Plan[MetricSeries]:
    query = MetricsQuery(
        subjects=subjects, metrics=metrics, window=WEEK, by=by, now=NOW
    )
    return plan_figures(adapter or Toy(), query)


def fetched(plan: Plan[MetricSeries]) -> list[str]:
    parts = [part for part in plan.parts if isinstance(part, FiguresPart)]
    return [each.metric for part in parts for each in part.readings]


def answered(plan: Plan[MetricSeries]) -> MetricSeries:
    """What the vendor would answer: each day's number, for every metric."""
    blocks = [
        MetricSeries.from_points(
            figure(subject, each, day, SOURCE)
            for subject in part.subjects
            for each in part.readings
            for day in part.window.dates()
        )
        for part in plan.parts
        if isinstance(part, FiguresPart)
    ]
    return figures(plan, blocks)


def derived(plan: Plan[MetricSeries]) -> list[tuple[str, str]]:
    return [(each.metric, each.network) for each in plan.derived]


def reasons(missing: tuple[Missing, ...]) -> dict[str, str]:
    return {each.metric: each.reason for each in missing}


# -- plain metrics ------------------------------------------------------------------


def test_what_the_vendor_has_is_asked_and_what_it_lacks_is_told() -> None:
    found = plan("impressions", "saves", "likes")

    assert found.asked == ("impressions", "saves", "likes")
    assert found.available == ("impressions", "likes")
    assert reasons(found.missing) == {"saves": "toy does not count it"}
    assert fetched(found) == ["impressions", "likes"]


def test_nobody_asked_about_gives_nothing() -> None:
    found = plan("impressions", subjects=())

    assert found.parts == ()
    assert found.asked == ("impressions",)
    assert len(answered(found)) == 0


def test_figures_come_with_what_is_missing() -> None:
    series = answered(plan("impressions", "saves"))

    assert len(series) == 7
    assert reasons(series.missing) == {"saves": "toy does not count it"}


def test_a_vendors_own_name_gives_its_figures() -> None:
    found = plan("toy_impressions")

    assert found.available == ("toy_impressions",)
    assert {point.metric for point in answered(found)} == {"impressions"}


def test_without_a_list_of_asked_metrics_everything_stays() -> None:
    block = MetricSeries.from_points(
        [figure(X.ref, READINGS[0], WEEK.first_day, SOURCE)]
    )

    assert figures(Plan(parts=()), [block]) == block


# -- derived metrics ----------------------------------------------------------------


def test_a_derived_metric_is_fetched_as_its_parts_and_computed() -> None:
    found = plan("engagements.public")

    series = answered(found)

    assert derived(found) == [("engagements.public", "x")]
    assert found.available == ("engagements.public",)
    assert sorted(fetched(found)) == ["comments", "likes", "reposts"]
    assert [point.value for point in series] == [3 * day for day in range(2, 9)]
    assert {point.metric for point in series} == {"engagements.public"}
    assert series.missing == ()


def test_a_part_that_is_asked_for_too_is_fetched_once_and_shown() -> None:
    found = plan("engagements.public", "likes")

    series = answered(found)

    assert fetched(found).count("likes") == 1
    assert {point.metric for point in series} == {"engagements.public", "likes"}
    assert len(series) == 14


def test_a_derived_metric_may_be_asked_for_by_its_scope() -> None:
    own = plan("engagements.public")
    (scope,) = {reading.scope for reading in own.derived[0].readings}
    other = "organic" if scope != "organic" else "total"

    found = plan(f"engagements.public[scope={scope}]")
    none = plan(f"engagements.public[scope={other}]")

    assert found.available == (f"engagements.public[scope={scope}]",)
    assert answered(found) == answered(own)
    assert none.available == ()
    assert "needs parts of that scope" in none.missing[0].reason


def test_a_derived_metric_is_computed_for_each_network() -> None:
    series = answered(plan("engagements.public", subjects=(X, FACEBOOK)))

    assert {point.subject for point in series} == {X.ref, FACEBOOK.ref}
    assert len(series) == 14


@attrs.frozen(kw_only=True)
class Silent(Toy):
    """Counts no comments, so that nothing can be added up."""

    def readings(
        self, subject: Subject, window: Window | None, today: object
    ) -> tuple[Reading, ...]:
        return tuple(each for each in READINGS if each.metric != "comments")


def test_a_derived_metric_without_its_parts_is_missing_with_the_reason() -> None:
    found = plan("engagements.public", "likes", adapter=Silent())

    assert found.available == ("likes",)
    assert found.derived == ()
    assert "comments" in reasons(found.missing)["engagements.public"]
    assert fetched(found) == ["likes"]


@attrs.frozen(kw_only=True)
class Native(Toy):
    """Tells the engagements of posts itself, those of profiles only in parts."""

    def readings(
        self, subject: Subject, window: Window | None, today: object
    ) -> tuple[Reading, ...]:
        if isinstance(subject, Profile):
            return READINGS
        return (attrs.evolve(reading("engagements.public"), level="post"),)


POST = Post(ref=Ref("x", "9"), vendor_id="9", created_at=NOW)


def test_what_a_vendor_tells_itself_is_not_computed() -> None:
    found = plan("engagements.public", subjects=(POST,), adapter=Native())

    assert found.derived == ()
    assert found.available == ("engagements.public",)
    assert fetched(found) == ["engagements.public"]


def test_a_vendor_may_tell_a_metric_at_one_level_and_its_parts_at_another() -> None:
    found = plan("engagements.public", subjects=(POST, X), adapter=Native())

    assert derived(found) == [("engagements.public", "x")]
    assert found.missing == ()


@attrs.frozen(kw_only=True)
class Mixed(Toy):
    """Tells some of its readings of posts, all of them of profiles."""

    of_posts: tuple[Reading, ...] = ()

    def readings(
        self, subject: Subject, window: Window | None, today: object
    ) -> tuple[Reading, ...]:
        return READINGS if isinstance(subject, Profile) else self.of_posts


def test_what_one_level_lacks_is_told_and_worked_out_at_the_other() -> None:
    found = plan("engagements.public", subjects=(POST, X), adapter=Mixed())

    assert derived(found) == [("engagements.public", "x")]
    assert found.available == ("engagements.public",)
    assert "needs likes" in reasons(found.missing)["engagements.public"]


def test_what_a_level_tells_itself_is_not_worked_out_once_more() -> None:
    own = attrs.evolve(reading("engagements.public"), level="post")
    likes, comments, reposts = (
        attrs.evolve(each, level="post") for each in READINGS[1:4]
    )
    adapter = Mixed(of_posts=(own, likes, comments, reposts))
    found = plan("engagements.public", subjects=(POST, X), adapter=adapter)
    block = MetricSeries.from_points(
        [
            *(
                figure(POST.ref, each, WEEK.first_day, SOURCE)
                for each in (own, likes, comments, reposts)
            ),
            *(figure(X.ref, each, WEEK.first_day, SOURCE) for each in READINGS[1:4]),
        ]
    )

    series = figures(found, [block])

    assert [(point.subject, point.value) for point in series] == [
        (POST.ref, 2),
        (X.ref, 6),
    ]


@attrs.frozen(kw_only=True)
class Curt(Toy):
    """Says what is missing, but not on which network."""

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        told = super().plan_metrics(query)
        missing = (attrs.evolve(each, network=None) for each in told.missing)
        return attrs.evolve(told, missing=tuple(missing))


def test_what_is_missing_everywhere_is_not_available() -> None:
    found = plan("saves", "likes", subjects=(X, FACEBOOK), adapter=Curt())

    assert found.available == ("likes",)


def test_parts_that_came_differently_than_promised_are_not_put_together() -> None:
    found = plan("engagements.public")
    paid = attrs.evolve(READINGS[1], scope="paid")
    day = WEEK.first_day
    block = MetricSeries.from_points(
        [
            figure(X.ref, paid, day, SOURCE),
            figure(X.ref, READINGS[2], day, SOURCE),
            figure(X.ref, READINGS[3], day, SOURCE),
        ]
    )

    series = figures(found, [block])

    assert len(series) == 0
    assert "needs likes" in reasons(series.missing)["engagements.public"]


def test_nothing_is_computed_out_of_nothing() -> None:
    series = figures(plan("engagements.public"), [])

    assert len(series) == 0
    assert series.missing == ()


# -- totals -------------------------------------------------------------------------


def test_a_total_is_fetched_by_day_and_added_up() -> None:
    series = answered(plan("impressions", by="total"))

    assert [point.value for point in series] == [sum(range(2, 9))]
    assert (series[0].start, series[0].end) == (WEEK.start, WEEK.end)


def test_a_total_of_a_derived_metric_is_the_sum_of_its_days() -> None:
    series = answered(plan("engagements.public", by="total"))

    assert [point.value for point in series] == [3 * sum(range(2, 9))]


@pytest.mark.parametrize("name", ["reach", "toy_reach"])
def test_people_are_never_added_up(name: str) -> None:
    found = plan(name, "likes", by="total")

    series = answered(found)

    assert found.available == ("likes",)
    assert "counts different people each day" in reasons(found.missing)[name]
    assert found.missing[0].alternatives == ("by='day'",)
    assert {point.metric for point in series} == {"likes"}


def test_a_rate_of_what_cannot_be_added_is_no_total_and_costs_nothing() -> None:
    by_day, total = plan("frequency"), plan("frequency", by="total")

    assert by_day.available == ("frequency",)
    assert {point.value for point in answered(by_day)} == {1.0}
    assert total.available == ()
    assert total.parts == ()
    assert total.missing == (
        Missing(
            metric="frequency",
            network="x",
            reason="it is worked out from reach: it counts different people each day; "
            "days of it cannot be added",
            alternatives=("by='day'",),
        ),
    )


def test_a_rate_of_totals_is_their_quotient_not_a_sum_of_rates() -> None:
    series = answered(plan("engagement_rate.impressions", by="total"))

    assert [point.value for point in series] == [3.0]


def test_whole_lives_are_totals_already() -> None:
    lives = tuple(
        attrs.evolve(each, level="post", temporality="lifetime", additive=False)
        for each in READINGS[1:4]
    )
    adapter = Mixed(of_posts=lives)
    found = plan(
        "engagements.public", "likes", subjects=(POST,), by="total", adapter=adapter
    )
    block = MetricSeries.from_points(
        attrs.evolve(figure(POST.ref, each, WEEK.first_day, SOURCE), end=None)
        for each in lives
    )

    series = figures(found, [block])

    assert found.available == ("engagements.public", "likes")
    assert found.missing == ()
    assert {point.metric: point.value for point in series} == {
        "likes": 2,
        "engagements.public": 6,
    }


def test_a_reading_that_does_not_add_up_is_refused_as_a_total() -> None:
    score = attrs.evolve(READINGS[0], additive=False, unit="score")

    class Scoring(Toy):
        def readings(
            self, subject: Subject, window: Window | None, today: object
        ) -> tuple[Reading, ...]:
            return (score,)

    found = plan("impressions", by="total", adapter=Scoring())

    assert reasons(found.missing) == {"impressions": "days of a score cannot be added"}


def test_a_level_may_be_asked_as_a_total_and_is_its_last_state() -> None:
    series = answered(plan("followers", by="total"))

    assert [point.value for point in series] == [8]
    assert series[0].status is Status.OBSERVED


@attrs.frozen
class Unversed(Toy):
    """It does not know what a bare reference refers to."""

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        if isinstance(subject, Ref):
            return ()
        return super().readings(subject, window, today)


def test_a_bare_reference_may_be_anything() -> None:
    found = plan("engagements.public", subjects=(Ref("x", "1"),), adapter=Unversed())

    assert found.derived == ()


def test_a_refused_rate_offers_its_parts() -> None:
    (refused,) = plan("engagement_rate.impressions", adapter=Unlike()).missing

    assert "scope" in refused.reason
    assert set(refused.alternatives) == {
        "impressions[scope=organic]",
        "likes[scope=total]",
        "comments[scope=total]",
        "reposts[scope=total]",
    }


@attrs.frozen
class Unlike(Toy):
    """Its likes, comments and reposts have another scope than its impressions."""

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        impressions, *others = READINGS[:4]
        return impressions, *(attrs.evolve(each, scope="total") for each in others)
