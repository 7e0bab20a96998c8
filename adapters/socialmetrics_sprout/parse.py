"""From Sprout's payloads to the model. Pure functions; our words begin here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

import attrs
import msgspec

from socialmetrics.decode import figure
from socialmetrics.lazy import NOTHING_ASKED, Figures, LazyJson, Menu
from socialmetrics.model import (
    Author,
    Issue,
    Json,
    Message,
    Post,
    Profile,
    Ref,
    Source,
    Topic,
)
from socialmetrics.twin import twin
from socialmetrics_sprout.entries import Endpoint, Entry, entries
from socialmetrics_sprout.models import (
    Case,
    Customer,
    Group,
    Queue,
    Tag,
    Team,
    User,
)
from socialmetrics_sprout.parts import Account, Asked
from socialmetrics_sprout.payloads import (
    EXACT,
    AuthorPayload,
    CasePayload,
    CustomerPayload,
    GroupPayload,
    Id,
    MessagePayload,
    PostPayload,
    ProfilePayload,
    QueuePayload,
    TagPayload,
    TeamPayload,
    TopicPayload,
    UserPayload,
)
from socialmetrics_sprout.plain import PlainPostPayload
from socialmetrics_sprout.vocabulary import native, of_network, of_type


def profile(payload: ProfilePayload, raw: msgspec.Raw) -> Profile:
    """A profile; one without a native id is known by Sprout's own."""
    vendor_id = str(payload.customer_profile_id)
    return Profile(
        ref=Ref(of_type(payload.network_type), _native_id(payload) or vendor_id),
        vendor_id=vendor_id,
        name=payload.name or payload.native_name or vendor_id,
        handle=payload.native_name,
        url=payload.link,
        groups=_ids(payload.groups),
        raw=LazyJson(raw),
    )


def _native_id(payload: ProfilePayload) -> str | None:
    return None if payload.native_id is None else str(payload.native_id)


def _ids(ids: Sequence[Id] | None) -> tuple[str, ...]:
    return tuple(map(str, ids or ()))


def topic(payload: TopicPayload, raw: msgspec.Raw) -> Topic:
    """A listening topic."""
    groups = payload.theme_groups or []
    themes = [theme for group in groups for theme in group.themes or []]
    return Topic(
        vendor_id=str(payload.id),
        name=payload.name or str(payload.id),
        kind=payload.topic_type,
        description=payload.description or None,
        available_from=_available(payload.availability_time),
        themes=tuple((str(theme.id), theme.name or "") for theme in themes),
        raw=LazyJson(raw),
    )


