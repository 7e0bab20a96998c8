"""What is learnt of owners on the way."""

from __future__ import annotations

from datetime import UTC, datetime

from socialmetrics_x.complaints import Foreign
from socialmetrics_x.known import Known


def test_of_a_post_that_nobody_knows_everybody_may_be_asked() -> None:
    known = Known(("7", "8"))

    assert known.owner("11") is None
    assert known.askable("11") == ("7", "8")
    assert known.may("7", "11")
    assert not known.may("5", "11")


def test_a_post_whose_owner_is_known_is_asked_of_nobody_else() -> None:
    known = Known(("7", "8"))

    known.owns("8", ["11"])

    assert known.askable("11") == ("8",)
    assert known.agrees("8", ["11", "12"])
    assert not known.agrees("7", ["11", "12"])
    assert not known.may("7", "11")


def test_a_refusal_rules_out_one_owner_or_names_another() -> None:
    known = Known(("7", "8", "9"))

    known.strange("7", [Foreign(ids=("11",)), Foreign(ids=("12",), author="8")])
    known.strange("7", [Foreign(ids=("13",), author="99")])

    assert known.askable("11") == ("8", "9")
    assert known.askable("12") == ("8",)
    assert known.askable("13") == ()
    assert known.owner("13") == "99"
    assert not known.agrees("8", ["11"])


def test_who_was_named_wrongly_is_forgotten() -> None:
    known = Known(("7", "8"))
    known.owns("7", ["11"])

    known.strange("7", [Foreign(ids=("11",))])

    assert known.owner("11") is None
    assert known.askable("11") == ("8",)


def test_a_dead_token_is_not_used() -> None:
    known = Known(("7", "8"))
    known.owns("7", ["11"])

    known.died("7")

    assert known.is_dead("7")
    assert not known.is_dead("8")
    assert known.askable("11") == ()
    assert known.askable("12") == ("8",)
    assert not known.agrees("7", ["12"])


def test_the_last_token_is_known() -> None:
    known = Known(("7", "8"))

    assert Known(("7",)).is_last("7")
    assert not known.is_last("7")
    known.died("8")
    assert known.is_last("7")


def test_a_single_owner_needs_no_memory() -> None:
    known = Known(("7",))

    known.owns("7", ["11"])

    assert known.owner("11") is None
    assert known.askable("11") == ("7",)


def test_owners_are_counted_by_month_of_utc() -> None:
    known = Known(("7", "8"))

    for owner, month in (("8", 3), ("7", 3), ("8", 3), ("7", 2)):
        known.asked(owner, datetime(2026, month, 28, 23, tzinfo=UTC))

    assert dict(known.asked_by_month) == {"2026-02": ("7",), "2026-03": ("7", "8")}


def test_an_author_may_be_the_owner_of_a_token_that_does_not_tell() -> None:
    known = Known(["1", "#2"])

    known.strange("1", [Foreign(ids=("11",), author="222")])

    assert known.askable("11") == ("#2",)
    assert not known.may("1", "11")


def test_an_author_without_a_credential_is_nobody_to_ask() -> None:
    known = Known(["1", "2"])

    known.strange("1", [Foreign(ids=("11",), author="222")])

    assert known.askable("11") == ()
