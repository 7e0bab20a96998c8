"""50,000 posts with 15 figures each, against a loop that only visits the dicts."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import msgspec

import socialmetrics as sm
from benchmarks import loops
from benchmarks.accounts import MONTH, bare, client, profiles
from benchmarks.measure import Options, Result, by_turns, compared, show
from benchmarks.pages import PAGE, POST_METRICS, Order
from benchmarks.server import serving
from socialmetrics_sprout import requests
from socialmetrics_sprout.parts import PostsPart

TARGET = 0.8
PROFILES = 100


def count(items: Iterable[object]) -> int:
    """How many there are, none kept."""
    return sum(1 for _ in items)


def pull(client: sm.Client, window: sm.Window = MONTH) -> sm.Pull[sm.Post]:
    """Our side: Post objects."""
    return client.posts(profiles(PROFILES), window, metrics=POST_METRICS)


def first_body(client: sm.Client) -> dict[str, object]:
    """What our client asks first; the loop asks the same."""
    part = pull(client).plan.parts[0]
    assert isinstance(part, PostsPart)
    body: dict[str, object] = msgspec.to_builtins(requests.posts(part).json)
    return body


def run(options: Options) -> list[Result]:
    """One part; the same, cut into four parts that are read side by side."""
    pages = 50 if options.quick else 500
    return [_one_part(pages, options), _four_parts(pages, options)]


def _one_part(pages: int, options: Options) -> Result:
    with serving(Order(pages=pages)) as server, client(server.url) as ours:
        http, body = bare(server.url), first_body(ours)
        name = "client.posts, one part"
        seconds = by_turns(
            {
                "loop": lambda: count(loops.posts(http, body)),
                name: lambda: count(pull(ours)),
            },
            options.times,
            pages * PAGE,
        )
    return compared(f"{pages * PAGE:,} posts", seconds, name, TARGET)


def _four_parts(pages: int, options: Options) -> Result:
    """The loop reads the quarter four times, one after the other."""
    window = attrs.evolve(MONTH, end=MONTH.start + (MONTH.end - MONTH.start) * 4)
    with serving(Order(pages=pages // 4)) as server, client(server.url) as ours:
        http, body = bare(server.url), first_body(ours)
        name = "client.posts, four parts, concurrency 4"
        seconds = by_turns(
            {
                "loop": lambda: sum(count(loops.posts(http, body)) for _ in range(4)),
                name: lambda: count(pull(ours, window)),
            },
            options.times,
            pages // 4 * 4 * PAGE,
        )
    return compared(f"{pages // 4 * 4 * PAGE:,} posts", seconds, name)


if __name__ == "__main__":
    show(run(Options()))
