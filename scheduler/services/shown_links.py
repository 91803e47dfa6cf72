"""Links that hold a token, as they may be shown: where `start` serves, and never at an address that is nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import ObservanceError
from ..settings import Settings
from .senders import served_address

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger


#: Addresses that a server is bound to and no browser goes to -> the same machine.
_ALL_NETWORKS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "": "127.0.0.1"}  # noqa: S104 - looked for, not bound to


@dataclass(frozen=True, slots=True)
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
        served = served_address(project, ledger)
    except ObservanceError:  # who holds the database's file cannot be looked at; the link is good all the same
        served = ""
    place = served or _by_the_settings(settings)
    host, _, port = place.rpartition(":")
    here = f"http://{_ALL_NETWORKS.get(host, host)}:{port}{urlsplit(public).path}{path}"
    return ShownLink("" if settings.public_url_is_an_example else f"{public}{path}", here, bool(served))


def _by_the_settings(settings: Settings) -> str:
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return f"{host}:{settings.web_port}"
