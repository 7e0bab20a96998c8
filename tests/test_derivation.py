from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.derivation import derive, parts_for
from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.model import Missing, Point
from socialmetrics.reading import Reading, Scope, Settled, Status
from socialmetrics.series import MetricSeries
from tests.series.figures import (
    ACME,
    DAY,
    FOLLOWERS,
    HOUR,
    IMPRESSIONS,
    ISSUE,
    MISSING,
    MONDAY,
    OTHER,
    SOURCE,
    TOTAL_LIKES,
    days,
    gauge,
    lifetime,
    point,
    series,
)
from tests.series.figures import reading as read

RATE = "engagement_rate.impressions"


def _of(metrics: str, scope: Scope = "organic") -> list[Reading]:
    return [read(metric, scope) for metric in metrics.split()]


def _metrics(readings: Sequence[Reading]) -> str:
    return " ".join(reading.metric for reading in readings)


def _values(found: MetricSeries) -> list[float | None]:
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("metric", "readings", "parts", "composition"),
    [
        (
            "engagements.public",
            "impressions reposts likes comments",
            "likes comments reposts",
            "likes + comments + reposts",
        ),
        (
            "engagements.public",
            "likes comments reposts quotes",
            "likes comments reposts quotes",
            "likes + comments + reposts + quotes",
        ),
        (
            "engagements.public",
            "reactions comments shares quotes",
            "reactions comments shares",
            "reactions + comments + shares",
        ),
        (
            "engagements.public",
            "reactions likes comments shares reposts",
            "likes comments reposts",
            "likes + comments + reposts",
        ),
        (
            "followers_net",
            "followers_lost followers_gained",
            "followers_gained followers_lost",
            "followers_gained - followers_lost",
        ),
        (
            "link_ctr",
            "link_clicks impressions",
            "link_clicks impressions",
            "link_clicks / impressions",
        ),
        (
            RATE,
            "likes comments reposts impressions",
            "likes comments reposts impressions",
            "(likes + comments + reposts) / impressions",
        ),
        (
            RATE,
            "engagements.public likes comments reposts impressions",
            "engagements.public impressions",
            "engagements.public / impressions",
        ),
    ],
)
def test_parts_are_known_before_any_figure(
    metric: str, readings: str, parts: str, composition: str
) -> None:
    found = parts_for(metric, _of(readings))

    assert _metrics(found.parts) == parts
    assert (found.reason, found.composition) == (None, composition)


def test_reach_counts_persons_and_still_divides() -> None:
    reach = attrs.evolve(
        read("reach"), counting="unique", unit="person", additive=False
    )

    found = parts_for("frequency", [read("impressions"), reach])

    assert _metrics(found.parts) == "impressions reach"


def test_followers_are_a_level_without_scope() -> None:
    public = read("engagements.public", "total")

    found = parts_for("engagement_rate.followers", [public, FOLLOWERS])

    assert found.parts == (public, FOLLOWERS)


def test_every_meaning_of_a_part_is_fetched() -> None:
    old = attrs.evolve(read("link_clicks"), valid_to=date(2025, 1, 1))
    new = attrs.evolve(read("link_clicks"), valid_from=date(2025, 1, 2))

    found = parts_for("link_ctr", [old, new, read("impressions")])

    assert found.parts == (old, new, read("impressions"))


