"""What a vendor says is left of its allowance, while a window of it lasts.

The client paces itself by the limits that it was given (see `budget`). Where a vendor
tells in its answers how many calls are left, that is taken into account too; what it
does not tell is unknown, not nothing.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

import attrs

SAME: Final = 1.5
"""Seconds by which the ends of one window may differ, told in whole ones."""


@attrs.frozen(kw_only=True)
class Left:
    """So many more calls for so many seconds, in one of the vendor's windows.

    The seconds are a guess where the vendor does not tell when its window ends.
    """

    window: str
    calls: int
    seconds: float
    is_guess: bool = False


@attrs.define
class _Told:
    calls: int
    until: float


class Allowance:
    """The latest word of the vendor on every window, and the calls made since."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}
        self._underway = 0
        self._lock = Lock()

    def take(self, now: float) -> float:
        """Seconds to wait before one more call; 0 takes it. `now` is monotonic."""
        with self._lock:
            told = [each for each in self._told.values() if each.until > now]
            used_up = [each.until - now for each in told if each.calls < 1]
            if used_up:
                return max(used_up)
            for each in told:
                each.calls -= 1
            self._underway += 1
            return 0.0

    def ended(self) -> None:
        """A call that was taken has been answered, or will not be."""
        with self._lock:
            self._underway -= 1

    def learn(self, left: Left, now: float) -> None:
        """The vendor's word; it may not know yet of the calls that are under way.

        Answers overtake one another: of one window the least is true.
        """
        told = _Told(left.calls - self._underway, now + left.seconds)
        with self._lock:
            before = self._told.get(left.window)
            if before is not None and abs(before.until - told.until) < SAME:
                told.calls = min(told.calls, before.calls)
            self._told[left.window] = told
