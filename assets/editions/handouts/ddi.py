"""A questionnaire as DDI-Codebook 2.5, the XML in which data archives exchange codebooks.

Which elements there are, in which order and with which attributes, is as in ``codebook.xsd`` 2.5 of the DDI Alliance
(https://ddialliance.org/Specification/DDI-Codebook/2.5/). Texts are in Dutch and in English.

Belongs here: which element holds what. Does not belong here: the words (``wording.py``).
"""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from assets.base.texts import Text
from assets.editions.content.mark import mark_of
from assets.editions.handouts.variables import (
    MISSING_VALUES,
    MUNICIPALITY_CODE,
    MUNICIPALITY_NAME,
    Labels,
    Variable,
    called,
    variables_of,
)
from assets.editions.handouts.wording import EVERYONE, asked_of, compared
from assets.questionnaires.model import Questionnaire

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "xml:lang"
_RESPONSE = {"single": "category", "multiple": "multiple", "count": "numeric", "text": "text"}
_REPRESENTATION = {"single": "code", "multiple": "code", "count": "numeric", "text": "text"}
_KEYS = {
    MUNICIPALITY_CODE: Text("Gemeentecode van het CBS (GM en vier cijfers)", "CBS municipality code (GM, four digits)"),
    MUNICIPALITY_NAME: Text("Naam van de gemeente", "Name of the municipality"),
}


def ddi_codebook(questionnaire: Questionnaire, labels: Labels) -> bytes:
    """The file, in UTF-8."""
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", _LANGUAGE: "nl"})
    _study(root, questionnaire)
    data = ET.SubElement(root, "dataDscr")
    variables = variables_of(questionnaire)
    _groups(data, variables, labels)
    for name, label in _KEYS.items():
        of_key = ET.SubElement(data, "var", ID=name, name=name, representationType="text")
        _both(of_key, "labl", label)
        ET.SubElement(of_key, "varFormat", type="character")
    for variable in variables:
        _variable(data, questionnaire, variable, labels)
    ET.indent(root, space="")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _both(parent: ET.Element, tag: str, text: Text, **attributes: str) -> None:
    for language in ("nl", "en"):
        ET.SubElement(parent, tag, {_LANGUAGE: language, **attributes}).text = getattr(text, language)


def _study(root: ET.Element, questionnaire: Questionnaire) -> None:
    study = ET.SubElement(root, "stdyDscr")
    titles = ET.SubElement(ET.SubElement(study, "citation"), "titlStmt")
    ET.SubElement(titles, "titl").text = questionnaire.title.nl
    ET.SubElement(titles, "parTitl", {_LANGUAGE: "en"}).text = questionnaire.title.en
    ET.SubElement(titles, "IDNo").text = f"lea-vve-{questionnaire.survey_year}"
    scope = ET.SubElement(study, "stdyInfo")
    if mark := mark_of(questionnaire.origin):
        _both(scope, "abstract", mark)
    summary = ET.SubElement(scope, "sumDscr")
    ET.SubElement(summary, "timePrd", date=str(questionnaire.reference_year)).text = str(questionnaire.reference_year)
    ET.SubElement(summary, "collDate", date=str(questionnaire.survey_year)).text = str(questionnaire.survey_year)
    ET.SubElement(summary, "nation", abbr="NL").text = "Nederland"
    _both(summary, "anlyUnit", Text("gemeente", "municipality"))
    _both(summary, "universe", EVERYONE)


def _groups(data: ET.Element, variables: list[Variable], labels: Labels) -> None:
    """A group for each section, and for each multiple choice."""
    sections: dict[str, list[str]] = {}
    for variable in variables:
        sections.setdefault(variable.question.section, []).append(variable.name)
    for section, names in sections.items():
        group = ET.SubElement(data, "varGrp", ID=f"section.{section}", type="section", var=" ".join(names))
        _both(group, "labl", called(labels, "section", section))
    for question, boxes in groupby(variables, key=lambda one: one.question):
        if question.answer_type == "multiple":
            names = [box.name for box in boxes]
            group = ET.SubElement(
                data, "varGrp", ID=f"multiple.{question.id}", type="multipleResp", var=" ".join(names)
            )
            _both(group, "labl", Text(*question.wording.both))


def _variable(data: ET.Element, questionnaire: Questionnaire, variable: Variable, labels: Labels) -> None:
    question = variable.question
    element = ET.SubElement(data, "var", ID=variable.name, name=variable.name)
    element.set("intrvl", "contin" if question.range else "discrete")
    element.set("representationType", _REPRESENTATION[question.answer_type])
    _both(element, "labl", variable.label)
    asked = ET.SubElement(element, "qstn", responseDomainType=_RESPONSE[question.answer_type])
    _both(asked, "qstnLit", Text(*question.wording.both))
    if question.range:
        limits = {"min": str(question.range.min), "max": str(question.range.max)}
        ET.SubElement(ET.SubElement(element, "valrng"), "range", limits)
    if question.answer_type != "text":
        without = ET.SubElement(element, "invalrng")
        for value in sorted(MISSING_VALUES.values()):
            ET.SubElement(without, "item", VALUE=str(value))
    _both(element, "universe", asked_of(questionnaire, question))
    for number, label in variable.values.values():
        _category(element, number, Text(*label.both))
    if question.answer_type != "text":
        for status, number in MISSING_VALUES.items():
            _category(element, number, called(labels, "answer_status", status), missing="Y", missType=status)
    ET.SubElement(element, "concept").text = question.concept
    ET.SubElement(element, "varFormat", type="character" if question.answer_type == "text" else "numeric")
    ET.SubElement(element, "notes", type="delivered column").text = variable.column
    _both(element, "notes", compared(question, labels), type="comparability")


def _category(variable: ET.Element, number: int, label: Text, **attributes: str) -> None:
    category = ET.SubElement(variable, "catgry", attributes)
    ET.SubElement(category, "catValu").text = str(number)
    _both(category, "labl", label)
