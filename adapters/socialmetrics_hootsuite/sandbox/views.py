"""Messages as the service shows them: every field, null where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from socialmetrics_hootsuite.sandbox.options import Options
from socialmetrics_hootsuite.sandbox.outbox import Message
from socialmetrics_hootsuite.sandbox.refusal import Json
from socialmetrics_hootsuite.sandbox.wire import stamp

_SHOWS_LINK = {
    "facebook": "https://www.facebook.com/{post}",
    "linkedin": "https://www.linkedin.com/feed/update/{post}",
}


def view(message: Message, state: str, options: Options) -> Json:
    """A message as GET shows it."""
    member = None if message.member is None else {"id": message.member}
    order, sent = message.order, state == "SENT"
    told: Json = {
        "id": message.id,
        "state": state,
        "text": message.text,
        "scheduledSendTime": None if message.at is None else stamp(message.at),
        "socialProfile": {"id": message.profile.id},
        "mediaUrls": _pictures(message),
        "media": _media(message),
        "webhookUrls": order.webhook_urls,
        "tags": _tags(order.tags, options),
        "targeting": _plain(order.targeting),
        "privacy": _plain(order.privacy),
        "location": _plain(order.location),
        "emailNotification": bool(order.email_notification),
        "postUrl": _link(message) if sent else None,
        "postId": _post_id(message, options) if sent else None,
        "reviewers": _reviewers(message, state),
        "createdByMember": member,
        "lastUpdatedByMember": member,
        "sequenceNumber": message.sequence,
    }
    if order.extended_info is not None:
        told["extendedInfo"] = _plain(order.extended_info)
    return told


def receipt(message: Message, state: str, options: Options) -> Json:
    """The same as POST answers it: of what goes out at once it knows less."""
    told = view(message, state, options)
    if not message.is_now:
        return told
    told["scheduledSendTime"] = None
    told["createdByMember"] = told["lastUpdatedByMember"] = None
    told["emailNotification"] = message.order.email_notification
    if state == "SEND_FAILED_PERMANENTLY":
        told["state"] = "SUBMITTED"
    return told


def _plain(value: object) -> object:
    return msgspec.to_builtins(value)


def _tags(tags: Sequence[str] | None, options: Options) -> object:
    if tags is None or not options.tag_objects:
        return tags
    return [{"name": tag} for tag in tags]


def _media(message: Message) -> object:
    media = message.order.media
    if media is None:
        return None
    return [
        {"id": one.id, "thumbnailId": None, "videoOptions": _plain(one.video_options)}
        for one in media
    ]


def _pictures(message: Message) -> object:
    """Addresses of pictures; uploaded ones stand in both lists."""
    links = [one.url for one in message.order.media_urls or ()]
    links += [f"https://media.example/{one.id}" for one in message.order.media or ()]
    return [{"url": link, "thumbnailUrl": link} for link in links] or None


def _link(message: Message) -> str | None:
    form = _SHOWS_LINK.get(message.profile.account.network)
    return None if form is None else form.format(post=message.post_id)


def _post_id(message: Message, options: Options) -> str:
    if options.bare_post_ids and message.profile.account.network == "facebook":
        return message.post_id.rpartition("_")[2]
    return message.post_id


def _reviewers(message: Message, state: str) -> object:
    if state != "PENDING_APPROVAL":
        return None
    return [{"id": message.reviewer, "type": "MEMBER"}]
