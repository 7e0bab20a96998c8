"""Hootsuite's Engagement API 2: what it can do, and the order in which it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

import attrs

from socialmetrics.adapter import (
    Adapter,
    Credential,
    Problem,
    operation,
    unsupported,
)
from socialmetrics.auth import Auth, Bearer, checked
from socialmetrics.budget import Limit
from socialmetrics.errors import MissingCredential, PermissionDenied
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Message,
    Post,
    Profile,
    Publication,
)
from socialmetrics.plan import MessagesQuery, Plan, PostsQuery, ProfilesPart
from socialmetrics.secret import Secret
from socialmetrics.settings import secret as secret_of
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Page, Response, Stream
from socialmetrics_hootsuite.legacy import (
    answers,
    newer,
    parse,
    payloads,
    planner,
    problems,
    publishing,
    reader,
    receipts,
    requests,
    settle,
    streams,
)
from socialmetrics_hootsuite.legacy.newer import Newer, Seen
from socialmetrics_hootsuite.legacy.parts import MessagesPart, PostsPart
from socialmetrics_hootsuite.legacy.payloads import NetworkPayload
from socialmetrics_hootsuite.legacy.streams import VendorStream

if TYPE_CHECKING:
    from socialmetrics.sandbox import Sandbox

_NETWORK: Final = decoder(NetworkPayload)
_COUNTS: Final = "Hootsuite's Engagement API 2 has no figures"
_LISTENS: Final = "Hootsuite's Engagement API 2 has no listening topics"


@attrs.frozen(kw_only=True)
class HootsuiteLegacy(Adapter):
    """Hootsuite's Engagement API 2 of 2012, which the Platform API replaced.

    It publishes, and reads the streams of X and Facebook profiles. The limit is 300
    streams an hour, so a call counts for as many as it names. Tokens are not renewed.
    It does not tell the networks' own ids of profiles: their `ref` is "hootsuite:" and
    Hootsuite's id, which no network uses.
    `newer` looks for what came to a stream since the last time: a vendor-only call, run
    with `client.run(client.adapter.newer(stream, last_seen))`.
    """

    name: ClassVar[str] = "hootsuite_legacy"
    title: ClassVar[str] = "Hootsuite Engagement API 2"
    base_url: ClassVar[str] = "https://api.hootsuite.com/api/2"
    limits: ClassVar[tuple[Limit, ...]] = (Limit(300, 3600.0),)
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(
            name="access_token",
            meaning="of a member who let the app in; lasts about a year",
            is_secret=True,
        ),
    )

    access_token: Secret = attrs.field(repr=False)

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> HootsuiteLegacy:
        """The token. Raises `MissingCredential` without one."""
        token = secret_of(given, "access_token")
        if token is None:
            raise MissingCredential(
                "hootsuite_legacy needs access_token: as a keyword, as "
                "SOCIALMETRICS_HOOTSUITE_LEGACY_ACCESS_TOKEN, or in the "
                "[hootsuite_legacy] table of socialmetrics.toml",
                vendor=cls.name,
            )
        return cls(access_token=checked("access_token", token))

    @classmethod
    def sandbox(cls, **options: object) -> Sandbox:
        """The simulated server; `options` are those of `sandbox.Options`."""
        from socialmetrics.sandbox.world import World
        from socialmetrics_hootsuite.legacy.sandbox import sandbox

        return sandbox(World(), **options)

    def auth(self) -> Auth:
        """A bearer that nothing renews."""
        return Bearer(self.access_token)

    def problem(self, response: Response) -> Problem:
        """`error` of the body, and whether a limit refused."""
        return problems.problem(response)

    def asked_wait(self, response: Response) -> float | None:
        """`Retry-After`; an hour for a limit that does not say."""
        return problems.asked_wait(response)

    # -- neutral operations ------------------------------------------------------------

    @operation("every social network of the member, without the networks' own ids")
    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        """Every profile of the member."""
        answer = yield from answers.asked(requests.networks())
        rows = payloads.listed(answer.payload, "results")
        if rows is None:
            raise answers.unreadable(answer, "it holds no list of social networks")
        items, odd = answers.read(answer, rows, _NETWORK, parse.profile, "$")
        yield Page(items, (*answer.issues, *odd), answer.source)

    @operation("what profiles on X sent, newest first, without figures")
    def posts(self, part: PostsPart) -> Stream[Post]:
        """The posts of one part."""
        return reader.posts(part)

    @operation("ten kinds of streams of X and Facebook, each newest first")
    def messages(self, part: MessagesPart) -> Stream[Message]:
        """The messages of one part."""
        return reader.messages(part)

    metrics = unsupported(_COUNTS, "hootsuite", "sprout", "x")
    topics = unsupported(_LISTENS, "sprout")
    topic_messages = unsupported(_LISTENS, "sprout")
    topic_metrics = unsupported(_LISTENS, "sprout")

    @operation("now, at a time (rounded up to five minutes), or when Hootsuite picks")
    def publish(self, consignment: Consignment) -> Flow[Publication]:
        """Sends it once, and never again: nobody can tell whether it is there."""
        try:
            response = yield publishing.request(consignment.draft)
        except PermissionDenied as err:
            limit = answers.limited(err)
            if limit is None:
                raise
            raise limit from err
        return receipts.receipt(consignment, response)

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        """One request; links instead of media."""
        return publishing.plan(draft, now)

    def settle(
        self, consignment: Consignment, sent_at: datetime
    ) -> Flow[tuple[Delivery, ...]]:
        """Tweets that were sent at once are found in their stream, nothing else is."""
        return settle.settle(consignment, sent_at)

    def plan_posts(self, query: PostsQuery) -> Plan[Post]:
        """By five SENT streams."""
        return planner.posts(query)

    def plan_messages(self, query: MessagesQuery) -> Plan[Message]:
        """By five streams; `where={"streams": [...]}` names which."""
        return planner.messages(query)

    # -- vendor-only calls -------------------------------------------------------------

    def stream(self, profile: Profile, kind: str) -> VendorStream:
        """A stream to poll, like "HOME" or "F_WALL". Raises `InvalidQuery`."""
        return streams.stream(profile, kind)

    def newer(self, stream: VendorStream, last_seen: Seen | None = None) -> Flow[Newer]:
        """What came since `last_seen`, all of it, and the next mark.

        Without a mark the newest page. Costs a stream a page of 30.
        """
        return newer.newer(stream, last_seen)
