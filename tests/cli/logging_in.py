"""A person at the program, and a vendor whose users let apps in by OAuth 2."""

from __future__ import annotations

import re
import sys
import time
import webbrowser
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import attrs
import pytest

from socialmetrics import installed
from socialmetrics.token_file import FileStore
from socialmetrics.tokens import Tokens
from tests.cli.commandline import Cli, Outcome
from tests.cli.test_cli_login import Keyboard, Screen
from tests.core.grants import ACCOUNT, CLIENT, CLIENT_SECRET, TokenServer, serving
from tests.core.servers import Server

ADDRESS = re.compile(r"  (http://\S+/oauth2/auth\?\S+)")


@attrs.define
class Desk:
    """The person, with a browser; `visit` is what becomes of an opened address."""

    cli: Cli
    server: TokenServer
    url: str
    path: Path
    monkeypatch: pytest.MonkeyPatch
    is_terminal: bool = True
    opened: list[str] = attrs.field(factory=list[str])
    screen: Screen = attrs.field(factory=lambda: Screen(is_terminal=True))

    def run(self, command: str, *tokens: str) -> Outcome:
        self.screen = Screen(is_terminal=self.is_terminal)
        self.monkeypatch.setattr(sys, "stderr", self.screen)
        outcome = self.cli(command, "tool", *tokens)
        return attrs.evolve(outcome, err=self.screen.getvalue())

    def types(self, text: Callable[[], str]) -> None:
        self.monkeypatch.setattr(sys, "stdin", Keyboard(text))

    def opens(self, visit: Callable[[str], object]) -> None:
        def open_(address: str) -> None:
            self.opened.append(address)
            visit(address)

        self.monkeypatch.setattr(webbrowser, "open", open_)

    @property
    def address(self) -> str:
        found = ADDRESS.search(self.screen.getvalue())
        assert found
        return found[1]

    def allowed(self) -> str:
        """What the browser shows as its address after a yes."""
        return f"{self.server.allow(self.address)}\n"

    @property
    def kept(self) -> Tokens | None:
        return FileStore(self.path).load(ACCOUNT)

    def shows_nothing_secret(self, outcome: Outcome) -> None:
        shown = f"{outcome.out}{outcome.err}"
        secrets = (*self.server.access, *self.server.families, CLIENT_SECRET)
        assert [secret for secret in secrets if secret in shown] == []
        assert "code=" not in shown.replace("response_type=code", "")


def _points(group: str) -> list[EntryPoint]:
    tool = EntryPoint("tool", "tests.core.grants:Tool", group)
    return [*entry_points(group=group), tool]


@contextmanager
def desk_of(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Desk]:
    monkeypatch.setattr(installed, "entry_points", _points)
    installed.entries.cache_clear()
    server = TokenServer(time.time)
    with Server(serving(server)) as wire:
        path = tmp_path / "tokens.json"
        for name, value in {
            "BASE_URL": wire.url,
            "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": CLIENT_SECRET,
            "TOKEN_STORE": str(path),
        }.items():
            monkeypatch.setenv(f"SOCIALMETRICS_TOOL_{name}", value)
        desk = Desk(cli, server, wire.url, path, monkeypatch)
        desk.opens(lambda address: None)
        yield desk
    installed.entries.cache_clear()
