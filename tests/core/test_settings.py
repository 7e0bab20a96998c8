"""Settings come from the call, over the environment, over a file, and say so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from socialmetrics import settings
from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.settings import FILE, Setting, config_file, load
from tests.core.toy import Toy

ENV = "SOCIALMETRICS_TOY_"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere.toml"
    path.write_text('[toy]\ntoken = "from-file"\ntimeout = 9\n[other]\nx = 1\n')
    return path


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more adapters are installed."""
    names = dict.fromkeys(("toy_plus", "tea_pot"))
    monkeypatch.setattr(settings, "installed", lambda: names)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a user folder of our own; the latter is returned."""
    work, user = tmp_path / "work", tmp_path / "user"
    for folder in (work, user / "socialmetrics"):
        folder.mkdir(parents=True)
    monkeypatch.chdir(work)
    monkeypatch.setattr(settings, "user_config_path", user.joinpath)
    return user / "socialmetrics"


def test_the_strongest_origin_wins_for_each_setting(file: Path) -> None:
    environment = {ENV + "TOKEN": "from-env", ENV + "TIMEOUT": "8", "OTHER": "x"}

    found = load(Toy, {"token": "from-call", "proxy": None}, environment, file)

    assert found["token"].value == Secret("from-call")
    assert found["token"].origin == "option"
    assert found["timeout"].value == "8"
    assert found["timeout"].origin == f"environment {ENV}TIMEOUT"
    assert set(found) == {"token", "timeout"}


def test_a_file_speaks_where_nothing_else_does(file: Path) -> None:
    found = load(Toy, {}, {ENV + "TOKEN": ""}, file)

    assert found["token"].value == Secret("from-file")
    assert found["timeout"].value == 9
    assert found["timeout"].origin == f"file {file}"


def test_nothing_given_is_nothing_found() -> None:
    assert load(Toy, {}, {}) == {}


def test_the_environment_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENV + "CUSTOMER", "7")

    assert load(Toy, {})["customer"].value == "7"


def test_a_secret_is_shown_as_stars_everywhere(file: Path) -> None:
    found = load(Toy, {"proxy": "http://eve:hush@proxy"}, {}, file)

    assert found["token"].shown == "***"
    assert found["proxy"].shown == "***"
    assert found["timeout"].shown == "9"
    assert "from-file" not in repr(found)
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("variable", "problem"),
    [
        ("TOKN", "TOY_TOKN: toy has no setting 'tokn'; did you mean 'token'?"),
        ("ZZZ", "TOY_ZZZ: toy has no setting 'zzz': it has token,"),
        ("PLUSS_TOKEN", "toy has no setting 'pluss_token'"),
        ("", "toy has no setting ''"),
    ],
)
def test_a_variable_that_no_setting_has_is_refused(variable: str, problem: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        load(Toy, {}, {ENV + variable: "hush"})

    assert problem in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.usefixtures("others")
def test_variables_of_an_adapter_whose_name_begins_alike_are_its_own() -> None:
    environment = {ENV + "PLUS_TOKEN": "x", ENV + "PLUS_ZZZ": "x", ENV + "ZZZ": ""}

    assert load(Toy, {}, environment) == {}


def test_what_is_no_text_stays_as_it_is() -> None:
    owners = [object()]

    assert load(Toy, {"token": owners}, {})["token"] == Setting(
        name="token", value=owners, origin="option", is_secret=True
    )


def test_the_file_of_the_folder_comes_before_the_users(home: Path) -> None:
    nothing = config_file()
    (home / FILE).write_text('[toy]\ncustomer = "user"\n')
    users = load(Toy, {}, {})["customer"].value
    Path(FILE).write_text('[toy]\ncustomer = "folder"\n')
    folders = load(Toy, {}, {})["customer"].value

    assert nothing is None
    assert (users, folders) == ("user", "folder")
    assert config_file(home) == home / FILE


def test_a_folder_that_is_gone_holds_no_file(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()

    assert load(Toy, {"customer": "7"}, {})["customer"].value == "7"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"tokn": "x"}, "option: toy has no setting 'tokn'; did you mean 'token'?"),
        ({"concurency": 3}, "did you mean 'concurrency'?"),
        ({"zzz": 1}, "has no setting 'zzz': it has token, client_secret, customer, ba"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    options: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        load(Toy, options, {})

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"[toy]\ntokn = 'x'\n", "elsewhere.toml: toy has no setting 'tokn'"),
        (b"toy = 5\n", "[toy] must be a table of settings"),
        (b"[toy\n", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"a = " + b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_broken_file_is_refused_by_name(
    file: Path, text: bytes, problem: str
) -> None:
    file.write_bytes(text)

    with pytest.raises(InvalidQuery) as caught:
        load(Toy, {}, {}, file)

    assert problem in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[tooy]\ntoken = 'x'\n",
            "[tooy] is no installed adapter; did you mean [toy]?",
        ),
        ("[toy]\n[tea_pots.a]\n", "[tea_pots] is no installed adapter; did you mean"),
        ("[TOY]\n", "[TOY] is no installed adapter; did you mean [toy]?"),
        (
            "token = 'hush'\n",
            "'token' stands outside of every table; write it below a ",
        ),
        ("token = 'hush'\n[toy]\n", "line [toy], in the table of the adapter that"),
        ("[[elsewhere]]\ntoken = 'hush'\n", "'elsewhere' stands outside of every"),
        (
            "[elsewhere]\ntoken = 'hush'\n[nowhere]\n",
            (
                "no table of it is for an installed adapter: it has [elsewhere], "
                "[nowhere], installed are [tea_pot], [toy], [toy_plus]. Install the"
            ),
        ),
    ],
)
def test_what_is_likely_a_slip_in_the_file_is_refused(
    file: Path, text: str, problem: str
) -> None:
    file.write_text(text)

    with pytest.raises(InvalidQuery) as caught:
        load(Toy, {}, {}, file)

    assert problem in str(caught.value)
    assert str(caught.value).startswith(f"{file}: ")
    assert "hush" not in str(caught.value)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "[tea_pot]\n[elsewhere]\na = 1\n", "[toy]\n[other]\n"]
)
def test_tables_of_others_are_left_alone(file: Path, text: str) -> None:
    file.write_text(text)

    assert load(Toy, {}, {}, file) == {}


def test_a_file_that_is_not_there_is_refused_when_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="cannot be read"):
        load(Toy, {}, {}, tmp_path / "nowhere.toml")
