"""Hootsuite's words for kinds of profiles, our networks, and what can be sent there.

The words are an open set: one that is not in the table is kept, in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import attrs

from socialmetrics.model import Profile
from socialmetrics.typed import table

_FILE: Final = "networks.csv"


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of profile.

    `refused` says why nothing can be published to it, `doubt` why that is unsure.
    `length` is how many characters the network usually takes: common knowledge, it
    stands nowhere in Hootsuite's documents.
    """

    type: str
    network: str
    title: str
    refused: str | None = None
    doubt: str | None = None
    length: int | None = None


def _read() -> Mapping[str, Kind]:
    content = files("socialmetrics_hootsuite").joinpath(_FILE).read_text("utf-8")
    return {kind.type: kind for kind in table(_FILE, Kind, content)}


_KINDS: Final = _read()


def network(type_: str) -> str:
    """Our slug for a profile's type."""
    known = _KINDS.get(type_)
    return type_.lower() if known is None else known.network


def kind(profile: Profile) -> Kind:
    """What kind of profile that is.

    By the vendor's word in `raw`; without it by the network, where all kinds of the
    network are alike.
    """
    told = profile.raw.get("type")
    if isinstance(told, str):
        return _KINDS.get(told) or _unknown(told, network(told))
    alike = [each for each in _KINDS.values() if each.network == profile.ref.network]
    if len(alike) == 1:
        return alike[0]
    return _unknown("", profile.ref.network)


def _unknown(type_: str, slug: str) -> Kind:
    return Kind(
        type=type_,
        network=slug,
        title=f"a profile of type {type_!r}" if type_ else f"a {slug} profile",
        doubt="it is not known whether Hootsuite's API publishes to it",
    )
