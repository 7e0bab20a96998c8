"""Publishing: Sprout's API makes drafts and nothing else, and the receipt says so."""

from __future__ import annotations

from typing import Final

from socialmetrics.decode import ask
from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Unreadable
from socialmetrics.lazy import LazyJson
from socialmetrics.model import Delivery, Draft, Profile, Publication
from socialmetrics.typed import decoder
from socialmetrics.window import instant
from socialmetrics.wire import Flow
from socialmetrics_sprout import requests
from socialmetrics_sprout.models import Planned
from socialmetrics_sprout.parse import utc, utc_or_none
from socialmetrics_sprout.payloads import PublishedPayload, RowsPayload
from socialmetrics_sprout.rows import complaint, rows

_PUBLISHED: Final = decoder(PublishedPayload)
DRAFT: Final = "draft"
LEFT_OUT: Final = "left out"


def publish(draft: Draft) -> Flow[Publication]:
    """A draft for every profile; nothing is published.

    Raises `InvalidQuery` for what the vendor cannot take, and `OutcomeUnknown` where
    the draft may have been made: it is not sent again, for drafts cannot be deleted.
    """
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
            _delivery(profile, made.get(profile.vendor_id))
            for profile in draft.profiles
        ),
        raw=LazyJson(answer.response.body),
    )


def _delivery(profile: Profile, payload: PublishedPayload | None) -> Delivery:
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
    return Delivery(
        profile=profile,
        state=DRAFT,
        vendor_id=str(made.publishing_post_id),
        at=next((utc(time) for time in times if time), None),
        reason="Sprout's API makes drafts; somebody has to approve it in the app",
        url=made.perma_link,
    )


def _common_group(draft: Draft) -> str:
    for each in draft.profiles:
        _checked(each)
    if not draft.profiles:
        raise InvalidQuery("the draft names no profile")
    if not draft.text and not draft.media:
        raise InvalidQuery("the draft has neither text nor media")
    if draft.at is None:
        raise InvalidQuery("Sprout's drafts carry their planned time; give at=")
    instant("at", draft.at)
    first, *others = draft.profiles
    common = set(first.groups).intersection(*(each.groups for each in others))
    if not common:
        named = ", ".join(f"{p.name} ({', '.join(p.groups)})" for p in draft.profiles)
        raise InvalidQuery(
            f"Sprout takes a draft for profiles of one group; these share none: {named}"
        )
    return min(common)


def _checked(profile: object) -> None:
    if not isinstance(profile, Profile):
        raise InvalidQuery(
            f"the draft's {profile!r} is no Profile; give one of client.profiles()"
        )


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
