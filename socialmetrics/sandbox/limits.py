"""Rate limits as vendors keep them: so many requests in any so many seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

import attrs


@attrs.frozen
class Limit:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float


class Limiter:
    """Counts requests in sliding windows; refused ones are not counted.

    `clock` gives seconds that only move forward.
    """

    def __init__(
        self, limits: Sequence[Limit], clock: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._windows = [(limit, deque[float]()) for limit in limits]

    def admit(self) -> bool:
        """Whether one more request fits into every window; if so, it is counted."""
        now = self._clock()
        for limit, seen in self._windows:
            while seen and seen[0] <= now - limit.seconds:
                seen.popleft()
        if any(len(seen) >= limit.requests for limit, seen in self._windows):
            return False
        for _, seen in self._windows:
            seen.append(now)
        return True
