"""Posts: one for each thing that came out, whoever sent it and whatever counted it."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery, SocialMetricsError
from socialmetrics.model import Post, Profile
from socialmetrics.plan import Plan
from socialmetrics.reading import Status
from socialmetrics.window import Window
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite import posts
from socialmetrics_hootsuite.posts import PostsPart, changed_posts, plan_posts
from tests.hootsuite.analytics_driving import (
    DAY,
    NOW,
    WEEK,
    asked,
    denied,
    message_row,
    page,
    post_row,
    profile,
    publications,
    rejected,
    response,
)
from tests.sprout.driving import Driven, drive

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME = "139000001"
Rows = Sequence[dict[str, Any]]


@attrs.define
class Vendor:
    """Both halves of the API: what was sent, and what was counted."""

    sent: Rows = ()
    counted: Rows = ()
    paid: Rows = ()
    refused: frozenset[str] = frozenset()
    refused_list: frozenset[str] = frozenset()
    error: SocialMetricsError = attrs.field(factory=denied)
    asked: list[tuple[str, Any]] = attrs.field(factory=list[tuple[str, Any]])

    def __call__(self, request: Request) -> Response | SocialMetricsError:
        if request.operation == "messages":
            return self._messages(request)
        told = asked(request)
        self.asked.append((told.datatype, told))
        if self.refused.intersection(told.profiles):
            return self.error
        rows = [
            row
            for row in (self.counted if told.datatype == "ORGANIC" else self.paid)
            if row["profileId"] in told.profiles
            and told.since <= date.fromisoformat(row["createdAt"][:10])
            and (
                not told.until or date.fromisoformat(row["createdAt"][:10]) < told.until
            )
        ]
        return response(request, page(*rows))

    def _messages(self, request: Request) -> Response | SocialMetricsError:
        query = parse_qs(urlsplit(request.path).query)
        self.asked.append(("messages", query))
        if self.refused_list.intersection(query["socialProfileIds"]):
            return self.error
        rows = [
            row
            for row in self.sent
            if (row["socialProfile"] or {"id": ME})["id"] in query["socialProfileIds"]
            and query["startTime"][0]
            <= (row["scheduledSendTime"] or query["startTime"][0])
            <= query["endTime"][0]
        ]
        return response(request, {"data": rows, "metadata": {"cursor": {"next": None}}})


def part_of(
    *profiles: Profile,
    metrics: Sequence[str] = (),
    window: Window = WEEK,
    now: datetime = NOW,
) -> PostsPart:
    (part,) = plan_of(*profiles, metrics=metrics, window=window, now=now).parts
    assert isinstance(part, PostsPart)
    return part


def plan_of(
    *profiles: Profile,
    metrics: Sequence[str] = (),
    window: Window = WEEK,
    now: datetime = NOW,
) -> Plan[Post]:
    some = profiles or (profile(),)
    return plan_posts(publications(*some, metrics=metrics, window=window, now=now))


def run(part: PostsPart, server: Vendor) -> Driven[Post]:
    return drive(posts.posts(part), server)


def problems(found: Driven[Post]) -> list[str]:
    return [issue.problem for issue in found.issues]


# -- the two halves --------------------------------------------------------------------


def test_a_post_that_was_sent_and_counted_is_one() -> None:
    planned = message_row(1, AT - HOUR, postUrl="https://example.com/m1")
    server = Vendor(sent=[planned], counted=[post_row(1, AT, likes=3)])

    (post,) = run(part_of(metrics=["likes"]), server).items

    assert (post.ref.native_id, post.vendor_id, post.profile) == ("p1", "m1", ME)
    assert post.created_at == AT
    assert (post.text, post.url) == ("counted 1", "https://example.com/p1")
    assert post.kind == "INSTAGRAM_REEL"
    assert post.metrics["likes"].value == 3
    assert post.raw == {"message": planned, "organic": server.counted[0]}


def test_a_post_that_was_sent_with_something_else_is_one_too() -> None:
    (post,) = run(part_of(), Vendor(counted=[post_row(1, AT)])).items

    assert (post.vendor_id, post.ref.native_id) == ("p1", "p1")
    assert list(post.raw) == ["organic"]
    assert dict(post.metrics) == {}


def test_a_post_that_nobody_counted_is_one_too() -> None:
    server = Vendor(sent=[message_row(1, AT, postUrl="https://example.com/m1")])

    (post,) = run(part_of(metrics=["likes"]), server).items

    assert (post.created_at, post.text, post.url) == (
        AT,
        "sent 1",
        "https://example.com/m1",
    )
    assert post.kind is None
    assert list(post.raw) == ["message"]
    assert post.metrics["likes"].status is Status.UNAVAILABLE


def test_what_one_half_leaves_out_the_other_says() -> None:
    row = {**post_row(1, AT), "content": None, "title": None, "sourceLink": None}
    sent = message_row(1, AT, postUrl="https://example.com/m1")

    (post,) = run(part_of(), Vendor(sent=[sent], counted=[row])).items

    assert (post.text, post.url) == ("sent 1", "https://example.com/m1")


def test_a_title_stands_for_a_text_and_an_empty_text_is_one() -> None:
    rows = [
        {**post_row(1, AT), "content": None, "title": "a video"},
        {**post_row(2, AT), "content": "", "title": "a video"},
    ]

    found = run(part_of(), Vendor(counted=rows, sent=[message_row(2, AT)]))

    assert [post.text for post in found.items] == ["a video", ""]


@pytest.mark.parametrize(
    ("sent", "counted"), [("104_77", "77"), ("77", "104_77"), ("104_77", "104_77")]
)
def test_facebook_ids_match_with_and_without_the_page(sent: str, counted: str) -> None:
    server = Vendor(
        sent=[{**message_row(1, AT), "postId": sent}],
        counted=[{**post_row(1, AT), "externalId": counted}],
    )

    (post,) = run(part_of(profile(1, "facebook")), server).items

    assert post.ref.native_id == "104_77"


def test_the_same_id_of_two_profiles_is_two_posts() -> None:
    rows = [post_row(1, AT), post_row(1, AT, "139000002")]
    server = Vendor(sent=[message_row(1, AT)], counted=rows)

    found = run(part_of(profile(1), profile(2)), server)

    assert [(post.profile, len(post.raw)) for post in found.items] == [
        (ME, 2),
        ("139000002", 1),
    ]


def test_posts_come_oldest_first() -> None:
    sent = [message_row(n, AT + n * HOUR) for n in (5, 1)]
    counted = [post_row(n, AT + n * HOUR) for n in (4, 2, 3)]

    found = run(part_of(), Vendor(sent=sent, counted=counted))

    assert [post.ref.native_id for post in found.items] == [
        "p1",
        "p2",
        "p3",
        "p4",
        "p5",
    ]


# -- what is odd -----------------------------------------------------------------------


def test_a_message_without_the_network_s_id_is_known_by_the_tool_s() -> None:
    sent = message_row(1, AT, postId=None)

    found = run(part_of(), Vendor(sent=[sent]))

    assert [post.ref.native_id for post in found.items] == ["m1"]
    assert problems(found) == ["sent, but without the network's id: it may be twice"]


def test_a_message_without_a_time_is_told() -> None:
    sent = [message_row(1, None), message_row(2, None)]

    found = run(part_of(), Vendor(sent=sent, counted=[post_row(1, AT)]))

    assert [post.ref.native_id for post in found.items] == ["p1"]
    assert problems(found) == ["sent, but nobody says when; it is left out"]


def test_a_message_without_a_profile_is_told() -> None:
    sent = [message_row(1, AT, socialProfile=None)]

    found = run(part_of(), Vendor(sent=sent))

    assert found.items == []
    assert problems(found) == ["a message without a profile; it is left out"]


def test_two_messages_for_one_post_are_told() -> None:
    sent = [message_row(1, AT), {**message_row(2, AT), "postId": "p1"}]

    found = run(part_of(), Vendor(sent=sent))

    assert [post.vendor_id for post in found.items] == ["m1"]
    assert problems(found) == ["it is the same post as message m1"]


# -- figures ---------------------------------------------------------------------------


def test_figures_are_found_by_canonical_and_by_vendor_names() -> None:
    names = ("engagements.vendor", "likes[scope=paid]", "saves")
    server = Vendor(
        counted=[post_row(1, AT, engagement=9.0)], paid=[post_row(1, AT, likes=2)]
    )

    (post,) = run(part_of(metrics=names), server).items

    metrics = post.metrics
    assert {name: str(point) for name, point in metrics.items()} == {
        "engagements.vendor": "engagements.vendor 9",
        "saves": "saves not_reported",
        "likes[scope=paid]": "likes 2",
    }
    assert len(metrics) == 3
    assert metrics["engagement"] is metrics["engagements.vendor"]
    assert metrics["engagements.vendor[scope=organic]"].value == 9
    assert metrics["likes[scope=paid]"].reading.scope == "paid"
    assert repr(metrics) == (
        "{'engagements.vendor': 9, 'saves': None, 'likes[scope=paid]': 2}"
    )
    assert metrics.get("likes") is None
    assert pickle.loads(pickle.dumps(post)) == post  # noqa: S301
    assert list(post.raw) == ["organic", "paid"]
    assert [name for name, _ in server.asked] == ["messages", "ORGANIC", "PAID"]


def test_organic_and_paid_figures_do_not_hide_each_other() -> None:
    names = ("likes", "likes[scope=paid]")
    server = Vendor(counted=[post_row(1, AT, likes=1)], paid=[post_row(1, AT, likes=2)])

    (post,) = run(part_of(metrics=names), server).items

    assert [post.metrics[name].value for name in names] == [1, 2]
    assert post.metrics["likes[scope=organic]"].value == 1


def test_a_post_without_paid_data_has_no_paid_figure() -> None:
    server = Vendor(counted=[post_row(1, AT, likes=1)])

    (post,) = run(part_of(metrics=["likes[scope=paid]"]), server).items

    (point,) = post.metrics.values()
    assert (point.value, point.status) == (None, Status.UNAVAILABLE)


@pytest.mark.parametrize(
    ("at", "status"),
    [(NOW - DAY, Status.NOT_COLLECTED), (AT, Status.UNAVAILABLE)],
)
def test_why_a_post_has_no_figures(at: datetime, status: Status) -> None:
    window = Window(AT, NOW)
    part = part_of(metrics=["likes"], window=window)

    (post,) = run(part, Vendor(sent=[message_row(1, at)])).items

    assert post.metrics["likes"].status is status


def test_a_figure_that_is_no_number_is_told() -> None:
    server = Vendor(counted=[post_row(1, AT, likes=[])])

    found = run(part_of(metrics=["likes"]), server)

    assert found.items[0].metrics["likes"].status is Status.NOT_REPORTED
    assert problems(found) == ["likes: list instead of a number"]


# -- networks without analytics --------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "kind"), [("linkedin", "LINKEDINCOMPANY"), ("facebook", "FACEBOOK")]
)
def test_a_profile_without_analytics_has_its_messages(network: str, kind: str) -> None:
    who = profile(1, network, kind)
    plan = plan_of(who, metrics=["likes"])
    (part,) = plan.parts
    assert isinstance(part, PostsPart)

    found = run(part, Vendor(sent=[message_row(1, AT)]))

    assert [dict(post.metrics) for post in found.items] == [{}]
    assert [(each.metric, each.subject) for each in plan.missing] == [
        ("likes", who.ref)
    ]
    assert plan.notes == ()
    assert plan.requests == 1


def test_a_page_and_a_person_of_one_network_are_apart() -> None:
    plan = plan_of(profile(1, "facebook"), profile(2, "facebook", "FACEBOOK"))

    assert [len(p.queries) for p in plan.parts if isinstance(p, PostsPart)] == [1, 0]


# -- what is asked ---------------------------------------------------------------------


def test_both_lists_are_asked_a_day_wider() -> None:
    server = Vendor()

    run(part_of(), server)

    (_, query), (_, told) = server.asked
    assert query["startTime"] == ["2026-02-28T23:59:59Z"]
    assert query["endTime"] == ["2026-03-10T00:00:00Z"]
    assert (query["state"], query["socialProfileIds"]) == (["SENT"], [ME])
    assert (told.since, told.until) == (date(2026, 2, 28), date(2026, 3, 11))


def test_nothing_is_asked_of_days_to_come() -> None:
    server = Vendor()
    window = Window.days("2026-03-10", "2026-04-30")

    plan = plan_of(window=window)
    for part in plan.parts:
        assert isinstance(part, PostsPart)
        run(part, server)

    (_, _), (_, told) = server.asked
    assert told.until == date(2026, 3, 12)


def test_a_window_before_the_vendor_or_after_today_has_no_parts() -> None:
    for days in (("1999-01-01", "1999-12-31"), ("2026-04-01", "2026-04-30")):
        assert plan_of(window=Window.days(*days)).parts == ()


def test_older_posts_are_only_those_that_were_sent() -> None:
    window = Window.days("2024-02-01", "2024-02-05")
    at = datetime(2024, 2, 2, tzinfo=UTC)
    plan = plan_of(metrics=["likes"], window=window)
    (part,) = plan.parts
    assert isinstance(part, PostsPart)

    (post,) = run(part, Vendor(sent=[message_row(1, at)])).items

    assert post.metrics["likes"].status is Status.TOO_OLD
    assert post.metrics["likes"].source.fetched_at == NOW
    assert [(each.metric, each.subject) for each in plan.missing] == [
        ("posts", profile().ref)
    ]
    assert "begin on 2024-03-11" in plan.missing[0].reason


def test_long_windows_and_many_profiles_are_cut() -> None:
    some = [profile(n) for n in range(1, 13)]
    plan = plan_of(*some, window=Window.days("2026-01-01", "2026-02-19"))

    assert [
        (len(p.accounts), p.window.duration, p.requests)
        for p in plan.parts
        if isinstance(p, PostsPart)
    ] == [(6, 25 * DAY, 2)] * 4
    assert pickle.loads(pickle.dumps(plan.parts)) == plan.parts  # noqa: S301


def test_what_is_asked_is_told() -> None:
    plan = plan_of(profile(), profile(2, "x"), metrics=["views", "likes"])

    assert plan.available == ("views", "likes")
    assert [(each.metric, each.network) for each in plan.missing] == [("views", "x")]
    assert len(plan.notes) == 2


def test_there_are_no_fields_to_choose() -> None:
    query = attrs.evolve(publications(profile()), fields=("title",))

    with pytest.raises(InvalidQuery, match="no choice of fields"):
        plan_posts(query)


# -- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize("error", [denied(), rejected()])
def test_a_profile_without_rights_does_not_spoil_the_others(
    error: SocialMetricsError,
) -> None:
    owners = [f"13900000{n}" for n in range(1, 6)]
    server = Vendor(
        sent=[message_row(n, AT, owner) for n, owner in enumerate(owners)],
        counted=[post_row(n, AT, owner, likes=n) for n, owner in enumerate(owners)],
        refused=frozenset({owners[1]}),
        refused_list=frozenset({owners[3]}),
        error=error,
    )

    found = run(part_of(*(profile(n) for n in range(1, 6)), metrics=["likes"]), server)

    assert [
        (tuple(post.raw), post.metrics["likes"].status) for post in found.items
    ] == [
        (("message", "organic"), Status.OBSERVED),
        (("message",), Status.NOT_PERMITTED),
        (("message", "organic"), Status.OBSERVED),
        (("organic",), Status.OBSERVED),
        (("message", "organic"), Status.OBSERVED),
    ]
    assert [issue.seen for issue in found.issues] == [owners[3], owners[1]]


def test_who_may_see_nothing_is_told_and_has_no_source() -> None:
    server = Vendor(refused=frozenset({ME}), refused_list=frozenset({ME}))

    found = run(part_of(), server)

    assert found.items == []
    assert [each.source for each in found.pages] == [None]
    assert len(found.issues) == 2


# -- what changed ----------------------------------------------------------------------


def test_changes_are_asked_for_by_network_and_data() -> None:
    server = Vendor(
        counted=[post_row(2, AT, likes=2), post_row(1, AT - DAY, likes=1)],
        paid=[post_row(1, AT - DAY, likes=5)],
    )
    some = [profile(), profile(9, "x")]
    names = ["likes", "likes[scope=paid]"]

    found = drive(changed_posts(some, date(2026, 2, 20), names), server)

    assert [
        (post.ref.native_id, post.metrics["likes"].value, tuple(post.raw))
        for post in found.items
    ] == [("p1", 1, ("organic", "paid")), ("p2", 2, ("organic",))]
    assert [
        (datatype, told.network, told.filters["lastModified"])
        for datatype, told in server.asked
    ] == [
        (datatype, network, {"timespan": {"since": "2026-02-20"}})
        for network in ("INSTAGRAMBUSINESS", "TWITTER")
        for datatype in ("ORGANIC", "PAID")
    ]
    paid = [post.metrics["likes[scope=paid]"] for post in found.items]
    assert [(p.value, p.status) for p in paid] == [
        (5, Status.OBSERVED),
        (None, Status.UNAVAILABLE),
    ]


def test_a_full_page_of_changes_without_a_cursor_is_read_by_profiles() -> None:
    rows = [post_row(n, AT, owner) for owner in (ME, "139000002") for n in range(60)]

    def full(request: Request) -> Response:
        mine = [row for row in rows if row["profileId"] in asked(request).profiles]
        return response(request, page(*mine[:100]))

    found = drive(changed_posts([profile(1), profile(2)], date(2026, 2, 20)), full)

    assert len(found.items) == 120
    assert len(found.requests) == 3


def test_a_full_page_of_one_profile_s_changes_may_lack_some() -> None:
    rows = [post_row(n, AT) for n in range(100)]

    found = drive(changed_posts([profile()], date(2026, 2, 20)), Vendor(counted=rows))

    assert problems(found) == ["a full page without a cursor; there may be more posts"]


def test_refused_changes_are_told() -> None:
    server = Vendor(refused=frozenset({ME}))

    found = drive(changed_posts([profile()], date(2026, 2, 20)), server)

    assert (found.items, len(found.issues)) == ([], 1)
    assert [each.source for each in found.pages] == [None]


def test_changes_need_analytics() -> None:
    with pytest.raises(InvalidQuery, match="no linkedin"):
        changed_posts([profile(1, "linkedin")], date(2026, 2, 20))


# -- the law ---------------------------------------------------------------------------

MINUTES = st.integers(-3 * 1440, 60 * 1440)


@settings(max_examples=60, deadline=None)
@given(
    truth=st.lists(
        st.tuples(
            MINUTES, st.integers(0, 1439), st.sampled_from(["both", "own", "sent"])
        ),
        max_size=30,
    ),
    length=st.integers(1, 57 * 24),
)
def test_every_post_of_the_window_comes_once(
    truth: list[tuple[int, int, str]], length: int
) -> None:
    """However late it came out, and wherever the window is cut."""
    start = datetime(2026, 1, 1, 7, tzinfo=UTC)
    window = Window(start, start + length * HOUR)
    sent: list[dict[str, Any]] = []
    counted: list[dict[str, Any]] = []
    born: dict[str, datetime] = {}
    for number, (minute, late, kind) in enumerate(truth):
        planned = start + minute * timedelta(minutes=1)
        out = planned + late * timedelta(minutes=1)
        if kind != "own":
            sent.append(message_row(number, planned))
        if kind != "sent":
            counted.append(post_row(number, out))
        born[f"p{number}"] = planned if kind == "sent" else out
    server = Vendor(sent=sent, counted=counted)

    found = [
        post
        for part in plan_of(window=window).parts
        if isinstance(part, PostsPart)
        for post in run(part, server).items
    ]

    expected = {i: at for i, at in born.items() if window.start <= at < window.end}
    assert {p.ref.native_id: p.created_at for p in found} == expected
    assert len(found) == len(expected)
