"""Sprout's answers, field for field. The vendor's words end in this module.

Structs and not attrs classes, because `from` and keys with dots must be renamed.
Unknown keys are ignored. Ids come as numbers or as text, so both are taken; a float is
no id and makes the answer unreadable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

Id: TypeAlias = int | str
Metrics: TypeAlias = dict[str, Any]
"""Flat: the keys themselves contain dots. Values are checked in parse.py."""
EXACT: Final = 2**53
"""Beyond it a float64 no longer holds every whole number."""


class Paging(msgspec.Struct):
    """Index paging or a cursor; every part of it can be absent."""

    current_page: int | None = None
    total_pages: int | None = None
    next_cursor: str | None = None


class Envelope(msgspec.Struct):
    """What every answer has in common; `error` may stand beside good data."""

    paging: Paging | None = None
    error: str | None = None


class ListPayload(Envelope, kw_only=True):
    """A list, of which subclasses tell how its rows are read."""

    data: list[Any]


class CustomerPayload(msgspec.Struct):
    """metadata/client"""

    customer_id: Id
    name: str | None = None


class ProfilePayload(msgspec.Struct):
    """metadata/customer; `link` is undocumented and always there."""

    customer_profile_id: Id
    network_type: str
    name: str | None = None
    native_name: str | None = None
    native_id: Id | None = None
    link: str | None = None
    groups: list[Id] | None = None


class TagPayload(msgspec.Struct):
    """metadata/customer/tags"""

    tag_id: Id
    text: str
    type: str | None = None
    active: bool = True
    any_group: bool = False
    groups: list[Id] | None = None


class GroupPayload(msgspec.Struct):
    """metadata/customer/groups"""

    group_id: Id
    name: str | None = None


class UserPayload(msgspec.Struct):
    """metadata/customer/users"""

    id: Id
    name: str | None = None
    email: str | None = None


class TeamPayload(msgspec.Struct):
    """metadata/customer/teams"""

    id: Id
    name: str | None = None
    description: str | None = None


class QueuePayload(msgspec.Struct):
    """metadata/customer/queues"""

    id: Id
    name: str | None = None
    description: str | None = None
    associated_teams: list[Id] | None = None


class ThemePayload(msgspec.Struct):
    """One theme of a topic."""

    id: Id
    name: str | None = None


class ThemeGroupPayload(msgspec.Struct):
    """Themes are always grouped."""

    name: str | None = None
    themes: list[ThemePayload] | None = None


class TopicPayload(msgspec.Struct):
    """metadata/customer/topics; availability_time is ISO text or epoch milliseconds."""

    id: Id
    name: str | None = None
    topic_type: str | None = None
    description: str | None = None
    group_id: Id | None = None
    theme_groups: list[ThemeGroupPayload] | None = None
    availability_time: str | int | None = None


class DayDimensions(
    msgspec.Struct, gc=False, rename={"day": "reporting_period.by(day)"}
):
    """The literal key of the day has a dot and brackets."""

    day: str
    customer_profile_id: Id


class DayMetrics(msgspec.Struct, gc=False):
    """The metrics of a day as fields, in the order of asking."""


class DayPayload(msgspec.Struct, gc=False):
    """analytics/profiles: one profile, one day."""

    dimensions: DayDimensions
    metrics: DayMetrics


class DaysPayload(ListPayload, kw_only=True):
    """analytics/profiles"""

    data: list[DayPayload]


class RowsPayload(ListPayload, kw_only=True):
    """Posts, messages, cases: decoded row by row, and kept as they came."""

    data: list[msgspec.Raw]


class PostHead(msgspec.Struct, gc=False):
    """analytics/posts without the figures; customer_profile_id is text here."""

    guid: Id
    created_time: datetime
    network: str | None = None
    customer_profile_id: Id | None = None
    text: str | None = None
    perma_link: str | None = None
    post_type: str | None = None


class PostPayload(PostHead, gc=False):
    """analytics/posts"""

    metrics: Metrics = msgspec.field(default_factory=dict[str, Any])


class AuthorPayload(msgspec.Struct):
    """from.*"""

    guid: Id | None = None
    name: str | None = None
    screen_name: str | None = None


class IdPayload(msgspec.Struct):
    """A thing of which only the id is told."""

    id: Id


class InternalPayload(msgspec.Struct):
    """internal.*; sent_by is personal data and is not read."""

    tags: list[IdPayload] | None = None


class MessagePayload(msgspec.Struct, rename={"author": "from", "sent_flag": "sent"}):
    """messages, and listening messages (whose guid can be absent)."""

    created_time: datetime
    guid: Id | None = None
    network: str | None = None
    customer_profile_id: Id | None = None
    profile_guid: Id | None = None
    text: str | None = None
    perma_link: str | None = None
    post_type: str | None = None
    content_category: str | None = None
    author: AuthorPayload | None = None
    internal: InternalPayload | None = None
    sent_flag: bool | None = None


class SlicePayload(msgspec.Struct):
    """listening metrics: one combination of dimensions."""

    metrics: Metrics
    dimensions: dict[str, str | bool | None] = msgspec.field(
        default_factory=dict[str, str | bool | None]
    )


class SlicesPayload(Envelope, kw_only=True):
    """listening metrics"""

    data: list[SlicePayload]


class DeliveryPayload(msgspec.Struct):
    """One planned time of a draft."""

    delivery_status: str | None = None
    scheduled_time: datetime | None = None


class DraftPayload(msgspec.Struct):
    """internal.publishing"""

    publishing_post_id: Id
    is_draft: bool | None = None
    perma_link: str | None = None
    deliveries: list[DeliveryPayload] | None = None


class PublishingPayload(msgspec.Struct):
    """internal of a publishing post."""

    publishing: DraftPayload


class PublishedPayload(msgspec.Struct):
    """publishing/posts: one profile and one time; the profile id is text here."""

    customer_profile_id: Id
    internal: PublishingPayload


class MediaPayload(msgspec.Struct):
    """media; wait_until has nanoseconds, so it is read in parse.py."""

    media_id: str | None = None
    expiration_time: datetime | None = None
    submission_id: str | None = None
    wait_until: str | None = None


class CasePayload(msgspec.Struct):
    """cases/filter; the key is `id` in life and `case_id` in the vendor's example."""

    id: Id | None = None
    case_id: Id | None = None
    type: str | None = None
    priority: str | None = None
    status: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


Rows: Any = RowsPayload | list[msgspec.Raw]
"""Metadata: the vendor's example of topics has no envelope."""
