"""The report catalogue: what the bundled reports say, and what a mistake in one looks like to its author."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.catalogue.asked import Asked
from assets.catalogue.measures import load_measures, measure_tables
from assets.catalogue.report_cells import CELLS
from assets.catalogue.reports import Catalogue, load_catalogue
from assets.questionnaires.loader import load_questionnaires

DATA = Path(__file__).parents[3] / "data"
REPORT = """\
report: small
edition: 2030
title: {nl: Klein, en: Small}
cells: {survey_year: 2030, population: respondents, breakdown: total, category: all}
tables:
  - id: tabel_1
    kind: table
    place: {nl: Tabel 1, en: Table 1}
    title: {nl: Titel, en: Title}
    source: {nl: Bron, en: Source}
    rows:
      - {key: a, label: {nl: A, en: A}, question: Q1, option: "yes"}
      - {key: b, label: {nl: B, en: B}, measure: places_total, reference_year: 2028}
    columns:
      - {key: number, label: {nl: Aantal, en: Number}, as: count}
      - {key: percent, label: {nl: Percentage, en: Percentage}, as: percent, decimals: 1}
  - id: par_1
    kind: text
    place: {nl: §1, en: §1}
    title: {nl: Tekst, en: Text}
    source: {nl: Bron, en: Source}
    cells: {question: Q2, as: percent, survey_year: 2031}
    rows:
      - {key: said, label: {nl: zegt ja, en: says yes}, options: ["yes", maybe], base: respondents}
      - {key: low, label: {nl: zegt ja, en: says yes}, of: {nl: laag, en: low},
         option: "yes", category: low, breakdown: score}
      - key: lowest
        label: {nl: laagste, en: lowest}
        option: "no"
        among: {question: Q1, options: ["yes"]}
        printed_as: min
