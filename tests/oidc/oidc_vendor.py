"""A vendor whose authorization server is npm's oidc-provider, in a process of its own.

The package is looked for in the folder that OIDC_PROVIDER names, else installed once
into a cache folder, where npm can do that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import ClassVar, Final, TypeAlias

import attrs
import httpx
import pytest
from filelock import FileLock
from platformdirs import user_cache_path

import socialmetrics as sm
from socialmetrics.adapter import Credential, Problem
from socialmetrics.client import Client
from socialmetrics.decode import ask
from socialmetrics.oauth2 import Begun, Keys, Server
from socialmetrics.tokens import TokenStore
from socialmetrics.wire import Flow, Request, Response
from tests.core.grants import BACK, Tool

SCRIPT: Final = Path(__file__).with_name("provider.mjs")
PACKAGE: Final = "oidc-provider@^9"
SECRET: Final = "app-s3cret-4711-of-thirty-two-bytes"
PATIENCE: Final = 90.0
SERVER: Final = Server(
    authorize_path="/auth",
    token_path="/token",
    scopes=("openid", "offline_access"),
    parameters={"prompt": "consent"},
)


@attrs.define
class Me:
    sub: str


@attrs.frozen(kw_only=True)
class OidcTool(Tool):
    """The adapter: it can ask who the user is."""

    name: ClassVar[str] = "oidc"
    server: ClassVar[Server] = SERVER
    credentials: ClassVar[tuple[Credential, ...]] = SERVER.credentials

    def problem(self, response: Response) -> Problem:
        return Problem(message=response.body.decode("utf-8", "replace")[:200])

    def who(self) -> Flow[str]:
        request = Request(operation="me", method="GET", path="/me")
        answer = yield from ask(request, Me)
        return answer.payload.sub


def settings(url: str, store: TokenStore | Path) -> dict[str, object]:
    return {
        "base_url": url,
        "client_id": "the-app",
        "client_secret": SECRET,
        "token_store": store,
    }


def who(client: Client) -> str:
    adapter = client.adapter
    assert isinstance(adapter, OidcTool)
    return client.run(adapter.who())


# -- in another process ----------------------------------------------------------------

_HERE: Final[list[tuple[Client, Barrier]]] = []


def begin_process(url: str, store: Path, gate: Barrier) -> None:
    client = sm.connect(OidcTool, **settings(url, store))  # type: ignore[arg-type]  # of any kind
    _HERE.append((client, gate))


def who_in_process(_: int) -> str:
    """Asked by all of them at a time, each in a process of its own."""
    client, gate = _HERE[0]
    gate.wait()
    return who(client)


# -- the server ------------------------------------------------------------------------


Event: TypeAlias = dict[str, str]


@attrs.define
class Provider:
    """The server as it runs; `events` are what its grants told so far."""

    url: str
    process: subprocess.Popen[str]
    _told: SimpleQueue[Event] = attrs.field(factory=SimpleQueue[Event])

    def events(self) -> list[Event]:
        """All of them since the last call, up to a mark that was just made."""
        httpx.get(f"{self.url}/mark")
        found: list[Event] = []
        while (each := self._told.get(timeout=PATIENCE))["event"] != "marked":
            found.append(each)
        return found

    def expire(self) -> None:
        httpx.get(f"{self.url}/expire")

    def visited(self, begun: Begun, more: str = "") -> str:
        """The address that a user's browser is sent back to."""
        with httpx.Client() as browser:
            address = begun.address + more
            while not address.startswith(BACK):
                found = browser.get(address)
                assert found.is_redirect, found.text
                address = str(httpx.URL(address).join(found.headers["location"]))
        return address

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.put(json.loads(line))


@contextmanager
def running(folder: Path, life: int = 3600) -> Generator[Provider]:
    """The server, until the block ends; its access tokens live so many seconds."""
    script = folder / SCRIPT.name
    if not script.exists() or script.read_bytes() != SCRIPT.read_bytes():
        draft = script.with_suffix(f".{os.getpid()}")
        draft.write_bytes(SCRIPT.read_bytes())
        draft.replace(script)
    process = subprocess.Popen(  # noqa: S603 - our own
        ["node", str(script), str(life)],  # noqa: S607 - wherever it is
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            provider = Provider(told["url"], process)
            thread = Thread(target=provider.listen)
            thread.start()
            yield provider
        finally:
            process.terminate()
        thread.join()


def installed() -> Path | str:
    """The folder with the package; in words, why there is none."""
    named = os.environ.get("OIDC_PROVIDER")
    folder = (
        Path(named) if named else user_cache_path("socialmetrics") / "oidc-provider"
    )
    if shutil.which("node") is None:
        return "there is no node"
    if (folder / "node_modules" / "oidc-provider").is_dir():
        return folder
    if named:
        return f"OIDC_PROVIDER names {folder}, where there is no oidc-provider"
    if shutil.which("npm") is None:
        return "there is no npm to install oidc-provider with"
    return _install(folder)


def _install(folder: Path) -> Path | str:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", str(folder), "--fetch-retries=0"]
    with FileLock(folder / "install.lock"):
        if (folder / "node_modules" / "oidc-provider").is_dir():
            return folder
        try:
            done = subprocess.run(  # noqa: S603 - our own
                [*command, "--no-audit", "--no-fund", PACKAGE],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "npm install of oidc-provider takes too long"
    return folder if done.returncode == 0 else "npm cannot install oidc-provider"


def providers(life: int = 3600) -> Iterator[Provider]:
    """For fixtures: the running server; the test is skipped where there is none."""
    folder = installed()
    if isinstance(folder, str):
        pytest.skip(folder)
    with running(folder, life) as provider:
        yield provider


def keys_of(client: Client) -> Keys:
    adapter = client.adapter
    assert isinstance(adapter, OidcTool)
    return adapter.keys
