"""What the engine needs of the doing: places, sending, waiting, locks and clocks."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final, Protocol, TypeAlias, TypeVar

import attrs

from socialmetrics.errors import InvalidQuery, Unreachable, Unreadable
from socialmetrics.wire import Request

CLOSED: Final = "the client is closed; connect again"
R = TypeVar("R")
Loss: TypeAlias = type[Unreachable | Unreadable | InvalidQuery]


@attrs.frozen(kw_only=True)
class Reply:
    """What came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


class Lost(Exception):
    """No whole reply. `was_sent` False: surely nothing of the request left.

    `kind` is the error that it becomes; `is_final` when another try is pointless.
    """

    def __init__(
        self,
        reason: str,
        *,
        was_sent: bool = True,
        is_final: bool = False,
        kind: Loss = Unreachable,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.was_sent = was_sent
        self.is_final = is_final
        self.kind = kind


class Place(Protocol):
    """One of the calls that may be under way at a time."""

    def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Awaitable[Reply]:
        """The whole reply, within the deadline. Raises `Lost`."""
        ...


class Port(Protocol):
    """The doing: what differs between the blocking and the asynchronous client."""

    def place(self) -> AbstractAsyncContextManager[Place]:
        """Waits until fewer calls are under way than may be."""
        ...

    def sleep(self, seconds: float) -> Awaitable[None]:
        """Waits; can be cancelled. Raises `InvalidQuery` when the client is closed."""
        ...

    def lock(self) -> AbstractAsyncContextManager[object]:
        """A new lock."""
        ...

    def whole(self, work: Coroutine[object, None, R]) -> Awaitable[R]:
        """Its result; it runs to its end, even when nobody waits for it any more."""
        ...

    def now(self) -> datetime:
        """The instant, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...

    def wall(self) -> float:
        """This machine's clock, seconds since 1970, whatever `now` is set to."""
        ...

    def address(self, request: Request, path: str) -> str:
        """Exactly what is called for that request."""
        ...
