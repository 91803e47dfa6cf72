"""A folder of mails as mail servers write it (Maildir): what is new is read, and marked when it has been dealt with.

No mail is ever deleted or changed. One that has been dealt with is moved into ``cur`` with the mark that mail programs
show as read (``S``); one that a person may want to look at with a star besides (``F``). https://cr.yp.to/proto/maildir.html
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import UsageError


class Maildir:
    """One such folder."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError for a folder that is none."""
        missing = [name for name in ("new", "cur") if not (folder / name).is_dir()]
        if missing:
            raise UsageError(
                f"{folder} is not a Maildir: it has no folder {' and no folder '.join(missing)}",
                hint="name the folder that the mail server delivers to; in Postfix a mailbox is a Maildir when its "
                "name ends with a slash",
            )
        self._folder = folder

    def unread(self) -> Iterator[Path]:
        """Mails that nobody has dealt with, oldest first: new ones, and those that a mail program has shown in its list
        meanwhile."""
        for name in ("new", "cur"):
            for path in sorted((self._folder / name).iterdir(), key=lambda path: path.name):
                flags = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
                if "S" not in flags and not path.name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield path

    def mark(self, path: Path, *, star: bool = False) -> None:
        """Written down: it has been dealt with. Raises OSError."""
        name, _, flags = path.name.partition(":2,")
        flags = "".join(sorted({*flags, "S", *("F" if star else "")}))
        for number in range(1000):  # a rename would take the place of a mail of the same name
            target = self._folder / "cur" / f"{name}{f'_{number}' if number else ''}:2,{flags}"
            try:
                os.link(path, target)
            except FileExistsError:
                continue
            except OSError:  # a file system without hard links
                if target.exists():
                    continue
                path.rename(target)
                return
            path.unlink()
            return
