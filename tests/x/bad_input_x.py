"""Bad input of X's adapter, and what becomes of it: one table for tests and docs.

`example` is code in which `client` is a client with the token of one owner, `public`
one with a bearer token alone and `five` one with five owners, of whom one has taken
the app's access away. `post` is a post of an owner's, `gone` a deleted one,
`locked` a protected one, `old` one of two years ago, `foreign` one of somebody else's;
`each` are posts of the five; `week` is a window, `soon` one in the future.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from tests.x.bad_calls_x import CALLS
from tests.x.bad_figures_x import FIGURES
from tests.x.bad_posts_x import CONNECTING, POSTS


@attrs.frozen
class BadInput:
    """One kind of mistake: what it is, an example, and what becomes of it.

    `outcome` is an error that is raised, the status that figures have, "missing" where
    they are in `series.missing`, or "answered". `words` are some of what is said: in
    the error, the reason or the issue; of an answer, what it is. `holds` is what must
    be true of `found`, the result, and is not shown.
    """

    what: str
    example: str
    outcome: str
    words: str
    holds: str = "True"

    @property
    def is_raised(self) -> bool:
        """Whether the outcome is an error."""
        return self.outcome[0].isupper()

    @property
    def told(self) -> str:
        """What becomes of it, in a cell of the documentation's table."""
        if self.is_raised:
            return f"`{self.outcome}`: ...{self.words.strip()}..."
        if self.outcome == "missing":
            return f"in `missing`: ...{self.words.strip()}..."
        if self.outcome == "answered":
            return self.words
        more = f", with an issue: ...{self.words.strip()}..." if self.words else ""
        return f"status `{self.outcome}`{more}"


TABLE: Final = tuple(BadInput(*row) for row in (*CONNECTING, *POSTS, *FIGURES, *CALLS))


def as_markdown() -> Iterator[str]:
    """The table's lines for the documentation."""
    yield "| mistake | example | what becomes of it |"
    yield "|---|---|---|"
    for row in TABLE:
        cells = (row.what, f"`{row.example}`", row.told)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
