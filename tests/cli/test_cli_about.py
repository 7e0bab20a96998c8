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
    assert {each["name"] for each in outcome.objects} >= {"broken", "sprout", "toy"}
    table = cli("adapters").out
    assert "broken, version 2.5\nthe adapter 'broken' cannot be loaded" in table
    assert "toy: Toy [31mred, version 2.5\nit takes no credentials" in table


def test_named_adapter_is_listed_with_every_setting_and_what_it_means(cli: Cli) -> None:
    outcome = cli("adapters", "sprout", "--json")

    found = {each["setting"]: each for each in outcome.objects}
    assert found["timeout"]["environment"] == "SOCIALMETRICS_SPROUT_TIMEOUT"
    assert [each for each in outcome.objects if not each["meaning"]] == []
    assert cli("adapters", "nobody").code == 2


@pytest.mark.parametrize("columns", ["80", "100", "120"])
def test_names_of_settings_are_whole_at_any_width(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    outcome = cli("adapters", "sprout")

    assert "SOCIALMETRICS_SPROUT_CLIENT_SECRET" in outcome.out
    assert "…" not in outcome.out + cli("config").out
    assert max(map(len, outcome.out.splitlines())) <= int(columns)


def test_what_is_the_same_in_every_row_is_told_once(cli: Cli) -> None:
    outcome = cli("capabilities", "sprout", "--network", "x")

    assert "in every row here: supported: yes" in outcome.out
    assert "alternatives" not in outcome.out
    assert "What sprout counts: x, by post" in outcome.out


def test_listening_is_of_every_network_and_no_network_is_called_so(cli: Cli) -> None:
    every = cli("capabilities", "sprout", "--metrics").out
    refused = cli("capabilities", "sprout", "--network", "*")

    assert "What sprout counts: every network, by topic" in every
    assert refused.code == 2
    assert "there are: bluesky, facebook" in refused.err


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
    assert found["auth_url"]["origin"] == "default"
    every = outcome.out + cli(*line).out
    assert "hush" not in every
    assert TOKEN not in every


def test_config_shows_what_holds_where_nothing_is_set(cli: Cli) -> None:
    outcome = cli("config", "sprout", "--json")

    default = {
        each["setting"]: each["value"]
        for each in outcome.objects
        if each["origin"] == "default"
    }
    assert default == {
        "base_url": "https://api.sproutsocial.com",
        "auth_url": "https://identity.sproutsocial.com",
        "timeout": "60",
        "concurrency": "4",
        "budget": "60/60,250000/month",
        "strict": "false",
    }
    table = cli("config", "sprout").out
    assert "seconds for one whole answer" in table
    assert "not set" in table


@pytest.mark.usefixtures("toys")
def test_defaults_of_an_adapter_that_has_few_follow_what_is_given(cli: Cli) -> None:
    line = ("config", "toy", "--json")

    bare = {each["setting"]: each for each in cli(*line).objects}
    given = cli(*line, "--set", "base_url=https://me:hush@v.example").objects

    assert bare["base_url"]["origin"] == bare["budget"]["origin"] == "not set"
    login = next(each for each in given if each["setting"] == "auth_url")
    assert (login["value"], login["origin"]) == ("https://***@v.example", "default")


def test_config_names_the_file_or_that_there_is_none(cli: Cli) -> None:
    without = cli("config").out
    Path("socialmetrics.toml").write_text("")
    with_file = cli("config").out

    assert "settings file: none: there is no socialmetrics.toml" in without
    assert f"settings file: {Path.cwd() / 'socialmetrics.toml'}" in with_file
