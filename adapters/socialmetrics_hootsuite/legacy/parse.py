"""From the vendor's payloads to the model. Pure functions; our words begin here."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from math import floor
from typing import Final

import attrs
import msgspec

from socialmetrics.decode import figure
from socialmetrics.lazy import LazyJson
from socialmetrics.model import Author, Message, Post, Profile, Ref
from socialmetrics_hootsuite.legacy.payloads import MessagePayload, NetworkPayload
from socialmetrics_hootsuite.legacy.streams import SENT, VendorStream
from socialmetrics_hootsuite.networks import network

LATEST: Final = 10**11
"""Seconds; above they are milliseconds by mistake."""
_X: Final = "x"
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_WORDS: Final = 6


def profile(payload: NetworkPayload, raw: msgspec.Raw) -> Profile:
    """A profile. The network's own id is not told, and the reference says so."""
    vendor_id, slug = str(payload.socialNetworkId), network(payload.type)
    return Profile(
        ref=Ref(slug, f"hootsuite:{vendor_id}"),
        vendor_id=vendor_id,
        name=payload.username or vendor_id,
        handle=(payload.username or None) if slug == _X else None,
        raw=LazyJson(raw),
    )


@attrs.frozen(eq=False)
class Item:
    """A message of a stream, with its place in it.

    `position` is what bounds are compared with: the id on X, else the second. `key`
    tells it from every other message: the vendor's id, or where it gives none ("") all
    that the message says.
    """

    payload: MessagePayload
    raw: msgspec.Raw
    at: datetime
    position: int
    vendor_id: str
    key: str


def item(stream: VendorStream, payload: MessagePayload, raw: msgspec.Raw) -> Item:
    """The message in its place. Raises `ValueError` without a usable time or id."""
    at, told = _moment(payload), _id(payload)
    if stream.has_ids:
        if not (told.isascii() and told.isdecimal()):
            raise ValueError(f"{told!r} is no id of a tweet")
        return Item(payload, raw, at, int(told), told, told)
    key = told or f"#{blake2b(bytes(raw), digest_size=16).hexdigest()}"
    return Item(payload, raw, at, floor(at.timestamp()), told, key)


def _id(payload: MessagePayload) -> str:
    """The id as text; "" where there is none."""
    ids = (payload.id_str, payload.id, payload.postId, payload.post_id)
    return str(next((each for each in ids if each is not None), ""))


def message(stream: VendorStream, found: Item) -> Message:
    """A message of an inbox.

    Of Facebook's messages it is not known whether the id is Facebook's own, so they
    have no `ref`. `sent` is None where nothing tells who the profile is.
    """
    payload = found.payload
    return Message(
        ref=Ref(_X, found.vendor_id) if stream.has_ids else None,
        vendor_id=found.vendor_id,
        created_at=found.at,
        text=_text(payload),
        author=_author(payload),
        profile=stream.profile,
        kind=stream.kind,
        sent=_is_sent(stream, payload),
        raw=LazyJson(found.raw),
    )


def post(stream: VendorStream, found: Item) -> Post:
    """A tweet that the profile sent."""
    return Post(
        ref=Ref(_X, found.vendor_id),
        vendor_id=found.vendor_id,
        created_at=found.at,
        text=_text(found.payload),
        profile=stream.profile,
        raw=LazyJson(found.raw),
    )


def _text(payload: MessagePayload) -> str | None:
    return payload.message if payload.text is None else payload.text


def _author(payload: MessagePayload) -> Author | None:
    user = payload.user
    if user is None:
        return None if payload.name is None else Author(name=payload.name)
    native = user.id_str or (None if user.id is None else str(user.id))
    return Author(
        ref=Ref(_X, native) if native else None,
        name=user.name,
        handle=user.screen_name,
    )


def _is_sent(stream: VendorStream, payload: MessagePayload) -> bool | None:
    if stream.kind == SENT:
        return True
    handle = payload.user.screen_name if payload.user else None
    if handle is None or stream.handle is None:
        return None
    return handle.lower() == stream.handle.lower()


def _moment(payload: MessagePayload) -> datetime:
    told = payload.created_at if payload.created is None else payload.created
    if isinstance(told, str):
        found = _spelled(told)
        if found is not None:
            return found
    seconds, problem = figure(told)
    if seconds is None:
        raise ValueError(f"its time {told!r} cannot be read: {problem or 'not there'}")
    if not 0 <= seconds < LATEST:
        raise ValueError(f"its time {told!r} is no POSIX time in seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _spelled(text: str) -> datetime | None:
    """Twitter's spelling, "Tue May 07 17:02:11 +0000 2013", whatever the locale."""
    words = text.split()
    if len(words) != _WORDS or words[1] not in _MONTHS:
        return None
    month = _MONTHS.index(words[1]) + 1
    spelled = f"{words[5]}-{month:02}-{words[2]}T{words[3]}{words[4]}"
    return datetime.fromisoformat(spelled).astimezone(UTC)
