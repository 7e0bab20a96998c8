from __future__ import annotations

import signal
import sys
import tempfile
import tomllib
from pathlib import Path
from socket import create_server

import pytest

from socialmetrics.adapter import Adapter
from socialmetrics.cli import sandboxes
from socialmetrics.cli.sandboxes import reach
from socialmetrics.cli.served import open_sandbox
from socialmetrics.errors import MissingCredential
from socialmetrics.sandbox import World
from tests.cli.commandline import TOKEN, Cli, program


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxes, "wait", lambda: None)


@pytest.mark.usefixtures("no_wait")
@pytest.mark.parametrize("names", [(), ("sprout",)])
def test_directions_can_be_pasted(cli: Cli, names: tuple[str, ...]) -> None:
    outcome = cli("sandbox", *names)

    assert outcome.code == 0
    lines = outcome.out.splitlines()
    exports = [line for line in lines if line.startswith("export ")]
    snippet = outcome.out.partition("\n[sprout]\n")[2].partition("\n\n")[0]
    table = tomllib.loads(snippet)
    assert f"export SOCIALMETRICS_SPROUT_TOKEN={TOKEN}" in exports
    assert table["token"] == TOKEN
    assert table["base_url"] == table["auth_url"]
    assert table["base_url"].startswith("http://127.0.0.1:")
    assert table["clock"] == World(scale=0.01).now.isoformat()
    assert "fake" in outcome.out


def test_a_vendor_that_publishes_has_a_ledger_that_ends_with_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    there: list[Path] = []
    monkeypatch.setattr(sandboxes, "wait", lambda: there.extend(tmp_path.iterdir()))

    found = cli("sandbox", "sprout", "x")

    ledgers = [line for line in found.out.splitlines() if "ledger" in line.lower()]
    path = str(there[0] / "ledger.db")
    assert ledgers == [
        f"export SOCIALMETRICS_SPROUT_LEDGER={path}",
        f'ledger = "{path}"',
    ]
    assert len(there) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_wait")
def test_what_is_pasted_into_a_shell_is_quoted(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a b").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "a b"))

    found = cli("sandbox", "sprout")

    assert f"SOCIALMETRICS_SPROUT_LEDGER='{tmp_path}/a b/" in found.out


@pytest.mark.usefixtures("no_wait")
def test_port_that_is_taken_is_named(cli: Cli) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        outcome = cli("sandbox", "sprout", "--port", str(port))

    assert outcome.code == 2
    assert f"--port {port} cannot be used: Address already in use" in outcome.err


@pytest.mark.usefixtures("no_wait")
def test_adapter_without_sandbox_is_left_out_unless_it_is_asked_for(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Toy(Adapter):
        name = "toy"
        title = "Toy"

    monkeypatch.setattr(sandboxes, "adapters", lambda: ("toy",))
    monkeypatch.setattr(sandboxes, "adapter_class", {"toy": Toy}.__getitem__)

    every, asked = cli("sandbox"), cli("sandbox", "toy")

    assert every.code == 0
    assert every.out.startswith("# Serving")
    assert asked.code == 2
    assert "brings no sandbox" in asked.err


@pytest.mark.parametrize(
    ("command", "package"),
    [
        ("sandbox", "starlette.applications"),
        ("sandbox", "uvicorn"),
        ("demo", "uvicorn"),
    ],
)
def test_missing_server_is_named_with_the_extra(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, package: str, command: str
) -> None:
    for name in [*sys.modules]:
        if name.startswith(("socialmetrics.sandbox.server", "socialmetrics_sprout.s")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)

    outcome = cli(command, "sprout")

    assert outcome.code == 2
    assert package in outcome.err
    assert "pip install 'socialmetrics[sandbox]'" in outcome.err


def test_ctrl_c_is_how_it_ends() -> None:
    with program("sandbox", "sprout") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "Ctrl-C" not in process.stdout.readline():
            pass

        process.send_signal(signal.SIGINT)
        code = process.wait(10)
        told = process.stderr.read()

    assert (code, told) == (0, "")


def test_waiting_ends_with_ctrl_c(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pressed:
        def wait(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(sandboxes, "Event", Pressed)

    assert cli("sandbox", "sprout").code == 0


class TwoKeys(Adapter):
    """Takes a key with its secret, and logs in where it answers."""

    name = "two"
    title = "Two"

    @classmethod
    def from_credentials(cls, given: object) -> Adapter:
        if not isinstance(given, dict) or given.keys() != {"key", "secret"}:
            raise MissingCredential("two needs key and secret")
        return cls()


@pytest.mark.parametrize(
    ("credentials", "settings"),
    [
        ({"key": "k", "secret": "s", "other": "o"}, {"key": "k", "secret": "s"}),
        ({"key": "k"}, {"key": "k"}),
    ],
)
def test_fewest_credentials_that_open_it_are_given(
    credentials: dict[str, str], settings: dict[str, str]
) -> None:
    found = reach(TwoKeys, "http://127.0.0.1:1", credentials)

    assert found == {"base_url": "http://127.0.0.1:1", **settings}


def test_demo_sandbox_is_the_adapter_s() -> None:
    made = open_sandbox(World(scale=0.01), adapter="sprout", per_minute=6000)

    assert made.credentials["token"] == TOKEN
