"""What a vendor's adapter is, and how it says what it can and cannot do.

An adapter is plain, frozen values and generators. The declarations in its class body
(`@operation`, `unsupported`) are what the client checks before sending, what
`capabilities()` lists and what the support matrix is made from: one source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Final, Never, NoReturn, TypeAlias, TypeVar

import attrs

from socialmetrics import retry
from socialmetrics.errors import Refused, Unavailable, Unsupported
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Message,
    Post,
    Profile,
    Publication,
    Ref,
    Topic,
)
from socialmetrics.plan import (
    By,
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
from socialmetrics.reading import Level, Reading
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Response, Stream

if TYPE_CHECKING:
    from socialmetrics.allowance import Left
    from socialmetrics.auth import Auth
    from socialmetrics.budget import Limit
    from socialmetrics.sandbox import Sandbox
    from socialmetrics.series import MetricSeries

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

OPERATIONS: Final = (
    "profiles",
    "posts",
    "messages",
    "metrics",
    "topics",
    "topic_messages",
    "topic_metrics",
    "publish",
)


@attrs.frozen(kw_only=True)
class Capability:
    """One operation of one vendor: whether it is there, how deep, or why not."""

    operation: str
    supported: bool
    detail: str
    alternatives: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class MetricCapability:
    """One metric of one vendor, network and level, and what it counts there."""

    metric: str
    name: str
    network: str
    level: Level
    detail: str


@attrs.frozen(kw_only=True)
class Capabilities:
    """All that a vendor's adapter can do, from the declarations that it runs by."""

    vendor: str
    operations: tuple[Capability, ...]
    metrics: tuple[MetricCapability, ...]


@attrs.frozen(kw_only=True)
class Credential:
    """A keyword of `connect` for this vendor, and what it is."""

    name: str
    meaning: str
    is_secret: bool = False


Kind: TypeAlias = type[Refused] | type[Unavailable]


@attrs.frozen(kw_only=True)
class Problem:
    """What the vendor says went wrong, in its words.

    `kind` is the error that it becomes where the HTTP status of a 4xx says too little
    or the wrong thing. `told` is for the adapter itself: it is handed on as the error's
    `told`.
    """

    message: str
    code: str | None = None
    kind: Kind | None = None
    told: object = None


def operation(detail: str) -> Callable[[F], F]:
    """Marks a method as a supported operation; `detail` says what one gets."""

    def declare(method: F) -> F:
        _DECLARED[method] = (True, detail, ())
        return method

    return declare


def unsupported(reason: str, *alternatives: str) -> Callable[..., NoReturn]:
    """An operation that the vendor lacks: raises `Unsupported`, says who can."""

    def refuse(adapter: Adapter, *_: object, **__: object) -> NoReturn:
        raise Unsupported(reason, vendor=adapter.name, alternatives=alternatives)

    _DECLARED[refuse] = (False, reason, alternatives)
    return refuse


_DECLARED: Final[dict[object, tuple[bool, str, tuple[str, ...]]]] = {}
_NOT_OFFERED: Final = "this adapter does not offer it"


