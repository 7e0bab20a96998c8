"""100,000 messages of five streams, against a loop that only visits the dicts.

The vendor allows 9,000 messages an hour, so the speed has no target; memory has.

The vendor is a process of ready answers: five streams that go on until they have shown
enough, 30 messages a page.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import httpx
import orjson

import socialmetrics as sm
from benchmarks.measure import Options, Result, by_turns, compared, peak_megabytes, show
from benchmarks.server import ROOT
from socialmetrics_hootsuite.legacy import HootsuiteLegacy

GROWTH: Final = 1.10
PAGE: Final = 30
STREAMS: Final = 5
EPOCH: Final = 1_288_834_974_657
TOP: Final = 1_772_000_000
"""The second of the newest message; every second before has one."""
WINDOW: Final = sm.Window.days("2025-01-01", "2026-03-31")
NOW: Final = "2026-03-11T06:00:00+00:00"
WORDS: Final = (
    "thank",
    "you",
    "for",
    "the",
    "new",
    "anvils",
    "in",
    "Köln",
    "🚀",
    "#acme",
)
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "


def first_id(second: int) -> int:
    """The smallest id of a tweet of that second."""
    return (second * 1000 - EPOCH) << 22


class Shelf:
    """Mentions of profiles, so many each; pages are rendered once and kept."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        random = Random(20260301)  # noqa: S311 - no secret
        self._texts = [" ".join(random.choices(WORDS, k=20)) for _ in range(997)]
        self._pages: dict[bytes, bytes] = {}

    def answer(self, query: bytes) -> bytes:
        """The page behind every bound of a query."""
        found = self._pages.get(query)
        if found is None:
            found = self._pages[query] = self._rendered(query.decode())
        return found

    def _rendered(self, query: str) -> bytes:
        given = dict(parse_qsl(query))
        if "type" in given:
            return orjson.dumps({"results": self._page(given.get("maxId"))})
        entries = [
            {
                "socialNetworkId": int(given[f"streams[{place}][socialNetworkId]"]),
                "type": "MENTION",
                "messages": self._page(given.get(f"streams[{place}][maxId]")),
            }
            for place in range(len(given) // 3)
            if f"streams[{place}][type]" in given
        ]
        return orjson.dumps({"results": entries})

    def _page(self, bound: str | None) -> list[dict[str, object]]:
        end = TOP if bound is None else ((int(bound) >> 22) + EPOCH) // 1000
        last = max(TOP - self._messages, end - PAGE)
        return [self._tweet(second) for second in range(end - 1, last - 1, -1)]

    def _tweet(self, second: int) -> dict[str, object]:
        native = first_id(second)
        user = {"id": second % 900, "id_str": str(second % 900), "name": "Some One"}
        day, rest = divmod(second, 86_400)
        hour, minute = divmod(rest // 60, 60)
        # Mondays in March are as good as any other day to be taken apart.
        stamp = f"Mon Mar {day % 28 + 1:02} {hour:02}:{minute:02}:{rest % 60:02}"
        return {
            "created_at": f"{stamp} +0000 2025",
            "id": native,
            "id_str": str(native),
            "text": self._texts[second % len(self._texts)],
            "user": {**user, "screen_name": f"person_{second % 900}"},
        }


class Connection(asyncio.Protocol):
    """One client's connection; its requests have no body."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._seen = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._seen += data
        head, end, rest = self._seen.partition(b"\r\n\r\n")
        if end:
            self._seen = rest
            query = head.partition(b" HTTP")[0].partition(b"?")[2]
            body = self._shelf.answer(query)
            self._transport.write(b"%b%d\r\n\r\n%b" % (_OK, len(body), body))


async def _serve(messages: int) -> None:
    shelf, loop = Shelf(messages), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(shelf), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    # The parent holds the other end of stdin: it closes when the parent is gone.
    await loop.run_in_executor(None, sys.stdin.buffer.read)


@contextmanager
def serving(messages: int) -> Generator[str]:
    """The address of such a vendor; every stream has so many messages."""
    command = [sys.executable, "-m", "benchmarks.streams", "serve", str(messages)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdin
        assert child.stdout
        try:
            yield child.stdout.readline().decode().strip()
        finally:
            child.stdin.close()
            child.terminate()


def client(url: str) -> sm.Client:
    """Our side."""
    return sm.connect(
        HootsuiteLegacy,
        access_token="t",
        base_url=url,
        budget=((10**9, 1.0),),
        clock=NOW,
    )


def profiles() -> list[sm.Profile]:
    """The owners of the streams."""
    return [
        sm.Profile(
            ref=sm.Ref("x", f"hootsuite:{number}"),
            vendor_id=str(number),
            name=f"Brand {number}",
            handle=f"brand{number}",
        )
        for number in range(1, STREAMS + 1)
    ]


def loop(http: httpx.Client) -> Iterator[dict[str, Any]]:
    """What one would write by hand: the streams in lockstep, by the lowest id."""
    bounds: dict[int, int | None] = dict.fromkeys(range(1, STREAMS + 1))
    while bounds:
        pairs = [
            (f"streams[{place}][{name}]", value)
            for place, (owner, bound) in enumerate(bounds.items())
            for name, value in (
                ("socialNetworkId", owner),
                ("type", "MENTION"),
                ("count", PAGE),
                ("maxId", bound),
            )
            if value is not None
        ]
        answer = http.get(f"/messages?{urlencode(pairs)}")
        answer.raise_for_status()
        for entry in orjson.loads(answer.content)["results"]:
            rows, owner = entry["messages"], entry["socialNetworkId"]
            yield from rows
            if rows:
                bounds[owner] = rows[-1]["id"]
            else:
                del bounds[owner]


def pulled(client: sm.Client) -> int:
    """How many messages there are, none kept."""
    return sum(1 for _ in client.messages(profiles(), WINDOW))


def run(options: Options) -> list[Result]:
    """Speed against the loop; memory of few messages and ten times as many."""
    each = 2_000 if options.quick else 20_000
    return [_speed(each, options), _memory(each)]


def _speed(each: int, options: Options) -> Result:
    with serving(each) as url, client(url) as ours, httpx.Client(base_url=url) as http:
        name = "client.messages, five streams"
        seconds = by_turns(
            {"loop": lambda: sum(1 for _ in loop(http)), name: lambda: pulled(ours)},
            options.times,
            each * STREAMS,
        )
    return compared(f"{each * STREAMS:,} messages", seconds, name)


def _memory(each: int) -> Result:
    few, many = _peak(each // 10), _peak(each)
    return Result(
        what=f"peak memory, {each // 2:,} and {each * STREAMS:,} messages",
        measured=f"{few:.1f} MB and {many:.1f} MB: {many / few - 1:+.1%}",
        target=f"at most {GROWTH - 1:+.0%}",
        is_met=many / few <= GROWTH,
    )


def _peak(each: int) -> float:
    with serving(each) as url:
        command = [sys.executable, "-m", "benchmarks.streams", "pull", url, str(each)]
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, cwd=ROOT, check=True, capture_output=True
        )
    return float(done.stdout)


def _pull(url: str, each: int) -> None:
    with client(url) as ours:
        found = pulled(ours)
    assert found == each * STREAMS, f"{found:,} messages instead of {each * STREAMS:,}"
    print(peak_megabytes())


def main() -> None:
    """The benchmark, or a part of it in a process of its own."""
    match sys.argv[1:]:
        case ["serve", messages]:
            asyncio.run(_serve(int(messages)))
        case ["pull", url, each]:
            _pull(url, int(each))
        case words:
            show(run(Options(times=5, quick="--quick" in words)))


if __name__ == "__main__":
    main()
