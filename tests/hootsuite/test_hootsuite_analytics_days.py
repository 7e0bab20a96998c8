"""Daily figures: every profile, day and metric is there once, or the reason why not."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import (
    Incomplete,
    PermissionDenied,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.model import Issue, Point
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window, midnight
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite.analytics import DaysPart, metrics, plan_metrics
from tests.hootsuite.analytics_driving import (
    DAY,
    NOW,
    SAMPLES,
    Answers,
    Days,
    asked,
    day_row,
    days_of,
    denied,
    figures,
    number_of,
    page,
    profile,
    rejected,
    response,
    script,
    unknown,
)
from tests.sprout.driving import Driven, drive

FOLLOWERS = "followers_count"
ON = date(2026, 3, 2)
ME = "139000001"


def part_of(
    profiles: int = 1,
    length: int = 1,
    names: tuple[str, ...] = ("followers",),
    network: str = "instagram",
    first: date = ON,
) -> DaysPart:
    window = Window.days(first, first + (length - 1) * DAY)
    subjects = [profile(1 + n, network) for n in range(profiles)]
    plan = plan_metrics(figures(*subjects, metrics=names, window=window))
    (part,) = plan.parts
    assert isinstance(part, DaysPart)
    return part


def run(part: DaysPart, server: Answers) -> Driven[MetricSeries]:
    return drive(metrics(part), server)


def points(found: Driven[MetricSeries]) -> list[Point]:
    (series,) = found.items
    return list(series)


def problems(found: Driven[MetricSeries]) -> list[str]:
    return [issue.problem for issue in found.issues]


def one(server: Answers, *names: str, network: str = "instagram") -> list[Point]:
    return points(run(part_of(names=names, network=network), server))


# -- the vendor's own sample -----------------------------------------------------------


def test_the_documented_sample_is_read() -> None:
    sample = json.loads((SAMPLES / "profiles_daily.json").read_text())
    names = ("followers", "followers_gained", "followers_lost", "reach")
    window = Window.days("2026-07-05", "2026-07-12")
    now = datetime(2026, 7, 13, 6, tzinfo=UTC)
    (part,) = plan_metrics(
        figures(profile(), metrics=names, window=window, now=now)
    ).parts
    assert isinstance(part, DaysPart)

    found = run(part, script(sample["response"]["body"]))

    (request,) = found.requests
    assert request.path == sample["request"]["path"]
    assert request.json == sample["request"]["body"]
    assert (request.method, request.safe) == ("POST", True)
    day = [p for p in points(found) if p.start.date() == date(2026, 7, 5)]
    assert [(p.metric, p.breakdown, p.value) for p in day] == [
        ("followers", "", 15000),
        ("followers_gained", "", 310),
        ("followers_lost", "", 160),
        ("reach", "", 9000),
        ("reach", "by_type/REEL", 7000),
        ("reach", "by_type/PHOTO", 2000),
    ]
    others = [p for p in points(found) if p not in day]
    assert len(others) == 7 * 4
    assert {p.status for p in others} == {Status.NOT_COLLECTED}


# -- what is asked ---------------------------------------------------------------------


def test_a_call_names_everything_that_the_vendor_leaves_to_defaults() -> None:
    server = Days()

    run(part_of(3, 7), server)

    (call,) = server.calls
    assert (call.network, call.datatype, call.limit) == (
        "INSTAGRAMBUSINESS",
        "ORGANIC",
        "100",
    )
    assert call.profiles == ["139000001", "139000002", "139000003"]
    assert (call.since, call.until) == (ON, date(2026, 3, 8))


def test_days_beyond_two_years_and_after_today_are_not_asked_for() -> None:
    server = Days()
    part = part_of(1, 20, first=date(2024, 3, 1))
    ahead = part_of(1, 20)

    old, new = run(part, server), run(ahead, server)

    assert [(call.since, call.until) for call in server.calls] == [
        (date(2024, 3, 11), date(2024, 3, 20)),
        (ON, NOW.date()),
    ]
    assert Counter(p.status for p in points(old)) == {
        Status.TOO_OLD: 10,
        Status.OBSERVED: 10,
    }
    assert Counter(p.status for p in points(new)) == {
        Status.OBSERVED: 10,
        Status.NOT_COLLECTED: 10,
    }


def test_nothing_is_asked_where_every_day_is_too_old() -> None:
    found = run(part_of(2, 3, first=date(2023, 1, 1)), script())

    assert {p.status for p in points(found)} == {Status.TOO_OLD}
    assert {p.source.fetched_at for p in points(found)} == {NOW}
    assert found.requests == []


# -- paging ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profiles", "length", "calls"), [(1, 1, 1), (10, 10, 1), (10, 11, 2), (4, 100, 4)]
)
def test_every_page_is_read(profiles: int, length: int, calls: int) -> None:
    first = NOW.date() - (length - 1) * DAY
    part = part_of(profiles, length, first=first)
    server = Days()

    found = run(part, server)

    assert len(server.calls) == calls == part.requests
    assert all(p.status is Status.OBSERVED for p in points(found))
    assert len(points(found)) == profiles * length
    assert found.issues == []


def test_an_empty_cursor_is_the_end() -> None:
    rows = page(day_row(ME, ON, followers_count=1), cursor="")

    assert [p.value for p in one(script(rows), "followers")] == [1]


def test_a_cursor_that_comes_again_is_a_ring() -> None:
    row = day_row(ME, ON, followers_count=1)
    server = script(page(row, cursor="a"), page(row, cursor="a"))

    with pytest.raises(Incomplete, match="ring: the cursor 'a'"):
        run(part_of(), server)


def test_pages_that_never_bring_anything_are_a_ring() -> None:
    server = script(*(page(cursor=f"c{n}") for n in range(3)))

    with pytest.raises(Incomplete, match="brings nothing new"):
        run(part_of(), server)


def test_a_full_page_without_a_cursor_is_read_again_in_halves() -> None:
    part = part_of(4, 80, first=NOW.date() - 79 * DAY)
    server = Days(is_cut=True)

    found = run(part, server)

    assert all(p.status is Status.OBSERVED for p in points(found))
    assert len(points(found)) == 320
    assert len(server.calls) > 4


def test_one_profile_is_cut_by_days() -> None:
    part = part_of(1, 250, first=NOW.date() - 249 * DAY)

    found = run(part, Days(is_cut=True))

    assert all(p.status is Status.OBSERVED for p in points(found))


def test_a_full_page_about_others_is_no_reason_to_go_on() -> None:
    strange = page(*(day_row("1", ON) for _ in range(100)))

    found = run(part_of(), script(strange))

    assert [p.status for p in points(found)] == [Status.NOT_COLLECTED]
    assert len(found.issues) == 100


# -- figures ---------------------------------------------------------------------------


def test_a_name_that_is_not_there_is_not_zero() -> None:
    rows = page(day_row(ME, ON, followers_count=0, new_followers_count=None))
    names = ("followers", "followers_gained", "followers_lost")

    assert [(p.value, p.status) for p in one(script(rows), *names)] == [
        (0, Status.OBSERVED),
        (None, Status.NOT_REPORTED),
        (None, Status.NOT_REPORTED),
    ]


def test_a_row_without_metrics_is_a_row() -> None:
    row = {"profileId": int(ME), "date": "2026-03-02T00:00:00Z", "metrics": None}

    (point,) = one(script(page(row)), "followers")

    assert point.status is Status.NOT_REPORTED


def test_the_first_known_name_in_the_answer_counts() -> None:
    rows = page(day_row(ME, ON, followers_count=7))

    (point,) = one(script(rows), "followers", network="x")

    assert (point.reading.name, point.value) == ("followers_count", 7)


def test_a_plain_number_is_taken_too() -> None:
    row = {**day_row(ME, ON), "metrics": {FOLLOWERS: "12"}}

    assert [p.value for p in one(script(page(row)), "followers")] == [12]


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"total": "many"}, "text that is no number"),
        ({"total": True}, "bool instead of a number"),
        ([1], "list instead of a number"),
        ({"total": 2**60}, "too large to be exact"),
        ({"total": None, "breakdownDimensions": {}}, "no list of breakdowns"),
        ({"breakdownDimensions": [3]}, "no breakdown of the documented form"),
        (
            {"breakdownDimensions": [{"breakdownId": "a", "values": {"b": "x"}}]},
            "text that is no number",
        ),
    ],
)
def test_what_is_no_number_is_told(told: object, problem: str) -> None:
    row = {**day_row(ME, ON), "metrics": {FOLLOWERS: told}}

    found = run(part_of(), script(page(row)))

    assert [(p.value, p.status) for p in points(found)] == [(None, Status.NOT_REPORTED)]
    (issue,) = found.issues
    assert issue.path == "139000001 2026-03-02"
    assert issue.problem == f"{FOLLOWERS}: {problem}"


def test_parts_without_a_whole_are_parts() -> None:
    told = {
        "breakdownDimensions": [{"breakdownId": "a", "values": {"b": 1.0, "c": None}}]
    }
    rows = page(day_row(ME, ON, followers_count=told))

    assert [
        (p.breakdown, p.value, p.status) for p in one(script(rows), "followers")
    ] == [
        ("", None, Status.NOT_REPORTED),
        ("a/b", 1, Status.OBSERVED),
    ]


def test_a_later_row_of_a_day_replaces_one_and_its_parts() -> None:
    told = {
        "total": 1,
        "breakdownDimensions": [{"breakdownId": "a", "values": {"b": 1}}],
    }
    first = day_row(ME, ON, followers_count=told)
    later = day_row(ME, ON, followers_count=2)

    found = run(part_of(), script(page(first, later)))

    assert [(p.breakdown, p.value) for p in points(found)] == [("", 2)]
    assert problems(found) == ["a row that came before; the later one is kept"]


@pytest.mark.parametrize(
    "row",
    [day_row("1", ON), day_row(ME, ON + DAY), {**day_row(ME, ON), "date": "soon"}],
)
def test_a_row_that_was_not_asked_for_is_dropped_and_told(row: object) -> None:
    found = run(part_of(), script(page(row)))

    assert [p.status for p in points(found)] == [Status.NOT_COLLECTED]
    assert problems(found) == ["a row nobody asked for"]


def test_names_that_nobody_knows_are_told_once() -> None:
    rows = [
        day_row(ME, ON + n * DAY, mood=1, followers_count=n, reach=4) for n in (0, 1)
    ]

    found = run(part_of(1, 2), script(page(*rows)))

    assert found.issues == [
        Issue(
            path="$.data[*].metrics",
            problem="metrics whose meaning is not known; they can be asked for by name",
            seen="mood",
        )
    ]


def test_a_name_that_nobody_knows_can_be_asked_for() -> None:
    found = run(part_of(names=("mood",)), script(page(day_row(ME, ON, mood=1.5))))

    (point,) = points(found)
    assert (point.metric, point.value, point.reading.scope) == ("mood", 1.5, "organic")
    assert found.issues == []


def test_what_had_to_be_mended_is_told() -> None:
    body = json.dumps(page(day_row(ME, ON, followers_count=1))).encode()

    found = run(part_of(), script(b"\xef\xbb\xbf" + body))

    assert [p.value for p in points(found)] == [1]
    assert problems(found) == ["byte-order mark before the JSON"]


# -- days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "zone"),
    [
        ("instagram", "America/Los_Angeles"),
        ("facebook", "America/Los_Angeles"),
        ("youtube", "America/Los_Angeles"),
        ("x", "UTC"),
        ("pinterest", "UTC"),
        ("tiktok", "UTC"),
        ("threads", "UTC"),
    ],
)
def test_a_day_is_the_network_s(network: str, zone: str) -> None:
    (point,) = one(script(page()), "followers", network=network)

    assert (point.start, point.end) == (midnight(ON, zone), midnight(ON + DAY, zone))


@pytest.mark.parametrize(("network", "hours"), [("instagram", 64), ("x", 72)])
def test_young_figures_may_still_change(network: str, hours: int) -> None:
    part = part_of(1, 10, network=network)

    found = points(run(part, script(page())))

    young = {p.settled for p in found if p.end and p.end + timedelta(hours=hours) > NOW}
    old = {p.settled for p in found if p.end and p.end + timedelta(hours=hours) <= NOW}
    assert (young, old) == ({Settled.NO}, {Settled.UNKNOWN})


# -- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize("error", [denied(), rejected(), unknown()])
def test_a_refused_profile_does_not_spoil_the_others(error: SocialMetricsError) -> None:
    server = Days(refused=frozenset({"139000003"}), error=error)

    found = run(part_of(7, 2), server)

    statuses = {(p.subject.native_id, p.status) for p in points(found)}
    assert statuses == {
        (f"n{n}", Status.NOT_PERMITTED if n == 3 else Status.OBSERVED)
        for n in range(1, 8)
    }
    (issue,) = found.issues
    assert (issue.path, issue.seen) == ("profiles", "139000003")
    assert error.args[0] in issue.problem


def test_a_refused_network_is_told_for_every_profile() -> None:
    server = Days(refused=frozenset({"139000001", "139000002"}))

    found = run(part_of(2, 2, first=date(2024, 3, 10)), server)

    assert [p.status for p in points(found)] == [
        Status.TOO_OLD,
        Status.NOT_PERMITTED,
    ] * 2
    assert len(found.issues) == 2


def test_a_refusal_in_the_middle_is_raised() -> None:
    server = script(page(day_row(ME, ON), cursor="a"), denied())

    with pytest.raises(PermissionDenied):
        run(part_of(), server)


def test_errors_instead_of_data_are_a_refusal() -> None:
    told = {"errors": [{"code": 4002, "message": "no rights"}]}

    found = run(part_of(), script(told))

    assert [p.status for p in points(found)] == [Status.NOT_PERMITTED]


def test_a_missing_scope_is_missing_for_all() -> None:
    told = {"errors": [{"code": 1037, "message": "no scope"}]}

    found = run(part_of(5), script(told))

    assert [p.status for p in points(found)] == [Status.NOT_PERMITTED] * 5
    assert [issue.seen for issue in found.issues] == [
        f"13900000{n}" for n in range(1, 6)
    ]
    assert "tick it on the app" in problems(found)[0]


def test_errors_beside_data_are_asked_about_again() -> None:
    told = page(day_row(ME, ON), errors=[{"code": 5000, "message": "half"}])

    with pytest.raises(Incomplete, match="errors beside the data"):
        run(part_of(), script(told, told, told))


def test_an_answer_without_data_is_no_answer() -> None:
    with pytest.raises(Incomplete, match="no data"):
        run(part_of(), script({}, {}, {}))


def test_a_row_of_another_shape_is_unreadable() -> None:
    rows = page({"profileId": ME, "date": 3})

    with pytest.raises(Unreadable, match=r"data\[0\]\.date"):
        run(part_of(), script(rows, rows, rows))


# -- the law ---------------------------------------------------------------------------

NETWORKS = st.sampled_from(
    ["instagram", "facebook", "youtube", "x", "pinterest", "tiktok", "threads"]
)


@attrs.define
class Whims:
    """A server with pages of any length, rows missing, and rows out of order."""

    size: int
    lost: set[int]
    seed: int

    def __call__(self, request: Request) -> Response:
        told = asked(request)
        rows = [
            day_row(owner, day, followers_count=number_of(owner, day), likes=1)
            for day in days_of(told)
            for owner in told.profiles
            if (day.toordinal() + int(owner)) % 7 not in self.lost
        ]
        rows.sort(key=lambda row: hash((self.seed, row["date"], row["profileId"])))
        begin = int(told.cursor or 0)
        end = begin + self.size
        cursor = str(end) if end < len(rows) else None
        return response(request, page(*rows[begin:end], cursor=cursor))


@settings(max_examples=30, deadline=None)
@given(
    networks=st.lists(NETWORKS, min_size=1, max_size=3, unique=True),
    profiles=st.integers(1, 13),
    start=st.integers(-20, 760),
    length=st.integers(1, 60),
    size=st.integers(7, 99),
    lost=st.sets(st.integers(0, 6), max_size=3),
    names=st.sets(st.sampled_from(["followers", "likes", "reach", "mood"]), min_size=1),
)
def test_every_profile_day_and_metric_is_accounted_for_once(
    networks: list[str],
    profiles: int,
    start: int,
    length: int,
    size: int,
    lost: set[int],
    names: set[str],
) -> None:
    first = NOW.date() - start * DAY
    window = Window.days(first, first + (length - 1) * DAY)
    some = [profile(n, networks[n % len(networks)]) for n in range(1, profiles + 1)]
    plan = plan_metrics(figures(*some, metrics=sorted(names), window=window))
    server = Whims(size, lost, start)

    found = [
        point
        for part in plan.parts
        for point in points(drive(metrics(pickle.loads(pickle.dumps(part))), server))  # noqa: S301
        if isinstance(part, DaysPart)
    ]

    lacking = {(each.network, each.metric) for each in plan.missing}
    expected = Counter(
        (each.ref, day, name)
        for each in some
        for day in window.dates()
        for name in names
        if (each.ref.network, name) not in lacking
    )
    assert Counter((p.subject, day_of(p), p.metric) for p in found) == expected
    oldest = date(2024, 3, 11)
    for point in found:
        day = day_of(point)
        owner = str(139_000_000 + int(point.subject.native_id[1:]))
        if day < oldest:
            assert point.status is Status.TOO_OLD
        elif day > NOW.date() or (day.toordinal() + int(owner)) % 7 in lost:
            assert point.status is Status.NOT_COLLECTED
        elif point.metric == "followers" and point.reading.name == FOLLOWERS:
            assert point.value == number_of(owner, day)


def day_of(point: Point) -> date:
    return point.start.astimezone(ZoneInfo(point.reading.zone or "UTC")).date()
