"""Listens on this machine for the browser that comes back from the vendor's page."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from queue import Empty, SimpleQueue
from socket import AF_INET, AF_INET6
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from socialmetrics.cli.exits import Usage
from socialmetrics.errors import InvalidQuery, Refused, Unreachable

HOME: Final = frozenset({"localhost", "127.0.0.1", "::1"})
HTTP_PORT: Final = 80
STALLED: Final = 5.0
"""Seconds after which a browser that says nothing is not listened to any more."""
LOOKED: Final = 0.05
LET_IN: Final = "Your answer has arrived. You can close this page."

Outcome: TypeAlias = str | Refused
"""What the owner's answer proves, or that the owner or the vendor said no."""
Visit: TypeAlias = tuple[int, str, Outcome | None]
"""The status, the text of the page, and what the visit brought."""


class Landing(ThreadingTCPServer):
    """The address that the browser is sent back to, from when it is made.

    Every visit has a thread of its own: browsers open connections that stay silent.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int) -> None:
        self.address_family = AF_INET6 if ":" in host else AF_INET
        self._outcomes = SimpleQueue[Outcome]()
        self._read: Callable[[str], str] = str
        super().__init__(
            (host, port), partial(_Visitor, self._visited, self._outcomes.put)
        )

    def awaited(self, read: Callable[[str], str], seconds: float) -> str:
        """What `read` makes of the address by which the browser came back.

        An address that it does not take, with `InvalidQuery`, is not the one that is
        waited for. Raises what is `Refused` as `read` does, and `Unreachable` when the
        time is up.
        """
        self._read = read
        thread = Thread(target=self.serve_forever, args=(LOOKED,), daemon=True)
        thread.start()
        try:
            outcome = self._outcomes.get(timeout=seconds)
        except Empty:
            raise Unreachable(
                f"nobody came back from the vendor's page within {seconds:g} s; begin "
                "again, or type or paste the answer, with --no-browser or a PIN"
            ) from None
        finally:
            self.shutdown()
            thread.join()
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is nothing to tell about."""

    def _visited(self, path: str) -> Visit:
        try:
            return 200, LET_IN, self._read(path)
        except Refused as err:
            return 200, "The app was not let in. You can close this page.", err
        except InvalidQuery:
            return 404, "There is nothing here.", None


class _Visitor(BaseHTTPRequestHandler):
    """Shows the page first, then tells: what is told may end the program."""

    timeout = STALLED

    def __init__(
        self,
        visited: Callable[[str], Visit],
        tell: Callable[[Outcome], None],
        *connection: Any,
    ) -> None:
        self._visited, self._tell = visited, tell
        super().__init__(*connection)

    def do_GET(self) -> None:
        status, text, outcome = self._visited(self.path)
        try:
            self._show(status, text)
        finally:
            if outcome is not None:
                self._tell(outcome)

    def _show(self, status: int, text: str) -> None:
        page = f'<!doctype html><html lang="en"><title>{text}</title><h1>{text}</h1>'
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Nothing: the address has the verifier in it."""


@contextmanager
def listening(callback: str) -> Generator[Landing | None]:
    """Listens at that address until the block ends; None where it is not of here.

    Raises `Usage` where somebody else listens there already, or nobody may.
    """
    home = _home(callback)
    if home is None:
        yield None
        return
    try:
        landing = Landing(*home)
    except OSError as err:
        raise Usage(
            f"--callback {callback}: nothing can listen there: {err.strerror}"
        ) from err
    with landing:
        yield landing


def _home(callback: str) -> tuple[str, int] | None:
    """Host and port, where it is plain HTTP on this machine."""
    try:
        parts = urlsplit(callback)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or host not in HOME:
        return None
    return host, HTTP_PORT if port is None else port
