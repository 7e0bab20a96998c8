"""Whoever waits at the command line is told why and how long."""

from __future__ import annotations

import logging
import sys
from functools import partial
from importlib import import_module
from io import StringIO

import attrs
import pytest

from socialmetrics.cli.progress import watched
from socialmetrics.cli.waiting import LOGGER, told_waits
from socialmetrics.pull import Progress
from socialmetrics.retry import Retry
from socialmetrics.waiting import Waiting, tell
from tests.cli.commandline import TOKEN, Cli

FULL = Waiting(
    vendor="toy", operation="posts", why="60 calls a minute are used up", seconds=42
)
LINE = "toy posts: 60 calls a minute are used up; going on in 42 s\n"
Err = pytest.CaptureFixture[str]


class Terminal(StringIO):
    """A terminal that remembers what it was sent."""

    def isatty(self) -> bool:
        return True


def test_a_wait_is_one_line_on_stderr_while_a_command_runs(capsys: Err) -> None:
    with told_waits():
        tell(FULL)
    tell(FULL)

    assert capsys.readouterr() == ("", LINE)


def test_everything_is_as_before_afterwards() -> None:
    before = LOGGER.level, list(LOGGER.handlers)

    with pytest.raises(ZeroDivisionError), told_waits():
        raise ZeroDivisionError

    assert (LOGGER.level, LOGGER.handlers) == before


def test_calls_side_by_side_that_wait_alike_are_told_once(capsys: Err) -> None:
    other = attrs.evolve(FULL, vendor="tea")

    with told_waits():
        for each in (FULL, attrs.evolve(FULL, operation="messages"), other):
            tell(each)

    assert capsys.readouterr().err == LINE + LINE.replace("toy", "tea")


def test_the_next_wait_is_told_when_the_last_one_is_over(capsys: Err) -> None:
    told = {"msg": str(FULL), "waiting": FULL, "levelno": logging.INFO}

    with told_waits():
        for now in (0.0, 41.0, 42.0, 50.0):
            LOGGER.handle(logging.makeLogRecord({**told, "created": now}))

    assert capsys.readouterr().err == LINE * 2


def test_other_records_are_told_on_one_line_too(capsys: Err) -> None:
    with told_waits():
        LOGGER.warning("a\x1b[31m\nb")
        LOGGER.debug("nobody asked")

    assert capsys.readouterr().err == "a [31m b\n"


def test_a_line_stands_above_a_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")

    with told_waits(), watched("posts") as bar:
        assert bar is not None
        bar(Progress(operation="posts", done=1, planned=2, rows=7))
        tell(FULL)

    before, _, after = screen.getvalue().partition(LINE)
    assert "posts" in before
    # The bar's line was wiped before, and it is drawn again below.
    assert before.endswith("\x1b[2K")
    assert "1/2" in after
    assert sys.stderr is screen


def test_refused_connection_is_told_try_by_try(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("socialmetrics.waiting"), "NOTICED", 0.01)
    short = partial(Retry, tries=3, first=0.02)
    monkeypatch.setattr(import_module("socialmetrics.connections"), "Retry", short)

    outcome = sprout("profiles", "--set", "base_url=http://127.0.0.1:1")

    waits = [line for line in outcome.err.splitlines() if "; try " in line]
    assert outcome.code == 5
    assert [line.rpartition("; ")[2] for line in waits] == [
        "try 2 of 3 in 0 s",
        "try 3 of 3 in 0 s",
    ]
    assert all("no connection to http://127.0.0.1:1: " in line for line in waits)
    assert "Error: no connection to http://127.0.0.1:1: " in outcome.err
    assert "(after 3 tries)" in outcome.err
    assert TOKEN not in outcome.err


def test_budget_that_makes_wait_is_told(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("socialmetrics.waiting"), "NOTICED", 0.1)

    outcome = sprout("profiles", "--set", "budget=[[1,0.2]]")

    assert outcome.code == 0
    assert "1 calls in 0.2 s are used up; going on in 0 s" in outcome.err
