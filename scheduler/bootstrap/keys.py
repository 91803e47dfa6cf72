"""The key that signs readers' addresses."""

from __future__ import annotations

import os
import secrets as random_source
from pathlib import Path
from typing import TYPE_CHECKING

from ..settings import Settings

if TYPE_CHECKING:
    pass


def secret_key(root: Path, settings: Settings) -> str:
    """The key that signs readers' unsubscribe addresses: from the settings, else made once in var/secret.key."""
    given = settings.secrets.get("SECRET_KEY")
    if given:
        return given
    path = root / "var" / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = random_source.token_hex(32)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made)
        return made
