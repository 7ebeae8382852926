"""Codebook, DDI, Dutch text and SPSS file of a questionnaire: what they say, and that they say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
import pytest
from openpyxl import load_workbook

from assets.answers.answer_tables import build_answers
from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import municipalities_of
from assets.answers.tables import ANSWERS
from assets.base.lake import write_table
from assets.base.models import TextPair
from assets.base.texts import Text
from assets.catalogue.labels import load_labels
from assets.editions.handouts.codebook import labels_by_code, write_codebook
from assets.editions.handouts.ddi import NAMESPACE, ddi_codebook
from assets.editions.handouts.spss import write_spss
from assets.editions.handouts.text import questionnaire_text
from assets.editions.handouts.variables import variables_of
from assets.editions.handouts.wording import asked_of
from assets.questionnaires.editing import add_delivery
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Option, Question, Questionnaire, RoutingCondition
from assets.registers.loader import load_register
from tests.conftest import Lea, copy, raw_delivery

BUNDLED = Path(__file__).parents[3] / "data"
LABELS = labels_by_code(load_labels(BUNDLED / "labels.yaml"))
YEARS = load_questionnaires(BUNDLED / "questionnaires")
MARK = "Synthetische gegevens"


class Rules(NamedTuple):
    """What an element of DDI-Codebook 2.5 may hold: its children in their order (? at most once, ! exactly once, * any
    number, + once or more) and its attributes."""

    children: str = ""
    attributes: str = ""


TEXT = Rules()
DDI = {
    "codeBook": Rules("docDscr* stdyDscr+ fileDscr* dataDscr* otherMat*", "version"),
    "stdyDscr": Rules("citation+ stdyInfo* method* dataAccs* othrStdyMat* notes*"),
    "citation": Rules("titlStmt! rspStmt? prodStmt? distStmt? serStmt* verStmt* biblCit? holdings* notes*"),
    "titlStmt": Rules("titl! subTitl* altTitl* parTitl* IDNo*"),
    "titl": TEXT,
    "parTitl": TEXT,
    "IDNo": Rules(attributes="agency level"),
    "stdyInfo": Rules("studyBudget* subject* abstract* sumDscr* qualityStatement? notes* exPostEvaluation*"),
    "abstract": Rules(attributes="date contentType"),
    "sumDscr": Rules(
        "timePrd* collDate* nation* geogCover* geogUnit* geoBndBox? boundPoly? anlyUnit* universe* dataKind*"
    ),
    "timePrd": Rules(attributes="date event cycle"),
    "collDate": Rules(attributes="date event cycle"),
    "nation": Rules(attributes="abbr"),
    "anlyUnit": Rules(attributes="unit"),
    "universe": Rules(attributes="level clusion"),
    "dataDscr": Rules("varGrp* nCubeGrp* var* nCube* notes*"),
    "varGrp": Rules("labl* txt* concept* defntn? universe? notes*", "type var varGrp name access"),
    "var": Rules(
        "location* labl* imputation? security? embargo? respUnit? anlysUnit? qstn* valrng* invalrng* undocCod*"
        " universe* TotlResp? sumStat* txt* stdCatgry* catgryGrp* catgry* codInstr* verStmt* concept* derivation?"
        " varFormat? geoMap* catLevel* notes*",
        "name intrvl representationType files dcml",
    ),
    "labl": Rules(attributes="level vendor country sdatrefs"),
    "qstn": Rules("preQTxt* qstnLit* postQTxt* forward* backward* ivuInstr*", "responseDomainType seqNo var qstn"),
    "qstnLit": TEXT,
    "valrng": Rules("item* range* key? notes*"),
    "invalrng": Rules("item* range* key? notes*"),
    "range": Rules(attributes="UNITS min minExclusive max maxExclusive"),
    "item": Rules(attributes="UNITS VALUE"),
    "catgry": Rules("catValu? labl* txt* catStat* mrow?", "missing missType excls"),
    "catValu": TEXT,
    "concept": Rules(attributes="vocab vocabURI"),
    "varFormat": Rules(attributes="type formatname schema category"),
    "notes": Rules(attributes="type subject level resp"),
}
"""Of the elements that we write: transcribed from the published schema, codebook.xsd of 2012-01-17."""
CODES = {
    "intrvl": {"contin", "discrete"},
    "representationType": {"text", "numeric", "code", "datetime", "other"},
    "responseDomainType": {"text", "numeric", "code", "category", "datetime", "geographic", "multiple", "other"},
    "missing": {"Y", "N"},
}
"""What the schema lets these attributes be; ``type`` of a varGrp and a varFormat is looked at apart."""
TYPES = {"varGrp": {"section", "multipleResp"}, "varFormat": {"character", "numeric"}}
GLOBAL = {"ID", "{http://www.w3.org/XML/1998/namespace}lang"}


def mistakes(element: ET.Element) -> Iterator[str]:
    """Where an element, or one below it, is not as the schema has it."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if name not in DDI:
        yield f"{name} is unknown"
        return
    rules = {rule[:-1]: rule[-1] for rule in DDI[name].children.split()}
    children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    yield from (f"{name} holds {child}" for child in children if child not in rules)
    order = [list(rules).index(child) for child in children if child in rules]
    if order != sorted(order):
        yield f"{name} has its children in another order: {children}"
    for child, times in rules.items():
        if (times in "!+" and child not in children) or (times in "!?" and children.count(child) > 1):
            yield f"{name} has {children.count(child)} {child}"
    for attribute, value in element.attrib.items():
        if attribute not in {*GLOBAL, *DDI[name].attributes.split()}:
            yield f"{name} has attribute {attribute}"
        if value not in CODES.get(attribute, {value}) or (
            attribute == "type" and value not in TYPES.get(name, {value})
        ):
            yield f"{name} has {attribute} {value}"
    if (name == "var" and "name" not in element.attrib) or (name == "item" and "VALUE" not in element.attrib):
        yield f"{name} lacks an attribute"
    for below in element:
        yield from mistakes(below)


