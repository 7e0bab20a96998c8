"""Every operation, alike in both clients."""

from __future__ import annotations

import asyncio
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from socialmetrics.adapter import Adapter
from socialmetrics.connections import connect, connect_async
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    OutcomeUnknown,
    PermissionDenied,
    Unsupported,
)
from socialmetrics.model import Draft, Issue, Ref, Topic
from socialmetrics.plan import Plan, ProfilesPart
from socialmetrics.pull import Progress
from socialmetrics.wire import Flow
from tests.conftest import Fetch
from tests.core.conftest import Vendor
from tests.core.toy import NOW, WEEK, PostsPart, Toy, get, profile
from tests.core.toy_api import TOKEN, told

TOPIC = Topic(vendor_id="7", name="T")


def test_profiles(toy: Fetch, vendor: Vendor) -> None:
    profiles = toy.items(lambda client: client.profiles())

    assert profiles == [profile(1), profile(2), profile(3)]


def test_topics(toy: Fetch) -> None:
    assert toy.items(lambda client: client.topics()) == [TOPIC]


def test_posts_of_one_profile(toy: Fetch) -> None:
    posts = toy.items(lambda client: client.posts("@handle1", WEEK))

    assert [post.ref for post in posts] == [Ref("x", "p1-1"), Ref("x", "p1-2")]


def test_messages_that_the_vendor_lacks_are_refused_unsent(
    toy: Fetch, vendor: Vendor
) -> None:
    with pytest.raises(Unsupported, match="it has no inbox"):
        toy.items(lambda client: client.messages(None, WEEK))

    assert vendor.api.calls == []


def test_metrics_of_profiles(toy: Fetch) -> None:
    series = toy.value(
        lambda client: client.metrics(["p1", "p2"], ["likes", "saves"], WEEK, by="day")
    )

    assert len(series) == 14
    assert [each.metric for each in series.missing] == ["saves"]
    assert series.issues == (Issue(path="$", problem="nothing really"),)
    assert {point.source.endpoint for point in series} == {"metrics"}
    assert {point.source.vendor for point in series} == {"toy"}


def test_an_error_takes_along_what_had_come_before_it(
    toy: Fetch, vendor: Vendor
) -> None:
    vendor.api.faults.append(told({"error": "not yours", "code": "E403"}, 403))

    with pytest.raises(PermissionDenied) as caught:
        toy.value(lambda client: client.metrics([profile(1)], ["likes", "saves"], WEEK))

    assert caught.value.partial is not None
    assert len(caught.value.partial) == 0
    assert [each.metric for each in caught.value.partial.missing] == ["saves"]


def test_a_plan_costs_nothing_but_finding_who_is_meant(
    toy: Fetch, vendor: Vendor
) -> None:
    plan = toy.value(lambda client: client.plan(profile(1), ["likes"], WEEK))

    assert plan.requests == 1
    assert plan.available == ("likes",)
    assert vendor.api.calls == []


def test_topic_messages(toy: Fetch) -> None:
    messages = toy.items(lambda client: client.topic_messages(TOPIC, WEEK))

    assert [message.vendor_id for message in messages] == ["T"]


def test_topic_metrics(toy: Fetch) -> None:
    series = toy.value(
        lambda client: client.topic_metrics(TOPIC, ["mentions_volume"], WEEK)
    )

    assert [point.subject for point in series] == [TOPIC.ref]


def test_publishing_gives_a_receipt(toy: Fetch, vendor: Vendor) -> None:
    draft = Draft(text="hello", profiles=[profile(1)])

    receipt = toy.value(lambda client: client.publish(draft))

    assert [each.state for each in receipt.deliveries] == ["sent"]
    assert vendor.api.calls == [("POST", "/v1/publish")]


def test_publishing_is_never_repeated(toy: Fetch, vendor: Vendor) -> None:
    vendor.api.faults.append(told({}, 503))

    with pytest.raises(OutcomeUnknown, match="it may have been done"):
        toy.value(
            lambda client: client.publish(Draft(text="hello", profiles=[profile(1)]))
        )

    assert len(vendor.api.calls) == 1


