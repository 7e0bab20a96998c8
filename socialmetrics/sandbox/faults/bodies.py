"""Faults inside of a JSON answer: rows that miss, values that are not what they were.

`rows`, `metrics` and `keys` are names of keys in the vendor's answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from socialmetrics.sandbox.exchange import Answer, Fault
from socialmetrics.sandbox.faults.answers import changed

Json = dict[str, Any]
_MARK: Final = "@@mark@@"


def edited(name: str, edit: Callable[[Json], None]) -> Fault:
    """The answer after `edit` changed its JSON object in place."""

    def change(answer: Answer) -> Answer:
        found: Json = json.loads(answer.body)
        edit(found)
        return answer.with_body(_dumped(found))

    return changed(name, change)


def _dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def empty_page(rows: str = "data") -> Fault:
    """No rows, everything else as it was."""
    return edited("empty_page", lambda found: found.update({rows: []}))


def short_page(drop: int = 1, rows: str = "data") -> Fault:
    """The last `drop` rows are missing."""

    def edit(found: Json) -> None:
        found[rows] = found[rows][: max(len(found[rows]) - drop, 0)]

    return edited("short_page", edit)


def doubled_page(rows: str = "data") -> Fault:
    """Every row twice."""
    return edited("doubled_page", lambda found: found.update({rows: found[rows] * 2}))


def null_data(rows: str = "data") -> Fault:
    """null in the place of the rows."""
    return edited("null_data", lambda found: found.update({rows: None}))


def object_data(rows: str = "data") -> Fault:
    """An object in the place of the rows."""
    return edited("object_data", lambda found: found.update({rows: {}}))


def missing_data(rows: str = "data") -> Fault:
    """The key of the rows is not there."""

    def edit(found: Json) -> None:
        found.pop(rows, None)

    return edited("missing_data", edit)


def extra_keys(rows: str = "data") -> Fault:
    """Keys that nobody announced, at every level."""

    def edit(found: Json) -> None:
        found["surprise"] = {"nested": [1, 2]}
        for row in found[rows]:
            row["surprise"] = None

    return edited("extra_keys", edit)


def ids_as_numbers(keys: Sequence[str], rows: str = "data") -> Fault:
    """The digits in those keys as JSON numbers."""

    def edit(found: Json) -> None:
        for row in found[rows]:
            for key in keys:
                if key in row:
                    row[key] = int("".join(c for c in str(row[key]) if c.isdigit()))

    return edited("ids_as_numbers", edit)


def metrics_as_strings(rows: str = "data", metrics: str = "metrics") -> Fault:
    """Every number among the metrics as text."""

    def edit(found: Json) -> None:
        for row in found[rows]:
            row[metrics] = {key: str(value) for key, value in row[metrics].items()}

    return edited("metrics_as_strings", edit)


def metric_as(value: object, rows: str = "data", metrics: str = "metrics") -> Fault:
    """The first metric of the first row is `value`."""

    def edit(found: Json) -> None:
        figures = found[rows][0][metrics]
        figures[next(iter(figures))] = value

    return edited("metric_as", edit)


def raw_metric(literal: str, rows: str = "data", metrics: str = "metrics") -> Fault:
    """The first metric of the first row as this text, valid JSON or not.

    For `NaN`, `Infinity`, `1e400` or a number of thirty digits.
    """

    def edit(found: Json) -> None:
        figures = found[rows][0][metrics]
        figures[next(iter(figures))] = _MARK

    return _marked(f"raw_metric({literal})", edit, f'"{_MARK}"', literal.encode())


def duplicate_keys(
    other: str | None = None, rows: str = "data", metrics: str = "metrics"
) -> Fault:
    """The first metric of the first row comes twice.

    The second time with `other` as its value (None: with the same one).
    """

    def change(answer: Answer) -> Answer:
        found: Json = json.loads(answer.body)
        figures = found[rows][0][metrics]
        name = next(iter(figures))
        value = json.dumps(figures[name])
        figures[name] = _MARK
        key = json.dumps(name)
        twice = f"{value},{key}:{value if other is None else other}"
        content = _dumped(found).replace(f'"{_MARK}"'.encode(), twice.encode(), 1)
        return answer.with_body(content)

    return changed("duplicate_keys", change)


def bad_utf8(key: str = "text", rows: str = "data") -> Fault:
    """Bytes that are no UTF-8, as a text of the first row."""
    return _marked("bad_utf8", _text(key, rows), _MARK, b"\xff\xfe\xc3")


def lone_surrogate(key: str = "text", rows: str = "data") -> Fault:
    """An escaped half of a character, as a text of the first row."""
    return _marked("lone_surrogate", _text(key, rows), _MARK, b"\\ud83d")


def null_character(key: str = "text", rows: str = "data") -> Fault:
    """An escaped NUL, as a text of the first row."""
    return _marked("null_character", _text(key, rows), _MARK, b"\\u0000")


def _text(key: str, rows: str) -> Callable[[Json], None]:
    def edit(found: Json) -> None:
        found[rows][0][key] = _MARK

    return edit


def _marked(
    name: str, edit: Callable[[Json], None], mark: str, content: bytes
) -> Fault:
    def change(answer: Answer) -> Answer:
        found: Json = json.loads(answer.body)
        edit(found)
        return answer.with_body(_dumped(found).replace(mark.encode(), content, 1))

    return changed(name, change)
