"""`sandbox`: simulated vendors on this machine, until Ctrl-C."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from socialmetrics.adapter import Adapter
from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.options import EVERYWHERE, Common
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.errors import Misuse, Unsupported

if TYPE_CHECKING:
    from socialmetrics.sandbox import Sandbox

HIGHEST_PORT: Final = 65_535


def sandbox(
    *adapter: Annotated[
        str, Parameter(help="Installed adapters; all that have a sandbox if left out.")
    ],
    port: Annotated[
        int,
        Parameter(
            help="The first one's port, the next one's is one more; 0 takes free ones."
        ),
    ] = 0,
    common: Common = EVERYWHERE,
) -> int:
    """Serves sandboxes and prints how to reach them."""
    del common
    with ExitStack() as stack:
        for index, (kind, made) in enumerate(_sandboxes(adapter)):
            at = port + index if port else 0
            url = stack.enter_context(_served(made, at))
            sys.stdout.write(directions(kind, url, made, _scratch(kind, stack)))
        with suppress(KeyboardInterrupt):  # which is how a sandbox ends
            sys.stdout.write("# Serving on this machine only. Ctrl-C ends it.\n")
            sys.stdout.flush()
            wait()
    return OK


def wait() -> None:
    """Waits for Ctrl-C."""
    Event().wait()


def make(name: str) -> Sandbox:
    """The sandbox of that adapter. Raises `Usage` where a package is missing for it."""
    with needs_extra():
        return adapter_class(name).sandbox()


@contextmanager
def needs_extra() -> Generator[None]:
    """Names the extra to install where a package of the sandbox is missing."""
    try:
        yield
    except ModuleNotFoundError as err:
        raise Usage(
            f"the sandbox needs {err.name}: pip install 'socialmetrics[sandbox]'"
        ) from err


def _sandboxes(
    names: Sequence[str],
) -> Iterator[tuple[type[Adapter], Sandbox]]:
    for name in names or adapters():
        try:
            made = make(name)
        except Unsupported:
            if names:
                raise
            continue
        yield adapter_class(name), made


@contextmanager
def _served(sandbox: Sandbox, port: int) -> Generator[str]:
    with needs_extra():
        from socialmetrics.sandbox.server import serve
    if not 0 <= port <= HIGHEST_PORT:
        raise Usage(f"--port {port} is none between 0 and {HIGHEST_PORT}")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(serve(sandbox.app, port=port))
        except OSError as err:
            raise Usage(f"--port {port} cannot be used: {err.strerror}") from err
        yield running.url


def _scratch(kind: type[Adapter], stack: ExitStack) -> dict[str, str]:
    """A ledger that goes with the sandbox, which forgets what was published too."""
    if not kind.declared("publish").supported:
        return {}
    folder = stack.enter_context(TemporaryDirectory(prefix="socialmetrics-"))
    return {"ledger": str(Path(folder) / "ledger.db")}


def directions(
    kind: type[Adapter], url: str, made: Sandbox, more: Mapping[str, str]
) -> str:
    """How to reach it: as environment variables, and for the settings file."""
    settings = reach(kind, url, made.credentials)
    settings |= {"clock": made.now.isoformat(), **more}
    prefix = f"SOCIALMETRICS_{kind.name.upper()}_"
    exports = [
        f"export {prefix}{k.upper()}={shlex.quote(v)}" for k, v in settings.items()
    ]
    table = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    lines = [
        f"# {kind.title} (simulated; every credential is fake): {url}",
        *(f"# {line}" for line in made.notes.splitlines()),
        "",
        "# for the shell:",
        *exports,
        "",
        "# or in socialmetrics.toml:",
        f"[{kind.name}]",
        *table,
        "",
    ]
    return "\n".join(lines) + "\n"


def reach(
    kind: type[Adapter], url: str, credentials: Mapping[str, str]
) -> dict[str, str]:
    """The settings that lead to the sandbox and to nowhere else.

    Where a vendor logs in on another host, that address is replaced too. Of several
    ways to log in, the first one is taken.
    """
    login = {} if kind.auth_url is None else {"auth_url": url}
    return {"base_url": url, **login, **_fewest(kind, credentials)}


def _fewest(kind: type[Adapter], credentials: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name, value in credentials.items():
        chosen[name] = value
        with suppress(Misuse):
            kind.from_credentials(chosen)
            return chosen
    return chosen
