"""Figures as they come: numbers, or objects with a total and its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeGuard

import attrs

from socialmetrics.decode import figure

EXACT: Final = 2**53
"""Beyond it a float64 no longer holds every whole number."""


@attrs.frozen
class Value:
    """What an answer says for one name: the whole, its parts, and what was wrong.

    `total` is None where nothing is reported. Parts are named "dimension/part".
    """

    total: int | float | None
    parts: dict[str, int | float] = attrs.field(factory=dict[str, int | float])
    problems: tuple[tuple[str, object], ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether anything is reported."""
        return self.total is not None or bool(self.parts)


def plain(told: object) -> float | None:
    """The total of an object that has nothing else; nearly all of them are so.

    None where `value` has to look at it.
    """
    total = told.get("total") if _is_object(told) and len(told) == 1 else None
    return total if type(total) is float and -EXACT <= total <= EXACT else None


def value(told: object) -> Value:
    """A number, or an object with `total` and `breakdownDimensions`."""
    if not _is_object(told):
        total, problem = number(told)
        return Value(total, problems=((problem, told),) if problem else ())
    total, problem = number(told.get("total"))
    problems = [(problem, told.get("total"))] if problem else []
    parts: dict[str, int | float] = {}
    for name, part in _leaves(told.get("breakdownDimensions"), problems):
        found, problem = number(part)
        if problem is not None:
            problems.append((problem, part))
        if found is not None:
            parts[name] = found
    return Value(total, parts, tuple(problems))


def number(told: object) -> tuple[int | float | None, str | None]:
    """A figure that a float64 holds exactly, whole where it is; else what is wrong."""
    found, problem = figure(told)
    if found is not None and abs(found) > EXACT:
        return None, "too large to be exact"
    if isinstance(found, float) and found.is_integer():
        return int(found), problem
    return found, problem


def _leaves(
    dimensions: object, problems: list[tuple[str, object]]
) -> Iterator[tuple[str, object]]:
    for each in dimensions if _is_list(dimensions) else ():
        parts = each.get("values") if _is_object(each) else None
        if not (_is_object(each) and _is_object(parts)):
            problems.append(("no breakdown of the documented form", each))
            continue
        for part, told in parts.items():
            yield f"{each.get('breakdownId')}/{part}", told
    if dimensions is not None and not _is_list(dimensions):
        problems.append(("no list of breakdowns", dimensions))


def _is_object(told: object) -> TypeGuard[dict[str, object]]:
    return isinstance(told, dict)


def _is_list(told: object) -> TypeGuard[list[object]]:
    return isinstance(told, list)
