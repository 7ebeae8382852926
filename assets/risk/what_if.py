"""What the risk lists and the selection of supervision would be with other thresholds.

Belongs here: the thresholds that can be set, making again what rests on them, and what differs. Does not belong here:
the rules and criteria (``data/risk``), how they are evaluated (``dbt_project``, whose compiled SQL runs here as it is),
saying what differs (``orchestration/cli/what_if.py``).

Nothing is written: the warehouse is opened read-only beside a database in memory. To change what supervision looks at
is to change ``data/risk`` and to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb

from assets.base.errors import BadInput, shown
from assets.base.lake import literal
from assets.base.paths import DataPaths
from assets.base.texts import Language, Text

RULES, CRITERIA = "stg_risk__rules", "stg_risk__criteria"
# In the order in which they are made; each rests on the ones before it.
REMADE = ("fct_risk_signals", "fct_risk_assessment", "fct_supervision_selection")
WAREHOUSE, BEFORE, AFTER = "lea_vve", "memory.before", "memory.after"
_RUN = "'lea run' makes it"

THRESHOLDS = f"""
select rule, '{RULES}', any_value(label_nl), any_value(label_en), any_value(at_least), count(distinct condition_no)
from {WAREHOUSE}.internal.{RULES} group by rule order by any_value(rule_no)
"""
THRESHOLDS_OF_CRITERIA = f"""
select
    criterion, '{CRITERIA}', any_value(criteria.label_nl), any_value(criteria.label_en), any_value(criteria.at_least),
    count(distinct if(criteria.counts = 'subjects', rules.subject, rules.rule))
from {WAREHOUSE}.internal.{CRITERIA} as criteria left join {WAREHOUSE}.internal.{RULES} as rules using (rule)
group by criterion order by any_value(criterion_no)
"""
# Where a municipality is, and by which rules or criteria: 'risk' → its group, if it answered; a domain → 'contact'.
LISTS = """
create view {schema}.lists as
select survey_year, municipality_code, 'risk' as list, risk as place, coalesce(rules, []) as reasons
from {schema}.fct_risk_assessment left join (
    select survey_year, municipality_code, list(rule order by rule_no) as rules
    from {schema}.fct_risk_signals where signal = 'triggered' group by all
) using (survey_year, municipality_code)
where is_respondent
union all
select survey_year, municipality_code, domain, 'contact', selected_by from {schema}.fct_supervision_selection
"""
COUNTS = """
select survey_year, rule, count(*) from {schema}.fct_risk_signals where signal = 'triggered' group by all
union all
select survey_year, if(list = 'risk', place, list), count(*) from {schema}.lists group by all
union all
select survey_year, 'together', count(distinct municipality_code) from {schema}.lists where list <> 'risk' group by all
"""
CHANGES = f"""
select
    list, was.place, becomes.place,
    [one for one in coalesce(becomes.reasons, []) if one not in coalesce(was.reasons, [])] as gained,
    [one for one in coalesce(was.reasons, []) if one not in coalesce(becomes.reasons, [])] as lost,
    list(coalesce(municipality_name, municipality_code) || ' (' || municipality_code || ')' order by municipality_code)
