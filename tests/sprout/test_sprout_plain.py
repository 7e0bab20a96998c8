"""Answers with nothing odd in them are read in one go, the others figure by figure."""

from __future__ import annotations

import pickle

import attrs
import msgspec
import pytest

from socialmetrics.model import Post
from socialmetrics_sprout.payloads import EXACT, ListPayload
from socialmetrics_sprout.plain import days_payload, posts_payload
from socialmetrics_sprout.reads import posts
from tests.sprout.driving import asked, content, drive, row, script
from tests.sprout.shelves import PART

NAMES = ("lifetime.likes", "lifetime.impressions")
DAY = {"reporting_period.by(day)": "2026-03-02", "customer_profile_id": 1}


def one_post(**metrics: object) -> Post:
    spelled = {f"lifetime.{name}": value for name, value in metrics.items()}
    part = attrs.evolve(PART, asked=(asked("x", *NAMES),))
    server = script(content(row("t:1", metrics=spelled), pages=1))
    return drive(posts(part), server).items[0]


def decodes(kind: type[ListPayload], text: str) -> bool:
    try:
        msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        return False
    return True


FIGURES = [
    ("3", True), ("-3", True), ("2.5", True), (str(EXACT - 1), True),
    (str(EXACT + 1), False), ("1e300", False), ("1e999", False),
    ('"3"', False), ("true", False), ("[3]", False), ('{"US":3}', False),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "is_plain"), FIGURES)
def test_only_exact_numbers_are_plain_figures_of_posts(
    figure: str, is_plain: bool
) -> None:
    start = '{"guid":"t:1","created_time":"2026-03-02T00:00:00Z","metrics":'
    body = f'{{"data":[{start}{{"lifetime.likes":{figure}}}}}]}}'

    assert decodes(posts_payload(NAMES), body) is is_plain


@pytest.mark.parametrize(("figure", "is_plain"), [*FIGURES, ("null", False)])
def test_only_exact_numbers_are_plain_figures_of_days(
    figure: str, is_plain: bool
) -> None:
    dimensions = msgspec.json.encode(DAY).decode()
    body = f'{{"data":[{{"dimensions":{dimensions},"metrics":{{"likes":{figure}}}}}]}}'

    assert decodes(days_payload(("likes",), plain=True), body) is is_plain
    assert decodes(days_payload(("likes",)), body) is (figure != "1e999")


def test_a_post_is_the_same_on_both_roads() -> None:
    plain = one_post(likes=3, impressions=None)
    odd = one_post(likes="3", impressions=None)

    assert type(plain.metrics) is type(odd.metrics)
    assert plain == odd


def test_a_post_survives_a_pickle_with_its_figures() -> None:
    plain = one_post(likes=3)

    again = pickle.loads(pickle.dumps(plain))  # noqa: S301 - made a line before

    assert again == plain
    assert again.raw == plain.raw
    assert {name: point.value for name, point in again.metrics.items()} == {
        name: point.value for name, point in plain.metrics.items()
    }
