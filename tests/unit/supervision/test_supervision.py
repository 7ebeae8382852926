"""Rules, selection and records of supervision: what the bundled files say, and what a mistake in one looks like to its
author."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.risk import criteria, rules
from assets.risk.criteria import criteria_table, load_criteria, rules_behind
from assets.risk.ending import end_unasked
from assets.risk.rules import RiskRule, load_rules, rules_table
from assets.supervision import events
from assets.supervision.events import load_events
from assets.supervision.moves import load_moves, moves_table

DATA = Path(__file__).parents[3] / "data"
RISK, SUPERVISION = DATA / "risk", DATA / "supervision"
CODES = ("GM0014", "GM0363")
HEADER = "municipality_code,domain,event,date,note,origin"


@pytest.fixture(scope="module")
def questionnaires() -> dict[int, Questionnaire]:
    return load_questionnaires(DATA / "questionnaires")


@pytest.fixture(scope="module")
def bundled(questionnaires: dict[int, Questionnaire]) -> tuple[RiskRule, ...]:
    return load_rules(RISK, questionnaires)


def changed(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A copy of data/risk and data/supervision in which one file reads otherwise."""
    for source in (RISK, SUPERVISION):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# --- what is delivered with the project -------------------------------------------------------------------------------


def test_both_domains_have_rules_on_the_subjects_that_the_report_names(bundled: tuple[RiskRule, ...]) -> None:
    """landelijk2023 §3: consultation and agreements; definition, guidance, continuous line and supply of places."""
    subjects = {(rule.domain, rule.subject) for rule in bundled}
    assert subjects == {
        ("lea", "consultation"),
        ("lea", "agreements"),
        ("vve", "definition"),
        ("vve", "guidance"),
        ("vve", "continuous_line"),
        ("vve", "places"),
    }


def test_rules_become_rows_that_can_be_joined(bundled: tuple[RiskRule, ...]) -> None:
    table = rules_table(bundled)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == rules.RISK_RULES.dtypes
    counted = table[table["rule"] == "lea_agreements_missing"]
    assert counted["at_least"].unique().tolist() == [2]
    assert counted["condition_no"].tolist() == [1, 2, 3, 4]
    assert counted["item"].nunique() == 4
    assert counted[["settled_concept", "settled_option"]].drop_duplicates().values.tolist() == [
        ["lea_consultation", "no"]
    ]
    places = table[table["concept"] == "places_sufficiency"]
    assert places["option_key"].tolist() == ["insufficient", "unknown"]
    assert places["item"].isna().all()


def test_criteria_become_rows_that_can_be_joined(bundled: tuple[RiskRule, ...]) -> None:
    table = criteria_table(load_criteria(RISK, bundled), bundled)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == criteria.RISK_CRITERIA.dtypes
    beside = table[table["criterion"] == "lea_beside_vve"]
    assert beside["rule"].tolist() == [rule.id for rule in bundled if rule.domain == "lea"]
    assert beside["beside"].unique().tolist() == ["vve"]
    assert table.loc[table["rule"].isna(), "criterion"].tolist() == ["lea_no_questionnaire", "vve_no_questionnaire"]


def test_a_rule_holds_in_its_own_survey_years_only(bundled: tuple[RiskRule, ...]) -> None:
    rule = bundled[0]
    assert [rule.holds_in(year) for year in (2022, 2023, 2024)] == [False, True, True]
    ended = rule.model_copy(update={"valid_to": 2023})
    assert [ended.holds_in(year) for year in (2022, 2023, 2024)] == [False, True, False]


def test_a_criterion_counts_the_rules_that_it_names_or_all_of_a_domain(bundled: tuple[RiskRule, ...]) -> None:
    by_id = {criterion.id: criterion for criterion in load_criteria(RISK, bundled)}
    assert rules_behind(by_id["lea_not_on_disadvantage"], bundled) == ["lea_no_consultation_combating_disadvantage"]
    assert len(rules_behind(by_id["vve_on_several_subjects"], bundled)) == 11
    assert rules_behind(by_id["lea_no_questionnaire"], bundled) == []


