"""Where nobody knows whether it arrived, it is read back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from socialmetrics.decode import ask
from socialmetrics.entry import Sending, begun
from socialmetrics.errors import (
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unsupported,
)
from socialmetrics.model import (
    Consignment,
    Delivery,
    Publication,
)
from socialmetrics.remembering import Memory
from socialmetrics.retry import Retry
from socialmetrics.wire import Flow
from tests.core.ports import run
from tests.core.press import (
    FIRST,
    SECOND,
    THIRD,
    Desk,
    Forgetful,
    Open,
    Press,
    Receipt,
    draft,
    faulty,
    look,
    publish,
    states,
)
from tests.core.press_api import Fault, PressApi
from tests.core.toy import NOW, get, profile

# -- nobody knows ------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut after", "500 after", "unreadable"])
@pytest.mark.parametrize("key", ["spring", None])
def test_what_arrived_without_an_answer_is_read_back(
    desk: Open, fault: Fault, key: str | None
) -> None:
    ours = desk(faulty(fault))

    found = publish(ours, draft("hello", FIRST, SECOND), key)

    assert states(found) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert found.notes == ("by x",)
    assert ours.api.calls == ["POST messages", "POST search"]
    assert ours.port.slept == []


def test_what_is_not_shown_at_once_is_asked_for_again_with_growing_waits(
    desk: Open,
) -> None:
    ours = desk(faulty("cut after", hidden=3))

    found = publish(ours)

    assert states(found) == [("p1", "scheduled")]
    assert len(ours.port.slept) == 3
    assert ours.port.slept == sorted(ours.port.slept)
    assert ours.api.sent == 1


def test_patience_bounds_the_asking(desk: Open) -> None:
    ours = desk(faulty("cut before"), retry=Retry(tries=50, patience=3.0))

    with pytest.raises(OutcomeUnknown):
        publish(ours)

    assert 1 < sum(ours.port.slept) < 3.0


@pytest.mark.parametrize("key", ["spring", None])
def test_a_profile_that_the_receipt_does_not_name_is_read_back(
    desk: Open, key: str | None
) -> None:
    ours = desk(faulty("mute"))

    found = publish(ours, draft("hello", FIRST, SECOND), key)

    assert states(found) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert ours.api.calls == ["POST messages", "POST search"]


class Unsure(Press):
    """Its vendor's good answer does not say what became of the second profile."""

    def publish(self, consignment: Consignment) -> Flow[Publication]:
        found = yield from super().publish(consignment)
        unsure = [
            attrs.evolve(each, state="unknown", reason="odd")
            if each.state == "failed"
            else each
            for each in found.deliveries
        ]
        return attrs.evolve(found, deliveries=tuple(unsure))


def test_what_a_good_answer_leaves_open_is_read_back_for_that_profile(
    desk: Open,
) -> None:
    ours = desk(faulty("partial"), adapter=Unsure())
    whole = draft("hello", FIRST, SECOND)

    with pytest.raises(
        OutcomeUnknown, match=r"does not name it\..*read back for x:n2"
    ) as caught:
        publish(ours, whole)

    assert caught.value.publication is not None
    assert states(caught.value.publication) == [("p1", "scheduled"), ("p2", "unknown")]
    assert caught.value.publication.deliveries[1].reason == "odd"
    with pytest.raises(OutcomeUnknown, match="read back for x:n2: it is not"):
        publish(ours, whole, again="failed")
    assert ours.api.sent == 1
    again = publish(ours, whole, again="unknown")
    assert states(again) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert [body["profiles"] for body in ours.api.bodies] == [["p1", "p2"], ["p2"]]


def test_the_unknown_is_not_sent_again_unseen(desk: Open) -> None:
    ours = desk(faulty("cut after"))
    ours.api.broken.add("search")
    with pytest.raises(OutcomeUnknown):
        publish(ours)

    with pytest.raises(OutcomeUnknown, match="it could not be looked at: out of order"):
        publish(ours, again="unknown")

    ours.api.broken.clear()
    assert states(publish(ours, again="unknown")) == [("p1", "scheduled")]
    assert ours.api.sent == 1


def test_what_tells_nothing_is_sent_again_where_the_caller_says_so(desk: Open) -> None:
    ours = desk(faulty("cut before"), adapter=Forgetful())
    with pytest.raises(OutcomeUnknown):
        publish(ours)

    assert states(publish(ours, again="unknown")) == [("p1", "scheduled")]


