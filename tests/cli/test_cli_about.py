from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.commandline import TOKEN, Cli

ADAPTER = '''
from socialmetrics.adapter import Adapter, unsupported


class Toy(Adapter):
    """An adapter that can do next to nothing."""

    name = "toy"
    title = "Toy \\x1b[31mred"
    posts = unsupported("it only counts", "another vendor")
'''


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with an adapter that works and one that does not load."""
    home = tmp_path / "site"
    info = home / "toys-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text(
        "[socialmetrics.adapters]\ntoy = toy_adapter:Toy\nbroken = toy_adapter:Gone\n"
    )
    (home / "toy_adapter.py").write_text(ADAPTER)
    monkeypatch.setattr(sys, "path", [str(home), *sys.path])


def test_adapters_are_listed_with_credentials_and_variables(cli: Cli) -> None:
    outcome = cli("adapters", "--json")

    assert outcome.code == 0
    token = next(each for each in outcome.objects if each["setting"] == "token")
    assert token["name"] == "sprout"
    assert token["environment"] == "SOCIALMETRICS_SPROUT_TOKEN"
    assert "SOCIALMETRICS_SPROUT_CLIENT_SECRET" in cli("adapters").out


@pytest.mark.usefixtures("toys")
def test_adapter_that_does_not_load_says_why_and_hides_no_other(cli: Cli) -> None:
    outcome = cli("adapters", "--json")

    broken = [each for each in outcome.objects if each["name"] == "broken"]
    assert broken[0]["version"] == "2.5"
    assert "cannot be loaded" in broken[0]["meaning"]
    assert {each["name"] for each in outcome.objects} == {"broken", "sprout"}


@pytest.mark.usefixtures("toys")
def test_missing_operations_have_their_reason(cli: Cli) -> None:
    table, [posts] = (
        cli("capabilities", "toy").out,
        [
            each
            for each in cli("capabilities", "toy", "--csv").rows
            if each["operation"] == "posts"
        ],
    )

    assert "it only counts" in table
    assert posts == {
        "operation": "posts",
        "supported": "False",
        "detail": "it only counts",
        "alternatives": "another vendor",
    }


def test_capabilities_of_a_network_are_its_metrics(cli: Cli) -> None:
    outcome = cli("capabilities", "sprout", "--network", "x", "--json")

    assert {each["network"] for each in outcome.objects} == {"x"}
    assert "impressions" in {each["metric"] for each in outcome.objects}
    table = cli("capabilities", "sprout", "--metrics").out
    assert "What sprout can do" in table
    assert "pinterest" in table


@pytest.mark.usefixtures("toys")
def test_adapter_without_metrics_has_no_network(cli: Cli) -> None:
    outcome = cli("capabilities", "toy", "--network", "x")

    assert outcome.code == 2
    assert "there are: none" in outcome.err


def test_config_says_where_each_setting_is_from_and_masks_secrets(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("socialmetrics.toml").write_text(
        '[sprout]\ntimeout = 5\nclient_secret = "hush-file"\n'
    )
    monkeypatch.setenv("SOCIALMETRICS_SPROUT_TOKEN", TOKEN)
    line = ("config", "sprout", "--set", "base_url=https://me:hush-login@v.example")

    outcome = cli(*line, "--json")

    found = {each["setting"]: each for each in outcome.objects}
    assert found["timeout"]["value"] == "5"
    assert found["timeout"]["origin"].endswith("socialmetrics.toml")
    assert found["token"]["value"] == "***"
    assert found["token"]["origin"] == "environment SOCIALMETRICS_SPROUT_TOKEN"
    assert found["base_url"]["value"] == "https://***@v.example"
    assert found["base_url"]["origin"] == "option"
    assert found["proxy"] == {
        "adapter": "sprout",
        "setting": "proxy",
        "value": None,
        "origin": "not set",
        "meaning": found["proxy"]["meaning"],
    }
    every = outcome.out + cli(*line).out
    assert "hush" not in every
    assert TOKEN not in every


def test_config_names_the_file_or_that_there_is_none(cli: Cli) -> None:
    without = cli("config").out
    Path("socialmetrics.toml").write_text("")
    with_file = cli("config").out

    assert "settings file: none: there is no socialmetrics.toml" in without
    assert f"settings file: {Path.cwd() / 'socialmetrics.toml'}" in with_file
