"""Taking turns, and telling what came of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

import attrs
from rich.console import Console
from rich.table import Table


@attrs.frozen(kw_only=True)
class Result:
    """One line of the table. `is_met` is None where there is no target."""

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None


@attrs.frozen(kw_only=True)
class Options:
    """How long to measure: `times` runs of each contestant; `quick` scales down."""

    times: int = 25
    quick: bool = False


Seconds = dict[str, list[float]]


def by_turns(
    contestants: Mapping[str, Callable[[], int]], times: int, rows: int
) -> Seconds:
    """The seconds of every run. Contestants alternate, so that noise hits all alike.

    Each is run once before, and must come back with so many rows every time.
    """
    seconds: Seconds = {name: [] for name in contestants}
    for turn in range(times + 1):
        for name, run in contestants.items():
            gc.collect()
            begin = perf_counter()
            found = run()
            took = perf_counter() - begin
            assert found == rows, f"{name}: {found:,} rows instead of {rows:,}"
            if turn:
                seconds[name].append(took)
    return seconds


def compared(
    what: str, seconds: Seconds, name: str, target: float | None = None
) -> Result:
    """The baseline's time by ours: the median of the turns decides."""
    ours, loop = seconds[name], seconds["loop"]
    ratio = median(a / b for a, b in zip(loop, ours, strict=True))
    measured = (
        f"{ratio:.2f} (medians {median(loop):.3f} s / {median(ours):.3f} s, "
        f"best {min(loop):.3f} s / {min(ours):.3f} s = {min(loop) / min(ours):.2f})"
    )
    return Result(
        what=f"{what}: {name}",
        measured=measured,
        target="" if target is None else f"at least {target}",
        is_met=None if target is None else ratio >= target,
    )


def peak_megabytes() -> float:
    """The most memory that this process ever held (Linux: VmHWM)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    line = next(line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def show(results: Iterable[Result]) -> None:
    """The table, on stdout."""
    table = Table("what", "measured", "target", "met", show_lines=True)
    words = {True: "yes", False: "NO", None: ""}
    for each in results:
        table.add_row(each.what, each.measured, each.target, words[each.is_met])
    console = Console()
    console.width = max(console.width, 120)
    console.print(table)
