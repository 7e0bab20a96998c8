"""The accounts that are meant, as every tool knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from socialmetrics.adapter import Adapter
from socialmetrics.client import Client
from socialmetrics.directory import ProfileLike, find, fitting
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering.crew import Crew
from socialmetrics.model import Profile, Ref

EVERY: Final = "*"
"""The network of what is counted on all of them."""


@attrs.frozen(kw_only=True)
class Accounts:
    """The accounts that are meant, each as every tool has it, by the tools' names.

    `others` would fit as well, and are not at every tool.
    """

    placed: tuple[Mapping[str, Profile], ...]
    others: tuple[Profile, ...] = ()


def accounts(
    crew: Crew, clients: Mapping[str, Client], wanted: ProfileLike
) -> Accounts:
    """What is meant, as each tool has it: by the network's own id.

    What fits accounts of several networks means those that every tool has. Tools that
    hide a handle or name get those that another one tells. Raises `InvalidQuery` where
    no tool knows it, several accounts of one network are meant, or one of the tools
    does not have it; the message lists what is there.
    """
    _check(wanted)
    known = crew.run({name: partial(_profiles, each) for name, each in clients.items()})
    adapters = {name: each.adapter for name, each in clients.items()}
    every = _once(known)
    meant = _meant(every, wanted)
    shared = [each for each in meant if _is_shared(adapters, known, each)]
    if len(meant) > 1:
        hidden = [e for e in every if not e.handle and _is_shared(adapters, known, e)]
        _check_several(every, wanted, shared, hidden, list(clients))
    chosen = shared if len(meant) > 1 else meant
    return Accounts(
        placed=tuple(
            {name: _at(name, adapters[name], of, each) for name, of in known.items()}
            for each in chosen
        ),
        others=tuple(each for each in meant if each not in chosen),
    )


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


def _check(wanted: object) -> None:
    if not isinstance(wanted, Profile | Ref | str):
        raise InvalidQuery(
            f"profile={wanted!r} names no account; give a text like 'x:@acme', a Ref "
            "or a Profile"
        )


def _meant(known: Sequence[Profile], wanted: ProfileLike) -> list[Profile]:
    if isinstance(wanted, Profile):
        return [wanted]
    found = fitting(known, wanted)
    return found or [_found(known, wanted)]


def _is_shared(
    adapters: Mapping[str, Adapter],
    known: Mapping[str, Sequence[Profile]],
    account: Profile,
) -> bool:
    """Whether every tool has it, or can count its posts."""
    return all(
        any(each.ref == account.ref for each in profiles)
        or (not profiles and counts_by_id(adapters[name], account.ref.network))
        for name, profiles in known.items()
    )


def _check_several(
    known: Sequence[Profile],
    wanted: ProfileLike,
    shared: Sequence[Profile],
    hidden: Sequence[Profile],
    names: Sequence[str],
) -> None:
    """Raises `InvalidQuery` where none of several is left, or one network has two."""
    if not shared:
        try:
            find(known, wanted)
        except InvalidQuery as err:
            told = f"{err.message}; none of them is at all of {', '.join(names)}"
            if hidden:
                refs = ", ".join(str(each.ref) for each in hidden)
                told += f", where accounts without a handle are: {refs}"
            raise InvalidQuery(told) from err
    if len({each.ref.network for each in shared}) < len(shared):
        find(shared, wanted)


def _found(known: Sequence[Profile], wanted: Ref | str) -> Profile:
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
