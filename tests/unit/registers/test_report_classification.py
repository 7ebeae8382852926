"""The reconstructed classification prints as thema2022, Bijlage 2 does, and differs from the registers in six classes."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from assets.registers.loader import load_register, load_registers

REGISTERS_DIR = Path(__file__).parents[3] / "data" / "registers"
GROUPS = ("low", "middle", "high")


@pytest.fixture(scope="module")
def registers() -> dict[str, pd.DataFrame]:
    return load_registers(REGISTERS_DIR)


@pytest.fixture(scope="module")
def classification(registers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return registers["report_classification"]


def test_tabel_1_counts_urbanisation_classes(classification: pd.DataFrame) -> None:
    assert classification["urbanisation_class"].value_counts().to_dict() == {1: 21, 2: 73, 3: 75, 4: 126, 5: 54}


def test_tabel_2_counts_disadvantage_groups(classification: pd.DataFrame) -> None:
    assert classification["disadvantage_group"].value_counts().to_dict() == {"low": 88, "middle": 174, "high": 87}


def test_tabel_2_prints_mean_scores(registers: dict[str, pd.DataFrame], classification: pd.DataFrame) -> None:
    scores = registers["disadvantage"].query("layout_year == 2021").set_index("municipality_code")["disadvantage_score"]
    means = {}
    for group in GROUPS:
        codes = classification.loc[classification["disadvantage_group"] == group, "municipality_code"]
        exact = sum((Decimal(str(scores[code])) for code in codes), Decimal(0)) / len(codes)
        means[group] = str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    assert means == {"low": "0.37", "middle": "0.62", "high": "1.06"}


def test_tabel_3_crosses_them(classification: pd.DataFrame) -> None:
    crossed = pd.crosstab(classification["disadvantage_group"], classification["urbanisation_class"])
    assert crossed.loc[list(GROUPS)].values.tolist() == [
        [1, 6, 21, 44, 16],
        [4, 31, 38, 67, 34],
        [16, 36, 16, 15, 4],
    ]


def test_349_municipalities_of_the_351_that_exist_in_both_years(
    registers: dict[str, pd.DataFrame], classification: pd.DataFrame
) -> None:
    municipalities = registers["municipalities"]
    in_2020, in_2021 = (
        set(municipalities.loc[municipalities["reference_date"] == date(year, 1, 1), "municipality_code"])
        for year in (2020, 2021)
    )
    classified = set(classification["municipality_code"])
    assert len(in_2020 & in_2021) == 351
    assert len(classified) == len(classification) == 349
    assert (in_2020 & in_2021) - classified == {"GM0375", "GM0384"}
    assert {"GM0344", "GM0363", "GM0518", "GM0599"} <= classified


def test_the_smaller_non_respondent_is_the_one_that_the_readme_calls_absent_in_both_years(
    registers: dict[str, pd.DataFrame],
) -> None:
    pupils = registers["disadvantage"].query("layout_year == 2021").set_index("municipality_code")["pupils"]
    assert pupils["GM0384"] < pupils["GM0375"]
    readme = " ".join((REGISTERS_DIR / "README.md").read_text(encoding="utf-8").split())
    assert "GM0384, is absent in both 2020 and 2021; GM0375 in 2021 only" in readme


def test_six_classes_differ_from_the_observed_ones(classification: pd.DataFrame) -> None:
    urbanisation = classification.query("urbanisation_class != observed_urbanisation_class")
    disadvantage = classification.query("disadvantage_group != observed_disadvantage_group")
    assert set(urbanisation["municipality_code"]) == {"GM0109", "GM0498", "GM0547", "GM1954"}
    assert set(disadvantage["municipality_code"]) == {"GM0164", "GM1711"}
    assert classification["changed"].sum() == 6


@pytest.mark.slow
def test_it_is_made_again_byte_for_byte_with_the_fewest_changes() -> None:
    pytest.importorskip("ortools", reason="the solver is in the dependency group 'synthetic'")
    from synthetic.classification.__main__ import classification as classify
    from synthetic.classification.__main__ import observed_municipalities
    from synthetic.classification.solver import solve

    observed = observed_municipalities(REGISTERS_DIR)
    solution = solve(observed)
    assert solution.costs[0] == 6
    made = classify(observed, solution).to_csv(index=False, lineterminator="\n").encode("utf-8")
    assert made == (REGISTERS_DIR / "report_classification.csv").read_bytes()


def test_its_file_is_the_register_that_the_loader_reads(classification: pd.DataFrame) -> None:
    assert load_register(REGISTERS_DIR, "report_classification").equals(classification)
