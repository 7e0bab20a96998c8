"""`demo`: a year of a simulated company, pulled over HTTP, shown and saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from socialmetrics.adapter import Adapter
from socialmetrics.cli import records, served
from socialmetrics.cli.demo_hours import show_month
from socialmetrics.cli.demo_steps import (
    CLIENTS,
    INBOX,
    PER_MINUTE,
    POSTS,
    Step,
    listing,
    opening,
    steps_of,
)
from socialmetrics.cli.demo_views import show_all, show_files
from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.options import EVERYWHERE, Common
from socialmetrics.cli.output import write
from socialmetrics.cli.progress import bar, mover
from socialmetrics.cli.sandboxes import needs_extra, reach
from socialmetrics.cli.tables import console
from socialmetrics.client import Client
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.errors import InvalidQuery
from socialmetrics.pull import OnProgress

WATCHED: Final = frozenset({"posts", "messages", "metrics", "topic_messages"})
SHOWN: Final = ("profiles", "metrics", "posts", "messages", "topics", "topic_metrics")
"""The operations that the demo goes through."""


class Watched:
    """A client whose long pulls tell how far they are, without being asked to."""

    def __init__(self, client: Client, tell: OnProgress) -> None:
        self._client, self._tell = client, tell

    def __getattr__(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self._client, name)
        return partial(method, progress=self._tell) if name in WATCHED else method


def demo(
    adapter: Annotated[
        str | None, Parameter(help="The vendor; the first one installed if left out.")
    ] = None,
    /,
    *,
    out: Annotated[
        Path, Parameter(name="--out", help="The folder for the files.")
    ] = Path("socialmetrics-demo"),
    common: Common = EVERYWHERE,
) -> int:
    """Pulls, shows and saves; ends with the lines of Python that did it."""
    del common
    first, screen = adapter or _first(), console()
    say = partial(_say, screen)
    began = time.perf_counter()
    titles = [adapter_class(first).title]
    lack = _lack(first)
    if lack is not None:
        raise Usage(f"the demo shows {lack}; leave the name out")
    hourly = _hourly(first)
    if hourly is not None:
        titles.append(adapter_class(hourly).title)
    _make_folder(out)
    steps = steps_of(out, has_hours=hourly is not None)
    with simulated(*filter(None, (first, hourly))) as start:
        say(_introduction(titles))
        names = perform(start, steps, screen)
    _save_rows(out, names)
    show_all(names, screen)
    if hourly is not None:
        show_month(names, titles, screen)
    say("\nThe lines that did it", style="bold")
    say(f"\n{listing(start, steps)}\n")
    say("At the real vendor: your own token, without the address and the budget.")
    show_files(out, names, screen)
    say(f"\nAll in {time.perf_counter() - began:.1f} s.")
    return OK


def _first() -> str:
    for name in adapters():
        with suppress(InvalidQuery):  # one that does not load is nothing to show
            if _lack(name) is None:
                return name
    raise Usage(f"no adapter is installed that has all of {', '.join(SHOWN)}")


def _lack(name: str) -> str | None:
    """What of the demo that vendor does not have, and why."""
    declared = map(adapter_class(name).declared, SHOWN)
    lacks = (each for each in declared if not each.supported)
    return next((f"{each.operation}: {each.detail}" for each in lacks), None)


def _hourly(first: str) -> str | None:
    """Another adapter that tells hours and can be simulated; None: there is none."""
    return next((each for each in adapters() if each != first and _tells(each)), None)


def _tells(name: str) -> bool:
    with suppress(InvalidQuery):  # one that does not load is nothing to show
        kind = adapter_class(name)
        own = (each for each in kind.__mro__ if each is not Adapter)
        return "hour" in kind.steps and any("sandbox" in vars(each) for each in own)
    return False


def _introduction(titles: Sequence[str]) -> str:
    who = " and a simulated ".join(titles)
    grants, vendors = ("It grants", "vendor"), ("They grant", "vendors")
    does, others = grants if len(titles) == 1 else vendors
    return (
        f"A simulated {who}, over HTTP on this machine.\n"
        f"{does} {PER_MINUTE:,} calls a minute, far more than the {others}."
    )


@contextmanager
def simulated(*names: str) -> Generator[str]:
    """Sandboxes in processes of their own, which start side by side; gives the lines
    that connect to them."""
    with ExitStack() as stack:
        with ThreadPoolExecutor() as pool:
            settings = pool.map(partial(_started, stack), names)
            found = dict(zip(names, settings, strict=True))
        yield opening(found)


def _started(stack: ExitStack, name: str) -> Mapping[str, str]:
    with needs_extra():
        from socialmetrics.sandbox.server import spawn
    made = spawn(served.open_sandbox, adapter=name, per_minute=PER_MINUTE)
    running = stack.enter_context(made)
    return reach(adapter_class(name), running.url, running.credentials)


def perform(start: str, steps: Sequence[Step], screen: Console) -> dict[str, Any]:
    """Runs the lines, tells how long each step took, and returns what they made."""
    _say(screen, f"\n  {'step':<32}{'rows':>9}{'time':>9}", style="bold")
    names: dict[str, Any] = {}
    _run(start, names)
    clients: dict[str, Client] = {
        name: names[name] for name in CLIENTS if name in names
    }
    with ExitStack() as stack, bar(screen) as moving:
        for client in clients.values():
            stack.enter_context(client)
        for step in steps:
            tell = mover(moving, step.title)
            names |= {name: Watched(client, tell) for name, client in clients.items()}
            begun = time.perf_counter()
            _run(step.code, names)
            seconds = time.perf_counter() - begun
            count = sum(len(names[name]) for name in step.results)
            _say(screen, f"  {step.title:<32}{count:>9,}{seconds:>7.2f} s")
    return names


def _run(code: str, names: dict[str, Any]) -> None:
    # They are run as they are printed, so that what is printed is what was done.
    exec(code, names)  # noqa: S102 - our own lines, of demo_steps.py


def _save_rows(folder: Path, names: Mapping[str, Any]) -> None:
    """What `socialmetrics posts --out` and `socialmetrics messages --out` write."""
    counts: list[str] = names["counts"]
    posts = (records.flat_post(post, counts) for post in names["posts"])
    write(posts, records.post_columns(counts), "parquet", folder / POSTS)
    inbox = map(records.message, names["inbox"])
    write(inbox, records.MESSAGE, "csv", folder / INBOX)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise Usage(f"--out {folder}: {err.strerror}") from err


def _say(screen: Console, text: str, style: str = "") -> None:
    screen.print(Text(text, style=style), soft_wrap=True)
