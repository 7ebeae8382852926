"""How the command line speaks: one console, plain when it is not a terminal, and errors without a traceback."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import typer
from rich.console import Console

from assets.base.errors import BadInput, no_room
from assets.base.texts import Text

Language = Literal["nl", "en"]
# What is shown can come from a delivered file: as it is, without markup or emoji codes.
console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
_LIKENESS = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "→": "->", "€": "EUR", "›": ">", "•": "-"}
)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def speak_in_any_encoding() -> None:
    """Lets output survive a terminal with few characters (cp850, cp437, ascii): there 'é' is 'e', what has no likeness
    '?'."""
    codecs.register_error("likeness", _likeness)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="likeness")


def _likeness(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_LIKENESS)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() or "?", error.end


@contextmanager
def plainly() -> Iterator[None]:
    """Shows a BadInput, or a file that cannot be opened or written, as its text; ends with exit code 1."""
    try:
        yield
    except BadInput as error:
        errors.print(str(error), style="red")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped", style="red")
        raise typer.Exit(130) from None
    except OSError as error:
        plain = f"{error.strerror or error}\n  where:  {error.filename or 'the file system'}"
        errors.print(str(no_room(error) or plain), style="red")
        raise typer.Exit(1) from None


class Voice:
    """Says a text in the language that was asked for."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def of(self, text: Text) -> str:
        """The text in that language."""
        return text.nl if self._language == "nl" else text.en

    def words(self, nl: str, en: str) -> str:
        """The one of the two that is in that language."""
        return self.of(Text(nl, en))

    def line(self, text: str = "", style: str | None = None) -> None:
        """Prints a line."""
        console.print(text, style=style)
