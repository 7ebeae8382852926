"""The published figures: what a printed value says, the real files against themselves, and every mistake in one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.published_figures.figures import FIGURES, load_published_figures
from assets.published_figures.printed import Printed, read_printed
from assets.registers.loader import load_register

DATA = Path(__file__).parents[3] / "data"
Name = tuple[str, str, str, str, str]
"""Report, place, row, column, measure."""


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return load_published_figures(DATA / "published_figures")


# --- what a printed value says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "measure", "lower", "upper", "open_ends", "decimals"),
    [
        ("48", "percent", 47.5, 48.5, (False, True), 0),
        ("33.2", "percent", 33.15, 33.25, (False, True), 1),
        ("0.62", "score", 0.615, 0.625, (False, True), 2),
        ("0", "count", -0.5, 0.5, (False, True), 0),
        ("53257", "count", 53256.5, 53257.5, (False, True), 0),
        ("340", "base", 339.5, 340.5, (False, True), 0),
        ("20 to 25", "percent", 19.5, 25.5, (False, True), 0),
        ("1 to 3", "count", 0.5, 3.5, (False, True), 0),
        ("about 33.3", "percent", 26.3, 40.3, (False, False), 1),
        ("almost 90", "percent", 83.0, 90.0, (False, True), 0),
        ("over 20", "percent", 20.0, 27.0, (False, False), 0),
        ("about 200", "count", 170.0, 230.0, (False, False), 0),
        ("over 17", "mean", 17.0, 19.55, (False, False), 0),
        ("more than 50", "percent", 50.0, math.inf, (True, True), 0),
        ("less than 50", "percent", -math.inf, 50.0, (True, True), 0),
        ("at least 80", "percent", 80.0, math.inf, (False, True), 0),
    ],
)
def test_a_value_says_from_where_to_where(
    value: str, measure: str, lower: float, upper: float, open_ends: tuple[bool, bool], decimals: int
) -> None:
    assert read_printed(value, measure) == Printed(lower, upper, *open_ends, decimals)


@pytest.mark.parametrize("value", ["", "-"])
def test_an_empty_cell_says_nothing(value: str) -> None:
    printed = read_printed(value, "percent")
    assert printed.is_empty
    assert printed == Printed(None, None, None, None, None)
    assert not printed.agrees(0)


@pytest.mark.parametrize(
    ("value", "number", "agrees"),
    [
        ("48", 47.5, True),
        ("48", 48.4999, True),
        ("48", 48.5, False),
        ("80 to 85", 85.4, True),
        ("80 to 85", 79.4, False),
        ("almost 90", 100 * 314 / 350, True),
        ("almost 90", 90.0, False),
        ("over 50", 50.0, True),
        ("over 50", 49.9, False),
        ("about 50", 43.0, True),
        ("about 50", 57.1, False),
        ("more than 50", 50.0, False),
        ("more than 50", 50.1, True),
        ("less than 50", 50.0, False),
        ("at least 80", 80.0, True),
    ],
)
def test_a_number_agrees_with_what_is_printed(value: str, number: float, agrees: bool) -> None:
    assert read_printed(value, "percent").agrees(number) is agrees


@pytest.mark.parametrize(
    ("value", "measure", "output"),
    [
        ("ongeveer 33", "percent", "is not a number"),
        ("48%", "percent", "is not a number"),
        ("33,2", "percent", "is not a number"),
        ("1.234.567", "count", "is not a number"),
        ("048", "percent", "is not a number"),
        ("-3", "percent", "is not a number"),
        (" 48", "percent", "is not a number"),
        ("about 20 to 25", "percent", "is not a number"),
        ("25 to 20", "percent", "does not go up"),
        ("101", "percent", "above 100"),
        ("95 to 105", "percent", "above 100"),
        ("12.5", "count", "is not whole"),
        ("about 340", "base", "is not a plain number"),
    ],
)
def test_a_value_that_says_nothing_is_refused(value: str, measure: str, output: str) -> None:
    with pytest.raises(ValueError, match=output):
        read_printed(value, measure)


# --- the real files ---------------------------------------------------------------------------------------------------


def test_the_table_has_its_columns_and_types(figures: pd.DataFrame) -> None:
    assert {name: str(dtype) for name, dtype in figures.dtypes.items()} == FIGURES.dtypes
    assert figures["figure_no"].tolist() == list(range(1, len(figures) + 1))
    assert not figures.duplicated(["report", "place", "row_label", "column_label", "printed_as"]).any()


def test_both_reports_are_complete(figures: pd.DataFrame) -> None:
    in_tables = figures["place"].str.contains("Tabel|Figuur")
    assert figures.groupby("report").size().to_dict() == {"landelijk2023": 337, "thema2022": 365}
    assert figures[in_tables].groupby("report").size().to_dict() == {"landelijk2023": 138, "thema2022": 225}
    assert figures.groupby("declared").size().to_dict() == {"misprint": 10, "deviation": 1, "not_derivable": 90}


def test_empty_cells_are_figures_without_a_number(figures: pd.DataFrame) -> None:
    empty = figures[figures["is_empty"]]
    assert empty["printed"].value_counts().to_dict() == {"-": 30, "": 13}
    assert empty[["lower", "upper", "lower_open", "upper_open", "decimals"]].isna().all(axis=None)
    assert (
        figures.loc[~figures["is_empty"], ["lower", "upper", "lower_open", "upper_open", "decimals"]]
        .notna()
        .all(axis=None)
    )


def test_whatever_is_declared_has_a_reason(figures: pd.DataFrame) -> None:
    for reason in ("reason_nl", "reason_en"):
        assert (figures["declared"].isna() == figures[reason].isna()).all()
    youth_coach = figures.query("row_label == 'jeugdcoach'")
    assert youth_coach["reason_en"].item().startswith("Tabel 4.1.1b prints 18%. Most likely")
    assert youth_coach["reason_nl"].item().startswith("Tabel 4.1.1b drukt 18%. Waarschijnlijk")


def test_figures_of_design_interviews_and_other_studies_are_not_expected_of_the_data(figures: pd.DataFrame) -> None:
    outside = figures["of_what"].str.match("design:|interviews:|other study:")
    counted = figures[outside & figures["declared"].isna()]
    # Who answered, who did not, and who was asked the routed question: the data do know these.
    assert counted[["report", "row_label", "printed"]].to_numpy().tolist() == [
        ["landelijk2023", "gemeenten waarvan geen vragenlijst ontvangen", "2"],
        ["landelijk2023", "alle gemeenten gevraagd naar de doelen", "100"],
    ]


def test_labels_of_words_are_beside_the_number_they_word(figures: pd.DataFrame) -> None:
    suffix = " (in woorden)"
    worded = figures[figures["row_label"].str.endswith(suffix)]
    rows = set(zip(figures["report"], figures["place"], figures["row_label"], strict=True))
    assert len(worded) > 20
    for report, place, row in zip(worded["report"], worded["place"], worded["row_label"], strict=True):
        assert (report, place, row.removesuffix(suffix)) in rows


# --- the reports against themselves -----------------------------------------------------------------------------------


TRIPLES_THAT_DO_NOT_CLOSE: set[Name] = {
    (
        "landelijk2023",
        "Tabel 1.2",
        "Inschrijving en toelating",
        "Percentage van het aantal gemeenten met overleg",
        "percent",
    ),
    ("thema2022", "Bijlage 2 Tabel 1", "Matig stedelijk", "Percentage", "percent"),
}


def name(figure: pd.Series) -> Name:
    return (figure["report"], figure["place"], figure["row_label"], figure["column_label"], figure["printed_as"])


def percentages_with_their_count(figures: pd.DataFrame) -> Iterator[tuple[pd.Series, int]]:
    """Every percentage with the count that is in its row (and column, where the columns are groups) on the same
    base."""
    counts = figures[
        (figures["printed_as"] == "count") & figures["printed"].str.fullmatch(r"\d+") & figures["base"].notna()
    ]
    percentages = figures[(figures["printed_as"] == "percent") & figures["printed"].str.fullmatch(r"[\d.]+")]
    for _, percent in percentages[percentages["base"].notna()].iterrows():
        beside = counts[
            (counts[["report", "place", "row_label"]] == percent[["report", "place", "row_label"]]).all(axis="columns")
            & (counts["base"] == percent["base"])
        ]
        same_column = beside[beside["column_label"] == percent["column_label"]]
        for count in (same_column if len(same_column) else beside)["printed"].astype(int):
            yield percent, count


def rounded(percent: Decimal, decimals: int) -> str:
    return str(percent.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def closes(percent: pd.Series, count: int) -> bool:
    computed = rounded(100 * Decimal(count) / Decimal(int(percent["base"])), int(percent["decimals"]))
    return computed == str(percent["printed"])


def test_every_percentage_follows_from_its_count_and_base_or_is_a_declared_misprint(figures: pd.DataFrame) -> None:
    triples = list(percentages_with_their_count(figures))
    assert len(triples) == 76
    assert {name(percent) for percent, count in triples if not closes(percent, count)} == TRIPLES_THAT_DO_NOT_CLOSE


def test_every_percentage_of_municipalities_is_a_whole_number_of_them(figures: pd.DataFrame) -> None:
    plain = figures[
        (figures["printed_as"] == "percent")
        & figures["printed"].str.fullmatch(r"[\d.]+")
        & figures["base"].notna()
        & figures["of_what"].str.startswith("municipalities")
    ]
    assert len(plain) > 140
    for _, percent in plain.iterrows():
        nearest = int(float(percent["printed"]) / 100 * percent["base"])
        assert any(closes(percent, count) for count in range(nearest - 1, nearest + 3)), name(percent)


def contradictions(figures: pd.DataFrame) -> dict[Name, float]:
    """What another figure of the report, or the register, makes of a figure in the text; its highest where it sets a
    limit."""
    number = {name(figure): figure["printed"] for _, figure in figures.iterrows()}

    def of(report: str, place: str, row: str, column: str, measure: str) -> float:
        return float(number[report, place, row, column, measure])

    national, theme = "landelijk2023", "thema2022"
    agreements = of(national, "Tabel 1.2", "Inschrijving en toelating", "Aantal gemeenten", "count")
    half = 100 * agreements / of(national, "Tabel 1.2", "Inschrijving en toelating", "n", "base")
    respondents = of(national, "Tabel 1.1", "n", "", "base")
    none = respondents - of(national, "Tabel 1.1", "Bestrijden onderwijsachterstanden", "Aantal gemeenten", "count")
    dates = load_register(DATA / "registers", "municipalities")["reference_date"].astype(str)
    answered = of(theme, "§2.3.1", "vragenlijst 2021 door alle gemeenten ingevuld", "", "count")
    line = "Doorgaande (leerlijn) voorschool naar basisschool en van basisschool naar voortgezet onderwijs"
    shown: dict[tuple[str, str, str], float] = {
        (national, "§1.2", "afspraken over inschrijving en toelating"): half,
        (national, "§1.2", "slechts de helft afspraken over inschrijving en toelating"): half,
        (national, "§1.1", "niet overlegde over de thema’s van de LEA (in woorden)"): 100 * none / respondents,
        (national, "§1.1", "niet overlegde over de thema’s van de LEA"): 100 * none / respondents,
        (national, "§1.1", "dit jaar geen overleg gevoerd"): 100 * none / respondents,
        (theme, "§2.3.1", "vragenlijst 2021 door alle gemeenten ingevuld (in woorden)"): 100
        * answered
        / int((dates == "2021-01-01").sum()),
        (theme, "§4.1.1", "afspraken over doorgaande lijn (samenwerking)"): of(
            theme, "Tabel 4.1.1b", line, "Afspraken gemaakt", "percent"
        ),
        (theme, "§4.1.1", "jeugdcoach"): of(theme, "Tabel 4.1.1b", "Jeugdcoach", "Afspraken gemaakt", "percent"),
    }
    percentages: dict[Name, float] = {(*key, "", "percent"): percent for key, percent in shown.items()}
    return percentages | {(national, "§5", "gemeenten die over geen enkel thema overlegden", "", "count"): none}


def test_the_misprints_are_what_the_reports_own_numbers_contradict(figures: pd.DataFrame) -> None:
    shown = contradictions(figures)
    declared = figures[figures["declared"].isin(["misprint", "deviation"])]
    assert {name(figure) for _, figure in declared.iterrows()} == TRIPLES_THAT_DO_NOT_CLOSE | shown.keys()
    # Of these only the register contradicts one: the report itself says nothing of municipalities that did not answer.
    assert declared.query("declared == 'deviation'")["place"].tolist() == ["§2.3.1"]
    for _, figure in declared.iterrows():
        if name(figure) in shown:
            assert not read_printed(figure["printed"], figure["printed_as"]).agrees(shown[name(figure)]), name(figure)


# --- mistakes ---------------------------------------------------------------------------------------------------------

HEADER = "report,place,row,column,measure,value,base,of_what,line,note"
SMALL = f"""\
{HEADER}
small,Tabel 1.1,n,,base,340,,municipalities that answered,10,
small,Tabel 1.1,Overleg,Aantal,count,319,340,municipalities that consulted,12,
small,Tabel 1.1,Overleg,Percentage,percent,94,340,municipalities that consulted,12,
small,§1.1,"voor- en vroegschools, samen",,percent,about 33.3,,municipalities,20,in words
small,§1.1,lege cel,,percent,,,municipalities,21,
"""
MISPRINTS = """\
misprints:
  - report: small
    place: Tabel 1.1
    row: Overleg
    column: Percentage
    measure: percent
    printed: "94"
    arithmetic: {nl: "319 van 340 is 93,8%.", en: "319 of 340 is 93.8%."}
    explanation: {nl: Slechts een voorbeeld., en: Only an example.}
