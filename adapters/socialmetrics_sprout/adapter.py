"""Sprout Social: what it can do, and the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

import attrs
import msgspec

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
from socialmetrics.errors import InvalidQuery, MissingCredential
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Media,
    Message,
    Post,
    Profile,
    Publication,
    Topic,
)
from socialmetrics.plan import (
    MessagesQuery,
    MetricsQuery,
    Plan,
    PostsQuery,
    ProfilesPart,
    Subject,
    TopicQuery,
    TopicsPart,
)
from socialmetrics.reading import Reading
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.settings import secret as secret_of
from socialmetrics.typed import decoder
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Request, Response, Stream, collect
from socialmetrics_sprout import (
    capabilities,
    listening,
    media,
    parse,
    planner,
    planner_messages,
    publishing,
    read_days,
    read_messages,
    reads,
    requests,
)
from socialmetrics_sprout.conditions import Condition
from socialmetrics_sprout.models import (
    Case,
    Customer,
    Group,
    Planned,
    Queue,
    Tag,
    Team,
    User,
)
from socialmetrics_sprout.parts import (
    CasesPart,
    DaysPart,
    MessagesPart,
    PostFiguresPart,
    PostsPart,
    TopicFiguresPart,
    TopicMessagesPart,
)
from socialmetrics_sprout.payloads import (
    CustomerPayload,
    GroupPayload,
    ProfilePayload,
    QueuePayload,
    Rows,
    TagPayload,
    TeamPayload,
    TopicPayload,
    UserPayload,
)
from socialmetrics_sprout.problems import problem
from socialmetrics_sprout.rows import complaint, rows

if TYPE_CHECKING:
    from socialmetrics.sandbox import Sandbox

AUTH_PATH: Final = "/oauth2/84e39c75-d770-45d9-90a9-7b79e3037d2c/v1/token"
SCOPE: Final = "organization_id"
"""Literal: the authorization server's metadata lists it among the scopes."""

T = TypeVar("T")
P = TypeVar("P")


