"""Serves a sandbox on this machine only: in a thread, or in a process of its own.

with serve(app) as running:           # for tests
    connect(..., base_url=running.url)
with spawn(sandbox, seed=7) as running:    # for demos: does not slow the caller
    connect(..., base_url=running.url, **running.credentials)
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import (
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Mapping,
    MutableMapping,
)
from contextlib import contextmanager
from email.utils import formatdate
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any

import attrs
import msgspec
import uvicorn

from socialmetrics.errors import Unreachable
from socialmetrics.sandbox.kit import App, Sandbox
from socialmetrics.sandbox.loopback import listen, url_of

_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]
_Header = tuple[bytes, bytes]


@attrs.frozen(kw_only=True)
class Running:
    """A sandbox that answers at `url`; `credentials` open it (all of them fake)."""

    url: str
    credentials: Mapping[str, str] = attrs.field(factory=dict[str, str])
    notes: str = ""


def dated(app: App) -> App:
    """The application with a `Date` of the real clock, where it sets none itself.

    A service whose clock goes wrong on purpose has to tell its own time.
    """

    async def outer(scope: object, receive: object, send: _Send) -> None:
        async def stamped(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _dated(message.get("headers", ()))}
            await send(message)

        await app(scope, receive, stamped)

    return outer


def _dated(headers: Iterable[_Header]) -> list[_Header]:
    found = list(headers)
    if not any(name.lower() == b"date" for name, _ in found):
        found.append((b"date", formatdate(usegmt=True).encode()))
    return found


def runner(app: App) -> uvicorn.Server:
    """A quiet server for that application."""
    config = uvicorn.Config(
        dated(app), log_config=None, access_log=False, lifespan="off",
        server_header=False, date_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


@contextmanager
def serve(app: App, host: str = "127.0.0.1", port: int = 0) -> Generator[Running]:
    """Serves in a thread until the block ends. Port 0: a free one."""
    with listen(host, port) as listener:
        server = runner(app)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Running(url=url_of(listener))
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def spawn(
    make: Callable[..., Sandbox], *, world: Mapping[str, object] | None = None,
    host: str = "127.0.0.1", port: int = 0, **options: object,
) -> Generator[Running]:  # fmt: skip
    """Serves `make(World(**world), **options)` in a child process.

    `make` is a function of a module; the options must be plain JSON. The child ends
    with the block, or when this process dies. Raises `Unreachable` when it does not
    come up; what it said is in the message.
    """
    order = {"world": world or {}, "options": options, "host": host, "port": port}
    spelled = f"{make.__module__}:{make.__qualname__}"
    command = [sys.executable, "-m", "socialmetrics.sandbox.child", spelled]
    # What it says goes into a file: a full pipe would stop it.
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        ) as child,
    ):
        try:
            yield _greeting(child, msgspec.json.encode(order), said)
        finally:
            child.terminate()


def _greeting(child: subprocess.Popen[bytes], order: bytes, said: IO[bytes]) -> Running:
    assert child.stdin  # noqa: S101 - a pipe was asked for
    assert child.stdout  # noqa: S101 - a pipe was asked for
    child.stdin.write(order + b"\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        said.seek(0)
        last = said.read().decode("utf-8", "replace")[-2000:]
        raise Unreachable(f"the sandbox did not start: {last}")
    return msgspec.json.decode(line, type=Running)
