"""A PNG file that somebody brings: looked at, and left with its pixels alone."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: What the pixels are made of. Whatever else a file holds (where and when it was made, by whom) is left out.
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def bare_png(content: bytes) -> tuple[bytes, int, int]:
    """The picture without what is no picture, its width and its height. Raises ValueError for what is no PNG."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("it is no PNG file")
    kept, at, width, height = [_SIGNATURE], len(_SIGNATURE), 0, 0
    while at + 12 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + size]
        if len(chunk) < 12 + size or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            break
        if kind == b"IHDR" and size == 13:
            width, height = struct.unpack_from(">II", chunk, 8)
        if kind in _KEPT:
            kept.append(chunk)
        if kind == b"IEND":
            if width and height and any(one[4:8] == b"IDAT" for one in kept):
                return b"".join(kept), width, height
            break
        at += 12 + size
    raise ValueError("it is damaged")
