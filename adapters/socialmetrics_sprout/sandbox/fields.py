"""Fields by name: which there are, where each is put, and how it is got."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from socialmetrics.sandbox.people import Account, Person, Tag, User
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.vocabulary import (
    LINKS,
    NETWORKS,
    person_guid,
    profile_guid,
    profile_id,
)

Json = dict[str, object]
Picked = Sequence[tuple[tuple[str, ...], str]]
T = TypeVar("T")

TAGS: Final = "internal.tags.id"
FROM: Final = ("from.guid", "from.name", "from.profile_picture", "from.screen_name")
SHORTHANDS: Final[Mapping[str, Sequence[str]]] = {
    "from": FROM,
    "internal": (TAGS, "internal.sent_by.id"),
}
_PLACES: Final = {TAGS: ("internal", "tags")}
_NAMED: Final = (
    "x", "instagram", "pinterest", "tiktok", "threads", "bluesky",
)  # fmt: skip
NO_LINK: Final = ("instagram", "youtube", "threads", "tiktok")
TITLED: Final = ("x", "facebook", "linkedin", "youtube")
HASHTAGS: Final = ("x", "facebook", "instagram", "threads")


class Fields(Generic[T]):
    """A table of fields: name to how it is got. A value of None is left out."""

    def __init__(self, table: Mapping[str, Callable[[T], object]]) -> None:
        self._table = table

    def picked(self, names: Sequence[str]) -> Picked:
        """Where to put which fields; `guid` alone when none is named.

        Refuses the whole request for one unknown name.
        """
        wanted = [part for name in names or ("guid",) for part in _expanded(name)]
        unknown = [name for name in wanted if name not in self._table]
        if unknown:
            bad(f"Requested invalid fields: {', '.join(unknown)}")
        return [(_PLACES.get(name, tuple(name.split("."))), name) for name in wanted]

    def row(self, item: T, picked: Picked) -> Json:
        """The fields of one item, nested as their names say."""
        row: Json = {}
        for place, name in picked:
            value = self._table[name](item)
            if value is not None:
                put(row, place, value)
        return row


def _expanded(name: str) -> Sequence[str]:
    return SHORTHANDS.get(name, (name,))


def put(row: Json, place: Sequence[str], value: object) -> None:
    """Sets a value inside nested objects, which are made as needed."""
    *way, last = place
    for step in way:
        inner: object = row.setdefault(step, {})
        assert isinstance(inner, dict)  # noqa: S101 - no name is both value and object
        row = inner  # pyright: ignore[reportUnknownVariableType]  # made two lines above
    row[last] = value


def of_profile(account: Account, field: str) -> object:
    """A `from.` field of something that the profile itself wrote."""
    network = account.network
    if field == "from.guid":
        return profile_guid(account)
    if field == "from.screen_name":
        return account.handle if network in _NAMED else None
    if network == "tiktok":
        return None
    if field == "from.name":
        return account.name
    return f"https://img.example/{profile_id(account)}.jpg"


def of_person(person: Person, field: str) -> object:
    """A `from.` field of something that a stranger wrote."""
    if field == "from.guid":
        return person_guid(person)
    if field == "from.screen_name":
        return person.handle if person.network in _NAMED else None
    if person.network == "tiktok":
        return None
    if field == "from.name":
        return person.name
    return f"https://img.example/p{person.number}.jpg"


def of_user(user: User | None, field: str) -> object:
    """A part of `internal.sent_by`; absent for what was written on the network."""
    if user is None:
        return None
    return {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }[field]


def tag_ids(tags: Iterable[Tag]) -> list[Json]:
    """Tags as the service nests them."""
    return [{"id": tag.id} for tag in tags]


def network_name(network: str) -> str:
    """The network as posts and messages spell it."""
    return NETWORKS[network]


def profile_link(account: Account) -> str:
    """Where the network shows the profile."""
    form = LINKS[account.network]
    return form.format(handle=account.handle, id=account.ref.native_id)
