"""The files that describe a part of an edition as a whole: edition.json, README.txt and SHA256SUMS.

Belongs here: what a program or a person needs in order to use the other files. Does not belong here: their content, the
fields of the data files (``data_package.py``).
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assets.base.files import sha256_of
from assets.base.texts import LANGUAGES
from assets.editions.content.audiences import Audiences, Product
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import EDITION_FILE, Stamp
from assets.editions.content.terms import terms_in_words
from assets.editions.pages.templating import environment

SUMS_FILE = "SHA256SUMS"
NOTICE_FILE = "WITHDRAWN.txt"  # comes into a part that was withdrawn, so no checksum knows it
_EDITIONS = Path(__file__).parents[1]
_SOURCES = (".py", ".j2", ".css", ".js", ".ttf", ".yaml", ".typ")
_TEXTS = _EDITIONS.parent / "base" / "texts.py"
_TOOLS = ("duckdb", "jinja2", "markupsafe", "pillow", "resvg-py", "typst", "xlsxwriter")


def files_in(folder: Path) -> list[str]:
    """All files below ``folder``, as sorted relative paths."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def made_with(audiences: Audiences) -> dict[str, str]:
    """What determines how the same numbers look: versions of the tools, a checksum of code and templates, and who may
    have what."""
    sources = [_TEXTS, *sorted(path for path in _EDITIONS.rglob("*") if path.suffix in _SOURCES)]
    code = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    tools = {tool: version(tool) for tool in _TOOLS}
    return {
        "python": platform.python_version(),
        **tools,
        "code": f"sha256:{code}",
        "audiences": f"sha256:{audiences.fingerprint}",
    }


def was_made_with(part: Path) -> dict[str, str]:
    """The same of a part of a standing edition; empty where it does not say."""
    found: dict[str, str] = read_edition_facts(part).get("made_with", {})
    return found


def read_edition_facts(part: Path) -> dict[str, Any]:
    """The ``edition.json`` of a part; empty where it has none."""
    file = part / EDITION_FILE
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return facts


def write_edition_facts(folder: Path, origin: Origin, stamp: Stamp, facts: Mapping[str, Any]) -> None:
    """``edition.json``: which edition and which part, of what origin, compared with which, and other ``facts``."""
    write_json(
        folder / EDITION_FILE,
        {
            "survey_year": stamp.survey_year,
            "version": stamp.version,
            "audience": stamp.audience,
            "created_at": stamp.created_at.isoformat(timespec="seconds"),
            "origin": origin,
            **_note(origin),
            **({"terms_nl": stamp.terms.nl, "terms_en": stamp.terms.en} if stamp.terms else {}),
            **imprint_facts(stamp),
            "compared_with": stamp.compared_with,
            "changed_cells": stamp.changed_cells,
            **facts,
        },
    )


def write_readme(folder: Path, origin: Origin, stamp: Stamp, products: Iterable[Product]) -> None:
    """``README.txt``: what is in the folder, in Dutch and in English."""
    files = files_in(folder)
    text = (
        environment("nl")
        .get_template("files/README.txt.j2")
        .render(
            stamp=stamp,
            mark=mark_of(origin),
            terms=terms_in_words(stamp.terms),
            products=[product for product in products if any(product.holds(file) for file in files)],
        )
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")


def write_checksums(folder: Path) -> None:
    """``SHA256SUMS`` of every other file, in the form that ``sha256sum -c`` reads."""
    lines = [f"{sha256_of(folder / path)}  {path}\n" for path in files_in(folder) if path != SUMS_FILE]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """The checksum of every file of a part of an edition, by relative path; empty where it has none."""
    sums = folder / SUMS_FILE
    if not sums.is_file():
        return {}
    lines = (line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines())
    return {path: digest for digest, path in lines}


def imprint_facts(stamp: Stamp) -> dict[str, str]:
    """Status, citation and next release; nothing where the edition has no imprint."""
    if not (imprint := stamp.imprint):
        return {}
    texts = {
        "publisher": imprint.publisher,
        "status": imprint.status,
        "citation": imprint.citation,
        "next_release": imprint.next_release,
    }
    both = {
        f"{name}_{language}": getattr(text, language) for name, text in texts.items() if text for language in LANGUAGES
    }
    return {"contact": imprint.contact, **both}


def _note(origin: Origin) -> dict[str, str]:
    mark = mark_of(origin)
    return {"note_nl": mark.nl, "note_en": mark.en} if mark else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Indented, with a line end; what is not ASCII as it is."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
