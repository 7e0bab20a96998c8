"""The doing: sockets, sleeping, locks. The only module that imports httpx.

A move to another HTTP library changes this module and nothing else. Two ports, one for
each client, keep the same promises: a total deadline for every answer, a cap on its
size, no redirects, no settings from the environment, and a pool that survives
cancellation.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

import attrs
import httpcore
import httpx

from socialmetrics.engine import Lost, Reply
from socialmetrics.errors import Unreachable, Unreadable
from socialmetrics.wire import Request

MEGABYTE: Final = 2**20
MOST_BYTES: Final = 64 * MEGABYTE
"""The largest answer that is read, unpacked."""
SLICE: Final = 0.5
"""Seconds after which a blocked read looks whether anybody still waits for it."""
ALWAYS: Final = {"Accept": "application/json", "Accept-Encoding": "gzip"}


@attrs.frozen(kw_only=True)
class Line:
    """How to reach a vendor: addresses, seconds for one answer, calls at a time."""

    base_url: str
    auth_url: str
    timeout: float
    connections: int
    proxy: str | None = attrs.field(default=None, repr=False)

    @property
    def limits(self) -> httpx.Limits:
        """A pool exactly as large as the number of calls under way."""
        most = self.connections
        return httpx.Limits(max_connections=most, max_keepalive_connections=most)

    def build(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> httpx.Request:
        """The request with its body encoded once, as bytes."""
        files = [
            (file.field, (file.filename, file.content, file.content_type))
            for file in request.files
        ]
        built = httpx.Request(
            request.method,
            (self.base_url if request.host == "api" else self.auth_url) + path,
            headers={**ALWAYS, **headers},
            json=request.json,
            data=None if request.form is None else dict(request.form),
            files=files or None,
        )
        built.read()
        return built

    @property
    def out_of_time(self) -> Lost:
        """The deadline has passed."""
        reason = f"no whole answer within {self.timeout:g} s; raise timeout= if the "
        return Lost(reason + "vendor needs longer", is_final=True)


class Body:
    """An answer's body as it arrives: unpacked, and never larger than the cap.

    Only gzip is asked for, so only gzip is unpacked, a piece at a time: a small body
    that unpacks into gigabytes is refused before it takes the memory.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip", ""}:
            raise _refused(f"its Content-Encoding {coding!r} was not asked for")
        self._gzip = (
            zlib.decompressobj(16 + zlib.MAX_WBITS) if coding == "gzip" else None
        )
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Takes a piece of the wire. Raises `Lost` past the cap or for broken gzip."""
        if self._gzip is None:
            return self._keep(chunk)
        try:
            while chunk:
                self._keep(self._gzip.decompress(chunk, MEGABYTE))
                chunk = self._gzip.unconsumed_tail
        except zlib.error as err:
            raise Lost(f"its gzip is broken: {err}", kind=Unreadable) from err
        return None

    def whole(self) -> bytes:
        """All of it. Raises `Lost` where the gzip stream stops early."""
        if self._gzip is not None and self._pieces and not self._gzip.eof:
            raise Lost("its gzip stops early", kind=Unreadable)
        return b"".join(self._pieces)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise _refused(f"it is larger than {MOST_BYTES // MEGABYTE} MiB")
        self._pieces.append(piece)


def _refused(reason: str) -> Lost:
    return Lost(f"the answer is refused: {reason}", kind=Unreadable, is_final=True)


def _lost(err: httpx.HTTPError | httpx.InvalidURL) -> Lost:
    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    never = isinstance(err, (*unsent, httpx.UnsupportedProtocol, httpx.InvalidURL))
    final = isinstance(err, httpx.UnsupportedProtocol | httpx.InvalidURL)
    reason = f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
    return Lost(reason, was_sent=not never, is_final=final)


def _reply(response: httpx.Response, body: Body) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(status=response.status_code, headers=headers, body=body.whole())


# -- blocking -----------------------------------------------------------------------

_deadline: ContextVar[float] = ContextVar("_deadline")


class BlockingPort:
    """Sends and waits in the calling thread; `stop` wakes every one of them."""

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self.now = now
        self.monotonic = time.monotonic
        self._stop = threading.Event()
        transport = httpx.HTTPTransport(
            limits=line.limits, proxy=line.proxy, trust_env=False
        )
        # httpx counts a read timeout from the last byte, so a byte a second never
        # ends. Its pool takes a network backend; only its transport does not.
        pool = transport._pool  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        pool._network_backend = _Backend(self._stop)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        self._http = httpx.Client(
            transport=transport, timeout=line.timeout, trust_env=False
        )

    async def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        """The whole reply, within the deadline. Raises `Lost`."""
        token = _deadline.set(time.monotonic() + self._line.timeout)
        try:
            built = self._line.build(request, path, headers)
            response = self._http.send(built, stream=True)
            try:
                body = Body(response.headers)
                for chunk in response.iter_raw():
                    body.feed(chunk)
            finally:
                response.close()
            return _reply(response, body)
        except httpx.ConnectTimeout as err:
            raise _lost(err) from err
        except httpx.TimeoutException as err:
            raise self._line.out_of_time from err
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            raise _lost(err) from err
        finally:
            _deadline.reset(token)

    async def sleep(self, seconds: float) -> None:
        """Waits, unless the client is closed meanwhile."""
        if self._stop.wait(seconds):
            raise Unreachable("the client was closed while it waited")

    def lock(self) -> AbstractAsyncContextManager[object]:
        """A new lock between threads."""
        return _ThreadLock()

    def close(self) -> None:
        """Ends every wait and closes every connection."""
        self._stop.set()
        self._http.close()


class _ThreadLock(AbstractAsyncContextManager[object]):
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> object:
        return self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


def _left() -> float:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class _Backend(httpcore.NetworkBackend):
    """httpcore's own, with every step under the deadline of the call."""

    def __init__(self, stop: threading.Event) -> None:
        self._inner = httpcore.SyncBackend()
        self._stop = stop

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(
            host, port, _left(), local_address, socket_options
        )
        return _Stream(stream, self._stop)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, stop: threading.Event) -> None:
        self._inner = inner
        self._stop = stop

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            try:
                return self._inner.read(max_bytes, min(SLICE, _left()))
            except httpcore.ReadTimeout:
                if self._stop.is_set():
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left())
        return _Stream(inner, self._stop)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


