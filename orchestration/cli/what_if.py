"""``lea what-if``: what the risk lists and the selection would be with another threshold.

Belongs here: setting the threshold in a copy of the rules in memory, making again what rests on it, and saying on a terminal what
differs. Does not belong here: the rules and criteria (``data/risk``), how they are evaluated (``dbt_project``, whose compiled SQL
runs here as it is).

Nothing is written: the warehouse is opened read-only beside a database in memory. To change what supervision looks at is to
change ``data/risk`` and to run.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb

from assets.base.errors import BadInput, shown
from assets.base.paths import DataPaths, data_paths
from assets.base.texts import Text
from assets.editions.content.mark import mark_of, origin_of
from assets.editions.pages.records import labels
from orchestration.cli.console import Language, Voice

RULES, CRITERIA = "stg_risk__rules", "stg_risk__criteria"
# In the order in which they are made; each rests on the ones before it.
REMADE = ("fct_risk_signals", "fct_risk_assessment", "fct_supervision_selection")
WAREHOUSE, BEFORE, AFTER = "lea_vve", "memory.before", "memory.after"
LINE = 110
_RUN = "'lea run' makes it"


class Threshold(NamedTuple):
    """How many conditions of a rule, or rules (or subjects of rules) of a criterion, must hold; ``of`` is how many there are."""

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
    """Municipalities (name and code) that come on a list, go from it, or change lists, for one reason."""

    title: str
    reason: str
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be different in a survey year. Signals and contacts are of the ``registered``, risks of the ``respondents``."""

    survey_year: int
    registered: int
    respondents: int
    signals: tuple[Count, ...]
    risks: tuple[Count, ...]
    contacts: tuple[Count, ...]
    changes: tuple[Change, ...]


def what_if(names: Sequence[str], thresholds: Sequence[int], language: Language) -> None:
    """Prints what would change. Raises BadInput where a threshold cannot be set, or there is no warehouse yet."""
    if len(names) != len(thresholds):
        raise BadInput(
            f"{len(names)} rules and {len(thresholds)} thresholds",
            "lea what-if",
            "give a --threshold after each --rule",
        )
    if double := sorted({name for name in names if list(names).count(name) > 1}):
        raise BadInput(f"{shown(double[0])} appears twice", "lea what-if", "give each rule one threshold")
    say = Voice(language)
    with _opened(data_paths()) as connection:
        known = _thresholds(connection)
        changed = [(_threshold(say, known, name), at_least) for name, at_least in zip(names, thresholds, strict=True)]
        for threshold, at_least in changed:
            _refuse_impossible(say, threshold, at_least)
        _make(connection, data_paths(), dict(changed))
        if mark := mark_of(_origin(connection)):
            say.line(say.of(mark), "yellow")
        of_now = say.words(
            "de omschrijving is die van de huidige drempel", "the wording is that of the present threshold"
        )
        for threshold, at_least in changed:
            say.line(f"{threshold.key}: {say.of(threshold.label)}", "bold")
            say.line(
                f"  {say.words('drempel', 'threshold')} {threshold.at_least} → {at_least}"
                f" ({say.words('van', 'of')} {threshold.of}; {of_now})"
            )
        for outcome in _outcomes(connection, say, changed):
            _print(say, outcome)
    say.line(say.words("\nEr is niets gewijzigd of gepubliceerd.", "\nNothing was changed or published."))


