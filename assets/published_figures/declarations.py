"""Reads which printed figures the monitor cannot or should not give: ``misprints.yaml`` and ``not_derivable.yaml``.

Belongs here: the fields of a declaration, and the line on which each is. Does not belong here: whether it names a
figure (``figures.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assets.base.errors import BadInput
from assets.base.yaml_file import TextLoader, parse_fields, read_text
from assets.published_figures.printed import PrintedAs
from assets.questionnaires.model import Text

Declared = Literal["misprint", "not_derivable"]
_Text = Annotated[str, Field(min_length=1)]
_EmptyIsNone = BeforeValidator(lambda entries: entries or ())
_Model = TypeVar("_Model", bound=BaseModel)
_Loc = tuple[int | str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FigureName(_Strict):
    """Names figures by the columns of their file: a whole row, or less where ``column`` or ``measure`` is given."""

    report: _Text
    place: _Text
    row: _Text
    column: str | None = None
    measure: PrintedAs | None = None


class Misprint(FigureName):
    """One figure that the report's own numbers contradict. ``printed`` repeats what was keyed, so that both move together."""

    column: str = ""
    measure: PrintedAs
    printed: _Text
    arithmetic: Text
    explanation: Text


class NotDerivable(_Strict):
    """Figures that nothing in the data can give, and why."""

    reason: Text
    figures: Annotated[tuple[FigureName, ...], Field(min_length=1)]


class _Misprints(_Strict):
    misprints: Annotated[tuple[Misprint, ...], _EmptyIsNone] = ()


class _NotDerivables(_Strict):
    not_derivable: Annotated[tuple[NotDerivable, ...], _EmptyIsNone] = ()


@dataclass(frozen=True)
class Declaration:
    """What is said of a figure, and where: ``where`` is file and line."""

    declared: Declared
    figure: FigureName
    reason: Text
    where: str

    @property
    def printed(self) -> str | None:
        return self.figure.printed if isinstance(self.figure, Misprint) else None


def load_declarations(figures_dir: Path) -> list[Declaration]:
    """Every declaration of both files, in their order. A file that is not there declares nothing.

    Raises BadInput, with file and line, for the first entry that cannot be used.
    """
    return [*_misprints(figures_dir / "misprints.yaml"), *_not_derivable(figures_dir / "not_derivable.yaml")]


def _misprints(file: Path) -> list[Declaration]:
    content, where = _load(file, _Misprints, "list of misprints")
    return [
        Declaration(
            "misprint", entry, _one_after_the_other(entry.arithmetic, entry.explanation), where(("misprints", number))
        )
        for number, entry in enumerate(content.misprints)
    ]


def _one_after_the_other(first: Text, second: Text) -> Text:
    return Text(nl=f"{first.nl} {second.nl}", en=f"{first.en} {second.en}")


def _not_derivable(file: Path) -> list[Declaration]:
    content, where = _load(file, _NotDerivables, "list of figures that are not derivable")
    return [
        Declaration("not_derivable", figure, group.reason, where(("not_derivable", g, "figures", f)))
        for g, group in enumerate(content.not_derivable)
        for f, figure in enumerate(group.figures)
    ]


def _load(file: Path, model: type[_Model], subject: str) -> tuple[_Model, Callable[[_Loc], str]]:
    """The file's content, and what tells the file and line of a place in it."""
    if not file.exists():
        return model(), lambda _: str(file)
    text = read_text(file, subject)
    fields = parse_fields(text, file, subject)
    root = yaml.compose(text, Loader=TextLoader)

    def where(loc: _Loc) -> str:
        return f"{file}, line {_line(root, loc)}"

    try:
        return model.model_validate(fields), where
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            f"The {subject} cannot be used: {first['loc'][-1]}: {first['msg']}",
            where(first["loc"]),
            "data/published_figures/README.md says what an entry holds",
        ) from None


def _line(node: yaml.Node | None, loc: _Loc) -> int:
    """The line of a place, or of the closest entry around it when nothing is there."""
    line = node.start_mark.line + 1 if node else 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            line, node = next(((k.start_mark.line + 1, v) for k, v in node.value if k.value == part), (line, None))
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
