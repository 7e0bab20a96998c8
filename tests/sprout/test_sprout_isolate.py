"""One bad name must not spoil the batch."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import PermissionDenied, Rejected, Unavailable
from socialmetrics.wire import Flow, Request
from socialmetrics_sprout.isolate import isolate
from tests.sprout.driving import (
    Driven,
    body_of,
    content,
    denied,
    down,
    drive,
    rejected,
    result,
)


def ask(names: tuple[str, ...]) -> Flow[object]:
    return (
        yield Request(
            operation="test", method="POST", path="/", json={"n": list(names)}
        )
    )


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers().map(str), st.booleans()), unique_by=lambda n: n[0])
)
def test_exactly_the_bad_names_are_found(names: list[tuple[str, bool]]) -> None:
    bad = {name for name, is_bad in names if is_bad}

    def server(request: Request) -> object:
        wanted: list[str] = body_of(request)["n"]
        return rejected() if bad & set(wanted) else {}

    found = result(isolate("metrics", tuple(name for name, _ in names), ask), server)

    assert found.good == tuple(name for name, is_bad in names if not is_bad)
    assert {issue.seen for issue in found.issues} == bad
    assert {issue.path for issue in found.issues} <= {"metrics"}


@pytest.mark.parametrize(
    ("count", "most"), [(0, 0), (1, 1), (2, 3), (16, 9), (100, 15)]
)
def test_one_bad_name_costs_few_requests(count: int, most: int) -> None:
    names = tuple(map(str, range(count)))

    def server(request: Request) -> object:
        return rejected() if str(count - 1) in body_of(request)["n"] else {}

    found: Driven[object] = Driven()
    drive(isolate("fields", names, ask), server, into=found)

    assert len(found.requests) <= most


def test_names_without_permission_are_told_apart_from_bad_ones() -> None:
    def server(request: Request) -> object:
        wanted: list[str] = body_of(request)["n"]
        errors = {"a": denied("no"), "b": rejected("bad")}
        return next((errors[name] for name in wanted if name in errors), content())

    found = result(isolate("profiles", ("a", "b", "c"), ask), server)

    assert found.denied == ("a",)
    assert {type(error) for error in found.bad.values()} == {PermissionDenied, Rejected}
    assert [issue.problem for issue in found.issues] == [
        "refused by the vendor: no",
        "refused by the vendor: bad",
    ]


def test_an_error_that_is_no_refusal_is_raised() -> None:
    with pytest.raises(Unavailable):
        result(isolate("metrics", ("a", "b"), ask), lambda _: down())
