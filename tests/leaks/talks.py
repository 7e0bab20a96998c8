"""Servers that grant tokens, and then fail in every way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import attrs

from tests.core.servers import Connection, Server, Talk, answering, written
from tests.leaks.surfaces import ACCESS, SUCCESSOR

UNAUTHORIZED: Final = written(b'{"error": "Invalid or expired token"}', 401)
GRANTED: Final = written(
    b'{"access_token": "%b", "refresh_token": "%b", "expires_in": 3600}'
    % (ACCESS.encode(), SUCCESSOR.encode())
)


@attrs.frozen
class Fault:
    """What the API says to every request, and whether it hangs up then."""

    answer: bytes = b""
    is_end: bool = False

    def talk(self, connection: Connection, server: Server) -> None:
        """Grants every token, and fails at everything else."""
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            is_grant = b"/oauth2/" in head.split(b"\r\n", 1)[0]
            connection.send(GRANTED if is_grant else self.answer)
            if self.is_end and not is_grant:
                return connection.reset()


FAULTS: Final[Mapping[str, Fault]] = {
    "401": Fault(UNAUTHORIZED),
    "403": Fault(written(b'{"error": "no"}', 403)),
    "429": Fault(written(b"{}", 429, {"Retry-After": "99999"})),
    "500": Fault(written(b"{}", 500)),
    "unreadable": Fault(written(b"<html>")),
    "contradicted": Fault(written(b'{"data": [], "error": "partial"}')),
    "row": Fault(written(b'{"data": [{"customer_id": 1.5}]}')),
    "broken gzip": Fault(written(b"no", headers={"Content-Encoding": "gzip"})),
    "dropped": Fault(is_end=True),
    "halved": Fault(written(b'{"data": [', length=500), is_end=True),
}


@attrs.frozen
class Echo:
    """Answers with what it was sent, as proxies and debug pages do."""

    status: int
    is_grantor: bool = True

    def talk(self, connection: Connection, server: Server) -> None:
        """Grants tokens if it does that, and echoes everything else."""
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            if self.is_grantor and b"/oauth2/" in head.split(b"\r\n", 1)[0]:
                connection.send(GRANTED)
                continue
            said = f"{head.decode()}|{body.decode()}|{unquote(body.decode())}"
            slashes = json.dumps({"error": said}).replace("/", "\\/")
            told = [json.dumps({"error": said, "again": said}), slashes]
            connection.send(written("\n".join(told).encode(), self.status))


def token_answer(body: bytes) -> Talk:
    """The authorization server says this."""
    return answering(written(body % ACCESS.encode()))
