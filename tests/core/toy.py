"""The adapter of a tiny vendor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import ClassVar

import attrs

from socialmetrics.adapter import (
    Adapter,
    Credential,
    MetricCapability,
    Problem,
    operation,
    unsupported,
)
from socialmetrics.auth import Auth, Bearer, ClientCredentials
from socialmetrics.budget import Limit
from socialmetrics.decode import ask
from socialmetrics.errors import MissingCredential
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Issue,
    Message,
    Missing,
    Point,
    Post,
    Profile,
    Publication,
    Ref,
    Source,
    Topic,
)
from socialmetrics.plan import (
    MessagesQuery,
    MetricsQuery,
    Part,
    Plan,
    PostsQuery,
    ProfilesPart,
    Subject,
    TopicQuery,
    TopicsPart,
)
from socialmetrics.reading import Reading, Status
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window, midnight
from socialmetrics.wire import Flow, Page, Request, Response, Stream
from tests.core.toy_api import TOKEN

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEEK = Window.days("2026-03-02", "2026-03-08")


def profile(number: int, network: str = "x") -> Profile:
    return Profile(
        ref=Ref(network, f"n{number}"),
        vendor_id=f"p{number}",
        name=f"Profile {number}",
        handle=f"handle{number}" if number % 2 else None,
    )


def reading(
    metric: str,
    *,
    unique: bool = False,
    network: str = "x",
    temporality: str = "period",
) -> Reading:
    is_gauge = temporality == "instant"
    return Reading(
        vendor="toy",
        endpoint="figures",
        network=network,
        name=f"toy_{metric}",
        metric=metric,
        level="profile",
        temporality="instant" if is_gauge else "period",
        date_axis="observed" if is_gauge else "activity",
        scope="organic",
        counting="unique" if unique else "total",
        unit="person" if unique or is_gauge else "count",
        additive=not unique and not is_gauge,
        zone="UTC",
    )


READINGS = (
    reading("impressions"),
    reading("likes"),
    reading("comments"),
    reading("reposts"),
    reading("reach", unique=True),
    reading("followers", temporality="instant"),
)

# -- the adapter --------------------------------------------------------------------


@attrs.define
class Item:
    number: int


@attrs.define
class Items:
    items: list[Item]
    more: bool = False


@attrs.define
class Account:
    id: str


@attrs.define
class Complaint:
    error: str = ""
    code: str | None = None


@attrs.frozen(kw_only=True)
class PostsPart(Part[Post]):
    operation = "posts"
    profile: Profile


@attrs.frozen(kw_only=True)
class FiguresPart(Part[MetricSeries]):
    operation = "metrics"
    subjects: tuple[Ref, ...]
    readings: tuple[Reading, ...]
    window: Window


@attrs.frozen(kw_only=True)
class TopicMessagesPart(Part[Message]):
    operation = "topic_messages"
    topic: Topic


@attrs.frozen(kw_only=True)
class TopicMetricsPart(Part[MetricSeries]):
    operation = "topic_metrics"
    topic: Topic
    window: Window


@attrs.frozen(kw_only=True)
class Toy(Adapter):
    """An adapter as small as they come."""

    name: ClassVar[str] = "toy"
    title: ClassVar[str] = "Toy"
    base_url: ClassVar[str] = "https://toy.example"
    limits: ClassVar[tuple[Limit, ...]] = (Limit(10_000, 60.0),)
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(name="token", meaning="a token", is_secret=True),
        Credential(name="client_secret", meaning="for OAuth", is_secret=True),
        Credential(name="customer", meaning="which customer"),
    )

    credential: Auth = attrs.field(
        factory=lambda: Bearer(Secret(TOKEN)), eq=False, repr=False
    )

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> Toy:
        token, secret = given.get("token"), given.get("client_secret")
        if isinstance(secret, Secret):
            return cls(credential=client_credentials(secret))
        if not isinstance(token, Secret):
            raise MissingCredential("token= or SOCIALMETRICS_TOY_TOKEN", vendor="toy")
        return cls(credential=Bearer(token))

    @classmethod
    def metric_capabilities(cls) -> tuple[MetricCapability, ...]:
        return tuple(
            MetricCapability(
                metric=each.metric,
                name=each.name,
                network=each.network,
                level=each.level,
                detail=each.scope,
            )
            for each in READINGS
        )

    def auth(self) -> Auth:
        return self.credential

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        network = subject.network if isinstance(subject, Ref) else subject.ref.network
        return tuple(attrs.evolve(each, network=network) for each in READINGS)

    def problem(self, response: Response) -> Problem:
        try:
            found = json.loads(response.body)
        except ValueError:
            return Problem(message=f"HTTP {response.status}")
        return Problem(message=str(found.get("error")), code=found.get("code"))

    def lookup(self, name: str) -> Flow[str]:
        answer = yield from ask(get("account", "account"), Account)
        return answer.payload.id

    @operation("every profile")
    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        answer = yield from ask(get("profiles", "profiles"), Items)
        yield Page(tuple(profile(item.number) for item in answer.payload.items))

    @operation("every topic")
    def topics(self, part: TopicsPart) -> Stream[Topic]:
        answer = yield from ask(get("topics", "topics"), Items)
        items = answer.payload.items
        yield Page(tuple(Topic(vendor_id=str(i.number), name="T") for i in items))

    @operation("posts with pages")
    def posts(self, part: PostsPart) -> Stream[Post]:
        for number in count(1):
            request = post("posts", f"{part.profile.vendor_id}/posts", page=number)
            answer = yield from ask(request, Items)
            yield Page(
                tuple(
                    Post(
                        ref=Ref("x", f"{part.profile.vendor_id}-{item.number}"),
                        vendor_id=f"{part.profile.vendor_id}-{item.number}",
                        created_at=NOW,
                        metrics={},
                    )
                    for item in answer.payload.items
                ),
                answer.issues,
            )
            if not answer.payload.more:
                return

    messages = unsupported("it has no inbox", "another tool")

    @operation("figures by day")
    def metrics(self, part: FiguresPart) -> Stream[MetricSeries]:
        names = [each.name for each in part.readings]
        answer = yield from ask(post("metrics", "figures", names=names), Items)
        points = [
            figure(subject, each, day, answer.source)
            for subject in part.subjects
            for each in part.readings
            for day in part.window.dates()
        ]
        odd = Issue(path="$", problem="nothing really")
        yield Page((MetricSeries.from_points(points),), (odd,))

    @operation("listening messages")
    def topic_messages(self, part: TopicMessagesPart) -> Stream[Message]:
        yield from ask(get("topic_messages", "topics"), Items)
        yield Page((Message(ref=None, vendor_id=part.topic.name, created_at=NOW),))

    @operation("listening figures")
    def topic_metrics(self, part: TopicMetricsPart) -> Stream[MetricSeries]:
        answer = yield from ask(get("topic_metrics", "topics"), Items)
        each = reading("mentions_volume", network="topic")
        point = figure(part.topic.ref, each, part.window.first_day, answer.source)
        yield Page((MetricSeries.from_points([point]),))

    @operation("a post at once")
    def publish(self, consignment: Consignment) -> Flow[Publication]:
        draft = consignment.draft
        request = attrs.evolve(post("publish", "publish", text=draft.text), safe=False)
        answer = yield from ask(request, Items)
        return Publication(
            deliveries=tuple(
                Delivery(profile=each, state="sent", vendor_id=str(item.number))
                for each in draft.profiles
                for item in answer.payload.items
            )
        )

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        return (Consignment(draft=draft),)

    def plan_posts(self, query: PostsQuery) -> Plan[Post]:
        parts = (PostsPart(profile=each, requests=2) for each in query.profiles)
        return Plan(parts=tuple(parts), asked=tuple(query.metrics))

    def plan_messages(self, query: MessagesQuery) -> Plan[Message]:
        raise NotImplementedError

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        parts: list[FiguresPart] = []
        resolved: list[tuple[str, Reading]] = []
        for subjects in _alike(query.subjects):
            known = self.readings(subjects[0], query.window, query.now.date())
            named = [
                (name, each)
                for name in query.metrics
                for each in known
                if name in (each.metric, each.name)
            ]
            if named:
                parts.append(
                    FiguresPart(
                        subjects=tuple(map(_ref, subjects)),
                        readings=tuple(dict.fromkeys(each for _, each in named)),
                        window=query.window or WEEK,
                    )
                )
            resolved += named
        return Plan(
            parts=tuple(parts),
            resolved=tuple(dict.fromkeys(resolved)),
            missing=tuple(_missing(query, resolved)),
        )

    def plan_topic_messages(self, query: TopicQuery) -> Plan[Message]:
        return Plan(parts=(TopicMessagesPart(topic=query.topic),))

    def plan_topic_metrics(self, query: TopicQuery) -> Plan[MetricSeries]:
        return Plan(parts=(TopicMetricsPart(topic=query.topic, window=query.window),))


def _ref(subject: Subject) -> Ref:
    return subject if isinstance(subject, Ref) else subject.ref


def _alike(subjects: Sequence[Subject]) -> Iterable[list[Subject]]:
    """The subjects of one network and kind together."""
    found: dict[object, list[Subject]] = {}
    for subject in subjects:
        found.setdefault((_ref(subject).network, type(subject)), []).append(subject)
    return found.values()


def _missing(
    query: MetricsQuery, resolved: Iterable[tuple[str, Reading]]
) -> Sequence[Missing]:
    known = {(name, each.network) for name, each in resolved}
    networks = dict.fromkeys(_ref(subject).network for subject in query.subjects)
    return [
        Missing(metric=name, network=network, reason="toy does not count it")
        for name in query.metrics
        for network in networks
        if (name, network) not in known
    ]


def client_credentials(secret: Secret) -> ClientCredentials:
    return ClientCredentials(
        client_id="toy-client", client_secret=secret, path="/token", scope="read write"
    )


def figure(subject: Ref, each: Reading, day: date, source: Source) -> Point:
    start = midnight(day, "UTC")
    return Point(
        subject=subject,
        metric=each.metric,
        start=start,
        end=start + timedelta(days=1),
        value=day.day,
        status=Status.OBSERVED,
        reading=each,
        source=source,
    )


def get(name: str, path: str) -> Request:
    return Request(operation=name, method="GET", path=f"/v1/{path}")


def post(name: str, path: str, **body: object) -> Request:
    return Request(operation=name, method="POST", path=f"/v1/{path}", json=body)
