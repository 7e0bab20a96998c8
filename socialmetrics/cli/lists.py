"""`profiles`, `posts` and `messages`: rows as they come, in constant memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Generic, TypeVar

import attrs
from cyclopts import Parameter
from rich.text import Text

from socialmetrics.cli import records
from socialmetrics.cli.exits import MISSING, OK
from socialmetrics.cli.options import (
    ACCESS,
    FILE_FORM,
    Access,
    AdapterName,
    FileForm,
    Kind,
    Limit,
    Metrics,
    Period,
    Profiles,
    StrictMissing,
    checked_limit,
    chosen_profiles,
    conditions,
    split,
)
from socialmetrics.cli.output import FILES, counted, write
from socialmetrics.cli.progress import watched
from socialmetrics.cli.records import Columns, Record
from socialmetrics.cli.tables import (
    ROWS,
    console,
    show,
    tell_issues,
    tell_missing,
)
from socialmetrics.model import Message, Post, Profile

if TYPE_CHECKING:
    from socialmetrics.pull import Pull

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Listing(Generic[T]):
    """How things of one kind are shown: as records, as flat records, as table rows."""

    title: str
    columns: Columns
    record: Callable[[T], Record]
    flat: Callable[[T], Record]
    heads: Sequence[str]
    row: Callable[[T], Sequence[object]]
    wraps: Collection[str] = ("profile", "author")
    cuts: Collection[str] = ("text",)


PROFILES: Final = Listing[Profile](
    title="Profiles",
    columns=records.PROFILE,
    record=records.profile,
    flat=records.profile,
    heads=("network", "handle", "name", "native id", "vendor id"),
    row=lambda one: (
        one.ref.network,
        one.handle,
        one.name,
        one.ref.native_id,
        one.vendor_id,
    ),
    wraps=("name",),
)


def profiles(
    adapter: AdapterName,
    /,
    *,
    limit: Limit = None,
    form: FileForm = FILE_FORM,
    access: Access = ACCESS,
) -> int:
    """Prints every account."""
    order = (*form.target(FILES), checked_limit(limit))
    with access.connect(adapter) as client, client.profiles() as pull:
        _deliver(pull, PROFILES, order)
    return OK


def posts(
    adapter: AdapterName,
    /,
    *,
    period: Period,
    profile: Profiles = (),
    metric: Metrics = (),
    limit: Limit = None,
    strict_missing: StrictMissing = False,
    form: FileForm = FILE_FORM,
    access: Access = ACCESS,
) -> int:
    """Prints posts with their figures."""
    order = (*form.target(FILES), checked_limit(limit))
    window, names = period.window, split(metric)
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        with (
            watched("posts", streams=_streams(order)) as bar,
            client.posts(known, window, metrics=names, progress=bar) as pull,
        ):
            _deliver(pull, _posts(known, names), order)
    return MISSING if strict_missing and pull.missing else OK


def messages(
    adapter: AdapterName,
    /,
    *,
    period: Period,
    profile: Profiles = (),
    where: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            help="NAME=VALUE,VALUE: a filter of the vendor. Repeat it for several.",
        ),
    ] = (),
    limit: Limit = None,
    form: FileForm = FILE_FORM,
    access: Access = ACCESS,
) -> int:
    """Prints the inbox."""
    order = (*form.target(FILES), checked_limit(limit))
    window, filters = period.window, conditions(where)
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        with (
            watched("messages", streams=_streams(order)) as bar,
            client.messages(known, window, where=filters, progress=bar) as pull,
        ):
            _deliver(pull, _messages(known), order)
    return OK


Order = tuple[Kind, Path | None, int | None]


def _streams(order: Order) -> bool:
    kind, path, _ = order
    return kind != "table" and path is None


def _deliver(pull: Pull[T], listing: Listing[T], order: Order) -> None:
    kind, path, limit = order
    if kind == "table":
        _show(pull, listing, limit or ROWS)
        return
    read = listing.record if kind == "jsonl" else listing.flat
    items: Iterable[T] = islice(pull, limit)
    with counted(path) as passing:
        write(passing(map(read, items)), listing.columns, kind, path)
    _tell(pull, to_stderr=True)


def _show(pull: Pull[T], listing: Listing[T], limit: int) -> None:
    rows: Iterator[Sequence[object]] = map(listing.row, islice(pull, limit))
    every = list(rows)
    has_more = next(pull, None) is not None
    screen = console()
    wrap, cut = listing.wraps, listing.cuts
    show(screen, listing.title, listing.heads, every, wrap=wrap, cut=cut)
    if has_more:
        told = f"the first {limit:,}; more with --limit, --json, --csv or --out"
        screen.print(Text(told, style="italic"))
    _tell(pull, to_stderr=False)


def _tell(pull: Pull[T], *, to_stderr: bool) -> None:
    screen = console(sys.stderr if to_stderr else sys.stdout)
    tell_missing(pull.missing, screen)
    tell_issues(pull.issues, screen)


def _posts(known: Iterable[Profile], metrics: Sequence[str]) -> Listing[Post]:
    names = {profile.vendor_id: label(profile) for profile in known}
    return Listing(
        title="Posts",
        columns=records.post_columns(metrics),
        record=partial(records.post, metrics=metrics),
        flat=partial(records.flat_post, metrics=metrics),
        heads=("created (UTC)", "profile", "kind", "text", *metrics),
        row=lambda one: (
            one.created_at,
            names.get(one.profile or "", one.ref.network),
            one.kind,
            one.text,
            *(records.value(one, name) for name in metrics),
        ),
    )


def _messages(known: Iterable[Profile]) -> Listing[Message]:
    names = {profile.vendor_id: label(profile) for profile in known}
    return Listing(
        title="Messages",
        columns=records.MESSAGE,
        record=records.message,
        flat=records.message,
        heads=("created (UTC)", "profile", "kind", "sent", "author", "text"),
        row=lambda one: (
            one.created_at,
            names.get(one.profile or "", one.profile),
            one.kind,
            one.sent,
            one.author and (one.author.handle or one.author.name),
            one.text,
        ),
    )


def label(profile: Profile) -> str:
    """A profile as a table names it."""
    handle = profile.handle and f"@{profile.handle.lstrip('@')}"
    return f"{profile.ref.network} {handle or profile.name}"
