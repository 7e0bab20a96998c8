"""Rules and orders as they are written: TOML, read and checked.

A `[[rule]]` or `[[order]]` has the fields of `Rule` and `Order`; patterns are tables
like `{ vendor = "toy", level = ["post", "message"] }`, in which "*" stands for any
value. A fault is a plain `ValueError` that names the file and the row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeVar, get_args

import attrs
import msgspec

from socialmetrics import ontology
from socialmetrics.comparison.result import Answer, Axis
from socialmetrics.comparison.rule import ANY, Order, Pattern, Rule, State, Value
from socialmetrics.errors import InvalidQuery
from socialmetrics.reading import (
    Counting,
    DateAxis,
    Level,
    Scope,
    Temporality,
    Unit,
)
from socialmetrics.typed import converted
from socialmetrics.window import zone

ATTRIBUTES: Final[Mapping[str, tuple[Value, ...]]] = {
    "vendor": (),
    "endpoint": (),
    "network": (),
    "name": (),
    "metric": (),
    "level": get_args(Level),
    "temporality": get_args(Temporality),
    "date_axis": get_args(DateAxis),
    "scope": get_args(Scope),
    "counting": get_args(Counting),
    "unit": get_args(Unit),
    "net": (True, False),
    "threshold": (),
    "composition": (),
    "zone": (),
}
"""What patterns look at, and the values that there are; none: any text."""
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

T = TypeVar("T")
Told = dict[str, Value | list[Value]]


class _Row(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    text: str
    source: str
    unless_net: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


class _Rule(_Row, forbid_unknown_fields=True, kw_only=True):
    axis: Axis
    answer: Answer | None = None
    metrics: tuple[str, ...] = ()
    left: Told = {}
    right: Told = {}
    when: tuple[State, ...] = ()
    lesser: Literal["left", "right"] | None = None
    breaks_on: date | None = None


class _Order(_Row, forbid_unknown_fields=True, kw_only=True):
    severity: Literal["fault", "warning", "none"]
    lesser: Told
    greater: Told = {}
    over_time: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rule: list[dict[str, object]] = []
    order: list[dict[str, object]] = []


@attrs.frozen(kw_only=True)
class Rulefile:
    """The rules and the orders of one file, in its order."""

    rules: tuple[Rule, ...]
    orders: tuple[Order, ...]


def read(content: str, name: str, vendor: str = "") -> Rulefile:
    """The rules of a file of that name.

    Those of an adapter (`vendor`) carry its name before their ids, and must be about
    its own figures on one side at least.
    """
    try:
        found = _convert(tomllib.loads(content), _File)
        rules = tuple(_each(found.rule, "rule", _rule, vendor))
        orders = tuple(_each(found.order, "order", _order, vendor))
        _check_ids([*(each.id for each in rules), *(each.id for each in orders)])
    except ValueError as err:
        raise ValueError(f"{name}: {err}") from err
    return Rulefile(rules=rules, orders=orders)


def _each(
    rows: Iterable[dict[str, object]],
    word: str,
    make: Callable[[dict[str, object], str], T],
    vendor: str,
) -> Iterator[T]:
    for number, told in enumerate(rows, 1):
        try:
            yield make(told, vendor)
        except ValueError as err:
            raise ValueError(f"{told.get('id', f'{word} {number}')}: {err}") from err


def _rule(told: dict[str, object], vendor: str) -> Rule:
    row = _convert(told, _Rule)
    _check(row)
    left, right = _pattern(row.left), _pattern(row.right)
    _refuse(_faulty_answer(row, left, right) or _faulty_break(row, right))
    _refuse(_foreign(vendor, left, right) or _faulty_metrics(row))
    return Rule(
        id=_id(row, vendor),
        axis=row.axis,
        answer=row.answer,
        text=row.text,
        source=row.source,
        metrics=frozenset(row.metrics),
        left=left,
        right=right,
        when=frozenset(row.when),
        lesser=row.lesser,
        unless_net=row.unless_net,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        breaks_on=row.breaks_on,
        vendor=vendor,
    )


def _order(told: dict[str, object], vendor: str) -> Order:
    row = _convert(told, _Order)
    _check(row)
    lesser, greater = _pattern(row.lesser), _pattern(row.greater)
    _refuse(_faulty_sides(row, lesser, greater) or _foreign(vendor, lesser, greater))
    return Order(
        id=_id(row, vendor),
        text=row.text,
        source=row.source,
        lesser=lesser,
        greater=greater,
        severity=None if row.severity == "none" else row.severity,
        unless_net=row.unless_net,
        over_time=row.over_time,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        vendor=vendor,
    )


def _id(row: _Row, vendor: str) -> str:
    return f"{vendor}.{row.id}" if vendor else row.id


def _pattern(told: Told) -> Pattern:
    wanted: list[tuple[str, frozenset[Value]]] = []
    for name, value in told.items():
        values = frozenset(value if isinstance(value, list) else [value])
        _refuse(_faulty_values(name, values))
        if "*" not in values:
            wanted.append((name, values))
    return Pattern(tuple(wanted))


def _faulty_values(name: str, values: Collection[Value]) -> str:
    if name not in ATTRIBUTES:
        return f"readings have no {name!r}; patterns know {', '.join(ATTRIBUTES)}"
    if not values:
        return f"{name} lists no value; leave it out for any"
    known = ATTRIBUTES[name] or values
    strangers = [each for each in values if each not in known and each != "*"]
    if strangers or (name != "net" and not all(isinstance(v, str) for v in values)):
        return f"{name} is never {', '.join(map(repr, strangers or values))}"
    return _faulty_zones(values) if name == "zone" else ""


def _faulty_zones(values: Collection[Value]) -> str:
    try:
        for each in {str(value) for value in values} - {"", "*"}:
            zone(each)
    except InvalidQuery as err:
        return err.message
    return ""


def _check(row: _Row) -> None:
    if not _ID.fullmatch(row.id):
        _refuse(f"the id {row.id!r} is not in lower-case words joined by hyphens")
    if not row.text.endswith(".") or not row.source:
        _refuse("needs a text of whole sentences, and a source")
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        _refuse(f"valid_to={row.valid_to} lies before valid_from={row.valid_from}")


def _faulty_answer(row: _Rule, left: Pattern, right: Pattern) -> str:
    is_ordered = row.answer == "ordered"
    if (row.lesser is not None) != is_ordered:
        return "lesser goes with the answer 'ordered', and only with it"
    if row.unless_net and not is_ordered:
        return "unless_net goes with the answer 'ordered' only"
    if is_ordered and left == right:
        return "an order needs patterns that tell its two sides apart"
    if row.axis == "freshness" and row.answer is not None:
        return "freshness is judged from the figures: rules about it are notes"
    if row.when and row.answer is None:
        return "a note holds in every state: leave out when"
    return ""


def _faulty_break(row: _Rule, right: Pattern) -> str:
    if row.breaks_on is None:
        return ""
    if row.valid_from or row.valid_to or row.when or right != ANY:
        return "breaks_on goes with left alone: no right, no when, no other days"
    return "" if row.answer != "ordered" else "a break orders nothing"


def _faulty_metrics(row: _Rule) -> str:
    strangers = [each for each in row.metrics if not ontology.is_canonical(each)]
    return f"metrics names the unknown {', '.join(strangers)}" if strangers else ""


def _faulty_sides(row: _Order, lesser: Pattern, greater: Pattern) -> str:
    if row.over_time:
        return "an order over time has no greater" if greater != ANY else ""
    if lesser == greater:
        return "an order needs patterns that tell its two sides apart"
    return ""


def _foreign(vendor: str, *patterns: Pattern) -> str:
    """An adapter has no say in how the figures of others compare."""
    own = ("vendor", frozenset({vendor}))
    if not vendor or any(own in pattern.wanted for pattern in patterns):
        return ""
    return f"one side must have vendor = {vendor!r}"


def _check_ids(ids: Sequence[str]) -> None:
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        _refuse(f"more than one row has the id {', '.join(twice)}")


def _refuse(fault: str) -> None:
    if fault:
        raise ValueError(fault)


def _convert(told: object, kind: type[T]) -> T:
    try:
        return converted(told, kind)
    except msgspec.ValidationError as err:
        raise ValueError(str(err)) from err
