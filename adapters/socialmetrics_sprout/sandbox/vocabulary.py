"""The service's words for what the world holds: networks, guids, kinds of posts."""

from __future__ import annotations

from typing import Final

from socialmetrics.sandbox.inbox import WorldMessage
from socialmetrics.sandbox.people import Account, Person
from socialmetrics.sandbox.posts import WorldPost

FIRST_PROFILE: Final = 6_810_000
PACIFIC: Final = "America/Los_Angeles"

NETWORK_TYPES: Final = {
    "x": "twitter",
    "facebook": "facebook",
    "instagram": "fb_instagram_account",
    "linkedin": "linkedin_company",
    "youtube": "youtube",
    "pinterest": "pinterest",
    "threads": "threads",
    "tiktok": "tiktok",
    "bluesky": "bluesky",
    "google_business": "google_my_business",
    "reddit": "reddit_user",
}
NETWORKS: Final = {
    "x": "TWITTER",
    "facebook": "FACEBOOK",
    "instagram": "INSTAGRAM",
    "linkedin": "LINKEDIN",
    "youtube": "YOUTUBE",
    "pinterest": "PINTEREST",
    "threads": "THREADS",
    "tiktok": "TIKTOK",
    "bluesky": "BLUESKY",
    "google_business": "GOOGLE_MY_BUSINESS",
    "reddit": "REDDIT",
    "tumblr": "TUMBLR",
    "web": "WWW",
}
NO_POSTS: Final = ("reddit",)
"""Networks of which the service keeps a profile, but no posts and no messages."""

LINKS: Final = {
    "x": "https://x.com/{handle}",
    "facebook": "https://www.facebook.com/{id}",
    "instagram": "https://instagram.com/{handle}",
    "linkedin": "https://www.linkedin.com/company/{id}",
    "youtube": "https://www.youtube.com/channel/{id}",
    "pinterest": "https://www.pinterest.com/{handle}",
    "threads": "https://www.threads.net/@{handle}",
    "tiktok": "https://www.tiktok.com/@{handle}",
    "bluesky": "https://bsky.app/profile/{handle}",
    "google_business": "https://maps.google.com/?cid={id}",
    "reddit": "https://www.reddit.com/user/{handle}",
}
_PERMALINKS: Final = {
    "x": "https://x.com/{handle}/status/{post}",
    "facebook": "https://www.facebook.com/{post}",
    "instagram": "https://www.instagram.com/p/{post}/",
    "linkedin": "https://www.linkedin.com/feed/update/{post}",
    "youtube": "https://www.youtube.com/watch?v={post}",
    "pinterest": "https://www.pinterest.com/pin/{post}/",
    "threads": "https://www.threads.net/@{handle}/post/{post}",
    "tiktok": "https://www.tiktok.com/@{handle}/video/{post}",
    "bluesky": "https://bsky.app/profile/{handle}/post/{post}",
}
_PROFILE_CODES: Final = {
    "x": "twpr",
    "facebook": "fbpr",
    "instagram": "ibpr",
    "youtube": "ytpr",
}
_POST_TYPES: Final = {
    "facebook": "FACEBOOK_POST",
    "instagram": "INSTAGRAM_MEDIA",
    "linkedin": "LINKEDIN_COMPANY_UPDATE",
    "youtube": "YOUTUBE_VIDEO",
    "tiktok": "TIKTOK_VIDEO",
    "pinterest": "PINTEREST_PIN",
    "threads": "THREADS_POST",
    "bluesky": "BLUESKY_POST",
    "google_business": "GOOGLE_MY_BUSINESS_POST",
}
_SPECIAL_POST_TYPES: Final = {
    ("x", "repost"): "RETWEET",
    ("x", "quote"): "RETWEET_COMMENT",
    ("instagram", "story"): "INSTAGRAM_STORY",
    ("threads", "reply"): "THREADS_REPLY",
}
_MESSAGE_TYPES: Final = {
    ("x", "direct"): "TWITTER_DIRECT_MESSAGE",
    ("x", "quote"): "RETWEET_COMMENT",
    ("facebook", "comment"): "FBCR_COMMENT",
    ("facebook", "direct"): "FACEBOOK_MESSENGER_PM",
    ("facebook", "review"): "FACEBOOK_RATING",
    ("instagram", "comment"): "INSTAGRAM_GRAPH_COMMENT",
    ("instagram", "direct"): "INSTAGRAM_DIRECT_MESSAGE",
    ("instagram", "mention"): "INSTAGRAM_COMMENT_MENTION",
    ("instagram", "story_mention"): "INSTAGRAM_STORY_MENTION",
    ("linkedin", "comment"): "LINKEDIN_COMPANY_COMMENT",
    ("youtube", "comment"): "YOUTUBE_COMMENT",
    ("tiktok", "comment"): "TIKTOK_VIDEO_COMMENT",
    ("threads", "comment"): "THREADS_REPLY",
    ("bluesky", "comment"): "BLUESKY_POST",
}


def profile_id(account: Account) -> int:
    """The service's number of a profile."""
    return FIRST_PROFILE + account.index


def zone_of(network: str) -> str:
    """The zone of a network's day; the undocumented ones are UTC in the sandbox."""
    return PACIFIC if network in ("facebook", "instagram", "youtube") else "UTC"


def profile_guid(account: Account) -> str:
    """The service's guid of a profile; codes that nobody documents are `pr`."""
    code = _PROFILE_CODES.get(account.network, "pr")
    return f"{code}:{account.ref.native_id}"


def person_guid(person: Person) -> str:
    """The service's guid of somebody who writes."""
    code = _PROFILE_CODES.get(person.network, "pr")
    return f"{code}:{9_000_000 + person.number}"


def post_guid(post: WorldPost) -> str:
    """The service's guid of a post: `t:` on X, `p:` elsewhere."""
    return f"{'t' if post.ref.network == 'x' else 'p'}:{post.ref.native_id}"


def message_guid(message: WorldMessage) -> str:
    """The service's guid of a message in the inbox."""
    direct = {"x": "d", "instagram": "igdm"}
    plain = "t" if message.ref.network == "x" else "p"
    code = direct.get(message.ref.network, "p") if message.kind == "direct" else plain
    return f"{code}:{message.ref.native_id}"


def post_type(post: WorldPost) -> str:
    """The type of a post as the service names it."""
    network = post.ref.network
    special = _SPECIAL_POST_TYPES.get((network, post.kind))
    return special or plain_post_type(network)


def plain_post_type(network: str) -> str:
    """The type of an ordinary post on that network."""
    return _POST_TYPES.get(network, "TWEET")


def message_type(message: WorldMessage) -> str:
    """The type of a message as the service names it."""
    if message.ref.network == "google_business":
        answered = "" if message.received else "_REPLY"
        return f"GOOGLE_MY_BUSINESS_REVIEW{answered}"
    return _MESSAGE_TYPES.get((message.ref.network, message.kind), "TWEET")


def content_category(media: str) -> str:
    """The kind of content, upper case."""
    return media.upper()


def permalink(post: WorldPost) -> str:
    """Where the network shows the post."""
    form = _PERMALINKS.get(post.ref.network, "https://maps.google.com/?cid={post}")
    return form.format(handle=post.account.handle, post=post.ref.native_id)
