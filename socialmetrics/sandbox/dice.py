"""Chance that is the same on every machine: hashed counters, whole numbers only."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def listed(numbers: Ints | Words) -> list[int]:
    """The numbers of one row as Python's own."""
    found: list[int] = numbers.tolist()
    return found


class Dice:
    """Draws by name: the same seed, stream and position give the same number.

    No draw depends on how many were made before, so a part of the world can be
    computed when it is asked for, in any order.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def words(self, stream: str, count: int) -> Words:
        """`count` words of 64 bits (the finaliser of splitmix64 over a counter)."""
        key = blake2b(f"{self._seed}/{stream}".encode(), digest_size=8).digest()
        z = np.arange(1, count + 1, dtype=np.uint64) * _STEP
        z += np.uint64(int.from_bytes(key, "big"))
        z = (z ^ (z >> np.uint64(30))) * _FIRST
        z = (z ^ (z >> np.uint64(27))) * _SECOND
        return z ^ (z >> np.uint64(31))

    def below(self, stream: str, count: int, limit: int) -> Ints:
        """`count` whole numbers in 0 .. limit - 1 (limit below 2**31)."""
        high = self.words(stream, count) >> np.uint64(33)
        return ((high * np.uint64(limit)) >> np.uint64(31)).astype(np.int64)

    def weighted(self, stream: str, count: int, weights: tuple[int, ...]) -> Ints:
        """`count` positions in `weights`, each as often as its weight says."""
        edges = np.cumsum(np.array(weights, dtype=np.int64))
        draws = self.below(stream, count, int(edges[-1]))
        return np.searchsorted(edges, draws, side="right").astype(np.int64)