@pytest.mark.parametrize("year", YEARS)
def test_ddi_is_as_the_schema_has_it(year: int) -> None:
    root = ET.fromstring(ddi_codebook(YEARS[year], LABELS))
    ids = [element.attrib["ID"] for element in root.iter() if "ID" in element.attrib]
    referred = {name for group in root.iter(f"{{{NAMESPACE}}}varGrp") for name in group.attrib["var"].split()}

    assert list(mistakes(root)) == []
    assert len(ids) == len(set(ids))
    assert all(one[0].isalpha() and ":" not in one and " " not in one for one in ids)
    assert referred == {variable.name for variable in variables_of(YEARS[year])} <= set(ids)


@pytest.mark.parametrize(
    ("xml", "mistake"),
    [
        ("<codeBook version='2.5'/>", "codeBook has 0 stdyDscr"),
        ("<var name='A'><concept>c</concept><labl>l</labl></var>", "var has its children in another order"),
        ("<var><labl>l</labl></var>", "var lacks an attribute"),
        ("<varGrp type='part'/>", "varGrp has type part"),
        ("<stdyInfo><titl>t</titl></stdyInfo>", "stdyInfo holds titl"),
    ],
)
def test_what_the_schema_refuses_is_found(xml: str, mistake: str) -> None:
    root = ET.fromstring(xml.replace(">", f" xmlns='{NAMESPACE}'>", 1) if "/>" not in xml else xml)
    assert any(one.startswith(mistake) for one in mistakes(root))


