"""Whether what is kept by hand speaks of questions, options, measures and labels that a survey year has.

Belongs here: references from one file of data to another, which otherwise only the warehouse's tests would find. Does
not belong here: what a file may hold (its stage), running the checks of a year (``year_check.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.yaml_file import YamlText, read_yaml
from assets.catalogue.asked import Asked
from assets.catalogue.measures import MISSING, OptionMeasure
from assets.catalogue.report_cells import Cell, unfold
from assets.catalogue.report_fields import CataloguePassage, CatalogueTable
from assets.catalogue.report_years import report_of_year
from assets.catalogue.reports import load_report
from assets.plausibility.rules import PlausibilityRule
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

VVE_COUNTS = ("target_toddlers", "places", "reached_toddlers")
"""The concepts that one count each is asked of, at most."""


class Reference(NamedTuple):
    """A reference that leads nowhere: what, what speaks of it, and in which file and line, where that is known."""

    what: str
    of: str
    where: str | None = None


def measures_without_questions(
    cells: pd.DataFrame,
    defined: Collection[str],
    terms: pd.DataFrame,
    questionnaires: Mapping[int, Questionnaire],
) -> Iterator[Reference]:
    """Cells of a survey year without a questionnaire or with a measure that nobody defines, and measures that rest on
    what no questionnaire asks, or that cells of a year show though that year does not ask it.

    ``cells`` and ``terms``: as the catalogue's loaders give them; ``defined``: the measures that there are.
    """
    asked = {year: set(_asked(questionnaire)) for year, questionnaire in questionnaires.items()}
    ever = set[tuple[object, ...]]().union(*asked.values())
    by_measure: dict[str, list[tuple[object, ...]]] = {}
    for term in terms.astype("object").where(terms.notna(), None).to_dict("records"):
        name = tuple(term[field] for field in ("question_id", "concept", "item", "option_key"))
        by_measure.setdefault(str(term["measure"]), []).append(name)
    for measure, named_terms in by_measure.items():
        yield from (Reference(f"no questionnaire asks {_in_words(t)}", measure) for t in named_terms if t not in ever)
    shown = cells[["report", "table_id", "survey_year", "measure"]].drop_duplicates()
    for report, table, year, measure in shown.astype("object").where(shown.notna(), None).itertuples(index=False):
        of = f"{measure}, in {report}, {table}"
        if measure not in defined:
            yield Reference("the measure is not defined", of)
        elif year is not None and int(year) not in asked:
            yield Reference(f"there is no questionnaire of {year}", of)
        elif year is not None and (named := by_measure.get(measure, [])) and asked[int(year)].isdisjoint(named):
            yield Reference(f"{year} does not ask {_in_words(named[0])}", of)


def printed_without_questions(reports_dir: Path, asked: Asked) -> Iterator[Reference]:
    """Questions and options that the printed reports name by their id, and that the questionnaire of that year does not
    have, whatever the edition. ``of``: the measure that names them; once per row of a report."""
    for file in sorted(reports_dir.glob("*.yaml")):
        report = load_report(file)
        if isinstance(report.edition, int) and report.edition in asked.survey_years:
            printed = report_of_year(report, report.edition, asked)
            text = read_yaml(file, "catalogue")
            for number, table in enumerate(printed.tables):
                if isinstance(table, CatalogueTable | CataloguePassage):  # a variant speaks of concepts
                    cells = unfold(file, printed, number + 1, table, asked).cells
                    yield from dict.fromkeys(_unasked(cells, asked, text, number))


def _unasked(
    cells: Iterable[tuple[Cell, OptionMeasure | None]], asked: Asked, text: YamlText, number: int
) -> Iterator[Reference]:
    for cell, option in cells:
        questionnaire = asked.questionnaire(asked.survey_year(cell))
        known = {question.id: {one.key for one in question.options} for question in questionnaire.questions}
        named = [(option.question, option.options), *([option.among] if option.among else [])] if option else []
        for question, keys in named:
            absent = [key for key in keys if key != MISSING and key not in known.get(question, ())]
            if question not in known or absent:
                name = f"{question} with option {absent[0]}" if question in known else question
                where = text.where(("tables", number, "rows", cell["row_no"] - 1))
                yield Reference(f"{questionnaire.survey_year} does not ask {name}", cell["measure"], where)


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[object, ...]]:
    """All that a term of a measure can name: (question, concept, item, option), whatever it leaves out being None."""
    for question in questionnaire.questions:
        names = [(question.id, None, None), (None, question.concept, None), (None, question.concept, question.item)]
        for option in (None, MISSING, *(option.key for option in question.options)):
            yield from ((*name, option) for name in names)


def _in_words(term: tuple[object, ...]) -> str:
    question, concept, item, option = term
    name = str(question or concept) + (f" ({item})" if item else "")
    return f"{name} with option {option}" if option else name


def counts_asked_twice(questionnaire: Questionnaire) -> Iterator[Reference]:
    """Concepts of the vve counts with several questions, or with one whose answer is no count."""
    questions = [question for question in questionnaire.questions if question.concept in VVE_COUNTS]
    for concept, times in Counter(question.concept for question in questions).items():
        if times > 1:
            yield Reference(f"{concept} is asked by {times} questions; one number per municipality", "questions")
    for question in questions:
        if question.answer_type != "count":
            yield Reference(f"{question.concept} is asked as {question.answer_type}, not as count", question.id)


def sections_without_label(questionnaire: Questionnaire, labels: pd.DataFrame) -> Iterator[Reference]:
    """Sections of the questionnaire that data/labels.yaml does not have."""
    known: Collection[str] = set(labels.loc[labels["vocabulary"] == "section", "code"])
    for section in dict.fromkeys(question.section for question in questionnaire.questions):
        if section not in known:
            yield Reference("the section has no label in data/labels.yaml", section)


def rules_without_questions(rules: Iterable[PlausibilityRule], questionnaire: Questionnaire) -> Iterator[Reference]:
    """Plausibility rules that hold in the year and can never warn, because it does not ask what they compare."""
    concepts = {question.concept for question in questionnaire.questions}
    for rule in rules:
        named = [getattr(rule, field, None) for field in ("count", "other", "choice_of")]
        for concept in named:
            if rule.holds_in(questionnaire.survey_year) and concept and concept not in concepts:
                yield Reference(f"{questionnaire.survey_year} does not ask {concept}", rule.id)
