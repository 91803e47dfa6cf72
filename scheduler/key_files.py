"""The secret keys: the one that signs readers' links and makes hashes of addresses, and older ones that did."""

from __future__ import annotations

import os
import secrets as random_source
from contextlib import suppress
from pathlib import Path

from .errors import UsageError, cannot_write
from .settings import Settings

KEY_FILE, OLD_KEYS_FILE = "secret.key", "secret.key.old"


class SecretKeys(tuple[str, ...]):
    """Never printed."""

    def __repr__(self) -> str:
        return f"{len(self)} secret keys"


def read_keys(settings: Settings) -> SecretKeys:
    """The keys that are there: the one that signs, then older ones, by which what was signed earlier is still known;
    nothing where there is none to sign with.

    The present one is ``OBSERVANCE_SECRET_KEY``, else ``var/secret.key``. Old ones are in ``OBSERVANCE_SECRET_KEY_OLD``
    (with commas between them) and in ``var/secret.key.old`` (one a line); a file whose key is not the present one any
    more counts as old too.
    """
    in_file = _read(settings.var_folder / KEY_FILE).strip()  # an editor adds a line's end to a file that it saves
    present = settings.secrets.get("SECRET_KEY") or in_file
    if not present:
        return SecretKeys()
    named = (settings.secrets.get("SECRET_KEY_OLD") or "").split(",")
    kept = (key.strip() for key in (*named, *_read(settings.var_folder / OLD_KEYS_FILE).splitlines()))
    return SecretKeys(key for key in dict.fromkeys((present, in_file, *kept)) if key)


def make_key(settings: Settings) -> None:
    """Make ``var/secret.key``. Where several processes begin at once, they agree on one: it appears whole or not."""
    path = settings.var_folder / KEY_FILE
    beside = path.with_name(f"{KEY_FILE}.{os.getpid()}.{random_source.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(beside, random_source.token_hex(32))
        with suppress(FileExistsError):
            os.link(beside, path)
    except OSError as problem:
        raise cannot_write(path, problem) from None
    finally:
        with suppress(OSError):  # such as a folder that is not there
            beside.unlink()


def rotate(settings: Settings) -> Path:
    """Put a new key into ``var/secret.key``; the present one is kept in ``var/secret.key.old`` first."""
    if settings.secrets.get("SECRET_KEY"):
        raise UsageError(
            "the key comes from OBSERVANCE_SECRET_KEY, which this command cannot change; nothing was changed",
            hint="put a new key there, add the one that is there now to OBSERVANCE_SECRET_KEY_OLD (with a comma "
            "between several), and start again: old links stay good",
        )
    folder = settings.var_folder
    present, kept = _read(folder / KEY_FILE), _read(folder / OLD_KEYS_FILE)
    try:
        _replace(folder / OLD_KEYS_FILE, "".join(f"{key.strip()}\n" for key in (present, *kept.splitlines())))
        _replace(folder / KEY_FILE, random_source.token_hex(32))
    except OSError as problem:
        raise cannot_write(folder / KEY_FILE, problem, kept="the key is the one that it was") from None
    return folder / OLD_KEYS_FILE


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _write(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, content: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    _write(beside, content)
    beside.replace(path)
