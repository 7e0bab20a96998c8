"""Publishing from the command line: once, and every account is told of."""

from __future__ import annotations

import sys
from collections import deque
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.commandline import HELLO, Cli
from tests.core.press_api import PressApi

AT = "2027-01-11T06:00:00+00:00"


def test_a_text_goes_out_once(press: Cli, api: PressApi) -> None:
    first = press("publish", *HELLO)
    second = press("publish", *HELLO)

    assert first.code == second.code == 0
    assert first.out == second.out
    assert "Published" in first.out
    assert "x @handle1" in first.out
    assert "x Profile 2" in first.out
    assert "  by x" in first.out
    assert [each.text for each in api.messages] == ["Hello", "Hello"]
    assert api.sent == 1


def test_deliveries_are_told_as_data(press: Cli) -> None:
    lines = press("publish", *HELLO, "--json")
    rows = press("publish", *HELLO, "--csv")

    assert [each["state"] for each in lines.objects] == ["scheduled", "scheduled"]
    assert lines.objects[0]["profile"] == "x @handle1"
    assert lines.objects[0]["key"] == "spring"
    assert [each["vendor_id"] for each in rows.rows] == ["1", "2"]
    assert lines.err == rows.err == "  by x\n"


def test_a_dry_run_sends_nothing(press: Cli, api: PressApi, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    line = (*HELLO, "--dry-run", "--at", AT, "--media", str(tmp_path / "a.png"))

    table, lines = press("publish", *line), press("publish", *line, "--json")

    assert table.code == 0
    assert "Not sent: what would be" in table.out
    assert lines.objects[0] == {
        "request": 1,
        "network": "x",
        "native_id": "n1",
        "profile": "x @handle1",
        "at": "2027-01-11 06:00",
        "media": "a.png",
        "notes": "by x",
    }
    assert api.calls == ["GET profiles", "GET profiles"]


@pytest.mark.parametrize(("at", "told"), [((), "at once"), (("--at", "auto"), "auto")])
def test_a_dry_run_tells_when(press: Cli, at: tuple[str, ...], told: str) -> None:
    found = press("publish", *HELLO, *at, "--dry-run", "--json")

    assert [each["at"] for each in found.objects] == [told, told]


def test_the_text_may_come_from_a_file_or_the_standard_input(
    press: Cli, api: PressApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("from a file", "utf-8")
    monkeypatch.setattr(sys, "stdin", StringIO("from a pipe"))

    press("publish", "--profile", "p1", "--file", str(tmp_path / "a.txt"))
    press("publish", "--file", "-", "--profile", "p1", "--tag", "a,b")

    assert [each.text for each in api.messages] == ["from a file", "from a pipe"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("\ufeffHello\r\n", "Hello"),
        ("Hello\n\n", "Hello\n"),
        (" Hello \nyou", " Hello \nyou"),
    ],
)
def test_what_editors_add_to_a_file_is_not_published(
    press: Cli, api: PressApi, tmp_path: Path, content: str, text: str
) -> None:
    (tmp_path / "a.txt").write_bytes(content.encode())

    press("publish", "--profile", "p1", "--file", str(tmp_path / "a.txt"))

    assert [each.text for each in api.messages] == [text]


def test_the_standard_input_loses_one_newline_too(
    press: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("\ufeffHello\n"))

    press("publish", "--profile", "p1", "--file", "-")

    assert [each.text for each in api.messages] == ["Hello"]


def test_a_text_may_begin_with_a_dash(press: Cli, api: PressApi) -> None:
    wrong = press("publish", "-5% off", "--profile", "p1")
    turned = press("publish", "--", "-5% off", "--profile", "p1")
    right = press("publish", "--profile", "p1", "--", "-5% off")

    assert (wrong.code, turned.code, right.code) == (2, 2, 0)
    assert "stands last, after --, or comes from --file -" in wrong.err
    assert "options stand before it" in turned.err
    assert [each.text for each in api.messages] == ["-5% off"]


def test_a_slip_in_an_option_is_not_taken_for_a_text(press: Cli) -> None:
    found = press("publish", "Hello", "--profil=p1")
    many = press("publish", "Hello", "world", "--profile", "p1")

    assert (found.code, many.code) == (2, 2)
    assert "there is no option --profil" in found.err
    assert "after --" not in found.err + many.err


def test_a_file_whose_name_says_nothing_is_told(press: Cli, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"png")

    found = press("publish", "Hello", "--profile", "p1", "--media", "photo")

    assert found.code == 2
    assert "--media photo: its name does not tell what it is" in found.err


@pytest.mark.parametrize("command", [("publish", "x", "Hello"), ("publication", "x")])
def test_who_cannot_publish_says_so_before_credentials(
    cli: Cli, command: tuple[str, ...]
) -> None:
    found = cli(*command)

    assert found.code == 2
    assert "Unsupported" in found.err
    assert "instead: " in found.err
    assert "credential" not in found.err.lower()


def test_help_says_that_only_a_key_keeps_it_from_going_out_twice(cli: Cli) -> None:
    told = " ".join(cli("publish", "--help").out.replace("│", " ").split())

    assert "Without it, the same command publishes it again" in told
    assert "One newline at its end does not belong to the text" in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("Hello",), "--profile is missing"),
        (("Hello", "--profile", ","), "--profile is missing"),
        (("Hello", "--profile", "p1", "--file", "a.txt"), "not both"),
        (("--profile", "p1", "--file", "none.txt"), "--file none.txt cannot be read"),
        (("Hello", "--profile", "p1", "--at", "soon"), "--at soon: no instant like"),
        (
            ("Hello", "--profile", "p1", "--at", "2030-01-01"),
            "as in 2030-01-01T00:00+00:00",
        ),
        (
            ("Hello", "--profile", "p1", "--at", "2030-01-01T10:00"),
            "as in 2030-01-01T10:00+00:00",
        ),
        (
            ("Hello", "--profile", "p1", "--at", "2030-01-01+00:00+00:00"),
            "no instant like",
        ),
        (("Hello", "--profile", "p1", "--at", "2030-01-01+00:00"), "no instant like"),
        (("Hello", "--profile", "nobody"), "nobody"),
        (("", "--profile", "p1"), "neither text nor media"),
        (
            ("Hello", "--profile", "p1", "--media", "a.png"),
            "a.png: there is no file",
        ),
        (("Hello", "--profile", "p1", "--media", ""), "--media is empty"),
        (("Hello", "--profile", "p1", "--media", "."), "--media .: there is no file"),
        (("Hello", "--profile", "p1", "--again", "failed"), "--again needs the --key"),
        (("Hello", "--profile", "p1", "--again", "always"), "--again"),
    ],
)
def test_what_cannot_be_published_is_told(
    press: Cli, api: PressApi, line: tuple[str, ...], words: str
) -> None:
    found = press("publish", *line)

    assert found.code == 2
    assert words in found.err
    assert api.sent == 0


