"""``lea what-if``: what another threshold would change, by the SQL of the models themselves, and nothing written
anywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from assets.risk.what_if import REMADE
from tests.conftest import Lea, bytes_of
from tests.warehouse_sql import compiled_sql

pytestmark = pytest.mark.slow

INTERNAL = "int_municipalities__classified", "stg_risk__rules", "stg_risk__criteria"
# Amsterdam lacks agreements on both themes, Bergen on one, Cuijk on none; Delft sent nothing. Bergen has too few places
# as well.
DDL = """
create schema internal;
create table internal.int_municipalities__classified as select 2023 as survey_year, 2022 as reference_year, * from (
    values ('GM0001', true), ('GM0002', true), ('GM0003', true), ('GM0004', false)
) as t (municipality_code, is_respondent);
create table dim_municipality_year as select 2023 as survey_year, * from (
    values ('GM0001', 'Amsterdam'), ('GM0002', 'Bergen'), ('GM0003', '[red]Cuijk'), ('GM0004', 'Delft')
) as t (municipality_code, municipality_name);
create table dim_label as select *, 1 as code_no from (
    values ('domain', 'lea', 'LEA', 'LEA'), ('domain', 'vve', 'vve', 'vve'),
        ('risk', 'none', 'Geen mogelijk risico', 'No possible risk'), ('risk', 'lea_only', 'Alleen LEA', 'LEA only'),
        ('risk', 'vve_only', 'Alleen vve', 'vve only'), ('risk', 'both', 'LEA en vve', 'LEA and vve'),
        ('risk', 'not_assessable', 'Niet te beoordelen', 'Cannot be assessed')
) as t (vocabulary, code, label_nl, label_en);
create table dim_survey_year as select 2023 as survey_year, 'synthetic' as origin;
create table internal.stg_risk__rules as
select rule_no, rule, domain, 'agreements' as subject, label_nl, label_en, at_least, '§3' as rests_on, 2023 as
valid_from,
    2023 as valid_to, condition_no, concept, item, option_key, null::varchar as settled_concept, null::varchar as
    settled_option
from (
    values (1, 'lea_agreements', 'lea', 'Geen afspraken', 'No agreements', 2, 1, 'agreement', 'a', 'no'),
        (1, 'lea_agreements', 'lea', 'Geen afspraken', 'No agreements', 2, 2, 'agreement', 'b', 'no'),
        (2, 'vve_places', 'vve', 'Te weinig plaatsen', 'Too few places', 1, 1, 'places_sufficiency', null,
        'insufficient')
) as t (rule_no, rule, domain, label_nl, label_en, at_least, condition_no, concept, item, option_key);
create table internal.stg_risk__criteria as
select *, 'rules' as counts, '§3' as rests_on, 2023 as valid_from, 2023 as valid_to from (
    values (1, 'any_vve', 'vve', 'Een risico bij de vve', 'A risk in vve', 'vve_places', 1, null),
        (2, 'both', 'lea', 'Risico bij de LEA naast vve', 'A risk for the LEA beside vve', 'lea_agreements', 1, 'vve'),
        (3, 'silent', 'lea', 'Geen vragenlijst', 'No questionnaire', null, 0, null)
) as t (criterion_no, criterion, domain, label_nl, label_en, rule, at_least, beside);
create table fct_answers as
select 2023 as survey_year, municipality_code, 'agreement' as concept, item, 'no' as option_key, true as is_asked,
    'answered' as status, is_selected, 'L3' || item as question_id
from (
    values ('GM0001', 'a', true), ('GM0001', 'b', true), ('GM0002', 'a', true), ('GM0002', 'b', false), ('GM0003', 'a',
    false),
        ('GM0003', 'b', false)
) as t (municipality_code, item, is_selected);
create table fct_places as
select 2023 as survey_year, municipality_code, sufficiency, 1 as places, 'answered' as places_status, 2 as
target_toddlers,
    'answered' as target_toddlers_status
