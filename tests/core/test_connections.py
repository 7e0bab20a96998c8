"""Clients are made of good settings, or the bad one is named; nothing is sent yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from socialmetrics import connections, installed, settings
from socialmetrics.budget import Limit, MemoryBudget
from socialmetrics.budget_file import SqliteBudget
from socialmetrics.client import Setup
from socialmetrics.connections import adapter_class, adapters, connect, connect_async
from socialmetrics.errors import InvalidQuery, MissingCredential
from socialmetrics.retry import Retry
from tests.core.toy import NOW, Toy
from tests.core.toy_api import TOKEN


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings file of this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "user_config_path", tmp_path.joinpath)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What a test takes for installed is forgotten after it."""
    yield
    installed.entries.cache_clear()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Setup]:
    """The setups that clients were made of."""
    seen: list[Setup] = []
    monkeypatch.setattr(connections, "Client", seen.append)
    monkeypatch.setattr(connections, "AsyncClient", seen.append)
    return seen


def refused(**given: Any) -> str:
    with pytest.raises(InvalidQuery) as caught:
        connect(Toy, token=TOKEN, **given)
    return str(caught.value)


# -- adapters -----------------------------------------------------------------------


def later(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    """These are installed from now on; the groups that are looked for."""
    looks: list[str] = []
    found = [EntryPoint(name, value, installed.GROUP) for name, value in values.items()]

    def entry_points(group: str) -> list[EntryPoint]:
        looks.append(group)
        return found

    monkeypatch.setattr(installed, "entry_points", entry_points)
    return looks


def points(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    """The same, and nobody has looked before."""
    installed.entries.cache_clear()
    return later(monkeypatch, **values)


def test_adapters_are_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch, toy="tests.core.toy:Toy", a="tests.core.toy:Toy")

    assert adapters() == ("a", "toy")
    assert adapter_class("toy") is Toy


def test_an_adapter_can_be_connected_by_name(
    monkeypatch: pytest.MonkeyPatch, made: list[Setup]
) -> None:
    points(monkeypatch, toy="tests.core.toy:Toy")

    connect("toy", token=TOKEN)

    assert isinstance(made[0].adapter, Toy)


def test_entry_points_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = points(monkeypatch, toy="tests.core.toy:Toy")

    for _ in range(3):
        adapter_class("toy")
        adapters()

    assert looks == [installed.GROUP]


def test_a_package_installed_meanwhile_is_found_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points(monkeypatch, ty="tests.core.toy:Toy")
    adapters()
    later(monkeypatch, ty="tests.core.toy:Toy", toy="tests.core.toy:Toy")

    before, found, after = adapters(), adapter_class("toy"), adapters()

    assert (before, found, after) == (("ty",), Toy, ("toy", "ty"))


def test_another_path_has_other_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    points(monkeypatch)
    adapters()
    later(monkeypatch, toy="tests.core.toy:Toy")

    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    assert adapters() == ("toy",)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("ty", "tests.core.toy:Toy", "no adapter is called 'toy'; installed: ty"),
        ("toy", "nowhere.at.all:Toy", "the adapter 'toy' cannot be loaded: No module"),
        ("toy", "tests.core.toy:Tay", "cannot be loaded"),
        ("toy", "tests.core.broken:Toy", "cannot be loaded: 1 is not 2"),
        ("toy", "tests.core.toy:profile", "'tests.core.toy:profile' is no Adapter"),
        ("toy", "socialmetrics.plan:Plan", "is no Adapter class"),
    ],
)
def test_an_entry_point_that_is_no_adapter_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    points(monkeypatch, **{name: value})

    with pytest.raises(InvalidQuery, match=problem):
        adapter_class("toy")


@pytest.mark.parametrize("given", [5, None, Toy(), Setup, object])
def test_only_a_name_or_an_adapter_class_is_connected(given: Any) -> None:
    with pytest.raises(InvalidQuery, match="is no Adapter class"):
        connect(given, token=TOKEN)


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [("clock", 5, "clock=5 is no function"), ("retry", 5, "retry=5 is no Retry")],
)
def test_what_is_of_another_kind_is_refused_by_name(
    name: str, given: Any, problem: str
) -> None:
    assert problem in refused(**{name: given})


