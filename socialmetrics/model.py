"""The nouns that every vendor shares: who, what was said, and what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.window import instant

T = TypeVar("T")
Json = Mapping[str, object]


def _word(_: object, attribute: attrs.Attribute[str], value: object) -> None:
    """Ids and networks are text without blanks at the ends or control characters."""
    if not isinstance(value, str):
        raise InvalidQuery(
            f"{attribute.name}={value!r} is {type(value).__name__}, not text; ids are "
            "strings even where they look like numbers"
        )
    if not value or value != value.strip() or not value.isprintable():
        raise InvalidQuery(f"{attribute.name}={value!r} is empty or not printable text")


@attrs.frozen(order=True, weakref_slot=False, cache_hash=True)
class Ref:
    """Who or what, everywhere: a network and the network's own id, both text.

    Networks are an open set ("x", "facebook", "instagram", ...).
    """

    network: str = attrs.field(validator=_word)
    native_id: str = attrs.field(validator=_word)

    def __str__(self) -> str:
        return f"{self.network}:{self.native_id}"


@attrs.frozen(kw_only=True)
class Source:
    """Where a figure came from. `fetched_at` is UTC."""

    vendor: str
    endpoint: str
    request_id: str | None
    api_version: str | None
    fetched_at: datetime


@attrs.frozen(kw_only=True)
class Point:
    """One figure with its meaning.

    `value` is None unless `status` is observed or zero_by_rule. [start, end) is the
    span it counts, in UTC; a gauge was read at its end. Lifetime totals of a post have
    no `end` and start at its publication. `breakdown` names the part where a metric
    comes in parts ("US", "TWEET"), else "". `metric` is the canonical id, or the
    vendor's name where there is none.
    """

    subject: Ref
    metric: str
    start: datetime
    end: datetime | None
    value: int | float | None
    status: Status
    reading: Reading
    source: Source
    settled: Settled = Settled.UNKNOWN
    breakdown: str = ""

    def __str__(self) -> str:
        """The figure in short: "likes 12", or "likes not_reported"."""
        told = self.status if self.value is None else self.value
        return f"{self.metric} {told}"


@attrs.frozen(kw_only=True)
class Profile:
    """An account that a tool looks after.

    `vendor_id` is the tool's id, `ref` the network's. `handle` is None where the tool
    does not say. `groups` are the tool's ids of the groups it belongs to.
    """

    ref: Ref
    vendor_id: str
    name: str
    handle: str | None = None
    url: str | None = None
    groups: tuple[str, ...] = ()
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Author:
    """Who wrote a message, as far as the tool says."""

    ref: Ref | None = None
    name: str | None = None
    handle: str | None = None


@attrs.frozen(kw_only=True)
class Missing:
    """A metric that will not come, why, and what could be asked instead.

    `subject` is None when it concerns every subject of that network or call.
    """

    metric: str
    reason: str
    alternatives: tuple[str, ...] = ()
    network: str | None = None
    subject: Ref | None = None


@attrs.frozen(kw_only=True)
class Issue:
    """Something odd in an answer that did not cost a row: what, where, and the text."""

    path: str
    problem: str
    seen: str = ""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Post:
    """Something published by a profile, with its lifetime figures at fetch time.

    `created_at` is UTC. `metrics` maps canonical names (and the vendor's) to `Point`s;
    an absent name was not asked for or does not exist there. `profile` is the tool's
    id of the account it belongs to. `kind` is the tool's own word for the post type.
    """

    ref: Ref
    vendor_id: str
    created_at: datetime
    text: str | None = None
    profile: str | None = None
    url: str | None = None
    kind: str | None = None
    metrics: Mapping[str, Point] = attrs.field(
        factory=dict[str, Point], repr=False, hash=False
    )
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Message:
    """Something in the inbox or found by listening: received or sent.

    `created_at` is UTC. `ref` is None where the tool gives no id of the network.
    `sent` is True for messages of the profile itself, None where the tool is silent.
    """

    ref: Ref | None
    vendor_id: str
    created_at: datetime
    text: str | None = None
    author: Author | None = None
    profile: str | None = None
    url: str | None = None
    kind: str | None = None
    sent: bool | None = None
    tags: tuple[str, ...] = ()
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Topic:
    """A listening topic: a saved search of the tool over public messages."""

    vendor_id: str
    name: str
    kind: str | None = None
    description: str | None = None
    available_from: datetime | None = None
    themes: tuple[tuple[str, str], ...] = ()
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)

    @property
    def ref(self) -> Ref:
        """A topic spans networks; its reference is the tool's id."""
        return Ref("topic", self.vendor_id)


@attrs.frozen(kw_only=True)
class Media:
    """A file at the tool, ready to be attached. `kind` is "photo", "video", ...

    Tools forget unused media: `expires_at` (UTC) says when, where it is known.
    """

    vendor_id: str
    kind: str
    expires_at: datetime | None = None


@attrs.frozen(kw_only=True)
class File:
    """A file of the caller's, to be uploaded. `content_type` is like "image/png"."""

    name: str
    content_type: str
    content: bytes = attrs.field(repr=lambda content: f"<{len(content)} bytes>")


# One for each type: type checkers do not see through `converter=tuple`.
def _profiles(given: Iterable[Profile]) -> tuple[Profile, ...]:
    return _listed("profiles", given)


def _words(given: Iterable[str]) -> tuple[str, ...]:
    return _listed("tags", given)


def _places(given: Iterable[Ref]) -> tuple[Ref, ...]:
    return _listed("places", given)


def _listed(what: str, given: Iterable[T]) -> tuple[T, ...]:
    """A single one instead of a list is a common slip: refused, text too."""
    if isinstance(given, str) or not isinstance(given, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"a draft's {what} is {given!r}; give a list")
    return tuple(given)


def _degrees(name: str, value: float | None, most: float) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
    if not (is_number and -most <= value <= most):
        raise InvalidQuery(
            f"{name}={value!r} must be degrees from -{most:g} to {most:g}"
        )
    return float(value)


def _latitude(value: float | None) -> float | None:
    return _degrees("latitude", value, 90.0)


def _longitude(value: float | None) -> float | None:
    return _degrees("longitude", value, 180.0)


@attrs.frozen(kw_only=True)
class Location:
    """Where something is said: degrees, north and east positive.

    `places` are the same spot as networks know it: Ref("x", place id), ...
    """

    latitude: float | None = attrs.field(default=None, converter=_latitude)
    longitude: float | None = attrs.field(default=None, converter=_longitude)
    places: tuple[Ref, ...] = attrs.field(default=(), converter=_places)

    def __attrs_post_init__(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise InvalidQuery("a location has both latitude and longitude, or neither")
        if self.latitude is None and not self.places:
            raise InvalidQuery(
                "a location has coordinates or places; else leave it out"
            )


Attachment: TypeAlias = Media | File | Path
When: TypeAlias = datetime | Literal["auto"]


def _media(given: Iterable[Attachment | str]) -> tuple[Attachment, ...]:
    return tuple(map(_attachment, _listed("media", given)))


def _attachment(given: Attachment | str) -> Attachment:
    if isinstance(given, Media | File | Path):
        return given
    if isinstance(given, str) and given:  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        return Path(given)
    raise InvalidQuery(f"media holds {given!r}; give a Media, a File or a path")


def _planned(at: When | None) -> When | None:
    return at if at is None or at == "auto" else instant("at", at)


def _mapped(given: Json) -> Json:
    if not isinstance(given, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"{given!r} does not map names to settings")
    return dict(given)


_KINDS: Final = (
    ("text", str, "text"),
    ("location", (Location, type(None)), "a Location"),
    ("reply_to", (Ref, type(None)), "a Ref"),
    ("notify", bool, "True or False"),
)


@attrs.frozen(kw_only=True)
class Draft:
    """Something to publish: text, at which profiles, when (UTC), with which media.

    `at` None means at once, "auto" whenever the tool thinks best; a naive one is
    `InvalidQuery`. Media may be paths: they are read when it is published. `reply_to`
    is the post that is answered. `privacy` maps a network to its own settings, `extra`
    holds more of the tool's own fields; `notify` asks it to tell when it is out.
    """

    text: str
    profiles: tuple[Profile, ...] = attrs.field(converter=_profiles)
    at: When | None = attrs.field(default=None, converter=_planned)
    media: tuple[Attachment, ...] = attrs.field(default=(), converter=_media)
    tags: tuple[str, ...] = attrs.field(default=(), converter=_words)
    location: Location | None = None
    reply_to: Ref | None = None
    privacy: Json = attrs.field(default={}, converter=_mapped, hash=False)
    notify: bool = False
    extra: Json = attrs.field(default={}, converter=_mapped, hash=False)

    def __attrs_post_init__(self) -> None:
        for name, kinds, called in _KINDS:
            value: object = getattr(self, name)
            if not isinstance(value, kinds):
                raise InvalidQuery(f"a draft's {name} is {value!r}; give {called}")


@attrs.frozen(kw_only=True)
class Consignment:
    """What one request to the tool publishes: a draft, narrowed to some profiles.

    `notes` are warnings: what will be other than asked, and why.
    """

    draft: Draft
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Delivery:
    """What became of a draft at one profile.

    `state` is "draft" (not published), "scheduled", "pending approval", "submitted",
    "sent", "failed", "rejected", "deleted", "left out", or another word of the tool in
    lower case; "not sent" before its turn came, "unknown" where it left and nobody
    knows whether it arrived. `at` is when it goes or went out (UTC), `asked_at` what
    was asked where the tool made something else of it. `reason` says why where it did
    not work.
    """

    profile: Profile
    state: str
    vendor_id: str | None = None
    ref: Ref | None = None
    at: datetime | None = None
    asked_at: datetime | None = None
    reason: str | None = None
    url: str | None = None


@attrs.frozen(kw_only=True)
class Publication:
    """The receipt of a publish call: a delivery for every profile of the draft.

    A profile has several only where the draft arrived there more than once; `notes`
    says so. `key` is the caller's, under which it can be looked up again. `raw` is the
    tool's answer, {"answers": [...]} where it took several requests, and empty where
    nothing was sent.
    """

    deliveries: tuple[Delivery, ...]
    key: str | None = None
    notes: tuple[str, ...] = ()
    raw: Json = attrs.field(factory=dict[str, object], repr=False, eq=False)
