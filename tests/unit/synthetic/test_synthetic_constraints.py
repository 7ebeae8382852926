"""The bundled deliveries meet every figure in ``synthetic/constraints``; read back with plain readers, without the
solver."""

from __future__ import annotations

import copy
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from synthetic.constraint import Constraint, load_constraints
from synthetic.deliver import register_hash
from synthetic.figures import Survey, indicators, number_given, panel
from synthetic.files_in import read_deliveries, read_survey, read_table
from synthetic.responses import Missing, routing_errors
from synthetic.supervision import Cases, risks, selected
from synthetic.verify import ConstraintsBroken, Outcome, assert_all_hold, verify

pytestmark = pytest.mark.slow  # reads every delivery, or solves

DATA_DIR = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(DATA_DIR)


@pytest.fixture(scope="module")
def constraints() -> list[Constraint]:
    return load_constraints()


def broken(constraints: list[Constraint], survey: Survey) -> set[str]:
    return {outcome.constraint.id for outcome in verify(constraints, survey) if not outcome.holds}


def test_every_constraint_holds(survey: Survey, constraints: list[Constraint]) -> None:
    assert len(constraints) > 400
    assert_all_hold(verify(constraints, survey))


def test_every_constraint_names_its_source(constraints: list[Constraint]) -> None:
    for constraint in constraints:
        assert re.match(r"(thema2022|landelijk2023), .*", constraint.source), constraint.id


def test_routing_holds(survey: Survey) -> None:
    for year, questionnaire in survey.questionnaires.items():
        assert routing_errors(questionnaire, survey.responses[year]) == []


def test_the_first_delivery_alone_does_not_meet_the_figures(survey: Survey, constraints: list[Constraint]) -> None:
    questionnaire = survey.questionnaires[2023]
    first_only = questionnaire.model_copy(update={"deliveries": questionnaire.deliveries[:1]})
    first = read_deliveries(first_only, DATA_DIR / "questionnaires" / "2023")
    corrected = {code for code in survey.responses[2023] if first.get(code) != survey.responses[2023][code]}
    assert len(first) == 339
    assert 6 <= len(corrected) <= 8
    assert routing_errors(questionnaire, first) == []
    responses = {**survey.responses, 2023: first}
    found = broken(constraints, replace(survey, responses=responses))
    assert {"respondents_2023", "target_toddlers_sum", "places_sum", "reached_toddlers_sum"} <= found


def test_rows_are_those_of_the_register_in_order_of_code(survey: Survey) -> None:
    for year, questionnaire in survey.questionnaires.items():
        column = questionnaire.key_columns.municipality_code
        for delivery in questionnaire.deliveries:
            table = read_table(DATA_DIR / "questionnaires" / str(year) / delivery.path, delivery)
            codes = [record[column] for record in table]
            assert codes == sorted(set(codes))
            assert list(table[0]) == questionnaire.columns


def test_the_lost_columns_of_2021_are_lost_for_everyone(survey: Survey) -> None:
    lost = {q for row in survey.responses[2021].values() for q, given in row.items() if given is Missing.NOT_COLLECTED}
    assert len([q for q in lost if q.startswith("D21_")]) == 9
    assert len([q for q in lost if q.startswith("B21_")]) == 21
    for row in survey.responses[2021].values():
        assert {row[question] for question in lost} == {Missing.NOT_COLLECTED}


def test_the_panel_has_the_same_size_by_code_alone(survey: Survey) -> None:
    concepts = ("target_toddlers", "places", "reached_toddlers")
    by_code = replace(survey, changed_territory=frozenset())
    assert panel(by_code, (2021, 2022, 2023), concepts) == panel(survey, (2021, 2022, 2023), concepts)


@pytest.mark.parametrize(
    ("year", "question", "answer", "expected"),
    [
        (2020, "N20_1", "3", "cooperation_formalised_1"),
        (2021, "A21_43", "1", "topic_43_agreement"),
        (2022, "L22_1", "2", "lea_2022_none"),
        (2023, "L1a", "2", "lea_consultation_a"),
        (2023, "R1", 100_000, "risk_vve_only"),
        (2023, "S1", Missing.NO_ANSWER, "results_missing"),
        (2023, "R3", 0, "reached_toddlers_sum"),
        (2023, "R1", Missing.NOT_AVAILABLE, "target_toddlers_given"),
        (2023, "D4", ("1", "2", "3", "4", "5", "6", "7", "8", "9"), "breadth_narrow"),
    ],
)
def test_a_changed_cell_breaks_a_figure(
    survey: Survey,
    constraints: list[Constraint],
    year: int,
    question: str,
    answer: str | int | tuple[str, ...] | Missing,
    expected: str,
) -> None:
    responses = {**survey.responses, year: copy.deepcopy(survey.responses[year])}
    changed = replace(survey, responses=responses)
    code = next(
        code
        for code, row in responses[year].items()
        if question in row
        and row[question] != answer
        and not isinstance(row[question], Missing)
        and code in survey.responses[2021]
        and (question != "N20_1" or row[question] == "1")
        and (question != "A21_43" or row["L21_1"] == "3")
        and (question != "D4" or ((indicators(survey, 2023, code) or 9) <= 3 and number_given(row, "R1")))
        and (question != "D4" or number_given(row, "R3") is not None)
    )
    responses[year][code][question] = answer
    (figure,) = [c for c in constraints if c.id == expected]
    assert _only(figure, survey).holds
    with pytest.raises(ConstraintsBroken, match=f"1 constraints do not hold:\n{expected} "):
        assert_all_hold(verify([figure], changed))


