"""What Hootsuite tells by itself: events, a list of them in one POST.

Answer such a POST with an empty 200 within 10 seconds. Events may come again and in any
order, and hold ids only: read the message anew.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeAlias, TypeGuard

import attrs
import msgspec

from socialmetrics.errors import AuthRefused, InvalidQuery, Unreadable
from socialmetrics.model import Json
from socialmetrics.secret import Secret
from socialmetrics.typed import decoder
from socialmetrics_hootsuite.envelopes import BROKEN
from socialmetrics_hootsuite.moments import utc
from socialmetrics_hootsuite.parse import state
from socialmetrics_hootsuite.payloads import EventPayload

SIGNATURE: Final = "x-hootsuite-signature"
MOST: Final = 2**20
"""Bytes. The vendor collects a hundred events, of some hundred bytes each."""
VENDOR: Final = "hootsuite"
UNREADABLE: Final = "unreadable"
Headers: TypeAlias = (
    Mapping[str, str]
    | Mapping[str, str | None]
    | Mapping[str, list[str]]
    | Iterable[tuple[str, str]]
    | Iterable[tuple[bytes, bytes]]
)
_ENTRIES: Final = decoder(list[msgspec.Raw])
_EVENT: Final = decoder(EventPayload)
_OBJECT: Final = decoder(dict[str, Any])
_PAIR: Final = 2
_BEGIN: Final = "com.hootsuite."
_END: Final = ".event.v1"


@attrs.frozen(kw_only=True)
class Event:
    """One event. `kind` is "messages", "comments", "apps", "ping", or the whole type;
    "unreadable" for what is no event, of which only `raw` is kept.

    `seq_no` tells events apart; pings have none. `state` is our word for the new
    state. `at` (UTC) is when it happened. `ids` are those of what it concerns:
    "message", "comment", "organization", "app", "member".
    """

    kind: str
    seq_no: str | None = None
    state: str | None = None
    at: datetime | None = None
    ids: Mapping[str, str] = attrs.field(factory=dict[str, str], hash=False)
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


def parse(
    body: bytes, headers: Headers, *, secret: Secret | str | bytes | None = None
) -> tuple[Event, ...]:
    """The events of one POST, in the vendor's order.

    `headers` are a mapping or pairs, as servers hand them on. With `secret`, the
    signature is checked first: `AuthRefused` where it is missing or wrong. Only apps of
    organizations are signed. Raises `Unreadable` for a body that is no list; an entry
    that is no event has the kind "unreadable", and spoils no other.
    """
    _check_bytes(body)
    if secret is not None:
        _check(body, headers, _key(secret))
    if len(body) > MOST:
        raise _unreadable(f"it has {len(body):,} bytes, more than events ever need")
    try:
        return tuple(map(_event, _ENTRIES.decode(body)))
    except BROKEN as err:
        raise _unreadable(f"it is no list of events: {err}") from err


def _check_bytes(body: object) -> None:
    if not isinstance(body, bytes | bytearray):
        raise InvalidQuery("the webhook's body is not bytes; give it as it came")


def _key(secret: object) -> bytes:
    told = secret.reveal() if isinstance(secret, Secret) else secret
    try:
        key = told.encode() if isinstance(told, str) else told
    except UnicodeEncodeError:
        key = None
    if not isinstance(key, bytes):
        raise InvalidQuery("the webhook's secret is neither text nor bytes")
    if not key:
        raise InvalidQuery("the webhook's secret is empty")
    return key


def _check(body: bytes, headers: Headers, key: bytes) -> None:
    """In constant time. As hex or as base64: the vendor does not say."""
    told = [each.strip().encode(errors="replace") for each in _signatures(headers)]
    right = hmac.new(key, body, hashlib.sha512).digest()
    if not any(_is_right(each, right) for each in told):
        raise AuthRefused(
            f"the webhook's {SIGNATURE} is {'wrong' if any(told) else 'missing'}: it "
            "is not from Hootsuite, or the secret is another one",
            vendor=VENDOR,
            operation="webhook",
        )


def _is_right(told: bytes, right: bytes) -> bool:
    is_hex = hmac.compare_digest(told.lower(), right.hex().encode())
    is_base64 = hmac.compare_digest(told, b64encode(right))
    return is_hex or is_base64


def _signatures(headers: object) -> Iterator[str]:
    """The values of that header, however the server keeps several."""
    pairs = headers.items() if _is_mapping(headers) else headers
    for pair in pairs if _is_iterable(pairs) else ("",):
        if not _is_several(pair) or len(pair) != _PAIR:
            raise InvalidQuery(
                "the webhook's headers are neither a mapping nor pairs of name and "
                "value"
            )
        name, value = pair
        if _text(name).lower() == SIGNATURE:
            yield from map(_text, value if _is_several(value) else _present(value))


def _present(value: object) -> tuple[object, ...]:
    return () if value is None else (value,)


def _is_mapping(told: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(told, Mapping)


def _is_iterable(told: object) -> TypeGuard[Iterable[object]]:
    return isinstance(told, Iterable)


def _is_several(told: object) -> TypeGuard[Sequence[object]]:
    return isinstance(told, list | tuple)


def _text(told: object) -> str:
    if isinstance(told, bytes):
        return told.decode("latin-1")
    if isinstance(told, str):
        return told
    raise InvalidQuery(f"a header of the webhook is {type(told).__name__}, not text")


def _event(entry: msgspec.Raw) -> Event:
    try:
        payload = _EVENT.decode(entry)
    except BROKEN:
        return Event(kind=UNREADABLE, raw=_raw(entry))
    told = payload.data or {}
    new, moment = told.get("state"), told.get("timestamp")
    return Event(
        kind=payload.type.removeprefix(_BEGIN).removesuffix(_END),
        seq_no=None if payload.seq_no is None else str(payload.seq_no),
        state=state(new) if isinstance(new, str) else None,
        at=_moment(moment) if isinstance(moment, str) else None,
        ids=dict(_ids(told)),
        raw=told,
    )


def _raw(entry: msgspec.Raw) -> Json:
    try:
        return _OBJECT.decode(entry)
    except BROKEN:
        return {}


def _ids(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, each in told.items():
        found: object = each.get("id") if isinstance(each, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
        if isinstance(found, str | int) and not isinstance(found, bool):
            yield name, str(found)


def _moment(text: str) -> datetime | None:
    try:
        return utc(text)
    except (ValueError, OverflowError):
        return None


def _unreadable(problem: str) -> Unreadable:
    return Unreadable(
        f"a webhook's body cannot be read: {problem}",
        vendor=VENDOR,
        operation="webhook",
    )


class Seen:
    """Tells new events from repeated ones; remembers the latest `most`. Thread-safe."""

    def __init__(self, most: int = 10_000) -> None:
        if most < 1:
            raise InvalidQuery(f"most={most!r} remembers nothing")
        self._most = most
        self._known = OrderedDict[str, None]()
        self._lock = Lock()

    def is_new(self, event: Event) -> bool:
        """Whether it was not there before. A ping always is: it has no number."""
        if event.seq_no is None:
            return True
        with self._lock:
            if event.seq_no in self._known:
                self._known.move_to_end(event.seq_no)
                return False
            self._known[event.seq_no] = None
            if len(self._known) > self._most:
                self._known.popitem(last=False)
            return True
