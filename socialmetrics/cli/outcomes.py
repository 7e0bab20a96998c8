"""What is said where a publication ends otherwise than with its receipt.

It may be out by then, so each of these says how to ask for it.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final

import attrs

from socialmetrics.cli.exits import UNKNOWN, Unprinted
from socialmetrics.cli.options import Form
from socialmetrics.cli.receipts import print_deliveries
from socialmetrics.errors import OutcomeUnknown
from socialmetrics.model import Publication
from socialmetrics.strangers import plain

LOOK: Final = "look at the vendor before you publish it again"
_FOR_PROGRAMS: Final = re.compile(r" (?:Ask publication\(|Give a key=).*", re.DOTALL)
"""How the library ends its message: with advice for who calls it from Python."""


@attrs.frozen
class Call:
    """A publication as the command line names it."""

    adapter: str
    key: str | None

    @property
    def question(self) -> str:
        """How to ask for it."""
        if self.key is None:
            return f"{LOOK}; with --key it could be asked for"
        dashes = "-- " if self.key.startswith("-") else ""
        name = f"{dashes}{shlex.quote(self.key)}"
        return f"ask what became of it: socialmetrics publication {self.adapter} {name}"

    @property
    def advice(self) -> str:
        """What to do where nobody knows whether it happened."""
        if self.key is None:
            return self.question
        return (
            f"later, {self.question}; where it surely is not at the vendor, publish it "
            "once more: the same command with --again unknown"
        )

    @contextmanager
    def told(self, form: Form) -> Generator[None]:
        """Says what may be out where something happens within."""
        try:
            yield
        except KeyboardInterrupt:
            sys.stderr.write(
                f"Interrupted: it may be published; {plain(self.question)}\n"
            )
            raise
        except OutcomeUnknown as err:
            if err.publication is None:  # an upload: nothing is published yet
                raise
            with suppress(Unprinted):  # this error names the accounts too
                print_deliveries(err.publication, form)
            raise self._for_people(err) from err

    def receipt(self, found: Publication, form: Form) -> int:
        """Prints what became of it; the exit code. Raises `Unprinted`."""
        try:
            code = print_deliveries(found, form)
        except Unprinted as err:
            err.add_note(self.question)
            raise
        if code == UNKNOWN:
            sys.stderr.write(f"  what to do  {plain(self.advice)}\n")
        return code

    def _for_people(self, error: OutcomeUnknown) -> OutcomeUnknown:
        """The same error with the advice of the command line."""
        told = OutcomeUnknown(
            _FOR_PROGRAMS.sub("", error.message),
            vendor=error.vendor,
            operation=error.operation,
            status=error.status,
            code=error.code,
            request_id=error.request_id,
        )
        told.add_note(self.advice)
        return told
