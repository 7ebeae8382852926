"""The reports of the edition with their tables as its survey year has them: data/catalogue/reports (docs of the
catalogue: years as fields, rows and columns of the questionnaire, and tables that a printed report has ``of`` the
standing one)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.second_opinion.populations import RESPONDENTS, World
from tests.second_opinion.reading import Question, load_yaml

Fields = Mapping[str, Any]
_FIELD = re.compile(r"\{(survey_year|reference_year|population)([+-]\d+)?\}")


def reports(world: World) -> Iterator[Fields]:
    """The standing report, then the printed reports of the edition's survey year."""
    files = sorted((world.data_dir / "catalogue" / "reports").glob("*.yaml"))
    found = [_filled(load_yaml(file), world) for file in files]
    standing: dict[str, Fields] = {}
    for report in (one for one in found if one["edition"] == "every"):
        tables = [_with_headings(table, world) for table in report["tables"]]
        standing |= {table["id"]: table for table in tables}
        yield {**report, "report": f"{report['report']}{world.edition}", "tables": tables}
    for report in (one for one in found if one["edition"] == str(world.edition)):
        yield {**report, "tables": [_as_printed(table, standing) for table in report["tables"]]}


def question_of(world: World, year: int, concept: str, item: str | None) -> Question | None:
    """The question that measures a concept, of one of the things that it is asked of."""
    return next((q for q in _questions(world, year, concept) if q.item == item), None)


def _questions(world: World, year: int, concept: str) -> list[Question]:
    return [question for question in world.years[year].questions if question.concept == concept]


def _filled(value: Any, world: World) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, world) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, world) for one in value]
    year = world.years[world.edition]
    known = {
        "survey_year": year.survey_year,
        "reference_year": year.reference_year,
        "population": year.analysis["key"] if year.analysis else RESPONDENTS,
    }
    return _FIELD.sub(lambda of: str(int(known[of[1]]) + int(of[2]) if of[2] else known[of[1]]), value)


def _with_headings(table: Fields, world: World) -> Fields:
    questions = _questions(world, world.edition, table.get("cells", {}).get("concept", ""))
    options = dict.fromkeys(option.key for question in questions for option in question.options)
    given = {
        "options": [{"key": key, "option": key} for key in options],
        "items": [{"key": question.item, "item": question.item} for question in questions if question.item],
    }
    axes = {axis: given[table[axis]] for axis in ("rows", "columns") if isinstance(table[axis], str)}
    return {**table, **axes}


def _as_printed(table: Fields, standing: Mapping[str, Fields]) -> Fields:
    if "of" not in table:
        return table
    base = standing[table["of"]]
    axes = {}
    for axis in ("rows", "columns"):
        known = {heading["key"]: heading for heading in base[axis]}
        chosen = table.get(axis) or known.values()
        axes[axis] = [{**known.get(heading["key"], {}), **heading} for heading in chosen]
    return {**base, **table, "kind": table.get("kind", "table"), **axes}
