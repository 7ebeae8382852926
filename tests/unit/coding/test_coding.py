"""Coding of open answers: the frames, what coders send back and what is refused of it, suggestions, and agreement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.coding.agreement import Agreement, agreement
from assets.coding.coded import SETTLED, CodedAnswer, write_coded
from assets.coding.coding import Coding, disputed, load_coding
from assets.coding.frames import load_frames
from assets.coding.suggestions import Suggestion, by_words, suggest
from assets.coding.tasks import Returned, Task, take_back, tasks_of
from assets.coding.workbook import read_workbook, write_workbook

BUNDLED = Path(__file__).parents[3] / "data"
FRAME = """concepts: [reason]
codes:
  - id: capacity
    label: {nl: Capaciteit, en: Capacity}
    belongs: {nl: Ziekte, en: Illness}
    examples: [Ambtenaar was ziek]
  - id: later
    label: {nl: Later, en: Later}
    belongs: {nl: Uitgesteld, en: Postponed}
"""
QUESTIONNAIRE = """survey_year: {year}
reference_year: {before}
title: {{nl: V, en: Q}}
status: final
origin: synthetic
register_date: 2021-01-01
key_columns: {{municipality_code: code, municipality_name: name}}
missing: {{no_answer: ["-9"], not_available: [], not_asked: [], not_collected: []}}
questions:
  - {{id: X1, concept: reason, section: explanation, answer_type: text, wording: {{nl: Waarom?, en: Why?}}, evidence: A,
     source: none, column: X1, comparability: {{status: new}}}}
  - {{id: X2, concept: remark, section: explanation, answer_type: text, wording: {{nl: Wat?, en: What?}}, evidence: A,
     source: none, column: X2, comparability: {{status: new}}}}
"""
NAMES = {"GM0014": "Groningen", "GM0034": "Almere", "GM0363": "Amsterdam"}
ANSWERS = {
    ("GM0014", "X1"): "Ambtenaar was ziek",
    ("GM0034", "X1"): "ambtenaar  was zieck.",
    ("GM0363", "X1"): "Volgend jaar\nweer",
}
HEADER = "municipality_code,question_id,text,code,origin\n"
ZIEK, ZIECK = "Ambtenaar was ziek", "ambtenaar  was zieck."


def folder_with(folder: Path, files: dict[str, str], frame: str = FRAME) -> DataPaths:
    """Survey years 2030 and 2031 with a frame for X1, and coders' files by '<survey_year>/<coder>' without header."""
    paths = DataPaths(folder)
    for year in (2030, 2031):
        (paths.questionnaires / str(year)).mkdir(parents=True)
        text = QUESTIONNAIRE.format(year=year, before=year - 1)
        (paths.questionnaires / str(year) / "questionnaire.yaml").write_text(text, encoding="utf-8")
    (paths.coding / "frames").mkdir(parents=True)
    (paths.coding / "frames" / "reasons.yaml").write_text(frame, encoding="utf-8")
    for name, lines in files.items():
        file = paths.coding / f"{name}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(HEADER + lines, encoding="utf-8")
    return paths


def line(code: str, given: str, text: str = ZIEK, question: str = "X1") -> str:
    return f'{code},{question},"{text}",{given},synthetic\n'


Given = Callable[..., list[Task]]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    """What a coder is given of 2031, when these answers count and these codes have been given."""
    monkeypatch.setattr("assets.coding.tasks.open_answers", lambda *_: ANSWERS)
    monkeypatch.setattr(
        "assets.coding.tasks.municipalities_in_lake", lambda *_: type("M", (), {"names": NAMES})(), raising=True
    )

    def tasks(coder: str, files: dict[str, str] | None = None) -> list[Task]:
        paths = folder_with(tmp_path / "data", files or {})
        return tasks_of(paths, load_coding(paths), 2031, coder)

    return tasks


# --- frames and coded answers -----------------------------------------------------------------------------------------


