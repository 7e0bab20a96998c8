"""Whether a post that may have been published was: read back from X's SENT stream.

Nothing else of what was published can be read in this API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Final

from socialmetrics.errors import Unsupported
from socialmetrics.model import Consignment, Delivery, Post, Profile
from socialmetrics.window import Window
from socialmetrics.wire import Flow, collect
from socialmetrics_hootsuite.legacy import reader
from socialmetrics_hootsuite.legacy.parts import PostsPart, Span
from socialmetrics_hootsuite.legacy.streams import SENT, stream

SLACK: Final = timedelta(minutes=2)
"""By how much the vendor's clock and ours may differ."""
LONGEST: Final = timedelta(hours=1)
"""How long after it was sent an immediate post is looked for."""
_LINKED: Final = "<link>"
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)


def settle(consignment: Consignment, sent_at: datetime) -> Flow[tuple[Delivery, ...]]:
    """The tweets with that text since then; none for profiles where there is none.

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
        posts = yield from collect(reader.posts(_part(profile, sent_at)))
        found += _deliveries(profile, draft.text, posts.items)
    return tuple(found)


def _part(profile: Profile, sent_at: datetime) -> PostsPart:
    window = Window(sent_at - SLACK, sent_at + LONGEST)
    return PostsPart(
        span=Span(streams=(stream(profile, SENT),), window=window, is_recent=True)
    )


def _deliveries(
    profile: Profile, text: str, posts: tuple[Post, ...]
) -> Iterator[Delivery]:
    for each in posts:
        if _is_same(each.text or "", text):
            yield Delivery(
                profile=profile,
                state="sent",
                vendor_id=each.vendor_id,
                ref=each.ref,
                at=each.created_at,
            )


def _is_same(found: str, text: str) -> bool:
    """Links differ, for X shortens them; where there is nothing else, nobody knows."""
    bare = _bare(text)
    return _bare(found) == bare and (
        found == text or bool(bare.replace(_LINKED, "").strip())
    )


def _bare(text: str) -> str:
    """The text without what X makes of it: short links, and marked characters."""
    return " ".join(_LINK.sub(_LINKED, unescape(text)).split())
