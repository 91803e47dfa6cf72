"""Secrets: which there are, how they are kept from being shown, and what must not stand in a file as one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .values import split_address

#: Secrets that belong to no channel, and what they are for; each is ``OBSERVANCE_`` + its name, or a file named by the
#: same with ``_FILE``.
SECRETS: Mapping[str, str] = {
    "SECRET_KEY": "signs the addresses in emails (unsubscribe, preferences); made by itself when not given",
    "SECRET_KEY_OLD": "earlier secret keys, with commas between them: what they signed stays good",
    "NOTICES_SMTP_PASSWORD": "mail server of the notices: the account's password",
}


class Secrets:
    """Secrets by name. Never printed: its repr shows names only."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> str | None:
        """The secret, or None; ``name`` without the ``OBSERVANCE_`` prefix: ``SENDGRID_API_KEY``."""
        return self._values.get(name)

    def with_those_of(self, other: Secrets, names: Collection[str]) -> Secrets:
        """These, but those of these names as ``other`` has them."""
        taken = {name: value for name in names if (value := other.get(name)) is not None}
        return Secrets({**{n: v for n, v in self._values.items() if n not in names}, **taken})

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"


def has_password(address: str) -> bool:
    """Whether a password stands in an address."""
    parts = split_address(address)
    return parts is not None and bool(parts.password or re.search(r"[?&]password=.", parts.query))


_SECRET_KEY = re.compile(
    r"(?:^|_)(?:api_?key|secret(?:_key)?|password|passwd|token|consumer_key|webhook_key|private_key)(?:$|_)"
)
_SECRET_VALUE = re.compile(r"^(?:SG\.[\w-]{10,}|Bearer\s|-----BEGIN)")


def looks_secret(key: str, value: object) -> bool:
    """Whether a key of a file, or what it says, is a secret that must not stand there."""
    if _SECRET_KEY.search(re.sub(r"[^a-z0-9]+", "_", key.lower())) and not isinstance(value, (dict, bool)):
        return True
    if isinstance(value, list):
        return any(looks_secret("", entry) for entry in value)
    return isinstance(value, str) and (bool(_SECRET_VALUE.match(value)) or has_password(value))
