"""The cells that head a row, tagged as such in a PDF: Typst tags only those that head a column.

A cell that heads a row has the ground ``heads-row`` of ``layout.typ``, so its tag has an attribute that no other has.
That one gives way to the scope of a row header, and the tag of a data cell to that of a header. Other cells lose the
list of their column headers, which would hide the row header from a reader: with the scope of each header it says
nothing more. All that gives way is longer than what comes, so that no byte changes its place and the index of the file
holds.

Belongs here: that rewriting. Does not belong here: any other tag (Typst), what heads a row (``layout.typ``).
"""

from __future__ import annotations

import re

_GROUND = rb"/BackgroundColor\[0\.99215686 0\.99607843 0\.99607843\]"  # heads-row
_HEADS_ROW = re.compile(
    rb"(?P<cell>/S/T)D(?P<place>/P \d+ 0 R/A\[)"
    rb"<</O/Table(?:/Headers\[[^\]]*\])?(?P<spans>[^>]*)>><</O/Layout[^>]*" + _GROUND + rb"[^>]*>>"
)
_DATA = re.compile(rb"(/S/TD/P \d+ 0 R/A\[<</O/Table)(/Headers\[[^\]]*\])")


def tag_row_headings(pdf: bytes) -> bytes:
    """The same PDF with its row headings tagged; as long as it was."""
    return _DATA.sub(lambda data: data[1] + b" " * len(data[2]), _HEADS_ROW.sub(_as_header, pdf))


def _as_header(cell: re.Match[bytes]) -> bytes:
    header = cell["cell"] + b"H" + cell["place"] + b"<</O/Table/Scope/Row" + cell["spans"] + b">>"
    return header.ljust(len(cell[0]))
