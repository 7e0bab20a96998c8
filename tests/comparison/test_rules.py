from __future__ import annotations

import re
from datetime import date
from importlib.metadata import EntryPoint
from importlib.resources import files

import pytest

from socialmetrics import installed
from socialmetrics.comparison.result import AXES, Grounds
from socialmetrics.comparison.rule import ANY, Pattern
from socialmetrics.comparison.rulefile import ATTRIBUTES, read
from socialmetrics.comparison.rules import FILE, faults, orders, rule, rules
from tests.comparison.rulings import ORDER, RULE, lifetime, reading, written

ORDERED = RULE + 'answer = "ordered"\n'
OWN = 'left = { vendor = "toy" }\n'


def test_a_rule_needs_no_more_than_what_it_says() -> None:
    (found,) = read(RULE, "toy.toml").rules

    assert (found.id, found.axis, found.answer) == ("some-rule", "scope", None)
    assert (found.metrics, found.left, found.right) == (frozenset(), ANY, ANY)
    assert (found.lesser, found.unless_net, found.when) == (None, False, frozenset())
    assert found.grounds == Grounds(
        id="some-rule", text="Some text.", source="a page", valid_from=None
    )


def test_an_order_needs_no_more_than_two_sides() -> None:
    (found,) = read(ORDER, "toy.toml").orders

    assert (found.id, found.severity, found.vendor) == ("some-order", "fault", "")
    assert (found.unless_net, found.over_time, found.is_part) == (False, False, False)
    assert found.grounds.source == "a page"


def test_what_an_adapter_brings_carries_its_name() -> None:
    told = read(RULE + OWN + ORDER.replace("{ ", '{ vendor = "toy", '), "", "toy")

    assert [each.id for each in told.rules] == ["toy.some-rule"]
    assert [(each.id, each.vendor) for each in told.orders] == [
        ("toy.some-order", "toy")
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[[rule", "toy.toml: "),
        ("rule = 1", "Expected `array`"),
        ("[[law]]", "unknown field `law`"),
        (RULE + "[[rule]]\naxis = 1", "rule 2: "),
        (RULE + 'colour = "red"', "some-rule: Object contains unknown field `colour`"),
        (RULE.replace("scope", "hue"), "some-rule: Invalid enum value 'hue'"),
        (RULE + 'answer = "perhaps"', "some-rule: Invalid enum value 'perhaps'"),
        (RULE + 'metrics = ["hearts"]', "some-rule: metrics names the unknown hearts"),
        (RULE + 'left = { colour = "red" }', "some-rule: readings have no 'colour'"),
        (RULE + 'left = { scope = "free" }', "scope is never 'free'"),
        (RULE + "left = { name = true }", "name is never True"),
        (RULE + 'left = { net = "yes" }', "net is never 'yes'"),
        (RULE + "right = { level = [] }", "level lists no value"),
        (RULE + 'left = { zone = "Mars/Base" }', "tz='Mars/Base' is not an IANA zone"),
        (RULE.replace("some-rule", "Some.Rule"), "Some.Rule: the id 'Some.Rule' is"),
        (RULE.replace("text.", "text"), "needs a text of whole sentences"),
        (RULE.replace("a page", ""), "and a source"),
        (RULE + RULE, "more than one row has the id some-rule"),
        (
            RULE + "valid_from = 2026-01-02\nvalid_to = 2026-01-01",
            "some-rule: valid_to=2026-01-01 lies before valid_from=2026-01-02",
        ),
        (ORDERED + 'left = { scope = "paid" }', "lesser goes with the answer"),
        (RULE + 'lesser = "left"', "lesser goes with the answer"),
        (RULE + "unless_net = true", "unless_net goes with the answer"),
        (ORDERED + 'lesser = "left"', "patterns that tell its two sides apart"),
        (RULE + 'when = ["agree"]', "a note holds in every state"),
        (
            RULE.replace("scope", "freshness") + 'answer = "same"',
            "freshness is judged from the figures",
        ),
        (
            RULE + 'breaks_on = 2026-01-01\nright = { scope = "paid" }',
            "breaks_on goes with left alone",
        ),
        (
            RULE + "breaks_on = 2026-01-01\nvalid_to = 2026-01-01",
            "breaks_on goes with left alone",
        ),
        (
            ORDERED + 'lesser = "left"\nleft = { net = true }\nbreaks_on = 2026-01-01',
            "a break orders nothing",
        ),
        (ORDER.replace("fault", "sin"), "some-order: Invalid enum value 'sin'"),
        (ORDER.replace("reactions", "likes"), "tell its two sides apart"),
        (ORDER + "over_time = true", "an order over time has no greater"),
        (ORDER + ORDER, "more than one row has the id some-order"),
    ],
)
def test_a_fault_names_file_and_row(content: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^toy\.toml: ") as caught:
        read(content, "toy.toml")

    assert fault in str(caught.value)


@pytest.mark.parametrize("content", [RULE, ORDER, RULE + 'left = { vendor = "x" }'])
def test_an_adapter_has_no_say_in_the_figures_of_others(content: str) -> None:
    with pytest.raises(ValueError, match="one side must have vendor = 'toy'"):
        read(content, "toy.toml", "toy")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("{}", True),
        ('{ vendor = "toy" }', True),
        ('{ vendor = "another" }', False),
        ('{ level = ["post", "profile"] }', True),
        ('{ level = ["post"], vendor = "toy" }', False),
        ('{ level = "*" }', True),
        ('{ zone = "" }', False),
        ('{ zone = ["", "UTC"] }', True),
        ("{ net = false }", True),
        ("{ net = true }", False),
        ('{ metric = "likes", name = "toy_likes", counting = "total" }', True),
    ],
)
def test_a_pattern_fits_readings(pattern: str, *, fits: bool) -> None:
    (rule,) = written(f"left = {pattern}").rules

    assert rule.left.fits(reading()) is fits


