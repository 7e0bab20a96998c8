"""The answers of the Analytics API, field for field. The vendor's words end here.

Only what is read has a field; rows of posts are kept whole beside it. Ids are text and
may come as numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

import msgspec

Id: TypeAlias = int | str
Metrics: TypeAlias = dict[str, Any]
"""By the vendor's names, an open set. Values are checked one by one."""


class Mark(msgspec.Struct, gc=False):
    """Where the next page begins."""

    cursor: str | None = None


class CollectionInfo(msgspec.Struct, gc=False):
    """The neighbours of a page; the last one has no next."""

    next: Mark | None = None


class Metadata(msgspec.Struct, gc=False, rename="camel"):
    """What stands beside the rows."""

    collection_info: CollectionInfo | None = None


class Envelope(msgspec.Struct):
    """What every answer has in common; `errors` may stand beside or instead of data."""

    data: list[Any] | None = None
    metadata: Metadata | None = None
    errors: list[Any] | None = None

    @property
    def next(self) -> str | None:
        """The cursor of the next page; None at the end."""
        info = self.metadata.collection_info if self.metadata else None
        return (info.next.cursor or None) if info and info.next else None


class DayPayload(msgspec.Struct, gc=False, rename="camel"):
    """analytics/profiles: one profile, one day; metrics are objects with a total."""

    profile_id: Id
    date: str
    metrics: Metrics | None = None


class DaysPayload(Envelope, kw_only=True):
    """analytics/profiles"""

    data: list[DayPayload] | None = None


class PostPayload(msgspec.Struct, gc=False, rename="camel"):
    """analytics/posts; metrics are numbers."""

    created_at: datetime
    profile_id: Id
    external_id: Id
    source_link: str | None = None
    last_refreshed: datetime | None = None
    title: str | None = None
    content: str | None = None
    post_type: str | None = None
    metrics: Metrics | None = None


class RowsPayload(Envelope, kw_only=True):
    """analytics/posts, row by row as they came."""

    data: list[msgspec.Raw] | None = None
