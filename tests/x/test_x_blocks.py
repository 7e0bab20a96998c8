"""Figures as columns: what every cell has, with and without a figure."""

from __future__ import annotations

import numpy as np
import pytest

from socialmetrics.model import Ref, Source
from socialmetrics.reading import Settled, Status
from socialmetrics.series.columns import micros
from socialmetrics.window import Window
from socialmetrics_x import steps
from socialmetrics_x.blocks import Block
from tests.x.driving_x import HOUR, NOW, WINDOW, snowflake

SOURCE = Source(
    vendor="x", endpoint="e", request_id=None, api_version=None, fetched_at=NOW
)


def block(*ids: str, names: tuple[str, ...] = ("favorites",)) -> Block:
    return Block("historical", ids, names, steps.of_window(WINDOW, "hour"))


def test_a_cell_without_a_figure_is_not_reported() -> None:
    made = block("11")
    made.put("11", "favorites", np.array([1, np.nan, 0, -1]))

    series = made.series(SOURCE, now=micros(NOW))

    assert [(p.value, p.status) for p in series] == [
        (1, Status.OBSERVED),
        (None, Status.NOT_REPORTED),
        (0, Status.OBSERVED),
        (-1, Status.OBSERVED),
    ]
    assert {p.source for p in series} == {SOURCE}
    assert {p.subject for p in series} == {Ref("x", "11")}


def test_a_mark_takes_away_what_came_and_knows_only_its_own() -> None:
    made = block("11", "12", names=("favorites", "replies"))
    for native_id in ("11", "12"):
        made.put(native_id, "favorites", np.ones(4))

    made.mark(["12", "99"], ["favorites", "unknown"], Status.UNAVAILABLE)
    made.mark(["99"], ["favorites"], Status.TOO_OLD)
    made.mark(["11"], ["unknown"], Status.TOO_OLD)

    found = {
        (p.subject.native_id, p.reading.name): p.status
        for p in made.series(SOURCE, now=0)
    }
    assert found == {
        ("11", "favorites"): Status.OBSERVED,
        ("11", "replies"): Status.NOT_REPORTED,
        ("12", "favorites"): Status.UNAVAILABLE,
        ("12", "replies"): Status.NOT_REPORTED,
    }


def test_outside_of_a_cut_nothing_is_known_and_what_came_may_grow() -> None:
    made = block("11")
    made.put("11", "favorites", np.array([np.nan, 2, 3, np.nan]))

    made.cut(micros(WINDOW.start + HOUR / 2), micros(WINDOW.end - 1.5 * HOUR))

    assert [(p.status, p.settled) for p in made.series(SOURCE, now=micros(NOW))] == [
        (Status.NOT_COLLECTED, Settled.NO),
        (Status.OBSERVED, Settled.UNKNOWN),
        (Status.OBSERVED, Settled.NO),
        (Status.NOT_COLLECTED, Settled.NO),
    ]


def test_what_ends_after_now_is_running() -> None:
    now = WINDOW.start + 1.5 * HOUR

    found = [p.settled for p in block("11").series(SOURCE, now=micros(now))]

    assert found == [Settled.UNKNOWN, Settled.NO, Settled.NO, Settled.NO]


@pytest.mark.parametrize(("hours", "rows"), [(0, 4), (1, 3), (1.5, 3), (4, 0), (9, 0)])
def test_cells_before_a_post_have_no_row(hours: float, rows: int) -> None:
    made = block(snowflake(WINDOW.start + hours * HOUR), names=("favorites", "replies"))

    assert len(made.series(SOURCE, now=0)) == 2 * rows


def test_figures_before_a_post_are_kept_all_the_same() -> None:
    native_id = snowflake(WINDOW.end)
    made = block(native_id)
    made.put(native_id, "favorites", np.array([0, np.nan, np.nan, np.nan]))

    assert [p.value for p in made.series(SOURCE, now=0)] == [0]


def test_meanings_change_in_the_middle_of_a_row() -> None:
    window = Window.days("2017-10-07", "2017-10-10")
    names = ("engagements", "media_views", "impressions")
    made = Block("historical", ("11",), names, steps.of_window(window, "day"))
    for name in names:
        made.put("11", name, np.arange(4.0))

    series = made.series(SOURCE, now=0)

    found = {name: [p for p in series if p.reading.name == name] for name in names}
    assert [p.value for p in found["media_views"]] == [None, None, 2, 3]
    assert len({p.reading for p in found["engagements"]}) == 2
    assert len({p.reading for p in found["impressions"]}) == 1
    for point in series:
        assert point.value is None or point.reading.holds_on(point.start.date())


def test_a_block_of_no_post_has_no_row() -> None:
    empty = Block("totals", (), ("favorites",), steps.of_lifetime(()))

    assert len(empty.series(SOURCE, now=0)) == 0


def young(
    made: str, *, tz: str | None, names: tuple[str, ...] = ("favorites",)
) -> Block:
    """A day of Berlin, of a post that was made in it; only its last hour came."""
    day = Window.days("2026-03-02", "2026-03-02", tz="Europe/Berlin")
    found = Block("historical", (made,), names, steps.of_window(day, "hour"))
    found.values[:, :, -1] = 5
    return found


MADE = snowflake(Window.days("2026-03-02", "2026-03-02").start + 12 * HOUR)


def test_hours_before_a_post_that_did_not_come_have_no_rows() -> None:
    series = young(MADE, tz=None).series(SOURCE, now=0)

    assert len(series) == 11
    assert series[0].start == Window.days("2026-03-02", "2026-03-02").start + 12 * HOUR


def test_a_day_of_another_zone_begins_at_its_midnight() -> None:
    made = young(MADE, tz="Europe/Berlin")
    made.values[:, :, 13:] = 5

    series = made.series(SOURCE, now=0, tz="Europe/Berlin")
    (day,) = series.rollup("day", tz="Europe/Berlin")

    assert day.start == Window.days("2026-03-02", "2026-03-02", "Europe/Berlin").start
    assert (day.value, day.status) == (11 * 5, Status.OBSERVED)


def test_an_unavailable_post_has_the_whole_day_of_its_making() -> None:
    made = young(MADE, tz="Europe/Berlin")
    made.mark([MADE], ["favorites"], Status.UNAVAILABLE)

    series = made.series(SOURCE, now=0, tz="Europe/Berlin")

    assert [p.status for p in series] == [Status.UNAVAILABLE] * 24


def test_posts_that_are_too_old_to_tell_were_always_there() -> None:
    for tz in (None, "Europe/Berlin"):
        assert len(young("11", tz=tz).series(SOURCE, now=0, tz=tz)) == 24
