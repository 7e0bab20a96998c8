"""A server of ready answers, in a process of its own: as little work as can be.

It speaks just enough HTTP/1.1 for two clients with keep-alive: a request has a
Content-Length or no body. GET /count tells what was served.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import attrs
import httpx
import msgspec

from benchmarks.pages import Order, Shelf

ROOT: Final = Path(__file__).parent.parent
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\n"


@attrs.define
class Count:
    """What was served: when (seconds), and how many were refused."""

    served: list[float] = attrs.field(factory=list[float])
    refused: int = 0


@attrs.frozen
class Served:
    """A running server, as the client's process sees it."""

    url: str

    def count(self) -> Count:
        """What it has served since it was last asked."""
        return msgspec.json.decode(httpx.get(f"{self.url}/count").content, type=Count)


class Hall:
    """All connections share it: the answers, the rate limit, the count."""

    def __init__(self, order: Order) -> None:
        self.shelf: Shelf = order.shelf()
        self.seconds = order.seconds
        self._calls, self._window = order.calls, order.window
        self._recent = deque[float]()
        self._count = Count()

    def admit(self) -> bool:
        """Whether one more call fits into the window that ends now; strict."""
        now = monotonic()
        while self._recent and self._recent[0] <= now - self._window:
            self._recent.popleft()
        if self._calls and len(self._recent) >= self._calls:
            self._count.refused += 1
            return False
        self._recent.append(now)
        self._count.served.append(now)
        return True

    def take_count(self) -> bytes:
        """The count as JSON; it begins anew."""
        told, self._count = self._count, Count()
        return msgspec.json.encode(told)


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._seen = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, end, rest = self._seen.partition(b"\r\n\r\n")
        length = _length(head)
        if end and len(rest) >= length:
            self._seen = rest[length:]
            self._answer(head, rest[:length])

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /count "):
            self._write(_OK, self._hall.take_count())
        elif not self._hall.admit():
            self._write(_TOO_MANY, b'{"error":"too many requests"}')
        elif self._hall.seconds:
            loop = asyncio.get_running_loop()
            answer = self._hall.shelf.answer(body)
            loop.call_later(self._hall.seconds, self._write, _OK, answer)
        else:
            self._write(_OK, self._hall.shelf.answer(body))

    def _write(self, head: bytes, body: bytes) -> None:
        assert self._transport is not None
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        self._transport.writelines([head, length, body])


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _serve(order: Order) -> None:
    hall = Hall(order)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(hall), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    # The parent holds the other end of stdin: it closes when the parent is gone.
    await loop.run_in_executor(None, sys.stdin.buffer.read)


@contextmanager
def serving(order: Order) -> Generator[Served]:
    """That server, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(msgspec.json.encode(order) + b"\n")
        child.stdin.flush()
        try:
            yield Served(child.stdout.readline().decode().strip())
        finally:
            child.stdin.close()
            child.terminate()


if __name__ == "__main__":
    told = sys.stdin.buffer.readline()
    asyncio.run(_serve(msgspec.json.decode(told, type=Order)))
