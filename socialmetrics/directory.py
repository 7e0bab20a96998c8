"""Finding the profile that somebody means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Final, TypeAlias

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Profile, Ref

ProfileLike: TypeAlias = Profile | Ref | str

SHOWN: Final = 8
NEAR: Final = 0.75
"""How alike two spellings are (1: the same) to be taken for a slip."""
LISTING: Final = "client.profiles() lists them"
_PLAIN: Final = re.compile(r"[\w@%+=:./-]+")
ALSO_CALLED: Final[Mapping[str, str]] = {
    "twitter": "x",
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "yt": "youtube",
    "google": "google_business",
    "gmb": "google_business",
    "googlebusiness": "google_business",
}
"""Other names of networks, and what they are called here."""


def find(known: Sequence[Profile], wanted: ProfileLike) -> Profile:
    """The one profile meant.

    By a Ref, "network:id", "@handle", "network:@handle", a name, "network:Name" or the
    tool's id. Raises `InvalidQuery` for none or several, and names the choices, the
    nearest first, as they can be written.
    """
    if isinstance(wanted, Profile):
        return wanted
    found = fitting(known, wanted)
    if len(found) == 1:
        return found[0]
    raise InvalidQuery(
        _several(known, wanted, found) if found else _none(known, wanted)
    )


def fitting(known: Sequence[Profile], wanted: Ref | str) -> list[Profile]:
    """Every profile that it may mean: none, one or several."""
    found = [profile for profile in known if _is_meant(profile, wanted)]
    # A name is the weakest of all: it must not make an id ambiguous.
    return found or [p for p in known if wanted == f"{p.ref.network}:{p.name}"]


def _is_meant(profile: Profile, wanted: Ref | str) -> bool:
    if isinstance(wanted, Ref):
        return profile.ref == wanted
    if wanted in (str(profile.ref), profile.vendor_id, profile.name):
        return True
    handle = _handle(profile)
    spelled = (handle, f"{profile.ref.network}:{handle}")
    return handle != "@" and wanted.lower() in spelled


def _handle(profile: Profile) -> str:
    return f"@{(profile.handle or '').lstrip('@')}".lower()


def _several(
    known: Sequence[Profile], wanted: Ref | str, found: Sequence[Profile]
) -> str:
    choices = _listed(known, found, SHOWN)
    return f"{len(found)} profiles are called {str(wanted)!r}: {choices}"


def _none(known: Sequence[Profile], wanted: Ref | str) -> str:
    told = f"no profile is called {str(wanted)!r}"
    if not known:
        return f"{told}; the credentials reach no profile at all"
    text, network = _renamed(str(wanted))
    if network:
        told += f"; that network is called {network!r} here"
    scored = sorted(
        ((_likeness(profile, text), profile) for profile in known),
        key=itemgetter(0),
        reverse=True,  # Which keeps the order of equals.
    )
    ranked = [profile for _, profile in scored]
    best, *rest = [score for score, _ in scored]
    if best < NEAR or best in rest:
        return f"{told}; there are, the nearest first: {_listed(known, ranked, SHOWN)}"
    told += f"; did you mean {_written(known, ranked[0])}?"
    others = _listed(known, ranked[1:], SHOWN - 1)
    return f"{told} There are also: {others}" if others else told


def _renamed(wanted: str) -> tuple[str, str]:
    """The text with the network called as here, and that name; else as it is, ""."""
    network, colon, rest = wanted.partition(":")
    name = ALSO_CALLED.get(network.lower(), "") if colon else ""
    return (f"{name}:{rest}", name) if name else (wanted, "")


def _likeness(profile: Profile, wanted: str) -> float:
    """How alike that is to what the profile is called most alike: 1 is the same."""
    matcher = SequenceMatcher(b=wanted.lower(), autojunk=False)
    best = 0.0
    for spelling in _spellings(profile):
        # What is written without a network is compared without.
        text = spelling if ":" in wanted else spelling.partition(":")[2] or spelling
        matcher.set_seq1(text.lower())
        best = max(best, matcher.ratio())
    return best


def _spellings(profile: Profile) -> Iterator[str]:
    """All that it can be called, what is read best first."""
    network, handle = profile.ref.network, _handle(profile)
    if handle != "@":
        yield f"{network}:{handle}"
    yield f"{network}:{profile.name}"
    yield str(profile.ref)
    yield profile.vendor_id


def _listed(known: Sequence[Profile], chosen: Sequence[Profile], most: int) -> str:
    written = ", ".join(_written(known, profile) for profile in chosen[:most])
    left = len(chosen) - most
    return f"{written} and {left} more: {LISTING}" if left > 0 else written


def _written(known: Sequence[Profile], profile: Profile) -> str:
    """What means that profile and no other; in quotes where a shell needs them."""
    unique = (each for each in _spellings(profile) if fitting(known, each) == [profile])
    text = next(unique, str(profile.ref))
    return text if _PLAIN.fullmatch(text) else repr(text)
