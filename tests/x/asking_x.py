"""Posts of the simulated world of every kind, and questions about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import socialmetrics as sm
from socialmetrics.plan import By
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox import credentials
from socialmetrics_x.sandbox.keys import user_id
from tests.conftest import Fetch
from tests.x.sandbox_calls import ACME, CARE, WORLD, fine, ids, posts_of
from tests.x.serving_x import Simulated
from tests.x.truths_x import (
    PRIVATE,
    TOTALS,
    born,
)

NOW: Final = WORLD.now
DAY: Final = timedelta(days=1)
UNKNOWN: Final = "2029589298449650999"
POSTS: Final = [post for post in WORLD.posts if post.ref.network == "x"]
GONE: Final = ids([post for post in POSTS if post.deleted_at is not None])
PROTECTED: Final = ids([post for post in POSTS if post.protected])
AGING: Final = ids([p for p in POSTS if 89 < (NOW - p.created_at) / DAY < 92])
NEW: Final = [*ids(posts_of(ACME)[:9:2]), *ids(posts_of(CARE)[:6:2])]
OLD: Final = [*ids(posts_of(ACME)[-3:]), *ids(posts_of(CARE)[-2:])]
MIXED: Final = [*NEW, *OLD, *AGING, *GONE[-2:], GONE[0], *PROTECTED[-2:], UNKNOWN]
FEW: Final = [*NEW[::3], OLD[0], AGING[0], GONE[-1], PROTECTED[-1], UNKNOWN]
WEEK: Final = sm.Window.days("2026-03-03", "2026-03-09")
BERLIN: Final = "Europe/Berlin"
PUBLIC: Final = [name for name in TOTALS if name not in PRIVATE]
CROWD: Final = World(scale=0.1, branches=12)
"""A world in which five accounts are on X."""
CROWD_OWNERS: Final = credentials(CROWD)["owners"]
FIVE: Final = [pair.partition("-")[0] for pair in CROWD_OWNERS.split(",")]
ONE_OF_EACH: Final = [
    next(
        post.ref
        for post in CROWD.posts
        if post.ref.network == "x" and user_id(post.account) == owner and fine(post)
    )
    for owner in FIVE
]


def figures(
    fetch: Fetch,
    vendor: Simulated,
    question: tuple[Any, ...],
    by: By | None = None,
    **given: Any,
) -> sm.MetricSeries:
    """The answer to that question, by a client of its own."""
    asked = fetch.by("x", **vendor.settings(**given))
    return asked.value(lambda client: client.metrics(*question, by=by))


def rooted(window: sm.Window) -> list[str]:
    """Two posts of one owner that were there before."""
    return [each for each in ids(posts_of(ACME)) if born(each) < window.start][:2]
