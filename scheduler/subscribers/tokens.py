"""What is signed with the secret key: tokens in links to readers' pages (unsubscribe, preferences), the address that a
mail comes back to, and what proves that a page is this ledger's own. None of it holds an address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence

from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from .fields import LONGEST_LOCAL_PART

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


# -- links ----------------------------------------------------------------------------------------------
#
# A token is a signed reader id, tied to a purpose and a campaign; it holds no address, needs no table and does not
# expire (a link in an old mail must still let its reader leave). Form: URL-safe Base64 (RFC 4648, section 5) without
# padding of one version byte, 16 bytes of keyed BLAKE2b (RFC 7693) and the id; 44 characters for the ids that the
# program makes. RFC 8058 asks that the address in List-Unsubscribe name reader and list opaquely: this does.


def maker(purpose: str, key: bytes, *, campaign: str = "") -> Callable[[str], str]:
    """A function from subscriber id to token."""
    start = _mac_start(purpose, key, campaign)

    def make_one(subscriber_id: str) -> str:
        form, packed = pack_id(subscriber_id)
        kind, mac = _KINDS[form], start.copy()
        mac.update(kind + packed)
        return urlsafe_b64encode(kind + mac.digest() + packed).rstrip(b"=").decode("ascii")

    return make_one


class LinkMaker:
    """Readers' own addresses of a page, by their ids: ``maker(subscriber_id)``, or many ``of_all(ids)``."""

    def __init__(self, base: str, purpose: str, key: bytes, *, campaign: str) -> None:
        """``base``: the address up to the token."""
        self._base, self._one = base, maker(purpose, key, campaign=campaign)
        self._start_of_hex = _mac_start(purpose, key, campaign)
        self._start_of_hex.update(_KINDS[0])

    def __call__(self, subscriber_id: str) -> str:
        return self._base + self._one(subscriber_id)

    def of_all(self, subscriber_ids: Sequence[str]) -> list[str]:
        """One for each, in order. Tokens of ids that the program made have all the same length, 33 bytes, which are 44
        letters without a rest: so all of a batch are encoded at once, in 1.3 in place of 3.2 us each (November 2026).
        """
        if not _are_hex(subscriber_ids):
            return [self(subscriber_id) for subscriber_id in subscriber_ids]
        copy, kind, raw = self._start_of_hex.copy, _KINDS[0], list[bytes]()
        for packed in map(bytes.fromhex, subscriber_ids):
            mac = copy()
            mac.update(packed)
            raw += kind, mac.digest(), packed
        base, letters = self._base, urlsafe_b64encode(b"".join(raw)).decode("ascii")
        return [base + letters[at : at + 44] for at in range(0, len(letters), 44)]


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


def _are_hex(ids: Sequence[str]) -> bool:
    """Whether each is 32 small hexadecimal digits, as the program makes them."""
    digits = "".join(ids)
    try:
        return set(map(len, ids)) == {32} and bytes.fromhex(digits).hex() == digits
    except ValueError:
        return False


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


# -- a reviewer's link -----------------------------------------------------------------------------------


def review_token(seed: str, key: bytes) -> str:
    """The token of one reviewer's link, made again from what is kept of it: neither the ledger nor the key alone
    gives it. 256 bits as 43 URL-safe characters, as :func:`~scheduler.domain.invitation.new_token` has them."""
    mac = hmac.digest(key, f"observance-review\n{seed}".encode(), "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")


# -- return paths ---------------------------------------------------------------------------------------
#
# The address that a reader's mail comes back to: the bounce address, with whose mail of which call it was (VERP).
#
# It is signed, so that nobody can have a stranger barred by inventing reports, and holds no address. Form of the
# local part: ``bounces+`` and in base 32 (RFC 4648, in small letters: servers on the way may change capitals) four
# bytes of the send id, eight of keyed BLAKE2b and the reader's id; 64 characters at most (RFC 5321, 4.5.3.1.1).

#: Hexadecimal digits of the send id in a token. A call of that reader with the same ones is not to be expected.
SEND_ID_DIGITS = 8

