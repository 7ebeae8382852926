"""Bytes to text: reads a file in the encoding in which it was declared, or says which one it looks like.

Belongs here: encodings, byte order, and which symbols no Dutch text has. Does not belong here: text to rows
(``csv_file.py``).
"""

from __future__ import annotations

import re

from assets.base.csv_file import CsvFile
from assets.base.errors import BadInput, shown

ENCODINGS = {"cp1252": "Windows-1252 (cp1252)", "cp850": "cp850 (DOS)", "utf-8": "UTF-8", "utf-16": "UTF-16"}

_DUTCH = "áàâäãéèêëíìîïóòôöõúùûüçñÁÀÂÄÉÈÊËÍÏÓÔÖÚÜÇÑ"
# Characters of cp1252 that no Dutch word has inside it, and the control characters that no text has (C1). … and • are
# punctuation between words, too; “ and ” come in pairs, and ‚ ˆ ‰ Š ‡ ¢ are letters at the edge of one.
_WITHIN_A_WORD = re.compile(
    "(?:(?<=[A-Za-z])([\u0080-\u009f‚ƒ„†‡ˆ‰‹”˜›¡¢£¤¥§¨ª«»¬Š]{1,2})(?=[a-z])"
    "|(?<=[a-z])([‚ˆ‰‡Š¢])(?![A-Za-z])"
    "|(?<![A-Za-z])(‚‚|[‡¢])(?=[a-z]))"
)
_C1 = re.compile("[\u0080-\u009f]")
# What cp850 makes of the letters of cp1252: symbols and letters that no Dutch word has.
_NOT_DOS = re.compile("[\u2500-\u259fÚÙÞÛþ]|[A-Za-z][÷¾³¶¯·][a-z]")
_TWICE = re.compile("[ÃÂ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def decode(data: bytes, encoding: str, file: CsvFile) -> str:
    """The text of a file's bytes. Raises BadInput when they are another encoding.

    An encoding of one byte per symbol never fails, so what is plainly another one is refused: UTF-8, or symbols that no
    Dutch text has.
    """
    _refuse_another(data, encoding, file)
    likely = looks_like(data) if encoding != "utf-16" else None
    looks = f" it looks like {ENCODINGS[likely]}" if likely and likely != encoding else ""
    name = ENCODINGS.get(encoding, encoding)
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"The file is not {name}" + (f":{looks}" if looks else "")
        raise _refuse(what, encoding, file, line, likely) from None
    if (odd := _odd_sign(text, encoding, data)) is None:
        return text
    line, word = odd
    if encoding == "utf-8":
        raise BadInput(
            f"The texts were read as another encoding and then saved as UTF-8: {shown(word)} cannot be Dutch",
            file.at(line),
            "export the file again as UTF-8, or save it again from the program that still shows its texts well",
        )
    what = f"The file is not {name}" + (f",{looks}" if looks else "") + f": {shown(word)} cannot be Dutch"
    raise _refuse(what, encoding, file, line, likely)


def _refuse_another(data: bytes, encoding: str, file: CsvFile) -> None:
    """Refuses bytes of which the first, or the zeros among them, say that they are another encoding."""
    name, has_mark = ENCODINGS.get(encoding, encoding), data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if encoding == "utf-16":
        if not has_mark:
            what = "The file is not UTF-16: it does not begin with its byte order mark"
            raise _refuse(what, encoding, file)
        return
    if has_mark:
        what = f"The file begins with the byte order mark of UTF-16: it is UTF-16, not {name}"
        raise _refuse(what, encoding, file, likely="utf-16")
    if b"\x00" in data:
        if data[:200].count(b"\x00") > len(data[:200]) // 4:
            raise _refuse("The file looks like UTF-16 without its byte order mark", encoding, file)
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise _refuse("The file is not text: it holds a zero byte", encoding, file, line)
    if encoding != "utf-8" and not data.isascii() and _is(data, "utf-8"):
        line = next(number for number, part in enumerate(data.split(b"\n"), 1) if not part.isascii())
        mark = " (it begins with its byte order mark)" if data.startswith(b"\xef\xbb\xbf") else ""
        raise _refuse(f"The file is UTF-8{mark}, not {name}", encoding, file, line, "utf-8")


def _refuse(what: str, encoding: str, file: CsvFile, line: int | None = None, likely: str | None = None) -> BadInput:
    option = f"--encoding {likely}" if likely else "--encoding"
    remedy = file.remedy(f"save it again as {ENCODINGS.get(encoding, encoding)}", option)
    return BadInput(what, file.at(line) if line else file.where, remedy)


def looks_like(data: bytes) -> str | None:
    """The encoding in which bytes that are not ASCII make Dutch words: cp850, else cp1252; None when neither does."""
    if data.isascii():
        return None
    if _dos_letters(data):
        return "cp850"
    return "cp1252" if _is(data, "cp1252") else None


def _dos_letters(data: bytes) -> re.Match[str] | None:
    """The first word that only cp850 makes: in Windows-1252 a symbol, or nothing at all, is within it."""
    as_windows = data.decode("cp1252", errors="replace").replace("\ufffd", "\u0081")
    if len(as_windows) != len(data):
        return None
    for found in _WITHIN_A_WORD.finditer(as_windows):
        before = as_windows[: found.start()].rpartition("\n")[2]
        closes_a_quotation = found.group() == "”" and any(opens in before for opens in "“„")
        letters = data[found.start() : found.end()].decode("cp850")
        if not closes_a_quotation and all(letter in _DUTCH for letter in letters):
            return found
    return None


def odd_text(text: str) -> bool:
    """Whether a text holds what no Dutch text has: UTF-8 that was read as another encoding, or control characters."""
    return bool(_TWICE.search(text) or _C1.search(text))


def _odd_sign(text: str, encoding: str, data: bytes) -> tuple[int, str] | None:
    """The line and the word of the first symbol that no Dutch text in this encoding has."""
    found: re.Match[str] | None
    if encoding == "utf-16":
        return None
    if encoding == "utf-8":
        found = _TWICE.search(text)
    elif encoding == "cp850":
        found = _NOT_DOS.search(text)
    else:
        found = _C1.search(text) or _dos_letters(data)
    if found is None:
        return None
    begin = max(text.rfind(symbol, 0, found.start()) for symbol in " ;,\t|\n\r\"'") + 1
    word = re.split("[ ;,\t|\n\r\"']", text[begin : begin + 60], maxsplit=1)[0]
    return text.count("\n", 0, found.start()) + 1, word or found[0]


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
