"""OAuth 2 for an adapter: it declares its `Server`, and holds `Keys`.

These are the settings of one app and one user. A login is two calls of theirs: `begin`,
whose address the user opens, and `exchange` with the one that the browser came back to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import time
from typing import Final

import attrs

from socialmetrics.adapter import Credential
from socialmetrics.auth import Auth, Bearer, ClientCredentials, checked, every
from socialmetrics.authorization import Begun, begin
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    MissingCredential,
    OutcomeUnknown,
    Unreadable,
)
from socialmetrics.grant import Grant
from socialmetrics.secret import Secret
from socialmetrics.settings import secret as secret_of
from socialmetrics.token_server import App, Denied, granted
from socialmetrics.tokens import Tokens, TokenStore, digest, prove, store_of
from socialmetrics.wire import DONE, Flow, Response

__all__ = ["Begun", "Grant", "Keys", "Place", "Server"]

ACCOUNT: Final = "default"
_ANY_REFUSAL: Final = frozenset(range(400, 500))
_COMMON: Final = (
    Credential(name="client_id", meaning="of the app"),
    Credential(name="client_secret", meaning="of the app", is_secret=True),
    Credential(
        name="token_store",
        meaning="where the user's tokens are kept: a path, keyring, file or memory",
    ),
    Credential(
        name="account", meaning="whose tokens of the store, where it has several users'"
    ),
    Credential(
        name="access_token", meaning="of the user, instead of a login", is_secret=True
    ),
    Credential(
        name="refresh_token", meaning="of the user, to begin with", is_secret=True
    ),
    Credential(name="scope", meaning="what a login asks for, separated by blanks"),
)


@attrs.frozen(kw_only=True)
class Server:
    """A vendor's authorization server, as its adapter declares it in its class body.

    The paths are on the adapter's `auth_url`. `scopes` are asked for unless others are
    named. `app_grants` are grants of the vendor's own by which the app speaks for
    somebody: the setting that names whom, and the `grant_type`. `rotates` says that a
    refresh token is good once. `redirect_uri` is where `login` sends the browser, and
    `parameters` are what else the vendor wants in the address that the user opens.
    """

    authorize_path: str
    token_path: str
    scopes: tuple[str, ...] = ()
    app_grants: Mapping[str, str] = attrs.field(factory=dict[str, str])
    rotates: bool = False
    has_pkce: bool = True
    redirect_uri: str = "http://localhost:8734/back"
    parameters: Mapping[str, str] = attrs.field(factory=dict[str, str])

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """The settings that `Keys.of` reads, for the adapter's `credentials`."""
        own = (
            Credential(name=name, meaning=f"for whom the app speaks ({kind})")
            for name, kind in self.app_grants.items()
        )
        return *_COMMON, *own


@attrs.frozen
class Place:
    """Whose tokens are where: the app, the store, and the account's name in it."""

    app: App
    store: TokenStore

    @property
    def account(self) -> str:
        """The name."""
        return self.app.account