_RETURN_MAC = 8
_RETURN_KINDS = "ab"  # how the reader's id is packed, see pack_id; other letters are for later forms
_RETURN_TOKEN = re.compile(r"[ab][a-z2-7]{20,120}")
_LOCAL_PART = re.compile(r"[^\s<>@]+\+([ab][a-z2-7]{20,120})@", re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """What a token says: whose mail, of the call whose send id begins so."""

    subscriber_id: str
    send_id_start: str


def return_path_maker(bounce_address: str, key: bytes) -> Callable[[str, str], str]:
    """A function from send id and subscriber id to the envelope's sender. For an id that does not fit it is the plain
    ``bounce_address``."""
    name, _, domain = bounce_address.rpartition("@")

    def make_one(send_id: str, subscriber_id: str) -> str:
        local = f"{name}+{make_return_path(send_id, subscriber_id, key)}"
        return f"{local}@{domain}" if len(local) <= LONGEST_LOCAL_PART else bounce_address

    return make_one


def make_return_path(send_id: str, subscriber_id: str, key: bytes) -> str:
    """The token of one reader's mail of one call. The same input gives the same token."""
    digits = send_id[:SEND_ID_DIGITS]
    is_hex = re.fullmatch(f"[0-9a-f]{{{SEND_ID_DIGITS}}}", digits)  # that of a test mail is not
    start = bytes.fromhex(digits) if is_hex else hashlib.sha256(send_id.encode()).digest()[:4]
    form, packed = pack_id(subscriber_id)
    return _RETURN_KINDS[form] + _base32(start + _return_mac(key, _RETURN_KINDS[form], start, packed) + packed)


def read_return_path(token: str, key: bytes | Sequence[bytes]) -> Returned | None:
    """What ``token`` says, in whatever capitals; None for anything that :func:`make_return_path` did not make with one
    of the keys."""
    token = token.lower()
    if not _RETURN_TOKEN.fullmatch(token):
        return None
    try:
        raw = b32decode(token[1:].upper() + "=" * (-(len(token) - 1) % 8))
    except ValueError:
        return None
    start, given, packed = raw[:4], raw[4 : 4 + _RETURN_MAC], raw[4 + _RETURN_MAC :]
    # Base 32 leaves room for several spellings; only the one that was made is good.
    if _base32(raw) != token[1:] or not is_signed(given, key, lambda one: _return_mac(one, token[0], start, packed)):
        return None
    return Returned(unpack_id(_RETURN_KINDS.index(token[0]), packed), start.hex())


def tokens_in(text: str) -> list[str]:
    """What may be tokens: the part behind the + of each address in a header."""
    return _LOCAL_PART.findall(text)


def _return_mac(key: bytes, kind: str, start: bytes, packed: bytes) -> bytes:
    signed = kind.encode() + start + packed
    return hashlib.blake2b(signed, key=key[:64], digest_size=_RETURN_MAC, person=b"observance-verp").digest()


def _base32(raw: bytes) -> str:
    return b32encode(raw).decode("ascii").rstrip("=").lower()


# -- a page of this ledger ------------------------------------------------------------------------------
#
# What proves that a page is this ledger's own: to the program by an answer to a number, to a person by a short code.
#
# Both are made with the secret key and the ledger's id. Neither says anything of a reader.

NONCE = re.compile(r"[0-9a-f]{32}")
#: Crockford's alphabet: nothing in it is mistaken for something else.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN = str.maketrans("OIL", "011")


def page_proof(key: bytes, ledger_id: str, nonce: str) -> str:
    """The answer to ``nonce``."""
    return _page_mac(key, "page", ledger_id, nonce).hex()


def proves_page(answer: str, key: bytes, ledger_id: str, nonce: str) -> bool:
    """Whether an answer to ``nonce`` is this ledger's."""
    return hmac.compare_digest(answer.encode(), page_proof(key, ledger_id, nonce).encode())


def page_code(key: bytes, ledger_id: str, public_url: str) -> str:
    """What the page shows to people: K7QM-3XPA."""
    raw = int.from_bytes(_page_mac(key, "code", ledger_id, public_url)[:5], "big")
    letters = "".join(_LETTERS[raw >> shift & 31] for shift in range(35, -5, -5))
    return f"{letters[:4]}-{letters[4:]}"


def same_code(typed: str, shown: str) -> bool:
    """Whether somebody typed what the page shows, however they write it."""
    return hmac.compare_digest(_plain(typed), _plain(shown))


def _plain(text: str) -> bytes:
    return re.sub(r"[\s-]", "", text).upper().translate(_MISTAKEN).encode()


def _page_mac(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "\n".join(("observance-own-page", *parts)).encode(), "sha256")
