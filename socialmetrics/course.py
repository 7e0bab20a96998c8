"""One publication on its way: sent once, and read back where nobody knows."""

from __future__ import annotations

import random
from typing import Final, Literal, TypeAlias

import attrs

from socialmetrics.attachments import check_alive, emptied
from socialmetrics.doubts import reading, unknown
from socialmetrics.engine import Engine
from socialmetrics.entry import (
    DELETED,
    FAILED,
    LEFT_OUT,
    NOT_SENT,
    PENDING,
    UNKNOWN,
    Entry,
    Sending,
    named,
)
from socialmetrics.errors import (
    Incomplete,
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
    "failed": frozenset({NOT_SENT, FAILED, LEFT_OUT}),
    "unknown": frozenset({NOT_SENT, FAILED, LEFT_OUT, UNKNOWN}),
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
    _rivals: tuple[str, ...] = attrs.field(default=(), init=False)
    _is_told: bool = attrs.field(default=True, init=False)

    async def published(
        self, draft: Draft, gone: InvalidQuery | None = None
    ) -> Publication:
        """Settles what is open, sends what is to be sent, and nothing twice.

        Raises `gone` where something is to be sent and its files are not there.
        """
        for sending in self.entry.open:
            await self._settle(sending, None)
        await self._look_at_failed()
        wanted = self.entry.having(AGAIN[self.options.again])
        profiles = tuple(each for each in draft.profiles if each.vendor_id in wanted)
        if profiles != draft.profiles:
            draft = attrs.evolve(draft, profiles=profiles)
        if profiles and gone is not None:
            raise gone
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

    async def _look_at_failed(self) -> None:
        """What failed and is to be sent again may have gone out by itself."""
        failed = tuple(
            each
            for each in self.entry.deliveries
            if each.state == FAILED and each.vendor_id
        )
        if self.options.again is None or not failed:
            return
        found = await self.engine.run(self.engine.adapter.look(failed))
        self.entry = self.entry.looked(found)
        await self._keep_after()

    # -- sending -----------------------------------------------------------------------

    async def _send_all(self, draft: Draft) -> None:
        adapter = self.engine.adapter
        planned = plan(self.engine, draft)
        ready = [await self.engine.run(adapter.prepare(each)) for each in planned]
        plan(self.engine, draft)
        self.entry = self.entry.replaced()
        errors: list[SocialMetricsError] = []
        for number, consignment in enumerate(ready, start=1):
            errors += self._too_late(draft)
            if errors and not isinstance(errors[-1], _OF_ONE_REQUEST):
                reason = f"not sent: {errors[-1].message}"
                self.entry = self.entry.marked(consignment, FAILED, reason)
            else:
                errors += await self._send(consignment)
            await self._keep_after()
            self._tell(number, len(ready))
        if errors and self.entry.has_nothing:
            await self.memory.drop(self.entry)
            raise errors[0]

    def _too_late(self, draft: Draft) -> list[SocialMetricsError]:
        """What is wrong with it by now, though it was right when it was begun."""
        try:
            plan(self.engine, draft)
        except InvalidQuery as err:
            return [err]
        return []

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
            for rest in self.entry.open:
                await self._settle(rest, Incomplete("the answer does not name it"))
        return []

    # -- an outcome that nobody knows --------------------------------------------------

    async def _settle(self, sending: Sending, cause: SocialMetricsError | None) -> None:
        """Reads back until it is there. Raises `OutcomeUnknown` where it is not."""
        problem = await self._read_until_there(sending)
        await self._remove_spares()
        await self._keep_after()
        was_read = problem is None or isinstance(problem, Unsupported)
        may_go_on = self.options.again == "unknown" and cause is None and was_read
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
        try:
            # What belongs to another key may look the same.
            share = await self.memory.claim(self.entry, sending, found)
        except InvalidQuery as err:
            return err
        self.entry, self._rivals = share.entry, share.rivals
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
        error = unknown(self.entry, sending, cause, reading(problem, self._rivals))
        error.publication = self._receipt()
        return error

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
        progress = self.options.progress
        if progress is None or not self._is_told:
            return
        rows = len(self.entry.deliveries)
        now = Progress(operation="publish", done=done, planned=planned, rows=rows)
        try:
            progress(now)
        except Exception as err:  # noqa: BLE001 - whatever somebody gives
            # The receipt matters more than whoever was to be told.
            self._is_told = False
            name = type(err).__name__
            self.entry = self.entry.noted(
                f"progress= raised {name}; it was not told more"
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
