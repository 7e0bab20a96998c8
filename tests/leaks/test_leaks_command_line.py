"""The command line and settings that are refused show no credential."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.cli.main import main
from tests.core.servers import Server
from tests.leaks.surfaces import (
    BEARER,
    CLIENT_SECRET,
    PASSWORD,
    Given,
    Settings,
    leaks,
    shown,
)
from tests.leaks.talks import FAULTS
from tests.leaks.test_leaks_sprout import by_client, by_token


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
