"""A user's tokens are renewed once, in time, and never lost or shown."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import attrs
import pytest

from socialmetrics.auth import Lock
from socialmetrics.engine import finish
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    MissingCredential,
    RateLimited,
    SocialMetricsError,
    Unavailable,
    Unreachable,
)
from socialmetrics.grant import AGAIN
from socialmetrics.port import Lost
from socialmetrics.renewal import REFUSED_FOR
from socialmetrics.retry import Retry
from socialmetrics.secret import Masked, Secret
from socialmetrics.tokens import MemoryStore, Tokens
from tests.core.grants import (
    ACCOUNT,
    CLIENT_SECRET,
    Fault,
    Scene,
    client,
    grant,
    scene,
    settings,
)
from tests.core.ports import Outcome, run
from tests.core.test_auth import ThreadedPort
from tests.core.toy import get
from tests.core.toy_api import Answer, told

READ = get("profiles", "profiles")
HOUR = 3600.0
ONCE = Retry(tries=1)
LOST = Lost("the line broke")
UNSENT = Lost("no route", was_sent=False)


def read(at: Scene) -> int:
    return run(at.port, at.engine.answer(READ)).status


def refused(at: Scene, kind: type[SocialMetricsError] = AuthRefused) -> str:
    with pytest.raises(kind) as caught:
        read(at)
    text = f"{caught.value!r} {caught.value} {caught.value.__dict__}"
    for secret in (*at.server.families, *at.server.access, CLIENT_SECRET):
        assert secret not in text
    return str(caught.value)


# -- in time ---------------------------------------------------------------------------


@pytest.mark.parametrize("is_async", [False, True])
def test_stored_tokens_are_used_without_a_question(is_async: bool) -> None:
    at = scene(is_async=is_async)

    assert [read(at), read(at)] == [200, 200]
    assert at.server.forms == []


@pytest.mark.parametrize(
    ("life", "last_good"), [(3600, 3299.0), (3599, 3298.0), (1000, 899.0), (10, 8.9)]
)
def test_a_token_is_renewed_ahead_of_its_end(life: float, last_good: float) -> None:
    at = scene(life=life)
    read(at)

    at.port.time = last_good
    read(at)
    assert at.server.refreshes == []

    at.port.time = last_good + 1.2
    read(at)
    assert at.server.refreshes == ["refresh-token-1"]
    assert at.server.reads[-1] == "access-token-2"
    assert at.kept.refresh_token == Secret("refresh-token-2")


def test_the_new_tokens_are_kept_before_they_are_used() -> None:
    at = scene()
    used: list[bool] = []
    read(at)
    at.port.time = HOUR
    serve = at.port.handler

    def look(request: object, path: str, headers: object) -> Outcome:
        if path == "/v1/profiles":
            used.append(at.kept.access_token == Secret("access-token-2"))
        return serve(request, path, headers)  # type: ignore[arg-type]  # as it came

    at.port.handler = look
    read(at)

    assert used == [True]


@pytest.mark.parametrize("skew", [-86400.0, 86400.0])
def test_a_wall_clock_that_jumps_does_not_renew_again_and_again(
    skew: float,
) -> None:
    at = scene()
    auth = grant(at.engine)
    wall = at.port.wall
    for hour in range(1, 4):
        at.port.time = hour * HOUR
        read(at)
        auth.wall = lambda: wall() + skew
        read(at)

    assert len(at.server.refreshes) <= 4
    assert at.server.reused == []


def test_a_token_of_unknown_life_is_used_until_it_is_refused() -> None:
    at = scene(life=None)
    at.port.time = 1e9

    assert read(at) == 200
    at.server.access.clear()
    assert read(at) == 200

    assert at.server.refreshes == ["refresh-token-1"]


def test_the_end_of_a_token_may_be_an_instant() -> None:
    at = scene(life=None)
    read(at)
    at.server.access.clear()

    def dated(answer: Answer) -> Answer:
        found = json.loads(answer[2])
        return told({**found, "expires_in": at.port.wall() + 1000})

    at.server.faults.append(dated)
    read(at)

    assert at.kept.life == 1000
    at.port.time = 901
    read(at)
    assert len(at.server.refreshes) == 2


# -- one renewal -----------------------------------------------------------------------


@pytest.mark.parametrize("is_refused", [False, True])
def test_twenty_tasks_renew_once(is_refused: bool) -> None:
    at = scene(is_async=True)
    _age(at, is_refused)

    async def together() -> list[int]:
        answers = await asyncio.gather(*(at.engine.answer(READ) for _ in range(20)))
        return [each.status for each in answers]

    assert run(at.port, together()) == [200] * 20
    assert at.server.refreshes == ["refresh-token-1"]
    assert at.server.reused == []


@pytest.mark.parametrize("is_refused", [False, True])
def test_twenty_threads_renew_once(is_refused: bool) -> None:
    at = scene(port_kind=ThreadedPort)
    _age(at, is_refused)
    gate = threading.Barrier(20)

    def call(_: int) -> int:
        gate.wait()
        return finish(at.engine.answer(READ)).status

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(call, range(20)))

    assert statuses == [200] * 20
    assert at.server.refreshes == ["refresh-token-1"]


def _age(at: Scene, is_refused: bool) -> None:
    read(at)
    if is_refused:
        at.server.access.clear()
    else:
        at.port.time = HOUR


@pytest.mark.parametrize("is_refused", [False, True])
def test_clients_of_one_store_renew_once(is_refused: bool) -> None:
    at = scene()
    others = [at.another() for _ in range(3)]
    for each in others:
        run(at.port, each.answer(READ))
    _age(at, is_refused)

    for each in (at.engine, *others):
        assert run(at.port, each.answer(READ)).status == 200

    assert at.server.refreshes == ["refresh-token-1"]


@attrs.define
class Overtaken:
    """A lock that another process has until it has renewed the tokens."""

    renew: Callable[[], object]
    looks: int = 0

    def take(self) -> bool:
        self.looks += 1
        if self.looks == 3:
            self.renew()
        return self.looks == 4

    def give(self) -> None:
        assert self.looks == 4


class Overtaking(MemoryStore):
    """A store with that lock, for one client."""

    turn: Overtaken | None = None

    def lock(self, account: str) -> Lock:
        turn, self.turn = self.turn, None
        return turn or super().lock(account)


@pytest.mark.parametrize("is_async", [False, True])
def test_whoever_waits_for_the_lock_uses_what_came_meanwhile(is_async: bool) -> None:
    store = Overtaking()
    at = scene(store, is_async=is_async)
    read(at)
    at.port.time = HOUR
    other = scene(store, logged_in=False)
    other.port.handler, other.port.time = at.server, HOUR
    store.turn = turn = Overtaken(lambda: finish(other.engine.answer(READ)))

    assert read(at) == 200
    assert at.server.refreshes == ["refresh-token-1"]
    assert turn.looks == 4
    assert at.port.slept == [0.05] * 3


def test_a_lock_that_stays_taken_is_told() -> None:
    at = scene(retry=Retry(patience=5))
    at.port.time = HOUR
    assert at.store.lock(ACCOUNT).take()

    assert "another process has been renewing" in refused(at, Unavailable)
    assert at.server.forms == []


def test_a_lock_is_given_back_after_a_failure() -> None:
    at = scene()
    at.port.time = HOUR
    at.server.faults.append(LOST)
    refused(at)

    assert at.store.lock(ACCOUNT).take()


# -- what a 401 means ------------------------------------------------------------------


def test_a_401_that_is_no_permission_burns_no_refresh_token() -> None:
    at = scene()
    at.server.is_forbidding = True

    assert "no permission" in refused(at)
    assert at.server.forms == []


def test_a_new_token_that_is_refused_too_ends_it() -> None:
    at = scene()
    at.server.faults.append(told({"access_token": "nothing", "refresh_token": "more"}))
    at.server.access.clear()

    refused(at)

    assert len(at.server.refreshes) == 1


# -- rotation --------------------------------------------------------------------------


def unrotating(**given: object) -> Scene:
    at = scene(rotates=False, **given)  # type: ignore[arg-type]  # of any kind
    auth = grant(at.engine)
    auth.app = attrs.evolve(auth.app, rotates=False)
    return at


def test_a_refresh_token_stays_where_the_server_gives_no_other() -> None:
    at = unrotating()
    for hour in range(1, 4):
        at.port.time = hour * HOUR
        read(at)

    assert at.server.refreshes == ["refresh-token-1"] * 3
    assert not at.kept.is_rotated


def test_a_refresh_token_given_anew_as_it_was_is_kept() -> None:
    at = unrotating()

    def same(answer: Answer) -> Answer:
        found = json.loads(answer[2])
        return told({**found, "refresh_token": "refresh-token-1"})

    at.server.faults.append(same)
    at.port.time = HOUR
    read(at)

    assert at.kept.refresh_token == Secret("refresh-token-1")
    assert not at.kept.is_rotated


def test_a_server_that_once_gave_another_takes_each_once() -> None:
    at = unrotating()
    at.server.rotates = True
    at.port.time = HOUR
    read(at)
    at.server.rotates = False
    at.port.time = 2 * HOUR
    read(at)

    assert at.kept.is_rotated
    assert at.kept.refresh_token is None


def test_without_a_refresh_token_the_access_token_is_used_to_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    at = scene()
    at.store.save(ACCOUNT, attrs.evolve(at.kept, refresh_token=None))
    at.port.time = HOUR - 1

    assert read(at) == 200
    assert "used to the end" in caplog.text
    at.port.time = HOUR
    assert "no refresh token; log in again (socialmetrics login tool)" in refused(at)
    assert at.server.forms == []


# -- what fails ------------------------------------------------------------------------


AMBIGUOUS: list[Fault] = [
    LOST,
    lambda answer: LOST,
    told({}, 408),
    told({}, 500),
    told({}, 503),
    lambda answer: (200, {}, b"torn"),
    lambda answer: (200, {}, answer[2][:40]),
    told({"access_token": ""}),
    told({"access_token": "a b"}),
    told({"access_token": "good", "token_type": "mac"}),
]


@pytest.mark.parametrize("fault", AMBIGUOUS)
@pytest.mark.parametrize("is_refused", [False, True])
def test_a_refresh_token_is_never_sent_again_after_doubt(
    fault: Fault, is_refused: bool
) -> None:
    at = scene()
    _age(at, is_refused)
    at.server.faults.append(fault)

    assert "log in again" in refused(at)
    at.port.time += REFUSED_FOR
    assert "log in again" in refused(at)
    run_other = at.another()
    with pytest.raises(AuthRefused, match="log in again"):
        run(at.port, run_other.answer(READ))

    assert len(at.server.refreshes) == 1
    assert at.server.reused == []


@pytest.mark.parametrize("fault", [LOST, UNSENT, told({}, 403), told({}, 429)])
def test_a_renewal_that_fails_ahead_of_the_end_fails_no_call(
    fault: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    at = scene(retry=Retry(tries=1, patience=0.1))
    read(at)
    at.port.time = HOUR - 200
    at.server.faults.append(fault)

    assert [read(at), read(at)] == [200, 200]
    assert len(at.server.refreshes) == 1
    assert "its token is used to the end" in caplog.text
    assert logging.getLevelName(caplog.records[-1].levelno) == "WARNING"

    at.port.time += AGAIN + 1
    assert read(at) == 200
    is_doubtful = fault is LOST
    assert len(at.server.refreshes) == (1 if is_doubtful else 2)
    assert at.kept.use == ("sent" if is_doubtful else "unused")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(UNSENT, Unreachable), (told({}, 429), RateLimited)],
)
def test_a_refresh_token_that_was_not_taken_is_sent_again(
    fault: Outcome, kind: type[SocialMetricsError]
) -> None:
    at = scene(retry=Retry(tries=1, patience=0.1))
    at.port.time = HOUR
    at.server.faults.append(fault)

    refused(at, kind)
    assert at.kept.use == "unused"
    assert read(at) == 200


@pytest.mark.parametrize(
    "answer",
    [
        told({"error": "invalid_client", "error_description": "who?"}, 401),
        told({"error": "invalid_scope"}, 400),
        told(["what"], 403),
        told({"error": 5, "error_hint": "h"}, 404),
        told({"error": "unauthorized_client"}),
        (404, {}, b"<html>"),
        (302, {"location": "https://other.example"}, b""),
    ],
)
def test_an_app_that_is_refused_keeps_its_refresh_token(answer: Answer) -> None:
    at = scene()
    at.port.time = HOUR
    at.server.faults.append(answer)

    assert "check client_id, client_secret and auth_url" in refused(at)
    at.port.time += REFUSED_FOR
    assert read(at) == 200
    assert at.server.reused == []


def test_a_refresh_token_that_is_refused_needs_a_login() -> None:
    at = scene()
    at.port.time = HOUR
    at.server.families["refresh-token-1"].is_revoked = True

    text = refused(at)
    assert "the refresh token is refused (invalid_grant: The token *** is not" in text
    assert "log in again (socialmetrics login tool)" in text
    at.port.time += REFUSED_FOR
    assert "the refresh token was refused" in refused(at)
    assert len(at.server.refreshes) == 1

    at.store.save(ACCOUNT, at.server.login())
    at.port.time += REFUSED_FOR
    assert read(at) == 200


def test_a_refusal_while_the_store_has_newer_tokens_uses_them() -> None:
    at = scene()
    at.port.time = HOUR

    def overtaken(answer: Answer) -> Answer:
        at.store.save(ACCOUNT, at.server.login())
        return told({"error": "invalid_grant"}, 400)

    at.server.faults.append(overtaken)

    assert read(at) == 200
    assert len(at.server.refreshes) == 1


def test_doubt_while_the_store_has_newer_tokens_uses_them() -> None:
    at = scene()
    at.port.time = HOUR

    def overtaken(answer: Answer) -> Lost:
        at.store.save(ACCOUNT, at.server.login())
        return LOST

    at.server.faults.append(overtaken)

    assert read(at) == 200


def test_a_login_meanwhile_stands_over_a_renewal() -> None:
    at = scene()
    at.port.time = HOUR

    def overtaken(answer: Answer) -> Answer:
        at.store.save(ACCOUNT, at.server.login())
        return answer

    at.server.faults.append(overtaken)

    assert read(at) == 200
    assert at.server.reads[-1] == "access-token-3"
    assert at.kept.refresh_token == Secret("refresh-token-3")


NOT_GRANTED: list[Outcome] = [
    UNSENT,
    LOST,
    told({"error": "invalid_client"}, 401),
    told({"error": "invalid_grant"}, 400),
]


@pytest.mark.parametrize("outcome", NOT_GRANTED)
@pytest.mark.parametrize("is_login", [True, False])
def test_a_renewal_that_fails_undoes_no_login_or_logout(
    outcome: Outcome, is_login: bool
) -> None:
    at = scene(retry=ONCE)
    at.port.time = HOUR
    newer = Tokens(access_token=Secret("newer"), refresh_token=Secret("newest"))

    def overtaken(answer: Answer) -> Outcome:
        at.store.delete(ACCOUNT)
        if is_login:
            at.store.save(ACCOUNT, newer)
        return outcome

    at.server.faults.append(overtaken)
    with suppress(SocialMetricsError):
        read(at)

    kept = at.store.load(ACCOUNT)
    assert (kept and kept.refresh_token) == (newer.refresh_token if is_login else None)


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_logout_meanwhile_stands_over_a_renewal(is_gone: bool) -> None:
    at = scene()
    at.port.time = HOUR

    def overtaken(answer: Answer) -> Answer:
        at.store.delete(ACCOUNT)
        if not is_gone:
            at.store.save(ACCOUNT, Tokens(access_token=None))
        return answer

    at.server.faults.append(overtaken)

    what = "the tokens were removed from" if is_gone else "were changed"
    assert what in refused(at)


# -- the store -------------------------------------------------------------------------


class Sick(MemoryStore):
    """A store that cannot be written when it is told so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full: Callable[[Tokens], bool] = lambda tokens: False

    def save(self, account: str, tokens: Tokens) -> None:
        if self.is_full(tokens):
            raise InvalidQuery("the token store is full")
        super().save(account, tokens)


