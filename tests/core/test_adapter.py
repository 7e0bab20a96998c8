"""An adapter says what it can do in its class body, once for everybody."""

from __future__ import annotations

import inspect
import pickle
from typing import TypeVar

import attrs
import pytest

from socialmetrics.adapter import OPERATIONS, Adapter, unsupported
from socialmetrics.errors import Unsupported
from socialmetrics.model import Consignment, Delivery, Draft, Topic
from socialmetrics.plan import Part, Plan, ProfilesPart, TopicsPart
from socialmetrics.wire import Flow
from tests.core.toy import (
    NOW,
    READINGS,
    WEEK,
    FiguresPart,
    PostsPart,
    TopicMessagesPart,
    TopicMetricsPart,
    Toy,
    profile,
)

T = TypeVar("T")


class Bare(Adapter):
    """An adapter that declares nothing."""

    name = "bare"


def test_capabilities_are_what_the_class_body_declares() -> None:
    found = Toy.capabilities()

    told = {each.operation: each for each in found.operations}
    assert tuple(told) == OPERATIONS
    assert told["posts"].supported
    assert told["posts"].detail == "posts with pages"
    assert not told["messages"].supported
    assert told["messages"].detail == "it has no inbox"
    assert told["messages"].alternatives == ("another tool",)
    assert [each.metric for each in found.metrics] == [e.metric for e in READINGS]
    assert found.vendor == "toy"


def test_an_adapter_offers_nothing_that_it_does_not_declare() -> None:
    found = Bare.capabilities()

    assert {each.supported for each in found.operations} == {False}
    assert {each.detail for each in found.operations} == {
        "this adapter does not offer it"
    }
    assert found.metrics == ()
    assert Bare().readings(profile(1), WEEK, WEEK.first_day) == ()


@pytest.mark.parametrize(
    "name", [*OPERATIONS, *(f"plan_{name}" for name in OPERATIONS)]
)
def test_what_is_not_offered_is_refused_when_it_is_called(name: str) -> None:
    method = getattr(Bare(), name, None)
    if method is None:
        assert name in {"plan_profiles", "plan_topics"}
        return
    given = [None] * len(inspect.signature(method).parameters)

    with pytest.raises(Unsupported, match="bare: this adapter does not offer it"):
        method(*given)


def test_what_was_published_is_left_as_it_is_unless_an_adapter_does_more() -> None:
    delivery = Delivery(profile=profile(1), state="sent")
    consignment = Consignment(draft=Draft(text="hello", profiles=[profile(1)]))

    assert run_to_end(Bare().look((delivery,))) == (delivery,)
    assert run_to_end(Bare().prepare(consignment)) == consignment
    with pytest.raises(Unsupported, match="cannot be read back"):
        Bare().settle(consignment, NOW)
    with pytest.raises(Unsupported, match="nothing can be withdrawn"):
        Bare().withdraw(delivery)


def run_to_end(flow: Flow[T]) -> T:
    """The result of a flow that asks nothing."""
    with pytest.raises(StopIteration) as end:
        next(flow)
    result: T = end.value.value
    return result


@pytest.mark.parametrize("name", ["auth", "problem", "lookup", "from_credentials"])
def test_what_every_adapter_needs_is_its_own_to_write(name: str) -> None:
    method = getattr(Bare(), name)

    with pytest.raises(NotImplementedError):
        method(*[None] * len(inspect.signature(method).parameters))


def test_an_adapter_without_a_sandbox_says_so() -> None:
    with pytest.raises(Unsupported, match="brings no sandbox"):
        Bare.sandbox()


def test_an_unsupported_operation_says_who_can_do_it() -> None:
    class Mute(Bare):
        posts = unsupported("it only listens", "toy", "another")

    with pytest.raises(Unsupported, match="bare: it only listens") as caught:
        next(Mute().read(PostsPart(profile=profile(1))))

    assert caught.value.alternatives == ("toy", "another")


TOPIC = Topic(vendor_id="7", name="T")


@pytest.mark.parametrize(
    "part",
    [
        ProfilesPart(),
        TopicsPart(),
        PostsPart(profile=profile(1)),
        FiguresPart(subjects=(profile(1).ref,), readings=READINGS, window=WEEK),
        TopicMessagesPart(topic=TOPIC),
        TopicMetricsPart(topic=TOPIC, window=WEEK),
    ],
)
def test_a_part_travels_and_names_its_operation(part: Part[object]) -> None:
    found = pickle.loads(pickle.dumps(part))  # noqa: S301 - our own

    assert found == part
    assert found.operation in OPERATIONS
    assert inspect.isgenerator(Toy().read(found))


def test_a_plan_counts_its_requests() -> None:
    part = PostsPart(profile=profile(1), requests=3)

    assert Plan(parts=(part, attrs.evolve(part, requests=4))).requests == 7
    assert Plan[object](parts=()).requests == 0
