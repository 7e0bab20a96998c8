"""Even answers are read at once, and exactly as figure by figure; others are not."""

from __future__ import annotations

import json
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics_x.layout import table

Tree = dict[str, dict[str, dict[str, dict[str, str]]]]
NUMBERS: Final = st.integers(0, 99_999_999).map(str)
WORDS: Final = st.text("abcdefé_0129-", min_size=1, max_size=9)
HOURS: Final = st.lists(
    st.integers(0, 23).map("{:02}".format), min_size=1, max_size=4, unique=True
)
DAYS: Final = st.dictionaries(st.dates().map(str), HOURS, min_size=1, max_size=3)
ODD: Final = ("", "0", "007", "-5", "1.5", "123456789", "x", "1e3", "éé", ":", " 1")


def raw(tree: object, separators: tuple[str, str] = (",", ":")) -> msgspec.Raw:
    text = json.dumps(tree, separators=separators, ensure_ascii=False)
    return msgspec.json.decode(text, type=msgspec.Raw)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    days = draw(DAYS)
    posts = st.lists(WORDS, min_size=1, max_size=4, unique=True)
    names = st.lists(WORDS, min_size=1, max_size=3, unique=True)
    return {
        post: {
            name: {
                day: {hour: draw(NUMBERS) for hour in hours}
                for day, hours in days.items()
            }
            for name in draw(names)
        }
        for post in draw(posts)
    }


def figures(tree: Tree) -> list[tuple[str, str, dict[tuple[str, str], float]]]:
    return [
        (
            post,
            name,
            {(d, h): float(v) for d, hs in days.items() for h, v in hs.items()},
        )
        for post, names in tree.items()
        for name, days in names.items()
    ]


def read(text: msgspec.Raw) -> list[tuple[str, str, dict[tuple[str, str], float]]]:
    found = table(text)
    assert found is not None
    return [
        (post, name, dict(zip(found.hours, row.tolist(), strict=True)))
        for post, name, row in found.rows
    ]


@given(trees())
def test_even_answers_are_read_exactly(tree: Tree) -> None:
    assert read(raw(tree)) == figures(tree)


@given(trees(), st.data())
def test_what_is_not_even_is_read_exactly_or_not_at_all(
    tree: Tree, data: st.DataObject
) -> None:
    post = data.draw(st.sampled_from(sorted(tree)))
    name = data.draw(st.sampled_from(sorted(tree[post])))
    day = data.draw(st.sampled_from(sorted(tree[post][name])))
    hour = data.draw(st.sampled_from(sorted(tree[post][name][day])))
    hours = tree[post][name][day]
    change = data.draw(st.sampled_from(["value", "hour", "gone", "day", "order"]))
    if change == "value":
        hours[hour] = data.draw(st.sampled_from(ODD))
    elif change == "hour":
        hours[data.draw(WORDS)] = hours.pop(hour)
    elif change == "gone":
        del hours[hour]
    elif change == "day":
        tree[post][name][data.draw(WORDS)] = tree[post][name].pop(day)
    else:
        tree[post][name] = dict(reversed(tree[post][name].items()))

    found = table(raw(tree))

    if found is not None:
        assert read(raw(tree)) == figures(tree)


DAY: Final = {"2026-02-01": {"00": "5", "01": "16"}}
NEXT: Final = {**DAY, "2026-02-02": {"00": "7", "01": "8"}}


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"1": {}},
        {"1": {"likes": {}}},
        {"1": {"likes": {"2026-02-01": {}}}},
        {"1": {"likes": "5"}},
        {"1": {"likes": {"2026-02-01": "5"}}},
        {"1": {"likes": {"2026-02-01": {"00": 5}}}},
        {"1": {"likes": {"2026-02-01": {"00": {"a": "5"}}}}},
        {"1": {"likes": DAY, "urls": {"2026-02-01": {"00": "5"}}}},
        {"1": {"likes": DAY, "urls": {"2026-02-01": {"00": "5", "011": "6"}}}},
        {"1": {"likes": DAY, "urls": {"2026-02-01": {"00": "5", "02": "6"}}}},
        {"1": {"likes": DAY}, "2": {}},
        {"1": {"likes": DAY}, "2": {"likes": NEXT}},
        {"1": {"likes": NEXT}, "2": {"likes": {**NEXT, "2026-02-02": {"00": "7"}}}},
        {"1": {"likes": NEXT, "urls": {**DAY, "2026-02-03": {"00": "7", "01": "8"}}}},
        {"1": {"likes": DAY, "urls": {"2026-02-03": DAY["2026-02-01"]}}},
        {"1": {"likes": {"2026-02-01": {"00": "5", "01": "\\"}}}},
        {"1": {"likes": {"2026-02-01": {"00": "5"}, "2026-02-02": {}}}},
        {"1": {"likes": DAY, "2026-02-02": {"00": {"00": "5", "01": "6"}}}},
        [],
        "text",
        None,
    ],
)
def test_other_answers_are_left_to_others(tree: object) -> None:
    assert table(raw(tree)) is None


@pytest.mark.parametrize("value", ODD)
def test_only_whole_numbers_as_people_write_them_are_read(value: str) -> None:
    found = table(raw({"1": {"likes": {"2026-02-01": {"00": "12", "01": value}}}}))

    assert (found is None) == (value != "0")


def test_blanks_between_are_left_to_others() -> None:
    assert table(raw({"1": {"likes": NEXT}}, (", ", ": "))) is None


@pytest.mark.parametrize(
    "twice",
    [
        b'{"1":{"likes":{"d":{"00":"5"}}},"1":{"likes":{"d":{"00":"6"}}}}',
        b'{"1":{"likes":{"d":{"00":"5"}},"likes":{"d":{"00":"6"}}}}',
        b'{"1":{"likes":{"d":{"00":"5","00":"6"}}}}',
    ],
)
def test_what_comes_twice_is_left_to_others(twice: bytes) -> None:
    assert table(msgspec.json.decode(twice, type=msgspec.Raw)) is None
