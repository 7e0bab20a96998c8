"""All benchmarks, one table: `python -m benchmarks [--quick] [name ...]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks import (
    allowance,
    comparing,
    days,
    engagement,
    hootsuite,
    memory,
    posts,
    publishing,
    startup,
    streams,
)
from benchmarks.measure import Options, Result, show

ALL: Final[dict[str, Callable[[Options], list[Result]]]] = {
    "posts": posts.run,
    "days": days.run,
    "engagement": lambda options: list(engagement.run(options)),
    "memory": memory.run,
    "comparing": comparing.run,
    "startup": startup.run,
    "allowance": allowance.run,
    "publishing": publishing.run,
    "hootsuite": hootsuite.run,
    "streams": streams.run,
}


def main(words: Sequence[str]) -> int:
    """Runs those named, or all. 1 if a target is missed."""
    options = Options(quick="--quick" in words)
    names = [word for word in words if word != "--quick"] or list(ALL)
    results: list[Result] = []
    for name in names:
        print(f"{name} ...", flush=True)
        results += ALL[name](options)
    show(results)
    return int(any(each.is_met is False for each in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
