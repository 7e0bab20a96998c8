"""Figures as the answer holds them: objects in objects, numbers written as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from socialmetrics.sandbox.dice import Ints, listed
from socialmetrics_x.sandbox.cube import Block

_LOWEST: Final = -256
# Most figures are small; looking them up is much quicker than writing each.
_SMALL: Final[Any] = np.array([str(n) for n in range(_LOWEST, 4096)], dtype=object)


def nested(block: Block, bare: int) -> dict[str, object]:
    """The block as objects in objects. What is absent, or empty, has no key.

    Every `bare`-th place holds a number instead of text (0: none).
    """
    figures = listed(block.values.ravel())
    things = _spelled(block.values.ravel())
    if bare:
        things[bare - 1 :: bare] = figures[bare - 1 :: bare]
    if not block.present.all():
        for place in listed(np.flatnonzero(~block.present.ravel())):
            things[place] = None
        return _sparse(block.keys, things)
    return _full(block.keys, things)


def _spelled(figures: Ints) -> list[object]:
    places = figures - _LOWEST
    known = (places >= 0) & (places < len(_SMALL))
    words: list[object] = _SMALL[np.where(known, places, 0)].tolist()
    for place in listed(np.flatnonzero(~known)):
        words[place] = str(figures[place])
    return words


def _full(levels: Sequence[Sequence[str]], things: list[object]) -> dict[str, object]:
    rows: Sequence[object] = things
    for keys in reversed(levels[1:]):
        rows = [dict(zip(keys, row, strict=True)) for row in _cut(rows, len(keys))]
    return dict(zip(levels[0], rows, strict=True))


def _sparse(levels: Sequence[Sequence[str]], things: list[object]) -> dict[str, object]:
    rows: Sequence[object] = things
    for keys in reversed(levels[1:]):
        rows = [_known(keys, row) or None for row in _cut(rows, len(keys))]
    return _known(levels[0], rows)


def _cut(rows: Sequence[object], size: int) -> Iterator[Sequence[object]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _known(keys: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    pairs = zip(keys, row, strict=True)
    return {key: thing for key, thing in pairs if thing is not None}