"""


def small(tmp_path: Path, *changes: tuple[str, str], name: str = "small") -> pd.DataFrame:
    text = REPORT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return of_2030(tmp_path).cells


def of_2030(folder: Path) -> Catalogue:
    return load_catalogue(folder, Asked({}, ()), 2030)


@pytest.fixture(scope="module")
def bundled() -> pd.DataFrame:
    questionnaires = load_questionnaires(DATA / "questionnaires")
    asked = Asked(questionnaires, load_measures(DATA / "catalogue" / "measures.yaml"))
    return load_catalogue(DATA / "catalogue" / "reports", asked, 2023).cells


def test_bundled_catalogue_has_its_columns_and_types(bundled: pd.DataFrame) -> None:
    catalogue = bundled
    assert {name: str(dtype) for name, dtype in catalogue.dtypes.items()} == CELLS.dtypes
    assert not catalogue.duplicated(["report", "table_id", "row_no", "column_no"]).any()
    assert not catalogue.duplicated(["report", "place_nl", "row_label_nl", "column_label_nl", "printed_as"]).any()
    assert catalogue["report"].unique().tolist() == ["jaarrapport2023", "landelijk2023", "thema2022"]
    assert (catalogue["survey_year"].isna() ^ catalogue["reference_year"].isna()).all()


def test_bundled_tables_carry_the_labels_that_the_report_prints(bundled: pd.DataFrame) -> None:
    catalogue = bundled.query("report == 'landelijk2023'")
    table = catalogue.query("table_id == 'tabel_1_10'")
    assert table["column_label_nl"].unique().tolist() == [
        "Doelgroepkinderen",
        "Aantal kindplaatsen",
        "Aantal bereikte kinderen",
    ]
    assert table["row_label_nl"].unique().tolist() == ["Aantal", "Aantal gemeenten dat gegevens aanleverde"]
    breadth = catalogue.query("table_id == 'tabel_1_11' and column_key == 'reach'")
    assert breadth[["row_label_nl", "category"]].to_numpy().tolist() == [
        ["Smal", "narrow"],
        ["Midden", "middle"],
        ["Breed", "broad"],
    ]
    figure = catalogue.query("table_id == 'figuur_1_4'")
    assert figure["reference_year"].unique().tolist() == [2020, 2021, 2022]
    assert figure["title_nl"].unique().tolist()[0].endswith("in 2020, 2021 en 2022 (n={n})")


def test_a_cell_takes_the_closest_field(tmp_path: Path) -> None:
    cells = {(cell["row_key"], cell["column_key"]): cell for cell in small(tmp_path).to_dict("records")}
    option, total = cells["a", "percent"], cells["b", "number"]
    fields = ("measure", "statistic", "unit", "printed_as", "decimals")
    assert [option[field] for field in fields] == ["Q1=yes", "value", "share", "percent", 1]
    assert [total[field] for field in fields] == ["places_total", "numerator", "municipalities", "count", 0]
    assert option["survey_year"] == 2030
    assert option["reference_year"] is None
    assert total["reference_year"] == 2028
    assert total["survey_year"] is None


def test_a_number_in_the_text_is_a_cell_too(tmp_path: Path) -> None:
    cells = small(tmp_path).query("kind == 'text'").set_index("row_key")
    assert cells["column_key"].unique().tolist() == ["value"]
    assert cells["column_label_nl"].to_dict() == {"said": "", "low": "laag", "lowest": ""}
    assert cells["measure"].to_dict() == {
        "said": "Q2=yes|maybe/respondents",
        "low": "Q2=yes",
        "lowest": "Q2=no/Q1=yes",
    }
    assert (cells["breakdown"]["low"], cells["category"]["low"]) == ("score", "low")
    assert cells["printed_as"].to_dict() == {"said": "percent", "low": "percent", "lowest": "min"}
    assert cells["statistic"].unique().tolist() == ["value"]


def test_columns_of_different_questions_share_their_rows(tmp_path: Path) -> None:
    items = (
        ('question: Q1, option: "yes"}\n      - {key: b', "item: a}\n      - {key: b"),
        ("measure: places_total, ", "item: b, "),
        ("as: count}", 'as: count, question: "Q{item}", option: "yes"}'),
        ("as: percent, decimals: 1}", 'as: percent, measure: "score={item}"}'),
    )
    cells = small(tmp_path, *items).query("kind == 'table'")
    assert cells["measure"].tolist() == ["Qa=yes", "score=a", "Qb=yes", "score=b"]
    with pytest.raises(BadInput, match="has no item"):
        small(tmp_path, *items, ("item: b, ", ""))


def test_what_cells_imply_is_a_measure_with_its_terms(tmp_path: Path) -> None:
    small(tmp_path)
    measures, terms = measure_tables((), of_2030(tmp_path).options)
    assert measures[["measure", "base", "lowest"]].to_numpy().tolist() == [
        ["Q1=yes", "asked", 1],
        ["Q2=yes|maybe/respondents", "respondents", 1],
        ["Q2=yes", "asked", 1],
        ["Q2=no/Q1=yes", "among", 1],
    ]
    assert measures["is_option"].all()
    of_last = terms[terms["measure"] == "Q2=no/Q1=yes"]
    assert of_last[["part", "question_id", "option_key"]].to_numpy().tolist() == [
        ["count", "Q2", "no"],
        ["among", "Q1", "yes"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("kind: table", "kind: tabel", "'table', 'figure', 'text'", "tables › tabel_1"),
        ("as: count", "als: count", "not a field", "columns › number › als"),
        ("as: count", "as: number", "'as' is one of percent, count", "columns › number › as"),
        ("key: b", "key: a", "row a appears more than once", "tables › tabel_1"),
        ("title: {nl: Titel, en: Title}", "title: {nl: Titel}", "'en' is missing", "title › en"),
        ("as: count}", "as: count, option: 'no'}", "option from its row and from its column", "row a, column number"),
        ("as: count", "as: count, measure: m", "gets both measure and option and question", "row a, column number"),
        ("as: count}", "decimals: 0}", "has no as", "row a, column number"),
        ("base: respondents", "base: answered", "'base: answered' without 'base_reason'", "row said"),
        (
            "    rows:\n      - {key: a,",
            "    not_in_print: [{rows: [z], reason: {nl: A, en: A}}]\n    rows:\n      - {key: a,",
            "names z",
            "tabel_1",
        ),
        ("kind: table", "kind: figure", "a figure needs a 'chart'", "tabel_1"),
        (
            "kind: table",
            "kind: table\n    chart: {kind: pie}",
            "'shares', 'chain', 'parts', 'lines' or 'flow'",
            "chart › kind",
        ),
        ("kind: table", "kind: table\n    chart: {kind: parts, grey: [z]}", "names z", "tabel_1"),
        ("kind: table", "kind: table\n    chart: {kind: chain}", "a text in 'of'", "tabel_1, chart"),
        ("base: respondents", "base: asked, among: {question: Q1, options: [a]}", "both among and base", "row said"),
        ("A}, question: Q1, ", "A}, ", "question without an option", "row a, column number"),
        ("survey_year: 2030, ", "", "no survey_year or reference_year", "row a, column number"),
        ("breakdown: total, ", "", "no breakdown", "row a, column number"),
        ("report: small", "report: other", "its file is called small", "report"),
        ("report: small", "report: [small", "not valid YAML", "line"),
    ],
)
def test_a_mistake_says_where_it_stands(tmp_path: Path, old: str, new: str, what: str, where: str) -> None:
    with pytest.raises(BadInput) as error:
        small(tmp_path, (old, new))
    assert what in error.value.what
    assert "small.yaml" in error.value.where
    assert where in error.value.where
    assert error.value.remedy


def test_a_chart_needs_the_columns_that_it_shows(tmp_path: Path) -> None:
    chart = ("kind: table", "kind: table\n    chart: {kind: shares}")
    assert small(tmp_path, chart)["chart"].iloc[0] == '{"kind":"shares","grey":[],"of":[],"steps":[]}'
    with pytest.raises(BadInput, match="needs one column of percentages"):
        small(tmp_path, chart, ("as: percent, decimals: 1", "as: mean"))
    lines = ("kind: table", "kind: table\n    chart: {kind: lines}")
    small(tmp_path, lines)
    with pytest.raises(BadInput, match="needs several years"):
        small(tmp_path, lines, (", reference_year: 2028", ""))
    step = "{key: a, label: {nl: A, en: A}}"
    flow = ("kind: table", f"kind: table\n    chart: {{kind: flow, steps: [{step}]}}")
    with pytest.raises(BadInput, match="needs a step for each row"):
        small(tmp_path, flow, ("{key: a, label: {nl: A, en: A}}]}", "{key: c, label: {nl: C, en: C}}]}"))
    with pytest.raises(BadInput, match="follows on b, which is none of the steps before it"):
        small(tmp_path, flow, ("en: A}}]}", "en: A}, after: b}]}"))


def test_an_empty_folder_an_empty_file_and_a_wrong_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no report catalogue"):
        of_2030(tmp_path)
    file = tmp_path / "small.yaml"
    file.write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be used"):
        of_2030(tmp_path)
    file.write_bytes("title: Súdwest".encode("cp1252"))
    with pytest.raises(BadInput, match="not UTF-8"):
        of_2030(tmp_path)


def test_a_base_of_who_answered_says_why_and_ends_where_another_base_is_said(tmp_path: Path) -> None:
    answered = "cells: {question: Q2, base: answered, base_reason: {nl: Onvolledig., en: Incomplete.}, as: percent,"
    cells = (
        small(tmp_path, ("cells: {question: Q2, as: percent,", answered)).query("kind == 'text'").set_index("row_key")
    )
    assert cells["measure"].to_dict() == {
        "said": "Q2=yes|maybe/respondents",
        "low": "Q2=yes/answered",
        "lowest": "Q2=no/Q1=yes",
    }
    assert cells["base_reason_en"].to_dict() == {"said": "", "low": "Incomplete.", "lowest": ""}


def test_what_print_leaves_blank_is_said_of_its_rows_and_columns(tmp_path: Path) -> None:
    lines = "not_in_print: [{rows: [b], columns: [percent], reason: {nl: Leeg., en: Blank.}}]"
    cells = small(tmp_path, ("    rows:\n      - {key: a,", f"    {lines}\n    rows:\n      - {{key: a,"))
    output = cells.query("kind == 'table'").set_index(["row_key", "column_key"])["not_in_print_nl"]
    assert output[output != ""].to_dict() == {("b", "percent"): "Leeg."}
