"""Whose figures `metrics` and `plan` are about: accounts, or posts; and of which days.

What is wrong with it is told before anybody is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import attrs
from cyclopts import Parameter

from socialmetrics.adapter import Adapter
from socialmetrics.cli.exits import Usage
from socialmetrics.cli.lists import label
from socialmetrics.cli.options import Profiles, Zone, chosen_profiles, days
from socialmetrics.model import Profile, Ref
from socialmetrics.plan import By

if TYPE_CHECKING:
    from socialmetrics.client import Client
    from socialmetrics.window import Window

STDIN: Final = "-"
LONGEST: Final = 80
"""Characters of a text that an error repeats."""
COMMENT: Final = "#"

PostNames = Annotated[
    str,
    Parameter(
        name="POST",
        help="Posts instead of accounts: ids, or addresses like "
        "https://x.com/acme/status/1234.",
    ),
]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Span:
    """Which days, in which steps; figures of posts need none."""

    first: Annotated[
        date | None,
        Parameter(
            name="--from",
            show_default=False,
            help="The first day: 2026-03-02. Only posts can do without days: then "
            "their figures are totals since publication.",
        ),
    ] = None
    last: Annotated[
        date | None,
        Parameter(name="--to", show_default=False, help="The last day, included."),
    ] = None
    tz: Zone = "UTC"
    by: Annotated[
        By | None,
        Parameter(
            name="--by",
            show_default=False,
            help="Figures by day, hour, or in total; by day where there are days.",
        ),
    ] = None

    def window(self, *, is_optional: bool) -> Window | None:
        """The days as a window; None where none are given and none are needed."""
        if self.first is not None and self.last is not None:
            return days(self.first, self.last, self.tz)
        option = "--from" if self.first is None else "--to"
        if self.first != self.last:
            raise Usage(f"{option} is missing; --from and --to belong together")
        if not is_optional:
            raise Usage(
                f"{option} is missing; write --from 2026-03-02 --to 2026-03-08 (only "
                "figures of posts, named after the adapter, need no days)"
            )
        if self.by == "day":
            raise Usage("--by day needs days: --from 2026-03-02 --to 2026-03-08")
        return None


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Choice:
    """Accounts, or a list of posts."""

    profile: Profiles = ()
    posts_from: Annotated[
        str | None,
        Parameter(
            name="--posts-from",
            show_default=False,
            allow_leading_hyphen=True,  # "-" is a value here
            help="A file that names posts, one a line; - is stdin. Empty lines, and "
            "lines that begin with #, are passed over.",
        ),
    ] = None


SPAN: Final = Span()
CHOICE: Final = Choice()


@attrs.frozen(kw_only=True)
class Question:
    """Everything but the metrics, checked as far as it can be without a client.

    `posts` are texts with the number of their line, None for the command line's own.
    """

    choice: Choice
    posts: Sequence[tuple[str, int | None]]
    window: Window | None
    tz: str
    by: By | None

    def targets(self, client: Client) -> Targets:
        """The accounts or posts meant. Asks the vendor only for accounts."""
        if not self.posts:
            return Targets.of_accounts(chosen_profiles(client, self.choice.profile))
        return Targets.of_posts(self._named(client.adapter))

    def _named(self, adapter: Adapter) -> dict[Ref, str]:
        """Every post once, and how it was written."""
        if type(adapter).named is Adapter.named:
            raise Usage(
                f"{adapter.name} finds no posts by their ids; `socialmetrics posts "
                f"{adapter.name} --metric likes` lists posts with their figures"
            )
        read = [(adapter.named(text), text, line) for text, line in self.posts]
        wrong = [(text, line) for ref, text, line in read if ref is None]
        if wrong:
            raise Usage(self._not_posts(wrong))
        return {ref: text for ref, text, _ in read if ref is not None}

    def _not_posts(self, wrong: Sequence[tuple[str, int | None]]) -> str:
        text, line = wrong[0]
        source = self.choice.posts_from
        where = "" if line is None else f"--posts-from {source}, line {line}: "
        short = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
        more = f", the first of {len(wrong):,} such texts" if len(wrong) > 1 else ""
        return f"{where}{short!r} is no post{more}; write a post's id or its address"


@attrs.frozen(kw_only=True)
class Targets:
    """Who is asked for, as the client takes it, and how tables call each."""

    subjects: Sequence[Profile] | Sequence[str]
    labels: dict[Ref, str]

    @classmethod
    def of_accounts(cls, known: Sequence[Profile]) -> Targets:
        """Accounts, by network and handle."""
        return cls(subjects=known, labels={each.ref: label(each) for each in known})

    @classmethod
    def of_posts(cls, named: dict[Ref, str]) -> Targets:
        """Posts, by their ids alone."""
        labels = {ref: ref.native_id for ref in named}
        return cls(subjects=[*named.values()], labels=labels)


def question(posts: Sequence[str], choice: Choice, span: Span) -> Question:
    """What is asked. Raises `Usage` for what contradicts itself."""
    is_of_posts = bool(posts) or choice.posts_from is not None
    if is_of_posts and choice.profile:
        raise Usage(
            "posts and --profile exclude each other: figures are of posts or of "
            "accounts; leave one of them out"
        )
    window = span.window(is_optional=is_of_posts)
    by = span.by if is_of_posts else span.by or "day"
    named: list[tuple[str, int | None]] = [(text, None) for text in posts]
    if choice.posts_from is not None:
        named += _listed(choice.posts_from)
    return Question(choice=choice, posts=named, window=window, tz=span.tz, by=by)


def _listed(source: str) -> list[tuple[str, int | None]]:
    found = [*_lines(_text(source))]
    if not found:
        raise Usage(f"--posts-from {source}: it names no post")
    return found


def _lines(text: str) -> Iterator[tuple[str, int | None]]:
    for number, line in enumerate(text.splitlines(), 1):
        told = line.strip()
        if told and not told.startswith(COMMENT):
            yield told, number


def _text(source: str) -> str:
    try:
        if source == STDIN:
            return sys.stdin.read().removeprefix("\ufeff")
        return Path(source).read_text("utf-8-sig")
    except OSError as err:
        raise Usage(f"--posts-from {source}: {err.strerror}") from err
    except ValueError as err:
        raise Usage(f"--posts-from {source}: it is no text in UTF-8") from err
