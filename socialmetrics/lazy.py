"""Mappings that are made when they are looked at.

A pull of posts makes a hundred thousand figures of which few are read; what is not
read costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import attrs
import msgspec

from socialmetrics.model import Point, Ref, Source
from socialmetrics.reading import Reading, Status


class LazyJson(Mapping[str, object]):
    """The vendor's JSON object as it came, parsed when it is first read."""

    __slots__ = ("_body", "_parsed")

    def __init__(self, body: bytes | memoryview) -> None:
        self._body = body
        self._parsed: dict[str, Any] | None = None

    def __getitem__(self, key: str) -> object:
        return self._object()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._object())

    def __len__(self) -> int:
        return len(self._object())

    def __repr__(self) -> str:
        return repr(self._object())

    def __reduce__(self) -> tuple[type[LazyJson], tuple[bytes]]:
        return LazyJson, (bytes(self._bytes()),)

    def _bytes(self) -> bytes | memoryview:
        return self._body

    def _object(self) -> dict[str, Any]:
        if self._parsed is None:
            self._parsed = msgspec.json.decode(self._bytes(), type=dict[str, Any])
        return self._parsed


class LazyRows:
    """The rows of a body as they came, cut apart when one of them is first read."""

    __slots__ = ("_body", "_cut", "_rows")

    def __init__(
        self, body: bytes, cut: Callable[[bytes], Sequence[bytes | memoryview]]
    ) -> None:
        self._body = body
        self._cut = cut
        self._rows: Sequence[bytes | memoryview] | None = None

    def __getitem__(self, number: int) -> bytes | memoryview:
        if self._rows is None:
            self._rows = self._cut(self._body)
        return self._rows[number]


class LazyRow(LazyJson):
    """One of the rows."""

    __slots__ = ("_number", "_rows")

    def __init__(self, rows: LazyRows, number: int) -> None:
        self._rows = rows
        self._number = number
        self._parsed = None

    def _bytes(self) -> bytes | memoryview:
        return self._rows[self._number]


@attrs.frozen
class Menu:
    """The figures that were asked of posts of one network, by name.

    A name stands for one or more readings: several where a meaning changed, each good
    for its own days. Canonical names and the vendor's both work; iterating gives one
    name a figure.
    """

    readings: Mapping[str, tuple[Reading, ...]]
    names: tuple[str, ...]

    def reading(self, name: str, created: datetime) -> Reading | None:
        """What that name means for a post of that day."""
        day = created.date()
        found = self.readings.get(name, ())
        return next((reading for reading in found if reading.holds_on(day)), None)


NOTHING_ASKED = Menu({}, ())


class Numbers(Protocol):
    """The figures as they came, by the vendor's names: a dict is one."""

    def get(self, name: str, /) -> int | float | None:
        """The figure of that name, if it came."""
        ...


@attrs.define(eq=False, repr=False)  # not frozen: made a third as fast
class Figures(Mapping[str, Point]):
    """A post's lifetime figures. Not sent: `not_reported`; not asked: not in here."""

    subject: Ref
    created: datetime
    source: Source
    numbers: Numbers
    menu: Menu

    def __getitem__(self, name: str) -> Point:
        reading = self.menu.reading(name, self.created)
        if reading is None:
            raise KeyError(name)
        value = self.numbers.get(reading.name)
        return Point(
            subject=self.subject,
            metric=reading.metric,
            start=self.created,
            end=None,
            value=value,
            status=Status.NOT_REPORTED if value is None else Status.OBSERVED,
            reading=reading,
            source=self.source,
        )

    def __iter__(self) -> Iterator[str]:
        created = self.created
        return (name for name in self.menu.names if self.menu.reading(name, created))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr({name: point.value for name, point in self.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == {**other}

    __hash__ = None  # type: ignore[assignment]  # equal by content, like a dict
