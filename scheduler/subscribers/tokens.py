"""Tokens in links to readers' pages: unsubscribe, preferences.

A token is a signed reader id, tied to a purpose and a campaign; it holds no address, needs no table and does not expire
(a link in an old mail must still let its reader leave). Form: URL-safe Base64 (RFC 4648, section 5) without padding of
one version byte, 16 bytes of keyed BLAKE2b (RFC 7693) and the id; 44 characters for the ids that the program makes.
RFC 8058 asks that the address in List-Unsubscribe name reader and list opaquely: this does.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence

from ..errors import ConfigurationError

#: Bytes. Shorter secrets can be guessed.
SHORTEST_SECRET = 16
_MAC = 16
_KINDS = (b"\x01", b"\x02")  # how the id is packed, see pack_id; other numbers are for later forms
_HEX = re.compile(r"[0-9a-f]{32}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{23,400}")


def token_key(secret: str) -> bytes:
    """The signing key made from a secret of any length; raises ConfigurationError for one that is too short."""
    raw = secret.encode()
    if len(raw) < SHORTEST_SECRET:
        raise ConfigurationError(
            f"the secret key has {len(raw)} characters; links could be forged",
            hint=f"set OBSERVANCE_SECRET_KEY to at least {SHORTEST_SECRET} random characters, "
            'such as the output of: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return hashlib.blake2b(raw, digest_size=32, person=b"observance-key").digest()


def fingerprint(key: bytes) -> str:
    """By what a key is known again. It tells nothing of the key, and no link can be made with it."""
    return hashlib.blake2b(key=key[:64], digest_size=16, person=b"observance-print").hexdigest()


def maker(purpose: str, key: bytes, *, campaign: str = "") -> Callable[[str], str]:
    """A function from subscriber id to token, for many of them: what is the same for all readers is hashed once."""
    start = _mac_start(purpose, key, campaign)

    def make_one(subscriber_id: str) -> str:
        form, packed = pack_id(subscriber_id)
        kind, mac = _KINDS[form], start.copy()
        mac.update(kind + packed)
        return urlsafe_b64encode(kind + mac.digest() + packed).rstrip(b"=").decode("ascii")

    return make_one


def make(purpose: str, subscriber_id: str, key: bytes, *, campaign: str = "") -> str:
    """The token of one reader for one purpose ("unsubscribe") and campaign. The same input gives the same token."""
    return maker(purpose, key, campaign=campaign)(subscriber_id)


def read(token: str, purpose: str, key: bytes | Sequence[bytes], *, campaign: str = "") -> str | None:
    """The subscriber id in ``token``; None for anything that ``make`` did not make with one of the keys.

    Give the new key and the old ones while links signed with those are still in mailboxes. Every key is tried and
    compared in constant time, whichever fits.
    """
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    # Base64 leaves room for several spellings of the same bytes; only the one that was made is good.
    if urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != token:
        return None
    kind, given, packed = raw[:1], raw[1 : 1 + _MAC], raw[1 + _MAC :]

    def mac_by(one: bytes) -> bytes:
        mac = _mac_start(purpose, one, campaign)
        mac.update(kind + packed)
        return mac.digest()

    return unpack_id(_KINDS.index(kind), packed) if is_signed(given, key, mac_by) else None


def is_signed(given: bytes, keys: bytes | Sequence[bytes], mac_by: Callable[[bytes], bytes]) -> bool:
    """Whether one of the keys made this code. Each is tried, so that the time that it takes tells nothing."""
    keys = [keys] if isinstance(keys, bytes) else keys
    return True in [hmac.compare_digest(mac_by(key), given) for key in keys]


def pack_id(subscriber_id: str) -> tuple[int, bytes]:
    """The id in few bytes, and in which form: 0 for one that the program made, 1 for any other text."""
    return (0, bytes.fromhex(subscriber_id)) if _HEX.fullmatch(subscriber_id) else (1, subscriber_id.encode())


def unpack_id(form: int, packed: bytes) -> str:
    """The id that :func:`pack_id` made few bytes of."""
    return packed.decode("utf-8", "replace") if form else packed.hex()


def _mac_start(purpose: str, key: bytes, campaign: str) -> hashlib.blake2b:
    if len(key) < SHORTEST_SECRET:
        raise ConfigurationError("the key for signing links is too short", hint="make it with token_key()")
    mac = hashlib.blake2b(key=key[:64], digest_size=_MAC, person=b"observance-link")
    for part in (purpose.encode(), campaign.encode()):
        mac.update(len(part).to_bytes(4, "big") + part)  # with lengths, so that no two pairs run into each other
    return mac
