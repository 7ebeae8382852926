"""What Python writes, as a contract: every table of the lake is declared, described and guarded, and what is not as
declared is caught before it is written.

The faults are made from the declarations, in tables that the bundled inputs give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from dagster import AssetCheckResult, AssetsDefinition, DagsterInstance, Failure, MaterializeResult, materialize

from assets.answers.tables import ANSWERS, QUARANTINE
from assets.base.checks import CheckOutcome
from assets.base.dagster_checks import MADE_OF
from assets.base.lake_assets import write_tables
from assets.base.made_of import fingerprint, made_of
from assets.base.schemas import AS_DECLARED, Column, LakeTable
from assets.catalogue.breakdowns import CATEGORIES
from assets.catalogue.labels import LABELS
from assets.catalogue.measures import MEASURE_TERMS, MEASURES
from assets.catalogue.report_cells import CELLS
from assets.catalogue.reports import NOT_MADE, REPORTS, SERIES
from assets.coding.coded import CODED
from assets.coding.frames import CODES
from assets.disclosure.rules import RULES
from assets.interviews.record import SELECTED
from assets.plausibility.confirmations import CONFIRMATIONS
from assets.plausibility.rules import PLAUSIBILITY_RULES
from assets.published_figures.figures import FIGURES
from assets.questionnaires.tables import OPTIONS, QUESTIONS, SURVEY_YEARS
from assets.raw.store import DELIVERIES
from assets.registers.tables import REGISTERS
from assets.risk.criteria import RISK_CRITERIA
from assets.risk.rules import RISK_RULES
from assets.signals.incoming import INCOMING
from assets.supervision.events import EVENTS
from assets.supervision.moves import MOVES
from tests.pipeline.conftest import install

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

TABLES = {
    table.name: table
    for table in (
        *REGISTERS.values(),
        *(SURVEY_YEARS, QUESTIONS, OPTIONS),
        *(CELLS, REPORTS, NOT_MADE, SERIES, MEASURES, MEASURE_TERMS, LABELS, CATEGORIES),
        *(FIGURES, PLAUSIBILITY_RULES, CONFIRMATIONS, RISK_RULES, RISK_CRITERIA, MOVES, EVENTS, RULES),
        *(CODES, CODED, INCOMING, SELECTED),
        *(DELIVERIES, ANSWERS, QUARANTINE),
    )
}
YEAR = "2020"
#: A row of the tables that the bundled inputs leave empty.
ROWS: dict[str, dict[str, Any]] = {
    "answers/quarantine": {
        "survey_year": 2020,
        "delivery": 1,
        "file": "levering_v01.csv",
        "source_row": 2,
        "source_column": "peuters",
        "municipality_code": "GM0363",
        "question_id": "Q1",
        "scope": "cell",
        "original_text": "-1",
        "rule": "count_is_not_negative",
        "message": "'-1' is below zero",
        "is_resolved": False,
    },
    "plausibility/confirmations": {
        "survey_year": 2020,
        "municipality_code": "GM0363",
        "rule": "places_jump",
        "value": 12,
        "confirmed_on": date(2021, 1, 2),
    },
}
Good = dict[str, tuple[LakeTable, pd.DataFrame]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    """Every table as its stage writes it, with the declaration that it is written by: narrowed to its survey year."""
    from assets.base.installation import Installation
    from assets.questionnaires.partitions import register_survey_years
    from orchestration.stages import load_stages

    found: Good = {}

    def note(table: LakeTable, frame: pd.DataFrame) -> Any:
        found[table.name] = table, frame if len(frame) else table.frame([ROWS[table.name]])
        return check(table, frame)

    check = LakeTable.outcome
    made = [one for one in load_stages().assets or () if isinstance(one, AssetsDefinition)]
    lake = [one for one in made if {key.to_user_string() for key in one.keys} <= TABLES.keys()]
    with pytest.MonkeyPatch.context() as patched, DagsterInstance.ephemeral() as instance:
        patched.setenv("LEA_DATA_DIR", str(install(tmp_path_factory.mktemp("lake_tables")).data))
        patched.setattr(LakeTable, "outcome", note)
        register_survey_years(instance, [int(YEAR)])
        assert materialize(
            lake, partition_key=YEAR, instance=instance, resources={"installation": Installation()}
        ).success
    return found


def test_no_table_of_the_lake_is_without_its_check(graph: AssetGraph) -> None:
    checks = {key.asset_key: graph.get_check_spec(key) for key in graph.asset_check_keys if key.name == AS_DECLARED}
    made = {key for key in graph.materializable_asset_keys if key.path[0] in {name.split("/")[0] for name in TABLES}}
    assert {key.to_user_string() for key in made} == TABLES.keys()
    for key in made:
        assert checks[key].blocking
        assert checks[key].partitions_def == graph.get(key).partitions_def
        assert str(checks[key].description).startswith("The table has the declared columns")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_says_what_its_columns_are_and_what_tells_its_rows_apart(table: LakeTable) -> None:
    assert [name for name, column in table.columns.items() if not column.description.endswith(".")] == []
    assert table.key
    assert {*table.key} <= {*table.columns}
    assert table.check.remedy


@pytest.mark.parametrize("name", TABLES)
def test_what_the_bundled_inputs_give_is_as_declared(good: Good, name: str) -> None:
    table, frame = good[name]
    assert table.misfits(frame).empty


def with_an_extra_column(_table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    return frame.assign(extra=1), {"extra"}


def without_a_column(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    return frame.iloc[:, 1:], {next(iter(table.columns))}


def without_any_column(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    return frame[[]], {*table.columns}


def in_another_order(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    first, second = [*table.columns][:2]
    return frame[[second, first, *[*table.columns][2:]]], {first, second}


def of_another_type(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    """Numbers with decimals for whole numbers, texts and dates; whole numbers for those."""
    others = {n: "int64" if column.dtype == "float64" else "float64" for n, column in table.columns.items()}
    return pd.DataFrame({n: pd.Series(0, frame.index, dtype) for n, dtype in others.items()}), {*table.columns}


def with_nothing_where_something_must_be(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    filled = {name for name, column in table.columns.items() if not column.nullable}
    return frame.astype("object").assign(**dict.fromkeys(filled)), filled


def with_a_row_twice(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    return pd.concat([frame, frame.head(1)]).astype(table.dtypes), {""}


def with_values_outside(table: LakeTable, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    ruled = {name: column for name, column in table.columns.items() if column.rules}
    values = {name: pd.Series(outside(column), frame.index, column.dtype) for name, column in ruled.items()}
    return frame.assign(**values), {*ruled}


def outside(column: Column) -> Any:
    """A value of the column's type that it cannot hold."""
    for value in (-1, "", "no such value", date(1815, 3, 16)):
        try:
            one = pd.Series([value], dtype=column.dtype)
            if not all(rule.holds(one).all() for rule in column.rules):
                return value
        except (ValueError, TypeError, AttributeError):
            continue
    raise AssertionError(f"{column.description} can hold anything, whatever its rules say")


