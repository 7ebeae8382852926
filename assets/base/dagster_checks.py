"""From the checks of the stages and of dbt to Dagster's asset checks: one factory, and one shape, for all of them.

Belongs here: specs before the run, results after it, and what a steward sees of a failing check. Does not belong here:
any rule (it is beside the data that it guards).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, AssetKey, MetadataValue, PartitionsDefinition

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.lake import read_table
from assets.base.made_of import table_file

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = 20
WHAT_TO_DO = "what_to_do"  # in the metadata of a check and of its failing results
MADE_OF = "made_of"  # in the metadata of a result: the fingerprint of what was checked

#: What stands for something else in failing rows: its columns, the column that a steward reads instead, and the column
#: and table of the lake that have it.
_NAMES = (
    (("municipality_code",), "municipality_name", "municipality_name", "registers/municipalities"),
    (("survey_year", "question_id"), "question", "wording_nl", "questionnaires/questions"),
)


def check_specs(
    definitions: Iterable[CheckDefinition], partitions: PartitionsDefinition[str] | None = None
) -> list[AssetCheckSpec]:
    """The checks as Dagster declares them; ``partitions``: those of their asset, so that each has its own outcome."""
    return [
        AssetCheckSpec(
            d.name,
            asset=AssetKey.from_user_string(d.asset),
            blocking=d.blocking,
            description=d.description,
            metadata={WHAT_TO_DO: d.remedy},
            partitions_def=partitions,
        )
        for d in definitions
    ]


def check_result(outcome: CheckOutcome, made_of: str, lake: Path) -> AssetCheckResult:
    """An outcome as Dagster stores it: counts that the UI plots, by survey year where rows have one, a sample of the
    failing rows with names beside their codes, how many more there are and where, and what to do.

    ``made_of``: the fingerprint of what was checked, without which a result says nothing of what is there now.
    ``lake``: has the names of municipalities and the wording of questions.
    """
    definition = outcome.definition
    metadata: dict[str, MetadataValue] = {
        "failing": MetadataValue.int(len(outcome.failing)),
        "checked": MetadataValue.int(outcome.checked),
        **{name: MetadataValue.int(number) for name, number in outcome.numbers.items()},
        MADE_OF: MetadataValue.text(made_of),
    }
    return AssetCheckResult(
        asset_key=AssetKey.from_user_string(definition.asset),
        check_name=definition.name,
        passed=outcome.passed,
        severity=AssetCheckSeverity.ERROR if definition.blocking else AssetCheckSeverity.WARN,
        metadata=metadata if outcome.passed else metadata | _of_failing(outcome, lake),
        description=definition.description if outcome.passed else outcome.in_words,
    )


def _of_failing(outcome: CheckOutcome, lake: Path) -> dict[str, MetadataValue]:
    import pandas as pd

    failing = outcome.failing
    years = failing["survey_year"].dropna().astype("int64") if "survey_year" in failing else pd.Series(dtype="int64")
    shown = with_names(failing.head(SAMPLE), lake)
    return {
        **{f"failing_{year}": MetadataValue.int(n) for year, n in years.value_counts().sort_index().items()},
        WHAT_TO_DO: MetadataValue.text(outcome.definition.remedy),
        "failing_rows": MetadataValue.md(as_markdown(shown)),
        "rows_not_shown": MetadataValue.int(len(failing) - len(shown)),
        **({"link": MetadataValue.path(outcome.rows_in)} if outcome.rows_in else {}),
    }


def with_names(failing: pd.DataFrame, lake: Path) -> pd.DataFrame:
    """The rows with the municipality's name and the question's wording beside their codes, where the lake has them."""
    for keys, name, column, table in _NAMES:
        file = table_file(lake, table)
        if {*keys} <= {*failing.columns} and name not in failing and file.exists():
            known = read_table(file, [*keys, column])
            names = dict(zip(zip(*(known[key] for key in keys), strict=True), known[column], strict=True))
            found = [names.get(key, "") for key in zip(*(failing[key] for key in keys), strict=True)]
            failing = failing.copy()
            failing.insert(list(failing.columns).index(keys[-1]) + 1, name, found)
    return failing


def as_markdown(frame: pd.DataFrame) -> str:
    """A small table for the UI; what is in a cell is shown as text, never as markup."""

    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|" + "---|" * len(frame.columns)]
    for row in frame.itertuples(index=False):
        lines.append("| " + " | ".join(_plain(v) for v in row) + " |")
    return "\n".join(lines)


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing; a list is something."""
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _plain(value: Any) -> str:
    if is_missing(value):
        return ""
    text = str(value).replace("\n", " ").replace("`", "'").replace("|", "¦")
    return f"`{text}`" if any(character in text for character in "<>=*_[]") else text
