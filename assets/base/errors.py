"""The one error that is meant for people: what is wrong, where, and how to mend it.

Belongs here: ``BadInput``, that the machine is too small, and how a message shows what was delivered. Does not belong
here: what counts as wrong (that is beside the thing that is read).
"""

from __future__ import annotations

import errno

_MEMORY = "Out of Memory Error"  # as DuckDB says it
_FULL = ("No space left on device", "database or disk is full")  # as DuckDB and SQLite say it


class BadInput(Exception):
    """Something that was handed to the monitor cannot be used.

    ``what`` is wrong, ``where`` (file, sheet, row, column, line), and how to mend it (``remedy``). Shown as it is,
    without a traceback, to whoever can mend it.
    """

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(what, where, remedy)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        return f"{self.what}\n  where:  {self.where}\n  remedy: {self.remedy}"


def no_room(error: BaseException) -> BadInput | None:
    """The message that the disk is full, or the memory of DuckDB, where that is what stopped something, whoever says
    so; else None."""
    seen: BaseException | None = error
    while seen is not None:
        if getattr(seen, "errno", None) == errno.ENOSPC or any(text in str(seen) for text in _FULL):
            where = getattr(seen, "filename", None) or "the disk of the data folder, or of DAGSTER_HOME"
            remedy = "make room ('lea doctor' says what can go), and run again: nothing needs repair"
            return BadInput("The disk is full", str(where), remedy)
        if _MEMORY in str(seen):
            what = "DuckDB needs more memory than it may use, and what it needs cannot be put on disk"
            remedy = "set database.models_at_once to 1, or raise memory_limit, in data/settings.yaml, and run again"
            return BadInput(what, "the setting database.memory_limit", remedy)
        seen = seen.__cause__ or seen.__context__
    return None


def shown(text: str) -> str:
    """A delivered text in a message: quoted, on one line, and not longer than is useful."""
    return repr(shortened(text))


def shortened(text: str) -> str:
    """Of a text at most 60 characters."""
    return text if len(text) <= 60 else text[:59] + "…"
