"""Another tool is another name: the application is the same, and so is what it gets."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from typing import Final

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.cli.sandboxes import reach
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.sandbox import Sandbox
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import sandbox as hootsuite
from socialmetrics_hootsuite.legacy import sandbox as legacy
from socialmetrics_sprout import sandbox as sprout
from socialmetrics_x import sandbox as x
from tests import application
from tests.application import KNOWN, METRICS, WEEK, Row, weekly, weekly_async

WORLD: Final = World(scale=0.1)
TOOLS: Final = ("sprout", "x", "hootsuite", "hootsuite_legacy")
GIVES: Final = {
    "sprout": {"post", "message", "figure", "missing", "published"},
    "x": {"figure", "missing"},
    "hootsuite": {"post", "figure", "missing", "published"},
    "hootsuite_legacy": {"post", "message", "published"},
}
LACKS: Final = {
    "sprout": set[str](),
    "x": {"posts", "messages", "publish"},
    "hootsuite": {"messages"},
    "hootsuite_legacy": {"metrics"},
}
REFUSED: Final = {
    "sprout": set[str](),
    "x": {"x"},
    "hootsuite": {"instagram", "youtube", "pinterest", "tiktok", "bluesky"},
    "hootsuite_legacy": set[str](),
}
"""Networks with accounts to which that text cannot be published."""
EVERY: Final = pytest.mark.parametrize("tool", TOOLS)


def _sandboxes() -> dict[str, Sandbox]:
    """One company, as each tool shows it; limits are not the subject here."""
    return {
        "sprout": sprout.sandbox(WORLD, per_minute=100_000),
        "x": x.sandbox(WORLD, per_minute=100_000),
        "hootsuite": hootsuite.sandbox(WORLD, per_second=100_000),
        "hootsuite_legacy": legacy.sandbox(WORLD, per_hour=100_000),
    }


@attrs.define
class Office:
    """Somebody's machine, whose settings lead to every tool, and what was run there."""

    is_async: bool
    boxes: dict[str, Sandbox] = attrs.field(factory=_sandboxes)

    @property
    def hootsuite(self) -> hootsuite.Sandbox:
        """The sandbox that remembers what was published."""
        found = self.boxes["hootsuite"]
        assert isinstance(found, hootsuite.Sandbox)
        return found

    def run(self, tool: str) -> list[Row]:
        """The application, on that tool."""
        return asyncio.run(weekly_async(tool)) if self.is_async else weekly(tool)

    @cached_property
    def reports(self) -> Mapping[str, list[Row]]:
        """What it says on each tool."""
        return {tool: self.run(tool) for tool in self.boxes}

    def rows(self, tool: str, *what: str) -> list[Row]:
        """The rows of one kind, or several."""
        return [each for each in self.reports[tool] if each.what in what]


