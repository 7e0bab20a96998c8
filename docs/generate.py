"""Writes the generated parts of the documentation: matrix, metrics, readings.

`python docs/generate.py` writes them; `--check` says whether they are fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from socialmetrics import ontology
from socialmetrics.adapter import OPERATIONS, Adapter, MetricCapability
from socialmetrics.connections import adapter_class, adapters

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- generated: {} -->"
END = "<!-- end -->"


def matrix() -> str:
    """Operations by adapter, from the class bodies."""
    kinds = [adapter_class(name) for name in adapters()]
    return table(
        ["operation", *(f"`{kind.name}`" for kind in kinds)],
        [[f"`{name}`", *(_cell(kind, name) for kind in kinds)] for name in OPERATIONS],
    )


def _cell(kind: type[Adapter], operation: str) -> str:
    told = kind.declared(operation)
    mark = "yes" if told.supported else "no"
    return f"{mark}: {told.detail}"


def metrics() -> str:
    """Every canonical metric with its definition."""
    return table(
        ["metric", "definition", "unit", "kind", "may be added over"],
        [
            [
                f"`{each.id}`",
                each.definition,
                each.unit,
                each.kind,
                ", ".join(sorted(each.additive_over)) or "nothing",
            ]
            for each in ontology.metrics()
        ],
    )


def words() -> str:
    """The vocabulary of statuses and readings."""
    return table(
        ["axis", "word", "meaning"],
        [[each.axis, f"`{each.word}`", each.meaning] for each in ontology.terms()],
    )


def readings(name: str) -> str:
    """Every metric of one adapter, by level and network."""
    found = adapter_class(name).metric_capabilities()
    levels = dict.fromkeys(each.level for each in found)
    return "\n\n".join(_section(level, found) for level in levels)


def _section(level: str, found: Iterable[MetricCapability]) -> str:
    rows = [
        [each.network, f"`{each.metric}`", f"`{each.name}`", each.detail]
        for each in found
        if each.level == level
    ]
    head = ["network", "metric", "vendor's name", "counts"]
    return f"### Figures of a {level}\n\n{table(head, rows)}"


def mistakes() -> str:
    """Bad input of X and what becomes of it: the table that the tests run."""
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    from tests.x.bad_input_x import as_markdown

    return "\n".join(as_markdown())


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def fresh() -> Iterator[tuple[Path, str]]:
    """Every generated file with the text it should have."""
    parts = {"matrix": matrix, "metrics": metrics, "words": words}
    parts |= {"mistakes x": mistakes}
    parts |= {f"readings {name}": partial(readings, name) for name in adapters()}
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text("utf-8")
        for name, make in parts.items():
            begin = BEGIN.format(name)
            if begin in text:
                head, _, rest = text.partition(begin)
                _, _, tail = rest.partition(END)
                text = f"{head}{begin}\n\n{make()}\n\n{END}{tail}"
        yield path, text


def main(arguments: list[str]) -> int:
    """Writes, or with --check compares."""
    stale = [(p, text) for p, text in fresh() if p.read_text("utf-8") != text]
    for path, text in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path.name} is stale; run: python docs/generate.py\n")
        else:
            path.write_text(text, "utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
