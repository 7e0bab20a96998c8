"""cases/filter: pieces of work, a page after the other by cursor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from socialmetrics.sandbox.inbox import WorldCase
from socialmetrics.sandbox.people import User
from socialmetrics_sprout.sandbox.cursors import part
from socialmetrics_sprout.sandbox.fields import Json
from socialmetrics_sprout.sandbox.filters import Filter, parse_all
from socialmetrics_sprout.sandbox.query import Body, number, sort, timezone
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import message_guid
from socialmetrics_sprout.sandbox.wire import stamp

MOST: Final = 100
_ZONE: Final = "America/Chicago"
_WEEK: Final = timedelta(days=7)
_TIMES: Final[dict[str, Callable[[WorldCase], datetime]]] = {
    "created_time": lambda case: case.created_at,
    "updated_time": lambda case: case.updated_at,
    "latest_activity_time": lambda case: case.active_at,
}
_WORDS: Final[dict[str, Callable[[WorldCase], str]]] = {
    "queue_id": lambda case: case.queue.id,
    "type": lambda case: case.kind,
    "priority": lambda case: case.priority,
    "status": lambda case: case.status,
    "message_id": lambda case: message_guid(case.message),
    "assigned_by": lambda case: _urn(case.opened_by),
    "created_by": lambda case: _urn(case.opened_by),
    "assigned_to": lambda case: _urn(case.assigned),
}
_CHOICES: Final = {
    "type": {"GENERAL", "SUPPORT", "LEAD", "QUESTION", "FEEDBACK"},
    "priority": {"CRITICAL", "HIGH", "MEDIUM", "LOW", "UNDEFINED"},
    "status": {"OPEN", "ON_HOLD", "CLOSED"},
}
_ALLOWED: Final = {
    "case_id": ("eq",),
    **dict.fromkeys(_TIMES, ("in",)),
    **dict.fromkeys(_WORDS, ("eq",)),
    "tag_id": ("eq", "neq"),
}
_Found = dict[tuple[str, str], Filter]
_Test = Callable[[WorldCase], bool]


def cases(service: Service, customer: int, body: Body) -> object:
    """Cases by cursor; the answer without `paging` is the last one."""
    found = parse_all(body.get("filters"), _ALLOWED)
    limit = number(body, "limit", 50, MOST)
    order = sort(body, ("created_time", "updated_time"), "created_time:desc")
    now = service.now()
    tests: list[_Test] = [
        lambda case: case.message.account.customer == customer,
        lambda case: case.created_at <= now,
        *_tests(found, body),
    ]
    rows = [one for one in service.world.cases if all(test(one) for test in tests)]
    rows.sort(key=_TIMES[order.field], reverse=order.descending)
    page, after = part(rows, body, limit)
    answer: dict[str, object] = {"data": [_row(case) for case in page]}
    if after:
        answer["paging"] = {"next_cursor": after}
    return answer


def _tests(found: _Found, body: Body) -> list[_Test]:
    if ids := found.get(("case_id", "eq")):
        return [_by_id(found, ids)]
    if not any((name, "in") in found for name in _TIMES):
        bad("Either case_id.eq or a time filter is required")
    return [_test(key, one, body) for key, one in found.items()]


def _by_id(found: _Found, ids: Filter) -> _Test:
    if len(found) > 1:
        bad("case_id excludes every other filter")
    wanted = frozenset(ids.words)
    if len(wanted) > MOST:
        bad(f"At most {MOST} values of case_id")
    return lambda case: case.id in wanted


def _test(key: tuple[str, str], one: Filter, body: Body) -> _Test:
    name, operator = key
    if operator == "in":
        return _within(name, one, body)
    if name == "tag_id":
        return _tagged(frozenset(one.numbers), operator == "eq")
    wanted, got = frozenset(one.words), _WORDS[name]
    if not wanted <= _CHOICES.get(name, wanted):
        bad(f"Invalid value in filter on {name}")
    return lambda case: got(case) in wanted


def _within(name: str, one: Filter, body: Body) -> _Test:
    start, end = one.instants(timezone(body, _ZONE))
    if end - start > _WEEK + timedelta(seconds=1):
        bad(f"Range of {name} must not exceed one week")
    got = _TIMES[name]
    return lambda case: start <= got(case) < end


def _tagged(wanted: frozenset[int], having: bool) -> _Test:
    return lambda case: any(tag.id in wanted for tag in case.message.tags) is having


def _urn(user: User) -> str:
    return f"urn:spt:core:account_login:{user.id}"


def _row(case: WorldCase) -> Json:
    message = case.message
    row: Json = {
        "id": case.id,
        "type": case.kind,
        "group_id": str(message.account.groups[0]),
        "priority": case.priority,
        "status": case.status,
        "messages": [
            {
                "guid": message_guid(message),
                "msg_created_date": stamp(message.created_at),
                "case_message_direction": "RECEIVED",
                "is_anchor": True,
            }
        ],
        "created_by": _urn(case.opened_by),
        "created_time": stamp(case.created_at),
        "updated_time": stamp(case.updated_at),
        "queue_id": case.queue.id,
        "assigned_to": [_urn(case.assigned)],
        "assigned_by": _urn(case.opened_by),
        "tags": [
            {
                "tag_id": tag.id,
                "updated_by": _urn(case.opened_by),
                "updated_time": stamp(case.updated_at),
            }
            for tag in message.tags
        ],
    }
    if case.closed_at:
        row["last_closed_time"] = stamp(case.closed_at)
    return row
