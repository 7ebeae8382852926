"""What the statuses of answers and the reasons of panels are called in both languages, where more than one page names them.

Belongs here: what is not yet read from ``dim_label``. Does not belong here: any other label (``data/labels.yaml``), a page's own
sentences (its template).
"""

from __future__ import annotations

from assets.base.texts import Text

ANSWER_STATUSES = {
    "answered": Text("beantwoord", "answered"),
    "not_asked": Text("niet gevraagd", "not asked"),
    "no_answer": Text("niet ingevuld", "no answer"),
    "not_available": Text("geen cijfer bekend", "not available"),
    "not_collected": Text("niet verzameld", "not collected"),
    "invalid": Text("ongeldig", "invalid"),
}
STATUSES = {**ANSWER_STATUSES, "no_questionnaire": Text("geen vragenlijst", "no questionnaire")}
EXCLUSIONS = {
    "territory_changed": Text("grondgebied veranderd", "territory changed"),
    "split_not_harmonisable": Text("gebied van gesplitste gemeente", "territory of a split municipality"),
    "not_a_respondent": Text("geen vragenlijst", "no questionnaire"),
    "incomplete": Text("niet alle aantallen", "not all counts"),
}
