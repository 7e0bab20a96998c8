"""Everything that opens the sandbox: all of it made up, the same in every run."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

import attrs

from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.sandbox.profiles import member_id, organization_ids

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


def letters(name: str, count: int = 40) -> str:
    """That many letters (at most 64) of chance, the same ones for the same name."""
    seed = blake2b(f"sandbox-hootsuite/{name}".encode(), digest_size=64).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in seed[:count])


CLIENT_ID: Final = f"sandbox-{letters('client', 24)}"
CLIENT_SECRET: Final = f"sandbox-{letters('secret', 32)}"
ACCESS_TOKEN: Final = f"sandbox.{letters('access 0')}"
REFRESH_TOKEN: Final = f"sandbox.{letters('refresh 0')}"


@attrs.frozen(kw_only=True)
class Caller:
    """Whom an access token stands for: a member, or an organization alone."""

    member_id: str | None
    organization_id: str | None
    scopes: frozenset[str]


def credentials() -> Mapping[str, str]:
    """The keywords that log in as the member."""
    return {"access_token": ACCESS_TOKEN}


def secrets(world: World) -> Mapping[str, str]:
    """Everything that opens the sandbox over that world, in every way."""
    return {
        "access_token": ACCESS_TOKEN,
        "refresh_token": REFRESH_TOKEN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "member_id": member_id(world),
        "organization_id": organization_ids(world)[0],
    }
