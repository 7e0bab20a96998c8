"""Publishing: now, at a time, or when the tool thinks best, and never by accident.

Without `sendLater` the vendor publishes at once, whatever else is set. So the flags are
made here from one choice of three, and nothing else can be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeGuard

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Consignment, Draft, Location, Ref
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy import requests
from socialmetrics_hootsuite.legacy.parse import LATEST
from socialmetrics_hootsuite.legacy.streams import number

STEP: Final = 300
"""Seconds: the vendor rounds times up to the next multiple."""
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLACES: Final = {"x": "placeId", "foursquare": "venueId"}
_PRIVATE: Final = ("FACEBOOK", "LINKEDIN")
_NODE: Final[Mapping[str, tuple[type, ...]]] = {
    "type": (str,),
    "id": (str, int),
    "name": (str,),
    "global": (str, int),
}
_OPTIONAL: Final = "global"


def plan(draft: Draft, now: datetime) -> tuple[Consignment, ...]:
    """One request for all profiles. Raises `InvalidQuery` for what cannot be said."""
    _check(draft)
    try:
        request(draft)
    except UnicodeEncodeError as err:
        raise InvalidQuery("the draft holds half a character") from err
    if isinstance(draft.at, datetime):
        _check_time(draft.at, now)
    return (Consignment(draft=draft, notes=tuple(_notes(draft))),)


def request(draft: Draft) -> Request:
    """What is sent."""
    return requests.publish(body(draft))


def effective(draft: Draft) -> datetime | None:
    """When the vendor will send it (UTC), at a mark of five minutes; None: unknown."""
    if not isinstance(draft.at, datetime):
        return None
    return datetime.fromtimestamp(_rounded(draft.at), UTC)


def body(draft: Draft) -> dict[str, object]:
    """The parameters as the vendor calls them; what is off is left out."""
    return {
        "message": draft.text,
        "socialNetworks": [int(number(each)) for each in draft.profiles],
        **_when(draft),
        **({"sendAlert": 1} if draft.notify else {}),
        **({} if draft.reply_to is None else {"replyToId": draft.reply_to.native_id}),
        **({} if draft.location is None else dict(_where(draft.location))),
        **({"privacyOptions": _privacy(draft)} if draft.privacy else {}),
    }


def _when(draft: Draft) -> dict[str, int]:
    if draft.at is None:
        return {}
    if not isinstance(draft.at, datetime):
        return {"sendLater": 1, "autoSchedule": 1}
    return {"sendLater": 1, "timestamp": _rounded(draft.at)}


def _rounded(at: datetime) -> int:
    return -((_BEGIN - at) // timedelta(seconds=STEP)) * STEP


def _notes(draft: Draft) -> Iterator[str]:
    rounded = effective(draft)
    if rounded is not None and rounded != draft.at:
        yield (
            f"Hootsuite sends at full five minutes: {draft.at:%H:%M:%S} becomes "
            f"{rounded:%H:%M:%S} UTC"
        )


# -- what cannot be sent -----------------------------------------------------------


def _check(draft: Draft) -> None:
    if not draft.text.strip():
        raise InvalidQuery("the draft has no text; this API publishes nothing without")
    if draft.media:
        raise InvalidQuery(
            "this API attaches no media; put a link to the picture into the text"
        )
    for name, value in (("tags", draft.tags), ("extra", draft.extra)):
        if value:
            raise InvalidQuery(f"this API takes no {name}; leave them out")
    _check_reply(draft)


def _check_reply(draft: Draft) -> None:
    reply = draft.reply_to
    if reply is None:
        return
    others = [each.name for each in draft.profiles if each.ref.network != "x"]
    if reply.network != "x" or others:
        told = f"; leave out {', '.join(others)}" if others else f", not {reply}"
        raise InvalidQuery(f"replies are for posts of X and by profiles on X{told}")
    if not (reply.native_id.isascii() and reply.native_id.isdecimal()):
        raise InvalidQuery(f"reply_to={str(reply)!r} is no post of X: its id is digits")


def _check_time(at: datetime, now: datetime) -> None:
    if at.timestamp() >= LATEST:
        raise InvalidQuery(f"at={at} lies too far ahead; are these milliseconds?")
    if at <= now:
        raise InvalidQuery(f"at={at.isoformat()} has passed (it is {now.isoformat()})")


# -- where, and who may see it --------------------------------------------------------


def _where(location: Location) -> Iterator[tuple[str, object]]:
    if location.latitude is not None:
        yield "lat", location.latitude
        yield "long", location.longitude
    names = [_place_name(each) for each in location.places]
    if len(set(names)) < len(names):
        raise InvalidQuery("the draft's location has two places of one network")
    yield from zip(names, (each.native_id for each in location.places), strict=True)


def _place_name(place: Ref) -> str:
    if place.network not in _PLACES:
        raise InvalidQuery(
            f"the place {place} is of a network without places here; there are "
            f"{', '.join(_PLACES)}"
        )
    return _PLACES[place.network]


def _privacy(draft: Draft) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, nodes in draft.privacy.items():
        key = str(name).upper()
        if key not in _PRIVATE:
            raise InvalidQuery(
                f"privacy of {name!r}: there are options for facebook and linkedin"
            )
        if key.lower() not in {each.ref.network for each in draft.profiles}:
            raise InvalidQuery(f"privacy of {name!r}: no profile of the draft is there")
        if key in found:
            raise InvalidQuery(f"privacy of {name!r} is given twice")
        if not _is_list(nodes) or not nodes:
            raise InvalidQuery(f"privacy of {name!r} must be a list of audiences")
        found[key] = [_node(key, node) for node in nodes]
    return found


def _node(name: str, node: object) -> dict[str, Any]:
    told = dict(node) if _is_object(node) else {}
    missing = [key for key in _NODE if key not in told and key != _OPTIONAL]
    odd = [key for key, value in told.items() if not _is_fit(key, value)]
    if missing or odd:
        raise InvalidQuery(
            f"an audience of {name} has type, id, name and perhaps global; look at "
            f"{', '.join(map(str, missing or odd))}"
        )
    return told


def _is_fit(key: str, value: object) -> bool:
    is_flag = isinstance(value, bool) and key != _OPTIONAL
    return isinstance(value, _NODE.get(key, ())) and not is_flag


def _is_list(told: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(told, list | tuple)


def _is_object(told: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(told, Mapping)
