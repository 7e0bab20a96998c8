"""Bytes and plain values into classes, safe among threads.

msgspec works out how a class is read when it first meets it. Two threads that do so at
a time, for the same class, crash the interpreter; so it is done by one at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from threading import Lock
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")

DECODERS: Final[dict[tuple[object, bool], msgspec.json.Decoder[Any]]] = {}
_MOST_DECODERS: Final = 256
_LOCK: Final = Lock()


def decoder(kind: type[T], *, strict: bool = True) -> msgspec.json.Decoder[T]:
    """The decoder of that class; made once, as long as there are not too many.

    One that is not `strict` reads numbers that are written as text.
    """
    found = DECODERS.get((kind, strict))
    return _made(kind, strict) if found is None else found


def _made(kind: type[T], strict: bool) -> msgspec.json.Decoder[T]:
    with _LOCK:
        if len(DECODERS) >= _MOST_DECODERS:  # Kinds can be made at run time.
            DECODERS.clear()
        return DECODERS.setdefault(
            (kind, strict), msgspec.json.Decoder(kind, strict=strict)
        )


def converted(told: object, kind: type[T], *, strict: bool = True) -> T:
    """Plain values as that class. Raises `msgspec.ValidationError`."""
    with _LOCK:
        return msgspec.convert(told, kind, strict=strict)


def table(name: str, kind: type[T], content: str) -> Iterator[T]:
    """The rows of a CSV file of that name; empty cells take the class's default.

    Raises `ValueError` for a faulty one, with its line.
    """
    for number, row in enumerate(csv.DictReader(content.splitlines()), start=2):
        told = {column: value for column, value in row.items() if value}
        try:
            yield converted(told, kind, strict=False)
        except msgspec.ValidationError as err:
            raise ValueError(f"{name}, line {number}: {err}") from err
