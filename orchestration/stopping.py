"""A run that is stopped by a signal ends at once, whatever it is doing: in Dagster, in dbt, in a query, while it waits.

Work goes on in a thread of its own, so that the main one is always free to hear a signal. Nothing is tidied up: a run
may die at any moment and the next needs no repair (DESIGN, invariant 3). Does not belong here: what is stopped
(``runs.py``), or what is said of it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import resource_tracker
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SECONDS_FOR_LAST_WORDS = 1.0
# What dbt's process pools leave to Python's own tidier, which would say so after the last words.
_NOT_SAID = "ignore:resource_tracker:UserWarning"


class _Stopped(BaseException):
    """A signal came."""


def until_stopped(work: Callable[[], None], last_words: Callable[[str], None]) -> None:
    """Does ``work``. On SIGINT or SIGTERM the process ends with exit code 128 + its number, after ``last_words`` (which
    gets the signal's name) had a second."""
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), _NOT_SAID]))
    came: list[int] = []

    def hear(number: int, _frame: object) -> None:
        came.append(number)
        raise _Stopped

    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    pool = ThreadPoolExecutor(max_workers=1, initializer=_keep_from_children)
    try:
        pool.submit(work).result()
    except _Stopped:
        _end(came[0], last_words)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    pool.shutdown()


def _keep_from_children() -> None:
    """Ctrl-C goes to every process of a terminal: those that this thread starts do not hear it, and say nothing."""
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # started later, it would let the thread hear SIGINT again
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _end(number: int, last_words: Callable[[str], None]) -> NoReturn:
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    # In a thread too: it may need what the work holds, and nobody waits for that.
    speaking = threading.Thread(target=last_words, args=(signal.Signals(number).name,), daemon=True)
    speaking.start()
    speaking.join(_SECONDS_FOR_LAST_WORDS)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(128 + number)
