"""The tables of all that is known of how figures compare."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from typing import Final

from docs.markdown import days, joined, table
from socialmetrics.comparison.result import AXES, Where
from socialmetrics.comparison.rule import Order, Pattern, Rule, State, Value
from socialmetrics.comparison.rules import orders, rules
from socialmetrics.comparison.standing import FILE
from socialmetrics.connections import adapter_class, adapters

HEAD: Final = ("rule", "about", "answer", "what is known", "source")
WHEN: Final[dict[State, str]] = {
    "agree": "both say the same",
    "one_figure": "not documented, but one figure of one tool",
    "neither_says": "neither says",
    "one_says": "only one says",
    "differ": "they say different things",
}


def known() -> str:
    """The rules, those of the core axis by axis, then those of each adapter."""
    every = rules()
    own = [rule for rule in every if not rule.vendor]
    by_axis = {axis: [rule for rule in own if rule.axis == axis] for axis in AXES}
    parts = chain(
        (_section(_titled(axis), some) for axis, some in by_axis.items() if some),
        (
            _section(
                f"Of {adapter_class(name).title}", mine, with_axis=True, under=name
            )
            for name in adapters()
            if (mine := [rule for rule in every if rule.vendor == name])
        ),
    )
    return "\n\n".join(parts)


def found() -> str:
    """What is found of two figures besides their readings."""
    content = files("socialmetrics.comparison").joinpath(FILE).read_text("utf-8")
    told: list[dict[str, str]] = tomllib.loads(content)["found"]
    return table(
        ["rule", "answer", "what is said", "what is known", "source"],
        [
            [
                f"`{each['id']}`",
                _answer(each["answer"], _side(each.get("lesser"))),
                *(each["says"], each["text"], each["source"]),
            ]
            for each in told
        ],
    )


def ordered() -> str:
    """What can never be above what; the parts of the metrics are told elsewhere."""
    return table(
        ["rule", "never above", "if it is", "what is known", "source"],
        [
            [
                f"`{each.id}`",
                _never_above(each),
                each.severity or "says nothing",
                each.text,
                each.source,
            ]
            for each in orders()
            if not each.is_part
        ],
    )


def _section(
    title: str, some: Iterable[Rule], *, with_axis: bool = False, under: str = ""
) -> str:
    rows = [
        [
            f"`{each.id.removeprefix(f'{under}.')}`",
            "; ".join(_about(each, with_axis)) or "every figure",
            _answer(each.answer, each.lesser),
            each.text,
            each.source,
        ]
        for each in some
    ]
    return f"### {title}\n\n{table(HEAD, rows)}"


def _about(rule: Rule, with_axis: bool) -> Iterator[str]:
    if with_axis:
        yield f"{_titled(rule.axis).lower()}"
    if rule.metrics:
        yield ", ".join(f"`{each}`" for each in sorted(rule.metrics))
    sides = [_pattern(each) for each in (rule.left, rule.right)]
    told = [each or "any" for each in sides] if any(sides) else []
    yield from filter(None, [" against ".join(told) if sides[1] else sides[0]])
    if rule.when:
        yield joined([text for state, text in WHEN.items() if state in rule.when], "or")
    if rule.breaks_on:
        yield f"windows that reach across {rule.breaks_on}"
    if rule.valid_from or rule.valid_to:
        yield days(rule.valid_from, rule.valid_to)


def _never_above(order: Order) -> str:
    lesser, greater = _pattern(order.lesser), _pattern(order.greater)
    if order.over_time:
        return f"{lesser}: the earlier never above the later"
    return f"{lesser} ≤ {greater}"


def _pattern(pattern: Pattern) -> str:
    return ", ".join(f"{name} {_values(values)}" for name, values in pattern.wanted)


def _values(values: frozenset[Value]) -> str:
    return joined([_word(each) for each in sorted(values, key=str)], "or")


def _word(value: Value) -> str:
    return {"": "not stated", "True": "yes", "False": "no"}.get(str(value), str(value))


def _answer(answer: str | None, lesser: Where | None) -> str:
    if answer is None:
        return "a note"
    return f"{answer}: the {lesser} one is never above" if lesser else answer


def _side(lesser: str | None) -> Where | None:
    return "left" if lesser == "left" else "right" if lesser == "right" else None


def _titled(axis: str) -> str:
    return axis.replace("_", " ").capitalize()
