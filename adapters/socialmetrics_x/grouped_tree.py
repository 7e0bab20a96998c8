"""One grouping of an answer: from nested objects to its leaves, and what is wrong.

Keys are read by their place in `group_by`. Only hours without days are told by the
shape of the key, because two shapes of them were seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias, TypeGuard

from socialmetrics.decode import figure
from socialmetrics.model import Issue
from socialmetrics_x.groupings import DAY, HOUR, METRIC, POST
from socialmetrics_x.ids import DIGITS

Key: TypeAlias = tuple[str | None, str | None, date | None, int | None]
"""Post, metric, day and hour; None for a level that is not there."""
_ROOT: Final[Key] = (None, None, None, None)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_LENGTH: Final = len("2000-01-31")  # Long texts are not kept in the cache.
_HOURS: Final = {f"{hour:02}": hour for hour in range(24)}
_LARGEST: Final = 2**63 - 1
_SHOWN: Final = 80


class Leaf(NamedTuple):
    """A figure, where it stands in the answer, and what it counts."""

    path: str
    key: Key
    value: int | float


def leaves(tree: object, levels: tuple[str, ...], path: str) -> Iterator[Leaf | Issue]:
    """Every leaf of a grouping with these levels, and an `Issue` for all that is none.

    `path` is where the grouping stands. Nothing is raised, whatever the shape.
    """
    return _below(tree, levels, path, _ROOT)


def _below(
    node: object, levels: tuple[str, ...], path: str, key: Key
) -> Iterator[Leaf | Issue]:
    if not levels:
        yield _leaf(node, path, key)
    elif not is_object(node):
        problem = f"{type(node).__name__} instead of an object by {levels[0]}"
        yield Issue(path=path, problem=problem, seen=seen(node))
    else:
        for part, found in node.items():
            yield from _branch(found, levels, f"{path}.{part}", (key, part))


def _branch(
    node: object, levels: tuple[str, ...], path: str, at: tuple[Key, str]
) -> Iterator[Leaf | Issue]:
    key, part = at
    rest = levels[1:]
    inner = _extended(key, levels[0], part)
    if inner is None and levels[0] == HOUR and key[2] is None and DAY not in rest:
        # The documentation shows a level of days that was not asked for; real answers
        # lack it.
        rest, inner = levels, _extended(key, DAY, part)
    if inner is None:
        yield Issue(path=path, problem=f"the key is no {levels[0]}", seen=seen(part))
    else:
        yield from _below(node, rest, path, inner)


def _extended(key: Key, level: str, part: str) -> Key | None:
    """The key with that level; None where the text is nothing of the kind."""
    post, metric, day, hour = key
    if level == METRIC:
        return post, part, day, hour
    if level == POST:
        return (part, metric, day, hour) if is_id(part) else None
    if level == DAY:
        found = _day(part) if len(part) == _DAY_LENGTH else None
        return (post, metric, found, hour) if found else None
    return (post, metric, day, _HOURS[part]) if part in _HOURS else None


@lru_cache(maxsize=1024)
def _day(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # No such day in the calendar.
        return None


def _leaf(node: object, path: str, key: Key) -> Leaf | Issue:
    value, problem = figure(node)
    if value is None:
        problem = problem or "nothing instead of a number"
        return Issue(path=path, problem=problem, seen=seen(node))
    if abs(value) > _LARGEST:  # So that sums stay finite.
        return Issue(path=path, problem="more than any count", seen=seen(node))
    return Leaf(path, key, value)


def rank(key: Key) -> tuple[int, str, str, int, int]:
    """By post as a number, metric, day and hour; what is None comes first."""
    post, metric, day, hour = key
    number = post or ""
    ordinal = 0 if day is None else day.toordinal()
    return len(number), number, metric or "", ordinal, hour or 0


def is_id(text: str) -> bool:
    """Whether that is how the id of a post is written."""
    return DIGITS.fullmatch(text) is not None


def by_number(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in the order of the numbers that they are."""
    return tuple(sorted(ids, key=lambda each: (len(each), each)))


def is_object(node: object) -> TypeGuard[dict[str, object]]:
    """Whether that is an object of JSON."""
    return isinstance(node, dict)


def is_list(node: object) -> TypeGuard[list[object]]:
    """Whether that is a list of JSON."""
    return isinstance(node, list)


def seen(node: object) -> str:
    """The beginning of a text, and the type of anything else, for an `Issue`."""
    return node[:_SHOWN] if isinstance(node, str) else type(node).__name__
