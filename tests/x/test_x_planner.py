"""Plans: every figure asked for once, inside every limit; nothing that is refused."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Post, Ref
from socialmetrics.plan import By, MetricsQuery, Plan, Subject
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_x import planner
from socialmetrics_x.complaints import Foreign
from socialmetrics_x.entries import Endpoint, asked, names
from socialmetrics_x.ids import created
from socialmetrics_x.known import Known
from socialmetrics_x.parts import GapPart, PostsPart
from socialmetrics_x.planner import AGES, NEAR, UNSORTED
from socialmetrics_x.requests import MOST
from socialmetrics_x.windows import EARLIEST, LONGEST, floor
from tests.x.driving_x import DAY, HOUR, NOW, snowflake

OWNERS = ("7", "8", "9", "#4")
PUBLIC = {"favorites", "retweets", "quote_tweets", "replies", "video_views"}
FIRST_POST = datetime(2010, 11, 5, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
METRICS = (
    "impressions",
    "likes",
    "video_views",
    "quotes",
    "link_clicks",
    "engagements",
)


def plan_of(
    subjects: Sequence[Subject],
    metrics: Sequence[str] = ("impressions",),
    *,
    owners: Sequence[str] | Known = ("7",),
    **more: Any,
) -> Plan[MetricSeries]:
    known = owners if isinstance(owners, Known) else Known(owners)
    query = MetricsQuery(subjects=subjects, metrics=metrics, now=NOW)
    return planner.metrics(attrs.evolve(query, **more), known)


def parts_of(plan: Plan[MetricSeries]) -> list[PostsPart]:
    found = [part for part in plan.parts if isinstance(part, PostsPart)]
    assert len(found) == len(plan.parts)
    return found


def refs(*ids: str) -> list[Ref]:
    return [Ref("x", native_id) for native_id in ids]


def young(count: int) -> list[Ref]:
    """So many posts of the first of March."""
    return refs(*(snowflake(datetime(2026, 3, 1, tzinfo=UTC), n) for n in range(count)))


def post(native_id: str, profile: str | None) -> Post:
    return Post(
        ref=Ref("x", native_id), vendor_id=native_id, created_at=NOW, profile=profile
    )


# -- whatever is asked -----------------------------------------------------------------

moments = st.datetimes(
    FIRST_POST.replace(tzinfo=None), NOW.replace(tzinfo=None), timezones=st.just(UTC)
)
flakes = st.builds(snowflake, moments, st.integers(0, 999))
old_ids = st.integers(1, 29_699_999_999).map(str)
ids = st.lists(flakes | old_ids, min_size=1, max_size=12)


def crowd(moment: datetime, count: int) -> list[str]:
    """Posts of one moment."""
    return [snowflake(moment, n) for n in range(count)]


crowds = st.builds(crowd, moments, st.integers(20, 700))
whose = st.lists(st.sampled_from((*OWNERS, "sprout-1", None)), min_size=1)


@st.composite
def subjects(draw: st.DrawFn) -> list[Subject]:
    """Posts of any age, some of them twice, some with an owner that is told."""
    found = draw(ids) + (draw(crowds) if draw(st.booleans()) else [])
    owners = draw(whose)
    mixed: list[Subject] = [
        Ref("x", native_id) if number % 2 else post(native_id, owners[0])
        for number, native_id in enumerate(found)
    ]
    return mixed + [
        post(native_id, owner) for native_id, owner in zip(found, owners, strict=False)
    ]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Up to three years, from hour to hour, in a zone; not all of it in the future."""
    start = draw(st.datetimes(datetime(2012, 1, 1), datetime(2026, 3, 11, 5)))  # noqa: DTZ001 - made aware below
    hours = draw(st.integers(1, 24 * 40) | st.integers(1, 24 * 366 * 3))
    begin = floor(start.replace(tzinfo=UTC))
    return Window(begin, begin + hours * HOUR, draw(st.sampled_from(ZONES)))


def check(part: PostsPart, known: Known) -> None:
    """What holds for every part."""
    most = MOST[part.endpoint]
    assert part.ids
    assert len(set(part.ids)) == len(part.ids)
    assert part.names
    assert len(set(part.names)) == len(part.names)
    assert set(part.names) <= set(names(part.endpoint))
    assert "media_clicks" not in part.names
    assert pickle.loads(pickle.dumps(part)) == part  # noqa: S301 - our own
    if isinstance(part, GapPart):
        assert part.requests == 0
        return
    assert set(part.owners) <= set(known.owners)
    if part.requests:
        assert part.requests == ceil(len(part.ids) / most)
        assert part.requests == 1 or len(part.owners) > 1
        assert part.requests <= UNSORTED
    is_public = {e.needs_owner for n in part.names for e in asked(part.endpoint, n)}
    assert len(is_public) == 1
    assert bool(part.owners) == is_public.pop()


