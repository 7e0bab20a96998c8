"""One publication on its way: sent once, and read back where nobody knows."""

from __future__ import annotations

import random
from typing import Final, Literal, TypeAlias

import attrs

from socialmetrics.attachments import check_alive, emptied
from socialmetrics.engine import Engine
from socialmetrics.entry import (
    DELETED,
    FAILED,
    NOT_SENT,
    PENDING,
    UNKNOWN,
    Entry,
    Sending,
    named,
)
from socialmetrics.errors import (
    InvalidQuery,
    Misuse,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    Rejected,
    SocialMetricsError,
    Unsupported,
)
from socialmetrics.model import Consignment, Delivery, Draft, Json, Publication
from socialmetrics.pull import OnProgress, Progress
from socialmetrics.remembering import Memory
from socialmetrics.waiting import Waiting, tell
from socialmetrics.watching import Watch

Again: TypeAlias = Literal["failed", "unknown"]
AGAIN: Final = {
    None: frozenset({NOT_SENT}),
    "failed": frozenset({NOT_SENT, FAILED}),
    "unknown": frozenset({NOT_SENT, FAILED, UNKNOWN}),
}
"""The states in which a profile's turn has come, by what the caller allows."""
_OF_ONE_REQUEST: Final = (Rejected, NotFound, PermissionDenied)
"""Refusals after which the other requests of a draft are still worth sending."""


@attrs.frozen(kw_only=True)
class Options:
    """What the caller allows, and who is told of the progress."""

    again: Again | None = None
    remove_spare: bool = False
    progress: OnProgress | None = None