@pytest.mark.parametrize("words", ["{}", "", "out.", " [] "])
def test_the_message_is_made_of_whole_sentences(desk: Open, words: str) -> None:
    class Terse(Press):
        def publish(self, consignment: Consignment) -> Flow[Publication]:
            raise OutcomeUnknown(words, status=502)

        def settle(
            self, consignment: Consignment, sent_at: datetime
        ) -> Flow[tuple[Delivery, ...]]:
            raise Unavailable(words)

    with pytest.raises(OutcomeUnknown) as caught:
        publish(desk(PressApi(), adapter=Terse()))

    told = caught.value.message
    assert not {"{}", "[]", "..", " . ", ": ."} & {told[i : i + 2] for i in range(99)}
    is_said = words == "out."
    assert told.startswith("out. It" if is_said else "OutcomeUnknown (HTTP 502). It")
    read = "out" if is_said else "Unavailable"
    assert f"it could not be looked at: {read}. Ask" in told


def test_an_error_while_reading_back_is_no_answer(desk: Open) -> None:
    ours = desk(faulty("cut after"))
    ours.api.broken.add("search")

    with pytest.raises(
        OutcomeUnknown, match="for x:handle1: it could not be looked at: out of order"
    ):
        publish(ours)

    ours.api.broken.clear()
    assert states(publish(ours)) == [("p1", "scheduled")]
    assert ours.api.sent == 1


def test_an_unknown_outcome_carries_all_that_is_known(desk: Open) -> None:
    ours = desk(faulty("ok", "cut before"))
    whole = draft("hello", FIRST, THIRD, profile(4, "linkedin"))

    with pytest.raises(OutcomeUnknown) as caught:
        publish(ours, whole)

    error = caught.value
    assert error.publication is not None
    assert states(error.publication) == [
        ("p1", "scheduled"),
        ("p3", "unknown"),
        ("p4", "not sent"),
    ]
    assert error.consignment is not None
    assert error.consignment.draft.profiles == (THIRD,)
    assert error.sent_at == NOW
    assert str(error).startswith(
        "toy publish: it may have been done: the connection broke. "
    )
    assert str(error).endswith(
        "It left at 2026-03-10 12:00:00 UTC; read back for facebook:handle3: it is not "
        "there yet. Ask publication('spring') later, or publish it with again='unknown'"
    )
    assert ours.api.sent == 2


def test_an_unknown_outcome_is_never_sent_again_by_itself(desk: Open) -> None:
    ours = desk(faulty("cut before"))

    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match="It left at 2026-03-10"):
            publish(ours)

    assert ours.api.sent == 1


def test_without_a_key_the_advice_is_another_one(desk: Open) -> None:
    ours = desk(faulty("cut before"))

    with pytest.raises(OutcomeUnknown, match="Give a key= the next time") as caught:
        publish(ours, key=None)

    assert caught.value.publication is not None
    assert states(caught.value.publication) == [("p1", "unknown")]


def test_what_shows_up_later_is_found_by_looking_again(desk: Open) -> None:
    ours = desk(faulty("cut after", hidden=8))
    with pytest.raises(OutcomeUnknown):
        publish(ours)

    before, after = [look(ours) for _ in range(3)][::2]

    assert states(before) == [("p1", "unknown")]
    assert states(after) == [("p1", "scheduled")]
    assert publish(ours) == after
    assert ours.api.sent == 1


def test_the_rest_goes_out_once_the_unknown_is_settled(desk: Open) -> None:
    ours = desk(faulty("cut after", hidden=9))
    whole = draft("hello", FIRST, THIRD)
    with pytest.raises(OutcomeUnknown):
        publish(ours, whole)

    found = publish(ours, whole)

    assert states(found) == [("p1", "scheduled"), ("p3", "scheduled")]
    assert [body["profiles"] for body in ours.api.bodies] == [["p1"], ["p3"]]


def test_the_unknown_is_sent_again_where_the_caller_says_so(desk: Open) -> None:
    ours = desk(faulty("cut before"))
    with pytest.raises(OutcomeUnknown):
        publish(ours)

    found = publish(ours, again="unknown")

    assert states(found) == [("p1", "scheduled")]
    assert "sent again, though nobody knows" in found.notes[0]
    assert publish(ours) == found
    assert ours.api.sent == 2


