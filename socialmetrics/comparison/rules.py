"""All that is known of how figures compare: rules and orders, as data.

The core's stand in `rules.toml`; every installed adapter brings those about its own
figures (`Adapter.caveats`). What an adapter brings that cannot be loaded or is faulty
is left out, so that the figures of others still compare, and told by `faults`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.metadata import EntryPoint
from importlib.resources import files
from typing import Final

import attrs

from socialmetrics import installed
from socialmetrics.comparison.bounds import of_parts
from socialmetrics.comparison.rule import ANY, STATES, Order, Pattern, Rule, State
from socialmetrics.comparison.rulefile import Rulefile, read
from socialmetrics.connections import adapter_class

__all__ = [
    "ANY",
    "STATES",
    "Order",
    "Pattern",
    "Rule",
    "State",
    "faults",
    "orders",
    "rule",
    "rules",
]

FILE: Final = "rules.toml"


@attrs.frozen
class _Brought:
    """What one adapter brings, or why it does not."""

    file: Rulefile
    fault: str | None = None


def rules() -> tuple[Rule, ...]:
    """The core's rules and those of every installed adapter, adapters by name.

    They are read once for every set of installed adapters. Raises `ValueError` where
    the core's own file is faulty.
    """
    return (*_core().rules, *(rule for each in _all() for rule in each.file.rules))


def orders() -> tuple[Order, ...]:
    """The core's orders, those of the ontology's parts, those of the adapters."""
    brought = (order for each in _all() for order in each.file.orders)
    return (*_core().orders, *of_parts(), *brought)


def faults() -> tuple[str, ...]:
    """Why the rules of some installed adapters are left out: a sentence for each."""
    return tuple(each.fault for each in _all() if each.fault)


def rule(id: str) -> Rule:  # noqa: A002 - the rules' own word
    """The core's rule of that id. Raises `ValueError` where there is none."""
    found = [each for each in _core().rules if each.id == id]
    if not found:
        raise ValueError(f"{FILE}: no rule has the id {id!r}")
    return found[0]


@cache
def _core() -> Rulefile:
    content = files("socialmetrics.comparison").joinpath(FILE).read_text("utf-8")
    return read(content, FILE)


def _all() -> tuple[_Brought, ...]:
    return _brought(tuple(sorted(installed.installed().values())))


@lru_cache(maxsize=1)
def _brought(points: tuple[EntryPoint, ...]) -> tuple[_Brought, ...]:
    return tuple(_of(point.name) for point in points)


def _of(name: str) -> _Brought:
    nothing = Rulefile(rules=(), orders=())
    try:
        told = adapter_class(name).caveats()
        return _Brought(nothing if told is None else read(told, "caveats", name))
    except Exception as err:  # noqa: BLE001 - somebody else's code and data
        return _Brought(
            nothing, f"the rules of the adapter {name!r} are left out: {err}"
        )
