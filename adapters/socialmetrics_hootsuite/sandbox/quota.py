"""How many requests an account may send, and what the answers tell about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, NoReturn

from socialmetrics.sandbox.limits import Limit, Limiter
from socialmetrics_hootsuite.sandbox.options import Options
from socialmetrics_hootsuite.sandbox.refusal import Refusal, refuse

_NODES: Final = (0, 3, 1, 0, 5, 2, 0)
_IDLE_OF_TEN: Final = 7


class Quota:
    """A limit for every second (real ones) and for every day (UTC) of the service.

    Refused requests are not counted.
    """

    def __init__(self, options: Options, now: Callable[[], datetime]) -> None:
        self._options, self._now = options, now
        self._second = Limiter([Limit(options.per_second, 1.0)])
        self._day: date | None = None
        self.used = 0
        self._answers = 0

    def admit(self) -> None:
        """Counts one request, or refuses it with 429."""
        today = self._now().date()
        if today != self._day:
            self._day, self.used = today, 0
        if self.used >= self._options.per_day or not self._second.admit():
            self.refuse(is_plain=self._options.plain_rate)
        self.used += 1

    def refuse(self, *, is_plain: bool) -> NoReturn:
        """Says that the limit is reached; as a text, or with the documented code."""
        if is_plain:
            most = self._options.per_second
            raise Refusal(429, f"max rate reached: {most} requests per second")
        refuse(1003)

    def headers(self) -> dict[str, str]:
        """What every answer tells; what remains is that of one node of several."""
        self._answers += 1
        idle = self._options.per_second * _IDLE_OF_TEN // 10
        left = idle - _NODES[self._answers % len(_NODES)]
        return {
            "X-Account-Quota": f"{self._options.per_day} per day",
            "X-Account-Quota-Used": str(self.used),
            "X-Account-Rate-Limit-Requests-Remaining": str(max(left, 0)),
        }
