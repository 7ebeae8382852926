"""What the marts' codes are called in both languages, where more than one page names them, and evidence in words.

Belongs here: names of statuses, domains, risks, counts and reasons. Does not belong here: names that are data (options,
rules, criteria), a page's own sentences (``templates/``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.base.texts import Text, counted

if TYPE_CHECKING:
    import duckdb

ANSWER_STATUSES = {
    "answered": Text("beantwoord", "answered"),
    "not_asked": Text("niet gevraagd", "not asked"),
    "no_answer": Text("niet ingevuld", "no answer"),
    "not_available": Text("geen cijfer bekend", "not available"),
    "not_collected": Text("niet verzameld", "not collected"),
    "invalid": Text("ongeldig", "invalid"),
}
STATUSES = {**ANSWER_STATUSES, "no_questionnaire": Text("geen vragenlijst", "no questionnaire")}
DOMAINS = {"lea": Text("LEA", "LEA"), "vve": Text("vve", "vve")}
RISKS = {
    "none": Text("Geen mogelijk risico", "No possible risk"),
    "lea_only": Text("Alleen LEA", "LEA only"),
    "vve_only": Text("Alleen vve", "vve only"),
    "both": Text("LEA en vve", "LEA and vve"),
    "not_assessable": Text("Niet te beoordelen", "Cannot be assessed"),
}
EXCLUSIONS = {
    "territory_changed": Text("grondgebied veranderd", "territory changed"),
    "split_not_harmonisable": Text("gebied van gesplitste gemeente", "territory of a split municipality"),
    "not_a_respondent": Text("geen vragenlijst", "no questionnaire"),
    "incomplete": Text("niet alle aantallen", "not all counts"),
}
COUNTS = {
    "target_toddlers": Text("doelgroeppeuters", "target toddlers"),
    "places": Text("kindplaatsen", "places"),
    "reached_toddlers": Text("bereikte peuters", "reached toddlers"),
}
_CHOICE = re.compile(r"(\w+)=(\w+)")
_COUNT = re.compile(rf"({'|'.join(COUNTS)}) (\w+)")

OptionLabels = Mapping[tuple[str, str], Text]


def read_option_labels(connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int) -> OptionLabels:
    """(question id, option key) → the option's label, of a survey year's questionnaire."""
    rows = connection.execute(
        f"select question_id, option_key, label_nl, label_en from {schema}.dim_option where survey_year = ?",
        [survey_year],
    ).fetchall()
    return {(question, key): Text(*label) for question, key, *label in rows}


def evidence_in_words(evidence: str | None, labels: OptionLabels) -> Text:
    """What triggers a rule: ``L1b=no, places 12`` as the option's label and the count. What is not known stands as it
    is."""
    parts = [_part(part, labels) for part in (evidence or "").split(", ")]
    return Text(*("; ".join(getattr(part, language) for part in parts) for language in Text._fields))


def _part(part: str, labels: OptionLabels) -> Text:
    if match := _COUNT.fullmatch(part):
        what, number = COUNTS[match[1]], match[2]
        said = counted(int(number)) if number.isdigit() else STATUSES.get(number, Text(number, number))
        return Text(f"{what.nl}: {said.nl}", f"{what.en}: {said.en}")
    match = _CHOICE.fullmatch(part)
    label = labels.get((match[1], match[2])) if match else None
    if match is None or label is None:
        return Text(part, part)
    return Text(f"{match[1]}: {label.nl}", f"{match[1]}: {label.en}")
