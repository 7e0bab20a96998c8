"""`publish` and `publication`: what goes out, and what became of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.options import (
    ACCESS,
    FORM,
    Access,
    AdapterName,
    Form,
    chosen_profiles,
    split,
)
from socialmetrics.cli.outcomes import Call
from socialmetrics.cli.progress import watched
from socialmetrics.cli.receipts import print_entries, print_requests
from socialmetrics.errors import Unsupported
from socialmetrics.model import Draft, When

STDIN: Final = Path("-")
_FLAG: Final = Parameter(negative=(), show_default=False)
_INSTANT: Final = re.compile(r"[0-9W-]+[Tt ][0-9]{2}.*")
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
        str,
        Parameter(
            show_default=False,
            help="The text, unless --file has it. One that begins with - stands last, "
            "after --.",
        ),
    ] = "",
    /,
    *,
    file: Annotated[
        Path | None,
        Parameter(
            name="--file",
            show_default=False,
            allow_leading_hyphen=True,
            help="A file with the text, in UTF-8; - is the standard input. One newline "
            "at its end does not belong to the text.",
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
        tuple[str, ...],
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
            help="Any name for it, under which it is remembered and goes out once. "
            "Without it, the same command publishes it again.",
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
    _check_publishes(adapter)
    if not split(profile):
        raise Usage("--profile is missing; name the accounts where it is published")
    if again is not None and key is None:
        raise Usage("--again needs the --key of the first time")
    said, when, files = _text(text, file), _when(at), _files(media)
    call = Call(adapter, key)
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        draft = Draft(text=said, profiles=known, at=when, media=files, tags=split(tag))
        if dry_run:
            print_requests(client.consignments(draft), form)
            return OK
        with call.told(form):
            with watched("publishing") as bar:
                found = client.publish(
                    draft, key, again=again, remove_spare=remove_spare, progress=bar
                )
            return call.receipt(found, form)


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
    _check_publishes(adapter)
    with access.connect(adapter) as client:
        if key is None:
            print_entries(client.ledger.entries(client.adapter.name), form)
            return OK
        found = client.publication(key, remove_spare=remove_spare)
        return Call(adapter, key).receipt(found, form)


def _check_publishes(name: str) -> None:
    """Raises `Unsupported` before anybody looks for credentials in vain."""
    from socialmetrics.connections import adapter_class

    told = adapter_class(name).declared("publish")
    if not told.supported:
        raise Unsupported(
            told.detail,
            vendor=name,
            operation="publish",
            alternatives=told.alternatives,
        )


def _text(text: str, file: Path | None) -> str:
    if text and file is not None:
        raise Usage("give the text, or --file, not both")
    if file is None:
        return text
    try:
        said = _read(file).removeprefix("\ufeff").removesuffix("\n")
        said.encode()  # the standard input may be anything
    except (OSError, ValueError) as err:
        raise Usage(f"--file {file} cannot be read: {err}") from err
    return said


def _read(file: Path) -> str:
    if file != STDIN:
        return file.read_text("utf-8")
    if not sys.stdin:
        raise Usage("--file -: the standard input is closed")
    return sys.stdin.read()


def _files(given: Sequence[str]) -> tuple[Path, ...]:
    for each in given:
        if not each:
            raise Usage("--media is empty; name a file, like --media photo.jpg")
        if not Path(each).is_file():
            raise Usage(f"--media {each}: there is no file of that name")
        if guess_type(each)[0] is None:
            raise Usage(
                f"--media {each}: its name does not tell what it is; give it an ending "
                "like .jpg or .mp4"
            )
    return tuple(map(Path, given))


def _when(at: str | None) -> When | None:
    if at is None:
        return None
    if at == "auto":
        return "auto"
    try:
        when = datetime.fromisoformat(at)
    except ValueError as err:
        raise _no_instant(at) from err
    if not _INSTANT.fullmatch(at):  # any character may separate day and time
        raise _no_instant(at)
    if when.tzinfo is None:
        raise Usage(f"--at {at}: add the zone, as in {at}+00:00")
    return when


def _no_instant(at: str) -> Usage:
    try:
        day = date.fromisoformat(at)
    except ValueError:
        return Usage(f"--at {at}: no instant like 2026-03-11T06:00:00+00:00")
    return Usage(f"--at {at}: add time and zone, as in {day}T00:00+00:00")
