"""The body of a new message: its form, field for field."""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from socialmetrics.typed import converted
from socialmetrics_hootsuite.sandbox.refusal import Json, invalid, refuse

T = TypeVar("T")
_DECODER = msgspec.json.Decoder(dict[str, object])

Category = Literal[
    "BEAUTY_FASHION", "BUSINESS", "CARS_TRUCKS", "COMEDY", "CUTE_ANIMALS",
    "ENTERTAINMENT", "FAMILY", "FOOD_HEALTH", "HOME", "LIFESTYLE", "MUSIC", "NEWS",
    "POLITICS", "SCIENCE", "SPORTS", "TECHNOLOGY", "VIDEO_GAMING", "OTHER",
]  # fmt: skip


class _Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """An object in which nothing unknown may stand."""


class Facebook(_Strict):
    """Options of a video on Facebook."""

    title: str | None = None
    category: Category | None = None


class VideoOptions(_Strict):
    """Options of a video."""

    facebook: Facebook | None = None


class Medium(_Strict):
    """A medium that was uploaded."""

    id: str
    video_options: VideoOptions | None = None


class Picture(_Strict):
    """A picture by its address."""

    url: str


class Place(_Strict):
    """Where a tweet was written, in degrees."""

    latitude: float
    longitude: float


class Pin(_Strict):
    """Where a pin goes."""

    board_id: str
    destination_url: str | None = None


class Extended(_Strict):
    """What Pinterest wants to know."""

    social_profile_type: Literal["PINTEREST"]
    social_profile_id: str
    data: Pin


class Pair(_Strict):
    """A place by its key and name."""

    k: str
    v: str


class PageTargeting(_Strict):
    """Who sees a page's post."""

    age_min: int | None = None
    education: list[Literal["highSchool", "college", "collegeGrad"]] | None = None
    interested_in: list[Literal["male", "female"]] | None = None
    relationship_status: (
        list[Literal["single", "relationship", "married", "engaged"]] | None
    ) = None
    countries: list[Pair] | None = None
    regions: list[Pair] | None = None
    cities: list[Pair] | None = None
    zips: list[Pair] | None = None


class CompanyTargeting(_Strict):
    """Who sees a company's post."""

    locations: list[str] | None = None
    staff_count_ranges: list[str] | None = None
    seniorities: list[str] | None = None
    industries: list[str] | None = None
    interface_locales: list[dict[str, str]] | None = None


class Targeting(_Strict):
    """Who sees a post, by network."""

    facebook_page: PageTargeting | None = None
    linked_in_v2_company: CompanyTargeting | None = None


class FacebookPrivacy(_Strict):
    """Who may see what a person posts on Facebook."""

    visibility: list[Literal["everyone", "friends", "friendsOfFriends"]]


class LinkedInPrivacy(_Strict):
    """Who may see what a person posts on LinkedIn."""

    visibility: list[Literal["anyone", "connectionsOnly"]]


class Privacy(_Strict):
    """Who may see what a person posts."""

    facebook: FacebookPrivacy | None = None
    linked_in: LinkedInPrivacy | None = None


class Order(_Strict):
    """The body of POST /v1/messages. A null is the same as a field left out."""

    text: str | None = None
    social_profile_ids: list[str] | None = None
    scheduled_send_time: str | None = None
    webhook_urls: list[str] | None = None
    tags: list[str] | None = None
    targeting: Targeting | None = None
    privacy: Privacy | None = None
    location: Place | None = None
    email_notification: bool | None = None
    media_urls: list[Picture] | None = None
    media: list[Medium] | None = None
    extended_info: list[Extended] | None = None


class Decision(_Strict):
    """The body of an approval."""

    sequence_number: int
    reviewer_type: Literal["EXTERNAL", "MEMBER"] = "EXTERNAL"


class Rejection(Decision, kw_only=True):
    """The body of a rejection."""

    reason: str


class Upload(_Strict):
    """The body of POST /v1/media."""

    size_bytes: int
    mime_type: Literal["video/mp4", "image/gif", "image/jpeg", "image/jpg", "image/png"]


def body_of(raw: bytes) -> Json:
    """The JSON object in a request's body."""
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        refuse(1100)


def read(raw: bytes, form: type[T]) -> T:
    """The body in that form. Refuses what the form does not know."""
    body = body_of(raw)
    try:
        return converted(body, form)
    except msgspec.ValidationError as wrong:
        invalid(str(wrong))