def check_window(part: PostsPart, whole: Window) -> None:
    """What holds for every part of a window."""
    window = part.window
    assert window is not None
    assert window.duration <= LONGEST
    assert window.tz == whole.tz
    assert floor(window.start) == window.start
    assert floor(window.end) == window.end
    assert window.end <= floor(NOW)
    if isinstance(part, GapPart):
        assert window.end <= EARLIEST
        assert part.status is Status.TOO_OLD
    for edge in (window.start, window.end):
        limits = (whole.start, whole.end, EARLIEST, floor(NOW))
        local = edge.astimezone(ZoneInfo(whole.tz))
        assert edge in limits or (local.hour, local.minute) == (0, 0)


@settings(max_examples=60)
@given(
    subjects(),
    windows(),
    st.sampled_from(["hour", "day", "total", None]),
    st.lists(st.sampled_from(METRICS), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_every_hour_of_every_post_and_metric_is_in_one_part(
    subjects: list[Subject],
    window: Window,
    by: By | None,
    metrics: list[str],
    count: int,
) -> None:
    known = Known(OWNERS[:count])

    plan = plan_of(subjects, metrics, owners=known, window=window, by=by)

    parts = parts_of(plan)
    spans: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for part in parts:
        check(part, known)
        check_window(part, window)
        assert part.window is not None
        is_local = by != "hour" and window.tz != "UTC"
        assert part.zone == (window.tz if is_local else None)
        assert part.step == ("hour" if is_local or by == "hour" else "day")
        for native_id in part.ids:
            for name in part.names:
                span = part.window.start, part.window.end
                spans.setdefault((native_id, name), []).append(span)
    wanted = _wanted(metrics) if count else set[str]()
    for native_id in {_id(subject) for subject in subjects}:
        for name in wanted:
            _check_covered(spans.pop((native_id, name), []), native_id, window)
    assert not spans
    for part in parts:
        if not isinstance(part, GapPart) and count == 1:
            assert part.requests == 1


def _id(subject: Subject) -> str:
    return subject.native_id if isinstance(subject, Ref) else subject.ref.native_id


def _wanted(metrics: Sequence[str], endpoint: Endpoint = "historical") -> set[str]:
    return {e.reading.name for name in metrics for e in asked(endpoint, name)}


def _check_covered(
    spans: list[tuple[datetime, datetime]], native_id: str, window: Window
) -> None:
    """They touch, and reach to both ends, but for what is long before the post."""
    last, birth = min(window.end, floor(NOW)), created(native_id)
    spans.sort()
    for (_, left), (right, _) in pairwise(spans):
        assert left == right
    if spans:
        assert spans[-1][1] == last
    begin = spans[0][0] if spans else last
    assert begin == window.start or (birth is not None and birth >= begin)


@settings(max_examples=60)
@given(
    subjects(),
    st.sampled_from(["total", None]),
    st.lists(st.sampled_from(METRICS), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_every_total_of_every_post_is_in_one_part(
    subjects: list[Subject], by: By | None, metrics: list[str], count: int
) -> None:
    known = Known(OWNERS[:count])

    plan = plan_of(subjects, metrics, owners=known, by=by)

    found = Counter[tuple[str, str]]()
    for part in parts_of(plan):
        check(part, known)
        assert (part.endpoint, part.window, part.zone) == ("totals", None, None)
        for name in part.names:
            found.update((native_id, name) for native_id in part.ids)
            for native_id in part.ids:
                assert isinstance(part, GapPart) == _is_too_old(name, native_id)
    wanted = _wanted(metrics, "totals") & (PUBLIC if not count else set(AGES) | PUBLIC)
    every = {(_id(each), name) for each in subjects for name in wanted}
    assert found == Counter(every)


def _is_too_old(name: str, native_id: str) -> bool:
    birth = created(native_id)
    return name in AGES and birth is not None and birth < NOW - AGES[name] - DAY


@given(subjects(), st.integers(0, 4))
def test_the_last_hours_of_every_post_are_in_one_part(
    subjects: list[Subject], count: int
) -> None:
    known = Known(OWNERS[:count])

    parts = parts_of(plan_of(subjects, METRICS, owners=known, by="hour"))

    found = Counter(native_id for part in parts for native_id in part.ids)
    for part in parts:
        check(part, known)
        assert (part.endpoint, part.window, part.step) == ("28hr", None, "hour")
        assert set(part.names) == _wanted(METRICS, "28hr")
    assert found == Counter({_id(each) for each in subjects} if count else ())


# -- single decisions ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "count", "requests"),
    [("likes", 250, 1), ("likes", 251, 2), ("impressions", 250, 1)],
)
def test_totals_hold_250_posts(metric: str, count: int, requests: int) -> None:
    plan = plan_of(young(count), [metric])

    assert plan.requests == requests == len(plan.parts)
    assert [part.owners for part in parts_of(plan)] == [
        () if metric == "likes" else ("7",)
    ] * requests


@pytest.mark.parametrize(
    ("count", "requests", "parts"),
    [(10_000, 40, 40), (10_001, 41, 21), (100_000, 400, 80)],
)
def test_totals_of_many_posts_are_read_several_at_a_time(
    count: int, requests: int, parts: int
) -> None:
    for metric in ("likes", "impressions"):
        plan = plan_of(young(count), [metric])

        assert (plan.requests, len(plan.parts)) == (requests, parts)
        assert sum(len(part.ids) for part in parts_of(plan)) == count


@pytest.mark.parametrize(("count", "days", "requests"), [(25, 28, 1), (26, 29, 4)])
def test_history_holds_25_posts_and_28_days(
    count: int, days: int, requests: int
) -> None:
    posts = [Ref("x", str(1000 + n)) for n in range(count)]
    first = date(2026, 1, 1)
    window = Window.days(first, first + timedelta(days=days - 1))

    assert plan_of(posts, window=window).requests == requests


def test_posts_of_several_owners_are_sorted_as_far_as_it_is_known() -> None:
    known = Known(("7", "8"))
    known.owns("8", ["21", "22"])
    known.strange("7", [Foreign(ids=("31",))])
    known.strange("7", [Foreign(ids=("41",), author="999")])
    window = Window.days("2026-03-01", "2026-03-02")
    subjects = refs("11", "21", "31", "41", *map(str, range(100, 400)))

    plan = plan_of(subjects, owners=known, window=window)

    found = [(p.owners, len(p.ids), p.requests) for p in parts_of(plan)]
    assert found == [
        (("7", "8"), 250, 10),
        (("7", "8"), 51, 3),
        (("8",), 2, 1),
        (("7", "8"), 1, 0),  # Of somebody without a credential: told, not asked.
    ]


def test_a_post_that_says_its_profile_needs_no_guess() -> None:
    subjects = [post("11", "8"), post("12", "6810000"), post("13", None)]

    plan = plan_of(subjects, owners=("7", "8"))

    found = {p.owners: p.ids for p in parts_of(plan)}
    assert found == {("8",): ("11",), ("7", "8"): ("12", "13")}


@pytest.mark.parametrize(
    ("age", "is_asked"),
    [
        (timedelta(days=90), True),
        (AGES["impressions"] + NEAR, True),
        (AGES["impressions"] + NEAR + HOUR, False),
    ],
)
def test_within_a_day_of_a_limit_the_vendor_decides(
    age: timedelta, is_asked: bool
) -> None:
    plan = plan_of(refs(snowflake(NOW - age)))

    (part,) = parts_of(plan)
    assert isinstance(part, GapPart) is not is_asked
    assert plan.requests == is_asked


def test_posts_are_grouped_by_what_they_are_young_enough_for() -> None:
    new, old, oldest = (snowflake(NOW - days * DAY) for days in (1, 200, 2000))

    plan = plan_of(refs(new, old, oldest), ["video_views", "likes"], owners=())

    found = [(p.names, p.ids, isinstance(p, GapPart)) for p in parts_of(plan)]
    assert found == [
        (("video_views", "favorites"), (new, old), False),
        (("favorites",), (oldest,), False),
        (("video_views",), (oldest,), True),
    ]


def test_a_post_that_is_made_after_the_window_is_missing() -> None:
    late = snowflake(datetime(2026, 3, 5, tzinfo=UTC))
    window = Window.days("2026-03-01", "2026-03-02")

    plan = plan_of(refs(late, "11"), ["impressions", "likes"], window=window)

    assert [part.ids for part in parts_of(plan)] == [("11",)]
    assert [(m.metric, m.subject) for m in plan.missing] == [
        ("impressions", Ref("x", late)),
        ("likes", Ref("x", late)),
    ]
    assert "after the window" in plan.missing[0].reason


def test_what_is_no_post_of_x_is_missing_for_every_metric() -> None:
    plan = plan_of([Ref("facebook", "1")], ["likes", "quotes"])

    assert plan.parts == ()
    assert plan.available == ()
    assert [(m.metric, m.network) for m in plan.missing] == [
        ("likes", "facebook"),
        ("quotes", "facebook"),
    ]


def test_posts_among_others_are_asked_for_all_the_same() -> None:
    mixed = [Ref("x", "11"), Ref("facebook", "1"), Ref("x", "12")]

    plan = plan_of(mixed, ["likes"])

    assert [part.ids for part in parts_of(plan)] == [("11", "12")]
    assert [m.subject for m in plan.missing] == [Ref("facebook", "1")]


def test_a_post_that_is_given_twice_is_asked_for_once() -> None:
    twice = [Ref("x", "11"), Ref("x", "x.com/i/status/11"), Ref("x", "12")]

    assert [part.ids for part in parts_of(plan_of(twice, ["likes"]))] == [("11", "12")]


def test_a_post_of_another_network_is_missing_too() -> None:
    other = attrs.evolve(post("1", None), ref=Ref("threads", "1"))

    assert plan_of([other]).missing[0].subject == Ref("threads", "1")


def test_private_metrics_without_an_owner_are_missing() -> None:
    plan = plan_of(refs("11"), ["impressions", "likes"], owners=())

    assert [part.names for part in parts_of(plan)] == [("favorites",)]
    assert plan.available == ("likes",)
    assert "owners=[Owner(" in plan.missing[0].reason


def test_nothing_is_asked_where_no_metric_is_there() -> None:
    window = Window.days("2026-03-01", "2026-03-02")

    plan = plan_of(refs("11"), ["quotes", "reach"], window=window)

    assert plan.parts == ()
    assert [m.metric for m in plan.missing] == ["quotes", "reach"]


def test_both_meanings_of_a_name_are_resolved_and_asked_once() -> None:
    window = Window.days("2017-10-01", "2017-10-12")

    plan = plan_of(refs("11"), ["engagements"], window=window)

    assert [part.names for part in parts_of(plan)] == [("engagements",)]
    assert [name for name, _ in plan.resolved] == ["engagements"] * 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"by": "day"}, "needs a window"),
        ({"window": Window(floor(NOW), NOW + DAY)}, "lies in the future"),
        ({"window": Window(NOW - DAY, floor(NOW))}, "is not a full hour"),
        (
            {
                "window": Window(floor(NOW) - DAY, floor(NOW), "Asia/Kolkata"),
                "by": "day",
            },
            "days of Asia/Kolkata begin at 18:30 UTC",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_before(more: Any, words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        plan_of(refs("11"), **more)


def test_hours_can_be_had_whatever_the_zone() -> None:
    window = Window(floor(NOW) - DAY, floor(NOW), "Asia/Kolkata")

    (part,) = parts_of(plan_of(refs("11"), window=window, by="hour"))

    assert (part.step, part.zone) == ("hour", None)


def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="is no post of X"):
        plan_of(refs("abc"))


def test_notes_tell_whose_tokens_are_used_and_where_figures_end() -> None:
    window = Window(floor(NOW) - HOUR, floor(NOW) + HOUR)

    one = plan_of(refs("11"), window=window).notes
    two = plan_of(refs("11"), owners=("7", "8")).notes
    none = plan_of(refs("11"), ["likes"]).notes

    assert one[0].startswith("1 owner is asked for")
    assert one[1].endswith("2026-03-11T06:00:00+00:00")
    assert two[0].startswith("2 owners are asked for")
    assert none == ()


def test_notes_tell_what_is_too_old() -> None:
    old = snowflake(NOW - timedelta(days=400))
    long = Window(EARLIEST - HOUR, EARLIEST + HOUR)

    (_, lifetime) = plan_of(refs(old, "11"), ["impressions", "likes"]).notes
    (_, history) = plan_of(refs("11"), ["impressions"], window=long).notes

    assert lifetime == (
        "impressions: 1 of the posts are older than 90 days; X tells no totals of them"
    )
    assert history == "X knows nothing of the time before 2014-09-01"
