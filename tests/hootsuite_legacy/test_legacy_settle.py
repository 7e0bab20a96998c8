"""What can be read back of a post in doubt: tweets, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from socialmetrics.errors import Unsupported
from socialmetrics.model import Consignment, Delivery, Draft, Ref
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy.settle import settle
from socialmetrics_hootsuite.legacy.streams import VendorStream
from tests.hootsuite_legacy.driving_legacy import (
    NOW,
    Vendor,
    profile,
    response,
    snowflake,
    tweet,
)
from tests.sprout.driving import result

X, OTHER = profile(11), profile(12)
PAGE = profile(22, "facebook")
SECOND = int(NOW.timestamp())
SENT = VendorStream("11", "SENT")
OTHERS = VendorStream("12", "SENT")


def settled(vendor: Vendor, **change: Any) -> tuple[Delivery, ...]:
    told: dict[str, Any] = {"text": "Hello & welcome", "profiles": (X,), **change}
    return result(settle(Consignment(draft=Draft(**told)), NOW), vendor)


def test_the_tweet_is_found_by_its_text() -> None:
    rows = [
        tweet(SECOND + 2, 2, text="Something else"),
        tweet(SECOND + 1, 1, text="Hello &amp; welcome"),
        tweet(SECOND - 9000, 0, text="Hello & welcome"),
    ]

    (found,) = settled(Vendor({SENT: rows}))

    native = str(snowflake(SECOND + 1, 1))
    assert found == Delivery(
        profile=X,
        state="sent",
        ref=Ref("x", native),
        at=NOW + timedelta(seconds=1),
    )


def test_the_ids_of_x_and_of_hootsuite_are_kept_apart() -> None:
    rows = [tweet(SECOND, text="Hello & welcome")]

    (found,) = settled(Vendor({SENT: rows}))

    assert found.vendor_id is None
    assert found.ref == Ref("x", str(snowflake(SECOND)))


def test_an_equal_tweet_from_before_is_not_ours() -> None:
    rows = [tweet(SECOND - 10, text="Hello & welcome")]

    assert settled(Vendor({SENT: rows})) == ()


@pytest.mark.parametrize("ahead", [-5400, -60, 0, 60, 5400])
def test_a_wrong_clock_neither_hides_a_tweet_nor_takes_an_older_one(ahead: int) -> None:
    rows = [
        tweet(SECOND + ahead + 1, 1, text="Hello & welcome"),
        tweet(SECOND + ahead - 10, 0, text="Hello & welcome"),
    ]
    vendor = Vendor({SENT: rows})
    clock = format_datetime(NOW + timedelta(seconds=ahead), usegmt=True)

    def server(request: Request) -> object:
        return response(request, vendor(request), headers={"date": clock})

    consignment = Consignment(draft=Draft(text="Hello & welcome", profiles=(X,)))
    (found,) = result(settle(consignment, NOW), server)

    assert found.at == NOW + timedelta(seconds=ahead + 1)


def test_nothing_is_found_where_nothing_is() -> None:
    assert settled(Vendor({SENT: []})) == ()
    assert settled(Vendor({SENT: [tweet(SECOND, text=None)]})) == ()


def test_a_tweet_that_is_there_twice_is_found_twice() -> None:
    rows = [tweet(SECOND + n, text="Hello & welcome") for n in (5, 0)]

    assert len(settled(Vendor({SENT: rows}))) == 2


def test_every_profile_is_looked_at() -> None:
    mine = [tweet(SECOND, 1, text="Hello & welcome")]
    vendor = Vendor({SENT: [], OTHERS: mine})

    found = settled(vendor, profiles=(X, OTHER))

    assert [each.profile for each in found] == [OTHER]


def test_of_several_networks_the_tweets_are_found() -> None:
    rows = [tweet(SECOND, text="Hello & welcome")]

    found = settled(Vendor({SENT: rows}), profiles=(PAGE, X))

    assert [each.profile for each in found] == [X]


def test_links_that_were_shortened_are_the_same() -> None:
    rows = [tweet(SECOND, text="Look:  https://t.co/abc now")]

    (found,) = settled(Vendor({SENT: rows}), text="Look: http://shop.example/p/1 now")

    assert found.state == "sent"


def test_nothing_but_a_link_is_not_recognized() -> None:
    rows = [tweet(SECOND, text="https://t.co/abc")]

    assert settled(Vendor({SENT: rows}), text="https://shop.example/p/1") == ()
    assert len(settled(Vendor({SENT: rows}), text="https://t.co/abc")) == 1


@pytest.mark.parametrize(
    "change", [{"at": NOW + timedelta(days=1)}, {"at": "auto"}, {"profiles": (PAGE,)}]
)
def test_anything_else_cannot_be_read_back(change: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match="only what was sent at once on X"):
        settled(Vendor({}), **change)
