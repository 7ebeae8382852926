"""The warehouse's definitions as text: every model is described and guarded, and each check refuses what it must
refuse.

Nothing is built here: the SQL of checks and macros runs on a few rows in memory. That the models compute what they
should is what dbt's own unit tests say (tests/pipeline/test_dbt_unit_tests.py).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
from assets.base.schemas import LakeTable
from tests.warehouse_sql import compiled_sql, properties, yaml_of

PROJECT = Path(__file__).parents[2] / "dbt_project"
STAGES = ("staging", "intermediate", "marts", "reports")
MODELS = {
    file.stem: file
    for stage in STAGES
    for file in sorted((PROJECT / "models" / stage).rglob("*"))
    if file.suffix in (".sql", ".py")
}


def layer(model: str) -> str:
    return MODELS[model].relative_to(PROJECT / "models").parts[0]


PREFIXES = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_"), "reports": ("rpt_",)}


def rows_that_fail(check: Path, frame: str, **arguments: Any) -> list[tuple[Any, ...]]:
    """What a check of tests/ returns on the rows of ``frame`` (a query), with ``ref`` standing for those same rows."""
    text = check.read_text(encoding="utf-8").replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    name = check.stem
    relation = f"({frame}) as rows_of_the_test"
    call = f"{{{{ {name}(model=relation, **arguments) }}}}" if "{% macro " in text else ""
    sql = (
        jinja2.Environment()
        .from_string(text + call)
        .render(relation=relation, arguments=arguments, ref=lambda _: relation, config=lambda **_: "")
    )
    return duckdb.execute(sql).fetchall()


def expression(call: str) -> str:
    """The SQL of one call of the project's macros."""
    macros = "".join((PROJECT / "macros" / f"{name}.sql").read_text("utf-8") for name in ("rounding", "formatting"))
    return jinja2.Environment().from_string(f"{macros}{{{{ {call} }}}}").render().strip()


@pytest.mark.parametrize("model", MODELS)
def test_model_is_described_and_has_a_key(model: str) -> None:
    found = properties(model)
    assert found["name"] == model
    assert model.startswith(PREFIXES[layer(model)])
    assert len(found["description"]) > 20
    assert [c["name"] for c in found["columns"] if not c.get("description")] == []
    columns = {column["name"]: column for column in found["columns"]}
    key = found["constraints"][0]
    never_empty = [name for name in key["columns"] if "not_null" in types_of(columns[name])]
    assert (key["type"] == "primary_key") == (never_empty == key["columns"])  # else unique, with empty values among it


def types_of(declared: dict[str, Any]) -> list[str]:
    return [constraint["type"] for constraint in declared.get("constraints", [])]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_states_its_types_and_only_what_is_held(model: str) -> None:
    found = properties(model)
    assert [column["name"] for column in found["columns"] if "data_type" not in column] == []
    assert set(types_of(found)) <= {"primary_key", "unique", "check"}
    assert {kind for column in found["columns"] for kind in types_of(column)} <= {"not_null", "check"}
    assert [c for c in found["constraints"] if c["type"] == "check" and "name" not in c] == []


def test_every_contract_is_enforced() -> None:
    config = yaml_of(PROJECT / "dbt_project.yml")["models"]["lea_vve"]
    assert config["+contract"] == {"enforced": True}


CODES = yaml_of(PROJECT / "dbt_project.yml")["vars"]


def test_every_vocabulary_of_codes_is_used() -> None:
    texts = [MODELS[model].with_suffix(".yml").read_text(encoding="utf-8") for model in MODELS]
    assert set(re.findall(r"var\('(\w+)'\)", "".join(texts))) == set(CODES)


@pytest.mark.parametrize(
    ("codes", "vocabulary"),
    [
        ("answer_status", "answer_status"),
        ("count_status", "answer_status"),
        ("count_concept", "count"),
        ("disclosure_verdict", "disclosure"),
        ("coding", "coding"),
        ("domain", "domain"),
        ("dossier_event", "dossier_event"),
        ("exclusion_reason", "exclusion"),
        ("panel", "panel"),
        ("printed_as", "kind_of_number"),
        ("reconciliation_status", "reconciliation"),
        ("risk", "risk"),
        ("rule_kind", "rule_kind"),
        ("signal_source", "signal_source"),
    ],
)
def test_every_code_that_readers_see_has_a_label(codes: str, vocabulary: str) -> None:
    labels = yaml_of(PROJECT.parent / "data" / "labels.yaml")["vocabularies"]
    (labelled,) = [one["labels"] for one in labels if one["id"] == vocabulary]
    assert set(CODES[codes]) <= set(labelled)