BOX = """<var ID="Q2_1" name="Q2_1" intrvl="discrete" representationType="code">
<labl xml:lang="nl">Met wie voerde u overleg? [Schoolbesturen]</labl>
<labl xml:lang="en">With whom did you hold consultation? [School boards]</labl>
<qstn responseDomainType="multiple">
<qstnLit xml:lang="nl">Met wie voerde u overleg?</qstnLit>
<qstnLit xml:lang="en">With whom did you hold consultation?</qstnLit>
</qstn>
<invalrng><item VALUE="-9" /><item VALUE="-8" /><item VALUE="-7" /><item VALUE="-6" /><item VALUE="-5" /></invalrng>
<universe xml:lang="nl">gemeenten waarvoor geldt: Q1 is ‘Ja’</universe>
<universe xml:lang="en">municipalities for which Q1 is ‘Yes’</universe>
<catgry><catValu>1</catValu><labl xml:lang="nl">gekozen</labl><labl xml:lang="en">chosen</labl></catgry>
<catgry><catValu>0</catValu><labl xml:lang="nl">niet gekozen</labl><labl xml:lang="en">not chosen</labl></catgry>
<catgry missing="Y" missType="no_answer"><catValu>-9</catValu>"""


def test_ddi_says_of_a_box_what_it_is(questionnaire: Questionnaire) -> None:
    lines = ddi_codebook(questionnaire, LABELS).decode().splitlines()
    written = "".join(line.strip() for line in lines)
    assert BOX.replace("\n", "") in written
    assert '<range min="0" max="20000" />' in written
    assert MARK in written


def question(questionnaire: Questionnaire, **fields: object) -> Question:
    return questionnaire.questions[0].model_copy(update=fields)


def is_(question_id: str, *codes: str) -> RoutingCondition:
    return RoutingCondition.model_validate({"question": question_id, "is": codes})


@pytest.mark.parametrize(
    ("condition", "nl", "en"),
    [
        (None, "alle gemeenten", "all municipalities"),
        (is_("Q1", "1"), "… Q1 is ‘Ja’", "… Q1 is ‘Yes’"),
        (is_("Q1", "1", "2"), "… Q1 is ‘Ja’ of ‘Nee’", "… Q1 is ‘Yes’ or ‘No’"),
        (
            RoutingCondition.model_validate({"question": "R2", "below": "R1"}),
            "… R2 is kleiner dan R1",
            "… R2 is smaller than R1",
        ),
        (
            RoutingCondition.model_validate(
                {"all": [is_("Q1", "1"), {"any": [is_("Q3", "01"), is_("Q3", "02")]}]}, by_name=True, by_alias=True
            ),
            "… Q1 is ‘Ja’ en (Q3 is ‘Jaarlijks’ of Q3 is ‘Minder vaak’)",
            "… Q1 is ‘Yes’ and (Q3 is ‘Yearly’ or Q3 is ‘Less often’)",
        ),
    ],
)
def test_who_is_asked_is_a_sentence(
    condition: RoutingCondition | None, nl: str, en: str, questionnaire: Questionnaire
) -> None:
    heads = Text("gemeenten waarvoor geldt: ", "municipalities for which ")
    expected = Text(nl.replace("… ", heads.nl), en.replace("… ", heads.en))
    assert asked_of(questionnaire, question(questionnaire, routing=condition)) == expected


@pytest.mark.parametrize(
    ("codes", "numbers"),
    [(["1", "2", "9"], [1, 2, 9]), (["01", "02"], [1, 2]), (["1", "01"], [1, 2]), (["a", "2"], [1, 2])],
)
def test_a_value_is_the_code_where_that_is_a_number_of_its_own(
    codes: list[str], numbers: list[int], questionnaire: Questionnaire
) -> None:
    options = tuple(Option(code=code, key=f"k{at}", label=TextPair(nl=code, en=code)) for at, code in enumerate(codes))
    variable = variables_of(
        questionnaire.model_copy(update={"questions": (question(questionnaire, options=options),)})
    )[0]
    assert {code: number for code, (number, _) in variable.values.items()} == dict(zip(codes, numbers, strict=True))


def test_a_variable_has_a_name_of_its_own_for_spss(questionnaire: Questionnaire) -> None:
    boxes = next(one for one in questionnaire.questions if one.id == "Q2")
    taken = question(questionnaire, id="Q2_1")
    names = [one.name for one in variables_of(questionnaire.model_copy(update={"questions": (boxes, taken)}))]
    assert names == ["Q2_1_", "Q2_2", "Q2_8", "Q2_9", "Q2_1"]


