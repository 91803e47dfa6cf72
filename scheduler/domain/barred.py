"""What the records of a campaign bar: what may not be printed, or not any more, or not by itself."""

from __future__ import annotations

from collections.abc import Iterator

from .campaign import Campaign
from .claim import TOLD_AS_PRESENT, Claim
from .consent import Consent
from .question import Asked
from .season_guard import BARRED, EACH, Terms, bars, guard, mark_of

_LONGEST = 60
#: Where a list that is left out means each.
_EACH = (EACH,)


def barred_guards(campaign: Campaign) -> Iterator[Asked]:
    """One for each record, as the ledger is to remember it where it bars anything."""
    for kind, record_id, status, title, terms in _rows(campaign):
        name, head = f"{kind}:{record_id}", f"{status} {NOUNS[kind]}"
        if terms is not None or bars(status):
            yield guard(BARRED, name, f"{head}: {_short(title)}", terms)
        else:
            yield guard(BARRED, name, head)


_Row = tuple[str, str, str, str, Terms | None]
#: What the records are called, by the kind in the ids of their guards.
NOUNS = {
    "claim": "claim",
    "contact": "help line",
    "hashtag": "hashtag",
    "quotation": "quotation",
    "source": "source",
    "consent": "consent",
}
#: The files of the kinds.
FILES = {
    "claim": "claims.toml",
    "contact": "contacts.toml",
    "hashtag": "hashtags.toml",
    "quotation": "sources.toml",
    "source": "sources.toml",
    "consent": "consents.toml",
}


def _rows(campaign: Campaign) -> Iterator[_Row]:
    for claim in campaign.claims.values():
        yield "claim", claim.id, claim.status, claim.text, _of_claim(claim)
    for contact in campaign.contacts.values():
        found_by = {"value and find": (contact.value, *contact.find)}
        terms = Terms(holds=found_by) if bars(contact.status) else None
        yield "contact", contact.id, contact.status, f"{contact.label}, {contact.value}", terms
    for tag in campaign.hashtags.values():
        is_kept = tag.status == "active" and bool(tag.seasons)
        terms = Terms(lets={"seasons": tuple(map(str, tag.seasons))}) if is_kept else None
        yield "hashtag", tag.tag, "kept" if is_kept else tag.status, f"#{tag.tag}", terms
    for consent in campaign.consents.values():
        status = "withdrawn" if consent.withdrawn_on else "given"
        yield "consent", consent.id, status, consent.what, _of_consent(consent)
    for source in campaign.sources.values():
        yield "source", source.id, "own" if source.own_words else "somebody-else's", source.title, None
        for passage in source.passages:
            terms = None if passage.quotable else Terms(holds={"its words": (mark_of(passage.text),)})
            status = "open" if passage.quotable else "closed"
            yield "quotation", f"{source.id}#{passage.id}", status, passage.text, terms


def _of_claim(claim: Claim) -> Terms:
    """A figure that is looked for so that it is not told as true; who objects; how long the claim holds, and that its
    age counts; who has read the original, that nobody is made up who has."""
    limits = (("review_by", claim.review_by), ("hard_expires", claim.hard_expires))
    holds = {
        "numbers": () if claim.status in TOLD_AS_PRESENT else claim.numbers,
        "contested_by": tuple(one.url for one in claim.contested_by),
        "kind": ("statistic",) if claim.kind == "statistic" else (),
    }
    read = f"{claim.source.seen_by} on {claim.source.seen_on}"
    return Terms(
        holds={name: values for name, values in holds.items() if values},
        lets={"seen_by": (read,) if claim.source.original_read else ()},
        most={name: str(day) for name, day in limits if day},
    )


def _of_consent(consent: Consent) -> Terms:
    return Terms(
        lets={"items": consent.items, "channels": consent.channels or _EACH},
        most={"until": str(consent.until)},
        least={"from": str(consent.starts)},
    )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[:_LONGEST].rpartition(' ')[0]} …"
