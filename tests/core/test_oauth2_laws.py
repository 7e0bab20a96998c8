"""Whatever happens in whatever order: no refresh token twice, and no token shown."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialmetrics as sm
from socialmetrics.auth import Refusal
from socialmetrics.errors import SocialMetricsError
from socialmetrics.port import Lost
from socialmetrics.renewal import REFUSED_FOR
from socialmetrics.retry import Retry
from socialmetrics.token_file import FileStore
from socialmetrics.wire import Request
from tests.core.granting import read
from tests.core.grants import (
    ACCOUNT,
    CLIENT_SECRET,
    Fault,
    Scene,
    TokenServer,
    Tool,
    client,
    grant,
    scene,
    serving,
    settings,
)
from tests.core.ports import run
from tests.core.servers import Server
from tests.core.toy import get
from tests.core.toy_api import told
from tests.core.wires import response

READ: Final = get("profiles", "profiles")
QUICK: Final = Retry(tries=1, patience=0.1)
SKEWS: Final = (-7200.0, 0.0, 7200.0)
FAULTS: Final[list[Fault]] = [
    Lost("the line broke"),
    Lost("no route", was_sent=False),
    lambda answer: Lost("the line broke"),
    lambda answer: (200, {}, b"torn"),
    told({}, 500),
    told({}, 429),
    told({"error": "invalid_client"}, 401),
    told({"error": "invalid_grant"}, 400),
]


# -- orders ----------------------------------------------------------------------------


class Many:
    """Three clients of one store, as in three processes, and their vendor."""

    def __init__(self, at: Scene) -> None:
        self.at = at
        made = [client(at.port, settings(at.store), QUICK) for _ in range(3)]
        self.clients = made

    def read(self, which: int) -> None:
        with suppress(SocialMetricsError):
            run(self.at.port, self.clients[which].answer(READ))

    def wait(self, seconds: int) -> None:
        self.at.port.time += seconds

    def revoke(self, _: int) -> None:
        self.at.server.access.clear()

    def fail(self, which: int) -> None:
        self.at.server.faults.append(FAULTS[which % len(FAULTS)])

    def login(self, _: int) -> None:
        self.at.store.save(ACCOUNT, self.at.server.login())

    def logout(self, _: int) -> None:
        self.at.store.delete(ACCOUNT)

    def restart(self, which: int) -> None:
        """A process ends and another begins, whose clock may be wrong."""
        new = client(self.at.port, settings(self.at.store), QUICK)
        wall = self.at.port.wall
        grant(new).wall = lambda: wall() + SKEWS[which]
        self.clients[which] = new


NUMBER: Final = st.integers(0, 2)
STEPS: Final = st.one_of(
    *(st.tuples(st.just(Many.read), NUMBER) for _ in range(4)),
    st.tuples(st.just(Many.wait), st.integers(1, 5000)),
    st.tuples(st.just(Many.revoke), NUMBER),
    st.tuples(st.just(Many.fail), st.integers(0, 7)),
    st.tuples(st.just(Many.login), NUMBER),
    st.tuples(st.just(Many.logout), NUMBER),
    st.tuples(st.just(Many.restart), NUMBER),
)
Step = tuple[Callable[[Many, int], None], int]


@given(st.lists(STEPS, max_size=30))
def test_no_refresh_token_is_used_twice_in_any_order(steps: list[Step]) -> None:
    at = scene()
    many = Many(at)

    for step, number in steps:
        step(many, number)

    assert at.server.reused == []


@given(st.lists(STEPS, max_size=30))
def test_a_login_mends_everything(steps: list[Step]) -> None:
    at = scene()
    many = Many(at)
    for step, number in steps:
        step(many, number)
    at.server.faults.clear()
    at.port.time += REFUSED_FOR

    many.login(0)

    fresh = client(at.port, settings(at.store), QUICK)
    at.server.access = {
        token: each
        for token, each in at.server.access.items()
        if not each[0].is_revoked
    }
    assert run(at.port, fresh.answer(READ)).status == 200


def test_a_process_that_dies_in_a_renewal_sends_nothing_twice() -> None:
    at = scene()
    dead = grant(at.engine)
    refusal = Refusal(response(b"", status=401), 0.0)
    steps = dead.renew(0.0, None)
    with pytest.raises(StopIteration):
        next(steps)  # The stored tokens, without a question.
    renewal = dead.renew(0.0, refusal)
    next(renewal)
    assert isinstance(next(renewal), Request)
    renewal.close()

    assert run(at.port, at.another().answer(READ)).status == 200
    at.port.time = 3599
    assert run(at.port, at.another().answer(READ)).status == 200
    at.port.time = 3600
    with pytest.raises(sm.AuthRefused, match="what became of it is not known"):
        run(at.port, at.another().answer(READ))
    assert at.server.forms == []


# -- frames ----------------------------------------------------------------------------


def shown(error: BaseException) -> str:
    """The local variables of our frames, of all errors of the chain, and the texts."""
    found: list[str] = []
    left: list[traceback.TracebackException | None] = [
        traceback.TracebackException.from_exception(error, capture_locals=True)
    ]
    while left:
        each = left.pop()
        if each is None:
            continue
        left += [each.__cause__, each.__context__]
        found += each.format_exception_only()
        ours = (frame for frame in each.stack if OURS in frame.filename)
        found += [f"{frame.name} {frame.locals}" for frame in ours]
    return "\n".join(found)


OURS: Final = str(Path(sm.__file__).parent)
FAILURES: Final[dict[str, Fault]] = {
    "refused": told({"error": "invalid_grant", "error_description": "no"}, 400),
    "app": told({"error": "invalid_client"}, 401),
    "lost": Lost("the line broke"),
    "torn": lambda answer: (200, {}, answer[2][:-9]),
    "no token": lambda answer: told({**json.loads(answer[2]), "access_token": 5}),
    "kind": lambda answer: told({**json.loads(answer[2]), "token_type": "mac"}),
    "fault": told({}, 500),
    "status": (302, {"location": "https://other.example"}, b""),
}


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
def test_a_traceback_with_local_variables_shows_no_token(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    monkeypatch.setenv("SOCIALMETRICS_TOOL_CLIENT_ID", "the-app")
    monkeypatch.setenv("SOCIALMETRICS_TOOL_CLIENT_SECRET", CLIENT_SECRET)
    server = TokenServer(lambda: 0.0)
    FileStore(path).save(ACCOUNT, server.login())
    server.access.clear()
    server.faults.append(fault)

    with Server(serving(server)) as wire:
        made = sm.connect(Tool, base_url=wire.url, token_store=path, retry=QUICK)
        with made, pytest.raises(sm.AuthRefused) as caught:
            read(made)

    text = shown(caught.value)
    secrets = {f"{kind}-token-{i}" for kind in ("access", "refresh") for i in (1, 2)}
    assert "_refreshed" in text
    assert [each for each in (*secrets, CLIENT_SECRET) if each in text] == []


@pytest.mark.parametrize("end", [10, 60, 200])
def test_a_traceback_of_a_torn_store_shows_no_token(tmp_path: Path, end: int) -> None:
    path = tmp_path / "tokens.json"
    FileStore(path).save(ACCOUNT, TokenServer(lambda: 0.0).login())
    path.write_bytes(path.read_bytes()[:end])

    with pytest.raises(sm.InvalidQuery) as caught:
        FileStore(path).load(ACCOUNT)

    assert "token-1" not in shown(caught.value)