@pytest.fixture
def answers(questionnaire: Questionnaire) -> pd.DataFrame:
    """Two municipalities, of which one answered anew."""
    rows = [
        {"gemeentecode": "GM0363", "overleg": "1", "partner_1": "1", "partner_8": "1", "partner_anders": "Bieb",
         "evaluatie": "02", "peuters": "-8", "plaatsen": "9"},
        {"gemeentecode": "GM0599", "overleg": "1", "peuters": "7", "plaatsen": "9", "evaluatie": "anders"},
    ]  # fmt: skip
    anew = [{"gemeentecode": "GM0599", "overleg": "2", "peuters": "8", "plaatsen": "9", "evaluatie": "anders"}]
    raw = [raw_delivery(questionnaire, rows), raw_delivery(questionnaire, anew, 2)]
    municipalities = municipalities_of(BUNDLED / "registers", questionnaire.register_date)
    return build_answers(questionnaire, raw, municipalities).answers


def with_delivery(questionnaire: Questionnaire) -> Questionnaire:
    return questionnaire.model_copy(update={"deliveries": YEARS[2023].deliveries})


def test_spss_has_the_answers_that_count_with_labels_and_missing_values(
    questionnaire: Questionnaire, answers: pd.DataFrame, tmp_path: Path
) -> None:
    names = {"GM0363": "Amsterdam", "GM0599": "Rotterdam"}
    file = tmp_path / "answers.sav"
    assert (
        write_spss(with_delivery(questionnaire), answers, names, LABELS, "Alleen binnen de inspectie. " * 9, file) == 2
    )
    frame, about = pyreadstat.read_sav(str(file), user_missing=True)
    without, _ = pyreadstat.read_sav(str(file))

    expected = {
        "municipality_code": ["GM0363", "GM0599"],
        "municipality_name": ["Amsterdam", "Rotterdam"],
        "Q1": [1, 2],
        "Q2_1": [1, -6],
        "Q2_2": [0, -6],
        "Q2_open": ["Bieb", ""],
        "Q3": [2, -5],
        "R1": [-8, 8],
    }
    assert {name: frame[name].tolist() for name in expected} == expected
    assert without["R1"].isna().tolist() == [True, False]
    assert about.variable_value_labels["Q3"] == {
        1.0: "Jaarlijks",
        2.0: "Minder vaak",
        -9.0: "niet ingevuld",
        -8.0: "geen cijfer bekend",
        -7.0: "niet verzameld",
        -6.0: "niet gevraagd",
        -5.0: "ongeldig",
    }
    assert about.variable_value_labels["Q2_1"][1.0] == "gekozen"
    assert about.missing_ranges["R1"] == [{"lo": -9.0, "hi": -5.0}]
    assert about.column_names_to_labels["Q2_1"] == "Met wie voerde u overleg? [Schoolbesturen]"
    assert (about.variable_measure["R1"], about.variable_measure["Q1"]) == ("scale", "nominal")
    notes = " ".join(map(str, about.notes))
    assert "Alleen binnen de inspectie." in notes
    assert MARK in notes
    assert "SYNTHETISCH" in str(about.file_label)
    assert str(about.creation_time) == "2023-06-16 00:00:00"


@pytest.mark.slow
@pytest.mark.parametrize("year", YEARS)
def test_a_codebook_names_every_variable_and_column(year: int, tmp_path: Path) -> None:
    page, _, workbook, _ = write_codebook(YEARS, year, LABELS, tmp_path)
    html = page.read_text(encoding="utf-8")
    sheets = load_workbook(workbook)
    rows = [row[:2] for row in sheets["variables"].iter_rows(min_row=5, values_only=True)]
    variables = variables_of(YEARS[year])

    assert rows == [(one.name, one.column) for one in variables]
    assert all(f'id="{one.id}"' in html for one in YEARS[year].questions)
    assert MARK in html
    assert MARK in str(sheets["values"]["A2"].value)
    assert {row[0] for row in sheets["values"].iter_rows(min_row=5, values_only=True)} == {
        one.name for one in variables if one.question.answer_type != "text"
    }


