"""sources.toml: stored editions, their hashes, and the passages in them."""

from __future__ import annotations

import hashlib
import re

from ...domain.quotation import LARGEST_SOURCE, Passage, Source, normalise
from ...schema.toml_text import WrongEncoding, decode
from ..toml_file import Table
from .campaign_folder import Folder
from .references import Records

_PASSAGE_ID = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


def read_sources(top: Table, folder: Folder, records: Records) -> dict[str, Source]:
    """The sources that could be read, with their texts, by id."""
    found: dict[str, Source] = {}
    for table in top.tables("source"):
        source_id = table.id()
        new = bool(source_id) and records.add("source", source_id, table.where("id"))
        source = _source(table, source_id, folder, records if new else Records([]))
        if not source_id:
            records.lost("source")
            records.lost("passage")
        elif new and source is not None:
            found[source_id] = source
        elif new:
            records.lost("source", source_id)
    top.close("sources.toml")
    return found


def _source(table: Table, source_id: str, folder: Folder, records: Records) -> Source | None:
    entries = table.tables("passage")
    file, sha256 = table.text("file"), table.text("sha256")
    text, is_whole = _stored(table, folder, file, sha256)
    own_words = table.boolean("own_words")
    passages: list[Passage] = []
    for entry in entries:
        passage = _passage(entry, source_id, text if is_whole else None, own_words, records)
        if passage is not None:
            passages.append(passage)
    said = table.read(Source, records)
    if text is None or not table.is_usable():
        return None
    said |= {"path": f"{folder.shown}/{file}", "short_attribution": said["short_attribution"] or said["attribution"]}
    return Source(**said, text=text, passages=tuple(passages), where=table.where())


def _stored(table: Table, folder: Folder, file: str, sha256: str) -> tuple[str | None, bool]:
    """The stored text, and whether it is byte for byte the one that was recorded."""
    if not file:
        return None, False
    raw = folder.read(file, LARGEST_SOURCE, at=table.where("file"))
    if raw is None:
        return None, False
    try:
        text = folder.texts[file] = decode(raw)
        folder.stored.add(file)
    except WrongEncoding as problem:
        folder.report("C002", file, problem.message, line=problem.line, hint=problem.hint)
        return None, False
    actual = hashlib.sha256(raw).hexdigest()
    if sha256 and actual != sha256.lower():
        hint = ""
        if hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest() == sha256.lower():
            hint = (
                "only the line ends differ: git or an editor changed them; write `* -text` into sources/.gitattributes"
            )
        elif not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
            hint = f"a SHA-256 has 64 hexadecimal digits; that of this file is {actual}"
        table.report(
            "C050", f"{file} is not the file that was recorded (its SHA-256 is {actual[:12]}...)", "sha256", hint
        )
        return text, False
    return text, True


def _passage(table: Table, source_id: str, text: str | None, own_words: bool, records: Records) -> Passage | None:
    opening = table.text("opening")
    quotable = table.boolean("quotable", not table.has("quotable"))  # a vague value is a no
    said = table.read(Passage, records) | {"quotable": quotable}
    passage_id, start, end = said["id"], said["start"], said["end"]
    if not quotable and not said["reason"]:
        table.report("C011", "reason is missing: the passage is not quotable", None, "say why it is not")
    if said["use"] == "faq":
        table.text("question")
    if not passage_id:
        records.lost("passage", f"{source_id}#*")
        return None
    if not _PASSAGE_ID.fullmatch(passage_id):
        table.report("C053", f'the passage id "{passage_id[:60]}" is malformed', "id")
        records.lost("passage", f"{source_id}#*")
        return None
    reference = f"{source_id}#{passage_id}"
    if not records.add("passage", reference, table.where("id")):
        return None
    if text is None or not table.is_usable():
        records.lost("passage", reference)
        return None
    if not start < end <= len(text):
        message = f"{passage_id} reaches from {start} to {end}; the source has the characters 0 to {len(text)}"
        table.report("C051", message, "end")
        records.lost("passage", reference)
        return None
    words = text[start:end]
    begin = normalise(opening.rstrip(" .\u2026"))
    if not normalise(words).startswith(begin):
        hint = ""
        at = text.find(opening.rstrip(" .\u2026"))
        if at >= 0:
            hint = f"those words start at character {at}; start = {at} and end = {at + end - start} would fit"
        table.report(
            "C052", f'{passage_id} starts with "{_start(words)}", not with "{_start(opening)}"', "opening", hint
        )
        records.lost("passage", reference)
        return None
    for index, edit in enumerate(said["corrections"]):
        if not own_words:
            table.report(
                "C054", f"{passage_id} is corrected, and these are not the organization's own words", "corrections"
            )
            break
        if edit.find not in words:
            table.report("C055", f'{passage_id} does not hold "{_start(edit.find)}"', "corrections", index=index)
    return Passage(**said, text=words, where=table.where())


def _start(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else words[:40] + "..."
