"""Bad input of reports, and what becomes of it: one table for tests and docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.exports.bad_cells_exports import CELLS
from tests.exports.bad_files_exports import FILES
from tests.exports.bad_mappings_exports import MAPPINGS
from tests.exports.bad_rows_exports import ROWS


def as_markdown() -> Iterator[str]:
    """The tables' lines for the documentation."""
    yield from _table(("in a row", "example", "what becomes of it"), map(_row, ROWS))
    yield ""
    cells = [
        (what, f"kept out, with an issue: ...{told}...") for what, _, told in CELLS
    ]
    yield from _table(("in a cell of a workbook", "what becomes of it"), cells)
    yield ""
    named = [(what, f"`InvalidQuery`: ...{told}...") for what, _, _, told in FILES]
    yield from _table(("in the file", "what becomes of it"), named)
    yield ""
    yield from _table(
        ("in the mapping", "example", "what becomes of it"), map(_mapping, MAPPINGS)
    )


def _row(row: tuple[str, ...]) -> tuple[str, ...]:
    what, example, outcome, words, *more = row
    told = f"...{words}..." if words else ""
    if outcome == "answered":
        result = words
    elif outcome == "kept out":
        result = f"kept out, with an issue: {told}"
    else:
        result = f"status `{outcome}`" + (f", with an issue: {told}" if told else "")
    shown = example.replace("\0", "\\0")
    given = f" with {_code(more[0])}" if more else ""
    return what, f"{_code(shown) if shown else 'nothing'}{given}", result


def _mapping(row: tuple[str, ...]) -> tuple[str, ...]:
    what, changes, words, *without = row
    gone = f"without {_code(*without)}" if without else ""
    example = ", ".join(filter(None, (_code(changes) if changes else "", gone)))
    return what, example, f"`InvalidQuery`: ...{words}..."


def _code(text: str) -> str:
    return " and ".join(
        f"`` {line} ``" if "`" in line else f"`{line}`" for line in text.split("\n")
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