from (
    values ('GM0001', 'sufficient'), ('GM0002', 'insufficient'), ('GM0003', 'sufficient')
) as t (municipality_code, sufficiency);
"""
WhatIf = Callable[..., str]


def relation(model: str) -> str:
    """A model as dbt names it in compiled SQL."""
    return f'"lea_vve"."{"internal" if model in INTERNAL else "main"}"."{model}"'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a run leaves it: a warehouse made by the models' SQL, that SQL beside it, and an edition."""
    folder = tmp_path_factory.mktemp("made") / "data"
    warehouse = folder / "warehouse" / "lea_vve.duckdb"
    target = folder / "warehouse" / "dbt_target" / "compiled" / "lea_vve" / "models" / "marts"
    target.mkdir(parents=True)
    (folder / "editions" / "latest" / "internal").mkdir(parents=True)
    (folder / "editions" / "latest" / "internal" / "lea_vve.duckdb").write_bytes(b"published")
    with duckdb.connect(warehouse) as connection:
        connection.execute(DDL)
        for model in REMADE:
            sql = compiled_sql(model, ref=relation)
            (target / f"{model}.sql").write_text(sql, encoding="utf-8")
            connection.execute(f"create table {model} as {sql}")
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to do with as a test likes."""
    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def what_if(data: Path, lea: Lea) -> WhatIf:  # noqa: ARG001 the data folder has to be there
    """What the command says; it succeeds."""

    def ask(*arguments: object) -> str:
        result = lea("what-if", *arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    return ask


def refused(lea: Lea, *arguments: object) -> str:
    result = lea("what-if", *arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


def test_a_lower_threshold_says_who_comes_on_which_list_and_why(what_if: WhatIf) -> None:
    wording = what_if("--rule", "lea_agreements", "--threshold", 1, "--language", "en")
    assert "lea_agreements: No agreements\n  threshold 2 → 1 (of 2;" in wording
    assert "Signals (n = 4)\n  No agreements: 1 → 2 (+1)" in wording
    risks = wording[wording.index("Possible risks (n = 3)") :]
    assert "No possible risk: 1 → 1\n  LEA only: 1 → 1\n  vve only: 1 → 0 (-1)\n  LEA and vve: 0 → 1 (+1)" in risks
    assert "LEA: 1 → 2 (+1)\n  vve: 1 → 1\n  together: 2 → 2" in wording
    assert "Risk: vve only → LEA and vve: 1\n  No agreements\n    Bergen (GM0002)" in wording
    assert "Becomes a contact municipality, LEA: 1\n  A risk for the LEA beside vve\n    Bergen (GM0002)" in wording
    assert "Nothing was changed or published." in wording


def test_a_higher_threshold_says_who_goes(data: Path, what_if: WhatIf) -> None:
    with duckdb.connect(data / "warehouse" / "lea_vve.duckdb") as connection:
        connection.execute("update internal.stg_risk__rules set at_least = 1 where rule_no = 1")
        for model in reversed(REMADE):
            connection.execute(f"drop table {model}")
        connection.execute("use lea_vve")
        for model in REMADE:
            connection.execute(f"create table {model} as {compiled(data, model).read_text(encoding='utf-8')}")
    wording = what_if("--rule", "lea_agreements", "--threshold", 2)
    assert "Risico: LEA en vve → Alleen vve: 1\n  niet meer: Geen afspraken\n    Bergen (GM0002)" in wording
    assert (
        "Valt af als contactgemeente, LEA: 1\n  niet meer: Risico bij de LEA naast vve\n    Bergen (GM0002)" in wording
    )


def test_the_threshold_that_holds_changes_nothing(what_if: WhatIf) -> None:
    wording = what_if("--rule", "lea_agreements", "--threshold", 2)
    assert "Geen gemeente komt erbij of valt af." in wording
    assert "Geen afspraken: 1 → 1\n" in wording


def test_what_is_synthetic_is_said_first(what_if: WhatIf) -> None:
    assert what_if("--rule", "lea_agreements", "--threshold", 2).startswith("Synthetische gegevens")


def test_nothing_is_written_anywhere(data: Path, what_if: WhatIf) -> None:
    before = bytes_of(data)
    what_if("--rule", "lea_agreements", "--threshold", 1)
    assert bytes_of(data) == before


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        (("--rule", "lea_nothing", "--threshold", 1), "There is no rule 'lea_nothing'"),
        (("--rule", "vve_places", "--threshold", 1), "vve_places has no threshold: it rests on one condition"),
        (("--rule", "silent", "--threshold", 1), "silent has no threshold: it rests on no condition on answers"),
        (("--rule", "lea_agreements", "--threshold", 3), "lea_agreements cannot have threshold 3"),
        (("--rule", "lea_agreements", "--threshold", 0), "give a number from 1 to 2"),
        (("--rule", "a", "--rule", "b", "--threshold", 1), "2 rules and 1 thresholds"),
        (("--rule", "a", "--rule", "a", "--threshold", 1, "--threshold", 2), "'a' appears twice"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(lea: Lea, arguments: tuple[object, ...], wording: str) -> None:
    assert wording in refused(lea, *arguments)


@pytest.mark.usefixtures("data")
def test_an_unknown_rule_names_those_that_have_a_threshold(lea: Lea) -> None:
    message = refused(lea, "--rule", "lea_nothing", "--threshold", 1)
    assert message.endswith("name one of these: - lea_agreements (2 of 2): Geen afspraken")


def compiled(data: Path, model: str) -> Path:
    return data / "warehouse" / "dbt_target" / "compiled" / "lea_vve" / "models" / "marts" / f"{model}.sql"


def without_warehouse(data: Path) -> None:
    (data / "warehouse" / "lea_vve.duckdb").unlink()


def without_database(data: Path) -> None:
    (data / "warehouse" / "lea_vve.duckdb").write_bytes(b"no database" * 1000)


def without_rules(data: Path) -> None:
    with duckdb.connect(data / "warehouse" / "lea_vve.duckdb") as connection:
        connection.execute("drop table internal.stg_risk__rules")


def without_sql(data: Path) -> None:
    compiled(data, "fct_risk_assessment").unlink()


def with_other_sql(data: Path) -> None:
    file = compiled(data, "fct_risk_assessment")
    file.write_text(file.read_text(encoding="utf-8").replace("'none'", "'nothing'"), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "wording"),
    [
        (without_warehouse, "There is no warehouse yet"),
        (without_database, "The warehouse cannot be read"),
        (without_rules, "The warehouse does not have what a risk analysis needs"),
        (without_sql, "The SQL that made fct_risk_assessment is not there"),
        (with_other_sql, "The SQL of fct_risk_assessment gives something else than the warehouse holds"),
    ],
)
def test_a_warehouse_that_cannot_tell_is_one_message(
    data: Path, lea: Lea, damage: Callable[[Path], None], wording: str
) -> None:
    damage(data)
    assert wording in refused(lea, "--rule", "lea_agreements", "--threshold", 1)


def test_it_needs_neither_dagster_nor_dbt() -> None:
    heavy = ("dagster", "dbt", "pandas", "resvg_py")
    code = f"import sys, orchestration.cli.what_if; print([name for name in {heavy} if name in sys.modules])"
    wording = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert wording.strip() == "[]"
