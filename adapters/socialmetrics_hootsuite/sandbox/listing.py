"""GET, DELETE: messages one by one, and as lists of a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics_hootsuite.sandbox.outbox import Message, within
from socialmetrics_hootsuite.sandbox.publishing import parsed
from socialmetrics_hootsuite.sandbox.refusal import Json, invalid, refuse
from socialmetrics_hootsuite.sandbox.service import Pairs, Service
from socialmetrics_hootsuite.sandbox.views import view

_STATES: Final = (
    "PENDING_APPROVAL", "REJECTED", "SENT", "SCHEDULED", "SEND_FAILED_PERMANENTLY",
)  # fmt: skip
_KEYS: Final = (
    "startTime", "endTime", "state", "limit", "cursor", "includeUnscheduledReviewMsgs",
)  # fmt: skip
_SPAN: Final = timedelta(weeks=4)
_LIMIT: Final = 50
_MOST: Final = 100
_DIGITS: Final = 18
_UNKNOWN: Final = "Unable to find the message by id"


def one(service: Service, number: str) -> Message:
    """The message of that id. Refuses what is not there, or not yet."""
    found = service.outbox.find(number)
    if found is None or found.deleted_at is not None or _is_hidden(found):
        refuse(4001, _UNKNOWN)
    return found


def show(service: Service, number: str) -> Json:
    """One message; a list of one, although the documents say an object."""
    found = one(service, number)
    return {"data": [view(found, service.outbox.state(found), service.options)]}


def delete(service: Service, number: str) -> Json | str:
    """Takes a message back that is not published yet."""
    found = one(service, number)
    if service.outbox.state(found) not in ("SCHEDULED", "PENDING_APPROVAL"):
        refuse(40003)
    found.deleted_at = service.now()
    service.record(found, "DELETE")
    return "" if service.options.plain_delete else {"data": []}


def _is_hidden(message: Message) -> bool:
    """Whether it is not to be found yet; every look brings it nearer."""
    if not message.hidden:
        return False
    message.hidden -= 1
    return True


@attrs.frozen(kw_only=True)
class _Query:
    start: datetime
    end: datetime
    state: str | None
    profiles: frozenset[str]
    limit: int
    cursor: tuple[int, int, int] | None
    unscheduled: bool


def listed(service: Service, pairs: Pairs) -> Json:
    """The messages of a window, earliest first, page by page."""
    query = _query(service, pairs)
    rows = sorted(_rows(service, query), key=lambda one: one.key)
    page, first, last = _page(rows, query)
    more = last < len(rows) and not service.options.truncated
    return {
        "data": [view(one, service.outbox.state(one), service.options) for one in page],
        "metadata": {
            "cursor": {
                "next": _cursor(page[-1], 0) if page and more else None,
                "previous": _cursor(page[0], 1) if page and first else None,
            }
        },
    }


def _rows(service: Service, query: _Query) -> list[Message]:
    everything = list(service.outbox.all())
    found = list(within(everything, query.start, query.end))
    if query.unscheduled:
        found += [each for each in everything if each.at is None]
    return [each for each in found if _fits(service, each, query)]


def _fits(service: Service, message: Message, query: _Query) -> bool:
    if query.profiles and message.profile.id not in query.profiles:
        return False
    if query.state is not None and service.outbox.state(message) != query.state:
        return False
    return not _is_hidden(message)


def _page(rows: Sequence[Message], query: _Query) -> tuple[Sequence[Message], int, int]:
    """The rows of the page, and where they begin and end."""
    first = 0
    if query.cursor is not None:
        *key, backwards = query.cursor
        before = sum(list(each.key) < key for each in rows)
        here = before < len(rows) and list(rows[before].key) == key
        first = max(before - query.limit, 0) if backwards else before + here
        if backwards:
            return rows[first:before], first, before
    last = min(first + query.limit, len(rows))
    return rows[first:last], first, last


def _cursor(message: Message, backwards: int) -> str:
    moment, number = message.key
    return f"{moment}:{number}:{backwards}"


def _query(service: Service, pairs: Pairs) -> _Query:
    told = _singles(pairs)
    start, end = (_moment(told, name) for name in ("startTime", "endTime"))
    if end < start:
        invalid("endTime lies before startTime")
    if end - start > _SPAN:
        refuse(40020)
    state = told.get("state")
    if state is not None and state not in _STATES:
        refuse(40019)
    asked = [value for name, value in pairs if name == "socialProfileIds"]
    flag = told.get("includeUnscheduledReviewMsgs", "false")
    if flag not in ("true", "false"):
        refuse(40022)
    return _Query(
        start=start,
        end=end,
        state=state,
        profiles=frozenset(service.profile(value).id for value in asked),
        limit=_limit(told.get("limit")),
        cursor=_opened(told.get("cursor")),
        unscheduled=flag == "true",
    )


def _singles(pairs: Pairs) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for name, value in pairs:
        if name == "socialProfileIds":
            continue
        if name not in _KEYS:
            invalid(f"{name} is not a parameter")
        if name in told:
            invalid(f"{name} is given twice")
        told[name] = value
    return told


def _moment(told: Mapping[str, str], name: str) -> datetime:
    moment = parsed(told.get(name, ""))
    if moment is None:
        invalid(f"{name} is required, in UTC, and ends in Z")
    return moment


def _limit(text: str | None) -> int:
    number = _LIMIT if text is None else _whole(text)
    if number is None or not 1 <= number <= _MOST:
        invalid(f"limit is a number from 1 to {_MOST}")
    return number


def _whole(text: str) -> int | None:
    """A number of at most 18 digits; None for anything else."""
    is_whole = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if is_whole else None


def _opened(text: str | None) -> tuple[int, int, int] | None:
    if text is None:
        return None
    numbers = [_whole(part) for part in text.split(":")]
    found = [number for number in numbers if number is not None]
    if len(found) != len(numbers) or len(found) != 3:
        refuse(3020)
    moment, number, backwards = found
    return moment, number, backwards