def test_the_standard_input_may_be_no_text(
    press: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(StringIO):
        def read(self, size: int | None = -1) -> str:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")

    monkeypatch.setattr(sys, "stdin", Broken())

    found = press("publish", "--file", "-", "--profile", "p1")

    assert found.code == 2
    assert "--file - cannot be read" in found.err


@pytest.mark.parametrize("given", [None, StringIO("a\udcffb")])
def test_the_standard_input_may_be_closed_or_half_a_text(
    press: Cli, monkeypatch: pytest.MonkeyPatch, given: StringIO | None
) -> None:
    monkeypatch.setattr(sys, "stdin", given)

    found = press("publish", "--file", "-", "--profile", "p1")

    assert found.code == 2
    assert "Error: --file -" in found.err


def test_what_failed_ends_in_a_code_of_its_own_and_can_be_sent_again(
    press: Cli, api: PressApi
) -> None:
    api.faults = deque(["partial"])

    first = press("publish", *HELLO)
    second = press("publish", *HELLO, "--again", "failed")

    assert (first.code, second.code) == (3, 0)
    assert "not at this one" in first.out
    assert "Published" not in first.out
    assert [each.profile for each in api.messages] == ["p1", "p2"]


def test_a_publication_is_looked_up_by_its_key(press: Cli, api: PressApi) -> None:
    press("publish", *HELLO)
    api.messages[0].state = "SENT"

    found = press("publication", "spring", "--csv")

    assert found.code == 0
    assert [each["state"] for each in found.rows] == ["sent", "scheduled"]
    assert api.sent == 1


def test_what_is_there_twice_is_withdrawn_when_it_is_asked_for(
    press: Cli, api: PressApi
) -> None:
    api.faults, api.times = deque(["cut after"]), 2
    press("publish", *HELLO)

    found = press("publication", "spring", "--remove-spare", "--json")

    states = [each["state"] for each in found.objects]
    assert states == ["scheduled", "deleted", "scheduled", "deleted"]
    assert "x:handle1 has it 2 times" in found.err


def test_without_a_key_all_that_are_known_are_listed(press: Cli) -> None:
    nothing = press("publication", "--json")
    press("publish", *HELLO)

    table, lines = press("publication"), press("publication", "--json")

    assert (nothing.code, nothing.out) == (0, "")
    assert "Remembered publications" in table.out
    assert lines.objects[0]["key"] == "spring"
    assert lines.objects[0]["states"] == "scheduled"


def test_a_key_that_nobody_used_is_told(press: Cli) -> None:
    found = press("publication", "autumn")

    assert found.code == 2
    assert "remembers no publication of toy with key='autumn'" in found.err


def test_a_vendor_that_makes_drafts_says_so(
    sprout: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALMETRICS_SPROUT_LEDGER", str(tmp_path / "ledger.db"))
    line = ("publish", "Hello", "--profile", "x:@acme", "--at", AT, "--key", "a")

    found, later = sprout(*line), sprout("publication", "a", "--json")

    assert found.code == later.code == 0
    assert "somebody has to approve it in the app" in found.out
    assert later.objects[0]["state"] == "draft"
