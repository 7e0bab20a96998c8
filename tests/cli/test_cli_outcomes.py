"""A publication that ends otherwise than with its receipt: it may be out by then."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

import pytest

from socialmetrics.cli.exits import MEANINGS, report
from socialmetrics.cli.options import FORM
from socialmetrics.cli.outcomes import Call
from socialmetrics.cli.receipts import verdict
from socialmetrics.errors import OutcomeUnknown
from socialmetrics.model import Delivery, Publication
from tests.cli.commandline import HELLO, Cli
from tests.core.press_api import PressApi
from tests.core.toy import profile

KEYLESS = HELLO[:3]
ASK = "socialmetrics publication toy spring"
LOOK = "look at the vendor before you publish it again"


@pytest.fixture
def lost(api: PressApi, monkeypatch: pytest.MonkeyPatch) -> PressApi:
    """The vendor breaks off before it publishes, and cannot be asked."""

    async def at_once(_: object, seconds: float) -> None:
        assert seconds > 0

    monkeypatch.setattr("socialmetrics.transport.BlockingPort.sleep", at_once)
    api.faults = deque(["cut before"])
    api.broken.add("search")
    return api


# -- nobody knows ----------------------------------------------------------------------


def test_what_nobody_knows_is_shown_with_what_to_do(press: Cli, lost: PressApi) -> None:
    found = press("publish", *HELLO)

    assert found.code == 7
    assert "Nobody knows whether everything is published" in found.out
    assert "Published\n" not in found.out
    assert found.out.count("unknown") == 2
    assert "x:handle1, x:n2" in found.err
    assert "out of order" in found.err
    assert "OutcomeUnknown (exit code 7)" in found.err
    assert f"what to do  later, ask what became of it: {ASK}; " in found.err
    assert "the same command with --again unknown" in found.err
    assert "publication('" not in found.err
    assert "again='" not in found.err


def test_what_nobody_knows_is_told_as_data_too(press: Cli, lost: PressApi) -> None:
    found = press("publish", *HELLO, "--json")
    lost.broken.clear()
    later = press("publication", "spring", "--json")
    table = press("publication", "spring")

    assert found.code == later.code == table.code == 7
    for each in (found, later):
        assert [one["state"] for one in each.objects] == ["unknown", "unknown"]
        assert [one["key"] for one in each.objects] == ["spring", "spring"]
    assert f"what to do  later, ask what became of it: {ASK}" in later.err
    assert "Nobody knows whether everything is published" in table.out


def test_without_a_key_only_the_vendor_knows(press: Cli, lost: PressApi) -> None:
    found = press("publish", *KEYLESS, "--json")

    assert found.code == 7
    assert [one["state"] for one in found.objects] == ["unknown", "unknown"]
    assert f"what to do  {LOOK}; with --key it could be asked for" in found.err
    assert "key=" not in found.err


def test_it_is_sent_again_as_the_advice_says(press: Cli, lost: PressApi) -> None:
    press("publish", *HELLO)
    lost.broken.clear()

    found = press("publish", *HELLO, "--again", "unknown")

    assert found.code == 0
    assert [each.profile for each in lost.messages] == ["p1", "p2"]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (("scheduled", "sent", "draft", "deleted"), 0),
        (("sent", "failed"), 3),
        (("sent", "rejected"), 3),
        (("sent", "not sent"), 3),
        (("sent", "left out"), 3),
        (("failed", "unknown"), 7),
    ],
)
def test_only_what_went_well_everywhere_is_a_success(
    states: tuple[str, ...], code: int
) -> None:
    deliveries = tuple(
        Delivery(profile=profile(number), state=state)
        for number, state in enumerate(states, 1)
    )

    assert verdict(Publication(deliveries=deliveries)) == code
    assert code in MEANINGS


@pytest.mark.parametrize(
    ("key", "told"),
    [("it's spring", "toy 'it'\"'\"'s spring'"), ("-1", "toy -- -1")],
)
def test_the_command_that_asks_can_be_pasted(key: str, told: str) -> None:
    assert Call("toy", key).question.endswith(told)


def test_an_upload_of_which_nobody_knows_is_no_publication(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost = OutcomeUnknown("the upload may have been done")

    with pytest.raises(OutcomeUnknown) as raised, Call("toy", "spring").told(FORM):
        raise lost

    assert raised.value is lost
    assert capsys.readouterr().out == ""
    assert ASK not in report(lost)


# -- Ctrl-C ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [(HELLO, f"ask what became of it: {ASK}"), (KEYLESS, LOOK)],
)
def test_ctrl_c_says_that_it_may_be_out(
    press: Cli, api: PressApi, line: tuple[str, ...], told: str
) -> None:
    api.after = lambda: os.kill(os.getpid(), signal.SIGINT)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        found = press("publish", *line)
    finally:
        signal.signal(signal.SIGINT, before)

    assert (found.code, found.out) == (130, "")
    assert f"Interrupted: it may be published; {told}" in found.err
    assert api.sent == 1


def test_ctrl_c_before_anything_is_sent_says_nothing(
    press: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("socialmetrics.cli.publish.chosen_profiles", pressed)

    found = press("publish", *HELLO)

    assert (found.code, found.err) == (130, "")


# -- output that takes nothing ---------------------------------------------------------

Way = Literal["full", "closed", "nobody reads"]
WAYS = [
    ("full", "No space left on device"),
    ("closed", "stdout is closed"),
    ("nobody reads", "nobody reads it"),
]


@contextmanager
def broken(way: Way, monkeypatch: pytest.MonkeyPatch) -> Generator[TextIO | None]:
    """Puts such a stdout in place."""
    if way == "closed":
        monkeypatch.setattr(sys, "stdout", None)
        yield None
        return
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe, Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full if way == "full" else pipe)
        yield sys.stdout


@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",)])
@pytest.mark.parametrize(("way", "why"), WAYS)
def test_what_is_out_is_told_where_the_output_fails(
    press: Cli,
    api: PressApi,
    monkeypatch: pytest.MonkeyPatch,
    form: tuple[str, ...],
    way: Way,
    why: str,
) -> None:
    with monkeypatch.context() as patch, broken(way, patch):
        found = press("publish", *HELLO, *form)

    assert found.code == 8
    assert found.err.startswith(
        "Error: the publication was done (x @handle1: scheduled as 1, x Profile 2: "
        "scheduled as 2), but the output cannot be written: "
    )
    assert why in found.err or (way == "nobody reads" and "Broken pipe" in found.err)
    assert f"what to do  ask what became of it: {ASK}\n" in found.err
    assert "bug" not in found.err
    assert api.sent == 1


def test_without_a_key_the_short_receipt_is_all(
    press: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, broken("full", patch):
        found = press("publish", *KEYLESS)

    assert found.code == 8
    assert "(x @handle1: scheduled as 1, x Profile 2: scheduled as 2)" in found.err
    assert f"what to do  {LOOK}" in found.err


def test_what_failed_is_not_called_done(
    press: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.faults = deque(["partial"])
    with monkeypatch.context() as patch, broken("full", patch):
        found = press("publish", *HELLO)

    assert found.code == 8
    assert "the publication was not done everywhere (" in found.err
    assert "x Profile 2: failed)" in found.err


def test_nobody_knows_and_the_output_fails(
    press: Cli, lost: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, broken("full", patch):
        found = press("publish", *HELLO)

    assert found.code == 7
    assert "it may have been done" in found.err
    assert ASK in found.err


def test_a_look_that_cannot_be_printed_is_told(
    press: Cli, api: PressApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("publish", *HELLO)
    with monkeypatch.context() as patch, broken("full", patch):
        found = press("publication", "spring")

    assert found.code == 8
    assert "x @handle1: scheduled as 1" in found.err


@pytest.mark.parametrize("way", ["full", "closed"])
def test_every_command_calls_a_broken_output_by_its_name(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    with monkeypatch.context() as patch, broken(way, patch):
        found = cli("adapters", "--json")

    assert found.code == 8
    assert "see that the output can be written" in found.err
    assert "bug" not in found.err


def test_errors_may_have_nowhere_to_go(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", None)
        found = cli("nonsense")

    assert found.code == 2