def test_no_model_names_a_year_or_a_question() -> None:
    """A new survey year is data (invariant 6). Comments and the printed numbers of tables are not logic."""
    sql = {model: re.sub(r"--.*|\{#.*?#\}", "", file.read_text(encoding="utf-8")) for model, file in MODELS.items()}
    assert {m: named for m, text in sql.items() if (named := re.findall(r"\b20\d\d\b|'[A-Z]\d+(?:_\w+)?'", text))} == {}


def test_only_staging_reads_the_lake() -> None:
    read_the_lake = {model for model, file in MODELS.items() if "source(" in file.read_text(encoding="utf-8")}
    assert read_the_lake == {model for model in MODELS if layer(model) == "staging"}


def test_only_the_macros_of_rounding_divide() -> None:
    """A bare division by 0 is infinite or no number, and ends the run where it is cast: 'quotient' gives null."""
    divides = set()
    for file in (*MODELS.values(), *(PROJECT / "macros").glob("*.sql")):
        sql = re.sub(r"--[^\n]*|{#.*?#}|'[^']*'", "", file.read_text(encoding="utf-8"), flags=re.S)
        if re.search(r"(?<![<*/])/(?![>*/])|//", sql):
            divides.add(file.stem)
    assert divides == {"rounding", "formatting", "largest_remainder"}


LONGEST = 120  # lines of a model that reads in one breath


def test_a_long_model_says_why_it_is_long() -> None:
    """More than one screen of SQL wants to be two models, or a reason: config.meta.why_long in its yml."""
    long = [model for model, file in MODELS.items() if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST]
    whys = {model: properties(model).get("config", {}).get("meta", {}).get("why_long", "") for model in long}
    assert [model for model, why in whys.items() if len(why) <= 20] == []


