from __future__ import annotations

import json
import os
import runpy
import sys
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

import socialmetrics as sm
from socialmetrics.cli import commands
from socialmetrics.cli.exits import MEANINGS, code_of, report
from socialmetrics.errors import (
    AuthRefused,
    Incomplete,
    InvalidQuery,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    SocialMetricsError,
    Unreachable,
    Unsupported,
)
from socialmetrics.retry import Retry
from tests.cli.commandline import TOKEN, WEEK, Cli, program

SECRET = "s3cr3tvalue"
METRIC = ("--metric", "impressions")


def block(err: str, *words: str) -> None:
    """One readable block: what, then what kind, and nothing secret."""
    first, *rest = err.splitlines()
    assert first.startswith("Error: ")
    assert rest
    assert all(line.startswith("  ") for line in rest)
    assert "Traceback" not in err
    assert SECRET not in err
    assert TOKEN not in err
    assert [word for word in words if word not in err] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "nonsense",
            "no command 'nonsense'; There are: adapters|plan, compare, sandbox, demo.",
        ),
        ("profile sprout", "no command 'profile'; did you mean profiles?"),
        ("profiles", "ADAPTER is missing|socialmetrics profiles --help"),
        ("profiles nobody", "no adapter is called 'nobody'|sprout"),
        ("profiles sprout", "sprout needs token|socialmetrics config"),
        ("profiles sprout --token s3cr3tvalue", "no option --token|--set NAME=VALUE"),
        ("profiles sprout --token=s3cr3tvalue", "no option --token|--set NAME=VALUE"),
        ("profiles sprout --set s3cr3tvalue", "--set takes NAME=VALUE"),
        ("profiles sprout --set S3=s3cr3tvalue", "--set takes NAME=VALUE"),
        ("profiles sprout --set clock=1", "--set clock: there is no setting"),
        ("profiles sprout --set tokn=s3cr3tvalue", "tokn|did you mean 'token'"),
        ("profiles sprout --set budget=[[1", "--set budget: it begins like JSON"),
        ("profiles sprout --set token=t --set budget=[[0,1]]", "a budget of 0 calls"),
        ("profiles sprout --set token=t --set timeout=soon", "timeout|number above 0"),
        (
            "profiles sprout --set token=t --set base_url=http://a.example",
            "unprotected; use https",
        ),
        ("profiles sprout --json --csv", "exclude each other"),
        ("profiles sprout --json --out p.csv", "--out says the form"),
        ("profiles sprout --out p.xls", "p.xls|.parquet or .csv or .jsonl"),
        ("profiles sprout --out nowhere/p.csv", "there is no folder nowhere"),
        ("profiles sprout --out folder.csv", "it is a folder"),
        ("profiles sprout --limit 0", "--limit 0 allows no row"),
        ("profiles sprout --limit many", "many|--limit"),
        ("posts sprout", "--from is missing"),
        ("posts sprout --from 2026-02-30 --to 2026-03-01", "--from 2026-02-30: no day"),
        ("plan sprout --metric x --from 08.03.2026", "08.03.2026|one like 2026-03-02"),
        ("posts sprout --from 2026-03-09 --to 2026-03-02", "lies after --to"),
        ("posts sprout --from 2026-03-02 --to 2026-03-02 --tz Mars", "Mars|IANA"),
        ("messages sprout --from 2026-03-02 --to 2026-03-02 --where x", "--where 'x'"),
        ("metrics sprout --from 2026-03-02 --to 2026-03-02", "--metric is missing"),
        ("plan sprout --metric likes --from 2026-03-02", "--to is missing"),
        ("capabilities nobody", "no adapter is called 'nobody'"),
        ("capabilities sprout --network orkut", "orkut|facebook"),
        ("config nobody", "no adapter is called 'nobody'"),
        ("sandbox nobody", "no adapter is called 'nobody'"),
        ("sandbox sprout --port 70000", "--port 70000"),
        ("sandbox sprout --port -1", "--port -1"),
        ("demo nobody", "no adapter is called 'nobody'"),
        ("demo sprout --out file/deeper", "--out file/deeper"),
    ],
)
def test_misuse_is_told_in_one_block_and_sends_nothing(
    cli: Cli, line: str, words: str
) -> None:
    Path("folder.csv").mkdir()
    Path("file").write_text("")

    outcome = cli(*line.split())

    assert outcome.code == 2
    assert outcome.out == ""
    block(outcome.err, *words.split("|"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("profiles", ""),
        ("posts --from 2026-03-02 --to 2026-03-03 --metric likez", "likez|likes"),
        ("posts --from 2026-03-02 --to 2026-03-03 --profile @nobody", "@nobody|@acme"),
        ("metrics --from 2026-03-02 --to 2026-03-03 --metric likez", "likez|likes"),
        ("posts --from 2026-03-02 --to 2026-03-03 --profile ,", "',' names no account"),
        (
            "metrics --from 2026-03-02 --to 2026-03-03 --metric impressions --by year",
            "year|--by",
        ),
        (
            "metrics --from 2026-03-02 --to 2026-03-03 --metric x --explain 3 --csv",
            "--explain names a row of the table",
        ),
    ],
)
def test_misuse_found_with_a_client_is_told_alike(
    sprout: Cli, line: str, words: str
) -> None:
    command, *tokens = line.split()

    outcome = sprout(command, *tokens)

    if words:
        assert (outcome.code, outcome.out) == (2, "")
        block(outcome.err, *words.split("|"))
    else:
        assert outcome.code == 0


