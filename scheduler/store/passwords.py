"""Passwords as they are kept: argon2id, salted, slow on purpose. The only home of argon2."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: One look at a time: several at once would take several times the memory, and many forms at once are no person.
_one_at_a_time = threading.Lock()


@cache
def _hasher() -> PasswordHasher:
    """The library's own choice of work (RFC 9106, low memory): 64 MiB and some 50 ms for each look."""
    from argon2 import PasswordHasher

    return PasswordHasher()


def hash_password(password: str) -> str:
    with _one_at_a_time:
        return _hasher().hash(_plain(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password that ``kept`` was made from. Takes as long where nothing is kept."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _one_at_a_time:
        try:
            _hasher().verify(kept or _nobodys(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@cache
def _nobodys() -> str:
    """What is compared with for a name that there is not."""
    return _hasher().hash("nobody has this password, and nobody could sign in with it")


def _plain(password: str) -> bytes:
    """The same letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
