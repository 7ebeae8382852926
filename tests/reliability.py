"""What the long proofs counted, in docs/reliability.md: each writes its own line, when it was asked for by name.

``LEA_NOTE=1`` is set by the make targets of the long proofs; other runs of a test leave the document alone.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "docs" / "reliability.md"
_ROW = "| {proof} | {counted} | {day} |"


def note(proof: str, counted: str) -> None:
    """Puts what a proof counted in its row, or in a new one at the end of the table."""
    if not os.environ.get("LEA_NOTE"):
        return
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    row = _ROW.format(proof=proof, counted=counted, day=datetime.now(UTC).date().isoformat())
    kept = [row if line.startswith(f"| {proof} |") else line for line in lines]
    if row not in kept:
        kept.insert(1 + max(at for at, line in enumerate(kept) if line.startswith("|")), row)
    DOCUMENT.write_text("\n".join(kept) + "\n", encoding="utf-8")
