"""Ends what a new survey year cannot hold: rules that rest on a question that it drops, and criteria that name them.

Belongs here: that edit of data/risk, in the text, so that its comments stay. Does not belong here: which rules there
are (``rules.py``, ``criteria.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from assets.base.files import written_aside
from assets.base.yaml_file import load_model, read_yaml
from assets.questionnaires.model import Questionnaire
from assets.risk import criteria as of_criteria
from assets.risk import rules as of_rules


def end_unasked(risk_dir: Path, questionnaire: Questionnaire) -> list[str]:
    """Writes ``valid_to``, the year before the questionnaire's, at every rule that rests on what it does not ask and at
    every criterion that names one of those; returns their ids. Raises BadInput when a file cannot be read."""
    year = questionnaire.survey_year
    rules = [
        rule.id
        for rule in of_rules.load_rules(risk_dir, {})
        if rule.holds_in(year) and of_rules.not_asked(rule, questionnaire)
    ]
    listed = load_model(risk_dir / of_criteria.FILE_NAME, of_criteria.SelectionCriteria, "list of criteria", "mend it")
    criteria = [one.id for one in listed.criteria if one.holds_in(year) and set(one.rules) & set(rules)]
    _end(risk_dir / of_rules.FILE_NAME, rules, year - 1)
    _end(risk_dir / of_criteria.FILE_NAME, criteria, year - 1)
    return [*rules, *criteria]


def _end(file: Path, ids: Iterable[str], last_year: int) -> None:
    """Writes ``valid_to`` below ``valid_from`` of these entries."""
    before = text = read_yaml(file, "list").text
    for name in ids:
        entry = re.compile(rf"^( *)- id: {name}\n(?:.*\n)*?\1  valid_from: \d+\n", re.MULTILINE)
        text = entry.sub(lambda found: f"{found[0]}{found[1]}  valid_to: {last_year}\n", text, count=1)
    if text != before:
        with written_aside(file) as aside:
            aside.write_text(text, encoding="utf-8")
