"""A steward's corrections: what the file may hold, and when the run stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.corrections import Corrections, load_corrections
from assets.answers.municipalities import Municipalities
from assets.base.errors import BadInput
from assets.questionnaires.model import Questionnaire
from tests.conftest import raw_delivery

MUNICIPALITIES = Municipalities({"GM0363": "Amsterdam", "GM1900": "Súdwest-Fryslân"})
LINE = {"municipality": "GM0363", "question": "R1", "expected": "12", "value": "13"}
SIGNED = "reason: r, who: w, when: 2023-06-01"
CONFIRMED = "municipality: GM0363, rule: places_jump"
BY = {"reason": "telephoned", "who": "steward", "when": "2023-06-01"}


def written(folder: Path, text: str | bytes) -> Path:
    (folder / "2023.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def corrected(questionnaire: Questionnaire, *lines: dict[str, str], **row: str) -> Answers:
    corrections = Corrections.model_validate({"corrections": [{**LINE, **BY, **line} for line in lines]})
    raw = raw_delivery(questionnaire, [{"gemeentecode": "GM0363", "evaluatie": "01", "peuters": "12", **row}])
    return build_answers(questionnaire, [raw], MUNICIPALITIES, corrections)


def toddlers(made: Answers) -> dict[str, object]:
    [row] = made.answers[made.answers["question_id"] == "R1"].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_no_file_is_no_corrections(tmp_path: Path) -> None:
    assert load_corrections(tmp_path, 2023) == Corrections()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "corrections:\nset_aside:\nconfirmed:\n", "corrections: []\n"])
def test_an_empty_file_is_no_corrections(tmp_path: Path, text: str) -> None:
    assert load_corrections(written(tmp_path, text), 2023) == Corrections()


def test_values_are_text_as_they_are_written(tmp_path: Path) -> None:
    """Other YAML readers make 8 of 010, True of yes and a date of 2023-06-01."""
    text = "corrections:\n"
    for value in ("010", "yes", "2023-06-01", "1_000", ""):
        text += f"  - {{municipality: GM0363, question: R1, expected: {value}, value: {value}, {SIGNED}}}\n"
    loaded = load_corrections(written(tmp_path, text), 2023)
    assert [c.expected for c in loaded.corrections] == ["010", "yes", "2023-06-01", "1_000", ""]


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("corrections: [\n", "not valid YAML", "2023.yaml, line 2"),
        ("- a\n", "empty or not a mapping", "2023.yaml, line 1"),
        (b"# \xe9\n", "not UTF-8", "2023.yaml, line 1"),
        ("a: \x07\n", "control character", "2023.yaml, line 1"),
        ("corrections:\n  - who: a\n    who: b\n", "'who' appears twice", "2023.yaml, line 3"),
        ("correction: []\n", "'correction' is not a field", "2023.yaml, line 1, correction"),
        ("corrections:\n  - {municipality: GM0363}\n", "'reason' is missing", "line 2, corrections › 1 › reason"),
        (f"corrections:\n  - {{municipality: '363', {SIGNED}}}\n", "GM", "line 2, corrections › 1 › municipality"),
        (f"set_aside:\n  - {{delivery: 1, row: x, {SIGNED}}}\n", "integer", "line 2, set_aside › 1 › row"),
        ("set_aside: 3\n", "tuple", "set_aside"),
        (
            f"confirmed:\n  - {{municipality: GM0363, rule: r, {SIGNED}}}\n",
            "'value' is missing",
            "line 2, confirmed › 1 › value",
        ),
        (
            f"confirmed:\n  - {{{CONFIRMED}, value: 5.320, {SIGNED}}}\n",
            "written in digits alone",
            "line 2, confirmed › 1 › value",
        ),
        (
            f"confirmed:\n  - {{{CONFIRMED}, value: 1, reason: r, when: 2023-06-01}}\n",
            "'who' is missing",
            "confirmed › 1 › who",
        ),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str | bytes, what: str, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_corrections(written(tmp_path, text), 2023)
    assert what in refused.value.what
    assert where in refused.value.where


def test_a_corrected_cell_says_who_when_and_why(questionnaire: Questionnaire) -> None:
    cell = toddlers(corrected(questionnaire, {}))
    assert (cell["number"], cell["correction"]) == (13, "2023-06-01 steward: telephoned")


def test_a_correction_can_empty_a_cell_and_fill_an_empty_one(questionnaire: Questionnaire) -> None:
    assert toddlers(corrected(questionnaire, {"value": ""}))["status"] == "no_answer"
    assert toddlers(corrected(questionnaire, {"expected": ""}, peuters=""))["number"] == 13


def test_corrections_of_one_cell_follow_on_each_other(questionnaire: Questionnaire) -> None:
    made = corrected(questionnaire, {}, {"expected": "13", "value": "14", "reason": "again"})
    assert toddlers(made)["number"] == 14


def test_a_correction_decides_what_else_is_asked(questionnaire: Questionnaire) -> None:
    """With 13 toddlers and 12 places there has to be a reason; with 12 toddlers the question is not asked."""
    made = corrected(questionnaire, {}, plaatsen="12", reden="1")
    assert made.quarantine.empty
    assert "answers_follow_routing" in set(corrected(questionnaire, plaatsen="12", reden="1").quarantine["rule"])


def test_a_correction_that_is_no_answer_either_is_quarantined(questionnaire: Questionnaire) -> None:
    made = corrected(questionnaire, {"value": "veel"})
    assert made.quarantine[["source_column", "rule"]].to_numpy().tolist() == [["peuters", "count_is_a_whole_number"]]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({"expected": "11"}, "A correction expects '11', but '12' was delivered"),
        ({"municipality": "GM1900"}, "GM1900 has no accepted row"),
        ({"question": "R9"}, "There is no question R9"),
        ({"question": "R1", "option": "1"}, "There is no question R1 option 1"),
        ({"question": "Q2"}, "There is no question Q2"),
        ({"question": "Q2", "option": "7"}, "There is no question Q2 option 7"),
    ],
)
def test_the_run_stops_when_a_correction_does_not_fit(
    questionnaire: Questionnaire, line: dict[str, str], what: str
) -> None:
    with pytest.raises(BadInput) as stopped:
        corrected(questionnaire, line)
    assert what in stopped.value.what
    assert "by steward on 2023-06-01" in stopped.value.where


def test_a_correction_is_of_the_delivery_that_counts(questionnaire: Questionnaire) -> None:
    """The sender mended it in a second delivery: the correction has to go."""
    corrections = Corrections.model_validate({"corrections": [{**LINE, **BY}]})
    raw = [
        raw_delivery(questionnaire, [{"gemeentecode": "GM0363", "peuters": peuters}], number)
        for number, peuters in ((1, "12"), (2, "13"))
    ]
    with pytest.raises(BadInput, match="expects '12', but '13' was delivered"):
        build_answers(questionnaire, raw, MUNICIPALITIES, corrections)


def test_a_withdrawn_line_stays_in_the_file_and_does_not_count(questionnaire: Questionnaire, tmp_path: Path) -> None:
    withdrawn = "withdrawn: {reason: it was right, who: steward, when: 2023-07-01}"
    line = f"municipality: GM0363, question: R1, expected: '12', value: '13', {SIGNED}"
    again = line.replace("'13'", "'14'")
    confirmed = f"{CONFIRMED}, {SIGNED}"
    text = f"corrections:\n  - {{{line}, {withdrawn}}}\n  - {{{again}}}\n"
    text += f"confirmed:\n  - {{{confirmed}, value: 5, {withdrawn}}}\n  - {{{confirmed}, value: 6}}\n"
    text += f"set_aside:\n  - {{delivery: 1, row: 3, {SIGNED}, {withdrawn}}}\n"
    loaded = load_corrections(written(tmp_path, text), 2023)
    assert [line.value for line in loaded.corrections] == ["14"]
    assert [line.value for line in loaded.confirmed] == [6]
    assert loaded.set_aside == ()
    raw = raw_delivery(questionnaire, [{"gemeentecode": "GM0363", "evaluatie": "01", "peuters": "12"}])
    assert toddlers(build_answers(questionnaire, [raw], MUNICIPALITIES, loaded))["number"] == 14
