"""36,500 profile-days of Hootsuite, against a loop that hands the figures out.

`python -m benchmarks.hootsuite [--quick]`. The answers come a hundred rows at a time:
what is measured is a page, four hundred times over.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import httpx
import msgspec
import orjson

import socialmetrics as sm
from benchmarks.accounts import NO_LIMIT
from benchmarks.loops import HEADERS, Figure
from benchmarks.measure import Options, Result, by_turns, compared, show
from benchmarks.posts import count
from benchmarks.server import ROOT, Connection, Hall
from socialmetrics.wire import Request
from socialmetrics_hootsuite.adapter import Hootsuite
from socialmetrics_hootsuite.analytics import DaysPart
from socialmetrics_hootsuite.analytics.requests import ROWS_A_PAGE, days

METRICS: Final = ("followers", "followers_gained", "followers_lost", "reach", "views")
NAMES: Final = (
    "followers_count",
    "new_followers_count",
    "lost_followers_count",
    "reach",
    "views",
)
FIRST: Final = 139_000_001
NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
YEAR: Final = sm.Window.days("2025-03-01", "2026-02-28")
LENGTH: Final = 365
_CURSOR: Final = re.compile(rb"cursor=(\d+)")
_ID: Final = re.compile(rb'"(\d{9})"')
_DAY: Final = re.compile(rb'"(\d{4}-\d\d-\d\d)"')


class DayShelf:
    """Daily figures: a row a profile and day, a hundred a page behind a cursor."""

    def __init__(self, profiles: int) -> None:
        random = Random(20260303)  # noqa: S311 - no secret
        self._rows = {
            (FIRST + number, day): _row(FIRST + number, day, random)
            for number in range(profiles)
            for day in (YEAR.first_day + timedelta(days=n) for n in range(LENGTH))
        }
        self._pages: dict[tuple[bytes, ...], bytes] = {}

    def answer(self, body: bytes) -> bytes:
        """That page; `body` has the head of the request in front."""
        cursor = _CURSOR.search(body)
        ids, (since, until) = _ID.findall(body), _DAY.findall(body)
        key = (*ids, since, until, cursor[1] if cursor else b"0")
        if key not in self._pages:
            first, last = (date.fromisoformat(each.decode()) for each in (since, until))
            span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            rows = [self._rows[int(one), day] for day in span for one in ids]
            self._pages[key] = _page(rows, int(key[-1]))
        return self._pages[key]


def _page(rows: list[dict[str, object]], begin: int) -> bytes:
    end = begin + ROWS_A_PAGE
    info = {"next": {"cursor": str(end)}} if end < len(rows) else {}
    told = {"data": rows[begin:end], "metadata": {"collectionInfo": info}}
    return orjson.dumps(told)


def _row(profile: int, day: date, random: Random) -> dict[str, object]:
    metrics = {name: {"total": float(random.randrange(9000))} for name in NAMES}
    return {
        "profileId": str(profile),
        "externalProfileId": str(17_841_400_000_000_000 + profile),
        "date": day.isoformat(),
        "metrics": metrics,
    }


# -- the server ------------------------------------------------------------------------


class _Connection(Connection):
    """The shelf is shown the head too: the cursor is there."""

    def _answer(self, head: bytes, body: bytes) -> None:
        super()._answer(head, head + body)


class _Hall(Hall):
    """Nothing is refused, nothing takes time."""

    def __init__(self, profiles: int) -> None:
        self.shelf = DayShelf(profiles)
        self.seconds = 0.0

    def admit(self) -> bool:
        return True


async def _serve(profiles: int) -> None:
    hall, loop = _Hall(profiles), asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(hall), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)


@contextmanager
def _serving(profiles: int) -> Generator[str]:
    command = [sys.executable, "-m", "benchmarks.hootsuite", "serve", str(profiles)]
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


# -- the contestants -------------------------------------------------------------------


def _client(url: str, concurrency: int) -> sm.Client:
    return sm.connect(
        Hootsuite,
        access_token="t",
        base_url=url,
        concurrency=concurrency,
        budget=NO_LIMIT,
        clock=lambda: NOW,
    )


def _profiles(number: int) -> list[sm.Profile]:
    return [
        sm.Profile(
            ref=sm.Ref("instagram", str(900_000 + n)),
            vendor_id=str(FIRST + n),
            name=f"Brand {n}",
            raw={"type": "INSTAGRAMBUSINESS"},
        )
        for n in range(number)
    ]


def _asked(client: sm.Client, profiles: list[sm.Profile]) -> Iterator[Request]:
    """What our client asks first for each part; the loop asks the same."""
    for part in client.plan(profiles, METRICS, YEAR, by="day").parts:
        assert isinstance(part, DaysPart)
        assert part.span
        yield days(part, part.accounts, part.span, None)


def _loop(http: httpx.Client, asked: list[tuple[str, Any]]) -> Iterator[Figure]:
    """Every figure: profile, day, metric and value, one by one."""
    for path, body in asked:
        cursor: str | None = ""
        while cursor is not None:
            tail = f"&cursor={cursor}" if cursor else ""
            answer = http.post(path + tail, json=body)
            answer.raise_for_status()
            found = orjson.loads(answer.content)
            following = found["metadata"]["collectionInfo"].get("next")
            cursor = following["cursor"] if following else None
            for row in found["data"]:
                profile, day = int(row["profileId"]), row["date"]
                for name, value in row["metrics"].items():
                    yield profile, day, name, value["total"]


def run(options: Options) -> list[Result]:
    """The parts one after the other, and four side by side."""
    number = 20 if options.quick else 100
    accounts = _profiles(number)
    rows = number * LENGTH

    def series(ours: sm.Client) -> int:
        return len(ours.metrics(accounts, METRICS, YEAR, by="day"))

    with (
        _serving(number) as url,
        _client(url, 1) as one,
        _client(url, 4) as four,
    ):
        http = httpx.Client(base_url=url, headers=HEADERS)
        asked = [
            (each.path, msgspec.to_builtins(each.json))
            for each in _asked(one, accounts)
        ]
        names = ["client.metrics, concurrency 1", "client.metrics, concurrency 4"]
        seconds = by_turns(
            {
                "loop": lambda: count(_loop(http, asked)),
                names[0]: lambda: series(one),
                names[1]: lambda: series(four),
            },
            options.times,
            rows * len(METRICS),
        )
    what = f"{rows:,} profile-days of {len(METRICS)} figures"
    return [compared(what, seconds, name) for name in names]


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(_serve(int(sys.argv[2])))
    else:
        show(run(Options(times=7, quick="--quick" in sys.argv)))
