"""Many subjects of one network, which are not made before somebody looks at them.

A pull of a hundred thousand posts is often added up, filtered or written without a
look at a single reference; their ids are all that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, overload

from socialmetrics.model import Ref
from socialmetrics.twin import twin

_REF: Final[Callable[..., Ref]] = twin(Ref)


class Refs(Sequence[Ref]):
    """Subjects of one network, known to be some, by the ids that they have there.

    Equal to the tuple of the references that it stands for, and hashed like it. All
    of them are made at the first look at one, and kept.
    """

    __slots__ = ("_made", "ids", "network")

    def __init__(self, network: str, ids: tuple[str, ...]) -> None:
        self.network = network
        self.ids = ids
        self._made: tuple[Ref, ...] | None = None

    def refs(self) -> tuple[Ref, ...]:
        """All of them: the same objects every time."""
        if self._made is None:
            made = [_REF(self.network, native_id) for native_id in self.ids]
            for ref in made:
                ref.__class__ = Ref
            self._made = tuple(made)
        return self._made

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Ref: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Ref, ...]: ...

    def __getitem__(self, place: int | slice) -> Ref | tuple[Ref, ...]:
        return self.refs()[place]

    def __iter__(self) -> Iterator[Ref]:
        return iter(self.refs())

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, Ref) or value.network != self.network:
            return False
        return value.native_id in self.ids

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Refs):
            if other.network == self.network:
                return other.ids == self.ids
            return not self.ids and not other.ids
        return self.refs() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.refs())

    def __repr__(self) -> str:
        return repr(self.refs())

    def __reduce__(self) -> tuple[type[Refs], tuple[str, tuple[str, ...]]]:
        return Refs, (self.network, self.ids)
