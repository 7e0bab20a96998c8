"""From Hootsuite's payloads to the model. Pure functions; our words begin here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from socialmetrics.lazy import LazyJson
from socialmetrics_hootsuite.models import Action, Outbound, Reviewer
from socialmetrics_hootsuite.moments import utc_or_none
from socialmetrics_hootsuite.payloads import (
    ActionPayload,
    Id,
    MessagePayload,
    TagPayload,
)

_STATES: Final[Mapping[str, str]] = {
    "PENDING_APPROVAL": "pending approval",
    "SEND_FAILED_PERMANENTLY": "failed",
}


def state(told: str) -> str:
    """Our word for a state; one that is not known is kept, in lower case."""
    return _STATES.get(told, told.lower())


def outbound(payload: MessagePayload, raw: msgspec.Raw) -> Outbound:
    """A message to one profile."""
    owner, author = payload.social_profile, payload.created_by_member
    step = payload.sequence_number
    return Outbound(
        vendor_id=str(payload.id),
        state=state(payload.state),
        profile=_id(owner.id) if owner else None,
        text=payload.text,
        at=utc_or_none(payload.scheduled_send_time),
        native_id=_id(payload.post_id),
        url=payload.post_url,
        tags=tuple(map(_tag, payload.tags or ())),
        sequence_number=None if step is None else int(step),
        reviewers=tuple(
            Reviewer(
                vendor_id=_id(each.id), kind=each.type.lower() if each.type else None
            )
            for each in payload.reviewers or ()
        ),
        created_by=_id(author.id) if author else None,
        raw=LazyJson(raw),
    )


def action(payload: ActionPayload) -> Action:
    """A step of a history."""
    return Action(
        kind=payload.action_type.lower(),
        actor=payload.actor_type.lower() if payload.actor_type else None,
        actor_id=_id(payload.actor_id),
        at=utc_or_none(payload.timestamp),
    )


def _id(told: Id | None) -> str | None:
    return None if told is None or told == "" else str(told)


def _tag(told: str | TagPayload) -> str:
    return told if isinstance(told, str) else told.name