def test_the_unknown_that_was_there_is_not_sent_again(desk: Open) -> None:
    ours = desk(faulty("cut after", hidden=6))
    with pytest.raises(OutcomeUnknown):
        publish(ours)

    found = publish(ours, again="unknown")

    assert states(found) == [("p1", "scheduled")]
    assert ours.api.sent == 1


def test_what_was_sent_again_and_shows_up_twice_is_told(desk: Open) -> None:
    ours = desk(faulty("cut after", hidden=12))
    with pytest.raises(OutcomeUnknown):
        publish(ours)
    ours.api.hidden = 0
    publish(ours, again="unknown")

    found = look(ours)

    assert states(found) == [("p1", "scheduled"), ("p1", "scheduled")]
    assert "x:handle1 has it 2 times" in found.notes
    assert states(look(ours)) == states(found)


def test_a_vendor_that_tells_nothing_leaves_it_unknown(desk: Open) -> None:
    ours = desk(faulty("cut after"), adapter=Forgetful())

    with pytest.raises(OutcomeUnknown, match="for x:handle1: it tells nothing"):
        publish(ours)

    assert states(look(ours)) == [("p1", "unknown")]
    assert ours.port.slept == []


def test_looking_again_says_why_it_cannot(desk: Open) -> None:
    ours = desk(faulty("cut before"))
    with pytest.raises(OutcomeUnknown):
        publish(ours)
    ours.api.broken.add("search")

    with pytest.raises(Exception, match="out of order"):
        look(ours)


def test_what_belongs_to_another_key_is_not_taken_for_it(desk: Open) -> None:
    ours = desk(faulty("ok", "cut before"))
    publish(ours, key="one")

    with pytest.raises(OutcomeUnknown):
        publish(ours, key="two")


def both_are_lost(ours: Desk, *faults: Fault) -> None:
    ours.api.hidden = 6
    for key, fault in zip(("one", "two"), faults, strict=True):
        ours.api.faults.append(fault)
        with pytest.raises(OutcomeUnknown):
            publish(ours, key=key)


def test_one_that_may_be_of_two_keys_is_of_neither(desk: Open) -> None:
    ours = desk(PressApi())
    both_are_lost(ours, "cut after", "cut before")

    for key, other in (("one", "two"), ("two", "one")):
        with pytest.raises(OutcomeUnknown, match=f"may be the one of key='{other}'"):
            publish(ours, key=key)
        assert states(look(ours, key)) == [("p1", "unknown")]

    ours.api.hidden = 0
    assert [e.vendor_id for e in publish(ours, key="two", again="unknown").deliveries]
    assert [e.vendor_id for e in publish(ours, key="one").deliveries] == ["1"]
    assert [e.vendor_id for e in look(ours, "two").deliveries] == ["2"]
    assert ours.api.sent == 3


def test_where_there_is_one_for_each_key_each_has_one(desk: Open) -> None:
    ours = desk(PressApi())
    both_are_lost(ours, "cut after", "cut after")
    look(ours, "one")
    for each in ours.api.messages:
        each.hidden = 0

    found = [publish(ours, key=key) for key in ("one", "two")]

    assert [each.deliveries[0].vendor_id for each in found] == ["1", "2"]
    assert [len(each.deliveries) for each in found] == [1, 1]
    assert [look(ours, key).deliveries for key in ("one", "two")] == [
        each.deliveries for each in found
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "is_like"),
    [
        ({}, {}, True),
        ({"text": "a  b"}, {"text": "a b"}, True),
        ({"text": "a"}, {"text": "b"}, False),
        ({"at": NOW + timedelta(days=1)}, {}, False),
        ({"at": NOW + timedelta(hours=1)}, {}, True),
        ({"at": "auto"}, {"at": NOW + timedelta(days=9)}, True),
    ],
)
def test_what_may_be_taken_for_one_another(
    ours: dict[str, Any], theirs: dict[str, Any], is_like: bool
) -> None:
    first, second = (
        Sending(
            consignment=Consignment(draft=attrs.evolve(draft(), **each)), sent_at=NOW
        )
        for each in (ours, theirs)
    )

    assert first.is_like(second) is second.is_like(first) is is_like


@pytest.mark.parametrize("first", [None, "one"])
def test_what_was_handed_out_is_not_taken_for_what_has_no_key(
    desk: Open, first: str | None
) -> None:
    ours = desk(faulty("cut after", "cut before", "cut before"))
    publish(ours, key=first)

    for key in (None, "two"):
        with pytest.raises(OutcomeUnknown, match="it is not there yet"):
            publish(ours, key=key)