FAULTS: list[Callable[[LakeTable, pd.DataFrame], tuple[pd.DataFrame, set[str]]]] = [
    with_an_extra_column,
    without_a_column,
    without_any_column,
    in_another_order,
    of_another_type,
    with_nothing_where_something_must_be,
    with_a_row_twice,
    with_values_outside,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", TABLES)
def test_a_fault_is_found_in_its_columns(
    good: Good, name: str, fault: Callable[[LakeTable, pd.DataFrame], tuple[pd.DataFrame, set[str]]]
) -> None:
    table, whole = good[name]
    broken, columns = fault(table, whole.head(100))
    assert columns <= {*table.misfits(broken)["column"]}


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_written_where_one_table_is_not_as_declared(good: Good, tmp_path: Path, name: str) -> None:
    """Nor are the stage's other tables; and its own checks, which may rest on what is not there, are not asked."""
    table, whole = good[name]

    def never() -> list[CheckOutcome]:
        raise AssertionError("asked")

    results, failure = results_of(
        write_tables(tmp_path, {LABELS: LABELS.frame(), table: whole.assign(extra=1)}, {}, checks=never)
    )

    assert not [*tmp_path.rglob("*")]
    assert not [one for one in results if isinstance(one, MaterializeResult)]
    [refused] = [one for one in results if isinstance(one, AssetCheckResult) and not one.passed]
    assert refused.metadata["what_to_do"].value == table.check.remedy
    assert refused.metadata["failing"].value == 1
    assert "is a declared column" in str(refused.metadata["failing_rows"].value)
    assert f"{AS_DECLARED} on {name}: 1 failing" in failure


def test_what_is_as_declared_is_written_with_what_it_is_made_of(good: Good, tmp_path: Path) -> None:
    table, frame = good["registers/name_variants"]
    results, failure = results_of(write_tables(tmp_path, {table: frame}, {"code": "1"}, about={table.name: {"n": 12}}))

    made, check = results
    assert (made.metadata["dagster/row_count"], made.metadata["n"]) == (len(frame), 12)
    assert check.passed
    assert check.metadata[MADE_OF].value == fingerprint(made_of(table.file(tmp_path)))
    assert not failure


def test_a_flag_that_is_left_out_is_not_true() -> None:
    with pytest.raises(ValueError, match="column 'is_counted'"):
        MEASURES.frame([{"measure": "reach", "is_option": False}])


def results_of(written: Iterator[Any]) -> tuple[list[Any], str]:
    """What a step yields, and the failure that it ends in."""
    results: list[Any] = []
    try:
        for one in written:
            results.append(one)
    except Failure as failure:
        return results, str(failure.description)
    return results, ""
