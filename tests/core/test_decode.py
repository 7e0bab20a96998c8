"""Any bytes become a payload or a named error, and nothing is mended in silence."""

from __future__ import annotations

import json
import math

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.decode import Answer, Tree, ask, decode, figure
from socialmetrics.errors import Incomplete, OutcomeUnknown, Unreadable
from socialmetrics.model import Source
from socialmetrics.wire import Flow, Request, Response
from tests.core.wires import MONDAY, READ, WRITE, response


@attrs.define
class Item:
    id: str
    likes: object = None


@attrs.define
class Page:
    items: list[Item]
    total: int | None = None


GOOD = b'{"items": [{"id": "1", "likes": 3}], "total": 1, "new": {}}'


def test_a_good_body_is_a_payload_without_issues() -> None:
    answer = decode(Page, response(GOOD))

    assert answer.payload == Page([Item("1", 3)], 1)
    assert answer.issues == ()
    assert answer.source == Source(
        vendor="toy",
        endpoint="posts",
        request_id="r-1",
        api_version="7",
        fetched_at=MONDAY,
    )


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("raw", "value", "path"),
    [
        (b"NaN", None, "$.items[0].likes"),
        (b"Infinity", None, "$.items[0].likes"),
        (b"-Infinity", None, "$.items[0].likes"),
        (b"1e400", None, "$.items[0].likes"),
        (b'"\\ud83d"', "\ufffd", "$.items[0].likes"),
        (b'{"a": [NaN]}', {"a": [None]}, "$.items[0].likes.a[0]"),
        (b'"\xff"', "\ufffd", "$"),
        (b'"\xef\xbf\xbd\xff"', "\ufffd\ufffd", "$"),
        (b'{"\\udc00": 1}', {"\ufffd": 1}, "$.items[0].likes"),
    ],
)
def test_one_bad_value_costs_an_issue_and_not_the_row(
    raw: bytes, value: object, path: str, strict: bool
) -> None:
    body = b'{"items": [{"id": "1", "likes": ' + raw + b"}]}"

    answer = decode(Page, response(body, strict=strict))

    assert answer.payload == Page([Item("1", value)])
    assert [issue.path for issue in answer.issues] == [path]