def test_a_vendor_only_call_is_run_by_hand(toy: Fetch) -> None:
    answer = toy.value(lambda client: client.run(client.adapter.lookup("account")))

    assert answer == "acc 1/ü"


def test_a_stream_is_run_to_the_list_of_its_items(toy: Fetch) -> None:
    part = PostsPart(profile=profile(2))

    posts = toy.value(lambda client: client.run(client.adapter.read(part)))

    assert [post.vendor_id for post in posts] == ["p2-1", "p2-2"]


def test_one_part_can_be_read_by_itself(toy: Fetch) -> None:
    posts = toy.items(lambda client: client.read(PostsPart(profile=profile(2))))
    profiles = toy.items(lambda client: client.read(ProfilesPart()))

    assert [post.vendor_id for post in posts] == ["p2-1", "p2-2"]
    assert len(profiles) == 3


def test_a_part_is_read_after_a_journey(toy: Fetch) -> None:
    plan = toy.value(lambda client: client.plan("p1", ["likes"], WEEK))

    (part,) = pickle.loads(pickle.dumps(plan.parts))  # noqa: S301 - our own
    (block,) = toy.items(lambda client: client.read(part))

    assert [point.value for point in block] == list(range(2, 9))


@pytest.mark.parametrize("given", [5, None, "posts", Plan[object](parts=())])
def test_only_parts_can_be_read(toy: Fetch, given: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"is no part of a plan"):
        toy.items(lambda client: client.read(given))


@pytest.mark.parametrize("given", ["hello", None, profile(1)])
def test_only_drafts_are_published(toy: Fetch, vendor: Vendor, given: Any) -> None:
    with pytest.raises(InvalidQuery, match="is no Draft"):
        toy.value(lambda client: client.publish(given))

    assert vendor.api.calls == []


@pytest.mark.parametrize("given", [None, 5, Toy().lookup])
def test_only_flows_are_run(toy: Fetch, given: Any) -> None:
    wrong: Flow[str] = given

    with pytest.raises(InvalidQuery, match=r"is no flow; call a method"):
        toy.value(lambda client: client.run(wrong))


def test_nothing_is_sent_before_the_first_item(vendor: Vendor) -> None:
    with connect(Toy, token=TOKEN, base_url=vendor.url) as client:
        posts = client.posts([profile(1)], WEEK)
        messages = client.topic_messages(TOPIC, WEEK)
        sent = len(vendor.api.calls)
        next(posts)
        next(messages)

    assert sent == 0
    assert vendor.api.asked == {"/v1/p1/posts": 1, "/v1/topics": 1}


def test_a_blocking_client_refuses_at_once() -> None:
    with connect(Toy, token=TOKEN) as client:
        for window in (None, "2026-03-02"):
            wrong: Any = window
            with pytest.raises(InvalidQuery, match="is no Window"):
                client.posts([profile(1)], wrong)


async def test_an_asynchronous_client_refuses_at_the_first_item() -> None:
    wrong: Any = None
    async with connect_async(Toy, token=TOKEN) as client:
        posts = client.posts([profile(1)], wrong)

        with pytest.raises(InvalidQuery, match="is no Window"):
            await anext(posts)


async def test_closing_twice_does_no_harm(vendor: Vendor) -> None:
    with connect(Toy, token=TOKEN, base_url=vendor.url) as blocking:
        list(blocking.profiles())
        blocking.close()
    async with connect_async(Toy, token=TOKEN, base_url=vendor.url) as asynchronous:
        _ = [each async for each in asynchronous.profiles()]
        await asynchronous.aclose()

    assert len(vendor.api.calls) == 2


def test_progress_is_told_for_figures_too(toy: Fetch) -> None:
    seen: list[Progress] = []

    toy.value(
        lambda client: client.metrics("p1", ["likes"], WEEK, progress=seen.append)
    )

    assert [(each.rows, each.done, each.planned) for each in seen] == [
        (7, 0, 1),
        (7, 1, 1),
    ]
    assert {each.operation for each in seen} == {"metrics"}


def test_bad_arguments_are_refused_alike(toy: Fetch, vendor: Vendor) -> None:
    with pytest.raises(InvalidQuery, match="is one string"):
        toy.value(lambda client: client.metrics(None, "likes", WEEK))

    assert vendor.api.calls == []


