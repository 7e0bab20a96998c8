"""What Hootsuite tells by itself: events, a list of them in one POST.

Answer such a POST with an empty 200 within 10 seconds. Events may come again and in any
order, and hold ids only: read the message anew.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Lock
from typing import Final

import attrs
import msgspec

from socialmetrics.errors import AuthRefused, InvalidQuery, Unreadable
from socialmetrics.model import Json
from socialmetrics.secret import Secret
from socialmetrics.typed import decoder
from socialmetrics_hootsuite.moments import utc
from socialmetrics_hootsuite.parse import state
from socialmetrics_hootsuite.payloads import EventPayload

SIGNATURE: Final = "x-hootsuite-signature"
MOST: Final = 2**20
"""Bytes. The vendor collects a hundred events, of some hundred bytes each."""
VENDOR: Final = "hootsuite"
_EVENTS: Final = decoder(list[EventPayload])
_BEGIN: Final = "com.hootsuite."
_END: Final = ".event.v1"


@attrs.frozen(kw_only=True)
class Event:
    """One event. `kind` is "messages", "comments", "apps", "ping", or the whole type.

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
    body: bytes, headers: Mapping[str, str], *, secret: Secret | str | None = None
) -> tuple[Event, ...]:
    """The events of one POST, in the vendor's order.

    With `secret`, the signature is checked first: `AuthRefused` where it is missing or
    wrong. Only apps of organizations are signed. Raises `Unreadable` for a body that is
    no list of events.
    """
    if secret is not None:
        _check(body, headers, Secret(secret) if isinstance(secret, str) else secret)
    if len(body) > MOST:
        raise _unreadable(f"it has {len(body):,} bytes, more than events ever need")
    try:
        return tuple(map(_event, _EVENTS.decode(body)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as err:
        raise _unreadable(f"it is no list of events: {err}") from err


def _check(body: bytes, headers: Mapping[str, str], secret: Secret) -> None:
    """In constant time. As hex or as base64: the vendor does not say."""
    if not secret:
        raise InvalidQuery("the webhook's secret is empty")
    named = {name.lower(): value for name, value in headers.items()}
    told = named.get(SIGNATURE, "").strip().encode(errors="replace")
    right = hmac.new(secret.reveal().encode(), body, hashlib.sha512).digest()
    is_hex = hmac.compare_digest(told.lower(), right.hex().encode())
    is_base64 = hmac.compare_digest(told, b64encode(right))
    if not (is_hex or is_base64):
        raise AuthRefused(
            f"the webhook's {SIGNATURE} is {'wrong' if told else 'missing'}: it is not "
            "from Hootsuite, or the secret is another one",
            vendor=VENDOR,
            operation="webhook",
        )


def _event(payload: EventPayload) -> Event:
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


def _ids(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, each in told.items():
        found: object = each.get("id") if isinstance(each, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
        if isinstance(found, str | int) and not isinstance(found, bool):
            yield name, str(found)


def _moment(text: str) -> datetime | None:
    try:
        return utc(text)
    except ValueError:
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
