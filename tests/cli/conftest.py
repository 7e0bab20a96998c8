from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from socialmetrics import connections
from socialmetrics.adapter import Adapter
from socialmetrics.cli.main import main
from socialmetrics.cli.sandboxes import reach
from socialmetrics.sandbox import World
from socialmetrics.sandbox.server import serve
from socialmetrics_hootsuite import Hootsuite
from socialmetrics_hootsuite.sandbox import sandbox as sandbox_hootsuite
from socialmetrics_sprout.sandbox import sandbox
from socialmetrics_x import X
from socialmetrics_x.sandbox import sandbox as sandbox_x
from tests.cli.commandline import TOKEN, Cli, Outcome
from tests.core.press import Press
from tests.core.press_api import PressApi, pressing
from tests.core.servers import Server


@pytest.fixture(scope="session")
def world() -> World:
    """The world of both sandboxes."""
    return World(scale=0.06, burst=0)


@pytest.fixture(scope="session")
def address(world: World) -> Iterator[str]:
    made = sandbox(world, per_minute=1_000_000)
    with serve(made.app) as running:
        yield running.url


@pytest.fixture(scope="session")
def x_settings(world: World) -> Iterator[dict[str, str]]:
    made = sandbox_x(world, per_minute=1_000_000)
    with serve(made.app) as running:
        yield reach(X, running.url, made.credentials)


@pytest.fixture(scope="session")
def hootsuite_settings(world: World) -> Iterator[dict[str, str]]:
    made = sandbox_hootsuite(world, per_second=1_000_000)
    with serve(made.app) as running:
        yield reach(Hootsuite, running.url, made.credentials)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*tokens: str) -> Outcome:
        code = main(tokens)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run


@pytest.fixture
def sprout(cli: Cli, address: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("SOCIALMETRICS_SPROUT_BASE_URL", address)
    monkeypatch.setenv("SOCIALMETRICS_SPROUT_TOKEN", TOKEN)

    def run(command: str, *tokens: str) -> Outcome:
        return cli(command, "sprout", *tokens)

    return run


@pytest.fixture
def x(cli: Cli, x_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    for name, value in x_settings.items():
        monkeypatch.setenv(f"SOCIALMETRICS_X_{name.upper()}", value)

    def run(command: str, *tokens: str) -> Outcome:
        return cli(command, "x", *tokens)

    return run


@pytest.fixture
def three(
    sprout: Cli,
    x: Cli,
    cli: Cli,
    world: World,
    hootsuite_settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Cli:
    """The command line with the settings of three tools, whose clock stands still."""
    del sprout, x
    for name, value in hootsuite_settings.items():
        monkeypatch.setenv(f"SOCIALMETRICS_HOOTSUITE_{name.upper()}", value)
    for tool in ("SPROUT", "X", "HOOTSUITE"):
        monkeypatch.setenv(f"SOCIALMETRICS_{tool}_CLOCK", world.now.isoformat())
    return cli


@pytest.fixture
def api() -> PressApi:
    return PressApi()


@pytest.fixture
def press(
    cli: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Cli]:
    """The command line at a vendor that publishes."""

    def only(name: str) -> type[Adapter]:
        assert name == "toy"
        return Press

    monkeypatch.setattr(connections, "adapter_class", only)
    monkeypatch.setenv("SOCIALMETRICS_TOY_TOKEN", "t")
    monkeypatch.setenv("SOCIALMETRICS_TOY_LEDGER", str(tmp_path / "ledger.db"))
    with Server(pressing(api)) as server:
        monkeypatch.setenv("SOCIALMETRICS_TOY_BASE_URL", server.url)

        def run(command: str, *tokens: str) -> Outcome:
            return cli(command, "toy", *tokens)

        yield run
