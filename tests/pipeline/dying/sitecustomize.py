"""Kills this process (SIGKILL) just before an operation on the files of an installation: with this folder on
PYTHONPATH, and ``LEA_DIES_BEFORE`` a regular expression of the operation ('os.rename …/lea_vve.duckdb') and, after a
colon, how many such operations it still does.

Python tells of each operation before it is done (audit events), and starts this module before all others.
"""

import os
import re
import signal
import sys
from typing import Any

_CHANGES = {
    *("os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"),
    *("shutil.rmtree", "sqlite3.connect"),
}


def _operation(event: str, args: tuple[Any, ...]) -> str:
    """What is about to be done, if it changes anything: '<event> <path> …'; else ''."""
    if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
        return ""
    if event != "open" and event not in _CHANGES:
        return ""
    paths = [os.fsdecode(one) for one in args if isinstance(one, (str, bytes, os.PathLike))]
    return f"{event} {' '.join(paths)}"


def _install(wanted: re.Pattern[str], still: int) -> None:
    left = [still]

    def die_before(event: str, args: tuple[Any, ...]) -> None:
        if wanted.search(_operation(event, args)):
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(die_before)


if "LEA_DIES_BEFORE" in os.environ and any(one.endswith("/lea") for one in sys.orig_argv):
    _what, _, _still = os.environ["LEA_DIES_BEFORE"].rpartition(":")
    _install(re.compile(_what), int(_still))
