"""`login`: a person lets an account in, and finds its token in the settings."""

from __future__ import annotations

import re
import stat
import sys
import tomllib
import webbrowser
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from socket import create_connection, create_server
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx
import pytest

from socialmetrics.cli import login
from socialmetrics.cli.login_redirect import Landing, listening
from socialmetrics.connections import connect
from socialmetrics.sandbox import World
from socialmetrics.sandbox.server import serve
from socialmetrics_x.sandbox import app, credentials
from tests.cli.commandline import Cli, Outcome
from tests.cli.test_cli_errors import block

WORLD = World(scale=0.01)
KEYS = credentials(WORLD)
PAIR = KEYS["owners"].split(",")[0]
TOKEN, TOKEN_SECRET = PAIR.split(":")
USER = TOKEN.partition("-")[0]
FILE = Path("socialmetrics.toml")
ADDRESS = re.compile(r"http://\S+/oauth/authorize\?oauth_token=(\S+)")


class Screen(StringIO):
    """Where the program writes to a person, who reads the address there."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    @property
    def address(self) -> str:
        found = ADDRESS.search(self.getvalue())
        assert found
        return found[0]


class Keyboard:
    """What a person types: asked when the program waits for it."""

    def __init__(self, types: Callable[[], str]) -> None:
        self._types = types

    def readline(self) -> str:
        return self._types()


@attrs.define
class Desk:
    """A person at the program, with a browser and a simulated X."""

    cli: Cli
    url: str
    monkeypatch: pytest.MonkeyPatch
    opened: list[str] = attrs.field(factory=list[str])
    screen: Screen = attrs.field(factory=lambda: Screen(is_terminal=True))

    def types(self, text: str | Callable[[], str]) -> None:
        keys = Keyboard(text if callable(text) else lambda: text)
        self.monkeypatch.setattr(sys, "stdin", keys)

    def run(self, *tokens: str) -> Outcome:
        self.screen = Screen(is_terminal=self.screen.isatty())
        self.monkeypatch.setattr(sys, "stderr", self.screen)
        outcome = self.cli("login", "x", *tokens)
        return attrs.evolve(outcome, err=self.screen.getvalue())

    def page(self, **told: str) -> httpx.Response:
        """The page that the vendor shows after a click."""
        params = told or {"account": USER}
        token = parse_qs(urlsplit(self.screen.address).query)["oauth_token"][0]
        return httpx.get(
            f"{self.url}/oauth/authorize", params={"oauth_token": token, **params}
        )

    def pin(self) -> str:
        found = re.search(r"<code>(\d+)</code>", self.page().text)
        assert found
        return f"{found[1]}\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(app(WORLD)) as running:
        yield running.url


@pytest.fixture
def desk(cli: Cli, url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in {
        "BASE_URL": url,
        "AUTH_URL": url,
        "CONSUMER_KEY": KEYS["consumer_key"],
        "CONSUMER_SECRET": KEYS["consumer_secret"],
    }.items():
        monkeypatch.setenv(f"SOCIALMETRICS_X_{name}", value)
    found = Desk(cli, url, monkeypatch)
    monkeypatch.setattr(webbrowser, "open", found.opened.append)
    found.types(found.pin)
    return found


@pytest.fixture
def port() -> int:
    with create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


def shows_nothing_secret(outcome: Outcome) -> None:
    shown = f"{outcome.out}{outcome.err}"
    secrets = (TOKEN, TOKEN_SECRET, KEYS["consumer_secret"], "x-other")
    assert [secret for secret in secrets if secret in shown] == []


def owners_in(path: Path) -> Any:
    return tomllib.loads(path.read_text("utf-8"))["x"]["owners"]


# -- a login ---------------------------------------------------------------------------


def test_a_login_is_stored_and_used_from_then_on(desk: Desk) -> None:
    outcome = desk.run()

    path = Path("config/socialmetrics/socialmetrics.toml").absolute()
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.endswith(
        f"The token of @acme (user id {USER}) is stored in {path}\n"
    )
    shows_nothing_secret(outcome)
    assert desk.opened == [desk.screen.address]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with connect("x") as client:
        assert [each.vendor_id for each in client.profiles()] == [USER]


def test_a_login_goes_into_the_file_in_force(desk: Desk) -> None:
    FILE.write_text("# ours\n[x]\nper_minute = 60  # as agreed\n")
    FILE.chmod(0o644)

    outcome = desk.run("--json")

    assert outcome.code == 0
    stored = str(FILE.absolute())
    assert outcome.objects == [
        {"user_id": USER, "screen_name": "acme", "stored": stored}
    ]
    assert list(outcome.objects[0]) == ["user_id", "screen_name", "stored"]
    shows_nothing_secret(outcome)
    assert FILE.read_text().startswith("# ours\n[x]\nper_minute = 60  # as agreed\n")
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600


def test_print_stores_nothing(desk: Desk) -> None:
    outcome = desk.run("--print")

    assert (outcome.code, outcome.out) == (0, f"{PAIR}\n")
    assert TOKEN_SECRET not in outcome.err
    assert f"@acme (user id {USER}) let the app in" in outcome.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("is_terminal", "tokens"), [(False, ()), (True, ("--no-browser",))]
)
def test_no_browser_is_opened_where_nobody_wants_it(
    desk: Desk, is_terminal: bool, tokens: tuple[str, ...]
) -> None:
    desk.screen = Screen(is_terminal=is_terminal)

    outcome = desk.run(*tokens)

    assert (outcome.code, desk.opened) == (0, [])


def test_a_browser_that_does_not_start_is_no_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(address: str) -> bool:
        raise webbrowser.Error(address)

    monkeypatch.setattr(webbrowser, "open", broken)

    assert desk.run().code == 0


def test_environment_that_hides_the_new_token_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALMETRICS_X_OWNERS", "77-other:x-other")

    outcome = desk.run()

    assert outcome.code == 0
    assert "as long as there is the environment SOCIALMETRICS_X_OWNERS" in outcome.err
    shows_nothing_secret(outcome)


def test_a_second_login_replaces_the_first(desk: Desk) -> None:
    FILE.write_text("[x]\n")
    assert desk.run().code == 0
    FILE.write_text(FILE.read_text().replace(TOKEN_SECRET, "x-old"))

    assert desk.run().code == 0
    assert owners_in(FILE) == [
        {"access_token": TOKEN, "access_token_secret": TOKEN_SECRET}
    ]


# -- a callback ------------------------------------------------------------------------


def test_the_browser_comes_back_to_this_machine(desk: Desk, port: int) -> None:
    pages: list[httpx.Response] = []
    silent = list[Any]()

    def browse(address: str) -> None:
        here = f"http://127.0.0.1:{port}"
        silent.append(create_connection(("127.0.0.1", port)))  # as browsers do
        pages.append(httpx.get(f"{here}/favicon.ico"))
        pages.append(httpx.get(f"{here}/back?oauth_token=other&oauth_verifier=1"))
        with create_connection(("127.0.0.1", port)) as gone:
            gone.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000)
        pages.append(httpx.get(desk.page().headers["location"]))

    thread: list[Thread] = []

    def opened(address: str) -> None:
        thread.append(Thread(target=browse, args=(address,)))
        thread[0].start()

    desk.monkeypatch.setattr(webbrowser, "open", opened)
    desk.types("")

    outcome = desk.run("--callback", f"http://127.0.0.1:{port}/back")

    thread[0].join()
    silent[0].close()
    assert (outcome.code, outcome.out) == (0, "")
    assert [page.status_code for page in pages] == [404, 404, 200]
    assert "You can close this page" in pages[-1].text
    assert pages[-1].headers["referrer-policy"] == "no-referrer"
    assert "Waiting for the browser" in outcome.err
    assert "oauth_verifier" not in outcome.err
    shows_nothing_secret(outcome)


def test_a_no_in_the_browser_ends_the_login(desk: Desk, port: int) -> None:
    def opened(address: str) -> None:
        said = desk.page(deny="1").headers["location"]
        thread = Thread(target=httpx.get, args=(said,))
        thread.start()

    desk.monkeypatch.setattr(webbrowser, "open", opened)

    outcome = desk.run("--callback", f"http://localhost:{port}")

    assert (outcome.code, outcome.out) == (3, "")
    block(outcome.err[outcome.err.index("Error") :], "did not let the app in")


def test_nobody_is_waited_for_for_ever(desk: Desk, port: int) -> None:
    desk.monkeypatch.setattr(login, "PATIENCE", 0.05)

    outcome = desk.run("--callback", f"http://127.0.0.1:{port}")

    assert (outcome.code, outcome.out) == (5, "")
    block(outcome.err[outcome.err.index("Error") :], "nobody came back", "0.05 s")


def test_an_address_of_another_machine_is_pasted(desk: Desk) -> None:
    desk.types(lambda: desk.page().headers["location"])

    outcome = desk.run("--callback", "https://app.example/back")

    assert (outcome.code, outcome.out) == (0, "")
    assert "The address that the browser was sent back to: " in outcome.err


def test_a_port_in_use_is_told_before_anything_is_asked(desk: Desk) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        callback = f"http://127.0.0.1:{other.getsockname()[1]}/"

        outcome = desk.run("--callback", callback)

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err, f"--callback {callback}: nothing can listen there")


@pytest.mark.parametrize(
    ("callback", "home"),
    [
        ("http://127.0.0.1:8734/a", ("127.0.0.1", 8734)),
        ("http://localhost", ("localhost", 80)),
        ("http://[::1]:8734", ("::1", 8734)),
        ("https://127.0.0.1:8734", None),
        ("http://app.example:8734", None),
        ("http://127.0.0.1:99999", None),
        ("oob", None),
    ],
)
def test_only_plain_addresses_of_this_machine_are_listened_at(
    monkeypatch: pytest.MonkeyPatch, callback: str, home: tuple[str, int] | None
) -> None:
    made: list[tuple[str, int]] = []

    def bind(landing: Landing) -> None:
        made.append((str(landing.server_address[0]), int(landing.server_address[1])))

    def activate(landing: Landing) -> None:
        assert made

    monkeypatch.setattr(Landing, "server_bind", bind)
    monkeypatch.setattr(Landing, "server_activate", activate)

    with listening(callback) as landing:
        is_there = landing is not None

    assert made == ([] if home is None else [home])
    assert is_there is (home is not None)


# -- what goes wrong -------------------------------------------------------------------


def unread() -> str:
    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text")


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("", 2, "nothing could be read from stdin"),
        (unread, 2, "nothing could be read from stdin"),
        ("\n", 2, "neither a PIN"),
        ("s3cr3tvalue\n", 2, "neither a PIN"),
        ("7654321\n", 3, "wrong or used PIN: begin again"),
    ],
)
def test_an_answer_that_is_none_ends_the_login(
    desk: Desk, typed: str | Callable[[], str], code: int, words: str
) -> None:
    desk.types(typed)

    outcome = desk.run()

    assert (outcome.code, outcome.out) == (code, "")
    block(outcome.err[outcome.err.index("Error") :], words)
    shows_nothing_secret(outcome)
    assert list(Path().iterdir()) == []


def test_no_stdin_at_all_ends_the_login(desk: Desk) -> None:
    desk.monkeypatch.setattr(sys, "stdin", None)

    outcome = desk.run()

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err[outcome.err.index("Error") :], "nothing could be read")


def test_interruption_while_typing_is_one(desk: Desk) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    desk.types(interrupted)

    assert desk.run().code == 130


def test_wrong_keys_of_the_app_are_refused(desk: Desk) -> None:
    outcome = desk.run("--set", "consumer_secret=s3cr3tvalue")

    assert (outcome.code, outcome.out) == (3, "")
    block(outcome.err, "consumer_key and consumer_secret", "HTTP 401", "AuthRefused")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("login sprout", "no login: its credentials are made on|adapters sprout"),
        ("login nobody", "no adapter is called 'nobody'"),
        ("login", "ADAPTER is missing|socialmetrics login --help"),
        ("login x", "x needs consumer_key and consumer_secret"),
        ("login x --set bearer_token=s3cr3tvalue", "a bearer token is not enough"),
        ("login x --json --print", "--json and --print exclude each other"),
        ("login x --pin s3cr3tvalue", "no option --pin"),
    ],
)
def test_misuse_is_told_in_one_block(cli: Cli, line: str, words: str) -> None:
    outcome = cli(*line.split())

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err, *words.split("|"))


def test_a_callback_that_is_none_is_told(desk: Desk) -> None:
    outcome = desk.run("--callback", "nowhere")

    assert outcome.code == 2
    block(outcome.err, "callback='nowhere' must be 'oob'")


def test_missing_package_is_named(desk: Desk) -> None:
    desk.monkeypatch.delitem(sys.modules, "socialmetrics.cli.login_file")
    desk.monkeypatch.setitem(sys.modules, "tomlkit", None)

    outcome = desk.run()

    assert outcome.code == 2
    block(outcome.err, "storing the token needs tomlkit", "pip install", "--print")


def test_a_folder_that_cannot_be_written_is_told_first(desk: Desk) -> None:
    Path("config").write_text("")

    outcome = desk.run()

    assert (outcome.code, outcome.out) == (2, "")
    block(outcome.err, "socialmetrics.toml cannot be written", "--print")