def test_row_that_is_not_there_cannot_be_explained(sprout: Cli) -> None:
    outcome = sprout(
        "metrics", *WEEK, *METRIC, "--profile", "x:@acme", "--explain", "9"
    )

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err, "--explain 9: the table has 7 rows")


def test_wrong_token_is_refused_with_the_request_id(sprout: Cli) -> None:
    outcome = sprout("profiles", "--set", f"token={SECRET}")

    assert outcome.code == 3
    block(outcome.err, "AuthRefused", "HTTP 401", "request id", "check the credentials")


def test_closed_port_is_unreachable(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("socialmetrics.connections")
    monkeypatch.setattr(module, "Retry", partial(Retry, tries=1))

    outcome = sprout("profiles", "--set", "base_url=http://127.0.0.1:1")

    assert outcome.code == 5
    block(outcome.err, "Unreachable", "check the network")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[sprout", "socialmetrics.toml cannot be read"),
        ("sprout = 5", "[sprout] must be a table"),
        ("[sprout]\nportt = 1", "portt"),
    ],
)
def test_broken_settings_file_is_named(cli: Cli, text: str, words: str) -> None:
    Path("socialmetrics.toml").write_text(text)

    outcome = cli("config", "sprout")

    assert outcome.code == 2
    block(outcome.err, "socialmetrics.toml", words)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InvalidQuery("a"), 2, ""),
        (Unsupported("none", alternatives=("the app", "x")), 2, "instead: the app; x"),
        (Unsupported("none"), 2, "Unsupported"),
        (AuthRefused("no", status=401, code="E1"), 3, "HTTP 401, code E1"),
        (
            PermissionDenied("no", vendor="v", operation="posts"),
            3,
            "where       v posts",
        ),
        (RateLimited("slow"), 4, "wait a while"),
        (
            RateLimited("slow", retry_at=datetime(2026, 3, 2, 5, tzinfo=UTC)),
            4,
            "wait until 2026-03-02 05:00:00 UTC",
        ),
        (Incomplete("rows"), 5, "try again later"),
        (Unreachable("gone"), 5, "check the network"),
        (OutcomeUnknown("hm"), 7, "look at the vendor before you repeat it"),
        (OSError(28, "No space left"), 8, "see that the output can be written"),
        (ValueError("a\x1b[31m\nb"), 1, "Error: a [31m b"),
        (ValueError(), 1, "Error: ValueError"),
    ],
)
def test_every_error_has_a_code_and_a_block(
    error: Exception, code: int, words: str
) -> None:
    text = report(error)

    assert code_of(error) == code
    assert code in MEANINGS
    block(text, words)
    assert text.endswith("\n")


def test_every_named_error_is_mapped() -> None:
    def leaves(kind: type[SocialMetricsError]) -> set[type[SocialMetricsError]]:
        below = [leaf for each in kind.__subclasses__() for leaf in leaves(each)]
        return {kind, *below}

    unexpected = {
        kind.__name__
        for kind in leaves(SocialMetricsError)
        if kind.__module__ == "socialmetrics.errors"
        and code_of(kind.__new__(kind)) == 1
    }

    assert unexpected == {"SocialMetricsError"}


def test_bug_is_told_as_one_and_debug_shows_where(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(adapter: str) -> None:
        raise ZeroDivisionError("one by nothing")

    monkeypatch.setattr(commands, "_app", broken)

    quiet, loud = cli("adapters"), cli("adapters", "--debug")

    assert (quiet.code, loud.code) == (1, 1)
    block(quiet.err, "one by nothing", "--debug")
    assert "Traceback" in loud.err
    assert "in broken" in loud.err


def test_interruption_has_its_own_code(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(adapter: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_app", interrupted)

    assert cli("adapters").code == 130


@pytest.mark.parametrize("package", ["cyclopts", "rich"])
def test_missing_extra_is_named(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    _forget(monkeypatch, "socialmetrics.cli.commands")
    monkeypatch.setitem(sys.modules, package, None)

    outcome = cli("adapters")

    if package == "cyclopts":
        assert outcome.code == 2
        block(outcome.err, "cyclopts", "pip install 'socialmetrics[cli]'")
    else:
        assert outcome.code in {0, 2}


def test_missing_module_of_ours_is_a_bug(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget(monkeypatch, "socialmetrics.cli.commands")
    monkeypatch.setitem(sys.modules, "cyclopts.exceptions", None)

    outcome = cli("adapters")

    assert outcome.code == 1
    block(outcome.err, "cyclopts.exceptions")


def _forget(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("socialmetrics.cli.commands")


@pytest.mark.parametrize("line", ["--help", "adapters", "adapters --json"])
def test_closed_pipe_is_no_error(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)

        outcome = cli(*line.split())

        monkeypatch.undo()

    assert (outcome.code, outcome.err) == (0, "")


def test_package_runs_as_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["socialmetrics", "--version"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("socialmetrics.cli", run_name="__main__")

    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == sm.__version__


def test_reader_that_leaves_early_ends_it_quietly(sprout: Cli) -> None:
    tokens = ("posts", "sprout", "--from", "2025-01-01", "--to", "2026-03-08", "--json")
    with program(*tokens) as process:
        assert process.stdout is not None
        assert process.stderr is not None

        line = process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        code = process.wait()

    assert json.loads(line)["network"]
    assert (code, told) == (0, "")
