"""`login`: the owner of an account says yes in the browser; its token is stored."""

from __future__ import annotations

import json as to_json
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Protocol, runtime_checkable

import attrs
from cyclopts import Parameter

from socialmetrics.adapter import Adapter
from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.login_redirect import Landing, listening
from socialmetrics.cli.options import ACCESS, Access, AdapterName
from socialmetrics.cli.output import utf8
from socialmetrics.connections import adapter_class
from socialmetrics.errors import Unsupported
from socialmetrics.oauth1 import Owner
from socialmetrics.settings import Setting, load
from socialmetrics.strangers import plain
from socialmetrics.wire import Flow

PIN: Final = "oob"
PATIENCE: Final = 300.0
"""Seconds in which the owner comes back from the vendor's page."""


class Begun(Protocol):
    """A login that has begun."""

    @property
    def address(self) -> str:
        """Where the owner says yes or no."""
        ...

    def verifier(self, answer: str) -> str:
        """What proves the yes, from a PIN or from the address of the callback."""
        ...


class Granted(Protocol):
    """An account that let the app in."""

    @property
    def owner(self) -> Owner:
        """Its token, for the setting `owners`."""
        ...

    @property
    def user_id(self) -> str:
        """Its id."""
        ...

    @property
    def screen_name(self) -> str:
        """Its name, without the @."""
        ...


@runtime_checkable
class Login(Protocol):
    """An adapter whose accounts let the app in; each gets back what it began."""

    def request_token(self, callback: str) -> Flow[Begun]:
        """Begins a login."""
        ...

    def access_token(self, request_token: Begun, verifier: str) -> Flow[Granted]:
        """Ends it."""
        ...


def login(
    adapter: AdapterName,
    /,
    *,
    callback: Annotated[
        str | None,
        Parameter(
            show_default=False,
            help="Where the vendor sends the browser afterwards. An address of this "
            "machine, like http://127.0.0.1:8734/back, is listened at for 5 minutes; "
            "of any other one, paste what the browser then shows as its address. The "
            "vendor must know it as one of the app. oob, where the vendor has it: "
            "nowhere, a PIN is shown that you type here. Left out: oob where there is "
            "such a PIN, else http://localhost:8734/back or what the adapter declares.",
        ),
    ] = None,
    scope: Annotated[
        tuple[str, ...],
        Parameter(
            name="--scope",
            negative=(),
            show_default=False,
            help="What to ask for, instead of the adapter's usual scopes. Repeat it.",
        ),
    ] = (),
    no_browser: Annotated[
        bool,
        Parameter(
            name="--no-browser",
            negative=(),
            show_default=False,
            help="Only print the address that is to be opened; where there is no PIN, "
            "paste what the browser then shows as its address, from any machine.",
        ),
    ] = False,
    show: Annotated[
        bool,
        Parameter(
            name="--print",
            negative=(),
            show_default=False,
            help="Print the token instead of storing it.",
        ),
    ] = False,
    json: Annotated[
        bool,
        Parameter(
            name="--json",
            negative=(),
            show_default=False,
            help="Print whose it is and where it is stored, as JSON.",
        ),
    ] = False,
    access: Access = ACCESS,
) -> int:
    """Lets an account in."""
    if json and show:
        raise Usage("--json and --print exclude each other")
    kind = _kind(adapter)
    found = load(kind, access.given())
    if _has_server(kind):
        from socialmetrics.cli.login_oauth2 import login as login_oauth2

        how = How(callback, not no_browser, scope, show=show, json=json)
        return login_oauth2(adapter, access, how)
    if scope:
        raise Usage(f"--scope: a login of {kind.name} has none")
    path = None if show else _place()
    visit = Visit(PIN if callback is None else callback, not no_browser)
    granted = _granted(adapter, access, visit)
    if path is None:
        owner = granted.owner
        pair = f"{owner.access_token.reveal()}:{owner.access_token_secret.reveal()}"
        sys.stdout.write(f"{pair}\n")
        sys.stderr.write(f"{_named(granted)} let the app in; nothing is stored\n")
        return OK
    _store(path, kind, granted)
    _tell_stronger(found)
    if json:
        told = {"user_id": granted.user_id, "screen_name": granted.screen_name}
        text = to_json.dumps({**told, "stored": str(path)}, ensure_ascii=False)
        utf8().write(f"{text}\n")
    return OK