@attrs.define
class Course:
    """One publication; `entry` is what is known of it at any time."""

    engine: Engine
    memory: Memory
    entry: Entry
    options: Options
    _raw: list[Json] = attrs.field(factory=list[Json], init=False)

    async def published(self, draft: Draft) -> Publication:
        """Settles what is open, sends what is to be sent, and nothing twice."""
        for sending in self.entry.open:
            await self._settle(sending, None)
        wanted = self.entry.having(AGAIN[self.options.again])
        profiles = tuple(each for each in draft.profiles if each.vendor_id in wanted)
        if profiles != draft.profiles:
            draft = attrs.evolve(draft, profiles=profiles)
        if profiles:
            await self._send_all(draft)
        return self._receipt()

    async def looked(self) -> Publication:
        """The present state of everything that the vendor has of it."""
        for sending in self.entry.sendings:
            problem = await self._read(sending)
            if problem is not None and not isinstance(problem, Unsupported):
                raise problem
        there = tuple(each for each in self.entry.deliveries if each.vendor_id)
        if there:
            found = await self.engine.run(self.engine.adapter.look(there))
            self.entry = self.entry.looked(found)
        await self._remove_spares()
        await self._keep()
        return self._receipt()

    # -- sending -----------------------------------------------------------------------

    async def _send_all(self, draft: Draft) -> None:
        adapter = self.engine.adapter
        planned = plan(self.engine, draft)
        ready = [await self.engine.run(adapter.prepare(each)) for each in planned]
        self.entry = self.entry.replaced()
        errors: list[SocialMetricsError] = []
        for number, consignment in enumerate(ready, start=1):
            if errors and not isinstance(errors[-1], _OF_ONE_REQUEST):
                reason = f"not sent: {errors[-1].message}"
                self.entry = self.entry.marked(consignment, FAILED, reason)
            else:
                errors += await self._send(consignment)
            self._tell(number, len(ready))
        await self._keep_after()
        if errors and self.entry.has_nothing:
            await self.memory.drop(self.entry)
            raise errors[0]

    async def _send(self, consignment: Consignment) -> list[SocialMetricsError]:
        """Sends it once; the error where surely nothing of it arrived."""
        bare = Consignment(draft=emptied(consignment.draft), notes=consignment.notes)
        sending = Sending(consignment=bare, sent_at=self.engine.port.now())
        self.entry = self.entry.sent(sending)
        await self._keep()
        watch = Watch()
        try:
            flow = watch.over(self.engine.adapter.publish(consignment))
            found = await self.engine.run(flow)
        except SocialMetricsError as err:
            if not watch.may_have_arrived(err):
                self.entry = self.entry.refused(sending, f"not sent: {err.message}")
                return [err]
            await self._settle(sending, err)
        else:
            self._raw.append(found.raw)
            self.entry = self.entry.answered(sending, found)
        return []

    # -- an outcome that nobody knows --------------------------------------------------

    async def _settle(self, sending: Sending, cause: SocialMetricsError | None) -> None:
        """Reads back until it is there. Raises `OutcomeUnknown` where it is not."""
        problem = await self._read_until_there(sending)
        await self._remove_spares()
        await self._keep_after()
        may_go_on = self.options.again == "unknown" and cause is None
        if sending in self.entry.open and not may_go_on:
            raise self._unknown(sending, cause, problem) from (cause or problem)

    async def _read_until_there(self, sending: Sending) -> SocialMetricsError | None:
        retry, waited = self.engine.retry, 0.0
        problem = await self._read(sending)
        for attempt in range(1, retry.tries):
            pause = retry.pause(attempt, random.random())  # noqa: S311 - no secret
            waited += pause
            is_over = isinstance(problem, Unsupported) or waited > retry.patience
            if is_over or sending not in self.entry.open:
                break
            tell(self._waiting(pause, attempt))
            await self.engine.port.sleep(pause)
            problem = await self._read(sending)
        return problem

    async def _read(self, sending: Sending) -> SocialMetricsError | None:
        """Reads back once; what went wrong with that."""
        settle = self.engine.adapter.settle
        try:
            found = await self.engine.run(settle(sending.consignment, sending.sent_at))
        except SocialMetricsError as err:
            if isinstance(err, Misuse) and not isinstance(err, Unsupported):
                raise
            return err
        # What belongs to another key may look the same.
        ids = [each.vendor_id for each in found if each.vendor_id]
        claimed = await self.memory.claimed(self.entry, ids)
        ours = [each for each in found if each.vendor_id not in claimed]
        self.entry = self.entry.settled(sending, ours)
        return None

    async def _remove_spares(self) -> None:
        for several in self.entry.doubled().values():
            profile = named(several[0].profile)
            self.entry = self.entry.noted(f"{profile} has it {len(several)} times")
            # What is out cannot be undone, so it is what stays.
            keep = next((d for d in several if d.state not in PENDING), several[0])
            for spare in several:
                if spare.state in PENDING and spare is not keep:
                    await self._remove(spare)

    async def _remove(self, spare: Delivery) -> None:
        if not self.options.remove_spare:
            return
        try:
            await self.engine.run(self.engine.adapter.withdraw(spare))
        except SocialMetricsError as err:
            told = f"the spare {spare.vendor_id} could not be withdrawn: {err.message}"
            self.entry = self.entry.noted(told)
            return
        reason = "it was there twice; this one was withdrawn"
        gone = attrs.evolve(spare, state=DELETED, reason=reason)
        self.entry = self.entry.looked([gone])

    def _unknown(
        self,
        sending: Sending,
        cause: SocialMetricsError | None,
        problem: SocialMetricsError | None,
    ) -> OutcomeUnknown:
        missing = self.entry.having({UNKNOWN})
        profiles = [
            named(each)
            for each in sending.consignment.draft.profiles
            if each.vendor_id in missing
        ]
        why = "nobody saw the answer" if cause is None else cause.message
        read = "it is not there yet" if problem is None else problem.message
        error = OutcomeUnknown(
            f"{why}. It left at {sending.sent_at:%Y-%m-%d %H:%M:%S} UTC; read back for "
            f"{', '.join(profiles)}: {read}. {self._advice()}",
            vendor=self.entry.adapter,
            operation="publish",
            status=None if cause is None else cause.status,
            code=None if cause is None else cause.code,
            request_id=None if cause is None else cause.request_id,
        )
        error.publication = self._receipt()
        error.consignment = sending.consignment
        error.sent_at = sending.sent_at
        return error

    def _advice(self) -> str:
        if not self.entry.key:
            return "Give a key= the next time: then it can be asked for later"
        key = repr(self.entry.key)
        return f"Ask publication({key}) later, or publish it with again='unknown'"

    # -- what is remembered and told ---------------------------------------------------

    async def _keep(self, *, durably: bool = True) -> None:
        await self.memory.write(self.entry, durably=durably)

    async def _keep_after(self) -> None:
        """Remembers it; where that fails, it is read back the next time."""
        try:
            await self._keep(durably=False)
        except InvalidQuery as err:
            self.entry = self.entry.noted(f"it was not written down: {err.message}")

    def _receipt(self) -> Publication:
        if not self._raw:
            return self.entry.publication({})
        is_one = len(self._raw) == 1
        return self.entry.publication(
            self._raw[0] if is_one else {"answers": self._raw}
        )

    def _tell(self, done: int, planned: int) -> None:
        if self.options.progress is not None:
            rows = len(self.entry.deliveries)
            self.options.progress(
                Progress(operation="publish", done=done, planned=planned, rows=rows)
            )

    def _waiting(self, seconds: float, attempt: int) -> Waiting:
        return Waiting(
            vendor=self.entry.adapter,
            operation="publish",
            why="what was sent is not to be seen yet",
            seconds=seconds,
            next_try=attempt + 1,
            tries=self.engine.retry.tries,
        )


def plan(engine: Engine, draft: Draft) -> tuple[Consignment, ...]:
    """What would be sent now, one a request. Raises `InvalidQuery`."""
    now = engine.port.now()
    check_alive(draft, now)
    return engine.adapter.plan_publish(draft, now)
