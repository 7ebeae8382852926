"""For whom a part of an edition is, the terms on which it may be used, and whom to name.

Belongs here: audiences, licence and sources as they stand in every edition's metadata. Does not belong here: who may
have what (``audiences.py``), the licence of the code.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from assets.base.texts import Text
from assets.editions.content.mark import Origin

Audience = Literal["public", "municipality", "internal"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
"""From the widest to the narrowest."""


class Licence(NamedTuple):
    """A licence as a data package names it."""

    name: str
    title: str
    path: str


class Source(NamedTuple):
    """A source that an edition names."""

    title: Text
    path: str


LICENCE = Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/")


def terms_in_words(own: Text | None) -> Text:
    """On which terms a part of an edition is had: its ``own`` ones, else the licence."""
    return own or Text(f"Licentie: {LICENCE.title} ({LICENCE.path})", f"Licence: {LICENCE.title} ({LICENCE.path})")


_QUESTIONNAIRE = Source(
    Text(
        "Vragenlijst LEA/vve van de Inspectie van het Onderwijs, ingevuld door gemeenten",
        "LEA/vve questionnaire of the Dutch Inspectorate of Education, filled in by municipalities",
    ),
    "https://www.onderwijsinspectie.nl/",
)
_GENERATED = Source(
    Text(
        "Vragenlijst LEA/vve van de Inspectie van het Onderwijs, met gegenereerde (synthetische) antwoorden",
        "LEA/vve questionnaire of the Dutch Inspectorate of Education, with generated (synthetic) answers",
    ),
    "https://www.onderwijsinspectie.nl/",
)
_REGISTERS = (
    Source(
        Text(
            "CBS: gemeentelijke indeling, stedelijkheid en onderwijsachterstandsscores (CC BY 4.0)",
            "Statistics Netherlands (CBS): municipalities, urbanisation and disadvantage scores (CC BY 4.0)",
        ),
        "https://www.cbs.nl/",
    ),
    Source(
        Text("DUO: open onderwijsdata (scholen en leerlingen)", "DUO: open education data (schools and pupils)"),
        "https://duo.nl/open_onderwijsdata/",
    ),
)


def sources_of(origin: Origin) -> tuple[Source, ...]:
    """Whom to name: the questionnaire, truthfully for these answers, and the registers."""
    return (_QUESTIONNAIRE if origin == "real" else _GENERATED, *_REGISTERS)