def test_an_undocumented_zone_is_empty() -> None:
    (rule,) = written('left = { zone = "" }').rules

    assert rule.left.fits(reading(zone=None))


def test_patterns_know_the_attributes_of_readings() -> None:
    for name in ATTRIBUTES:
        assert Pattern(((name, frozenset({"no such value"})),)).fits(reading()) is False


@pytest.mark.parametrize(
    ("lines", "days", "is_in_force"),
    [
        ([], (date(1, 1, 1), date(1, 1, 1)), True),
        (["valid_from = 2026-03-08"], (date(2026, 3, 1), date(2026, 3, 8)), True),
        (["valid_from = 2026-03-09"], (date(2026, 3, 1), date(2026, 3, 8)), False),
        (["valid_to = 2026-03-01"], (date(2026, 3, 1), date(2026, 3, 8)), True),
        (["valid_to = 2026-02-28"], (date(2026, 3, 1), date(2026, 3, 8)), False),
        (["breaks_on = 2026-03-01"], (date(2026, 3, 1), date(2026, 3, 8)), False),
        (["breaks_on = 2026-03-02"], (date(2026, 3, 1), date(2026, 3, 8)), True),
        (["breaks_on = 2026-03-08"], (date(2026, 3, 1), date(2026, 3, 8)), True),
        (["breaks_on = 2026-03-09"], (date(2026, 3, 1), date(2026, 3, 8)), False),
    ],
)
def test_a_rule_holds_in_windows_that_meet_its_days(
    lines: list[str], days: tuple[date, date], *, is_in_force: bool
) -> None:
    (rule,) = written(*lines).rules

    assert rule.is_in_force(days) is is_in_force


def test_the_grounds_of_a_break_begin_on_its_day() -> None:
    (rule,) = written("breaks_on = 2026-03-08").rules

    assert rule.grounds.valid_from == date(2026, 3, 8)


def test_every_installed_adapter_is_heard() -> None:
    brought = {each.vendor for each in rules()}

    assert faults() == ()
    assert brought == {"", "hootsuite", "sprout", "x"}
    assert "x" in {each.vendor for each in orders()}


def test_they_are_read_once() -> None:
    assert rules()[-1] is rules()[-1]
    assert orders()[-1] is orders()[-1]


def test_a_rule_of_the_core_is_found_by_its_id() -> None:
    assert rule("scope-organic-in-total").answer == "ordered"
    with pytest.raises(ValueError, match=r"rules\.toml: no rule has the id 'nothing'"):
        rule("nothing")


def with_adapters(monkeypatch: pytest.MonkeyPatch, **classes: str) -> None:
    points = {
        name: EntryPoint(name, value, installed.GROUP)
        for name, value in classes.items()
    }

    def only(name: str | None = None) -> dict[str, EntryPoint]:
        return points

    monkeypatch.setattr(installed, "installed", only)


def test_an_adapter_whose_rules_cannot_be_read_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = "tests.comparison.rulings"
    with_adapters(
        monkeypatch,
        absent="nowhere_at_all:Absent",
        failing=f"{at}:Failing",
        faulty=f"{at}:Faulty",
        silent=f"{at}:Silent",
        telling=f"{at}:Telling",
    )

    brought = [each.id for each in rules() if each.vendor]

    assert brought == ["telling.some-rule"]
    assert orders()[-1].id == "telling.some-order"
    absent, failing, faulty = faults()
    assert absent.startswith("the rules of the adapter 'absent' are left out: ")
    assert failing.endswith("no file")
    assert "caveats: some-rule: Invalid enum value 'colour'" in faulty


def test_without_adapters_there_are_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    with_adapters(monkeypatch)

    assert {each.vendor for each in rules()} == {""}
    assert faults() == ()


def test_the_cores_rules_name_no_tool() -> None:
    content = files("socialmetrics.comparison").joinpath(FILE).read_text("utf-8")
    tools = "spr[o]ut|hoots[u]ite|buffer|fivetran|domo|ayrshare|brandwatch|metricool"
    tools += "|socialinsider|ow\\.ly|bit\\.ly|airbyte|tweetdeck"

    assert re.findall(tools, content, re.IGNORECASE) == []


def test_every_axis_has_rules() -> None:
    assert {each.axis for each in rules() if each.vendor == ""} == set(AXES)


def test_totals_since_publication_are_no_period() -> None:
    (found,) = written('left = { temporality = "lifetime" }').rules

    assert found.left.fits(lifetime())
    assert not found.left.fits(reading())
