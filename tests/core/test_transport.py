"""The wire: whatever a server does, there is a whole reply or a named loss."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
import zlib
from collections.abc import Mapping
from email.parser import BytesParser
from pathlib import Path

import pytest

from socialmetrics import body as bodies
from socialmetrics.body import MEGABYTE, Body
from socialmetrics.budget import utc_now
from socialmetrics.engine import finish
from socialmetrics.errors import InvalidQuery, Unreachable, Unreadable
from socialmetrics.origin import origin
from socialmetrics.port import Lost
from socialmetrics.transport import BlockingPort
from socialmetrics.wire import Request, Upload
from tests.core.sending import GOOD, READ, SHORT, Send, line, loss, mute, once, sent
from tests.core.servers import Connection, Server, Talk, answering, field, written
from tests.core.toy import post

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


def test_a_plain_body_goes_to_an_address_elsewhere_as_it_is(send: Send) -> None:
    content = b"\x89PNG\r\n\x00\xff"
    with Server(answering(written(b""))) as store:
        request = Request(
            operation="upload",
            method="PUT",
            url=f"{store.url}/put/1%3D.png?Signature=a%2Fb",
            content=content,
            content_type="image/png",
        )
        send("https://vendor.example", request)

    head, body = store.requests[0]
    assert head.startswith(b"PUT /put/1%3D.png?Signature=a%2Fb HTTP/1.1\r\n")
    assert field(head, "content-type") == "image/png"
    assert field(head, "content-length") == str(len(content))
    assert field(head, "authorization") == ""
    assert body == content


def test_a_plain_body_needs_no_type(send: Send) -> None:
    request = Request(operation="upload", method="POST", path="/a", content=b"")
    with Server(answering(written(GOOD))) as server:
        send(server.url, request)

    head, body = server.requests[0]
    assert (field(head, "content-type"), body) == ("", b"")


def test_an_address_elsewhere_is_told_by_its_origin() -> None:
    request = Request(
        operation="upload", method="PUT", url="https://files.example/a?hush=1"
    )
    port = BlockingPort(line("https://vendor.example"), utc_now)

    told = port.address(request, "/")
    port.close()

    assert told == "https://files.example:443"


def test_a_store_that_cannot_be_reached_is_named_without_its_query(send: Send) -> None:
    request = Request(
        operation="upload", method="PUT", url="https://127.0.0.1:1/a?hush=1"
    )

    with pytest.raises(Lost) as caught:
        send("https://vendor.example", request)

    assert "https://127.0.0.1:1" in caught.value.reason
    assert "hush" not in caught.value.reason


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
            finish(sent(port, READ, "/v1", {}))
        port.close()

    assert server.opened == 1
    assert len(server.requests) == 3


# -- what comes back ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, {}),
        (b"", {}),
        (gzip.compress(GOOD, mtime=0), {"Content-Encoding": "gzip"}),
        (gzip.compress(GOOD, mtime=0), {"Content-Encoding": " GZIP "}),
        (
            gzip.compress(GOOD[:5], mtime=0) + gzip.compress(GOOD[5:], mtime=0),
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
        (once(written(gzip.compress(GOOD, mtime=0)[:-4], headers=GZIP)), Unreadable),
        (once(written(gzip.compress(GOOD, mtime=0)[:-9], headers=GZIP)), Unreadable),
        (once(written(gzip.compress(GOOD, mtime=0)[:3], headers=GZIP)), Unreadable),
        (
            once(written(gzip.compress(GOOD, mtime=0) + b"junk", headers=GZIP)),
            Unreadable,
        ),
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
    monkeypatch.setattr(bodies, "MOST_BYTES", 2 * MEGABYTE)
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
    packed = gzip.compress(GOOD * 1000, mtime=0)
    body = Body({"content-encoding": "gzip"})

    for i in range(len(packed)):
        body.feed(packed[i : i + 1])

    assert body.whole() == GOOD * 1000


# -- what an error says of the address ----------------------------------------------


def free_port() -> int:
    """A port where nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_refused_connection_names_scheme_host_and_port_only(send: Send) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(Lost) as caught:
        send(f"{url}/secret/base")

    assert not caught.value.was_sent
    assert caught.value.reason.startswith(f"no connection to {url}: ConnectError")
    assert "secret" not in caught.value.reason


def test_a_refusing_proxy_is_named_without_its_credentials(send: Send) -> None:
    proxy = f"127.0.0.1:{free_port()}"

    with pytest.raises(Lost) as caught:
        send("https://toy.example", proxy=f"http://eve:hush@{proxy}")

    told = f"to https://toy.example:443 through the proxy http://{proxy}: Connect"
    assert told in caught.value.reason
    assert "hush" not in caught.value.reason


@pytest.mark.parametrize(
    ("talk", "problem"), [(hang_up, "RemoteProtocolError"), (mute, "no whole answer")]
)
def test_a_lost_answer_names_the_address(send: Send, talk: Talk, problem: str) -> None:
    with Server(talk) as server:
        url = server.url
        with pytest.raises(Lost) as caught:
            send(url, timeout=SHORT)

    assert caught.value.was_sent
    assert caught.value.reason.startswith(f"{url}: {problem}")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://eve:hush@toy.example/v1/x?key=hush#hush", "https://toy.example:443"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("http://localhost", "http://localhost:80"),
        ("ftp://toy.example", "ftp://toy.example:?"),
    ],
)
def test_an_origin_is_scheme_host_and_port(address: str, shown: str) -> None:
    assert origin(address) == shown
