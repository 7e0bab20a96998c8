"""The commands: their names, what they are for, and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from textwrap import fill
from typing import Final

import attrs
from cyclopts import App
from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
)

from socialmetrics import __version__
from socialmetrics.cli.exits import MEANINGS, OK, Usage
from socialmetrics.installed import installed
from socialmetrics.strangers import plain

LINE: Final = 80
HELP_FLAGS: Final = frozenset({"--help", "-h"})


@attrs.frozen
class Command:
    """A command: its name, where it is, what it does, and an example."""

    name: str
    target: str
    summary: str
    example: str


COMMANDS: Final = (
    Command(
        "adapters",
        "about:adapters",
        "The installed adapters and their credentials; of a named one, every setting.",
        "socialmetrics adapters ADAPTER",
    ),
    Command(
        "capabilities",
        "about:capabilities",
        "What a vendor can do, how far, and why not; with --metrics, what it counts.",
        "socialmetrics capabilities ADAPTER --network x",
    ),
    Command(
        "config",
        "about:config",
        "Every setting, its value (secrets masked) and where it came from.",
        "socialmetrics config ADAPTER",
    ),
    Command(
        "login",
        "login:login",
        "Lets an account in: shows where its owner says yes, and stores its token.",
        "socialmetrics login x",
    ),
    Command(
        "logout",
        "logout:logout",
        "Removes the tokens that a login has stored, and says whose and from where.",
        "socialmetrics logout ADAPTER",
    ),
    Command(
        "profiles",
        "lists:profiles",
        "Every account that the credentials reach.",
        "socialmetrics profiles ADAPTER",
    ),
    Command(
        "posts",
        "lists:posts",
        "The posts published in a span of days, with lifetime figures if asked for.",
        "socialmetrics posts ADAPTER --profile x:@acme --from 2026-03-02 "
        "--to 2026-03-08 --metric impressions,likes --csv",
    ),
    Command(
        "messages",
        "lists:messages",
        "The inbox: messages of a span of days, received and sent.",
        "socialmetrics messages ADAPTER --from 2026-03-02 --to 2026-03-08 --json",
    ),
    Command(
        "publish",
        "publish:publish",
        "Publishes a text, with --key never twice, and says what became of it.",
        "socialmetrics publish ADAPTER 'Spring is here' --profile linkedin:@acme "
        "--at 2026-03-11T06:00:00+00:00 --key spring-1 --dry-run",
    ),
    Command(
        "publication",
        "publish:publication",
        "What became of a publication by now; without its key, all that are known.",
        "socialmetrics publication ADAPTER spring-1",
    ),
    Command(
        "metrics",
        "figures:metrics",
        "Figures of accounts or posts by day, hour or in total, and what is missing.",
        "socialmetrics metrics ADAPTER --profile x:@acme --metric impressions "
        "--from 2026-03-02 --to 2026-03-08 --out figures.parquet",
    ),
    Command(
        "plan",
        "figures:plan",
        "What `metrics` would ask for, what would be missing and why, and the cost.",
        "socialmetrics plan ADAPTER --metric impressions,reach "
        "--from 2026-03-02 --to 2026-03-08",
    ),
    Command(
        "compare",
        "compare:compare",
        "What tools say of the same account and days, and why their figures differ.",
        "socialmetrics compare --left ADAPTER --right OTHER --profile x:@acme "
        "--week 2026-W10 --out report.html\n\n"
        "Example: socialmetrics compare --left report.csv --left-mapping mapping.toml "
        "--right ADAPTER --profile x:@acme --from 2026-03-02 --to 2026-03-08 --by day",
    ),
    Command(
        "sandbox",
        "sandboxes:sandbox",
        "Simulated vendors on this machine, with fake credentials, until Ctrl-C.",
        "socialmetrics sandbox ADAPTER --port 8800",
    ),
    Command(
        "demo",
        "demo:demo",
        "A year of a simulated company: pulled, shown and saved within seconds.",
        "socialmetrics demo --out socialmetrics-demo",
    ),
)


def run(tokens: Sequence[str]) -> int:
    """Runs that command line and returns its exit code."""
    try:
        code: object = _app(_examples(tokens))(
            tokens, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as err:
        raise _usage(err, tokens) from err
    return code if isinstance(code, int) else OK


def _app(adapters: tuple[str, str]) -> App:
    adapter, other = adapters
    app = App(
        name="socialmetrics",
        help="Every social-media tool behind one model.",
        help_format="plaintext",
        help_epilogue=_epilogue(),
        version=__version__,
        suppress_keyboard_interrupt=False,
    )
    for command in COMMANDS:
        example = command.example.replace("ADAPTER", adapter).replace("OTHER", other)
        app.command(
            f"socialmetrics.cli.{command.target}",
            name=command.name,
            help=f"{command.summary}\n\nExample: {example}",
            help_epilogue="",
        )
    return app


def _epilogue() -> str:
    codes = "\n".join(
        fill(f"  {code:>3}  {meaning}", LINE, subsequent_indent=" " * 7)
        for code, meaning in MEANINGS.items()
    )
    return (
        "Settings come from --set NAME=VALUE, over the environment\n"
        "(SOCIALMETRICS_<ADAPTER>_<NAME>), over socialmetrics.toml.\n\n"
        f"Exit codes:\n{codes}"
    )


def _examples(tokens: Sequence[str]) -> tuple[str, str]:
    """Two adapters for the examples of a help page, best those that are there."""
    names = [] if HELP_FLAGS.isdisjoint(tokens) else sorted(installed())
    first = names[0] if names else "ADAPTER"
    return first, names[-1] if len(names) > 1 else "OTHER"


def _usage(error: CycloptsError, tokens: Sequence[str]) -> Usage:
    known = {command.name for command in COMMANDS}
    command = next((token for token in tokens if token in known), "")
    page = " ".join(filter(None, ("socialmetrics", command, "--help")))
    hint = _dashes(error, tokens) if command == "publish" else ""
    return Usage(f"{_told(error).rstrip('.')}. {hint}See: {page}")


def _dashes(error: CycloptsError, tokens: Sequence[str]) -> str:
    """What helps where a text was taken for an option, or an option for a text."""
    if not isinstance(error, UnknownOptionError):
        return ""
    if "--" in tokens:
        return "After -- there is only the text: options stand before it. "
    return (
        "A text that begins with - stands last, after --, or comes from --file -. "
        if error.token.keyword is None
        else ""
    )


def _told(error: CycloptsError) -> str:
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        return f"{error.argument.name} is missing"
    if isinstance(error, UnknownOptionError) and error.token.keyword:
        # Never its value: --token=... is a likely slip.
        return (
            f"there is no option {error.token.keyword.partition('=')[0]}; settings of "
            "an adapter are written --set NAME=VALUE"
        )
    if isinstance(error, UnknownCommandError) and error.unused_tokens:
        return _no_command(error.unused_tokens[0])
    if isinstance(error, CoercionError) and error.target_type is date and error.token:
        given, option = error.token.value, error.token.keyword
        return f"{option} {given}: no day; write one like 2026-03-02"
    return str(error)


def _no_command(name: str) -> str:
    known = [command.name for command in COMMANDS]
    near = get_close_matches(name, known, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"there is no command {plain(name)!r}; {meant}There are: {', '.join(known)}"
