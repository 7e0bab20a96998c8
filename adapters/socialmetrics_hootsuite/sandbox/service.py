"""One running service: the world it shows, its clock, and what was done to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.sandbox.grants import Grants
from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.options import FAULTY, Options
from socialmetrics_hootsuite.sandbox.outbox import Action, Message, Outbox
from socialmetrics_hootsuite.sandbox.profiles import (
    SocialProfile,
    member_id,
    profiles,
)
from socialmetrics_hootsuite.sandbox.quota import Quota
from socialmetrics_hootsuite.sandbox.refusal import Json, refuse
from socialmetrics_hootsuite.sandbox.truth import Lens
from socialmetrics_hootsuite.sandbox.uploads import Uploads
from socialmetrics_hootsuite.sandbox.webhooks import Webhooks

Pairs = Sequence[tuple[str, str]]


class Service:
    """What all endpoints share, and what tests look at.

    `outbox` holds the messages, `grants` the tokens, `uploads` the media, `lens` the
    truth of the figures, `webhooks` what would be delivered. `faults` are the ones that
    still wait for their call, by operation; tests may add some. `requests` are the
    calls that were let in: method and path, in order.
    """

    def __init__(self, world: World, options: Options) -> None:
        self.world, self.options = world, options
        self._moved = timedelta(0)
        self._traces = 0
        member = Caller(
            member_id=member_id(world),
            organization_id=None,
            scopes=frozenset(options.app_scopes),
        )
        self.grants = Grants(options, self.now, member)
        self.quota = Quota(options, self.now)
        self.uploads = Uploads(options.media_wait, options.upload_seconds)
        self.webhooks = Webhooks()
        self.faults = {name: deque(options.faults.get(name, ())) for name in FAULTY}
        self.requests: list[tuple[str, str]] = []
        self.profiles = {one.id: one for one in profiles(world)}
        self.outbox = Outbox(world, self.profiles, self.now, options.submit_seconds)

        for name in ("reauth", "failing", "partial", "review"):
            strange = sorted(set(getattr(options, name)) - set(self.profiles))
            if strange:
                raise InvalidQuery(f"{name}: there are no profiles {strange}")

    @cached_property
    def lens(self) -> Lens:
        """The truth that is reported."""
        return Lens(self.world, self.options.lags, self.options.novel)

    def now(self) -> datetime:
        """The service's time, in UTC."""
        clock = self.options.clock
        return (self.world.now if clock is None else clock()) + self._moved

    def advance(self, by: timedelta) -> None:
        """Moves the service's time on: messages go out, tokens end.

        Raises `InvalidQuery` for a step back. The world's figures end at its own now.
        """
        if by < timedelta(0):
            raise InvalidQuery(f"by={by} would move the clock back")
        self._moved += by

    def profile(self, number: str) -> SocialProfile:
        """The profile of that id. Refuses ids that the member cannot reach."""
        found = self.profiles.get(number)
        if found is None:
            refuse(4001, resource=("socialProfile", number))
        return found

    def allow(self, operation: str) -> None:
        """Refuses an operation that the member's role does not hold."""
        code = self.options.denied.get(operation)
        if code is not None:
            refuse(code)

    def next_fault(self, operation: str) -> str:
        """What happens to the call that is answered now; "" nothing."""
        waiting = self.faults[operation]
        return waiting.popleft() if waiting else ""

    def trace(self) -> str:
        """A new id for an error; the same ones in every run."""
        self._traces += 1
        digest = blake2b(b"trace %d" % self._traces, digest_size=11).hexdigest()
        return f"{digest[:16]}-{digest[16:]}"

    def traced(self, entries: Sequence[Json]) -> list[Json]:
        """The complaints, with an id each."""
        return [{**each, "id": self.trace()} for each in entries]

    def record(self, message: Message, kind: str) -> None:
        """Writes down what a member did with a message."""
        message.actions.append(Action("MEMBER", message.member, kind, self.now()))

    def ending(self, message: Message) -> Iterator[Action]:
        """What the system did with a message since."""
        kind = _ENDINGS.get(self.outbox.state(message))
        at = message.actions[-1].at if kind == "SCHEDULE" else message.at
        if kind is not None and at is not None:
            yield Action("SYSTEM", None, kind, at)

    def event(self, number: str, state: str | None = None) -> list[Json]:
        """The webhook body that tells of a message; `state` (default: its own)."""
        message = self.outbox.find(number)
        if message is None:
            raise InvalidQuery(f"there is no message {number}")
        told = self.outbox.state(message) if state is None else state
        return self.webhooks.message(message, told, self.now())


_ENDINGS = {
    "SCHEDULED": "SCHEDULE",
    "SENT": "SEND",
    "SEND_FAILED_PERMANENTLY": "SENDFAIL",
    "EXPIRED_APPROVAL": "EXPIRE",
}
