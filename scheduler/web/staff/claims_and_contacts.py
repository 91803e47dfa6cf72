"""``/claims`` and ``/contacts``: what the season rests on, and who stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from ...domain.claim import Claim, Contact
from ...domain.finding import Severity
from ...domain.redact import person_key
from ...domain.role import Right
from ...domain.via import Via, is_said
from ...review.item_view import decided_words
from ...services.signatures import sign
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action
from .page_context import PageContext, resolve


@get("/claims", who=Right.LOOK)
def claims_page() -> str:
    return _claims(resolve())


@get("/contacts", who=Right.LOOK)
def contacts_page() -> str:
    return _contacts(resolve())


def _claims(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    return _page(page, "claim", page.campaign.claims, trouble)


def _contacts(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    return _page(page, "contact", page.campaign.contacts, trouble)


@post("/claims/<record_id>/sign", who=Right.REVIEW)
@action("claims_page", _claims, form="{record_id}", at="#{record_id}")
def sign_claim(page: PageContext, record_id: str) -> str:
    return _sign(page, "claim", record_id)


@post("/contacts/<record_id>/sign", who=Right.REVIEW)
@action("contacts_page", _contacts, form="{record_id}", at="#{record_id}")
def sign_contact(page: PageContext, record_id: str) -> str:
    return _sign(page, "contact", record_id)


def _sign(page: PageContext, subject: str, record_id: str) -> str:
    seen, opened = request.form.get("seen", ""), request.form.get("opened") == "yes"
    done = sign(page.context, page.campaign, subject, record_id, seen, opened=opened)
    return "signed" if done else "signed-before"


def _page(
    page: PageContext, subject: str, records: Mapping[str, Claim] | Mapping[str, Contact], trouble: ActionError | None
) -> str:
    rows = [_row(page, subject, records[i]) for i in sorted(records)]
    # What lacks a signature comes first, what nobody uses last.
    rows.sort(key=lambda row: (not row["used_in"], bool(row["signed"])))
    return render_template(
        f"staff/{subject}s.html",
        trouble=trouble,
        rows=rows,
        unsigned=sum(not row["signed"] and bool(row["used_in"]) for row in rows),
        in_all=page.campaign.block if subject == "contact" else (),
    )


def _row(page: PageContext, subject: str, record: Claim | Contact) -> dict[str, Any]:
    """A claim or a contact, who signed it, where it stands, what was found."""
    record_hash = record.record_hash()
    signatures = page.rehearsal.signatures.valid_on(page.today)
    signed = signatures.of(subject, record.id, record_hash)
    me = person_key(visitor().name)
    carriers = {
        m.item for m in page.rehearsal.messages if record.id in (m.claims if subject == "claim" else m.contacts)
    }
    question = record.needs_decision if isinstance(record, Claim) else ""
    return {
        "record": record,
        "record_hash": record_hash,
        "decided": decided_words(page.rehearsal, subject, record.id, question),
        "passage": _passage(page, record) if isinstance(record, Claim) else "",
        "signed": signed,
        # by the person who looks, on this day if it is a help line
        "mine": any(
            is_said([s], me, Via.SIGN_IN) and (subject == "claim" or s.signed_on >= page.today) for s in signed
        ),
        "used_in": [p for p in page.rehearsal.plan.items if p.item.id in carriers],
        "findings": [f for f in page.rehearsal.findings if f.where == record.where and f.severity is not Severity.INFO],
        # of a help line: its status, or that nobody has signed it
        "standing": signatures.standing(record) if isinstance(record, Contact) else "",
    }


def _passage(page: PageContext, claim: Claim) -> str:
    """The words of the stored source that carry a claim, where there are any."""
    source, _, passage_id = claim.source_ref.partition("#")
    stored = page.campaign.sources[source].passage(passage_id) if source in page.campaign.sources else None
    return stored.text if stored else ""
