"""The standing report: what a survey year's questionnaire makes of it, and what it cannot.

The year is made up, as data only: last year's questionnaire with a question dropped, an option new, one gone, and a
theme gone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.catalogue.asked import Asked
from assets.catalogue.measures import load_measures
from assets.catalogue.reports import Catalogue, load_catalogue
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Option, Questionnaire

DATA = Path(__file__).parents[3] / "data"
REPORTS = DATA / "catalogue" / "reports"
MEASURES = load_measures(DATA / "catalogue" / "measures.yaml")
QUESTIONNAIRES = load_questionnaires(DATA / "questionnaires")
PARENTS = Option(code="77", key="parents", label={"nl": "Ouders", "en": "Parents"})


def next_year(**changed: Any) -> Questionnaire:
    """The questionnaire of 2024: that of 2023 with questions by id changed, or dropped where there is None."""
    last = QUESTIONNAIRES[2023]
    kept = [changed.get(question.id, question) for question in last.questions]
    years = {"survey_year": 2024, "reference_year": 2023, "questions": tuple(q for q in kept if q)}
    return last.model_copy(update=years)


def in_2024(folder: Path = REPORTS, **changed: Any) -> Catalogue:
    return load_catalogue(folder, Asked({**QUESTIONNAIRES, 2024: next_year(**changed)}, MEASURES), 2024)


def with_options(question_id: str, without: str = "", *added: Option) -> Any:
    question = QUESTIONNAIRES[2023].question(question_id)
    kept = tuple(option for option in question.options if option.key != without)
    return question.model_copy(update={"options": (*kept, *added)})


def row_keys(cells: pd.DataFrame, table_id: str) -> list[str]:
    return list(dict.fromkeys(cells.loc[cells["table_id"] == table_id, "row_key"]))


def not_made(catalogue: Catalogue) -> set[tuple[str, str, str, str]]:
    """What 2024 lacks beyond what 2023 lacks."""
    names = ["table_id", "part_en", "absent", "absent_key"]
    found = (set(one.not_made[names].itertuples(index=False, name=None)) for one in (catalogue, in_2024()))
    mine, unchanged = found
    return mine - unchanged


def test_a_year_that_asks_the_same_has_the_tables_of_the_year_before() -> None:
    asked = Asked(QUESTIONNAIRES, MEASURES)
    before, now = (one.cells for one in (load_catalogue(REPORTS, asked, 2023), in_2024()))
    before = before[before["report"] == "jaarrapport2023"]
    assert now["report"].unique().tolist() == ["jaarrapport2024"]
    places = ["table_id", "row_no", "column_no", "measure"]
    assert now[places].to_numpy().tolist() == before[places].to_numpy().tolist()
    assert now["survey_year"].dropna().unique().tolist() == [2024]
    titles = now.drop_duplicates("table_id").set_index("table_id")["title_en"]
    assert titles["lea_consultation"].endswith("in 2023 (n={n})")
    assert "2021, 2022 and 2023" in titles["development"]
    assert now.query("table_id == 'development'")["population"].unique().tolist() == ["panel_strict_2021_2023"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        pytest.param(
            {"S9": None},
            {("result_agreement_discussion_frequency", "", "concept", "result_agreement_discussion_frequency")},
            id="a question is dropped",
        ),
        pytest.param(
            {"R5": None},
            {
                (
                    "places_and_reach",
                    "Reach below 100% because parents do not want it",
                    "concept",
                    "reach_below_100_reason",
                )
            },
            id="one row's question is dropped",
        ),
        pytest.param(
            {"S7": with_options("S7", "covid")},
            {
                (
                    "result_agreement_goals_missed_reason",
                    "Covid-19",
                    "option",
                    "result_agreement_goals_missed_reason=covid",
                )
            },
            id="an option is gone",
        ),
        pytest.param({"S8": with_options("S8", "", PARENTS)}, set(), id="an option is new"),
        pytest.param(
            {"L1d": None},
            {("lea_consultation", "Enrolment and admission", "item", "lea_consultation/enrolment_and_admission")},
            id="a theme is gone",
        ),
        pytest.param(
            {"S4_3": None},
            {("result_agreement_content", "Motor", "item", "result_agreement_content/motor")},
            id="a column's theme is gone",
        ),
        pytest.param(
            {"D4": None},
            {("definition_indicators", "", "concept", "definition_indicators")},
            id="the classes of a breakdown are carried from the year before",
        ),
        pytest.param(
            {"R1": QUESTIONNAIRES[2023].question("R1").model_copy(update={"column": "Peuters"})},
            set(),
            id="a column is renamed",
        ),
    ],
)
def test_what_a_year_does_not_ask_is_named_and_nothing_else_is_lost(
    changed: dict[str, Any], lacks: set[tuple[str, str, str, str]]
) -> None:
    catalogue = in_2024(**changed)
    assert not_made(catalogue) == lacks
    gone = {table for table, part, *_ in lacks if not part}
    assert {*in_2024().cells["table_id"]} - {*catalogue.cells["table_id"]} == gone
    assert catalogue.not_made["reason_nl"].str.contains("2024").all()


def test_rows_follow_that_years_options_with_their_labels() -> None:
    cells = in_2024(S8=with_options("S8", "school_boards_only", PARENTS)).cells
    assert row_keys(cells, "result_agreement_discussed_with") == ["boards_and_providers", "other", "parents"]
    labels = cells[["row_key", "row_label_nl"]][cells["table_id"] == "result_agreement_discussed_with"].to_numpy()
    assert dict(labels.tolist())["parents"] == "Ouders"
    assert dict(labels.tolist())["other"] == "Met andere partners"


def test_every_survey_year_has_one_and_its_shares_have_that_years_base() -> None:
    asked = Asked(QUESTIONNAIRES, MEASURES)
    for year, held in ((2020, None), (2021, ["yes_separate", "yes_combined", "no"]), (2022, ["yes", "no"])):
        cells = load_catalogue(REPORTS, asked, year).cells
        assert cells["report"].unique().tolist() == [f"jaarrapport{year}"]
        assert row_keys(cells, "lea_consultation_held") == (held or [])
        assert "amounts" in {*cells["table_id"]}
    shares = load_catalogue(REPORTS, asked, 2020).cells.query("table_id == 'municipality_roles'")
    assert shares["population"].unique().tolist() == ["answered_2020_and_2021"]


def test_years_are_side_by_side_where_several_ask_the_same() -> None:
    series = in_2024(S9=None).series
    years = series.groupby("table_id")["survey_year"].unique().map(sorted).to_dict()
    assert years["amounts"] == [2020, 2021, 2022, 2023, 2024]
    assert years["lea_consultation"] == [2023, 2024]
    assert years["definition_indicators"] == [2022, 2023, 2024]
    assert "result_agreement_discussion_frequency" not in years  # not in this report
    assert not {"development", "reach_by_breadth"} & {*years}  # several years in one, and not national
    by_year = series[(series["table_id"] == "definition_indicators") & (series["row_key"] == "home_language")]
    assert sorted({*by_year["measure"]}) == ["D22_4=home_language", "D4=home_language"]


def test_a_printed_report_is_in_the_edition_of_its_year_only() -> None:
    reports = in_2024().reports.set_index("report")
    assert reports["is_in_edition"].to_dict() == {"jaarrapport2024": True, "landelijk2023": False, "thema2022": False}
    assert reports["edition"].to_dict() == {"jaarrapport2024": 2024, "landelijk2023": 2023, "thema2022": 2023}
    asked = Asked(QUESTIONNAIRES, MEASURES)
    nothing = load_catalogue(REPORTS, asked, None)
    assert (len(nothing.cells), len(nothing.not_made)) == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("of: amounts", "of: amount", "has no table amount", "tabel_1_10"),
        ("columns: &percentage [{key: percent}]", "columns: &percentage [{key: share}]", "has no share", "figuur_1_2"),
        ("edition: 2023", "edition: every", "has tables of its own only", "landelijk2023"),
        ("        question: S1\n", "        concept: result_agreements\n", "does not ask this", "samenvatting"),
    ],
)
def test_a_mistake_in_a_variant_says_where_it_is(tmp_path: Path, old: str, new: str, what: str, where: str) -> None:
    for file in REPORTS.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.stem == "landelijk2023":
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_catalogue(tmp_path, Asked(QUESTIONNAIRES, MEASURES), 2023)
    assert what in refused.value.what
    assert where in refused.value.where