@pytest.mark.parametrize(
    ("metric", "readings", "told"),
    [
        ("likes", _of("likes"), "likes has no formula"),
        ("engagements.public", _of("likes reposts"), "needs comments, which is not"),
        ("engagements.public", [], "needs likes or reactions, which is not"),
        (RATE, _of("likes comments impressions"), "needs reposts or shares"),
        (
            "link_ctr",
            [read("link_clicks", "total"), read("impressions")],
            "scope: link_clicks is total, impressions is organic (rule: scope-mis",
        ),
        (
            "link_ctr",
            _of("link_clicks impressions", "unknown"),
            "link_clicks is unknown, impressions is unknown (rule: scope-unknown)",
        ),
        (
            "link_ctr",
            [read("link_clicks", "unknown"), read("impressions")],
            "(rule: scope-unknown)",
        ),
        (
            "engagements.public",
            [*_of("likes comments", "total"), read("reposts")],
            "(rule: scope-mismatch)",
        ),
        (
            "followers_net",
            [
                read("followers_gained"),
                attrs.evolve(read("followers_lost"), counting="unique"),
            ],
            "followers_gained is total, followers_lost is unique (rule: counting-m",
        ),
        (
            "followers_net",
            [
                read("followers_gained"),
                attrs.evolve(read("followers_lost"), date_axis="publish"),
            ],
            "(rule: date-axis-mismatch)",
        ),
        (
            "link_ctr",
            [read("link_clicks"), attrs.evolve(read("impressions"), vendor="other")],
            "link_clicks is toolbox, impressions is other (rule: vendor-mismatch)",
        ),
        (
            "link_ctr",
            [
                read("link_clicks", "total"),
                attrs.evolve(
                    read("impressions"), temporality="lifetime", date_axis="publish"
                ),
            ],
            (
                "link_clicks is period, impressions is lifetime; date_axis: "
                "link_clicks is activity, impressions is publish (rule: readings-mis"
            ),
        ),
    ],
)
def test_a_refusal_says_which_rule_before_any_figure(
    metric: str, readings: list[Reading], told: str
) -> None:
    found = parts_for(metric, readings)

    assert found.parts == ()
    assert told in (found.reason or "")


def test_a_name_outside_the_ontology_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="'engagement' is not in the ontology"):
        parts_for("engagement", [])
    with pytest.raises(InvalidQuery, match="'engagement' is not in the ontology"):
        derive(MetricSeries.empty(), "engagement")
    with pytest.raises(InvalidQuery, match="likes has no formula"):
        derive(MetricSeries.empty(), "likes")


def _engaged(
    likes: float | None, comments: float | None, reposts: float | None
) -> list[Point]:
    return [
        point(value, reading=read(metric))
        for metric, value in (
            ("likes", likes),
            ("comments", comments),
            ("reposts", reposts),
        )
    ]


def test_a_sum_is_computed_row_by_row_and_says_what_it_is() -> None:
    late = attrs.evolve(SOURCE, request_id="late", fetched_at=SOURCE.fetched_at + HOUR)
    found = MetricSeries.from_points(
        [
            *days(1, 2, reading=read("likes"), settled=Settled.YES),
            *days(10, 20, reading=read("comments"), source=late, settled=Settled.NO),
            *days(100, 200, reading=read("reposts")),
            *days(7, 7),
        ],
        missing=[MISSING],
        issues=[ISSUE],
    )

    public = derive(found, "engagements.public")

    assert (public.missing, public.issues) == ((), ())
    assert [(each.start, each.value) for each in public] == [
        (MONDAY, 111),
        (MONDAY + DAY, 222),
    ]
    first = public[0]
    assert (first.subject, first.end, first.status) == (ACME, MONDAY + DAY, "observed")
    assert (first.source, first.settled) == (late, "no")
    assert first.reading == attrs.evolve(
        IMPRESSIONS,
        vendor="socialmetrics",
        endpoint="derived",
        name="engagements.public",
        metric="engagements.public",
        composition="likes + comments + reposts",
        note="computed from toolbox: profiles n_likes, profiles n_comments, "
        "profiles n_reposts",
    )


O, N, T, Z, C = (  # noqa: E741 - short for a table
    Status.OBSERVED,
    Status.NOT_REPORTED,
    Status.TOO_OLD,
    Status.ZERO_BY_RULE,
    Status.NOT_COLLECTED,
)


@pytest.mark.parametrize(
    ("parts", "status", "value"),
    [
        ([O, O, O], O, 3),
        ([O, T, O], T, None),
        ([T, N, C], N, None),
        ([Z, Z, Z], Z, 0),
        ([O, Z, O], N, None),
    ],
)
def test_a_derived_figure_with_a_part_not_observed_is_not_observed(
    parts: list[Status], status: Status, value: int | None
) -> None:
    values = {O: 1, Z: 0}
    names = ("likes", "comments", "reposts")
    found = series(
        *(
            point(values.get(each), reading=read(name), status=each)
            for name, each in zip(names, parts, strict=True)
        )
    )

    public = derive(found, "engagements.public")[0]

    assert (public.status, public.value) == (status, value)


