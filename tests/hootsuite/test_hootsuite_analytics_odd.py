"""Whatever the vendor answers: figures and posts, or an error with a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import SocialMetricsError
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite import posts
from socialmetrics_hootsuite.analytics import (
    DaysPart,
    PostFiguresPart,
    metrics,
    plan_metrics,
)
from socialmetrics_hootsuite.posts import PostsPart, changed_posts, plan_posts
from tests.hootsuite.analytics_driving import (
    day_row,
    figures,
    message_row,
    page,
    post,
    post_row,
    profile,
    publications,
    response,
)
from tests.sprout.driving import drive

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=9),
    st.sampled_from(
        ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-03-02"]
    ),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=6,
)
TOTAL = {"total": 1, "breakdownDimensions": [{"breakdownId": "a", "values": {"b": 1}}]}
DAY = page(day_row("139000001", AT.date(), followers_count=TOTAL), cursor="next")
POST = page(post_row(1, AT, likes=1), cursor="next")
SENT = {"data": [message_row(1, AT)], "metadata": {"cursor": {"next": None}}}


def places(node: Any) -> list[Any]:
    """Where something lies in an object or a list."""
    if hasattr(node, "keys"):
        return list(node.keys())
    return list(range(len(node))) if hasattr(node, "append") else []


@st.composite
def spoiled(draw: st.DrawFn, body: Any) -> bytes:
    """The body with something else at one place, or other bytes."""
    whole = json.loads(json.dumps(body))
    place: Any = whole
    while True:
        key = draw(st.sampled_from(places(place)))
        below = place[key]
        if not places(below) or draw(st.booleans()):
            break
        place = below
    place[key] = draw(JSON)
    content = json.dumps(whole).encode()
    cut = draw(st.one_of(st.none(), st.integers(0, len(content))))
    return content if cut is None else content[:cut] + draw(st.binary(max_size=3))


def server(content: bytes, other: object) -> Callable[[Request], Response]:
    """Says it once to each kind of request, and something harmless afterwards."""
    said: set[str] = set()

    def answer(request: Request) -> Response:
        if request.operation in said:
            return response(request, page())
        said.add(request.operation)
        is_list = request.operation == "messages"
        return response(request, other if is_list else content)

    return answer


@settings(max_examples=60, deadline=None)
@given(spoiled(DAY))
def test_any_answer_about_days_gives_figures_or_a_named_error(content: bytes) -> None:
    (part,) = plan_metrics(figures(profile(), metrics=("followers", "mood"))).parts
    assert isinstance(part, DaysPart)

    try:
        found = drive(metrics(part), server(content, SENT))
    except SocialMetricsError:
        return

    assert len([p for p in found.items[0] if not p.breakdown]) == 14


@settings(max_examples=60, deadline=None)
@given(spoiled(POST))
def test_any_answer_about_posts_gives_posts_or_a_named_error(content: bytes) -> None:
    names = ("likes", "likes[scope=paid]")
    (known, _) = plan_metrics(figures(post(1, AT), metrics=names, window=None)).parts
    (part,) = plan_posts(publications(profile(), metrics=names)).parts
    assert isinstance(known, PostFiguresPart)
    assert isinstance(part, PostsPart)

    for stream in (
        metrics(known),
        posts.posts(part),
        changed_posts([profile()], date(2026, 3, 1), names),
    ):
        try:
            found = drive(stream, server(content, SENT))
        except SocialMetricsError:
            continue
        for item in found.items:
            assert repr(item)


@settings(max_examples=60, deadline=None)
@given(spoiled(SENT))
def test_any_list_of_messages_gives_posts_or_a_named_error(content: bytes) -> None:
    (part,) = plan_posts(publications(profile(), metrics=("likes",))).parts
    assert isinstance(part, PostsPart)

    try:
        found = drive(posts.posts(part), server(json.dumps(POST).encode(), content))
    except SocialMetricsError:
        return

    assert "p1" in {each.ref.native_id for each in found.items}
