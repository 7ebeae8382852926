"""What is kept by hand is small, flat text: anything else is refused with one message."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.base import files
from assets.base.csv_file import read_csv_file
from assets.base.errors import BadInput
from assets.base.yaml_file import read_yaml

MILLIONS = "p0: &p0 [1, 1]\n" + "".join(f"p{n}: &p{n} [*p{n - 1}, *p{n - 1}]\n" for n in range(1, 25))
OF_ITSELF = "a: &a [*a]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(MILLIONS, "stands for more than", id="a few lines that stand for millions"),
        pytest.param(OF_ITSELF, "recursive", id="a part that holds itself"),
        pytest.param("a: " + "[" * 3000, "not valid YAML", id="deep brackets"),
        pytest.param("".join(" " * n + "a:\n" for n in range(1500)), "nested too deep|not valid", id="deep lines"),
        pytest.param("a: \x00", "control character", id="a control character"),
        pytest.param("- a\n", "not a mapping", id="a list"),
    ],
)
def test_yaml_that_is_no_declaration(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message) as problem:
        read_yaml(tmp_path / "settings.yaml", "settings").fields()
    assert str(tmp_path) in problem.value.where


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(Path.exists, "There is no register", id="nothing"),
        pytest.param(lambda file: file.mkdir(), "is no file", id="a folder"),
        pytest.param(os.mkfifo, "is no file", id="a pipe, which would wait without end"),
        pytest.param(lambda file: file.write_bytes(b"a" * 200), "is bigger than", id="too big"),
        pytest.param(lambda file: file.write_bytes(b"a\n\xff"), "is not UTF-8", id="other bytes"),
    ],
)
@pytest.mark.parametrize("read", [read_yaml, lambda file, subject: read_csv_file(file, subject, "put it back")])
def test_what_is_no_file_of_a_declaration(
    make: Callable[[Path], object],
    message: str,
    read: Callable[[Path, str], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MAX_DECLARATION", 100)
    make(tmp_path / "register")
    with pytest.raises(BadInput, match=message):
        read(tmp_path / "register", "register")
