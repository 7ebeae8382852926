"""The registers as they are delivered with the project, the errors of their loader, and every check failing once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.base.checks import CheckOutcome
from assets.base.errors import BadInput
from assets.registers.checks import REGISTER_CHECKS, check_registers
from assets.registers.loader import load_register, load_registers
from assets.registers.tables import REGISTERS

REGISTERS_DIR = Path(__file__).parents[3] / "data" / "registers"
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def registers() -> Frames:
    return load_registers(REGISTERS_DIR)


# --- what is delivered with the project -------------------------------------------------------------------------------


def test_every_register_has_the_columns_of_the_lake(registers: Frames) -> None:
    assert {name: list(frame.columns) for name, frame in registers.items()} == {
        "municipalities": ["reference_date", "municipality_code", "municipality_name", "province_code", "province"],
        "municipality_changes": ["effective_date", "old_code", "old_name", "new_code", "new_name", "kind"],
        "name_variants": ["municipality_code", "name", "source"],
        "urbanisation": [
            "reference_year",
            "municipality_code",
            "address_density",
            "urbanisation_class",
            "status",
            "source",
        ],
        "disadvantage": [
            "layout_year",
            "municipality_code",
            "schools",
            "pupils",
            "disadvantage_score",
            "disadvantage_group",
            "status",
            "source",
        ],
        "report_classification": [
            "classification",
            "municipality_code",
            "urbanisation_class",
            "disadvantage_group",
            "observed_urbanisation_class",
            "observed_disadvantage_group",
            "changed",
        ],
        "national_series": ["reference_year", "indicator", "value", "unit", "municipalities", "basis", "source"],
    }
    assert {name: len(frame) for name, frame in registers.items()} == {
        "municipalities": 355 + 355 + 352 + 345 + 342 + 342 + 342,
        "municipality_changes": 65,
        "name_variants": 12,
        "urbanisation": 355 + 355 + 352 + 345 + 342 + 342,
        "disadvantage": 355 + 352 + 345 + 342 + 342 + 342,
        "report_classification": 349,
        "national_series": 26,
    }


def test_parquet_keeps_dates_and_counts(registers: Frames, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    types = {}
    for name, frame in registers.items():
        frame.to_parquet(tmp_path / "register.parquet", index=False)
        types[name] = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "register.parquet")}
    assert types["municipalities"]["reference_date"] == "date32[day]"
    assert types["municipality_changes"]["effective_date"] == "date32[day]"
    assert types["urbanisation"]["address_density"] == "int64"
    assert types["disadvantage"]["disadvantage_score"] == "double"
    assert types["report_classification"]["changed"] == "bool"
    assert types["national_series"]["municipalities"] == "int64"


def test_names_keep_their_diacritics(registers: Frames) -> None:
    named = registers["municipalities"].query("municipality_code == 'GM1900'")
    assert set(named["municipality_name"]) == {"Súdwest-Fryslân"}


def test_urbanisation_says_which_years_are_estimated(registers: Frames) -> None:
    status = registers["urbanisation"].groupby("reference_year")["status"].unique().map(list).to_dict()
    assert status == {year: ["estimated"] if year < 2021 else ["observed"] for year in range(2019, 2025)}


def test_a_score_is_the_sum_of_scores_over_the_pupils() -> None:
    with (REGISTERS_DIR / "disadvantage.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            score = float(row["score_sum"]) / int(row["pupils"])
            assert score == pytest.approx(float(row["disadvantage_score"]), abs=0.0001)


def test_the_national_series_holds_the_reports_reach(registers: Frames) -> None:
    in_2022 = registers["national_series"].query("reference_year == 2022").set_index("indicator")
    assert in_2022["value"].to_dict() == {
        "places": 71_562,
        "target_toddlers": 53_257,
        "reached_toddlers": 43_334,
        "reach": 77,
    }
    assert in_2022["municipalities"].to_dict() == {
        "places": 291,
        "target_toddlers": 297,
        "reached_toddlers": 314,
        "reach": 273,
    }


def test_the_delivered_registers_pass_every_check(registers: Frames) -> None:
    assert [name for name, frame in registers.items() if not REGISTERS[name].outcome(frame).passed] == []
    outcomes = check_registers(registers)
    assert [(o.asset, o.check) for o in outcomes if not o.passed] == []
    assert all(o.checked > 0 for o in outcomes)


def test_checks_are_declared_before_any_data_is_read(registers: Frames) -> None:
    assert tuple(outcome.definition for outcome in check_registers(registers)) == REGISTER_CHECKS
    names = [(definition.asset, definition.name) for definition in REGISTER_CHECKS]
    assert len(names) == len(set(names))
    assert all(definition.description and definition.remedy for definition in REGISTER_CHECKS)


# --- the loader's errors ----------------------------------------------------------------------------------------------

SERIES = "reference_year,indicator,value,unit,municipalities,basis,source\n2022,reach,77,percent,273,all,report\n"


def _refused(tmp_path: Path, content: str | bytes, name: str = "national_series") -> BadInput:
    data = content.encode("utf-8") if isinstance(content, str) else content
    (tmp_path / f"{name}.csv").write_bytes(data)
    with pytest.raises(BadInput) as error:
        load_register(tmp_path, name)
    assert error.value.remedy
    return error.value


def test_a_register_is_read(tmp_path: Path) -> None:
    (tmp_path / "national_series.csv").write_text(SERIES + "2021,reach,80.5,percent,,,report\n", encoding="utf-8-sig")
    frame = load_register(tmp_path, "national_series")
    assert frame["value"].tolist() == [77.0, 80.5]
    assert frame["municipalities"].isna().tolist() == [False, True]
    assert frame["basis"].isna().tolist() == [False, True]


def test_columns_may_be_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "national_series.csv").write_text(
        "source,basis,municipalities,unit,value,indicator,reference_year\nreport,all,273,percent,77,reach,2022\n"
    )
    assert load_register(tmp_path, "national_series").iloc[0].tolist() == [
        *(2022, "reach", 77.0, "percent", 273, "all", "report")
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        load_registers(tmp_path)
    assert error.value.what.startswith("There is no register municipalities")
    assert error.value.where == str(tmp_path / "municipalities.csv")


def test_missing_and_unknown_columns_are_named(tmp_path: Path) -> None:
    error = _refused(tmp_path, SERIES.replace("indicator", "indicater"))
    assert "missing: indicator; unknown or double: indicater" in error.what
    assert error.where.endswith("national_series.csv, line 1")
    assert "reference_year,indicator,value" in error.remedy


def test_a_double_column_is_named(tmp_path: Path) -> None:
    assert "unknown or double: unit" in _refused(tmp_path, SERIES.replace("basis", "unit")).what


@pytest.mark.parametrize(
    ("cell", "replacement", "column", "problem"),
    [
        ("2022", "twenty", "reference_year", "'twenty' is not a whole number"),
        ("77", "77,5", "value", "has 8 cells"),
        ("77", '"77,5"', "value", "'77,5' is not a number with a decimal point"),
        ("77", "nan", "value", "'nan' is not a number with a decimal point"),
        ("273", "2.5", "municipalities", "'2.5' is not a whole number"),
        (",reach,", ",,", "indicator", "'' is empty"),
        (",reach,", ",reach ,", "indicator", "'reach ' begins or ends with a space"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_column(
    tmp_path: Path, cell: str, replacement: str, column: str, problem: str
) -> None:
    header, row = SERIES.splitlines()
    error = _refused(tmp_path, f"{header}\n{row}\n{row.replace(cell, replacement, 1)}\n")
    assert problem in error.what
    assert "line 3" in error.where
    assert error.where.endswith(f"column {column}") or "cells" in problem


def test_a_wrong_date_is_named(tmp_path: Path) -> None:
    header = "effective_date,old_code,old_name,new_code,new_name,kind"
    error = _refused(tmp_path, f"{header}\n24-03-2022,GM0457,Weesp,GM0363,Amsterdam,x\n", "municipality_changes")
    assert error.what == "'24-03-2022' is not a date written as 2022-03-24"
    assert error.where.endswith("line 2, column effective_date")


def test_a_wrong_yes_or_no_is_named(tmp_path: Path) -> None:
    header = ",".join(REGISTERS["report_classification"].columns)
    error = _refused(tmp_path, f"{header}\nthema2022,GM0363,1,high,1,high,ja\n", "report_classification")
    assert error.what == "'ja' is not true or false"


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    error = _refused(tmp_path, SERIES.encode() + "2021,reach,80,percent,,één,x\n".encode("cp1252"))
    assert error.what == "The register national_series is not UTF-8"
    assert error.where.endswith("line 3")


def test_open_quotes_are_named(tmp_path: Path) -> None:
    assert "A quotation mark" in _refused(tmp_path, SERIES + '2021,"reach,80,percent,,,x\n').what


def test_a_register_without_rows_is_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path, "").what == "The register national_series is empty"
    assert _refused(tmp_path, SERIES.splitlines()[0] + "\n").what == "The register national_series holds no rows"


# --- every check fails when it should ---------------------------------------------------------------------------------


def _small() -> Frames:
    """Three municipalities of which the third is absorbed by the first on 1 January 2021: passes every check."""
    dates = [date(2020, 1, 1)] * 3 + [date(2021, 1, 1)] * 2
    codes = ["GM0001", "GM0002", "GM0003", "GM0001", "GM0002"]
    years = [d.year for d in dates]
    classes = {"GM0001": 1, "GM0002": 5, "GM0003": 3}
    density = {"GM0001": 2500, "GM0002": 499, "GM0003": 1000}
    score = {"GM0001": 1.2, "GM0002": 0.3, "GM0003": 0.6}
    group = {"GM0001": "high", "GM0002": "low", "GM0003": "middle"}
    n = len(codes)
    return {
        "municipalities": pd.DataFrame(
            {
                "reference_date": pd.Series(dates, dtype="object"),
                "municipality_code": codes,
                "municipality_name": [f"Name {code}" for code in codes],
                "province_code": ["PV20"] * n,
                "province": ["Groningen"] * n,
            }
        ),
        "municipality_changes": pd.DataFrame(
            {
                "effective_date": pd.Series([date(2021, 1, 1)] * 2, dtype="object"),
                "old_code": ["GM0003", "GM0001"],
                "old_name": ["Third", "First"],
                "new_code": ["GM0001", "GM0001"],
                "new_name": ["First", "First"],
                "kind": ["absorbed_into_existing", "continues_enlarged"],
            }
        ),
        "name_variants": pd.DataFrame({"municipality_code": ["GM0001"], "name": ["Eén"], "source": ["itself"]}),
        "urbanisation": pd.DataFrame(
            {
                "reference_year": years,
                "municipality_code": codes,
                "address_density": pd.Series([density[c] for c in codes], dtype="Int64"),
                "urbanisation_class": [classes[c] for c in codes],
                "status": ["observed"] * n,
                "source": ["CBS"] * n,
            }
        ),
        "disadvantage": pd.DataFrame(
            {
                "layout_year": years,
                "municipality_code": codes,
                "schools": [3] * n,
                "pupils": [300] * n,
                "disadvantage_score": [score[c] for c in codes],
                "disadvantage_group": [group[c] for c in codes],
                "status": ["reconstructed"] * n,
                "source": ["CBS"] * n,
            }
        ),
        "report_classification": pd.DataFrame(
            {
                "classification": ["thema2022"] * 2,
                "municipality_code": ["GM0001", "GM0002"],
                "urbanisation_class": [2, 5],
                "disadvantage_group": ["high", "low"],
                "observed_urbanisation_class": [1, 5],
                "observed_disadvantage_group": ["high", "low"],
                "changed": [True, False],
            }
        ),
        "national_series": pd.DataFrame(
            {
                "reference_year": [2022, 2022],
                "indicator": ["reach", "places"],
                "value": [77.0, 71_562.0],
                "unit": ["percent", "count"],
                "municipalities": pd.Series([273, None], dtype="Int64"),
                "basis": pd.Series(["all", None], dtype="str"),
                "source": ["report", "report"],
            }
        ),
    }


def _set(register: str, row: int, column: str, value: object) -> Callable[[Frames], None]:
    def mutate(frames: Frames) -> None:
        frames[register].loc[row, column] = value  # type: ignore[call-overload]

    return mutate


def _again(register: str, row: int) -> Callable[[Frames], None]:
    def mutate(frames: Frames) -> None:
        frames[register] = pd.concat([frames[register], frames[register].iloc[[row]]], ignore_index=True)

    return mutate


def _without(register: str, row: int) -> Callable[[Frames], None]:
    def mutate(frames: Frames) -> None:
        frames[register] = frames[register].drop(index=row).reset_index(drop=True)

    return mutate


def _failed(frames: Frames) -> dict[tuple[str, str], CheckOutcome]:
    return {(o.asset.removeprefix("registers/"), o.check): o for o in check_registers(frames) if not o.passed}


def test_the_small_registers_pass_every_check() -> None:
    assert _failed(_small()) == {}


IMPOSSIBLE: list[tuple[str, str, object]] = [
    ("municipalities", "reference_date", date(2020, 3, 24)),
    ("municipalities", "reference_date", date(1990, 1, 1)),
    ("municipalities", "municipality_code", "GM001"),
    ("municipalities", "municipality_code", "GM0001    "),
    ("municipalities", "municipality_name", ""),
    ("municipalities", "province_code", "PV32"),
    ("municipality_changes", "kind", "merged"),
    ("municipality_changes", "old_code", "0003"),
    ("municipality_changes", "effective_date", date(2121, 1, 1)),
    ("name_variants", "name", ""),
    ("urbanisation", "urbanisation_class", 6),
    ("urbanisation", "address_density", 0),
    ("urbanisation", "status", "guessed"),
    ("urbanisation", "reference_year", 21),
    ("disadvantage", "disadvantage_score", -0.1),
    ("disadvantage", "disadvantage_group", "Laag"),
    ("disadvantage", "pupils", 0),
    ("disadvantage", "schools", -1),
    ("report_classification", "classification", "other"),
    ("report_classification", "observed_disadvantage_group", "lowest"),
    ("report_classification", "urbanisation_class", 0),
    ("national_series", "indicator", "bereik"),
    ("national_series", "value", -1.0),
    ("national_series", "unit", "euro"),
    ("national_series", "municipalities", 401),
    ("national_series", "source", ""),
]


@pytest.mark.parametrize(("register", "column", "value"), IMPOSSIBLE)
def test_an_impossible_value_fails(register: str, column: str, value: object) -> None:
    frames = _small()
    _set(register, 0, column, value)(frames)
    failing = REGISTERS[register].misfits(frames[register])
    assert set(failing["column"]) == {column}
    assert set(failing["found"]) == {str(value)}
    assert failing["breaks"].str.startswith("is ").all()
    assert list(failing.columns[:-3]) == list(REGISTERS[register].key)


def test_a_wrong_type_fails_with_the_name_of_its_column() -> None:
    frames = _small()
    frames["disadvantage"]["pupils"] = frames["disadvantage"]["pupils"].astype("float64")
    failing = REGISTERS["disadvantage"].misfits(frames["disadvantage"])
    assert failing["column"].tolist() == ["pupils"]


RULES: list[tuple[str, str, Callable[[Frames], None], int]] = [
    ("name_variants", "every_variant_is_of_a_municipality", _set("name_variants", 0, "municipality_code", "GM0009"), 1),
    ("urbanisation", "every_municipality_has_one_class", _without("urbanisation", 1), 1),
    ("urbanisation", "every_municipality_has_one_class", _set("urbanisation", 1, "municipality_code", "GM0009"), 2),
    ("disadvantage", "every_municipality_has_one_score", _without("disadvantage", 4), 1),
    ("municipalities", "every_province_has_one_name", _set("municipalities", 1, "province", "Grunn"), 2),
    ("municipality_changes", "bookkeeping_closes_every_year", _without("municipality_changes", 0), 1),
    ("municipality_changes", "bookkeeping_closes_every_year", _without("municipalities", 3), 1),
    (
        "municipality_changes",
        "every_change_is_of_its_kind",
        _set("municipality_changes", 0, "kind", "split_into_existing"),
        1,
    ),
    (
        "municipality_changes",
        "every_change_is_of_its_kind",
        _set("municipality_changes", 1, "kind", "merged_into_new"),
        1,
    ),
    ("urbanisation", "classes_follow_from_address_density", _set("urbanisation", 0, "urbanisation_class", 3), 1),
    ("urbanisation", "every_class_is_of_its_year", _set("urbanisation", 0, "status", "inherited"), 1),
    ("disadvantage", "every_score_is_of_its_year", _set("disadvantage", 0, "status", "inherited"), 1),
    ("disadvantage", "groups_follow_from_the_score", _set("disadvantage", 0, "disadvantage_score", 0.5), 2),
    (
        "report_classification",
        "every_classified_municipality_existed_in_both_years",
        _set("report_classification", 1, "municipality_code", "GM0003"),
        1,
    ),
    (
        "report_classification",
        "observed_classes_are_those_of_the_registers",
        _set("report_classification", 0, "observed_urbanisation_class", 3),
        1,
    ),
    ("report_classification", "every_changed_class_is_marked", _set("report_classification", 0, "changed", False), 1),
    ("national_series", "units_fit_their_indicator", _set("national_series", 0, "unit", "count"), 1),
]


@pytest.mark.parametrize(("register", "check", "mutate", "rows"), RULES)
def test_a_broken_register_fails_its_check(
    register: str, check: str, mutate: Callable[[Frames], None], rows: int
) -> None:
    frames = _small()
    mutate(frames)
    assert len(_failed(frames)[register, check].failing) == rows


def test_every_check_has_a_case_in_which_it_fails() -> None:
    broken = {(register, check) for register, check, _, _ in RULES}
    assert broken == {(d.asset.removeprefix("registers/"), d.name) for d in REGISTER_CHECKS}


def test_a_class_for_a_code_that_did_not_exist_is_told_from_a_missing_one() -> None:
    frames = _small()
    _set("urbanisation", 1, "municipality_code", "GM0009")(frames)
    failing = _failed(frames)["urbanisation", "every_municipality_has_one_class"].failing
    assert failing[["municipality_code", "problem"]].values.tolist() == [
        ["GM0002", "has no row"],
        ["GM0009", "is not in the register of municipalities of that year"],
    ]


def test_a_rounded_density_on_the_limit_may_be_in_either_class() -> None:
    frames = _small()
    _set("urbanisation", 0, "address_density", 1500)(frames)
    for k in (2, 3):
        _set("urbanisation", 0, "urbanisation_class", k)(frames)
        assert ("urbanisation", "classes_follow_from_address_density") not in _failed(frames)