# -- asynchronous -------------------------------------------------------------------


class AsyncPort:
    """Sends and waits as tasks of one event loop.

    httpx's pool does not survive cancelled requests. So an exchange runs as a task of
    its own, takes one of as many slots as the pool has connections, and is shielded:
    whoever waits for it can be cancelled, the exchange itself runs to its end.
    """

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self.now = now
        self.monotonic = time.monotonic
        self._slots = asyncio.Semaphore(line.connections)
        self._underway: set[asyncio.Task[Reply]] = set()
        self._http = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(
                limits=line.limits, proxy=line.proxy, trust_env=False
            ),
            timeout=line.timeout,
            trust_env=False,
        )

    async def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        """The whole reply, within the deadline. Raises `Lost`."""
        await self._slots.acquire()
        task = asyncio.create_task(self._exchange(request, path, headers))
        self._underway.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def sleep(self, seconds: float) -> None:
        """Waits; can be cancelled."""
        await asyncio.sleep(seconds)

    def lock(self) -> AbstractAsyncContextManager[object]:
        """A new lock between tasks."""
        return asyncio.Lock()

    async def aclose(self) -> None:
        """Ends what is under way and closes every connection."""
        for task in self._underway:
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)
        await self._http.aclose()

    def _ended(self, task: asyncio.Task[Reply]) -> None:
        self._underway.discard(task)
        self._slots.release()
        if not task.cancelled():
            task.exception()  # Seen, even when nobody waits for it any more.

    async def _exchange(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        try:
            async with asyncio.timeout(self._line.timeout):
                built = self._line.build(request, path, headers)
                response = await self._http.send(built, stream=True)
                async with _closing(response):
                    body = Body(response.headers)
                    async for chunk in response.aiter_raw():
                        body.feed(chunk)
                return _reply(response, body)
        except httpx.ConnectTimeout as err:
            raise _lost(err) from err
        except (TimeoutError, httpx.TimeoutException) as err:
            raise self._line.out_of_time from err
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            raise _lost(err) from err


@asynccontextmanager
async def _closing(response: httpx.Response) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await response.aclose()
