"""Tokens of owners in the settings file: only they change, and it is never broken."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from socialmetrics.cli.login_file import place, store
from socialmetrics.errors import InvalidQuery
from socialmetrics.oauth1 import Owner
from socialmetrics_x import X

FILE = Path("socialmetrics.toml")
NEW = Owner("42-new", "x-new")
TABLE = {"access_token": "42-new", "access_token_secret": "x-new"}
TABLES = '{access_token = "42-new", access_token_secret = "x-new"}'
SEVENTY_SEVEN = '{access_token = "77-other", access_token_secret = "x-other"}'
FORTY_TWO = '{access_token = "42-old", access_token_secret = "x-old"}'
LINES = 'access_token = "42-new"\naccess_token_secret = "x-new"'
LINES_OLD = LINES.replace("new", "old")
LINES_77 = LINES.replace("42", "77")


def owners_in(path: Path) -> Any:
    return tomllib.loads(path.read_text("utf-8"))["x"]["owners"]


def stored(text: str, owner: Owner = NEW) -> str:
    FILE.write_bytes(text.encode())
    store(FILE, "x", owner)
    return FILE.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[x]\nowners = [\n    {TABLES},\n]\n"),
        ("[x]\nk = 1", f"[x]\nk = 1\nowners = [\n    {TABLES},\n]\n"),
        (
            "[x]\nk = 1 # one\n\n# two\n[sprout]\n",
            f"[x]\nk = 1 # one\nowners = [\n    {TABLES},\n]\n\n# two\n[sprout]\n",
        ),
        ("x = {k = 1}\n", f"x = {{k = 1,owners = [\n    {TABLES},\n]}}\n"),
        ("[x]\nowners = []", f"[x]\nowners = [{TABLES}]"),
        (
            f"[x]\nowners = [ # all\n  {SEVENTY_SEVEN}, # one\n]\n",
            f"[x]\nowners = [ # all\n  {SEVENTY_SEVEN}, # one\n  {TABLES},\n]\n",
        ),
        (
            f"[x]\nowners = [\n  {FORTY_TWO}, # one\n  {SEVENTY_SEVEN}\n]\n",
            f"[x]\nowners = [\n  {TABLES}, # one\n  {SEVENTY_SEVEN}\n]\n",
        ),
        (
            '[x]\nowners = ["77-a:b"] # c\n',
            '[x]\nowners = ["77-a:b", "42-new:x-new"] # c\n',
        ),
        (
            '[x]\nowners = ["42-a:b", "77-a:b"]\n',
            '[x]\nowners = ["42-new:x-new", "77-a:b"]\n',
        ),
        (f"[[x.owners]]\n{LINES_OLD} # c\n", f"[[x.owners]]\n{LINES} # c\n"),
        (
            f"[[x.owners]]\n{LINES_77}\n",
            f"[[x.owners]]\n{LINES_77}\n[[x.owners]]\n{LINES}\n",
        ),
        (
            "[x]\nowners = '77-a:b' # c\n",
            '[x]\nowners = "77-a:b,42-new:x-new" # c\n',
        ),
        (
            '[x]\nowners = "77-a:b, 42-a:b 9-a:b"\n',
            '[x]\nowners = "77-a:b, 42-new:x-new 9-a:b"\n',
        ),
        ('[x]\nowners = ""\n', '[x]\nowners = "42-new:x-new"\n'),
        (
            '[x]\nowners = """\n77-a:b\n9-a:b\n"""\n',
            '[x]\nowners = """77-a:b\n9-a:b,42-new:x-new"""\n',
        ),
        ("[x]\r\nk = 1\r\n", f"[x]\r\nk = 1\r\nowners = [\n    {TABLES},\n]\n"),
    ],
)
def test_owners_are_extended_in_their_own_form(before: str, after: str) -> None:
    text = stored(before)

    assert text == after
    assert stored(text) == text
    assert "42-new" in given_by(FILE)


def given_by(path: Path) -> list[str]:
    """The tokens that the adapter finds in the file."""
    given = {"owners": owners_in(path), "consumer_key": "k", "consumer_secret": "s"}
    found = X.from_credentials(given)
    return [each.access_token.reveal() for each in found.owners.values()]


def test_tokens_without_a_user_id_are_told_apart_by_themselves() -> None:
    first, second = Owner("opaque", "x-1"), Owner("murky", "x-2")

    stored("", first)
    store(FILE, "x", second)
    store(FILE, "x", Owner("opaque", "x-3"))

    assert [each["access_token_secret"] for each in owners_in(FILE)] == ["x-3", "x-2"]


def test_a_link_to_the_file_stays_one() -> None:
    real = Path("dotfiles.toml")
    real.write_text("[x]\n")
    FILE.symlink_to(real)

    store(FILE, "x", NEW)

    assert FILE.is_symlink()
    assert owners_in(real) == [TABLE]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[x]\nowners = 5\n", "TypeError"),
        ("x = 5\n", "TypeError"),
        ('[x]\nconsumer_secret = "s3cr3tvalue', "Error"),
        ("[x]\nk = 1\n\xff", "Error"),
    ],
)
def test_a_file_that_cannot_be_extended_stays_as_it_is(text: str, words: str) -> None:
    FILE.write_bytes(text.encode("latin-1"))

    with pytest.raises(InvalidQuery, match=f"cannot be extended: .*{words}") as caught:
        store(FILE, "x", NEW)

    assert FILE.read_bytes() == text.encode("latin-1")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "s3cr3t" not in str(caught.value)


def test_a_file_that_would_change_elsewhere_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FILE.write_text("[x]\nk = 1\n")

    def careless(document: object) -> str:
        return "[x]\nk = 2\n"

    monkeypatch.setattr(tomlkit, "dumps", careless)

    with pytest.raises(InvalidQuery, match="something else in it would change"):
        store(FILE, "x", NEW)

    assert FILE.read_text() == "[x]\nk = 1\n"


@pytest.mark.parametrize(
    ("path", "words"),
    [("folder/socialmetrics.toml", "directory"), ("file/deeper/a.toml", "written")],
)
def test_what_cannot_be_written_is_named(path: str, words: str) -> None:
    Path("folder/socialmetrics.toml").mkdir(parents=True)
    Path("file").write_text("")

    with pytest.raises(InvalidQuery, match=words):
        store(Path(path), "x", NEW)


def test_the_file_in_force_is_the_one_of_the_working_folder() -> None:
    own = Path("config/socialmetrics/socialmetrics.toml").absolute()
    before = place()
    FILE.write_text("")

    assert before == own
    assert place() == FILE.absolute()