def test_a_store_that_cannot_be_written_costs_no_refresh_token() -> None:
    store = Sick()
    at = scene(store)
    at.port.time = HOUR
    store.is_full = lambda tokens: True

    assert "the token store is full" in refused(at, InvalidQuery)
    assert at.server.forms == []


def test_tokens_that_could_not_be_kept_are_kept_later_and_not_used_before() -> None:
    store = Sick()
    at = scene(store)
    at.port.time = HOUR
    store.is_full = lambda tokens: tokens.use == "unused"

    refused(at, InvalidQuery)
    assert at.server.reads == []
    refused(at, InvalidQuery)
    store.is_full = lambda tokens: False

    assert read(at) == 200
    assert at.server.refreshes == ["refresh-token-1"]
    assert at.kept.refresh_token == Secret("refresh-token-2")


def test_a_login_stands_over_tokens_that_could_not_be_kept() -> None:
    store = Sick()
    at = scene(store)
    at.port.time = HOUR
    store.is_full = lambda tokens: tokens.use == "unused"
    refused(at, InvalidQuery)
    store.is_full = lambda tokens: False

    store.save(ACCOUNT, at.server.login())
    assert read(at) == 200
    at.port.time = 2 * HOUR
    assert read(at) == 200

    assert at.server.refreshes == ["refresh-token-1", "refresh-token-3"]


