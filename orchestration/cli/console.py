"""How the command line speaks: one console, plain when it is not a terminal, and errors without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import typer
from rich.console import Console

from assets.editions.mark import Text
from assets.errors import BadInput

Language = Literal["nl", "en"]
# What is shown can come from a delivered file: as it is, without markup or emoji codes.
console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def plainly() -> Iterator[None]:
    """Shows a BadInput, or a file that cannot be opened or written, as its text; ends with exit code 1."""
    try:
        yield
    except BadInput as error:
        errors.print(str(error), style="red")
        raise typer.Exit(1) from None
    except OSError as error:
        errors.print(f"{error.strerror or error}\n  where:  {error.filename or 'the file system'}", style="red")
        raise typer.Exit(1) from None


class Voice:
    """Says a text in the language that was asked for."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def of(self, text: Text) -> str:
        return text.nl if self._language == "nl" else text.en

    def words(self, nl: str, en: str) -> str:
        return self.of(Text(nl, en))

    def line(self, text: str = "", style: str | None = None) -> None:
        console.print(text, style=style)
