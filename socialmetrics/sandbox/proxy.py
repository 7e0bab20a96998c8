"""A small HTTP/1.1 proxy in front of a sandbox that can hurt the answers.

    with FaultProxy(running.url) as proxy:
        proxy.strike(requests={5}, fault=faults.reset_mid_body())
        ...                                    # talk to proxy.url
        proxy.requests                         # everything that arrived

It writes its answers byte by byte itself, so it can break every rule of HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Mapping
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox.exchange import Answer, Exchange, Fault, Seen
from socialmetrics.sandbox.loopback import listen, url_of

_LIMIT: Final = 1 << 24


@attrs.define
class _Strike:
    requests: Container[int]
    fault: Fault
    where: Callable[[Seen], bool]
    met: int = 0

    def hits(self, seen: Seen) -> bool:
        if not self.where(seen):
            return False
        self.met += 1
        return self.met in self.requests


class Always:
    """Every request, where numbers of requests are asked for."""

    def __contains__(self, number: object) -> bool:
        return True


def _any(seen: Seen) -> bool:
    del seen
    return True


class FaultProxy:
    """Forwards to `upstream` (a loopback address), and strikes where it is told to."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        if parts.scheme != "http" or parts.hostname is None or parts.port is None:
            raise InvalidQuery(
                f"upstream={upstream!r} is not like 'http://127.0.0.1:8000'; start the "
                "sandbox first and hand over its url"
            )
        self._host, self._port = parts.hostname, parts.port
        self._strikes: list[_Strike] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = Event()
        self.requests: list[Seen] = []

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return self._url

    def strike(
        self, fault: Fault, *, requests: Container[int] | None = None,
        where: Callable[[Seen], bool] = _any,
    ) -> None:  # fmt: skip
        """Lets `fault` happen to the requests of those numbers (None: to all).

        They are counted from 1, from now on, among those that `where` lets pass. The
        first rule that hits is the one that strikes.
        """
        chosen = Always() if requests is None else requests
        self._strikes.append(_Strike(chosen, fault, where))

    def calm(self) -> None:
        """Forgets every strike."""
        self._strikes.clear()

    def __enter__(self) -> Self:
        self._listener = listen("127.0.0.1", 0)
        self._url = url_of(self._listener)
        self._thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._listener.close()

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(
            self._connected, sock=self._listener, limit=_LIMIT
        )
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs inside of a task
        self._tasks.add(task)
        try:
            while await self._answered(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, which is its right
        except asyncio.CancelledError:
            pass  # the proxy ends, whatever was going on
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _answered(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        seen = await self._read(reader)
        self.requests.append(seen)
        exchange = Exchange(seen, writer, lambda: self._forward(seen))
        hits = [strike for strike in self._strikes if strike.hits(seen)]
        if hits:
            await hits[0].fault.act(exchange)
        else:
            await exchange.write((await exchange.fetch()).whole())
        return not exchange.closing

    async def _read(self, reader: asyncio.StreamReader) -> Seen:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, path, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in _split(lines)}
        body = await _body(reader, headers)
        return Seen(
            number=len(self.requests) + 1,
            method=method,
            path=path,
            headers=headers,
            body=body,
            at=monotonic(),
            head=head,
        )

    async def _forward(self, seen: Seen) -> Answer:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            skipped = ("connection", "transfer-encoding", "content-length", "host")
            kept = [f"{n}: {v}" for n, v in seen.headers.items() if n not in skipped]
            host = f"Host: {self._host}:{self._port}"
            length = f"Content-Length: {len(seen.body)}"
            start = f"{seen.method} {seen.path} HTTP/1.1"
            lines = [start, host, length, "Connection: close", *kept]
            writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + seen.body)
            return _parsed(await reader.read(-1))
        finally:
            writer.close()


def _split(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in lines]


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int((await reader.readline()).partition(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readuntil(b"\r\n")
    return body


def _parsed(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    _, status, reason = first.split(" ", 2)
    skipped = ("connection", "content-length")
    headers = tuple(
        (name, value.strip())
        for name, _, value in _split(lines)
        if name.lower() not in skipped
    )
    return Answer(status=int(status), reason=reason, headers=headers, body=body)
