"""The profile that somebody means is found, or the choices are named."""

from __future__ import annotations

import attrs
import pytest

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
    ],
)
def test_a_profile_is_found_by(wanted: ProfileLike, meant: object) -> None:
    assert find(KNOWN, wanted) == meant


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("@coffee", r"2 profiles are called '@coffee'; there are: x:n1 .*facebook:n3"),
        ("Tea & Co", "2 profiles are"),
        ("@", "no profile is called '@'; there are: x:n1"),
        ("x:@", "no profile is"),
        ("tea & co", "no profile is"),
        (Ref("x", "n9"), "no profile is called 'x:n9'"),
        ("", "no profile is called ''"),
    ],
)
def test_none_or_several_are_refused_with_the_choices(
    wanted: ProfileLike, problem: str
) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        find(KNOWN, wanted)


def test_many_choices_are_counted() -> None:
    with pytest.raises(InvalidQuery, match=r"x:n7 .* and 12 more$"):
        find([profile(i) for i in range(20)], "nobody")


def test_no_choice_at_all_is_told() -> None:
    with pytest.raises(InvalidQuery, match="reach no profile at all"):
        find([], "nobody")
