"""The wire: whatever a server does, there is a whole reply or a named loss, in time."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Protocol

import attrs
import pytest

from socialmetrics import deadline, transport
from socialmetrics.budget import utc_now
from socialmetrics.engine import Lost, Reply, finish
from socialmetrics.errors import InvalidQuery, Unreachable, Unreadable
from socialmetrics.transport import MEGABYTE, AsyncPort, BlockingPort, Body, Line
from socialmetrics.wire import Request, Upload
from tests.core.certificates import contexts
from tests.core.servers import Connection, Server, Talk, answering, field, written
from tests.core.toy import get, post

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


@pytest.fixture(params=["blocking", "asynchronous"])
def send(request: pytest.FixtureRequest) -> Send:
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
            return finish(port.send(request, request.path, headers or {}))
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
                return await port.send(request, request.path, headers or {})
            finally:
                await port.aclose()

        return asyncio.run(whole())

    return blocking if request.param == "blocking" else asynchronous


def loss(send: Send, talk: Talk, timeout: float = 5.0) -> Lost:
    with Server(talk) as server, pytest.raises(Lost) as caught:
        send(server.url, timeout=timeout)
    return caught.value


# -- what is sent -------------------------------------------------------------------


def test_a_request_says_what_it_takes_and_who_asks(send: Send) -> None:
    with Server(answering(written(GOOD, headers={"X-Thing": "Yes"}))) as server:
        reply = send(server.url, headers={"Authorization": "Bearer abc"})

    head, body = server.requests[0]
    assert head.startswith(b"GET /v1/profiles HTTP/1.1\r\n")
    assert field(head, "accept-encoding") == "gzip"
    assert field(head, "accept") == "application/json"
    assert field(head, "authorization") == "Bearer abc"
    assert field(head, "user-agent").startswith("socialmetrics/")
    assert body == b""
    assert reply.body == GOOD
    assert reply.headers["x-thing"] == "Yes"


def test_json_is_sent_as_utf8(send: Send) -> None:
    with Server(answering(written(GOOD))) as server:
        send(server.url, post("posts", "posts", text="grüße 😀"))

    head, body = server.requests[0]
    assert field(head, "content-type") == "application/json"
    assert json.loads(body) == {"text": "grüße 😀"}


def test_a_form_is_sent_url_encoded(send: Send) -> None:
    request = Request(operation="t", method="POST", path="/t", form={"a": "1 2&3=ü"})
    with Server(answering(written(GOOD))) as server:
        send(server.url, request)

    head, body = server.requests[0]
    assert field(head, "content-type") == "application/x-www-form-urlencoded"
    assert body == b"a=1+2%263%3D%C3%BC"


def test_files_are_sent_as_multipart(send: Send) -> None:
    content = b"\x89PNG\r\n--boundary\r\n\x00\xff"
    upload = Upload(
        field="file", filename='a"b.png', content_type="image/png", content=content
    )
    request = Request(operation="m", method="POST", path="/m", files=(upload,))
    with Server(answering(written(GOOD))) as server:
        send(server.url, request)

    head, body = server.requests[0]
    told = f"Content-Type: {field(head, 'content-type')}\r\n\r\n".encode()
    part = BytesParser().parsebytes(told + body).get_payload(0)
    assert part["Content-Type"] == "image/png"  # type: ignore[index] # a message
    assert content in body
    assert str(len(content)) in repr(upload)
    assert "PNG" not in repr(upload)


@pytest.mark.parametrize(
    "unsayable", ["\ud800", float("nan"), object(), {1: {2, 3}}, b"bytes"]
)
def test_what_cannot_be_written_is_refused_before_it_is_sent(
    send: Send, unsayable: object
) -> None:
    with (
        Server(answering(written(GOOD))) as server,
        pytest.raises(InvalidQuery, match="publish: this cannot be written"),
    ):
        send(server.url, post("publish", "publish", text=unsayable))

    assert server.requests == []


@pytest.mark.parametrize(
    "path", ["/a\r\nX-Evil: 1", "/a b", "/a\0", "a", "", "/ü", "/a\tb", "/\x7f"]
)
def test_a_path_that_would_break_the_request_line_is_refused(path: str) -> None:
    with pytest.raises(InvalidQuery, match="path="):
        Request(operation="x", method="GET", path=path)


def test_nothing_of_the_environment_is_used(
    send: Send, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password secret")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("SSL_CERT_FILE", str(netrc))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))

    with Server(answering(written(GOOD))) as server:
        reply = send(server.url)

    assert reply.body == GOOD
    assert field(server.requests[0][0], "authorization") == ""
    assert not (tmp_path / "keys").exists()


def test_a_proxy_is_used_where_one_is_set(send: Send) -> None:
    with Server(answering(written(GOOD))) as proxy:
        reply = send("http://vendor.example", proxy=proxy.url)

    assert reply.body == GOOD
    assert proxy.requests[0][0].startswith(b"GET http://vendor.example/v1/profiles ")


def test_a_connection_is_used_again() -> None:
    with Server(answering(written(GOOD))) as server:
        port = BlockingPort(line(server.url), utc_now)
        for _ in range(3):
            finish(port.send(READ, "/v1", {}))
        port.close()

    assert server.opened == 1
    assert len(server.requests) == 3


# -- what comes back ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, {}),
        (b"", {}),
        (gzip.compress(GOOD), {"Content-Encoding": "gzip"}),
        (gzip.compress(GOOD), {"Content-Encoding": " GZIP "}),
        (
            gzip.compress(GOOD[:5]) + gzip.compress(GOOD[5:]),
            {"Content-Encoding": "gzip"},
        ),
        (GOOD, {"Content-Encoding": "identity"}),
        (b"", {"Content-Encoding": "gzip"}),
    ],
)
def test_a_whole_body_is_unpacked(
    send: Send, body: bytes, headers: Mapping[str, str]
) -> None:
    with Server(answering(written(body, headers=headers))) as server:
        reply = send(server.url)

    assert reply.body == (GOOD if body else b"")


def test_a_redirect_is_handed_on_and_not_followed(send: Send) -> None:
    talk = answering(written(b"", 302, {"Location": "http://evil.example/"}))

    with Server(talk) as server:
        reply = send(server.url)

    assert reply.status == 302
    assert len(server.requests) == 1


def hang_up(connection: Connection, server: Server) -> None:
    connection.request()


def reset(connection: Connection, server: Server) -> None:
    connection.request()
    connection.send(written(GOOD, length=100))
    connection.reset()


GZIP = {"Content-Encoding": "gzip"}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def once(text: bytes) -> Talk:
    def talk(connection: Connection, server: Server) -> None:
        connection.request()
        connection.send(text)

    return talk


@pytest.mark.parametrize(
    ("talk", "kind"),
    [
        (hang_up, Unreachable),
        (reset, Unreachable),
        (once(written(GOOD, length=100)), Unreachable),
        (once(written(GOOD, headers={"Content-Length": "99"})), Unreachable),
        (once(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), Unreachable),
        (once(CHUNKED + b"zz\r\nabc"), Unreachable),
        (once(CHUNKED + b"5\r\n{}"), Unreachable),
        (once(CHUNKED + b"2\r\n{}\r\n"), Unreachable),
        (once(b"SSH-2.0-OpenSSH\r\n\r\n"), Unreachable),
        (once(b"\0" * 100), Unreachable),
        (once(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000), Unreachable),
        (once(written(gzip.compress(GOOD)[:-4], headers=GZIP)), Unreadable),
        (once(written(gzip.compress(GOOD)[:-9], headers=GZIP)), Unreadable),
        (once(written(gzip.compress(GOOD)[:3], headers=GZIP)), Unreadable),
        (once(written(gzip.compress(GOOD) + b"junk", headers=GZIP)), Unreadable),
        (once(written(b"not gzip at all", headers=GZIP)), Unreadable),
    ],
)
def test_a_reply_that_breaks_is_lost_and_may_be_asked_for_again(
    send: Send, talk: Talk, kind: type[Exception]
) -> None:
    lost = loss(send, talk)

    assert lost.kind is kind
    assert lost.was_sent
    assert not lost.is_final
    assert lost.reason


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "x-gzip"])
def test_a_coding_that_was_not_asked_for_is_refused(send: Send, coding: str) -> None:
    lost = loss(send, once(written(GOOD, headers={"Content-Encoding": coding})))

    assert (lost.kind, lost.is_final) == (Unreadable, True)
    assert coding in lost.reason


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_an_answer_beyond_the_cap_is_refused_early(
    send: Send, monkeypatch: pytest.MonkeyPatch, headers: Mapping[str, str]
) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 2 * MEGABYTE)
    body = bytes(3 * MEGABYTE)
    packed = gzip.compress(body, 1) if headers else body

    lost = loss(send, once(written(packed, headers=headers)))

    assert (lost.kind, lost.is_final) == (Unreadable, True)
    assert "larger than 2 MiB" in lost.reason


def test_a_small_body_that_unpacks_into_gigabytes_takes_no_such_memory() -> None:
    packer = zlib.compressobj(1, wbits=31)
    piece = bytes(8 * MEGABYTE)
    bomb = b"".join(packer.compress(piece) for _ in range(32)) + packer.flush()
    body = Body({"content-encoding": "gzip"})
    tracemalloc.start()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()

    with pytest.raises(Lost, match="larger than 64 MiB"):
        body.feed(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(bomb) < 2 * MEGABYTE
    assert most - before < 80 * MEGABYTE


def test_many_small_pieces_are_as_good_as_one() -> None:
    packed = gzip.compress(GOOD * 1000)
    body = Body({"content-encoding": "gzip"})

    for i in range(len(packed)):
        body.feed(packed[i : i + 1])

    assert body.whole() == GOOD * 1000


# -- in time ------------------------------------------------------------------------


def silent(connection: Connection, server: Server) -> None:
    server.stop.wait()


def mute(connection: Connection, server: Server) -> None:
    connection.request()
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
    assert SHORT <= time.monotonic() - begin < SHORT + 0.5


def test_a_large_body_that_nobody_takes_ends_at_the_deadline(send: Send) -> None:
    big = post("publish", "publish", text="x" * (8 * MEGABYTE))
    begin = time.monotonic()

    with Server(silent) as server, pytest.raises(Lost, match=r"within 0\.3 s"):
        send(server.url, big, timeout=SHORT)

    assert time.monotonic() - begin < SHORT + 0.7


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

    with (
        Server(answering(written(GOOD)), tls) as server,
        pytest.raises(Lost, match="CERTIFICATE_VERIFY_FAILED") as caught,
    ):
        send(server.url)

    assert not caught.value.was_sent
    assert server.requests == []


# -- closing ------------------------------------------------------------------------


def test_a_closed_blocking_port_refuses_by_name() -> None:
    port = BlockingPort(line("http://127.0.0.1:1"), utc_now)
    port.close()
    port.close()

    with pytest.raises(Lost, match="the client was closed") as caught:
        finish(port.send(READ, "/", {}))

    assert (caught.value.was_sent, caught.value.is_final) == (False, True)


async def test_a_closed_asynchronous_port_refuses_by_name() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)
    await port.aclose()
    await port.aclose()

    with pytest.raises(Lost, match="the client was closed") as caught:
        await port.send(READ, "/", {})

    assert (caught.value.was_sent, caught.value.is_final) == (False, True)


def test_closing_wakes_a_thread_that_sleeps_and_one_that_reads() -> None:
    with Server(mute) as server, ThreadPoolExecutor(2) as pool:
        port = BlockingPort(line(server.url, 30.0), utc_now)
        sleeping = pool.submit(lambda: finish(port.sleep(30.0)))
        reading = pool.submit(lambda: finish(port.send(READ, "/", {})))
        time.sleep(0.1)
        begin = time.monotonic()

        port.close()
        with pytest.raises(Unreachable, match="closed while it waited"):
            sleeping.result(5)
        with pytest.raises(Lost, match="the client was closed"):
            reading.result(5)

    assert time.monotonic() - begin < 1.0


def test_a_sleep_ends_by_itself_and_a_lock_is_let_go() -> None:
    port = BlockingPort(line("http://127.0.0.1:1"), utc_now)
    lock = port.lock()

    async def twice() -> int:
        for _ in range(2):
            async with lock:
                await port.sleep(0.001)
        return 2

    assert finish(twice()) == 2
    port.close()


async def test_an_asynchronous_port_sleeps_and_locks_too() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)

    async with port.lock():
        await port.sleep(0)

    await port.aclose()


async def test_closing_ends_what_is_under_way_and_what_waits_in_line() -> None:
    with Server(mute) as server:
        port = AsyncPort(line(server.url, n=2), utc_now)
        calls = [asyncio.create_task(port.send(READ, "/", {})) for _ in range(4)]
        await asyncio.sleep(0.05)
        late = asyncio.create_task(port.send(READ, "/", {}))

        await port.aclose()
        found = await asyncio.gather(*calls, late, return_exceptions=True)

    assert all(isinstance(each, Lost) for each in found)
    assert {str(each) for each in found} == {"the client was closed"}


async def test_closing_at_once_ends_an_exchange_that_has_not_begun() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)
    call = asyncio.create_task(port.send(READ, "/", {}))
    await asyncio.sleep(0)

    await port.aclose()

    with pytest.raises(Lost, match="the client was closed"):
        await call


# -- cancelling ---------------------------------------------------------------------


async def test_the_pool_works_after_two_hundred_cancelled_calls() -> None:
    def talk(connection: Connection, server: Server) -> None:
        while True:
            connection.request()
            server.stop.wait(0.002)
            connection.send(written(GOOD))

    with Server(talk) as server:
        port = AsyncPort(line(server.url, n=3), utc_now)
        tasks = [asyncio.create_task(port.send(READ, "/", {})) for _ in range(200)]
        for number, task in enumerate(tasks):
            await asyncio.sleep(0.001 if number % 3 else 0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        replies = await asyncio.gather(*(port.send(READ, "/", {}) for _ in range(9)))
        await port.aclose()

    assert [reply.body for reply in replies] == [GOOD] * 9
    assert server.opened <= 3


async def test_a_call_may_be_cancelled_at_any_step() -> None:
    with Server(answering(written(GOOD))) as server:
        port = AsyncPort(line(server.url, n=1), utc_now)
        for steps in range(40):
            task = asyncio.create_task(port.send(READ, "/", {}))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        reply = await asyncio.wait_for(port.send(READ, "/", {}), 5)
        await port.aclose()

    assert reply.body == GOOD


# -- leaving nothing behind ---------------------------------------------------------


def _files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _settled(count: Callable[[], int], most: int) -> bool:
    for _ in range(100):
        if count() <= most:
            return True
        time.sleep(0.02)
    return False


def _break(connection: Connection, server: Server) -> None:
    while True:
        connection.request()
        server.requests.append((b"", b""))
        if len(server.requests) % 2:
            connection.reset()
        connection.send(written(GOOD))


def test_a_hundred_blocking_clients_leave_no_socket_and_no_thread() -> None:
    with Server(_break) as server:
        files, threads = _files(), threading.active_count()

        for _ in range(100):
            port = BlockingPort(line(server.url), utc_now)
            _quietly(partial(port.send, READ, "/", {}))
            port.close()
        is_settled = _settled(_files, files)
        is_alone = _settled(threading.active_count, threads)

    assert is_settled
    assert is_alone


def _quietly(call: Callable[[], Awaitable[Reply]]) -> None:
    async def whole() -> None:
        try:
            await call()
        except Lost:
            return

    finish(whole())


async def test_a_hundred_asynchronous_clients_leave_no_socket_and_no_task() -> None:
    with Server(_break) as server:
        files = _files()

        for _ in range(100):
            port = AsyncPort(line(server.url), utc_now)
            task = asyncio.create_task(port.send(READ, "/", {}))
            await asyncio.gather(task, return_exceptions=True)
            await port.aclose()
        is_settled = _settled(_files, files)

    assert is_settled
    assert len(asyncio.all_tasks()) == 1


def test_threads_beyond_the_connections_take_their_turn() -> None:
    with Server(answering(written(GOOD))) as server, ThreadPoolExecutor(20) as pool:
        port = BlockingPort(line(server.url, n=2), utc_now)
        calls = [
            pool.submit(lambda: finish(port.send(READ, "/", {}))) for _ in range(200)
        ]
        bodies = [call.result(10).body for call in calls]
        port.close()

    assert bodies == [GOOD] * 200
    assert server.opened <= 2


def test_waiting_in_line_does_not_use_up_the_time_for_an_answer() -> None:
    def talk(connection: Connection, server: Server) -> None:
        while True:
            connection.request()
            server.stop.wait(0.1)
            connection.send(written(GOOD))

    with Server(talk) as server, ThreadPoolExecutor(6) as pool:
        port = BlockingPort(line(server.url, SHORT, n=1), utc_now)
        calls = [
            pool.submit(lambda: finish(port.send(READ, "/", {}))) for _ in range(6)
        ]
        bodies = [call.result(5).body for call in calls]
        port.close()

    assert bodies == [GOOD] * 6


def test_closing_also_ends_those_who_wait_in_line() -> None:
    with Server(mute) as server, ThreadPoolExecutor(3) as pool:
        port = BlockingPort(line(server.url, 30.0, n=1), utc_now)
        calls = [
            pool.submit(lambda: finish(port.send(READ, "/", {}))) for _ in range(3)
        ]
        time.sleep(0.1)

        port.close()
        losses = [call.exception(5) for call in calls]

    assert {str(each) for each in losses} == {"the client was closed"}
    assert len(server.requests) == 0
