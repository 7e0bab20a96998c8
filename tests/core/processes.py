"""What runs in another process: little is imported, so that it starts quickly."""

from socialmetrics.budget_file import SqliteBudget
from socialmetrics.connections import connect
from socialmetrics.secret import Secret
from socialmetrics.token_file import FileStore
from socialmetrics.tokens import Tokens


def book(path: str, count: int) -> list[float]:
    with SqliteBudget(path, [(10, 3600.0)]) as budget:
        return [budget.book(1)[0].at for _ in range(count)]


def keep(path: str, account: str, count: int = 5) -> None:
    store = FileStore(path)
    for number in range(count):
        store.save(f"{account}/{number}", Tokens(access_token=Secret(account)))


def publish(url: str, ledger: str, key: str) -> None:
    from tests.core.press import Press, draft

    with connect(Press, token="t", base_url=url, ledger=ledger) as client:
        client.publish(draft(), key)