def test_the_moves_are_those_of_figure_1_5() -> None:
    moves = load_moves(SUPERVISION)
    assert [e.id for e in moves.values() if e.first] == ["selected"]
    assert {e.id: set(e.then) for e in moves.values()} == {
        "selected": {"conversation"},
        "conversation": {"no_risk", "improvement_agreement", "investigation"},
        "no_risk": {"letter"},
        "improvement_agreement": set(),
        "investigation": {"no_risk", "improvement_agreement"},
        "letter": set(),
    }
    assert [e.id for e in moves.values() if e.outcome] == ["no_risk", "improvement_agreement", "investigation"]
    assert [e.id for e in moves.values() if e.closes] == ["improvement_agreement", "letter"]


def test_figure_1_5_begins_with_the_questionnaire_and_each_step_follows_on_one_above_it() -> None:
    table = moves_table(SUPERVISION)
    after = dict(zip(table["step"], table["after"].fillna(""), strict=True))
    assert [step for step, before in after.items() if not before] == ["questionnaire"]
    assert after["selected"] == "possible_risk"
    assert after["no_risk"] == "conversation"  # also after an investigation: the first of the two
    assert list(table.loc[table["is_event"], "step"]) == list(load_moves(SUPERVISION))


# --- mistakes in the rules --------------------------------------------------------------------------------------------

CONDITION = '{concept: lea_consultation, item: combating_disadvantage, options: ["no"]}'


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("domain: lea", "domain: lae", "'lea' or 'vve'"),
        ("subject: consultation", "onderwerp: consultation", "'subject' is missing"),
        ("valid_from: 2023", "valid_from: 2023\n    valid_to: 2022", "valid_to 2022 is before valid_from 2023"),
        ("at_least: 2", "at_least: 5", "at_least is 5, but there are 4 conditions"),
        (CONDITION, "{options: ['no']}", "either 'concept' or 'derived'"),
        (CONDITION, "{concept: lea_consultation, derived: places_sufficiency, options: ['no']}", "either 'concept' or"),
        (CONDITION, "{derived: places_sufficiency, item: a, options: [unknown]}", "go with 'concept'"),
        (CONDITION, "{derived: places_sufficiency, options: [enough]}", "places_sufficiency has no option enough"),
        (CONDITION, "{derived: reach, options: [low]}", "'places_sufficiency'"),
        (CONDITION, "{concept: lea_consultation, options: []}", "at least 1 item"),
        (CONDITION, "{concept: lea_consultation, options: ['no', 'no']}", "an option appears twice"),
        ("id: lea_agreements_missing", "id: vve_places_unknown", "rule vve_places_unknown appears more than once"),
        (
            "item: combating_disadvantage",
            "item: housing",
            "rests on lea_consultation (housing), which the questionnaire of 2023",
        ),
        ("concept: lea_consultation", "concept: lea_meeting", "rests on lea_meeting (combating_disadvantage), which"),
        (
            'options: ["no"]',
            'options: ["never"]',
            "(combating_disadvantage) option never, which the questionnaire of 2023",
        ),
        (
            "{concept: lea_consultation, option: ",
            "{concept: lea_goals, option: ",
            "rests on lea_goals (combating_disadvantage)",
        ),
    ],
)
def test_a_mistake_in_the_rules_says_where_it_stands(
    tmp_path: Path, questionnaires: dict[int, Questionnaire], old: str, new: str, what: str
) -> None:
    with pytest.raises(BadInput) as error:
        load_rules(changed(tmp_path, "rules.yaml", (old, new)), questionnaires)
    assert what in error.value.what
    assert error.value.where.startswith(f"{tmp_path / 'rules.yaml'}, ")
    assert error.value.remedy


