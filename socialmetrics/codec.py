"""The model as JSON and back, without loss and without guessing.

cattrs is lenient as it comes: it reads 5 as "5", "no" as True and "abc" as three
strings. Here a wrong type is an `InvalidQuery` with the path.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import cattrs
import msgspec
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.v import format_exception

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Attachment, File, Media, When
from socialmetrics.reading import Settled, Status

T = TypeVar("T")
E = TypeVar("E", Status, Settled)
Number = int | float | None


def to_json(value: object) -> str:
    """A profile, post, message, topic, draft, ... as JSON. `from_json` reads it back.

    Instants are ISO 8601 in UTC; `raw` and figures are written whole. Raises
    `InvalidQuery` for what JSON cannot hold: plans and parts travel by pickle, a
    series by its own `to_json`.
    """
    try:
        found = converter().unstructure(value)
        return json.dumps(found, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as err:
        kind = type(value).__name__
        why = f"write {kind}.to_json()" if hasattr(value, "to_json") else err
        raise InvalidQuery(f"no JSON of a {kind}: {why}") from err


def from_json(kind: type[T], text: str) -> T:
    """The object of that class. Raises `InvalidQuery` with the path of what is wrong.

    A post's figures come back as a plain mapping of `Point`s, equal to the written one.
    """
    return structured(parsed(text), kind)


def parsed(text: str) -> object:
    """JSON, read quickly. Raises `InvalidQuery`."""
    try:
        found: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError, TypeError) as err:
        raise InvalidQuery(f"it is not JSON: {err}") from err
    return found


def structured(found: object, kind: type[T]) -> T:
    """Plain JSON values as that class. Raises `InvalidQuery` with the paths."""
    if not isinstance(found, dict):
        found_kind = type(found).__name__
        raise InvalidQuery(f"it is JSON of a {found_kind}, not of a {kind.__name__}")
    try:
        return converter().structure(found, kind)
    except (cattrs.BaseValidationError, TypeError, ValueError) as err:
        faults = cattrs.transform_error(err, path="$", format_exception=_told)
        raise InvalidQuery("; ".join(faults[:3])) from err


def _told(error: BaseException, kind: type | None) -> str:
    if isinstance(error, AttributeError):
        return "is not an object"
    if isinstance(error, (KeyError, ForbiddenExtraKeysError)):
        return format_exception(error, kind)
    return str(error)


@cache
def converter() -> JsonConverter:
    """The one converter, with strict hooks."""
    converter = make_converter(forbid_extra_keys=True)
    for kind in (str, int, float, bool):
        converter.register_structure_hook(kind, _strictly)
    for words in (Status, Settled):
        converter.register_structure_hook(words, _word)
    converter.register_structure_hook(datetime, _instant)
    # By predicate: a hook of the union itself comes after cattrs' own lenient one.
    converter.register_structure_hook_func(_is_number, _number)
    converter.register_structure_hook_func(_is_json, _object)
    converter.register_structure_hook_func(_is_when, _when)
    converter.register_structure_hook_func(
        _is_attachment, partial(_attachment, converter)
    )
    converter.register_unstructure_hook(Path, str)
    converter.register_structure_hook_factory(_is_tuple, _strict_tuple)
    return converter


def _strictly(found: object, kind: type[T]) -> T:
    if type(found) is not kind:
        raise TypeError(f"{found!r} is not {kind.__name__}")
    return found


def _word(found: object, kind: type[E]) -> E:
    return kind(_strictly(found, str))


def _number(found: object, _: object) -> Number:
    if found is not None and type(found) not in (int, float):
        raise TypeError(f"{found!r} is not a number")
    return found  # type: ignore[return-value]  # looked at above


def _is_number(kind: object) -> bool:
    return kind == Number


def _is_json(kind: object) -> bool:
    return kind == Mapping[str, object]


def _object(found: Any, _: object) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise TypeError(f"{found!r} is not an object")
    inside: dict[str, object] = found  # pyright: ignore[reportUnknownVariableType]  # JSON's keys are text
    return inside


def _is_when(kind: object) -> bool:
    return kind == When | None


def _when(found: object, _: object) -> When | None:
    if found is None:
        return None
    return "auto" if found == "auto" else _instant(found, datetime)


def _is_attachment(kind: object) -> bool:
    return kind == Attachment


def _attachment(converter: cattrs.BaseConverter, found: Any, _: object) -> Attachment:
    if isinstance(found, str):
        return Path(found)
    kind: type[Media | File] = Media if "kind" in _object(found, dict) else File
    return converter.structure(found, kind)


def _instant(found: object, _: type[datetime]) -> datetime:
    read = datetime.fromisoformat(_strictly(found, str))
    if read.tzinfo is None:
        raise TypeError(f"{found!r} has no time zone")
    return read.astimezone(UTC)


def _is_tuple(kind: Any) -> bool:
    origin: object = get_origin(kind)
    return origin is tuple


def _strict_tuple(
    kind: Any, converter: cattrs.BaseConverter
) -> Callable[[Any, Any], Any]:
    each = get_args(kind)
    if each[-1] is not ...:
        return partial(_row, each, converter)
    lenient = homogenous_tuple_structure_factory(kind, converter)

    def strict(found: Any, kind: Any) -> Any:
        return lenient(_strictly(found, list), kind)

    return strict


def _row(
    kinds: tuple[Any, ...], converter: cattrs.BaseConverter, found: Any, _: object
) -> tuple[Any, ...]:
    """A tuple of a fixed length, each place of its own class."""
    _strictly(found, list)
    if len(found) != len(kinds):
        raise ValueError(f"{found!r} does not have {len(kinds)} items")
    return tuple(map(converter.structure, found, kinds))
