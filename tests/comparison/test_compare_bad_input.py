"""Bad and odd input of comparisons ends as the table says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import attrs
import numpy as np
import pytest

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.reading import Reading, Status
from socialmetrics.series.subjects import Refs
from tests.comparison import sides
from tests.comparison.bad_input_compare import TABLE, BadInput, as_markdown

BETA: Final = sides.reading(vendor="beta")


def people(vendor: str) -> Reading:
    return sides.reading(
        "reach", vendor, counting="unique", unit="person", additive=False
    )


def million() -> sm.MetricSeries:
    subjects = Refs("x", tuple(str(10**15 + n) for n in range(1_000_000)))
    return sides.many(sides.lasting(), np.ones(1_000_000), subjects=subjects)


NAMES: Final[dict[str, Any]] = {
    **vars(sides),
    "sm": sm,
    "a": sides.days(1, 2, 3),
    "b": sides.days(1, 2, 4, of=BETA),
    "alpha": sides.reading(),
    "beta": BETA,
    "empty": sm.MetricSeries.empty(),
    "money": sides.reading("spend", unit="currency"),
    "ABSENT": [each for each in Status if each not in {"observed", "zero_by_rule"}],
    "zero": attrs.evolve(sides.figure(0, sides.reading()), status=Status.ZERO_BY_RULE),
    "people": people,
    "million": million,
    "datetime": datetime,
    "UTC": UTC,
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_bad_input_ends_as_the_table_says(row: BadInput) -> None:
    if row.outcome:
        with pytest.raises(getattr(sm, row.outcome), match=re.escape(row.words)):
            eval(row.example, NAMES)  # noqa: S307 - our table
        return

    found = eval(row.example, NAMES)  # noqa: S307 - our table

    assert isinstance(found, Comparison)
    told = {
        **NAMES,
        "found": found,
        "reasons": [each.reason for each in found.unmatched],
        "verdicts": {each.verdict for each in found.rows[:9]},
        "rules": {each.grounds.id for r in found.rows[:9] for each in r.axes.values()},
    }
    assert eval(row.holds, told)  # noqa: S307 - our table


@pytest.mark.parametrize(
    "row", [each for each in TABLE if not each.outcome], ids=lambda row: row.what
)
def test_whatever_is_compared_can_be_looked_at(row: BadInput) -> None:
    found = eval(row.example, NAMES)  # noqa: S307 - our table

    assert found.to_arrow().num_rows == len(found.rows)
    assert len(found.lines()) >= 0
    assert {each.severity for each in found.faults} <= {"fault", "warning"}
    assert all(each.subjects for each in found.coverage)
    assert all(each.reason for each in found.advice)


def test_the_table_can_be_shown() -> None:
    head, line, *rows = as_markdown()

    assert head.count("|") == line.count("|") == 4
    assert len(rows) == len(TABLE) == len({row.what for row in TABLE})
