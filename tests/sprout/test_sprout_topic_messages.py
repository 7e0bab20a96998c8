"""Listening messages: every one once, also in crowded seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import (
    Incomplete,
    Unavailable,
)
from socialmetrics.wire import Request
from socialmetrics_sprout.parts import MessagesPart, TopicMessagesPart
from socialmetrics_sprout.read_messages import topic_messages
from tests.sprout.driving import (
    ON_X,
    WEEK,
    body_of,
    content,
    down,
    drive,
    filter_of,
    ids,
    row,
    script,
    seconds,
    too_heavy,
)

PART = MessagesPart(accounts=(ON_X,), group="1201", window=WEEK)
TOPIC = TopicMessagesPart(topic="77", window=WEEK)
START = WEEK.start


def rows(count: int, start: int = 0, at: datetime | None = None) -> list[object]:
    """So many messages, one a second, or all in the second `at`."""
    numbers = range(start, start + count)
    return [row(f"t:{n}", at or START + seconds(n)) for n in numbers]


# -- listening -------------------------------------------------------------------------


@attrs.define
class Listening:
    """A server with numbered pages, oldest first."""

    stored: list[tuple[datetime, str]]
    tells: bool = False
    heaviest: int = 10**9
    between: list[tuple[bool, datetime, str]] = attrs.field(
        factory=list[tuple[bool, datetime, str]]
    )

    def __call__(self, request: Request) -> object:
        start, end = (filter_of(request, "created_time.in") or "").split("...")
        inside = [
            row(guid, at)
            for at, guid in sorted(self.stored)
            if start <= at.isoformat()[:19] < end
        ]
        if len(inside) > self.heaviest:
            return too_heavy()
        body = body_of(request)
        page, limit = body["page"], body["limit"]
        answer = content(
            *inside[(page - 1) * limit : page * limit],
            pages=-(-len(inside) // limit) if self.tells else None,
        )
        self._change()
        return answer

    def _change(self) -> None:
        if not self.between:
            return
        is_new, at, guid = self.between.pop(0)
        if not is_new:
            self.stored = [each for each in self.stored if each[1] != guid]
        else:
            self.stored.append((at, f"{guid}+{len(self.between)}"))


def crowd(*sizes: int) -> list[tuple[datetime, str]]:
    """Seconds with so many messages each."""
    return [
        (START + seconds(second), f"t:{second}-{n:04}")
        for second, size in enumerate(sizes)
        for n in range(size)
    ]


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize(
    "sizes",
    [
        (),
        (1,),
        (100,),
        (250,),
        (3, 250),
        (0, 250),
        (250, 3),
        (99, 1, 250, 1, 99),
        (100, 100, 100),
        (60, 60, 60, 60),
        (1,) * 350,
    ],
)
def test_every_listening_message_comes_once_oldest_first(
    sizes: tuple[int, ...], tells: bool
) -> None:
    stored = crowd(*sizes)

    found = drive(topic_messages(TOPIC), Listening(list(stored), tells), most=60)

    assert ids(found.items) == [guid for _, guid in stored]


def test_the_next_page_is_the_first_one_from_the_latest_second_on() -> None:
    found = drive(topic_messages(TOPIC), Listening(crowd(*(1,) * 150)))

    assert [filter_of(r, "created_time.in") for r in found.requests] == [
        "2026-03-02T00:00:00...2026-03-09T00:00:00",
        "2026-03-02T00:01:39...2026-03-09T00:00:00",
        "2026-03-02T00:02:29...2026-03-09T00:00:00",
    ]
    assert {body["page"] for body in found.bodies} == {1}


moments = st.integers(0, 4).map(lambda n: START + seconds(n))
changes = st.lists(
    st.tuples(st.booleans(), moments, st.integers(0, 400).map("t:{}".format)),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 30, 99, 100, 101, 230]), max_size=4),
    between=changes,
    tells=st.booleans(),
)
def test_messages_that_stay_come_once_while_others_come_and_go(
    sizes: list[int], between: list[tuple[bool, datetime, str]], tells: bool
) -> None:
    numbers = iter(range(10_000))
    stored = [
        (START + seconds(second), f"t:{next(numbers)}")
        for second, size in enumerate(sizes)
        for _ in range(size)
    ]
    gone = {guid for is_new, _, guid in between if not is_new}
    always = {guid for _, guid in stored} - gone

    found = ids(
        drive(topic_messages(TOPIC), Listening(stored, tells, between=between)).items
    )

    assert always <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("tells", [True, False])
def test_listening_that_is_too_heavy_is_asked_in_halves(tells: bool) -> None:
    stored = [(START + timedelta(minutes=10 * n), f"t:{n:04}") for n in range(500)]

    found = drive(topic_messages(TOPIC), Listening(list(stored), tells, heaviest=120))

    assert ids(found.items) == [guid for _, guid in stored]


def test_halves_in_the_middle_of_listening_repeat_nothing() -> None:
    server = Listening(
        [(START + timedelta(hours=n // 2), f"t:{n:04}") for n in range(300)]
    )
    failing = iter([False, True])

    found = drive(
        topic_messages(TOPIC),
        lambda request: too_heavy() if next(failing, False) else server(request),
    )

    assert ids(found.items) == [guid for _, guid in server.stored]


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (TOPIC, down()),
        (
            attrs.evolve(TOPIC, window=attrs.evolve(WEEK, end=START + seconds(1))),
            too_heavy(),
        ),
    ],
)
def test_listening_that_cannot_be_halved_is_raised(
    part: TopicMessagesPart, error: Unavailable
) -> None:
    with pytest.raises(Unavailable) as caught:
        drive(topic_messages(part), script(error))

    assert caught.value is error


def test_a_page_that_is_empty_before_the_last_one_told_is_incomplete() -> None:
    with pytest.raises(Incomplete, match="page 1 of 3 is empty"):
        drive(topic_messages(TOPIC), lambda _: content(pages=3))


@pytest.mark.parametrize("pages", [None, 10**6])
def test_a_server_that_shows_the_same_full_page_for_ever_is_incomplete(
    pages: int | None,
) -> None:
    page = content(*rows(100, at=START), pages=pages)

    with pytest.raises(Incomplete, match="a second time"):
        drive(topic_messages(TOPIC), lambda _: page, most=50)


def test_a_server_that_ignores_the_window_is_incomplete() -> None:
    page = content(*rows(100), pages=2)

    with pytest.raises(Incomplete, match="a second time"):
        drive(topic_messages(TOPIC), lambda _: page, most=50)


def test_messages_behind_the_window_do_not_move_it() -> None:
    late = row("t:1", datetime(2027, 1, 1, tzinfo=UTC))

    found = drive(
        topic_messages(TOPIC), script(content(late), content(), content(late))
    )

    assert ids(found.items) == ["t:1"]
