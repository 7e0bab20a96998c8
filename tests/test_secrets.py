"""No credential ever shows: not in files, nor in anything that a failing run leaves."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import pickle
import re
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import quote, unquote, urlencode

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.cli.main import main
from socialmetrics.transport import AsyncPort, BlockingPort
from socialmetrics_x import X
from socialmetrics_x.login import RequestToken
from tests.conftest import AnyClient, Fetch
from tests.core.servers import Connection, Server, Talk, answering, field, written

ROOT: Final = Path(__file__).parent.parent

# -- files -----------------------------------------------------------------------------

TOKEN_LIKE: Final = re.compile(
    r"""
    (?:bearer|basic)\s+[A-Za-z0-9+/._~-]{16,}           # an Authorization header
    | eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}        # a signed web token
    | \b(?:gh[pousr]_|xox[abp]-|sk-|AKIA)[A-Za-z0-9-]{12,}   # well-known prefixes
    | \bAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{30,}           # a bearer token of X
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----
    | (?:secret|token|password|api_key)["']?\s*[:=]\s*["']
      (?!sandbox-|fake-|toy-|not-|recorded|scrubbed|test|x-|/|\.\.\.)
      (?=[^"']*[0-9])(?=[^"']*[a-z])[A-Za-z0-9+/._~-]{24,}["']
    """,
    re.VERBOSE | re.IGNORECASE,
)
WATCHED: Final = (
    *("cassettes/**/*.yaml", "tests/**/*.json", "tests/**/*.py", "docs/**/*.md"),
    *("docs/**/*.py", "socialmetrics/**/*", "adapters/**/*", "benchmarks/**/*.py"),
    *("*.md", "*.toml", "Makefile", ".ci/*"),
)


def texts() -> Iterator[tuple[Path, str]]:
    for path in sorted({path for glob in WATCHED for path in ROOT.glob(glob)}):
        is_text = path.is_file() and path.suffix not in {".pyc", ".parquet"}
        if is_text and path != Path(__file__):  # It has examples of what is found.
            yield path.relative_to(ROOT), path.read_text("utf-8", "replace")


def test_no_file_holds_anything_that_looks_like_a_credential() -> None:
    found = {
        f"{path}: {match[0][:24]}..."
        for path, text in texts()
        for match in TOKEN_LIKE.finditer(text)
    }

    assert found == set()


@pytest.mark.parametrize(
    "leak",
    [
        "Authorization: Bearer abcdefghijklmnop1234",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.x",
        "ghp_abcdefghijkl1234",
        'client_secret = "a1b2c3d4e5f6a1b2c3d4e5f6"',
        '"access_token": "a1b2c3d4e5f6a1b2c3d4e5f6"',
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_a_credential_in_a_file_would_be_found(leak: str) -> None:
    assert TOKEN_LIKE.search(leak)


# -- failing runs ----------------------------------------------------------------------

BEARER: Final = "fake+bearer/7f3a9c51d0be=="
CLIENT_SECRET: Final = "fake+secret/c4e8a251d0be=="
ACCESS: Final = "fake+access/0b77c4e8a251=="
PASSWORD: Final = "fake!proxy*password(42)"
CONSUMER_SECRET: Final = "fake+consumer/51d0bea251c4=="
OWNER: Final = "42-fake+owner/e8a27f3a9c51=="
OWNER_SECRET: Final = "fake+owners/secret9c510b77=="
SECRETS: Final = (
    *(BEARER, CLIENT_SECRET, ACCESS, PASSWORD),
    *(CONSUMER_SECRET, OWNER, OWNER_SECRET),
)
QUICK: Final = sm.Retry(tries=2, first=0.001, longest=0.002, patience=0.01)


def forms(secret: str) -> Iterator[str]:
    """How a secret could be spelled: as it is, quoted, in hex, in base64 anywhere."""
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), quote(secret), raw.hex())
    yield repr(secret)[1:-1]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inside = whole[4 if shift else 0 : -2]
        yield from (inside, inside.replace("+", "-").replace("/", "_"))


def leaks(surfaces: Iterable[tuple[str, str]]) -> set[str]:
    """Where a secret shows, in whatever form."""
    spelled = {form.lower() for secret in SECRETS for form in forms(secret)}
    return {
        f"{name}: ...{text[max(0, at - 60) : at]}<secret>"
        for name, text in surfaces
        for form in spelled
        if (at := text.lower().find(form)) >= 0
    }


def test_a_secret_in_any_form_would_be_found() -> None:
    basic = base64.b64encode(f"user:{PASSWORD}".encode()).decode()

    for text in (BEARER, quote(ACCESS, safe=""), CLIENT_SECRET.encode().hex(), basic):
        assert leaks([("somewhere", f"in {text} here")])


@attrs.define
class Heard:
    """Everything that a run says to anybody."""

    log: io.StringIO = attrs.field(factory=io.StringIO)
    warned: list[str] = attrs.field(factory=list[str])


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Every logger at DEBUG, and every warning."""
    found, root = Heard(), logging.getLogger()
    handler = logging.StreamHandler(found.log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
        found.warned += [str(each.message) for each in caught]
    root.removeHandler(handler)
    root.setLevel(level)


Settings: TypeAlias = dict[str, str]


class Given(Protocol):
    """Gives settings to clients of that vendor."""

    def __call__(self, settings: Settings, vendor: str = "sprout") -> None: ...


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Settings by environment, so that no frame of a test holds them; no waiting."""

    async def at_once(*_: object) -> None:
        await asyncio.sleep(0)

    async def now(*_: object) -> None:
        pass

    def give(settings: Settings, vendor: str = "sprout") -> None:
        for name, value in settings.items():
            variable = f"SOCIALMETRICS_{vendor}_{name}".upper()
            monkeypatch.setenv(variable, value)

    monkeypatch.setattr(BlockingPort, "sleep", now)
    monkeypatch.setattr(AsyncPort, "sleep", at_once)
    return give


def pickled(thing: object) -> str:
    """Its pickle, or the refusal."""
    try:
        return pickle.dumps(thing).decode("latin-1")
    except (TypeError, AttributeError, pickle.PicklingError) as err:
        return str(err)


def shown(name: str, thing: object) -> Iterator[tuple[str, str]]:
    """All that can be seen of an object without asking it for its secret."""
    yield f"str of {name}", str(thing)
    yield f"repr of {name}", repr(thing)
    yield f"format of {name}", f"{thing}"
    yield f"pickle of {name}", pickled(thing)
    inside = getattr(thing, "__dict__", {})
    yield f"vars of {name}", repr(inside)
    for key, value in inside.items():
        yield f"vars of {name}.{key}", repr(getattr(value, "__dict__", value))


def told_by(error: BaseException) -> Iterator[tuple[str, str]]:
    """An error, all errors behind it, and the traceback with its locals."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and each not in seen:
            seen.append(each)
            yield from shown(type(each).__name__, each)
            left += [each.__cause__, each.__context__]
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield "traceback", "".join(whole.format())


UNAUTHORIZED: Final = written(b'{"error": "Invalid or expired token"}', 401)
GRANTED: Final = written(
    b'{"access_token": "%b", "expires_in": 3600}' % ACCESS.encode()
)


@attrs.frozen
class Fault:
    """What the API says to every request, and whether it hangs up then."""

    answer: bytes = b""
    is_end: bool = False

    def talk(self, connection: Connection, server: Server) -> None:
        """Grants every token, and fails at everything else."""
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            is_grant = b"/oauth2/" in head.split(b"\r\n", 1)[0]
            connection.send(GRANTED if is_grant else self.answer)
            if self.is_end and not is_grant:
                return connection.reset()


FAULTS: Final[Mapping[str, Fault]] = {
    "401": Fault(UNAUTHORIZED),
    "403": Fault(written(b'{"error": "no"}', 403)),
    "429": Fault(written(b"{}", 429, {"Retry-After": "99999"})),
    "500": Fault(written(b"{}", 500)),
    "unreadable": Fault(written(b"<html>")),
    "contradicted": Fault(written(b'{"data": [], "error": "partial"}')),
    "row": Fault(written(b'{"data": [{"customer_id": 1.5}]}')),
    "broken gzip": Fault(written(b"no", headers={"Content-Encoding": "gzip"})),
    "dropped": Fault(is_end=True),
    "halved": Fault(written(b'{"data": [', length=500), is_end=True),
}


@attrs.frozen
class Echo:
    """Answers with what it was sent, as proxies and debug pages do."""

    status: int
    is_grantor: bool = True

    def talk(self, connection: Connection, server: Server) -> None:
        """Grants tokens if it does that, and echoes everything else."""
        while True:
            head, body = connection.request()
            server.requests.append((head, body))
            if self.is_grantor and b"/oauth2/" in head.split(b"\r\n", 1)[0]:
                connection.send(GRANTED)
                continue
            said = f"{head.decode()}|{body.decode()}|{unquote(body.decode())}"
            slashes = json.dumps({"error": said}).replace("/", "\\/")
            told = [json.dumps({"error": said, "again": said}), slashes]
            connection.send(written("\n".join(told).encode(), self.status))


def by_token(url: str) -> Settings:
    return {"token": BEARER, "base_url": url, "auth_url": url}


def by_client(url: str) -> Settings:
    return {
        "client_id": "fake-client",
        "client_secret": CLIENT_SECRET,
        "base_url": url,
        "auth_url": url,
    }


def by_proxy(url: str) -> Settings:
    address = url.replace("http://", f"http://user:{quote(PASSWORD)}@")
    return {"token": BEARER, "base_url": "https://api.vendor.example", "proxy": address}


def token_answer(body: bytes) -> Talk:
    """The authorization server says this."""
    return answering(written(body % ACCESS.encode()))


RUNS: Final[list[tuple[str, Callable[[str], Settings], Talk]]] = [
    *((f"token, {name}", by_token, fault.talk) for name, fault in FAULTS.items()),
    *((f"client, {name}", by_client, fault.talk) for name, fault in FAULTS.items()),
    *((f"token, echo {code}", by_token, Echo(code).talk) for code in (200, 400, 500)),
    *((f"client, echo {code}", by_client, Echo(code).talk) for code in (200, 400)),
    ("client, echo of the secret", by_client, Echo(400, is_grantor=False).talk),
    ("client, 401 itself", by_client, answering(UNAUTHORIZED)),
    ("client, odd token", by_client, token_answer(b'{"access_token": "%b\\n"}')),
    ("client, half an answer", by_client, token_answer(b'{"access_token": "%b"')),
    (
        "client, odd life",
        by_client,
        token_answer(b'{"access_token": "%b", "expires_in": []}'),
    ),
    ("client, two tokens", by_client, token_answer(b'{"access_token": ["%b"]}')),
    ("proxy, 407", by_proxy, answering(written(b"who are you", 407))),
    ("proxy, dropped", by_proxy, Fault(is_end=True).talk),
]


@pytest.mark.parametrize(
    ("settings", "talk"), [r[1:] for r in RUNS], ids=[r[0] for r in RUNS]
)
def test_a_failing_run_shows_no_secret_anywhere(
    settings: Callable[[str], Settings],
    talk: Talk,
    fetch: Fetch,
    heard: Heard,
    given: Given,
) -> None:
    surfaces: list[tuple[str, str]] = []

    def look(client: AnyClient) -> Any:
        for name in ("client", "_adapter", "_session", "_engine", "_port"):
            thing = client if name == "client" else getattr(client, name)
            surfaces.extend(shown(name, thing))
        return client.profiles()

    with Server(talk) as server:
        given(settings(server.url))
        asked = fetch.by("sprout", retry=QUICK, timeout=2)
        with pytest.raises(sm.SocialMetricsError) as caught:
            asked.items(look)

    surfaces += [*told_by(caught.value), ("log", heard.log.getvalue())]
    surfaces += [("warning", text) for text in heard.warned]
    assert server.requests
    assert leaks(surfaces) == set()


# -- several credentials in one client: X's --------------------------------------------


def x_app(url: str) -> Settings:
    return {
        "consumer_key": "fake-key",
        "consumer_secret": CONSUMER_SECRET,
        "base_url": url,
        "auth_url": url,
    }


def x_bearer(url: str) -> Settings:
    return {"bearer_token": BEARER, "base_url": url, "auth_url": url}


def x_owner(url: str) -> Settings:
    return {**x_app(url), "owners": f"{OWNER}:{OWNER_SECRET}"}


def x_signed(url: str) -> Settings:
    return {**x_owner(url), "app_auth": "oauth1"}


POST: Final = sm.Ref("x", "20")


def public_totals(client: AnyClient) -> Any:
    return client.metrics([POST], ["likes"])


def private_totals(client: AnyClient) -> Any:
    return client.metrics([POST], ["impressions"])


def login_begins(client: AnyClient) -> Any:
    assert isinstance(client.adapter, X)
    return client.run(client.adapter.request_token())


def login_ends(client: AnyClient) -> Any:
    assert isinstance(client.adapter, X)
    begun = RequestToken(
        token=sm.Secret(OWNER),
        secret=sm.Secret(OWNER_SECRET),
        callback="oob",
        address="https://api.x.com/oauth/authorize",
    )
    return client.run(client.adapter.access_token(begun, "1234567"))


Call: TypeAlias = Callable[[AnyClient], Any]
WAYS: Final[Mapping[str, tuple[Callable[[str], Settings], Call]]] = {
    "bearer": (x_bearer, public_totals),
    "fetched bearer": (x_app, public_totals),
    "app": (x_signed, public_totals),
    "owner": (x_owner, private_totals),
    "login begins": (x_app, login_begins),
    "login ends": (x_app, login_ends),
}
TOKENS: Final = urlencode({"oauth_token": OWNER, "oauth_token_secret": OWNER_SECRET})
TALKS: Final[Mapping[str, Talk]] = {
    **{name: fault.talk for name, fault in FAULTS.items()},
    "forbidden": Fault(
        written(b'{"errors": ["Forbidden to access metrics: impressions"]}', 403)
    ).talk,
    **{f"echo {code}": Echo(code).talk for code in (200, 400, 401, 403, 500)},
    "echo of everything": Echo(400, is_grantor=False).talk,
}


RUNS_OF_X: Final[Mapping[str, tuple[str, Talk]]] = {
    **{f"{way}, {talk}": (way, TALKS[talk]) for way in WAYS for talk in TALKS},
    **{
        f"{way}, tokens": (way, answering(written(TOKENS.encode())))
        for way in ("login begins", "login ends", "owner")
    },
    "owner, tokens in a refusal": ("owner", answering(written(TOKENS.encode(), 400))),
}


@pytest.mark.parametrize(("way", "talk"), RUNS_OF_X.values(), ids=RUNS_OF_X)
def test_a_failing_run_of_x_shows_no_secret_anywhere(
    way: str, talk: Talk, fetch: Fetch, heard: Heard, given: Given
) -> None:
    settings, call = WAYS[way]
    surfaces: list[tuple[str, str]] = []

    def look(client: AnyClient) -> Any:
        for name in ("client", "_adapter", "_session", "_engine", "_port"):
            thing = client if name == "client" else getattr(client, name)
            surfaces.extend(shown(name, thing))
        return call(client)

    with Server(talk) as server:
        given(settings(server.url), "x")
        asked = fetch.by("x", retry=QUICK, timeout=2)
        try:
            surfaces += shown("result", asked.value(look))
        except sm.SocialMetricsError as err:
            surfaces += told_by(err)

    surfaces.append(("log", heard.log.getvalue()))
    surfaces += [("warning", text) for text in heard.warned]
    assert server.requests
    assert leaks(surfaces) == set()


def test_the_authorization_server_of_x_never_sees_an_owner(fetch: Fetch) -> None:
    with (
        Server(answering(UNAUTHORIZED)) as api,
        Server(answering(GRANTED)) as auth,
    ):
        settings = {**x_owner(api.url), "auth_url": auth.url}
        with suppress(sm.SocialMetricsError):
            fetch.by("x", retry=QUICK, **settings).value(public_totals)

    assert auth.requests
    assert api.requests
    said = b"".join(part for each in auth.requests for part in each)
    assert all(form.encode() not in said for form in forms(OWNER))
    assert all(form.encode() not in said for form in forms(OWNER_SECRET))


# -- other hosts -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("settings", [by_token, by_client])
def test_nothing_arrives_at_the_host_that_a_redirect_points_to(
    settings: Callable[[str], Settings],
    status: int,
    fetch: Fetch,
    heard: Heard,
    given: Given,
) -> None:
    with Server(answering(written(b'{"data": []}'))) as other:
        moved = written(b"", status, {"Location": f"{other.url}/v1/metadata/client"})
        with Server(Fault(moved).talk) as server:
            given(settings(server.url))
            asked = fetch.by("sprout", retry=QUICK)
            with pytest.raises(
                sm.SocialMetricsError, match="is not followed"
            ) as caught:
                asked.items(lambda client: client.profiles())

    assert other.opened == 0
    assert leaks([*told_by(caught.value), ("log", heard.log.getvalue())]) == set()


def test_the_authorization_server_never_sees_a_bearer_token(fetch: Fetch) -> None:
    rows = b'{"data": [{"customer_id": 1}]}'
    with (
        Server(answering(UNAUTHORIZED, written(rows))) as api,
        Server(answering(GRANTED)) as auth,
    ):
        settings = {**by_client(api.url), "auth_url": auth.url}
        with suppress(sm.SocialMetricsError):
            fetch.by("sprout", retry=QUICK, **settings).items(lambda c: c.profiles())

    assert auth.requests
    assert {field(head, "authorization") for head, _ in auth.requests} == {""}
    assert all(CLIENT_SECRET.encode() not in b"".join(each) for each in api.requests)


# -- the command line ------------------------------------------------------------------


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.mark.parametrize("name", ["401", "unreadable", "dropped"])
@pytest.mark.parametrize("settings", [by_token, by_client])
@pytest.mark.parametrize("command", [["profiles", "sprout"], ["config", "sprout"]])
def test_the_command_line_shows_no_secret(
    settings: Callable[[str], Settings],
    name: str,
    command: list[str],
    nowhere: Path,
    capsys: pytest.CaptureFixture[str],
    given: Given,
) -> None:
    with Server(FAULTS[name].talk) as server:
        given(settings(server.url))
        code = main(["--debug", *command])

    out, err = capsys.readouterr()
    assert leaks([("stdout", out), ("stderr", err)]) == set()
    assert (code == 0) is (command[0] == "config")


def test_a_settings_file_that_is_broken_is_not_shown(
    nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (nowhere / "socialmetrics.toml").write_text(f'[sprout]\ntoken = "{BEARER}\n')

    main(["--debug", "profiles", "sprout"])

    out, err = capsys.readouterr()
    assert "cannot be read" in err
    assert leaks([("stdout", out), ("stderr", err)]) == set()


@pytest.mark.parametrize(
    "given",
    [
        {"consumer_key": "k", "owners": f"{OWNER}:{OWNER_SECRET}"},
        {"bearer_token": BEARER, "owners": f"{OWNER}:{OWNER_SECRET}"},
        {**x_app("https://x.example"), "owners": f"{OWNER}:{OWNER_SECRET}:more"},
        {**x_app("https://x.example"), "owners": f"{OWNER}:a,{OWNER}:{OWNER_SECRET}"},
        {**x_app("https://x.example"), "owners": [OWNER, OWNER_SECRET]},
        {**x_app("https://x.example"), "owners": {"a": {OWNER: OWNER_SECRET}}},
        {**x_app("https://x.example"), "consumer_secret": f"{CONSUMER_SECRET}\n"},
        {"bearer_token": [BEARER]},
        {"consumer_secret": CONSUMER_SECRET},
    ],
)
def test_a_setting_of_x_that_is_refused_is_not_shown(given: Mapping[str, Any]) -> None:
    with pytest.raises(sm.SocialMetricsError) as caught:
        sm.connect("x", **given).close()

    error = caught.value
    assert leaks([("str", str(error)), *shown("error", error)]) == set()


@pytest.mark.parametrize(
    "given",
    [
        {"token": BEARER, "client_id": "fake", "client_secret": CLIENT_SECRET},
        {"token": f"{BEARER}\n"},
        {"client_id": "fake", "client_secret": f" {CLIENT_SECRET}"},
        {"token": BEARER, "base_url": f"https://user:{PASSWORD}@vendor.example"},
        {"token": BEARER, "proxy": f"socks9://user:{PASSWORD}@proxy.example"},
        {"token": BEARER, "proxy": f"http://user:{PASSWORD}@:99999"},
        {"token": [BEARER]},
        {"token": BEARER.encode()},
        {"tokn": BEARER},
    ],
)
def test_a_setting_that_is_refused_is_not_shown(given: Mapping[str, Any]) -> None:
    with pytest.raises(sm.SocialMetricsError) as caught:
        sm.connect("sprout", **given).close()

    error = caught.value
    assert leaks([("str", str(error)), *shown("error", error)]) == set()
