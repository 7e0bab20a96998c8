"""One running service: the world it shows, its clocks, and who may see what."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate
from time import time
from typing import Final

from socialmetrics.sandbox.limits import Limit
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox.gate import Bearers, Gate
from socialmetrics_x.sandbox.keys import Tokens, owners
from socialmetrics_x.sandbox.options import Options
from socialmetrics_x.sandbox.quota import Quota
from socialmetrics_x.sandbox.refusal import FORBIDDEN, TOO_MANY, Refusal
from socialmetrics_x.sandbox.signature import Notary
from socialmetrics_x.sandbox.steps import Steps
from socialmetrics_x.sandbox.truth import Lens

_TOLD: Final = {"none": (), "minute": ("minute",), "second": ("minute", "second")}


class Service:
    """What all endpoints share."""

    def __init__(self, world: World, options: Options) -> None:
        self.world, self.options = world, options
        self.lens = Lens(world)
        self._limited = 0
        accounts = owners(world)
        notary, tokens = Notary(self.seconds), Tokens(accounts, options.revoked)
        bearers = Bearers(options.bearer_uses)
        self.gate = Gate(tokens, bearers, notary)
        self.steps = Steps(accounts, tokens, bearers, notary)
        limits = {"minute": Limit(options.per_minute, options.minute_seconds)}
        if options.per_second is not None:
            limits["second"] = Limit(options.per_second, 1.0)
        self._quota = Quota(limits, self.seconds)

    def now(self) -> datetime:
        """The time of the data, in UTC."""
        clock = self.options.clock
        return self.world.now if clock is None else clock()

    def seconds(self) -> float:
        """The server's own time, by which signatures and limits are judged."""
        return time() + self.options.skew

    def date(self) -> str:
        """The same, as the `Date` header has it."""
        return formatdate(self.seconds(), usegmt=True)

    def admit(self) -> None:
        """Lets one request of the app in, or refuses it."""
        full = self._quota.admit()
        if full is not None:
            text = f"Your app is over its rate limit per {full}"
            raise Refusal(TOO_MANY, text)
        if not self.options.is_approved:
            raise Refusal(FORBIDDEN, "Your application id is not authorized.")
        every = self.options.limited_200
        self._limited += 1
        if every and self._limited % every == 0:
            raise Refusal(200, "Your app is over its rate limit")

    def limits(self) -> dict[str, str]:
        """The headers that tell about limits."""
        told: dict[str, str] = {}
        for name in _TOLD[self.options.headers]:
            told |= self._quota.headers(name)
        return told
