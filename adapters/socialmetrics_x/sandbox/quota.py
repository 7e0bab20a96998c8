"""How many requests the app may send, and what the answers tell about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

from socialmetrics.sandbox.limits import Limit


class _Window:
    """A span that begins with its first request, and what is left in it."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.count = 0
        self.until = 0.0

    def at(self, now: float) -> None:
        if now >= self.until:
            self.count, self.until = 0, now + self.limit.seconds

    @property
    def is_full(self) -> bool:
        return self.count >= self.limit.requests


class Quota:
    """Counts the requests of all owners together; refused ones are not counted.

    `clock` tells the server's seconds since 1970. Limits go by what the headers call
    them: `minute`, `second`.
    """

    def __init__(self, limits: Mapping[str, Limit], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows = {name: _Window(limit) for name, limit in limits.items()}

    def admit(self) -> str | None:
        """Counts one request; or names the limit that leaves no room for it."""
        now = self._clock()
        for window in self._windows.values():
            window.at(now)
        for name, window in self._windows.items():
            if window.is_full:
                return name
        for window in self._windows.values():
            window.count += 1
        return None

    def headers(self, name: str) -> dict[str, str]:
        """What the answers tell about that limit."""
        window = self._windows[name]
        return {
            f"x-per-{name}-limit": str(window.limit.requests),
            f"x-per-{name}-remaining": str(window.limit.requests - window.count),
            f"x-per-{name}-reset": str(ceil(window.until)),
        }