def test_a_rule_that_has_ended_need_not_be_asked_any_more(
    tmp_path: Path, questionnaires: dict[int, Questionnaire]
) -> None:
    later = {2024: questionnaires[2023].model_copy(update={"survey_year": 2024, "questions": ()})}
    with pytest.raises(BadInput, match="the questionnaire of 2024 does not have"):
        load_rules(RISK, later)
    folder = changed(tmp_path, "rules.yaml")
    ended = end_unasked(folder, later[2024])
    rules = load_rules(folder, later)
    assert [rule.id for rule in rules if rule.valid_to == 2023] == [
        name for name in ended if name in {r.id for r in rules}
    ]
    of_criteria = [one.id for one in load_criteria(folder, rules) if one.valid_to == 2023]
    assert of_criteria == ["no_lea_consultation_at_all", "lea_not_on_disadvantage"]
    with pytest.raises(BadInput, match="holds in survey years in which the rule"):
        load_criteria(RISK, rules)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    rules: [lea_no_consultation_combating_disadvantage]\n", "", "one of 'rules', 'rules_of' and"),
        ("rules_of: vve", "rules_of: vve\n    rules: [vve_places_unknown]", "one of 'rules', 'rules_of' and"),
        ("    at_least: 4\n", "", "'at_least' is missing"),
        ("beside: vve", "beside: lea", "'beside' names the other domain"),
        (
            "without_questionnaire: true",
            "without_questionnaire: true\n    at_least: 1",
            "'at_least' and 'beside' go with",
        ),
        (
            "id: lea_beside_vve",
            "id: lea_not_on_disadvantage",
            "criterion lea_not_on_disadvantage appears more than once",
        ),
        ("at_least: 4", "at_least: 6", "no_lea_consultation_at_all asks for 6 rules, but rests on 4"),
        ("at_least: 2", "at_least: 5", "vve_on_several_subjects asks for 5 subjects, but rests on 4"),
        (
            "      - lea_no_consultation_combating_disadvantage",
            "      - lea_nothing",
            "names lea_nothing, which is no rule",
        ),
        (
            "valid_from: 2023",
            "valid_from: 2022",
            "holds in survey years in which the rule lea_no_consultation_combating",
        ),
    ],
)
def test_a_mistake_in_the_selection_says_where_it_stands(
    tmp_path: Path, bundled: tuple[RiskRule, ...], old: str, new: str, what: str
) -> None:
    with pytest.raises(BadInput) as error:
        load_criteria(changed(tmp_path, "criteria.yaml", (old, new)), bundled)
    assert what in error.value.what
    assert error.value.where.startswith(f"{tmp_path / 'criteria.yaml'}, ")
    assert error.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("first: true", "first: false", "exactly one event is the first"),
        ("then: [letter]", "then: [closing_letter]", "no_risk is followed by closing_letter, which is no event"),
        ("id: letter", "id: no_risk", "event no_risk appears more than once"),
        ("outcome: true", "result: true", "'result' is not a field"),
        ("then: [selected]", "then: [chosen]", "possible_risk is followed by chosen, which is no step and no event"),
        ("id: not_assessable", "id: possible_risk", "step possible_risk appears more than once"),
    ],
)
def test_a_mistake_in_the_moves_says_where_it_stands(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(BadInput) as error:
        load_moves(changed(tmp_path, "moves.yaml", (old, new)))
    assert what in error.value.what
    assert error.value.where.startswith(f"{tmp_path / 'moves.yaml'}, ")
    assert error.value.remedy


def test_a_file_that_is_not_there_is_named(tmp_path: Path, questionnaires: dict[int, Questionnaire]) -> None:
    with pytest.raises(BadInput, match="There is no list of risk rules"):
        load_rules(tmp_path, questionnaires)
    with pytest.raises(BadInput, match="There is no list of selection criteria"):
        load_criteria(tmp_path, ())
    with pytest.raises(BadInput, match="There is no list of moves"):
        load_moves(tmp_path)


# --- records ----------------------------------------------------------------------------------------------------------

CASE = (
    "GM0363,lea,selected,2023-09-04,,real",
    "GM0363,lea,conversation,2023-10-02,,real",
    "GM0363,lea,no_risk,2023-10-02,telephoned,real",
    "GM0363,lea,letter,2023-10-20,,real",
)


def loaded(folder: Path, *lines: str, header: str = HEADER, name: str = "2023.csv") -> pd.DataFrame:
    (folder / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return load_events(folder, load_moves(SUPERVISION), lambda _: CODES)


def refused(folder: Path, *lines: str, header: str = HEADER) -> BadInput:
    with pytest.raises(BadInput) as error:
        loaded(folder, *lines, header=header)
    assert error.value.where.startswith(str(folder / "2023.csv"))
    assert error.value.remedy
    return error.value


def test_records_become_events_with_what_they_mean(tmp_path: Path) -> None:
    found = loaded(tmp_path, *CASE)
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == events.EVENTS.dtypes
    assert found["line"].tolist() == [2, 3, 4, 5]
    assert found["event"].tolist() == ["selected", "conversation", "no_risk", "letter"]
    assert found.loc[found["is_first"], "line"].tolist() == [2]
    assert found.loc[found["is_outcome"], "line"].tolist() == [4]
    assert found.loc[found["is_closing"], "line"].tolist() == [5]
    assert found["note"].notna().tolist() == [False, False, True, False]
    assert found["label_nl"].tolist()[1] == "Gesprek gevoerd"


def test_no_records_are_no_events(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "not_there"):
        found = load_events(folder, load_moves(SUPERVISION), lambda _: CODES)
        assert list(found.columns) == list(events.EVENTS.columns)
        assert found.empty
    assert loaded(tmp_path).empty


def test_the_cases_of_a_municipality_and_of_a_year_are_apart(tmp_path: Path) -> None:
    mixed = [line for lea in CASE for line in (lea, lea.replace("lea", "vve"), lea.replace("GM0363", "GM0014"))]
    loaded(tmp_path, *mixed)
    assert len(loaded(tmp_path, *[line.replace("2023-", "2024-") for line in CASE], name="2024.csv")) == 16


def test_an_investigation_may_end_in_no_risk_or_in_agreements(tmp_path: Path) -> None:
    begun = (*CASE[:2], "GM0363,lea,investigation,2023-10-02,,real")
    loaded(tmp_path, *begun, "GM0363,lea,improvement_agreement,2023-11-02,,real")
    loaded(tmp_path, *begun, "GM0363,lea,no_risk,2023-11-02,,real", "GM0363,lea,letter,2023-11-02,,real")


@pytest.mark.parametrize(
    ("lines", "what", "where"),
    [
        (CASE[1:], "The case does not begin with selected", "line 2 (GM0363, lea, conversation, 2023-10-02)"),
        ((CASE[0], CASE[2]), "no_risk cannot follow on selected (line 2); what can is conversation", "line 3 (GM0363"),
        ((*CASE[:2], CASE[3]), "letter cannot follow on conversation (line 3)", "line 4 (GM0363"),
        ((*CASE, CASE[0]), "selected cannot follow on letter (line 5); what can is nothing", "line 6 (GM0363"),
        (
            (*CASE[:2], CASE[2].replace("10-02", "10-01")),
            "before that of the step before it (2023-10-02, line 3)",
            "line 4",
        ),
        ((CASE[0].replace("GM0363", "GM0001"),), "GM0001 is not in the register of survey year 2023", "line 2 (GM0001"),
        ((CASE[0].replace("selected", "chosen"),), "'chosen' is not an event", "line 2 (GM0363, lea, chosen"),
        ((CASE[0].replace("2023-", "2022-"),), "The date lies before 2023", "line 2 (GM0363"),
        (
            (CASE[0].replace("2023-", "2099-"),),
            "The date lies more than 5 years after survey year 2023",
            "line 2 (GM0363",
        ),
        ((CASE[0].replace("GM0363", "363"),), "'363' cannot be used", "line 2, column municipality_code"),
        ((CASE[0].replace("lea", "lae"),), "'lae' cannot be used", "line 2, column domain"),
        ((CASE[0].replace("2023-09-04", "4-9-2023"),), "'4-9-2023' is not a date written as", "line 2, column date"),
        ((CASE[0].replace("real", ""),), "'' cannot be used", "line 2, column origin"),
        ((CASE[0].replace("selected", ""),), "'' is not an event", "line 2 (GM0363, lea, , 2023-09-04)"),
        ((CASE[0] + ",more",), "Line 2 has 7 cells; expected 6", "line 2"),
        ((CASE[0].replace(",,", ',"open,'),), "A quotation mark", "line 2"),
    ],
)
def test_a_record_that_cannot_be_is_refused_and_named(
    tmp_path: Path, lines: tuple[str, ...], what: str, where: str
) -> None:
    error = refused(tmp_path, *lines)
    assert what in error.what
    assert where in error.where


def test_a_file_that_is_no_list_of_records_is_refused(tmp_path: Path) -> None:
    assert "has the wrong columns" in refused(tmp_path, *CASE, header=HEADER.replace("note", "remark")).what
    (tmp_path / "2023.csv").write_bytes(b"")
    with pytest.raises(BadInput, match="is empty"):
        load_events(tmp_path, load_moves(SUPERVISION), lambda _: CODES)
    (tmp_path / "2023.csv").write_bytes(f"{HEADER}\nGM0363,lea,selected,2023-09-04,caf\xe9,real\n".encode("cp1252"))
    with pytest.raises(BadInput, match="not UTF-8") as error:
        load_events(tmp_path, load_moves(SUPERVISION), lambda _: CODES)
    assert error.value.where.endswith("line 2")
