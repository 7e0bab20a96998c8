"""The settings of X into credentials: keys of the app, a bearer, tokens of owners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.oauth1 import Owner
from socialmetrics.secret import Secret

OWNERS: Final = (
    'owners must be Owner(access_token, access_token_secret), or text like "token:'
    'secret,token:secret"; in a file also tables with access_token and '
    "access_token_secret"
)
_BETWEEN: Final = re.compile(r"[\s,]+")


def text(given: Mapping[str, object], name: str) -> str | None:
    """That setting as text. Raises `InvalidQuery` for anything else, or blanks."""
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InvalidQuery(f"{name} must be text")
    return value.strip()


def per_minute(given: Mapping[str, object]) -> int | None:
    """The calls that the contract allows in a minute; None where nobody says."""
    value = given.get("per_minute")
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if value is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise InvalidQuery(
            f"per_minute={value!r} must be a whole number above 0: the calls a minute "
            "of your contract"
        )
    return number


def owners(given: Mapping[str, object]) -> dict[str, Owner]:
    """The accounts by their keys: the user id in the token, else "#" and a number.

    Raises `InvalidQuery`, without what was given, and for an account given twice.
    """
    found: dict[str, Owner] = {}
    for number, owner in enumerate(_listed(given.get("owners")), 1):
        key = owner.user_id or f"#{number}"
        if key in found:
            raise InvalidQuery(f"owners holds {owner} twice; give one token for each")
        found[key] = owner
    return found


def _listed(value: object) -> Iterator[Owner]:
    if value is None:
        return
    if isinstance(value, Secret):
        value = value.reveal()
    if isinstance(value, str):
        value = [pair for pair in _BETWEEN.split(value) if pair]
    if isinstance(value, Owner) or not isinstance(value, Sequence):
        raise InvalidQuery(OWNERS)
    several: Sequence[object] = value  # pyright: ignore[reportUnknownVariableType]  # any
    yield from map(_owner, several)


def _owner(value: object) -> Owner:
    if isinstance(value, Owner):
        return value
    pair = _pair(value)
    if len(pair) != 2 or not all(isinstance(x, str) and x for x in pair):
        raise InvalidQuery(OWNERS)
    return Owner(str(pair[0]), str(pair[1]))


def _pair(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        table: Mapping[str, object] = value  # pyright: ignore[reportUnknownVariableType]  # TOML
        named = table.get("access_token"), table.get("access_token_secret")
        return named if len(table) == len(named) else ()
    return value.split(":") if isinstance(value, str) else ()
