"""36,500 rows of ten daily figures, against a loop that hands them out one by one."""

from __future__ import annotations

import msgspec

import socialmetrics as sm
from benchmarks import loops
from benchmarks.accounts import YEAR, bare, client, profiles
from benchmarks.measure import Options, Result, by_turns, compared, show
from benchmarks.pages import DAY_METRICS, Order
from benchmarks.posts import count
from benchmarks.server import serving
from socialmetrics_sprout import requests
from socialmetrics_sprout.parts import DaysPart

TARGET = 1.5
DAYS = 365


def bodies(client: sm.Client, accounts: list[sm.Profile]) -> list[dict[str, object]]:
    """What our client asks first for each part; the loop asks the same."""
    plan = client.plan(accounts, DAY_METRICS, YEAR, by="day")
    parts = [part for part in plan.parts if isinstance(part, DaysPart)]
    return [msgspec.to_builtins(requests.days(part, 1).json) for part in parts]


def run(options: Options) -> list[Result]:
    """The parts one after the other, and four side by side."""
    number = 20 if options.quick else 100
    accounts = profiles(number)
    figures = number * DAYS * len(DAY_METRICS)

    def series(ours: sm.Client) -> int:
        return len(ours.metrics(accounts, DAY_METRICS, YEAR, by="day"))

    with (
        serving(Order(profiles=number, days=DAYS)) as server,
        client(server.url, concurrency=1) as one,
        client(server.url, concurrency=4) as four,
    ):
        http, asked = bare(server.url), bodies(one, accounts)
        names = ["client.metrics, concurrency 1", "client.metrics, concurrency 4"]
        seconds = by_turns(
            {
                "loop": lambda: count(loops.figures(http, asked)),
                names[0]: lambda: series(one),
                names[1]: lambda: series(four),
            },
            2 * options.times,
            figures,
        )
    what = f"{number * DAYS:,} rows of {len(DAY_METRICS)} figures"
    # The loop makes one call at a time, and so does the first.
    return [
        compared(what, seconds, names[0], TARGET),
        compared(what, seconds, names[1]),
    ]


if __name__ == "__main__":
    show(run(Options()))
