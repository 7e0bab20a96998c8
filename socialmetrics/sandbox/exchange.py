"""One request on its way, and the hands that a fault has on its answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import attrs

Headers = tuple[tuple[str, str], ...]
_LINGER: Final = struct.pack("ii", 1, 0)


@attrs.frozen(kw_only=True)
class Seen:
    """A request as it arrived; `at` is monotonic time in seconds."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    head: bytes = attrs.field(repr=False, default=b"")


@attrs.frozen(kw_only=True)
class Answer:
    """An answer of the sandbox, whole."""

    status: int
    reason: str
    headers: Headers
    body: bytes

    def head(self, **changed: str | None) -> bytes:
        """Status line and headers as bytes; `content_length=None` leaves one out."""
        new = {name.replace("_", "-"): value for name, value in changed.items()}
        kept = [(n, v) for n, v in self.headers if n.lower() not in new]
        kept += [(name, value) for name, value in new.items() if value is not None]
        lines = [
            f"HTTP/1.1 {self.status} {self.reason}",
            *(f"{n}: {v}" for n, v in kept),
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    def whole(self) -> bytes:
        """The answer as it should be sent, with the right length."""
        return self.head(content_length=str(len(self.body))) + self.body

    def with_body(self, body: bytes) -> Answer:
        """The same answer with another body."""
        return attrs.evolve(self, body=body)


@attrs.define
class Exchange:
    """One request while it is answered: what a fault has in its hands."""

    seen: Seen
    writer: asyncio.StreamWriter = attrs.field(repr=False)
    fetch: Callable[[], Awaitable[Answer]] = attrs.field(repr=False)
    closing: bool = False

    async def write(self, content: bytes) -> None:
        """Sends bytes as they are."""
        self.writer.write(content)
        await self.writer.drain()

    async def close(self) -> None:
        """Ends the connection in order (FIN)."""
        self.closing = True
        self.writer.close()

    async def reset(self) -> None:
        """Tears the connection down (RST), after what was written has left."""
        self.closing = True
        # Otherwise the reset could overtake the bytes before it.
        await asyncio.sleep(0.02)
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self.writer.transport.abort()


@attrs.frozen
class Fault:
    """Something that goes wrong with one answer. `act` does it."""

    name: str
    act: Callable[[Exchange], Awaitable[None]] = attrs.field(repr=False)
