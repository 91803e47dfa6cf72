"""``/claims`` and ``/contacts``: what the season rests on, and who stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.claim import Claim, Contact, Signature
from ...domain.finding import Finding, Severity
from ...domain.planned_item import PlannedItem
from ...domain.redact import person_key
from ...domain.role import Right
from ...services.signatures import sign
from ..security import RoutesWithRoles, visitor
from .form_actions import ActionError, run_action
from .page_context import PageContext, SeasonResolver, link


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


def add_registers(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/claims", who=Right.LOOK)
    def claims_page() -> str:
        return _page(seasons.resolve(), "claim")

    @app.get("/contacts", who=Right.LOOK)
    def contacts_page() -> str:
        return _page(seasons.resolve(), "contact")

    @app.post("/claims/<record_id>/sign", who=Right.REVIEW)
    def sign_claim(record_id: str) -> AnyResponse:
        return _sign(seasons.resolve(), "claim", record_id)

    @app.post("/contacts/<record_id>/sign", who=Right.REVIEW)
    def sign_contact(record_id: str) -> AnyResponse:
        return _sign(seasons.resolve(), "contact", record_id)


def _sign(page: PageContext, subject: str, record_id: str) -> AnyResponse:
    def act() -> str:
        seen = {(subject, record_id): request.form.get("seen", "")}
        done = sign(page.context, page.campaign, seen)
        return "signed" if done else "signed-before"

    return run_action(
        act,
        to=lambda done: link(f"{subject}s_page", at=record_id) + f"#{record_id}",
        again=lambda trouble: _page(page, subject, trouble),
        form=record_id,
    )


def _page(page: PageContext, subject: str, trouble: ActionError | None = None) -> str:
    records: Mapping[str, Claim] | Mapping[str, Contact]
    records = page.campaign.claims if subject == "claim" else page.campaign.contacts
    rows = [_row(page, subject, records[i]) for i in sorted(records)]
    # What lacks a signature comes first, what nobody uses last.
    rows.sort(key=lambda r: (not r.used_in, bool(r.signed)))
    return render_template(
        f"staff/{subject}s.html",
        at=request.args.get("at", ""),
        trouble=trouble,
        rows=rows,
        unsigned=sum(not r.signed and bool(r.used_in) for r in rows),
        in_all=page.campaign.block if subject == "contact" else (),
    )


def _row(page: PageContext, subject: str, record: Claim | Contact) -> Row:
    record_hash = record.record_hash()
    signatures = page.rehearsal.signatures.valid_on(page.today)
    signed = signatures.of(subject, record.id, record_hash)
    me = person_key(visitor().name)
    mine = any(person_key(s.person) == me and (subject == "claim" or s.signed_on >= page.today) for s in signed)
    carriers = {
        m.item for m in page.rehearsal.messages if record.id in (m.claims if subject == "claim" else m.contacts)
    }
    return Row(
        record=record,
        record_hash=record_hash,
        signed=signed,
        mine=mine,
        used_in=tuple(p for p in page.rehearsal.plan.items if p.item.id in carriers),
        findings=tuple(
            f for f in page.rehearsal.findings if f.where == record.where and f.severity is not Severity.INFO
        ),
        standing=signatures.standing(record) if isinstance(record, Contact) else "",
    )
