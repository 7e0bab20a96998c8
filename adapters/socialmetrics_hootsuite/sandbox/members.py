"""The member, organizations and profiles, as the service lists them."""

from __future__ import annotations

from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.profiles import SocialProfile
from socialmetrics_hootsuite.sandbox.refusal import Json, refuse
from socialmetrics_hootsuite.sandbox.service import Pairs, Service
from socialmetrics_hootsuite.sandbox.wire import stamp

_ZONE = "America/New_York"


def me(service: Service, caller: Caller) -> Json:
    """The member whom the token stands for."""
    if caller.member_id is None:
        refuse(1202)
    return member(service, caller, caller.member_id)


def member(service: Service, caller: Caller, number: str) -> Json:
    """A member; nobody but oneself may be seen."""
    if number != caller.member_id:
        refuse(1202)
    user = next(one for one in service.world.users if str(one.id) == number)
    is_old = service.options.vintage == "2017"
    return {
        "data": {
            "id": number,
            "email": user.email,
            "isActive": True,
            "createdDate": stamp(service.world.start),
            "modifiedDate": stamp(service.world.start),
            "fullName": f"{user.first_name} {user.last_name}",
            "companyName": service.world.customers[0].name,
            "bio": "",
            "defaultTimezone" if is_old else "timezone": _ZONE,
            "language": "en",
        }
    }


def organizations(service: Service) -> Json:
    """The member's organizations."""
    is_old = service.options.vintage == "2017"
    return {
        "data": [
            {"id": str(one.id)}
            if is_old
            else {"id": str(one.id), "name": one.name, "logoUrl": None}
            for one in service.world.customers
        ]
    }


def ids(service: Service) -> Json:
    """The member's profiles, their ids only."""
    return {"data": [{"id": number} for number in service.profiles]}


def ad_accounts(pairs: Pairs) -> Json:
    """Accounts for paid posts: there are none, in the shape of their own."""
    if "organization_id" not in dict(pairs):
        refuse(4000)
    return {"ad_accounts": []}


def everyone(service: Service) -> Json:
    """Every profile that the member can reach."""
    return {"data": [_told(service, one) for one in service.profiles.values()]}


def one(service: Service, number: str) -> Json:
    """One profile."""
    return {"data": _told(service, service.profile(number))}


def teams(service: Service, number: str) -> Json:
    """The teams of a profile."""
    is_shared = service.profile(number).owner == "ORGANIZATION"
    return {"data": [{"id": team.id} for team in service.world.teams if is_shared]}


def _told(service: Service, profile: SocialProfile) -> Json:
    account = profile.account
    is_old = service.options.vintage == "2017"
    is_silent = profile.type == "TWITTER" and not is_old
    picture = f"https://pictures.example/{profile.id}.png"
    told: Json = {
        "id": profile.id,
        "type": profile.type,
        "socialNetworkId": profile.native_id,
        "socialNetworkUsername": None if is_silent else account.handle or account.name,
        "avatarUrl": None if is_silent else picture,
        "owner": profile.owner,
    }
    if is_old:
        return told
    is_broken = profile.id in service.options.reauth
    return {**told, "ownerId": profile.owner_id, "isReauthRequired": int(is_broken)}
