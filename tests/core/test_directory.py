"""The profile that somebody means is found, or the choices are named."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.directory import ProfileLike, find
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from tests.core.toy import profile

ONE = attrs.evolve(profile(1), handle="@Coffee")
TWO = attrs.evolve(profile(2), name="Tea & Co", handle=None)
SAME = attrs.evolve(profile(3, "facebook"), name="Tea & Co", handle="coffee")
KNOWN = [ONE, TWO, SAME]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (profile(9), profile(9)),
        (Ref("x", "n2"), TWO),
        ("x:n2", TWO),
        ("p1", ONE),
        ("Profile 1", ONE),
        ("x:@coffee", ONE),
        ("facebook:@COFFEE", SAME),
        ("facebook:n3", SAME),
        ("facebook:Tea & Co", SAME),
        ("x:Tea & Co", TWO),
    ],
)
def test_a_profile_is_found_by(wanted: ProfileLike, meant: object) -> None:
    assert find(KNOWN, wanted) == meant


def test_a_name_does_not_make_an_id_ambiguous() -> None:
    namesake = attrs.evolve(profile(4), name="n2")

    assert find([*KNOWN, namesake], "x:n2") == TWO


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("@coffee", "2 profiles are called '@coffee': x:@coffee, facebook:@coffee"),
        (
            "Tea & Co",
            "2 profiles are called 'Tea & Co': 'x:Tea & Co', facebook:@coffee",
        ),
        (
            "@",
            (
                "no profile is called '@'; there are, the nearest first: x:@coffee, "
                "facebook:@coffee, 'x:Tea & Co'"
            ),
        ),
        ("x:@", "no profile is called 'x:@'; there are, the nearest first: x:@coffee,"),
        (
            "x:@cofee",
            (
                "no profile is called 'x:@cofee'; did you mean x:@coffee? "
                "There are also: facebook:@coffee, 'x:Tea & Co'"
            ),
        ),
        ("x:coffee", "did you mean x:@coffee? There are"),
        ("@cofee", "the nearest first: x:@coffee, facebook:@coffee,"),
        ("x:tea & co", "did you mean 'x:Tea & Co'? There are"),
        ("tea & co", "the nearest first: 'x:Tea & Co', facebook:@coffee, x:@coffee"),
        (
            "twitter:@coffee",
            (
                "no profile is called 'twitter:@coffee'; that network is called "
                "'x' here; did you mean x:@coffee? There"
            ),
        ),
        ("FB:Tea & Co", "is called 'facebook' here; did you mean facebook:@coffee?"),
        (Ref("twitter", "n2"), "is called 'x' here; did you mean 'x:Tea & Co'?"),
        (Ref("x", "n9"), "no profile is called 'x:n9'"),
        ("twitter", "no profile is called 'twitter'; there are"),
        ("", "no profile is called ''; there are, the nearest first: x:@coffee"),
    ],
)
def test_none_or_several_are_refused_with_the_nearest_as_they_are_written(
    wanted: ProfileLike, problem: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        find(KNOWN, wanted)

    assert problem in str(caught.value)


def test_the_only_choice_is_asked_for_alone() -> None:
    with pytest.raises(InvalidQuery, match=r"; did you mean x:@coffee\?$"):
        find([ONE], "coffe")


def test_what_is_written_means_that_profile_alone() -> None:
    twin = attrs.evolve(ONE, vendor_id="p9")
    one, other = ("x:n1", "x:@coffee"), ("p1", "p9")

    for wanted in one:
        with pytest.raises(InvalidQuery, match=r"are called '.*': p1, p9$"):
            find([ONE, twin], wanted)

    assert [find([ONE, twin], each).vendor_id for each in other] == ["p1", "p9"]


def test_what_nobody_can_tell_apart_is_named_by_its_reference() -> None:
    with pytest.raises(InvalidQuery, match="2 profiles are called 'p1': x:n1, x:n1"):
        find([ONE, attrs.evolve(ONE)], "p1")


def test_many_choices_are_counted_and_the_nearest_come_first() -> None:
    known = [profile(i) for i in range(20)]

    with pytest.raises(InvalidQuery) as caught:
        find(known, "x:handle17")

    first, rest = str(caught.value).split("? There are also: ")
    assert first.endswith("did you mean x:@handle17")
    assert rest.count(",") == 6
    assert rest.endswith(" and 12 more: client.profiles() lists them")


@given(st.lists(st.text(max_size=4), min_size=1, max_size=6), st.text(max_size=6))
def test_whatever_they_are_called_the_choices_are_told_on_one_line(
    names: list[str], wanted: str
) -> None:
    known = [
        attrs.evolve(profile(number), name=name, handle=name[::-1])
        for number, name in enumerate(names)
    ]

    with pytest.raises(InvalidQuery) as caught:
        find(known, f"nobody:{wanted}")

    assert str(caught.value).isprintable()


def test_no_choice_at_all_is_told() -> None:
    with pytest.raises(InvalidQuery, match="reach no profile at all"):
        find([], "nobody")