def test_the_bundled_frames_and_codes_can_be_used() -> None:
    found = load_coding(DataPaths(BUNDLED))
    assert {frame.id for frame in found.frames.values()} >= {"lea_no_consultation", "vve_no_consultation"}
    assert {coder for _, coder in found.coded} == {"coder_1", "coder_2", SETTLED}
    assert {row.content.origin for rows in found.coded.values() for row in rows} == {"synthetic"}


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (FRAME.replace("[reason]", "[nowhere]"), "No questionnaire asks nowhere as an open question"),
        (FRAME.replace("id: later", "id: capacity"), "code capacity appears more than once"),
        (FRAME.replace("    belongs: {nl: Uitgesteld, en: Postponed}\n", ""), "'belongs' is missing"),
        (FRAME.replace("en: Later", 'en: ""'), "at least 1 character"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused(tmp_path: Path, frame: str, what: str) -> None:
    with pytest.raises(BadInput, match=what) as refused:
        load_coding(folder_with(tmp_path, {}, frame))
    assert "reasons.yaml" in refused.value.where


def test_a_concept_has_one_frame(tmp_path: Path) -> None:
    paths = folder_with(tmp_path, {})
    (paths.coding / "frames" / "more.yaml").write_text(FRAME, encoding="utf-8")
    with pytest.raises(BadInput, match="reason has a second code frame; more is the first"):
        load_frames(paths.coding, ["reason"])


@pytest.mark.parametrize(
    ("name", "lines", "what", "where"),
    [
        ("2031/a", line("GM0014", "tired"), "'tired' is not a code of reasons", "a.csv, line 2"),
        ("2031/a", line("GM0014", "later", question="X2"), "X2 has no code frame in survey year 2031", "a.csv, line 2"),
        ("2031/a", line("GM0014", "later") * 2, r"GM0014 X1 is coded twice \(line 2 too\)", "a.csv, line 3"),
        ("2031/a", line("GM14", "later"), "GM14", "a.csv, line 2, column municipality_code"),
        ("2031/Anna", line("GM0014", "later"), "'Anna' cannot name a coder", "Anna.csv"),
        ("2029/a", line("GM0014", "later"), "There is no questionnaire of 2029", "a.csv"),
    ],
)
def test_a_coded_answer_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, lines: str, what: str, where: str
) -> None:
    with pytest.raises(BadInput, match=what) as refused:
        load_coding(folder_with(tmp_path, {name: lines}))
    assert refused.value.where.endswith(where)


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\nb", " a ", 'a "b", c', "a\tb", "=1+1", "é–"])
def test_an_answer_is_kept_to_the_character(tmp_path: Path, text: str) -> None:
    answer = CodedAnswer(municipality_code="GM0001", question_id="X1", text=text, code="later", origin="real")
    paths = folder_with(tmp_path, {})
    write_coded(paths.coding / "2031" / "a.csv", [answer])
    assert [row.content for row in load_coding(paths).coded[2031, "a"]] == [answer]


# --- what a coder is given --------------------------------------------------------------------------------------------

KNOWN = by_words([("Ambtenaar was langdurig ziek", "capacity"), ("Volgend jaar", "later")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ambtenaar was langdurig ziek!", Suggestion("capacity", 100)),
        ("Ambtenaar was langdrig ziek", Suggestion("capacity", 98)),
        ("langdurig ziek was ambtenaar", Suggestion("capacity", 99)),
        ("Volgend jaar", Suggestion("later", 100)),
        ("Iets heel anders", None),
        ("…", None),
    ],
)
def test_a_code_is_suggested_by_exact_and_near_repetition(text: str, found: Suggestion | None) -> None:
    assert suggest(text, KNOWN) == found


def test_a_coder_is_given_every_answer_with_what_may_help(given: Given) -> None:
    first, second, third = given("anna", {"2030/settled": line("GM0363", "later", "Volgend jaar weer")})
    assert (first.municipality_name, first.frame.id, first.code) == ("Groningen", "reasons", "")
    assert first.hints == {"last_code": "", "suggestion": "capacity", "likeness": "100"}
    assert second.hints == {"last_code": "", "suggestion": "capacity", "likeness": "97"}
    assert third.hints == {"last_code": "later", "suggestion": "later", "likeness": "100"}


def test_a_coder_sees_own_codes_never_another_coders(given: Given) -> None:
    tasks = given(
        "anna", {"2031/anna": line("GM0014", "later"), "2031/bert": line("GM0363", "later", "Volgend jaar\nweer")}
    )
    assert [task.code for task in tasks] == ["later", "", ""]
    assert tasks[0].hints["suggestion"] == "later"  # the coder's own code counts for more than the example
    assert tasks[2].hints["suggestion"] == ""


def test_a_code_of_another_answer_does_not_hold(given: Given) -> None:
    assert [task.code for task in given("anna", {"2031/anna": line("GM0014", "later", "Ambtenaar was op reis")})] == [
        ""
    ] * 3


def test_who_settles_is_given_what_coders_differ_on(given: Given) -> None:
    files = {
        "2031/anna": line("GM0014", "later") + line("GM0034", "capacity", ZIECK),
        "2031/bert": line("GM0014", "capacity") + line("GM0034", "capacity", ZIECK),
        "2031/settled": line("GM0014", "capacity"),
    }
    (task,) = given(SETTLED, files)
    assert (task.municipality_code, task.hints, task.code) == (
        "GM0014",
        {"anna": "later", "bert": "capacity"},
        "capacity",
    )


# --- what comes back --------------------------------------------------------------------------------------------------


def rows_of(tasks: list[Task], codes: str = "capacity capacity later") -> list[Returned]:
    return [
        Returned(f"row {number}", task.municipality_code, task.question.id, task.answer, code)
        for number, (task, code) in enumerate(zip(tasks, codes.split(), strict=True), 4)
    ]


