"""The proxy passes everything on, and breaks exactly what it is told to break."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics.sandbox.proxy import Always, FaultProxy
from socialmetrics.sandbox.server import serve
from tests.sandbox.echo import ROWS, application


@pytest.fixture(scope="module")
def running() -> Iterator[FaultProxy]:
    with serve(application()) as server, FaultProxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def proxy(running: FaultProxy) -> FaultProxy:
    running.calm()
    running.requests.clear()
    return running


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.url, timeout=5) as client:
        yield client


def test_without_a_fault_everything_passes_and_is_written_down(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    before = time.monotonic()

    answer = client.post("/a?b=c", content=b"12345", headers={"X-Own": "yes"})

    seen = proxy.requests[0]
    assert answer.json() == {"data": ROWS, "asked": 5}
    assert (seen.method, seen.path, seen.body) == ("POST", "/a?b=c", b"12345")
    assert seen.headers["x-own"] == "yes"
    assert seen.number == 1
    assert before < seen.at < time.monotonic()
    assert seen.head.startswith(b"POST /a?b=c HTTP/1.1\r\n")


def test_connections_are_kept_and_chunked_requests_understood(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    answers = [client.post("/", content=iter([b"123", b"4567"])) for _ in range(3)]

    assert [answer.json()["asked"] for answer in answers] == [7, 7, 7]
    assert proxy.requests[2].body == b"1234567"


def test_only_the_numbered_requests_that_match_are_struck(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(
        faults.status(503), requests={2}, where=lambda seen: seen.path == "/struck"
    )

    paths = ["/struck", "/other", "/struck", "/struck"]
    codes = [client.get(path).status_code for path in paths]

    assert codes == [200, 200, 503, 200]


def test_without_numbers_every_request_is_struck_until_calm(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.status(500))

    codes = [client.get("/").status_code for _ in range(3)]
    proxy.calm()

    assert codes == [500, 500, 500]
    assert client.get("/").status_code == 200
    assert 10**9 in Always()


CUTS = [
    (faults.reset_mid_body(), httpx.ReadError),
    (faults.reset_mid_body(3), httpx.ReadError),
    (faults.fin_mid_body(), httpx.RemoteProtocolError),
    (faults.fin_mid_body(0), httpx.RemoteProtocolError),
    (faults.cut(5), httpx.RemoteProtocolError),
    (faults.cut(0), httpx.RemoteProtocolError),
    (faults.cut(60, reset=True), httpx.ReadError),
    (faults.close_before_answer(), httpx.RemoteProtocolError),
    (faults.lying_length(), httpx.RemoteProtocolError),
    (faults.broken_chunks(), httpx.RemoteProtocolError),
    (faults.broken_chunks(b""), httpx.RemoteProtocolError),
    (faults.huge_header(), httpx.RemoteProtocolError),
    (faults.silent(0.05), httpx.RemoteProtocolError),
    (faults.silent(), httpx.ReadTimeout),
    (faults.slow_loris(), httpx.ReadTimeout),
    (faults.slow_headers(), httpx.ReadTimeout),
]


@pytest.mark.parametrize(
    ("fault", "error"), CUTS, ids=lambda one: getattr(one, "name", "")
)
def test_a_broken_line_is_seen_and_the_next_request_is_fine(
    proxy: FaultProxy, client: httpx.Client, fault: Fault, error: type[Exception]
) -> None:
    proxy.strike(fault, requests={1})
    patience = 0.1 if error is httpx.ReadTimeout else 5

    with pytest.raises(error):
        client.get("/", timeout=patience)

    assert client.get("/").json()["data"] == ROWS


def test_slowness_ends_in_the_right_answer_for_who_waits(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    slow = faults.slow_loris(0.0001), faults.slow_headers(0.001), faults.late(0.03)
    for number, fault in enumerate(slow, 1):
        proxy.strike(fault, requests={number})

    started = time.monotonic()
    answers = [client.get("/").json() for _ in slow]

    assert all(answer["data"] == ROWS for answer in answers)
    assert time.monotonic() - started > 0.03


def test_a_length_that_is_too_short_cuts_the_body(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.lying_length(-9), requests={1})

    answer = client.get("/")

    assert len(answer.content) == int(answer.headers["content-length"])
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def _first(text: bytes) -> bytes:
    return b'{"data":[{"id":"t:1","text":' + text


BODIES: list[tuple[Fault, bytes]] = [
    (faults.html_200(), b"<html><body>Please log in</body></html>"),
    (faults.empty_200(), b""),
    (faults.error_in_200(), b'{"error":"injected"}'),
    (faults.truncated_json(10), b'{"data":[{'),
    (faults.empty_page(), b'{"data":[],"asked":0}'),
    (faults.null_data(), b'{"data":null,"asked":0}'),
    (faults.object_data(), b'{"data":{},"asked":0}'),
    (faults.missing_data(), b'{"asked":0}'),
    (faults.bad_utf8(), _first(b'"\xff\xfe\xc3"')),
    (faults.lone_surrogate(), _first(b'"\\ud83d"')),
    (faults.null_character(), _first(b'"\\u0000"')),
    (faults.raw_metric("NaN"), _first('"Größe 1","metrics":{"likes":NaN}'.encode())),
    (
        faults.raw_metric("1e400"),
        _first('"Größe 1","metrics":{"likes":1e400}'.encode()),
    ),
    (faults.metric_as(None), _first('"Größe 1","metrics":{"likes":null}'.encode())),
    (
        faults.duplicate_keys(),
        _first('"Größe 1","metrics":{"likes":1,"likes":1}'.encode()),
    ),
    (
        faults.duplicate_keys("7"),
        _first('"Größe 1","metrics":{"likes":1,"likes":7}'.encode()),
    ),
    (faults.metrics_as_strings(), _first('"Größe 1","metrics":{"likes":"1"}'.encode())),
    (faults.ids_as_numbers(["id", "none"]), b'{"data":[{"id":1,'),
    (faults.bom(), b"\xef\xbb\xbf{"),
    (faults.deep_json(3), b'{"data":[[[]]]}'),
    (faults.body(b"\x00"), b"\x00"),
]


@pytest.mark.parametrize(
    ("fault", "start"), BODIES, ids=lambda one: getattr(one, "name", "")
)
def test_bodies_are_changed_byte_for_byte_under_a_right_length(
    proxy: FaultProxy, client: httpx.Client, fault: Fault, start: bytes
) -> None:
    proxy.strike(fault, requests={1})

    answer = client.get("/")

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_half_of_a_json_text_comes_with_a_right_length(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.truncated_json(), requests={1})

    half, whole = client.get("/").content, client.get("/").content

    assert half == whole[: len(whole) // 2]


def test_rows_go_missing_come_twice_or_grow_keys(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.short_page(2), requests={1})
    proxy.strike(faults.short_page(9), requests={2})
    proxy.strike(faults.doubled_page(), requests={3})
    proxy.strike(faults.extra_keys(), requests={4})

    short, none, twice, more = (client.get("/").json() for _ in range(4))

    assert short["data"] == ROWS[:1]
    assert none["data"] == []
    assert twice["data"] == ROWS * 2
    assert more["surprise"] == {"nested": [1, 2]}
    assert all("surprise" in row for row in more["data"])


def test_a_frozen_page_comes_again_and_again(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.frozen_page(), requests=range(1, 3))

    first, second, third = (
        client.post("/", content=b"x" * n).json() for n in (1, 2, 3)
    )

    assert first == second
    assert (first["asked"], third["asked"]) == (1, 3)


@pytest.mark.parametrize("value", ["3", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", None])
def test_any_retry_after_can_be_sent(
    proxy: FaultProxy, client: httpx.Client, value: str | None
) -> None:
    proxy.strike(faults.retry_after(value), requests={1})

    answer = client.get("/")

    assert answer.status_code == 429
    assert answer.headers.get("retry-after") == value


def test_redirects_and_other_content_types(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    proxy.strike(faults.redirect("http://elsewhere.example/", 307), requests={1})
    proxy.strike(faults.content_type(), requests={2})

    away, relabelled = client.get("/"), client.get("/")

    assert (away.status_code, away.headers["location"]) == (
        307,
        "http://elsewhere.example/",
    )
    assert relabelled.headers["content-type"] == "text/html"
    assert relabelled.json()["data"] == ROWS


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_small_on_the_wire_and_large_inside(
    proxy: FaultProxy, client: httpx.Client, layers: int
) -> None:
    proxy.strike(faults.gzip_bomb(1_000_000, layers), requests={1})

    answer = client.get("/")

    assert int(answer.headers["content-length"]) < 5_000
    assert len(answer.content) == 1_000_000


def test_a_client_that_leaves_in_the_middle_of_a_request_harms_nobody(
    proxy: FaultProxy, client: httpx.Client
) -> None:
    where = urlsplit(proxy.url)

    with socket.create_connection((where.hostname, where.port)) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost")

    assert client.get("/").status_code == 200
    assert len(proxy.requests) == 1


def test_a_proxy_ends_although_somebody_is_still_waiting() -> None:
    with serve(application()) as server, httpx.Client() as client:
        with FaultProxy(server.url) as proxy:
            proxy.strike(faults.silent())
            with pytest.raises(httpx.ReadTimeout):
                client.get(proxy.url, timeout=0.05)
        with pytest.raises(httpx.ConnectError):
            client.get(proxy.url)


@pytest.mark.parametrize(
    "upstream", ["", "https://127.0.0.1:1", "http://127.0.0.1", "x"]
)
def test_an_upstream_that_is_no_local_address_is_refused(upstream: str) -> None:
    with pytest.raises(InvalidQuery, match="upstream"):
        FaultProxy(upstream)
