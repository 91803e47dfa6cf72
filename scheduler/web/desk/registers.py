"""``/claims`` and ``/contacts``: what the season rests on, and who stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.claim import Claim, Contact, Signature
from ...domain.finding import Finding, Severity
from ...domain.item import PlannedItem
from ...domain.redact import person_key
from ..access import RoutesWithRoles, visitor
from .acts import Trouble, attempt
from .here import Here, Seasons, link


@dataclass(frozen=True, slots=True)
class Row:
    """A claim or a contact, who signed it, where it stands, what was found."""

    record: Claim | Contact
    record_hash: str
    signed: tuple[Signature, ...]
    mine: bool  # signed by the person who looks, on this day if it is a help line
    used_in: tuple[PlannedItem, ...]
    findings: tuple[Finding, ...]
    standing: str = ""  # of a help line: its status, or that nobody has signed it


def add_registers(app: RoutesWithRoles, seasons: Seasons) -> None:
    @app.get("/claims", who=Right.LOOK)
    def claims_page() -> str:
        return _page(seasons.here(), "claim")

    @app.get("/contacts", who=Right.LOOK)
    def contacts_page() -> str:
        return _page(seasons.here(), "contact")

    @app.post("/claims/<record_id>/sign", who=Right.REVIEW)
    def sign_claim(record_id: str) -> AnyResponse:
        return _sign(seasons.here(), "claim", record_id)

    @app.post("/contacts/<record_id>/sign", who=Right.REVIEW)
    def sign_contact(record_id: str) -> AnyResponse:
        return _sign(seasons.here(), "contact", record_id)


def _sign(here: Here, subject: str, record_id: str) -> AnyResponse:
    who = visitor()

    def act() -> str:
        seen = {(subject, record_id): request.form.get("seen", "")}
        done = here.project.sign_as_seen(here.ledger, here.campaign, seen, person=who.name, role=who.role)
        return "signed" if done else "signed-before"

    return attempt(
        act,
        to=lambda done: link(f"{subject}s_page", done=done, at=record_id) + f"#{record_id}",
        again=lambda trouble: _page(here, subject, trouble),
        form=record_id,
    )


def _page(here: Here, subject: str, trouble: Trouble | None = None) -> str:
    records: Mapping[str, Claim] | Mapping[str, Contact]
    records = here.campaign.claims if subject == "claim" else here.campaign.contacts
    rows = [_row(here, subject, records[i]) for i in sorted(records)]
    # What lacks a signature comes first, what nobody uses last.
    rows.sort(key=lambda r: (not r.used_in, bool(r.signed)))
    return render_template(
        f"desk/{subject}s.html",
        done=request.args.get("done", ""),
        at=request.args.get("at", ""),
        trouble=trouble,
        rows=rows,
        unsigned=sum(not r.signed and bool(r.used_in) for r in rows),
        in_all=here.campaign.block if subject == "contact" else (),
    )


def _row(here: Here, subject: str, record: Claim | Contact) -> Row:
    record_hash = record.record_hash()
    signatures = here.rehearsal.signatures.valid_on(here.today)
    signed = signatures.of(subject, record.id, record_hash)
    me = person_key(visitor().name)
    mine = any(
        person_key(s.person) == me and (subject == "claim" or s.signed_on >= here.today) for s in signed
    )
    carriers = {
        m.item for m in here.rehearsal.messages if record.id in (m.claims if subject == "claim" else m.contacts)
    }
    return Row(
        record=record,
        record_hash=record_hash,
        signed=signed,
        mine=mine,
        used_in=tuple(p for p in here.rehearsal.plan.items if p.item.id in carriers),
        findings=tuple(
            f for f in here.rehearsal.findings if f.where == record.where and f.severity is not Severity.INFO
        ),
        standing=signatures.standing(record) if isinstance(record, Contact) else "",
    )
