"""Several tools, asked for accounts: what they will tell, and gathering it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from socialmetrics.gathering.asked import Asked
from socialmetrics.gathering.crew import Crew
from socialmetrics.gathering.gathered import Gathered
from socialmetrics.gathering.tool import Tool
from socialmetrics.model import Profile
from socialmetrics.pull import OnProgress
from socialmetrics.series import MetricSeries


@attrs.frozen(kw_only=True, eq=False)
class Prepared:
    """The accounts were found at every tool; nothing of their figures was asked for.

    `asked` has an entry for each account, of which there is one, or one on each of
    several networks. `others` are accounts that fit as well, and that not every tool
    has.
    """

    asked: tuple[Asked, ...]
    others: tuple[Profile, ...] = ()

    @property
    def accounts(self) -> tuple[Profile, ...]:
        """The accounts, each once."""
        return tuple(each.account for each in self.asked)

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is asked for of any of them."""
        every = (metric for each in self.asked for metric in each.metrics)
        return tuple(dict.fromkeys(every))

    @property
    def tools(self) -> tuple[Tool, ...]:
        """Every tool, once for each account. They tell what each has, and what that
        takes (`days.plan`, `totals.plan`); what hours of posts take is known once the
        posts are."""
        return tuple(tool for each in self.asked for tool in each.tools)

    def gather(self, *, progress: OnProgress | None = None) -> Gathered:
        """Asks the tools, side by side, for one account after the other. `progress`
        tells of all of them together, from several threads, one at a time. Errors name
        their tool."""
        crew = Crew(progress)
        return _together([each.gather(crew) for each in self.asked])


def _together(found: Sequence[Gathered]) -> Gathered:
    first = found[0]
    metrics = dict.fromkeys(metric for each in found for metric in each.metrics)
    lost = dict.fromkeys(metric for each in found for metric in each.left_out)
    return Gathered(
        window=first.window,
        metrics=tuple(metrics),
        left_out=tuple(metric for metric in lost if metric not in metrics),
        series={
            name: MetricSeries.concat([each.series[name] for each in found])
            for name in first.series
        },
        parts=tuple(part for each in found for part in each.parts),
        posts=tuple(post for each in found for post in each.posts),
        profiles=tuple(profile for each in found for profile in each.profiles),
    )
