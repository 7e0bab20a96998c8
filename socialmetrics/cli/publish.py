"""`publish` and `publication`: what goes out, and what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from socialmetrics.cli.exits import BUG, OK, REFUSED, Usage
from socialmetrics.cli.lists import label
from socialmetrics.cli.options import (
    ACCESS,
    FORM,
    Access,
    AdapterName,
    Form,
    chosen_profiles,
    split,
)
from socialmetrics.cli.output import write
from socialmetrics.cli.progress import watched
from socialmetrics.cli.records import Columns, Record
from socialmetrics.cli.tables import console, show
from socialmetrics.cli.text import plain
from socialmetrics.model import Consignment, Delivery, Draft, Media, Publication, When

if TYPE_CHECKING:
    from socialmetrics.entry import Entry

STDIN: Final = Path("-")
_FLAG: Final = Parameter(negative=(), show_default=False)
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

RemoveSpare = Annotated[
    bool,
    _FLAG,
    Parameter(
        name="--remove-spare",
        help="Withdraw what is there twice, as long as it is not out.",
    ),
]


def publish(
    adapter: AdapterName,
    text: Annotated[
        str, Parameter(show_default=False, help="The text, unless --file has it.")
    ] = "",
    /,
    *,
    file: Annotated[
        Path | None,
        Parameter(
            name="--file",
            show_default=False,
            allow_leading_hyphen=True,
            help="A file with the text; - is the standard input.",
        ),
    ] = None,
    profile: Annotated[
        tuple[str, ...],
        Parameter(
            name="--profile",
            negative=(),
            show_default=False,
            help="An account: @handle, network:@handle, network:id, its name, or the "
            "vendor's id. Repeat it, or separate several by commas.",
        ),
    ] = (),
    at: Annotated[
        str | None,
        Parameter(
            name="--at",
            show_default=False,
            help="When: 2026-03-11T06:00:00+00:00, or auto; at once if left out.",
        ),
    ] = None,
    media: Annotated[
        tuple[Path, ...],
        Parameter(
            name="--media", negative=(), show_default=False, help="A file to attach."
        ),
    ] = (),
    tag: Annotated[
        tuple[str, ...],
        Parameter(name="--tag", negative=(), show_default=False, help="A tag."),
    ] = (),
    key: Annotated[
        str | None,
        Parameter(
            name="--key",
            show_default=False,
            help="Any name for it, under which it is remembered and goes out once.",
        ),
    ] = None,
    again: Annotated[
        Literal["failed", "unknown"] | None,
        Parameter(
            name="--again",
            show_default=False,
            help="Send once more where it failed, or also where nobody knows.",
        ),
    ] = None,
    remove_spare: RemoveSpare = False,
    dry_run: Annotated[
        bool, _FLAG, Parameter(name="--dry-run", help="Show it, and send nothing.")
    ] = False,
    form: Form = FORM,
    access: Access = ACCESS,
) -> int:
    """Publishes a text, and prints what became of it at every account."""
    if not split(profile):
        raise Usage("--profile is missing; name the accounts where it is published")
    said, when = _text(text, file), _when(at)
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        draft = Draft(text=said, profiles=known, at=when, media=media, tags=split(tag))
        if dry_run:
            _print_requests(client.consignments(draft), form)
            return OK
        with watched("publishing") as bar:
            found = client.publish(
                draft, key, again=again, remove_spare=remove_spare, progress=bar
            )
    return _print_deliveries(found, form)


def publication(
    adapter: AdapterName,
    key: Annotated[
        str | None, Parameter(help="The key that it was published with.")
    ] = None,
    /,
    *,
    remove_spare: RemoveSpare = False,
    form: Form = FORM,
    access: Access = ACCESS,
) -> int:
    """Prints what became of a publication by now; without a key, all of them."""
    with access.connect(adapter) as client:
        if key is None:
            _print_entries(client.ledger.entries(client.adapter.name), form)
            return OK
        found = client.publication(key, remove_spare=remove_spare)
    return _print_deliveries(found, form)


def _text(text: str, file: Path | None) -> str:
    if text and file is not None:
        raise Usage("give the text, or --file, not both")
    if file is None:
        return text
    try:
        return sys.stdin.read() if file == STDIN else file.read_text("utf-8")
    except (OSError, ValueError) as err:
        raise Usage(f"--file {file} cannot be read: {err}") from err


def _when(at: str | None) -> When | None:
    if at is None:
        return None
    if at == "auto":
        return "auto"
    try:
        when = datetime.fromisoformat(at)
    except ValueError as err:
        raise Usage(f"--at {at}: no instant like 2026-03-11T06:00:00+00:00") from err
    if when.tzinfo is None:
        raise Usage(f"--at {at}: add the zone, as in {at}+00:00")
    return when


# -- what is printed -------------------------------------------------------------------


def _print_requests(found: Sequence[Consignment], form: Form) -> None:
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


def _print_deliveries(found: Publication, form: Form) -> int:
    records = [_delivery(found.key, each) for each in found.deliveries]
    _print(records, DELIVERY, form, "Published", ("reason", "url"))
    screen = console() if form.kind == "table" else console(sys.stderr)
    _tell_notes(found.notes, screen)
    states = {each.state for each in found.deliveries}
    if "unknown" in states:
        return BUG
    return REFUSED if states & {"failed", "rejected", "not sent"} else OK


def _tell_notes(notes: Iterable[str], screen: Console) -> None:
    for note in notes:
        screen.print(Text(f"  {plain(note)}"))


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


def _print_entries(found: Sequence[Entry], form: Form) -> None:
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
