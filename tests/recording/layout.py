"""How the text of an answer is broken into lines: one for each row."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.recording.tapes import to_json


def laid_out(text: str, key: str) -> str:
    """JSON with a line for each row of that list; anything else as it is."""
    try:
        told = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return text
    parts = (f"{to_json(name)}: {_value(told[name], name == key)}" for name in told)
    return "{" + ", ".join(parts) + "}"


def _value(value: Any, is_rows: bool) -> str:
    if not is_rows or not value or not isinstance(value, list):
        return to_json(value)
    rows: list[object] = value  # pyright: ignore[reportUnknownVariableType]  # JSON
    return "[\n" + ",\n".join(map(to_json, rows)) + "\n]"
