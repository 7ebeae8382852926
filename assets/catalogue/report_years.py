"""What a survey year makes of a report: its years filled in, and the rows and columns that its questionnaire gives.

Belongs here: which tables a standing report has in a year, and a printed report's variants of them. Does not belong
here: unfolding a table into cells (``report_cells.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assets.base.errors import BadInput
from assets.base.models import TextPair
from assets.catalogue.asked import Absent, Asked
from assets.catalogue.report_fields import (
    CatalogueHeading,
    CataloguePassage,
    CatalogueReport,
    CatalogueTable,
    CatalogueVariant,
    VariantHeading,
)

Tables = Mapping[str, CatalogueTable]
_FIELD = re.compile(r"\{(survey_year|reference_year|population)([+-]\d+)?\}")
_PLACES = {"table": ("Tabel", "Table"), "figure": ("Figuur", "Figure")}


def report_of_year(report: CatalogueReport, survey_year: int, asked: Asked) -> CatalogueReport:
    """The report with the fields of a survey year filled in; a standing one is numbered, and named for the year.

    Raises Absent where a field needs answers of that year and there are none.
    """

    def filled(field: re.Match[str]) -> str:
        name, added = field.groups()
        if name == "population":
            population = asked.questionnaire(survey_year).analysis_population
            return population.key if population else "respondents"
        year = survey_year if name == "survey_year" else asked.questionnaire(survey_year).reference_year
        return str(year + int(added or 0))

    fields = _fill(report.model_dump(by_alias=True, exclude_unset=True), filled)
    if report.is_standing:
        fields["report"] = f"{report.report}{survey_year}"
        for number, table in enumerate(fields["tables"], 1):
            nl, en = _PLACES[table["kind"]]
            table.setdefault("place", {"nl": f"{nl} {number}", "en": f"{en} {number}"})
    return CatalogueReport.model_validate(fields)


def _fill(value: Any, filled: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(one, filled) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(one, filled) for one in value]
    return _FIELD.sub(filled, value) if isinstance(value, str) else value


def with_headings(table: CatalogueTable, survey_year: int, asked: Asked) -> CatalogueTable:
    """The table with the rows and columns of that year's questionnaire. Raises Absent where it does not ask what the
    table is about."""
    for concept in table.rests_on:
        asked.require_by_now(survey_year, concept)
    given = {axis: getattr(table, axis) for axis in ("rows", "columns")}
    found = {
        axis: tuple(_headings(table, kind, survey_year, asked)) for axis, kind in given.items() if isinstance(kind, str)
    }
    return table.model_copy(update=found)


def _headings(table: CatalogueTable, kind: str, survey_year: int, asked: Asked) -> Iterator[CatalogueHeading]:
    concept = str(table.cells.concept)
    if kind == "options":
        for option in asked.options(survey_year, concept):
            label = table.labels.get(option.key, option.label)
            yield CatalogueHeading(key=option.key, label=label, option=option.key)
        return
    for question in asked.items(survey_year, concept):
        item = str(question.item)
        yield CatalogueHeading(key=item, label=table.labels.get(item, question.wording), item=item)


def gone_since(table: CatalogueTable, survey_year: int, asked: Asked) -> Iterator[tuple[TextPair, Absent]]:
    """The rows and columns that the questionnaire gave the table when it last asked, and no longer gives, with their
    labels."""
    concept = table.cells.concept
    before = asked.year_before(survey_year, concept) if concept else None
    for axis in ("rows", "columns") if before else ():
        kind = getattr(table, axis)
        if not isinstance(kind, str):
            continue
        try:
            then = list(_headings(table, kind, before or 0, asked))
        except Absent:
            continue  # it asked in another way
        now = {heading.key for heading in _headings(table, kind, survey_year, asked)}
        for heading in then:
            if heading.key not in now:
                yield heading.label, _gone(concept or "", kind, heading, survey_year, before or 0)


def _gone(concept: str, kind: str, heading: CatalogueHeading, survey_year: int, before: int) -> Absent:
    return Absent(
        "option" if kind == "options" else "item",
        f"{concept}={heading.key}" if kind == "options" else f"{concept}/{heading.key}",
        f"De vragenlijst van {survey_year} heeft dit niet meer; die van {before} had het.",
        f"The questionnaire of {survey_year} no longer has this; that of {before} had it.",
    )


def as_printed(table: CataloguePassage | CatalogueTable | CatalogueVariant, standing: Tables, place: str) -> Any:
    """The table as a printed report has it: of a variant, the standing table with what print has otherwise.

    ``standing``: the tables of the standing report in that year. Raises BadInput where there is no such table, row or
    column.
    """
    if not isinstance(table, CatalogueVariant):
        return table
    if not (base := standing.get(table.of)):
        raise BadInput(
            f"The standing report has no table {table.of} in that year",
            f"{place}, {table.id}",
            "name one that it has, or give the table rows and columns of its own",
        )
    own = table.model_dump(by_alias=True, exclude_unset=True, exclude={"of", "rows", "columns"})
    fields = base.model_dump(by_alias=True, exclude_unset=True, exclude={"labels", "rests_on", "chart"}) | own
    for axis in ("rows", "columns"):
        fields[axis] = [*_chosen(getattr(base, axis), getattr(table, axis), f"{place}, {table.id}, {axis}")]
    return CatalogueTable.model_validate(fields | {"kind": table.kind})


def _chosen(
    known: tuple[CatalogueHeading, ...], chosen: tuple[VariantHeading, ...] | None, place: str
) -> Iterator[dict[str, Any]]:
    by_key = {heading.key: heading.model_dump(by_alias=True, exclude_unset=True) for heading in known}
    if chosen is None:
        yield from by_key.values()
    for heading in chosen or ():
        merged = by_key.get(heading.key, {}) | heading.model_dump(by_alias=True, exclude_unset=True)
        if "label" not in merged:
            raise BadInput(
                f"The standing table has no {heading.key}", place, f"name one of {', '.join(by_key)}, or give a label"
            )
        yield merged
