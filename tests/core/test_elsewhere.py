"""Calls to another's address carry nothing of ours; adapters know a 4xx better."""

from __future__ import annotations

import attrs
import pytest

from socialmetrics.adapter import Kind, Problem
from socialmetrics.auth import BASIC, ClientCredentials
from socialmetrics.budget import MemoryBudget
from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
    Unavailable,
)
from socialmetrics.secret import Secret
from socialmetrics.wire import Request, Response
from tests.core.ports import Build, FakePort, engine, run
from tests.core.toy import Toy, get, post
from tests.core.toy_api import told

UPLOAD = Request(
    operation="upload",
    method="PUT",
    url="https://files.example/a?Signature=hush",
    content=b"file",
)
READ = get("profiles", "profiles")
WRITE = attrs.evolve(post("publish", "publish", text="hello"), safe=False)


def renewable() -> ClientCredentials:
    return ClientCredentials(
        "client", Secret("a-secret"), "/token", first=Secret("a-first-token")
    )


@pytest.mark.parametrize("credential", [None, BASIC, "owner"])
def test_an_address_elsewhere_gets_no_credential(
    port: Build, credential: object
) -> None:
    wire = port((200, {}, b""))

    run(wire, engine(wire).answer(attrs.evolve(UPLOAD, credential=credential)))

    assert wire.headers == [{}]


def test_an_address_elsewhere_takes_no_budget_and_no_token(port: Build) -> None:
    wire = port((200, {}, b""))
    budget = MemoryBudget([(1, 60.0)], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)

    for _ in range(3):
        run(wire, machine.answer(UPLOAD))

    assert wire.slept == []
    assert len(wire.sent) == 3


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthRefused), (403, PermissionDenied)]
)
def test_a_refusal_elsewhere_renews_nothing(
    port: Build, status: int, kind: type[SocialMetricsError]
) -> None:
    wire = port(told({}, status))
    machine = engine(wire, adapter=Toy(credential=renewable()))

    with pytest.raises(kind):
        run(wire, machine.answer(UPLOAD))

    assert len(wire.sent) == 1


@attrs.frozen(kw_only=True)
class Knowing(Toy):
    """It knows better what an answer means."""

    kind: Kind

    def problem(self, response: Response) -> Problem:
        return Problem(message="because", kind=self.kind)


def outcome(
    wire: FakePort, kind: Kind, request: Request = READ
) -> type[SocialMetricsError]:
    with pytest.raises(SocialMetricsError) as caught:
        run(wire, engine(wire, adapter=Knowing(kind=kind)).answer(request))
    return type(caught.value)


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [
        (401, PermissionDenied, 1),
        (400, NotFound, 1),
        (404, Rejected, 1),
        (429, Rejected, 1),
        (400, AuthRefused, 1),
        (400, Unavailable, 6),
    ],
)
def test_the_adapter_overrules_what_a_refusing_status_says(
    port: Build, status: int, kind: Kind, requests: int
) -> None:
    wire = port(told({}, status))

    assert outcome(wire, kind) is kind
    assert len(wire.sent) == requests


def test_a_throttled_call_is_tried_again_under_any_refusing_status(
    port: Build,
) -> None:
    wire = port(told({}, 403, retry_after="1"), told({}))

    run(wire, engine(wire, adapter=Knowing(kind=RateLimited)).answer(WRITE))

    assert len(wire.sent) == 2


@pytest.mark.parametrize("status", [302, 500, 503])
def test_the_adapter_does_not_overrule_other_statuses(port: Build, status: int) -> None:
    wire = port(told({}, status))

    assert outcome(wire, NotFound, WRITE) is OutcomeUnknown
    assert len(wire.sent) == 1


def test_a_fault_of_the_vendor_in_a_refusal_may_have_done_it(port: Build) -> None:
    wire = port(told({}, 400))

    assert outcome(wire, Unavailable, WRITE) is OutcomeUnknown


@pytest.mark.parametrize(("kind", "sent"), [(AuthRefused, 3), (PermissionDenied, 1)])
def test_only_a_refused_credential_is_renewed(
    port: Build, kind: Kind, sent: int
) -> None:
    token = told({"access_token": "a-new-token"})
    wire = port(told({}, 401), token, told({}, 401))
    adapter = Knowing(kind=kind, credential=renewable())

    with pytest.raises(kind):
        run(wire, engine(wire, adapter=adapter).answer(READ))

    assert len(wire.sent) == sent
