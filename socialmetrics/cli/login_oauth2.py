"""`login` by OAuth 2's authorization code: the tokens go into the token store."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

import attrs

from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.login import How, Visit, say
from socialmetrics.cli.login_redirect import listening
from socialmetrics.cli.options import Access
from socialmetrics.cli.output import utf8
from socialmetrics.client import Client
from socialmetrics.connections import adapter_class
from socialmetrics.oauth2 import Begun, Keys
from socialmetrics.settings import load
from socialmetrics.strangers import plain
from socialmetrics.tokens import MemoryStore, Tokens, prove


@runtime_checkable
class HasKeys(Protocol):
    """An adapter whose users let the app in by OAuth 2."""

    @property
    def keys(self) -> Keys:
        """The app and its user."""
        ...


def keys_of(client: Client) -> Keys:
    """Those of the client's adapter, whose class declares a server."""
    adapter: object = client.adapter
    assert isinstance(adapter, HasKeys)  # noqa: S101 - its class was looked at
    return adapter.keys


def login(adapter: str, access: Access, how: How) -> int:
    """Lets a user's account in."""
    with access.connect(adapter) as client:
        keys = keys_of(client)
        account = keys.place.account
        if how.show:
            keys = attrs.evolve(keys, store=MemoryStore())
        elif isinstance(keys.place.store, MemoryStore):
            raise Usage(
                "token_store is memory: the tokens would go with this process; name "
                "keyring, file or a path, or see the tokens with --print"
            )
        prove(keys.place.store, account)  # Before anybody takes the trouble.
        begun = keys.begin(
            auth_url=_auth_url(adapter, access),
            redirect_uri=how.callback,
            scopes=how.scopes or None,
        )
        answer = _answer(begun, how)
        tokens = client.run(keys.exchange(begun, answer))
    if how.show:
        _print(tokens)
        say(f"{plain(account)} let the app in; nothing is stored\n")
        return OK
    _tell(plain(account), keys.place.store.place, tokens)
    if how.json:
        told = {"account": account, "stored": keys.place.store.place, **_facts(tokens)}
        utf8().write(f"{json.dumps(told, ensure_ascii=False)}\n")
    return OK


# -- there and back --------------------------------------------------------------------


@attrs.frozen
class _Asked:
    """A login that has begun, as `Visit` knows it."""

    begun: Begun

    @property
    def address(self) -> str:
        return self.begun.address

    def verifier(self, answer: str) -> str:
        self.begun.code(answer)
        return answer


def _answer(begun: Begun, how: How) -> str:
    """The address that the browser came back to, which belongs to this login."""
    visit = Visit(begun.redirect_uri, how.has_browser)
    home = listening(begun.redirect_uri) if how.has_browser else nullcontext()
    with home as landing:
        return visit.answer(_Asked(begun), landing)


def _auth_url(adapter: str, access: Access) -> str:
    """Where the client asks for tokens."""
    kind = adapter_class(adapter)
    found = load(kind, access.given())
    given = {name: str(each.value) for name, each in found.items()}
    base_url = given.get("base_url", kind.base_url)
    return given.get("auth_url", kind.auth_url or base_url)


# -- afterwards ------------------------------------------------------------------------


def _facts(tokens: Tokens) -> dict[str, object]:
    return {
        "scope": tokens.scope,
        "has_refresh_token": tokens.refresh_token is not None,
        "access_ends": _instant(tokens.expires_at),
    }


def _instant(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _tell(account: str, place: str, tokens: Tokens) -> None:
    say(f"The tokens of {account} are stored in {place}\n")
    if tokens.refresh_token is None:
        ends = _instant(tokens.expires_at) or "when the vendor says so"
        say(f"There is no refresh token: log in again after the end, {ends}\n")


def _print(tokens: Tokens) -> None:
    for name in ("access_token", "refresh_token"):
        secret = getattr(tokens, name)
        if secret is not None:
            sys.stdout.write(f"{name}={secret.reveal()}\n")