# -- the three steps -------------------------------------------------------------------


@attrs.frozen
class How:
    """The options of a login, as they were given."""

    callback: str | None
    has_browser: bool
    scopes: tuple[str, ...]
    show: bool = attrs.field(kw_only=True)
    json: bool = attrs.field(kw_only=True)


@attrs.frozen
class Visit:
    """How the owner gets to the vendor's page, and back."""

    callback: str
    has_browser: bool

    def answer(self, begun: Begun, landing: Landing | None) -> str:
        """What proves the owner's yes."""
        say(f"Open this address, and say yes as the account:\n\n  {begun.address}\n\n")
        if self.has_browser and sys.stderr.isatty():
            with suppress(webbrowser.Error):
                webbrowser.open(begun.address)
        if landing is not None:
            say(f"Waiting for the browser at {self.callback}; Ctrl-C ends it.\n")
            return landing.awaited(begun.verifier, PATIENCE)
        if self.callback == PIN:
            return begun.verifier(_typed("The PIN that it shows"))
        return begun.verifier(_typed("The address that the browser was sent back to"))


def _granted(adapter: str, access: Access, visit: Visit) -> Granted:
    with access.connect(adapter) as client, listening(visit.callback) as landing:
        steps: object = client.adapter
        assert isinstance(steps, Login)  # noqa: S101 - its class was looked at
        begun = client.run(steps.request_token(visit.callback))
        verifier = visit.answer(begun, landing)
        return client.run(steps.access_token(begun, verifier))


def _kind(name: str) -> type[Adapter]:
    kind = adapter_class(name)
    if issubclass(kind, Login) or _has_server(kind):
        return kind
    raise Unsupported(
        f"{kind.title} has no login: its credentials are made on the vendor's own web "
        "pages",
        vendor=kind.name,
        alternatives=(
            f"put them into the settings (socialmetrics adapters {kind.name})",
        ),
    )


def _has_server(kind: type[Adapter]) -> bool:
    """Whether it declares an authorization server of OAuth 2."""
    from socialmetrics.oauth2 import Server

    return isinstance(getattr(kind, "server", None), Server)


def _typed(what: str) -> str:
    """A line of stdin. Raises `Usage` where there is none."""
    say(f"{what}: ")
    try:
        line = sys.stdin.readline() if sys.stdin else ""
    except ValueError:  # bytes that are no text, or a stream that was closed
        line = ""
    if not line:
        say("\n")
        raise Usage("the login was not ended: nothing could be read from stdin")
    return line


# -- afterwards ------------------------------------------------------------------------


def _place() -> Path:
    try:
        from socialmetrics.cli.login_file import place
    except ModuleNotFoundError as err:
        raise Usage(
            f"storing the token needs {err.name}: pip install 'socialmetrics[cli]'; "
            "or see it with --print"
        ) from err
    return place()


def _store(path: Path, kind: type[Adapter], granted: Granted) -> None:
    from socialmetrics.cli.login_file import store

    store(path, kind.name, granted.owner)
    say(f"The token of {_named(granted)} is stored in {path}\n")


def _tell_stronger(found: dict[str, Setting]) -> None:
    """The environment is asked before the file: who forgot that wonders for long."""
    owners = found.get("owners")
    if owners is not None and owners.origin.startswith("environment "):
        say(f"It is not used as long as there is the {owners.origin}\n")


def _named(granted: Granted) -> str:
    return plain(f"@{granted.screen_name} (user id {granted.user_id})")


def say(text: str) -> None:
    """Tells the person at the program, at once."""
    sys.stderr.write(text)
    sys.stderr.flush()
