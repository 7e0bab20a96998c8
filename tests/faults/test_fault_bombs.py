"""An answer that would take all the memory is refused before it does."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Answer, Exchange, Fault
from socialmetrics.sandbox.proxy import FaultProxy
from tests.faults.pulls import KINDS

MIB: Final = 2**20
CAP: Final = 64
ROOT: Final = Path(__file__).parents[2]


def coded(coding: str, body: bytes) -> Fault:
    """These bytes under that Content-Encoding."""

    async def act(exchange: Exchange) -> None:
        headers = (("Content-Type", "application/json"), ("Content-Encoding", coding))
        answer = Answer(status=200, reason="OK", headers=headers, body=body)
        await exchange.write(answer.whole())

    return Fault(f"coded({coding})", act)


@cache
def member() -> bytes:
    """100 MiB in 100 KiB."""
    return gzip.compress(b" " * (100 * MIB), 9, mtime=0)


def endless() -> Fault:
    """Chunks of a string that does not end."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        head = answer.head(content_length=None, transfer_encoding="chunked")
        await exchange.write(head + b'8\r\n[{"name"\r\n2\r\n:"\r\n')
        while True:
            await exchange.write(b"100000\r\n" + b"x" * MIB + b"\r\n")

    return Fault("endless", act)


def nested(begin: bytes, end: bytes) -> Fault:
    return faults.body(begin * 200_000 + b"1" + end * 200_000)


def many(value: bytes) -> Fault:
    """16 MB of next to nothing, which would take gigabytes as objects."""
    return faults.body(
        b'{"data":[' + value * (16 * MIB // len(value)) + value[:2] + b"]}"
    )


def many_headers() -> Fault:
    """A head that does not end."""

    async def act(exchange: Exchange) -> None:
        await exchange.fetch()
        await exchange.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            await exchange.write(b"X-A: 1\r\n" * 10_000)

    return Fault("many_headers", act)


BOMBS: Final[tuple[tuple[str, Callable[[], Fault], str, int], ...]] = (
    ("400 MB in gzip", lambda: coded("gzip", member() * 4), "Unreadable", CAP + 32),
    ("10 GB in gzip", lambda: coded("gzip", member() * 100), "Unreadable", CAP + 32),
    (
        "gzip in gzip",
        lambda: coded("gzip, gzip", gzip.compress(member())),
        "Unreadable",
        32,
    ),
    ("deflate", lambda: coded("deflate", zlib.compress(member())), "Unreadable", 32),
    ("br", lambda: coded("br", b"\xce" * 999), "Unreadable", 32),
    ("zstd", lambda: coded("zstd", b"\x28\xb5\x2f\xfd" * 999), "Unreadable", 32),
    ("an unknown coding", lambda: coded("rot13", b"{}"), "Unreadable", 32),
    ("broken gzip", lambda: coded("gzip", b"\x1f\x8b" * 99), "Unreadable", 32),
    ("half of gzip", lambda: coded("gzip", member()[:999]), "Unreadable", CAP),
    ("a string of 1 GB", endless, "Unreadable", CAP + 32),
    ("200,000 brackets", faults.deep_json, "Unreadable", 50),
    ("200,000 objects", lambda: nested(b'{"a":', b"}"), "Unreadable", 50),
    ("millions of objects", lambda: many(b"{},"), "Unreadable", 64),
    ("millions of lists", lambda: many(b"[],"), "Unreadable", 64),
    ("a header of 5 MB", faults.huge_header, "Unreachable", 50),
    ("a million headers", many_headers, "Unreachable", 50),
)


Call = Callable[[], tuple[str, float, float]]


@pytest.fixture(scope="module", params=KINDS)
def measured(
    request: pytest.FixtureRequest, running_proxy: FaultProxy
) -> Iterator[Call]:
    """A call in a process of its own: its error, its seconds, the MiB it took."""
    command = [sys.executable, "-m", "tests.faults.memory"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*command, running_proxy.url, request.param],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        stdin, stdout = child.stdin, child.stdout

        def call() -> tuple[str, float, float]:
            stdin.write(b"\n")
            stdin.flush()
            error, seconds, grown = json.loads(stdout.readline())
            return error, seconds, grown

        running_proxy.calm()
        assert not call()[0]
        yield call
        stdin.close()


@pytest.mark.parametrize(
    ("make", "error", "most"), [b[1:] for b in BOMBS], ids=[b[0] for b in BOMBS]
)
def test_a_bomb_is_refused_quickly_and_in_little_memory(
    make: Callable[[], Fault],
    error: str,
    most: int,
    measured: Call,
    proxy: FaultProxy,
) -> None:
    proxy.strike(make())

    name, seconds, grown = measured()

    assert name == error
    assert grown <= most
    assert seconds < 4  # what a busy machine needs; alone it is under one
