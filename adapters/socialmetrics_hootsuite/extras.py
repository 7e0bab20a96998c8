"""The vendor's own fields of a draft, in `Draft.extra` and `Draft.privacy`.

`boardId` (one for all Pinterest profiles, or one for each id), `destinationUrl`,
`targeting`, `webhookUrls` and `mediaUrls`, spelled as the vendor spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Draft, Json
from socialmetrics.origin import scheme_and_host
from socialmetrics.typed import converted

REGIONS: Final = 200
CITIES: Final = 250
ZIPS: Final = 50_000
PORTS: Final = {"http": (None, 80, 8080), "https": (None, 443, 8443)}
OWN_PICTURES: Final = ("http://static.ow.ly", "http://ow.ly/i/")
FacebookView: TypeAlias = Literal["everyone", "friends", "friendsOfFriends"]
LinkedInView: TypeAlias = Literal["anyone", "connectionsOnly"]


class _Strict(
    msgspec.Struct,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
    kw_only=True,
):
    """Nothing unknown stands in it, and what is left out is not sent."""


class Place(_Strict):
    """A place by its key and name."""

    k: str
    v: str


class PageTargeting(_Strict):
    """Who sees a Facebook page's post. Ages at most, genders and locales are dead."""

    age_min: Literal[13, 17, 18, 19, 21] | None = None
    education: list[Literal["highSchool", "college", "collegeGrad"]] = []
    interested_in: list[Literal["male", "female"]] = []
    relationship_status: list[
        Literal["single", "relationship", "married", "engaged"]
    ] = []
    countries: list[Place] = []
    regions: list[Place] = []
    cities: list[Place] = []
    zips: list[Place] = []


class CompanyTargeting(_Strict):
    """Who sees a LinkedIn company's post: lists of URNs."""

    locations: list[str] = []
    staff_count_ranges: list[str] = []
    seniorities: list[str] = []
    industries: list[str] = []
    interface_locales: list[dict[str, str]] = []


class Targeting(_Strict):
    """Who sees a post. `linkedInCompany` is the vendor's old way, and is refused."""

    facebook_page: PageTargeting | None = None
    linked_in_v2_company: CompanyTargeting | None = None


class Extra(_Strict):
    """`Draft.extra`."""

    board_id: str | dict[str, str] | None = None
    destination_url: str | None = None
    targeting: Targeting | None = None
    webhook_urls: list[str] = []
    media_urls: list[str] = []

    def board(self, profile: str) -> str | None:
        """The Pinterest board for that profile."""
        if isinstance(self.board_id, dict):
            return self.board_id.get(profile)
        return self.board_id


class Privacy(_Strict):
    """`Draft.privacy`: one word for each network."""

    facebook: FacebookView | None = None
    linkedin: LinkedInView | None = None


def wanted(draft: Draft) -> Extra:
    """The draft's own fields, checked. Raises `InvalidQuery`."""
    _check_nothing_is_null("extra", draft.extra)
    try:
        found = converted(dict(draft.extra), Extra)
    except msgspec.ValidationError as err:
        raise InvalidQuery(
            f"extra: {err}; Hootsuite has boardId, destinationUrl, targeting "
            "(facebookPage, linkedInV2Company), webhookUrls and mediaUrls"
        ) from err
    _check_pictures(found.media_urls)
    _check_hooks(found.webhook_urls)
    if found.targeting is not None and found.targeting.facebook_page is not None:
        _check_page(found.targeting.facebook_page)
    return found


def privacy(draft: Draft) -> Privacy:
    """Who may see it, checked. Raises `InvalidQuery`."""
    _check_nothing_is_null("privacy", draft.privacy)
    try:
        return converted(dict(draft.privacy), Privacy)
    except msgspec.ValidationError as err:
        raise InvalidQuery(
            f"privacy: {err}; write one word: facebook everyone, friends or "
            "friendsOfFriends; linkedin anyone or connectionsOnly"
        ) from err


def plain(struct: msgspec.Struct) -> Json:
    """As it is sent."""
    found: dict[str, object] = msgspec.to_builtins(struct)
    return found


def _check_nothing_is_null(path: str, value: object) -> None:
    if value is None:
        raise InvalidQuery(
            f"{path} is None, which would tell Hootsuite to remove something; leave it "
            "out"
        )
    if isinstance(value, Mapping):
        named: Mapping[object, object] = value  # pyright: ignore[reportUnknownVariableType]  # any
        for key, each in named.items():
            _check_nothing_is_null(f"{path}.{key}", each)


def _check_pictures(urls: list[str]) -> None:
    for url in urls:
        if not url.startswith(OWN_PICTURES):
            raise InvalidQuery(
                f"extra.mediaUrls: Hootsuite takes only {' and '.join(OWN_PICTURES)}, "
                f"not {url!r}; give the file itself as media"
            )


def _check_hooks(urls: list[str]) -> None:
    for url in urls:
        scheme, host = scheme_and_host(url)
        if scheme not in PORTS or not host or urlsplit(url).port not in PORTS[scheme]:
            raise InvalidQuery(
                f"extra.webhookUrls: {url!r} is no public address that Hootsuite "
                "calls: http on port 80 or 8080, or https on 443 or 8443"
            )


def _check_page(page: PageTargeting) -> None:
    path = "extra.targeting.facebookPage"
    if (page.regions or page.cities) and len(page.countries) != 1:
        raise InvalidQuery(f"{path}: regions and cities need exactly one country")
    for name, listed, most in (
        ("regions", page.regions, REGIONS),
        ("cities", page.cities, CITIES),
        ("zips", page.zips, ZIPS),
    ):
        if len(listed) > most:
            raise InvalidQuery(f"{path}: {len(listed)} {name} are more than {most:,}")
