"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def anchor(name: str) -> str:
    """The name as it stands in an address, after the #."""
    return name.replace(".", "-").replace("_", "-")


def joined(words: Sequence[str], last: str = "and") -> str:
    """As in a sentence: "a, b and c"."""
    head, end = words[:-1], words[-1:]
    return f" {last} ".join(filter(None, [", ".join(head), *end]))


def days(first: date | None, last: date | None) -> str:
    """The days from the first to the last one, as far as they are bounded."""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""
