"""What runs in another process: little is imported, so that it starts quickly."""

from socialmetrics.budget_file import SqliteBudget


def book(path: str, count: int) -> list[float]:
    with SqliteBudget(path, [(10, 3600.0)]) as budget:
        return [budget.book(1)[0].at for _ in range(count)]
