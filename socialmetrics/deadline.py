"""A blocking network whose every step is under the deadline of the whole call.

httpx counts a timeout from the last byte, so that a byte a second never ends.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import Final

import httpcore

DEADLINE: ContextVar[float] = ContextVar("DEADLINE")
"""When this thread's call must be over, in monotonic seconds."""
SLICE: Final = 0.5
"""Seconds after which a blocked read looks whether anybody still waits for it."""
BITE: Final = 2**18
"""Bytes that are read at once: what httpcore asks for costs a long answer a tenth."""
PIECE: Final = 2**20
"""Bytes that are written under one look at the clock."""
HELD: Final = 2**16
"""Bytes that are held back at most."""


def left() -> float:
    """Seconds until the deadline of this thread's call. Raises `ReadTimeout` after."""
    rest = DEADLINE.get() - time.monotonic()
    if rest <= 0:
        raise httpcore.ReadTimeout
    return rest


class Backend(httpcore.NetworkBackend):
    """httpcore's own, under `DEADLINE`; `stop` ends every read."""

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
        """A connection, all of whose steps are under the deadline."""
        stream = self._inner.connect_tcp(
            host, port, left(), local_address, socket_options
        )
        return _Stream(stream, self._stop)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, stop: threading.Event) -> None:
        self._inner = inner
        self._stop = stop
        self._held = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # A vendor may answer before it took everything, and its answer tells why.
        with suppress(httpcore.WriteError):
            self._flush()
        while True:
            rest = left()  # Not inside `try`: its own timeout ends the loop.
            try:
                return self._inner.read(max(max_bytes, BITE), min(SLICE, rest))
            except httpcore.ReadTimeout:
                if self._stop.is_set():
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Little is held back until an answer is waited for: the head and the body of
        # a request leave together and wake the other side once.
        if len(self._held) + len(buffer) <= HELD:
            self._held += buffer
            return
        self._flush()
        self._send(buffer)

    def _flush(self) -> None:
        held, self._held = self._held, b""
        self._send(held)

    def _send(self, buffer: bytes) -> None:
        # In pieces: the inner stream starts counting anew whenever some bytes went.
        for begin in range(0, len(buffer), PIECE):
            self._inner.write(buffer[begin : begin + PIECE], left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, left())
        return _Stream(inner, self._stop)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
