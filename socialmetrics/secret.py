"""A value that is used, never shown."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Final, NoReturn
from urllib.parse import quote

MASK: Final = "***"
SHORTEST: Final = 8
_MASK: Final = MASK.encode()


class Secret:
    """A credential. `reveal()` gives it away; nothing else does.

    It prints, formats, compares and logs as `***`, and refuses to be pickled: a
    credential crosses a process border through settings, never through a queue.
    """

    __slots__ = ("_forms", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        self._forms: tuple[bytes, ...] | None = None

    def reveal(self) -> str:
        """The credential itself, for the one line that sends it."""
        return self._value

    def out_of(self, body: bytes) -> bytes:
        """The bytes with `***` where the credential stood: some vendors echo it.

        What has fewer than eight characters could stand there by chance, and stays.
        """
        for form in self._written():
            body = body.replace(form, _MASK)
        return body

    def _written(self) -> tuple[bytes, ...]:
        """How vendors may write it; worked out once, for it is asked at every call."""
        if self._forms is None:
            forms = _forms(self._value) if len(self._value) >= SHORTEST else ()
            self._forms = tuple(form.encode() for form in forms)
        return self._forms

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled; hand over settings instead")


def _forms(value: str) -> set[str]:
    slashes = value.replace("/", "\\/")  # as some write JSON
    return {value, quote(value, safe=""), quote(value), slashes}


class Masked(dict[str, str]):
    """Headers or a form with a credential in it, which does not print what it holds."""

    def __repr__(self) -> str:
        return MASK


class Unseen:
    """Around foreign code that handles a credential: errors leave without its frames.

    A traceback that shows local variables would show the credential in them. The
    errors, their texts and the frames outside of the block stay.
    """

    def __enter__(self) -> None:
        self._outside = sys.exception()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seen = {id(self._outside)}
        left = [error]
        while left:
            each = left.pop()
            if each is None or id(each) in seen:
                continue
            seen.add(id(each))
            each.__traceback__ = None
            left += [each.__cause__, each.__context__]
            if isinstance(each, BaseExceptionGroup):
                left += each.exceptions  # pyright: ignore[reportUnknownMemberType]  # of any kind
