"""X's Engagement API: what it can do, and by whose credentials it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import attrs

from socialmetrics.adapter import (
    Adapter,
    Credential,
    MetricCapability,
    Problem,
    operation,
    unsupported,
)
from socialmetrics.allowance import Left
from socialmetrics.auth import Auth, Bearer, ClientCredentials
from socialmetrics.budget import Limit
from socialmetrics.errors import InvalidQuery, MissingCredential
from socialmetrics.model import Profile, Ref
from socialmetrics.oauth1 import Consumer, Owner
from socialmetrics.plan import By, MetricsQuery, Plan, ProfilesPart, Subject
from socialmetrics.reading import Reading
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.settings import secret as secret_of
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Response, Stream
from socialmetrics_x import (
    allowance,
    calls,
    capabilities,
    credentials,
    login,
    planner,
    problems,
    reads,
)
from socialmetrics_x.auth import TOKEN_PATH, Keys
from socialmetrics_x.entries import Endpoint
from socialmetrics_x.grouped import Grouped
from socialmetrics_x.groupings import Groupings
from socialmetrics_x.ids import NETWORK, post_id
from socialmetrics_x.known import Known
from socialmetrics_x.login import PIN, Authorized, RequestToken
from socialmetrics_x.parts import GapPart, PostsPart

if TYPE_CHECKING:
    from socialmetrics.sandbox import Sandbox

AppAuth = Literal["bearer", "oauth1"]
_COUNTS: Final = "X's Engagement API only counts; it has no {}"


@attrs.frozen(kw_only=True)
class X(Adapter):
    """X's Engagement API: totals, the last 28 hours, and history by the hour.

    Private figures are asked for with the token of each post's owner, public totals by
    the app itself. `app_auth` is how the app does that: with a bearer token, given or
    fetched, or ("oauth1") with its signature. The API's own groupings and the steps by
    which an owner lets the app in are vendor-only calls.
    """

    name: ClassVar[str] = "x"
    title: ClassVar[str] = "X Engagement"
    base_url: ClassVar[str] = "https://data-api.x.com"
    auth_url: ClassVar[str | None] = "https://api.x.com"
    steps: ClassVar[tuple[By, ...]] = ("hour", "day")
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(name="consumer_key", meaning="of the app"),
        Credential(name="consumer_secret", meaning="of the app", is_secret=True),
        Credential(
            name="bearer_token",
            meaning="of the app; fetched when it is missing",
            is_secret=True,
        ),
        Credential(
            name="owners",
            meaning="the tokens of posts' owners, as token:secret,token:secret",
            is_secret=True,
        ),
        Credential(name="per_minute", meaning="calls a minute, as the contract says"),
        Credential(
            name="app_auth", meaning="bearer (the default) or oauth1, for public totals"
        ),
    )

    consumer: Consumer | None = None
    bearer: Secret | None = attrs.field(default=None, repr=False)
    owners: Mapping[str, Owner] = attrs.field(factory=dict[str, Owner])
    per_minute: int | None = None
    app_auth: AppAuth = "bearer"
    known: Known = attrs.field(
        default=attrs.Factory(lambda self: Known(self.owners), takes_self=True),
        repr=False,
        eq=False,
        init=False,
    )

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> X:
        """The app's keys, or a bearer token alone; owners need the keys."""
        key = credentials.text(given, "consumer_key")
        secret = secret_of(given, "consumer_secret")
        bearer = secret_of(given, "bearer_token")
        owners = credentials.owners(given)
        if (key is None) != (secret is None) or (key is None and bearer is None):
            raise MissingCredential(
                "x needs consumer_key and consumer_secret: as keywords, as "
                "SOCIALMETRICS_X_CONSUMER_KEY and _CONSUMER_SECRET, or in the [x] "
                "table of socialmetrics.toml; for public totals alone a bearer_token "
                "is enough",
                vendor=cls.name,
            )
        consumer = None if key is None or secret is None else Consumer(key, secret)
        app_auth = _app_auth(given)
        if consumer is None and (owners or app_auth == "oauth1"):
            raise MissingCredential(
                "owners and app_auth='oauth1' need consumer_key and consumer_secret: "
                "the app's signature is made of them",
                vendor=cls.name,
            )
        return cls(
            consumer=consumer,
            bearer=bearer,
            owners=owners,
            per_minute=credentials.per_minute(given),
            app_auth=app_auth,
        )

    @classmethod
    def metric_capabilities(cls) -> tuple[MetricCapability, ...]:
        """Every metric of every endpoint."""
        return capabilities.metrics()

    @classmethod
    def all_readings(cls) -> tuple[Reading, ...]:
        """What every metric of every endpoint counts or counted."""
        return capabilities.all_readings()

    @classmethod
    def caveats(cls) -> str:
        """What is known of how its figures compare."""
        return files("socialmetrics_x").joinpath("caveats.toml").read_text("utf-8")

    @classmethod
    def sandbox(cls, **options: object) -> Sandbox:
        """The simulated server; `options` are those of `sandbox.Options`."""
        from socialmetrics.sandbox.world import World
        from socialmetrics_x.sandbox import sandbox

        return sandbox(World(), **options)

    def auth(self) -> Auth:
        """All credentials; each request says which one it needs."""
        return Keys(consumer=self.consumer, owners=self.owners, app=self._app())

    def _app(self) -> Bearer | ClientCredentials | None:
        if self.app_auth == "oauth1":
            return None
        if self.consumer is None:
            return Bearer(self.bearer or Secret(""))
        return ClientCredentials(
            self.consumer.key,
            self.consumer.secret,
            TOKEN_PATH,
            has_header=True,
            first=self.bearer,
        )

    def problem(self, response: Response) -> Problem:
        """The texts of `errors`."""
        return problems.problem(response)

    def own_limits(self) -> tuple[Limit, ...]:
        """What the contract allows, if it was told."""
        return (Limit(self.per_minute, 60.0),) if self.per_minute else ()

    def asked_wait(self, response: Response) -> float | None:
        """`Retry-After`, or until the minute or second that is used up ends."""
        return allowance.asked_wait(response)

    def left(self, response: Response) -> tuple[Left, ...]:
        """What the headers say is left of the minute and of the second."""
        return allowance.left(response)

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        """What canonical names stand for, for that post and window."""
        return capabilities.readings(subject, window)

    @staticmethod
    def named(text: str) -> Ref | None:
        """The post of an id or of a post's address; None for other text."""
        with suppress(InvalidQuery):
            return Ref(NETWORK, post_id(text))
        return None

    @property
    def owners_asked(self) -> Mapping[str, tuple[str, ...]]:
        """The owners that were asked for since the client was made, by month (UTC).

        Contracts count distinct owners by month, and bill them; X has no call for it.
        """
        return self.known.asked_by_month

    # -- neutral operations ------------------------------------------------------------

    @operation("the owners of the credentials, by their user ids")
    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        """Nobody is asked: a token begins with its owner's user id."""
        yield from ()
        yield Page(
            tuple(_profile(o.user_id) for o in self.owners.values() if o.user_id)
        )

    posts = unsupported(_COUNTS.format("list of posts"), "hootsuite", "sprout")
    messages = unsupported(_COUNTS.format("messages"), "hootsuite_legacy", "sprout")
    topics = unsupported(_COUNTS.format("listening"), "sprout")
    topic_messages = unsupported(_COUNTS.format("listening"), "sprout")
    topic_metrics = unsupported(_COUNTS.format("listening"), "sprout")
    publish = unsupported(_COUNTS.format("publishing"), "hootsuite", "sprout")

    @operation("posts: totals of any age, by hour or day for their owners")
    def metrics(self, part: PostsPart) -> Stream[MetricSeries]:
        """The figures of one part."""
        if isinstance(part, GapPart):
            yield reads.gap(part, part.status)
        else:
            yield from reads.Reader(part, self.known).read()

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        """By owner, 250 or 25 posts, and 28 days."""
        return planner.metrics(query, self.known)

    # -- vendor-only calls -------------------------------------------------------------

    def engagement(
        self,
        endpoint: Endpoint,
        posts: Sequence[str],
        metrics: Sequence[str],
        groupings: Groupings,
        *,
        window: Window | None = None,
        owner: str | None = None,
    ) -> Flow[Grouped]:
        """The API in its own words: up to three groupings, names of its own metrics.

        `posts` are ids or addresses, any number of them; `window` is for historical,
        of any length. `owner` is the user id of whose token is used: by default the
        only one, or the app itself where totals are public. Raises `InvalidQuery`
        with the rule for what the API does not take.
        """
        question = calls.question(
            endpoint,
            posts,
            metrics,
            groupings,
            owner=owner,
            owners=self.known.owners,
            window=window,
        )
        return calls.grouped(question, self.known)

    # An owner lets the app in, in two calls with the owner's yes in between.

    def request_token(self, callback: str = PIN) -> Flow[RequestToken]:
        """Begins a login: its `address` is where the owner says yes.

        The owner is then shown a PIN; or, where `callback` is an address, the browser
        is sent there. Raises `MissingCredential` without consumer keys, `InvalidQuery`
        for a callback that is no address, and `AuthRefused`.
        """
        return login.request_token(self.consumer, callback)

    def access_token(
        self, request_token: RequestToken, verifier: str
    ) -> Flow[Authorized]:
        """Ends a login: the account's token, for the setting `owners` of a new client.

        `verifier` is what `request_token.verifier` makes of the owner's answer. Raises
        `AuthRefused` where it is wrong or was used.
        """
        return login.access_token(self.consumer, request_token, verifier)


def _app_auth(given: Mapping[str, object]) -> AppAuth:
    told = credentials.text(given, "app_auth") or "bearer"
    if told == "oauth1":
        return "oauth1"
    if told == "bearer":
        return "bearer"
    raise InvalidQuery(f"app_auth={told!r} must be 'bearer' or 'oauth1'")


def _profile(user_id: str) -> Profile:
    return Profile(ref=Ref(NETWORK, user_id), vendor_id=user_id, name=user_id)
