"""The command line as tests use it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import attrs

TOKEN = "sandbox-sprout-token-7f3a9c"
WEEK = ("--from", "2026-03-02", "--to", "2026-03-08")
HELLO = ("Hello", "--profile", "x:@handle1,p2", "--key", "spring")
MONTH = ("--from", "2026-02-09", "--to", "2026-03-08")


@attrs.frozen
class Outcome:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.out)))


Cli = Callable[..., Outcome]


def python(*arguments: str) -> subprocess.Popen[str]:
    """A new interpreter with these arguments, its output in pipes."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def program(*tokens: str) -> subprocess.Popen[str]:
    """The command line as a program of its own."""
    return python("-m", "socialmetrics.cli", *tokens)
