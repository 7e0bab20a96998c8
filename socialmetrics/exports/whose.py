"""Cells as the accounts and posts that figures are of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

import attrs

from socialmetrics.adapter import Adapter
from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.cells import BadCell, Cell, Key
from socialmetrics.exports.layout import Layout, Networks, Subjects
from socialmetrics.model import Ref

SHEET_DIGITS: Final = 15
"""So many digits a spreadsheet keeps of a number."""
_AS_TEXT: Final = re.compile(r'="([^"]*)"|\'([=+\-@\d].*)')
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)


@attrs.frozen
class Whose:
    """Which columns say of whom, and how: `read` takes their cells, in that order."""

    columns: tuple[str, ...]
    read: Callable[[Key], Ref]


def whose(layout: Layout) -> Whose:
    """How that report says of whom its figures are. `read` raises `BadCell`; this
    raises `InvalidQuery` for references that are none."""
    subject = layout.subject
    if not isinstance(subject, Subjects):
        fixed = reference(subject)
        return Whose((), lambda _: fixed)
    way = _way(subject)
    networks = layout.network
    if isinstance(networks, Networks):
        names = networks.names

        def read(cells: Key) -> Ref:
            return way(cells[1], _network(names, cells[0]))

        return Whose((networks.column, subject.column), read)
    return Whose((subject.column,), lambda cells: way(cells[0], networks))


def reference(text: str) -> Ref:
    """The reference that is written like "x:4711". Raises `InvalidQuery`."""
    network, _, native_id = text.partition(":")
    if not network or not native_id:
        raise InvalidQuery(
            f"{text!r} is no account or post; write its network and id: 'x:4711'"
        )
    return Ref(network, native_id)


def looks_rounded(ref: Ref) -> bool:
    """Whether its id ends as a spreadsheet ends long numbers: in zeros."""
    tail = ref.native_id[SHEET_DIGITS:]
    return ref.native_id.isdecimal() and bool(tail) and not tail.strip("0")


def _way(subject: Subjects) -> Callable[[Cell, str | None], Ref]:
    if subject.by == "id":
        return _by_id
    return _by_permalink if subject.by == "permalink" else _by_handle(subject.refs)


def _network(names: Mapping[str, str], cell: Cell) -> str:
    text = plain(cell)
    found = names.get(text)
    if found is None:
        raise BadCell("is no network that the mapping names", text, names)
    return found


def _by_id(cell: Cell, network: str | None) -> Ref:
    text = plain(cell)
    if _ROUNDED.fullmatch(text):
        raise BadCell(
            "is an id that a spreadsheet has rounded; export again, and open it as text"
        )
    return _ref(str(network), text)


def _by_permalink(cell: Cell, network: str | None) -> Ref:
    text = plain(cell)
    if "/" not in text:
        raise BadCell("is no link")
    known = resolved(text)
    if known is None:
        return _ref(str(network), text)
    if known.network != network:
        raise BadCell(f"is a post of {known.network}, not of {network}")
    return known


def _by_handle(
    refs: Mapping[str, str | tuple[str, ...]],
) -> Callable[[Cell, str | None], Ref]:
    table = {_handle(name): tuple(_references(told)) for name, told in refs.items()}

    def read(cell: Cell, network: str | None) -> Ref:
        text = plain(cell)
        known = table.get(_handle(text))
        if known is None:
            raise BadCell("is no handle that the mapping names", text, refs)
        fitting = [ref for ref in known if network in {None, ref.network}]
        if len(fitting) != 1:
            of = "several networks; say network" if fitting else f"none of {network}"
            raise BadCell(f"is in the mapping's refs an account of {of}")
        return fitting[0]

    return read


def _references(told: str | tuple[str, ...]) -> Iterable[Ref]:
    return map(reference, (told,) if isinstance(told, str) else told)


def _handle(text: str) -> str:
    return text.strip().removeprefix("@").casefold()


@lru_cache(maxsize=65_536)
def resolved(link: str) -> Ref | None:
    """The post that an installed adapter knows that link to be. Asks nobody."""
    return next((ref for name in _namers() if (ref := name(link)) is not None), None)


@lru_cache(maxsize=1)
def _namers() -> tuple[Callable[[str], Ref | None], ...]:
    from socialmetrics.connections import adapter_class, adapters

    kinds = map(adapter_class, adapters())
    return tuple(kind.named for kind in kinds if kind.named is not Adapter.named)


def plain(cell: Cell) -> str:
    """A cell as a name: text as it is meant, and whole numbers that are exact."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int):
        if abs(cell) >= 10**SHEET_DIGITS:
            raise BadCell(
                f"is a number of more than {SHEET_DIGITS} digits, which spreadsheets "
                "round; export again with ids as text"
            )
        return str(cell)
    if not isinstance(cell, str):
        raise BadCell("is no text")
    text = cell.strip()
    found = _AS_TEXT.fullmatch(text)
    text = (found[1] or found[2] or "") if found else text
    if not text:
        raise BadCell("is empty; in a sheet, merged cells leave the others empty")
    return text


def _ref(network: str, native_id: str) -> Ref:
    try:
        return Ref(network, native_id)
    except InvalidQuery as err:
        raise BadCell(f"is no id: {err.message}") from err
