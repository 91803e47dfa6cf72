"""What a coordinator can change of a campaign's files without an editor: which fields, and a form that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from ..light_dataclass import dataclass
from .card import LICENSES, PEOPLE
from .claim import ClaimStatus, ContactStatus

#: A text, a list of texts, or yes and no. A date and a time are texts here ("2027-01-11", "07:30").
Value = str | tuple[str, ...] | bool


class Sort(StrEnum):
    """What can be written into a field."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"  # one entry a line
    FLAG = "flag"
    TIME = "time"  # HH:MM
    DATE = "date"  # YYYY-MM-DD
    CHOICE = "choice"


@dataclass(frozen=True)
class EditField:
    """One field. ``key`` is the key in the file, with a dot where it stands in a table of its own; ``section`` the
    heading under which an item's text stands."""

    key: str
    label: str
    sort: Sort = Sort.LINE
    hint: str = ""
    section: str = ""
    choices: tuple[str, ...] = ()
    long: bool = False  # a line that is usually a whole sentence
    group: str = ""  # under which heading a page shows it; empty: with the first ones

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))

    @property
    def empty(self) -> Value:
        if self.sort is Sort.FLAG:
            return False
        return () if self.sort is Sort.LIST else ""


#: Headings of groups of fields.
RESTS_ON, WHEN, SOURCE = "What it rests on", "When, and by whom", "Where it comes from"
#: The group that has a field for a file beside the others.
PICTURE = "Its picture"

#: An item's fields, in the order in which they stand in a file. Its id and its kind are not among them: other files
#: name the one, and the other decides which template is used.
ITEM_FIELDS = (
    EditField("title", "Headline", hint="At the head of the email, and in lists."),
    EditField("subject", "Subject line of the email", hint="Left empty, the headline is used."),
    EditField("preheader", "Line after the subject", hint="Shown beside the subject in a list of mails."),
    EditField(
        "discreet_subject", "Discreet subject line", hint="For readers over whose shoulder somebody may be looking."
    ),
    EditField("post", "Post", Sort.TEXT, "Without the help line and the tags: they are added by themselves.", "Post"),
    EditField("email", "Email", Sort.TEXT, "Sub-headings begin with ##.", "Email"),
    EditField("hashtags", "Tags of the post", Sort.LIST, "One a line, without #."),
    EditField("action.text", "What readers can do", hint="The words of the one link that asks for something."),
    EditField("action.url", "Where that leads", hint="A whole web address, as https://example.org/page."),
    EditField("content_note", "Content note", hint="Names what may be hard to read, above the text."),
    EditField(
        "claims",
        "Claims it states",
        Sort.LIST,
        "One id a line. A text may use only what is named here.",
        group=RESTS_ON,
    ),
    EditField(
        "then",
        "Claims told as past",
        Sort.LIST,
        "One id a line. Only in items that set then beside now.",
        group=RESTS_ON,
    ),
    EditField("now", "Claims that hold now", Sort.LIST, "One id a line.", group=RESTS_ON),
    EditField("quotations", "Quotations", Sort.LIST, "One a line, as SOURCE#PASSAGE.", group=RESTS_ON),
    EditField("contacts", "Help lines besides the usual ones", Sort.LIST, "One id a line.", group=RESTS_ON),
    EditField("topics", "Topics", Sort.LIST, "The campaign's own words for what its items are about.", group=RESTS_ON),
    EditField("links", "Other addresses it may link to", Sort.LIST, "One whole web address a line.", group=RESTS_ON),
    EditField(
        "about_signs",
        "It speaks of signs to look out for",
        Sort.FLAG,
        "The line not to step in is due then.",
        group=RESTS_ON,
    ),
    EditField("post_slot", "Time of the post", Sort.TIME, "Left empty, the campaign's usual time.", group=WHEN),
    EditField("email_slot", "Time of the email", Sort.TIME, "Left empty, the campaign's usual time.", group=WHEN),
    EditField(
        "author", "Who wrote it", hint="Stays as it is unless you change it; who edits is noted beside it.", group=WHEN
    ),
    EditField(
        "needs_decision",
        "Question that somebody must decide",
        hint="Empty it once the question is settled.",
        long=True,
        group=WHEN,
    ),
    EditField(
        "story_consent",
        "Written consent to the story",
        hint="Where it is kept, when somebody's story is told.",
        group=WHEN,
    ),
    EditField(
        "alt",
        "Words for whoever does not see its picture (required)",
        hint="What somebody should hear who cannot see it; at most 1,000 characters. They are approved with the post.",
        long=True,
        group=PICTURE,
    ),
    EditField(
        "picture.file",
        "File of a picture of your own",
        hint="In the campaign's folder pictures/, in place of the card. Left empty, the card is shown.",
        group=PICTURE,
    ),
    EditField(
        "picture.focus",
        "What stays in view where it is cut",
        hint="How far from the left and from the top: 50% 30%. Left empty, the middle.",
        group=PICTURE,
    ),
    EditField("picture.credit", "Who made it", group=PICTURE),
    EditField(
        "picture.license",
        "By what right it is shown",
        Sort.CHOICE,
        "With cc-by, cc-by-sa and cc-by-nc the post names who made it.",
        choices=("", *LICENSES),
        group=PICTURE,
    ),
    EditField(
        "picture.people",
        "People who can be recognized on it",
        Sort.CHOICE,
        "By the face, a voice, a tattoo, a house.",
        choices=("", *PEOPLE),
        group=PICTURE,
    ),
    EditField(
        "picture.consent", "Their written consent", hint="Its id, where somebody can be recognized.", group=PICTURE
    ),
    EditField("picture.words", "Words that stand on it", Sort.LIST, "One line of them a line.", group=PICTURE),
    EditField("image_tags", "What a picture shows", Sort.LIST, "One word or phrase a line.", group=PICTURE),
)

