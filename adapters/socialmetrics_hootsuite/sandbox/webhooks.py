"""What the service would deliver: bodies only, nothing leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from socialmetrics_hootsuite.sandbox.keys import CLIENT_ID
from socialmetrics_hootsuite.sandbox.outbox import Message
from socialmetrics_hootsuite.sandbox.refusal import Json
from socialmetrics_hootsuite.sandbox.wire import stamp_ms

_FIRST: Final = 1_684_272_788_542


class Webhooks:
    """Renders deliveries. Every event has its own `seq_no`; pings have none."""

    def __init__(self) -> None:
        self._count = 0

    def ping(self) -> list[Json]:
        """What asks whether an address answers."""
        return [{"type": "com.hootsuite.ping.event.v1", "data": {}}]

    def message(self, message: Message, state: str, at: datetime) -> list[Json]:
        """One event about a message: only ids, and its state."""
        profile = message.profile
        is_owned = profile.owner == "ORGANIZATION"
        organization = {"id": profile.owner_id} if is_owned else None
        told: Json = {"organization": organization, "message": {"id": message.id}}
        return self._event("messages", state, told, at)

    def comment(
        self, comment: str, state: str, organization: str, at: datetime
    ) -> list[Json]:
        """One event about a comment in the approval flow."""
        told: Json = {"organization": {"id": organization}, "comment": {"id": comment}}
        return self._event("comments", state, told, at)

    def app(self, state: str, member: str, at: datetime) -> list[Json]:
        """A member installed the app (`INSTALLED`), or took it away."""
        told: Json = {"app": {"id": CLIENT_ID}, "member": {"id": member}}
        return self._event("apps", state, told, at)

    def _event(self, kind: str, state: str, told: Json, at: datetime) -> list[Json]:
        self._count += 1
        return [
            {
                "seq_no": str(_FIRST + self._count),
                "type": f"com.hootsuite.{kind}.event.v1",
                "data": {"state": state, **told, "timestamp": stamp_ms(at)},
            }
        ]
