"""The cast of the simulated world: synthetic companies, accounts and colleagues."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from socialmetrics.model import Ref
from socialmetrics.sandbox.people import (
    Account,
    Customer,
    Group,
    Queue,
    Tag,
    Team,
    Theme,
    Topic,
    User,
)

CUSTOMERS: Final = (
    Customer(id=687751, name="Acme"),
    Customer(id=687752, name="Globex"),
)
GROUPS: Final = (
    Group(id=1201, name="Brand", customer=687751),
    Group(id=1202, name="Care", customer=687751),
    Group(id=1203, name="Stores", customer=687751),
    Group(id=2201, name="Globex", customer=687752),
)
BRAND, CARE, STORES, GLOBEX = (group.id for group in GROUPS)

# network, native id, name, handle, groups, followers, reach, share of the posts
_GROUP_NAMES: Final = {
    "brand": BRAND,
    "care": CARE,
    "stores": STORES,
    "globex": GLOBEX,
}

# network | native id | name | handle | groups | followers | reach | share of posts
_ACME: Final = """
x | 1067094924124872705 | Acme | acme | brand care | 184300 | 90 | 210
x | 893465128804605952 | Acme Care | acme_care | care | 22150 | 30 | 110
facebook | 104225361998271 | Acme | acme.page | brand care | 412800 | 140 | 120
facebook | 104225361998272 | Acme Berlin | - | stores | 9420 | 25 | 40
instagram | 17841400008460056 | Acme | acme | brand | 268900 | 160 | 130
instagram | 17841400008460057 | Acme Studio | acme.studio | brand | 31000 | 60 | 70
linkedin | 5005001 | Acme | acme | brand | 96400 | 50 | 70
linkedin | 5005002 | Acme Careers | acme-careers | care | 18700 | 20 | 30
youtube | UCacme0000000000000000aa | Acme | acme | brand | 74100 | 120 | 20
youtube | UCacme0000000000000000bb | Acme How To | acmehowto | care | 12600 | 60 | 15
pinterest | 549755885175 | Acme | acme | brand | 15300 | 20 | 35
threads | 25025320000000001 | Acme | acme | brand | 44200 | 40 | 50
tiktok | 6788800000000000001 | Acme | acme | brand | 120500 | 200 | 40
bluesky | did:plc:acme0000000000000000 | Acme | acme.example | brand | 8900 | 15 | 35
google_business | 13955863841611230001 | Acme Berlin Mitte | - | stores | 0 | 5 | 10
google_business | 13955863841611230002 | Acme Hamburg | - | stores | 0 | 5 | 10
reddit | t2_acme01 | Acme | acme_official | care | 3100 | 10 | 5
"""
_GLOBEX: Final = """
x | 1300000000000000001 | Globex | globex | globex | 40000 | 40 | 20
facebook | 204225361998271 | Globex | globex | globex | 52000 | 60 | 20
instagram | 17841400008470001 | Globex | globex | globex | 61000 | 60 | 20
"""
_BRANCHES: Final = ("x", "facebook", "instagram", "linkedin")


def customers(count: int) -> tuple[Customer, ...]:
    """The first `count` customers (one or two)."""
    return CUSTOMERS[:count]


def groups(count: int) -> tuple[Group, ...]:
    """The groups of the first `count` customers."""
    known = {customer.id for customer in customers(count)}
    return tuple(group for group in GROUPS if group.customer in known)


def accounts(count: int, branches: int) -> tuple[Account, ...]:
    """Every profile of the first `count` customers, and `branches` small ones more."""
    lines = [(CUSTOMERS[0].id, line) for line in _ACME.strip().splitlines()]
    lines += [(CUSTOMERS[0].id, line) for line in _branches(branches)]
    if count > 1:
        lines += [(CUSTOMERS[1].id, line) for line in _GLOBEX.strip().splitlines()]
    return tuple(_account(index, *line) for index, line in enumerate(lines))


def _branches(count: int) -> Iterator[str]:
    for number in range(count):
        network = _BRANCHES[number % len(_BRANCHES)]
        native, name = str(7_000_000_000 + number), f"Acme Branch {number + 1}"
        handle, followers = f"acme_branch_{number + 1}", 1_000 + 37 * number
        facts = (network, native, name, handle, "stores", followers, 10, 2)
        yield " | ".join(map(str, facts))


def _account(index: int, customer: int, line: str) -> Account:
    network, native, name, handle, members, followers, reach, share = line.split(" | ")
    store = network == "google_business"
    return Account(
        index=index,
        ref=Ref(network, native),
        name=name,
        handle=None if handle == "-" else handle,
        groups=tuple(_GROUP_NAMES[word] for word in members.split()),
        customer=customer,
        followers=int(followers),
        reach=int(reach),
        share=int(share),
        store_code=f"{index:03d}-B" if store else None,
        address=f"{index} Example Street, Berlin, DE, 10115" if store else None,
    )


def _tag(number: int, text: str, *groups: int, campaign: bool, active: bool) -> Tag:
    return Tag(
        id=number,
        text=text,
        campaign=campaign,
        active=active,
        any_group=not groups,
        groups=groups,
    )


TAGS: Final = (
    _tag(3101, "Service", CARE, campaign=False, active=True),
    _tag(3102, "Praise", campaign=False, active=True),
    _tag(3103, "Old label", BRAND, campaign=False, active=False),
    _tag(3104, "Spring Launch", BRAND, CARE, campaign=True, active=True),
    _tag(3105, "Winter 2024", BRAND, campaign=True, active=False),
    _tag(3106, "Café, «Größe» & Co.", campaign=False, active=True),
)
_NAMES: Final = ("Ada Sample", "Bela Muster", "Chidi Example", "Dana Specimen")
USERS: Final = tuple(
    User(
        id=1155000 + number,
        first_name=name.split()[0],
        last_name=name.split()[1],
        email=f"{name.split()[0].lower()}@example.com",
    )
    for number, name in enumerate(_NAMES)
)
TEAMS: Final = (
    Team(id="901", name="Care Team", description="Answers questions"),
    Team(id="902", name="Brand Team", description="Plans campaigns"),
)
QUEUES: Final = (
    Queue(id="751", name="Complaints", description="Needs an answer", teams=("901",)),
    Queue(id="752", name="Leads", description="Wants to buy", teams=("901", "902")),
)
_THEME: Final = "018085b6-0000-4000-8000-00000000000"
THEMES: Final = (
    Theme(id=f"{_THEME}1", name="Delivery", group="Complaints"),
    Theme(id=f"{_THEME}2", name="Login errors", group="Complaints"),
    Theme(id=f"{_THEME}3", name="Design", group="Praise"),
)
TOPICS: Final = (
    Topic(
        id="81391723128379",
        name="Acme brand",
        kind="BRAND_HEALTH",
        description="Everything that is said about Acme",
        group=BRAND,
        themes=THEMES,
        available_at=datetime(2025, 2, 1, 9, 30, tzinfo=UTC),
    ),
    Topic(
        id="5a0f3c1e-77aa-4c6f-9a43-2f2f7d7e0001",
        name="Anvils",
        kind="INDUSTRY_INSIGHTS",
        description="",
        group=CARE,
        themes=THEMES[:1],
        available_at=datetime(2025, 9, 1, tzinfo=UTC),
    ),
)
