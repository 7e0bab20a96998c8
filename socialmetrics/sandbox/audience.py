"""Followers and what else happens to a profile rather than to a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from socialmetrics.sandbox.dice import Dice, Ints
from socialmetrics.sandbox.people import Account

FLOWS: Final = {
    "followers_gained_organic": 22,
    "followers_gained_paid": 5,
    "followers_lost": 14,
    "fans_gained_organic": 17,
    "fans_gained_paid": 4,
    "fans_lost": 11,
    "following_gained": 2,
    "following_lost": 1,
    "profile_views": 400,
    "profile_actions": 21,
    "tab_views": 90,
    "direct_sends": 9,
    "direct_receipts": 6,
}
"""What comes by the hour, and how often: per million followers and hour."""

FOLLOWING: Final = 340
"""How many accounts every profile follows at the beginning of the history."""

BREAKDOWNS: Final[Mapping[str, Mapping[str, int]]] = {
    "country": {"US": 410, "DE": 220, "GB": 130, "BR": 90, "JP": 80, "IN": 70},
    "city": {
        "Springfield, US": 300, "Köln, DE": 280, "São Paulo, BR": 220, "東京, JP": 200,
    },
    "age_gender": {
        "F.18-24": 140, "F.25-34": 210, "F.35-44": 130, "M.18-24": 150,
        "M.25-34": 220, "M.35-44": 110, "U.25-34": 40,
    },
    "gender": {"female": 470, "male": 480, "other": 50},
    "job_function": {
        "Engineering": 350, "Marketing": 300, "Sales": 210, "Support": 140,
    },
    "seniority": {
        "Entry": 380, "Senior": 340, "Manager": 180, "Director": 70, "CXO": 30,
    },
    "online": {str(hour): 20 + 3 * ((hour * 7) % 13) for hour in range(24)},
}  # fmt: skip
"""How followers divide, in parts that need not add up to anything round."""


def divide(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """`total` cut in whole numbers by shares; the first part takes the remainder."""
    whole = sum(shares.values())
    parts = {name: total * share // whole for name, share in shares.items()}
    parts[next(iter(parts))] += total - sum(parts.values())
    return parts


class Audience:
    """Hourly truth about profiles, from the hour `first` on, for `hours` hours."""

    def __init__(
        self, dice: Dice, accounts: Sequence[Account], first: int, hours: int
    ) -> None:
        self._dice = dice
        self._accounts = accounts
        self._first, self._hours = first, hours
        self._kept: dict[str, Ints] = {}

    def between(self, flow: str, account: int, start: int, end: int) -> int:
        """How many came in the hours start .. end - 1 (hours since 1970)."""
        sums = self._sums(flow)[account]
        return int(sums[self._at(end)] - sums[self._at(start)])

    def by(self, flow: str, edges: Ints) -> Ints:
        """One row a profile: how many came between each two neighbours of `edges`."""
        at = np.clip(edges - self._first, 0, self._hours)
        counts: Ints = np.diff(self._sums(flow)[:, at], axis=1)
        return counts

    def level(self, flow: str, edges: Ints) -> Ints:
        """One row a profile: followers, fans or following before each hour."""
        at = np.clip(edges - self._first, 0, self._hours)
        gained = [name for name in FLOWS if name.startswith(f"{flow}_gained")]
        counts = sum(
            (self._sums(name)[:, at] for name in gained), start=self._base(flow)
        )
        return counts - self._sums(f"{flow}_lost")[:, at]

    def _base(self, flow: str) -> Ints:
        counts = np.array([one.followers for one in self._accounts], dtype=np.int64)
        if flow == "following":
            counts = np.full_like(counts, FOLLOWING)
        if flow == "fans":
            counts = counts * 9 // 10
        return counts[:, None]

    def _at(self, hour: int) -> int:
        return min(max(hour - self._first, 0), self._hours)

    def _sums(self, flow: str) -> Ints:
        found = self._kept.get(flow)
        if found is None:
            rows = [self._drawn(flow, account) for account in self._accounts]
            found = self._kept[flow] = np.array(rows, dtype=np.int64)
        return found

    def _drawn(self, flow: str, account: Account) -> Ints:
        stream = f"flow.{flow}.{account.ref}"
        mood = 32 + self._dice.below(f"{stream}.mood", self._hours, 192)
        chance = self._dice.below(f"{stream}.chance", self._hours, 1_000_000)
        counts = (account.followers * FLOWS[flow] * mood // 128 + chance) // 1_000_000
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
