"""Writes the generated parts of the documentation: matrix, dictionary, rules.

`python docs/generate.py` writes them; `--check` says whether they are fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))

from docs import dictionary, rules
from docs.markdown import anchor, table
from socialmetrics import ontology
from socialmetrics.adapter import OPERATIONS, Adapter, MetricCapability
from socialmetrics.connections import adapter_class, adapters
from socialmetrics.typed import table as csv_table
from socialmetrics_hootsuite.analytics.entries import networks, type_of
from socialmetrics_hootsuite.networks import Kind

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- generated: {} -->"
END = "<!-- end -->"
MISTAKES = {
    "sprout": "sprout.bad_input",
    "x": "x.bad_input_x",
    "hootsuite": "hootsuite.bad_input_hootsuite",
    "hootsuite_legacy": "hootsuite_legacy.bad_input_legacy",
    "exports": "exports.bad_input_exports",
    "compare": "comparison.bad_input_compare",
}
"""The tables of bad input, by what is written in the pages."""


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
                f"[`{each.id}`](dictionary.md#{anchor(each.id)})",
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


def targets() -> str:
    """The kinds of profiles that Hootsuite knows, and what it does with them."""
    file = files("socialmetrics_hootsuite").joinpath("networks.csv")
    counted = {type_of(network) for network in networks()}
    head = ["type", "network", "publishing", "usual length", "analytics"]
    rows = [
        [
            f"`{kind.type}`",
            kind.network,
            _publishing(kind),
            "" if kind.length is None else f"{kind.length:,}",
            "yes" if kind.type in counted else "no",
        ]
        for kind in csv_table(file.name, Kind, file.read_text("utf-8"))
    ]
    return table(head, rows)


def _publishing(kind: Kind) -> str:
    if kind.refused is not None:
        return f"no: {kind.refused}"
    return f"perhaps: {kind.doubt}" if kind.doubt else "yes"


def mistakes(table: str) -> str:
    """Bad input and what becomes of it: the table that the tests run."""
    lines: Iterator[str] = import_module(f"tests.{table}").as_markdown()
    return "\n".join(lines)


def fresh() -> Iterator[tuple[Path, str]]:
    """Every generated file with the text it should have."""
    parts: dict[str, Callable[[], str]] = {
        "matrix": matrix,
        "metrics": metrics,
        "words": words,
        "index": dictionary.index,
        "dictionary": dictionary.dictionary,
        "rules": rules.known,
        "found": rules.found,
        "orders": rules.ordered,
    }
    parts |= {"networks hootsuite": targets}
    parts |= {
        f"mistakes {name}": partial(mistakes, at) for name, at in MISTAKES.items()
    }
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
