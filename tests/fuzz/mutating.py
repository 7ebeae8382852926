"""Damages a file as transports, programs and ill will do: bits, pieces, lengths; in a workbook also inside its parts.

Belongs here: one mutation of given bytes, the same for the same seed. Does not belong here: which files, which readers.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

_ODD = (b"\x00", b"\xff", b"\r", b"\n", b'"', b";", b"<", b"&", b"]]>", b"=", b"*x", b"&x ", b"[" * 40, b"9" * 400)
_CENTRAL = b"PK\x01\x02"  # an entry of an archive's list, which declares sizes


def mutated(content: bytes, seed: str) -> bytes:
    """The content with one to four changes."""
    draw = random.Random(seed)
    for _ in range(draw.randint(1, 4)):
        own = [*_ON_BYTES, *_ON_ARCHIVES * 3] if zipfile.is_zipfile(io.BytesIO(content)) else _ON_BYTES
        content = draw.choice(own)(content, draw)
    return content


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 1, 8, 64))):
        if changed:
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(content: bytes, draw: random.Random) -> bytes:
    first, last = sorted(draw.randrange(len(content) + 1) for _ in range(2))
    return draw.choice((content[:first], content[:first] + content[last:], content[first:]))


def _repeat(content: bytes, draw: random.Random) -> bytes:
    first = draw.randrange(len(content) + 1)
    piece = content[first : first + draw.choice((1, 10, 1000))]
    return content[:first] + piece * draw.choice((2, 50)) + content[first:]


def _insert(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(_ODD) * draw.choice((1, 1, 20)) + content[at:]


def _swap(content: bytes, draw: random.Random) -> bytes:
    a, b, c = sorted(draw.randrange(len(content) + 1) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


def _number(content: bytes, draw: random.Random) -> bytes:
    """A length or a place that is another one."""
    at = draw.randrange(len(content) + 1)
    number = struct.pack("<i", draw.choice((0, -1, 2**31 - 1, 2**16, draw.randrange(2**20))))
    return content[:at] + number + content[at + 4 :]


def _in_a_part(content: bytes, draw: random.Random) -> bytes:
    """Bytes of an unpacked part; the archive itself is sound."""
    parts = _unpacked(content)
    if not parts:
        return content
    name = draw.choice(sorted(parts))
    parts[name] = draw.choice(_ON_BYTES)(parts[name], draw)
    return _packed(parts)


def _without_a_part(content: bytes, draw: random.Random) -> bytes:
    parts = _unpacked(content)
    if parts:
        del parts[draw.choice(sorted(parts))]
    return _packed(parts)


def _other_sizes(content: bytes, draw: random.Random) -> bytes:
    """What the archive declares of a part is not true."""
    places = [at for at in range(len(content)) if content.startswith(_CENTRAL, at)]
    if not places:
        return content
    at = draw.choice(places) + draw.choice((10, 16, 20, 24, 42))
    return content[:at] + struct.pack("<I", draw.choice((0, 1, 2**31, draw.randrange(2**24)))) + content[at + 4 :]


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # it was damaged before
        return {}


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


_Mutation = Callable[[bytes, random.Random], bytes]
_ON_BYTES: tuple[_Mutation, ...] = (_flip, _cut, _repeat, _insert, _swap, _number)
_ON_ARCHIVES: tuple[_Mutation, ...] = (_in_a_part, _without_a_part, _other_sizes)
