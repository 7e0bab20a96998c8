"""Mappings, from a TOML file or a dict: read strictly, faults told by their key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import msgspec

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.checks import check
from socialmetrics.exports.layout import (
    ABSENT,
    Dates,
    Days,
    Layout,
    MetricTable,
    Networks,
    Subjects,
)
from socialmetrics.exports.wording import meant
from socialmetrics.typed import converted

MappingLike: TypeAlias = str | os.PathLike[str] | Mapping[str, object]
"""The path of a TOML file, or a dict with the same keys."""

NESTED: Final[Mapping[str, type]] = {
    "subject": Subjects,
    "network": Networks,
    "date": Dates,
    "start": Dates,
    "end": Dates,
    "published": Dates,
    "read_at": Dates,
    "window": Days,
    "metric": MetricTable,
}
BY_COLUMN: Final = ("date", "start", "end", "published")
"""Where a text alone is the name of a column."""


def load(given: MappingLike) -> Layout:
    """The mapping in that file or dict. Raises `InvalidQuery`, naming file and key, for
    what cannot be read, unknown keys, and what contradicts itself."""
    where, told = _told(given)
    try:
        return check(_layout(told))
    except InvalidQuery as err:
        raise InvalidQuery(f"{where}: {err.message}") from err


def _told(given: object) -> tuple[str, Mapping[str, object]]:
    if isinstance(given, Mapping):
        return "the mapping", {str(key): value for key, value in given.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # of whatever kind
    if not isinstance(given, str | os.PathLike):
        raise InvalidQuery(
            f"a mapping is the path of a TOML file or a dict, not {given!r}"
        )
    path = Path(given)  # pyright: ignore[reportUnknownArgumentType]  # a path
    try:
        return str(path), tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as err:
        why = err.strerror if isinstance(err, OSError) else err
        raise InvalidQuery(f"the mapping {path} cannot be read: {why or err}") from err


def _layout(told: Mapping[str, object]) -> Layout:
    _check_keys(told, Layout, "")
    spelled = {key: _spelled(key, value) for key, value in told.items()}
    try:
        layout = converted(spelled, Layout)
    except msgspec.ValidationError as err:
        raise InvalidQuery(str(err)) from err
    return attrs.evolve(layout, absent={**ABSENT, **layout.absent})


def _spelled(key: str, value: object) -> object:
    return {"column": value} if key in BY_COLUMN and isinstance(value, str) else value


def _check_keys(told: Mapping[str, object], kind: type, where: str) -> None:
    known = [each.name for each in attrs.fields(kind)]
    for key in told:
        if key not in known:
            at = f"{where} has" if where else "there is"
            raise InvalidQuery(f"{at} no key {key!r}{meant(key, known)}")
    for key, value in told.items():
        if not where and key in NESTED:
            for name, table in _tables(key, value):
                _check_keys(table, NESTED[key], name)


def _tables(key: str, value: object) -> Iterator[tuple[str, dict[str, object]]]:
    """The tables below a key, each with its name."""
    if isinstance(value, dict):
        yield f"[{key}]", value  # pyright: ignore[reportUnknownVariableType]  # of whatever kind
    if isinstance(value, list | tuple):
        for number, each in enumerate(value, 1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # of whatever kind
            if isinstance(each, dict):
                yield f"[[{key}]] {number}", each  # pyright: ignore[reportUnknownVariableType]  # of whatever kind
