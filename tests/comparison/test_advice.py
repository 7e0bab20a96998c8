from __future__ import annotations

from datetime import date

import attrs
import pytest

from socialmetrics.comparison.advice import advice
from socialmetrics.comparison.coverage import coverage
from socialmetrics.comparison.questions import questions, read
from socialmetrics.comparison.result import Advice
from socialmetrics.model import Point, Ref, Source
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Columns
from socialmetrics.window import Window
from tests.series.figures import (
    DAY,
    FETCHED,
    FOLLOWERS,
    HOUR,
    IMPRESSIONS,
    MONDAY,
    SOURCE,
    TOTAL_LIKES,
    gauge,
    lifetime,
    point,
    reading,
)

WEEK = Window.days(date(2026, 3, 2), date(2026, 3, 8))
LIKES = reading("likes")
LIKES_OF_POSTS = attrs.evolve(LIKES, level="post")
SHARES = reading("shares")
COUNTS = "It counts what happened in the window, whenever the post was published."
LEVEL = "It is the level at the moment at which it was read."


def _read(hours: float) -> Source:
    return attrs.evolve(SOURCE, fetched_at=FETCHED + hours * HOUR)


def _tool(name: str, *points: Point) -> tuple[str, Columns]:
    return name, MetricSeries.from_points(points).columns


def _advice(
    *tools: tuple[str, Columns], window: Window | None = WEEK
) -> dict[tuple[str, str], Advice]:
    sides = [(name, columns, window) for name, columns in tools]
    found = advice(sides, coverage(tools))
    return {(each.metric, each.question): each for each in found}


def _chosen(
    *tools: tuple[str, Columns], metric: str = "likes", question: str = "activity"
) -> tuple[str | None, str]:
    found = _advice(*tools)[metric, question]
    return found.name, found.reason


def test_every_metric_is_asked_what_makes_sense_of_it() -> None:
    tool = _tool(
        "Alpha", point(1, reading=LIKES), gauge(1, MONDAY), point(1, reading=_OWN)
    )

    found = _advice(tool)

    assert list(found) == [
        ("likes", "activity"),
        ("likes", "posts"),
        ("followers", "audience"),
    ]
    assert found["followers", "audience"].title == "How big is the audience now?"


_OWN = reading("toolbox_score")


def test_each_question_is_answered_by_figures_of_its_kind() -> None:
    days = _tool("Alpha", point(1, reading=LIKES))
    totals = _tool("Beta", lifetime(1, MONDAY))

    found = _advice(days, totals)

    assert found["likes", "activity"].name == "Alpha"
    assert found["likes", "activity"].reason == (
        f"{COUNTS} Beta has only lifetime totals of posts: they count what happened "
        "later too, and nothing of older posts."
    )
    assert found["likes", "posts"].name == "Beta"
    assert found["likes", "posts"].reason == (
        "It counts everything since publication, of the posts that were published in "
        "the window. Alpha has only what happened in the window: older posts are in "
        "it, and what happened later is not."
    )


def test_where_no_tool_can_answer_the_reason_says_why() -> None:
    totals = _tool("Alpha", lifetime(1, MONDAY))
    hidden = _tool("Beta", point(None, reading=LIKES, status=Status.TOO_OLD))
    nothing = _tool("Gamma", gauge(1, MONDAY))

    name, reason = _chosen(totals, hidden, nothing)

    assert name is None
    assert reason == (
        "Alpha has only lifetime totals of posts: they count what happened later too, "
        "and nothing of older posts. Beta has no value of it (too_old). Gamma has no "
        "figure of it."
    )


def test_figures_of_another_level_or_date_do_not_answer() -> None:
    of_messages = attrs.evolve(TOTAL_LIKES, level="message")
    by_post = attrs.evolve(LIKES, date_axis="publish")
    by_day = _tool("Alpha", lifetime(1, MONDAY, reading=of_messages))

    assert _chosen(by_day, question="posts") == (
        None,
        "Alpha has no such figure of a post.",
    )
    assert _chosen(_tool("Alpha", point(1, reading=by_post))) == (
        None,
        "Alpha has no such figure of a profile or topic or post or message.",
    )


