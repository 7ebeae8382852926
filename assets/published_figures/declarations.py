"""Reads which printed figures the monitor cannot or should not give: ``misprints.yaml`` and ``not_derivable.yaml``.

Belongs here: the fields of a declaration, and the line on which each is. Does not belong here: whether it names a
figure (``figures.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from assets.base.models import EMPTY_IS_NO_ENTRY, Filled, Place, StrictModel, TextPair
from assets.base.yaml_file import YamlText, read_yaml
from assets.catalogue.report_fields import PrintedAs

_REMEDY = "data/published_figures/README.md says what an entry holds"

Declared = Literal["misprint", "deviation", "not_derivable"]


class FigureName(StrictModel, str_strip_whitespace=True):
    """Names figures by the columns of their file: a whole row, or less where ``column`` or ``measure`` is given."""

    report: Filled
    place: Filled
    row: Filled
    column: str | None = None
    measure: PrintedAs | None = None


class Misprint(FigureName):
    """One figure that the report's own numbers contradict, or (a deviation) only something else, such as the register.
    ``printed`` repeats what was keyed, so that both move together."""

    column: str = ""
    measure: PrintedAs
    printed: Filled
    arithmetic: TextPair
    explanation: TextPair


class NotDerivable(StrictModel, str_strip_whitespace=True):
    """Figures that nothing in the data can give, and why."""

    reason: TextPair
    figures: Annotated[tuple[FigureName, ...], Field(min_length=1)]


class _Misprints(StrictModel):
    misprints: Annotated[tuple[Misprint, ...], EMPTY_IS_NO_ENTRY] = ()
    deviations: Annotated[tuple[Misprint, ...], EMPTY_IS_NO_ENTRY] = ()


class _NotDerivables(StrictModel):
    not_derivable: Annotated[tuple[NotDerivable, ...], EMPTY_IS_NO_ENTRY] = ()


@dataclass(frozen=True)
class Declaration:
    """What is declared of a figure, and where: ``where`` is file and line."""

    declared: Declared
    figure: FigureName
    reason: TextPair
    where: str

    @property
    def printed(self) -> str | None:
        """The value as printed, where a misprint is declared."""
        return self.figure.printed if isinstance(self.figure, Misprint) else None


def load_declarations(figures_dir: Path) -> list[Declaration]:
    """Every declaration of both files, in their order. A file that is not there declares nothing.

    Raises BadInput, with file and line, for the first entry that cannot be used.
    """
    return [*_misprints(figures_dir / "misprints.yaml"), *_not_derivable(figures_dir / "not_derivable.yaml")]


def _misprints(file: Path) -> list[Declaration]:
    if not file.exists():
        return []
    source = read_yaml(file, "list of misprints")
    declared = source.validated(_Misprints, _REMEDY)
    lists: dict[Declared, tuple[Misprint, ...]] = {"misprint": declared.misprints, "deviation": declared.deviations}
    return [
        Declaration(kind, entry, _joined(entry.arithmetic, entry.explanation), _line(source, (f"{kind}s", number)))
        for kind, entries in lists.items()
        for number, entry in enumerate(entries)
    ]


def _not_derivable(file: Path) -> list[Declaration]:
    if not file.exists():
        return []
    source = read_yaml(file, "list of figures that are not derivable")
    return [
        Declaration("not_derivable", figure, group.reason, _line(source, ("not_derivable", g, "figures", f)))
        for g, group in enumerate(source.validated(_NotDerivables, _REMEDY).not_derivable)
        for f, figure in enumerate(group.figures)
    ]


def _joined(first: TextPair, second: TextPair) -> TextPair:
    return TextPair(nl=f"{first.nl} {second.nl}", en=f"{first.en} {second.en}")


def _line(source: YamlText, place: Place) -> str:
    return f"{source.file}, line {source.line_of(place)}"
