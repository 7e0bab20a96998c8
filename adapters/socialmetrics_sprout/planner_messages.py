"""How messages of the inbox and of listening, and cases, are cut into parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Message, Missing, Profile
from socialmetrics.plan import MessagesQuery, Plan, TopicQuery
from socialmetrics.window import Window
from socialmetrics_sprout import conditions
from socialmetrics_sprout.choice import (
    PIECE,
    PROFILES,
    account,
    chunks,
    too_old,
    without,
)
from socialmetrics_sprout.parts import (
    CasesPart,
    MessagesPart,
    TopicMessagesPart,
    windows,
)
from socialmetrics_sprout.vocabulary import LISTENING, NO_MESSAGES

RANGES: Final = frozenset({"action_last_update_time"})
FILTERS: Final = frozenset(
    {"group_id", "message_id", "post_type", "tag_id", "language_code", "from.guid"}
)


def messages(query: MessagesQuery) -> Plan[Message]:
    """The inbox, a part for each group of profiles and month."""
    written = _conditions(query.where)
    ids = tuple(query.where.get("message_id", ()))
    if ids:
        return _by_ids(query, ids)
    able = [p for p in query.profiles if p.ref.network not in NO_MESSAGES]
    return Plan(
        parts=tuple(
            MessagesPart(
                accounts=some,
                group=group,
                window=piece,
                conditions=written,
                fields=tuple(query.fields),
            )
            for piece in windows(query.window, PIECE)
            for group, members in _groups(able, query.where.get("group_id", ()))
            for some in chunks([account(each) for each in members], PROFILES)
        ),
        missing=(
            *without("messages", query.profiles, NO_MESSAGES),
            *too_old("messages", query.profiles, query.window, query.now),
            *_untold_tags(able, query.where.get("group_id", ())),
        ),
    )


def _untold_tags(
    profiles: Sequence[Profile], wanted: Sequence[str]
) -> Iterator[Missing]:
    """Messages show only the tags of the group through which they are read."""
    for profile in profiles:
        read = next((g for g in wanted if g in profile.groups), _first(profile))
        others = sorted(set(profile.groups) - {read})
        if others:
            yield Missing(
                metric="tags",
                subject=profile.ref,
                network=profile.ref.network,
                reason=f"{profile.name} is read through its group {read}; tags of its "
                f"group {', '.join(others)} do not show",
                alternatives=tuple(f"where={{'group_id': ['{g}']}}" for g in others),
            )


def _by_ids(query: MessagesQuery, ids: Sequence[str]) -> Plan[Message]:
    """message_id excludes every other filter, and takes 100 at most."""
    others = sorted(set(query.where) - {"message_id"})
    if others:
        raise InvalidQuery(
            f"message_id finds messages by itself; take {', '.join(others)} out"
        )
    return Plan(
        parts=tuple(
            MessagesPart(
                accounts=(),
                group=None,
                window=query.window,
                fields=tuple(query.fields),
                ids=some,
            )
            for some in chunks(ids, PROFILES)
        )
    )


def _conditions(where: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    written: list[str] = []
    for name, values in where.items():
        if name in RANGES:
            written.append(str(conditions.field(name).within(_range(name, values))))
            continue
        if name not in FILTERS:
            known = ", ".join(sorted(FILTERS | RANGES))
            raise InvalidQuery(f"Sprout's inbox has no filter {name!r}; it has {known}")
        condition = conditions.field(name).eq(*values)
        if name not in {"group_id", "message_id"}:
            written.append(str(condition))
    return tuple(written)


def _range(name: str, values: Sequence[str]) -> Window:
    try:
        start, end = (datetime.fromisoformat(value) for value in values)
    except ValueError as err:
        raise InvalidQuery(
            f"{name} takes two instants, from and to, like '2026-03-02T00:00:00+00:00'"
        ) from err
    return Window(_aware(start), _aware(end))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _groups(
    profiles: Sequence[Profile], wanted: Sequence[str]
) -> Iterator[tuple[str | None, list[Profile]]]:
    """Every profile in one of its groups; the filter takes exactly one."""
    known = sorted({group for profile in profiles for group in profile.groups})
    taken: set[Profile] = set()
    for group in wanted:
        if group not in known:
            raise InvalidQuery(
                f"group_id {group!r} holds none of these profiles; they are in "
                f"{', '.join(known) or 'no group'}"
            )
        members = [p for p in profiles if group in p.groups and p not in taken]
        taken.update(members)
        yield group, members
    if wanted:
        return

    for group, some in groupby(sorted(profiles, key=_first), _first):
        yield group or None, list(some)


def _first(profile: Profile) -> str:
    return min(profile.groups, default="")


# -- listening ----------------------------------------------------------------------


def topic_messages(query: TopicQuery) -> Plan[Message]:
    """A topic's messages, a part a month."""
    return Plan(
        parts=tuple(
            TopicMessagesPart(
                topic=query.topic.vendor_id,
                window=piece,
                conditions=listening(query.where),
                fields=tuple(query.fields),
            )
            for piece in windows(query.window, PIECE)
        )
    )


def listening(where: Sequence[object]) -> tuple[str, ...]:
    """The conditions; without one on network or profile the vendor refuses."""
    for each in where:
        if not isinstance(each, conditions.Condition):
            raise InvalidQuery(
                f"{each!r} is no condition; write field('sentiment').eq('positive') "
                "with field from socialmetrics_sprout"
            )
    written = tuple(map(str, where))
    if any(each.startswith(("network.", "profile.")) for each in written):
        return written
    return (*written, str(conditions.field("network").eq(*LISTENING)))


# -- cases --------------------------------------------------------------------------

WEEK: Final = timedelta(days=7)
DATES: Final = ("created_time", "updated_time", "latest_activity_time")


def cases(
    window: Window, by: str, where: Sequence[conditions.Condition]
) -> list[CasesPart]:
    """A part a week: the vendor takes no more at a time."""
    if by not in DATES:
        raise InvalidQuery(f"cases have no date {by!r}, but {', '.join(DATES)}")
    written = tuple(map(str, where))
    return [
        CasesPart(conditions=(str(conditions.field(by).within(piece)), *written))
        for piece in windows(window, WEEK)
    ]


def cases_by_id(ids: Sequence[str]) -> list[CasesPart]:
    """A part a hundred ids; they exclude every other filter."""
    if not ids:
        raise InvalidQuery("no case id is given")
    return [
        CasesPart(conditions=(str(conditions.field("case_id").eq(*some)),))
        for some in chunks(ids, PROFILES)
    ]
