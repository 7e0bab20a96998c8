"""Publishing: one request for several profiles, which makes a message for each.

There is no idempotency key, no draft and no change: a request that may have arrived is
never sent again, and what was refused for single profiles is told for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.decode import Answer, decode
from socialmetrics.errors import (
    OutcomeUnknown,
    Rejected,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.lazy import LazyJson
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    Media,
    Profile,
    Publication,
    Ref,
)
from socialmetrics.wire import Flow
from socialmetrics_hootsuite import envelopes, extras, parse, requests, rules
from socialmetrics_hootsuite.models import Outbound
from socialmetrics_hootsuite.moments import stamp
from socialmetrics_hootsuite.networks import kind
from socialmetrics_hootsuite.payloads import Envelope, MessagePayload
from socialmetrics_hootsuite.problems import Complaint, problem, refusal, told

ALONE: Final = frozenset({"x", "pinterest"})
"""Networks that go in a request of their own, one profile at a time. Of X two in one
are refused; whether it may share one with other networks is written nowhere."""
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"
"""It may have been made: it has to be looked for before it is published again."""
UNSURE: Final = (
    "there are several equal ones, and which of them was sent now cannot be told"
)
REASONS: Final[Mapping[str, str]] = {
    FAILED: "Hootsuite does not tell why; its history and its app may",
    "pending approval": "a reviewer has to approve it first",
    "rejected": "a reviewer refused it; the history names who",
}


def plan(draft: Draft, now: datetime) -> tuple[Consignment, ...]:
    """One request for each X and Pinterest profile, one for all the others.

    Raises `InvalidQuery` for a draft that Hootsuite cannot take whole.
    """
    rules.check(draft, now)
    first, *others = _split(draft)
    return (
        Consignment(draft=first, notes=(*rules.unused(draft), *rules.notes(first))),
        *(Consignment(draft=each, notes=rules.notes(each)) for each in others),
    )


def _split(draft: Draft) -> Iterator[Draft]:
    groups: dict[str, list[Profile]] = {}
    for each in draft.profiles:
        is_alone = kind(each).network in ALONE
        groups.setdefault(each.vendor_id if is_alone else "", []).append(each)
    for profiles in groups.values():
        yield attrs.evolve(draft, profiles=tuple(profiles))


def body(draft: Draft) -> dict[str, object]:
    """The message as it is sent. What is not set is left out: null removes a field."""
    extra, location = extras.wanted(draft), draft.location
    place = location and {
        "latitude": location.latitude,
        "longitude": location.longitude,
    }
    found: dict[str, object] = {
        "text": draft.text,
        "socialProfileIds": [each.vendor_id for each in draft.profiles],
        "scheduledSendTime": stamp(draft.at) if isinstance(draft.at, datetime) else "",
        "media": [{"id": m.vendor_id} for m in draft.media if isinstance(m, Media)],
        "tags": list(draft.tags),
        "location": place,
        "privacy": _privacy(draft),
        "emailNotification": draft.notify,
        "targeting": _targeting(draft, extra),
        "webhookUrls": extra.webhook_urls,
        "mediaUrls": [{"url": url} for url in extra.media_urls],
        "extendedInfo": list(_boards(draft, extra)),
    }
    return {name: value for name, value in found.items() if value}


def _privacy(draft: Draft) -> Mapping[str, object]:
    asked = extras.privacy(draft)
    types = {kind(each).type for each in draft.profiles}
    found = {
        "facebook": asked.facebook if "FACEBOOK" in types else None,
        "linkedIn": asked.linkedin if "LINKEDIN" in types else None,
    }
    return {name: {"visibility": [view]} for name, view in found.items() if view}


def _targeting(draft: Draft, extra: extras.Extra) -> Mapping[str, object]:
    types = {kind(each).type for each in draft.profiles}
    if extra.targeting is None:
        return {}
    asked = extras.plain(extra.targeting)
    owners = {"facebookPage": "FACEBOOKPAGE", "linkedInV2Company": "LINKEDINCOMPANY"}
    return {name: each for name, each in asked.items() if owners[name] in types}


def _boards(draft: Draft, extra: extras.Extra) -> Iterator[Mapping[str, object]]:
    for each in draft.profiles:
        if kind(each).network == "pinterest":
            told = {
                "boardId": extra.board(each.vendor_id),
                "destinationUrl": extra.destination_url,
            }
            yield {
                "socialProfileType": "PINTEREST",
                "socialProfileId": each.vendor_id,
                "data": {name: value for name, value in told.items() if value},
            }


def publish(consignment: Consignment) -> Flow[Publication]:
    """The message, sent once. A delivery for each profile, failed ones with a reason.

    The state is "unknown" where the vendor failed over a profile or does not speak of
    it. Raises what the vendor's refusal means where no message was made, and
    `OutcomeUnknown` where one may have been.
    """
    request = requests.message(body(consignment.draft))
    try:
        response = yield request
    except Rejected as err:
        partly = told(err).response
        if partly is None:
            raise
        response = partly
    try:
        return _publication(consignment, decode(Envelope, response))
    except Unreadable as err:
        raise OutcomeUnknown(
            f"it was accepted, but the receipt cannot be read: {err.message}",
            vendor=err.vendor,
            operation=err.operation,
            status=err.status,
            request_id=err.request_id,
        ) from err


def _publication(consignment: Consignment, answer: Answer[Envelope]) -> Publication:
    draft, response = consignment.draft, answer.response
    errors = told(problem(response)).complaints
    if errors and bytes(answer.payload.data) in (b"null", b"[]"):
        raise _whole(errors, refusal(response))
    made = _made(draft, answer)
    deliveries = [
        each
        for profile in draft.profiles
        for each in made.get(profile.vendor_id) or (_missing(profile, errors),)
    ]
    return Publication(
        deliveries=tuple(deliveries),
        notes=consignment.notes,
        raw=LazyJson(response.body),
    )


def _whole(
    errors: Sequence[Complaint], refused: SocialMetricsError
) -> SocialMetricsError:
    """The error of an answer without a message: a fault is no refusal."""
    if not _is_fault(errors):
        return refused
    return OutcomeUnknown(
        f"Hootsuite failed: {refused.message}",
        vendor=refused.vendor,
        operation=refused.operation,
        status=refused.status,
        code=refused.code,
        request_id=refused.request_id,
    )


def _is_fault(errors: Sequence[Complaint]) -> bool:
    return any(each.fault == "server" for each in errors)


def _made(draft: Draft, answer: Answer[Envelope]) -> dict[str, list[Delivery]]:
    """By profile: the order of an answer is not promised."""
    profiles = {each.vendor_id: each for each in draft.profiles}
    found: dict[str, list[Delivery]] = {}
    for each in envelopes.rows(answer, MessagePayload, parse.outbound):
        owner = next(iter(profiles)) if len(profiles) == 1 else each.profile
        if owner not in profiles:
            raise envelopes.unreadable(
                answer, f"the message {each.vendor_id} is of no asked profile", "$.data"
            )
        made = delivery(profiles[owner], each, draft)
        found.setdefault(owner, []).append(made)
    return found


def _missing(profile: Profile, errors: Sequence[Complaint]) -> Delivery:
    own = [each for each in errors if each.profile == profile.vendor_id]
    reasons = own or [each for each in errors if each.profile is None]
    if not reasons:
        return Delivery(
            profile=profile,
            state=UNKNOWN,
            reason="Hootsuite's answer does not speak of this profile",
        )
    text = "; ".join(each.text for each in reasons)
    state = UNKNOWN if _is_fault(reasons) else FAILED
    return Delivery(profile=profile, state=state, reason=text)


def delivery(profile: Profile, message: Outbound, draft: Draft) -> Delivery:
    """What became of a draft at that profile."""
    asked = draft.at if isinstance(draft.at, datetime) else None
    return updated(Delivery(profile=profile, state="", asked_at=asked), message)


def updated(delivery: Delivery, message: Outbound) -> Delivery:
    """The delivery as the message is now.

    The receipt of a message that is sent at once has no time; a later look has.
    """
    asked = delivery.asked_at or delivery.at
    network = delivery.profile.ref.network
    return attrs.evolve(
        delivery,
        state=message.state,
        vendor_id=message.vendor_id,
        ref=Ref(network, message.native_id) if message.native_id else None,
        at=message.at,
        asked_at=None if message.at == asked else asked,
        reason=UNSURE if delivery.reason == UNSURE else REASONS.get(message.state),
        url=message.url,
    )
