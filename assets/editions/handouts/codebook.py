"""The codebook of a survey year: every question with its variables, answers and comparability; page, workbook and DDI.

Belongs here: what it says of a question, and its files. Does not belong here: the looks of the page
(``codebook.html.j2``), answers of municipalities: a codebook holds none, so anybody may have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.files import written_aside
from assets.base.texts import LANGUAGES, Language, Text, file_in
from assets.editions.content.mark import mark_in_both_languages, mark_of
from assets.editions.files.sheets import Styles
from assets.editions.handouts.ddi import ddi_codebook
from assets.editions.handouts.sheets import add_list, new_workbook
from assets.editions.handouts.variables import MISSING_VALUES, Labels, Variable, called, variables_of
from assets.editions.handouts.wording import EVIDENCE, asked_of, compared, missing_codes, possible_counts
from assets.editions.pages.templating import environment
from assets.questionnaires.model import Question, Questionnaire

if TYPE_CHECKING:
    import pandas as pd


class Entry(NamedTuple):
    """What the codebook says of a question. ``earlier_and_later``: survey year and id of the questions of other years
    that measure the same."""

    question: Question
    variables: list[Variable]
    section: Text
    answer_type: Text
    asked_of: Text
    counts: Text | None
    missing: list[tuple[str, Text]]
    comparability: Text
    evidence: Text
    earlier_and_later: list[tuple[int, str]]


def labels_by_code(labels: pd.DataFrame) -> Labels:
    """``assets.catalogue.labels.LABELS``, to look a label up by vocabulary and code."""
    found: dict[str, dict[str, Text]] = {}
    for vocabulary, code, nl, en in labels[["vocabulary", "code", "label_nl", "label_en"]].itertuples(index=False):
        found.setdefault(vocabulary, {})[code] = Text(nl, en)
    return found


def write_codebook(
    questionnaires: Mapping[int, Questionnaire], survey_year: int, labels: Labels, folder: Path
) -> list[Path]:
    """Writes ``codebook_<year>.html`` (``.en.html``), ``codebook_<year>.xlsx`` and ``ddi_<year>.xml`` to a folder, and
    returns them.
    The same questionnaires give the same bytes."""
    questionnaire = questionnaires[survey_year]
    entries = list(entries_of(questionnaires, survey_year, labels))
    page, workbook, ddi = (folder / name for name in codebook_files(survey_year))
    pages = [folder / file_in(language, page.name) for language in LANGUAGES]
    for language, file in zip(LANGUAGES, pages, strict=True):
        with written_aside(file) as aside:
            aside.write_text(_page(questionnaire, entries, labels, language, page.name), encoding="utf-8")
    with written_aside(workbook) as aside:
        _write_workbook(questionnaire, entries, labels, aside)
    with written_aside(ddi) as aside:
        aside.write_bytes(ddi_codebook(questionnaire, labels))
    return [*pages, workbook, ddi]


def codebook_files(survey_year: int) -> tuple[str, str, str]:
    """The names of its files: page, workbook, DDI."""
    return f"codebook_{survey_year}.html", f"codebook_{survey_year}.xlsx", f"ddi_{survey_year}.xml"


def entries_of(questionnaires: Mapping[int, Questionnaire], survey_year: int, labels: Labels) -> Iterable[Entry]:
    """An entry for each question of a survey year, in its order."""
    questionnaire = questionnaires[survey_year]
    same: dict[tuple[str, str | None], list[tuple[int, str]]] = {}
    for year, other in sorted(questionnaires.items()):
        for one in other.questions if year != survey_year else ():
            same.setdefault((one.concept, one.item), []).append((year, one.id))
    for question, variables in groupby(variables_of(questionnaire), key=lambda one: one.question):
        yield Entry(
            question,
            list(variables),
            called(labels, "section", question.section),
            called(labels, "answer_type", question.answer_type),
            asked_of(questionnaire, question),
            possible_counts(question),
            missing_codes(questionnaire, question, labels),
            compared(question, labels),
            EVIDENCE[question.evidence],
            same.get((question.concept, question.item), []),
        )


def _page(questionnaire: Questionnaire, entries: list[Entry], labels: Labels, language: Language, path: str) -> str:
    sections: dict[Text, list[Entry]] = {}
    for entry in entries:
        sections.setdefault(entry.section, []).append(entry)
    template = environment(language).get_template("handouts/codebook.html.j2")
    missing = {value: called(labels, "answer_status", status) for status, value in MISSING_VALUES.items()}
    mark = mark_of(questionnaire.origin)
    return template.render(questionnaire=questionnaire, sections=sections, missing=missing, mark=mark, path=path)


def _write_workbook(questionnaire: Questionnaire, entries: list[Entry], labels: Labels, file: Path) -> None:
    title = f"{questionnaire.title.nl} / {questionnaire.title.en}"
    heads = [title, mark_in_both_languages(questionnaire.origin)]
    with new_workbook(file, title, questionnaire) as book:
        styles = Styles(book)
        add_list(styles, "variables", heads, _VARIABLES, _variable_rows(entries))
        add_list(styles, "values", heads, _VALUES, _value_rows(entries, labels))


_VARIABLES = {
    "variable": 16,
    "column": 40,
    "question": 10,
    "section_nl": 20,
    "section_en": 20,
    "label_nl": 60,
    "label_en": 60,
    "answered_nl": 22,
    "answered_en": 22,
    "asked_of_nl": 40,
    "asked_of_en": 40,
    "counts_nl": 24,
    "counts_en": 24,
    "missing_codes": 24,
    "concept": 28,
    "comparability_nl": 40,
    "comparability_en": 40,
    "other_years": 24,
    "evidence": 10,
    "source": 40,
}
_VALUES = {"variable": 16, "value": 8, "delivered_as": 14, "label_nl": 60, "label_en": 60, "missing": 10}


def _variable_rows(entries: Iterable[Entry]) -> Iterable[list[str]]:
    for entry in entries:
        question = entry.question
        others = ", ".join(f"{year} {name}" for year, name in entry.earlier_and_later)
        codes = ", ".join(code for code, _ in entry.missing)
        answered = [*entry.answer_type, *entry.asked_of, *(entry.counts or ("", "")), codes]
        compared_with = [question.concept, *entry.comparability, others, question.evidence, question.source]
        for variable in entry.variables:
            named = [variable.name, variable.column, question.id, *entry.section, *variable.label]
            yield [*named, *answered, *compared_with]


def _value_rows(entries: Iterable[Entry], labels: Labels) -> Iterable[list[str]]:
    for entry in entries:
        for variable in entry.variables:
            for code, (number, label) in variable.values.items():
                yield [variable.name, str(number), code, *label.both, ""]
            codes: dict[str, list[str]] = {}
            for code, meaning in entry.missing:
                codes.setdefault(meaning.nl, []).append(code)
            for status, number in MISSING_VALUES.items() if entry.question.answer_type != "text" else ():
                meaning = called(labels, "answer_status", status)
                yield [variable.name, str(number), ", ".join(codes.get(meaning.nl, [])), *meaning, "missing"]
