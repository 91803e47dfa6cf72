"""claims.toml: factual statements with source, date and status."""

from __future__ import annotations

import re

from ...domain.claim import CLAIM_KINDS, Claim, ClaimSource, ClaimStatus, Contest
from ..toml_file import Table
from .references import Records

STATUSES = tuple(status.value for status in ClaimStatus)


def read_claims(top: Table, records: Records) -> tuple[dict[str, Claim], dict[str, tuple[str, ...]]]:
    """The claims that could be read, by id, and the hosts of each publisher."""
    found: dict[str, Claim] = {}
    publishers = _publishers(top.optional_table("publishers"))
    for table in top.tables("claim", required=True):
        claim_id = table.id()
        claim = _claim(table, claim_id, records)
        table.close("[[claim]]")
        if not claim_id:
            records.lost("claim")
        elif not records.add("claim", claim_id, table.where("id")):
            continue
        elif claim is None or not table.is_usable():
            records.lost("claim", claim_id)
        else:
            found[claim_id] = claim
    top.close("claims.toml")
    return found, publishers


def _publishers(table: Table | None) -> dict[str, tuple[str, ...]]:
    """By publisher, its own sites: hosts alone, each with all below it."""
    found: dict[str, tuple[str, ...]] = {}
    for name in table.keys() if table is not None else ():
        assert table is not None  # noqa: S101 - there are no keys otherwise
        hosts = table.texts(name)
        for index, host in enumerate(hosts):
            if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", host):
                said, hint = f'"{host[:60]}" is not a host', "write the host alone, in small letters, as example.org"
                table.report("C021", said, name, hint, index)
        found[name] = hosts
    if table is not None:
        table.close("[publishers]")
    return found


def _claim(table: Table, claim_id: str, records: Records) -> Claim | None:
    status = table.text("status", allowed=STATUSES)
    source_ref = table.optional_text("source_ref")
    if source_ref:
        records.refer("passage", source_ref, table.where("source_ref"), "source_ref")
    superseded_by = table.texts("superseded_by")
    for index, successor in enumerate(superseded_by):
        records.refer("claim", successor, table.where("superseded_by", index), "superseded_by")
    claim = Claim(
        id=claim_id,
        text=table.text("text"),
        kind=table.text("kind", allowed=CLAIM_KINDS),
        status=ClaimStatus(status) if status in STATUSES else ClaimStatus.UNSOURCED,
        source=_source(table.table("source")),
        where=table.where(),
        status_reason=table.optional_text("status_reason"),
        measure=table.optional_text("measure"),
        population=table.optional_text("population"),
        place=table.optional_text("place"),
        period=table.optional_text("period"),
        numbers=table.texts("numbers"),
        caveat=table.optional_text("caveat"),
        source_ref=source_ref,
        superseded_by=superseded_by,
        contested_by=_contests(table),
        review_by=table.optional_date("review_by"),
        hard_expires=table.optional_date("hard_expires"),
        content_note=table.optional_text("content_note"),
        needs_decision=table.optional_text("needs_decision"),
    )
    return claim if claim_id else None


def _source(table: Table) -> ClaimSource:
    source = ClaimSource(
        title=table.text("title"),
        publisher=table.text("publisher"),
        url=table.address("url"),
        dated=table.text("dated"),
        retrieved_on=table.date("retrieved_on"),
        locator=table.optional_text("locator"),
        primary_seen=table.boolean("primary_seen"),
        seen_by=table.optional_text("seen_by"),
        seen_on=table.optional_date("seen_on"),
        reported_by=table.optional_text("reported_by"),
    )
    table.close("[claim.source]")
    return source


def _contests(table: Table) -> tuple[Contest, ...]:
    found = []
    for entry in table.tables("contested_by"):
        contest = Contest(entry.address("url"), entry.text("dated"), entry.text("gist"))
        entry.close("[[claim.contested_by]]")
        if entry.is_usable():
            found.append(contest)
    return tuple(found)
