"""The API in its own words: what it takes, who asks, and pieces put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from socialmetrics.errors import InvalidQuery, PermissionDenied, Rejected
from socialmetrics.window import Window
from socialmetrics.wire import Request
from socialmetrics_x.calls import Question, grouped, question
from socialmetrics_x.complaints import UNAVAILABLE
from socialmetrics_x.entries import names
from socialmetrics_x.grouped import FOREIGN, Grouped
from socialmetrics_x.known import Known
from tests.sprout.driving import Driven, body_of, drive, script
from tests.x.driving_x import FORBIDDEN, NOW, WINDOW, by_x, refusal

CELLS = {"g": ("tweet.id", "engagement.type")}
SUMS = {"g": ("engagement.type",)}


def put(
    endpoint: str = "totals",
    posts: Sequence[str] = ("11",),
    metrics: Sequence[str] = ("favorites",),
    **more: Any,
) -> Question:
    told: dict[str, Any] = {"owner": None, "owners": ("7",), "window": None}
    told |= {"groupings": CELLS, **more}
    return question(endpoint, posts, metrics, told.pop("groupings"), **told)


def ask(
    asked: Question, server: Any, known: Known | None = None
) -> tuple[Grouped, Driven[object]]:
    found = Driven[object]()
    drive(grouped(asked, known or Known(["7"])), by_x(server), into=found)
    result: Grouped = found.result
    return result, found


def ones(request: Request) -> object:
    body = body_of(request)
    names = dict.fromkeys(body["engagement_types"], "1")
    return {"g": dict.fromkeys(body["tweet_ids"], names)}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"endpoint": "28hrs"}, "'28hrs' is none of totals, 28hr, historical"),
        ({"posts": "11"}, "posts and metrics are lists"),
        ({"metrics": "favorites"}, "posts and metrics are lists"),
        ({"window": WINDOW}, "totals has no window"),
        ({"endpoint": "28hr", "window": WINDOW}, "28hr has no window"),
        ({"endpoint": "historical"}, "historical needs a window"),
        (
            {
                "endpoint": "historical",
                "window": Window.days("2014-01-01", "2014-08-31"),
            },
            "historical needs a window after 2014-09-01",
        ),
        ({"metrics": ["url_clicks"]}, "totals has no metric 'url_clicks'"),
        ({"metrics": ["likes"]}, "totals has no metric 'likes'"),
        ({"metrics": []}, "metrics is empty"),
        ({"posts": ["x"]}, "'x' is no post of X"),
        ({"groupings": {"g": ("engagement.day",)}}, "totals has no engagement.day"),
    ],
)
def test_what_the_api_does_not_take_is_refused_with_the_rule(
    more: Any, words: str
) -> None:
    with pytest.raises(InvalidQuery, match=words):
        put(**more)


def test_a_question_is_cleaned() -> None:
    link = "https://x.com/acme/status/12"

    asked = put(posts=["12", link, "11"], metrics=["replies", "favorites", "replies"])

    assert asked.ids == ("12", "11")
    assert asked.names == ("replies", "favorites")


@pytest.mark.parametrize(
    ("endpoint", "metrics", "owners", "who"),
    [
        ("totals", ["favorites"], ["7", "8"], None),
        ("totals", ["favorites", "impressions"], ["7"], "7"),
        ("28hr", ["favorites"], ["7"], "7"),
        ("historical", ["favorites"], ["7"], "7"),
    ],
)
def test_the_only_owner_need_not_be_named(
    endpoint: str, metrics: list[str], owners: list[str], who: str | None
) -> None:
    window = WINDOW if endpoint == "historical" else None

    asked = put(endpoint, metrics=metrics, owners=owners, window=window)

    assert asked.owner == who


@pytest.mark.parametrize(
    ("owners", "words"),
    [(["7", "8"], "owner= one of 7, 8"), ([], r"connect with owners=\[")],
)
def test_one_of_several_must_be_named(owners: list[str], words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        put("28hr", owners=owners)


def test_an_owner_without_a_credential_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="owner='9' is none of 7"):
        put(owner="9")


def test_an_old_name_is_understood_and_never_sent() -> None:
    asked = put("28hr", metrics=["media_clicks", "media_engagements"])

    assert asked.names == ("media_engagements",)


def test_an_answer_that_was_too_fast_is_waited_for() -> None:
    answers = iter([{"errors": ["Rate limit exceeded"]}])

    def server(request: Request) -> object:
        return next(answers, ones(request))

    result, found = ask(put(), server)

    assert [request.delay for request in found.requests] == [0.0, 20.0]
    assert [row.value for row in result.rows["g"]] == [1]


def test_a_refusal_in_a_good_answer_is_a_refusal() -> None:
    answers = iter([{"errors": [f"{FORBIDDEN}12"]}])

    def server(request: Request) -> object:
        return next(answers, ones(request))

    result, _ = ask(put(posts=["11", "12"]), server)

    assert result.listed[FOREIGN] == ("12",)
    assert [row.post for row in result.rows["g"]] == ["11"]


def test_many_posts_are_asked_for_in_pieces_and_added() -> None:
    asked = put(posts=[str(n) for n in range(1, 502)], groupings=SUMS)

    def server(request: Request) -> object:
        return {"g": {"favorites": len(body_of(request)["tweet_ids"])}}

    result, found = ask(asked, server)

    assert [len(body["tweet_ids"]) for body in found.bodies] == [250, 250, 1]
    assert [row.value for row in result.rows["g"]] == [501]


def test_a_long_window_is_asked_for_in_pieces() -> None:
    window = Window.days("2026-01-01", "2026-02-09")
    asked = put("historical", window=window, owner="7")

    result, found = ask(asked, ones)

    spans = [(body["start"][:10], body["end"][:10]) for body in found.bodies]
    assert spans == [("2026-01-01", "2026-01-29"), ("2026-01-29", "2026-02-10")]
    assert {request.credential for request in found.requests} == {"7"}
    assert [row.value for row in result.rows["g"]] == [2]


def test_the_future_is_the_vendors_to_refuse() -> None:
    window = Window(WINDOW.start, WINDOW.end + timedelta(days=20))

    _, found = ask(put("historical", window=window, owner="7"), ones)

    assert found.bodies[-1]["end"] == f"{window.end:%Y-%m-%dT%H:%M:%SZ}"
    assert window.end > NOW


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (refusal(f"{FORBIDDEN}12, 99"), FOREIGN),
        (
            refusal("1 ... are unavailable", status=400, **{UNAVAILABLE: ["12"]}),
            UNAVAILABLE,
        ),
    ],
)
def test_posts_that_it_must_not_hold_are_left_out(error: Any, reason: str) -> None:
    refused = iter([error])

    def server(request: Request) -> object:
        return next(refused, ones(request))

    result, found = ask(put(posts=["11", "12"]), server)

    assert [body["tweet_ids"] for body in found.bodies] == [["11", "12"], ["11"]]
    assert [row.post for row in result.rows["g"]] == ["11"]
    assert result.listed[reason] == ("12",)


def test_nothing_is_asked_where_no_post_is_left() -> None:
    result, found = ask(put(), script(refusal(f"{FORBIDDEN}11")))

    assert len(found.requests) == 1
    assert result.listed == {FOREIGN: ("11",)}


@pytest.mark.parametrize(
    "error",
    [
        refusal("Your application id is not authorized."),
        refusal("One or more of the groupBys", status=400),
        refusal(f"{FORBIDDEN}99"),
        Rejected("a gateway's", vendor="x", status=400),
    ],
)
def test_any_other_refusal_is_raised(error: Any) -> None:
    with pytest.raises((PermissionDenied, Rejected)) as caught:
        ask(put(), script(error))

    assert caught.value is error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (refusal("Forbidden to access tweets"), FOREIGN),
        (refusal("1 Tweet ID(s) are unavailable", status=400), UNAVAILABLE),
    ],
)
def test_a_refusal_that_names_no_post_is_halved(error: Any, reason: str) -> None:
    def server(request: Request) -> object:
        return error if "13" in body_of(request)["tweet_ids"] else ones(request)

    result, found = ask(put(posts=["11", "12", "13"]), server)

    assert result.listed == {reason: ("13",)}
    assert [row.post for row in result.rows["g"]] == ["11", "12"]
    assert len(found.requests) == 5


def test_what_was_learnt_is_used_in_the_next_piece() -> None:
    window = Window.days("2026-01-01", "2026-02-09")
    asked = put("historical", posts=["11", "12"], window=window, owner="7")
    known = Known(["7", "8"])
    refused = iter([refusal(f"{FORBIDDEN}12")])

    def server(request: Request) -> object:
        return next(refused, ones(request))

    result, found = ask(asked, server, known)

    assert [body["tweet_ids"] for body in found.bodies] == [
        ["11", "12"],
        ["11"],
        ["11"],
    ]
    assert result.listed == {FOREIGN: ("12",)}
    assert known.asked_by_month


def test_posts_that_all_belong_to_others_are_not_asked_for() -> None:
    known = Known(["7", "8"])
    known.owns("8", ["11"])

    result, found = ask(put("28hr", owner="7"), ones, known)

    assert found.requests == []
    assert result.listed == {FOREIGN: ("11",)}


def test_a_post_that_no_answer_tells_of_is_listed() -> None:
    def server(request: Request) -> object:
        return {"g": {"11": {"favorites": "1"}}}

    result, _ = ask(put(posts=["11", "12"]), server)

    assert result.listed == {"not_collected": ("12",)}


def test_sums_over_posts_do_not_tell_of_posts() -> None:
    answer = {"g": {"favorites": "3"}}

    result, _ = ask(put(posts=["11", "12"], groupings=SUMS), script(answer))

    assert result.listed == {}


def test_answers_that_would_be_too_large_are_asked_for_in_smaller_ones() -> None:
    window = Window.days("2026-01-01", "2026-01-28")
    metrics = names("historical")
    large = {
        "g": ("tweet.id", "engagement.type", "engagement.day", "engagement.hour"),
        "h": ("engagement.type", "tweet.id", "engagement.hour"),
    }
    asked = put(
        "historical",
        posts=[str(n) for n in range(1, 26)],
        metrics=metrics,
        groupings=large,
        window=window,
    )

    empty: dict[str, object] = {"g": {}, "h": {}}

    _, found = ask(asked, script(empty, empty))

    assert [len(body["tweet_ids"]) for body in found.bodies] == [19, 6]


def test_zeros_of_a_time_that_was_not_recorded_are_told() -> None:
    window = Window.days("2015-09-01", "2015-09-20")
    told = put("historical", metrics=["favorites", "url_clicks"], window=window)

    result, _ = ask(told, ones)

    assert [issue.path for issue in result.issues if "recorded" in issue.problem] == [
        "favorites"
    ]
