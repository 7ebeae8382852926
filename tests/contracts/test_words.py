"""The list of words finds what it is for, and leaves alone what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.words import findings, load_words, written_files

FOUND = [
    "# the header stands in row 3",
    "description: One row a municipality.",
    "the steward is told which",
    "it is asked no more",
    "said = run()",
    "an odd answer",
    'Text("Tekens", "Symbols")',
    "dat stemt overeen",
    "Herkomst van elk cijfer",
]
LEFT_ALONE = [
    "GM stands for gemeente",
    "one row per municipality",
    "as one said yesterday",
    "a minus sign",
    "odd years",
]


@pytest.mark.parametrize("line", FOUND)
def test_a_word_of_the_list_is_found_with_what_to_write(tmp_path: Path, line: str) -> None:
    file = tmp_path / "page.py"
    file.write_text(f"first\n{line}\n", encoding="utf-8")
    (message,) = findings(file, load_words())
    assert message.startswith(f"{file}:2: ")
    assert ": write " in message


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_what_is_right_is_left_alone(tmp_path: Path, line: str) -> None:
    file = tmp_path / "page.py"
    file.write_text(line, encoding="utf-8")
    assert list(findings(file, load_words())) == []


def test_code_models_pages_documents_and_data_are_looked_at() -> None:
    assert {".py", ".sql", ".yml", ".j2", ".md", ".yaml"} <= {file.suffix for file in written_files()}
