"""`logout`: the tokens that a login stored are removed."""

from __future__ import annotations

import json as to_json
from typing import Annotated, Final

from cyclopts import Parameter

from socialmetrics.cli.exits import OK
from socialmetrics.cli.login import say
from socialmetrics.cli.login_oauth2 import keys_of
from socialmetrics.cli.options import ACCESS, Access, AdapterName
from socialmetrics.cli.output import utf8
from socialmetrics.connections import adapter_class
from socialmetrics.errors import Unsupported
from socialmetrics.oauth2 import Server
from socialmetrics.settings import load
from socialmetrics.strangers import plain

GIVEN: Final = ("access_token", "refresh_token")


def logout(
    adapter: AdapterName,
    /,
    *,
    json: Annotated[
        bool,
        Parameter(
            name="--json",
            negative=(),
            show_default=False,
            help="Print whose tokens were removed and from where, as JSON.",
        ),
    ] = False,
    access: Access = ACCESS,
) -> int:
    """Forgets an account."""
    kind = adapter_class(adapter)
    if not isinstance(getattr(kind, "server", None), Server):
        raise Unsupported(
            f"{kind.title} keeps no tokens of its own: they are in the settings",
            vendor=kind.name,
            alternatives=(
                f"take them out where socialmetrics config {kind.name} shows them",
            ),
        )
    with access.connect(adapter) as client:
        place = keys_of(client).place
        was_there = place.store.delete(place.account)
    account, where = plain(place.account), place.store.place
    if was_there:
        say(f"The tokens of {account} are removed from {where}\n")
    else:
        say(f"There were no tokens of {account} in {where}\n")
    for setting in load(kind, access.given()).values():
        if setting.name in GIVEN:
            say(f"{setting.name} is still set ({setting.origin}), and will be used\n")
    if json:
        told = {"account": place.account, "removed": was_there, "store": where}
        utf8().write(f"{to_json.dumps(told, ensure_ascii=False)}\n")
    return OK
