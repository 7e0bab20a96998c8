from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison.coverage import coverage
from socialmetrics.comparison.result import Coverage
from socialmetrics.model import Point, Ref
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Columns
from tests.series.figures import (
    DAY,
    HOUR,
    IMPRESSIONS,
    MONDAY,
    TOTAL_LIKES,
    gauge,
    lifetime,
    point,
    reading,
)

REFS = [Ref("x", str(number)) for number in range(4)]


def _tool(name: str, *points: Point) -> tuple[str, Columns]:
    return name, MetricSeries.from_points(points).columns


def _figure(
    status: Status = Status.OBSERVED,
    subject: Ref = REFS[0],
    what: Reading = IMPRESSIONS,
    start: datetime = MONDAY,
) -> Point:
    has_value = status in (Status.OBSERVED, Status.ZERO_BY_RULE)
    value = 0 if has_value else None
    return point(value, start, status=status, subject=subject, reading=what)


def _counts(entry: Coverage) -> tuple[int, int, int, int, int]:
    parts = entry.reported, entry.unreportable, entry.awaiting, entry.missing
    return entry.subjects, *parts


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.OBSERVED, (1, 1, 0, 0, 0)),
        (Status.NOT_REPORTED, (1, 0, 1, 0, 0)),
        (Status.NOT_PERMITTED, (1, 0, 1, 0, 0)),
        (Status.TOO_OLD, (1, 0, 1, 0, 0)),
        (Status.SUPPRESSED, (1, 0, 1, 0, 0)),
        (Status.ZERO_BY_RULE, (1, 0, 1, 0, 0)),
        (Status.NOT_COLLECTED, (1, 0, 0, 1, 0)),
        (Status.UNAVAILABLE, (1, 0, 0, 0, 1)),
    ],
)
def test_every_status_counts_somewhere(
    status: Status, counts: tuple[int, int, int, int, int]
) -> None:
    (entry,) = coverage([_tool("Alpha", _figure(status))])

    assert _counts(entry) == counts
    assert (entry.name, entry.level, entry.metric) == (
        "Alpha",
        "profile",
        "impressions",
    )


@pytest.mark.parametrize(
    ("statuses", "counts"),
    [
        ((Status.NOT_COLLECTED, Status.OBSERVED), (1, 1, 0, 0, 0)),
        ((Status.TOO_OLD, Status.NOT_COLLECTED), (1, 0, 0, 1, 0)),
        ((Status.UNAVAILABLE, Status.TOO_OLD), (1, 0, 1, 0, 0)),
    ],
)
def test_a_subject_counts_once_by_its_best_figure(
    statuses: Sequence[Status], counts: tuple[int, int, int, int, int]
) -> None:
    days = [_figure(s, start=MONDAY + n * DAY) for n, s in enumerate(statuses)]

    (entry,) = coverage([_tool("Alpha", *days)])

    assert _counts(entry) == counts


def test_what_another_tool_has_is_missing() -> None:
    one = _tool("Alpha", _figure(subject=REFS[0]), _figure(subject=REFS[1]))
    other = _tool("Beta", _figure(subject=REFS[1]), _figure(subject=REFS[2]))
    third = _tool("Gamma", _figure(subject=REFS[3], what=reading("likes")))

    entries = coverage([one, other, third])

    assert [(e.name, e.metric, e.reported, e.missing) for e in entries] == [
        ("Alpha", "impressions", 2, 1),
        ("Beta", "impressions", 2, 1),
        ("Gamma", "impressions", 0, 3),
        ("Alpha", "likes", 0, 1),
        ("Beta", "likes", 0, 1),
        ("Gamma", "likes", 1, 0),
    ]
    assert {e.subjects for e in entries if e.metric == "impressions"} == {3}
    assert entries[2].settled_through is None


def test_levels_are_counted_apart() -> None:
    of_post = attrs.evolve(IMPRESSIONS, level="post")

    entries = coverage([_tool("Alpha", _figure(), _figure(what=of_post))])

    assert [(entry.level, entry.subjects) for entry in entries] == [
        ("profile", 1),
        ("post", 1),
    ]


