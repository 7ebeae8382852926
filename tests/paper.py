"""What may be wrong with a page of a PDF: a word that is over another, cut, off the paper, or too small to read.

Belongs here: pictures of pages, and what their words tell; both by poppler. Does not belong here: which PDF.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

_PAGE, _WORD = ("{http://www.w3.org/1999/xhtml}" + name for name in ("page", "word"))
_PIXELS = 96  # an inch, of 72 points
_OVER, _HIGH = 0.8, 0.35  # points, and a part of a word's height: less is no overlap
_LINE_HEIGHT = 1.149  # of a word's box, in font sizes
_INK = 40  # of 255: how much letters differ from their ground


Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


class Word(NamedTuple):
    """A word and its box, in points from the upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def faults_of_pages(pdf: Path, folder: Path, least: float) -> list[str]:
    """What is wrong on each page, whose pictures it leaves in the ``folder``; letters are at least so many points."""
    _draw(pdf, folder / pdf.stem, "-png")
    with TemporaryDirectory() as aside:  # in grey, which can be read without a library of pictures
        _draw(pdf, Path(aside) / "page", "-gray")
        return [
            f"{pdf.name}, page {no}: {fault}"
            for no, ((size, words), grey) in enumerate(zip(_pages(pdf), sorted(Path(aside).iterdir()), strict=True), 1)
            for fault in _faults(size, words, _grey(grey), least)
        ]


def _pages(pdf: Path) -> Iterator[tuple[tuple[float, float], list[Word]]]:
    words_in_place = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout
    for page in ElementTree.fromstring(words_in_place).iter(_PAGE):
        words = [
            Word(word.text or "", *(float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax")))
            for word in page.iter(_WORD)
        ]
        yield (float(page.attrib["width"]), float(page.attrib["height"])), words


def _draw(pdf: Path, stem: Path, form: str) -> None:
    subprocess.run(["pdftoppm", "-r", str(_PIXELS), form, str(pdf), str(stem)], check=True)


def _faults(size: tuple[float, float], words: Sequence[Word], grey: Grey, least: float) -> Iterator[str]:
    for word in words:
        if min(word.left, word.top) < 0 or word.right > size[0] or word.bottom > size[1]:
            yield f"'{word.text}' is off the paper"
        elif _is_cut(word, grey):
            yield f"'{word.text}' is cut"
        if (word.bottom - word.top) / _LINE_HEIGHT < least:
            yield f"'{word.text}' is too small"
    in_order = sorted(words, key=lambda word: word.top)
    for no, one in enumerate(in_order):
        below = one.bottom - (one.bottom - one.top) * _HIGH
        for other in in_order[no + 1 :]:
            if other.top >= below:
                break
            if min(one.right, other.right) - max(one.left, other.left) > _OVER:
                yield f"'{one.text}' is over '{other.text}'"


def _grey(picture: Path) -> Grey:
    """How light each pixel is, by row and column."""
    _, size, _, pixels = picture.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


def _is_cut(word: Word, grey: Grey) -> bool:
    """Whether there is nothing of a word, above or below its middle; or hashes for a number that did not fit."""
    if word.text.startswith("###"):
        return True
    if not any(map(str.isalnum, word.text)):
        return False
    middle = (word.top + word.bottom) / 2
    left, top, half, right, bottom = (
        int(place * _PIXELS / 72) for place in (word.left, word.top, middle, word.right, word.bottom)
    )
    halves = (grey[upper : lower + 1, max(left - 1, 0) : right + 2] for upper, lower in ((top, half), (half, bottom)))
    return any(np.ptp(part) < _INK for part in halves)
