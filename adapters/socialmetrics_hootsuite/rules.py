"""What Hootsuite takes, looked at before anything is sent.

Networks refuse late: a message that breaks their rules is accepted, and fails at the
time of its sending without a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from socialmetrics.entry import named
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Draft, File, Profile
from socialmetrics_hootsuite import extras
from socialmetrics_hootsuite.media import check_file
from socialmetrics_hootsuite.moments import stamp
from socialmetrics_hootsuite.networks import kind
from socialmetrics_hootsuite.profiles import needs_login

SOONEST: Final = timedelta(minutes=5)
LAST_YEAR: Final = 9000
LEGACY: Final = "the hootsuite_legacy adapter has it"


def check(draft: Draft, now: datetime) -> None:
    """Raises `InvalidQuery` with what is wrong, and what would be right."""
    _check_profiles(draft.profiles)
    if not draft.text.strip():
        raise InvalidQuery("the draft has no text; Hootsuite wants one, with media too")
    _check_time(draft, now)
    if draft.reply_to is not None:
        raise InvalidQuery(
            f"reply_to: Hootsuite's Platform API cannot answer a post; {LEGACY}"
        )
    _check_location(draft)
    _check_tags(draft)
    extras.privacy(draft)
    _check_boards(draft)
    for each in draft.media:
        if isinstance(each, File):
            check_file(each)


def notes(draft: Draft) -> tuple[str, ...]:
    """What may go wrong at its profiles, though Hootsuite takes it."""
    return tuple(
        note for profile in draft.profiles for note in _notes(profile, draft.text)
    )


def unused(draft: Draft) -> tuple[str, ...]:
    """What the draft sets for profiles that it does not name: nothing comes of it."""
    types = {kind(each).type for each in draft.profiles}
    found = [
        f"{name} is for profiles of type {type_}, and the draft names none"
        for name, type_ in _for_types(draft)
        if type_ not in types
    ]
    if draft.location is not None and draft.location.places:
        found.append("the places of the location are left out: only coordinates go")
    return tuple(found)


def _notes(profile: Profile, text: str) -> Iterator[str]:
    known = kind(profile)
    if known.doubt is not None:
        yield f"{named(profile)}: {known.doubt}"
    if needs_login(profile):
        yield (
            f"{named(profile)}: Hootsuite says that the account must be connected anew "
            "in its app (isReauthRequired); until then it takes messages and fails to "
            "send them"
        )
    if known.length is not None and len(text) > known.length:
        yield (
            f"{named(profile)}: the text has {len(text):,} characters; {known.title} "
            f"usually takes {known.length:,} (common knowledge of the network; "
            "Hootsuite's documents name no limit)"
        )


def _check_profiles(profiles: Sequence[Profile]) -> None:
    if not profiles:
        raise InvalidQuery("the draft names no profile")
    seen: set[str] = set()
    for each in profiles:
        _check_profile(each)
        if each.vendor_id in seen:
            raise InvalidQuery(f"the draft names the profile {each.name!r} twice")
        seen.add(each.vendor_id)


def _check_profile(profile: object) -> None:
    if not isinstance(profile, Profile):
        raise InvalidQuery(
            f"the draft's {profile!r} is no Profile; give one of client.profiles()"
        )
    refused = kind(profile).refused
    if refused is not None:
        raise InvalidQuery(f"{profile.name!r} cannot be published to: {refused}")


def _check_time(draft: Draft, now: datetime) -> None:
    if draft.at == "auto":
        raise InvalidQuery(
            "at='auto': Hootsuite's Platform API cannot choose the time; give a "
            f"datetime, or None for at once ({LEGACY})"
        )
    if draft.at is not None and draft.at < now + SOONEST:
        raise InvalidQuery(
            f"at={stamp(draft.at)} is less than 5 minutes ahead of {stamp(now)}; "
            "Hootsuite takes no earlier time"
        )
    if draft.at is not None and draft.at.year > LAST_YEAR:
        raise InvalidQuery(f"at={stamp(draft.at)} lies too far ahead")


def _check_location(draft: Draft) -> None:
    if draft.location is None:
        return
    if draft.location.latitude is None:
        raise InvalidQuery("Hootsuite takes coordinates, not places of networks")
    _check_all(draft, "x", "location: only X takes one")


def _check_all(draft: Draft, network: str, why: str) -> None:
    for each in draft.profiles:
        if kind(each).network != network:
            raise InvalidQuery(f"{why}; make a draft of its own for {each.name!r}")


def _check_tags(draft: Draft) -> None:
    if not draft.tags:
        return
    if not all(each.strip() for each in draft.tags):
        raise InvalidQuery("tags hold an empty one")
    for each in draft.profiles:
        if kind(each).network == "pinterest":
            raise InvalidQuery(
                "tags: Hootsuite takes none with Pinterest; make a draft of its own "
                f"for {each.name!r}"
            )
        if each.raw.get("owner") == "MEMBER":
            raise InvalidQuery(
                f"tags: {each.name!r} belongs to a member; Hootsuite's tags are of an "
                "organization's profiles"
            )


def _check_boards(draft: Draft) -> None:
    asked = extras.wanted(draft)
    for each in draft.profiles:
        if kind(each).network == "pinterest" and not asked.board(each.vendor_id):
            raise InvalidQuery(
                f"Pinterest needs a board: give extra={{'boardId': ...}} for "
                f"{each.name!r}"
            )


def _for_types(draft: Draft) -> Iterator[tuple[str, str]]:
    """What the draft sets, and the type of the profiles that it is for."""
    privacy, extra = extras.privacy(draft), extras.wanted(draft)
    targeting = extra.targeting or extras.Targeting()
    for name, value, type_ in (
        ("privacy.facebook", privacy.facebook, "FACEBOOK"),
        ("privacy.linkedin", privacy.linkedin, "LINKEDIN"),
        ("extra.targeting.facebookPage", targeting.facebook_page, "FACEBOOKPAGE"),
        (
            "extra.targeting.linkedInV2Company",
            targeting.linked_in_v2_company,
            "LINKEDINCOMPANY",
        ),
        ("extra.boardId", extra.board_id, "PINTEREST"),
        ("extra.destinationUrl", extra.destination_url, "PINTEREST"),
    ):
        if value is not None:
            yield name, type_