def test_a_workbook_comes_back_as_it_went_out_with_codes_from_its_list(given: Given, tmp_path: Path) -> None:
    tasks, file = given("anna"), tmp_path / "coding.xlsx"
    write_workbook(file, "LEA/vve 2031, anna", "Synthetische gegevens", tasks)
    book = load_workbook(file)
    sheet = book["answers"]
    assert [sheet["A1"].value, sheet["A2"].value] == ["LEA/vve 2031, anna", "Synthetische gegevens"]
    (choices,) = sheet.data_validations.dataValidation
    assert (str(choices.sqref), choices.formula1) == ("I4:I6", "codes!$B$2:$B$3")
    assert [book["codes"][cell].value for cell in ("B2", "B3")] == ["capacity | Capaciteit", "later | Later"]
    sheet["I4"] = book["codes"]["B2"].value
    sheet["I6"] = "later"
    book.save(file)
    coded = take_back(tasks, read_workbook(file), "synthetic")
    assert [(one.municipality_code, one.text, one.code) for one in coded] == [
        ("GM0014", ZIEK, "capacity"),
        ("GM0363", "Volgend jaar\nweer", "later"),
    ]


def test_a_text_that_begins_like_a_formula_stays_a_text(given: Given, tmp_path: Path) -> None:
    task = given("anna")[0]._replace(answer="=1+1 collega ziek")
    write_workbook(tmp_path / "coding.xlsx", "t", "n", [task])
    (row,) = read_workbook(tmp_path / "coding.xlsx")
    assert row.answer == "=1+1 collega ziek"


MISTAKES = {
    "unknown code": (
        lambda rows: [rows[0]._replace(code="tired"), *rows[1:]],
        "'tired' is not a code of reasons",
        "row 4",
    ),
    "changed text": (
        lambda rows: [rows[0], rows[1]._replace(answer="Ambtenaar was op reis"), rows[2]],
        "The answer reads 'Ambtenaar was op reis', but 'ambtenaar  was zieck.' is what was given",
        "row 5",
    ),
    "missing row": (lambda rows: rows[:1], "2 of 3 answers did not come back; the first is GM0034 X1", "the workbook"),
    "a row twice": (lambda rows: [*rows, rows[0]], "GM0014 X1 appears a second time", "row 4"),
    "another row": (
        lambda rows: [*rows, rows[0]._replace(municipality_code="GM9999")],
        "GM9999 X1 is not among the answers that are to be coded",
        "row 4",
    ),
}


@pytest.mark.parametrize(("spoil", "what", "where"), MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_taken_back_is_one_message(
    given: Given, spoil: Callable[[list[Returned]], list[Returned]], what: str, where: str
) -> None:
    tasks = given("anna")
    assert len(take_back(tasks, rows_of(tasks), "real")) == 3
    with pytest.raises(BadInput) as refused:
        take_back(tasks, spoil(rows_of(tasks)), "real")
    assert (refused.value.what, refused.value.where) == (what, where)
    assert refused.value.remedy


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "x.xlsx", sheet_name="answers")
    with pytest.raises(BadInput, match="The sheet answers lacks the columns municipality_code"):
        read_workbook(tmp_path / "x.xlsx")


# --- agreement --------------------------------------------------------------------------------------------------------


def coded_by(folder: Path, **codes: str) -> Coding:
    """Coder → the codes of GM0001, GM0002, …; '-' for none."""
    names = {"c": "capacity", "l": "later"}
    files = {
        f"2031/{coder}": "".join(
            line(f"GM{number:04}", names[code]) for number, code in enumerate(given, 1) if code != "-"
        )
        for coder, given in codes.items()
    }
    return load_coding(folder_with(folder, files))


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ({"a": "clcl", "b": "clcl"}, Agreement(2031, "reasons", 4, 0, 1.0)),
        # Two of ten differ: observed 0.2, by chance 2 × 10 × 10 / (20 × 19) = 0.526; alpha = 1 − 0.2 / 0.526.
        ({"a": "ccccclllll", "b": "cccclcllll"}, Agreement(2031, "reasons", 10, 2, 0.62)),
        ({"a": "cl", "b": "lc", "settled": "cc"}, Agreement(2031, "reasons", 2, 2, -0.5)),
        ({"a": "clc", "b": "c--"}, Agreement(2031, "reasons", 1, 0, None)),
        ({"a": "clc"}, None),
    ],
)
def test_agreement_is_alpha_over_what_two_coders_have_coded(
    tmp_path: Path, codes: dict[str, str], expected: Agreement | None
) -> None:
    found = [one._replace(alpha=one.alpha and round(one.alpha, 2)) for one in agreement(coded_by(tmp_path, **codes))]
    assert found == ([expected] if expected else [])


def test_what_coders_differ_on_does_not_depend_on_what_was_settled() -> None:
    codes = {"a": {("GM1", "X1"): "c"}, "b": {("GM1", "X1"): "l"}, SETTLED: {("GM2", "X1"): "c"}}
    assert disputed(codes) == [("GM1", "X1")]
