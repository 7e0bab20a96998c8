"""Whose is what was read back: nothing belongs to two publications."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from threading import Lock
from typing import Final

import attrs

from socialmetrics.entry import Entry, Sending
from socialmetrics.model import Delivery, Profile

MOST: Final = 10_000
"""Ids of publications without a key that a client remembers."""


@attrs.frozen(kw_only=True)
class Share:
    """What an entry gets of what was found; `rivals` are keys it may as well be of."""

    entry: Entry
    rivals: tuple[str, ...] = ()


def shared(
    entry: Entry,
    sending: Sending,
    found: Iterable[Delivery],
    others: Sequence[Entry],
    handed: Collection[str],
) -> Share:
    """The entry with what is surely its own.

    As long as the same of another key is not settled either, nobody can tell whose one
    of them is; where there are enough for all, each has one.
    """
    own = entry.ids
    taken = {*handed, *(each for other in others for each in other.ids)} - own
    free = [each for each in found if each.vendor_id not in taken]
    ours: list[Delivery] = []
    doubtful: list[str] = []
    for profile in sending.consignment.draft.profiles:
        rivals = [each.key for each in others if each.awaits(sending, profile)]
        there = _at(profile, free)
        fresh = [each for each in there if each.vendor_id not in own]
        if rivals and fresh:
            is_enough = len(fresh) > len(rivals)
            there = [each for each in there if each not in fresh]
            there += fresh[:1] if is_enough else []
            doubtful += [] if is_enough else rivals
        ours += there
    return Share(
        entry=entry.settled(sending, ours), rivals=tuple(dict.fromkeys(doubtful))
    )


def _at(profile: Profile, found: Iterable[Delivery]) -> list[Delivery]:
    return [each for each in found if each.profile.vendor_id == profile.vendor_id]


class Handed:
    """The vendor's ids in receipts without a key: the latest ones of one client."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self.lock = Lock()

    @property
    def ids(self) -> frozenset[str]:
        """Those that are remembered."""
        return frozenset(tuple(self._ids))

    def add(self, ids: Iterable[str]) -> None:
        """Remembers them, and forgets the oldest ones; `lock` must be held."""
        self._ids.update(dict.fromkeys(ids))
        for each in list(self._ids)[: max(len(self._ids) - MOST, 0)]:
            del self._ids[each]
