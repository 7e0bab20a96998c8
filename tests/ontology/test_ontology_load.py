from __future__ import annotations

from enum import StrEnum
from typing import get_args

import pytest

from socialmetrics import ontology
from socialmetrics.ontology import Dimension, Kind
from socialmetrics.ontology.load import read_metrics, read_vocabulary
from socialmetrics.reading import (
    Counting,
    DateAxis,
    Level,
    Scope,
    Settled,
    Status,
    Temporality,
    Unit,
)

ROW = """
[[metric]]
id = "likes"
title = "Likes"
definition = "Approval."
unit = "count"
kind = "counter"
temporalities = ["period"]
"""


def test_a_row_needs_no_more_than_what_it_is() -> None:
    found = read_metrics(ROW)

    assert found["likes"].additive_over == frozenset()
    assert found["likes"].contains == ()
    assert found["likes"].formula is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[[metric", "metrics.toml"),
        (ROW + 'colour = "red"', "likes: Object contains unknown field `colour`"),
        (ROW.replace('"count"', '"furlong"'), "likes: Invalid enum value 'furlong'"),
        (ROW.replace('"counter"', '"meter"'), "meter"),
        (ROW.replace('"period"', '"fortnight"'), "fortnight"),
        (ROW.replace('["period"]', "[]"), "likes: needs a temporality"),
        (ROW.replace('"Approval."', '"Approval"'), "likes: needs a title"),
        (ROW.replace('"Likes"', '""'), "likes: needs a title"),
        (ROW + 'additive_over = ["space"]', "space"),
        (ROW.replace('id = "likes"', ""), "row 1: "),
        ("metric = 1", "metric"),
        (ROW + ROW, "more than one row has the id likes"),
        (ROW + 'contains = ["hearts"]', "likes: contains names the unknown hearts"),
        (ROW + 'contains = ["likes"]', "likes: contains itself"),
        (ROW + 'formula = { ratio = ["a", "likes"] }', "formula names the unknown a"),
        (ROW + "formula = {}", "likes: a formula is one of"),
        (
            ROW + 'formula = { sum = [["likes"]], ratio = ["likes", "likes"] }',
            "likes: a formula is one of",
        ),
        (
            ROW + 'formula = { sum = [["likes"]], optional = [["likes", "x"]] }',
            "likes: optional goes with x, no term",
        ),
        (
            ROW.replace('"counter"', '"gauge"') + 'additive_over = ["time"]',
            "likes: a gauge cannot be added over time",
        ),
        (
            ROW
            + 'contains = ["b"]'
            + ROW.replace('"likes"', '"b"')
            + 'contains = ["c"]'
            + ROW.replace('"likes"', '"c"'),
            "likes: contains parts of parts: add c",
        ),
    ],
)
def test_a_fault_in_the_metrics_names_file_and_row(content: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^metrics\.toml: ") as caught:
        read_metrics(content)

    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[status", "vocabulary.toml"),
        ("[status]\nobserved = 1", "status.observed is not a sentence: 1"),
        ("status = 1", "Expected `object`"),
        ('[status]\nobserved = "seen"', "status.observed is not a sentence"),
    ],
)
def test_a_fault_in_the_vocabulary_names_file_and_word(
    content: str, fault: str
) -> None:
    with pytest.raises(ValueError, match=r"^vocabulary\.toml: ") as caught:
        read_vocabulary(content)

    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        ("scope", get_args(Scope)),
        ("counting", get_args(Counting)),
        ("temporality", get_args(Temporality)),
        ("date_axis", get_args(DateAxis)),
        ("level", get_args(Level)),
        ("unit", get_args(Unit)),
        ("kind", get_args(Kind)),
        ("additive_over", get_args(Dimension)),
        ("status", Status),
        ("settled", Settled),
    ],
)
def test_every_word_of_the_model_is_explained_and_no_other(
    axis: str, words: tuple[str, ...] | type[StrEnum]
) -> None:
    explained = {term.word for term in ontology.terms() if term.axis == axis}

    assert explained == set(words)
