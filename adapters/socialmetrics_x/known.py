"""What a client has learnt on its way: whose posts are whose, and whose tokens died.

The owner of a post is not in its id. Refusals tell it, so it is remembered: what was
learnt in one window is used in the next. Safe among threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from threading import Lock

from socialmetrics_x.complaints import Foreign


class Known:
    """The memory of one client. Owners are named by the keys of its credentials."""

    def __init__(self, owners: Iterable[str]) -> None:
        self.owners = tuple(owners)
        self._has = frozenset(self.owners)
        self._unnamed = frozenset(each for each in self.owners if each[0] == "#")
        self._owner: dict[str, str] = {}
        self._not_of: dict[str, set[str]] = {}
        self._dead: set[str] = set()
        self._asked: dict[str, set[str]] = {}
        self._lock = Lock()

    def owner(self, native_id: str) -> str | None:
        """The owner of that post; None where nobody knows."""
        return self._owner.get(native_id)

    def may(self, owner: str, native_id: str) -> bool:
        """Whether there is such an owner, who may still be asked for that post."""
        return self._is_alive(owner) and not self.is_strange(owner, native_id)

    def is_strange(self, owner: str, native_id: str) -> bool:
        """Whether that post is known to be somebody else's."""
        known = self._owner.get(native_id, owner)
        return known != owner or owner in self._not_of.get(native_id, ())

    def agrees(self, owner: str, ids: Sequence[str]) -> bool:
        """Whether that owner may be asked for all of them."""
        known = map(self._owner.get, ids, repeat(owner))
        is_told = self._not_of.keys().isdisjoint(ids) and {*known} == {owner}
        return is_told and self._is_alive(owner)

    def _is_alive(self, owner: str) -> bool:
        return owner in self._has and owner not in self._dead

    def askable(self, native_id: str) -> tuple[str, ...]:
        """The owners who may be asked for that post: several where nobody knows."""
        owner = self._owner.get(native_id)
        if owner is not None:
            return (owner,) if self.may(owner, native_id) else ()
        if native_id not in self._not_of and not self._dead:
            return self.owners
        return tuple(each for each in self.owners if self.may(each, native_id))

    def by_owner(
        self, ids: Sequence[str]
    ) -> Iterable[tuple[tuple[str, ...], Sequence[str]]]:
        """The owners who may be asked for posts, with those posts."""
        if not (self._owner or self._not_of or self._dead):
            return [(self.owners, ids)] if ids else []
        found: dict[tuple[str, ...], list[str]] = {}
        for native_id in ids:
            found.setdefault(self.askable(native_id), []).append(native_id)
        return found.items()

    def owns(self, owner: str, ids: Iterable[str]) -> None:
        """Notes that these posts are that owner's; where there is a choice at all."""
        if len(self.owners) < 2:
            return
        with self._lock:
            self._owner.update(dict.fromkeys(ids, owner))

    def strange(self, owner: str, foreign: Iterable[Foreign]) -> None:
        """Notes posts that are not that owner's, and whose they are if it was told."""
        with self._lock:
            for each in foreign:
                for native_id in each.ids:
                    self._not_of.setdefault(native_id, set()).add(owner)
                    if each.author in self._has or (each.author and not self._unnamed):
                        self._owner[native_id] = each.author
                    elif each.author:  # It may be one whose token does not tell.
                        self._not_of[native_id] |= self._has - self._unnamed
                    elif self._owner.get(native_id) == owner:
                        del self._owner[native_id]  # Somebody had said so, wrongly.

    def died(self, owner: str) -> None:
        """Notes that the vendor refuses that owner's token."""
        self._dead.add(owner)

    def is_dead(self, owner: str) -> bool:
        """Whether the vendor refused that owner's token."""
        return owner in self._dead

    def is_last(self, owner: str) -> bool:
        """Whether all others are refused too, or there are none."""
        return self._has <= self._dead | {owner}

    def asked(self, owner: str, at: datetime) -> None:
        """Notes an answer for that owner."""
        with self._lock:
            self._asked.setdefault(f"{at:%Y-%m}", set()).add(owner)

    @property
    def asked_by_month(self) -> Mapping[str, tuple[str, ...]]:
        """The owners asked for, by month (UTC): contracts count and bill them."""
        with self._lock:
            return {
                month: tuple(sorted(who)) for month, who in sorted(self._asked.items())
            }