@pytest.fixture(scope="module")
def supervised(constraints: list[Constraint]) -> list[Constraint]:
    """The figures of chapter 3 of the report."""
    return [c for c in constraints if c.kind.startswith(("risk_", "selected_", "case_"))]


def without_risk(survey: Survey) -> str:
    """A municipality without any possible risk."""
    found = risks(survey.supervision, survey.questionnaires[2023], survey.responses[2023])
    return next(code for code, rules in found.items() if not rules)


def with_answers(survey: Survey, code: str, **answers: str | Missing) -> Survey:
    """The survey in which one municipality answered otherwise in 2023."""
    rows = {**survey.responses[2023], code: {**survey.responses[2023][code], **answers}}
    return replace(survey, responses={**survey.responses, 2023: rows})


def with_cases(survey: Survey, cases: Cases) -> Survey:
    return replace(survey, supervision=replace(survey.supervision, cases={2023: cases}))


def test_a_possible_risk_more_breaks_the_figures_about_it(survey: Survey, supervised: list[Constraint]) -> None:
    code = without_risk(survey)
    assert broken(supervised, with_answers(survey, code, L1d="2")) == {"risk_any", "risk_lea_only"}
    assert broken(supervised, with_answers(survey, code, R2=Missing.NOT_AVAILABLE)) == {"risk_any", "risk_vve_only"}
    both = with_answers(survey, code, L1d="2", R2=Missing.NOT_AVAILABLE)
    assert broken(supervised, both) == {"risk_any", "risk_both"}


def test_a_rule_that_counts_is_triggered_by_so_many_answers(survey: Survey) -> None:
    code = without_risk(survey)

    def rules(without_agreements: str) -> list[str]:
        answers = {f"L3{theme}": "3" if theme in without_agreements else "1" for theme in "abcd"}
        changed = with_answers(survey, code, **answers)
        found = risks(changed.supervision, changed.questionnaires[2023], changed.responses[2023])
        return [rule.id for rule in found[code]]

    assert [rules(themes) for themes in ("", "b", "bd", "bcd")] == [[], [], *2 * [["lea_agreements_missing"]]]


def test_the_selection_follows_from_the_signals(survey: Survey, supervised: list[Constraint]) -> None:
    code = without_risk(survey)
    questionnaire = survey.questionnaires[2023]

    def criteria(**answers: str | Missing) -> dict[str, list[str]]:
        changed = with_answers(survey, code, **answers)
        found = selected(survey.supervision, questionnaire, changed.responses[2023])
        return {domain: by for (chosen, domain), by in found.items() if chosen == code}

    one = {"R2": Missing.NOT_AVAILABLE}
    two = {**one, "G1": "2", "G2": "1"}
    assert criteria(L1d="2", **one) == {}
    assert criteria(**two) == {"vve": ["vve_on_several_subjects"]}
    assert criteria(L1d="2", **two) == {"lea": ["lea_beside_vve"], "vve": ["vve_on_several_subjects"]}
    assert criteria(L1a="2") == {"lea": ["lea_not_on_disadvantage"]}
    none = criteria(**{f"L1{theme}": "2" for theme in "abcd"})
    assert none == {"lea": ["no_lea_consultation_at_all", "lea_not_on_disadvantage"]}
    assert "contact_vve" in broken(supervised, with_answers(survey, code, **two))


def test_the_places_are_the_largest_risk(survey: Survey, supervised: list[Constraint]) -> None:
    (most,) = [c for c in supervised if c.kind == "risk_most"]
    assert _only(most, survey).holds
    assert not _only(most.model_copy(update={"subject": "guidance"}), survey).holds


def test_the_cases_are_those_that_the_answers_select(survey: Survey) -> None:
    found = selected(survey.supervision, survey.questionnaires[2023], survey.responses[2023])
    cases = survey.supervision.cases[2023]
    assert sorted(cases) == sorted(found)
    silent = {code for code, _ in cases if code not in survey.responses[2023]}
    assert Counter(domain for code, domain in cases if code in silent) == {"lea": 2, "vve": 2}
    assert {on[:4] for events in cases.values() for _, on in events} == {"2023"}
    assert min(on for events in cases.values() for _, on in events) >= "2023-09-01"


