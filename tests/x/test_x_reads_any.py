"""Reads of any server: every post, metric and step has one figure or one reason."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.reading import Status
from socialmetrics.wire import Request
from socialmetrics_x.complaints import UNAVAILABLE
from socialmetrics_x.known import Known
from tests.sprout.driving import body_of
from tests.x.driving_x import (
    cells,
    hourly,
    of_posts,
    points,
    read,
    refusal,
    totals,
)

BY_AUTHOR = "Forbidden to access tweets for author id {}: {}"
OWNERS = ("7", "8", "9")
IDS = tuple(str(n) for n in range(101, 121))
NAMES = ("impressions", "engagements", "favorites")


@attrs.define
class Hostile:
    """A server that refuses by the rules, in the least helpful ways.

    `authors` are by post; `gone` posts are unavailable to everybody; tokens of `dead`
    owners are refused; nobody may see the metrics in `forbidden`.
    """

    authors: Mapping[str, str]
    gone: frozenset[str]
    dead: frozenset[str]
    forbidden: frozenset[str]
    chance: random.Random
    first: str = ""

    def __call__(self, request: Request) -> object:
        body = body_of(request)
        ids, names = list(body["tweet_ids"]), list(body["engagement_types"])
        assert 0 < len(ids) == len(set(ids)) <= 250
        self.chance.shuffle(ids)
        if request.credential in self.dead:
            return refusal("Invalid or expired token", status=401)
        rules = [self._metrics(names), self._foreign(ids, request), self._gone(ids)]
        self.chance.shuffle(rules)
        for refused in rules:
            if refused is not None:
                return refused
        return self._answer(ids, names)

    def _metrics(self, names: list[str]) -> object:
        bad = self.forbidden & set(names)
        text = f"Forbidden to access metrics: {', '.join(sorted(bad))}"
        return self._refused([text], 403) if bad else None

    def _foreign(self, ids: list[str], request: Request) -> object:
        who = request.credential
        bad = [each for each in ids if who is not None and self.authors[each] != who]
        if not bad:
            return None
        if self.chance.random() < 0.2:
            return self._refused(["Forbidden to access tweets"], 403)
        bad = bad[: self.chance.randint(1, len(bad))]
        if self.chance.random() < 0.5:
            return self._refused([f"FORBIDDEN to access Tweets: {','.join(bad)}"], 403)
        by_author: dict[str, list[str]] = {}
        for each in bad:
            by_author.setdefault(self.authors[each], []).append(each)
        texts = [BY_AUTHOR.format(a, ", ".join(some)) for a, some in by_author.items()]
        return self._refused(texts, 403)

    def _gone(self, ids: list[str]) -> object:
        bad = [each for each in ids if each in self.gone]
        if not bad or (len(bad) < len(ids) and self.chance.random() < 0.5):
            return None
        lists: list[dict[str, object]] = [
            {},
            {UNAVAILABLE: bad[:1]},
            {UNAVAILABLE: bad},
        ]
        text = f"{len(bad)} Tweet ID(s) are unavailable"
        return refusal(text, status=400, **self.chance.choice(lists))

    def _refused(self, texts: list[str], status: int) -> object:
        if self.chance.random() < 0.2:
            return {"errors": texts}
        return refusal(*texts, status=status)

    def _answer(self, ids: list[str], names: list[str]) -> object:
        gone = [each for each in ids if each in self.gone]
        more = {UNAVAILABLE: gone} if gone else {}
        there = {
            each: {name: f"{value(each, name)}" for name in [*names, "new"]}
            for each in ids
            if each not in self.gone
        }
        return {"figures": there, **more}


def value(native_id: str, name: str) -> int:
    return int(native_id) * 10 + len(name)


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from((*OWNERS, "99")), min_size=20, max_size=20),
    st.sets(st.sampled_from(IDS), max_size=6),
    st.sets(st.sampled_from(OWNERS), max_size=2),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_whatever_is_refused_every_cell_has_one_figure_or_reason(
    authors: list[str],
    gone: set[str],
    dead: set[str],
    forbidden: set[str],
    chance: random.Random,
    is_app: bool,
) -> None:
    by_post = dict(zip(IDS, authors, strict=True))
    server = Hostile(
        authors=by_post,
        gone=frozenset(gone),
        dead=frozenset(dead),
        forbidden=frozenset(forbidden),
        chance=chance,
    )
    owners = () if is_app else OWNERS

    found = read(totals(*IDS, names=NAMES, owners=owners), server, Known(OWNERS))

    told = {(i, name): (p.value, p.status) for (i, name, _), p in cells(found).items()}
    assert set(told) == {(i, name) for i in IDS for name in NAMES}
    for (native_id, name), (number, status) in told.items():
        author = by_post[native_id]
        is_seen = is_app or (author in OWNERS and author not in dead)
        if is_seen and native_id not in gone and name not in forbidden:
            assert (number, status) == (value(native_id, name), Status.OBSERVED)
        elif is_seen and native_id not in gone:
            assert (number, status) == (None, Status.NOT_PERMITTED)
        else:
            assert number is None
            assert status in {Status.NOT_PERMITTED, Status.UNAVAILABLE}
        assert status is not Status.UNAVAILABLE or native_id in gone


leaf_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.integers(-(10**30), 10**30).map(str),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["00", "01", "22", "23", "24"]), st.integers()),
)
trees = st.recursive(
    leaf_values,
    lambda inner: st.dictionaries(
        st.sampled_from(
            ["11", "12", "favorites", "impressions", "2026-03-09", "2026-03-10", "x"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(trees, st.sampled_from(["hour", "day", "total"]))
def test_whatever_an_answer_holds_every_cell_has_one_figure(
    tree: object, step: Any
) -> None:
    names = ("favorites", "impressions")
    if step == "total":
        part, count = totals("11", "12", names=names), 1
    else:
        part, count = (
            hourly("11", "12", names=names, step=step),
            {"hour": 4, "day": 2}[step],
        )

    found = read(part, lambda _: {"figures": tree})

    assert len(cells(found)) == 2 * 2 * count
    for point in points(found):
        assert (point.value is None) == (point.status is not Status.OBSERVED)


def test_every_half_of_a_refused_request_is_asked_for_at_most_twice() -> None:
    ids = tuple(str(n) for n in range(1000, 1250))
    whose = dict(zip(ids, cycle(("7", "8")), strict=False))
    server = Hostile(
        authors=whose,
        gone=frozenset(),
        dead=frozenset(),
        forbidden=frozenset(),
        chance=random.Random(1),  # noqa: S311 - no secret
    )

    part = totals(*ids, names=("impressions",), owners=("7", "8"))

    found = read(part, server)

    assert {status for _, status in of_posts(found).values()} == {"observed"}
    assert len(found.requests) < 2 * len(ids)
