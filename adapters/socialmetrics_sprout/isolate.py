"""One bad name must not spoil the batch: find it, name it, go on without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from socialmetrics.errors import Rejected
from socialmetrics.model import Issue
from socialmetrics.wire import Flow

T = TypeVar("T")
Names = tuple[str, ...]


@attrs.frozen
class Isolated:
    """The names that the vendor takes, and an issue for each that it refuses."""

    good: Names
    issues: tuple[Issue, ...] = ()


def isolate(
    what: str, names: Names, attempt: Callable[[Names], Flow[object]]
) -> Flow[Isolated]:
    """Which of these names the vendor takes: halves are tried until one is to blame."""
    bad = yield from _bad(names, attempt)
    issues = tuple(
        Issue(path=what, problem=f"refused by the vendor: {error.message}", seen=name)
        for name, error in bad.items()
    )
    return Isolated(tuple(name for name in names if name not in bad), issues)


def _bad(
    names: Names, attempt: Callable[[Names], Flow[object]]
) -> Flow[dict[str, Rejected]]:
    if not names:
        return {}
    try:
        yield from attempt(names)
    except Rejected as err:
        if len(names) == 1:
            return {names[0]: err}
        half = len(names) // 2
        first = yield from _bad(names[:half], attempt)
        second = yield from _bad(names[half:], attempt)
        return first | second
    return {}
