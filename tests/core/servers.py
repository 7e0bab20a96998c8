"""Servers on this machine that answer, and misbehave, byte by byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias

from tests.core.toy_api import Api


class Connection:
    """One client's connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._rest = b""

    def request(self) -> tuple[bytes, bytes]:
        """The next request's head and body. Raises `OSError` at the end."""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        length = int(field(head, "content-length") or 0)
        while len(self._rest) < length:
            self._rest += self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return head, body

    def send(self, text: bytes) -> None:
        self.sock.sendall(text)

    def drip(self, text: bytes, pause: float, stop: threading.Event) -> None:
        for i in range(len(text)):
            self.send(text[i : i + 1])
            if stop.wait(pause):
                return

    def reset(self) -> None:
        """Breaks the connection off without a goodbye."""
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()

    def _more(self) -> bytes:
        piece = self.sock.recv(65536)
        if not piece:
            raise ConnectionError
        return piece


Talk: TypeAlias = "Callable[[Connection, Server], None]"


class Server:
    """Runs `talk` for every connection, in a thread of its own."""

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None = None) -> None:
        self.stop = threading.Event()
        self.requests: list[tuple[bytes, bytes]] = []
        self.opened = 0
        self._talk, self._tls = talk, tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.stop.is_set():
                sock, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(sock,))
                self.opened += 1
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            self._open.add(sock)
            with sock:
                self._talk(Connection(sock), self)
        self._open.discard(sock)


def field(head: bytes, name: str) -> str:
    """A header's value, or ""."""
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return ""


def written(
    body: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> bytes:
    """An answer as it stands on the wire."""
    lines = [f"HTTP/1.1 {status} Said"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode() + body


def answering(*answers: bytes) -> Talk:
    """Answers request after request with these bytes, the last one for ever."""

    def talk(connection: Connection, server: Server) -> None:
        number = 0
        while True:
            server.requests.append(connection.request())
            connection.send(answers[min(number, len(answers) - 1)])
            number += 1

    return talk


def serving(api: Api) -> Talk:
    """The toy vendor on a wire."""

    def talk(connection: Connection, server: Server) -> None:
        while True:
            head, body = connection.request()
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
            given = {"authorization": field(head, "authorization")}
            status, headers, text = api.answer(method, path, given, body)
            connection.send(written(text, status, headers))

    return talk
