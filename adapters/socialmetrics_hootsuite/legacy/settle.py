"""Whether a post that may have been published was: read back from X's SENT stream.

Nothing else of what was published can be read in this API.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from socialmetrics.errors import Unsupported
from socialmetrics.model import Consignment, Delivery, Post, Profile
from socialmetrics.window import Window
from socialmetrics.wire import Flow, collect
from socialmetrics_hootsuite.clocks import Clock
from socialmetrics_hootsuite.legacy import reader
from socialmetrics_hootsuite.legacy.parts import PostsPart, Span
from socialmetrics_hootsuite.legacy.streams import SENT, stream
from socialmetrics_hootsuite.texts import is_same

SLACK: Final = timedelta(minutes=2)
"""From where on the clocks are so far apart that another span has to be read."""
GRAIN: Final = timedelta(seconds=2)
"""What times lose: those of tweets are of whole seconds, and the vendor's clock's."""
LONGEST: Final = timedelta(hours=1)
"""How long after it was sent an immediate post is looked for."""


def settle(consignment: Consignment, sent_at: datetime) -> Flow[tuple[Delivery, ...]]:
    """The tweets with that text since then; none for profiles where there is none.

    Times are compared by the vendor's clock. Of a tweet only its `ref` is known:
    `vendor_id` is Hootsuite's own number.
    Raises `Unsupported` for what is planned, and where no profile is on X.
    """
    draft = consignment.draft
    on_x = [each for each in draft.profiles if each.ref.network == "x"]
    if draft.at is not None or not on_x:
        raise Unsupported(
            "only what was sent at once on X can be read back in this API; look into "
            "Hootsuite's app",
            vendor="hootsuite_legacy",
            operation="publish",
        )
    found: list[Delivery] = []
    for profile in on_x:
        clock = Clock()
        posts = yield from clock.over(_read(profile, sent_at))
        if abs(clock.ahead) > SLACK:
            posts = yield from _read(profile, sent_at + clock.ahead)
        since = sent_at + clock.ahead - GRAIN
        found += _deliveries(profile, draft.text, since, posts)
    return tuple(found)


def _read(profile: Profile, sent_at: datetime) -> Flow[tuple[Post, ...]]:
    window = Window(sent_at - SLACK, sent_at + LONGEST)
    part = PostsPart(
        span=Span(streams=(stream(profile, SENT),), window=window, is_recent=True)
    )
    page = yield from collect(reader.posts(part))
    return page.items


def _deliveries(
    profile: Profile, text: str, since: datetime, posts: tuple[Post, ...]
) -> Iterator[Delivery]:
    for each in posts:
        if each.created_at >= since and is_same(each.text or "", text):
            yield Delivery(
                profile=profile, state="sent", ref=each.ref, at=each.created_at
            )