MACROS = [
    (file, *found)
    for file in (*sorted((PROJECT / "macros").glob("*.sql")), *sorted((PROJECT / "tests" / "generic").glob("*.sql")))
    for found in re.findall(r"{%-? (?:macro|test) (\w+)\((.*?)\)", file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("file", "macro", "arguments"), MACROS, ids=[macro for _, macro, _ in MACROS])
def test_a_macro_is_described_with_its_arguments(file: Path, macro: str, arguments: str) -> None:
    """A comment right before it says what it is, with each argument by name."""
    pattern = r"{#-? ((?:(?!#}).)*?) ?-?#}\n{%-? (?:macro|test) " + macro + r"\("
    (output,) = re.findall(pattern, file.read_text(encoding="utf-8"), re.S)
    assert len(output) > 40
    names = [one.split("=")[0].strip() for one in arguments.split(",") if one.strip()]
    assert [name for name in names if not re.search(rf"\b{name}\b", output)] == []


def test_checks_and_unit_tests_have_names_of_their_own() -> None:
    texts = [f.read_text("utf-8") for f in (PROJECT / "models").rglob("*.yml") if "_sources" not in f.name]
    names = [name for text in texts for name in re.findall(r"^ {8,14}name: (\w+)$|^  - name: (\w+)$", text, re.M)]
    flat = [a or b for a, b in names]
    assert len(flat) > 50
    assert len(flat) == len(set(flat))


GENERIC = PROJECT / "tests" / "generic"


def build(query: str, *, is_lake: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a table that is built from ``query`` under a contract of two columns, as dbt builds a model.
    ``is_lake``: as on DuckLake, which knows no check constraints."""
    model = {
        "name": "dim_example",
        "columns": {
            "a": {"name": "a", "data_type": "integer", "constraints": [{"type": "not_null"}]},
            "b": {"name": "b", "data_type": "varchar", "constraints": [{"type": "check", "expression": "b in ['x']"}]},
        },
        "constraints": [
            {"type": "unique", "columns": ["a", "b"]},
            {"type": "check", "name": "a_is_small", "expression": "a < 10"},
        ],
    }
    config = {"persist_relation_docs": lambda: False}
    macros = (PROJECT / "macros" / "materializations" / "contracts.sql").read_text(encoding="utf-8")
    template = jinja2.Environment().from_string(macros + "{{ contracted_table('dim_example', query) }}")
    connection = duckdb.connect()
    adapter = {"is_ducklake": lambda _relation: is_lake}
    connection.execute(template.render(model=model, config=config, query=query, adapter=adapter))
    return connection.execute("from dim_example").fetchall()


@pytest.mark.parametrize("is_lake", [False, True])
def test_a_table_is_built_as_its_contract_says(is_lake: bool) -> None:
    assert build("select 'x' as b, unnest([1, 2]) as a", is_lake=is_lake) == [(1, "x"), (2, "x")]
    assert build("select 1 as a, null::varchar as b", is_lake=is_lake) == [(1, None)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select 1 as a", r"dim_example .*columns of its contract: b not given \(VARCHAR in the contract\)"),
        ("select 1 as a, 'x' as b, 2 as c", r"columns of its contract: c INTEGER \(not in the contract\)"),
        ("select 1::bigint as a, 'x' as b", r"columns of its contract: a BIGINT \(INTEGER in the contract\)"),
        ("select null::integer as a, 'x' as b", r"NOT NULL constraint failed: dim_example\.a"),
        ("select 1 as a, 'y' as b", r"CHECK constraint failed on table .*dim_example.* with expression .*'x'.*b"),
        ("select 11 as a, 'x' as b", r"CHECK constraint failed on table .*dim_example.* with expression .*a < 10"),
        (
            "select unnest([1, 1, 2, 2, 2, 3]) as a, 'x' as b",
            r"dim_example has 2 keys \(a, b\) that appear more than once: \(1, x\) 2 times; \(2, x\) 3 times",
        ),
        ("select unnest([1, 1]) as a, null::varchar as b", r"dim_example has 1 keys \(a, b\)"),
    ],
)
def test_a_table_that_breaks_its_contract_is_not_built(query: str, message: str) -> None:
    with pytest.raises(duckdb.Error, match=message):
        build(query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select null::integer as a, 'x' as b", r"NOT NULL constraint failed: dim_example\.a"),
        ("select 1 as a, unnest(['x', 'y', 'z']) as b", r"dim_example has 2 rows that are not: b in \['x'\]"),
        ("select 11 as a, 'x' as b", r"dim_example has 1 rows that are not: a < 10"),
        ("select unnest([1, 1]) as a, 'x' as b", r"dim_example has 1 keys \(a, b\)"),
    ],
)
def test_a_table_that_breaks_its_contract_is_not_built_on_ducklake(query: str, message: str) -> None:
    with pytest.raises(duckdb.Error, match=message):
        build(query, is_lake=True)


def test_a_row_that_breaks_a_rule_is_refused_also_when_it_cannot_be_judged() -> None:
    check, rows = GENERIC / "rows_where.sql", "select unnest([1, 2, null]) as a"
    assert rows_that_fail(check, rows, rule="a < 2") == [(2,), (None,)]


def test_an_orphan_is_refused() -> None:
    check, parents = GENERIC / "exists_in.sql", "(select 1 as a, 'x' as b)"
    assert rows_that_fail(check, "select 1 as a, 'x' as b", columns=["a", "b"], to=parents) == []
    assert rows_that_fail(check, "select 1 as a, 'y' as b", columns=["a", "b"], to=parents) == [(1, "y")]


def test_a_code_without_a_label_is_refused() -> None:
    frames = {
        "dim_question": "select 'goals' as section",
        "rpt_cases": "select unnest([null, 'closed']) as outcome",
        "dim_municipality_group": "select 'class' as breakdown, unnest(['1', 'unknown']) as category",
        "dim_label": "select unnest(['section', 'outcome']) as vocabulary, unnest(['goals', 'closed']) as code",
        "dim_category": "select 'class' as breakdown, '1' as category",
    }

    def failing(**changed: str) -> list[tuple[Any, ...]]:
        return rows_of("every_code_has_a_label", **(frames | changed))

    assert failing() == []
    assert failing(dim_question="select 'new' as section") == [("section", "new")]
    assert failing(rpt_cases="select 'goals' as outcome") == [("outcome", "goals")]
    assert failing(dim_category="select 'class' as breakdown, '2' as category") == [("class", "1")]


def test_a_warning_is_shown_newest_and_largest_first() -> None:
    check = GENERIC / "no_warning_of.sql"
    rows = """
        select 'GM000' || no as municipality_code, 0 as value, 0 as other_value, 0 as last_year_value, 0 as lower_limit,
            0 as upper_limit, '?' as ask_nl, *
        from (values
            (1, 'jump', 'ok', 2031, 9), (2, 'jump', 'warning', 2030, 9), (3, 'jump', 'warning', 2031, 1),
            (4, 'jump', 'warning', 2031, 2), (5, 'above', 'warning', 2031, 9), (6, 'jump', 'not_assessable', 2031,
            null),
            (7, 'jump', 'confirmed', 2031, 8), (8, 'jump', 'warning', 2031, null)
        ) as judged (no, rule, status, survey_year, deviation)
    """
    assert [row[1] for row in rows_that_fail(check, rows, rule="jump")] == ["GM0004", "GM0003", "GM0008", "GM0002"]
    assert rows_that_fail(check, rows, rule="equal") == []


def test_categories_that_do_not_add_up_are_refused() -> None:
    rows = """
        select 2030 as survey_year, 'Q' as question_id, '1' as option_code, 'respondents' as population, *
        from (values ('total', 3, 5), ('class', 1, 2), ('class', {}, 3)) as counts (breakdown, count, base)
    """
    check = PROJECT / "tests" / "categories_add_up_to_the_total.sql"
    assert rows_that_fail(check, rows.format(2)) == []
    assert [row[4] for row in rows_that_fail(check, rows.format(1))] == ["class"]


def rows_of(check: str, **frames: str) -> list[tuple[Any, ...]]:
    """What a check of tests/ returns when its models are these queries."""
    sql = compiled_sql(check, ref=lambda model: f"({frames[model]})")
    return duckdb.execute(sql).fetchall()


def test_a_measure_of_an_option_that_nobody_asks_is_refused() -> None:
    terms = "select 'm' as measure, 'count' as part, {} as concept, {} as item, {} as question_id, {} as option_key"
    asked = {
        "stg_questionnaires__questions": (
            "select 2030 as survey_year, 'Q1' as question_id, 'goal' as concept, 'a' as item"
        ),
        "stg_questionnaires__options": "select 2030 as survey_year, 'Q1' as question_id, 'yes' as option_key",
    }
    check = "every_counted_option_exists"
    for good in (
        ("'goal'", "'a'", "null", "'yes'"),
        ("'goal'", "null", "null", "'yes'"),
        ("null", "null", "'Q1'", "'missing'"),
        ("'goal'", "null", "null", "null"),
    ):
        assert rows_of(check, stg_catalogue__measure_terms=terms.format(*good), **asked) == []
    for bad in (
        ("'gaol'", "null", "null", "'yes'"),
        ("'goal'", "'b'", "null", "'yes'"),
        ("null", "null", "'Q1'", "'no'"),
        ("null", "null", "'Q2'", "'missing'"),
    ):
        assert len(rows_of(check, stg_catalogue__measure_terms=terms.format(*bad), **asked)) == 1, bad


def test_a_cell_that_a_mart_contradicts_is_refused() -> None:
    key = "2030 as survey_year, 'p' as population, 'b' as breakdown, 'c' as category"
    cells = (
        f"select 'r' as report, 't' as table_id, 'k' as row_key, 'k' as column_key, {{}} as measure, {key},"
        " 3 as numerator, 9 as denominator, 9 as n_municipalities"
    )
    marts = {
        "fct_measures": f"select 'reach' as measure, {key}, {{}} as numerator, 9 as denominator, 9 as n_municipalities",
        "fct_frequencies": f"select 'Q1' as question_id, 'yes' as option_key, {key}, 3 as count, {{}} as base",
    }

    def failing(measure: str, numerator: int, base: int) -> int:
        given = {
            "fct_measures": marts["fct_measures"].format(numerator),
            "fct_frequencies": marts["fct_frequencies"].format(base),
        }
        return len(rows_of("cells_equal_the_marts", rpt_cells=cells.format(f"'{measure}'"), **given))

    assert failing("reach", 3, 9) == failing("Q1=yes", 3, 9) == failing("elsewhere", 4, 8) == 0
    assert failing("reach", 4, 9) == failing("Q1=yes", 3, 8) == 1


def test_a_municipality_that_is_in_no_panel_or_placed_twice_is_refused() -> None:
    def failing(in_panel: list[str], excluded: list[str]) -> list[str]:
        panel = "'panel_strict_2028_2029' as population"
        rows = rows_of(
            "every_municipality_is_in_a_panel_or_excluded",
            dim_panel=f"select {panel}, 'strict' as panel, [2028, 2029] as reference_years",
            fct_panel=f"select {panel}, unnest({in_panel}::varchar[]) as municipality_code",
            fct_panel_exclusions=f"select {panel}, unnest({excluded}::varchar[]) as municipality_code",
            int_survey_years__registered=(
                "select 2029 as reference_year, date '2030-01-01' as register_date, date '2030-01-01' as "
                "edition_register_date"
            ),
            stg_registers__municipalities=(
                "select date '2030-01-01' as reference_date, unnest(['A', 'B']) as municipality_code"
            ),
        )
        return sorted(row[1] for row in rows)

    assert failing(["A"], ["B"]) == []
    assert failing(["A"], []) == ["B"]
    assert failing(["A", "B"], ["B"]) == ["B"]
    assert failing(["A", "B"], ["C"]) == ["C"]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, False),
        ({"contribution": "0.25"}, True),  # the components no longer add up
        ({"of_municipality": "0.25"}, True),  # nor do those of the municipalities
        ({"reach_to": "0.75"}, True),  # the change is not the difference of the levels
        ({"points": "30.0"}, True),  # what is printed does not add up
        ({"percent_to": "75.0"}, True),  # or is not the difference of what is printed
        ({"points": "50.02", "change_points": "50.02", "percent_to": "70.02"}, True),  # or is not what is stored
    ],
)
def test_a_decomposition_that_does_not_add_up_is_refused(changed: dict[str, str], refused: bool) -> None:
    years = "2028 as from_reference_year, 2029 as to_reference_year"
    given = {
        "contribution": "0.5",
        "of_municipality": "0.5",
        "points": "50.0",
        "change": "0.5",
        "change_points": "50.0",
        "reach_from": "0.2",
        "reach_to": "0.7",
        "percent_from": "20.0",
        "percent_to": "70.0",
        **changed,
    }
    of_municipality = given.pop("of_municipality")
    columns = ", ".join(f"{value}::decimal(18, 4) as {name}" for name, value in given.items())
    rows = rows_of(
        "reach_components_add_up_to_the_change",
        fct_reach_decomposition=f"select {years}, {columns}",
        fct_reach_contributions=f"select {years}, {of_municipality}::decimal(18, 4) as contribution",
    )
    assert len(rows) == refused


def test_a_decomposition_of_other_counts_than_the_national_reach_is_refused() -> None:
    def failing(reached: int, target: int) -> int:
        return len(
            rows_of(
                "decomposed_reach_is_the_national_reach",
                fct_reach_contributions="""
                    select 2028 as from_reference_year, 2029 as to_reference_year, *
                    from (values ('within', 3, 4, 5, 6), ('entering', null, null, 1, 2), ('between', 3, 4, 5, 6))
                    as t (component, reached_toddlers_from, target_toddlers_from, reached_toddlers_to,
                    target_toddlers_to)""",
                fct_measures=f"""
                    select 'reach_national' as measure, 'respondents' as population, 'total' as breakdown, *
                    from (values (2028, 3, 4), (2029, {reached}, {target})) as t (reference_year, numerator,
                    denominator)""",
            )
        )

    assert failing(6, 8) == 0
    assert failing(5, 8) == failing(6, 6) == 1


# Answers of GM0001: survey year, question, delivery, code, whether it was corrected. Criteria of vve read D2, D1
# (which settles
# it) and the places (R1); those of lea L1, and all that vve's read.
FIRST = [(2030, "D2", 1, "no", False), (2030, "R1", 1, "7", False), (2030, "L1", 1, "yes", False)]


@pytest.mark.parametrize(
    ("domain", "changes", "is_refused"),
    [
        ("vve", [], True),  # a slip: nothing changed since the selection
        ("vve", [(2030, "D2", 1, "no", True)], False),  # a correction removed its ground
        ("vve", [(2030, "D1", 1, "yes", True)], False),
        ("vve", [(2030, "R1", 1, "7", True)], False),
        ("vve", [(2030, "L1", 1, "yes", True)], True),  # a correction of what the other domain reads
        ("vve", [(2030, "X1", 1, "yes", True)], True),  # or nobody
        ("lea", [(2030, "D2", 1, "no", True)], False),
        ("vve", [(2029, "D2", 1, "no", True)], True),  # another year's answers are no ground
        ("vve", [(2031, "D2", 1, "no", True)], True),
        ("vve", [(2030, "D2", 2, "yes", False)], False),  # a later delivery has another answer
        ("vve", [(2030, "D2", 2, "yes", False), (2030, "D2", 3, "yes", False)], False),
        ("vve", [(2030, "D2", 2, "no", False)], True),  # or the same one
        ("vve", [(2030, "L1", 2, "no", False)], True),  # or another one to what nobody reads for vve
    ],
)
def test_a_case_without_selection_is_refused_unless_what_its_criteria_read_changed(
    domain: str, changes: list[tuple[Any, ...]], is_refused: bool
) -> None:
    given = {answer[:3]: answer for answer in [*FIRST, *changes]}

    assert _cases_without_selection(domain, [*given.values()]) == [is_refused, not is_refused]


@pytest.mark.parametrize(("domain", "is_refused"), [("vve", False), ("lea", False), ("other", True)])
def test_a_case_without_questionnaire_has_lost_its_ground_when_one_came_late(domain: str, is_refused: bool) -> None:
    assert _cases_without_selection(domain, [(2030, "X1", 2, "yes", False)]) == [is_refused, not is_refused]


@pytest.mark.parametrize(("selected_by", "has_note"), [("'several'", False), ("null", True), ("'several'", True)])
def test_a_case_that_is_selected_or_explained_is_neither_refused_nor_warned_of(
    selected_by: str, has_note: bool
) -> None:
    for answers in (FIRST, [(2030, "D2", 1, "no", True)]):
        assert _cases_without_selection("vve", answers, selected_by, has_note) == [False, False]


def _cases_without_selection(
    domain: str, answers: list[tuple[Any, ...]], selected_by: str = "null", has_note: bool = False
) -> list[bool]:
    """Whether a case of GM0001 in 2030 is refused, and whether it is warned of. GM0002's changed answers are nobody's
    excuse."""
    given = ", ".join(f"({y}, '{q}', {d}, '{code}', {c}, 'GM0001')" for y, q, d, code, c in answers)
    note = "'Elders gezien'" if has_note else "null"
    frames = {
        "stg_supervision__events": f"""
            select 2030 as survey_year, 'GM0001' as municipality_code, '{domain}' as domain, date '2030-09-04' as
            event_date, *
            from (values (7, true, {note}), (8, false, null)) as t (line, is_first, note)""",
        "fct_supervision_cases": f"""
            select 2030 as survey_year, 'GM0001' as municipality_code, '{domain}' as domain, {selected_by} as
            selected_by""",
        "stg_answers__answers": f"""
            select survey_year, question_id, null as option_code, delivery, code, is_corrected, municipality_code,
                true as is_asked, 'answered' as status, null as number
            from (values {given}, (2030, 'D2', 2, 'yes', true, 'GM0002'))
            as t (survey_year, question_id, delivery, code, is_corrected, municipality_code)""",
        "stg_questionnaires__questions": """
            select * from (values ('D1', 'definition_new'), ('D2', 'definition_reason'), ('R1', 'places'), ('L1',
                'consultation'),
                ('X1', 'remarks')) as t (question_id, concept)
            cross join (select unnest([2029, 2030, 2031]) as survey_year, null as item)""",
        "stg_risk__rules": """
            select *, 2030 as valid_from, null as valid_to, null as item
            from (values ('definition', 'definition_reason', 'definition_new'), ('places', 'places_sufficiency', null),
                ('consultation', 'consultation', null)) as t (rule, concept, settled_concept)""",
        "stg_risk__criteria": """
            select *, 2030 as valid_from, null as valid_to
            from (
                values ('vve', 'definition', null), ('vve', 'places', null), ('vve', null, null), ('lea',
                    'consultation', 'vve')
            ) as t (domain, rule, beside)""",
    }
    found = [rows_of(test, **frames) for test in ("every_case_was_selected", "every_case_is_still_selected")]
    for row in [row for rows in found for row in rows]:
        assert row[:3] == ("data/supervision/2030.csv, line 7", "GM0001", domain)
    return [len(rows) == 1 for rows in found]


@pytest.mark.parametrize(
    ("counts", "signals", "at_least", "open_for"),
    [
        ("rules", ["triggered", "not_assessable", "not_triggered"], 2, 1),
        ("rules", ["triggered", "not_assessable", "not_triggered"], 1, 0),  # met whatever the missing answer is
        ("rules", ["triggered", "not_assessable", "not_triggered"], 3, 0),  # not met whatever it is
        ("subjects", ["triggered", "not_assessable", "not_triggered"], 2, 0),  # both rules are of one subject
        ("subjects", ["triggered", "not_triggered", "not_assessable"], 2, 1),
    ],
)
def test_a_selection_that_hangs_on_a_missing_answer_is_shown(
    counts: str, signals: list[str], at_least: int, open_for: int
) -> None:
    rows = rows_of(
        "every_selection_can_be_told",
        stg_risk__criteria=f"""
            select 'several' as criterion, 'r' || unnest([1, 2, 3]) as rule, {at_least} as at_least, '{counts}' as
            counts,
                2030 as valid_from, cast(null as integer) as valid_to""",
        fct_risk_signals=f"""
            select 2030 as survey_year, 'GM0001' as municipality_code, is_respondent, rule, signal,
                if(rule = 'r3', 'places', 'guidance') as subject
            from (select true as is_respondent, unnest(['r1', 'r2', 'r3']) as rule, unnest({signals}) as signal)""",
    )
    assert len(rows) == open_for


def test_two_current_deliveries_are_refused() -> None:
    rows = """
        select 2030 as survey_year, 'GM0001' as municipality_code, *
        from (values (1, {}), (2, true)) as answers (delivery, is_current)
    """
    check = PROJECT / "tests" / "every_municipality_has_one_current_delivery.sql"
    assert rows_that_fail(check, rows.format("false")) == []
    assert rows_that_fail(check, rows.format("true")) == [(2030, "GM0001", 2)]


def test_a_vve_count_that_is_asked_twice_or_as_text_is_refused() -> None:
    rows = "select 2030 as survey_year, unnest(['places', '{}']) as concept, '{}' as answer_type"
    check = PROJECT / "tests" / "every_vve_count_is_asked_once.sql"
    assert rows_that_fail(check, rows.format("other", "count")) == []
    assert rows_that_fail(check, rows.format("places", "count")) == [(2030, "places", 2)]
    assert rows_that_fail(check, rows.format("other", "text")) == [(2030, "places", 1)]


@pytest.mark.slow
@given(denominator=st.integers(1, 10**9), share=st.fractions(0, 2), decimals=st.integers(0, 3), half=st.booleans())
def test_percentages_round_half_up_from_whole_numbers(
    denominator: int, share: Fraction, decimals: int, half: bool
) -> None:
    if half:  # exactly between two printed values, where a float decides by chance
        denominator = 2 * 100 * 10**decimals
    numerator = int(share * denominator)
    exact = Fraction(100 * numerator, denominator) * 10**decimals
    expected = Fraction((exact + Fraction(1, 2)).__floor__(), 10**decimals)
    sql = f"select {expression(f'percent_half_up({numerator}, {denominator}, {decimals})')}"
    ((found,),) = duckdb.execute(sql).fetchall()
    assert Fraction(found) == expected


@pytest.mark.parametrize(
    ("scaled", "decimals", "nl", "en"),
    [
        (53257, 0, "53.257", "53,257"),
        (999, 0, "999", "999"),
        (1053257, 0, "1.053.257", "1,053,257"),
        (774, 1, "77,4", "77.4"),
        (5, 2, "0,05", "0.05"),
        (123456, 2, "1.234,56", "1,234.56"),
    ],
)
def test_numbers_are_printed_as_each_language_writes_them(scaled: int, decimals: int, nl: str, en: str) -> None:
    for language, printed in (("nl", nl), ("en", en)):
        call = f"printed_number('(select {scaled}::bigint)', '(select {decimals})', '{language}')"
        assert duckdb.execute(f"select {expression(call)}").fetchall() == [(printed,)]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(3, 4, 0.75), (0, 4, 0.0), (3, 0, None), (0, 0, None), ("null", 4, None), (3, "null", None)],
)
def test_a_quotient_of_nothing_is_no_number(numerator: object, denominator: object, expected: float | None) -> None:
    sql = f"select {expression(f'quotient({str(numerator)!r}, {str(denominator)!r})')}"
    assert duckdb.execute(sql).fetchall() == [(expected,)]


def test_a_percentage_of_few_by_many_fits() -> None:
    for decimals in (0, 1, 2):
        sql = f"select {expression(f'percent_half_up(1000000000, 1, {decimals})')}"
        assert duckdb.execute(sql).fetchall() == [(100_000_000_000,)]


def test_a_computed_cell_that_print_lacks_is_declared_and_one_that_it_has_is_not() -> None:
    def failing(
        cell: str, declared: str = "", value: str = "1.0", blank: str = "false", standing: str = "false"
    ) -> int:
        labels = (
            "'r' as report, 'Tabel 1' as place, 'row' as row_label, 'column' as column_label, 'percent' as printed_as"
        )
        rows = rows_of(
            "every_computed_cell_is_in_print_or_declared",
            stg_published_figures__figures=f"select {labels}, {blank} as is_empty",
            rpt_tables="select 'r' as report, 't' as table_id, 'Tabel 1' as place_nl",
            dim_report=f"select 'r' as report, {standing} as is_standing",
            rpt_cells=(
                f"select 'r' as report, 't' as table_id, 1 as row_no, 1 as column_no, '{cell}' as row_key, 'c' as "
                f"column_key, '{cell}' as row_label_nl, 'column' as column_label_nl, 'percent' as printed_as, {value} "
                f"as value, 'x' as value_text_nl, '{declared}' as not_in_print_nl"
            ),
        )
        return len(rows)

    assert failing("row") == 0
    assert failing("other") == 1
    assert failing("other", standing="true") == 0
    assert failing("other", declared="Leeg.") == 0
    assert failing("row", declared="Leeg.") == 1
    assert failing("row", blank="true") == 1
    assert failing("other", value="null::double") == 0


DUCKDB_TYPES = {
    "int32": "integer",
    "int64": "bigint",
    "Int32": "integer",
    "Int64": "bigint",
    "float64": "double",
    "bool": "boolean",
    "boolean": "boolean",
    "str": "varchar",
    "category": "varchar",
    "object": "date",
    "date32[day][pyarrow]": "date",
}


def lake_tables() -> dict[str, LakeTable]:
    """Every table that ingestion declares, by the name of its asset."""
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(assets.__path__, "assets.")]
    declared: list[LakeTable] = []
    for value in (value for module in modules for value in vars(module).values()):
        entries = value.values() if type(value) is dict else [value]
        declared += [entry for entry in entries if isinstance(entry, LakeTable)]
    return {table.name: table for table in declared}


def test_sources_have_the_columns_of_the_lake() -> None:
    document = yaml_of(PROJECT / "models" / "staging" / "_sources.yml")
    declared = lake_tables()
    for source in document["sources"]:
        for table in source["tables"]:
            name = f"{source['name']}/{table['name']}"
            expected = {column: DUCKDB_TYPES[dtype] for column, dtype in declared[name].dtypes.items()}
            assert {column["name"]: column["data_type"] for column in table["columns"]} == expected, name


def test_every_report_is_exposed() -> None:
    document = yaml_of(PROJECT / "models" / "exposures.yml")
    exposed = [name for one in document["exposures"] for name in re.findall(r"\w+", " ".join(one["depends_on"]))]
    assert {model for model in MODELS if layer(model) == "reports"} <= set(exposed) <= {*MODELS, "ref"}


def declared_tests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every dbt test by name, as its yml declares it."""
    for file in (PROJECT / "models").rglob("*.yml"):
        for model in yaml_of(file).get("models", []):
            for holder in (model, *model.get("columns", [])):
                for test in holder.get("data_tests", []):
                    ((kind, declared),) = test.items()
                    yield declared["name"], {"kind": kind, **declared}
    for file in (PROJECT / "tests").glob("*.yml"):
        yield from ((declared["name"], declared) for declared in yaml_of(file)["data_tests"])


@pytest.mark.parametrize(("name", "declared"), [pytest.param(*found, id=found[0]) for found in declared_tests()])
def test_every_dbt_test_is_described_and_says_how_to_mend_it(name: str, declared: dict[str, Any]) -> None:
    of_its_kind = GENERIC / f"{declared.get('kind')}.sql"
    shared = of_its_kind.read_text(encoding="utf-8") if of_its_kind.exists() else ""
    assert declared["description"].endswith("."), name
    assert len(declared.get("config", {}).get("meta", {}).get("remedy", "")) > 20 or "'remedy':" in shared, name


def test_a_build_has_few_nodes() -> None:
    """A node costs more than what it asks: grain, nulls and domains belong in the contract, tests are for rules."""
    assert len(MODELS) + len(list(declared_tests())) < 150
