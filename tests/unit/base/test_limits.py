"""How large what comes in may be, and what a code looks like: in one place, and many times as large by one setting."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[3] / "assets"
LIMITS = ASSETS / "base" / "limits.py"
CODES = re.compile(r"GM\\d|GM\[0-9\]|\[A-Z\]\{2\}")
NUMBERS = re.compile(r"^_?MAX_\w* *= *[0-9]", re.MULTILINE)


@pytest.mark.parametrize(
    ("times", "rows", "is_a_code", "is_none"),
    [
        ("", 20_000, ["GM0363"], ["GM363", "GM70363", "XX0363"]),
        ("1", 20_000, ["GM0363"], ["GM70363"]),
        ("100", 2_000_000, ["GM0363", "GM70363", "GM990363"], ["GM363", "GM1990363", "XX0363"]),
        ("many", 20_000, ["GM0363"], ["GM70363"]),
        ("0", 20_000, ["GM0363"], ["GM70363"]),
        ("1001", 20_000, ["GM0363"], ["GM70363"]),
    ],
)
def test_limits_grow_together(
    monkeypatch: pytest.MonkeyPatch, times: str, rows: int, is_a_code: list[str], is_none: list[str]
) -> None:
    monkeypatch.setenv("LEA_LIMITS_TIMES", times)
    limits = runpy.run_path(str(LIMITS))
    assert limits["MAX_ROWS"] == rows
    assert [code for code in is_a_code if not re.fullmatch(limits["CODE"], code)] == []
    assert [code for code in is_none if re.fullmatch(limits["CODE"], code)] == []


def test_they_are_in_one_place() -> None:
    elsewhere = {
        str(file.relative_to(ASSETS)): found
        for file in ASSETS.rglob("*.py")
        if file != LIMITS and (found := [*CODES.findall(text := file.read_text("utf-8")), *NUMBERS.findall(text)])
    }
    assert elsewhere == {}
