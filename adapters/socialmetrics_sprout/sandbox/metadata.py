"""Who and what a customer has: profiles, tags, groups, users, topics, teams, queues."""

from __future__ import annotations

from collections.abc import Iterable

from socialmetrics.sandbox.people import Account, Topic
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import LINKS, NETWORK_TYPES, profile_id
from socialmetrics_sprout.sandbox.wire import stamp

Answer = dict[str, object] | list[object]


def _data(rows: Iterable[object]) -> Answer:
    return {"data": list(rows)}


def client(service: Service) -> Answer:
    """The customers that the token may see."""
    mine = service.customers
    return _data(
        {"customer_id": one.id, "name": one.name}
        for one in service.world.customers
        if one.id in mine
    )


def profiles(service: Service, customer: int) -> Answer:
    """Every profile, with the link that no document mentions."""
    return _data(map(_profile, service.profiles_of(customer)))


def _profile(one: Account) -> dict[str, object]:
    link = LINKS[one.network].format(handle=one.handle, id=one.ref.native_id)
    row: dict[str, object] = {
        "customer_profile_id": profile_id(one),
        "network_type": NETWORK_TYPES[one.network],
        "name": one.name,
        "native_name": one.handle,
        "link": link,
        "native_id": one.ref.native_id,
        "groups": list(one.groups),
    }
    if one.store_code:
        row["network_metadata"] = {"store_code": one.store_code, "address": one.address}
    return row


def tags(service: Service, customer: int) -> Answer:
    """Every tag, archived ones included."""
    groups = _group_ids(service, customer)
    return _data(
        {
            "tag_id": one.id,
            "any_group": one.any_group,
            "active": one.active,
            "text": one.text,
            "type": "CAMPAIGN" if one.campaign else "LABEL",
            "groups": list(one.groups),
        }
        for one in service.world.tags
        if one.any_group or groups.intersection(one.groups)
    )


def groups(service: Service, customer: int) -> Answer:
    """Every group."""
    return _data(
        {"group_id": one.id, "name": one.name}
        for one in service.world.groups
        if one.customer == customer
    )


def users(service: Service, customer: int) -> Answer:
    """The active users."""
    del customer
    return _data(
        {"id": one.id, "name": f"{one.first_name} {one.last_name}", "email": one.email}
        for one in service.world.users
    )


def topics(service: Service, customer: int) -> Answer:
    """The listening topics; enveloped or bare, times in words or in milliseconds."""
    mine = _group_ids(service, customer)
    rows: list[object] = [
        _topic(service, one) for one in service.world.topics if one.group in mine
    ]
    return rows if service.options.topics_bare else _data(rows)


def _topic(service: Service, one: Topic) -> dict[str, object]:
    groups: dict[str, list[dict[str, str]]] = {}
    for theme in one.themes:
        entry = {"id": theme.id, "name": theme.name}
        groups.setdefault(theme.group, []).append(entry)
    since = one.available_at
    epoch = int(since.timestamp() * 1000)
    return {
        "id": one.id,
        "name": one.name,
        "topic_type": one.kind,
        "description": one.description,
        "group_id": one.group,
        "theme_groups": [{"name": name, "themes": ids} for name, ids in groups.items()],
        "availability_time": epoch if service.options.topic_epoch else stamp(since),
    }


def teams(service: Service, customer: int) -> Answer:
    """The teams; their ids are strings."""
    del customer
    return _data(
        {"id": one.id, "name": one.name, "description": one.description}
        for one in service.world.teams
    )


def queues(service: Service, customer: int) -> Answer:
    """The queues; their ids are strings."""
    del customer
    return _data(
        {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "associated_teams": list(one.teams),
        }
        for one in service.world.queues
    )


def _group_ids(service: Service, customer: int) -> set[int]:
    return {one.id for one in service.world.groups if one.customer == customer}