from {BEFORE}.lists as was
full join {AFTER}.lists as becomes using (survey_year, municipality_code, list)
left join {WAREHOUSE}.main.dim_municipality_year using (survey_year, municipality_code)
left join {WAREHOUSE}.main.dim_label on vocabulary = 'domain' and code = list
where survey_year = ? and was.place is distinct from becomes.place
group by all
order by any_value(code_no) nulls first, becomes.place nulls last, min(municipality_code)
"""


class Threshold(NamedTuple):
    """How many conditions of a rule, or rules (or subjects of rules) of a criterion, must hold; ``of`` is how many
    there are."""

    key: str
    table: str
    label: Text
    at_least: int
    of: int


class Count(NamedTuple):
    """How many municipalities are on a list, before and after."""

    label: Text
    before: int
    after: int


class Change(NamedTuple):
    """Municipalities (name and code) that come on a list, go from it, or change lists, by the same rules or criteria:
    those that hold now and did not (``gained``), and those that no longer hold (``lost``)."""

    title: Text
    gained: tuple[Text, ...]
    lost: tuple[Text, ...]
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be different in a survey year. Signals and contacts are of the ``registered``, risks of the
    ``respondents``."""

    survey_year: int
    registered: int
    respondents: int
    signals: tuple[Count, ...]
    risks: tuple[Count, ...]
    contacts: tuple[Count, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``changed``: the thresholds as they are, with what they might be. ``origins``: of the years' answers."""

    changed: Mapping[Threshold, int]
    origins: frozenset[str]
    outcomes: tuple[Outcome, ...]


def what_if(paths: DataPaths, at_least: Mapping[str, int], language: Language) -> WhatIf:
    """What changes with these thresholds of rules and criteria. Raises BadInput, which names them in ``language``,
    where one cannot be set, or the warehouse cannot tell."""
    with _opened(paths) as connection:
        rows = [*_rows(connection, THRESHOLDS), *_rows(connection, THRESHOLDS_OF_CRITERIA)]
        known = {key: Threshold(key, table, Text(nl, en), least, of) for key, table, nl, en, least, of in rows}
        changed = {_threshold(known, name, language): number for name, number in at_least.items()}
        for threshold, number in changed.items():
            _refuse_impossible(threshold, number, language)
        for schema, thresholds in ((BEFORE, {}), (AFTER, changed)):
            _make(connection, paths, schema, thresholds)
        _refuse_other_sql(connection, paths)
        years = _rows(
            connection,
            f"select survey_year, any_value(origin), count(*), count(*) filter (where is_respondent)"
            f" from {AFTER}.fct_risk_assessment left join {WAREHOUSE}.main.dim_survey_year using (survey_year)"
            " group by all order by all",
        )
        outcomes = _outcomes(connection, known, changed, {year: sizes for year, _, *sizes in years})
        return WhatIf(changed, frozenset(origin for _, origin, *_ in years), tuple(outcomes))


@contextmanager
def _opened(paths: DataPaths) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the warehouse beside it, read-only. What it cannot answer is a BadInput."""
    if not paths.warehouse.is_file():
        raise BadInput("There is no warehouse yet", str(paths.warehouse), _RUN)
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(paths.warehouse)} as {WAREHOUSE} (read_only)")
            yield connection
    except duckdb.Error as error:
        lacks = isinstance(error, duckdb.CatalogException | duckdb.BinderException)
        raise BadInput(
            f"The warehouse {'does not have what a risk analysis needs' if lacks else 'cannot be read'}: "
            f"{str(error).splitlines()[0]}",
            str(paths.warehouse),
            "'lea run' makes one that does" if lacks else "try again; if that does not help, 'lea run' makes it anew",
        ) from None


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, parameters).fetchall()


def _threshold(known: Mapping[str, Threshold], name: str, language: Language) -> Threshold:
    found = known.get(name)
    if found and found.of > 1:
        return found
    listed = [
        f"  - {one.key} ({one.at_least} of {one.of}): {getattr(one.label, language)}"
        for one in known.values()
        if one.of > 1
    ]
    if found is None:
        what, files = f"There is no rule {shown(name)}", "data/risk/rules.yaml and data/risk/criteria.yaml"
        raise BadInput(what, files, "\n".join(["name one of these:", *listed]))
    rests_on = "one condition" if found.of else "no condition on answers"
    file = f"data/risk/{'rules' if found.table == RULES else 'criteria'}.yaml"
    raise BadInput(f"{name} has no threshold: it rests on {rests_on}", file, "\n".join(["these have one:", *listed]))


def _refuse_impossible(threshold: Threshold, at_least: int, language: Language) -> None:
    if not 1 <= at_least <= threshold.of:
        raise BadInput(
            f"{threshold.key} cannot have threshold {at_least}",
            getattr(threshold.label, language),
            f"give a number from 1 to {threshold.of}, which is what it counts",
        )


def _make(
    connection: duckdb.DuckDBPyConnection, paths: DataPaths, schema: str, changed: Mapping[Threshold, int]
) -> None:
    """A schema with what rests on the rules, made by the same SQL as in the warehouse, with these thresholds
    changed."""
    connection.execute(f"create schema {schema}")
    for table in (RULES, CRITERIA):
        connection.execute(f"create table {schema}.{table} as from {WAREHOUSE}.internal.{table}")
    for threshold, at_least in changed.items():
        key = "rule" if threshold.table == RULES else "criterion"
        _rows(connection, f"update {schema}.{threshold.table} set at_least = ? where {key} = ?", at_least, threshold[0])
    for model in REMADE:
        sql = _compiled(paths, model)
        for table in (RULES, CRITERIA, *REMADE):
            sql = re.sub(rf'"{WAREHOUSE}"\."\w+"\."{table}"', f"{schema}.{table}", sql)
        connection.execute(f"create table {schema}.{model} as {sql}")
    connection.execute(LISTS.format(schema=schema))


def _compiled(paths: DataPaths, model: str) -> str:
    """The SQL of a model as dbt ran it."""
    compiled = paths.warehouse.parent / "dbt_target" / "compiled"
    for file in compiled.rglob(f"{model}.sql"):
        return file.read_text(encoding="utf-8")
    raise BadInput(f"The SQL that made {model} is not there", str(compiled), _RUN)


def _refuse_other_sql(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> None:
    """Raises BadInput where the SQL is no longer that of the warehouse, as after a run that failed: the answer would
    speak of both at once."""
    for model in REMADE:
        made, standing = f"{BEFORE}.{model}", f"{WAREHOUSE}.main.{model}"
        if _rows(connection, f"(from {made} except from {standing}) union all (from {standing} except from {made})"):
            raise BadInput(
                f"The SQL of {model} gives something else than the warehouse holds",
                str(paths.warehouse),
                "the last run failed or the SQL was changed since: let 'lea run' make them agree",
            )


def _outcomes(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, Threshold],
    changed: Mapping[Threshold, int],
    sizes: Mapping[int, list[int]],
) -> Iterator[Outcome]:
    labels = f"select vocabulary, code, label_nl, label_en from {WAREHOUSE}.main.dim_label order by code_no"
    words = {(vocabulary, code): Text(nl, en) for vocabulary, code, nl, en in _rows(connection, labels)}
    before, after = (
        {(year, of): n for year, of, n in _rows(connection, COUNTS.format(schema=schema))} for schema in (BEFORE, AFTER)
    )
    for year, (registered, respondents) in sizes.items():

        def counts(labelled: Mapping[str, Text], year: int = year) -> tuple[Count, ...]:
            return tuple(
                Count(label, before.get((year, of), 0), after.get((year, of), 0)) for of, label in labelled.items()
            )

        yield Outcome(
            year,
            registered,
            respondents,
            signals=counts({one.key: one.label for one in changed if one.table == RULES}),
            risks=counts({code: label for (vocabulary, code), label in words.items() if vocabulary == "risk"}),
            contacts=counts(
                {code: label for (vocabulary, code), label in words.items() if vocabulary == "domain"}
                | {"together": Text("samen", "together")}
            ),
            changes=tuple(
                Change(
                    _title(words, *change),
                    tuple(known[key].label for key in gained),
                    tuple(known[key].label for key in lost),
                    tuple(municipalities),
                )
                for *change, gained, lost, municipalities in _rows(connection, CHANGES, year)
            ),
        )


def _title(words: Mapping[tuple[str, str], Text], of: str, was: str | None, becomes: str | None) -> Text:
    """What a change is called: from one group to another, or on or off the list of a domain's contacts."""
    if was and becomes:
        old, new = words["risk", was], words["risk", becomes]
        return Text(f"Risico: {old.nl} → {new.nl}", f"Risk: {old.en} → {new.en}")
    domain = words["domain", of]
    if becomes:
        return Text(f"Komt erbij als contactgemeente, {domain.nl}", f"Becomes a contact municipality, {domain.en}")
    return Text(f"Valt af als contactgemeente, {domain.nl}", f"Is no longer a contact municipality, {domain.en}")
