"""The figures of one answer: posts by metrics by hours, and which of them there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.sandbox.dice import Flags, Ints
from socialmetrics.sandbox.posts import moment
from socialmetrics_x.sandbox.catalogue import DAY, HOUR, POST, TYPE

K = TypeVar("K", np.int64, np.bool_)
_DAY: Final = 24
_HOURS: Final = tuple(f"{hour:02d}" for hour in range(_DAY))
_LEVELS: Final = (POST, TYPE, DAY, HOUR)


@attrs.frozen(kw_only=True)
class Cube:
    """Figures with an axis for posts, metrics and hours, in the order of the keys.

    What is not `present` is left out of every sum and every answer. Metrics that were
    not `asked` only stand beside the others. `hours` are full hours since 1970; a cube
    without time has a single one, which means nothing.
    """

    posts: Sequence[str]
    metrics: Sequence[str]
    asked: Flags
    hours: Ints
    values: Ints
    present: Flags


@attrs.frozen
class Block:
    """Figures in the order in which they are nested, with the keys of every level."""

    keys: Sequence[Sequence[str]]
    values: Ints
    present: Flags


def block(cube: Cube, levels: Sequence[str], *, is_dated: bool) -> Block:
    """The figures under these levels, whatever else there is added together.

    `is_dated` puts a day above hours that have none; otherwise such hours are hours
    of the day, over all days.
    """
    wanted = _dated(levels) if is_dated else tuple(levels)
    # Metrics that nobody asked for are no part of a sum over metrics.
    chosen = cube.asked | (TYPE in levels)
    values = _by_day(np.where(cube.present, cube.values, 0)[:, chosen], cube.hours)
    present = _by_day(cube.present[:, chosen], cube.hours)
    absent = tuple(axis for axis, name in enumerate(_LEVELS) if name not in wanted)
    kept: list[str] = [name for name in _LEVELS if name in wanted]
    order = [kept.index(name) for name in wanted]
    keys = _keys(cube)
    return Block(
        [keys[name] for name in wanted],
        values.sum(axis=absent).transpose(order),
        np.asarray(present.any(axis=absent)).transpose(order),
    )


def _dated(levels: Sequence[str]) -> tuple[str, ...]:
    if HOUR not in levels or DAY in levels:
        return tuple(levels)
    at = levels.index(HOUR)
    return (*levels[:at], DAY, *levels[at:])


def _by_day(figures: NDArray[K], hours: Ints) -> NDArray[K]:
    """The axis of hours as two: days, and the 24 hours of each, known or not."""
    before = int(hours[0]) % _DAY
    after = -(before + len(hours)) % _DAY
    padded = np.pad(figures, ((0, 0), (0, 0), (before, after)))
    return padded.reshape(*padded.shape[:2], -1, _DAY)


def _keys(cube: Cube) -> dict[str, Sequence[str]]:
    days = range(int(cube.hours[0]) // _DAY, int(cube.hours[-1]) // _DAY + 1)
    return {
        POST: cube.posts,
        TYPE: cube.metrics,
        DAY: [f"{moment(day * 86_400):%Y-%m-%d}" for day in days],
        HOUR: _HOURS,
    }
