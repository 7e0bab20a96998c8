"""What the vendor would answer, rendered once and handed out as bytes.

Everything is made up, and the same in every run.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, Protocol

import attrs
import orjson

from benchmarks.engagement_pages import EngagementShelf

PAGE: Final = 100
DAYS_PAGE: Final = 1000
FIRST_PROFILE: Final = 5_000_001
FIRST_DAY: Final = date(2025, 3, 1)
DAY_METRICS: Final = (
    "impressions",
    "reactions",
    "likes",
    "comments_count",
    "shares_count",
    "post_link_clicks",
    "post_content_clicks",
    "video_views",
    "engagements",
    "net_follower_growth",
)
POST_METRICS: Final = (
    *(f"lifetime.{name}" for name in DAY_METRICS[:-1]),
    "lifetime.post_media_views",
    "lifetime.post_content_clicks_other",
    "lifetime.post_media_clicks",
    "lifetime.post_hashtag_clicks",
    "lifetime.post_detail_expand_clicks",
    "lifetime.post_profile_clicks",
)

_TEXT: Final = (
    "our new autumn collection is here and we cannot wait to show you more of it "
    "today at eight see you there thank you all for ten wonderful years together "
    "café über façade 東京 ☀️ 🎉 read the whole story on our blog link below #launch "
    "#behindthescenes @partner which one is your favourite tell us in the comments"
)
_TURN: Final = b"@@@@@@"
"""Stands in every id of a rendered page for the number of the turn: a pull that is
longer than the shelf goes over it again, and still no id comes twice."""
_CURSOR: Final = re.compile(rb"guid\.gt\(t:1(\d{6})(\d{9})\)")
_IDS: Final = re.compile(rb"customer_profile_id\.eq\((\d+)([^)]*)\)")
_NUMBER: Final = re.compile(rb'"page":\s*(\d+)')
_END: Final = b'{"data":[],"paging":{"current_page":1,"total_pages":0}}'


class Shelf(Protocol):
    """Something that finds the answer to the body of a request."""

    def answer(self, body: bytes) -> bytes:
        """The body of the answer."""
        ...


class PostShelf:
    """Posts of X behind a guid cursor, 100 a page, each with 15 figures.

    `paging.total_pages` says how many pages remain, this one included.
    """

    def __init__(self, pages: int, turns: int) -> None:
        random = Random(20260301)  # noqa: S311 - no secret
        self._all = pages * turns
        self._pages = [_post_page(number, random) for number in range(pages)]
        self._first = [page.replace(_TURN, b"000000") for page in self._pages]

    def answer(self, body: bytes) -> bytes:
        """The page behind the cursor; the first one without."""
        found = _CURSOR.search(body)
        turn, row = map(int, found.groups()) if found else (0, -1)
        index = turn * len(self._pages) + (row + 1) // PAGE
        if index >= self._all:
            return _END
        return b'%b,"paging":{"current_page":1,"total_pages":%d}}' % (
            self._rows(*divmod(index, len(self._pages))),
            self._all - index,
        )

    def _rows(self, turn: int, page: int) -> bytes:
        if turn == 0:
            return self._first[page]
        return self._pages[page].replace(_TURN, b"%06d" % turn)


def _post_page(number: int, random: Random) -> bytes:
    rows = [_post(number * PAGE + place, random) for place in range(PAGE)]
    return orjson.dumps({"data": rows})[:-1]


def _post(number: int, random: Random) -> dict[str, object]:
    profile = random.randrange(100)
    native = f"1{_TURN.decode()}{number:09}"
    moment = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {
        "guid": f"t:{native}",
        "created_time": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "network": "TWITTER",
        "customer_profile_id": str(FIRST_PROFILE + profile),
        "text": " ".join(random.choices(_TEXT.split(), k=random.randrange(8, 40))),
        "perma_link": f"https://x.example/brand{profile}/status/{native}",
        "post_type": random.choice(("TWEET", "SHARE", "QUOTE", "REPLY")),
        "metrics": {name: int(random.expovariate(0.002)) for name in POST_METRICS},
    }


class DayShelf:
    """Daily figures of profiles: a row a profile and day, 1,000 rows a page."""

    def __init__(self, profiles: int, days: int) -> None:
        random = Random(20260302)  # noqa: S311 - no secret
        self._days = days
        self._rows = [
            _day(FIRST_PROFILE + profile, FIRST_DAY + timedelta(days=day), random)
            for profile in range(profiles)
            for day in range(days)
        ]
        self._pages: dict[tuple[int, int, int], bytes] = {}

    def answer(self, body: bytes) -> bytes:
        """That page of the profiles, which follow upon one another."""
        ids, page = _IDS.search(body), _NUMBER.search(body)
        assert ids, body
        assert page, body
        key = int(ids[1]) - FIRST_PROFILE, 1 + ids[2].count(b","), int(page[1])
        if key not in self._pages:
            self._pages[key] = self._render(*key)
        return self._pages[key]

    def _render(self, first: int, profiles: int, page: int) -> bytes:
        start, end = first * self._days, (first + profiles) * self._days
        begin = start + (page - 1) * DAYS_PAGE
        rows = self._rows[begin : min(end, begin + DAYS_PAGE)]
        paging = {"current_page": page, "total_pages": -(-(end - start) // DAYS_PAGE)}
        return orjson.dumps({"data": rows, "paging": paging})


def _day(profile: int, day: date, random: Random) -> dict[str, object]:
    dimensions = {
        "reporting_period.by(day)": day.isoformat(),
        "customer_profile_id": profile,
    }
    metrics = {name: int(random.expovariate(0.001)) for name in DAY_METRICS}
    return {"dimensions": dimensions, "metrics": metrics}


@attrs.frozen(kw_only=True)
class Order:
    """What to serve: pages of posts, gone over so many times; or days of profiles; or
    engagement, whatever posts are asked for.

    `seconds` is how long every answer takes; more than `calls` of them in any span of
    `window` seconds are refused with 429.
    """

    pages: int = 0
    turns: int = 1
    engagement: bool = False
    profiles: int = 0
    days: int = 0
    seconds: float = 0.0
    calls: int = 0
    window: float = 60.0

    def shelf(self) -> Shelf:
        """The answers."""
        if self.pages:
            return PostShelf(self.pages, self.turns)
        if self.engagement:
            return EngagementShelf()
        return DayShelf(self.profiles, self.days)
