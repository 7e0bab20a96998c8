"""Which adapters are installed: the entry points, looked for once."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

GROUP: Final = "socialmetrics.adapters"


def installed(name: str | None = None) -> dict[str, EntryPoint]:
    """The entry points of all adapters, by name.

    They are looked for once for every `sys.path`, and again when `name` is not among
    them. So a package that is installed while the process runs is found by its name;
    until then it may be missing where all are listed.
    """
    found = entries(tuple(sys.path))
    if name is not None and name not in found:
        entries.cache_clear()
        found = entries(tuple(sys.path))
    return found


@lru_cache(maxsize=1)
def entries(path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """What there is on this path. `entries.cache_clear()` forgets it."""
    del path  # The key: another path has other packages.
    return {point.name: point for point in entry_points(group=GROUP)}
