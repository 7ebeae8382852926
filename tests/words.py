"""``python -m tests.words``: which words of ``docs/words.yaml`` are written nevertheless, and where.

Exit code 1 when any is.

What is quoted is not written here: the printed questions and report tables, and the files of the scenarios.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[1]
FILE = PROJECT / "docs" / "words.yaml"
FOLDERS = ("assets", "orchestration", "synthetic", "benchmarks", "tests", "dbt_project", "docs", "data")
SUFFIXES = {".py", ".md", ".sql", ".yml", ".yaml", ".j2", ".css", ".js", ".toml"}
QUOTED = (
    "data/questionnaires",
    "data/catalogue/reports",
    "data/lake",
    "data/editions",
    "data/warehouse",
    "tests/scenarios/",
)
QUOTED_FILES = {FILE, Path(__file__), PROJECT / "tests" / "contracts" / "test_words.py"}


@dataclass(frozen=True)
class Word:
    """A word that is not written, what is written instead, and the turns of phrase in which it is right."""

    avoid: re.Pattern[str]
    write: str
    but: re.Pattern[str] | None
    only: frozenset[str]

    def found_in(self, line: str) -> str | None:
        """The word as the line has it."""
        rest = self.but.sub("", line) if self.but else line
        match = self.avoid.search(rest)
        return match[0] if match else None


def load_words(file: Path = FILE) -> tuple[Word, ...]:
    """The words of the list."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))["words"]
    return tuple(
        Word(
            re.compile(entry["avoid"], re.IGNORECASE),
            entry["write"],
            re.compile("|".join(entry["but"]), re.IGNORECASE) if "but" in entry else None,
            frozenset(entry.get("only", SUFFIXES)),
        )
        for entry in entries
    )


def written_files(project: Path = PROJECT) -> Iterator[Path]:
    """What people write here, by hand."""
    files = [*project.glob("*.md"), *(file for folder in FOLDERS for file in (project / folder).rglob("*"))]
    for file in sorted(files):
        quoted = str(file.relative_to(project)).startswith(QUOTED) or file in QUOTED_FILES
        if file.suffix in SUFFIXES and file.is_file() and not quoted and "target" not in file.parts:
            yield file


def findings(file: Path, words: tuple[Word, ...]) -> Iterator[str]:
    """One message per line that has a word of the list."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for word in words:
            if file.suffix in word.only and (found := word.found_in(line)):
                yield f"{file}:{number}: '{found.strip()}': write {word.write}"


def main() -> int:
    """Prints every finding."""
    words = load_words()
    found = [message for file in written_files() for message in findings(file, words)]
    print("\n".join(found) or "no word of docs/words.yaml is written")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
