"""A stand-in for a mail server (:mod:`.smtp_talk`), and pages on which its mails are read.

Written apart from the code that sends; it listens on this machine only.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.double import Answer, SimulatedCall
from ..contract.double_pages import MailPages
from ..spec import StandIn, StandInOrder
from .smtp_rules import Letter
from .smtp_talk import SmtpDouble


class SmtpPages(MailPages):
    """Pages on which the mails of an :class:`SmtpDouble` are watched: a browser does not speak SMTP."""

    name = "smtp"
    title = "Mail server stand-in"

    def __init__(self, mails: SmtpDouble, *, port: int = 0) -> None:
        super().__init__(port=port, clock=mails.clock)
        self._double = mails

    @property
    def mails(self) -> Sequence[Letter]:
        return self._double.mails

    def requests(self) -> int:
        return self._double.sending_requests

    def received(self) -> dict[str, object]:
        return self._double.received()

    def provider_answer(self, call: SimulatedCall) -> Answer:
        return Answer.of(404, {"error": "mails are taken by SMTP, at another port"})


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`: the server, and pages on which its mails are read."""
    double = SmtpDouble(port=order.ports[""], faults=order.faults, clock=order.clock, out=order.out)
    pages = SmtpPages(double, port=order.ports["pages"])
    return StandIn(
        servers={"": double, "pages": pages},
        page=lambda: f"{pages.base_url}/  (mails go to {double.base_url})",
        settings=lambda: {"BASE_URL": double.base_url, "STARTTLS": "false"},
        secrets=dict,
        received=lambda: {"mail": len(double.mails), "reader": len(double.mails)},
    )