def test_a_case_that_ended_otherwise_breaks_the_figures_about_it(survey: Survey, supervised: list[Constraint]) -> None:
    cases = survey.supervision.cases[2023]
    case = next(key for key, events in cases.items() if key[1] == "lea" and "no_risk" in dict(events))
    agreed = [*cases[case][:2], ("improvement_agreement", "2023-12-01")]
    found = broken(supervised, with_cases(survey, {**cases, case: agreed}))
    assert found == {"lea_agreements", "lea_agreements_percent", "lea_no_risk_percent"}
    waiting = broken(supervised, with_cases(survey, {**cases, case: cases[case][:1]}))
    assert {"lea_conversations", "lea_agreements_percent"} <= waiting
    assert "lea_investigations" in broken(
        supervised, with_cases(survey, {**cases, case: [*cases[case][:2], ("investigation", "")]})
    )


@pytest.mark.parametrize("kind", ["risk_count", "risk_most", "selected_count", "case_count", "case_percent"])
def test_a_figure_of_supervision_says_what_it_counts(kind: str) -> None:
    with pytest.raises(ValueError, match=r"name the (risk|subject|selected|domain)"):
        Constraint.model_validate(
            {"id": "a", "source": "landelijk2023, §3", "survey_year": 2023, "kind": kind, "value": 1}
        )


def test_percentages_round_half_up_to_the_printed_digits(survey: Survey) -> None:
    printed = Constraint(
        id="half_up",
        source="thema2022, r.0",
        survey_year=2023,
        kind="option_percent",
        question="L1a",
        options=("1",),
        value=94,
    )
    assert _only(printed, survey).holds
    assert not _only(printed.model_copy(update={"value": 93.0}), survey).holds
    assert _only(printed.model_copy(update={"value": 93.8, "decimals": 1}), survey).holds
    assert not _only(printed.model_copy(update={"value": 93.9, "decimals": 1}), survey).holds


def test_a_direction_that_is_not_there_does_not_hold(survey: Survey) -> None:
    rising = next(c for c in load_constraints() if c.id == "role_inspiring_by_score")
    assert _only(rising, survey).holds
    assert not _only(rising.model_copy(update={"order": ("high", "middle", "low")}), survey).holds


def _only(constraint: Constraint, survey: Survey) -> Outcome:
    (outcome,) = verify([constraint], survey)
    return outcome


def test_a_constraint_without_a_figure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "defaults: {survey_year: 2020, kind: option_count, question: N20_1}\n"
        "constraints:\n  - {id: a, source: 'thema2022, r.1', option: '1'}\n"
    )
    with pytest.raises(ValueError, match="give either value, or min and/or max"):
        load_constraints(tmp_path)


def test_constraint_ids_are_unique(tmp_path: Path) -> None:
    line = "{id: a, source: 'thema2022, r.1', survey_year: 2020, kind: respondents, value: 354}"
    (tmp_path / "one.yaml").write_text(f"constraints:\n  - {line}\n  - {line}\n")
    with pytest.raises(ValueError, match="constraint a appears more than once"):
        load_constraints(tmp_path)


def test_a_hash_is_written_without_touching_anything_else(tmp_path: Path) -> None:
    file = tmp_path / "questionnaire.yaml"
    text = "deliveries:  # two\n" + "".join(
        f'  - number: {n}\n    path: v0{n}.xlsx\n    sheet: Data\n    sha256: "{"0" * 64}"\n' for n in (1, 2)
    )
    file.write_text(text)
    register_hash(file, "v02.xlsx", "a" * 64)
    assert file.read_text() == text[: text.rindex("0" * 64)] + "a" * 64 + '"\n'
    with pytest.raises(LookupError, match=r"no single sha256 line for v03\.xlsx"):
        register_hash(file, "v03.xlsx", "a" * 64)


@pytest.mark.slow
def test_a_rebuild_gives_the_same_bytes(tmp_path: Path, survey: Survey) -> None:
    pytest.importorskip("ortools")
    pytest.importorskip("xlsxwriter")
    from synthetic.__main__ import main

    assert main(["--out", str(tmp_path)]) == 0
    for year, questionnaire in survey.questionnaires.items():
        for delivery in questionnaire.deliveries:
            built = (tmp_path / str(year) / delivery.path).read_bytes()
            assert built == (DATA_DIR / "questionnaires" / str(year) / delivery.path).read_bytes(), delivery.path
    for folder in ("supervision", "signals", "interviews", "coding"):
        records = {file.relative_to(tmp_path): file.read_bytes() for file in (tmp_path / folder).rglob("*.csv")}
        assert records
        assert records == {file.relative_to(DATA_DIR): file.read_bytes() for file in (DATA_DIR / folder).rglob("*.csv")}