@contextmanager
def _opened(paths: DataPaths) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the warehouse beside it, read-only. What it cannot answer is a BadInput."""
    if not paths.warehouse.is_file():
        raise BadInput("There is no warehouse yet", str(paths.warehouse), _RUN)
    try:
        with duckdb.connect() as connection:
            literal = str(paths.warehouse).replace("'", "''")
            connection.execute(f"attach '{literal}' as {WAREHOUSE} (read_only)")
            yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise BadInput(
            f"The warehouse does not have what a risk analysis needs: {str(error).splitlines()[0]}",
            str(paths.warehouse),
            "'lea run' makes one that does",
        ) from None
    except duckdb.Error as error:
        raise BadInput(
            f"The warehouse cannot be read: {str(error).splitlines()[0]}",
            str(paths.warehouse),
            "try again; if that does not help, 'lea run' makes it anew",
        ) from None


def _thresholds(connection: duckdb.DuckDBPyConnection) -> dict[str, Threshold]:
    """Every rule and criterion by its key, in their order."""
    rules = connection.execute(
        f"select rule, '{RULES}', any_value(label_nl), any_value(label_en), any_value(at_least), count(distinct condition_no)"
        f" from {WAREHOUSE}.internal.{RULES} group by rule order by any_value(rule_no)"
    ).fetchall()
    criteria = connection.execute(
        f"""
        select
            criterion, '{CRITERIA}', any_value(criteria.label_nl), any_value(criteria.label_en), any_value(criteria.at_least),
            count(distinct if(criteria.counts = 'subjects', rules.subject, rules.rule))
        from {WAREHOUSE}.internal.{CRITERIA} as criteria left join {WAREHOUSE}.internal.{RULES} as rules using (rule)
        group by criterion order by any_value(criterion_no)"""
    ).fetchall()
    return {
        key: Threshold(key, table, Text(nl, en), at_least, of)
        for key, table, nl, en, at_least, of in [*rules, *criteria]
    }


def _threshold(say: Voice, known: Mapping[str, Threshold], name: str) -> Threshold:
    if name not in known:
        listed = "\n".join(["name one of these:", *_with_threshold(say, known)])
        raise BadInput(f"There is no rule {shown(name)}", "data/risk/rules.yaml and data/risk/criteria.yaml", listed)
    if known[name].of < 2:
        listed = "\n".join(["these have one:", *_with_threshold(say, known)])
        what = "one condition" if known[name].of else "no condition on answers"
        raise BadInput(
            f"{name} has no threshold: it rests on {what}",
            f"data/risk/{'rules' if known[name].table == RULES else 'criteria'}.yaml",
            listed,
        )
    return known[name]


def _with_threshold(say: Voice, known: Mapping[str, Threshold]) -> list[str]:
    return [f"  - {one.key} ({one.at_least} of {one.of}): {say.of(one.label)}" for one in known.values() if one.of > 1]


def _refuse_impossible(say: Voice, threshold: Threshold, at_least: int) -> None:
    if not 1 <= at_least <= threshold.of:
        raise BadInput(
            f"{threshold.key} cannot have threshold {at_least}",
            say.of(threshold.label),
            f"give a number from 1 to {threshold.of}, which is what it counts",
        )


def _make(connection: duckdb.DuckDBPyConnection, paths: DataPaths, changed: Mapping[Threshold, int]) -> None:
    """``BEFORE`` and ``AFTER``: what rests on the rules, by the same SQL, with the thresholds as they are and as they might be.

    Raises BadInput where the SQL is no longer that of the warehouse, as after a run that failed: it would tell of both at once.
    """
    for schema, thresholds in ((BEFORE, {}), (AFTER, changed)):
        connection.execute(f"create schema {schema}")
        for table in (RULES, CRITERIA):
            connection.execute(f"create table {schema}.{table} as from {WAREHOUSE}.internal.{table}")
        for threshold, at_least in thresholds.items():
            key = "rule" if threshold.table == RULES else "criterion"
            connection.execute(
                f"update {schema}.{threshold.table} set at_least = ? where {key} = ?", [at_least, threshold.key]
            )
        for model in REMADE:
            sql = _compiled(paths, model)
            for table in (RULES, CRITERIA, *REMADE):
                sql = re.sub(rf'"{WAREHOUSE}"\."\w+"\."{table}"', f"{schema}.{table}", sql)
            connection.execute(f"create table {schema}.{model} as {sql}")
    for model in REMADE:
        standing = f"{WAREHOUSE}.main.{model}"
        ((differing,),) = connection.execute(
            f"select count(*) from ((from {BEFORE}.{model} except from {standing})"
            f" union all (from {standing} except from {BEFORE}.{model}))"
        ).fetchall()
        if differing:
            raise BadInput(
                f"The SQL of {model} gives something else than the warehouse holds",
                str(paths.warehouse),
                "the last run failed or the SQL was changed since: let 'lea run' make them agree",
            )


def _compiled(paths: DataPaths, model: str) -> str:
    """The SQL of a model as dbt ran it."""
    compiled = paths.warehouse.parent / "dbt_target" / "compiled"
    for file in compiled.rglob(f"{model}.sql"):
        return file.read_text(encoding="utf-8")
    raise BadInput(f"The SQL that made {model} is not there", str(compiled), _RUN)


def _origin(connection: duckdb.DuckDBPyConnection) -> Any:
    return origin_of(
        origin
        for (origin,) in connection.execute(
            f"select distinct origin from {WAREHOUSE}.main.dim_survey_year"
            f" semi join {AFTER}.fct_risk_assessment using (survey_year)"
        ).fetchall()
    )


def _outcomes(
    connection: duckdb.DuckDBPyConnection, say: Voice, changed: Sequence[tuple[Threshold, int]]
) -> Iterator[Outcome]:
    years = connection.execute(f"select distinct survey_year from {AFTER}.fct_risk_assessment order by 1").fetchall()
    known, words = _thresholds(connection), labels(connection, f"{WAREHOUSE}.main")
    for (year,) in years:
        before, after = (_read(connection, schema, year) for schema in (BEFORE, AFTER))
        names = _names(connection, year)
        ((registered, respondents),) = connection.execute(
            f"select count(*), count(*) filter (where is_respondent) from {AFTER}.fct_risk_assessment where survey_year = ?",
            [year],
        ).fetchall()
        yield Outcome(
            year,
            registered,
            respondents,
            signals=tuple(
                Count(one.label, before.triggers(one.key), after.triggers(one.key))
                for one, _ in changed
                if one.table == RULES
            ),
            risks=tuple(
                Count(label, list(before.risks.values()).count(key), list(after.risks.values()).count(key))
                for key, label in words["risk"].items()
            ),
            contacts=(
                *(Count(label, before.contacted(key), after.contacted(key)) for key, label in words["domain"].items()),
                Count(Text("samen", "together"), before.contacted(None), after.contacted(None)),
            ),
            changes=tuple(_changes(say, before, after, names, known, words)),
        )


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of a survey year. ``signals``: the rules that a municipality triggers; ``risks``: the group of who answered;
    ``contacts``: the criteria that (municipality, domain) meets. Rules and criteria in their order."""

    signals: Mapping[str, tuple[str, ...]]
    risks: Mapping[str, str]
    contacts: Mapping[tuple[str, str], tuple[str, ...]]

    def triggers(self, rule: str) -> int:
        return sum(rule in rules for rules in self.signals.values())

    def contacted(self, domain: str | None) -> int:
        return len({code for code, of in self.contacts if domain in (None, of)})


