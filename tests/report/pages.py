"""Pages as trees, read as strictly as a browser is lenient."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import attrs

VOID = {"meta", "br", "img", "input", "hr", "link", "base", "source"}
INLINE = {"a", "b", "bdi", "code", "span", "strong", "time"}


@attrs.define(eq=False)
class Node:
    """An element: its tag, attributes, and what is in it."""

    tag: str
    attributes: dict[str, str | None]
    inside: list[Node | str] = attrs.field(factory=list["Node | str"])

    def all(self, tag: str = "", **wanted: str) -> list[Node]:
        """Every element below it with that tag and those attributes, in order."""
        found = (each for each in self._below() if not tag or each.tag == tag)
        return [each for each in found if each.has(**wanted)]

    def has(self, **wanted: str) -> bool:
        """Whether it has these attributes; `class_` is one of its classes."""
        classes = (self.get("class") or "").split()
        if (name := wanted.pop("class_", None)) and name not in classes:
            return False
        return all(
            self.get(key.replace("_", "-")) == value for key, value in wanted.items()
        )

    def one(self, tag: str = "", **wanted: str) -> Node:
        """The only one."""
        (found,) = self.all(tag, **wanted)
        return found

    def get(self, name: str) -> str | None:
        """That attribute, if it is there."""
        return self.attributes.get(name)

    @property
    def text(self) -> str:
        """All text in it, on one line."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            else:
                yield from each._texts()
                yield "" if each.tag in INLINE else " "

    def _below(self) -> Iterator[Node]:
        for each in self.inside:
            if isinstance(each, Node):
                yield each
                yield from each._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} stands twice"
        node = Node(tag, dict(attrs))
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(page: str) -> Node:
    """The page as a tree; every element must be closed where it should be."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert [each.tag for each in reader.open] == [""]
    return reader.root


def cells(table: Node) -> list[list[str]]:
    """The rows of a table's body, as text."""
    rows = (row for body in table.all("tbody") for row in body.all("tr"))
    return [
        [each.text for each in row.inside if isinstance(each, Node)] for row in rows
    ]