def test_no_adapter_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch)

    with pytest.raises(InvalidQuery, match="installed: none"):
        connect("toy")


# -- what a client is made of -------------------------------------------------------


def test_defaults_are_the_adapters(made: list[Setup]) -> None:
    connect(Toy, token=TOKEN)

    setup = made[0]
    assert (setup.line.base_url, setup.line.auth_url) == ("https://toy.example",) * 2
    assert (setup.line.timeout, setup.line.connections) == (60.0, 4)
    assert setup.line.proxy is None
    assert setup.budget.limits == Toy.limits
    assert setup.retry == Retry()
    assert setup.concurrency == 4
    assert setup.strict is False
    assert setup.now().tzinfo is not None


def test_settings_may_be_text(made: list[Setup]) -> None:
    connect_async(
        Toy,
        token=TOKEN,
        base_url="http://[::1]:8080/api/",
        auth_url="https://auth.example",
        timeout="7.5",
        concurrency="2",
        strict="yes",
        proxy="http://eve:hush@proxy.example:3128",
        retry=Retry(tries=1),
    )

    setup = made[0]
    assert setup.line.base_url == "http://[::1]:8080/api"
    assert setup.line.auth_url == "https://auth.example"
    assert (setup.line.timeout, setup.concurrency) == (7.5, 2)
    assert setup.strict is True
    assert setup.retry.tries == 1
    assert setup.line.proxy == "http://eve:hush@proxy.example:3128"
    assert "hush" not in repr(setup)


def test_a_missing_credential_is_named() -> None:
    with pytest.raises(MissingCredential, match="SOCIALMETRICS_TOY_TOKEN"):
        connect(Toy)


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        ([(60, 60.0)], (Limit(60, 60.0),)),
        (((60, 60), (1000, "month")), (Limit(60, 60), Limit(1000, "month"))),
        ([Limit(60, 60.0)], (Limit(60, 60.0),)),
        ([[60, 60.0]], (Limit(60, 60.0),)),
        ("60/60, 250000/month", (Limit(60, 60.0), Limit(250000, "month"))),
        ([], ()),
    ],
)
def test_a_budget_may_be_written_in_several_ways(
    made: list[Setup], given: Any, limits: tuple[Limit, ...]
) -> None:
    connect(Toy, token=TOKEN, budget=given)

    assert made[0].budget.limits == limits


def test_a_budget_may_be_shared_as_an_object(made: list[Setup]) -> None:
    shared = MemoryBudget([(60, 60.0)])

    connect(Toy, token=TOKEN, budget=shared)

    assert made[0].budget is shared


def test_a_budget_may_be_shared_by_a_file(made: list[Setup], tmp_path: Path) -> None:
    path = tmp_path / "budget"

    connect(Toy, token=TOKEN, budget=[(60, 60.0)], budget_file=path)

    budget = made[0].budget
    assert isinstance(budget, SqliteBudget)
    assert (budget.path, budget.limits) == (path, (Limit(60, 60.0),))
    budget.close()


@pytest.mark.parametrize(
    "given",
    [60, "60", "60/", "x/60", "60/x", "0/60", "1.5/60", "", {"60": 60}, [60], [(0, 1)]],
)
def test_a_budget_that_makes_no_sense_is_refused(given: Any) -> None:
    assert "budget" in refused(budget=given)


def test_the_clock_is_asked_every_time_and_must_be_aware(made: list[Setup]) -> None:
    moments = iter([NOW, NOW.replace(tzinfo=None)])
    connect(Toy, token=TOKEN, clock=lambda: next(moments))

    first: datetime = made[0].now()
    with pytest.raises(InvalidQuery, match=r"clock\(\) is .* without a time zone"):
        made[0].now()

    assert first == NOW


