"""One account, as every tool knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from socialmetrics.adapter import Adapter
from socialmetrics.client import Client
from socialmetrics.directory import ProfileLike, find
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering.crew import Crew
from socialmetrics.model import Profile, Ref

EVERY: Final = "*"
"""The network of what is counted on all of them."""


def accounts(
    crew: Crew, clients: Mapping[str, Client], wanted: ProfileLike
) -> dict[str, Profile]:
    """The account that is meant, as each tool has it: by the network's own id.

    Tools that hide its handle or name get those that another one tells. Raises
    `InvalidQuery` where no tool knows it, several accounts are meant, or one of the
    tools does not have it; the message lists what is there.
    """
    known = crew.run({name: partial(_profiles, each) for name, each in clients.items()})
    meant = _meant(_once(known), wanted)
    return {
        name: _at(name, clients[name].adapter, profiles, meant)
        for name, profiles in known.items()
    }


def counts_by_id(adapter: Adapter, network: str) -> bool:
    """Whether it tells hours of posts of that network that are named by their ids."""
    finds = type(adapter).named is not Adapter.named and "hour" in adapter.steps
    return finds and bool(counted(adapter, network))


def counted(adapter: Adapter, network: str) -> frozenset[str]:
    """The metrics that it has of posts of that network, by all their names."""
    return frozenset(
        name
        for each in adapter.metric_capabilities()
        if each.level == "post" and each.network in {network, EVERY}
        for name in (each.metric, each.name)
    )


def _profiles(client: Client) -> list[Profile]:
    has_any = client.adapter.declared("profiles").supported
    return list(client.profiles()) if has_any else []


def _once(known: Mapping[str, Sequence[Profile]]) -> list[Profile]:
    """Every account once, as the tool has it that tells its handle."""
    found: dict[Ref, Profile] = {}
    for profile in (each for profiles in known.values() for each in profiles):
        before = found.get(profile.ref)
        if before is None or (profile.handle and not before.handle):
            found[profile.ref] = profile
    return list(found.values())


def _meant(known: Sequence[Profile], wanted: ProfileLike) -> Profile:
    try:
        return find(known, wanted)
    except InvalidQuery as err:
        network = str(wanted).partition(":@")[0]
        hidden = [each for each in known if not each.handle]
        hidden.sort(key=lambda each: each.ref.network != network)
        if "@" not in str(wanted) or not hidden:
            raise
        raise InvalidQuery(
            f"{err.message}; {len(hidden)} come without a handle: write them by the "
            f"network's id, like {hidden[0].ref}"
        ) from err


def _at(
    name: str, adapter: Adapter, known: Sequence[Profile], meant: Profile
) -> Profile:
    try:
        mine = find(known, meant.ref)
    except InvalidQuery as err:
        if not known and counts_by_id(adapter, meant.ref.network):
            return attrs.evolve(meant, vendor_id=meant.ref.native_id, raw={})
        called = f"@{meant.handle}" if meant.handle else meant.name
        told = f"{name} does not have {called} of {meant.ref.network}: {err.message}"
        raise InvalidQuery(told, vendor=name) from err
    return attrs.evolve(mine, handle=meant.handle, name=meant.name)
