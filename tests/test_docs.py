"""The documentation is fresh, and every program in it runs as it stands."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_sprout.sandbox import CREDENTIALS, app
from socialmetrics_x import sandbox as x
from tests.sprout.bad_input import as_markdown

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)


def programs() -> Iterator[object]:
    for page in PAGES:
        for number, code in enumerate(PROGRAM.findall(page.read_text("utf-8"))):
            yield pytest.param(code, id=f"{page.name}-{number}")


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    """The environment that leads to the sandboxes."""
    engagement = x.sandbox(World(), per_minute=100_000)
    with (
        serve(app(World(scale=0.1), per_minute=100_000)) as sprout,
        serve(engagement.app) as counts,
    ):
        told = {"BASE_URL": counts.url, "AUTH_URL": counts.url}
        told |= {name.upper(): value for name, value in engagement.credentials.items()}
        yield {
            "SOCIALMETRICS_SPROUT_BASE_URL": sprout.url,
            "SOCIALMETRICS_SPROUT_TOKEN": CREDENTIALS["token"],
            **{f"SOCIALMETRICS_X_{name}": value for name, value in told.items()},
        }


@pytest.mark.parametrize("code", list(programs()))
def test_program_runs(
    code: str,
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    if "import socialmetrics" not in code and "from socialmetrics" not in code:
        code = "import socialmetrics as sm\n" + LEADING + code
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    compiled: CodeType = compile(code, "documentation", "exec", flags)
    names: dict[str, object] = {"__name__": "documentation"}

    result: object = eval(compiled, names)  # noqa: S307  # our own documentation

    if inspect.iscoroutine(result):
        asyncio.run(result)


LEADING = 'week = sm.Window.days("2026-03-02", "2026-03-08")\n'


def test_generated_parts_are_fresh() -> None:
    generate = runpy.run_path(str(ROOT / "docs" / "generate.py"))

    stale = [
        path.name
        for path, text in generate["fresh"]()
        if path.read_text("utf-8") != text
    ]

    assert stale == [], "run: python docs/generate.py"


def test_the_table_of_mistakes_is_the_tested_one() -> None:
    page = (ROOT / "docs" / "sprout.md").read_text("utf-8")

    assert "\n".join(as_markdown()) in page
