"""The documents as a contract: decisions are dated and listed, links lead somewhere, the version is that of the
changelog."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
FILES = sorted(DECISIONS.glob("[0-9]*.md"))
DOCUMENTS = [
    file
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "data/*/README.md",
        "deployment/README.md",
        "tests/*/README.md",
        "synthetic/README.md",
    )
    for file in sorted(ROOT.glob(pattern))
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAD = re.compile(r"# (?P<number>\d+)\. (?P<title>.+)\n\n- Date: (?P<date>[\d-]{10})\n- Status: (?P<status>.+)\n\n")
STATUS = re.compile(r"accepted|superseded by \[\d{4}\]\(\d{4}-[a-z0-9-]+\.md\)")
PARTS = ("**Context.**", "**Decision.**", "**Consequences.**", "**Reconsider**")


class Decision(NamedTuple):
    number: int
    title: str
    date: str
    status: str


def decision(file: Path) -> Decision:
    """What the head of a decision's file says of it."""
    head = HEAD.match(file.read_text(encoding="utf-8"))
    assert head, f"{file.name} does not begin with its number and title, its date and its status"
    return Decision(int(head["number"]), head["title"], head["date"], head["status"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_decision_is_dated_has_a_status_and_is_in_the_index(file: Path) -> None:
    number, title, day, status = decision(file)
    assert file.name.startswith(f"{number:04d}-")
    assert date.fromisoformat(day)
    assert STATUS.fullmatch(status)
    assert [part for part in PARTS if part not in file.read_text(encoding="utf-8")] == []
    line = f"| [{number:04d}]({file.name}) | {title} | {day} | {status} |"
    assert line in (DECISIONS / "README.md").read_text(encoding="utf-8").splitlines()


def test_decisions_are_numbered_once_in_the_order_of_their_dates() -> None:
    decisions = [decision(file) for file in FILES]
    assert [d.number for d in decisions] == list(range(1, len(FILES) + 1))
    assert all(earlier.date <= later.date for earlier, later in pairwise(decisions))


def test_index_of_the_documentation_names_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    names = [file.name for file in (ROOT / "docs").glob("*.md") if file.name != "README.md"]
    assert [name for name in names if f"]({name})" not in index] == []


def test_links_of_documents_lead_somewhere() -> None:
    links = [
        (file, target)
        for file in DOCUMENTS
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text(encoding="utf-8"))
    ]
    assert [(str(file), target) for file, target in links if not (file.parent / target).exists()] == []


def test_version_is_the_newest_of_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions, days = zip(*re.findall(r"^## (\d+\.\d+\.\d+) - (\S+)$", text, re.MULTILINE), strict=True)
    assert versions[0] == PROJECT["version"]
    assert list(days) == sorted(days, reverse=True)
    assert all(date.fromisoformat(day) for day in days)


def test_continuous_integration_runs_the_commands_of_the_project_and_may_only_read() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == [
        "bash .ci/run",
        "make coverage",
        "make audit",
        "make sbom",
    ]
    used = {step["uses"] for step in steps if "uses" in step}
    assert {one.split("@")[0] for one in used} == {
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-artifact",
    }
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in str(workflow)


def test_continuous_integration_has_every_python_that_the_project_supports() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    lowest, beyond = re.findall(r"3\.(\d+)", PROJECT["requires-python"])
    supported = [f"3.{minor}" for minor in range(int(lowest), int(beyond))]
    assert workflow["jobs"]["ci"]["strategy"]["matrix"]["python"] == supported


def test_readme_and_makefile_have_the_same_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [target for target in targets if f"make {target}" not in readme] == []
