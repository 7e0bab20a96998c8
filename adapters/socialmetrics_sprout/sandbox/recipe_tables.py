"""How every metric key is made of what really happened in the world.

Independent of any client's table on purpose: this is the truth that clients are
tested against.
"""

from __future__ import annotations

from typing import Final

import attrs

from socialmetrics_sprout.sandbox.recipe_kinds import (
    Counts,
    Flow,
    Gauge,
    Presence,
    Published,
    Ratio,
    Split,
)


def _of(*measures: str, only: Presence = "any", per: int = 1) -> Counts:
    return Counts(tuple((name, None) for name in measures), only=only, per=per)


_VIDEO: Final[dict[str, str]] = {
    "video_views": "video_views",
    "video_views_autoplay": "autoplay_views",
    "video_views_click_to_play": "clicked_views",
    "video_views_sound_on": "sound_on_views",
    "video_views_sound_off": "sound_off_views",
    "video_views_repeat": "repeat_views",
    "video_views_partial": "partial_views",
    "video_views_partial_autoplay": "partial_autoplay_views",
    "video_views_partial_click_to_play": "partial_clicked_views",
    "video_views_partial_repeat": "partial_repeat_views",
    "video_views_30s_complete": "full_views",
    "video_views_30s_complete_autoplay": "full_autoplay_views",
    "video_views_30s_complete_click_to_play": "full_clicked_views",
    "video_views_30s_complete_repeat": "full_repeat_views",
    "video_views_p95": "nearly_full_views",
    "video_view_time": "watch_time",
    "video_ad_break_impressions": "ad_breaks",
    "red_video_views": "member_views",
    "annotation_clicks": "annotation_clicks",
    "annotation_clickable_impressions": "clickable_annotations",
    "annotation_closable_impressions": "closable_annotations",
    "annotation_closes": "annotation_closes",
    "annotation_impressions": "annotations",
    "card_clicks": "card_clicks",
    "card_impressions": "cards",
    "card_teaser_clicks": "card_teaser_clicks",
    "card_teaser_impressions": "card_teasers",
    "videos_added_to_playlist": "playlist_adds",
    "videos_removed_from_playlist": "playlist_removals",
}
_PLAIN: Final[dict[str, str]] = {
    "impressions": "impressions",
    "impressions_viral": "viral_impressions",
    "impressions_nonviral": "nonviral_impressions",
    "impressions_follower": "follower_impressions",
    "impressions_nonfollower": "nonfollower_impressions",
    "post_impressions": "impressions",
    "post_impressions_viral": "viral_impressions",
    "post_impressions_nonviral": "nonviral_impressions",
    "views": "views",
    "reactions": "reactions",
    "likes": "likes",
    "dislikes": "dislikes",
    "reactions_love": "loves",
    "reactions_haha": "hahas",
    "reactions_wow": "wows",
    "reactions_sad": "sads",
    "reactions_angry": "angries",
    "comments_count": "comments",
    "story_replies": "story_replies",
    "shares_count": "reposts",
    "post_shares_count": "reposts",
    "reposts_count": "reposts",
    "quotes_count": "quotes",
    "saves": "saves",
    "post_content_clicks": "clicks",
    "post_link_clicks": "link_clicks",
    "link_in_bio_clicks": "link_clicks",
    "post_content_clicks_other": "non_link_clicks",
    "post_media_clicks": "media_clicks",
    "post_hashtag_clicks": "hashtag_clicks",
    "post_detail_expand_clicks": "detail_expands",
    "post_profile_clicks": "profile_clicks",
    "post_followers_gained": "follows_from_post",
    "post_followers_lost": "unfollows_from_post",
    "subscribers_gained": "follows_from_post",
    "subscribers_lost": "unfollows_from_post",
    "post_app_engagements": "app_engagements",
    "post_app_installs": "app_install_attempts",
    "post_app_opens": "app_opens",
    "question_answers": "question_answers",
    "sentiment_comments_positive_count": "positive_comments",
    "sentiment_comments_negative_count": "negative_comments",
    "sentiment_comments_neutral_count": "neutral_comments",
    "sentiment_comments_unclassified_count": "unclassified_comments",
}
COUNTS: Final[dict[str, Counts]] = {
    **{key: _of(measure) for key, measure in _PLAIN.items()},
    **{key: _of(measure, only="video") for key, measure in _VIDEO.items()},
    "post_media_views": _of("media_views", only="visual"),
    "post_photo_view_clicks": _of("media_clicks", only="photo"),
    "post_video_play_clicks": _of("media_clicks", only="video"),
    "vote_count": _of("poll_votes", only="poll"),
    "story_exits": _of("story_exits", only="story"),
    "story_taps_back": _of("story_taps_back", only="story"),
    "story_taps_forward": _of("story_taps_forward", only="story"),
    "estimated_minutes_watched": _of("watch_time", only="video", per=60),
    "estimated_red_minutes_watched": _of("member_watch_time", only="video", per=60),
    "reels_unique_session_plays": attrs.evolve(
        _of("video_views", only="video"), unique=True
    ),
}
"""By key without `lifetime.`, `_organic`, `_paid`, `_total` and `_unique`."""

