"""What the command line says is readable on any terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from orchestration.cli import app
from tests.conftest import bytes_of

SHOWN = {"ascii": "een EUR -> 'ja'", "cp850": "één EUR -> 'ja'", "utf-8": "één € → ‘ja’"}
FILE = (
    "gemeentecode;gemeente;overleg;partner_1;partner_2;partner_8;partner_9;partner_anders;evaluatie;peuters;plaatsen;reden;toelichting\n"
    "GM1900;Súdwest-Fryslân;1;één € → ‘ja’;0;0;0;;01;日本;5;;\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp850", "cp437", "ascii", "cp1252", "utf-8"])
def test_a_message_survives_a_terminal_that_has_few_signs(
    encoding: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "levering één.csv"
    file.write_text(FILE, encoding="utf-8")
    before = bytes_of(data_dir)
    shown = io.BytesIO()
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(shown, encoding=encoding, write_through=True))

    with pytest.raises(SystemExit) as ended:
        app(["check", str(file), "--year", "2023"])

    output = shown.getvalue().decode(encoding)
    assert ended.value.code == 1
    assert "2 problems" in output
    assert SHOWN.get(encoding, "") in output
    assert bytes_of(data_dir) == before
