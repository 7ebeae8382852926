"""The desk: what the instance has open, worst first, and how it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetsDefinition,
    DagsterInstance,
    Failure,
    MaterializeResult,
    StaticPartitionsDefinition,
    asset,
    materialize,
)

from assets.answers.tables import QUARANTINE
from assets.base.lake import write_table
from assets.quality.desk import SHOWN, desk_in_parts, unused_cells
from assets.quality.open_points import OpenPoint, failing_checks, stopped_steps

pytestmark = pytest.mark.slow

YEARS = StaticPartitionsDefinition(["2022", "2023"])


def taken(outcome: dict[str, Any] | str) -> AssetsDefinition:
    """An asset by year whose check has this metadata, or that stops with this message."""

    @asset(
        key=["answers", "answers"],
        partitions_def=YEARS,
        check_specs=[AssetCheckSpec("every_row_is_good", asset=["answers", "answers"], partitions_def=YEARS)],
    )
    def answers():  # type: ignore[no-untyped-def]  # Dagster cannot read an annotation that is a text
        if isinstance(outcome, str):
            raise Failure(outcome, allow_retries=False)
        yield MaterializeResult()
        yield AssetCheckResult(check_name="every_row_is_good", passed=not outcome["failing"], metadata=outcome)

    return answers


def run(instance: DagsterInstance, outcome: dict[str, Any] | str, year: str) -> AssetsDefinition:
    made = taken(outcome)
    materialize([made], instance=instance, partition_key=year, raise_on_error=False)
    return made


def open_points(instance: DagsterInstance, made: AssetsDefinition) -> list[tuple[str, int, int | None, str]]:
    points = failing_checks(instance, made.check_specs, ["2022", "2023"])
    return [(one.survey_year, one.failing, one.change, one.to_do) for one in points]


def test_a_failing_check_is_open_in_its_year_with_its_change_until_it_passes(instance: DagsterInstance) -> None:
    run(instance, {"failing": 3, "what_to_do": "mend them"}, "2023")
    made = run(instance, {"failing": 0}, "2022")
    assert open_points(instance, made) == [("2023", 3, None, "mend them")]
    made = run(instance, {"failing": 5, "what_to_do": "mend them"}, "2023")
    assert open_points(instance, made) == [("2023", 5, 2, "mend them")]
    made = run(instance, {"failing": 0}, "2023")
    assert open_points(instance, made) == []


def test_a_check_of_all_years_is_open_in_each_year_that_has_failing_rows(instance: DagsterInstance) -> None:
    spec = AssetCheckSpec("no_jump", asset=["marts", "fct_plausibility"])

    @asset(key=["marts", "fct_plausibility"], check_specs=[spec])
    def mart():  # type: ignore[no-untyped-def]
        yield MaterializeResult()
        metadata = {"failing": 5, "failing_2022": 1, "failing_2023": 4}
        yield AssetCheckResult(check_name="no_jump", passed=False, metadata=metadata)

    materialize([mart], instance=instance)
    points = list(failing_checks(instance, mart.check_specs, ["2022", "2023"]))
    assert [(one.survey_year, one.failing) for one in points] == [("2023", 4), ("2022", 1)]
    assert points[0].link == "/assets/marts/fct_plausibility?view=checks&checkDetail=no_jump"


def test_a_step_that_stopped_is_open_until_it_ends_well(instance: DagsterInstance) -> None:
    run(instance, "The file is cut off", "2023")
    run(instance, {"failing": 0}, "2022")
    (stopped,) = stopped_steps(instance)
    assert (stopped.survey_year, stopped.asset, stopped.to_do) == ("2023", "answers/answers", "The file is cut off")
    run(instance, {"failing": 0}, "2023")
    assert list(stopped_steps(instance)) == []


def point(what: str, *, is_blocking: bool = False, year: str = "2023", failing: int = 1) -> OpenPoint:
    return OpenPoint(year, is_blocking, what, "answers/answers", failing, 0, "ask|mend", "/assets/answers/answers")


CALL = {"municipality_code": "GM0001", "municipality_name": "Ons Dorp", "question_ids": "R3", "ask": "Is <9> right?"}


def test_what_blocks_comes_first_and_then_the_newest_year_and_the_most_rows() -> None:
    points = [
        point("few"),
        point("old", year="2022", failing=9),
        point("many", failing=7),
        point("blocks", is_blocking=True),
    ]
    parts = desk_in_parts(points, pd.DataFrame(), pd.DataFrame([CALL] * (SHOWN + 2)), ["a reason"])
    text = "".join(parts.values())
    order = [text.index(f"[{name}]") for name in ("blocks", "many", "few", "old")]
    assert order == sorted(order)
    assert parts["waits_for"] == "- a reason"
    assert "- 2023, [many](/assets/answers/answers) on answers/answers: 7 rows. ask\\|mend" in text
    assert "- Ons Dorp GM0001, R3: Is \\<9\\> right?" in text
    assert "- 2 more: see the mart rpt_call_list" in text


def test_what_was_resolved_is_not_on_it_and_a_refused_row_is_one_line(tmp_path: Path) -> None:
    def cell(row: int, rule: str, scope: str = "cell", *, is_resolved: bool = False) -> dict[str, Any]:
        texts = dict.fromkeys(QUARANTINE.columns, "x") | {"rule": rule, "original_text": "veel", "scope": scope}
        return texts | {"survey_year": 2023, "delivery": 1, "source_row": row, "is_resolved": is_resolved}

    number, twice = "count_is_a_whole_number", "municipality_answers_once"
    cells = [cell(2, number), cell(3, number, is_resolved=True), *[cell(4, twice, "row")] * 2]
    write_table(QUARANTINE.frame(cells), QUARANTINE.file(tmp_path, "2023"))
    shown = unused_cells(tmp_path, ["2022", "2023"])
    assert list(zip(shown["original_text"], shown["where"], shown["what_to_do"], strict=True)) == [
        ("veel", "x, row 2 x", "write it in digits only, or leave the cell empty"),
        ("", "x, row 4 ", "send one row per municipality"),
    ]
