"""What only Sprout has: the objects of its vendor-only calls. Ids are text."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialmetrics.model import Json


@attrs.frozen(kw_only=True)
class Customer:
    """An account that the credentials belong to."""

    vendor_id: str
    name: str | None = None


@attrs.frozen(kw_only=True)
class Tag:
    """A tag or campaign. Archived ones are not active; deleted ones never show."""

    vendor_id: str
    text: str
    kind: str | None = None
    is_active: bool = True
    any_group: bool = False
    groups: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Group:
    """A group of profiles."""

    vendor_id: str
    name: str | None = None


@attrs.frozen(kw_only=True)
class User:
    """An active user; name and e-mail are personal data and do not print."""

    vendor_id: str
    name: str | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Team:
    """A team of users."""

    vendor_id: str
    name: str | None = None
    description: str | None = None


@attrs.frozen(kw_only=True)
class Queue:
    """A queue of cases, and the teams that work on it."""

    vendor_id: str
    name: str | None = None
    description: str | None = None
    teams: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Case:
    """A case of the help desk, as far as it is common to all; the rest is in `raw`."""

    vendor_id: str
    kind: str | None = None
    priority: str | None = None
    status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Planned:
    """A draft or planned post of the publishing calendar, at one profile and time."""

    vendor_id: str
    profile: str
    is_draft: bool | None = None
    at: datetime | None = None
    status: str | None = None
    url: str | None = None
