"""Whatever a file does to its reader, its sender gets one message and the monitor goes on."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.raw import apart
from assets.raw.apart import read_apart

FILE = Path("levering.xlsx")


def crash(_: Path) -> None:
    ctypes.string_at(0)


def leave(_: Path) -> None:
    os._exit(3)


def hang(_: Path) -> None:
    time.sleep(60)


def swell(_: Path) -> bytes:
    return b"x" * (2**29)


def fail(_: Path) -> None:
    raise IndexError("list index out of range")


def refuse(file: Path) -> None:
    raise BadInput("There is no sheet 'Antwoorden'", file.name, "put the answers on that sheet")


def size_of(file: Path, times: int) -> int:
    return len(file.name) * times


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "message"),
    [
        (crash, "its reader was ended by it (SIGSEGV)"),
        (leave, "its reader was ended by it (exit code 3)"),
        (hang, "reading it takes longer than 1 seconds"),
        (swell, "reading it takes more than 0.2 GB of memory"),
        (fail, "its reader failed over it (IndexError)"),
        (refuse, "There is no sheet 'Antwoorden'"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_one_message_comes_out(read: Callable[..., object], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAX_SECONDS", 1 if read is hang else 60)
    monkeypatch.setattr(apart, "MAX_MEMORY", 2**28 * 4 // 5)
    with pytest.raises(BadInput) as problem:
        read_apart(read, FILE)
    assert message in problem.value.what
    assert problem.value.where == FILE.name


def test_what_was_read_comes_back() -> None:
    assert read_apart(size_of, FILE, 3) == 39


def test_it_holds_nothing_of_this_process(tmp_path: Path) -> None:
    """An open file, such as the writer's lock, is not open there."""
    with (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        assert not read_apart(_is_open, tmp_path / "lock")


def _is_open(file: Path) -> bool:
    return any(os.path.realpath(number) == str(file) for number in Path("/proc/self/fd").iterdir())