@attrs.frozen(kw_only=True)
class Keys:
    """The settings of one app and one user, as a value of the adapter."""

    server: Server
    vendor: str
    app: App | None = None
    store: TokenStore | None = None
    given: Tokens | None = attrs.field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    fields: Mapping[str, str] = attrs.field(factory=dict[str, str])
    grant_type: str | None = None
    wall: Callable[[], float] = attrs.field(default=time, repr=False, eq=False)

    @classmethod
    def of(cls, server: Server, given: Mapping[str, object], *, vendor: str) -> Keys:
        """From an adapter's settings. Raises `MissingCredential` and `InvalidQuery`."""
        app = _app(server, given, vendor)
        tokens = _given(given)
        named = {
            name: text for name in server.app_grants if (text := _text(given, name))
        }
        if app is None and (named or tokens is None or tokens.refresh_token):
            raise MissingCredential(
                f"{vendor} needs client_id and client_secret: as keywords, as "
                f"SOCIALMETRICS_{vendor.upper()}_CLIENT_ID and _CLIENT_SECRET, or in "
                f"the [{vendor}] table of socialmetrics.toml; an access_token alone "
                "works until it ends",
                vendor=vendor,
            )
        if len(named) + (tokens is not None) > 1:
            names = ", ".join([*named, *(["the user's tokens"] if tokens else [])])
            raise InvalidQuery(f"{names} exclude each other; leave all but one out")
        return cls(
            server=server,
            vendor=vendor,
            app=app,
            store=None if app is None or named else store_of(given.get("token_store")),
            given=tokens,
            scopes=tuple((_text(given, "scope") or "").split()),
            fields=named,
            grant_type=next((server.app_grants[name] for name in named), None),
        )

    def auth(self, *, concerns_token: Callable[[Response], bool] = every) -> Auth:
        """What signs the requests of one new client.

        `concerns_token` tells of a response, which is a 401, whether it refuses the
        token; where it does not, nothing is renewed.
        """
        if self.app is None:
            token = self.given and self.given.access_token
            return Bearer(token or Secret(""))
        if self.grant_type is None:
            return Grant(
                app=self.app,
                store=self.place.store,
                given=self.given,
                concerns_token=concerns_token,
                wall=self.wall,
            )
        return ClientCredentials(
            self.app.client_id,
            self.app.client_secret,
            self.app.token_path,
            scope=" ".join(self.scopes),
            has_header=True,
            grant_type=self.grant_type,
            fields=self.fields,
            concerns_token=concerns_token,
        )

    @property
    def place(self) -> Place:
        """Where the user's tokens are. Raises `MissingCredential` for other grants."""
        if self.app is None or self.store is None:
            raise MissingCredential(
                f"a login of {self.vendor} needs client_id and client_secret, and none "
                f"of {', '.join(self.server.app_grants) or 'the other grants'}",
                vendor=self.vendor,
            )
        return Place(self.app, self.store)

    # -- the login ---------------------------------------------------------------------

    def begin(
        self,
        *,
        auth_url: str,
        redirect_uri: str | None = None,
        scopes: Sequence[str] | None = None,
    ) -> Begun:
        """Begins a login at the server of that address, without asking it anything.

        `redirect_uri` and `scopes` are the server's own unless they are named. Raises
        `MissingCredential` and `InvalidQuery`.
        """
        back = self.server.redirect_uri if redirect_uri is None else redirect_uri
        return begin(
            f"{auth_url.rstrip('/')}{self.server.authorize_path}",
            client_id=self.place.app.client_id,
            redirect_uri=back,
            scopes=scopes or self.scopes or self.server.scopes,
            has_pkce=self.server.has_pkce,
            parameters=self.server.parameters,
        )

    def exchange(self, begun: Begun, answer: str) -> Flow[Tokens]:
        """Ends the login: the user's tokens, which the store has when they come.

        `answer` is the address that the browser came back to. A code is sent once, and
        only when tokens can be kept. Raises as `Begun.code` does, and `AuthRefused`.
        """
        came_back = Secret(answer)
        del answer  # A traceback with locals would show the code in it.
        place, code = self.place, begun.code(came_back.reveal())
        prove(place.store, place.account)
        request = place.app.request(begun.form(code))
        began = self.wall()
        try:
            response = yield attrs.evolve(request, done=DONE | _ANY_REFUSAL)
            found = granted(response, began)
        except (OutcomeUnknown, Unreadable) as err:
            raise self._refused(f"the code was sent in vain ({err.message})") from err
        if isinstance(found, Denied):
            raise self._refused(f"the code is refused ({found})", found.code)
        tokens = Tokens(
            access_token=found.access_token,
            refresh_token=found.refresh_token,
            expires_at=found.expires_at,
            life=found.life,
            scope=found.scope,
            begun_with="" if self.given is None else self.given.begun_with,
        )
        place.store.save(place.account, tokens)
        return tokens

    def _refused(self, what: str, code: str = "") -> AuthRefused:
        return AuthRefused(
            f"{what}; begin a new login, and check client_id, client_secret and the "
            "address that the browser is sent back to",
            vendor=self.vendor,
            operation="token",
            code=code or None,
        )


# -- settings --------------------------------------------------------------------------


def _app(server: Server, given: Mapping[str, object], vendor: str) -> App | None:
    client_id, secret = _text(given, "client_id"), secret_of(given, "client_secret")
    if (client_id is None) != (secret is None):
        raise MissingCredential(
            f"{vendor} needs both, client_id and client_secret", vendor=vendor
        )
    if client_id is None or secret is None:
        return None
    return App(
        vendor=vendor,
        client_id=client_id,
        client_secret=secret,
        token_path=server.token_path,
        account="/".join((vendor, client_id, _text(given, "account") or ACCOUNT)),
        rotates=server.rotates,
    )


def _given(given: Mapping[str, object]) -> Tokens | None:
    """The tokens in the settings; None where there are none."""
    access, refresh = (
        secret_of(given, "access_token"),
        secret_of(given, "refresh_token"),
    )
    for name, secret in (("access_token", access), ("refresh_token", refresh)):
        if secret is not None:
            checked(name, secret)
    if access is None and refresh is None:
        return None
    return Tokens(
        access_token=access, refresh_token=refresh, begun_with=digest(access, refresh)
    )


def _text(given: Mapping[str, object], name: str) -> str | None:
    """A setting that is text, or a number that is an id; None where there is none."""
    value = given.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    raise InvalidQuery(f"{name}={value!r} must be text that is not empty")
