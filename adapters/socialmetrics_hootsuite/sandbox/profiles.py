"""The profiles that the service knows, and the people and companies around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.world import World

TYPES: Final[Mapping[str, str]] = {
    "x": "TWITTER",
    "facebook": "FACEBOOKPAGE",
    "instagram": "INSTAGRAMBUSINESS",
    "linkedin": "LINKEDINCOMPANY",
    "youtube": "YOUTUBECHANNEL",
    "pinterest": "PINTEREST",
    "threads": "THREADS",
    "tiktok": "TIKTOKBUSINESS",
    "bluesky": "BLUESKY",
}
_PERSONAL: Final = {"instagram": "INSTAGRAM", "linkedin": "LINKEDIN"}
PUBLISHABLE: Final = (
    "TWITTER", "FACEBOOKPAGE", "INSTAGRAM", "LINKEDIN", "LINKEDINCOMPANY", "PINTEREST",
    "THREADS",
)  # fmt: skip
_FIRST: Final = 139_000_001
_STEP: Final = 17


@attrs.frozen(kw_only=True)
class SocialProfile:
    """A profile as the service lists it. `owner_id` is a member or an organization."""

    id: str
    type: str
    account: Account
    owner: str
    owner_id: str

    @property
    def native_id(self) -> str:
        """The network's own id of the account."""
        return self.account.ref.native_id


def profiles(world: World) -> Iterator[SocialProfile]:
    """Every profile of the networks that the service supports.

    The second account of Instagram and of LinkedIn is a person's, and belongs to the
    member instead of the organization.
    """
    seen: dict[str, int] = {}
    for account in world.profiles:
        network = account.network
        if network not in TYPES:
            continue
        seen[network] = seen.get(network, 0) + 1
        is_personal = network in _PERSONAL and seen[network] == 2
        yield SocialProfile(
            id=profile_id(account),
            type=(_PERSONAL if is_personal else TYPES)[network],
            account=account,
            owner="MEMBER" if is_personal else "ORGANIZATION",
            owner_id=member_id(world) if is_personal else str(account.customer),
        )


def profile_id(account: Account) -> str:
    """The service's id of a profile."""
    return str(_FIRST + _STEP * account.index)


def member_id(world: World) -> str:
    """The id of the member who installed the app."""
    return str(world.users[0].id)


def organization_ids(world: World) -> tuple[str, ...]:
    """The ids of the member's organizations."""
    return tuple(str(customer.id) for customer in world.customers)
