"""The record of an edition's public part for a data catalogue: ``dcat.jsonld``, by DCAT-AP-NL 3.0.

Belongs here: what a catalogue asks of a data set and of its distributions
(https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/). Does not belong here: the fields of a file (``data_package.py``).

The distributions are the files that hold everything; those of a single table are in the data package.

Addresses are relative to the record, unless data/publication.yaml says where editions are published (``web``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assets.base.texts import LANGUAGES, Text
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import LICENCE
from assets.editions.files.metadata import write_json

RECORD_FILE = "dcat.jsonld"
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TITLE = Text("LEA/vve-monitor, vragenlijst {}", "LEA/vve monitor, survey year {}")
_DESCRIPTION = Text(
    "Cijfers over de lokale educatieve agenda (LEA) en voor- en vroegschoolse educatie (vve), uit de antwoorden van"
    " gemeenten op de vragenlijst van {}.",
    "Figures on the local education agenda (LEA) and on early childhood education (vve), from the answers of"
    " municipalities to the questionnaire of {}.",
)
_KEYWORDS = (
    Text("lokale educatieve agenda", "local education agenda"),
    Text("voor- en vroegschoolse educatie", "early childhood education"),
    Text("onderwijsachterstanden", "educational disadvantage"),
    Text("gemeenten", "municipalities"),
)
_THEMES = ("EDUC", "SOCI")
# A file format → its name in the European list of file types; None where it has none.
_FILE_TYPES = {"csv": "CSV", "xlsx": "XLSX", "parquet": "PARQUET", "duckdb": None}
Node = dict[str, Any]


def write_catalogue_record(folder: Path, content: Content, stamp: Stamp, resources: Iterable[dict[str, Any]]) -> None:
    """``dcat.jsonld`` of a part whose files are these ``resources`` of its data package; nothing without an imprint,
    because a record without a publisher is none."""
    if not (imprint := stamp.imprint):
        return
    web = imprint.web and f"{imprint.web}/{stamp.survey_year}"
    base = {"@base": f"{web}/v{stamp.version}/public/"} if web else {}
    agent = {"@type": "foaf:Agent", "foaf:name": _in_both(imprint.publisher)}
    issued = _typed(stamp.created_at.isoformat(timespec="seconds"), "dateTime")
    record = {
        "@context": {**base, **_CONTEXT},
        "@id": web or f"urn:lea-vve-monitor:{stamp.survey_year}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"lea-vve-monitor-{stamp.survey_year}",
        "dct:title": _in_both(_filled(_TITLE, stamp)),
        "dct:description": _in_both(_described(content, stamp)),
        "dct:publisher": agent,
        "dct:creator": agent,
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": _in_both(imprint.publisher),
            "vcard:hasEmail": {"@id": f"mailto:{imprint.contact}"},
        },
        "dcat:theme": [_listed("data-theme", theme, "skos:Concept") for theme in _THEMES],
        "dcat:keyword": [one for words in _KEYWORDS for one in _in_both(words)],
        "dct:accessRights": _listed("access-right", "PUBLIC", "dct:RightsStatement"),
        "dct:accrualPeriodicity": _listed("frequency", "ANNUAL", "dct:Frequency"),
        "dct:language": [_listed("language", code, "dct:LinguisticSystem") for code in ("NLD", "ENG")],
        "dct:spatial": _listed("country", "NLD", "dct:Location"),
        "dct:temporal": _period(content),
        "dcat:landingPage": {"@id": "index.html", "@type": "foaf:Document"},
        "dcat:version": str(stamp.version),
        "dct:issued": issued,
        "dct:modified": issued,
        "dcat:distribution": [_distribution(one, issued) for one in resources],
    }
    write_json(folder / RECORD_FILE, record)


def _distribution(resource: dict[str, Any], issued: Node) -> Node:
    kind = _FILE_TYPES[resource["format"]]
    return {
        "@id": f"#{resource['name']}",
        "@type": "dcat:Distribution",
        "dct:title": resource["path"],
        **({"dct:description": resource["description"]} if resource.get("description") else {}),
        "dcat:accessURL": {"@id": resource["path"]},
        "dcat:downloadURL": {"@id": resource["path"]},
        "dct:license": {"@id": LICENCE.path, "@type": "dct:LicenseDocument"},
        **({"dct:format": _listed("file-type", kind, "dct:MediaTypeOrExtent")} if kind else {}),
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}",
            "@type": "dct:MediaType",
        },
        "dcat:byteSize": _typed(str(resource["bytes"]), "nonNegativeInteger"),
        "dct:issued": issued,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": _typed(resource["hash"].removeprefix("sha256:"), "hexBinary"),
        },
    }


def _described(content: Content, stamp: Stamp) -> Text:
    text, mark = _filled(_DESCRIPTION, stamp), mark_of(content.origin)
    return Text(f"{text.nl} {mark.nl}", f"{text.en} {mark.en}") if mark else text


def _period(content: Content) -> Node:
    """From the first to the last day that the figures are about."""
    years = [cell.reference_year for table in content.tables for cell in table.cells.values() if cell.reference_year]
    first, last = (min(years), max(years)) if years else (None, None)
    dates = {"dcat:startDate": first and f"{first}-01-01", "dcat:endDate": last and f"{last}-12-31"}
    return {"@type": "dct:PeriodOfTime", **{name: _typed(day, "date") for name, day in dates.items() if day}}


def _filled(text: Text, stamp: Stamp) -> Text:
    return Text(text.nl.format(stamp.survey_year), text.en.format(stamp.survey_year))


def _in_both(text: Text) -> list[Node]:
    return [{"@value": getattr(text, language), "@language": language} for language in LANGUAGES]


def _listed(of: str, code: str, kind: str) -> Node:
    """An entry of a European authority list."""
    return {"@id": f"{_AUTHORITY}/{of}/{code}", "@type": kind}


def _typed(value: str, kind: str) -> Node:
    return {"@value": value, "@type": f"xsd:{kind}"}
