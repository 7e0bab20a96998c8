"""What only Hootsuite has: outbound messages, their review, and how they are seen."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialmetrics.model import Json


@attrs.frozen(kw_only=True)
class Reviewer:
    """Who has to look at a message: `kind` is "member", "team", "external", ..."""

    vendor_id: str | None
    kind: str | None


@attrs.frozen(kw_only=True)
class Outbound:
    """A message to one profile, planned, in review or sent.

    `state` is our word ("scheduled", "pending approval", "submitted", "sent",
    "failed", "rejected"), or the vendor's in lower case. `at` (UTC) is when it is to be
    sent, or was: None where it waits for a review. `native_id` and `url` come once it
    is published, `url` on Facebook and LinkedIn only. `sequence_number` is the step of
    its review.
    """

    vendor_id: str
    state: str
    profile: str | None = None
    text: str | None = None
    at: datetime | None = None
    native_id: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    sequence_number: int | None = None
    reviewers: tuple[Reviewer, ...] = ()
    created_by: str | None = None
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Action:
    """A step in a message's history: "approve", "schedule", "sendfail", ...

    `actor` is "member", "system" or "external_review_v1". `at` is UTC.
    """

    kind: str
    actor: str | None = None
    actor_id: str | None = None
    at: datetime | None = None
