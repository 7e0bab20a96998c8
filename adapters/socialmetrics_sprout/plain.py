"""Payload classes made for the metrics of a request: each metric is a field.

A field takes half the time of an entry in a dict, and a sixth of its memory. Figures
that a float64 does not hold exactly, and whatever is no number, do not decode here:
such an answer takes the slow road, on which every figure is looked at.
"""

from __future__ import annotations

from functools import lru_cache
from math import nan
from types import GenericAlias
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from msgspec.structs import fields

from socialmetrics_sprout.payloads import (
    EXACT,
    DayMetrics,
    DayPayload,
    DaysPayload,
    ListPayload,
    PostHead,
)

P = TypeVar("P", bound=ListPayload)
Names: TypeAlias = tuple[str, ...]

_FLOAT: Any = Annotated[float, msgspec.Meta(gt=-EXACT, lt=EXACT)]
_INT: Any = Annotated[int, msgspec.Meta(ge=-EXACT, le=EXACT)]
_EXACT: Any = _INT | _FLOAT | None


class PlainMetrics(msgspec.Struct, gc=False):
    """The figures of a post, every one of them exact. Pickles as a dict."""

    def get(self, name: str) -> int | float | None:
        """The figure of that name, if it came."""
        field = _fields(type(self)).get(name)
        found: int | float | None = None if field is None else getattr(self, field)
        return found

    def __reduce__(self) -> tuple[type, tuple[dict[str, int | float | None]]]:
        told = {name: self.get(name) for name in _fields(type(self))}
        return dict, (told,)


class PlainPostPayload(PostHead, gc=False):
    """A post whose figures need no second look."""

    metrics: PlainMetrics = msgspec.field(default_factory=PlainMetrics)


class PlainPostsPayload(ListPayload, kw_only=True):
    """analytics/posts with nothing odd in it, as nearly always: read in one go."""

    data: list[PlainPostPayload]


@lru_cache(maxsize=64)
def posts_payload(names: Names) -> type[ListPayload]:
    """The `PlainPostsPayload` of posts with these metrics."""
    metrics = _struct(PlainMetrics, names, _EXACT, None)
    field = ("metrics", metrics, msgspec.field(default_factory=metrics))
    post = msgspec.defstruct(
        "PostPayload", [field], bases=(PlainPostPayload,), gc=False
    )
    return _listing(PlainPostsPayload, post)


@lru_cache(maxsize=64)
def days_payload(names: Names, *, plain: bool = False) -> type[DaysPayload]:
    """The payload of days with these metrics: of any kind, None where left out.

    If it is to be plain, figures are floats, NaN where left out; nothing else decodes.
    """
    kind, default = (_FLOAT, nan) if plain else (Any, None)
    metrics = _struct(DayMetrics, names, kind, default)
    field = ("metrics", metrics)
    day = msgspec.defstruct("DayPayload", [field], bases=(DayPayload,), gc=False)
    return _listing(DaysPayload, day)


def _struct(
    base: type[msgspec.Struct], names: Names, kind: Any, default: object
) -> type[msgspec.Struct]:
    """Numbered fields, because the names of metrics have dots."""
    numbered = [
        (f"metric{number}", kind, msgspec.field(default=default, name=name))
        for number, name in enumerate(names)
    ]
    return msgspec.defstruct(base.__name__, numbered, bases=(base,), gc=False)


def _listing(base: type[P], row: type[msgspec.Struct]) -> type[P]:
    field = ("data", GenericAlias(list, (row,)))
    made = msgspec.defstruct(base.__name__, [field], bases=(base,), kw_only=True)
    assert issubclass(made, base)  # noqa: S101 - it was made so
    return made


@lru_cache(maxsize=128)
def _fields(kind: type[PlainMetrics]) -> dict[str, str]:
    return {each.encode_name: each.name for each in fields(kind)}
