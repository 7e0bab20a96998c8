"""Nothing is published twice, and every profile is told of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from socialmetrics.course import Options
from socialmetrics.errors import (
    InvalidQuery,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unreachable,
)
from socialmetrics.ledger import Ledger
from socialmetrics.model import (
    Consignment,
    Media,
    Publication,
)
from socialmetrics.port import Lost
from socialmetrics.pull import Progress
from socialmetrics.wire import Flow
from tests.core.ports import Outcome, run, scripted
from tests.core.press import (
    FIRST,
    FULL,
    PHOTO,
    SECOND,
    THIRD,
    Open,
    Press,
    draft,
    faulty,
    look,
    publish,
    states,
)
from tests.core.press_api import PressApi
from tests.core.toy import NOW, profile

# -- once --------------------------------------------------------------------------


def test_the_same_draft_with_the_same_key_is_sent_once(desk: Open) -> None:
    ours = desk(PressApi())

    first = publish(ours, draft("hello", FIRST, SECOND))
    second = publish(ours, draft("hello", SECOND, FIRST))

    assert first == second
    assert states(first) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert (first.key, first.notes) == ("spring", ("by x",))
    assert (first.raw, second.raw) == ({"messages": 2}, {})
    assert ours.api.calls == ["POST messages"]


def test_a_key_is_known_after_a_restart(desk: Open) -> None:
    api = PressApi()

    first = publish(desk(api))
    second = publish(desk(api))

    assert first == second
    assert api.sent == 1


def test_without_a_key_nothing_is_remembered(desk: Open) -> None:
    ours = desk(PressApi())

    found = [publish(ours, key=None) for _ in range(2)]

    assert [each.key for each in found] == [None, None]
    assert ours.api.sent == 2
    assert not ours.path.exists()


def test_two_keys_are_two_publications(desk: Open) -> None:
    ours = desk(PressApi())

    found = [publish(ours, key=key) for key in ("one", "two")]

    assert [each.deliveries[0].vendor_id for each in found] == ["1", "2"]


def test_a_time_that_is_over_by_now_does_not_matter_to_what_was_published(
    desk: Open,
) -> None:
    ours = desk(PressApi())
    planned = draft(at=NOW + timedelta(seconds=60))
    first = publish(ours, planned)
    ours.port.time = 3600.0

    second = publish(ours, planned)

    assert second == first
    with pytest.raises(InvalidQuery, match="at= is over"):
        publish(ours, planned, "another")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"text": "other"}, "text"),
        ({"profiles": (SECOND,)}, "profiles"),
        ({"at": None}, "at"),
        ({"media": [attrs.evolve(PHOTO, content=b"2")]}, "media"),
        ({"media": [Media(vendor_id="m1", kind="photo")]}, "media"),
        ({"tags": ("b",)}, "tags"),
        ({"location": None}, "location"),
        ({"reply_to": None}, "reply_to"),
        ({"privacy": {}}, "privacy"),
        ({"notify": True}, "notify"),
        ({"extra": {"b": 2}, "text": "other"}, "text, extra"),
    ],
)
def test_a_key_is_for_one_draft(desk: Open, change: dict[str, Any], named: str) -> None:
    ours = desk(PressApi())
    publish(ours, FULL)

    with pytest.raises(InvalidQuery, match=f"2026-03-10 12:00 UTC.*different: {named}"):
        publish(ours, attrs.evolve(FULL, **change))

    assert ours.api.sent == 1


def test_a_key_is_for_one_address(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    there = attrs.evolve(ours.publisher, address="https://other.example")

    with pytest.raises(InvalidQuery, match="different: address"):
        run(ours.port, there.publish(draft(), "spring", Options()))
    with pytest.raises(InvalidQuery, match="was sent to another address"):
        run(ours.port, there.publication("spring", Options()))


def test_progress_is_told_for_each_request(desk: Open) -> None:
    told: list[Progress] = []

    publish(desk(PressApi()), draft("hello", FIRST, THIRD), progress=told.append)

    assert [(each.done, each.planned, each.rows) for each in told] == [
        (1, 2, 2),
        (2, 2, 2),
    ]


def test_what_shows_up_after_it_was_left_out_stands_alone(desk: Open) -> None:
    ours = desk(faulty("cut after", "partial", hidden=12), adapter=Sparing())
    with pytest.raises(OutcomeUnknown):
        publish(ours, draft("hello", SECOND))

    again = publish(ours, draft("hello", SECOND), again="unknown")

    assert states(again) == [("p2", "left out")]
    assert states(look(ours)) == [("p2", "scheduled")]


def test_whoever_is_told_of_the_progress_cannot_lose_the_receipt(desk: Open) -> None:
    told: list[Progress] = []

    def burst(now: Progress) -> None:
        told.append(now)
        raise ZeroDivisionError

    ours = desk(PressApi())
    found = publish(ours, draft("hello", FIRST, THIRD), None, progress=burst)

    assert states(found) == [("p1", "scheduled"), ("p3", "scheduled")]
    assert len(told) == 1
    assert found.notes[1] == "progress= raised ZeroDivisionError; it was not told more"


def test_a_time_that_passed_while_it_was_prepared_is_refused(desk: Open) -> None:
    ours = desk(PressApi())
    good = ours.port.handler

    def slow(*given: Any) -> Outcome:
        ours.port.time += 40
        return good(*given)

    ours.port.handler = slow
    with pytest.raises(InvalidQuery, match="at= is over"):
        publish(ours, draft(at=NOW + timedelta(seconds=30), media=[PHOTO]))

    assert ours.api.calls == ["POST media"]
    assert ours.ledger.entries() == []


def test_a_time_that_passed_leaves_the_unknown_as_it_is(desk: Open) -> None:
    ours = desk(faulty("cut before"))
    planned = draft(at=NOW + timedelta(seconds=30), media=[PHOTO])
    with pytest.raises(OutcomeUnknown):
        publish(ours, planned)
    before, good = ours.ledger.entries(), ours.port.handler

    def slow(*given: Any) -> Outcome:
        ours.port.time += 40 * (given[0].operation == "media")
        return good(*given)

    ours.port.handler, ours.port.time = slow, 0.0
    with pytest.raises(InvalidQuery, match="at= is over"):
        publish(ours, planned, again="unknown")

    assert ours.ledger.entries() == before
    assert ours.api.sent == 1


def test_a_time_that_passed_meanwhile_is_refused_for_the_rest(desk: Open) -> None:
    ours = desk(PressApi())

    def later() -> None:
        ours.port.time += 40

    ours.api.after = later
    whole = draft("hello", FIRST, THIRD, at=NOW + timedelta(seconds=30))
    found = publish(ours, whole)

    assert states(found) == [("p1", "scheduled"), ("p3", "failed")]
    assert found.deliveries[1].reason == "not sent: at= is over"
    assert ours.api.sent == 1


def test_the_answers_of_several_requests_are_kept(desk: Open) -> None:
    found = publish(desk(PressApi()), draft("hello", FIRST, THIRD))

    assert states(found) == [("p1", "scheduled"), ("p3", "scheduled")]
    assert found.raw == {"answers": [{"messages": 1}, {"messages": 1}]}
    assert found.notes == ("by x", "by facebook")


# -- in part, or not at all --------------------------------------------------------


def test_only_what_failed_is_sent_again(desk: Open) -> None:
    ours = desk(faulty("partial"))
    whole = draft("hello", FIRST, SECOND)

    first = publish(ours, whole)
    same = publish(ours, whole)
    second = publish(ours, whole, again="failed")

    assert first == same
    assert states(first) == [("p1", "scheduled"), ("p2", "failed")]
    assert states(second) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert [body["profiles"] for body in ours.api.bodies] == [["p1", "p2"], ["p2"]]


def test_a_draft_that_is_refused_leaves_its_key_free(desk: Open) -> None:
    ours = desk(faulty("refused"))

    with pytest.raises(Rejected, match="no such text"):
        publish(ours)
    found = publish(ours, draft("better"))

    assert states(found) == [("p1", "scheduled")]
    assert len(ours.ledger.entries()) == 1


def test_a_draft_without_a_key_that_is_refused_is_an_error(desk: Open) -> None:
    with pytest.raises(Rejected, match="no such text"):
        publish(desk(faulty("refused")), key=None)


def test_a_refused_request_does_not_keep_the_others(desk: Open) -> None:
    ours = desk(faulty("refused"))

    found = publish(ours, draft("hello", FIRST, THIRD))

    assert states(found) == [("p1", "failed"), ("p3", "scheduled")]
    assert found.deliveries[0].reason == "not sent: no such text"


def test_nothing_more_is_sent_to_a_vendor_that_is_not_there(desk: Open) -> None:
    ours = desk(PressApi())
    lost = Lost("no route", was_sent=False, is_final=True)
    good = ours.port.handler

    def first_only(*given: Any) -> Outcome:
        return lost if len(ours.port.sent) > 1 else good(*given)

    ours.port.handler = first_only
    whole = draft("hello", FIRST, THIRD, profile(4, "linkedin"))

    found = publish(ours, whole)

    assert states(found) == [("p1", "scheduled"), ("p3", "failed"), ("p4", "failed")]
    assert {each.reason for each in found.deliveries[1:]} == {"not sent: no route"}
    assert len(ours.port.sent) == 2
    ours.port.handler = good
    assert states(publish(ours, whole, again="failed"))[1:] == [
        ("p3", "scheduled"),
        ("p4", "scheduled"),
    ]


def test_a_vendor_that_is_not_there_at_all_is_an_error(desk: Open) -> None:
    ours = desk(PressApi())
    ours.port.handler = scripted(Lost("no route", was_sent=False, is_final=True))

    with pytest.raises(Unreachable, match="no route"):
        publish(ours)

    assert ours.ledger.entries() == []


def test_an_upload_that_fails_leaves_nothing_behind(desk: Open) -> None:
    ours = desk(PressApi())
    ours.port.handler = scripted((500, {}, b"{}"))

    with pytest.raises(Unavailable):
        publish(ours, FULL)

    assert ours.ledger.entries() == []


class Sparing(Press):
    """Its vendor says that it did nothing for the second profile."""

    def publish(self, consignment: Consignment) -> Flow[Publication]:
        found = yield from super().publish(consignment)
        spared = [
            attrs.evolve(each, state="left out") if each.state == "failed" else each
            for each in found.deliveries
        ]
        return attrs.evolve(found, deliveries=tuple(spared))


def test_what_the_vendor_left_out_is_sent_where_the_caller_says_so(desk: Open) -> None:
    ours = desk(faulty("partial"), adapter=Sparing())
    whole = draft("hello", FIRST, SECOND)

    first, same = publish(ours, whole), publish(ours, whole)
    second = publish(ours, whole, again="failed")

    assert first == same
    assert states(first) == [("p1", "scheduled"), ("p2", "left out")]
    assert states(second) == [("p1", "scheduled"), ("p2", "scheduled")]
    assert [body["profiles"] for body in ours.api.bodies] == [["p1", "p2"], ["p2"]]


# -- looking again -----------------------------------------------------------------


def test_looking_again_tells_the_present_state_and_keeps_it(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours, draft("hello", FIRST, SECOND))
    ours.api.messages[0].state = "SENT"
    ours.api.messages.pop()

    found = look(ours)

    assert states(found) == [("p1", "sent"), ("p2", "scheduled")]
    assert publish(ours, draft("hello", FIRST, SECOND)) == found


def test_a_ledger_that_must_not_be_written_tells_what_it_knows(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = desk(PressApi())
    first = publish(ours)
    ours.ledger.close()
    monkeypatch.setattr(Ledger, "is_read_only", True)

    assert look(ours) == first
    with pytest.raises(InvalidQuery, match="remembers no publication"):
        look(ours, "autumn")
    assert ours.api.calls == ["POST messages"]


def test_what_broke_at_the_vendor_can_be_sent_again(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.api.messages[0].state = "BROKEN"

    before, after = look(ours), publish(ours, again="failed")

    assert states(before) == [("p1", "failed")]
    assert [each.vendor_id for each in after.deliveries] == ["2"]


def test_what_failed_and_went_out_meanwhile_is_not_sent_again(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.api.messages[0].state = "BROKEN"
    look(ours)
    ours.api.messages[0].state = "SENT"

    found = publish(ours, again="failed")

    assert states(found) == [("p1", "sent")]
    assert publish(ours, again="failed") == found
    assert ours.api.sent == 1


def test_what_failed_is_not_sent_again_unseen(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.api.messages[0].state = "BROKEN"
    look(ours)
    ours.api.broken.add("look")

    with pytest.raises(NotFound, match="out of order"):
        publish(ours, again="failed")

    assert ours.api.sent == 1


def test_what_had_failed_is_not_taken_for_what_was_sent_again(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.api.messages[0].state = "BROKEN"
    look(ours)
    ours.api.faults.append("cut after")
    ours.api.hidden = 2

    found = publish(ours, again="failed")

    assert [(each.vendor_id, each.state) for each in found.deliveries] == [
        ("2", "scheduled")
    ]


def test_nothing_is_known_of_a_key_that_was_not_used(desk: Open) -> None:
    with pytest.raises(
        InvalidQuery, match=r"ledger.db' remembers no publication of toy"
    ):
        look(desk(PressApi()))
