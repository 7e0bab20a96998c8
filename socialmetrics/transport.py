"""The doing: sockets, sleeping, locks. The only module that imports httpx.

A move to another HTTP library changes this module and nothing else. Two ports, one for
each client, keep the same promises: a total deadline for every answer, a cap on its
size, no redirects, no settings from the environment, and a pool that survives
cancellation.

httpx's transports are used without its client, whose work (redirects, cookies, auth)
is not wanted here and takes a quarter of the time of a call.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from contextvars import copy_context
from datetime import datetime
from functools import cache, lru_cache
from queue import Empty, LifoQueue
from typing import Any, Final, TypeVar

import attrs
import httpx
from httpcore import AnyIOBackend

from socialmetrics import __version__
from socialmetrics.body import Body, encoded
from socialmetrics.deadline import DEADLINE, Backend
from socialmetrics.engine import finish
from socialmetrics.errors import InvalidQuery
from socialmetrics.origin import origin, route
from socialmetrics.port import CLOSED, Lost, Reply
from socialmetrics.secret import Masked, Unseen
from socialmetrics.wire import Request

R = TypeVar("R")
ALWAYS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"socialmetrics/{__version__}",
}
_UNSENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


@attrs.frozen(kw_only=True)
class Line:
    """How to reach a vendor: addresses, seconds for one answer, calls at a time."""

    base_url: str
    auth_url: str
    timeout: float
    connections: int
    proxy: str | None = attrs.field(default=None, repr=False)

    def build(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> httpx.Request:
        """The request with its body encoded once, as bytes."""
        try:
            with Unseen():
                return _built(request, self._url(request, path), headers)
        except (TypeError, ValueError, RecursionError, httpx.InvalidURL) as err:
            raise InvalidQuery(
                f"this cannot be written into a request: {err}",
                operation=request.operation,
            ) from err

    def address(self, request: Request, path: str) -> str:
        """Exactly what is called; of an address elsewhere only the origin."""
        return origin(request.url) if request.url else str(self._url(request, path))

    def _url(self, request: Request, path: str) -> httpx.URL:
        if request.url is not None:
            return httpx.URL(request.url)
        return _address(self.base_url if request.host == "api" else self.auth_url, path)

    def lost(self, err: Exception, address: httpx.URL, *, is_closed: bool) -> Lost:
        """What an exception of the exchange with that address means."""
        never = isinstance(err, _UNSENT)
        if is_closed:
            return closed(was_sent=not never)
        where = route(str(address), self.proxy)
        if isinstance(err, TimeoutError | httpx.TimeoutException) and not never:
            reason = (
                f"{where}: no whole answer within {self.timeout:g} s; raise timeout= "
                "if the vendor needs longer"
            )
            return Lost(reason, is_final=True)
        final = isinstance(err, httpx.UnsupportedProtocol)
        reason = f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
        begin = f"no connection to {where}" if never else where
        return Lost(f"{begin}: {reason}", was_sent=not never, is_final=final)


def _must_end(request: Request) -> bool:
    """Whether its answer holds what cannot be asked for again: new tokens."""
    return request.host == "auth" and not request.safe


def closed(*, was_sent: bool) -> Lost:
    """What a closed client makes of a call."""
    return Lost(CLOSED, was_sent=was_sent, is_final=True, kind=InvalidQuery)


def _built(
    request: Request, address: httpx.URL, headers: Mapping[str, str]
) -> httpx.Request:
    content, kind = encoded(request)
    files = [
        (file.field, (file.filename, file.content, file.content_type))
        for file in request.files
    ]
    built = httpx.Request(
        request.method,
        address,
        headers=Masked({**ALWAYS, **kind, **headers}),
        content=content,
        data=dict(request.form or {}) if files else None,
        files=files or None,
    )
    built.read()
    return built


@lru_cache(maxsize=256)
def _address(base: str, path: str) -> httpx.URL:
    """Taken apart once: the pages of a pull have one address."""
    return httpx.URL(base + path)


@cache
def trust() -> ssl.SSLContext:
    """The certificates that httpx brings; they take longer to load than a call."""
    return httpx.create_ssl_context(trust_env=False)


def _reply(response: httpx.Response, body: Body) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(status=response.status_code, headers=headers, body=body.whole())


# -- blocking -----------------------------------------------------------------------

_ONE: Final = httpx.Limits(max_connections=1, max_keepalive_connections=1)


class BlockingPort:
    """Sends and waits in the calling thread; `close` wakes every one of them.

    A pool of httpx that threads share closes a connection now and then that another
    thread has just been given. So every connection is a pool of its own, and belongs
    to one thread for one exchange.
    """

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self.now = now
        self.monotonic, self.wall = time.monotonic, time.time
        self.address = line.address
        self._stop = threading.Event()
        self._timeout = httpx.Timeout(line.timeout).as_dict()
        # Last in, first out: the connection used last is the one most surely alive.
        self._free = LifoQueue[httpx.HTTPTransport | None]()
        for _ in range(line.connections):
            self._free.put(None)

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[_BlockingPlace, None]:
        """A connection, when one is free."""
        http = self._free.get()
        try:
            http = http or self._connection(self._stop)
            yield _BlockingPlace(self, http)
        finally:
            if http is not None and self._stop.is_set():
                http.close()
            self._free.put(http)

    def _connection(self, stop: threading.Event) -> httpx.HTTPTransport:
        http = httpx.HTTPTransport(
            verify=trust(), limits=_ONE, proxy=self._line.proxy, trust_env=False
        )
        # The pool takes a network backend, only httpx's transport does not.
        pool = http._pool  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        pool._network_backend = Backend(stop)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        return http

    def exchange(
        self,
        http: httpx.HTTPTransport,
        request: Request,
        path: str,
        headers: Mapping[str, str],
    ) -> Reply:
        """The whole reply over that connection, within the deadline. Raises `Lost`."""
        if not _must_end(request):
            return self._exchanged(http, request, path, headers)
        apart = self._connection(threading.Event())  # Which nobody sets.
        try:
            return self._exchanged(apart, request, path, headers)
        finally:
            apart.close()

    def _exchanged(
        self,
        http: httpx.HTTPTransport,
        request: Request,
        path: str,
        headers: Mapping[str, str],
    ) -> Reply:
        built = self._line.build(request, path, headers)
        built.extensions["timeout"] = self._timeout
        if self._stop.is_set():
            raise closed(was_sent=False)
        token = DEADLINE.set(time.monotonic() + self._line.timeout)
        try:
            with Unseen():
                return _received(http, built)
        except httpx.HTTPError as err:
            is_closed = self._stop.is_set()
            raise self._line.lost(err, built.url, is_closed=is_closed) from err
        finally:
            DEADLINE.reset(token)

    async def sleep(self, seconds: float) -> None:
        """Waits, unless the client is closed meanwhile."""
        if self._stop.wait(seconds):
            raise InvalidQuery(CLOSED)

    def lock(self) -> AbstractAsyncContextManager[object]:
        """A new lock between threads."""
        return _ThreadLock()

    async def whole(self, work: Coroutine[object, None, R]) -> R:
        """Its result; a thread of its own ends it, even after a Ctrl-C here."""
        done = Future[R]()

        def run() -> None:
            try:
                done.set_result(finish(work))
            except BaseException as err:  # noqa: BLE001 - raised where it is awaited
                done.set_exception(err)

        threading.Thread(target=copy_context().run, args=(run,)).start()
        return done.result()

    def close(self) -> None:
        """Ends every wait and closes every connection."""
        self._stop.set()
        idle: list[httpx.HTTPTransport | None] = []
        with suppress(Empty):
            while True:
                idle.append(self._free.get_nowait())
        for http in idle:
            if http is not None:
                http.close()
            self._free.put(http)  # For whoever waits in line, to learn of the end.


def _received(http: httpx.HTTPTransport, built: httpx.Request) -> Reply:
    response = http.handle_request(built)
    try:
        body = Body(response.headers)
        for chunk in response.iter_raw():
            body.feed(chunk)
    finally:
        response.close()
    return _reply(response, body)


@attrs.frozen
class _BlockingPlace:
    """A connection for one call."""

    _port: BlockingPort
    _http: httpx.HTTPTransport

    async def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        return self._port.exchange(self._http, request, path, headers)


class _ThreadLock(AbstractAsyncContextManager[object]):
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> object:
        return self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


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
        self.monotonic, self.wall = time.monotonic, time.time
        self.address = line.address
        self._slots = asyncio.Semaphore(line.connections)
        self._underway: set[asyncio.Task[Reply]] = set()
        self._wholes: set[asyncio.Task[Any]] = set()
        self._closing = asyncio.Event()
        self._is_loaded = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Less for connecting, or nobody could tell it from a silent vendor.
        timeout = httpx.Timeout(line.timeout, connect=line.timeout * 0.9)
        self._timeout = timeout.as_dict()
        most = line.connections
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
        self._http = httpx.AsyncHTTPTransport(
            verify=trust(), limits=limits, proxy=line.proxy, trust_env=False
        )

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[_AsyncPlace, None]:
        """A slot, when one is free; an exchange begun in it keeps it to its end."""
        self.check_loop()
        if not self._is_loaded:
            # What the first exchange needs: a booked call must not wait for it.
            self._is_loaded = True
            await AnyIOBackend().sleep(0)
        await self._slots.acquire()
        place = _AsyncPlace(self)
        try:
            yield place
        finally:
            if place.task is None:
                self._slots.release()
            else:
                place.task.add_done_callback(self._ended)

    def begin(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> asyncio.Task[Reply]:
        """An exchange as a task of its own."""
        built = self._line.build(request, path, headers)
        built.extensions["timeout"] = self._timeout
        task = asyncio.create_task(self._exchange(built))
        if _must_end(request):
            self._wholes.add(task)
        else:
            self._underway.add(task)
        return task

    async def sleep(self, seconds: float) -> None:
        """Waits, unless the client is closed meanwhile; can be cancelled."""
        self.check_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
            raise InvalidQuery(CLOSED)

    def lock(self) -> AbstractAsyncContextManager[object]:
        """A new lock between tasks."""
        return _TaskLock(self)

    async def whole(self, work: Coroutine[object, None, R]) -> R:
        """Its result; a task of its own ends it, even if the caller is cancelled."""
        task = asyncio.create_task(work)
        self._wholes.add(task)
        task.add_done_callback(self._ended_whole)
        return await asyncio.shield(task)

    def check_loop(self) -> None:
        """Raises `InvalidQuery` in another event loop than the first one."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            raise InvalidQuery(
                "this client belongs to another event loop; make one in each loop, "
                "with connect_async, and close it there"
            )

    async def aclose(self) -> None:
        """Ends what is under way and closes every connection.

        Waits for the end of what must not be ended half way.
        """
        if not self._closing.is_set():
            self.check_loop()
        self._closing.set()
        for task in self._underway:
            task.cancel()
        rest = *self._underway, *self._wholes
        await asyncio.gather(*rest, return_exceptions=True)
        await self._http.aclose()

    def _ended(self, task: asyncio.Task[Reply]) -> None:
        self._underway.discard(task)
        self._slots.release()
        self._ended_whole(task)

    def _ended_whole(self, task: asyncio.Task[Any]) -> None:
        self._wholes.discard(task)
        if not task.cancelled():
            task.exception()  # Seen, even when nobody waits for it any more.

    async def _exchange(self, built: httpx.Request) -> Reply:
        if self._closing.is_set():
            raise closed(was_sent=False)
        try:
            with Unseen():
                async with asyncio.timeout(self._line.timeout):
                    return await self._received(built)
        except (TimeoutError, httpx.HTTPError) as err:
            is_closed = self._closing.is_set()
            raise self._line.lost(err, built.url, is_closed=is_closed) from err

    async def _received(self, built: httpx.Request) -> Reply:
        response = await self._http.handle_async_request(built)
        async with _closing(response):
            body = Body(response.headers)
            async for chunk in response.aiter_raw():
                body.feed(chunk)
        return _reply(response, body)


@attrs.define
class _AsyncPlace:
    """A slot for one call."""

    _port: AsyncPort
    task: asyncio.Task[Reply] | None = None

    async def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        self.task = task = self._port.begin(request, path, headers)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError as err:
            if task.cancelled():  # By `aclose`; nobody cancelled the caller.
                raise closed(was_sent=True) from err
            raise


class _TaskLock(AbstractAsyncContextManager[object]):
    def __init__(self, port: AsyncPort) -> None:
        self._port = port
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> object:
        self._port.check_loop()
        return await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


@asynccontextmanager
async def _closing(response: httpx.Response) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await response.aclose()
