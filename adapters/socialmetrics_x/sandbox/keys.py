"""Everything that opens the sandbox: all of it made up, the same in every run."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import attrs

from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox.truth import NETWORK

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = 10


def letters(name: str, count: int, alphabet: str = _LETTERS) -> str:
    """That many letters of chance, the same ones for the same name."""
    found = ""
    while len(found) < count:
        seed = blake2b(f"sandbox-x/{name}/{len(found)}".encode(), digest_size=64)
        found += "".join(alphabet[byte % len(alphabet)] for byte in seed.digest())
    return found[:count]


CONSUMER_KEY: Final = f"sandbox{letters('consumer key', 18)}"
CONSUMER_SECRET: Final = f"sandbox{letters('consumer secret', 43)}"


@attrs.frozen(kw_only=True)
class Token:
    """A key with its secret, and whom it stands for."""

    key: str
    secret: str = attrs.field(repr=False)
    user_id: str


def user_id(account: Account) -> str:
    """The id of an account, which is digits; made up where the world's is not."""
    native = account.ref.native_id
    if native.isascii() and native.isdigit():
        return native
    return f"9{letters(f'user {native}', _DIGITS, _LETTERS[:10])}"


def owners(world: World) -> dict[str, Account]:
    """Every account of the network by its user id."""
    return {
        user_id(account): account
        for account in world.profiles
        if account.network == NETWORK
    }


def token(user: str, number: int = 1) -> Token:
    """The access token that an account gives out for the `number`-th time."""
    name = f"access {user} {number}"
    key = f"{user}-sandbox{letters(name, 33)}"
    return Token(key=key, secret=letters(f"{name} secret", 45), user_id=user)


def credentials(world: World) -> dict[str, str]:
    """The keywords that log in as the app and every account: plain text, all fake.

    `owners` is "token:secret,token:secret,...", one for every account of the network.
    It comes first, because the app's keys are enough to log in: directions that stop
    there would leave it out.
    """
    pairs = [token(user) for user in owners(world)]
    return {
        "owners": ",".join(f"{each.key}:{each.secret}" for each in pairs),
        "consumer_key": CONSUMER_KEY,
        "consumer_secret": CONSUMER_SECRET,
    }


class Tokens:
    """The access tokens that are alive."""

    def __init__(self, users: Iterable[str], revoked: Iterable[str]) -> None:
        self._given = dict.fromkeys(users, 1)
        dead = set(revoked)
        first = [token(user) for user in self._given if user not in dead]
        self._alive = {each.key: each for each in first}

    def find(self, key: str) -> Token | None:
        """The living token of that key."""
        return self._alive.get(key)

    def grant(self, user: str) -> Token:
        """The token of that account: the one it has, or a new one for a dead one."""
        for each in self._alive.values():
            if each.user_id == user:
                return each
        self._given[user] += 1
        fresh = token(user, self._given[user])
        self._alive[fresh.key] = fresh
        return fresh
