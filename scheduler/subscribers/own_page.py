"""What proves that a page is this ledger's own: to the program by an answer to a number, to a person by a short code.

Both are made with the secret key and the ledger's id. Neither says anything of a reader.
"""

from __future__ import annotations

import hmac
import re

NONCE = re.compile(r"[0-9a-f]{32}")
#: Crockford's alphabet: nothing in it is mistaken for something else.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN = str.maketrans("OIL", "011")


def proof(key: bytes, ledger_id: str, nonce: str) -> str:
    """The answer to ``nonce``."""
    return _mac(key, "page", ledger_id, nonce).hex()


def proves(answer: str, key: bytes, ledger_id: str, nonce: str) -> bool:
    """Whether an answer to ``nonce`` is this ledger's."""
    return hmac.compare_digest(answer.encode(), proof(key, ledger_id, nonce).encode())


def code(key: bytes, ledger_id: str, public_url: str) -> str:
    """What the page shows to people: K7QM-3XPA."""
    raw = int.from_bytes(_mac(key, "code", ledger_id, public_url)[:5], "big")
    letters = "".join(_LETTERS[raw >> shift & 31] for shift in range(35, -5, -5))
    return f"{letters[:4]}-{letters[4:]}"


def same_code(typed: str, shown: str) -> bool:
    """Whether somebody typed what the page shows, however they write it."""
    return hmac.compare_digest(_plain(typed), _plain(shown))


def _plain(text: str) -> bytes:
    return re.sub(r"[\s-]", "", text).upper().translate(_MISTAKEN).encode()


def _mac(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "\n".join(("observance-own-page", *parts)).encode(), "sha256")
