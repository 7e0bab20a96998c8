"""No file of the repository holds anything that looks like a credential."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from tests.leaks.surfaces import ACCESS, BEARER, CLIENT_SECRET, PASSWORD, leaks

ROOT: Final = Path(__file__).parents[2]

TOKEN_LIKE: Final = re.compile(
    r"""
    (?:bearer|basic)\s+[A-Za-z0-9+/._~-]{16,}           # an Authorization header
    | eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}        # a signed web token
    | \b(?:gh[pousr]_|xox[abp]-|sk-|AKIA)[A-Za-z0-9-]{12,}   # well-known prefixes
    | \bAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{30,}           # a bearer token of X
    | (?<=[?&]Signature=)(?!scrubbed|fake|sandbox)[A-Za-z0-9%+/_-]{16,}   # an upload's
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
        "https://store.example/a.png?Expires=1773210599&Signature=a1b2c3d4e5f6a1b2c3d4",
    ],
)
def test_a_credential_in_a_file_would_be_found(leak: str) -> None:
    assert TOKEN_LIKE.search(leak)


def test_a_secret_in_any_form_would_be_found() -> None:
    basic = base64.b64encode(f"user:{PASSWORD}".encode()).decode()

    for text in (BEARER, quote(ACCESS, safe=""), CLIENT_SECRET.encode().hex(), basic):
        assert leaks([("somewhere", f"in {text} here")])
