"""Publishing from the command line: once, and every account is told of."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from socialmetrics import connections
from socialmetrics.adapter import Adapter
from tests.cli.commandline import Cli, Outcome
from tests.core.press import Press
from tests.core.press_api import PressApi, pressing
from tests.core.servers import Server

AT = "2027-01-11T06:00:00+00:00"


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


HELLO = ("Hello", "--profile", "x:@handle1,p2", "--key", "spring")


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
    ("line", "words"),
    [
        (("Hello",), "--profile is missing"),
        (("Hello", "--profile", ","), "--profile is missing"),
        (("Hello", "--profile", "p1", "--file", "a.txt"), "not both"),
        (("--profile", "p1", "--file", "none.txt"), "--file none.txt cannot be read"),
        (("Hello", "--profile", "p1", "--at", "soon"), "--at soon: no instant like"),
        (("Hello", "--profile", "p1", "--at", "2027-01-11"), "add the zone"),
        (("Hello", "--profile", "nobody"), "nobody"),
        (("", "--profile", "p1"), "neither text nor media"),
        (("Hello", "--profile", "p1", "--media", "a.png"), "there is no file"),
        (("Hello", "--profile", "p1", "--again", "failed"), "again= needs the key="),
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


def test_what_failed_ends_in_a_code_of_its_own_and_can_be_sent_again(
    press: Cli, api: PressApi
) -> None:
    api.faults = deque(["partial"])

    first = press("publish", *HELLO)
    second = press("publish", *HELLO, "--again", "failed")

    assert (first.code, second.code) == (3, 0)
    assert "not at this one" in first.out
    assert [each.profile for each in api.messages] == ["p1", "p2"]


def test_what_nobody_knows_is_an_error_and_can_be_asked_later(
    press: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.faults = deque(["cut before"])
    api.broken.add("search")
    no_waits(monkeypatch)

    found = press("publish", *HELLO)
    api.broken.clear()
    later = press("publication", "spring", "--json")

    assert found.code == later.code == 1
    assert "read back for x:handle1, x:n2: out of order" in found.err
    assert "Ask publication('spring') later" in found.err
    assert [each["state"] for each in later.objects] == ["unknown", "unknown"]


def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: object, seconds: float) -> None:
        assert seconds > 0

    monkeypatch.setattr("socialmetrics.transport.BlockingPort.sleep", at_once)


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