def test_a_codebook_is_in_both_languages_and_escapes_what_it_quotes(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    first = question(questionnaire, wording=TextPair(nl="<b>Overleg?", en="Consultation & talks?"))
    changed = questionnaire.model_copy(update={"questions": (first, *questionnaire.questions[1:]), "origin": "real"})
    page, english, workbook, ddi = write_codebook({2023: changed}, 2023, LABELS, tmp_path)
    html = page.read_text(encoding="utf-8")

    assert "&lt;b&gt;Overleg?" in html
    assert "Consultation &amp; talks?" in english.read_text(encoding="utf-8")
    assert "<b>Overleg" not in html
    for content in (html, ddi.read_text(encoding="utf-8"), str(load_workbook(workbook)["values"]["A2"].value)):
        assert MARK not in content
    before = [file.read_bytes() for file in (page, english, workbook, ddi)]
    assert [file.read_bytes() for file in write_codebook({2023: changed}, 2023, LABELS, tmp_path)] == before


@pytest.mark.parametrize("year", YEARS)
def test_the_text_has_every_question_and_option_in_dutch(year: int) -> None:
    text = questionnaire_text(YEARS[year], LABELS)
    words = " ".join(text.split())
    for one in YEARS[year].questions:
        assert " ".join(f"{one.id}. {one.wording.nl}".split()) in words
        assert all(" ".join(f"[{option.code}] {option.label.nl}".split()) in words for option in one.options)
    assert max(map(len, text.splitlines())) <= 100
    assert MARK in text


WRITTEN = {
    "codebook": {"codebook_2023.html", "codebook_2023.en.html", "codebook_2023.xlsx", "ddi_2023.xml"},
    "ddi": {"ddi_2023.xml"},
    "template": {"delivery_template_2023.xlsx"},
    "text": {"questionnaire_2023_nl.txt"},
}


@pytest.mark.slow
@pytest.mark.parametrize("which", [*WRITTEN, "all"])
def test_the_command_writes_what_it_is_asked_for(which: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    copy(BUNDLED / "labels.yaml", data_dir / "labels.yaml")
    wrote = lea("questionnaire", 2023, "--to", tmp_path / "out", "--as", which)
    expected = set().union(*WRITTEN.values()) if which == "all" else WRITTEN[which]

    assert wrote.exit_code == 0, wrote.output
    assert {file.name for file in (tmp_path / "out").iterdir()} == expected
    assert all(name in wrote.stdout for name in expected)
    assert "Synthetic data" in wrote.stdout


def test_answers_are_exported_once_a_run_has_taken_them_in(
    data_dir: Path, answers: pd.DataFrame, tmp_path: Path, lea: Lea
) -> None:
    for name in ("labels.yaml", "audiences.yaml"):
        copy(BUNDLED / name, data_dir / name)
    file = tmp_path / "answers.sav"
    early = lea("export", 2023, "--to", file)
    assert early.exit_code == 1
    assert "lea run --year 2023" in early.stderr
    write_table(answers, ANSWERS.file(data_dir / "lake", "2023"))
    for name in REGISTERS_READ:
        register = load_register(data_dir / "registers", name)
        write_table(register, data_dir / "lake" / "registers" / f"{name}.parquet")
    questionnaire = data_dir / "questionnaires" / "2023" / "questionnaire.yaml"
    add_delivery(questionnaire.parent, YEARS[2023].deliveries[0])

    exported = lea("export", 2023, "--to", file)
    assert exported.exit_code == 0, exported.output
    assert "2 municipalities" in exported.stdout
    assert "Alleen voor gebruik binnen de inspectie" in exported.stdout
    assert pyreadstat.read_sav(str(file))[0]["municipality_code"].tolist() == ["GM0363", "GM0599"]
    assert lea("export", 2023, "--to", tmp_path / "answers.xlsx").exit_code == 1
