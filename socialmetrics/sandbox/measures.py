"""What can be counted in the simulated world, how often it happens, and its parts."""

from __future__ import annotations

from typing import Final, Literal

import attrs

Scope = Literal["organic", "paid", "total"]
Only = Literal["any", "feed", "video", "visual", "story", "poll"]


@attrs.frozen
class Measure:
    """Something that happens to a post.

    `rates` are happenings per million impressions, by network ("*": every other
    network). `only` names the posts to which it can happen at all. A `net` measure can
    be taken back (a like withdrawn), so some of its hours are negative.
    """

    rates: dict[str, int]
    only: Only = "any"
    net: bool = False

    def rate(self, network: str) -> int:
        """Happenings per million impressions on that network."""
        return self.rates.get(network, self.rates.get("*", 0))


MEASURES: Final = {
    "impressions": Measure({"*": 1_000_000}),
    "views": Measure({"instagram": 1_150_000}),
    "video_views": Measure(
        {"*": 380_000, "tiktok": 640_000, "youtube": 650_000, "pinterest": 0}, "video"
    ),
    "media_views": Measure({"x": 460_000}, "visual"),
    "watch_time": Measure({"*": 2_900_000, "youtube": 61_000_000}, "video"),
    "likes": Measure({"*": 21_000, "tiktok": 52_000, "google_business": 0}, net=True),
    "loves": Measure({"facebook": 3_100, "linkedin": 1_900}, net=True),
    "hahas": Measure({"facebook": 1_200, "linkedin": 300}, net=True),
    "wows": Measure({"facebook": 500, "linkedin": 200}, net=True),
    "sads": Measure({"facebook": 200}, net=True),
    "angries": Measure({"facebook": 150}, net=True),
    "dislikes": Measure({"youtube": 600}, net=True),
    "comments": Measure({"*": 3_400, "google_business": 0}, "feed"),
    "story_replies": Measure({"instagram": 2_000}, "story"),
    "story_exits": Measure({"instagram": 41_000}, "story"),
    "story_taps_back": Measure({"instagram": 19_000}, "story"),
    "story_taps_forward": Measure({"instagram": 560_000}, "story"),
    "reposts": Measure(
        {"*": 4_600, "google_business": 0, "pinterest": 0, "reddit": 0}, net=True
    ),
    "quotes": Measure({"x": 900, "threads": 1_100, "bluesky": 800}),
    "saves": Measure({"instagram": 6_200, "pinterest": 30_000}, net=True),
    "link_clicks": Measure({"*": 9_000, "instagram": 700, "youtube": 0, "reddit": 0}),
    "media_clicks": Measure(
        {"x": 8_000, "facebook": 11_000, "linkedin": 6_000}, "visual"
    ),
    "hashtag_clicks": Measure({"x": 500, "facebook": 200}),
    "detail_expands": Measure({"x": 12_000, "linkedin": 9_000}),
    "permalink_clicks": Measure({"x": 700}),
    "profile_clicks": Measure({"x": 2_600, "facebook": 1_400, "linkedin": 1_900}),
    "follows_from_post": Measure({"x": 350, "youtube": 900}),
    "unfollows_from_post": Measure({"x": 40, "youtube": 150}),
    "app_install_attempts": Measure({"x": 90}),
    "app_opens": Measure({"x": 140}),
    "email_shares": Measure({"x": 25}),
    "other_actions": Measure({"x": 1_300}),
    "poll_votes": Measure({"x": 35_000, "linkedin": 48_000}, "poll"),
    "playlist_adds": Measure({"youtube": 900}, "video"),
    "playlist_removals": Measure({"youtube": 200}, "video"),
}


@attrs.frozen
class Portion:
    """A fixed part of another measure: `num` of `den`, or what is left of that."""

    whole: str
    num: int
    den: int
    rest: bool = False


PORTIONS: Final = {
    "viral_impressions": Portion("impressions", 1, 9),
    "nonviral_impressions": Portion("impressions", 1, 9, rest=True),
    "follower_impressions": Portion("impressions", 3, 5),
    "nonfollower_impressions": Portion("impressions", 3, 5, rest=True),
    "autoplay_views": Portion("video_views", 5, 7),
    "clicked_views": Portion("video_views", 5, 7, rest=True),
    "sound_on_views": Portion("video_views", 2, 9),
    "sound_off_views": Portion("video_views", 2, 9, rest=True),
    "repeat_views": Portion("video_views", 1, 12),
    "full_views": Portion("video_views", 3, 11),
    "partial_views": Portion("video_views", 3, 11, rest=True),
    "nearly_full_views": Portion("video_views", 1, 4),
    "finished_views": Portion("video_views", 1, 5),
    "member_views": Portion("video_views", 1, 17),
    "ad_breaks": Portion("video_views", 1, 40),
    "full_autoplay_views": Portion("full_views", 5, 7),
    "full_clicked_views": Portion("full_views", 5, 7, rest=True),
    "full_repeat_views": Portion("full_views", 1, 12),
    "partial_autoplay_views": Portion("partial_views", 5, 7),
    "partial_clicked_views": Portion("partial_views", 5, 7, rest=True),
    "partial_repeat_views": Portion("partial_views", 1, 12),
    "member_watch_time": Portion("watch_time", 1, 13),
    "positive_comments": Portion("comments", 2, 5),
    "other_comments": Portion("comments", 2, 5, rest=True),
    "negative_comments": Portion("other_comments", 1, 4),
    "calm_comments": Portion("other_comments", 1, 4, rest=True),
    "unclassified_comments": Portion("calm_comments", 1, 6),
    "neutral_comments": Portion("calm_comments", 1, 6, rest=True),
    "question_answers": Portion("comments", 1, 50),
    "cards": Portion("video_views", 1, 3),
    "card_clicks": Portion("cards", 1, 21),
    "card_teasers": Portion("video_views", 1, 6),
    "card_teaser_clicks": Portion("card_teasers", 1, 30),
    "annotations": Portion("video_views", 1, 25),
    "clickable_annotations": Portion("annotations", 2, 3),
    "closable_annotations": Portion("annotations", 1, 3),
    "annotation_clicks": Portion("clickable_annotations", 1, 18),
    "annotation_closes": Portion("closable_annotations", 1, 9),
}

SUMS: Final = {
    "reactions": ("likes", "loves", "hahas", "wows", "sads", "angries", "dislikes"),
    "non_link_clicks": (
        "media_clicks",
        "hashtag_clicks",
        "detail_expands",
        "permalink_clicks",
        "profile_clicks",
    ),
    "clicks": ("link_clicks", "non_link_clicks"),
    "app_engagements": ("app_install_attempts", "app_opens"),
    "engagements": (
        "likes",
        "comments",
        "reposts",
        "quotes",
        "clicks",
        "follows_from_post",
        "app_engagements",
        "email_shares",
        "other_actions",
    ),
}
"""Measures that are sums of others; every part is counted once."""


def names() -> frozenset[str]:
    """Every measure, portion and sum that the world can be asked for."""
    return frozenset(MEASURES) | frozenset(PORTIONS) | frozenset(SUMS)