@pytest.fixture(scope="module", params=["blocking", "asynchronous"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    found = Office(is_async=request.param == "asynchronous")
    home = str(tmp_path_factory.mktemp("home"))
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(home)
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, home)
        for tool, made in found.boxes.items():
            url = stack.enter_context(serve(made.app)).url
            told = reach(adapter_class(tool), url, made.credentials)
            told["clock"] = made.now.isoformat()
            for name, value in told.items():
                patch.setenv(f"SOCIALMETRICS_{tool}_{name}".upper(), value)
        yield found


# -- the same program ------------------------------------------------------------------


def test_every_installed_tool_is_switched_to() -> None:
    assert set(TOOLS) == set(adapters())


def test_the_program_names_no_tool() -> None:
    code = inspect.getsource(application).lower()

    # "x" is a network as well.
    assert not re.search(r"sprout|hootsuite|connect\(\W*x|socialmetrics_", code)


@EVERY
def test_the_same_program_runs_on_every_tool(tool: str, office: Office) -> None:
    kinds = {each.what for each in office.reports[tool]}

    assert kinds - {"lacking"} == GIVES[tool] | {"profile"}


@EVERY
def test_every_column_is_of_the_same_kind_on_every_tool(
    tool: str, office: Office
) -> None:
    for row in office.reports[tool]:
        assert isinstance(row.value, int | float | None)
        assert row.at is None or row.at.utcoffset() == WEEK.start.utcoffset()
        assert all(isinstance(each, str) for each in (row.subject, row.name))
        assert isinstance(row.remark, str)


def test_tables_of_figures_have_the_same_columns_on_every_tool(office: Office) -> None:
    columns: set[tuple[str, ...]] = set()
    for tool in ("sprout", "x", "hootsuite"):
        with sm.connect(tool) as client:
            everybody = [*client.profiles(), KNOWN]
            series = client.metrics(everybody, METRICS, WEEK, by="day")
        frame = series.to_polars()
        assert len(frame) == len(series) > 0
        columns.add(tuple(f"{name} {kind}" for name, kind in frame.schema.items()))

    assert len(columns) == 1


# -- the same things -------------------------------------------------------------------


def test_accounts_and_posts_have_one_name_everywhere(office: Office) -> None:
    refs = {
        tool: {each.subject for each in office.rows(tool, "profile")} for tool in TOOLS
    }
    posts = {
        tool: {each.subject for each in office.rows(tool, "post")} for tool in TOOLS
    }

    assert refs["x"] < refs["hootsuite"] < refs["sprout"]
    assert posts["hootsuite_legacy"] == posts["hootsuite"] == posts["sprout"] != set()


def test_what_is_counted_alike_is_the_same_number_everywhere(office: Office) -> None:
    del office
    figures: dict[str, dict[tuple[sm.Ref, datetime], float]] = {}
    for tool in ("sprout", "hootsuite"):
        with sm.connect(tool) as client:
            series = client.metrics(None, ["followers"], WEEK, by="day")
        figures[tool] = {
            (point.subject, point.start): point.value
            for point in series
            if point.value is not None and point.settled != "no"
        }
    both = figures["sprout"].keys() & figures["hootsuite"].keys()

    assert len({subject for subject, _ in both}) > 7
    assert {key: figures["hootsuite"][key] for key in both} == {
        key: figures["sprout"][key] for key in both
    }


def test_what_one_tool_lists_another_counts(office: Office) -> None:
    listed = [sm.Ref("x", row.subject[2:]) for row in office.rows("sprout", "post")]

    with sm.connect("x") as client:
        counted = client.metrics(listed, ["likes"])

    assert [point.status for point in counted] == ["observed"] * len(listed)


# -- what a tool lacks -----------------------------------------------------------------


@EVERY
def test_what_a_tool_lacks_is_known_and_said(tool: str, office: Office) -> None:
    lacks = office.rows(tool, "lacking")

    assert {each.name for each in lacks} == LACKS[tool]
    for each in office.rows(tool, "lacking", "missing"):
        assert len(each.remark) > 20, each


@EVERY
def test_what_a_tool_lacks_others_have(tool: str, office: Office) -> None:
    for each in office.rows(tool, "lacking"):
        assert tool not in each.instead
        for other in each.instead:
            assert adapter_class(other).declared(each.name).supported


@pytest.mark.parametrize("tool", ["sprout", "x", "hootsuite"])
def test_every_figure_that_was_asked_for_is_there_or_missing(
    tool: str, office: Office
) -> None:
    there = {(row.subject, row.name) for row in office.rows(tool, "figure")}
    gaps = {(row.subject, row.name) for row in office.rows(tool, "missing")}
    subjects = [row.subject for row in office.rows(tool, "profile")]

    for subject in (*subjects, str(KNOWN)):
        network = subject.partition(":")[0]
        for name in METRICS:
            is_missing = {(subject, name), (network, name)} & gaps
            assert (subject, name) in there or is_missing, (subject, name)


# -- publishing ------------------------------------------------------------------------


@EVERY
def test_a_second_run_publishes_nothing_twice(tool: str, office: Office) -> None:
    first = office.rows(tool, "published")

    again = [row for row in office.run(tool) if row.what == "published"]

    assert again == first
    assert len(first) == (0 if tool == "x" else 2)


def test_what_was_published_waits_at_the_tool(office: Office) -> None:
    assert {row.name for row in office.rows("sprout", "published")} == {"draft"}
    for tool in ("hootsuite", "hootsuite_legacy"):
        rows = office.rows(tool, "published")
        assert [(row.name, row.at) for row in rows] == [
            ("scheduled", application.THURSDAY)
        ] * 2
    assert len(office.hootsuite.state.outbox.copies("Spring is here")) == 2


@EVERY
def test_every_account_can_be_published_to_or_is_refused_with_the_reason(
    tool: str, office: Office
) -> None:
    refused: dict[str, str] = {}
    with sm.connect(tool) as client:
        for each in client.profiles():
            try:
                client.consignments(application.draft([each]))
            except (sm.InvalidQuery, sm.Unsupported) as no:
                refused[each.ref.network] = no.message

    del office
    assert set(refused) == REFUSED[tool]
    assert all(len(reason) > 20 for reason in refused.values())
