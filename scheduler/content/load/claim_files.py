"""claims.toml: factual statements with source, date and status."""

from __future__ import annotations

import re

from ...domain.claim import Claim
from ..toml_file import Table
from .references import Records


def read_claims(top: Table, records: Records) -> tuple[dict[str, Claim], dict[str, tuple[str, ...]]]:
    """The claims that could be read, by id, and the hosts of each publisher."""
    publishers = _publishers(top.optional_table("publishers"))
    found: dict[str, Claim] = {}
    for table in top.tables("claim", required=True):
        said = table.read(Claim, records)
        if records.keeps("claim", said["id"], table.where("id"), usable=table.is_usable()):
            found[said["id"]] = Claim(**said, where=table.where())
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
