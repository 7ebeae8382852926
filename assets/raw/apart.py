"""Reads a file of somebody else's in a process of its own, with limits: whatever the file does to its reader, one
message comes out, and this process goes on.

Belongs here: that process and its limits. Does not belong here: what is read (``readers.py``, ``workbook.py``).

The process is forked from one that was started for it (``forkserver``), has imported the readers and holds nothing of
this one: no connection, no lock, no thread.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from assets.base.errors import BadInput
from assets.base.limits import MAX_MEMORY, MAX_SECONDS

_READERS = ["assets.raw.readers", "pandas", "pyreadstat", "openpyxl"]
_CONTEXT = multiprocessing.get_context("forkserver")
_REMEDY = "save it anew with the program that it comes from, with the answers only, and send it again"

Result = TypeVar("Result")


def read_apart(read: Callable[..., Result], file: Path, *arguments: Any) -> Result:
    """What ``read(file, *arguments)`` gives. Raises its BadInput, and one when the reader ends, does not end, needs
    more memory than there is for it, or fails over the file."""
    _CONTEXT.set_forkserver_preload(_READERS)
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_answer, args=(theirs, MAX_MEMORY, read, file, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(MAX_SECONDS):
            raise _unreadable(file, f"reading it takes longer than {MAX_SECONDS} seconds")
        result, problem = ours.recv()
    except EOFError:
        process.join()
        raise _unreadable(file, f"its reader was ended by it ({_ended_by(process.exitcode)})") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if problem is not None:
        raise problem
    found: Result = result
    return found


def _answer(to: Connection, memory: int, read: Callable[..., Any], file: Path, *arguments: Any) -> None:
    """In the process apart: the result, or what is wrong."""
    _limit(memory)
    answer: tuple[Any, BadInput | None]
    try:
        answer = (read(file, *arguments), None)
    except BadInput as problem:
        answer = (None, problem)
    except MemoryError:
        answer = (None, _unreadable(file, f"reading it takes more than {memory / 2**30:,.1f} GB of memory"))
    except Exception as error:  # whatever the file does, its sender gets a message
        answer = (None, _unreadable(file, f"its reader failed over it ({type(error).__name__})"))
    with suppress(OSError):  # who asked has ended meanwhile
        to.send(answer)


def _limit(memory: int) -> None:
    """No more memory than this, where the system keeps to it."""
    import resource

    pages = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) if Path("/proc/self/statm").exists() else 0
    )
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _ended_by(exit_code: int | None) -> str:
    return signal.Signals(-exit_code).name if exit_code and exit_code < 0 else f"exit code {exit_code}"


def _unreadable(file: Path, why: str) -> BadInput:
    return BadInput(f"The file cannot be read: {why}", file.name, _REMEDY)