"""
NOT_DERIVABLE = """\
not_derivable:
  - reason: {nl: In gesprekken gezegd., en: Said in interviews.}
    figures:
      - {report: small, place: §1.1, row: lege cel}
"""


def load(
    folder: Path,
    csv: str = SMALL,
    misprints: str | None = None,
    not_derivable: str | None = None,
    file: str = "small.csv",
) -> pd.DataFrame:
    (folder / file).write_text(csv, encoding="utf-8")
    for declared, text in (("misprints", misprints), ("not_derivable", not_derivable)):
        if text is not None:
            (folder / f"{declared}.yaml").write_text(text, encoding="utf-8")
    return load_published_figures(folder)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_reports_are_placed_below_each_other_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "another.csv").write_text(SMALL.replace("\nsmall,", "\nanother,"), encoding="utf-8")
    figures = load(tmp_path)
    assert figures["report"].tolist() == ["another"] * 5 + ["small"] * 5
    assert figures["figure_no"].tolist() == list(range(1, 11))
    assert figures["base"].tolist()[:3] == [pd.NA, 340, 340]
    assert figures["column_label"].tolist()[:3] == ["", "Aantal", "Percentage"]


def test_declarations_are_tied_to_their_figures(tmp_path: Path) -> None:
    figures = load(tmp_path, misprints=MISPRINTS, not_derivable=NOT_DERIVABLE)
    message = figures[figures["declared"].notna()]
    assert message[["row_label", "printed_as", "declared", "reason_nl", "reason_en"]].to_numpy().tolist() == [
        [
            "Overleg",
            "percent",
            "misprint",
            "319 van 340 is 93,8%. Slechts een voorbeeld.",
            "319 of 340 is 93.8%. Only an example.",
        ],
        ["lege cel", "percent", "not_derivable", "In gesprekken gezegd.", "Said in interviews."],
    ]


def test_a_declaration_without_column_and_measure_is_of_the_whole_row(tmp_path: Path) -> None:
    whole = changed(NOT_DERIVABLE, "place: §1.1, row: lege cel", "place: Tabel 1.1, row: Overleg")
    assert load(tmp_path, not_derivable=whole)["declared"].notna().tolist() == [False, True, True, False, False]
    part = changed(whole, "row: Overleg", "row: Overleg, measure: count")
    assert load(tmp_path, not_derivable=part)["declared"].notna().tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("text", ["", "misprints:\n", "misprints: []\n"])
def test_nothing_need_be_declared(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, misprints=text)["declared"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("Tabel 1.1,n,,base", "Tabel 1.1,n,,number", "'number' is not one of count, percent", "line 2, column measure"),
        ("count,319", "count,veel", "'veel' is not a number", "line 3, column value"),
        ("percent,94", "percent,940", "'940' is a percentage above 100", "line 4, column value"),
        ("count,319", "count,319.5", "'319.5' is not whole", "line 3, column value"),
        ("base,340", "base,about 340", "is not a plain number", "line 2, column value"),
        ("319,340", "319,34o", "'34o' is not a whole number or empty", "line 3, column base"),
        ("319,340,municipalities that consulted,12", "319,340,,12", "'' is empty", "line 3, column of_what"),
        ("answered,10", "answered,r.10", "'r.10' is not the number of a line", "line 2, column line"),
        ("small,Tabel 1.1,n", "large,Tabel 1.1,n", "'large' is not small", "line 2, column report"),
        ("Tabel 1.1,n", "pagina 8,n", "'pagina 8' is not Voorwoord", "line 2, column place"),
        ("n,,base", ",,base", "'' is empty", "line 2, column row"),
        ("n,,base", "n ,,base", "has a line break, or a space too many", "line 2, column row"),
        ('"voor- en', '"onder- wijs en', "has a word that a line break cut", "line 5, column row"),
        ("Overleg,Percentage,percent,94", "Overleg,Aantal,count,94", "is in line 3 too", "line 4"),
        (
            "municipalities that answered,10,",
            "municipalities that answered,10",
            "Line 2 has 9 cells; expected 10",
            "line 2",
        ),
        (
            ',"voor- en vroegschools, samen"',
            ',"voor- en" vroegschools',
            "A quotation mark",
            "in the row that begins on line 5",
        ),
        ("place,row", "place,rows", "has the wrong columns (missing: row; unknown or double: rows)", "line 1"),
        (SMALL, f"{HEADER}\n", "holds no figures", "line 1"),
        (SMALL, "", "is empty", "line 1"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, what: str, where: str) -> None:
    with pytest.raises(BadInput) as error:
        load(tmp_path, changed(SMALL, old, new))
    assert what in error.value.what
    assert f"{tmp_path / 'small.csv'}, {where}" == error.value.where
    assert error.value.remedy


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_bytes(SMALL.encode("cp1252"))
    with pytest.raises(BadInput, match="is not UTF-8") as error:
        load_published_figures(tmp_path)
    assert error.value.where == f"{tmp_path / 'small.csv'}, line 5"


def test_a_folder_without_figures_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no published figures"):
        load_published_figures(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("row: Overleg", "row: Overlegt", "There is no published figure small › Tabel 1.1 › Overlegt", 2),
        ("    column: Percentage\n", "", "There is no published figure", 2),
        ("report: small", "report: other", "There is no published figure other", 2),
        ('printed: "94"', 'printed: "95"', "is keyed as '94', not '95'", 2),
        ("measure: percent", "measure: share", "Input should be 'count'", 6),
        (
            '    arithmetic: {nl: "319 van 340 is 93,8%.", en: "319 of 340 is 93.8%."}\n',
            "",
            "'arithmetic' is missing",
            2,
        ),
        ("explanation:", "because:", "'explanation' is missing", 2),
        ("en: Only an example.", "en: ''", "String should have at least 1", 9),
        ("    row: Overleg", "    row: Overleg\n    row: n", "'row' appears twice", 5),
        ("misprints:", "misprint:", "'misprint' is not a field", 1),
    ],
)
def test_a_mistake_in_a_misprint_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, what: str, line: int
) -> None:
    with pytest.raises(BadInput) as error:
        load(tmp_path, misprints=changed(MISPRINTS, old, new))
    assert what in error.value.what
    assert re.fullmatch(rf"{tmp_path / 'misprints.yaml'}, line {line}(, .*)?", error.value.where)


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("row: lege cel", "row: volle cel", "There is no published figure small › §1.1 › volle cel", 4),
        ("row: lege cel", "row: lege cel, column: Aantal", "There is no published figure", 4),
        ("nl: In gesprekken gezegd.", "nl: ''", "String should have at least 1", 2),
        (
            "    figures:\n      - {report: small, place: §1.1, row: lege cel}\n",
            "    figures: []\n",
            "Tuple",
            3,
        ),
        ("row: lege cel}", "row: lege cel, reason: none}", "'reason' is not a field", 4),
    ],
)
def test_a_mistake_in_a_not_derivable_figure_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, what: str, line: int
) -> None:
    with pytest.raises(BadInput) as error:
        load(tmp_path, not_derivable=changed(NOT_DERIVABLE, old, new))
    assert what in error.value.what
    assert re.fullmatch(rf"{tmp_path / 'not_derivable.yaml'}, line {line}(, .*)?", error.value.where)


def test_a_figure_is_declared_once(tmp_path: Path) -> None:
    twice = NOT_DERIVABLE + "      - {report: small, place: Tabel 1.1, row: Overleg}\n"
    with pytest.raises(BadInput, match=r"Tabel 1.1 › Overleg › Percentage › percent is declared twice") as error:
        load(tmp_path, misprints=MISPRINTS, not_derivable=twice)
    assert error.value.where == f"{tmp_path / 'not_derivable.yaml'}, line 5"
    assert f"{tmp_path / 'misprints.yaml'}, line 2" in error.value.what
