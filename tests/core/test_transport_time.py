"""Every answer ends by its deadline, whatever the server does; TLS is checked."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from socialmetrics import deadline, transport
from socialmetrics.body import MEGABYTE
from socialmetrics.errors import InvalidQuery
from socialmetrics.port import Lost
from tests.core.certificates import contexts
from tests.core.sending import GOOD, SHORT, Send, loss, mute
from tests.core.servers import Connection, Server, Talk, answering, written
from tests.core.toy import post

LAG = 5.0  # which a busy machine may add

# -- in time ------------------------------------------------------------------------


def silent(connection: Connection, server: Server) -> None:
    server.stop.wait()


def dripping_head(connection: Connection, server: Server) -> None:
    connection.request()
    connection.drip(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000, 0.02, server.stop)


def dripping_body(connection: Connection, server: Server) -> None:
    connection.request()
    connection.send(written(b"", length=1000))
    connection.drip(b" " * 1000, 0.02, server.stop)


def stalled_body(connection: Connection, server: Server) -> None:
    connection.request()
    connection.send(written(GOOD, length=1000))
    server.stop.wait()


@pytest.mark.parametrize(
    "talk", [silent, mute, dripping_head, dripping_body, stalled_body]
)
def test_an_answer_that_does_not_end_is_lost_at_the_deadline(
    send: Send, talk: Talk
) -> None:
    begin = time.monotonic()

    lost = loss(send, talk, timeout=SHORT)

    assert "no whole answer within 0.3 s" in lost.reason
    assert (lost.was_sent, lost.is_final) == (True, True)
    assert SHORT <= time.monotonic() - begin < SHORT + LAG


def test_a_large_body_that_nobody_takes_ends_at_the_deadline(send: Send) -> None:
    big = post("publish", "publish", text="x" * (8 * MEGABYTE))
    begin = time.monotonic()

    with Server(silent) as server, pytest.raises(Lost, match=r"within 0\.3 s"):
        send(server.url, big, timeout=SHORT)

    assert time.monotonic() - begin < SHORT + LAG


def test_a_slow_answer_within_the_deadline_is_whole(send: Send) -> None:
    def talk(connection: Connection, server: Server) -> None:
        connection.request()
        server.stop.wait(deadline.SLICE + 0.1)
        connection.send(written(GOOD))

    with Server(talk) as server:
        reply = send(server.url)

    assert reply.body == GOOD


def test_a_refused_connection_was_surely_not_sent(send: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(Lost) as caught:
        send(url)

    assert (caught.value.was_sent, caught.value.is_final) == (False, False)


def test_a_connection_that_is_not_taken_was_surely_not_sent(send: Send) -> None:
    # One place in the backlog, and it is taken: the kernel drops every other SYN.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with _filled(address), pytest.raises(Lost) as caught:
            send(f"http://127.0.0.1:{address[1]}", timeout=SHORT)

    assert not caught.value.was_sent


@attrs.define
class _filled:  # noqa: N801 - reads as a function
    address: tuple[str, int]
    socks: list[socket.socket] = attrs.field(factory=list[socket.socket])

    def __enter__(self) -> None:
        for _ in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(self.address)
            self.socks.append(sock)

    def __exit__(self, *_: object) -> None:
        for sock in self.socks:
            sock.close()


@pytest.mark.parametrize("url", ["http://[::1", "ftp://127.0.0.1", "http://a..b\u3002"])
def test_an_address_that_is_none_was_surely_not_sent(send: Send, url: str) -> None:
    with pytest.raises((Lost, InvalidQuery)) as caught:
        send(url)

    if isinstance(caught.value, Lost):
        assert not caught.value.was_sent


# -- TLS ----------------------------------------------------------------------------


@pytest.fixture
def trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[ssl.SSLContext, Path]]:
    server, authority = contexts(tmp_path)
    monkeypatch.setattr("certifi.where", lambda: str(authority))
    transport.trust.cache_clear()
    yield server, authority
    transport.trust.cache_clear()


def test_a_trusted_server_is_reached_by_tls(
    send: Send, trusted: tuple[ssl.SSLContext, Path]
) -> None:
    with Server(answering(written(GOOD)), trusted[0]) as server:
        reply = send(server.url)

    assert reply.body == GOOD


def test_an_unknown_certificate_is_refused_whatever_the_environment_says(
    send: Send, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls, authority = contexts(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(authority))
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")

    with (
        Server(answering(written(GOOD)), tls) as server,
        pytest.raises(Lost, match="CERTIFICATE_VERIFY_FAILED") as caught,
    ):
        send(server.url)

    assert not caught.value.was_sent
    assert server.requests == []
