"""Ten times the rows must not take more memory: the peak of a child process each."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from benchmarks.accounts import MONTH, async_client, client, profiles
from benchmarks.measure import Options, Result, peak_megabytes, show
from benchmarks.pages import PAGE, POST_METRICS, Order
from benchmarks.posts import PROFILES, count, pull
from benchmarks.server import ROOT, serving

TARGET = 1.10
CLIENTS = ("Client", "AsyncClient")


def run(options: Options) -> list[Result]:
    """Both clients, few rows and ten times as many."""
    pages = 50 if options.quick else 500
    return [_grown(kind, pages) for kind in CLIENTS]


def _grown(kind: str, pages: int) -> Result:
    few, many = _peak(kind, pages, 1), _peak(kind, pages, 10)
    return Result(
        what=f"{kind}: peak memory, {pages * PAGE:,} and {pages * PAGE * 10:,} posts",
        measured=f"{few:.1f} MB and {many:.1f} MB: {many / few - 1:+.1%}",
        target=f"at most {TARGET - 1:+.0%}",
        is_met=many / few <= TARGET,
    )


def _peak(kind: str, pages: int, turns: int) -> float:
    with serving(Order(pages=pages, turns=turns)) as server:
        rows = pages * turns * PAGE
        command = [sys.executable, "-m", "benchmarks.memory", kind, server.url]
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [*command, str(rows)], cwd=ROOT, check=True, capture_output=True
        )
    return float(done.stdout)


def _child(kind: str, url: str, rows: int) -> None:
    found = asyncio.run(_async_count(url)) if kind == "AsyncClient" else _count(url)
    assert found == rows, f"{found:,} rows instead of {rows:,}"
    print(peak_megabytes())


def _count(url: str) -> int:
    with client(url) as ours:
        return count(pull(ours))


async def _async_count(url: str) -> int:
    found = 0
    async with async_client(url) as ours:
        async for _ in ours.posts(profiles(PROFILES), MONTH, metrics=POST_METRICS):
            found += 1
    return found


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _child(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        show(run(Options()))
