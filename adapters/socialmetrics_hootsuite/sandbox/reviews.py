"""Approval: one step after the other, each with its own number."""

from __future__ import annotations

from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.listing import one
from socialmetrics_hootsuite.sandbox.orders import Decision, Rejection, read
from socialmetrics_hootsuite.sandbox.outbox import Message
from socialmetrics_hootsuite.sandbox.refusal import Json, invalid, refuse
from socialmetrics_hootsuite.sandbox.service import Service
from socialmetrics_hootsuite.sandbox.wire import stamp_ms

_NOT_WAITING = "Message is not awaiting approval"


def approve(service: Service, caller: Caller, number: str, raw: bytes) -> Json:
    """Passes one step; after the last one the message goes out at its time, or now."""
    message = _decided(service, caller, number, read(raw, Decision))
    message.steps -= 1
    service.record(message, "APPROVE")
    if message.steps:
        message.sequence = (message.sequence or 0) + 1
        return {"data": {}}
    if message.at is None:
        message.at = service.now()
    return {"data": {}}


def reject(service: Service, caller: Caller, number: str, raw: bytes) -> Json:
    """Ends a message; a reason is required."""
    decision = read(raw, Rejection)
    if not decision.reason:
        invalid("reason is required")
    message = _decided(service, caller, number, decision)
    message.reason = decision.reason
    service.record(message, "REJECT")
    return {"data": {}}


def history(service: Service, number: str) -> Json:
    """What happened to a message; refused for those that never needed approval."""
    message = one(service, number)
    if message.sequence is None:
        refuse(4000, _NOT_WAITING)
    actions = [
        {
            "actorType": each.actor,
            "actorId": each.actor_id,
            "actionType": each.kind,
            "timestamp": stamp_ms(each.at),
        }
        for each in (*message.actions, *service.ending(message))
    ]
    return {"data": {"actions": actions}}


def _decided(
    service: Service, caller: Caller, number: str, decision: Decision
) -> Message:
    message = one(service, number)
    if service.outbox.state(message) != "PENDING_APPROVAL":
        refuse(4000, _NOT_WAITING)
    if decision.reviewer_type == "MEMBER" and caller.member_id != message.reviewer:
        refuse(4003)
    if decision.sequence_number != message.sequence:
        invalid(f"sequenceNumber {decision.sequence_number} is not the current one")
    return message