def test_a_part_that_is_not_there_for_a_day_leaves_that_day_open() -> None:
    found = series(*_engaged(1, 1, 1), point(5, MONDAY + DAY, reading=read("reposts")))

    public = derive(found, "engagements.public")

    assert [(each.value, each.status, each.settled) for each in public] == [
        (3, O, "unknown"),
        (None, C, "unknown"),
    ]
    assert public[1].start == MONDAY + DAY


def test_differences_are_net() -> None:
    found = series(
        point(5, reading=read("followers_gained")),
        point(7, reading=read("followers_lost")),
    )

    net = derive(found, "followers_net")[0]

    assert (net.value, net.reading.net, net.reading.unit) == (-2, True, "person")
    assert (net.reading.additive, net.reading.composition) == (
        True,
        "followers_gained - followers_lost",
    )


def test_a_ratio_by_zero_has_no_value_and_is_told() -> None:
    found = series(
        *days(1, 0, 3, reading=read("link_clicks")), *days(4, 0, 0, subject=ACME)
    )

    rate = derive(found, "link_ctr")

    assert [(each.value, each.status) for each in rate] == [
        (0.25, O),
        (None, N),
        (None, N),
    ]
    assert (rate[0].reading.additive, rate[0].reading.unit) == (False, "ratio")
    (issue,) = rate.issues
    assert (issue.path, issue.seen) == ("link_ctr", "x:100 2026-03-03T00:00:00+00:00")
    assert issue.problem == "2 ratios have the denominator 0 (impressions) and no value"


def test_a_ratio_of_a_derived_sum_is_taken_after_adding_up() -> None:
    found = series(
        *days(1, 2, reading=read("likes")),
        *days(1, 2, reading=read("comments")),
        *days(1, 2, reading=read("reposts")),
        *days(10, 20),
    )

    daily, weekly = derive(found, RATE), derive(found.rollup("week"), RATE)

    assert _values(daily) == [0.3, 0.3]
    assert _values(weekly) == [9 / 30]
    assert weekly[0].end == MONDAY + 2 * DAY
    with pytest.raises(NotComparable, match="rule: ratio-over-time"):
        daily.rollup("week")


def test_followers_are_those_at_the_end_of_the_window() -> None:
    public = read("engagements.public", "total")
    found = series(
        *days(10, 20, 30, 40, reading=public),
        gauge(50, MONDAY - DAY),
        gauge(99, MONDAY + HOUR),
        gauge(100, MONDAY + DAY),
        gauge(None, MONDAY + 2 * DAY),
        *days(5, reading=public, subject=OTHER),
    )

    rate = derive(found, "engagement_rate.followers")

    by_start = {(each.subject, each.start): each for each in rate}
    assert [
        (figure.value, figure.status)
        for figure in (by_start[ACME, MONDAY + i * DAY] for i in range(4))
    ] == [(0.1, O), (None, N), (None, N), (None, C)]
    assert by_start[OTHER, MONDAY].status is C
    assert (rate[0].end, rate[0].reading.temporality) == (MONDAY + DAY, "period")
    assert rate[0].reading.scope == "total"


def test_a_level_that_stands_for_a_day_belongs_to_that_day() -> None:
    public = read("engagements.public")
    found = series(
        *days(10, 20, reading=public),
        *(
            attrs.evolve(gauge(value, MONDAY + i * DAY), end=MONDAY + (i + 1) * DAY)
            for i, value in enumerate((100, 400))
        ),
    )

    assert _values(derive(found, "engagement_rate.followers")) == [0.1, 0.05]


