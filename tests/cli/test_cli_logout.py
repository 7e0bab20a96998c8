"""`logout`: the tokens that a login stored are removed, and it is said which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commandline import Cli
from tests.cli.logging_in import Desk, desk_of
from tests.cli.test_cli_errors import block
from tests.core.grants import ACCOUNT


@pytest.fixture
def desk(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_of(cli, tmp_path, monkeypatch) as found:
        found.types(found.allowed)
        yield found


def test_a_logout_removes_the_tokens_of_that_account(desk: Desk) -> None:
    desk.run("login", "--no-browser")
    desk.run("login", "--no-browser", "--set", "account=acme")

    outcome = desk.run("logout")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == f"The tokens of {ACCOUNT} are removed from {desk.path}\n"
    assert desk.kept is None
    assert "acme" in desk.path.read_text()
    desk.shows_nothing_secret(outcome)


def test_a_second_logout_finds_nothing(desk: Desk) -> None:
    outcome = desk.run("logout", "--json")

    assert outcome.code == 0
    assert outcome.err == f"There were no tokens of {ACCOUNT} in {desk.path}\n"
    assert outcome.objects == [
        {"account": ACCOUNT, "removed": False, "store": str(desk.path)}
    ]


def test_tokens_that_are_still_set_are_told(desk: Desk) -> None:
    desk.monkeypatch.setenv("SOCIALMETRICS_TOOL_REFRESH_TOKEN", "s3cr3tvalue")

    outcome = desk.run("logout")

    variable = "environment SOCIALMETRICS_TOOL_REFRESH_TOKEN"
    assert f"refresh_token is still set ({variable}), and will be used" in outcome.err
    assert "s3cr3tvalue" not in outcome.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("logout sprout", "keeps no tokens of its own|socialmetrics config sprout"),
        ("logout nobody", "no adapter is called 'nobody'"),
        ("logout", "ADAPTER is missing|socialmetrics logout --help"),
    ],
)
def test_misuse_is_told_in_one_block(cli: Cli, line: str, words: str) -> None:
    outcome = cli(*line.split())

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err, *words.split("|"))


def test_a_store_that_is_broken_is_told(desk: Desk) -> None:
    desk.path.write_text("s3cr3tvalue")
    desk.path.chmod(0o600)

    outcome = desk.run("logout")

    assert outcome.code == 2
    block(outcome.err, "holds something else than tokens")
