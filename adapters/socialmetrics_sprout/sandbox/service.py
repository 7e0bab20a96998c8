"""One running service: the world it shows, its clock, and who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Final
from uuid import UUID

import attrs

from socialmetrics.sandbox.limits import Limit, Limiter
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.world import World
from socialmetrics_sprout.sandbox.lens import Lens
from socialmetrics_sprout.sandbox.options import Options
from socialmetrics_sprout.sandbox.refusal import FORBIDDEN, NOT_FOUND, Refusal, bad
from socialmetrics_sprout.sandbox.vocabulary import profile_id

Json = dict[str, object]
MOST_PROFILES: Final = 100
FIRST_DRAFT: Final = 4_567_890


@attrs.define
class Submission:
    """A medium that is being uploaded: the sizes of its parts, by number."""

    customer: int
    parts: dict[int, int]
    waits: int
    begun: datetime


class Service:
    """What all endpoints share."""

    def __init__(self, world: World, options: Options) -> None:
        self.world, self.options = world, options
        month = Limit(options.per_month, options.month_seconds)
        minute = Limit(options.per_minute, options.window_seconds)
        self.limiter = Limiter([minute, month])
        self.answers = 0
        self.uploads = 0
        self.drafts: dict[int, dict[int, Json]] = {}
        self.media: dict[tuple[int, str], datetime] = {}
        self.submissions: dict[str, Submission] = {}

    @cached_property
    def lens(self) -> Lens:
        """The truth that is reported."""
        return Lens(self.world)

    @cached_property
    def _profiles(self) -> dict[int, Account]:
        return {profile_id(one): one for one in self.world.profiles}

    @cached_property
    def case_of(self) -> dict[int, str]:
        """The case of a message, by the message's row."""
        return {case.message.row: case.id for case in self.world.cases}

    @property
    def customers(self) -> tuple[int, ...]:
        """The customers that the token may see."""
        everyone = tuple(customer.id for customer in self.world.customers)
        mine = self.options.customers
        return everyone if mine is None else mine

    def now(self) -> datetime:
        """The service's time, in UTC."""
        clock = self.options.clock
        return self.world.now if clock is None else clock()

    def request_id(self) -> str:
        """A new id for an answer; the same ones in every run."""
        self.answers += 1
        return str(UUID(bytes=blake2b(b"%d" % self.answers, digest_size=16).digest()))

    def next_draft(self) -> int:
        """The number of a new draft."""
        return FIRST_DRAFT + sum(map(len, self.drafts.values()))

    def has_media(self, customer: int, number: str) -> bool:
        """Whether that medium can be used now."""
        until = self.media.get((customer, number))
        return until is not None and until > self.now()

    def customer(self, text: str) -> int:
        """The customer in a path. Refuses unknown (404) and foreign (403) ones."""
        known = {customer.id for customer in self.world.customers}
        found = int(text) if text.isascii() and text.isdigit() else 0
        if found in self.customers:
            return found
        if found in known or found in self.options.foreign:
            raise Refusal(FORBIDDEN, "Not permitted to access this customer")
        raise Refusal(NOT_FOUND, "Not found")

    def profiles_of(self, customer: int) -> list[Account]:
        """Every profile of that customer."""
        return [one for one in self.world.profiles if one.customer == customer]

    def chosen(self, customer: int, ids: Sequence[int]) -> list[Account]:
        """The profiles of those ids, each once. At most 100; others' are refused."""
        if len(ids) > MOST_PROFILES:
            bad(f"At most {MOST_PROFILES} values of customer_profile_id")
        found = [self._profiles.get(one) for one in dict.fromkeys(ids)]
        mine = [one for one in found if one and one.customer == customer]
        if len(mine) < len(found):
            raise Refusal(FORBIDDEN, "Not permitted to access one of the profiles")
        return mine
