"""A real browser without a screen, which reaches nobody.

A picture of a report needs no more than this command:

    chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,2400 \
        --screenshot=report.png file://$PWD/report.html

`--blink-settings=preferredColorScheme=0` makes it dark, `--window-size=360,2400` one of
a phone; `--print-to-pdf=report.pdf` prints it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import attrs
import msgspec
import pytest

from tests.report.pages import Node, read

NAMES: Final = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DARK: Final = "--blink-settings=preferredColorScheme=0"
FRAME: Final = """<!doctype html><html><head><title></title></head><body>
<iframe src="{name}" style="width: {width}px; height: 800px; border: 0"></iframe>
</body></html>"""
"""Narrower than a window can be."""

ITSELF: Final = "not an origin"
"""Whom a log names for what the browser asks on its own behalf."""


@attrs.frozen
class Browser:
    """Opens files, each time as if it had just been installed."""

    program: str
    room: Path

    def run(self, path: Path, *flags: str) -> str:
        """What it prints when it opens that file with these flags."""
        number = len(list(self.room.glob("profile-*")))
        profile = f"--user-data-dir={self.room / f'profile-{number}'}"
        done = subprocess.run(  # noqa: S603 - the browser that was found
            [self.program, *FLAGS, profile, *flags, path.as_uri()],
            capture_output=True,
            check=True,
            timeout=120,
        )
        return done.stdout.decode()

    def opened(self, path: Path, *flags: str) -> Node:
        """The page as the browser has it after opening it."""
        return read(self.run(path, "--dump-dom", *flags))

    def measured(self, path: Path, script: str, *flags: str, width: int = 1280) -> str:
        """What a script finds in that page, so wide and without its policy."""
        page = path.read_text("utf-8").replace("Content-Security-Policy", "X-Nothing")
        told = f"<script>parent.document.title = {script}</script></body>"
        copy = self.room / f"copy-of-{path.name}"
        copy.write_text(page.replace("</body>", told), "utf-8")
        frame = self.room / f"frame-of-{path.name}"
        frame.write_text(FRAME.format(width=width, name=copy.name), "utf-8")
        seen = self.opened(frame, "--allow-file-access-from-files", *flags)
        return seen.one("title").text

    def asked_for(self, path: Path) -> set[str]:
        """Every address that it asked a network for, for the sake of that page."""
        log = self.room / "network.json"
        self.run(path, "--dump-dom", f"--log-net-log={log}")
        return set(_addresses(log))


class _Parameters(msgspec.Struct):
    url: str = ""
    initiator: str = ITSELF


class _Event(msgspec.Struct):
    params: _Parameters = msgspec.field(default_factory=_Parameters)


class _Log(msgspec.Struct):
    events: list[_Event]


def _addresses(log: Path) -> list[str]:
    found = msgspec.json.decode(log.read_bytes(), type=_Log)
    told = (each.params for each in found.events)
    return [each.url for each in told if each.url and each.initiator != ITSELF]


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """The browser of this machine."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium and no Chrome is installed here")
    room = tmp_path / "browser"
    room.mkdir()
    return Browser(program, room)
