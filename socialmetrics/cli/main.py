"""The entry point: runs a command, and turns whatever happens into an exit code.

Nothing heavy is imported here, so that help and mistakes answer at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from errno import EBADF
from io import StringIO, TextIOWrapper, UnsupportedOperation
from typing import Final

from socialmetrics.cli.exits import INTERRUPTED, MISUSE, OK, code_of, report

DEBUG: Final = "--debug"
NEEDED: Final = frozenset({"cyclopts", "rich"})


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code (see `socialmetrics --help`).

    Raises nothing: errors are told on stderr, with the traceback if `--debug` is given.
    """
    tokens = sys.argv[1:] if argv is None else list(argv)
    debug = DEBUG in tokens
    _open_streams()
    try:
        code = _run([token for token in tokens if token != DEBUG])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # rich makes the second one of the first
        _drop_output()
        return OK
    except Exception as err:  # noqa: BLE001 - the last resort: every error has a code
        return _failed(err, debug=debug)
    return code


def _run(tokens: list[str]) -> int:
    try:
        from socialmetrics.cli.commands import run
    except ModuleNotFoundError as err:
        if err.name not in NEEDED:
            raise
        sys.stderr.write(
            f"Error: the command line needs {err.name}, which is not installed\n"
            "  what to do  pip install 'socialmetrics[cli]'\n"
        )
        return MISUSE
    from socialmetrics.cli.waiting import told_waits

    with told_waits():
        return run(tokens)


class _Closed(StringIO):
    """A stdout that was closed before we began."""

    def write(self, text: str) -> int:
        raise OSError(EBADF, "stdout is closed")


def _open_streams() -> None:
    """A terminal that cannot show a character shows a question mark instead.

    A stream that was closed before we began takes nothing: stdout says so.
    """
    if not sys.stdout:
        sys.stdout = _Closed()
    if not sys.stderr:
        sys.stderr = StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Whoever read our output has seen enough; Python must not flush into the void."""
    with suppress(UnsupportedOperation):  # a stream without a file
        stdout = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout)
        os.close(nowhere)


def _failed(error: Exception, *, debug: bool) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    if debug:
        traceback.print_exception(error)
    sys.stderr.write(report(error))
    return code_of(error)