class Adapter:
    """The base of every adapter: names, limits, and operations as generators.

    Subclasses are frozen attrs classes. `request_id_header` and `api_version_header`
    are the lower-case names of the vendor's headers. `networks` that an answer may
    name are open. `steps` are those in which it tells figures of a window, the
    smallest first. `largest_file` is in bytes. Everything here is pure: no I/O, no
    clock, no threads.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    base_url: ClassVar[str]
    auth_url: ClassVar[str | None] = None
    steps: ClassVar[tuple[By, ...]] = ("day",)
    limits: ClassVar[tuple[Limit, ...]] = ()
    credentials: ClassVar[tuple[Credential, ...]] = ()
    largest_file: ClassVar[int] = 2**30
    request_id_header: ClassVar[str] = "x-request-id"
    api_version_header: ClassVar[str] = "x-api-version"

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> Adapter:
        """The adapter for those settings. Raises `MissingCredential`."""
        raise NotImplementedError

    @classmethod
    def metric_capabilities(cls) -> tuple[MetricCapability, ...]:
        """Every metric it can deliver today's way, from its readings."""
        return ()

    @classmethod
    def all_readings(cls) -> tuple[Reading, ...]:
        """What all its metrics count or ever counted, former meanings included.

        The network "*" stands for any. `note` says, too, since when and until when the
        vendor answers for it, and where its meaning is known from if not from the
        vendor. The metric dictionary is made of them.
        """
        return ()

    @classmethod
    def caveats(cls) -> str | None:
        """What keeps its figures from being compared as they are, as TOML.

        The rules and orders of `socialmetrics.comparison.rulefile`; None without any.
        """
        return None

    @classmethod
    def sandbox(cls, **options: object) -> Sandbox:
        """The vendor's simulated server. Raises `Unsupported` where there is none."""
        raise Unsupported("this adapter brings no sandbox", vendor=cls.name)

    @classmethod
    def capabilities(cls) -> Capabilities:
        """What it can do, and why not where it cannot."""
        return Capabilities(
            vendor=cls.name,
            operations=tuple(map(cls.declared, OPERATIONS)),
            metrics=cls.metric_capabilities(),
        )

    @classmethod
    def declared(cls, operation: str) -> Capability:
        """What the class body says about one operation."""
        told = _DECLARED.get(getattr(cls, operation), (False, _NOT_OFFERED, ()))
        supported, detail, alternatives = told
        return Capability(
            operation=operation,
            supported=supported,
            detail=detail,
            alternatives=alternatives,
        )

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        """The readings that canonical names stand for, for figures of that subject."""
        return ()

    @staticmethod
    def named(text: str) -> Ref | None:
        """What that text names without a question; None: a name to look up."""
        return None

    def auth(self) -> Auth:
        """A new credential bearer for one client."""
        raise NotImplementedError

    def problem(self, response: Response) -> Problem:
        """What the vendor's error answer says."""
        raise NotImplementedError

    def own_limits(self) -> tuple[Limit, ...]:
        """The limits for these credentials, unless the user sets a budget."""
        return self.limits

    def asked_wait(self, response: Response) -> float | None:
        """The seconds that a refusing answer asks for; None where it does not."""
        return retry.asked_wait(response.headers, response.at)

    def left(self, response: Response) -> tuple[Left, ...]:
        """What the answer says is left of the vendor's allowance."""
        return ()

    def lookup(self, name: str) -> Flow[str]:
        """The value for `{name}` in request paths, asked for once a client."""
        raise NotImplementedError

    def read(self, part: Part[T]) -> Stream[T]:
        """The stream of one part, by the operation that the part names."""
        stream: Stream[T] = getattr(self, part.operation)(part)
        return stream

    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        """Every account that the credentials reach."""
        return self._not_offered()

    def posts(self, part: Never) -> Stream[Post]:
        """The posts of one part of a plan."""
        return self._not_offered()

    def messages(self, part: Never) -> Stream[Message]:
        """The inbox messages of one part of a plan."""
        return self._not_offered()

    def metrics(self, part: Never) -> Stream[MetricSeries]:
        """The figures of one part of a plan, as columns."""
        return self._not_offered()

    def topics(self, part: TopicsPart) -> Stream[Topic]:
        """Every listening topic that the credentials reach."""
        return self._not_offered()

    def topic_messages(self, part: Never) -> Stream[Message]:
        """The listening messages of one part of a plan."""
        return self._not_offered()

    def topic_metrics(self, part: Never) -> Stream[MetricSeries]:
        """The listening figures of one part of a plan, as columns."""
        return self._not_offered()

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        """What will be sent, one a request, checked before anything is.

        Raises `InvalidQuery` for what the vendor cannot take.
        """
        return self._not_offered()

    def prepare(self, consignment: Consignment) -> Flow[Consignment]:
        """What may be done twice without harm: files become media of the vendor."""
        yield from ()
        return consignment

    def publish(self, consignment: Consignment) -> Flow[Publication]:
        """The draft sent to the vendor; the receipt has one delivery for a profile.

        Where some were refused, theirs is "failed". Raises what `errors.py` draws
        where all were surely refused, `OutcomeUnknown` where it may have happened.
        """
        return self._not_offered()

    def settle(
        self, consignment: Consignment, sent_at: datetime
    ) -> Flow[tuple[Delivery, ...]]:
        """What the vendor has of what was sent then: none where it has nothing.

        Several for one profile where it is there more than once. Files come without
        their contents.
        """
        raise Unsupported("what was published cannot be read back", vendor=self.name)

    def look(self, deliveries: tuple[Delivery, ...]) -> Flow[tuple[Delivery, ...]]:
        """The same deliveries as the vendor has them now."""
        yield from ()
        return deliveries

    def withdraw(self, delivery: Delivery) -> Flow[None]:
        """Takes back what is not out yet."""
        raise Unsupported("nothing can be withdrawn", vendor=self.name)

    def plan_posts(self, query: PostsQuery) -> Plan[Post]:
        """How those posts would be read."""
        return self._not_offered()

    def plan_messages(self, query: MessagesQuery) -> Plan[Message]:
        """How those messages would be read."""
        return self._not_offered()

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        """How those figures would be read, and which are missing and why."""
        return self._not_offered()

    def plan_topic_messages(self, query: TopicQuery) -> Plan[Message]:
        """How those listening messages would be read."""
        return self._not_offered()

    def plan_topic_metrics(self, query: TopicQuery) -> Plan[MetricSeries]:
        """How those listening figures would be read."""
        return self._not_offered()

    def _not_offered(self) -> NoReturn:
        raise Unsupported(_NOT_OFFERED, vendor=self.name)
