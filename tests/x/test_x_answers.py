"""Answers into blocks: what is odd costs nothing else, and is told with its path."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from socialmetrics.decode import decode
from socialmetrics.model import Issue
from socialmetrics.window import Window
from socialmetrics_x import steps
from socialmetrics_x.answers import Root, fill, levels
from socialmetrics_x.blocks import Block
from socialmetrics_x.complaints import Complaints
from socialmetrics_x.parts import Step
from tests.sprout.driving import script
from tests.x.driving_x import WINDOW, hourly, points, read, response, totals
from tests.x.test_x_auth import request

GOOD = '"12":{"favorites":"5"}'


def issues_of(leaf: str) -> tuple[list[float | None], list[tuple[str, str, str]]]:
    """The values of two posts and what was odd, where one has that leaf."""
    body = f'{{"figures":{{"11":{{"favorites":{leaf}}},{GOOD}}}}}'

    found = read(totals("11", "12"), script(body.encode("latin-1")))

    told = [(i.path, i.problem, i.seen) for i in found.issues]
    return [point.value for point in points(found)], told


@pytest.mark.parametrize(
    ("leaf", "value"),
    [
        ("7", 7),
        ('"7"', 7),
        ('"-7"', -7),
        ("-7", -7),
        ("7.5", 7.5),
        ('"7.5"', 7.5),
        ('"007"', 7),
        ('" 7"', 7),
        ("1e3", 1000),
        (str(10**15), 10**15),
        (f'"{10**18}"', 10**18),
    ],
)
def test_numbers_are_read_in_any_dress(leaf: str, value: float) -> None:
    assert issues_of(leaf) == ([value, 5], [])


@pytest.mark.parametrize(
    ("leaf", "problem", "seen"),
    [
        ("null", "nothing instead of a number", "NoneType"),
        ("true", "bool instead of a number", "bool"),
        ('"many"', "text that is no number", "many"),
        ('""', "text that is no number", ""),
        ('"nan"', "text that is no number", "nan"),
        ('"inf"', "text that is no number", "inf"),
        ('"1_000"', "text that is no number", "1_000"),
        ("[1]", "list instead of a number", "list"),
        ('{"a":1}', "dict instead of a number", "dict"),
        (str(10**30), "more than any count", "int"),
        (f'"-{10**30}"', "more than any count", f"-{10**30}"),
    ],
)
def test_what_is_no_number_is_none_and_told(leaf: str, problem: str, seen: str) -> None:
    values, issues = issues_of(leaf)

    assert values == [None, 5]
    assert issues == [("$.figures.11.favorites", problem, seen)]


@pytest.mark.parametrize(
    ("leaf", "problem"),
    [
        ("1e999", "not a finite number"),
        ('"\xff"', "bytes that are not UTF-8, shown as U+FFFD"),
        ('"\\ud800"', "half a character, shown as U+FFFD"),
        ("9" * 5000, "Exceeds the limit"),
        ("[" * 600 + "1e999" + "]" * 600, "maximum recursion depth"),
    ],
)
def test_what_cannot_be_read_at_all_costs_no_other_figure(
    leaf: str, problem: str
) -> None:
    values, issues = issues_of(leaf)

    assert values == [None, 5]
    assert issues[0][0] == "$.figures.11.favorites"
    assert issues[0][1].startswith(problem)


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors":["\xff"],"figures":{"11":{"favorites":"4"}}}',
        b'{"more":1e999,"errors":["\xff"],"figures":{"11":{"favorites":"4"}}}',
    ],
)
def test_what_cannot_be_read_beside_the_figures_costs_none(body: bytes) -> None:
    found = read(totals("11"), script(body))

    assert [point.value for point in points(found)] == [4]
    assert [i.problem for i in found.issues] == ["\ufffd"]


@pytest.mark.parametrize(
    ("tree", "path", "problem"),
    [
        (None, "$.figures", "NoneType instead of an object by tweet.id"),
        ([], "$.figures", "list instead of an object by tweet.id"),
        ({"11": 5}, "$.figures.11", "int instead of an object by engagement.type"),
        ({"11": {"favorites": 5}}, "$.figures.11.favorites", "int instead of an obj"),
        (
            {"11": {"favorites": {"today": {}}}},
            "$.figures.11.favorites.today",
            "the key is no engagement.day",
        ),
        (
            {"11": {"favorites": {"2026-03-10": {"1": "5"}}}},
            "$.figures.11.favorites.2026-03-10.1",
            "the key is no engagement.hour",
        ),
        (
            {"11": {"favorites": {"2026-03-10": {"00": None}}}},
            "$.figures.11.favorites.2026-03-10.00",
            "nothing instead of a number",
        ),
        ({"12": [], "99": {}}, "$.figures.12", "list instead of an object"),
        (
            {"99": {"favorites": {"2026-03-10": {"00": 1}}}, "12": 1, "nobody": {}},
            "$.figures.99.favorites.2026-03-10.00",
            "a figure that nobody asked for",
        ),
    ],
)
def test_another_shape_is_told_with_its_path(
    tree: object, path: str, problem: str
) -> None:
    found = read(hourly("11"), script({"figures": tree}))

    assert [point.value for point in points(found)] == [None] * 4
    assert found.issues[0].path == path
    assert found.issues[0].problem.startswith(problem)


def test_what_is_right_in_a_wrong_shape_is_taken() -> None:
    day: dict[str, object] = {"2026-03-10": {"00": "5", "01": None}}
    tree: dict[str, object] = {"11": {"favorites": day, "new": day}, "12": []}

    found = read(hourly("11", "12"), script({"figures": tree}))

    values = [(p.value, p.status.value) for p in points(found)]
    assert values == [
        (None, "not_reported"),
        (None, "not_reported"),
        (5, "observed"),
        (None, "not_reported"),
        *[(None, "not_collected")] * 4,
    ]


def test_the_last_of_two_equal_keys_stands() -> None:
    body = b'{"figures":{"11":{"favorites":"1","favorites":"2"}}}'

    found = read(totals("11"), script(body))

    assert [point.value for point in points(found)] == [2]


@pytest.mark.parametrize(
    ("endpoint", "step", "count"),
    [("totals", "hour", 2), ("historical", "day", 3), ("28hr", "hour", 4)],
)
def test_the_grouping_fits_the_step(endpoint: str, step: Step, count: int) -> None:
    assert len(levels(endpoint, step)) == count


def test_what_had_to_be_mended_is_told_first() -> None:
    time = steps.of_window(Window(WINDOW.start, WINDOW.end), "hour")
    block = Block("historical", ("11",), ("favorites",), time)
    body = b'\xef\xbb\xbf{"figures":{}}'
    answer = decode(Root, response(request(), body))

    issues = fill(block, answer, "hour", Complaints(others=("odd",), texts=("odd",)))

    assert [i.problem for i in issues] == ["byte-order mark before the JSON", "odd"]


def test_days_that_come_twice_in_a_window_are_one_step() -> None:
    window = Window(
        datetime(2026, 3, 9, 5, tzinfo=UTC), datetime(2026, 3, 9, 9, tzinfo=UTC)
    )
    figures = {"11": {"favorites": {"2026-03-09": "3"}}}

    found = read(hourly("11", window=window, step="day"), script({"figures": figures}))

    assert [(p.start, p.end, p.value) for p in points(found)] == [
        (window.start, window.end, 3)
    ]


def test_a_body_of_a_whole_request_is_read_once() -> None:
    ids = tuple(str(n) for n in range(1, 251))
    content = {"figures": {each: {"favorites": each} for each in ids}}

    found = read(totals(*ids), script(json.dumps(content).encode()))

    assert [point.value for point in points(found)] == [int(each) for each in ids]
    assert found.issues == list[Issue]()


EVEN = {"2026-03-09": {"22": "1", "23": "2"}, "2026-03-10": {"00": "3", "01": "400"}}
SOME = {"2026-03-09": {"23": "2"}, "2026-03-10": {"01": "400"}}
TURNED = {"2026-03-10": {"01": "400", "00": "3"}, "2026-03-09": {"23": "2", "22": "1"}}
MORE = {"2026-03-09": {"21": "9", "22": "1"}, "2026-03-10": {"00": "3", "01": "400"}}


@pytest.mark.parametrize("days", [EVEN, SOME, TURNED, MORE])
def test_blanks_between_make_no_difference(days: dict[str, dict[str, str]]) -> None:
    metrics = {"favorites": days, "replies": days, "nobody_asked": days}
    tree = {"figures": {"11": metrics, "12": metrics, "99": metrics}}
    part = hourly("11", "12", "13", names=("replies", "favorites"))

    even = read(part, script(json.dumps(tree, separators=(",", ":")).encode()))
    spaced = read(part, script(json.dumps(tree).encode()))

    assert points(even) == points(spaced)
    assert even.issues == spaced.issues
    seen = {(p.start, p.value) for p in points(even) if p.subject.native_id == "12"}
    told = {
        f"{day}T{hour}:00:00+00:00": figure
        for day, hours in days.items()
        for hour, figure in hours.items()
        if hour != "21"
    }
    assert {(start.isoformat(), value) for start, value in seen if value} == {
        (start, float(figure)) for start, figure in told.items()
    }


@pytest.mark.parametrize(
    ("order", "values"),
    [
        (("11", "12", "13"), [1, 2, 3]),
        (("13", "11", "12"), [2, 3, 1]),
        (("12", "13"), [None, 1, 2]),
        (("11", "99", "13"), [1, None, 3]),
        (("11", "12", "13", "99"), [1, 2, 3]),
        (("99", "11", "12", "13"), [2, 3, 4]),
    ],
)
def test_totals_may_come_in_any_order(
    order: tuple[str, ...], values: list[float | None]
) -> None:
    told = {each: {"favorites": str(n)} for n, each in enumerate(order, 1)}

    found = read(totals("11", "12", "13"), script({"figures": told}))

    assert [point.value for point in points(found)] == values
