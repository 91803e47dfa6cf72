"""The address that a reader's mail comes back to: the bounce address, with whose mail of which call it was (VERP).

It is signed, so that nobody can have a stranger barred by inventing reports, and holds no address. Form of the local
part: ``bounces+`` and in base 32 (RFC 4648, in small letters: servers on the way may change capitals) four bytes of the
send id, eight of keyed BLAKE2b and the reader's id; 64 characters at most (RFC 5321, 4.5.3.1.1).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32decode, b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .tokens import is_signed, pack_id, unpack_id

LONGEST_LOCAL_PART = 64
#: Hexadecimal digits of the send id in a token. A call of that reader with the same ones is not to be expected.
SEND_ID_DIGITS = 8

_MAC = 8
_KINDS = "ab"  # how the reader's id is packed, see pack_id; other letters are for later forms
_TOKEN = re.compile(r"[ab][a-z2-7]{20,120}")
_LOCAL_PART = re.compile(r"[^\s<>@]+\+([ab][a-z2-7]{20,120})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a token says: whose mail, of the call whose send id begins so."""

    subscriber_id: str
    send_id_start: str


def maker(bounce_address: str, key: bytes) -> Callable[[str, str], str]:
    """A function from send id and subscriber id to the envelope's sender. For an id that does not fit it is the plain
    ``bounce_address``."""
    name, _, domain = bounce_address.rpartition("@")

    def make_one(send_id: str, subscriber_id: str) -> str:
        local = f"{name}+{make(send_id, subscriber_id, key)}"
        return f"{local}@{domain}" if len(local) <= LONGEST_LOCAL_PART else bounce_address

    return make_one


def make(send_id: str, subscriber_id: str, key: bytes) -> str:
    """The token of one reader's mail of one call. The same input gives the same token."""
    start = _start_of(send_id)
    form, packed = pack_id(subscriber_id)
    return _KINDS[form] + _base32(start + _mac(key, _KINDS[form], start, packed) + packed)


def read(token: str, key: bytes | Sequence[bytes]) -> Returned | None:
    """What ``token`` says, in whatever capitals; None for anything that :func:`make` did not make with one of the
    keys."""
    token = token.lower()
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = b32decode(token[1:].upper() + "=" * (-(len(token) - 1) % 8))
    except ValueError:
        return None
    start, given, packed = raw[:4], raw[4 : 4 + _MAC], raw[4 + _MAC :]
    # Base 32 leaves room for several spellings; only the one that was made is good.
    if _base32(raw) != token[1:] or not is_signed(given, key, lambda one: _mac(one, token[0], start, packed)):
        return None
    return Returned(unpack_id(_KINDS.index(token[0]), packed), start.hex())


def tokens_in(text: str) -> list[str]:
    """What may be tokens: the part behind the + of each address in a header."""
    return _LOCAL_PART.findall(text)


def _start_of(send_id: str) -> bytes:
    """The first bytes of a send id; of one that is no hexadecimal number (a test mail's), of its hash."""
    digits = send_id[:SEND_ID_DIGITS]
    if re.fullmatch(f"[0-9a-f]{{{SEND_ID_DIGITS}}}", digits):
        return bytes.fromhex(digits)
    return hashlib.sha256(send_id.encode()).digest()[:4]


def _mac(key: bytes, kind: str, start: bytes, packed: bytes) -> bytes:
    signed = kind.encode() + start + packed
    return hashlib.blake2b(signed, key=key[:64], digest_size=_MAC, person=b"observance-verp").digest()


def _base32(raw: bytes) -> str:
    return b32encode(raw).decode("ascii").rstrip("=").lower()
