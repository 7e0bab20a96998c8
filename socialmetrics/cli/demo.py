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
from socialmetrics.cli.compare_output import summarize
from socialmetrics.cli.demo_hours import show_month
from socialmetrics.cli.demo_steps import (
    CLIENTS,
    FREE,
    INBOX,
    PER_MINUTE,
    POSTS,
    REPORT,
    Step,
    listing,
    opening,
    steps_of,
)
from socialmetrics.cli.demo_views import show_all, show_files
from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.extras import has_report
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
    screen, began = console(), time.perf_counter()
    say = partial(_say, screen)
    cast = _cast(adapter or _first())
    titles = {role: adapter_class(name).title for role, name in cast.items()}
    _make_folder(out)
    steps = steps_of(out, titles, has_page=has_report())
    with simulated(cast) as start:
        say(_introduction([*titles.values()]))
        names = perform(start, steps, screen)
    _save_rows(out, names)
    show_all(names, screen)
    if "hours" in cast:
        show_month(names, [titles[role] for role in FREE], screen)
    say("\nThe lines that did it", style="bold")
    say(f"\n{listing(start, steps)}\n")
    say("At the real vendor: your own token, without address, clock and budget.")
    show_files(out, names, screen)
    if "compared" in names:
        summarize(names["compared"], screen)
        say(f"\n{_where_report(out)}")
    say(f"\nAll in {time.perf_counter() - began:.1f} s.")
    return OK


def _where_report(folder: Path) -> str:
    if has_report():
        return f"All of the comparison, as a page for the browser: {folder / REPORT}"
    return "All of it, as a page for the browser: pip install 'socialmetrics[report]'"


def _cast(first: str) -> dict[str, str]:
    """The adapters that take part, by what the lines call their clients."""
    lack = _lack(first)
    if lack is not None:
        raise Usage(f"the demo shows {lack}; leave the name out")
    found = {"client": first}
    for role, fits in (("hours", _tells_hours), ("other", _counts_posts)):
        free = (name for name in adapters() if name not in found.values())
        name = next((each for each in free if _can(each, fits)), None)
        if name is not None:
            found[role] = name
    return found


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


def _can(name: str, fits: Callable[[type[Adapter]], bool]) -> bool:
    """Whether an adapter can be simulated, and fits."""
    with suppress(InvalidQuery):  # one that does not load is nothing to show
        kind = adapter_class(name)
        own = (each for each in kind.__mro__ if each is not Adapter)
        return fits(kind) and any("sandbox" in vars(each) for each in own)
    return False


def _tells_hours(kind: type[Adapter]) -> bool:
    return "hour" in kind.steps


def _counts_posts(kind: type[Adapter]) -> bool:
    return all(kind.declared(each).supported for each in ("posts", "metrics"))


def _introduction(titles: Sequence[str]) -> str:
    *others, last = titles
    who = f"{', '.join(others)} and {last}" if others else last
    return (
        f"Simulated: {who}, over HTTP on this machine.\n"
        f"Calls a minute, where they are counted: {PER_MINUTE:,}, far more than vendors"
        " grant."
    )


@contextmanager
def simulated(cast: Mapping[str, str]) -> Generator[str]:
    """Sandboxes of these adapters in processes of their own, which start side by side;
    gives the lines that connect clients of those names to them."""
    with ExitStack() as stack:
        with ThreadPoolExecutor() as pool:
            settings = pool.map(partial(_started, stack), cast, cast.values())
            found = dict(zip(cast, settings, strict=True))
        yield opening({role: (cast[role], found[role]) for role in cast})


def _started(stack: ExitStack, role: str, name: str) -> Mapping[str, str]:
    with needs_extra():
        from socialmetrics.sandbox.server import spawn
        from socialmetrics.sandbox.world import NOW
    per_minute = PER_MINUTE if role in FREE else None
    made = spawn(served.open_sandbox, adapter=name, per_minute=per_minute)
    running = stack.enter_context(made)
    settings = reach(adapter_class(name), running.url, running.credentials)
    return {**settings, "clock": NOW.isoformat()}


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