def test_what_is_claimed_without_a_key_is_handed_out_at_once(desk: Open) -> None:
    ours = desk(PressApi())
    memory = Memory(ours.port, ours.ledger, ours.handed)
    sending = Sending(consignment=Consignment(draft=draft()), sent_at=NOW)
    entry = begun(draft(), adapter="toy", key="", content={}, now=NOW).sent(sending)
    found = [Delivery(profile=FIRST, state="sent", vendor_id="1")]

    shares = [run(ours.port, memory.claim(entry, sending, found)) for _ in range(2)]

    assert [each.entry.states for each in shares] == [("sent",), ("unknown",)]


def test_what_a_good_answer_handed_out_is_not_taken_for_another(desk: Open) -> None:
    ours = desk(faulty("ok", "cut before"))
    publish(ours, key=None)

    with pytest.raises(OutcomeUnknown, match="it is not there yet"):
        publish(ours, key="two")


def test_without_a_key_several_profiles_are_found_one_by_one(desk: Open) -> None:
    ours = desk(faulty("cut after"))
    ours.api.before = lambda: None
    ours.api.after = lambda: setattr(ours.api.messages[1], "hidden", 2)

    found = publish(ours, draft("hello", FIRST, SECOND), None)

    assert states(found) == [("p1", "scheduled"), ("p2", "scheduled")]


def test_an_id_within_another_text_claims_nothing(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours, draft("2 is a number"), "one")
    ours.api.faults.append("cut after")

    assert states(publish(ours, key="two")) == [("p1", "scheduled")]


class Curious(Press):
    """Asks once more after it has published."""

    def publish(self, consignment: Consignment) -> Flow[Publication]:
        found = yield from super().publish(consignment)
        yield from ask(get("look", "nothing"), Receipt)
        return found


def test_an_error_after_it_was_published_refuses_nothing(desk: Open) -> None:
    ours = desk(faulty(), adapter=Curious())
    ours.api.broken.add("nothing")

    found = publish(ours)

    assert states(found) == [("p1", "scheduled")]
    assert ours.api.calls == ["POST messages", "GET nothing", "POST search"]


class Picky(Press):
    """Finds the refusal in a good answer."""

    def publish(self, consignment: Consignment) -> Flow[Publication]:
        yield from super().publish(consignment)
        raise Rejected("it says no")


def test_a_refusal_in_a_good_answer_is_one(desk: Open) -> None:
    ours = desk(PressApi(), adapter=Picky())

    with pytest.raises(Rejected, match="it says no"):
        publish(ours)

    assert ours.ledger.entries() == []


# -- found twice -------------------------------------------------------------------


def test_what_is_there_twice_is_told(desk: Open) -> None:
    found = publish(desk(faulty("cut after", times=2)))

    assert states(found) == [("p1", "scheduled"), ("p1", "scheduled")]
    assert found.notes == ("by x", "x:handle1 has it 2 times")


def test_a_spare_one_is_withdrawn_where_the_caller_allows_it(desk: Open) -> None:
    ours = desk(faulty("cut after", times=2))

    found = publish(ours, remove_spare=True)

    assert states(found) == [("p1", "scheduled"), ("p1", "deleted")]
    assert [each.id for each in ours.api.at("p1")] == ["1"]
    assert "withdrawn" in (found.deliveries[1].reason or "")
    assert publish(ours) == found


def test_what_is_out_stays_and_the_other_one_goes(desk: Open) -> None:
    ours = desk(faulty("cut after", times=2))
    publish(ours)
    ours.api.messages[1].state = "SENT"

    found = look(ours, remove_spare=True)

    assert states(found) == [("p1", "deleted"), ("p1", "sent")]


def test_a_spare_one_that_cannot_be_withdrawn_is_told(desk: Open) -> None:
    class Firm(Press):
        def withdraw(self, delivery: Delivery) -> Flow[None]:
            raise Unsupported("never")

    ours = desk(faulty("cut after", times=2), adapter=Firm())

    found = publish(ours, remove_spare=True)

    assert states(found) == [("p1", "scheduled"), ("p1", "scheduled")]
    assert found.notes[-1] == "the spare 2 could not be withdrawn: never"
