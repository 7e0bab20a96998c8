"""Instances of frozen classes, made in a quarter of the time.

A frozen class of attrs pays for every field that it sets. Its twin has the same fields
and may be changed; it becomes a frozen instance when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

T = TypeVar("T")


def twin(kind: type[T]) -> Callable[..., T]:
    """A class whose instances may be given `__class__ = kind`.

    It takes every field, in order, and checks none. `kind` has slots, but none for weak
    references: Python takes two classes with them for different.
    """
    fields = {each.name: attrs.field() for each in attrs.fields(kind)}  # type: ignore[arg-type]
    keeps_hash = "_attrs_cached_hash" in kind.__dict__
    return attrs.make_class(
        kind.__name__,
        fields,
        slots=True,
        weakref_slot=False,
        unsafe_hash=keeps_hash,  # type: ignore[call-arg]  # its stub forgot it
        cache_hash=keeps_hash,
    )
