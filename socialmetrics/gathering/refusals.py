"""Windows in which a tool cannot count by the hour."""

from __future__ import annotations

from typing import Final

from socialmetrics.client import Client
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering.accounts import counted, counts_by_id
from socialmetrics.gathering.spans import Spans
from socialmetrics.model import Post, Profile

ADVICE: Final = 'take the days of UTC (tz="UTC", or --tz UTC)'


def refusal(client: Client, account: Profile, spans: Spans) -> str:
    """Why the tool counts no hours of posts in a window that cuts hours of UTC, and
    what to do; "" where it does, or counts no posts by their ids anyway."""
    network, native_id = account.ref.network, account.ref.native_id
    if spans.has_full_hours or not counts_by_id(client.adapter, network):
        return ""
    # Any post would do: nothing is asked for.
    post = Post(
        ref=account.ref,
        vendor_id=native_id,
        created_at=spans.window.start,
        profile=account.vendor_id,
    )
    names = sorted(counted(client.adapter, network))
    try:
        client.plan([post], names, spans.window, by="hour")
    except InvalidQuery as err:
        return f"{err.message}; {ADVICE}"
    return ""
