"""Logins, calls and faulty servers of Hootsuite, with secrets of ours everywhere."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import attrs

import socialmetrics as sm
from socialmetrics.authorization import Begun
from socialmetrics.plan import ProfilesPart
from socialmetrics_hootsuite import Hootsuite
from tests.conftest import AnyClient
from tests.core.servers import Connection, Server, Talk, answering, field, written
from tests.leaks.surfaces import (
    ACCESS,
    BEARER,
    CLIENT_SECRET,
    CODE,
    REFRESH,
    SIGNATURE,
    STATE,
    VERIFIER,
    Settings,
)
from tests.leaks.talks import FAULTS, UNAUTHORIZED, Echo

Call: TypeAlias = Callable[[AnyClient], Any]
Way: TypeAlias = tuple[Callable[[str, Path], Settings], Call]
PAGE: Final = sm.Profile(
    ref=sm.Ref("facebook", "1"),
    vendor_id="139000035",
    name="A page",
    raw={"type": "FACEBOOKPAGE"},
)
PICTURE: Final = sm.File(name="a.gif", content_type="image/gif", content=b"GIF89a")
BACK: Final = "https://app.example/callback"
WEEK: Final = sm.Window.days("2026-01-01", "2026-01-07")


# -- logins ----------------------------------------------------------------------------


def by_token(url: str, folder: Path) -> Settings:
    return {
        "access_token": BEARER,
        "base_url": url,
        "ledger": str(folder / "ledger.db"),
    }


def by_app(url: str, folder: Path) -> Settings:
    return {
        "client_id": "fake-client",
        "client_secret": CLIENT_SECRET,
        "base_url": url,
        "ledger": str(folder / "ledger.db"),
        "token_store": str(folder / "tokens.json"),
    }


def by_user(url: str, folder: Path) -> Settings:
    tokens = {"access_token": BEARER, "refresh_token": REFRESH}
    return {**by_app(url, folder), **tokens}


def by_refresh(url: str, folder: Path) -> Settings:
    return {**by_app(url, folder), "refresh_token": REFRESH}


def by_member(url: str, folder: Path) -> Settings:
    return {**by_app(url, folder), "member_id": "1155000"}


def by_organization(url: str, folder: Path) -> Settings:
    return {**by_app(url, folder), "organization_id": "687751"}


# -- calls -----------------------------------------------------------------------------


def _adapter(client: AnyClient) -> Hootsuite:
    assert isinstance(client.adapter, Hootsuite)
    return client.adapter


def profiles(client: AnyClient) -> Any:
    return client.run(_adapter(client).profiles(ProfilesPart()))


def posts(client: AnyClient) -> Any:
    return client.run(_adapter(client).outbound(WEEK, [PAGE]))


def figures(client: AnyClient) -> Any:
    return client.metrics([PAGE], ["followers"], WEEK)


def publish(client: AnyClient) -> Any:
    return client.publish(sm.Draft(text="Hello", profiles=[PAGE]), "a key")


def publish_with_media(client: AnyClient) -> Any:
    draft = sm.Draft(text="Hello", profiles=[PAGE], media=[PICTURE])
    return client.publish(draft, "a key")


def upload(client: AnyClient) -> Any:
    return client.run(_adapter(client).upload(PICTURE))


def delete(client: AnyClient) -> Any:
    return client.run(_adapter(client).delete("1"))


def login_begins(client: AnyClient) -> Any:
    """What has begun is shown to nobody but the browser."""
    return _adapter(client).keys.begin(auth_url="https://platform.hootsuite.com")


def login_ends(client: AnyClient) -> Any:
    keys, begun = _adapter(client).keys, _begun()
    return client.run(keys.exchange(begun, _came_back()))


def _begun() -> Begun:
    return Begun(
        address=f"https://platform.hootsuite.com/oauth2/auth?state={STATE}",
        redirect_uri=BACK,
        state=sm.Secret(STATE),
        verifier=sm.Secret(VERIFIER),
    )


def _came_back() -> str:
    return f"{BACK}?{urlencode({'code': CODE, 'state': STATE})}"


WAYS: Final[Mapping[str, Way]] = {
    "token": (by_token, profiles),
    "user": (by_user, posts),
    "refresh": (by_refresh, posts),
    "member": (by_member, figures),
    "organization": (by_organization, posts),
    "publish": (by_user, publish),
    "delete": (by_token, delete),
    "login ends": (by_app, login_ends),
}


# -- servers ---------------------------------------------------------------------------


@attrs.frozen
class Store:
    """Gives an address for uploads, and says this to everybody who uses it."""

    answer: bytes = b""
    is_end: bool = False
    is_echo: bool = False
    origin: str = "http://{host}"
    id: object = "medium"

    def talk(self, connection: Connection, server: Server) -> None:
        """Announces as Hootsuite does; the file itself goes wrong."""
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            if head.startswith(b"GET"):
                connection.send(written(b'{"data": {"id": "m", "state": "QUEUED"}}'))
                continue
            if head.startswith(b"POST"):
                connection.send(written(self._announced(field(head, "host"))))
                continue
            connection.send(_echo(head) if self.is_echo else self.answer)
            if self.is_end:
                return connection.reset()

    def _announced(self, host: str) -> bytes:
        query = urlencode({"AWSAccessKeyId": "fake", "Signature": SIGNATURE})
        address = f"{self.origin.format(host=host)}/s3/a.gif?{query}"
        return json.dumps({"data": {"uploadUrl": address, "id": self.id}}).encode()


def _echo(head: bytes) -> bytes:
    return written(b"<Error><Message>" + head + b"</Message></Error>", 403)


@attrs.frozen
class Grantor:
    """Says this where tokens are asked for, with one in it; refuses all others."""

    said: bytes

    def talk(self, connection: Connection, server: Server) -> None:
        """An authorization server that is not well."""
        granted = written(self.said % ACCESS.encode())
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            is_grant = b"/oauth2/" in head.split(b"\r\n", 1)[0]
            connection.send(granted if is_grant else UNAUTHORIZED)


STORES: Final[Mapping[str, Store]] = {
    "403": Store(written(b"<Error><Code>AccessDenied</Code></Error>", 403)),
    "500": Store(written(b"", 500)),
    "307": Store(written(b"", 307, {"Location": "http://127.0.0.1:1/elsewhere"})),
    "dropped": Store(is_end=True),
    "halved": Store(written(b"<Error>", length=99), is_end=True),
    "echo": Store(is_echo=True),
    "never ready": Store(written(b"", 200)),
    "an open line": Store(origin="http://store.example"),
    "no address": Store(origin="store"),
    "no id": Store(id=None),
}
TALKS: Final[Mapping[str, Talk]] = {
    **{name: fault.talk for name, fault in FAULTS.items()},
    **{f"echo {code}": Echo(code).talk for code in (200, 400, 401, 403, 500)},
    "echo of everything": Echo(400, is_grantor=False).talk,
    "401 of everything": answering(UNAUTHORIZED),
    "odd token": Grantor(b'{"access_token": "%b\\n"}').talk,
    "half a token": Grantor(b'{"access_token": "%b"').talk,
    "odd life": Grantor(b'{"access_token": "%b", "expires_in": []}').talk,
    "two tokens": Grantor(b'{"access_token": ["%b"]}').talk,
}


async def done(found: Any) -> Any:
    """What either client returns."""
    return await found if isinstance(found, Awaitable) else found  # pyright: ignore[reportUnknownVariableType]  # any


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file, as text; but the one whose purpose it is to keep tokens."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "tokens.json":
            yield path.name, path.read_bytes().decode("latin-1")