CLAIM_FIELDS = (
    EditField("text", "Statement", hint="As it is printed, without a period at its end.", long=True),
    EditField("status", "Status", Sort.CHOICE, choices=tuple(s.value for s in ClaimStatus)),
    EditField(
        "status_reason", "Why it has that status", hint="Printed inside a sentence: no period at its end.", long=True
    ),
    EditField("measure", "What is counted"),
    EditField("population", "Of whom"),
    EditField("place", "Where"),
    EditField("period", "As of"),
    EditField("numbers", "Figures as they may be printed", Sort.LIST, "One a line."),
    EditField("caveat", "Words that must stand beside the figure", long=True),
    EditField("superseded_by", "Replaced by", Sort.LIST, "One id a line."),
    EditField("review_by", "To be looked at again by", Sort.DATE),
    EditField("hard_expires", "Not to be used after", Sort.DATE),
    EditField("content_note", "Content note"),
    EditField(
        "needs_decision", "Question that somebody must decide", hint="Empty it once the question is settled.", long=True
    ),
    EditField("source.title", "Title of the source", group=SOURCE),
    EditField("source.publisher", "Publisher", group=SOURCE),
    EditField("source.url", "Address of the source", group=SOURCE),
    EditField("source.dated", "Date of the source", hint="As it is printed: a year, a month, a day.", group=SOURCE),
    EditField("source.retrieved_on", "Looked up on", Sort.DATE, group=SOURCE),
    EditField("source.locator", "Page, table or section", group=SOURCE),
    EditField(
        "source.reported_by",
        "Whose page the address leads to",
        hint="Where it is not the publication itself but a report of it; printed as: as reported by ...",
        group=SOURCE,
    ),
    EditField(
        "source.primary_seen",
        "A person has read the publication itself",
        Sort.FLAG,
        "Counts only with the name and the day below.",
        group=SOURCE,
    ),
    EditField("source.seen_by", "Who read it", group=SOURCE),
    EditField("source.seen_on", "Read on", Sort.DATE, group=SOURCE),
)

CONTACT_FIELDS = (
    EditField("value", "Number or address, as it is printed"),
    EditField("label", "Name"),
    EditField("purpose", "What it is for", hint="As readers see it.", long=True),
    EditField("status", "Status", Sort.CHOICE, choices=tuple(s.value for s in ContactStatus)),
    EditField("hours", "Hours"),
    EditField("languages", "Languages", long=True),
    EditField("operator", "Who runs it", hint="Kept, never printed."),
    EditField("href", "Link", hint="tel:, sms:, mailto: or a whole web address."),
    EditField("primary_source_url", "Where it is published"),
    EditField("verified_on", "Last verified on", Sort.DATE),
    EditField("verified_by", "Verified by"),
    EditField("superseded_by", "Replaced by", hint="The id of the help line that takes its place."),
    EditField("find", "Other spellings to look for", Sort.LIST, "One a line."),
    EditField("note", "Note", hint="Never printed.", long=True),
)

#: Of a campaign: what the inbox of a reader shows who wants to be left alone.
DISCREET_FIELDS = (
    EditField(
        "discreet.from_name", "Who the email is from", hint="In place of your organization's name. The address stays."
    ),
    EditField(
        "discreet.subject",
        "Subject line",
        hint="Of each email that has no discreet subject of its own; {date} is its day.",
    ),
    EditField("discreet.preheader", "Line after the subject", hint="Shown beside the subject in a list of mails."),
    EditField(
        "discreet.first_line",
        "First line of the email",
        hint="In place of the campaign's name. Left empty, the name above is used.",
    ),
)

FIELDS: Mapping[str, tuple[EditField, ...]] = {
    "item": ITEM_FIELDS,
    "claim": CLAIM_FIELDS,
    "contact": CONTACT_FIELDS,
    "discreet": DISCREET_FIELDS,
}


@dataclass(frozen=True)
class Form:
    """The editable form of one record, as its file held it. ``fingerprint``: SHA-256 (hex) of the file's bytes."""

    kind: str  # "item" | "claim" | "contact" | "discreet"
    id: str  # of the record; of "discreet" the campaign's
    file: str  # within the campaign's folder: "items/07-what-it-is.md"
    fingerprint: str
    values: Mapping[str, Value]  # by key of the field; every field is there

    def marks(self) -> dict[str, str]:
        """A short hash of each value: what a page carries along to tell later which fields somebody touched."""
        return {key: mark(value) for key, value in self.values.items()}


def mark(value: Value) -> str:
    return hashlib.blake2b(repr(value).encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Merged:
    """Two people's changes of one record brought together. ``both``: keys that each of them changed, differently."""

    values: Mapping[str, Value]
    both: tuple[str, ...]
    theirs: tuple[str, ...]  # keys taken over from the file


def merge(typed: Mapping[str, Value], seen: Mapping[str, str], now: Form) -> Merged:
    """Keep what somebody typed, and take over from the file what they did not touch.

    ``seen``: the marks of the form from which they started. A field without a mark counts as touched.
    """
    values, both, theirs = dict(now.values), [], []
    for key, there in now.values.items():
        mine = typed.get(key, there)
        if mine == there:
            continue
        if seen.get(key) == mark(mine):  # not touched: it still says what it said then
            theirs.append(key)
            continue
        values[key] = mine
        if seen.get(key) != mark(there):
            both.append(key)
    return Merged(values, tuple(both), tuple(theirs))
