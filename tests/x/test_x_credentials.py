"""Settings into credentials: what is wrong is named, and never shown."""

from __future__ import annotations

import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.oauth1 import Owner
from socialmetrics.secret import Secret
from socialmetrics.settings import secret
from socialmetrics_x import credentials

OWNER = Owner("7-token", "hush")
TABLE = {"access_token": "7-token", "access_token_secret": "hush"}


@pytest.mark.parametrize("value", ["hush", Secret("hush")])
def test_secrets_are_wrapped(value: object) -> None:
    assert secret({"name": value}, "name") == Secret("hush")


def test_what_is_not_there_is_none() -> None:
    assert secret({}, "name") is None
    assert credentials.text({}, "name") is None
    assert credentials.per_minute({}) is None
    assert credentials.owners({}) == {}


def test_a_secret_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="name must be text, not int"):
        secret({"name": 5}, "name")


@pytest.mark.parametrize("value", [5, "", "  ", Secret("x")])
def test_text_is_text(value: object) -> None:
    assert credentials.text({"name": " key "}, "name") == "key"
    with pytest.raises(InvalidQuery, match="name must be text"):
        credentials.text({"name": value}, "name")


@pytest.mark.parametrize("value", [60, "60"])
def test_the_calls_of_a_minute_are_a_whole_number(value: object) -> None:
    assert credentials.per_minute({"per_minute": value}) == 60


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "", "many", "1.5", "-3", []])
def test_anything_else_is_no_number_of_calls(value: object) -> None:
    with pytest.raises(InvalidQuery, match="a whole number above 0"):
        credentials.per_minute({"per_minute": value})


@pytest.mark.parametrize(
    "value",
    [
        [OWNER],
        (OWNER,),
        "7-token:hush",
        " 7-token:hush,\n",
        Secret("7-token:hush"),
        ["7-token:hush"],
        [TABLE],
    ],
)
def test_owners_come_in_several_dresses(value: object) -> None:
    assert credentials.owners({"owners": value}) == {"7": OWNER}


def test_owners_without_an_id_in_the_token_have_numbers() -> None:
    found = credentials.owners({"owners": "7-token:hush,opaque:hush,another:hush"})

    assert list(found) == ["7", "#2", "#3"]


@pytest.mark.parametrize(
    "value",
    [
        OWNER,
        5,
        TABLE,
        [5],
        ["hush"],
        ["a:hush:c"],
        [":hush"],
        ["hush:"],
        [("a", "hush")],
        [{"access_token": "hush"}],
        [{**TABLE, "more": "hush"}],
        [{**TABLE, "access_token": 5}],
        b"hush",
    ],
)
def test_what_is_no_owner_is_refused_without_showing_it(value: object) -> None:
    with pytest.raises(InvalidQuery, match="owners must be") as caught:
        credentials.owners({"owners": value})

    assert "hush" not in str(caught.value)


def test_an_owner_given_twice_is_refused_by_name() -> None:
    with pytest.raises(InvalidQuery, match="holds owner 7 twice") as caught:
        credentials.owners({"owners": "7-token:hush,7-other:hush"})

    assert "hush" not in str(caught.value)
