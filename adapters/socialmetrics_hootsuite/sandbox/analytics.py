"""The Analytics API: posts with lifetime figures, profiles with daily ones."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import Final, TypeVar

from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.window import midnight
from socialmetrics_hootsuite.sandbox.catalogue import SPLIT, ZONES
from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.profiles import SocialProfile
from socialmetrics_hootsuite.sandbox.question import Question, question, unprocessable
from socialmetrics_hootsuite.sandbox.refusal import Json, refuse
from socialmetrics_hootsuite.sandbox.service import Pairs, Service
from socialmetrics_hootsuite.sandbox.wire import stamp

_LINKS: Final = {
    "x": "https://twitter.com/{handle}/status/{post}",
    "facebook": "https://www.facebook.com/{post}",
    "instagram": "https://www.instagram.com/p/{post}/",
    "youtube": "https://www.youtube.com/watch?v={post}",
    "pinterest": "https://www.pinterest.com/pin/{post}/",
    "threads": "https://www.threads.net/@{handle}/post/{post}",
    "tiktok": "https://www.tiktok.com/@{handle}/video/{post}",
}
_NAMES: Final = {
    "FACEBOOKPAGE": "FACEBOOK", "INSTAGRAMBUSINESS": "INSTAGRAM",
    "TIKTOKBUSINESS": "TIKTOK", "YOUTUBECHANNEL": "YOUTUBE",
}  # fmt: skip
_KINDS: Final = {"reply": "REPLY", "quote": "QUOTE", "repost": "RETWEET"}
_MEDIA: Final = {
    "text": "STATUS", "photo": "PHOTO", "video": "VIDEO", "album": "ALBUM",
    "link": "LINK", "poll": "POLL",
}  # fmt: skip
Row = TypeVar("Row")
_SCRAMBLE: Final = 2_654_435_761


def posts(service: Service, caller: Caller, pairs: Pairs, raw: bytes) -> Json:
    """Posts of the period by their creation, with their lifetime figures."""
    asked = _asked(service, caller, pairs, raw)
    rows = sorted(_found(service, asked), key=lambda one: one.word)
    page, told = _page(rows, asked, "posts")
    owners = {one.account.ref: one for one in asked.profiles}
    return {
        "data": [_post(service, asked, one, owners[one.account.ref]) for one in page],
        "metadata": {"collectionInfo": told},
    }


def profiles(service: Service, caller: Caller, pairs: Pairs, raw: bytes) -> Json:
    """One row a profile and day of the period."""
    asked = _asked(service, caller, pairs, raw)
    rows = sorted(_days(service, asked), key=_scrambled)
    page, told = _page(rows, asked, "profiles")
    return {
        "data": [_day(service, asked, one, day) for one, day in page],
        "metadata": {"collectionInfo": told},
    }


def _asked(service: Service, caller: Caller, pairs: Pairs, raw: bytes) -> Question:
    if "analytics:read" not in caller.scopes:
        refuse(1037)
    return question(service, pairs, raw)


def _found(service: Service, asked: Question) -> Iterator[WorldPost]:
    """What is there: not deleted before the figures were collected, and in the period.

    `until` is compared as the midnight at which its day begins.
    """
    at = service.lens.collected(asked.network, service.now())
    start = midnight(asked.since, "UTC")
    end = at if asked.until is None else min(at, midnight(asked.until, "UTC"))
    for profile in asked.profiles:
        for row in service.world.rows_of(profile.account):
            post = service.world.posts[int(row)]
            is_gone = post.deleted_at is not None and post.deleted_at <= at
            if start <= post.created_at < end and not is_gone:
                refreshed = service.lens.refreshed(post, asked.network, service.now())
                if asked.was_modified(refreshed):
                    yield post


def _days(service: Service, asked: Question) -> Iterator[tuple[SocialProfile, date]]:
    """The days of the period that have figures; `until` is one of them."""
    now, network, zone = service.now(), asked.network, ZONES[asked.network]
    first = service.world.first_day(zone)
    last = service.lens.last_day(network, now)
    until = last if asked.until is None else min(asked.until, last)
    day = max(asked.since, first)
    while day <= until:
        end = midnight(day + timedelta(days=1), zone)
        if asked.was_modified(min(end, service.lens.collected(network, now))):
            yield from ((one, day) for one in asked.profiles)
        day += timedelta(days=1)


def _scrambled(row: tuple[SocialProfile, date]) -> int:
    profile, day = row
    return (day.toordinal() * 1_000_003 + int(profile.id)) * _SCRAMBLE % (1 << 32)


def _page(
    rows: Sequence[Row], asked: Question, name: str
) -> tuple[Sequence[Row], Json]:
    begin = _opened(asked, name)
    end = begin + asked.limit
    told: Json = {}
    if end < len(rows):
        told["next"] = {"cursor": _sealed(asked, name, end)}
    if begin:
        told["prev"] = {"cursor": _sealed(asked, name, max(begin - asked.limit, 0))}
    return rows[begin:end], told


def _sealed(asked: Question, name: str, place: int) -> str:
    mark = blake2b(f"{name} {asked.seal}".encode(), digest_size=6).hexdigest()
    return b64encode(f"id={place};{mark}\n".encode()).decode()


def _opened(asked: Question, name: str) -> int:
    if asked.cursor is None:
        return 0
    try:
        text = b64decode(asked.cursor, validate=True).decode()
    except (Error, ValueError):
        unprocessable("The cursor cannot be read.")
    place = text.partition(";")[0].removeprefix("id=")
    is_number = place.isascii() and place.isdigit()
    if not is_number or _sealed(asked, name, int(place)) != asked.cursor:
        unprocessable("The cursor does not belong to this query.")
    return int(place)


def _post(
    service: Service, asked: Question, post: WorldPost, profile: SocialProfile
) -> Json:
    now, network = service.now(), asked.network
    figures = service.lens.post_figures(post, network, now, asked.scope)
    tags = [{"id": str(tag.id), "label": tag.text} for tag in post.tags]
    told: Json = {
        "createdAt": stamp(post.created_at),
        "lastRefreshed": stamp(service.lens.refreshed(post, network, now)),
        "profileId": profile.id,
        "externalProfileId": profile.native_id,
        "sourceLink": _link(post),
        "externalId": post.ref.native_id,
        "content": post.text,
        "postType": _post_type(network, post),
        "metadata": _metadata(network, post),
        "metrics": {name: float(figure) for name, figure in figures.items()},
    }
    return {**told, "tags": tags} if tags else told


def _link(post: WorldPost) -> str:
    account = post.account
    handle = account.handle or account.ref.native_id
    return _LINKS[account.network].format(handle=handle, post=post.ref.native_id)


def _post_type(network: str, post: WorldPost) -> str:
    if network == "INSTAGRAMBUSINESS" and post.kind == "story":
        return "INSTAGRAM_STORY"
    if network == "INSTAGRAMBUSINESS" and post.media == "video":
        return "INSTAGRAM_REEL"
    kind = _KINDS.get(post.kind) or _MEDIA[post.media]
    return f"{_NAMES.get(network, network)}_{kind}"


def _metadata(network: str, post: WorldPost) -> Json:
    kind = _post_type(network, post).partition("_")[2]
    return {
        "post_type": kind,
        "media_type": _MEDIA[post.media],
        "is_boosted_post": post.boosted,
    }


def _day(service: Service, asked: Question, profile: SocialProfile, day: date) -> Json:
    now, network, scope = service.now(), asked.network, asked.scope
    figures = service.lens.day_figures(profile.account, network, day, now, scope)
    metrics: dict[str, Json] = {
        name: {"total": float(figure)} for name, figure in figures.items()
    }
    if SPLIT in metrics:
        parts = service.lens.day_parts(profile.account, network, day, now, scope)
        values = {name: float(figure) for name, figure in parts.items()}
        by_type = {"breakdownId": "by_type", "values": values}
        metrics[SPLIT]["breakdownDimensions"] = [by_type]
    return {
        "profileId": profile.id,
        "externalProfileId": profile.native_id,
        "date": day.isoformat(),
        "metrics": metrics,
    }
