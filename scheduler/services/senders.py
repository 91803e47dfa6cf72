"""The processes that send: which run, and where they serve the links that hold a token."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..domain.formatting import utc_words
from ..domain.sender import Sender, at_work, running
from ..engine.process_lock import lock_holder
from ..errors import ObservanceError
from ..light_dataclass import dataclass
from ..project import Project, campaign_ids

if TYPE_CHECKING:
    from ..store import Ledger


def running_senders(project: Project, ledger: Ledger) -> tuple[Sender, ...]:
    """The processes that send now, the latest seen first."""
    return running(ledger.senders.all(), project.clock.now(), locked=_locked(project))


def senders_at_work(project: Project, ledger: Ledger) -> tuple[Sender, ...]:
    """The same, and ticks that ended a moment ago."""
    return at_work(ledger.senders.all(), project.clock.now(), locked=_locked(project))


def _locked(project: Project) -> bool | None:
    """Whether a process holds the SQLite file; None: there is no such file."""
    try:
        return None if project.database_file() is None else bool(who_holds(project))
    except ObservanceError:
        return None


def who_holds(project: Project) -> str:
    """Who holds the SQLite file, in words; empty: nobody."""
    file = project.database_file()
    return (lock_holder(file) or "") if file is not None and file.exists() else ""


def held_by(project: Project) -> str:
    """The same; empty too where it cannot be known."""
    try:
        return who_holds(project)
    except ObservanceError:
        return ""


def who_sends(project: Project, ledger: Ledger | None, campaign: str = "") -> str | None:
    """The processes that send, in words; of one campaign where it is named. Empty: none does. None where that cannot be
    known: no ledger, and no file that would be held."""
    try:
        at_hand = running_senders(project, ledger) if ledger is not None else ()
        senders = [s for s in at_hand if not campaign or campaign in s.campaigns]
        if at_hand and not senders:
            return ""
        every = set(campaign_ids(project.root))
        if ledger is None and project.database_file() is None:
            return None
        words = [
            f"{s.name} ({s.mode}{_for_some(s, every)}), since {utc_words(s.started_at)}, "
            + (f"last pass {utc_words(s.last_pass_at)}" if s.last_pass_at else "no pass yet")
            for s in senders
        ]
        return "; ".join(words) or who_holds(project)
    except ObservanceError:
        return None


def _for_some(sender: Sender, every: Collection[str]) -> str:
    """Which campaigns a process sends, where it is not all of them."""
    return f", for {' and '.join(sender.campaigns)} alone" if set(every) - set(sender.campaigns) else ""


#: Addresses that a server is bound to and no browser goes to -> the same machine.
_ALL_NETWORKS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "": "127.0.0.1"}  # noqa: S104 - looked for, not bound to


@dataclass(frozen=True)
class ShownLink:
    """``public``: for everybody; empty while public_url is an example's. ``here``: on this machine."""

    public: str
    here: str
    is_served: bool  # whether somebody serves it there now

    @property
    def best(self) -> str:
        """The one to give: the public one, where there is one."""
        return self.public or self.here

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said beside :attr:`best`, a sentence each."""
        said = []
        if not self.public:
            said.append(
                "It works on this machine alone: public_url in config/settings.toml is still an example. Set it, and "
                "make the link anew, before you send one to others."
            )
        if not self.is_served:
            said.append("Nobody serves the pages now: run `start` first (with --port N the port in the link is N).")
        if self.public:
            said.append(f"On this machine: {self.here}")
        return tuple(said)


def shown_link(project: Project, ledger: Ledger, path: str) -> ShownLink:
    """``path`` with its token, as "/sign-in/TOKEN"."""
    settings = project.settings
    public = settings.public_url.rstrip("/")
    try:
        served = next((s.pages_address for s in running_senders(project, ledger) if s.pages_address), "")
    except ObservanceError:  # who holds the database's file cannot be looked at; the link is good all the same
        served = ""
    host, _, port = (served or f"{settings.web_host}:{settings.web_port}").rpartition(":")
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    here = f"http://{_ALL_NETWORKS.get(host, host)}:{port}{urlsplit(public).path}{path}"
    return ShownLink("" if settings.public_url_is_an_example else f"{public}{path}", here, bool(served))
