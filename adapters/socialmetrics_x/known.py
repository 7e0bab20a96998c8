"""What a client has learnt on its way: whose posts are whose, and whose tokens died.

The owner of a post is not in its id. Refusals tell it, so it is remembered: what was
learnt in one window is used in the next. Safe among threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock

from socialmetrics_x.complaints import Foreign


class Known:
    """The memory of one client. Owners are named by the keys of its credentials."""

    def __init__(self, owners: Iterable[str]) -> None:
        self.owners = tuple(owners)
        self._owner: dict[str, str] = {}
        self._not_of: dict[str, set[str]] = {}
        self._dead: set[str] = set()
        self._asked: dict[str, set[str]] = {}
        self._lock = Lock()

    def owner(self, native_id: str) -> str | None:
        """The owner of that post; None where nobody knows."""
        return self._owner.get(native_id)

    def may(self, owner: str, native_id: str) -> bool:
        """Whether that owner may still be asked for that post."""
        known = self._owner.get(native_id, owner)
        strange = owner in self._not_of.get(native_id, ())
        return known == owner and not strange and owner not in self._dead

    def owns(self, owner: str, ids: Iterable[str]) -> None:
        """Notes that these posts are that owner's."""
        with self._lock:
            self._owner.update(dict.fromkeys(ids, owner))

    def strange(self, owner: str, foreign: Iterable[Foreign]) -> None:
        """Notes posts that are not that owner's, and whose they are if it was told."""
        with self._lock:
            for each in foreign:
                for native_id in each.ids:
                    self._not_of.setdefault(native_id, set()).add(owner)
                    if each.author is not None:
                        self._owner[native_id] = each.author

    def died(self, owner: str) -> None:
        """Notes that the vendor refuses that owner's token."""
        self._dead.add(owner)

    def is_dead(self, owner: str) -> bool:
        """Whether the vendor refused that owner's token."""
        return owner in self._dead

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
