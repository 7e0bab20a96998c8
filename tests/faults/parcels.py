"""Drafts that are published while the line breaks, and what came of them.

A run publishes one draft of its own text with a key, its requests struck by faults of
chance; then the same draft with the same key, undisturbed. The simulated vendor tells
what it really has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Final, TypeVar

import attrs

import socialmetrics as sm
from socialmetrics.course import Again
from socialmetrics_hootsuite.sandbox import Sandbox
from tests.conftest import AnyClient

T = TypeVar("T")

FAULTS: Final = (
    *("", "", "", "cut", "500", "502", "html_500", "429", "max_rate", "access_denied"),
    *("commit_then_cut", "commit_then_500", "commit_then_502"),
    *("commit_then_html_500", "commit_then_garbled"),
)
SLOW: Final = ("", "hang", "commit_then_hang")
TYPES: Final = ("TWITTER", "FACEBOOKPAGE", "LINKEDINCOMPANY", "THREADS", "PINTEREST")
GONE: Final = ("failed", "not sent")
UNKNOWN: Final = "unknown"


@attrs.frozen(kw_only=True)
class Run:
    """One draft, its key, and what happens to its requests in turn."""

    draft: sm.Draft
    faults: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.draft.text


@attrs.frozen(kw_only=True)
class Told:
    """What a call said: a receipt, also that of an error, or a plain refusal."""

    deliveries: tuple[sm.Delivery, ...] = ()
    error: sm.SocialMetricsError | None = None

    @property
    def kind(self) -> str:
        """In a word."""
        return "receipt" if self.error is None else type(self.error).__name__

    def of(self, profile: sm.Profile) -> sm.Delivery | None:
        """What it said of that profile; asserts that it is one thing."""
        found = [each for each in self.deliveries if each.profile == profile]
        assert len(found) <= 1, f"{profile} is told of twice: {found}"
        return found[0] if found else None


def runs(
    box: Sandbox, profiles: Sequence[sm.Profile], seeds: Iterable[int], *, slow: bool
) -> Iterator[Run]:
    """Drafts of chance, so far apart that none is taken for another."""
    for seed in seeds:
        box.state.advance(timedelta(minutes=40))
        random = Random(seed)  # noqa: S311 - no secret
        chosen = random.sample(profiles, random.randint(1, 4))
        at = box.state.now() + timedelta(minutes=random.randint(10, 30))
        draft = sm.Draft(
            text=f"parcel {seed}",
            profiles=chosen,
            at=random.choice([None, at]),
            extra={"boardId": "board"} if _has_board(chosen) else {},
        )
        faults = random.choices(SLOW if slow else FAULTS, k=len(chosen))
        yield Run(draft=draft, faults=tuple(faults))


def _has_board(profiles: Sequence[sm.Profile]) -> bool:
    return any(each.ref.network == "pinterest" for each in profiles)


async def awaited(found: T | Awaitable[T]) -> T:
    """What either client returns."""
    return (await found) if isinstance(found, Awaitable) else found  # pyright: ignore[reportReturnType, reportUnknownVariableType]  # never a T


async def published(client: AnyClient, run: Run, again: Again | None = None) -> Told:
    """What came of the draft, by the receipt or by the error."""
    try:
        receipt = await awaited(client.publish(run.draft, run.key, again=again))
    except sm.SocialMetricsError as err:
        known = err.publication if isinstance(err, sm.OutcomeUnknown) else None
        return Told(deliveries=known.deliveries if known else (), error=err)
    return Told(deliveries=receipt.deliveries)


def check(told: Told, run: Run, box: Sandbox) -> None:
    """Nothing is there twice, and whatever is there was told of."""
    for profile in run.draft.profiles:
        copies = box.state.outbox.copies(run.draft.text, profile.vendor_id)
        assert len(copies) <= 1, f"twice at {profile.name}: {run.faults}"
        said = told.of(profile)
        if said is None or said.state in GONE:
            assert not copies, f"lost at {profile.name}: {told}"
        elif said.state == UNKNOWN:
            assert isinstance(told.error, sm.OutcomeUnknown)
            assert profile.name in str(told.error)
        else:
            assert [each.id for each in copies] == [said.vendor_id]


async def tried(client: AnyClient, run: Run, box: Sandbox) -> list[Told]:
    """What was told at first, at once again, and when it may be sent anew."""
    strikes = box.state.faults["publish"]
    strikes.extend(run.faults)
    struck = await published(client, run)
    check(struck, run, box)
    strikes.clear()
    repeated = await published(client, run)
    check(repeated, run, box)
    if repeated.deliveries:
        check(await looked_up(client, run), run, box)
    forced = await published(client, run, "unknown")
    check(forced, run, box)
    return [struck, repeated, forced]


async def looked_up(client: AnyClient, run: Run) -> Told:
    """What is remembered of its key, as the vendor has it now."""
    receipt = await awaited(client.publication(run.key))
    names = [each.profile.name for each in receipt.deliveries if each.state == UNKNOWN]
    unknown = sm.OutcomeUnknown(", ".join(names)) if names else None
    return Told(deliveries=receipt.deliveries, error=unknown)
