"""Bring a project's ledger to this release's schema: with a copy first, and while nothing sends from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NeedsAPerson, UsageError
from .planning import UNNOTED_KEY
from .sending import Sending

if TYPE_CHECKING:
    from ..store.backup import Backup
    from ..store.migrate import Upgraded


@dataclass(frozen=True, slots=True)
class UpgradeDone:
    """What was done. ``copy``: the copy that was made first; None where there was nothing to change, or on a server."""

    upgraded: Upgraded
    copy: Backup | None = None


class Upgrading(Sending):
    """A project whose ledger can be upgraded."""

    def upgrade_database(self, *, dumped: bool = False, others_stopped: bool = False) -> UpgradeDone:
        """Bring the ledger to this release's schema, all or nothing.

        ``dumped``: a person says that a copy was made (PostgreSQL; of SQLite one is made here). ``others_stopped``:
        a person says that whatever else is connected (PostgreSQL) sends nothing.
        """
        from ..store import schema_of, upgrade_database
        from ..store.backup import back_up

        url, file = self.settings.database_url, self._database_file()
        with _nobody_sends(self, file):
            found = schema_of(url)
            if found.is_empty or found.is_newest:
                return UpgradeDone(upgrade_database(url))
            copy = None
            if file is not None:
                copy = back_up(url, self._name_of_copy(file), now=self.clock.now())
            elif not dumped:
                raise NeedsAPerson(
                    f"the ledger has {found.in_words}; a copy has to be there before it is changed, and none is known",
                    hint="make one with pg_dump, keep it, then: `db upgrade --dumped`",
                )
            done = UpgradeDone(upgrade_database(url, others_stopped=others_stopped), copy)
            self.open_ledger().close()  # which notes the keys that are there
            return done

    def rotate_key(self, *, by: str) -> Path:
        """Sign with a new key from now on; the present one stays good. Returns where the old ones are kept."""
        from .keys import rotate

        with _nobody_sends(self, self._database_file()):
            self.signing_keys()  # an old key that is missing now would be missed for good
            kept = rotate(self.root, self.settings)
            ledger = self.open_ledger()
            try:
                ledger.record("secret-key.rotated", who=by, now=self.clock.now())
            finally:
                ledger.close()
        return kept

    def give_up_keys(self, *, by: str) -> tuple[int, int]:
        """A person says that the keys which are missing are lost for good. How many, and how many addresses barred by
        hashes may not be known again."""
        from ..subscribers.tokens import fingerprint, token_key
        from .keys import read_keys

        with _nobody_sends(self, self._database_file()):
            ledger = self.open_ledger()
            try:
                given = {fingerprint(token_key(key)) for key in read_keys(self.root, self.settings) or ()}
                lost = ledger.secret_keys() - given
                if not given and ledger.has_used_another_key():
                    lost = frozenset({UNNOTED_KEY})
                if not lost:
                    raise UsageError("no key that this ledger needs is missing; nothing was changed")
                ledger.give_up_secret_keys(lost, who=by, now=self.clock.now())
                barred = ledger.barred_by_lost_keys()
            finally:
                ledger.close()
            self.open_ledger().close()  # where there is no key at all now, one is made
        return len(lost), barred

    def _name_of_copy(self, file: Path) -> Path:
        at = f"{self.clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return file.with_name(f"{file.stem}-before-upgrade-{at}{file.suffix}")


@contextmanager
def _nobody_sends(project: Upgrading, file: Path | None) -> Iterator[None]:
    from ..engine.process_lock import HeldByAnother, lock_database

    try:
        with lock_database(file, now=project.clock.now()):
            yield
    except HeldByAnother as held:
        raise NeedsAPerson(
            f"{held.message}; nothing was changed",
            hint="stop what runs (`start`, a timer with `tick`), then `run.py db upgrade` again",
        ) from None
