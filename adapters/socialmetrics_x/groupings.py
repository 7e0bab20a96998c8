"""Groupings: how an answer is nested, in the API's own words, and its rules.

The order of `group_by` is the order of nesting. The name becomes a key beside the
API's own at the root of the answer, so some names are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from socialmetrics.errors import InvalidQuery

POST: Final = "tweet.id"
METRIC: Final = "engagement.type"
DAY: Final = "engagement.day"
HOUR: Final = "engagement.hour"
LEVELS: Final = (POST, METRIC, DAY, HOUR)
MOST: Final = 3
WHOLE: Final = frozenset({(POST, METRIC, DAY, HOUR), (METRIC, POST, DAY, HOUR)})
"""The only two orders of all four; at most one grouping of a request may have four."""
_ROOT_KEYS: Final = frozenset({"start", "end", "errors", "unavailable_tweet_ids"})
_ROOT_PREFIX: Final = "unsupported_for_"

Groupings = Mapping[str, Sequence[str]]


def checked(groupings: Groupings, *, has_time: bool) -> dict[str, tuple[str, ...]]:
    """The same, if the API takes them. Raises `InvalidQuery` with the rule.

    `has_time` tells whether the endpoint knows days and hours; totals does not.
    """
    if not 1 <= len(groupings) <= MOST:
        raise InvalidQuery(
            f"groupings: {len(groupings)} given, where 1 to {MOST} are allowed"
        )
    found = {name: tuple(levels) for name, levels in groupings.items()}
    for name, levels in found.items():
        _check_name(name)
        _check_levels(name, levels)
        _check_time(name, levels, has_time=has_time)
    whole = [name for name, levels in found.items() if len(levels) == len(LEVELS)]
    if len(whole) > 1:
        raise InvalidQuery(
            f"groupings {' and '.join(map(repr, whole))} have all four levels; one may"
        )
    return found


def _check_name(name: str) -> None:
    if not name or not name.isprintable() or name != name.strip():
        raise InvalidQuery(f"grouping {name!r}: a name is printable text")
    if name in _ROOT_KEYS or name.startswith(_ROOT_PREFIX):
        raise InvalidQuery(
            f"grouping {name!r}: the API has a key of that name; choose another"
        )


def _check_levels(name: str, levels: tuple[str, ...]) -> None:
    unknown = [level for level in levels if level not in LEVELS]
    if unknown or not levels:
        told = f"{unknown[0]!r} is no level" if unknown else "it has no level"
        raise InvalidQuery(f"grouping {name!r}: {told}; levels are {_listed(LEVELS)}")
    if len(set(levels)) < len(levels):
        raise InvalidQuery(f"grouping {name!r}: a level stands there twice")
    if len(levels) == len(LEVELS) and levels not in WHOLE:
        raise InvalidQuery(
            f"grouping {name!r}: four levels go in the order {_listed(LEVELS)}, or "
            "with the first two changed round"
        )


def _check_time(name: str, levels: tuple[str, ...], *, has_time: bool) -> None:
    timed = [level for level in levels if level in {DAY, HOUR}]
    if timed and not has_time:
        raise InvalidQuery(
            f"grouping {name!r}: totals has no {timed[0]}; ask historical or 28hr"
        )


def _listed(levels: Sequence[str]) -> str:
    return ", ".join(levels)
