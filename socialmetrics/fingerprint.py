"""Digests of every part of a draft: whether two are the same, without keeping them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Attachment, Draft, File, Json, Media

CONTENTS: Final = "media"
NAMES: Final = "file names"


def differences(old: Json, new: Json, *, ignored: Collection[str]) -> list[str]:
    """The parts of two drafts that are not the same."""
    return [name for name in new if name not in ignored and old.get(name) != new[name]]


def content(draft: Draft, address: str) -> Json:
    """A digest of every part of a draft, and of the vendor's address.

    Raises `InvalidQuery` for what cannot be written down.
    """
    told = {name: digest(name, part(draft)) for name, part in _PARTS.items()}
    return {**told, "address": digest("address", address)}


def digest(name: str, value: object) -> str:
    """A short mark of it. Raises `InvalidQuery` for what cannot be written down."""
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


def _names(draft: Draft) -> object:
    return [_name(each) for each in draft.media]


def _name(each: Attachment) -> object:
    return each.vendor_id if isinstance(each, Media) else each.name


def _location(draft: Draft) -> object:
    return None if draft.location is None else str(draft.location)


_PARTS: Final[Mapping[str, Callable[[Draft], object]]] = {
    "text": lambda draft: draft.text,
    "profiles": _profiles,
    "at": _at_of,
    CONTENTS: _media,
    NAMES: _names,
    "tags": lambda draft: draft.tags,
    "location": _location,
    "reply_to": lambda draft: str(draft.reply_to or ""),
    "privacy": lambda draft: draft.privacy,
    "notify": lambda draft: draft.notify,
    "extra": lambda draft: draft.extra,
}