@attrs.frozen(kw_only=True)
class Sprout(Adapter):
    """Sprout Social's API, version 1.

    Profiles, posts, inbox, listening and their figures; publishing makes drafts only.
    Tags, groups, users, teams, queues, media and cases are vendor-only calls: flows,
    run with `client.run(client.adapter.tags())`.
    """

    name: ClassVar[str] = "sprout"
    title: ClassVar[str] = "Sprout Social"
    base_url: ClassVar[str] = "https://api.sproutsocial.com"
    auth_url: ClassVar[str | None] = "https://identity.sproutsocial.com"
    limits: ClassVar[tuple[Limit, ...]] = (Limit(60, 60.0), Limit(250_000, "month"))
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(name="token", meaning="an API token", is_secret=True),
        Credential(name="client_id", meaning="of an OAuth 2 client"),
        Credential(name="client_secret", meaning="of that client", is_secret=True),
        Credential(name="customer_id", meaning="found by itself where there is one"),
    )
    request_id_header: ClassVar[str] = "x-sprout-request-id"
    api_version_header: ClassVar[str] = "x-sprout-api-version"

    token: Secret | None = attrs.field(default=None, repr=False)
    client_id: str | None = None
    client_secret: Secret | None = attrs.field(default=None, repr=False)
    customer_id: str | None = None

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> Sprout:
        """An API token, or both parts of an OAuth 2 client, never a mixture."""
        token, secret = secret_of(given, "token"), secret_of(given, "client_secret")
        client_id = _plain(given, "client_id")
        if token is not None and (secret is not None or client_id is not None):
            raise InvalidQuery("give token, or client_id and client_secret, not both")
        if token is None and (secret is None or client_id is None):
            raise MissingCredential(
                "sprout needs token, or client_id and client_secret: as keywords, as "
                "SOCIALMETRICS_SPROUT_TOKEN (or _CLIENT_ID and _CLIENT_SECRET), or in "
                "the [sprout] table of socialmetrics.toml",
                vendor=cls.name,
            )
        return cls(
            token=token,
            client_id=client_id,
            client_secret=secret,
            customer_id=_plain(given, "customer_id"),
        )

    @classmethod
    def metric_capabilities(cls) -> tuple[MetricCapability, ...]:
        """Every metric that the vendor has not removed."""
        return capabilities.metrics()

    @classmethod
    def all_readings(cls) -> tuple[Reading, ...]:
        """What every metric counts or counted, removed ones included."""
        return capabilities.all_readings()

    @classmethod
    def caveats(cls) -> str:
        """What is known of how its figures compare."""
        return files("socialmetrics_sprout").joinpath("caveats.toml").read_text("utf-8")

    @classmethod
    def sandbox(cls, **options: object) -> Sandbox:
        """The simulated server; `options` are those of `sandbox.Options`."""
        from socialmetrics.sandbox.world import World
        from socialmetrics_sprout.sandbox import sandbox

        return sandbox(World(), **options)

    def auth(self) -> Auth:
        """A bearer, fixed or fetched."""
        if self.token is not None:
            return Bearer(self.token)
        return ClientCredentials(
            self.client_id or "", self.client_secret or Secret(""), AUTH_PATH, SCOPE
        )

    def problem(self, response: Response) -> Problem:
        """`error` of the body; gateways say `message`; the token server its code."""
        return problem(response)

    def lookup(self, name: str) -> Flow[str]:
        """The customer id. Raises `MissingCredential` with the choices."""
        if self.customer_id is not None:
            return self.customer_id
        found = yield from self.customers()
        if len(found) == 1:
            return found[0].vendor_id
        choices = ", ".join(f"{each.vendor_id} ({each.name})" for each in found)
        raise MissingCredential(
            f"the credentials reach {len(found)} customers; set customer_id"
            + (f" to one of: {choices}" if found else ""),
            vendor=self.name,
        )

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        """What canonical names stand for at that subject's level and network."""
        return capabilities.readings(subject, window, today)

    # -- neutral operations ------------------------------------------------------------

    @operation("every connected profile, from metadata")
    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        """Every connected profile."""
        yield from _metadata("", ProfilePayload, parse.profile)

    @operation("any period, complete above 10,000; lifetime figures of now")
    def posts(self, part: PostsPart) -> Stream[Post]:
        """The posts of one part."""
        return reads.posts(part)

    @operation("the Smart Inbox, received and sent, by group")
    def messages(self, part: MessagesPart) -> Stream[Message]:
        """The inbox of one part."""
        return read_messages.messages(part)

    @operation("profiles and topics by day, posts from publication to now")
    def metrics(
        self, part: DaysPart | PostFiguresPart | TopicFiguresPart
    ) -> Stream[MetricSeries]:
        """The figures of one part."""
        if isinstance(part, DaysPart):
            return read_days.days(part)
        if isinstance(part, TopicFiguresPart):
            return listening.figures(part)
        return reads.post_figures(part)

    @operation("listening topics, with the Listening add-on")
    def topics(self, part: TopicsPart) -> Stream[Topic]:
        """Every listening topic."""
        yield from _metadata("topics", TopicPayload, parse.topic)

    @operation("public messages of a topic; never X, Reddit until 2026-05-12")
    def topic_messages(self, part: TopicMessagesPart) -> Stream[Message]:
        """The listening messages of one part."""
        return read_messages.topic_messages(part)

    @operation("figures of a topic by day, month, sentiment, network, ...")
    def topic_metrics(self, part: TopicFiguresPart) -> Stream[MetricSeries]:
        """The listening figures of one part."""
        return listening.figures(part)

    @operation("drafts only: somebody has to approve them in the app")
    def publish(self, consignment: Consignment) -> Flow[Publication]:
        """A draft for every profile; see `publishing.publish`."""
        return publishing.publish(consignment)

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        """One request; its profiles must share a group."""
        return publishing.plan(draft)

    def prepare(self, consignment: Consignment) -> Flow[Consignment]:
        """Files become media; unused ones live for 24 hours."""
        return publishing.prepare(consignment)

    settle = unsupported("drafts are only found by their id", "Sprout's calendar")
    withdraw = unsupported("drafts cannot be deleted by the API", "Sprout's calendar")

    def look(self, deliveries: tuple[Delivery, ...]) -> Flow[tuple[Delivery, ...]]:
        """Whether they still are drafts; see `publishing.look`."""
        return publishing.look(deliveries)

    def plan_posts(self, query: PostsQuery) -> Plan[Post]:
        """By at most 100 profiles and a month."""
        return planner.posts(query)

    def plan_messages(self, query: MessagesQuery) -> Plan[Message]:
        """By group and month."""
        return planner_messages.messages(query)

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        """So that profiles x days stay within 10,000."""
        return planner.metrics(query)

    def plan_topic_messages(self, query: TopicQuery) -> Plan[Message]:
        """By month."""
        return planner_messages.topic_messages(query)

    def plan_topic_metrics(self, query: TopicQuery) -> Plan[MetricSeries]:
        """One request."""
        return planner.topic_metrics(query)

    # -- vendor-only calls -------------------------------------------------------------

    def customers(self) -> Flow[list[Customer]]:
        """The accounts that the credentials belong to."""
        request = requests.customers()
        return (yield from _listed(request, CustomerPayload, parse.customer))

    def tags(self) -> Flow[list[Tag]]:
        """Every tag and campaign, archived ones included, deleted ones never."""
        return (yield from _listed(requests.metadata("tags"), TagPayload, parse.tag))

    def groups(self) -> Flow[list[Group]]:
        """Every group of profiles."""
        request = requests.metadata("groups")
        return (yield from _listed(request, GroupPayload, parse.group))

    def users(self) -> Flow[list[User]]:
        """Every active user: personal data."""
        return (yield from _listed(requests.metadata("users"), UserPayload, parse.user))

    def teams(self) -> Flow[list[Team]]:
        """Every team."""
        return (yield from _listed(requests.metadata("teams"), TeamPayload, parse.team))

    def queues(self) -> Flow[list[Queue]]:
        """Every queue of cases."""
        request = requests.metadata("queues")
        return (yield from _listed(request, QueuePayload, parse.queue))

    def upload(self, content: bytes, filename: str, content_type: str) -> Flow[Media]:
        """A file for drafts; beyond 50 MiB in parts. Lives for 24 hours unused."""
        return media.upload(content, filename, content_type)

    def upload_from(self, address: str, content_type: str) -> Flow[Media]:
        """A file that Sprout downloads itself."""
        return media.upload_from(address, content_type)

    def planned(self, publishing_post_id: str) -> Flow[list[Planned]]:
        """What Sprout says of a draft; its state stays PENDING even when published."""
        return publishing.planned(publishing_post_id)

    def cases(
        self,
        window: Window,
        *,
        by: str = "created_time",
        where: Sequence[Condition] = (),
    ) -> Flow[list[Case]]:
        """Cases whose `by` lies in the window; asked for a week at a time."""
        return (yield from _cases(planner_messages.cases(window, by, where)))

    def cases_by_id(self, *ids: str) -> Flow[list[Case]]:
        """The cases with these ids, 100 a request."""
        return (yield from _cases(planner_messages.cases_by_id(ids)))


def _cases(parts: Sequence[CasesPart]) -> Flow[list[Case]]:
    found: dict[str, Case] = {}
    for part in parts:
        page = yield from collect(reads.cases(part))
        found |= {case.vendor_id: case for case in page.items}
    return list(found.values())


def _metadata(
    kind: str, payload: type[P], make: Callable[[P, msgspec.Raw], T]
) -> Stream[T]:
    answer = yield from ask(requests.metadata(kind), Rows, complaint)
    yield Page(rows(answer, decoder(payload), make), answer.issues, answer.source)


def _listed(
    request: Request, payload: type[P], make: Callable[[P], T]
) -> Flow[list[T]]:
    answer = yield from ask(request, Rows, complaint)
    return list(rows(answer, decoder(payload), lambda found, _: make(found)))


def _plain(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidQuery(f"{name} must be text, not {type(value).__name__}")
    if not value.strip() or value in {".", ".."}:
        raise InvalidQuery(f"{name}={value!r} is no id")
    return value
