"""What is known of one publication, as plain values; decided apart from any doing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Self

import attrs

from socialmetrics.fingerprint import digest
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Json,
    Profile,
    Publication,
)

NOT_SENT: Final = "not sent"
UNKNOWN: Final = "unknown"
FAILED: Final = "failed"
DELETED: Final = "deleted"
LEFT_OUT: Final = "left out"
PENDING: Final = frozenset({"scheduled", "pending approval", "draft"})
"""What can still be withdrawn."""
_ABSENT: Final = frozenset({NOT_SENT, UNKNOWN, FAILED, LEFT_OUT})
"""There is nothing at the vendor, as far as is known."""
_GONE: Final = _ABSENT | {DELETED, "rejected"}
_NEAR: Final = timedelta(hours=1)
"""Two of the same text this near to each other may be taken for one another."""


@attrs.frozen(kw_only=True)
class Sending:
    """A request that left, of which it is not known whether all of it arrived.

    Its draft has neither the contents of files nor `extra`. `is_replaced`: it was sent
    again since.
    """

    consignment: Consignment
    sent_at: datetime
    is_replaced: bool = False

    def of(self, profiles: Iterable[Profile]) -> Self:
        """Narrowed to these profiles."""
        draft = attrs.evolve(self.consignment.draft, profiles=profiles)
        consignment = attrs.evolve(self.consignment, draft=draft)
        return attrs.evolve(self, consignment=consignment)

    def is_like(self, other: Self) -> bool:
        """Whether what became of one may be taken for what became of the other."""
        ours, theirs = self.consignment.draft, other.consignment.draft
        if ours.text.split() != theirs.text.split():
            return False
        if "auto" in (ours.at, theirs.at):
            return True
        return abs(self._due - other._due) <= _NEAR

    @property
    def _due(self) -> datetime:
        at = self.consignment.draft.at
        return at if isinstance(at, datetime) else self.sent_at


@attrs.frozen(kw_only=True)
class Entry:
    """A publication as it is remembered.

    `content` has a digest of every part of the draft. `deliveries` are what is known at
    any time, one at least for every profile; `sendings` are those not settled. `spent`
    are the vendor's ids of what failed and was sent again.
    """

    adapter: str
    key: str
    created_at: datetime
    content: Json
    deliveries: tuple[Delivery, ...]
    notes: tuple[str, ...] = ()
    sendings: tuple[Sending, ...] = ()
    spent: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Sending, ...]:
        """Those that must be settled before anything more is sent."""
        return tuple(each for each in self.sendings if not each.is_replaced)

    @property
    def states(self) -> tuple[str, ...]:
        """The distinct states of its deliveries."""
        return tuple(dict.fromkeys(each.state for each in self.deliveries))

    @property
    def ids(self) -> frozenset[str]:
        """The vendor's ids of all that belongs to it, or once did."""
        there = (each.vendor_id for each in self.deliveries if each.vendor_id)
        return frozenset((*there, *self.spent))

    def awaits(self, sending: Sending, profile: Profile) -> bool:
        """Whether it may have the same at that profile, and nobody knows it."""
        return any(
            each.is_like(sending) and profile in self.missing(each)
            for each in self.open
        )

    def is_of(self, address: str) -> bool:
        """Whether it was sent to that address."""
        return self.content["address"] == digest("address", address)

    @property
    def has_nothing(self) -> bool:
        """Whether surely nothing of it is at the vendor."""
        surely = (NOT_SENT, FAILED)
        return not self.sendings and all(
            each.state in surely and each.vendor_id is None for each in self.deliveries
        )

    def having(self, states: Collection[str]) -> frozenset[str]:
        """The vendor's ids of the profiles whose every delivery has such a state."""
        others = {_at(each) for each in self.deliveries if each.state not in states}
        return frozenset(map(_at, self.deliveries)) - others

    def publication(self, raw: Json) -> Publication:
        """It as a receipt."""
        return Publication(
            deliveries=self.deliveries, key=self.key or None, notes=self.notes, raw=raw
        )

    def noted(self, *notes: str) -> Self:
        """With more notes; none twice."""
        if not notes:
            return self
        told = tuple(dict.fromkeys((*self.notes, *notes)))
        return attrs.evolve(self, notes=told)

    def marked(self, consignment: Consignment, state: str, reason: str) -> Self:
        """With that state at every profile of the consignment."""
        made = [
            Delivery(profile=each, state=state, reason=reason)
            for each in consignment.draft.profiles
        ]
        return self.delivered(made)

    def sent(self, sending: Sending) -> Self:
        """As that request is about to leave."""
        again = {each.vendor_id for each in sending.consignment.draft.profiles}
        spent = [
            each.vendor_id
            for each in self.deliveries
            if each.vendor_id and _at(each) in again
        ]
        told = attrs.evolve(
            self,
            sendings=(*self.sendings, sending),
            spent=(*self.spent, *spent),
        )
        reason = f"it left at {_second(sending)}, and nobody knows whether it arrived"
        return told.marked(sending.consignment, UNKNOWN, reason)

    def answered(self, sending: Sending, found: Publication) -> Self:
        """As the vendor's receipt says; open at profiles that it tells nothing of."""
        consignment = sending.consignment
        reason = "the vendor's receipt tells nothing of this profile"
        told = self.marked(consignment, UNKNOWN, reason).delivered(found.deliveries)
        told = told.closed(sending).noted(*consignment.notes, *found.notes)
        missing = told.missing(sending)
        rest = (sending.of(missing),) if missing else ()
        return attrs.evolve(told, sendings=(*told.sendings, *rest))

    def missing(self, sending: Sending) -> list[Profile]:
        """The profiles of a sending of which nobody knows whether they have it."""
        unknown = self.having({UNKNOWN})
        return [
            each
            for each in sending.consignment.draft.profiles
            if each.vendor_id in unknown
        ]

    def refused(self, sending: Sending, reason: str) -> Self:
        """As nothing of it arrived."""
        return self.closed(sending).marked(sending.consignment, FAILED, reason)

    def closed(self, sending: Sending) -> Self:
        """With that sending settled."""
        rest = tuple(each for each in self.sendings if each != sending)
        return attrs.evolve(self, sendings=rest)

    def replaced(self) -> Self:
        """With every open sending put aside, for the same is sent again."""
        aside = tuple(attrs.evolve(each, is_replaced=True) for each in self.sendings)
        told = (
            f"sent again, though nobody knows what became of it at {_second(each)}"
            for each in self.open
        )
        return attrs.evolve(self, sendings=aside).noted(*told)

    def settled(self, sending: Sending, found: Iterable[Delivery]) -> Self:
        """With what was read back; closed when every profile of it has something."""
        read = [each for each in found if not self._is_spent(each)]
        known = {_identity(each) for each in self._there()}
        fresh = [each for each in read if _identity(each) not in known]
        seen = self.looked(read)
        standing = [each for each in seen.deliveries if each.state not in _ABSENT]
        told = seen.delivered([*standing, *fresh])
        if sending.is_replaced or told.missing(sending):
            return told
        return told.closed(sending).noted(*sending.consignment.notes)

    def _is_spent(self, delivery: Delivery) -> bool:
        """Whether it is what had failed before it was sent again."""
        return delivery.state == FAILED and delivery.vendor_id in self.spent

    def looked(self, found: Iterable[Delivery]) -> Self:
        """With those deliveries as they are now."""
        now = {_identity(each): each for each in found}
        there = set(map(id, self._there()))
        return attrs.evolve(
            self,
            deliveries=tuple(
                now.get(_identity(each), each) if id(each) in there else each
                for each in self.deliveries
            ),
        )

    def _there(self) -> list[Delivery]:
        """Those that the vendor has, or had."""
        return [d for d in self.deliveries if d.vendor_id or d.state not in _ABSENT]

    def doubled(self) -> dict[str, list[Delivery]]:
        """The deliveries of each profile that has it more than once, by its id."""
        there: dict[str, list[Delivery]] = {}
        for each in self.deliveries:
            if each.state not in _GONE:
                there.setdefault(_at(each), []).append(each)
        return {at: several for at, several in there.items() if len(several) > 1}

    def delivered(self, made: Iterable[Delivery]) -> Self:
        """With these instead at the profiles that they are of."""
        by_profile: dict[str, list[Delivery]] = {}
        for each in made:
            by_profile.setdefault(_at(each), []).append(each)
        order = dict.fromkeys(_at(each) for each in self.deliveries)
        old: dict[str, list[Delivery]] = {at: [] for at in order}
        for each in self.deliveries:
            old[_at(each)].append(each)
        return attrs.evolve(
            self,
            deliveries=tuple(
                each for at in order for each in by_profile.get(at, old[at])
            ),
        )


def begun(
    draft: Draft, *, adapter: str, key: str, content: Json, now: datetime
) -> Entry:
    """A publication of which nothing was sent yet."""
    return Entry(
        adapter=adapter,
        key=key,
        created_at=now,
        content=content,
        deliveries=tuple(
            Delivery(profile=each, state=NOT_SENT, reason="its turn did not come")
            for each in draft.profiles
        ),
    )


def _at(delivery: Delivery) -> str:
    return delivery.profile.vendor_id


def _second(sending: Sending) -> str:
    return f"{sending.sent_at:%Y-%m-%d %H:%M:%S} UTC"


def _identity(delivery: Delivery) -> object:
    """What makes two readings of it one."""
    mark = delivery.vendor_id or delivery.ref or delivery.at
    return _at(delivery), mark


def named(profile: Profile) -> str:
    """The profile, in short."""
    return f"{profile.ref.network}:{profile.handle or profile.ref.native_id}"
