"""``lea withdraw`` and ``lea withdraw-delivery``: the way back of what was published, and of what was accepted."""

from __future__ import annotations

from datetime import UTC, datetime

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.editions.publication import withdrawal
from assets.editions.publication.folder import newest_edition
from assets.editions.publication.handing_out import handed_out
from assets.plausibility import withdrawing
from orchestration.cli.console import console

_SHOWN = 10


def withdraw_edition(survey_year: int, version: int | None, reason: str) -> None:
    """Withdraws an edition, and says what is the latest now, and what has to be taken down elsewhere."""
    paths, today = data_paths(), datetime.now(UTC).date()
    with writing(paths):
        note = withdrawal.withdraw(paths.editions, survey_year, version, _reason(reason), today)
        newest = newest_edition(paths.editions)
        copies = [to for edition, to in handed_out(paths.editions) if edition == note.edition]
    latest = f"{newest.parent.name}/{newest.name}" if newest else "nothing: no edition holds"
    console.print(f"{note}\nlatest:  {latest}")
    for to in copies:
        console.print(f"take down: {to / note.edition}; 'lea publish' of the latest to {to} moves its 'latest'")
    if not copies:
        console.print("it was handed out nowhere by 'lea publish'; take down what was copied by hand")
    console.print("next:    mend what it was withdrawn for, and 'lea run': what is the same is not published again")


def withdraw_delivery(survey_year: int, which: str, reason: str) -> None:
    """Withdraws an accepted delivery, and says whose answers that changes."""
    paths, today = data_paths(), datetime.now(UTC).date()
    with writing(paths):
        found = withdrawing.withdraw(paths, survey_year, which, _reason(reason), today)
    outcome = "is withdrawn" if found.is_new else "was withdrawn already"
    console.print(f"delivery {found.delivery.number} of {survey_year} {outcome}: {found.file}")
    for what, codes in (
        ("their older answers count again", found.older),
        ("they have no answers in this survey year any more", found.left_out),
    ):
        if codes:
            more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
            console.print(f"{', '.join(codes[:_SHOWN])}{more}: {what}")
    console.print(
        f"next: 'lea run' publishes without it; 'lea accept {found.file} --year {survey_year}' brings it back"
    )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise BadInput(
            "A reason is needed", "--reason", "say in a sentence that readers may see, why it no longer holds"
        )
    return " ".join(reason.split())
