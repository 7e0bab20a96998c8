"""What is known of one publication, as plain values; decided apart from any doing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import (
    Attachment,
    Consignment,
    Delivery,
    Draft,
    File,
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
_ABSENT: Final = frozenset({NOT_SENT, UNKNOWN, FAILED})
"""There is nothing at the vendor, as far as is known."""
_GONE: Final = _ABSENT | {DELETED, LEFT_OUT, "rejected"}


@attrs.frozen(kw_only=True)
class Sending:
    """A request that left, of which it is not known whether all of it arrived.

    Files are without their contents. `is_replaced`: it was sent again since.
    """

    consignment: Consignment
    sent_at: datetime
    is_replaced: bool = False


@attrs.frozen(kw_only=True)
class Entry:
    """A publication as it is remembered.

    `content` has a digest of every part of the draft. `deliveries` are what is known at
    any time, one at least for every profile; `sendings` are those not settled.
    """

    adapter: str
    key: str
    created_at: datetime
    content: Json
    deliveries: tuple[Delivery, ...]
    notes: tuple[str, ...] = ()
    sendings: tuple[Sending, ...] = ()

    @property
    def open(self) -> tuple[Sending, ...]:
        """Those that must be settled before anything more is sent."""
        return tuple(each for each in self.sendings if not each.is_replaced)

    @property
    def states(self) -> tuple[str, ...]:
        """The distinct states of its deliveries."""
        return tuple(dict.fromkeys(each.state for each in self.deliveries))

    def is_of(self, address: str) -> bool:
        """Whether it was sent to that address."""
        return self.content["address"] == _digest("address", address)

    @property
    def has_nothing(self) -> bool:
        """Whether surely nothing of it is at the vendor."""
        surely = _ABSENT - {UNKNOWN}
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
        told = attrs.evolve(self, sendings=(*self.sendings, sending))
        reason = f"it left at {_second(sending)}, and nobody knows whether it arrived"
        return told.marked(sending.consignment, UNKNOWN, reason)

    def answered(self, sending: Sending, found: Publication) -> Self:
        """As the vendor's receipt says; profiles that it does not name are left out."""
        consignment = sending.consignment
        reason = "the vendor's receipt does not name this profile"
        told = self.marked(consignment, LEFT_OUT, reason).delivered(found.deliveries)
        return told.closed(sending).noted(*consignment.notes, *found.notes)

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
        read = tuple(found)
        known = {_identity(each) for each in self._there()}
        fresh = [each for each in read if _identity(each) not in known]
        seen = self.looked(read)
        standing = [each for each in seen.deliveries if each.state not in _ABSENT]
        told = seen.delivered([*standing, *fresh])
        missing = told.having({UNKNOWN})
        is_open = any(
            p.vendor_id in missing for p in sending.consignment.draft.profiles
        )
        if is_open or sending.is_replaced:
            return told
        return told.closed(sending).noted(*sending.consignment.notes)

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


def differences(old: Json, new: Json) -> list[str]:
    """The parts of two drafts that are not the same."""
    return [name for name in new if old.get(name) != new[name]]


def content(draft: Draft, address: str) -> Json:
    """A digest of every part of a draft, and of the vendor's address.

    Raises `InvalidQuery` for what cannot be written down.
    """
    told = {name: _digest(name, part(draft)) for name, part in _PARTS.items()}
    return {**told, "address": _digest("address", address)}


def _digest(name: str, value: object) -> str:
    if not value:
        return ""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
        return sha256(text.encode()).hexdigest()[:16]
    except (TypeError, ValueError, RecursionError) as err:
        raise InvalidQuery(f"a draft's {name} cannot be written down: {err}") from err


def _profiles(draft: Draft) -> object:
    return sorted((each.vendor_id, str(each.ref)) for each in draft.profiles)


def _at_of(draft: Draft) -> object:
    return draft.at.isoformat() if isinstance(draft.at, datetime) else draft.at


def _media(draft: Draft) -> object:
    return [_attachment(each) for each in draft.media]


def _attachment(each: Attachment) -> object:
    if isinstance(each, File):
        return each.content_type, sha256(each.content).hexdigest()
    return getattr(each, "vendor_id", None)


def _location(draft: Draft) -> object:
    return None if draft.location is None else str(draft.location)


_PARTS: Final[Mapping[str, Callable[[Draft], object]]] = {
    "text": lambda draft: draft.text,
    "profiles": _profiles,
    "at": _at_of,
    "media": _media,
    "tags": lambda draft: draft.tags,
    "location": _location,
    "reply_to": lambda draft: str(draft.reply_to or ""),
    "privacy": lambda draft: draft.privacy,
    "notify": lambda draft: draft.notify,
    "extra": lambda draft: draft.extra,
}


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
