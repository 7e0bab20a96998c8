"""Nothing is published twice, and every profile is told of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from socialmetrics.course import Options
from socialmetrics.errors import (
    InvalidQuery,
    Rejected,
    Unavailable,
    Unreachable,
)
from socialmetrics.model import (
    Media,
)
from socialmetrics.port import Lost
from socialmetrics.pull import Progress
from tests.core.ports import Outcome, run, scripted
from tests.core.press import (
    FIRST,
    FULL,
    PHOTO,
    SECOND,
    THIRD,
    Open,
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


def test_a_profile_that_the_receipt_does_not_name_is_in_it(desk: Open) -> None:
    found = publish(desk(faulty("mute")))

    assert states(found) == [("p1", "left out")]
    assert (
        found.deliveries[0].reason == "the vendor's receipt does not name this profile"
    )


# -- looking again -----------------------------------------------------------------


def test_looking_again_tells_the_present_state_and_keeps_it(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours, draft("hello", FIRST, SECOND))
    ours.api.messages[0].state = "SENT"
    ours.api.messages.pop()

    found = look(ours)

    assert states(found) == [("p1", "sent"), ("p2", "scheduled")]
    assert publish(ours, draft("hello", FIRST, SECOND)) == found


def test_what_broke_at_the_vendor_can_be_sent_again(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.api.messages[0].state = "BROKEN"

    before, after = look(ours), publish(ours, again="failed")

    assert states(before) == [("p1", "failed")]
    assert [each.vendor_id for each in after.deliveries] == ["2"]


def test_nothing_is_known_of_a_key_that_was_not_used(desk: Open) -> None:
    with pytest.raises(
        InvalidQuery, match=r"ledger.db' remembers no publication of toy"
    ):
        look(desk(PressApi()))
