"""POST /v1/messages: every rule, then one message for each profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.orders import (
    Order,
    PageTargeting,
    Targeting,
    read,
)
from socialmetrics_hootsuite.sandbox.outbox import FIRST_ID, Action, Message, post_id
from socialmetrics_hootsuite.sandbox.profiles import (
    PUBLISHABLE,
    SocialProfile,
    member_id,
)
from socialmetrics_hootsuite.sandbox.refusal import (
    Errors,
    Json,
    complaint,
    invalid,
    refuse,
)
from socialmetrics_hootsuite.sandbox.service import Service
from socialmetrics_hootsuite.sandbox.views import receipt

TWEET: Final = 280
_OWLY: Final = ("http://static.ow.ly", "http://ow.ly/i/")
_PORTS: Final = (None, 80, 443, 8080, 8443)
_AGES: Final = (None, 13, 17, 18, 19, 21)
_MOST: Final = {"regions": 200, "cities": 250, "zips": 50_000}
_LATITUDE: Final = 90
_LONGITUDE: Final = 180

Answer = tuple[int, Json]


def publish(service: Service, caller: Caller, raw: bytes) -> Answer:
    """Checks the order as a whole; then makes one message a profile."""
    order = read(raw, Order)
    if not order.text or not order.social_profile_ids:
        invalid("text and socialProfileIds are required")
    chosen = _profiles(service, order.social_profile_ids)
    _check_networks(chosen)
    _check_pins(order, chosen)
    _check_options(order, chosen)
    _check_tags(service, order, chosen)
    _check_attachments(service, order)
    if service.options.long_text == "early" and _is_long(order, chosen):
        invalid(f"text of a tweet has at most {TWEET} characters")
    at = _time(service, order)
    return _made(service, caller, order, chosen, at)


def _profiles(service: Service, ids: Sequence[str]) -> list[SocialProfile]:
    if len(set(ids)) < len(ids):
        invalid("socialProfileIds holds a profile twice")
    return [service.profile(one) for one in ids]


def _check_networks(chosen: Sequence[SocialProfile]) -> None:
    kinds = [one.type for one in chosen]
    for one in chosen:
        if one.type not in PUBLISHABLE:
            refuse(3021, resource=("socialProfile", one.id))
    if "TWITTER" in kinds and len(kinds) > 1:
        refuse(40023)
    if "PINTEREST" in kinds and len(kinds) > 1:
        invalid("a Pinterest profile must be the only one of a message")


def _check_pins(order: Order, chosen: Sequence[SocialProfile]) -> None:
    pins = {one.id for one in chosen if one.type == "PINTEREST"}
    told = {one.social_profile_id: one for one in order.extended_info or ()}
    if set(told) != pins:
        invalid("extendedInfo names exactly the Pinterest profiles")
    if any(not one.data.board_id for one in told.values()):
        invalid("extendedInfo.data.boardId is required")
    if pins and (order.tags or order.location):
        invalid("Pinterest takes neither tags nor location")


def _check_options(order: Order, chosen: Sequence[SocialProfile]) -> None:
    kinds = {one.type for one in chosen}
    if order.location is not None:
        if kinds != {"TWITTER"}:
            invalid("location is for Twitter only")
        place = order.location
        if abs(place.latitude) > _LATITUDE or abs(place.longitude) > _LONGITUDE:
            invalid("location lies outside of the earth")
    if order.targeting is not None:
        _check_targeting(order.targeting, kinds)
    _check_privacy(order, kinds)
    for url in order.webhook_urls or ():
        if not _is_public(url):
            invalid("webhookUrls takes public addresses on ports 80, 443, 8080, 8443")


def _check_targeting(targeting: Targeting, kinds: set[str]) -> None:
    page = targeting.facebook_page
    if page is not None and "FACEBOOKPAGE" not in kinds:
        invalid("targeting.facebook_page is for pages only")
    if page is not None:
        _check_page(page)
    is_company = targeting.linked_in_v2_company is not None
    if is_company and "LINKEDINCOMPANY" not in kinds:
        invalid("targeting.linked_in_v2_company is for companies only")


def _check_page(page: PageTargeting) -> None:
    if page.age_min not in _AGES:
        invalid("targeting.facebook_page.ageMin is one of 13, 17, 18, 19, 21")
    if (page.regions or page.cities) and len(page.countries or ()) != 1:
        invalid("regions and cities need exactly one country")
    for name, most in _MOST.items():
        if len(getattr(page, name) or ()) > most:
            invalid(f"targeting.facebook_page.{name} has at most {most} entries")


def _check_privacy(order: Order, kinds: set[str]) -> None:
    told = order.privacy
    if told is None:
        return
    if told.facebook is not None and "FACEBOOK" not in kinds:
        invalid("privacy.facebook is for personal profiles only")
    if told.linked_in is not None:
        if "LINKEDIN" not in kinds:
            invalid("privacy.linked_in is for personal profiles only")
        if len(told.linked_in.visibility) > 1:
            invalid("privacy.linked_in.visibility takes at most one value")


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_here = host in ("localhost", "127.0.0.1", "::1") or "." not in host
    return parts.scheme in ("http", "https") and port in _PORTS and not is_here


def _check_tags(
    service: Service, order: Order, chosen: Sequence[SocialProfile]
) -> None:
    if not order.tags:
        return
    if not all(order.tags):
        invalid("tags must not be empty")
    for one in chosen:
        if one.owner != "ORGANIZATION":
            refuse(40001, resource=("socialProfile", one.id))
    known = {tag.text for tag in service.world.tags}
    if service.options.limited_tags and not set(order.tags) <= known:
        refuse(40005)


def _check_attachments(service: Service, order: Order) -> None:
    for picture in order.media_urls or ():
        if not picture.url.startswith(_OWLY):
            refuse(40004)
    for medium in order.media or ():
        found = service.uploads.find(medium.id)
        if found is None:
            refuse(4001, resource=("media", medium.id))
        if not found.is_ready:
            refuse(40021, resource=("media", medium.id))


def _time(service: Service, order: Order) -> datetime | None:
    """When it goes out; None for now."""
    text = order.scheduled_send_time
    if text is None:
        return None
    moment = parsed(text)
    if moment is None:
        invalid("scheduledSendTime must be in UTC, and end in Z")
    least = timedelta(seconds=service.options.lead_seconds)
    if moment < service.now() + least:
        invalid("scheduledSendTime must be at least 5 minutes in the future")
    if service.outbox.scheduled() >= service.options.most_scheduled:
        refuse(40025)
    return moment.replace(microsecond=0)


def parsed(text: str) -> datetime | None:
    """A time in UTC that is written out and ends in `Z`; None for anything else."""
    if not text.endswith("Z") or "T" not in text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_long(order: Order, chosen: Sequence[SocialProfile]) -> bool:
    return len(order.text or "") > TWEET and chosen[0].type == "TWITTER"


def _made(
    service: Service, caller: Caller, order: Order, chosen: Sequence[SocialProfile],
    at: datetime | None,
) -> Answer:  # fmt: skip
    bad = service.options.partial
    errors = [
        complaint(bad[one.id], resource=("socialProfile", one.id))
        for one in chosen
        if one.id in bad
    ]
    if len(errors) == len(chosen):
        raise Errors(400, errors)
    made = [
        _message(service, caller, order, one, at) for one in chosen if one.id not in bad
    ]
    told: Json = {
        "data": [
            receipt(one, service.outbox.state(one), service.options) for one in made
        ]
    }
    if errors:
        return service.options.partial_status, {
            **told,
            "errors": service.traced(errors),
        }
    return 200, told


def _message(
    service: Service, caller: Caller, order: Order, profile: SocialProfile,
    at: datetime | None,
) -> Message:  # fmt: skip
    options, now = service.options, service.now()
    number = service.outbox.next_number()
    steps = options.review_steps if profile.id in options.review else 0
    is_broken = profile.id in options.reauth or profile.id in options.failing
    message = Message(
        id=str(FIRST_ID + number),
        profile=profile,
        text=order.text or "",
        at=now if at is None and not steps else at,
        made_at=now,
        member=caller.member_id,
        order=order,
        post_id=post_id(profile, number),
        is_now=at is None,
        fails=is_broken or _is_long(order, [profile]),
        steps=steps,
        sequence=1 if steps else None,
        reviewer=member_id(service.world) if steps else None,
        hidden=options.invisible_reads,
        actions=[Action("MEMBER", caller.member_id, "CREATE", now)],
    )
    service.outbox.add(message)
    return message
