"""Every mistake in the tables ends as the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

import socialmetrics as sm
from tests.exports.bad_cells_exports import CELLS
from tests.exports.bad_files_exports import FILES, Maker
from tests.exports.bad_input_exports import as_markdown
from tests.exports.bad_mappings_exports import MAPPINGS
from tests.exports.bad_rows_exports import ROWS
from tests.exports.reports import GOOD, HEADER, READ_AT, mapping, read, told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_mistake_in_a_row_is_told_with_its_line(
    row: tuple[str, ...], tmp_path: Path
) -> None:
    _, example, outcome, words, *more = row
    changes, *good = more or [""]

    found = read(tmp_path, f"{good[0] if good else GOOD.strip()}\n{example}\n", changes)

    assert len(found.series) == (2 if outcome != "kept out" and example else 1)
    if outcome == "answered":
        return
    if outcome != "kept out":
        assert found.series[1].status == outcome
        assert found.series[1].value is None
    problems = [each for each in told(found) if each.startswith("report.csv, line 3: ")]
    assert found.problems == len(problems) == bool(words)
    assert not words or words in problems[0]


@pytest.mark.parametrize(("what", "make", "changes", "words"), FILES)
def test_mistake_in_a_file_is_named(
    what: str, make: Maker, changes: str, words: str, tmp_path: Path
) -> None:
    path = make(tmp_path)

    with pytest.raises(sm.InvalidQuery) as caught:
        sm.read_export(path, mapping(changes), read_at=READ_AT)

    assert words in str(caught.value), what
    assert path.name in str(caught.value)


@pytest.mark.parametrize("row", MAPPINGS, ids=lambda row: row[0])
def test_mistake_in_a_mapping_is_named(row: tuple[str, ...], tmp_path: Path) -> None:
    _, changes, words, *without = row
    (tmp_path / "report.csv").write_text(HEADER + GOOD)

    with pytest.raises(sm.InvalidQuery) as caught:
        sm.read_export(tmp_path / "report.csv", mapping(changes, without))

    assert str(caught.value).startswith("the mapping: ")
    assert words in str(caught.value)


def test_tables_are_lines_of_markdown() -> None:
    lines = [*as_markdown()]

    assert len(lines) == len(ROWS) + len(CELLS) + len(FILES) + len(MAPPINGS) + 11
    assert all(line.startswith("|") for line in lines if line)
