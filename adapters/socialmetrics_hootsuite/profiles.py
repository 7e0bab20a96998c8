"""The profiles that the credentials reach."""

from __future__ import annotations

import msgspec

from socialmetrics.lazy import LazyJson
from socialmetrics.model import Profile, Ref
from socialmetrics.wire import Page, Stream
from socialmetrics_hootsuite import envelopes, requests
from socialmetrics_hootsuite.networks import network
from socialmetrics_hootsuite.payloads import ProfilePayload


def profiles() -> Stream[Profile]:
    """All of them, in one answer: the vendor does not cut this list."""
    answer = yield from envelopes.asked(requests.profiles())
    found = envelopes.rows(answer, ProfilePayload, profile)
    yield Page(found, answer.issues, answer.source)


def profile(payload: ProfilePayload, raw: msgspec.Raw) -> Profile:
    """A profile; where the vendor hides its name, it is known by the network's id."""
    vendor_id = str(payload.id)
    native = payload.social_network_id
    native_id = vendor_id if native is None else str(native)
    return Profile(
        ref=Ref(network(payload.type), native_id),
        vendor_id=vendor_id,
        name=payload.social_network_username or native_id,
        handle=payload.social_network_username,
        raw=LazyJson(raw),
    )


def needs_login(profile: Profile) -> bool:
    """Whether the vendor says that a person has to connect the account anew.

    `isReauthRequired` is 0 or 1, and may be missing.
    """
    return profile.raw.get("isReauthRequired") in (1, "1")
