"""Whose figures, by which plan: decided alike for both clients, before any I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import attrs
import pytest

from socialmetrics.adapter import unsupported
from socialmetrics.budget import Limit
from socialmetrics.engine import finish
from socialmetrics.errors import InvalidQuery, NotFound, Unsupported
from socialmetrics.model import Post, Profile, Ref, Topic
from socialmetrics.plan import MessagesQuery, MetricsQuery, Plan, Subject
from socialmetrics.series import MetricSeries
from socialmetrics.session import Session, names
from socialmetrics.wire import Flow, Page, Stream, collect
from tests.core.ports import FakePort, by_api, engine
from tests.core.toy import NOW, WEEK, PostsPart, Toy, get, profile
from tests.core.toy_api import Api

R = TypeVar("R")
POST = Post(ref=Ref("x", "9"), vendor_id="9", created_at=NOW, metrics={})
TOPIC = Topic(vendor_id="7", name="Coffee")
MONTH = WEEK.start, WEEK.end


@attrs.define
class Desk:
    """A session, its vendor, and the calls that planning cost."""

    adapter: Toy = attrs.field(factory=Toy)
    api: Api = attrs.field(factory=Api)
    limits: tuple[Limit, ...] = ()
    session: Session = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.session = Session(self.adapter, lambda: NOW, self.limits)

    def run(self, flow: Flow[R]) -> R:
        return finish(engine(FakePort(by_api(self.api))).run(flow))

    def metrics(self, subjects: Any, by: Any = None) -> Plan[MetricSeries]:
        return self.run(self.session.metrics(subjects, ["impressions"], WEEK, by))

    def profiles(self, wanted: Any) -> list[Profile]:
        flow = self.session.posts(wanted, WEEK, metrics=(), fields=())
        parts = self.run(flow).parts
        return [part.profile for part in parts if isinstance(part, PostsPart)]


@attrs.frozen(kw_only=True)
class Noting(Toy):
    """Remembers what it was asked to plan."""

    queries: list[MetricsQuery] = attrs.field(factory=list[MetricsQuery], eq=False)

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        self.queries.append(query)
        return super().plan_metrics(query)


@attrs.frozen(kw_only=True)
class Counting(Noting):
    """A vendor without a directory."""

    profiles = unsupported("it only counts")


def subjects_of(wanted: Any, adapter: Noting) -> Sequence[Subject]:
    Desk(adapter).metrics(wanted)
    return adapter.queries[0].subjects


# -- subjects -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "numbers", "calls"),
    [
        (None, [1, 2, 3], 1),
        ("@handle1", [1], 1),
        ("x:n2", [2], 1),
        (Ref("x", "n3"), [3], 1),
        (profile(9), [9], 0),
        ([profile(9), profile(8), profile(9)], [9, 8], 0),
        ([profile(1), "p2", Ref("x", "n2"), "x:@handle3"], [1, 2, 3], 1),
        ((profile(i) for i in (1, 2)), [1, 2], 0),
        ([], [], 0),
    ],
)
def test_profiles_are_found_by_whatever_names_them(
    wanted: object, numbers: list[int], calls: int
) -> None:
    desk = Desk()

    found = desk.profiles(wanted)

    assert found == [profile(number) for number in numbers]
    assert len(desk.api.calls) == calls


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, [profile(1), profile(2), profile(3)]),
        ("p1", [profile(1)]),
        (profile(9), [profile(9)]),
        (POST, [POST]),
        (TOPIC, [TOPIC]),
        (Ref("x", "n1"), [profile(1)]),
        (Ref("x", "post-1"), [Ref("x", "post-1")]),
        (
            [Ref("x", "post-2"), Ref("x", "post-1"), Ref("x", "post-2")],
            [Ref("x", "post-2"), Ref("x", "post-1")],
        ),
        (
            [Ref("x", "post-1"), Ref("x", "n2"), Ref("x", "n2"), Ref("x", "n1")],
            [Ref("x", "post-1"), profile(2), profile(1)],
        ),
        (
            [TOPIC, Ref("x", "n2"), Ref("x", "post-1"), Ref("x", "n2")],
            [TOPIC, profile(2), Ref("x", "post-1")],
        ),
        (
            [POST, "p1", profile(1), Ref("x", "n1"), TOPIC, POST],
            [POST, profile(1), TOPIC],
        ),
    ],
)
def test_subjects_may_be_profiles_posts_topics_and_references(
    wanted: object, found: list[Subject]
) -> None:
    assert list(subjects_of(wanted, Noting())) == found


def test_references_stay_as_they_are_where_there_is_no_directory() -> None:
    assert subjects_of([Ref("x", "n1")], Counting()) == [Ref("x", "n1")]
    with pytest.raises(Unsupported, match="it only counts"):
        subjects_of("x:n1", Counting())


def test_the_directory_is_asked_for_once() -> None:
    desk = Desk()

    desk.profiles(None)
    desk.profiles("p1")
    desk.metrics("p2")

    assert desk.api.asked["/v1/profiles"] == 1


@pytest.mark.parametrize("wanted", [5, [5], [None], [["p1"]], object(), b"p1", ["p9"]])
def test_a_subject_that_is_none_is_refused(wanted: object) -> None:
    with pytest.raises(InvalidQuery):
        Desk().metrics(wanted)
    with pytest.raises(InvalidQuery):
        Desk().profiles(wanted)


# -- arguments ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("impressions", r"is one string; give a list: \['impressions'\]"),
        ([""], "holds '', which is no name"),
        ([" "], "which is no name"),
        ([5], "holds 5"),
        ([None], "holds None"),
        ([["likes"]], "no name"),
        (b"likes", "holds 108"),
        (None, "metrics=None is not a list"),
        (5, "metrics=5 is not a list"),
    ],
)
def test_names_that_are_none_are_refused(given: Any, problem: str) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        names("metrics", given)


@pytest.mark.parametrize(
    "given", [["b", "a", "b"], ("b", "a"), {"b": 1, "a": 2}, (x for x in ("b", "a"))]
)
def test_names_are_distinct_and_in_order_from_any_iterable(given: Any) -> None:
    assert names("metrics", given) == ("b", "a")


def test_figures_need_a_metric() -> None:
    desk = Desk()

    with pytest.raises(InvalidQuery, match="metrics is empty; name at least one"):
        desk.run(desk.session.metrics(None, [], WEEK, None))

    assert desk.api.calls == []


@pytest.mark.parametrize("by", ["week", "", 1, ["day"]])
def test_figures_come_by_hour_day_or_total(by: object) -> None:
    with pytest.raises(InvalidQuery, match="is none of hour, day, total"):
        Desk().metrics(profile(1), by)


@pytest.mark.parametrize("window", [None, "2026-03-02", MONTH, 7])
def test_a_window_is_a_window(window: Any) -> None:
    desk = Desk()

    with pytest.raises(InvalidQuery, match=r"is no Window; write Window\.days"):
        desk.run(desk.session.posts(profile(1), window, metrics=(), fields=()))
    with pytest.raises(InvalidQuery, match="is no Window"):
        desk.session.topic_messages(TOPIC, window, where=(), fields=())


def test_figures_of_a_whole_life_need_no_window() -> None:
    adapter = Noting()
    desk = Desk(adapter)

    desk.run(desk.session.metrics(POST, ["likes"], None, None))

    assert adapter.queries[0].window is None
    assert adapter.queries[0].now == NOW


# -- what a vendor lacks ------------------------------------------------------------


def test_an_operation_that_is_lacking_is_refused_before_anything_is_sent() -> None:
    desk = Desk()

    with pytest.raises(Unsupported) as caught:
        desk.run(desk.session.messages(None, WEEK, where={}, fields=()))

    assert str(caught.value) == "toy messages: it has no inbox"
    assert caught.value.alternatives == ("another tool",)
    assert desk.api.calls == []


@attrs.frozen(kw_only=True)
class Inbox(Toy):
    """A toy with an inbox that nothing comes of."""

    seen: list[MessagesQuery] = attrs.field(factory=list[MessagesQuery], eq=False)
    messages = Toy.topic_messages  # type: ignore[assignment] # what a toy lacks, given back

    def plan_messages(self, query: MessagesQuery) -> Plan[Any]:
        self.seen.append(query)
        return Plan(parts=())


def test_conditions_are_lists_of_names() -> None:
    adapter = Inbox()
    desk = Desk(adapter)
    good: Mapping[str, Sequence[str]] = {"tag": ["a", "b", "a"]}

    desk.run(desk.session.messages(profile(1), WEEK, where=good, fields=["text"]))
    with pytest.raises(InvalidQuery, match="tag='a' is one string"):
        desk.run(desk.session.messages(profile(1), WEEK, where={"tag": "a"}, fields=()))

    assert adapter.seen[0].where == {"tag": ("a", "b")}
    assert adapter.seen[0].fields == ("text",)


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ("tag=a", "where='tag=a' does not map a filter to its values"),
        (["tag"], "does not map"),
        ({5: ["a"]}, "where holds 5, which is no name"),
        ({"tag": [5]}, "tag holds 5"),
        ({"tag": None}, "tag=None is not a list"),
    ],
)
def test_conditions_that_are_none_are_refused(where: Any, problem: str) -> None:
    desk = Desk(Inbox())

    with pytest.raises(InvalidQuery, match=problem):
        desk.run(desk.session.messages(profile(1), WEEK, where=where, fields=()))


@pytest.mark.parametrize("topic", ["7", None, profile(1), TOPIC.ref])
def test_a_topic_is_a_topic(topic: Any) -> None:
    session = Desk().session

    with pytest.raises(InvalidQuery, match=r"is no Topic; give one of client\.topics"):
        session.topic_messages(topic, WEEK, where=(), fields=())
    with pytest.raises(InvalidQuery, match="is no Topic"):
        session.topic_metrics(topic, WEEK, metrics=(), dimensions=(), where=())


def test_a_topics_conditions_are_a_list() -> None:
    where: Any = 5

    with pytest.raises(InvalidQuery, match="where=5 is not a list"):
        Desk().session.topic_messages(TOPIC, WEEK, where=where, fields=())


# -- cost ---------------------------------------------------------------------------


def test_a_plan_says_how_long_the_budget_makes_it_take() -> None:
    desk = Desk(limits=(Limit(2, 60.0),))
    flow = desk.session.posts(None, WEEK, metrics=(), fields=())

    plan = desk.run(flow)

    assert plan.requests == plan.weight == 6
    assert plan.duration == timedelta(seconds=120)


def test_the_clock_is_asked_when_planning(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, moments = Noting(), iter([NOW, NOW + timedelta(days=1)])
    session = Session(adapter, lambda: next(moments), ())

    for _ in range(2):
        finish(_planned(session))

    told: list[datetime] = [query.now for query in adapter.queries]
    assert told == [NOW, NOW + timedelta(days=1)]


async def _planned(session: Session) -> None:
    machine = engine(FakePort(by_api(Api())))
    await machine.run(session.metrics(profile(1), ["likes"], WEEK, None))


# -- collecting ---------------------------------------------------------------------


def test_collecting_lets_a_stream_handle_its_errors() -> None:
    def stream() -> Stream[str]:
        yield Page(("a",))
        try:
            yield get("x", "nowhere")
        except NotFound:
            yield Page(("b", "c"))
        yield get("x", "profiles")

    found = Desk().run(collect(stream()))

    assert found.items == ("a", "b", "c")
