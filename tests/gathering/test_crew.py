"""Tasks side by side: all results in order, or the first error."""

from __future__ import annotations

from threading import Event

import pytest

from socialmetrics.errors import InvalidQuery, SocialMetricsError
from socialmetrics.gathering.crew import Crew, Stopped, naming
from socialmetrics.pull import Progress


def told(done: int, planned: int, rows: int) -> Progress:
    return Progress(operation="posts", done=done, planned=planned, rows=rows)


def test_results_come_in_the_order_of_the_tasks() -> None:
    second = Event()

    def slow() -> int:
        second.wait()
        return 1

    def quick() -> int:
        second.set()
        return 2

    assert [*Crew().run({"slow": slow, "quick": quick}).items()] == [
        ("slow", 1),
        ("quick", 2),
    ]


def test_nothing_to_do_is_done_at_once() -> None:
    assert Crew().run({}) == {}


def test_error_ends_it_without_waiting_and_others_stop_at_their_next_page() -> None:
    crew, stopped, failed = Crew(), Event(), Event()
    watch = crew.watch()

    def endless() -> None:
        failed.wait()
        try:
            watch(told(1, 2, 3))
        except Stopped:
            stopped.set()
            raise

    def fails() -> None:
        raise InvalidQuery("no")

    with pytest.raises(InvalidQuery) as caught:
        crew.run({"endless": endless, "bad": fails})
    failed.set()

    assert caught.value.vendor == "bad"
    assert stopped.wait(10)


def test_progress_of_several_is_added_up() -> None:
    seen: list[Progress] = []
    crew = Crew(seen.append)
    one, other = crew.watch(), crew.watch()

    one(told(1, 2, 10))
    other(told(0, 3, 5))
    one(told(2, 2, 20))

    assert [(p.done, p.planned, p.rows) for p in seen] == [
        (1, 2, 10),
        (1, 5, 15),
        (2, 5, 25),
    ]


@pytest.mark.parametrize(
    ("vendor", "name", "shown"),
    [
        (None, "Left", "Left"),
        ("sprout", "Sprout", "sprout"),
        ("x", "The first", "The first (x)"),
        ("The first (x)", "The first", "The first (x)"),
    ],
)
def test_error_says_whose_it_is(vendor: str | None, name: str, shown: str) -> None:
    with pytest.raises(SocialMetricsError) as caught, naming(name):
        raise SocialMetricsError("no", vendor=vendor)

    assert caught.value.vendor == shown
