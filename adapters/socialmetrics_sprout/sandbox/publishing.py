"""publishing/posts: drafts, and nothing but drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from socialmetrics.sandbox.people import Account, User
from socialmetrics.typed import converted
from socialmetrics_sprout.sandbox.fields import Json
from socialmetrics_sprout.sandbox.query import Body
from socialmetrics_sprout.sandbox.refusal import NOT_FOUND, Refusal, bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import (
    plain_post_type,
    profile_guid,
    profile_id,
)
from socialmetrics_sprout.sandbox.wire import stamp

_KINDS: Final = ("PHOTO", "VIDEO", "DOCUMENT")
_TAKES: Final = {
    "x": ("", "PHOTO", "VIDEO"),
    "facebook": ("", "PHOTO", "VIDEO"),
    "instagram": ("PHOTO", "VIDEO"),
    "threads": ("", "PHOTO", "VIDEO"),
    "linkedin": ("", "PHOTO", "VIDEO", "DOCUMENT"),
    "youtube": ("VIDEO",),
    "tiktok": ("VIDEO",),
    "pinterest": ("PHOTO", "VIDEO"),
    "google_business": ("", "PHOTO"),
}
"""What each network takes; everything else is dropped without a word."""


class Media(msgspec.Struct, forbid_unknown_fields=True):
    """A medium in a draft."""

    media_id: str
    media_type: str


class Delivery(msgspec.Struct, forbid_unknown_fields=True):
    """When a draft is meant to go out."""

    scheduled_times: list[str]
    type: str


class Order(msgspec.Struct, kw_only=True):
    """The body of a draft."""

    group_id: int
    customer_profile_ids: list[int]
    is_draft: bool
    delivery: Delivery
    text: str = ""
    media: list[Media] = []
    tag_ids: list[int] = []


def create(service: Service, customer: int, body: Body) -> object:
    """Makes a draft a profile and time; unsuitable profiles are left out."""
    order = _order(body)
    if not order.is_draft:
        bad("Only drafts can be created: is_draft must be true")
    chosen = _profiles(service, customer, order)
    times = [_time(text, service.now()) for text in order.delivery.scheduled_times]
    if order.delivery.type != "SCHEDULED" or not times:
        bad("delivery takes type SCHEDULED and at least one scheduled time")
    _check_media(service, customer, order)
    _check_tags(service, order)
    kinds = {medium.media_type for medium in order.media} or {""}
    able = [one for one in chosen if kinds <= set(_TAKES.get(one.network, ()))]
    shelf = service.drafts.setdefault(customer, {})
    made: list[Json] = []
    for one in able:
        for time in times:
            number = service.next_draft()
            shelf[number] = _draft(service, order, one, (number, time))
            made.append(shelf[number])
    return {"data": made}


def show(service: Service, customer: int, number: str) -> object:
    """One draft; for ever PENDING."""
    drafts = service.drafts.get(customer, {})
    found = drafts.get(int(number)) if number.isascii() and number.isdigit() else None
    if found is None:
        raise Refusal(NOT_FOUND, "Not found")
    return {"data": [found]}


def _order(body: Body) -> Order:
    try:
        return converted(body, Order)
    except msgspec.ValidationError as wrong:
        bad(f"Invalid request: {wrong}")


def _profiles(service: Service, customer: int, order: Order) -> Sequence[Account]:
    groups = {one.id for one in service.world.groups if one.customer == customer}
    if order.group_id not in groups:
        bad("group_id is not a group of this customer")
    if not order.customer_profile_ids:
        bad("At least one customer_profile_id is required")
    chosen = service.chosen(customer, order.customer_profile_ids)
    if any(order.group_id not in one.groups for one in chosen):
        bad("One of the profiles does not belong to the group")
    return chosen


def _time(text: str, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        bad(f"Invalid scheduled time: {text!r}")
    if moment.utcoffset() != UTC.utcoffset(None):
        bad("Scheduled times are written in UTC, like 2026-03-12T09:30:00Z")
    if moment <= now:
        bad("Scheduled times must lie in the future")
    return stamp(moment.replace(second=0, microsecond=0))


def _check_media(service: Service, customer: int, order: Order) -> None:
    for medium in order.media:
        if medium.media_type not in _KINDS:
            bad(f"Unknown media_type: {medium.media_type!r}")
        if not service.has_media(customer, medium.media_id):
            bad("Unknown or expired media_id")


def _check_tags(service: Service, order: Order) -> None:
    if not set(order.tag_ids) <= {tag.id for tag in service.world.tags}:
        bad("Unknown tag_id")


def _draft(service: Service, order: Order, one: Account, slot: tuple[int, str]) -> Json:
    number, time = slot
    user, now = _person(service.world.users[0]), stamp(service.now())
    publishing: Json = {
        "publishing_post_id": number,
        "group_id": order.group_id,
        "is_draft": True,
        "text": order.text,
        "perma_link": f"https://app.example/publishing/{number}",
        "deliveries": [
            {"type": "SCHEDULED", "delivery_status": "PENDING", "scheduled_time": time}
        ],
        # Asked for as `media_id`, answered as `id`.
        "media": [{"id": m.media_id, "media_type": m.media_type} for m in order.media],
        "created_by": user,
        "updated_by": user,
        "created_time": now,
        "updated_time": now,
    }
    internal: Json = {"publishing": publishing}
    if order.tag_ids:
        internal["tags"] = [{"id": tag} for tag in order.tag_ids]
    return {
        "post_category": "POST",
        "post_type": plain_post_type(one.network),
        "customer_profile_id": str(profile_id(one)),
        "profile_guid": profile_guid(one),
        "internal": internal,
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }
