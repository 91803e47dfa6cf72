"""The findings of the loader: what each code means. C001 to C099."""

from __future__ import annotations

from ..domain.finding import Code, Severity, table_of

__all__ = ["CODES", "Code"]

RED, AMBER = Severity.RED, Severity.AMBER

CODES: dict[str, Code] = table_of(
    # -- files
    Code(
        "C001",
        "not TOML",
        RED,
        "correct the line",
        "The file, or the front matter of an item, cannot be read as TOML. Nothing in it is used until it can.",
    ),
    Code(
        "C002",
        "not UTF-8",
        RED,
        "save the file again and choose UTF-8 as the encoding",
        "A byte of the file is not UTF-8. Guessing the encoding would change a public text silently.",
    ),
    Code(
        "C003",
        "file missing",
        RED,
        "add the file, or correct the name",
        "A file that a campaign must have, or that another file names, is not there.",
    ),
    Code(
        "C004",
        "not a readable file",
        RED,
        "put a plain file there that can be read",
        "A folder or a device stands where a file belongs, or the file's permissions do not allow to read it.",
    ),
    Code(
        "C005",
        "file too large",
        RED,
        "look whether it is the right file; split it when it is",
        "The file is far larger than a campaign needs: 2 MiB for TOML, 256 KiB for an item, 8 MiB for a source.",
    ),
    Code(
        "C006",
        "outside the campaign's folder",
        RED,
        "keep the file inside the folder",
        "A path with `..`, an absolute path or a link leads out of the campaign's folder. Nothing outside is read.",
    ),
    Code(
        "C007",
        "file not read",
        AMBER,
        "rename it or delete it",
        "The file's name is close to one that is read, or it lies among the items without being one.",
    ),
    Code(
        "C008",
        "hidden character",
        RED,
        "delete it, or type the place again; paste words as plain text",
        "A character that nobody sees, or that shows the text in another order than it has: a mark of direction, a "
        "zero-width space, a soft hyphen, a tag, a control character; or one that is spelled, as &rlm; or %E2%80%AE. "
        "It can let a false help line past every check. It may stand in an emoji of Unicode's list. Where the "
        "campaign's `language` is written from right to left, marks and isolates may stand outside of numbers; "
        "where it needs joiners, they may stand between its letters.",
    ),
    # -- keys and values
    Code(
        "C010", "unknown key", RED, "correct or delete it", "A misspelt key would otherwise be left out without a word."
    ),
    Code("C011", "missing key", RED, "add it", "A key that must be there is not."),
    Code(
        "C012",
        "wrong type",
        RED,
        "write the value as the reference says",
        "A text stands where a number belongs, a date stands in quotes, and so on.",
    ),
    Code(
        "C013",
        "value not allowed",
        RED,
        "write one of the values that are allowed",
        "Only the listed values mean something here.",
    ),
    Code(
        "C014",
        "number out of range",
        RED,
        "write a number within the range",
        "The number is smaller or larger than the key allows.",
    ),
    Code(
        "C015",
        "date does not exist",
        RED,
        "correct the date",
        "There is no such day, as 30 February. The rest of the file is read all the same.",
    ),
    Code("C016", "empty text", RED, "fill it in", "A text that must say something is empty."),
    Code(
        "C017",
        "malformed id",
        RED,
        "use a-z, 0-9 and single hyphens",
        "Ids of records stand in other files and in addresses, so they have a narrow form.",
    ),
    Code(
        "C018",
        "duplicate id",
        RED,
        "give one of the two another id",
        "Two records of one kind have the same id. The first one is used.",
    ),
    Code(
        "C019",
        "unknown reference",
        RED,
        "correct the id, or add the record",
        "An id names a record that is in none of the campaign's files.",
    ),
    Code("C020", "named twice", AMBER, "delete one of the two", "A list holds the same entry twice."),
    Code(
        "C021",
        "malformed web address",
        RED,
        "write the whole address, as https://example.org/page",
        "An address must start with https:// or http:// and have a host; otherwise the link would not work.",
    ),
    Code(
        "C022",
        "refers to itself",
        RED,
        "name the record that replaces it",
        "A record says that it was replaced by itself, directly or in a circle, so nothing replaces it.",
    ),
    Code(
        "C023",
        "either one key or the other",
        RED,
        "keep one of the two",
        "Two keys say the same thing in different ways; exactly one of them must be there.",
    ),
    Code(
        "C024",
        "replaced, but still active",
        AMBER,
        "set the status to superseded, or delete superseded_by",
        "A contact names what replaced it, and its status says that it may be printed.",
    ),
    Code(
        "C025",
        "a quiet day cannot be a key day",
        RED,
        "keep one of the two",
        "Readers who want key days only are written to on those. A quiet day asks for one respectful item or none.",
    ),
    # -- campaign.toml
    Code(
        "C026",
        "the organization is declared in the settings",
        AMBER,
        "delete this line; the name that readers see is organisation.name in config/settings.toml",
        "Who speaks is declared once, in `config/settings.toml`, for forms, consents, emails, previews and the "
        "report. Earlier versions asked for the name in campaign.toml as well; such a line is shown to nobody.",
    ),
    Code(
        "C030",
        "malformed slot",
        RED,
        'write "HH:MM", as "07:30"',
        "Times are local wall-clock times from 00:00 to 23:59 with two digits each.",
    ),
    Code(
        "C031",
        "unknown time zone",
        RED,
        'write an IANA name, as "America/New_York"',
        "The zone must be a name such as America/New_York. Short names such as EST do not follow summer time.",
    ),
    Code(
        "C032",
        "titles overlap",
        RED,
        "let each season have one title",
        "A season would have two titles, or the span ends before it starts.",
    ),
    Code(
        "C033",
        "date rule not usable here",
        RED,
        "use another rule",
        "The rule counts from the window's first day and cannot give the window itself, or it is nested too deeply.",
    ),
    Code(
        "C034",
        "malformed language",
        RED,
        'write a tag such as "en" or "es-US"',
        "The language is a tag as in HTML: two or three letters, then perhaps a region.",
    ),
    # -- sources.toml
    Code(
        "C050",
        "stored source changed",
        RED,
        "restore the file; a new edition is a new source",
        "The stored file is not byte for byte the one that was recorded, so no quotation from it can be trusted.",
    ),
    Code(
        "C051",
        "passage outside the source",
        RED,
        "correct start and end",
        "The offsets do not lie inside the stored text, or the passage is empty.",
    ),
    Code(
        "C052",
        "passage starts with other words",
        RED,
        "correct start and end, or the opening",
        "The words at the passage's offset are not those that the record says. The offsets may have slipped.",
    ),
    Code(
        "C053",
        "malformed passage id",
        RED,
        "use letters, digits, dots and hyphens, as P1.2",
        "A quotation is written SOURCE#PASSAGE, so a passage's id has a narrow form.",
    ),
    Code(
        "C054",
        "correction of somebody else's words",
        RED,
        "quote another span, or set own_words if they are yours",
        "Only the organisation's own words may be corrected. A proclamation is quoted as it stands.",
    ),
    Code(
        "C055",
        "correction finds nothing",
        RED,
        "copy the words to correct from the stored source",
        "The passage does not hold the words that the correction wants to replace.",
    ),
    # -- items
    Code(
        "C060",
        "no front matter",
        RED,
        "start the file with a line +++, then TOML, then a line +++",
        "An item file starts with TOML between two lines of +++. Without it nothing in the file is used.",
    ),
    Code(
        "C061",
        "sections wrong",
        RED,
        'write one "# Post" and one "# Email", each with a text below; sub-headings have ##',
        "An item file has the two sections Post and Email, each once, each with a text, and nothing before them.",
    ),
    Code(
        "C062",
        "file name and id differ",
        AMBER,
        "rename the file",
        "An item's file is called as its id, perhaps with a number before it, so that people find it.",
    ),
    Code(
        "C063",
        "then or now in a kind that has none",
        RED,
        "move the ids to claims, or change the kind",
        "Only then-now and myth-corrected items tell a claim as past. Elsewhere an old figure would stand unmarked.",
    ),
    Code(
        "C064",
        "the kind lacks its substance",
        RED,
        "name the records that the kind needs",
        "A then-now item needs then and now, a myth-corrected item then, a quotation quotations.",
    ),
)
