"""Finding the profile that somebody means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Profile, Ref

ProfileLike: TypeAlias = Profile | Ref | str

SHOWN = 8


def find(known: Sequence[Profile], wanted: ProfileLike) -> Profile:
    """The one profile meant: a Ref, "network:id", "@handle", a name or the tool's id.

    Raises `InvalidQuery` for none or several, and names the choices.
    """
    if isinstance(wanted, Profile):
        return wanted
    found = [profile for profile in known if _is_meant(profile, wanted)]
    if len(found) == 1:
        return found[0]
    which = "no profile is" if not found else f"{len(found)} profiles are"
    raise InvalidQuery(f"{which} called {str(wanted)!r}; {_choices(found or known)}")


def _is_meant(profile: Profile, wanted: Ref | str) -> bool:
    if isinstance(wanted, Ref):
        return profile.ref == wanted
    if wanted in (str(profile.ref), profile.vendor_id, profile.name):
        return True
    handle = f"@{(profile.handle or '').lstrip('@')}".lower()
    spelled = (handle, f"{profile.ref.network}:{handle}")
    return handle != "@" and wanted.lower() in spelled


def _choices(profiles: Iterable[Profile]) -> str:
    shown = [f"{profile.ref} ({profile.name})" for profile in profiles]
    if not shown:
        return "the credentials reach no profile at all"
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"there are: {', '.join(shown[:SHOWN])}{more}"