def test_before_the_first_login_it_is_said_what_to_do() -> None:
    at = scene(logged_in=False)

    text = refused(at, MissingCredential)

    assert f"no tokens of '{ACCOUNT}' are in the memory of this process" in text
    assert "socialmetrics login tool" in text


def test_tokens_that_are_removed_are_not_used_again() -> None:
    at = scene()
    read(at)
    at.store.delete(ACCOUNT)
    at.port.time = HOUR

    assert "the tokens were removed from the memory of this process" in refused(at)


# -- tokens in the settings ------------------------------------------------------------


def given_tokens(at: Scene) -> dict[str, object]:
    tokens = at.server.login()
    return {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}


def test_given_tokens_are_used_first_and_their_successors_from_the_store() -> None:
    at = scene(logged_in=False)
    given = given_tokens(at)
    first, second = at.another(**given), at.another(**given)

    run(at.port, first.answer(READ))
    assert at.store.load(ACCOUNT) is None
    at.server.access.clear()
    run(at.port, first.answer(READ))
    run(at.port, second.answer(READ))
    run(at.port, at.another(**given).answer(READ))

    assert at.server.refreshes == ["refresh-token-1"]
    assert at.server.reads[-1] == "access-token-2"


def test_a_given_refresh_token_alone_is_used_at_once() -> None:
    at = scene(logged_in=False)
    given = {"refresh_token": given_tokens(at)["refresh_token"]}

    run(at.port, at.another(**given).answer(READ))
    run(at.port, at.another(**given).answer(READ))

    assert at.server.refreshes == ["refresh-token-1"]
    assert at.server.reused == []