@pytest.mark.parametrize("clock", [NOW, NOW.isoformat()])
def test_a_clock_may_stand_still(made: list[Setup], clock: datetime | str) -> None:
    connect(Toy, token=TOKEN, clock=clock)

    assert made[0].now() == made[0].now() == NOW


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"clock": 5}, "is no function; give one that tells now"),
        ({"clock": "noon"}, "clock='noon' is no instant like"),
        ({"clock": "2026-03-11"}, "without a time zone"),
        ({"retry": 3}, "retry=3 is no Retry"),
    ],
)
def test_a_clock_is_a_function_and_a_retry_a_retry(
    given: dict[str, Any], problem: str
) -> None:
    assert problem in refused(**given)


# -- what is refused ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"timeout": 0}, "timeout=0 (option) must be a number above 0"),
        ({"timeout": "soon"}, "must be a number"),
        ({"timeout": 1e10}, "must be a number above 0, and at most 1e+06"),
        ({"timeout": 10**400}, "must be a number"),
        ({"concurrency": 5000}, "must be a whole number up to 1000"),
        ({"timeout": float("nan")}, "must be a number"),
        ({"timeout": float("inf")}, "must be a number"),
        ({"timeout": True}, "must be a number"),
        ({"timeout": [1]}, "must be a number"),
        ({"concurrency": 1.5}, "concurrency=1.5 must be a whole number"),
        ({"concurrency": -1}, "must be a number above 0"),
        ({"strict": "maybe"}, "strict='maybe' must be true or false"),
        ({"base_url": 5}, "base_url (option) must be text"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(
    given: Mapping[str, object], problem: str
) -> None:
    assert problem in refused(**given)


@pytest.mark.parametrize(
    ("given", "is_strict"),
    [(True, True), ("TRUE", True), ("1", True), (False, False), ("no", False)],
)
def test_flags_are_words(made: list[Setup], given: object, is_strict: bool) -> None:
    connect(Toy, token=TOKEN, strict=given)

    assert made[0].strict is is_strict


@pytest.mark.parametrize(
    "address",
    [
        "https://toy.example",
        "https://toy.example:8443/api/v2",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://127.9.9.9:1",
        "http://[::1]:8080",
    ],
)
def test_an_address_is_https_or_on_this_machine(
    made: list[Setup], address: str
) -> None:
    connect(Toy, token=TOKEN, base_url=address)

    assert made[0].line.base_url == address


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://toy.example", "would send credentials unprotected"),
        ("http://localhost.toy.example", "unprotected"),
        ("http://10.0.0.1", "unprotected"),
        ("ftp://127.0.0.1", "unprotected"),
        ("toy.example", "is no address like 'https://host'"),
        ("https://", "no address"),
        ("", "no address"),
        ("https:///path", "no address"),
        ("https://toy.example:port", "no address"),
        ("https://toy.example:99999", "no address"),
        ("https://[::1", "no address"),
        ("https://toy.example/a b", "no address"),
        ("https://toy.example\r\nX-Evil: 1", "no address"),
        ("https://toy\t.example", "no address"),
        ("https://tüy.example", "no address"),
        ("https://toy\u2100.example", "no address"),
        ("https://eve:hush@toy.example", "must not hold credentials"),
        ("https://eve:hush@toy ü.example", "must not hold credentials"),
        ("https://eve:hu/sh@toy.example", "must not hold credentials"),
        ("https://toy.example\\@evil.example", "must not hold credentials"),
        ("https://toy.example?key=hush", "must not hold credentials"),
        ("https://toy.example/?", "must not hold credentials"),
        ("https://toy.example#x", "must not hold credentials"),
    ],
)
def test_an_address_that_is_unsafe_or_none_is_refused(
    address: str, problem: str
) -> None:
    told = refused(base_url=address)

    assert problem in told
    assert "hush" not in told
    assert problem in refused(auth_url=address).replace("auth_url", "base_url")


@pytest.mark.parametrize(
    "address",
    [
        "proxy.example:3128",
        "socks5://eve:hush@proxy.example",
        "http://",
        "http://eve:hush@[::1",
        "http://eve:hush@proxy.example:port",
        "http://eve:hush@proxy\n.example",
    ],
)
def test_a_proxy_that_is_none_is_refused_and_never_shown(address: str) -> None:
    told = refused(proxy=address)

    assert "proxy must be an address like" in told
    assert "hush" not in told