def _read(connection: duckdb.DuckDBPyConnection, schema: str, year: int) -> _Lists:
    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query.format(schema=schema), {"year": year}).fetchall()

    return _Lists(
        signals={
            code: tuple(rules)
            for code, rules in rows(
                "select municipality_code, list(rule order by rule_no) from {schema}.fct_risk_signals"
                " where survey_year = $year and signal = 'triggered' group by all"
            )
        },
        risks=dict(
            rows(
                "select municipality_code, risk from {schema}.fct_risk_assessment"
                " where survey_year = $year and is_respondent"
            )
        ),
        contacts={
            (code, domain): tuple(selected_by)
            for code, domain, selected_by in rows(
                "select municipality_code, domain, selected_by from {schema}.fct_supervision_selection"
                " where survey_year = $year"
            )
        },
    )


def _names(connection: duckdb.DuckDBPyConnection, year: int) -> dict[str, str]:
    query = (
        f"select municipality_code, municipality_name from {WAREHOUSE}.main.dim_municipality_year where survey_year = ?"
    )
    return dict(connection.execute(query, [year]).fetchall())


def _changes(
    say: Voice,
    before: _Lists,
    after: _Lists,
    names: Mapping[str, str],
    known: Mapping[str, Threshold],
    words: Mapping[str, Mapping[str, Text]],
) -> Iterator[Change]:
    """Everything that differs, the same change for the same reason together."""
    found: dict[tuple[str, str], list[str]] = {}

    def differs(title: str, code: str, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        gained = [say.of(known[key].label) for key in new if key not in old]
        lost = [f"{say.words('niet meer', 'no longer')}: {say.of(known[key].label)}" for key in old if key not in new]
        missing = say.words(
            "er ontbreekt een antwoord waarvan het dan afhangt", "an answer is missing on which it then depends"
        )
        found.setdefault((title, "; ".join([*gained, *lost]) or missing), []).append(
            f"{names.get(code, code)} ({code})"
        )

    for code in sorted(before.risks):
        old, new = before.risks[code], after.risks[code]
        if old != new:
            title = f"{say.words('Risico', 'Risk')}: {say.of(words['risk'][old])} → {say.of(words['risk'][new])}"
            differs(title, code, before.signals.get(code, ()), after.signals.get(code, ()))
    for domain, label in words["domain"].items():
        ways = (
            (say.words("Komt erbij als contactgemeente", "Becomes a contact municipality"), before, after),
            (say.words("Valt af als contactgemeente", "Is no longer a contact municipality"), after, before),
        )
        for title, without, within in ways:
            for code in sorted(code for code, of in set(within.contacts) - set(without.contacts) if of == domain):
                case = (code, domain)
                differs(f"{title}, {say.of(label)}", code, before.contacts.get(case, ()), after.contacts.get(case, ()))
    for (title, reason), municipalities in found.items():
        yield Change(title, reason, tuple(municipalities))


def _print(say: Voice, outcome: Outcome) -> None:
    say.line(f"\n{say.words('Vragenlijst', 'Survey year')} {outcome.survey_year}", "bold")
    for title, n, counts in (
        (say.words("Signalen", "Signals"), outcome.registered, outcome.signals),
        (say.words("Mogelijke risico's", "Possible risks"), outcome.respondents, outcome.risks),
        (
            say.words("Contactgemeenten volgens de criteria", "Contact municipalities by the criteria"),
            outcome.registered,
            outcome.contacts,
        ),
    ):
        if counts:
            say.line(f"\n{title} (n = {n})", "bold")
        for label, before, after in counts:
            difference = f" ({after - before:+d})" if after != before else ""
            say.line(f"  {say.of(label)}: {before} → {after}{difference}")
    for change in outcome.changes:
        say.line(f"\n{change.title}: {len(change.municipalities)}", "bold")
        say.line(f"  {change.reason}")
        listed = ", ".join(change.municipalities)
        say.line(textwrap.fill(listed, LINE, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False))
    if not outcome.changes:
        say.line(say.words("\nGeen gemeente komt erbij of valt af.", "\nNo municipality comes or goes."))
