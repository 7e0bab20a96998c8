from __future__ import annotations

import re
import sys
from importlib.metadata import version
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from socialmetrics import installed
from socialmetrics.cli.commands import COMMANDS
from tests.cli.commandline import Cli, python


def test_help_lists_every_command_and_exit_code(cli: Cli) -> None:
    outcome = cli("--help")

    assert outcome.code == 0
    assert [each.name for each in COMMANDS if each.name not in outcome.out] == []
    assert "Exit codes" in outcome.out
    assert "130" in outcome.out
    assert "which nobody knows whether it happened" in outcome.out


@pytest.mark.parametrize(
    ("command", "endings"),
    [
        ("profiles", [".parquet", ".csv", ".jsonl"]),
        ("posts", [".parquet", ".csv", ".jsonl"]),
        ("messages", [".parquet", ".csv", ".jsonl"]),
        ("metrics", [".parquet", ".csv", ".jsonl", ".json"]),
    ],
)
def test_every_ending_of_a_file_is_told(
    cli: Cli, command: str, endings: list[str]
) -> None:
    told = " ".join(cli(command, "--help").out.split())

    assert (
        re.findall(r"\.(?:parquet|csv|jsonl?)\b", told.rpartition("--out")[2])[
            : len(endings)
        ]
        == endings
    )


def test_nothing_said_is_a_question_for_help(cli: Cli) -> None:
    assert cli() == cli("--help")


@pytest.mark.parametrize("name", [each.name for each in COMMANDS])
def test_help_of_a_command_has_an_example_that_works_here(cli: Cli, name: str) -> None:
    outcome = cli(name, "--help")

    assert outcome.code == 0
    assert f"Example: socialmetrics {name}" in outcome.out
    assert "--debug" in outcome.out
    example = outcome.out.partition("Example:")[2].partition("╭")[0]
    assert "ADAPTER" not in example


def test_examples_name_no_adapter_where_none_is_installed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(group: str) -> tuple[()]:
        assert group == installed.GROUP
        return ()

    monkeypatch.setattr(installed, "entry_points", nobody)
    installed.entries.cache_clear()

    assert "socialmetrics posts ADAPTER" in cli("posts", "-h").out
    installed.entries.cache_clear()


def test_terminal_that_knows_few_characters_gets_question_marks(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setenv("COLUMNS", "60")

    code = cli("config").code
    sys.stdout.flush()

    assert code == 0
    assert b"SOCIALMETRICS_SPROUT_" in raw.getvalue()
    assert b"?" in raw.getvalue()


def test_output_may_be_any_stream(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    into = StringIO()
    monkeypatch.setattr(sys, "stdout", into)

    assert cli("adapters").code == 0
    assert "sprout" in into.getvalue()


def test_version_is_the_package_s(cli: Cli) -> None:
    assert cli("--version").out.strip() == version("socialmetrics")


def test_help_loads_neither_numbers_nor_http() -> None:
    code = (
        "import sys; from socialmetrics.cli.main import main; "
        "main(['metrics', '--help']); main(['posts', 'sprout']); "
        "print(sorted({'numpy', 'httpx', 'msgspec'} & set(sys.modules)))"
    )

    with python("-c", code) as process:
        out, _ = process.communicate()

    assert out.splitlines()[-1] == "[]"
