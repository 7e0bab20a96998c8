"""X: the largest answer by itself, and pulls of millions of figures against a loop."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from math import floor
from statistics import median
from time import perf_counter
from typing import Any

import attrs
import httpx
import msgspec
import orjson
from authlib.oauth1 import ClientAuth

import socialmetrics as sm
from benchmarks.accounts import NO_LIMIT, bare
from benchmarks.engagement_pages import EngagementShelf, ids
from benchmarks.measure import Options, Result, Seconds, by_turns, compared, show
from benchmarks.pages import Order
from benchmarks.posts import count
from benchmarks.server import serving
from socialmetrics.plan import Part
from socialmetrics.wire import Page, Request, Response
from socialmetrics_x import X
from socialmetrics_x.entries import names
from socialmetrics_x.parts import PostsPart
from socialmetrics_x.requests import MOST

MONTH = sm.Window.days("2026-02-01", "2026-02-28")
NOW = datetime(2026, 3, 11, 6, tzinfo=UTC)
METRICS = names("historical")[:15]
TOTALS = ("likes", "reposts", "quotes", "comments", "video_views")
PRIVATE = ("impressions", "engagements.vendor")
OWNER = sm.Owner("4000001-synthetic", "synthetic")
HOURS = 28 * 24
ANSWER_TARGET, MEGABYTES, PULL_TARGET, TOTALS_TARGET = 1.5, 20.0, 4.0, 1.3
USED = 0.9
Figure = tuple[str, str, datetime, int]
_BEARER = {"Authorization": "Bearer synthetic"}
_SIGNER = ClientAuth("synthetic", "synthetic", "4000001-synthetic", "synthetic")


def run(options: Options) -> list[Result]:
    """All of them."""
    return [*_answers(options), *_pulls(options), *_paced(options)]


def client(url: str, *, concurrency: int = 4) -> sm.Client:
    """A blocking client of that server, for one owner."""
    return sm.connect(
        "x",
        consumer_key="synthetic",
        consumer_secret="synthetic",
        bearer_token="synthetic",
        owners=[OWNER],
        base_url=url,
        clock=lambda: NOW,
        concurrency=concurrency,
        budget=NO_LIMIT,
    )


def refs(number: int) -> list[sm.Ref]:
    """So many posts."""
    return [sm.Ref("x", each) for each in ids(number)]


# -- one answer --------------------------------------------------------------------


def _part() -> tuple[X, PostsPart, Request]:
    adapter = X.from_credentials(
        {"consumer_key": "k", "consumer_secret": "s", "owners": [OWNER]}
    )
    part = PostsPart(
        endpoint="historical",
        ids=tuple(ids(25)),
        names=METRICS,
        at=NOW,
        owners=tuple(adapter.owners),
        window=MONTH,
    )
    request = next(adapter.metrics(part))
    assert isinstance(request, Request)
    return adapter, part, request


def _answers(options: Options) -> Iterator[Result]:
    adapter, part, request = _part()
    body = EngagementShelf().answer(msgspec.json.encode(request.json))
    kinds = {"dense": body, "ragged": _ragged(body), "one odd figure": _odd(body)}
    figures = len(part.ids) * len(METRICS) * HOURS

    def series(body: bytes) -> int:
        stream = adapter.metrics(part)
        next(stream)
        answered = Response(
            status=200, headers={}, body=body, at=NOW, request=request, vendor="x"
        )
        page = stream.send(answered)
        assert isinstance(page, Page)
        return sum(map(len, page.items))

    for kind, told in kinds.items():
        seconds = by_turns(
            {
                "loop": lambda told=told: len(orjson.loads(told)) and figures,  # type: ignore[misc]
                kind: lambda told=told: series(told),  # type: ignore[misc]
            },
            options.times,
            figures,
        )
        yield _times_orjson(f"{figures:,} figures, {len(told):,} bytes", seconds, kind)
    yield _memory(body, series)


def _times_orjson(what: str, seconds: Seconds, kind: str) -> Result:
    pairs = zip(seconds[kind], seconds["loop"], strict=True)
    ratio = median(ours / loads for ours, loads in pairs)
    target = ANSWER_TARGET if kind == "dense" else None
    return Result(
        what=f"{what}: {kind}, into a series",
        measured=f"{ratio:.2f} times orjson.loads ({median(seconds[kind]):.4f} s)",
        target="" if target is None else f"at most {target}",
        is_met=None if target is None else ratio <= target,
    )


def _memory(body: bytes, series: Any) -> Result:
    tracemalloc.start()
    series(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Result(
        what="the same answer: memory above its bytes",
        measured=f"{peak / 1e6:.1f} MB",
        target=f"at most {MEGABYTES:g} MB",
        is_met=peak / 1e6 <= MEGABYTES,
    )


def _ragged(body: bytes) -> bytes:
    """Every third hour of every second day is left out."""
    root = orjson.loads(body)
    for metrics in root["figures"].values():
        for days in metrics.values():
            for hours in list(days.values())[::2]:
                for hour in list(hours)[::3]:
                    del hours[hour]
    return orjson.dumps(root)


def _odd(body: bytes) -> bytes:
    root = orjson.loads(body)
    post, metric = ids(1)[0], METRICS[0]
    root["figures"][post][metric]["2026-02-01"]["00"] = None
    return orjson.dumps(root)


# -- pulls -------------------------------------------------------------------------


def _asked(parts: tuple[Part[sm.MetricSeries], ...]) -> list[Request]:
    """What our client asks, so that the loop asks the same."""
    adapter, _, _ = _part()
    found: list[Request] = []
    for part in parts:
        assert isinstance(part, PostsPart)
        most = MOST[part.endpoint]
        for start in range(0, len(part.ids), most):
            ids = part.ids[start : start + most]
            request = next(adapter.metrics(attrs.evolve(part, ids=ids)))
            assert isinstance(request, Request)
            found.append(request)
    return found


def _answered(
    http: httpx.Client, asked: list[Request]
) -> Iterator[tuple[str, str, Any]]:
    for request in asked:
        headers = dict(_BEARER)
        if request.credential is not None:  # An owner's figures need a signature.
            url = f"{http.base_url}{request.path}"
            _, headers, _ = _SIGNER.prepare("POST", url, {}, b"")  # pyright: ignore[reportUnknownMemberType]  # untyped
        answer = http.post(request.path, json=request.json, headers=headers)
        answer.raise_for_status()
        for post, metrics in orjson.loads(answer.content)["figures"].items():
            for name, told in metrics.items():
                yield post, name, told


def hours(http: httpx.Client, asked: list[Request]) -> Iterator[Figure]:
    """The loop: post, metric, hour and count of every figure, one by one."""
    for post, name, days in _answered(http, asked):
        for day, by_hour in days.items():
            for hour, value in by_hour.items():
                start = datetime.fromisoformat(f"{day}T{hour}:00:00+00:00")
                yield post, name, start, int(value)


def totals(http: httpx.Client, asked: list[Request]) -> Iterator[Figure]:
    """The loop: post, metric, publication and count of every total, one by one."""
    for post, name, value in _answered(http, asked):
        yield post, name, published(post), int(value)


def published(post: str) -> datetime:
    """The instant that is in an id, as anybody would work it out."""
    milliseconds = (int(post) >> 22) + 1_288_834_974_657
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _pulls(options: Options) -> Iterator[Result]:
    few, many = (100, 10_000) if options.quick else (1_000, 100_000)
    turns = 3 if options.quick else 7
    # The loop makes one call at a time, and so do we.
    with (
        serving(Order(engagement=True)) as server,
        client(server.url, concurrency=1) as ours,
    ):
        http = bare(server.url)
        posts = refs(few)
        asked = _asked(ours.plan(posts, METRICS, MONTH, by="hour").parts)
        figures = few * len(METRICS) * HOURS
        name = "client.metrics by hour"
        seconds = by_turns(
            {
                "loop": lambda: count(hours(http, asked)),
                name: lambda: len(ours.metrics(posts, METRICS, MONTH, by="hour")),
            },
            turns,
            figures,
        )
        yield compared(f"{figures:,} figures", seconds, name, PULL_TARGET)
        lifetime = (*TOTALS, *PRIVATE)
        posts = refs(many)
        asked = _asked(ours.plan(posts, lifetime).parts)
        name = "client.metrics, totals"
        seconds = by_turns(
            {
                "loop": lambda: count(totals(http, asked)),
                name: lambda: len(ours.metrics(posts, lifetime)),
            },
            turns,
            many * len(lifetime),
        )
        yield compared(f"{many:,} posts", seconds, name, TOTALS_TARGET)


# -- slow answers ------------------------------------------------------------------


def _paced(options: Options) -> Iterator[Result]:
    posts = refs(10_000 if options.quick else 100_000)
    calls, slow, concurrency = len(posts) // 250, 0.2, 4
    best = calls / concurrency * slow
    for kind in ("Client", "AsyncClient"):
        with serving(Order(engagement=True, seconds=slow)) as server:
            began = perf_counter()
            _pull(kind, server.url, posts)
            share = best / (perf_counter() - began)
        yield Result(
            what=f"{kind}: {len(posts):,} posts through totals, answers of {slow:g} s",
            measured=f"{share:.1%} of what {concurrency} calls at a time allow",
            target=f"at least {USED:.0%}",
            is_met=share >= USED,
        )
    window, limit = 6.0, 60
    for kind in ("Client", "AsyncClient"):
        order = Order(engagement=True, seconds=slow, calls=limit, window=window)
        with serving(order) as server:
            _pull(kind, server.url, refs(180 * 250), ((limit, window),))
            told = server.count()
        span = told.served[-1] - told.served[0]
        most = limit * (1 + floor(span / window))
        used = len(told.served) / most
        yield Result(
            what=f"{kind}: totals, {limit} calls per {window:g} s",
            measured=f"{used:.1%} used, {told.refused} refused",
            target="at least 95%, none refused",
            is_met=used >= 0.95 and not told.refused,
        )


def _pull(
    kind: str,
    url: str,
    posts: list[sm.Ref],
    budget: tuple[tuple[int, float], ...] = NO_LIMIT,
) -> None:
    if kind == "Client":
        with sm.connect(
            "x", bearer_token="synthetic", base_url=url, budget=budget
        ) as one:
            assert len(one.metrics(posts, TOTALS)) == len(posts) * len(TOTALS)
    else:
        asyncio.run(_pull_async(url, posts, budget))


async def _pull_async(
    url: str, posts: list[sm.Ref], budget: tuple[tuple[int, float], ...]
) -> None:
    async with sm.connect_async(
        "x", bearer_token="synthetic", base_url=url, budget=budget
    ) as one:
        assert len(await one.metrics(posts, TOTALS)) == len(posts) * len(TOTALS)


if __name__ == "__main__":
    show(run(Options()))
