"""One request over a real wire, by a port of either kind."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

import pytest

from socialmetrics.budget import utc_now
from socialmetrics.engine import finish
from socialmetrics.port import Lost, Port, Reply
from socialmetrics.transport import AsyncPort, BlockingPort, Line
from socialmetrics.wire import Request
from tests.core.servers import Connection, Server, Talk
from tests.core.toy import get

READ = get("profiles", "profiles")
GOOD = b'{"items": []}'
SHORT = 0.3


class Send(Protocol):
    """Sends one request by a fresh port of either kind, and closes it."""

    def __call__(
        self,
        url: str,
        request: Request = READ,
        *,
        headers: Mapping[str, str] = ...,
        timeout: float = ...,
        proxy: str | None = ...,
    ) -> Reply: ...


def line(url: str, timeout: float = 5.0, proxy: str | None = None, n: int = 2) -> Line:
    return Line(base_url=url, auth_url=url, timeout=timeout, connections=n, proxy=proxy)


async def sent(
    port: Port, request: Request, path: str, headers: Mapping[str, str]
) -> Reply:
    async with port.place() as place:
        return await place.send(request, path, headers)


def loss(send: Send, talk: Talk, timeout: float = 5.0) -> Lost:
    with Server(talk) as server, pytest.raises(Lost) as caught:
        send(server.url, timeout=timeout)
    return caught.value


def blocking(
    url: str,
    request: Request = READ,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 5.0,
    proxy: str | None = None,
) -> Reply:
    port = BlockingPort(line(url, timeout, proxy), utc_now)
    try:
        return finish(sent(port, request, request.path, headers or {}))
    finally:
        port.close()


def asynchronous(
    url: str,
    request: Request = READ,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 5.0,
    proxy: str | None = None,
) -> Reply:
    async def whole() -> Reply:
        port = AsyncPort(line(url, timeout, proxy), utc_now)
        try:
            return await sent(port, request, request.path, headers or {})
        finally:
            await port.aclose()

    return asyncio.run(whole())


def once(text: bytes) -> Talk:
    def talk(connection: Connection, server: Server) -> None:
        connection.request()
        connection.send(text)

    return talk


def mute(connection: Connection, server: Server) -> None:
    connection.request()
    server.stop.wait()