def test_a_level_that_began_before_the_window_counts_where_it_was_read_in_it() -> None:
    public = days(*range(3), reading=read("engagements.public"))[1:]
    found = series(*public, *days(20, 25, 30, reading=FOLLOWERS))

    rate = derive(found.rollup("total"), "engagement_rate.followers")

    assert [(each.start, each.value) for each in rate] == [(MONDAY + DAY, 0.1)]


def test_no_followers_in_any_window_is_refused() -> None:
    found = series(
        *days(10, reading=read("engagements.public")), gauge(5, MONDAY - DAY)
    )

    with pytest.raises(NotComparable, match="rule: window-mismatch"):
        derive(found, "engagement_rate.followers")


def test_lifetime_totals_of_posts_are_added_post_by_post() -> None:
    metrics = ("likes", "comments", "reposts")
    readings = [attrs.evolve(TOTAL_LIKES, metric=m, name=m, zone=None) for m in metrics]
    readings[0] = attrs.evolve(readings[0], zone="UTC", threshold="any render")
    found = series(
        *(lifetime(1, MONDAY, reading=each) for each in readings),
        *(lifetime(2, MONDAY, reading=each, subject=OTHER) for each in readings),
    )

    public = derive(found, "engagements.public")

    assert [(each.subject, each.value, each.end) for each in public] == [
        (ACME, 3, None),
        (OTHER, 6, None),
    ]
    what = public[0].reading
    assert (what.temporality, what.additive, what.zone) == ("lifetime", False, None)
    assert what.threshold == "any render"


def test_each_scope_is_derived_on_its_own() -> None:
    clicks = [point(1, reading=read("link_clicks", s)) for s in ("organic", "total")]
    shown = [point(4, reading=read("impressions", "total")), point(2)]

    rate = derive(series(*clicks, *shown), "link_ctr")

    assert [(each.value, each.reading.scope) for each in rate] == [
        (0.5, "organic"),
        (0.25, "total"),
    ]


@pytest.mark.parametrize(("scope", "value"), [("organic", 0.5), ("total", 0.25)])
def test_a_scope_in_brackets_asks_for_that_one_alone(scope: str, value: float) -> None:
    clicks = [point(1, reading=read("link_clicks", s)) for s in ("organic", "total")]
    shown = [point(4, reading=read("impressions", "total")), point(2)]
    found = series(*clicks, *shown)
    readings = [each.reading for each in found]

    rate = derive(found, f"link_ctr[scope={scope}]")

    assert [(each.metric, each.value) for each in rate] == [("link_ctr", value)]
    parts = parts_for(f"link_ctr[scope={scope}]", readings).parts
    assert [part.scope for part in parts] == [scope, scope]


def test_followers_have_no_scope_and_a_scope_may_be_asked_for() -> None:
    public = read("engagements.public", "total")

    found = parts_for("engagement_rate.followers[scope=total]", [public, FOLLOWERS])

    assert found.parts == (public, FOLLOWERS)


def test_a_scope_that_no_parts_have_is_refused() -> None:
    asked = "link_ctr[scope=paid]"
    found = series(point(1, reading=read("link_clicks")), point(2))

    told = r"link_ctr\[scope=paid\] needs parts .* agree in organic \(rule: scope-mism"
    with pytest.raises(NotComparable, match=told):
        derive(found, asked)
    with pytest.raises(NotComparable, match="needs link_clicks, which is not among"):
        derive(series(point(2)), asked)
    with pytest.raises(InvalidQuery, match="is not in the ontology"):
        derive(found, "link_ctr[scope=both]")
    assert parts_for("likes[scope=paid]", _of("likes")).reason == (
        "likes has no formula: it is measured, never derived"
    )


def test_meanings_that_changed_give_figures_of_their_own() -> None:
    old = attrs.evolve(read("link_clicks"), valid_to=date(2026, 3, 2))
    new = attrs.evolve(read("link_clicks"), valid_from=date(2026, 3, 3))
    shown = attrs.evolve(IMPRESSIONS, valid_from=date(2024, 1, 1))
    found = series(
        point(1, reading=old),
        point(1, MONDAY + DAY, reading=new),
        *days(4, 2, reading=shown),
    )

    rate = derive(found, "link_ctr")

    assert _values(rate) == [0.25, 0.5]
    assert [(each.reading.valid_from, each.reading.valid_to) for each in rate] == [
        (date(2024, 1, 1), date(2026, 3, 2)),
        (date(2026, 3, 3), None),
    ]


