"""POST messages: what is published, when, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs
import msgspec

from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import snowflake
from socialmetrics.typed import converted
from socialmetrics_hootsuite.legacy.sandbox.feeds import Entry, network_id
from socialmetrics_hootsuite.legacy.sandbox.refusal import bad

if TYPE_CHECKING:
    from socialmetrics_hootsuite.legacy.sandbox.service import Service

Mode = Literal["now", "at", "auto"]
STEP: Final = 300
_HOUR: Final = 3600
_FIRST: Final = 60_000_000
_FLAGS: Final = ("sendLater", "autoSchedule", "sendAlert")
_LATEST: Final = 10**11
_PRIVATE: Final = {"FACEBOOK": "facebook", "LINKEDIN": "linkedin"}


class Node(msgspec.Struct, forbid_unknown_fields=True):
    """Who may see it on one network."""

    type: str
    id: int | str
    name: str
    global_: int | str | None = msgspec.field(default=None, name="global")


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """What a post says; flags are the number 1."""

    message: str
    socialNetworks: list[int]  # noqa: N815 - the vendor's word
    sendLater: int = 0  # noqa: N815 - the vendor's word
    autoSchedule: int = 0  # noqa: N815 - the vendor's word
    sendAlert: int = 0  # noqa: N815 - the vendor's word
    timestamp: int | None = None
    replyToId: int | str | None = None  # noqa: N815 - the vendor's word
    lat: float | None = None
    long: float | None = None
    placeId: str | None = None  # noqa: N815 - the vendor's word
    venueId: str | None = None  # noqa: N815 - the vendor's word
    privacyOptions: dict[str, list[Node]] | None = None  # noqa: N815 - the vendor's word


@attrs.frozen(kw_only=True)
class Published:
    """A post at one profile: `at` is when it goes or went out (UTC)."""

    number: int
    account: Account
    text: str
    mode: Mode
    at: datetime
    body: Mapping[str, object] = attrs.field(repr=False)

    @property
    def entry(self) -> Entry | None:
        """The tweet that comes of it; None on other networks."""
        if self.account.network != "x":
            return None
        native = snowflake(int(self.at.timestamp()), self.number, 0)
        return Entry(str(native), self.at, self.text, self.account, native, self.number)


def write(service: Service, raw: bytes) -> list[dict[str, object]]:
    """Publishes, and says so. Every call counts, whatever it says."""
    body = _body(raw)
    order = _order(body)
    accounts = [service.account(number) for number in order.socialNetworks]
    _check(order, accounts)
    mode, at = _when(order, service.now())
    made: list[Published] = []
    for account in accounts:
        one = Published(
            number=_FIRST + len(service.published),
            account=account,
            text=order.message,
            mode=mode,
            at=at,
            body=body,
        )
        service.published.append(one)
        made.append(one)
    return [
        {"id": one.number, "socialNetworkId": network_id(one.account)} for one in made
    ]


def _body(raw: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        bad("the body must be a JSON object")


def _order(body: Mapping[str, Any]) -> Order:
    for name in _FLAGS:
        if name in body and (type(body[name]) is not int or body[name] != 1):
            bad(f"{name} must be 1")
    try:
        return converted(body, Order)
    except msgspec.ValidationError as wrong:
        bad(f"Invalid parameter: {wrong}")


def _check(order: Order, accounts: list[Account]) -> None:
    if not order.message.strip():
        bad("message is required")
    if not accounts or len(set(order.socialNetworks)) < len(accounts):
        bad("socialNetworks needs at least one id, and each once")
    _check_place(order)
    networks = {one.network for one in accounts}
    for name, value in (("replyToId", order.replyToId), ("placeId", order.placeId)):
        if value is not None and networks != {"x"}:
            bad(f"{name} is for Twitter only")
    if order.replyToId is not None and not str(order.replyToId).isdecimal():
        bad("replyToId must be the id of a tweet")
    for key, nodes in (order.privacyOptions or {}).items():
        if _PRIVATE.get(key) not in networks or not nodes:
            bad(f"privacyOptions has no use for {key}")


def _check_place(order: Order) -> None:
    if (order.lat is None) != (order.long is None):
        bad("lat and long belong together")
    if abs(order.lat or 0) > 90 or abs(order.long or 0) > 180:
        bad("lat and long are degrees")


def _when(order: Order, now: datetime) -> tuple[Mode, datetime]:
    """Without sendLater it goes out at once, whatever else is set."""
    if order.autoSchedule and order.timestamp is not None:
        bad("autoSchedule and timestamp contradict each other")
    if order.timestamp is not None and not 0 < order.timestamp < _LATEST:
        bad("timestamp must be POSIX time in seconds")
    if not order.sendLater:
        return "now", now
    if order.autoSchedule:
        return "auto", _rounded(int(now.timestamp()) + _HOUR)
    if order.timestamp is None:
        bad("sendLater needs timestamp or autoSchedule")
    at = _rounded(order.timestamp)
    if at <= now:
        bad("timestamp must lie in the future")
    return "at", at


def _rounded(second: int) -> datetime:
    """Up to the next five minutes."""
    return datetime.fromtimestamp(-(-second // STEP) * STEP, UTC)
