"""Options that several commands share, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import attrs
from cyclopts import Parameter

from socialmetrics.cli.exits import Usage

if TYPE_CHECKING:
    from socialmetrics.client import Client
    from socialmetrics.model import Profile
    from socialmetrics.window import Window

Kind = Literal["table", "jsonl", "csv", "parquet", "json", "html"]

RESERVED: Final = frozenset({"adapter", "clock", "retry"})  # of connect, not settings
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_FLAG: Final = Parameter(negative=(), show_default=False)
_MANY: Final = Parameter(negative=(), show_default=False)

AdapterName = Annotated[
    str, Parameter(help="An installed adapter; `socialmetrics adapters` lists them.")
]
Profiles = Annotated[
    tuple[str, ...],
    _MANY,
    Parameter(
        name="--profile",
        help="An account: @handle, network:@handle, network:id, its name, or the "
        "vendor's id. Repeat it, or separate several by commas; all accounts when it "
        "is left out.",
    ),
]
Metrics = Annotated[
    tuple[str, ...],
    _MANY,
    Parameter(
        name="--metric",
        help="A metric, like impressions. Repeat it, or separate several by commas; "
        "`socialmetrics capabilities ADAPTER --metrics` lists them.",
    ),
]
Zone = Annotated[
    str,
    Parameter(
        name="--tz",
        help="The zone in which your dates begin and end: for posts, messages and "
        "hours. Daily figures of a vendor that counts in days of its own (of UTC or of "
        "Pacific time, by network) are those of its days with these dates, whatever "
        "you write here.",
    ),
]
Limit = Annotated[
    int | None,
    Parameter(
        name="--limit",
        show_default=False,
        help="At most so many rows. A table has 50 unless you say otherwise.",
    ),
]
StrictMissing = Annotated[
    bool,
    _FLAG,
    Parameter(
        name="--strict-missing", help="Exit with 6 when anything asked for is missing."
    ),
]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Common:
    """What every command takes."""

    debug: Annotated[
        bool, _FLAG, Parameter(name="--debug", help="Show the traceback of an error.")
    ] = False


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Access(Common):
    """How the vendor is reached."""

    settings: Annotated[
        tuple[str, ...],
        _MANY,
        Parameter(
            name="--set",
            help="NAME=VALUE: a setting of the adapter, stronger than the environment "
            "and the file. Other users of this machine can see it: better keep secrets "
            "in the environment.",
        ),
    ] = ()

    def given(self) -> dict[str, Any]:
        """The settings as keywords for `connect`, which checks what they hold."""
        return dict(setting(text) for text in self.settings)

    def connect(self, adapter: str) -> Client:
        """A client of that adapter."""
        from socialmetrics.connections import connect

        return connect(adapter, **self.given())


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Period:
    """Which days."""

    first: Annotated[date, Parameter(name="--from", help="The first day: 2026-03-02.")]
    last: Annotated[date, Parameter(name="--to", help="The last day, included.")]
    tz: Zone = "UTC"

    @property
    def window(self) -> Window:
        """The days as a window."""
        return days(self.first, self.last, self.tz)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Form:
    """In which form the answer is printed."""

    json: Annotated[
        bool, _FLAG, Parameter(name="--json", help="JSON Lines: one object a line.")
    ] = False
    csv: Annotated[bool, _FLAG, Parameter(name="--csv", help="CSV, in UTF-8.")] = False

    @property
    def kind(self) -> Kind:
        """The form asked for; a table unless said otherwise."""
        if self.json and self.csv:
            raise Usage("--json and --csv exclude each other")
        return "jsonl" if self.json else "csv" if self.csv else "table"


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class FileForm(Form):
    """The same, or into a file."""

    out: Annotated[
        Path | None,
        Parameter(
            name="--out",
            show_default=False,
            help="A file instead; its ending says what kind: .parquet, .csv, .jsonl.",
        ),
    ] = None

    def target(self, kinds: Mapping[str, Kind]) -> tuple[Kind, Path | None]:
        """The form and the file, which is checked before anything is fetched."""
        if self.out is None:
            return self.kind, None
        if self.json or self.csv:
            raise Usage("--out says the form by its ending; leave --json and --csv out")
        kind = kinds.get(self.out.suffix.lower())
        if kind is None:
            raise Usage(f"--out {self.out}: it must end in {' or '.join(kinds)}")
        _check_place(self.out)
        return kind, self.out


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class SeriesForm(FileForm):
    """The same for figures, which have one form more."""

    out: Annotated[
        Path | None,
        Parameter(
            name="--out",
            show_default=False,
            help="A file instead; its ending says what kind: .parquet, .csv, .jsonl "
            "(one object a line), .json (one document, read back without loss).",
        ),
    ] = None


EVERYWHERE: Final = Common()
ACCESS: Final = Access()
FORM: Final = Form()
FILE_FORM: Final = FileForm()
SERIES_FORM: Final = SeriesForm()


def days(first: date, last: date, tz: str) -> Window:
    """The days from `--from` to `--to` as a window."""
    from socialmetrics.window import Window

    if first > last:
        raise Usage(f"--from {first} lies after --to {last}")
    return Window.days(first, last, tz)


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise Usage(f"--out {path}: it is a folder")
    if not path.parent.is_dir():
        raise Usage(f"--out {path}: there is no folder {path.parent}")


def setting(text: str) -> tuple[str, object]:
    """One `--set`. What may be a secret is never repeated in an error."""
    name, sign, value = text.partition("=")
    if not sign or not _NAME.fullmatch(name):
        raise Usage("--set takes NAME=VALUE, for example --set timeout=20")
    if name in RESERVED:
        raise Usage(f"--set {name}: there is no setting of that name")
    return name, _value(name, value)


def _value(name: str, text: str) -> object:
    """Lists, like a budget, are written as JSON; everything else is text."""
    if not text.startswith("["):
        return text
    import json

    try:
        found: object = json.loads(text)
    except ValueError as err:
        raise Usage(f"--set {name}: it begins like JSON, but is none: {err}") from err
    return found


def split(given: Sequence[str]) -> list[str]:
    """Names that may be separated by commas; a comma in brackets separates nothing."""
    names = (
        name.strip() for text in given for name in re.split(r",(?![^\[]*\])", text)
    )
    return [name for name in names if name]


def conditions(given: Sequence[str]) -> dict[str, list[str]]:
    """`name=value,value` as filters."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, _, values = text.partition("=")
        chosen = [value.strip() for value in values.split(",") if value.strip()]
        if not name.strip() or not chosen:
            raise Usage(f"--where {text!r} is not NAME=VALUE or NAME=VALUE,VALUE")
        found.setdefault(name.strip(), []).extend(chosen)
    return found


def chosen_profiles(client: Client, wanted: Sequence[str]) -> list[Profile]:
    """The profiles meant, all when none is named. Asks the vendor once."""
    from socialmetrics.directory import find

    known = list(client.profiles())
    whole = {profile.name for profile in known}  # which may have a comma in it
    names = [n for text in wanted for n in ([text] if text in whole else split([text]))]
    if wanted and not names:
        raise Usage(f"--profile {', '.join(wanted)!r} names no account")
    return [find(known, name) for name in names] if names else known


def checked_limit(limit: int | None) -> int | None:
    """The limit, if it is one."""
    if limit is not None and limit < 1:
        raise Usage(f"--limit {limit} allows no row")
    return limit