def test_a_wrong_token_is_refused_by_name(fetch: Fetch, vendor: Vendor) -> None:
    client = fetch.by(Toy, token="wrong-token-9", base_url=vendor.url)

    with pytest.raises(AuthRefused) as caught:
        client.items(lambda client: client.profiles())

    assert (caught.value.status, caught.value.code) == (401, "E401")
    assert "wrong-token" not in f"{caught.value!r}{caught.value.__dict__}"


def test_an_oauth_client_gets_its_token_by_itself(fetch: Fetch, vendor: Vendor) -> None:
    client = fetch.by(Toy, client_secret="right", base_url=vendor.url)

    profiles = client.items(lambda client: client.profiles())

    assert len(profiles) == 3
    assert vendor.api.calls[0] == ("POST", "/token")


@pytest.mark.parametrize("strict", [False, True])
def test_answers_know_whether_they_are_read_strictly(
    fetch: Fetch, vendor: Vendor, strict: bool
) -> None:
    def flow() -> Flow[bool]:
        return (yield get("profiles", "profiles")).strict

    client = fetch.by(Toy, token=TOKEN, base_url=vendor.url, strict=strict)

    assert client.value(lambda client: client.run(flow())) is strict


def test_capabilities_are_the_declarations(toy: Fetch) -> None:
    assert toy.value(lambda client: client.capabilities()) == Toy.capabilities()


def test_a_client_shows_its_vendor_and_no_credential(vendor: Vendor) -> None:
    with connect(Toy, token=TOKEN, base_url=vendor.url) as client:
        assert repr(client) == "<Client of toy>"
        assert isinstance(client.adapter, Adapter)


def test_a_blocking_client_is_shared_between_threads(vendor: Vendor) -> None:
    with (
        connect(Toy, token=TOKEN, base_url=vendor.url) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        calls = [pool.submit(lambda: list(client.profiles())) for _ in range(40)]
        counts = [len(call.result(10)) for call in calls]

    assert counts == [3] * 40


async def test_a_blocking_client_works_inside_an_event_loop(vendor: Vendor) -> None:
    with connect(Toy, token=TOKEN, base_url=vendor.url) as client:
        series = client.metrics(None, ["likes"], WEEK)

    assert len(series) == 21


def test_a_closed_blocking_client_says_so(vendor: Vendor) -> None:
    client = connect(Toy, token=TOKEN, base_url=vendor.url)
    client.close()

    with pytest.raises(InvalidQuery, match="toy profiles: the client is closed"):
        list(client.profiles())


async def test_a_closed_asynchronous_client_says_so(vendor: Vendor) -> None:
    client = connect_async(Toy, token=TOKEN, base_url=vendor.url)
    await client.aclose()

    with pytest.raises(InvalidQuery, match="the client is closed"):
        _ = [profile async for profile in client.profiles()]


def test_leaving_the_client_ends_a_pull_that_waits_for_its_turn(
    vendor: Vendor,
) -> None:
    client = connect(Toy, token=TOKEN, base_url=vendor.url, budget=[(1, 3600.0)])
    list(client.profiles())
    errors: list[Exception] = []

    def wait() -> None:
        try:
            list(client.profiles())
        except InvalidQuery as err:
            errors.append(err)

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(0.05)
    was_waiting = waiting.is_alive()
    client.close()
    waiting.join(2)

    assert was_waiting
    assert "the client is closed" in str(errors[0])


async def test_a_cancelled_task_leaves_the_client_usable(vendor: Vendor) -> None:
    async with connect_async(Toy, token=TOKEN, base_url=vendor.url) as client:
        for steps in range(30):
            task = asyncio.ensure_future(client.metrics("p1", ["likes"], WEEK))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        series = await client.metrics("p1", ["likes"], WEEK)

    assert len(series) == 7


def test_ages_are_measured_by_the_clock_that_is_given(vendor: Vendor) -> None:
    with connect(Toy, token=TOKEN, base_url=vendor.url, clock=lambda: NOW) as client:
        series = client.metrics(profile(1), ["likes"], WEEK)

    assert {point.source.fetched_at for point in series} == {NOW}
