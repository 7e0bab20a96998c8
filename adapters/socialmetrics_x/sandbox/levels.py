"""How an answer is to be nested: the rules of `groupings`."""

from __future__ import annotations

from typing import Final

import msgspec

from socialmetrics_x.sandbox.catalogue import DAY, HOUR, POST, TYPE, Endpoint
from socialmetrics_x.sandbox.refusal import bad

Levels = tuple[str, ...]

_MOST: Final = 3
_ALL: Final = 4
_ORDERS: Final = ((POST, TYPE, DAY, HOUR), (TYPE, POST, DAY, HOUR))
_TAKEN: Final = frozenset({"start", "end", "errors", "unavailable_tweet_ids"})


class _Grouping(msgspec.Struct, forbid_unknown_fields=True):
    group_by: list[str]


def groupings(told: object, endpoint: Endpoint) -> dict[str, Levels]:
    """The groupings of a request. Refuses all that the endpoint cannot nest."""
    try:
        named = msgspec.convert(told, dict[str, _Grouping])
    except msgspec.ValidationError as error:
        bad(f"groupings: {error}")
    if not 1 <= len(named) <= _MOST:
        bad(f"groupings: size [{len(named)}] is not between 1 and {_MOST}")
    found = {name: tuple(each.group_by) for name, each in named.items()}
    for name, levels in found.items():
        _check_name(name)
        _check(levels, endpoint)
    if sum(len(levels) == _ALL for levels in found.values()) > 1:
        bad("groupings: only one may group by four values")
    return found


def _check_name(name: str) -> None:
    if not name or name in _TAKEN or name.startswith("unsupported_for_"):
        bad(f"groupings: [{name}] is not a name that can be used")


def _check(levels: Levels, endpoint: Endpoint) -> None:
    unknown = [level for level in levels if level not in endpoint.levels]
    if unknown:
        bad(
            "One or more of the groupBys you have specified are not supported: "
            f"({', '.join(unknown)}). Please adjust your request and try again."
        )
    if not levels or len(set(levels)) < len(levels):
        bad("group_by: must hold values, each of them once")
    if len(levels) == _ALL and levels not in _ORDERS:
        bad("group_by: four values are not supported in this order")
