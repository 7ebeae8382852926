"""What a municipality confirmed: from a steward's file to rows, and the lines that no rule can ask about."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.base.lake import read_table, write_table
from assets.plausibility.confirmations import CONFIRMATIONS, load_confirmations
from assets.plausibility.rules import load_rules

RULES = load_rules(Path(__file__).parents[3] / "data" / "plausibility.yaml")
IN_ORDER = ", ".join(rule.id for rule in RULES)
FIELDS = (
    "a correction has municipality, question, expected, value, reason, who and when (option too in a multiple "
    "choice); a set_aside has delivery, row, reason, who and when; a confirmed has municipality, rule, value, reason, "
    "who and when, and appears once; one that no longer holds keeps its line, and gets withdrawn: {{reason, who, when}}"
)
SIGNED = "reason: by telephone, who: J. Jansen, when: 2023-06-20"
LINE = f"{{municipality: GM0363, rule: target_toddlers_jump, value: 5320, {SIGNED}}}"


def loaded(folder: Path, *lines: str, survey_year: int = 2023) -> pd.DataFrame:
    text = "".join(f"  - {line}\n" for line in lines)
    (folder / f"{survey_year}.yaml").write_text(f"confirmed:\n{text}", encoding="utf-8")
    return load_confirmations(folder, RULES, {2022: ["GM0363"], 2023: ["GM0014", "GM0363"]}.__getitem__)


def test_a_confirmation_becomes_a_row_without_who_and_why(tmp_path: Path) -> None:
    loaded(tmp_path, LINE, survey_year=2022)
    found = loaded(tmp_path, LINE, LINE.replace("GM0363", "GM0014"))
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == CONFIRMATIONS.dtypes
    assert [(*row[:4], str(row[4])) for row in found.itertuples(index=False)] == [
        (2022, "GM0363", "target_toddlers_jump", 5320, "2023-06-20"),
        (2023, "GM0363", "target_toddlers_jump", 5320, "2023-06-20"),
        (2023, "GM0014", "target_toddlers_jump", 5320, "2023-06-20"),
    ]


def test_no_confirmations_are_a_table_with_the_same_columns(tmp_path: Path) -> None:
    """A survey year in which none was recorded need not be known at all."""
    (tmp_path / "1999.yaml").write_text("corrections: []\n", encoding="utf-8")
    found, file = loaded(tmp_path), tmp_path / "confirmations.parquet"
    assert found.empty
    write_table(found, file)
    assert {name: str(dtype) for name, dtype in read_table(file).dtypes.items()} == CONFIRMATIONS.dtypes


@pytest.mark.parametrize(
    ("old", "new", "survey_year", "message"),
    [
        (
            "target_toddlers_jump",
            "target_toddler_jump",
            2023,
            "There is no plausibility rule 'target_toddler_jump'\n"
            "  where:  {file}, confirmed number 2\n"
            f"  remedy: write one of {IN_ORDER} (data/plausibility.yaml)",
        ),
        (
            "target_toddlers_jump",
            "definition_changed",
            2022,
            "definition_changed does not hold in survey year 2022\n"
            "  where:  {file}, confirmed number 2\n"
            f"  remedy: remove the line, or write one of {IN_ORDER.removesuffix(', definition_changed')}"
            " (data/plausibility.yaml)",
        ),
        (
            "GM0363",
            "GM0384",
            2023,
            "GM0384 is not in the register of survey year 2023\n"
            "  where:  {file}, confirmed number 2\n"
            "  remedy: write the code of a municipality that existed on that register's date",
        ),
        (
            "5320",
            "5.320",
            2023,
            "The list of corrections cannot be used: a value is written in digits alone: 5320, not 5.320\n"
            "  where:  {file}, line 3, confirmed › 2 › value\n"
            f"  remedy: {FIELDS}",
        ),
        (
            "5320",
            "5321",
            2023,
            "The list of corrections cannot be used: confirmation of GM0363 target_toddlers_jump appears more than "
            "once\n"
            "  where:  {file}, line 1, confirmed\n"
            f"  remedy: {FIELDS}",
        ),
    ],
)
def test_a_confirmation_that_cannot_be_is_refused(
    tmp_path: Path, old: str, new: str, survey_year: int, message: str
) -> None:
    with pytest.raises(BadInput) as refused:
        loaded(tmp_path, LINE, LINE.replace(old, new), survey_year=survey_year)
    assert str(refused.value) == message.format(file=tmp_path / f"{survey_year}.yaml")