def test_scopes_and_breakdowns_are_one_metric() -> None:
    total = _figure(subject=REFS[1], what=reading("impressions", "total"))

    (entry,) = coverage(
        [_tool("Alpha", _figure(), attrs.evolve(total, breakdown="US"))]
    )

    assert entry.reported == 2


def _days(*settled: Settled) -> list[Point]:
    return [
        point(1, MONDAY + number * DAY, settled=each)
        for number, each in enumerate(settled)
    ]


_YES, _NO, _UNKNOWN = Settled.YES, Settled.NO, Settled.UNKNOWN


def _settled_through(*points: Point) -> datetime | None:
    return coverage([_tool("Alpha", *points)])[0].settled_through


@pytest.mark.parametrize(
    ("points", "through"),
    [
        (_days(_YES, _UNKNOWN), MONDAY + 2 * DAY),
        (_days(_YES, _UNKNOWN, _NO, _YES), MONDAY + 2 * DAY),
        (_days(_NO, _YES), None),
        (_days(_NO, _NO), None),
        ([_figure(Status.TOO_OLD)], None),
        ([*_days(_YES), _figure(Status.TOO_OLD, start=MONDAY + DAY)], MONDAY + DAY),
        ([*_days(_YES, _YES), point(1, MONDAY, 2 * DAY, settled=_NO)], None),
        (
            [*_days(_YES), point(1, MONDAY + DAY + HOUR, HOUR, settled=_NO)],
            MONDAY + DAY,
        ),
    ],
)
def test_figures_are_settled_through_the_last_before_a_provisional_one(
    points: Sequence[Point], through: datetime | None
) -> None:
    assert _settled_through(*points) == through


def test_lifetime_totals_are_settled_through_a_publication() -> None:
    points = [
        lifetime(1, MONDAY + number * DAY, subject=REFS[number], settled=each)
        for number, each in enumerate((_YES, _YES, _NO))
    ]
    ended = [attrs.evolve(each, end=MONDAY + 9 * DAY) for each in points]

    assert _settled_through(*points) == MONDAY + DAY
    assert _settled_through(*ended) == MONDAY + DAY
    assert _settled_through(*points[:2]) == MONDAY + DAY


def test_levels_of_one_moment_are_settled_together() -> None:
    early = gauge(1, MONDAY)
    late = [
        gauge(1, MONDAY + DAY, subject=ref, settled=settled)
        for ref, settled in zip(REFS, (_YES, _NO), strict=False)
    ]

    assert _settled_through(early, *late) == MONDAY


def test_without_figures_nothing_is_covered() -> None:
    empty = ("Alpha", MetricSeries.empty().columns)

    assert coverage([]) == ()
    assert coverage([empty]) == ()
    entries = coverage([empty, _tool("Beta", _figure())])
    assert [(entry.name, entry.missing) for entry in entries] == [
        ("Alpha", 1),
        ("Beta", 0),
    ]


_POINTS = st.lists(
    st.builds(
        _figure,
        st.sampled_from(Status),
        st.sampled_from(REFS),
        st.sampled_from([IMPRESSIONS, reading("likes")]),
    ),
    max_size=12,
)


@given(_POINTS, _POINTS)
def test_the_four_parts_add_up_to_the_subjects_of_all_tools(
    one: list[Point], other: list[Point]
) -> None:
    entries = coverage([_tool("Alpha", *one), _tool("Beta", *other)])

    for entry in entries:
        named = {p.subject for p in (*one, *other) if p.metric == entry.metric}
        assert entry.subjects == len(named) == sum(_counts(entry)[1:])
    assert len(entries) == 2 * len({p.metric for p in (*one, *other)})


def test_totals_and_windows_of_one_metric_are_told_apart() -> None:
    likes = attrs.evolve(TOTAL_LIKES, temporality="period", date_axis="activity")
    points = lifetime(1, MONDAY), point(1, MONDAY + DAY, reading=likes)

    entries = coverage([_tool("Alpha", *points)])

    assert [(each.temporality, each.subjects) for each in entries] == [
        ("lifetime", 1),
        ("period", 1),
    ]
    assert entries[1].settled_through == MONDAY + 2 * DAY
