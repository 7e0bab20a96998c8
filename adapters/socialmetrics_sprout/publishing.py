"""Publishing: Sprout's API makes drafts and nothing else, and the receipt says so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from socialmetrics.decode import ask
from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Unreadable
from socialmetrics.lazy import LazyJson
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    File,
    Media,
    Profile,
    Publication,
    When,
)
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow
from socialmetrics_sprout import requests
from socialmetrics_sprout.media import upload
from socialmetrics_sprout.models import Planned
from socialmetrics_sprout.parse import utc, utc_or_none
from socialmetrics_sprout.payloads import PublishedPayload, RowsPayload
from socialmetrics_sprout.rows import complaint, rows

_PUBLISHED: Final = decoder(PublishedPayload)
APPROVE: Final = "Sprout's API makes drafts; somebody has to approve it in the app"
DRAFT: Final = "draft"
LEFT_OUT: Final = "left out"


def plan(draft: Draft) -> tuple[Consignment, ...]:
    """The draft as it is. Raises `InvalidQuery` for what the vendor cannot take."""
    if draft.at is None:
        raise InvalidQuery("Sprout's drafts carry their planned time; give at=")
    if draft.at == "auto":
        raise InvalidQuery("Sprout's API finds no time by itself; give an instant")
    for name in ("location", "reply_to", "privacy", "notify", "extra"):
        if getattr(draft, name):
            raise InvalidQuery(f"Sprout's drafts have no {name}; leave it out")
    _common_group(draft)
    return (Consignment(draft=draft, notes=(APPROVE,)),)


def prepare(consignment: Consignment) -> Flow[Consignment]:
    """The same with its files uploaded."""
    ready: list[Media] = []
    for each in consignment.draft.media:
        if isinstance(each, File):
            ready.append(
                (yield from upload(each.content, each.name, each.content_type))
            )
        elif isinstance(each, Media):
            ready.append(each)
    return attrs.evolve(consignment, draft=attrs.evolve(consignment.draft, media=ready))


def publish(consignment: Consignment) -> Flow[Publication]:
    """A draft for every profile; nothing is published.

    Raises `OutcomeUnknown` where the draft may have been made: it is not sent again,
    for drafts cannot be deleted.
    """
    draft = consignment.draft
    request = requests.draft(draft, _common_group(draft))
    answer = yield from ask(request, RowsPayload, complaint)
    try:
        found = rows(answer, _PUBLISHED, lambda payload, _: payload)
    except Unreadable as err:
        raise OutcomeUnknown(
            f"the drafts were accepted, but the receipt cannot be read: {err.message}",
            vendor=err.vendor,
            operation=err.operation,
            status=err.status,
            request_id=err.request_id,
        ) from err
    made = {str(payload.customer_profile_id): payload for payload in found}
    return Publication(
        deliveries=tuple(
            _delivery(profile, made.get(profile.vendor_id), draft.at)
            for profile in draft.profiles
        ),
        raw=LazyJson(answer.response.body),
    )


def _delivery(
    profile: Profile, payload: PublishedPayload | None, asked: When | None
) -> Delivery:
    """Profiles that cannot take the media are left out by the vendor without a word."""
    if payload is None:
        return Delivery(
            profile=profile,
            state=LEFT_OUT,
            reason="Sprout left this profile out without an error; most often it "
            "cannot take the media",
        )
    made = payload.internal.publishing
    times = [each.scheduled_time for each in made.deliveries or []]
    at = next((utc(time) for time in times if time), None)
    return Delivery(
        profile=profile,
        state=DRAFT,
        vendor_id=str(made.publishing_post_id),
        at=at,
        # Seconds are cut.
        asked_at=asked if isinstance(asked, datetime) and at != asked else None,
        reason=APPROVE,
        url=made.perma_link,
    )


def _common_group(draft: Draft) -> str:
    first, *others = draft.profiles
    common = set(first.groups).intersection(*(each.groups for each in others))
    if not common:
        named = ", ".join(f"{p.name} ({', '.join(p.groups)})" for p in draft.profiles)
        raise InvalidQuery(
            f"Sprout takes a draft for profiles of one group; these share none: {named}"
        )
    return min(common)


def look(deliveries: tuple[Delivery, ...]) -> Flow[tuple[Delivery, ...]]:
    """What Sprout says of these drafts: whether they still are drafts, not more."""
    looked: tuple[Delivery, ...] = ()
    for each in deliveries:
        looked = (*looked, (yield from _looked(each)))
    return looked


def _looked(delivery: Delivery) -> Flow[Delivery]:
    found = yield from planned(delivery.vendor_id or "")
    for each in found:
        if each.profile == delivery.profile.vendor_id and each.is_draft is False:
            state = (each.status or "pending").lower()
            return attrs.evolve(
                delivery, state=state, at=each.at, reason=None, url=each.url
            )
    return delivery


def planned(publishing_post_id: str) -> Flow[list[Planned]]:
    """What Sprout says of a draft, for each of its times.

    Its status stays PENDING even after publication: whether it went out shows in the
    messages, not here.
    """
    request = requests.published(publishing_post_id)
    answer = yield from ask(request, RowsPayload, complaint)
    found = rows(answer, _PUBLISHED, lambda payload, _: payload)
    return [
        Planned(
            vendor_id=str(each.internal.publishing.publishing_post_id),
            profile=str(each.customer_profile_id),
            is_draft=each.internal.publishing.is_draft,
            at=utc_or_none(delivery.scheduled_time),
            status=delivery.delivery_status,
            url=each.internal.publishing.perma_link,
        )
        for each in found
        for delivery in each.internal.publishing.deliveries or []
    ]
