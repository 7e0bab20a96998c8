"""Filters: a value is written so that it can only be that value, or it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import Window
from socialmetrics_sprout import Condition, field
from socialmetrics_sprout.conditions import seconds
from socialmetrics_sprout.sandbox.filters import parse

MARCH = Window.days("2026-03-02", "2026-03-08")
TYPOGRAPHIC = "\u2026\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (field("network").eq("INSTAGRAM", "YOUTUBE"), "network.eq(INSTAGRAM,YOUTUBE)"),
        (field("tag_id").neq(1, 2), "tag_id.neq(1,2)"),
        (field("likes").gt(10), "likes.gt(10)"),
        (field("likes").gte(10), "likes.gte(10)"),
        (field("likes").lt(1.5), "likes.lt(1.5)"),
        (field("likes").lte(-3), "likes.lte(-3)"),
        (field("guid").gt("t:101"), "guid.gt(t:101)"),
        (field("explicit_label").eq(False), "explicit_label.eq(false)"),
        (field("visual_media").exists(), "visual_media.exists(true)"),
        (field("visual_media").exists(False), "visual_media.exists(false)"),
        (field("text").match_all("blue", "red"), "text.match(blue red)"),
        (field("text").match_any("blue", "red"), "text.match(blue OR red)"),
        (field("text").match_phrase("the blue car"), 'text.match("the blue car")'),
        (
            field("created_time").within(MARCH),
            "created_time.in(2026-03-02T00:00:00...2026-03-09T00:00:00)",
        ),
        (
            field("reporting_period").days(date(2026, 3, 2), date(2026, 3, 8)),
            "reporting_period.in(2026-03-02..2026-03-08)",
        ),
    ],
)
def test_a_condition_is_written_as_the_vendor_reads_it(
    condition: Condition, text: str
) -> None:
    assert str(condition) == text
    assert str(parse(str(condition))) == str(parse(text))


def tiny_parser(text: str) -> tuple[str, str, list[str]]:
    """The whole language again: one field, one operator, values between commas."""
    found = re.fullmatch(r"([\w.]+)\.(\w+)\(([^()]*)\)", text, re.DOTALL)
    assert found, text
    return found[1], found[2], found[3].split(",")


def spelled(write: Callable[[], Condition], value: str) -> str | None:
    """The filter, or None where the value was refused for what is in it."""
    try:
        return str(write())
    except InvalidQuery as err:
        refusal = err.message
    is_named = any(repr(character) in refusal for character in value)
    assert is_named or not value or value != value.strip() or ".." in value, refusal
    return None


@given(st.text())
def test_any_text_is_refused_or_comes_back_as_exactly_that_value(value: str) -> None:
    written = spelled(lambda: field("from.guid").eq(value), value)

    if written is not None:
        assert tiny_parser(written) == ("from.guid", "eq", [value])
        assert written.isprintable()


@given(st.text(st.characters(codec="ascii")))
def test_the_simulated_vendor_reads_back_exactly_that_value(value: str) -> None:
    written = spelled(lambda: field("language").eq(value), value)

    if written is not None:
        read = parse(written)
        assert (read.field, read.operator, read.words) == ("language", "eq", (value,))


@given(st.lists(st.text("abz059:_-", min_size=1, max_size=9), min_size=1))
def test_several_values_stay_several_values(values: list[str]) -> None:
    read = parse(str(field("language").neq(*values)))

    assert read.words == tuple(values)


@given(st.text())
def test_a_phrase_is_refused_or_comes_back_between_its_quotes(value: str) -> None:
    assume("\u2013" not in value)
    assume("\u2014" not in value)

    written = spelled(lambda: field("text").match_phrase(value), value)

    if written is not None:
        assert parse(written).arguments == f'"{value}"'


@pytest.mark.parametrize(
    "character", [*'(),"\n\r\t\0\x7f\xa0\u2028\ud800', *TYPOGRAPHIC]
)
def test_a_character_that_cannot_be_quoted_is_named(character: str) -> None:
    with pytest.raises(InvalidQuery, match="no way to quote it") as caught:
        field("text").eq(f"a{character}b")

    assert f"because of {character!r}" in caught.value.message


@pytest.mark.parametrize("value", ["", " a", "a ", "a..b"])
def test_a_value_that_would_be_read_otherwise_is_refused(value: str) -> None:
    with pytest.raises(InvalidQuery, match="cannot be written in a filter"):
        field("text").eq(value)


@pytest.mark.parametrize("value", [None, float("nan"), b"a", ["a"], MARCH.start])
def test_what_is_neither_text_nor_a_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidQuery, match="neither text nor a number"):
        field("text").eq(value)


@pytest.mark.parametrize("word", ["two words", "OR", "a\u2003b", "tab\there"])
def test_a_word_is_one_word(word: str) -> None:
    with pytest.raises(InvalidQuery, match="not one word"):
        field("text").match_any("blue", word)


@pytest.mark.parametrize(
    "write",
    [
        lambda: field("text").eq(),
        lambda: field("text").match_all(),
        lambda: field("text").match_any(),
    ],
)
def test_a_condition_without_a_value_is_refused(write: Callable[[], Condition]) -> None:
    with pytest.raises(InvalidQuery, match="has no value"):
        write()


@pytest.mark.parametrize("name", ["", "a b", "a.eq(1),b", "a.", ".a", "1a", "ä", "a\n"])
def test_what_is_no_field_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidQuery, match="no field name"):
        field(name)


@pytest.mark.parametrize(
    ("moment", "tz", "text"),
    [
        ("2026-03-02T00:00:00+00:00", "UTC", "2026-03-02T00:00:00"),
        ("2026-03-02T00:00:00.000001+00:00", "UTC", "2026-03-02T00:00:01"),
        ("2026-03-02T01:00:00+02:00", "UTC", "2026-03-01T23:00:00"),
        ("2026-03-02T01:00:00+00:00", "Europe/Berlin", "2026-03-02T02:00:00"),
        ("2026-10-25T00:30:00+00:00", "Europe/Berlin", "2026-10-25T02:30:00"),
    ],
)
def test_instants_are_whole_seconds_of_the_zone_without_an_offset(
    moment: str, tz: str, text: str
) -> None:
    assert seconds(datetime.fromisoformat(moment), tz) == text


def test_the_second_of_two_times_that_look_alike_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="clocks show that time twice"):
        seconds(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin")
