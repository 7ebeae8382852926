"""Who publishes an edition, whom to ask, how to cite it, and how final it is: ``data/publication.yaml``.

Belongs here: the fields of the file, and the words for one edition. Does not belong here: on which terms a part is had
(``terms.py``), showing any of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from assets.base.models import Filled, StrictModel, TextPair
from assets.base.texts import Text
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    from assets.editions.content.stamp import Stamp

_FIELDS = {"publisher": "", "year": "", "survey_year": "", "version": ""}


class Publication(StrictModel):
    """The file. ``web``: the address below which editions are published, where there is one. ``citation`` has
    {publisher}, {year}, {survey_year} and {version}; ``next_releases`` by survey year."""

    publisher: TextPair
    contact: Filled
    web: Filled | None = None
    citation: TextPair
    next_releases: dict[int, TextPair] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _citation_can_be_filled_in(self) -> Self:
        for text in (self.citation.nl, self.citation.en):
            try:
                text.format(**_FIELDS)
            except (KeyError, ValueError, IndexError):
                raise ValueError(f"citation: {text!r} has another field than {', '.join(_FIELDS)}") from None
        return self


@dataclass(frozen=True, slots=True)
class Imprint:
    """What an edition says of itself. ``status``: of its survey year, such as provisional or final; None where the
    warehouse does not say it."""

    publisher: Text
    contact: str
    web: str | None
    citation: Text
    next_release: Text | None
    status: Text | None
    is_provisional: bool


def load_publication(file: Path) -> Publication:
    """Who publishes. Raises BadInput when the file cannot be used."""
    remedy = "mend that place; assets/editions/content/imprint.py says what each field may hold"
    return load_model(file, Publication, "file of who publishes", remedy)


def imprint_of(publication: Publication, stamp: Stamp, code: str | None, labels: dict[str, Text]) -> Imprint:
    """The imprint of an edition. ``code``: the status of its survey year; ``labels``: what statuses are called."""
    publisher = Text(publication.publisher.nl, publication.publisher.en)
    filled = {"year": stamp.created_at.year, "survey_year": stamp.survey_year, "version": stamp.version}
    following = publication.next_releases.get(stamp.survey_year)
    return Imprint(
        publisher=publisher,
        contact=publication.contact,
        web=publication.web,
        citation=Text(
            publication.citation.nl.format(publisher=publisher.nl, **filled),
            publication.citation.en.format(publisher=publisher.en, **filled),
        ),
        next_release=Text(following.nl, following.en) if following else None,
        status=labels.get(code) if code else None,
        is_provisional=code in ("planned", "open", "provisional"),
    )
