"""How long it takes until one can begin: imports and the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from statistics import median
from time import perf_counter

from benchmarks.measure import Options, Result, show
from benchmarks.server import ROOT

TARGET = 0.150
IMPORTS = {
    "import socialmetrics": "import socialmetrics",
    "... and everything that a client needs": (
        "import socialmetrics as sm; sm.connect; sm.MetricSeries; sm.Window; "
        "sm.adapter_class('sprout')"
    ),
}
COMMANDS = (("--help",), ("adapters",))
SHOWN = 8
_COST = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")


def run(options: Options) -> list[Result]:
    """Fresh interpreters, the median of several."""
    imports = [
        _import(what, code, options.times, is_bound=what == "import socialmetrics")
        for what, code in IMPORTS.items()
    ]
    return [*imports, *(_command(words, options.times) for words in COMMANDS)]


def _import(what: str, code: str, times: int, *, is_bound: bool) -> Result:
    timed = (
        f"from time import perf_counter as now\nbegin = now()\n{code}\n"
        "print(now() - begin)"
    )
    took = median(float(_python("-c", timed).stdout) for _ in range(times))
    return Result(
        what=what,
        measured=f"{took * 1000:.0f} ms",
        target=f"at most {TARGET * 1000:.0f} ms" if is_bound else "",
        is_met=took <= TARGET if is_bound else None,
    )


def _command(words: tuple[str, ...], times: int) -> Result:
    took: list[float] = []
    for _ in range(times):
        begin = perf_counter()
        _python("-m", "socialmetrics.cli", *words)
        took.append(perf_counter() - begin)
    return Result(
        what=f"socialmetrics {' '.join(words)}",
        measured=f"{median(took) * 1000:.0f} ms with the interpreter's own start",
    )


def dearest(code: str) -> list[tuple[float, str]]:
    """The modules whose own code takes longest to import: milliseconds and name."""
    said = _python("-X", "importtime", "-c", code).stderr
    found = [(int(own) / 1000, name) for own, _, name in _COST.findall(said)]
    return sorted(found, reverse=True)[:SHOWN]


def _python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True
    )


if __name__ == "__main__":
    show(run(Options()))
    for what, code in IMPORTS.items():
        print(what, *(f"{own:6.1f} ms {name}" for own, name in dearest(code)), sep="\n")
