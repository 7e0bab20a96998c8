"""messages: what is in the inboxes, a page after the other by cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from socialmetrics.sandbox.inbox import WorldMessage
from socialmetrics_sprout.sandbox.cursors import part
from socialmetrics_sprout.sandbox.fields import TAGS, Picked, put, tag_ids
from socialmetrics_sprout.sandbox.filters import Filter, parse_all
from socialmetrics_sprout.sandbox.message_fields import CASE, FIELDS
from socialmetrics_sprout.sandbox.query import Body, number, sort, texts, timezone
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import (
    NO_POSTS,
    message_guid,
    message_type,
    person_guid,
    profile_guid,
)

MOST: Final = 100
_ALLOWED: Final = {
    "group_id": ("eq",),
    "customer_profile_id": ("eq",),
    "created_time": ("in",),
    "message_id": ("eq",),
    "action_last_update_time": ("in",),
    "post_type": ("eq",),
    "tag_id": ("eq",),
    "language_code": ("eq",),
    "from.guid": ("eq",),
}
_MONTH: Final = timedelta(days=30)
_Filters = dict[str, Filter]
_Test = Callable[[WorldMessage], bool]


def messages(service: Service, customer: int, body: Body) -> object:
    """Messages by cursor; the answer without `paging` is the last one."""
    found = {
        key: one for (key, _), one in parse_all(body.get("filters"), _ALLOWED).items()
    }
    group = _group(service, customer, found)
    names = texts(body, "fields")
    picked = FIELDS.picked(names)
    limit = number(body, "limit", 50, MOST)
    order = sort(body, ("created_time",), "created_time:desc")
    tests = _tests(service, customer, found, body)
    rows = [one for one in service.world.messages if all(test(one) for test in tests)]
    if order.descending:
        rows.reverse()
    page, after = part(rows, body, limit, service.options.hollow_pages)
    answer: dict[str, object] = {
        "data": [_row(service, one, picked, group) for one in page]
    }
    if after:
        answer["paging"] = {"next_cursor": after}
    return answer


def _group(service: Service, customer: int, found: _Filters) -> int | None:
    if "message_id" in found:
        if len(found) > 1:
            bad("message_id excludes every other filter")
        return None
    if "group_id" not in found:
        bad("Filter group_id.eq is required")
    ids = found["group_id"].numbers
    mine = {one.id for one in service.world.groups if one.customer == customer}
    if len(ids) != 1 or ids[0] not in mine:
        bad("Filter group_id.eq takes exactly one group of this customer")
    return ids[0]


def _tests(service: Service, customer: int, found: _Filters, body: Body) -> list[_Test]:
    now = service.now()
    tests: list[_Test] = [lambda one: _visible(one, customer, now)]
    if "message_id" in found:
        guids = _guids(found["message_id"])
        return [*tests, lambda one: message_guid(one) in guids]
    indices = _profiles(service, customer, found)
    tests.append(lambda one: one.account.index in indices)
    tests += _time_tests(found, body)
    tests += _word_tests(found)
    return tests


def _visible(one: WorldMessage, customer: int, now: datetime) -> bool:
    if one.account.customer != customer or one.created_at > now:
        return False
    return one.ref.network != "google_business" or one.created_at >= now - _MONTH


def _guids(found: Filter) -> frozenset[str]:
    if len(found.words) > MOST:
        bad(f"At most {MOST} values of message_id")
    return frozenset(found.words)


def _profiles(service: Service, customer: int, found: _Filters) -> set[int]:
    group = found["group_id"].numbers[0]
    members = [one for one in service.profiles_of(customer) if group in one.groups]
    if "customer_profile_id" not in found:
        return {one.index for one in members}
    chosen = service.chosen(customer, found["customer_profile_id"].numbers)
    if any(one.network in NO_POSTS for one in chosen):
        bad("One of the profiles is not a supported type")
    if any(one not in members for one in chosen):
        bad(f"One of the profiles does not belong to group {group}")
    return {one.index for one in chosen}


def _time_tests(found: _Filters, body: Body) -> list[_Test]:
    zone, tests = timezone(body), list[_Test]()
    created = found.get("created_time")
    start, end = created.instants(zone) if created else (None, None)
    if start and end:
        tests.append(lambda one: start <= one.created_at < end)
    if acted := found.get("action_last_update_time"):
        since, until = acted.instants(zone)
        if start and since < start:
            bad("action_last_update_time may not lie before created_time")
        tests.append(lambda one: any(since <= act.at < until for act in one.actions))
    return tests


def _word_tests(found: _Filters) -> list[_Test]:
    tests: list[_Test] = []
    if types := found.get("post_type"):
        tests.append(_among(message_type, types.words))
    if languages := found.get("language_code"):
        tests.append(_among(lambda one: one.language or "un", languages.words))
    if authors := found.get("from.guid"):
        tests.append(_among(_author, authors.words))
    if tags := found.get("tag_id"):
        ids = frozenset(tags.numbers)
        tests.append(lambda one: any(tag.id in ids for tag in one.tags))
    return tests


def _among(key: Callable[[WorldMessage], str], words: Sequence[str]) -> _Test:
    wanted = frozenset(words)
    return lambda one: key(one) in wanted


def _author(one: WorldMessage) -> str:
    return profile_guid(one.account) if one.author is None else person_guid(one.author)


def _row(
    service: Service, one: WorldMessage, picked: Picked, group: int | None
) -> object:
    row, names = FIELDS.row(one, picked), {name for _, name in picked}
    case = service.case_of.get(one.row)
    if CASE in names and case:
        row[CASE] = case
    if group is not None and TAGS in names:
        # With a group, only the tags of that group are shown.
        mine = [tag for tag in one.tags if tag.any_group or group in tag.groups]
        put(row, ("internal", "tags"), tag_ids(mine))
    return row