def test_a_given_refresh_token_alone_that_fails_is_told() -> None:
    at = scene(logged_in=False)
    given = {"refresh_token": given_tokens(at)["refresh_token"]}
    at.server.faults.append(UNSENT)

    with pytest.raises(Unreachable):
        run(at.port, client(at.port, settings(at.store, **given), ONCE).answer(READ))


def test_other_tokens_in_the_settings_are_stronger_than_the_store() -> None:
    at = scene(logged_in=False)
    run(at.port, at.another(**given_tokens(at)).answer(READ))
    at.server.access.clear()
    run(at.port, at.another(**given_tokens(at)).answer(READ))
    newest = given_tokens(at)

    run(at.port, at.another(**newest).answer(READ))

    assert Secret(at.server.reads[-1]) == newest["access_token"]


def test_a_given_access_token_without_a_refresh_token_ends() -> None:
    at = scene(logged_in=False)
    given = {"access_token": given_tokens(at)["access_token"]}
    machine = at.another(**given)
    run(at.port, machine.answer(READ))
    at.server.access.clear()

    with pytest.raises(AuthRefused, match="there is no refresh token; log in again"):
        run(at.port, machine.answer(READ))


# -- nothing is shown ------------------------------------------------------------------


def test_no_token_is_in_a_repr() -> None:
    at = scene()
    read(at)

    text = f"{at.engine.auth!r} {at.store!r} {at.kept!r} {at.engine.adapter!r}"

    for secret in (*at.server.families, *at.server.access, CLIENT_SECRET):
        assert secret not in text


def test_an_answer_does_not_show_the_token_that_went_with_its_request() -> None:
    at = scene()
    read(at)
    auth = grant(at.engine)
    before = auth.secrets(READ)
    at.port.time = HOUR
    read(at)

    assert Secret("access-token-1") in before
    assert {Secret("access-token-1"), Secret("access-token-2")} <= {*auth.secrets(READ)}
    assert auth.secrets(auth.app.request(Masked())) == (Secret(CLIENT_SECRET),)