def test_what_the_vendor_never_reports_is_not_used_where_there_is_another_way() -> None:
    never = [point(None, reading=read(name)) for name in ("quotes", "likes")]
    reactions = point(5, reading=read("reactions"))
    found = series(*never, reactions, *_engaged(None, 2, 1)[1:])

    public = derive(found, "engagements.public")[0]

    assert (public.value, public.reading.composition) == (
        8,
        "reactions + comments + reposts",
    )


def test_a_breakdown_that_not_every_part_has_is_left_out() -> None:
    found = series(*_engaged(1, 1, 1), point(5, reading=read("likes"), breakdown="US"))

    assert _values(derive(found, "engagements.public")) == [3]


@pytest.mark.parametrize(
    ("clicks", "rule"),
    [
        ([point(1, MONDAY, HOUR, reading=read("link_clicks"))], "window-mismatch"),
        ([point(1, subject=OTHER, reading=read("link_clicks"))], "window-mismatch"),
        ([point(1, reading=read("link_clicks"), breakdown="US")], "breakdown-mismatch"),
        (days(1, reading=read("link_clicks")) * 2, "one-figure-a-part"),
        (days(1, reading=read("link_clicks", "total")), "scope-mismatch"),
        ([], "parts-missing"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    clicks: list[Point], rule: str
) -> None:
    with pytest.raises(NotComparable, match=f"link_ctr.*rule: {rule}") as refused:
        derive(series(point(2), *clicks), "link_ctr")

    assert refused.value.rule == rule


def test_a_double_figure_is_named() -> None:
    clicks = days(1, 1, reading=read("link_clicks"))

    with pytest.raises(
        NotComparable,
        match="x:100 has more than one figure of link_clicks from 2026-03-03",
    ):
        derive(series(*days(2, 2), *clicks, clicks[1]), "link_ctr")


def test_networks_for_which_it_cannot_be_done_are_missing_while_others_come() -> None:
    elsewhere = attrs.evolve(IMPRESSIONS, network="facebook")
    hourly = point(1, MONDAY, HOUR, reading=read("link_clicks", "total"))
    found = series(
        point(4),
        point(1, reading=read("link_clicks")),
        point(9, subject=OTHER, reading=elsewhere),
        point(9, reading=read("impressions", "total")),
        hourly,
    )

    rate = derive(found, "link_ctr")
    again = derive(MetricSeries.concat([found, rate]), "link_ctr")

    assert _values(rate) == _values(again) == [0.25]
    windows, facebook = rate.missing
    assert (windows.metric, windows.network) == ("link_ctr", "x")
    assert "rule: window-mismatch" in windows.reason
    assert facebook == Missing(
        metric="link_ctr", network="facebook", reason=facebook.reason
    )
    assert "needs link_clicks, which is not among the figures" in facebook.reason
    assert again.missing == rate.missing


def test_nothing_gives_nothing() -> None:
    assert derive(MetricSeries.empty(missing=[MISSING]), "link_ctr") == (
        MetricSeries.empty()
    )


@given(
    st.lists(
        st.tuples(*(st.none() | st.integers(0, 10**6) for _ in range(3))),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_nothing_is_invented(
    rows: list[tuple[int | None, ...]], random: Random
) -> None:
    names = ("likes", "comments", "reposts")
    figures = [
        point(
            value,
            MONDAY + i * DAY,
            reading=read(name),
            status=T if value is None else O,
        )
        for i, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    ]
    random.shuffle(figures)

    public = derive(series(*figures), "engagements.public")

    assert _values(public) == [
        None if None in row else sum(each or 0 for each in row) for row in rows
    ]


def test_planning_does_not_load_numpy() -> None:
    code = "import sys, socialmetrics.derivation; sys.exit('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code

    assert done.returncode == 0
