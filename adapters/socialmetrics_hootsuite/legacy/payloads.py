"""What Hootsuite answers, key by key, and the envelopes that it may come in.

Few answers of this API were ever written down: what may be spelled in several ways is
read in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from socialmetrics.typed import decoder

Id: TypeAlias = int | str
Rows: TypeAlias = list[msgspec.Raw]
Object: TypeAlias = dict[str, msgspec.Raw]
BROKEN: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_OBJECT: Final = decoder(Object)
_ROWS: Final = decoder(Rows)
_SAYING: Final = frozenset({"error", "errors", "success"})
_NO: Final = frozenset({"false", "0"})


class NetworkPayload(msgspec.Struct):
    """An entry of networks."""

    socialNetworkId: Id  # noqa: N815 - the vendor's word
    type: str
    username: str | None = None


class UserPayload(msgspec.Struct):
    """Who wrote a tweet."""

    id: Id | None = None
    id_str: str | None = None
    screen_name: str | None = None
    name: str | None = None


class MessagePayload(msgspec.Struct):
    """A raw tweet (it has a user), or Hootsuite's own shape for Facebook."""

    id: Id | None = None
    id_str: str | None = None
    postId: Id | None = None  # noqa: N815 - the vendor's word
    post_id: Id | None = None
    created_at: str | float | None = None
    created: str | float | None = None
    text: str | None = None
    message: str | None = None
    name: str | None = None
    user: UserPayload | None = None


def opened(raw: bytes | msgspec.Raw) -> Object | None:
    """The object; None for what is none."""
    try:
        return _OBJECT.decode(raw)
    except BROKEN:
        return None


def listed(raw: bytes | msgspec.Raw, *names: str) -> Rows | None:
    """The list that this is, or that it holds under one of the names; None without.

    Where no name fits, the only list in the object is meant.
    """
    found = opened(raw)
    if found is None:
        return _list(raw)
    for name in names:
        if name in found:
            return listed(found[name], *names)
    lists = [rows for each in found.values() if (rows := _list(each)) is not None]
    return lists[0] if len(lists) == 1 else None


def _list(raw: bytes | msgspec.Raw) -> Rows | None:
    try:
        return _ROWS.decode(raw)
    except BROKEN:
        return None


def complaint(found: Mapping[str, object] | None) -> object:
    """What an object says is wrong, under `error` or `errors`; None if nothing is.

    `success` may deny it without a reason.
    """
    told = {key: plain(value) for key, value in (found or {}).items() if key in _SAYING}
    wrong = told.get("error") or told.get("errors")
    if not wrong and str(told.get("success", True)).lower() in _NO:
        return f"success is {told['success']}"
    return wrong or None


def plain(value: object) -> object:
    """A value that was kept as bytes, as Python has it; None for what is broken."""
    if not isinstance(value, msgspec.Raw):
        return value
    try:
        return decoder(object).decode(value)
    except BROKEN:
        return None
