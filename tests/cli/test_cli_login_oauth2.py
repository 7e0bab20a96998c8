"""`login` by OAuth 2: a person lets an account in, and its tokens are kept."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import create_server
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialmetrics.connections import connect
from socialmetrics.secret import Secret
from socialmetrics.token_file import FileStore
from tests.cli.commandline import Cli
from tests.cli.logging_in import Desk, desk_of
from tests.cli.test_cli_errors import block
from tests.core.granting import read
from tests.core.grants import ACCOUNT, CLIENT, CLIENT_SECRET
from tests.core.toy_api import told


@pytest.fixture
def desk(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_of(cli, tmp_path, monkeypatch) as found:
        found.types(found.allowed)
        yield found


@pytest.fixture
def back() -> str:
    with create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return f"http://localhost:{number}/back"


class Browser:
    """Goes where the vendor sends it, while the program waits."""

    def __init__(self, come_back: Callable[[str], str]) -> None:
        self.pages: list[httpx.Response] = []
        self._come_back = come_back
        self._threads: list[Thread] = []

    def __call__(self, address: str) -> None:
        self._threads.append(Thread(target=self._go, args=(address,)))
        self._threads[-1].start()

    def _go(self, address: str) -> None:
        back = self._come_back(address).replace("localhost", "127.0.0.1")
        self.pages.append(httpx.get(httpx.URL(back).join("/favicon.ico")))
        self.pages.append(httpx.get(back))

    def ended(self) -> list[int]:
        for thread in self._threads:
            thread.join()
        return [page.status_code for page in self.pages]


# -- a login ---------------------------------------------------------------------------


def test_the_browser_comes_back_and_the_tokens_are_kept(desk: Desk, back: str) -> None:
    browser = Browser(desk.server.allow)
    desk.opens(browser)

    outcome = desk.run("login", "--callback", back)

    assert browser.ended() == [404, 200]
    assert (outcome.code, outcome.out) == (0, "")
    assert f"Waiting for the browser at {back}" in outcome.err
    assert outcome.err.endswith(f"The tokens of {ACCOUNT} are stored in {desk.path}\n")
    desk.shows_nothing_secret(outcome)
    assert desk.opened == [desk.address]
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600
    with connect("tool") as client:
        assert read(client) == 200


def test_without_a_browser_the_answer_is_pasted(desk: Desk) -> None:
    outcome = desk.run("login", "--no-browser", "--json")

    assert outcome.code == 0
    assert desk.opened == []
    assert "The address that the browser was sent back to: " in outcome.err
    assert desk.kept is not None
    assert desk.kept.refresh_token == Secret("refresh-token-2")
    found = outcome.objects[0]
    assert found.pop("access_ends").endswith("+00:00")
    assert found == {
        "account": ACCOUNT,
        "stored": str(desk.path),
        "scope": "offline read",
        "has_refresh_token": True,
    }
    desk.shows_nothing_secret(outcome)


def test_an_address_of_another_machine_is_pasted(desk: Desk) -> None:
    outcome = desk.run("login", "--callback", "https://app.example/back")

    assert outcome.code == 0
    assert desk.opened == [desk.address]
    asked = parse_qs(urlsplit(desk.address).query)
    assert asked["redirect_uri"] == ["https://app.example/back"]
    assert asked["scope"] == ["offline read"]


def test_scopes_can_be_chosen(desk: Desk) -> None:
    desk.run("login", "--no-browser", "--scope", "read", "--scope", "write")

    assert parse_qs(urlsplit(desk.address).query)["scope"] == ["read write"]


def test_a_store_that_goes_with_the_process_is_refused(desk: Desk) -> None:
    refused = desk.run("login", "--no-browser", "--set", "token_store=memory")
    opened = desk.opened
    shown = desk.run("login", "--no-browser", "--print", "--set", "token_store=memory")

    assert (refused.code, refused.out, opened) == (2, "", [])
    assert "the tokens would go with this process" in refused.err
    assert "Open this address" not in refused.err
    assert shown.code == 0
    assert "access_token=" in shown.out


def test_print_stores_nothing(desk: Desk) -> None:
    outcome = desk.run("login", "--no-browser", "--print")

    assert outcome.code == 0
    assert outcome.out == "access_token=access-token-2\nrefresh_token=refresh-token-2\n"
    assert outcome.err.endswith(f"{ACCOUNT} let the app in; nothing is stored\n")
    assert not desk.path.exists()


@pytest.mark.parametrize("life", [3600.0, None])
def test_a_login_without_a_refresh_token_is_told(
    desk: Desk, life: float | None
) -> None:
    desk.server.scope, desk.server.life = "read", life

    outcome = desk.run("login", "--no-browser", "--print" if life else "--json")

    assert outcome.code == 0
    if life is None:
        assert "There is no refresh token: log in again after the end" in outcome.err
        assert outcome.objects[0]["access_ends"] is None
    else:
        assert outcome.out == "access_token=access-token-2\n"


def test_several_users_have_names(desk: Desk) -> None:
    for name in ("acme", "bolt"):
        assert desk.run("login", "--no-browser", "--set", f"account={name}").code == 0

    kept = FileStore(desk.path)
    assert kept.load(f"tool/{CLIENT}/acme") != kept.load(f"tool/{CLIENT}/bolt")
    assert desk.kept is None


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        ((), "URL"),
        (("base_url=http://127.0.0.1:1",), "http://127.0.0.1:1"),
        (("base_url=http://127.0.0.1:1", "auth_url=http://127.0.0.1:2/a"), ":2/a"),
    ],
)
def test_the_address_is_on_the_server_that_is_asked(
    desk: Desk, settings: tuple[str, ...], start: str
) -> None:
    tokens = [token for each in settings for token in ("--set", each)]
    desk.types(lambda: "")

    desk.run("login", "--no-browser", *tokens)

    assert start.replace("URL", desk.url) in desk.address.partition("/oauth2/auth")[0]


# -- what goes wrong -------------------------------------------------------------------


def error(err: str) -> str:
    return err[err.index("Error") :]


def test_a_no_in_the_browser_ends_the_login(desk: Desk, back: str) -> None:
    def deny(address: str) -> str:
        state = parse_qs(urlsplit(address).query)["state"][0]
        return f"{back}?error=access_denied&error_description=Never&state={state}"

    browser = Browser(deny)
    desk.opens(browser)

    outcome = desk.run("login", "--callback", back)

    assert browser.ended() == [404, 200]
    assert outcome.code == 3
    block(error(outcome.err), "did not let the app in (access_denied: Never)")


def test_an_error_of_the_vendor_ends_the_login(desk: Desk, back: str) -> None:
    def fail(address: str) -> str:
        state = parse_qs(urlsplit(address).query)["state"][0]
        return f"{back}?error=invalid_scope&error_hint=offline&state={state}"

    browser = Browser(fail)
    desk.opens(browser)

    outcome = desk.run("login", "--callback", back)

    assert browser.ended() == [404, 200]
    assert outcome.code == 3
    block(error(outcome.err), "refuses the login (invalid_scope: (offline))")


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("", 2, "nothing could be read from stdin"),
        ("s3cr3tvalue\n", 2, "not the whole address"),
        ("http://localhost:8734/back?code=s3cr3tvalue&state=other\n", 2, "begin again"),
    ],
)
def test_an_answer_that_is_none_ends_the_login(
    desk: Desk, typed: str, code: int, words: str
) -> None:
    desk.types(lambda: typed)

    outcome = desk.run("login", "--no-browser")

    assert outcome.code == code
    block(error(outcome.err), words)
    assert desk.server.forms == []


def test_a_code_that_is_refused_is_told(desk: Desk) -> None:
    desk.server.faults.append(told({"error": "invalid_client"}, 401))

    outcome = desk.run("login", "--no-browser")

    assert outcome.code == 3
    block(error(outcome.err), "the code is refused (invalid_client)", "AuthRefused")
    desk.shows_nothing_secret(outcome)
    assert desk.kept is None


def test_a_store_that_cannot_be_written_is_told_first(desk: Desk) -> None:
    desk.path.write_text("{}")

    outcome = desk.run("login")

    assert (outcome.code, desk.opened) == (2, [])
    block(outcome.err, "the token store", "can be used by others")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CLIENT_ID", "", "tool needs both, client_id and client_secret"),
        ("MEMBER_ID", "5", "a login of tool needs client_id and client_secret, and no"),
        ("AUTH_URL", "http://tool.example", "unprotected"),
    ],
)
def test_settings_without_a_login_are_told(
    desk: Desk, name: str, value: str, words: str
) -> None:
    desk.monkeypatch.setenv(f"SOCIALMETRICS_TOOL_{name}", value)

    outcome = desk.run("login")

    assert outcome.code == 2
    block(outcome.err, words)
    assert CLIENT_SECRET not in outcome.err


def test_json_and_print_exclude_each_other(desk: Desk) -> None:
    outcome = desk.run("login", "--json", "--print")

    assert outcome.code == 2


def test_an_adapter_without_scopes_is_asked_for_none(cli: Cli) -> None:
    outcome = cli("login", "x", "--scope", "read")

    assert outcome.code == 2
    block(outcome.err, "--scope: a login of x has none")
