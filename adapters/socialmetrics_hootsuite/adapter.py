"""Hootsuite's Platform API: what it can do, and the order in which it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar

import attrs

from socialmetrics.adapter import (
    Adapter,
    Credential,
    MetricCapability,
    Problem,
    operation,
    unsupported,
)
from socialmetrics.auth import Auth
from socialmetrics.budget import Limit
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    File,
    Media,
    Post,
    Profile,
    Publication,
)
from socialmetrics.oauth2 import Keys, Server
from socialmetrics.plan import (
    MetricsQuery,
    Plan,
    PostsQuery,
    ProfilesPart,
    Subject,
)
from socialmetrics.reading import Reading
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Response, Stream
from socialmetrics_hootsuite import (
    allowance,
    analytics,
    credentials,
    lifecycle,
    media,
    messages,
    posts,
    problems,
    profiles,
    publishing,
    settling,
)
from socialmetrics_hootsuite.analytics import DaysPart, PostFiguresPart
from socialmetrics_hootsuite.lifecycle import Reviewer
from socialmetrics_hootsuite.models import Action, Outbound
from socialmetrics_hootsuite.posts import PostsPart

if TYPE_CHECKING:
    from socialmetrics.sandbox import Sandbox

_NO_INBOX = "Hootsuite's Platform API shows no messages that others wrote"
_NO_LISTENING = "Hootsuite's Platform API has no listening topics"


@attrs.frozen(kw_only=True)
class Hootsuite(Adapter):
    """Hootsuite's Platform API, version 1, and its Analytics API.

    Profiles, publishing, posts and their figures. Outbound messages, their review and
    deletion, uploads and the posts that changed are vendor-only calls: flows and
    streams, run with `client.run(client.adapter.approve("123", 2))`.
    """

    name: ClassVar[str] = "hootsuite"
    title: ClassVar[str] = "Hootsuite"
    base_url: ClassVar[str] = "https://platform.hootsuite.com"
    limits: ClassVar[tuple[Limit, ...]] = allowance.LIMITS
    server: ClassVar[Server] = credentials.SERVER
    credentials: ClassVar[tuple[Credential, ...]] = server.credentials

    keys: Keys

    @classmethod
    def from_credentials(cls, given: Mapping[str, object]) -> Hootsuite:
        """The app and its user, or a token alone. Raises `MissingCredential`."""
        return cls(keys=Keys.of(cls.server, given, vendor=cls.name))

    @classmethod
    def metric_capabilities(cls) -> tuple[MetricCapability, ...]:
        """Every metric of the Analytics API."""
        return analytics.metric_capabilities()

    @classmethod
    def all_readings(cls) -> tuple[Reading, ...]:
        """What every metric of the Analytics API counts, as far as it is known."""
        return analytics.all_readings()

    @classmethod
    def caveats(cls) -> str:
        """What is known of how its figures compare."""
        return (
            files("socialmetrics_hootsuite").joinpath("caveats.toml").read_text("utf-8")
        )

    @classmethod
    def sandbox(cls, **options: object) -> Sandbox:
        """The simulated server; `options` are those of `sandbox.Options`."""
        from socialmetrics.sandbox.world import World
        from socialmetrics_hootsuite.sandbox import sandbox

        return sandbox(World(), **options)

    def auth(self) -> Auth:
        """The user's tokens, or the app's; renewed where the token is refused."""
        return self.keys.auth(concerns_token=problems.is_about_token)

    def problem(self, response: Response) -> Problem:
        """`errors` of the body with their codes; OAuth, gateways and stores differ."""
        return problems.problem(response)

    def asked_wait(self, response: Response) -> float | None:
        """The next second; without end where the day's calls are used up."""
        return allowance.asked_wait(response)

    def readings(
        self, subject: Subject, window: Window | None, today: date
    ) -> tuple[Reading, ...]:
        """What canonical names stand for at that subject's level and network."""
        return analytics.readings(subject, window, today)

    # -- neutral operations ------------------------------------------------------------

    @operation("every profile that the member reaches; names on X are hidden")
    def profiles(self, part: ProfilesPart) -> Stream[Profile]:
        """Every profile."""
        return profiles.profiles()

    @operation("what was sent with it and what its analytics know, joined")
    def posts(self, part: PostsPart) -> Stream[Post]:
        """The posts of one part."""
        return posts.posts(part)

    @operation("profiles by day, posts from publication to now; never LinkedIn")
    def metrics(self, part: DaysPart | PostFiguresPart) -> Stream[MetricSeries]:
        """The figures of one part."""
        return analytics.metrics(part)

    messages = unsupported(_NO_INBOX, "hootsuite_legacy", "sprout")
    topics = unsupported(_NO_LISTENING, "sprout")
    topic_messages = unsupported(_NO_LISTENING, "sprout")
    topic_metrics = unsupported(_NO_LISTENING, "sprout")

    @operation("at once or planned; not TikTok, YouTube, Instagram business, WhatsApp")
    def publish(self, consignment: Consignment) -> Flow[Publication]:
        """One request, which makes a message for each profile."""
        return publishing.publish(consignment)

    def plan_posts(self, query: PostsQuery) -> Plan[Post]:
        """By network, at most ten profiles, and less than four weeks."""
        return posts.plan_posts(query)

    def plan_metrics(self, query: MetricsQuery) -> Plan[MetricSeries]:
        """By at most ten profiles of one network."""
        return analytics.plan_metrics(query)

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        """X and Pinterest by profile, all others together."""
        return publishing.plan(draft, now)

    def prepare(self, consignment: Consignment) -> Flow[Consignment]:
        """Its files uploaded, and waited for."""
        return media.prepared(consignment)

    def settle(
        self, consignment: Consignment, sent_at: datetime
    ) -> Flow[tuple[Delivery, ...]]:
        """By text, profile and time, in the list of outbound messages."""
        return settling.settle(consignment, sent_at)

    def look(self, deliveries: tuple[Delivery, ...]) -> Flow[tuple[Delivery, ...]]:
        """Each message as it is now."""
        return settling.look(deliveries)

    def withdraw(self, delivery: Delivery) -> Flow[None]:
        """Deletes the message; a post that is out stays on its network."""
        return settling.withdrawn(delivery)

    # -- vendor-only calls -------------------------------------------------------------

    def outbound(
        self,
        window: Window,
        profiles: Sequence[Profile] = (),
        *,
        state: str | None = None,
        unscheduled: bool = False,
    ) -> Stream[Outbound]:
        """Messages planned, in review or sent; see `messages.outbound`."""
        return messages.outbound(
            window,
            profiles=[each.vendor_id for each in profiles],
            state=state,
            unscheduled=unscheduled,
        )

    def changed_posts(
        self, profiles: Sequence[Profile], since: date, metrics: Sequence[str] = ()
    ) -> Stream[Post]:
        """Posts that changed since that day, as the Analytics API has them."""
        return posts.changed_posts(profiles, since, metrics)

    def message(self, vendor_id: str) -> Flow[Outbound]:
        """One message. It cannot be seen while it is handed to the network."""
        return lifecycle.message(vendor_id)

    def history(self, vendor_id: str) -> Flow[tuple[Action, ...]]:
        """The review of a message, step by step."""
        return lifecycle.history(vendor_id)

    def approve(
        self, vendor_id: str, sequence_number: int, reviewer: Reviewer = "EXTERNAL"
    ) -> Flow[None]:
        """Lets a message through one step of its review."""
        return lifecycle.approve(vendor_id, sequence_number, reviewer)

    def reject(
        self,
        vendor_id: str,
        sequence_number: int,
        reason: str,
        reviewer: Reviewer = "EXTERNAL",
    ) -> Flow[None]:
        """Sends a message back."""
        return lifecycle.reject(vendor_id, sequence_number, reason, reviewer)

    def delete(self, vendor_id: str) -> Flow[None]:
        """Removes a message that is not out yet."""
        return lifecycle.delete(vendor_id)

    def upload(self, file: File) -> Flow[Media]:
        """A file for drafts, once Hootsuite is done with it."""
        return media.upload(file)
