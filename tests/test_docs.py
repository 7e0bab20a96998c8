"""The documentation is fresh, and every program in it runs and prints what it says."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import runpy
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import CodeType
from typing import Final

import httpx
import pytest

from socialmetrics.cli.main import main
from socialmetrics.cli.sandboxes import reach
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import sandbox as hootsuite
from socialmetrics_hootsuite.legacy import sandbox as legacy
from socialmetrics_sprout import sandbox as sprout
from socialmetrics_x import sandbox as x

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAM = re.compile(r"```python\n(.*?)```(?:\n+```text\n(.*?)```)?", re.DOTALL)
COMMAND = re.compile(r"```\n\$ socialmetrics (.*?)\n(.*?)```", re.DOTALL)
VENDOR_ID: Final = re.compile(r"495033\d{4}")
LEADING: Final = 'week = sm.Window.days("2026-03-02", "2026-03-08")\n'
PIXEL: Final = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000100000001080600")


def programs() -> Iterator[object]:
    for page in PAGES:
        found = PROGRAM.findall(page.read_text("utf-8"))
        for number, (code, output) in enumerate(found):
            yield pytest.param(code, output, id=f"{page.name}-{number}")


def commands() -> Iterator[object]:
    """What is shown of the command line, with what it prints."""
    for page in PAGES:
        found = COMMAND.findall(page.read_text("utf-8"))
        for number, (command, output) in enumerate(found):
            yield pytest.param(command, output, id=f"{page.name}-{number}")


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """What `socialmetrics sandbox` prints, though without the vendors' limits."""
    world = World()
    boxes = {
        "sprout": sprout.sandbox(world, per_minute=100_000),
        "x": x.sandbox(world, per_minute=100_000),
        "hootsuite": hootsuite.sandbox(world, per_second=100_000),
        "hootsuite_legacy": legacy.sandbox(world, per_hour=100_000),
    }
    found: dict[str, str] = {}
    with ExitStack() as stack:
        for name, box in boxes.items():
            url = stack.enter_context(serve(box.app)).url
            told = reach(adapter_class(name), url, box.credentials)
            told["clock"] = box.now.isoformat()
            for setting, value in told.items():
                found[f"SOCIALMETRICS_{name}_{setting}".upper()] = value
        yield found


def visit(address: str) -> str:
    """What a user does in the browser: says yes, and is sent back to this address."""
    page, _, query = address.partition("?")
    form = {**httpx.QueryParams(query), "allow": "1", "member": "1155000"}
    return httpx.post(page, data=form).headers["location"]


@pytest.fixture(autouse=True)
def a_users_machine(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Settings that lead to the sandboxes, an empty home, and a picture."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spring.png").write_bytes(PIXEL)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("code", "output"), list(programs()))
def test_program_runs(
    code: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "import socialmetrics" not in code and "from socialmetrics" not in code:
        code = "import socialmetrics as sm\n" + LEADING + code
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    compiled: CodeType = compile(code, "documentation", "exec", flags)
    names: dict[str, object] = {"__name__": "documentation", "visit": visit}

    result: object = eval(compiled, names)  # noqa: S307  # our own documentation

    if inspect.iscoroutine(result):
        asyncio.run(result)
    if output:
        assert capsys.readouterr().out == output


@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_command_prints_what_is_shown(
    command: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(shlex.split(command))

    assert code == 0
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    shown = [line.rstrip() for line in output.splitlines()]
    assert [VENDOR_ID.sub("", line) for line in printed] == [
        VENDOR_ID.sub("", line) for line in shown
    ]


def test_every_vendor_has_a_page_that_the_menu_shows() -> None:
    menu = (ROOT / "zensical.toml").read_text("utf-8")
    shown = set(re.findall(r'"(\w+\.md)"', menu))

    assert shown == {page.name for page in PAGES} - {"README.md"}
    written = " ".join(page.read_text("utf-8") for page in PAGES)
    assert not [name for name in adapters() if f'sm.connect("{name}"' not in written]


def test_generated_parts_are_fresh() -> None:
    generate = runpy.run_path(str(ROOT / "docs" / "generate.py"))

    stale = [
        path.name
        for path, text in generate["fresh"]()
        if path.read_text("utf-8") != text
    ]

    assert stale == [], "run: python docs/generate.py"
