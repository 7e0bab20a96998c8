"""Laws of paging: any ties, any pages, any answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import (
    SocialMetricsError,
)
from socialmetrics.model import Message
from socialmetrics_hootsuite.legacy.reader import messages
from tests.hootsuite_legacy.driving_legacy import (
    MENTION,
    START,
    WALL,
    Vendor,
    ids,
    part,
    position,
    response,
    row_ids,
    rows_of,
    tweet,
    wall,
)
from tests.sprout.driving import Driven, drive

SECONDS = st.lists(st.integers(0, 25), max_size=120)
SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=10)


def endless(sizes: Sequence[int]) -> Callable[[], int]:
    turns = [0]

    def size() -> int:
        turns[0] += 1
        return sizes[turns[0] % len(sizes)]

    return size


@given(SECONDS, SIZES, st.booleans(), st.data())
def test_paging_repeats_nothing_and_loses_nothing_without_a_word(
    seconds: list[int], sizes: list[int], is_recent: bool, data: st.DataObject
) -> None:
    """Ties in any order, pages of any size: a second that is lost is named.

    The stream goes on below: that a short page is full shows by what follows.
    """
    crowd = [wall(START + second, n) for n, second in enumerate(seconds)]
    rows = [*data.draw(st.permutations(crowd)), wall(START - 1)]
    rows.sort(key=position, reverse=True)

    found = drive(
        messages(part(WALL, is_recent=is_recent)), Vendor({WALL: rows}, endless(sizes))
    )

    came = ids(found.items)
    assert len(set(came)) == len(came)
    lost = {row["created"] for row in rows[:-1] if row["id"] not in came}
    for second in lost:
        stamp = f"{second - START:02}"
        assert any(f"00:00:{stamp} UTC fills a page" in i.problem for i in found.issues)
    crowds = Counter(row["created"] for row in rows)
    assert all(crowds[second] >= min(sizes) for second in lost)


@given(SECONDS, st.booleans(), st.data())
def test_seconds_that_fit_on_a_page_lose_nothing(
    seconds: list[int], is_recent: bool, data: st.DataObject
) -> None:
    kept = [s for n, s in enumerate(seconds) if seconds[:n].count(s) < 29]
    rows = data.draw(st.permutations([wall(START + s, n) for n, s in enumerate(kept)]))
    rows = sorted(rows, key=position, reverse=True)

    found = drive(messages(part(WALL, is_recent=is_recent)), Vendor({WALL: rows}))

    assert sorted(ids(found.items)) == sorted(row_ids(rows))
    assert not found.issues


@given(SECONDS, SIZES, st.booleans())
def test_ids_lose_nothing_at_any_size_of_pages(
    seconds: list[int], sizes: list[int], is_recent: bool
) -> None:
    rows = rows_of(MENTION, seconds)

    found = drive(
        messages(part(MENTION, is_recent=is_recent)),
        Vendor({MENTION: rows}, endless(sizes)),
    )

    assert ids(found.items) == row_ids(rows)
    assert not found.issues


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
KEYS = (
    *("results", "messages", "socialNetworkId", "type", "id", "id_str", "created"),
    *("created_at", "text", "message", "name", "user", "error", "errors"),
)
GOOD = st.sampled_from([11, "22", "MENTION", "F_WALL", START, START + 5])
TREES = st.recursive(
    LEAVES | GOOD | st.sampled_from([tweet(START, 1), wall(START, 2)]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(st.binary(max_size=80) | TREES, st.booleans())
def test_any_answer_is_a_page_or_a_named_error(
    content: object, is_recent: bool
) -> None:
    found = Driven[Message]()

    with suppress(SocialMetricsError):
        drive(
            messages(part(MENTION, WALL, is_recent=is_recent)),
            lambda request: response(request, content),
            most=40,
            into=found,
        )

    assert all(isinstance(item, Message) for item in found.items)
