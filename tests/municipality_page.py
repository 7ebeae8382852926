"""What a reader sees on the page of a municipality, read back with an HTML parser.

Belongs here: from markup to texts and numbers. Does not belong here: what they should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

_VOID = {"meta", "input", "br", "link", "hr", "img"}


@dataclass
class Element:
    """An element with its attributes, and its children: elements and texts."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                if child.tag == tag:
                    yield child
                yield from child.all(tag)

    def text(self) -> str:
        """What is read of it: without what only screen readers say."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.attributes.get("class") != "unseen":
                yield from child._texts()


class Tree(HTMLParser):
    """The tree of a page; raises ValueError where an end tag does not close what is open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Element("root")
        self._open = [self.root]
        self.by_id: dict[str, Element] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if name := element.attributes.get("id"):
            if name in self.by_id:
                raise ValueError(f"id {name} appears twice")
            self.by_id[name] = element
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if (last := self._open.pop()).tag != tag:
            raise ValueError(f"</{tag}> where <{last.tag}> is open")

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


class Beside(NamedTuple):
    """What is beside an answer: the share and its n, both None where they are not shown."""

    percent: int | None
    n: int | None


NOT_SHOWN = Beside(None, None)


class Row(NamedTuple):
    label: str
    beside: tuple[Beside, ...]


class MunicipalityPage:
    """The page as numbers and labels."""

    def __init__(self, html: str) -> None:
        self.tree = Tree(html)

    def text_of(self, name: str) -> str:
        return self.tree.by_id[name].text()

    def items(self, name: str) -> list[str]:
        """The items of a list without what explains them; none where the page has no such list."""
        found = self.tree.by_id.get(name, Element("ul")).all("li")
        return [without_why(one).text() for one in found]

    @property
    def cases(self) -> list[tuple[str, tuple[str, ...], list[str]]]:
        """The rows of the cases: what it is about, the criteria, and the other cells as printed."""
        rows = list(self.tree.by_id.get("cases", Element("table")).all("tr"))[1:]
        return [
            (
                next(self._texts(without_why(head) for head in row.all("th"))),
                tuple(self._texts(why for why in row.all("span") if why.attributes.get("class") == "why")),
                list(self._texts(row.all("td"))),
            )
            for row in rows
        ]

    def _texts(self, elements: Iterable[Element]) -> Iterator[str]:
        return (element.text() for element in elements)

    @property
    def facts(self) -> list[str]:
        return [one.text() for one in self.tree.by_id["facts"].all("dd")]

    @property
    def answers(self) -> dict[str, list[Row]]:
        """Question → its rows: the answer and what is beside it."""
        tables = [table for table in self.tree.root.all("table") if table.attributes.get("class") == "answers"]
        return {
            str(body.attributes["id"]).removeprefix("question-"): self._rows(body)
            for table in tables
            for body in table.all("tbody")
        }

    def _rows(self, body: Element) -> list[Row]:
        found = []
        for row in body.all("tr"):
            label, *beside = list(row.all("td"))
            shown = tuple(_beside(cell.text()) for cell in beside if "colspan" not in cell.attributes)
            found.append(Row(label.text(), shown))
        return found

    @property
    def reach(self) -> dict[int, list[str]]:
        """Reference year → the cells of its row, as printed."""
        rows = [row for row in self.tree.by_id["reach"].all("tr") if "id" in row.attributes]
        return {int(str(row.attributes["id"])[1:]): [cell.text() for cell in row.all("td")] for row in rows}

    @property
    def links(self) -> list[str]:
        return [str(link.attributes["href"]) for link in self.tree.root.all("a") if "href" in link.attributes]


def without_why(element: Element) -> Element:
    """The element without the explanation below its words."""
    kept = [child for child in element.children if isinstance(child, str) or child.attributes.get("class") != "why"]
    return Element(element.tag, element.attributes, kept)


def _beside(text: str) -> Beside:
    if text == "–":
        return NOT_SHOWN
    percent, n = text.split()
    return Beside(int(percent.removesuffix("%")), int(n))
