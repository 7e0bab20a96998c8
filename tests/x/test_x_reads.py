"""Reads: every post and metric has one figure in the end, or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import attrs
import pytest

from socialmetrics.errors import (
    AuthRefused,
    Incomplete,
    PermissionDenied,
    RateLimited,
    Rejected,
    Unreadable,
)
from socialmetrics.reading import Settled, Status
from socialmetrics.wire import Page, Request, Response
from socialmetrics_x.complaints import TOO_OLD, TOO_OLD_FOR_VIDEO, UNAVAILABLE
from socialmetrics_x.known import Known
from socialmetrics_x.parts import PostsPart
from socialmetrics_x.reads import Reader
from tests.sprout.driving import body_of, script
from tests.x.driving_x import (
    FORBIDDEN,
    asked,
    cells,
    figures,
    of_posts,
    points,
    read,
    refusal,
    response,
    snowflake,
    statuses,
    totals,
)

BY_AUTHOR = "Forbidden to access tweets for author id {}: {}"
DENIED = (None, "not_permitted")
GONE = (None, "unavailable")
NOWHERE = (None, "not_collected")


def seen(value: float = 1) -> tuple[float | None, str]:
    return value, "observed"


def owned(*ids: str, owners: Sequence[str] = ("7", "8"), **more: Any) -> PostsPart:
    return totals(*ids, names=("impressions",), owners=tuple(owners), **more)


# -- posts of somebody else ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Forbidden to access tweets: 12, 14",
        "Forbidden to access tweets:14,12",
        "FORBIDDEN TO ACCESS TWEETS : 12 ,\n14, 99",
        "Forbidden to access tweets for author id 99: 12, 14",
        "forbidden to access tweets for author id 99: 14,12,",
    ],
)
def test_foreign_posts_are_taken_out_and_the_rest_is_asked_once(text: str) -> None:
    ids, refused = ("11", "12", "13", "14"), iter([refusal(text)])

    found = read(owned(*ids, owners=("7",)), lambda r: next(refused, figures(r)))

    assert asked(found) == [("7", ids), ("7", ("11", "13"))]
    assert of_posts(found) == {"11": seen(), "13": seen(), "12": DENIED, "14": DENIED}
    (issue,) = found.issues
    assert issue.path in {"totals 2 posts: 12, 14", "totals 2 posts: 14, 12"}
    assert issue.problem == "no owner of the given credentials may see them"


def test_several_authors_are_told_each_and_those_with_a_token_are_asked() -> None:
    known = Known(("7", "8"))
    refused = iter(
        [refusal(BY_AUTHOR.format("8", "12, 14"), BY_AUTHOR.format("99", "13"))]
    )

    found = read(
        owned("11", "12", "13", "14"), lambda r: next(refused, figures(r)), known
    )

    assert asked(found) == [
        ("7", ("11", "12", "13", "14")),
        ("7", ("11",)),
        ("8", ("12", "14")),
    ]
    assert of_posts(found) == {
        "11": seen(),
        "12": seen(),
        "13": DENIED,
        "14": seen(),
    }
    assert [known.owner(each) for each in ("11", "12", "13")] == ["7", "8", "99"]


def test_what_was_learnt_is_used_at_once_in_the_next_part() -> None:
    known = Known(("7", "8"))
    refused = iter([refusal(BY_AUTHOR.format("8", "12"))])
    read(owned("11", "12"), lambda r: next(refused, figures(r)), known)

    found = read(owned("12", "11", "13"), figures, known)

    assert asked(found) == [("7", ("11", "13")), ("8", ("12",))]


def test_a_plan_that_names_the_wrong_owner_is_corrected() -> None:
    known = Known(("7", "8"))
    known.owns("7", ["11"])

    found = read(
        owned("11", owners=("7",)),
        script(refusal(f"{FORBIDDEN}11"), {"figures": {"11": {"impressions": "3"}}}),
        known,
    )

    assert asked(found) == [("7", ("11",)), ("8", ("11",))]
    assert of_posts(found) == {"11": seen(3)}


def test_an_owner_that_this_client_lacks_is_not_asked_for() -> None:
    """Parts are read by other clients than the one that planned them."""
    found = read(owned("11", owners=("5",)), figures, Known(("7",)))

    assert asked(found) == [("7", ("11",))]


def test_who_is_refused_again_is_asked_for_in_halves() -> None:
    foreign = {"13", "16"}

    def server(request: Request) -> object:
        told = sorted(foreign & set(body_of(request)["tweet_ids"]))[:1]
        return refusal(f"{FORBIDDEN}{told[0]}") if told else figures(request)

    ids = tuple(str(n) for n in range(11, 19))

    found = read(owned(*ids, owners=("7",)), server)

    assert asked(found)[:4] == [
        ("7", ids),
        ("7", ("11", "12", "14", "15", "16", "17", "18")),
        ("7", ("11", "12", "14")),
        ("7", ("15", "16", "17", "18")),
    ]
    assert of_posts(found) == {
        each: DENIED if each in foreign else seen() for each in ids
    }


@pytest.mark.parametrize("told", ["", ": some of them", " (see the log)", ": 99"])
@pytest.mark.parametrize("owners", [("7",), ()])
def test_ids_that_cannot_be_read_are_found_by_halving(
    told: str, owners: tuple[str, ...]
) -> None:
    def server(request: Request) -> object:
        is_bad = "13" in body_of(request)["tweet_ids"]
        text = f"Forbidden to access tweets{told}"
        return refusal(text) if is_bad else figures(request)

    found = read(owned("11", "12", "13", "14", owners=owners), server)

    assert [len(ids) for _, ids in asked(found)] == [4, 2, 2, 1, 1]
    assert of_posts(found) == {
        "11": seen(),
        "12": seen(),
        "13": DENIED,
        "14": seen(),
    }


def test_an_app_that_may_not_see_a_post_asks_nobody_else_for_it() -> None:
    refused = iter([refusal(BY_AUTHOR.format("7", "12"))])

    found = read(totals("11", "12"), lambda r: next(refused, figures(r)), Known(("7",)))

    assert asked(found) == [(None, ("11", "12")), (None, ("11",))]
    assert of_posts(found) == {"11": seen(), "12": DENIED}


def test_foreign_posts_in_a_good_answer_are_asked_for_elsewhere() -> None:
    first = {
        "errors": [BY_AUTHOR.format("8", "12")],
        "figures": {"11": {"impressions": "1"}, "12": {"impressions": "0"}},
    }

    found = read(
        owned("11", "12"), script(first, {"figures": {"12": {"impressions": "2"}}})
    )

    assert asked(found) == [("7", ("11", "12")), ("8", ("12",))]
    assert of_posts(found) == {"11": seen(), "12": seen(2)}


def test_a_good_answer_with_nothing_but_a_refusal_is_a_refusal() -> None:
    told = {"errors": [f"{FORBIDDEN}12"]}

    found = read(
        totals("11", "12"), script(told, {"figures": {"11": {"favorites": 4}}})
    )

    assert of_posts(found) == {"11": seen(4), "12": DENIED}


def test_a_refusal_of_posts_that_were_not_asked_for_changes_nothing() -> None:
    told = {"errors": [f"{FORBIDDEN}99"], "figures": {"11": {"favorites": "4"}}}

    found = read(totals("11"), script(told))

    assert of_posts(found) == {"11": seen(4)}


def test_a_good_answer_that_refuses_every_post_has_no_figure() -> None:
    told = {"errors": [f"{FORBIDDEN}11"], "figures": {"11": {"favorites": "4"}}}

    found = read(totals("11"), script(told))

    assert of_posts(found) == {"11": DENIED}


# -- metrics that the app may not see --------------------------------------------------


def test_forbidden_metrics_are_taken_out() -> None:
    part = totals("11", names=("favorites", "retweets", "replies"))
    refused = iter([refusal("Forbidden to access metrics: retweets, video_views")])

    found = read(part, lambda r: next(refused, figures(r)))

    assert [body_of(r)["engagement_types"] for r in found.requests] == [
        ["favorites", "retweets", "replies"],
        ["favorites", "replies"],
    ]
    assert statuses(found) == {
        ("11", "favorites"): {Status.OBSERVED},
        ("11", "replies"): {Status.OBSERVED},
        ("11", "retweets"): {Status.NOT_PERMITTED},
    }
    assert found.issues[0].problem == (
        "Forbidden to access metrics: retweets, video_views"
    )


def test_nothing_is_asked_where_no_metric_is_left() -> None:
    found = read(
        totals("11"), script(refusal("Forbidden to access metrics: favorites"))
    )

    assert of_posts(found) == {"11": DENIED}


@pytest.mark.parametrize("is_good", [True, False])
def test_a_refusal_of_metrics_that_were_not_asked_for_is_raised(is_good: bool) -> None:
    text = "Forbidden to access metrics: impressions"
    answer = {"errors": [text]} if is_good else refusal(text)

    with pytest.raises(PermissionDenied, match="metrics: impressions"):
        read(totals("11"), script(answer))


def test_metrics_can_be_refused_in_a_good_answer() -> None:
    told = {"errors": ["Forbidden to access metrics: retweets"]}
    first = iter([told])

    found = read(
        totals("11", names=("favorites", "retweets")), lambda r: next(first, figures(r))
    )

    assert statuses(found) == {
        ("11", "favorites"): {Status.OBSERVED},
        ("11", "retweets"): {Status.NOT_PERMITTED},
    }


def test_metrics_can_be_forbidden_beside_figures() -> None:
    told = {
        "errors": ["Forbidden to access metrics: retweets"],
        "figures": {"11": {"favorites": "4", "retweets": "0"}},
    }

    found = read(totals("11", names=("favorites", "retweets")), script(told))

    assert statuses(found) == {
        ("11", "favorites"): {Status.OBSERVED},
        ("11", "retweets"): {Status.NOT_PERMITTED},
    }


# -- posts that are gone or too old ----------------------------------------------------


def test_posts_can_be_gone_in_a_good_answer() -> None:
    told = {
        "errors": ["1 Tweet ID(s) are unavailable"],
        UNAVAILABLE: ["12", 13],
        "figures": {"11": {"favorites": "4"}, "12": {"favorites": "0"}},
    }

    found = read(totals("11", "12", "13"), script(told))

    assert of_posts(found) == {"11": seen(4), "12": GONE, "13": GONE}
    assert found.issues == []


def test_posts_that_are_gone_leave_a_refused_request() -> None:
    gone = refusal("1 Tweet ID(s) are unavailable", status=400, **{UNAVAILABLE: ["12"]})
    refused = iter([gone])

    found = read(totals("11", "12"), lambda r: next(refused, figures(r)))

    assert asked(found) == [(None, ("11", "12")), (None, ("11",))]
    assert of_posts(found) == {"11": seen(), "12": GONE}


@pytest.mark.parametrize("lists", [{}, {UNAVAILABLE: []}, {UNAVAILABLE: ["99"]}])
def test_posts_that_are_gone_without_a_list_are_found_by_halving(
    lists: Mapping[str, object],
) -> None:
    def server(request: Request) -> object:
        if "13" not in body_of(request)["tweet_ids"]:
            return figures(request)
        return refusal("1 Tweet ID(s) are unavailable", status=400, **lists)

    found = read(totals("11", "12", "13"), server)

    assert of_posts(found) == {"11": seen(), "12": seen(), "13": GONE}


def test_words_that_name_no_post_are_told() -> None:
    told = {
        "errors": ["1 Tweet ID(s) are unavailable"],
        "figures": {"11": {"favorites": "4"}},
    }

    found = read(totals("11", "12"), script(told))

    assert of_posts(found) == {"11": seen(4), "12": NOWHERE}
    assert [i.problem for i in found.issues] == ["1 Tweet ID(s) are unavailable"]


def test_fake_zeros_of_posts_that_are_too_old_are_none() -> None:
    part = totals("11", "12", names=("impressions", "engagements", "video_views"))
    zeros = dict.fromkeys(part.names, "0")
    told = {
        "errors": ["Impressions & engagements for tweets older than 90 days are not"],
        TOO_OLD: ["11"],
        TOO_OLD_FOR_VIDEO: ["12"],
        "figures": {"11": zeros, "12": zeros},
    }

    found = read(part, script(told))

    old, new = {Status.TOO_OLD}, {Status.OBSERVED}
    assert statuses(found) == {
        ("11", "impressions"): old,
        ("11", "engagements"): old,
        ("11", "video_views"): new,
        ("12", "impressions"): new,
        ("12", "engagements"): new,
        ("12", "video_views"): old,
    }
    assert found.issues == []


def test_lists_and_texts_that_nobody_knows_are_issues() -> None:
    told = {
        "errors": ["who knows", {"code": 5, "message": "why"}],
        "withheld_tweet_ids": ["12", "11"],
        "hints": [1],
        "figures": {"11": {"favorites": "4"}},
    }

    found = read(totals("11"), script(told))

    assert of_posts(found) == {"11": seen(4)}
    assert [(i.path, i.problem, i.seen) for i in found.issues] == [
        ("$.errors", "who knows", ""),
        ("$.errors", "why (code 5)", ""),
        ("$.withheld_tweet_ids", "a list of posts", "11, 12"),
    ]


def test_a_new_list_names_the_metrics_that_are_not_measured() -> None:
    told = {
        "unsupported_for_retweets_tweet_ids": ["11"],
        "figures": {"11": {"favorites": "4", "retweets": "0"}},
    }

    found = read(totals("11", names=("favorites", "retweets")), script(told))

    told_of = {name: (p.value, p.status) for (_, name, _), p in cells(found).items()}
    assert told_of == {
        "favorites": (4, Status.OBSERVED),
        "retweets": (None, Status.NOT_REPORTED),
    }


# -- tokens that are refused -----------------------------------------------------------


def test_a_refused_token_concerns_its_owner_alone() -> None:
    known = Known(("7", "8", "9"))
    known.owns("7", ["21"])

    def server(request: Request) -> object:
        return figures(request) if request.credential == "8" else refusal(status=401)

    found = read(owned("11", "12", "21"), server, known)

    assert asked(found) == [("7", ("11", "12", "21")), ("8", ("11", "12"))]
    assert of_posts(found) == {"11": seen(), "12": seen(), "21": DENIED}
    assert [i.path for i in found.issues] == ["owner 7", "totals 1 posts: 21"]
    assert "log in again" in found.issues[0].problem
    assert found.issues[1].problem.endswith("refused tokens: those of 7")


@pytest.mark.parametrize(
    ("owners", "known"), [(("7",), ("7",)), ((), ("7", "8")), (("7", "8"), ("7", "8"))]
)
def test_the_last_credential_that_is_refused_is_an_error(
    owners: tuple[str, ...], known: tuple[str, ...]
) -> None:
    error = refusal("Invalid or expired token", status=401)

    with pytest.raises(AuthRefused) as caught:
        read(owned("11", owners=owners), lambda _: error, Known(known))

    assert error in (caught.value, caught.value.__cause__)
    assert not owners or "access token of owner" in caught.value.message
    assert (caught.value.status, caught.value.vendor) == (401, error.vendor)


@pytest.mark.parametrize("status", [400, 403])
def test_any_other_refusal_is_raised(status: int) -> None:
    error = refusal("Your application id is not authorized.", status=status)

    with pytest.raises((PermissionDenied, Rejected)) as caught:
        read(owned("11", "12"), script(error))

    assert caught.value is error


def test_a_refusal_in_no_words_of_the_api_is_raised() -> None:
    with pytest.raises(Rejected):
        read(totals("11"), script(Rejected("a gateway's", vendor="x", status=400)))


# -- answers that are none -------------------------------------------------------------


def test_an_answer_that_was_too_fast_is_waited_for() -> None:
    limited = {"errors": ["Rate limit exceeded"]}

    found = read(
        totals("11"), script(limited, limited, {"figures": {"11": {"favorites": 1}}})
    )

    assert [request.delay for request in found.requests] == [0, 20, 40]
    assert of_posts(found) == {"11": seen()}


def test_and_not_for_ever() -> None:
    with pytest.raises(RateLimited, match="Rate limit exceeded"):
        read(totals("11"), lambda _: {"errors": ["Rate limit exceeded"]}, most=4)


def test_figures_beside_such_words_are_taken() -> None:
    told = {"errors": ["near the rate limit"], "figures": {"11": {"favorites": 1}}}

    found = read(totals("11"), script(told))

    assert of_posts(found) == {"11": seen()}
    assert [i.problem for i in found.issues] == ["near the rate limit"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "has no figures, and does not say why"),
        ({"errors": ["internal server error"]}, "internal server error"),
        ({"other name": {}}, "has no figures"),
    ],
)
def test_an_answer_without_figures_is_asked_for_again(
    content: object, words: str
) -> None:
    with pytest.raises(Incomplete, match=words):
        read(totals("11"), lambda _: content, most=3)

    again = iter([content])
    found = read(totals("11"), lambda r: next(again, figures(r)))
    assert of_posts(found) == {"11": seen()}


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff", b"[" * 9999])
def test_an_answer_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(totals("11"), lambda _: body, most=3)


def test_a_list_explains_that_figures_are_absent() -> None:
    found = read(totals("11", "12"), script({UNAVAILABLE: ["11"]}))

    assert of_posts(found) == {"11": GONE, "12": NOWHERE}


# -- what a good answer leaves out -----------------------------------------------------


def test_unknown_is_never_zero() -> None:
    part = totals("11", "12", "13", names=("favorites", "retweets"))
    told = {"figures": {"11": {"favorites": "0"}, "12": {}, "99": {"favorites": "5"}}}

    found = read(part, script(told))

    assert statuses(found) == {
        ("11", "favorites"): {Status.OBSERVED},
        ("11", "retweets"): {Status.NOT_REPORTED},
        ("12", "favorites"): {Status.NOT_REPORTED},
        ("12", "retweets"): {Status.NOT_REPORTED},
        ("13", "favorites"): {Status.NOT_COLLECTED},
        ("13", "retweets"): {Status.NOT_COLLECTED},
    }


def test_metrics_that_nobody_asked_for_are_ignored() -> None:
    more: Mapping[str, object] = {"quote_tweets": "9", "favorites": "1", "new": {}}

    found = read(totals("11"), script({"figures": {"11": more}}))

    assert of_posts(found) == {"11": seen()}
    assert found.issues == []


def test_totals_begin_with_the_post_and_do_not_end() -> None:
    birth = datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC)

    (point,) = points(read(totals(snowflake(birth)), figures))

    assert (point.start, point.end) == (birth, None)
    assert point.settled is Settled.NO


# -- totals of several requests --------------------------------------------------------

MANY = tuple(str(number) for number in range(1, 601))


def test_totals_of_several_requests_come_on_one_page_with_their_own_sources() -> None:
    found = read(totals(*MANY), figures)

    assert [len(body_of(r)["tweet_ids"]) for r in found.requests] == [250, 250, 100]
    assert len(found.items) == 1
    assert of_posts(found) == {each: seen() for each in MANY}


def test_every_figure_names_the_answer_that_it_came_with() -> None:
    numbers = count(1)

    def server(request: Request) -> Response:
        answer = response(request, figures(request))
        return attrs.evolve(answer, request_id=f"r{next(numbers)}")

    found = read(totals(*MANY), server)

    told = {p.subject.native_id: p.source.request_id for p in points(found)}
    assert [told[each] for each in ("1", "250", "251", "500", "501")] == [
        "r1", "r1", "r2", "r2", "r3",
    ]  # fmt: skip


def test_totals_of_other_metrics_come_on_another_page() -> None:
    part = totals(*MANY, names=("favorites", "retweets"))
    refused = iter([refusal("Forbidden to access metrics: retweets")])

    def server(request: Request) -> object:
        is_second = body_of(request)["tweet_ids"][0] == "251"
        return next(refused, figures(request)) if is_second else figures(request)

    found = read(part, server)

    told = statuses(found)
    assert told["1", "retweets"] == told["501", "retweets"] == {Status.OBSERVED}
    assert told["251", "retweets"] == {Status.NOT_PERMITTED}
    assert told["251", "favorites"] == {Status.OBSERVED}
    assert len(told) == 2 * len(MANY)


def test_what_came_before_an_error_is_handed_on() -> None:
    part = totals(*MANY)
    stream = Reader(part, Known(())).read()
    first = next(stream)
    assert isinstance(first, Request)
    second = stream.send(response(first, figures(first)))
    assert isinstance(second, Request)

    page = stream.throw(refusal("Your application id is not authorized."))

    assert isinstance(page, Page)
    assert [len(series) for series in page.items] == [250]
    with pytest.raises(PermissionDenied):
        next(stream)


def test_a_token_that_dies_on_the_way_concerns_the_rest() -> None:
    known = Known(("7", "8"))
    known.owns("7", MANY)

    def server(request: Request) -> object:
        is_first = body_of(request)["tweet_ids"][0] == "1"
        return figures(request) if is_first else refusal(status=401)

    found = read(owned(*MANY, owners=("7",)), server, known)

    assert len(found.requests) == 2
    told = of_posts(found)
    assert (told["250"], told["251"], told["600"]) == (seen(), DENIED, DENIED)
