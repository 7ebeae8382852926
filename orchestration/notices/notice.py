"""A notice, and the message that has several of them.

A notice leaves the installation, so nothing in it comes from a delivery: it has names of assets, checks and steps,
survey years, numbers of rows, and texts that were written before any answer was read. Belongs here: its words. Does not
belong here: finding what there is to know (``open_now.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notice:
    """Something that somebody has to know. ``survey_year``: '' where it is of all. ``link``: below the address of
    Dagster's UI. ``how_much``: as far as it is counted. ``state``: it is sent again when this, or that, changes."""

    what: str
    asset: str
    survey_year: str
    to_do: str
    link: str
    how_much: str = ""
    state: str = ""

    @property
    def key(self) -> str:
        """What is the same thing at another moment."""
        return f"{self.asset} {self.survey_year}: {self.what}"


@dataclass(frozen=True)
class Message:
    """What one role hears at once: notices, each with since when it is so (as far as anybody looked)."""

    role: str
    to: str | None
    notices: Sequence[tuple[Notice, datetime]]
    dagster_url: str

    @property
    def subject(self) -> str:
        """How much it is, and for whom."""
        n = len(self.notices)
        return f"LEA/vve monitor: {n} {'thing' if n == 1 else 'things'} for {self.role}"

    @property
    def text(self) -> str:
        """All of it, as plain text."""
        return "\n\n".join("\n".join(self._lines(notice, since)) for notice, since in self.notices) + "\n"

    @property
    def as_json(self) -> dict[str, object]:
        """All of it, for a program; ``text`` is what chat programs show."""
        listed = [
            {
                "what": one.what,
                "how_much": one.how_much,
                "asset": one.asset,
                "survey_year": one.survey_year,
                "since": since.isoformat(timespec="minutes"),
                "what_to_do": one.to_do,
                "link": self.dagster_url + one.link,
            }
            for one, since in self.notices
        ]
        return {"role": self.role, "subject": self.subject, "text": f"{self.subject}\n\n{self.text}", "notices": listed}

    def _lines(self, notice: Notice, since: datetime) -> list[str]:
        of_year = f" of {notice.survey_year}" if notice.survey_year else ""
        return [
            f"{notice.asset}{of_year}: {notice.what}{', ' if notice.how_much else ''}{notice.how_much}",
            f"  since:      {since:%Y-%m-%d %H:%M} UTC",
            f"  what to do: {notice.to_do}",
            f"  look at:    {self.dagster_url}{notice.link}",
        ]
