"""One bad value costs itself and is named; the row and its neighbours stay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from tests.faults import injuries
from tests.faults.conftest import Calm
from tests.faults.pulls import (
    DAYS,
    MENTIONS,
    MESSAGES,
    POSTS,
    Fetch,
    Figure,
    Operation,
    Outcome,
    Row,
)

pytestmark = pytest.mark.usefixtures("naps")


def difference(outcome: Outcome, undisturbed: Outcome) -> tuple[Row, Row]:
    """The one row that is another, as it was and as it is."""
    lost, instead = undisturbed.rows - outcome.rows, outcome.rows - undisturbed.rows
    assert lost.total() == instead.total() == 1
    (before,), (after,) = lost, instead
    return before, after


# -- figures ---------------------------------------------------------------------------

NO_NUMBERS: Final = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e999",
    "123456789012345678901234567890",
    "9007199254740993",
    '"n/a"',
    '""',
    '"1,234"',
    '"1_000"',
    '"0x10"',
    '"NaN"',
    '"٣"',
    "true",
    "{}",
    "[1]",
    '{"value": 3}',
)
"""What cannot be taken for a number that a float64 holds exactly."""


@pytest.mark.parametrize("operation", [POSTS, DAYS], ids=lambda one: one.name)
@pytest.mark.parametrize("literal", NO_NUMBERS)
def test_what_is_no_number_is_none_and_named(
    literal: str, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(
        faults.raw_metric(literal), requests={2}, where=operation.concerns
    )

    outcome = fetch(operation)

    assert outcome.error is None
    before, after = difference(outcome, calm(operation))
    was, became = changed_figure(before, after)
    assert was is not None
    assert became is None
    assert outcome.requests == calm(operation).requests
    assert len(outcome.issues) == 1
    (issue,) = outcome.issues
    assert issue.problem
    assert issue.path


def changed_figure(before: Row, after: Row) -> tuple[object, object]:
    """The one figure that is another, as it was and as it is; all else is the same."""
    places = [
        n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new
    ]
    if isinstance(before[places[0]], Figure):
        (place,) = places
        return _figure(before[place]), _figure(after[place])
    assert places in ([5], [5, 6])  # a day's value, and with it perhaps its status
    return before[5], after[5]


def _figure(named: object) -> object:
    assert isinstance(named, Figure)
    return named.value


@pytest.mark.parametrize("operation", [POSTS, DAYS], ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("7", 7),
        ('"7"', 7),
        ('"7.5"', 7.5),
        ("7.0", 7),
        ("-3", -3),
        ('"-3"', -3),
        ('"12 "', 12),
    ],
)
def test_numbers_and_numbers_as_text_are_values(
    literal: str, value: float, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(
        faults.raw_metric(literal), requests={2}, where=operation.concerns
    )

    outcome = fetch(operation)

    assert changed_figure(*difference(outcome, calm(operation)))[1] == value
    assert not outcome.issues


@pytest.mark.parametrize("operation", [POSTS, DAYS], ids=lambda one: one.name)
def test_all_figures_as_text_are_the_same_figures(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(faults.metrics_as_strings(), where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.rows == calm(operation).rows


@pytest.mark.parametrize("operation", [POSTS, DAYS], ids=lambda one: one.name)
@pytest.mark.parametrize("literal", ["null", None])
def test_a_figure_that_is_null_or_absent_is_not_zero(
    literal: str | None, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fault = _without_figure() if literal is None else faults.raw_metric(literal)
    fetch.proxy.strike(fault, requests={2}, where=operation.concerns)

    outcome = fetch(operation)

    assert changed_figure(*difference(outcome, calm(operation)))[1] is None
    assert not outcome.issues


def _without_figure() -> Fault:
    def edit(found: dict[str, list[dict[str, dict[str, object]]]]) -> None:
        metrics = found["data"][0]["metrics"]
        del metrics[next(iter(metrics))]

    return faults.edited("without_figure", edit)


# -- keys that come twice --------------------------------------------------------------


@pytest.mark.parametrize("operation", [POSTS, DAYS], ids=lambda one: one.name)
@pytest.mark.parametrize("other", [None, "123456", "null"])
def test_a_key_that_comes_twice_is_unreadable_to_who_is_strict(
    other: str | None, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    stays = range(2, 99)
    fetch.proxy.strike(
        faults.duplicate_keys(other), requests=stays, where=operation.concerns
    )

    outcome = fetch(operation, strict=True)

    assert type(outcome.error) is sm.Unreadable
    assert "stands twice" in str(outcome.error)
    assert outcome.rows <= calm(operation).rows


@pytest.mark.parametrize(
    "operation", [POSTS, DAYS, MESSAGES, MENTIONS], ids=lambda one: one.name
)
def test_who_is_strict_gets_the_same_rows(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    outcome = fetch(operation, strict=True)

    assert outcome.error is None
    assert outcome.rows == calm(operation).rows
    assert not outcome.issues


def test_without_strict_the_later_of_two_keys_is_taken(
    fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(
        faults.duplicate_keys("123456"), requests={2}, where=POSTS.concerns
    )

    outcome = fetch(POSTS)

    assert changed_figure(*difference(outcome, calm(POSTS)))[1] == 123456


# -- text ------------------------------------------------------------------------------

BROKEN: Final = (
    ("no UTF-8", b'"a\xff\xfeb"', "a\ufffd\ufffdb", 1),
    ("half a character", b'"a\xc3"', "a\ufffd", 1),
    ("a cut emoji", b'"a\xf0\x9f\x98"', "a\ufffd", 1),
    ("an overlong slash", b'"a\xc0\xaf"', "a\ufffd\ufffd", 1),
    ("a surrogate in UTF-8", b'"a\xed\xa0\x80"', "a\ufffd\ufffd\ufffd", 1),
    ("Latin-1", '"größe"'.encode("latin-1"), "gr\ufffd\ufffde", 1),
    ("a lone high surrogate", b'"a\\ud83d"', "a\ufffd", 1),
    ("a lone low surrogate", b'"a\\ude00b"', "a\ufffdb", 1),
    ("a pair the wrong way", b'"\\ude00\\ud83d"', "\ufffd\ufffd", 1),
    ("NUL", b'"a\\u0000b"', "a\0b", 0),
    ("a good pair", b'"\\ud83d\\ude00"', "\U0001f600", 0),
    ("a replacement character", b'"\xef\xbf\xbd"', "\ufffd", 0),
)


@pytest.mark.parametrize(
    "operation", [POSTS, MESSAGES, MENTIONS], ids=lambda one: one.name
)
@pytest.mark.parametrize(
    ("literal", "text", "issues"),
    [one[1:] for one in BROKEN],
    ids=[one[0] for one in BROKEN],
)
def test_broken_text_costs_its_broken_characters(
    literal: bytes,
    text: str,
    issues: int,
    operation: Operation,
    fetch: Fetch,
    calm: Calm,
) -> None:
    fault = injuries.first_row("text", "text", literal)
    fetch.proxy.strike(fault, requests={1}, where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    before, after = difference(outcome, calm(operation))
    assert before[:3] == after[:3]
    assert after[3] == text
    assert len(outcome.issues) == issues


@pytest.mark.parametrize(
    "make",
    [
        lambda: faults.body('{"data":[]}'.encode("utf-16")),
        lambda: faults.body('{"data":[]}'.encode("utf-32")),
    ],
    ids=["UTF-16", "UTF-32"],
)
def test_another_encoding_is_unreadable(
    make: Callable[[], Fault], fetch: Fetch
) -> None:
    fetch.proxy.strike(make(), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert type(outcome.error) is sm.Unreadable


# -- ids -------------------------------------------------------------------------------

IDS: Final = (
    ("1067094924124872705", "1067094924124872705"),
    ('"1067094924124872705"', "1067094924124872705"),
    ("9007199254740993", "9007199254740993"),
    ("18446744073709551616", "18446744073709551616"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ('"00123"', "00123"),
    ('"0"', "0"),
    ("0", "0"),
    ("-1", "-1"),
    ('"1e5"', "1e5"),
    ('"1.0"', "1.0"),
    ('"١٢"', "١٢"),
)
NO_IDS: Final = ("1.0", "1e5", "1.5", "1E400", "NaN", "true", "[1]", "{}", "00123")


@pytest.mark.parametrize(("literal", "text"), IDS)
def test_an_id_is_text_and_loses_no_digit(
    literal: str, text: str, fetch: Fetch, calm: Calm
) -> None:
    fault = injuries.first_row("id", "customer_profile_id", literal.encode())
    fetch.proxy.strike(fault, requests={1}, where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.error is None
    _, after = difference(outcome, calm(POSTS))
    assert after[4] == text


@pytest.mark.parametrize("operation", [POSTS, MESSAGES], ids=lambda one: one.name)
@pytest.mark.parametrize("key", ["customer_profile_id", "guid"])
@pytest.mark.parametrize("literal", NO_IDS)
def test_what_is_no_id_is_unreadable_and_never_rounded(
    literal: str, key: str, operation: Operation, fetch: Fetch
) -> None:
    fault = injuries.first_row("id", key, literal.encode())
    fetch.proxy.strike(fault, where=operation.concerns)

    outcome = fetch(operation)

    if literal in {"NaN", "1E400"} and not (key == "guid" and operation is POSTS):
        assert outcome.issues  # told to be nothing, like null
        return
    assert type(outcome.error) is sm.Unreadable
    assert not outcome.rows


def test_ids_as_numbers_are_the_same_ids(fetch: Fetch, calm: Calm) -> None:
    keys = ("customer_profile_id",)
    fetch.proxy.strike(faults.ids_as_numbers(keys), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.rows == calm(POSTS).rows


def test_a_number_as_guid_is_its_digits(fetch: Fetch, calm: Calm) -> None:
    fetch.proxy.strike(faults.ids_as_numbers(("guid",)), where=MESSAGES.concerns)

    outcome = fetch(MESSAGES)

    digits = Counter(
        "".join(c for c in str(one[1]) if c.isdigit()) for one in calm(MESSAGES).rows
    )
    assert Counter(one[1] for one in outcome.rows) == digits
    assert json.dumps(sorted(digits))
