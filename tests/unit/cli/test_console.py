"""What the command line says is readable on any terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import bytes_of

SHOWN = {"ascii": "een EUR -> 'ja'", "cp850": "één EUR -> 'ja'", "utf-8": "één € → ‘ja’"}
FILE = (
    "gemeentecode;gemeente;overleg;partner_1;partner_2;partner_8;partner_9;partner_anders;evaluatie;peuters;plaatsen;reden;toelichting\n"
    "GM1900;Súdwest-Fryslân;1;één € → ‘ja’;0;0;0;;01;日本;5;;\n"
)


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "ascii", "cp1252", "utf-8"])
def test_a_message_survives_a_terminal_that_has_few_signs(encoding: str, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "levering één.csv"
    file.write_text(FILE, encoding="utf-8")
    before = bytes_of(data_dir)
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LEA_DATA_DIR": str(data_dir)}

    checked = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "check", str(file), "--year", "2023"],
        env=environment,
        capture_output=True,
        check=False,
    )

    output = (checked.stdout + checked.stderr).decode(encoding)
    assert checked.returncode == 1
    assert "Traceback" not in output
    assert "2 problems" in output
    assert SHOWN.get(encoding, "") in output
    assert bytes_of(data_dir) == before
