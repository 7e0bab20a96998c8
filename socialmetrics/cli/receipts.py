"""What is printed of publications: what would be sent, and what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from socialmetrics.cli.exits import OK, REFUSED, UNKNOWN, Unprinted
from socialmetrics.cli.lists import label
from socialmetrics.cli.options import Form
from socialmetrics.cli.output import write
from socialmetrics.cli.records import Columns, Record
from socialmetrics.cli.tables import console, show
from socialmetrics.model import Consignment, Delivery, Media, Publication
from socialmetrics.strangers import plain

if TYPE_CHECKING:
    from socialmetrics.entry import Entry

DELIVERY: Final[Columns] = {
    "key": "text",
    "network": "text",
    "native_id": "text",
    "profile": "text",
    "state": "text",
    "vendor_id": "text",
    "post": "text",
    "at": "time",
    "asked_at": "time",
    "url": "text",
    "reason": "text",
}
REQUEST: Final[Columns] = {
    "request": "number",
    "network": "text",
    "native_id": "text",
    "profile": "text",
    "at": "text",
    "media": "text",
    "notes": "text",
}
ENTRY: Final[Columns] = {"key": "text", "begun_at": "time", "states": "text"}
TITLES: Final = {
    OK: "Published",
    REFUSED: "Not everything is published",
    UNKNOWN: "Nobody knows whether everything is published",
}
DONE: Final = {
    OK: "the publication was done",
    REFUSED: "the publication was not done everywhere",
    UNKNOWN: "the publication may be done",
}
_NOT_DONE: Final = frozenset({"failed", "rejected", "left out", "not sent"})


def verdict(found: Publication) -> int:
    """The exit code for what became of it."""
    states = {each.state for each in found.deliveries}
    if "unknown" in states:
        return UNKNOWN
    return REFUSED if states & _NOT_DONE else OK


def print_deliveries(found: Publication, form: Form) -> int:
    """What became of it; the exit code.

    Raises `Unprinted`, which says it all in short, where the output takes nothing.
    """
    code = verdict(found)
    records = [_delivery(found.key, each) for each in found.deliveries]
    try:
        _print(records, DELIVERY, form, TITLES[code], ("reason", "url"))
        sys.stdout.flush()
    except (OSError, SystemExit) as err:  # rich makes the second one of a closed pipe
        raise _unprinted(found, DONE[code], err) from err
    screen = console() if form.kind == "table" else console(sys.stderr)
    _tell_notes(found.notes, screen)
    return code


def _unprinted(found: Publication, done: str, error: BaseException) -> Unprinted:
    why = error.strerror if isinstance(error, OSError) else None
    told = ", ".join(map(_brief, found.deliveries))
    return Unprinted(
        f"{done} ({told}), but the output cannot be written: {why or 'nobody reads it'}"
    )


def _brief(one: Delivery) -> str:
    """Who, what became of it, and by what it is found again."""
    found = one.vendor_id if one.ref is None else str(one.ref)
    return f"{label(one.profile)}: {one.state}{f' as {found}' if found else ''}"


def _tell_notes(notes: Iterable[str], screen: Console) -> None:
    for note in notes:
        screen.print(Text(f"  {plain(note)}"))


def print_requests(found: Sequence[Consignment], form: Form) -> None:
    """What would be sent, a row for each profile of each request."""
    records = [
        record
        for number, each in enumerate(found, start=1)
        for record in _requests(number, each)
    ]
    _print(records, REQUEST, form, "Not sent: what would be", ("notes", "media"))


def _requests(number: int, consignment: Consignment) -> Iterator[Record]:
    draft = consignment.draft
    at = f"{draft.at:%Y-%m-%d %H:%M}" if isinstance(draft.at, datetime) else draft.at
    media = tuple(
        each.vendor_id if isinstance(each, Media) else each.name for each in draft.media
    )
    for each in draft.profiles:
        yield {
            "request": number,
            "network": each.ref.network,
            "native_id": each.ref.native_id,
            "profile": label(each),
            "at": at or "at once",
            "media": ", ".join(media),
            "notes": "; ".join(consignment.notes),
        }


def _delivery(key: str | None, one: Delivery) -> Record:
    return {
        "key": key,
        "network": one.profile.ref.network,
        "native_id": one.profile.ref.native_id,
        "profile": label(one.profile),
        "state": one.state,
        "vendor_id": one.vendor_id,
        "post": None if one.ref is None else str(one.ref),
        "at": one.at,
        "asked_at": one.asked_at,
        "url": one.url,
        "reason": one.reason,
    }


def print_entries(found: Sequence[Entry], form: Form) -> None:
    """The publications that are remembered."""
    records = [_entry(each) for each in found]
    _print(records, ENTRY, form, "Remembered publications", ("key", "states"))


def _entry(one: Entry) -> Record:
    return {
        "key": one.key,
        "begun_at": one.created_at,
        "states": ", ".join(one.states),
    }


def _print(
    records: Sequence[Record],
    columns: Columns,
    form: Form,
    title: str,
    wrap: Sequence[str],
) -> None:
    if form.kind != "table":
        write(records, columns, form.kind)
        return
    used = [name for name in columns if any(each[name] for each in records)]
    rows = [[each[name] for name in used] for each in records]
    show(console(), title, used, rows, wrap=wrap)
