"""``lea seen``: that a steward has seen the implausible answers that are open, for an edition that waits for it."""

from __future__ import annotations

from datetime import UTC, datetime

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.plausibility.seen import add_seen, unseen_questions
from orchestration.cli.console import console


def mark_seen(seen_by: str) -> None:
    """Shows every question that nobody has seen yet, and records that ``seen_by`` has now."""
    paths = data_paths()
    if not paths.warehouse.exists():
        raise BadInput("There is no warehouse yet", str(paths.warehouse), "'lea run' makes it")
    with writing(paths):
        questions = unseen_questions(paths)
        add_seen(paths, questions, seen_by, datetime.now(UTC).date())
    for question in questions.to_dict("records"):
        console.print(
            f"{question['municipality_name']} ({question['municipality_code']}): {question['ask_nl']}", markup=False
        )
    console.print(f"{len(questions)} seen now; 'lea run' publishes what waited for it")