def test_posts_of_another_time_do_not_answer() -> None:
    before = _tool("Alpha", lifetime(1, MONDAY - DAY))
    inside = _tool("Beta", lifetime(1, MONDAY - DAY), lifetime(1, MONDAY))

    name, reason = _chosen(before, inside, question="posts")

    assert name == "Beta"
    assert reason.endswith("Alpha has only posts that were published before or after.")
    assert _advice(before, window=None)["likes", "posts"].name == "Alpha"


def _post(number: int) -> Ref:
    return Ref("x", str(number))


@pytest.mark.parametrize(
    ("worse", "better", "reason"),
    [
        (
            [point(1, reading=LIKES_OF_POSTS)],
            [point(1, reading=LIKES)],
            "Alpha has it of single posts: their sum lacks others.",
        ),
        (
            [point(1, reading=attrs.evolve(LIKES, zone=None))],
            [point(1, reading=LIKES)],
            "Nobody states the zone of Alpha's days.",
        ),
        (
            [point(1, reading=attrs.evolve(LIKES, composition="opaque"))],
            [point(1, reading=attrs.evolve(LIKES, composition="hearts"))],
            "Nobody states what Alpha adds up.",
        ),
        (
            [point(1, reading=attrs.evolve(LIKES, scope="unknown"))],
            [point(1, reading=LIKES)],
            "Nobody states whether Alpha counts paid distribution.",
        ),
        (
            [point(1, reading=LIKES, subject=_post(0))],
            [point(1, reading=LIKES, subject=_post(n)) for n in (0, 1)],
            "Alpha has figures of 50% of the profiles only.",
        ),
        (
            [
                point(1, MONDAY, reading=LIKES),
                point(1, MONDAY + DAY, reading=LIKES, settled=Settled.NO),
            ],
            [point(1, MONDAY + n * DAY, reading=LIKES) for n in range(3)],
            "Alpha has no settled figure after 2026-03-03 00:00 UTC.",
        ),
        (
            [point(1, reading=LIKES, settled=Settled.NO)],
            [point(1, reading=LIKES)],
            "All that Alpha has may still change.",
        ),
        (
            [point(1, reading=LIKES)],
            [point(1, reading=LIKES, source=_read(2))],
            "What Alpha has is only of 2026-03-11 06:00 UTC.",
        ),
    ],
)
def test_the_better_tool_is_named_and_what_the_other_lacks(
    worse: list[Point], better: list[Point], reason: str
) -> None:
    tools = _tool("Alpha", *worse), _tool("Beta", *better)

    assert _chosen(*tools) == ("Beta", f"{COUNTS} {reason}")
    assert _chosen(*reversed(tools)) == ("Beta", f"{COUNTS} {reason}")


@pytest.mark.parametrize(
    "almost",
    [
        [point(1, reading=LIKES, source=_read(0.5))],
        [point(1, reading=attrs.evolve(LIKES, composition="likes"))],
    ],
)
def test_of_equals_the_first_is_named_and_the_others_told(almost: list[Point]) -> None:
    tools = _tool("Alpha", point(1, reading=LIKES)), _tool("Beta", *almost)

    assert _chosen(*tools) == ("Alpha", f"{COUNTS} Beta does as well.")


def test_what_a_tool_says_of_other_networks_is_no_flaw() -> None:
    elsewhere = attrs.evolve(LIKES, network="threads", scope="unknown")
    one = _tool("Alpha", point(1, reading=LIKES))
    more = _tool("Beta", point(1, reading=LIKES), point(1, reading=elsewhere))
    only = _tool("Gamma", point(1, reading=elsewhere))

    assert _chosen(more, one) == ("Beta", f"{COUNTS} Alpha does as well.")
    assert _chosen(only, one)[0] == "Alpha"


def test_what_weighs_more_decides() -> None:
    fresh_posts = _tool("Alpha", point(1, reading=LIKES_OF_POSTS, source=_read(9)))
    old_profile = _tool("Beta", point(1, reading=attrs.evolve(LIKES, zone=None)))

    assert _chosen(fresh_posts, old_profile)[0] == "Beta"