def _available(told: str | int | None) -> datetime | None:
    """The table says ISO 8601, the sample has epoch milliseconds; both are read."""
    if isinstance(told, str):
        return moment(told)
    try:
        return None if told is None else datetime.fromtimestamp(told / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def moment(text: str) -> datetime | None:
    """An ISO instant as UTC; None where it is none. Nanoseconds are cut."""
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def utc(found: datetime) -> datetime:
    """The same instant in UTC; Sprout's times are UTC where they do not say.

    Raises `OverflowError` where that leaves the calendar.
    """
    if found.tzinfo is UTC:
        return found
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def utc_or_none(found: datetime | None) -> datetime | None:
    """The same for a time that may be absent."""
    return None if found is None else utc(found)


_post: Final = twin(Post)


@attrs.frozen
class PostReader:
    """Reads rows of posts.

    `networks` maps Sprout's profile ids to slugs, for rows that do not name theirs.
    """

    menus: Mapping[str, Menu]
    networks: Mapping[str | None, str]

    @classmethod
    def of(cls, asked: Sequence[Asked], accounts: Sequence[Account]) -> PostReader:
        """A reader for the posts of these accounts."""
        return cls(
            {each.network: menu(each) for each in asked},
            {account.vendor_id: account.ref.network for account in accounts},
        )

    def post(
        self, payload: PostPayload | PlainPostPayload, raw: Json, source: Source
    ) -> Post:
        """A post, its figures read when they are looked at."""
        guid, owner = str(payload.guid), payload.customer_profile_id
        if owner is not None:
            owner = str(owner)
        told, created = payload.network, payload.created_time
        owned = self.networks.get(owner, "unknown")
        network = owned if told is None else of_network(told)
        ref = Ref(network, native(guid))
        if created.tzinfo is not UTC:
            created = utc(created)
        post = _post(  # In the order of the fields: names would cost as much again.
            ref,
            guid,
            created,
            payload.text,
            owner,
            payload.perma_link,
            payload.post_type,
            Figures(
                ref,
                created,
                source,
                payload.metrics,
                self.menus.get(network, NOTHING_ASKED),
            ),
            raw,
        )
        post.__class__ = Post
        return post


@cache
def menu(asked: Asked) -> Menu:
    """The names that posts of that network answer to."""
    by_name = entries_by_name("posts", asked.network)
    found = [each for name in asked.names for each in by_name.get(name, ())]
    readings: dict[str, tuple[Entry, ...]] = {}
    for entry in found:
        for name in _called(entry):
            readings[name] = (*readings.get(name, ()), entry)
    return Menu(
        {name: tuple(each.reading for each in es) for name, es in readings.items()},
        tuple(dict.fromkeys(_called(entry)[0] for entry in found)),
    )


def _called(entry: Entry) -> tuple[str, ...]:
    reading = entry.reading
    own = (reading.name, reading.name.removeprefix("lifetime."))
    if entry.breakdown:
        return own
    if entry.preferred:
        return reading.metric, reading.label, *own
    return reading.name, reading.label, *own[1:]


@cache
def entries_by_name(
    endpoint: Endpoint, network: str
) -> Mapping[str, tuple[Entry, ...]]:
    """The data's entries of that endpoint and network, by vendor name."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries(endpoint, network):
        name = entry.reading.name
        found[name] = (*found.get(name, ()), entry)
    return found


def exact(value: object) -> tuple[int | float | None, str | None]:
    """A figure that a float64 holds exactly, and what is wrong if anything is."""
    found, problem = figure(value)
    if found is not None and abs(found) > EXACT:
        return None, "too large to be exact"
    return found, problem


def checked(metrics: dict[str, object], path: str) -> tuple[Issue, ...]:
    """Makes every value of a flat metrics object a number or None, in place.

    What was no number is reported; what was absent stays absent.
    """
    issues: list[Issue] = []
    for name, value in metrics.items():
        metrics[name], problem = exact(value)
        if problem is not None:
            where = f"{path}.metrics[{name!r}]"
            issues.append(Issue(path=where, problem=problem, seen=str(value)[:80]))
    return tuple(issues)


def message(payload: MessagePayload, raw: msgspec.Raw) -> Message:
    """An inbox or listening message."""
    guid = _told(payload.guid)
    network = of_network(payload.network or "unknown")
    owner = payload.customer_profile_id
    internal = payload.internal
    tags = (internal.tags if internal else None) or []
    return Message(
        ref=None if guid is None else Ref(network, native(guid)),
        vendor_id=guid or payload.perma_link or "",
        created_at=utc(payload.created_time),
        text=payload.text,
        author=_author(payload.author, network),
        profile=None if owner is None else str(owner),
        url=payload.perma_link,
        kind=payload.post_type or payload.content_category,
        sent=_is_sent(payload),
        tags=tuple(str(tag.id) for tag in tags),
        raw=LazyJson(raw),
    )


def _told(found: Id | None) -> str | None:
    """An id as text; an empty one tells nothing."""
    return None if found is None else str(found) or None


def _author(payload: AuthorPayload | None, network: str) -> Author | None:
    if payload is None:
        return None
    guid = _told(payload.guid)
    return Author(
        ref=None if guid is None else Ref(network, native(guid)),
        name=payload.name,
        handle=payload.screen_name,
    )


def _is_sent(payload: MessagePayload) -> bool | None:
    """A message whose author is the tracked profile itself was sent by it."""
    author = payload.author.guid if payload.author else None
    if author is None or payload.profile_guid is None:
        return None
    return str(author) == str(payload.profile_guid)


def case(payload: CasePayload, raw: msgspec.Raw) -> Case:
    """A case; in life its key is `id`, in the vendor's example `case_id`."""
    found = payload.id if payload.id is not None else payload.case_id
    if found is None:
        raise msgspec.ValidationError("neither `id` nor `case_id` - at `$`")
    return Case(
        vendor_id=str(found),
        kind=payload.type,
        priority=payload.priority,
        status=payload.status,
        created_at=utc_or_none(payload.created_time),
        updated_at=utc_or_none(payload.updated_time),
        raw=LazyJson(raw),
    )


def customer(payload: CustomerPayload) -> Customer:
    """An account."""
    return Customer(vendor_id=str(payload.customer_id), name=payload.name)


def tag(payload: TagPayload) -> Tag:
    """A tag or campaign."""
    return Tag(
        vendor_id=str(payload.tag_id),
        text=payload.text,
        kind=payload.type,
        is_active=payload.active,
        any_group=payload.any_group,
        groups=_ids(payload.groups),
    )


def group(payload: GroupPayload) -> Group:
    """A group of profiles."""
    return Group(vendor_id=str(payload.group_id), name=payload.name)


def user(payload: UserPayload) -> User:
    """A user."""
    return User(vendor_id=str(payload.id), name=payload.name, email=payload.email)


def team(payload: TeamPayload) -> Team:
    """A team."""
    return Team(
        vendor_id=str(payload.id), name=payload.name, description=payload.description
    )


def queue(payload: QueuePayload) -> Queue:
    """A queue of cases."""
    return Queue(
        vendor_id=str(payload.id),
        name=payload.name,
        description=payload.description,
        teams=_ids(payload.associated_teams),
    )