# Clicks on an advertised link are in no bucket of their own, so they are "other".
_OTHER_ON_X: Final = Counts(
    (
        ("quotes", None),
        ("follows_from_post", None),
        ("app_engagements", None),
        ("email_shares", None),
        ("other_actions", None),
        ("link_clicks", "paid"),
    )
)
_FACEBOOK_REST: Final = _of(
    "hashtag_clicks", "detail_expands", "permalink_clicks", "profile_clicks"
)
SPECIAL: Final[dict[tuple[str, str], Counts]] = {
    ("x", "engagements_other"): _OTHER_ON_X,
    ("x", "post_content_clicks"): _of("link_clicks", "non_link_clicks"),
    ("facebook", "post_content_clicks_other"): _FACEBOOK_REST,
    ("facebook", "post_engagements"): _of("reactions", "comments", "reposts", "clicks"),
    ("youtube", "post_content_clicks_other"): _of("annotation_clicks", "card_clicks"),
    ("threads", "shares_count"): _of("reposts", "quotes"),
    ("bluesky", "shares_count"): _of("reposts", "quotes"),
}
# On a story the comments are the replies to it; the two never meet on one post.
STORIES: Final = _of("comments", "story_replies")

RATIOS: Final[dict[str, Ratio]] = {
    "video_view_time_per_view": Ratio(COUNTS["video_view_time"], COUNTS["video_views"]),
    "annotation_click_through_rate": Ratio(
        COUNTS["annotation_clicks"], COUNTS["annotation_clickable_impressions"]
    ),
    "annotation_close_rate": Ratio(
        COUNTS["annotation_closes"], COUNTS["annotation_closable_impressions"]
    ),
    "card_click_rate": Ratio(COUNTS["card_clicks"], COUNTS["card_impressions"]),
    "card_teaser_click_rate": Ratio(
        COUNTS["card_teaser_clicks"], COUNTS["card_teaser_impressions"]
    ),
    "video_views_p100_per_view": Ratio(
        _of("finished_views", only="video"), COUNTS["video_views"]
    ),
    "video_ad_break_earnings": Ratio(
        COUNTS["video_ad_break_impressions"], Counts(()), 0.0043
    ),
    "video_ad_break_cost_per_impression": Ratio(
        COUNTS["video_ad_break_impressions"],
        COUNTS["video_ad_break_impressions"],
        4.3,
    ),
}
SOURCES: Final = {
    "follow": 0.2,
    "for_you": 0.55,
    "hashtag": 0.05,
    "personal_profile": 0.1,
    "sound": 0.04,
    "unspecified": 0.06,
}
"""Where the impressions on TikTok come from, as parts of one."""

PROFILE: Final[dict[str, Flow | Gauge | Split | Published]] = {
    "lifetime_snapshot.followers_count": Gauge("followers"),
    "lifetime_snapshot.fans_count": Gauge("fans"),
    "lifetime_snapshot.following_count": Gauge("following"),
    "pin_count": Gauge("pins"),
    "followers_gained": Flow(("followers_gained_organic", "followers_gained_paid")),
    "followers_gained_organic": Flow(("followers_gained_organic",)),
    "followers_gained_paid": Flow(("followers_gained_paid",)),
    "followers_lost": Flow(("followers_lost",)),
    "net_follower_growth": Flow(
        ("followers_gained_organic", "followers_gained_paid"), ("followers_lost",)
    ),
    "fans_gained": Flow(("fans_gained_organic", "fans_gained_paid")),
    "fans_gained_organic": Flow(("fans_gained_organic",)),
    "fans_gained_paid": Flow(("fans_gained_paid",)),
    "fans_lost": Flow(("fans_lost",)),
    "net_following_growth": Flow(("following_gained",), ("following_lost",)),
    "profile_views": Flow(("profile_views",)),
    "profile_views_total": Flow(("profile_views",)),
    "profile_actions": Flow(("profile_actions",)),
    "tab_views": Flow(("tab_views",)),
    "tab_views_login": Flow(("tab_views",), num=3, den=5),
    "tab_views_logout": Flow(("tab_views",), num=3, den=5, rest=True),
    "inbox_counts_sent": Flow(("direct_sends",)),
    "inbox_received_sent": Flow(("direct_receipts",)),
    "lifetime_snapshot.followers_by_age_gender": Split("age_gender"),
    "lifetime_snapshot.followers_by_city": Split("city"),
    "lifetime_snapshot.followers_by_country": Split("country"),
    "lifetime_snapshot.followers_by_gender": Split("gender"),
    "lifetime_snapshot.followers_online": Split("online"),
    "followers_by_job_function": Split("job_function"),
    "followers_by_seniority": Split("seniority"),
    "posts_sent_count": Published(),
    "posts_sent_by_post_type": Published("post_type"),
    "posts_sent_by_content_type": Published("content_type"),
}
ENGAGEMENTS: Final[dict[str, tuple[str, ...]]] = {
    "x": (
        "likes", "comments_count", "shares_count", "post_link_clicks",
        "post_content_clicks_other", "engagements_other",
    ),
    "facebook": (
        "reactions", "comments_count", "shares_count", "post_link_clicks",
        "post_content_clicks_other",
    ),
    "instagram": ("likes", "comments_count", "shares_count", "saves"),
    "linkedin": ("reactions", "comments_count", "shares_count", "post_content_clicks"),
    "tiktok": ("likes", "comments_count", "shares_count"),
    "threads": ("reactions", "comments_count", "shares_count"),
    "bluesky": ("reactions", "comments_count", "shares_count"),
    "youtube": (
        "comments_count", "likes", "dislikes", "shares_count", "subscribers_gained",
        "annotation_clicks", "card_clicks",
    ),
}  # fmt: skip
"""What the service adds up when asked for `lifetime.engagements`, by network."""
