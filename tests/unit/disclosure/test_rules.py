"""data/disclosure.yaml: every rule is there, and what is wrong is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.disclosure.rules import load_rules, rule_rows

BUNDLED = Path(__file__).parents[3] / "data" / "disclosure.yaml"


def test_the_bundled_rules_are_read() -> None:
    rows = rule_rows(load_rules(BUNDLED))
    limits = rows[rows["kind"] == "rule"].set_index("name")["limit"].dropna().to_dict()
    assert limits == {"too_few": 10, "too_few_to_divide": 30, "largest": 50, "two_largest": 75, "p_percent": 10}
    assert rows.loc[rows["kind"] == "sign", "name"].tolist() == ["."]
    assert not rows.loc[rows["kind"] != "breakdown", ["words_nl", "words_en"]].isna().any(axis=None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - id: unanimous", "  - id: unanimus", "unanimus"),
        (
            "    limit: 10\n    words:\n      nl: Een getal",
            "    words:\n      nl: Een getal",
            "rule too_few needs a limit",
        ),
        ("  - id: inside_only", "  - id: inside_only\n    limit: 3", "rule inside_only has no limit"),
        ("  - id: derivable", "  - id: inside_only", "rule inside_only appears more than once"),
        (
            "  - measures: [response, non_response]",
            "  - measures: [response, response]",
            "response appears more than once",
        ),
        ('sign: "."', 'sign: ""', "sign"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "disclosure.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as found:
        load_rules(file)
    assert message in str(found.value)
    assert "disclosure.yaml" in str(found.value)


def test_a_rule_that_is_missing_is_named(tmp_path: Path) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    start, end = text.index("  - id: derivable"), text.index("# What is public already")
    file = tmp_path / "disclosure.yaml"
    file.write_text(text[:start] + "\n" + text[end:], encoding="utf-8")
    with pytest.raises(BadInput, match="there is no rule derivable"):
        load_rules(file)