def test_a_byte_order_mark_is_taken_off_and_told() -> None:
    answer = decode(Page, response(b"\xef\xbb\xbf" + GOOD))

    assert answer.payload == Page([Item("1", 3)], 1)
    assert [issue.problem for issue in answer.issues] == [
        "byte-order mark before the JSON"
    ]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b'"\\u0000"', "\0"),
        (b'"\xf0\x9f\x98\x80"', "\U0001f600"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\xef\xbf\xbd"', "\ufffd"),
        (b"-0", 0),
    ],
)
def test_unusual_but_good_values_come_as_they_are(raw: bytes, value: object) -> None:
    body = b'{"items": [{"id": "1", "likes": ' + raw + b"}]}"

    answer = decode(Page, response(body))

    assert answer.payload == Page([Item("1", value)])
    assert answer.issues == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"{}",
        b"<html>503</html>",
        b'{"items": null}',
        b'{"items": {}}',
        b'{"items": [{"id": 1}]}',
        b'{"items": [{"id": null}]}',
        b'{"items": [], "total": "1"}',
        b'{"items": [], "total": 1.5}',
        b'{"items": []} trailing',
        b"\0" + GOOD,
        GOOD.decode().encode("utf-16"),
        b"[" * 200_000,
        b'{"items":' * 200_000,
        b'{"items": [], "new": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"items": [], "total": ' + b"9" * 5000 + b"}",
    ],
)
def test_another_shape_is_unreadable_and_shows_where(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not a Page: ") as caught:
        decode(Page, response(body))

    assert len(str(caught.value)) < 1200
    assert (caught.value.vendor, caught.value.operation) == ("toy", "posts")
    assert caught.value.request_id == "r-1"


def test_the_path_of_a_wrong_type_is_named() -> None:
    with pytest.raises(Unreadable, match=r"\$\.items\[1\]\.id"):
        decode(Page, response(b'{"items": [{"id": "1"}, {"id": 2}]}'))


@pytest.mark.parametrize("end", range(len(GOOD)))
def test_a_body_cut_anywhere_is_unreadable(end: int) -> None:
    with pytest.raises(Unreadable):
        decode(Page, response(GOOD[:end]))


def test_keys_that_stand_twice_are_refused_when_strict() -> None:
    body = b'{"items": [], "total": 1, "total": 2}'

    lenient = decode(Page, response(body))
    with pytest.raises(Unreadable, match="'total' stands twice"):
        decode(Page, response(body, strict=True))

    assert lenient.payload.total == 2


def test_a_token_answer_is_never_shown() -> None:
    body = b'{"items": "hush-hush"}'

    with pytest.raises(Unreadable) as caught:
        decode(Page, response(body, host="auth"))

    assert "hush" not in f"{caught.value!s}{caught.value!r}{caught.value.__cause__!s}"


@given(st.binary(max_size=60))
def test_any_bytes_are_a_payload_or_unreadable(body: bytes) -> None:
    _decided(body)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(), max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["items", "id", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_a_payload_or_unreadable(tree: object) -> None:
    _decided(json.dumps(tree).encode())


def _decided(body: bytes) -> None:
    for strict in (False, True):
        try:
            answer = decode(Page, response(body, strict=strict))
        except Unreadable:
            continue
        assert isinstance(answer.payload, Page)


@given(st.from_regex(rb'\{"items":\[\{"id":"a","likes":.{0,9}\}\]\}', fullmatch=True))
def test_likes_of_any_kind_never_lose_the_item(body: bytes) -> None:
    _decided(body)


# -- ask ----------------------------------------------------------------------------


def _run(
    flow: Flow[Answer[Page]], *bodies: bytes
) -> tuple[Answer[Page] | Exception, list[Request]]:
    sent: list[Request] = []
    answers = iter(bodies)
    request = next(flow)
    try:
        while True:
            sent.append(request)
            request = flow.send(_answer(request, next(answers)))
    except StopIteration as end:
        result: Answer[Page] = end.value
        return result, sent
    except (Unreadable, Incomplete, OutcomeUnknown) as err:
        return err, sent


def _answer(request: Request, body: bytes) -> Response:
    return attrs.evolve(response(body), request=request)


@pytest.mark.parametrize(("values", "is_read"), [(400_000, True), (600_000, False)])
def test_more_values_than_any_answer_has_are_not_even_decoded(
    values: int, is_read: bool
) -> None:
    body = b'{"items":[],"new":[' + b"[]," * values + b"[]]}"

    if is_read:
        assert decode(Page, response(body)).payload.items == []
        return
    with pytest.raises(Unreadable, match="more than 500,000 values"):
        decode(Page, response(body))


def test_an_unreadable_answer_is_asked_for_again_a_little_later() -> None:
    result, sent = _run(ask(READ, Page), b"<html>", GOOD)

    assert isinstance(result, Answer)
    assert result.payload.total == 1
    assert [request.delay for request in sent] == [0.0, 0.5]


def test_three_unreadable_answers_are_unreadable() -> None:
    result, sent = _run(ask(READ, Page), b"<html>", b"", b"[]")

    assert isinstance(result, Unreadable)
    assert [request.delay for request in sent] == [0.0, 0.5, 1.0]


def test_an_answer_in_doubt_is_asked_for_again_and_then_incomplete() -> None:
    result, sent = _run(ask(READ, Page, lambda page: "rows missing"), *[GOOD] * 3)

    assert isinstance(result, Incomplete)
    assert result.message == "rows missing"
    assert len(sent) == 3


def test_a_doubt_that_passes_gives_the_second_answer() -> None:
    doubts = iter(["rows missing", None])

    result, sent = _run(ask(READ, Page, lambda page: next(doubts)), GOOD, GOOD)

    assert isinstance(result, Answer)
    assert len(sent) == 2


def test_the_delay_of_the_request_itself_stays() -> None:
    request = attrs.evolve(READ, delay=2.0)

    _, sent = _run(ask(request, Page), b"", GOOD)

    assert [each.delay for each in sent] == [2.0, 2.5]


def test_an_unsafe_request_is_not_asked_again() -> None:
    result, sent = _run(ask(WRITE, Page), b"<html>")

    assert isinstance(result, OutcomeUnknown)
    assert isinstance(result.__cause__, Unreadable)
    assert result.operation == "publish"
    assert len(sent) == 1


# -- figure -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (-3, -3),
        (1.5, 1.5),
        ("12", 12),
        ("-12", -12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("0", 0),
        (2**60, 2**60),
    ],
)
def test_numbers_and_numbers_as_text_are_read(value: object, number: float) -> None:
    assert figure(value) == (number, None)


def test_null_is_not_reported_and_nothing_wrong() -> None:
    assert figure(None) == (None, None)


@pytest.mark.parametrize(
    "value",
    [
        "n/a",
        "",
        "-",
        "1,000",
        "1_000",
        "١٢",
        "²",
        "nan",
        "inf",
        "1e400",
        "9" * 400,
        "9" * 5000,
        "0x10",
        True,
        False,
        {"value": 1},
        [1],
        math.nan,
        math.inf,
        10**400,
    ],
)
def test_anything_else_is_no_number_and_says_so(value: object) -> None:
    number, problem = figure(value)

    assert number is None
    assert problem


@given(st.text() | st.integers() | st.floats() | st.none() | st.lists(st.integers()))
def test_a_figure_is_finite_or_none(value: Tree) -> None:
    number, _ = figure(value)

    assert number is None or math.isfinite(number)
