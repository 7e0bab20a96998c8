"""A secret is used, never shown."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest

from socialmetrics.secret import Masked, Secret, Unseen

HUSH = Secret("hush-hush")


@pytest.mark.parametrize(
    "shown",
    [
        repr(HUSH),
        str(HUSH),
        format(HUSH),
        f"{HUSH:>30}",
        f"{HUSH!r:^40}",
        "%s %r" % (HUSH, HUSH),  # noqa: UP031 - one more way
        repr([HUSH, {"token": HUSH}]),
        json.dumps({"token": HUSH}, default=str),
        str(dir(HUSH)),
    ],
)
def test_no_way_of_printing_shows_it(shown: str) -> None:
    assert "hush" not in shown


def test_it_shows_that_it_is_there() -> None:
    assert (repr(HUSH), str(HUSH), f"{HUSH:>5}") == ("Secret(***)", "***", "  ***")


def test_it_has_no_vars_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(HUSH)


@pytest.mark.parametrize("send", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_does_not_leave_the_process(send: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match="hand over settings") as caught:
        send(HUSH)

    assert "hush" not in str(caught.value)


def test_headers_with_a_credential_do_not_print() -> None:
    headers = Masked({"Authorization": "Bearer hush-hush"})

    assert "hush" not in f"{headers}{headers!r}{[headers]}"
    assert headers["Authorization"] == "Bearer hush-hush"


def test_errors_leave_foreign_code_without_its_frames() -> None:
    def foreign() -> None:
        token = HUSH.reveal()
        problems = [ValueError("one"), ValueError(str(len(token)))]
        raise ExceptionGroup("outside", problems) from KeyError("inside")

    with pytest.raises(ExceptionGroup, match="outside") as caught, Unseen():
        foreign()

    shown = traceback.TracebackException.from_exception(
        caught.value, capture_locals=True
    )
    assert "hush" not in "".join(shown.format())
    assert "inside" in "".join(shown.format())


def test_nothing_happens_where_nothing_is_raised() -> None:
    with Unseen():
        length = len(HUSH.reveal())

    assert length == 9


def test_reveal_gives_it_away() -> None:
    assert HUSH.reveal() == "hush-hush"


def test_equal_secrets_are_equal_and_nothing_else_is() -> None:
    assert Secret("hush-hush") == HUSH
    assert hash(Secret("hush-hush")) == hash(HUSH)
    assert Secret("other") != HUSH
    assert HUSH != "hush-hush"


def test_an_empty_one_is_false() -> None:
    assert HUSH
    assert not Secret("")


def test_an_answer_that_echoes_it_is_cleaned() -> None:
    token = Secret("fake/token+7f3a")
    body = b'{"error":"fake/token+7f3a, fake%2Ftoken%2B7f3a, fake\\/token+7f3a, fake"}'

    assert token.out_of(body) == b'{"error":"***, ***, ***, fake"}'


def test_every_answer_is_cleaned_alike() -> None:
    token = Secret("fake/token")

    assert [token.out_of(body) for body in (b"fake/token", b"", b"a fake/token")] == [
        b"***",
        b"",
        b"a ***",
    ]


def test_what_is_too_short_to_be_told_from_other_words_stays() -> None:
    assert Secret("token").out_of(b'{"error":"no token"}') == b'{"error":"no token"}'
