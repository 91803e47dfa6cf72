"""Records that were read before, for the processes after this one: file by file, under what each says.

Who edits an item leaves the other files as they are. A file in which something is wrong is read each time.
"""

from __future__ import annotations

import contextlib
import pickle
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import TypeVar

from ...domain.campaign import ItemText
from ...kept_by_key import KeptByKey
from ...what_items_share import fingerprint_of_words, note_fingerprint
from .campaign_folder import Folder
from .references import Records

T = TypeVar("T")
_MAY_HIDE = re.compile(r"\\[uUbfr]")  # an escape in a value, which is looked for where it was written

#: What was made, and an item's fingerprint; the records that are named in the file, with their places, and those that
#: it refers to; and the files that were read for it, with the hash of each.
RECORDS = KeptByKey()


def read_once(
    folder: Folder, records: Records, name: str, rests_on: object, read: Callable[[], T], largest: int = 0
) -> T:
    """What ``read`` makes of the text of a file, which was read into ``folder`` already, and notes in both.

    ``rests_on``: all that it goes by beside the file, and beside other files of the folder that it reads as stored
    sources, of at most ``largest`` bytes each.
    """
    text = folder.texts[name]
    if RECORDS.folder is None or _MAY_HIDE.search(text):
        return read()
    key = folder.shown, name, text, rests_on
    with contextlib.suppress(Exception):  # whatever it is, the file is read again
        made: T
        made, own, named, references, stored = pickle.loads(RECORDS.read(key))  # noqa: S301 - see kept_by_key
        are_new = all(records.named[kind].keys().isdisjoint(ids) for kind, ids in named.items())
        if are_new and _take(folder, stored, largest):
            for kind, ids in named.items():
                records.named[kind].update(ids)
            records.references += references
            if isinstance(made, ItemText):
                note_fingerprint(made, own)
            return made
    before = _state(folder, records)
    there = {kind: len(ids) for kind, ids in records.named.items()}
    at = len(records.references)
    made = read()
    stored = _stored_of(folder, [*folder.stored] if largest else [], largest)
    if stored is not None and _state(folder, records) == before:
        named = {kind: dict([*ids.items()][there[kind] :]) for kind, ids in records.named.items()}
        named = {kind: ids for kind, ids in named.items() if ids}
        own = fingerprint_of_words(made) if isinstance(made, ItemText) else ""
        RECORDS.write(key, pickle.dumps((made, own, named, records.references[at:], stored[0])))
    return made


def _state(folder: Folder, records: Records) -> tuple[int, int, int]:
    """Another, as soon as something is found, or cannot be read."""
    return len(folder.findings), len(records.findings), len(records.unreadable)


def _stored_of(folder: Folder, names: Iterable[str], largest: int) -> tuple[dict[str, str], dict[str, str]] | None:
    """The hash of each stored source, and its text; None where one of them cannot be read."""
    probe, hashes = Folder(folder.path, folder.shown, folder.overlay), {}
    for name in names:
        raw = probe.read(name, largest)
        if (
            raw is None
            or probe.decoded(name, raw) is None
            or probe.texts[name] != folder.texts.get(name, probe.texts[name])
        ):
            return None
        hashes[name] = sha256(raw).hexdigest()
    return hashes, probe.texts


def _take(folder: Folder, stored: Mapping[str, str], largest: int) -> bool:
    """Read the stored sources too, if all are as they were."""
    found = _stored_of(folder, stored, largest)
    if found is None or found[0] != stored:
        return False
    folder.texts |= found[1]
    folder.stored |= stored.keys()
    return True