def test_a_tool_is_taken_at_its_best_level() -> None:
    both = _tool("Alpha", point(1, reading=LIKES_OF_POSTS), point(1, reading=LIKES))
    one = _tool("Beta", point(1, reading=LIKES))

    assert _chosen(both, one) == ("Alpha", f"{COUNTS} Beta does as well.")


def test_a_composite_that_nobody_documents_is_second() -> None:
    silent = _tool("Alpha", point(1, reading=SHARES))
    told = _tool("Beta", point(1, reading=attrs.evolve(SHARES, composition="reposts")))

    assert _chosen(silent, told, metric="shares")[0] == "Beta"


def test_the_audience_now_is_the_last_level_that_is_known() -> None:
    yesterday = _tool("Alpha", gauge(1, MONDAY, source=_read(9)))
    today = _tool("Beta", gauge(1, MONDAY + DAY))
    ahead = _tool(
        "Gamma", gauge(1, FETCHED + 9 * DAY, reading=attrs.evolve(FOLLOWERS, name="f"))
    )

    followers = _chosen(yesterday, today, metric="followers", question="audience")
    future = _chosen(today, ahead, metric="followers", question="audience")

    assert followers == (
        "Beta",
        f"{LEVEL} What Alpha has is only of 2026-03-02 00:00 UTC.",
    )
    assert future[0] == "Gamma"


def test_coverage_that_is_not_given_counts_as_none() -> None:
    name, columns = _tool("Alpha", point(1, reading=LIKES))

    (found, _) = advice([(name, columns, None)], [])

    assert found.name == "Alpha"


def test_without_figures_there_is_nothing_to_ask() -> None:
    assert advice([], []) == ()
    assert advice([("Alpha", MetricSeries.empty().columns, WEEK)], []) == ()


def test_readings_of_all_used_words_are_asked_for_and_no_other() -> None:
    unused = MetricSeries.from_points([point(1), point(1, reading=LIKES)])
    columns = unused.where("likes").columns

    assert {metric for metric, _ in _advice(("Alpha", columns))} == {"likes"}
    assert IMPRESSIONS in columns.readings


QUESTION = """
[[question]]
id = "own"
title = "What?"
temporality = "period"
date_axis = "activity"
levels = ["profile"]
prefer = ["zone"]
because = "So it is."
"""


def test_questions_are_read_as_they_are_written() -> None:
    (found,) = read(f'{QUESTION}metrics = ["likes"]\ninstead = {{ instant = "has" }}')

    assert found.suits("likes")
    assert not found.suits("comments")
    assert not found.suits("toolbox_score")
    assert found.is_answered_by(LIKES)
    assert not found.is_answered_by(attrs.evolve(LIKES, level="post"))
    assert found.objection([FOLLOWERS]) == "has"
    assert found.objection([TOTAL_LIKES]) == "has no such figure of a profile"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[[question]", "questions.toml: "),
        (QUESTION + "sort = 1", "sort"),
        (QUESTION.replace('"zone"', '"colour"'), "colour"),
        (QUESTION + QUESTION, "own: its id is not the only one"),
        (QUESTION.replace("?", ""), "own: needs a title that is a question"),
        (QUESTION.replace("is.", "is"), "because as a sentence"),
        (QUESTION.replace('["zone"]', "[]"), "needs levels, and what to prefer"),
        (QUESTION.replace('["profile"]', "[]"), "needs levels, and what to prefer"),
        (QUESTION.replace('"zone"', '"zone", "zone"'), "prefer names something twice"),
        (
            QUESTION.replace('"profile"', '"profile", "profile"'),
            "levels names something twice",
        ),
        (QUESTION + 'instead = { period = "x" }', "instead speaks of period figures"),
        (QUESTION + 'metrics = ["thumbs"]', "metrics names the unknown thumbs"),
    ],
)
def test_a_faulty_question_is_named(content: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^questions\.toml: ") as caught:
        read(content)

    assert fault in str(caught.value)


def test_the_questions_ask_of_readings_that_exist() -> None:
    assert [each.id for each in questions()] == ["activity", "posts", "audience"]
    for reading_ in (LIKES, TOTAL_LIKES, FOLLOWERS):
        assert sum(each.is_answered_by(reading_) for each in questions()) == 1
