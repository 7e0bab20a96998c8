"""Answers to pieces of a question, merged, say what one whole answer would say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise, permutations, product
from typing import Any, Literal, TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.model import Issue
from socialmetrics_x.complaints import TOO_OLD, TOO_OLD_FOR_VIDEO, UNAVAILABLE
from socialmetrics_x.grouped import FOREIGN, Grouped, Merge, Row
from socialmetrics_x.groupings import DAY, HOUR, LEVELS, METRIC, POST, WHOLE

Shape = Literal["bare", "dated"]
Fact: TypeAlias = tuple[str, str, datetime]
Place: TypeAlias = tuple[str | None, str | None, date | None, int | None]
Root: TypeAlias = dict[str, Any]  # as decoded JSON

BEGIN = datetime(2023, 3, 30, 22, tzinfo=UTC)
HOURS = [BEGIN + timedelta(hours=n) for n in (0, 1, 2, 3, 24, 25, 26)]
POSTS = ["9", "10", "1700000000000000001"]
METRICS = ["likes_by_day", "impressions"]
LEGAL: list[tuple[str, ...]] = [
    *chain.from_iterable(permutations(LEVELS, n) for n in (1, 2, 3)),
    *sorted(WHOLE),
]
TIMELESS = [levels for levels in LEGAL if not {DAY, HOUR} & {*levels}]
SPAN = {"start": "2023-03-30T22:00:00Z", "end": "2023-04-01T01:00:00Z"}
ONE = (POST, METRIC)

truths = st.dictionaries(
    st.sampled_from([*product(POSTS, METRICS, HOURS)]),
    # Such floats add up exactly.
    st.integers(-(2**40), 2**40) | st.integers(-99, 99).map(lambda n: n / 4),
    max_size=16,
)


def _place(fact: Fact, levels: tuple[str, ...], shape: Shape) -> Place:
    post, metric, moment = fact
    has_day = DAY in levels or (HOUR in levels and shape == "dated")
    return (
        post if POST in levels else None,
        metric if METRIC in levels else None,
        moment.date() if has_day else None,
        moment.hour if HOUR in levels else None,
    )


def _parts(fact: Fact, levels: tuple[str, ...], shape: Shape) -> list[str]:
    post, metric, moment = fact
    is_dated = shape == "dated" and DAY not in levels
    day, hour = f"{moment:%Y-%m-%d}", f"{moment:%H}"
    parts = {POST: [post], METRIC: [metric], DAY: [day]}
    parts[HOUR] = [day, hour] if is_dated else [hour]
    return [part for level in levels for part in parts[level]]


def _tree(truth: dict[Fact, Any], levels: tuple[str, ...], shape: Shape) -> Root:
    """As the API nests it; whole numbers now as text, now bare."""
    root: Root = {}
    for fact, value in truth.items():
        *outer, last = _parts(fact, levels, shape)
        node = root
        for part in outer:
            node = node.setdefault(part, {})
        node[last] = node.get(last, 0) + value
    return _spelled(root)


def _spelled(node: Root) -> Root:
    return {key: _spelled_one(value) for key, value in node.items()}


def _spelled_one(value: Any) -> object:
    if not isinstance(value, int | float):
        return _spelled(value)
    return str(value) if value % 2 else value


def _whole(
    truth: Mapping[Fact, float], levels: tuple[str, ...], shape: Shape
) -> dict[Place, float]:
    found: dict[Place, float] = {}
    for fact, value in truth.items():
        place = _place(fact, levels, shape)
        found[place] = found.get(place, 0) + value
    return found


def _answer(
    truth: dict[Fact, Any], g: dict[str, tuple[str, ...]], shape: Shape
) -> Root:
    return SPAN | {name: _tree(truth, levels, shape) for name, levels in g.items()}


def _cells(data: st.DataObject) -> list[tuple[list[str], list[datetime]]]:
    """Batches of posts times windows, in any order."""
    batches = data.draw(_partitions(POSTS))
    cuts = data.draw(st.sets(st.integers(1, len(HOURS) - 1)))
    windows = [HOURS[a:b] for a, b in pairwise([0, *sorted(cuts), len(HOURS)])]
    return data.draw(st.permutations([*product(batches, windows)]))


@st.composite
def _partitions(draw: st.DrawFn, posts: Sequence[str]) -> list[list[str]]:
    places = [draw(st.integers(0, 2)) for _ in posts]
    batches = [
        [p for p, at in zip(posts, places, strict=True) if at == n] for n in range(3)
    ]
    return [batch for batch in batches if batch]


def _places(rows: Iterable[Row]) -> dict[Place, float]:
    return {(r.post, r.metric, r.day, r.hour): r.value for r in rows}


def _rank(row: Row) -> tuple[int, str, date, int]:
    hour = -1 if row.hour is None else row.hour
    return int(row.post or 0), row.metric or "", row.day or date.min, hour


def _merged(
    levels: tuple[str, ...], *roots: Root, is_total: bool = False, spans: bool = True
) -> Grouped:
    merge = Merge({"g0": levels}, is_total=is_total)
    for root in roots:
        merge.add(SPAN | root if spans else root)
    return merge.result()


def _row(value: float, **levels: Any) -> Row:
    none = dict.fromkeys(["post", "metric", "day", "hour"])
    return Row(**{**none, **levels}, value=value)


# Any partition


@pytest.mark.parametrize("shape", ["bare", "dated"])
@given(data=st.data(), truth=truths)
def test_pieces_say_together_what_the_whole_says(
    shape: Shape, data: st.DataObject, truth: dict[Fact, float]
) -> None:
    groupings = {" ".join(levels): levels for levels in LEGAL}
    merge = Merge(groupings, is_total=False)

    for posts, hours in _cells(data):
        piece = {f: v for f, v in truth.items() if f[0] in posts and f[2] in hours}
        merge.add(_answer(piece, groupings, shape))
    found = merge.result()

    for name, levels in groupings.items():
        assert _places(found.rows[name]) == _whole(truth, levels, shape), name
        assert list(found.rows[name]) == sorted(found.rows[name], key=_rank), name
    assert found.issues == ()
    assert found.partial == {}


@pytest.mark.parametrize("levels", TIMELESS, ids=" ".join)
@given(data=st.data())
def test_totals_are_cut_by_posts_only(
    levels: tuple[str, ...], data: st.DataObject
) -> None:
    facts = [(post, metric, BEGIN) for post, metric in product(POSTS, METRICS)]
    truth = {fact: data.draw(st.integers(0, 9)) for fact in facts}
    merge = Merge({"g0": levels}, is_total=True)

    for posts in data.draw(_partitions(POSTS)):
        piece = {f: v for f, v in truth.items() if f[0] in posts}
        merge.add({"g0": _tree(piece, levels, "bare")})
    found = merge.result()

    assert _places(found.rows["g0"]) == _whole(truth, levels, "bare")
    assert found.issues == ()


@given(data=st.data(), truth=truths)
def test_the_order_of_answers_changes_nothing(
    data: st.DataObject, truth: dict[Fact, float]
) -> None:
    groupings = {"days": (DAY, METRIC), "Grand Totals": (METRIC,), "h": (HOUR, POST)}
    cells = _cells(data)
    shapes: list[Shape] = ["bare", "dated"]
    answers = [
        _answer(
            {f: v for f, v in truth.items() if f[0] in posts and f[2] in hours},
            groupings,
            shapes[n % 2],
        )
        | {UNAVAILABLE: [*posts[:1], "?"], "strange": n}
        for n, (posts, hours) in enumerate(cells)
    ]
    one, other = (Merge(groupings, is_total=False) for _ in range(2))

    for answer in answers:
        one.add(answer)
    for answer in data.draw(st.permutations(answers)):
        other.add(answer)

    assert one.result() == other.result()


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["12", "likes", "2023-03-30", "17", "x"]), inner, max_size=4
        )
    ),
)


@given(
    root=st.dictionaries(
        st.sampled_from(["g0", "start", "end", "errors", UNAVAILABLE, TOO_OLD, "x"]),
        json,
    ),
    levels=st.sampled_from(LEGAL),
    is_total=st.booleans(),
)
def test_no_shape_raises(
    root: Root, levels: tuple[str, ...], *, is_total: bool
) -> None:
    merge = Merge({"g0": levels}, is_total=is_total)

    merge.add(root)
    merge.add(root)

    assert merge.result() == merge.result()


# Leaves and keys


@pytest.mark.parametrize(
    ("leaf", "value"),
    [
        ("551", 551),
        (26, 26),
        ("-3", -3),
        (-3, -3),
        ("0", 0),
        (0, 0),
        (1.5, 1.5),
        (2**63 - 1, 2**63 - 1),
    ],
)
def test_a_figure_comes_as_text_or_as_number(leaf: object, value: float) -> None:
    found = _merged(ONE, {"g0": {"12": {"likes": leaf}}})

    assert found.rows["g0"] == (_row(value, post="12", metric="likes"),)
    assert found.issues == ()


@pytest.mark.parametrize(
    ("leaf", "problem", "seen"),
    [
        (None, "nothing instead of a number", "NoneType"),
        ("many", "text that is no number", "many"),
        ("m" * 99, "text that is no number", "m" * 80),
        (True, "bool instead of a number", "bool"),
        ({"17": "5"}, "dict instead of a number", "dict"),
        (["5"], "list instead of a number", "list"),
        (str(2**63), "more than any count", str(2**63)),
        (-(2**63), "more than any count", "int"),
        (1e300, "more than any count", "float"),
    ],
)
def test_what_is_no_figure_is_left_out_and_told(
    leaf: object, problem: str, seen: str
) -> None:
    found = _merged(ONE, {"g0": {"12": {"likes": leaf, "replies": "1"}}})

    assert found.rows["g0"] == (_row(1, post="12", metric="replies"),)
    assert found.issues == (Issue(path="$.g0.12.likes", problem=problem, seen=seen),)


@pytest.mark.parametrize(
    ("tree", "path", "problem", "seen"),
    [
        ([], "$.g0", "list instead of an object by tweet.id", "list"),
        ("7", "$.g0", "str instead of an object by tweet.id", "7"),
        ({"12": 3}, "$.g0.12", "int instead of an object by engagement.day", "int"),
        ({"x": {}}, "$.g0.x", "the key is no tweet.id", "x"),
        ({"": {}}, "$.g0.", "the key is no tweet.id", ""),
        ({"012": {}}, "$.g0.012", "the key is no tweet.id", "012"),
        ({"١٢": {}}, "$.g0.١٢", "the key is no tweet.id", "١٢"),
        ({"1" * 21: {}}, "$.g0." + "1" * 21, "the key is no tweet.id", "1" * 21),
    ],
)
def test_a_shape_that_is_not_asked_for_is_told(
    tree: object, path: str, problem: str, seen: str
) -> None:
    found = _merged((POST, DAY), {"g0": tree})

    assert found.rows["g0"] == ()
    assert found.issues == (Issue(path=path, problem=problem, seen=seen),)


@pytest.mark.parametrize(
    "day",
    [
        "2023-3-30",
        "20230330",
        "2023-W13-4",
        "2023-02-30",
        "0000-01-01",
        "17",
        "2023-03-30T",
        "2023/03/30",
        "٢٠٢٣-03-30",
    ],
)
def test_a_day_is_spelled_in_one_way(day: str) -> None:
    found = _merged((DAY,), {"g0": {day: "1", "2023-03-30": "2"}})

    assert found.rows["g0"] == (_row(2, day=date(2023, 3, 30)),)
    assert found.issues == (
        Issue(path=f"$.g0.{day}", problem="the key is no engagement.day", seen=day),
    )


@pytest.mark.parametrize("hour", ["7", "24", "007", "7:", "-1", "٠٧", "", "2023-02-30"])
def test_an_hour_has_two_digits(hour: str) -> None:
    found = _merged((HOUR,), {"g0": {hour: "1", "00": "2", "23": "3"}})

    assert found.rows["g0"] == (_row(2, hour=0), _row(3, hour=23))
    assert found.issues == (
        Issue(path=f"$.g0.{hour}", problem="the key is no engagement.hour", seen=hour),
    )


def test_metrics_that_were_not_asked_for_are_kept() -> None:
    found = _merged((METRIC,), {"g0": {"brand_new": "1", "likes": "2"}})

    assert [row.metric for row in found.rows["g0"]] == ["brand_new", "likes"]


# Hours without days


def test_bare_hours_are_of_all_days_together() -> None:
    levels = (POST, METRIC, HOUR)

    found = _merged(
        levels,
        {"g0": {"12": {"likes": {"00": "3", "01": "7"}}}},
        {"g0": {"12": {"likes": {"00": "4"}}}},
    )

    assert found.rows["g0"] == (
        _row(7, post="12", metric="likes", hour=0),
        _row(7, post="12", metric="likes", hour=1),
    )
    assert found.issues == ()


def test_hours_in_days_keep_them() -> None:
    found = _merged((METRIC, HOUR), {"g0": {"likes": {"2016-02-10": {"17": "551"}}}})

    day = date(2016, 2, 10)
    assert found.rows["g0"] == (_row(551, metric="likes", day=day, hour=17),)
    assert found.issues == ()


def test_both_shapes_stay_apart() -> None:
    found = _merged((HOUR,), {"g0": {"2016-02-10": {"17": "5"}}}, {"g0": {"17": "1"}})

    day = date(2016, 2, 10)
    assert found.rows["g0"] == (_row(1, hour=17), _row(5, day=day, hour=17))
    assert found.issues == (
        Issue(
            path="$.g0", problem="hours of all days and of single days; they are apart"
        ),
    )


@pytest.mark.parametrize(
    ("levels", "tree", "path"),
    [
        ((DAY, HOUR), {"2016-02-10": {"2016-02-10": {"17": "1"}}}, 2),
        ((HOUR, DAY), {"2016-02-10": {"17": {"2016-02-10": "1"}}}, 1),
        ((HOUR,), {"2016-02-10": {"2016-02-10": {"17": "1"}}}, 2),
        ((HOUR, METRIC), {"likes": {"17": "1"}}, 0),
    ],
)
def test_only_one_level_of_days_is_understood(
    levels: tuple[str, ...], tree: Root, path: int
) -> None:
    found = _merged(levels, {"g0": tree})

    where = "$.g0" + ".2016-02-10" * path + ("" if path else ".likes")
    assert [issue.path for issue in found.issues] == [where]
    assert found.issues[0].problem == "the key is no engagement.hour"
    assert found.rows["g0"] == ()


# What comes twice


def test_a_post_of_totals_comes_once() -> None:
    found = _merged(
        ONE,
        {"g0": {"12": {"likes": "5"}}},
        {"g0": {"12": {"likes": "6"}}},
        is_total=True,
    )

    assert found.rows["g0"] == (_row(6, post="12", metric="likes"),)
    assert found.issues == (
        Issue(path="$.g0.12.likes", problem="came again; the last one stands"),
    )


def test_sums_over_posts_of_totals_are_added() -> None:
    found = _merged(
        (METRIC,), {"g0": {"likes": "5"}}, {"g0": {"likes": "6"}}, is_total=True
    )

    assert found.rows["g0"] == (_row(11, metric="likes"),)
    assert found.issues == ()


def test_an_hour_of_a_post_comes_once() -> None:
    one = {"g0": {"12": {"2016-02-10": {"17": "5"}}}}
    other = {"g0": {"12": {"2016-02-10": {"17": "6", "18": "1"}}}}

    found = _merged((POST, DAY, HOUR), one, other)

    assert [row.value for row in found.rows["g0"]] == [6, 1]
    assert [issue.path for issue in found.issues] == ["$.g0.12.2016-02-10.17"]


def test_a_day_cut_in_two_is_added() -> None:
    tree = {"12": {"2016-02-10": "5"}}

    found = _merged((POST, DAY), {"g0": tree}, {"g0": tree})

    assert found.rows["g0"] == (_row(10, post="12", day=date(2016, 2, 10)),)
    assert found.issues == ()


def test_equal_issues_are_kept_once() -> None:
    root = {"g0": {"likes": None}}

    found = _merged((METRIC,), root, root)

    assert len(found.issues) == 1


# The root


def test_a_grouping_is_found_by_its_name() -> None:
    found = _merged(ONE, {"grouping name": {"12": {"likes": "5"}}})

    assert found.rows == {"g0": ()}
    assert found.issues == (
        Issue(path="$.g0", problem="the answer lacks this grouping"),
        Issue(path="$.grouping name", problem="an unknown key", seen="dict"),
    )


def test_a_grouping_may_look_like_a_list_of_the_api() -> None:
    merge = Merge({"my_tweet_ids": (METRIC,)}, is_total=True)

    merge.add({"my_tweet_ids": {"likes": "5"}})
    found = merge.result()

    assert found.rows["my_tweet_ids"] == (_row(5, metric="likes"),)
    assert found.issues == ()


def test_the_outermost_moments_are_told() -> None:
    spans = [
        {"start": "2015-11-17T22:00:00Z", "end": "2015-11-19T02:27:50Z"},
        {"start": "2015-11-01T01:00:00+01:00", "end": "2015-11-17T22:00:00Z"},
    ]

    found = _merged((METRIC,), *(Root(g0={}) | span for span in spans))

    assert found.start == datetime(2015, 11, 1, tzinfo=UTC)
    assert found.end == datetime(2015, 11, 19, 2, 27, 50, tzinfo=UTC)
    assert found.issues == ()


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("2015-11-17T22:00:00", "2015-11-17T22:00:00"),
        ("2015-11-17", "2015-11-17"),
        ("soon", "soon"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        (1447797600, "int"),
        (None, "NoneType"),
    ],
)
def test_a_moment_without_zone_is_told(told: object, seen: str) -> None:
    found = _merged((METRIC,), {"g0": {}, "start": told})

    assert found.start is None
    assert found.end == datetime(2023, 4, 1, 1, tzinfo=UTC)
    assert found.issues == (
        Issue(path="$.start", problem="no moment with a zone", seen=seen),
    )


def test_an_answer_without_moments_is_told() -> None:
    found = _merged((METRIC,), {"g0": {}}, spans=False)

    assert (found.start, found.end) == (None, None)
    assert [issue.path for issue in found.issues] == ["$.end", "$.start"]


def test_totals_have_no_moments() -> None:
    found = _merged((METRIC,), {"g0": {}}, is_total=True)

    assert (found.start, found.end) == (None, None)
    assert found.issues == ()


def test_lists_are_joined_and_sorted_as_numbers() -> None:
    found = _merged(
        ONE,
        {"g0": {}, UNAVAILABLE: ["100", "9"], "unsupported_for_new_tweet_ids": ["7"]},
        {"g0": {}, UNAVAILABLE: [20, "9"]},
    )

    assert found.listed == {
        UNAVAILABLE: ("9", "20", "100"),
        "unsupported_for_new_tweet_ids": ("7",),
    }
    assert found.issues == ()


def test_what_is_no_list_of_posts_is_told() -> None:
    found = _merged(
        ONE, {"g0": {}, UNAVAILABLE: "9", TOO_OLD: [None, "x", True, "3"], "errors": {}}
    )

    assert found.listed == {TOO_OLD: ("3",)}
    assert [(issue.path, issue.problem, issue.seen) for issue in found.issues] == [
        ("$.errors", "no list", "dict"),
        (f"$.{UNAVAILABLE}", "no list", "9"),
        (f"$.{TOO_OLD}", "no id of a post", "NoneType"),
        (f"$.{TOO_OLD}", "no id of a post", "bool"),
        (f"$.{TOO_OLD}", "no id of a post", "x"),
    ]


def test_texts_of_errors_are_kept() -> None:
    errors = [
        "1 Tweet ID(s) are unavailable",
        "Forbidden to access tweets for author id 5: 12, 9, ?",
        "Forbidden to access metrics: retweets",
        "Rate limit exceeded",
        "internal server error",
    ]

    found = _merged(ONE, {"g0": {}, "errors": errors})

    assert found.listed == {FOREIGN: ("9", "12")}
    assert [(issue.problem, issue.seen) for issue in found.issues] == [
        ("no id of a post", "?"),
        ("the API complains", "internal server error"),
        ("the app may not see this metric", "retweets"),
        ("the rate limit was met", ""),
    ]
    assert {issue.path for issue in found.issues} == {"$.errors"}


def test_errors_may_come_as_objects() -> None:
    errors = [{"code": 130, "message": "over capacity"}]

    found = _merged(ONE, {"g0": {}, "errors": errors})

    assert found.issues == (
        Issue(
            path="$.errors",
            problem="the API complains",
            seen="over capacity (code 130)",
        ),
    )


# What sums lack


@attrs.frozen(kw_only=True)
class Lack:
    levels: tuple[str, ...]
    key: str
    partial: tuple[str, ...]
    is_total: bool = False


@pytest.mark.parametrize(
    "case",
    [
        Lack(levels=(METRIC,), key=UNAVAILABLE, partial=("9", "12")),
        Lack(levels=(METRIC,), key=UNAVAILABLE, partial=("9", "12"), is_total=True),
        Lack(levels=(METRIC,), key=TOO_OLD_FOR_VIDEO, partial=("9", "12")),
        Lack(levels=(METRIC, DAY), key=UNAVAILABLE, partial=("9", "12")),
        # A post that has figures lacks those of another window, if it is listed.
        Lack(levels=(POST, METRIC), key=UNAVAILABLE, partial=("12",)),
        Lack(levels=(POST, METRIC), key=UNAVAILABLE, partial=(), is_total=True),
        Lack(levels=(POST, METRIC), key=TOO_OLD, partial=()),
        Lack(levels=(POST, METRIC, DAY), key=UNAVAILABLE, partial=()),
        Lack(levels=(POST,), key=TOO_OLD, partial=("12",), is_total=True),
        Lack(levels=(POST, DAY), key=TOO_OLD, partial=("12",)),
        Lack(levels=(POST, DAY), key=UNAVAILABLE, partial=()),
    ],
    ids=str,
)
def test_sums_name_the_posts_that_they_lack(case: Lack) -> None:
    tree = _tree({("12", "likes", BEGIN): 5}, case.levels, "bare")

    found = _merged(
        case.levels, {"g0": tree, case.key: ["12", "9"]}, is_total=case.is_total
    )

    assert found.partial == ({"g0": case.partial} if case.partial else {})
    assert [issue.path for issue in found.issues] == ["$.g0"] * bool(case.partial)


def test_posts_left_out_by_the_caller_are_lacking_too() -> None:
    merge = Merge({"all": (METRIC,), "each": ONE}, is_total=True)

    merge.add({"all": {"likes": "5"}, "each": {"8": {"likes": "5"}}})
    merge.leave_out("failed", ["10", "9"])
    merge.leave_out("failed", iter(["11"]))
    found = merge.result()

    assert found.listed == {"failed": ("9", "10", "11")}
    assert found.partial == {"all": ("9", "10", "11")}
    assert found.issues == (
        Issue(
            path="$.all",
            problem="its sums lack figures of 3 posts",
            seen="9 and 2 more",
        ),
    )


def test_a_zero_of_a_listed_post_is_no_measurement() -> None:
    values = {"video_views": "0", "impressions": "0", "likes": "0"}
    tree = {"12": values, "9": values, "8": {"video_views": "3"}}
    lists = {TOO_OLD_FOR_VIDEO: ["12", "8"], TOO_OLD: ["12"]}

    found = _merged(ONE, {"g0": tree} | lists, is_total=True)

    assert [(row.post, row.metric) for row in found.rows["g0"]] == [
        ("8", "video_views"),
        ("9", "impressions"),
        ("9", "likes"),
        ("9", "video_views"),
        ("12", "likes"),
    ]
    assert found.issues == (
        Issue(
            path="$.g0",
            problem="2 zeros left out that were not measured",
            seen="12",
        ),
    )


def test_more_may_be_added_after_a_result() -> None:
    merge = Merge({"g0": (METRIC,)}, is_total=True)
    merge.add({"g0": {"likes": "1"}})
    before = merge.result()

    merge.add({"g0": {"likes": "2"}})

    assert [row.value for row in before.rows["g0"]] == [1]
    assert [row.value for row in merge.result().rows["g0"]] == [3]


def test_fractions_add_up_the_same_in_any_order() -> None:
    roots = [{"g0": {"likes": value}} for value in (0.1, 0.2, "0.3", 1)]

    found = {_merged((METRIC,), *each).rows["g0"] for each in permutations(roots)}

    assert found == {(_row(1.6, metric="likes"),)}
