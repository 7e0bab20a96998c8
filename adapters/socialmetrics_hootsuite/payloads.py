"""Hootsuite's answers, field for field. The vendor's words end in this module.

Unknown keys are ignored. Real answers hold every optional field with null, so all but
the ids may be null. Ids come as text, and are taken as numbers too.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs
import msgspec

Id: TypeAlias = int | str


class ResourcePayload(msgspec.Struct):
    """What an error is about."""

    type: str | None = None
    id: Id | None = None


class ErrorPayload(msgspec.Struct):
    """One of `errors`; `id` is for the vendor's support."""

    code: int | float | str | None = None
    message: str | None = None
    id: Id | None = None
    resource: ResourcePayload | None = None


class CursorPayload(msgspec.Struct):
    """metadata.cursor"""

    next: str | None = None


class MetadataPayload(msgspec.Struct):
    """metadata"""

    cursor: CursorPayload | None = None


class Envelope(msgspec.Struct):
    """Every answer: `errors` may stand beside `data`, under any status."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[ErrorPayload] | None = None
    metadata: MetadataPayload | None = None


class ProfilePayload(msgspec.Struct, rename="camel"):
    """socialProfiles. Names and avatars of TWITTER are null."""

    id: Id
    type: str
    social_network_id: Id | None = None
    social_network_username: str | None = None


class OwnerPayload(msgspec.Struct):
    """A reference."""

    id: Id | None = None


class TagPayload(msgspec.Struct):
    """Tags are text in the contract; some clients saw objects."""

    name: str


class ReviewerPayload(msgspec.Struct):
    """One of `reviewers`."""

    id: Id | None = None
    type: str | None = None


class MessagePayload(msgspec.Struct, rename="camel"):
    """messages"""

    id: Id
    state: str
    text: str | None = None
    social_profile: OwnerPayload | None = None
    scheduled_send_time: str | None = None
    post_id: Id | None = None
    post_url: str | None = None
    tags: list[str | TagPayload] | None = None
    sequence_number: float | None = None
    reviewers: list[ReviewerPayload] | None = None
    created_by_member: OwnerPayload | None = None


class ActionPayload(msgspec.Struct, rename="camel"):
    """One of a history's `actions`."""

    action_type: str
    actor_type: str | None = None
    actor_id: Id | None = None
    timestamp: str | None = None


class HistoryPayload(msgspec.Struct):
    """messages/{id}/history"""

    actions: list[ActionPayload] | None = None


@attrs.define
class UploadPayload:
    """POST media. Whoever has the address may upload, so it is not shown."""

    id: Id
    uploadUrl: str = attrs.field(repr=False)  # noqa: N815 - the vendor's name


class MediaPayload(msgspec.Struct):
    """GET media/{id}"""

    id: Id
    state: str


class EventPayload(msgspec.Struct):
    """One of a webhook's events; a ping has no `seq_no`."""

    type: str
    seq_no: Id | None = None
    data: dict[str, Any] | None = None
