"""The findings: what each code means, how much it weighs, why it is there and what to do. A code keeps its meaning.

The lints (L01 and on) are not here: they are data, in config/lint/.
"""

from __future__ import annotations

from ..domain.finding import Code, Severity, table_of

RED, AMBER, INFO = Severity.RED, Severity.AMBER, Severity.INFO

#: Found while a campaign's files are read. C001 to C099.
LOADING: dict[str, Code] = table_of(
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
        "add it; or, where a line names it, correct that line",
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
        "look whether it is the right file; if it is, save the picture smaller, or split the text",
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
        "set the status to superseded (of a claim: outdated), or delete superseded_by here and supersedes there",
        "A claim or a help line names what replaced it, or the newer one names it, and its status says that it may be "
        "printed.",
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
        "delete this line; the name that readers see is organisation.name in config/settings.toml, or name in [brand]",
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
    Code(
        "C035",
        "malformed slug",
        RED,
        "write a-z, 0-9 and single hyphens, 40 characters at most, as c7xk2mq; or leave the key out",
        "The slug stands in the addresses of a campaign's public pages, `/c/SLUG/archive`. A few words are the pages' "
        "own.",
    ),
    Code(
        "C036",
        "two campaigns share a slug",
        RED,
        "give the campaign that has sent nothing yet another slug",
        "Both would have the same archive, form and feed, and each would hide the other's.",
    ),
    Code(
        "C037",
        "malformed color",
        RED,
        'write # and six digits or letters a to f, as "#1f4e8c"',
        "The accent color of a campaign is written as in style sheets.",
    ),
    Code(
        "C038",
        "the accent color cannot be read",
        RED,
        "choose a darker color",
        "Links and buttons are printed in the accent color on white, and white on it. Text needs a contrast of 4.5:1 "
        "(WCAG 2.2), measured here by the program; until the color has it, the program's own one is used.",
    ),
    Code(
        "C039",
        "malformed line about who speaks",
        RED,
        "write one line, or leave it out",
        "The name and the contact line of a campaign stand in consents, forms and the heads of emails: one line each, "
        "that says something and is not too long.",
    ),
    # -- sources.toml
    Code(
        "C040",
        "a logo that cannot be used",
        RED,
        "give a PNG file of at most 40 kB, or leave logo out",
        "Every email program shows a PNG file. It is hosted by the program, without what else the file holds, as where "
        "and when it was made. Until it can be used, emails go without a logo.",
    ),
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
        "Only the organization's own words may be corrected. A proclamation is quoted as it stands.",
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
        "An item file has the two sections Post and Email, each once, each with a text, and nothing before them. In a "
        "campaign with a [rhythm], or in an item that names its channels, one of the two may be left out.",
    ),
    Code(
        "C062",
        "file name and id differ",
        AMBER,
        "rename the file, or correct the id",
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
    # -- editions in other languages
    Code(
        "C070",
        "the edition has no original",
        RED,
        "name the campaign in whose language it was written first, or take edition_of out",
        "`edition_of` names a campaign that is not there, cannot be read, is this one, or is itself an edition. "
        "Nothing of the edition can be planned without its claims, help lines and sources.",
    ),
    Code(
        "C071",
        "the edition speaks its original's language",
        RED,
        "write the language that the edition's texts are in",
        "A family has one edition for each language; a reader has one of them.",
    ),
    Code(
        "C072",
        "not translated",
        AMBER,
        "write it in the edition's own words, with the line translated_from that is named",
        "The original has the item, or the letter, and the edition does not: an item's day goes to another one, or to "
        "none; a letter goes out in the original's words.",
    ),
    Code(
        "C073",
        "the original was changed since it was translated",
        AMBER,
        "compare the two, correct the edition, and write the digest that is named as translated_from",
        "What was corrected in the original may still stand in the edition. The digest is that of the original's text "
        "as it is now.",
    ),
)

#: Found between a calendar and a plan.
PLANNING: dict[str, Code] = table_of(
    Code(
        "P001",
        "Two lines of the calendar want the same day",
        RED,
        "give one of the two another day, or delete it",
        "Two lines with dates fall on one day this season, or two lines name the same day number. Only a day number "
        "without fixed = true gives way, and only to a date. The second line is left out of the plan. Where a day may "
        "have more items than one, [rhythm] says so: most_items_a_day.",
    ),
    Code(
        "P002",
        "The pool cannot fill a day",
        RED,
        "add items to the pool, name an item for the day in the calendar, or loosen the rule that is named",
        "No item of the pool may go out on that day. The finding names the rule that fails; the day stays empty.",
    ),
    Code(
        "P003",
        "An item made room for a dated day",
        INFO,
        "nothing to do if the new day suits; otherwise give the item another day in the calendar",
        "A line with a date goes before a line with a day number. The item that stood there takes the nearest day "
        "that is open after it, else before it.",
    ),
    Code(
        "P004",
        "A calendar line lies outside the window",
        AMBER,
        "give the line a day inside the window, or delete it",
        "The window is shorter this season, or the date falls before or after it. The item is not planned.",
    ),
    Code(
        "P005",
        "A date is not announced yet",
        AMBER,
        "add this season's date to the rule as soon as it is known",
        "Until the date is known the item is not planned, and the pool fills the day.",
    ),
    Code(
        "P006",
        "A substitute is spoken for elsewhere",
        AMBER,
        "choose a substitute that stands nowhere else in the calendar",
        "If the item had to be held back, its substitute could not step in: an item goes out once a season.",
    ),
    Code(
        "P007",
        "The pinned plan disagrees with the calendar",
        RED,
        "correct the day in the pinned plan, or write the plan again with: `plan --write`",
        "The calendar gives an item a date of its own, and the pinned plan has the item on another day or another "
        "item on that date. The pinned plan stands until a person decides.",
    ),
    Code(
        "P008",
        "A date rule gives no date this season",
        RED,
        "correct the rule, or use a table with a date for each season",
        "29 February in a year without one, a fifth weekday that the month does not have, a table without this season.",
    ),
    Code(
        "P009",
        "The pinned plan names an item that does not exist",
        RED,
        "bring the item's file back, or write the plan again with: `plan --write`",
        "The item was deleted or renamed after the plan was pinned. Its day is planned afresh.",
    ),
    Code(
        "P010",
        "An item found no day",
        AMBER,
        "give the item a day of its own in the calendar, or take its line out",
        "It had to make room, and every other day of the window is taken. The item is not planned.",
    ),
    Code(
        "P011",
        "An item would go out twice",
        RED,
        "name another item for one of the two days",
        "An item goes out once a season. The second mention is not used.",
    ),
    Code(
        "P012",
        "A held-back item has nothing to stand in for it",
        AMBER,
        'name an item in the calendar line with substitute = "ITEM", or settle what holds the item back',
        "The pool fills the day for as long as the item is held back.",
    ),
    Code(
        "P013",
        "A topic has less than its share",
        RED,
        "add items with that topic to the pool or the calendar, or lower min_share_of_topic",
        "The share is counted over all days of the season, the calendar's items included.",
    ),
    Code(
        "P014",
        "The pinned plan does not fit the season",
        RED,
        "correct the day in the pinned plan, or write the plan again with: `plan --write`",
        "It names a day outside the window, or was written for another season.",
    ),
    Code(
        "P015",
        "The pinned plan cannot be read",
        RED,
        "correct that place, or write the plan again with: `plan --write`",
        "The file is not TOML, or has an unknown key, a wrong type, a day twice. What can be read of it still holds.",
    ),
    Code(
        "P016",
        "A date is a guess",
        RED,
        "add this season's date to the rule's dates as soon as it is announced; until then nothing goes out by it",
        "The rule is announced each year, this season's date is not known yet, and the rule has a guess. The plan and "
        "the dry run go by the guess, so that there is something to read and to approve. Nothing goes out live by it: "
        "a guess about the window holds back the whole season, one about a line of the calendar that line's item.",
    ),
    Code(
        "P017",
        "A channel has nothing on one of its days",
        RED,
        "give an item of that day a text for the channel, plan another one, or take the day out of the channel's days",
        "[rhythm.channels] says on which weekdays a channel has something, and on one of them no item goes out there: "
        "none is planned, or it has no text for the channel, or names other channels. Of an item: no channel has it on "
        "the day on which it stands.",
    ),
    Code(
        "P018",
        "Two items go out at the same time",
        AMBER,
        "give one of them another time: slot in its calendar line, post_slot or email_slot in the item, or later_slots",
        "On one channel two items of a day have the same time. Readers would get two mails at once, or two posts would "
        "stand one on the other. Both go out if nobody changes it.",
    ),
    Code(
        "P019",
        "There is no such channel",
        RED,
        "write the channel's name as config/channels.toml has it",
        "[rhythm.channels] or an item names a channel that the project does not have. Misspelt, it would take the item "
        "off the channel that was meant, or put it there on the wrong days.",
    ),
    Code(
        "P020",
        "Nobody has confirmed the season's title",
        RED,
        "look up how the month is called that year, and add a [[titles]] line for it",
        "The table of titles ends before this season. The season is planned and rehearsed with the latest title, and "
        "nothing of it goes out live: a month's official name can change from one year to the next (in the United "
        "States by a proclamation, most often in December). Where the name never changes, leave out `last` in the "
        "last [[titles]].",
        waits="titles nobody has confirmed for the season",
    ),
    Code(
        "P021",
        "Readers are owed emails that no digest is left to tell",
        AMBER,
        "give the campaign its [digest] back until they have had them, or say it in an item of a later day",
        "These readers asked for at most one email a day. Second emails of a day were withheld, to be told in the "
        "campaign's next digest, and no digest is to come any more: most often [digest] was taken out of "
        "campaign.toml in mid-season.",
    ),
)

#: Found between an item's file and its messages.
RENDERING: dict[str, Code] = table_of(
    Code(
        "R001",
        "A text cannot be read as a template",
        RED,
        "check the braces and quotation marks there: {{ name }} prints something, {% if ... %} needs {% endif %}",
        "A brace, a quotation mark or an end tag is missing or one too many. The message cannot be made.",
    ),
    Code(
        "R002",
        "A name or field that does not exist",
        RED,
        "docs/reference/campaign-files.md lists the functions, docs/reference/templates.md the variables",
        "Instead of leaving a hole in a public text, the message is not made.",
    ),
    Code(
        "R003",
        "A record that the item does not list",
        RED,
        "add its id to claims, quotations or contacts at the top of the item's file",
        "A text may use only what its front matter names, so that the lists of claims, quotations and help lines that "
        "reviewers sign are whole.",
    ),
    Code(
        "R004",
        "A record that does not exist",
        RED,
        "check the id against claims.toml, contacts.toml and sources.toml",
        "The text points to a claim, a help line or a passage that the campaign does not have.",
    ),
    Code(
        "R005",
        "Something that a template may not do",
        RED,
        "use only the functions and fields of the reference; write the rest as plain text",
        "Texts run in a sandbox: no files, no other templates, no Python, no arithmetic that could grow without end.",
    ),
    Code(
        "R006",
        "A text that does not end or grows too long",
        RED,
        "shorten it, or take the loop out",
        "Loops inside loops, values put together in a loop, macros that call themselves and very long texts are "
        "refused before they run, so that no file can stop the program. docs/reference/templates.md has all limits.",
    ),
    Code(
        "R007",
        "A record lacks what the text asks it for",
        RED,
        "fill the field in the record, or take the call out of the text",
        "For example number('ID') of a claim without numbers, or question('SOURCE#F1') of a passage with none.",
    ),
    Code(
        "R008",
        "A post is too long",
        RED,
        "shorten the text of the post; the help line and the tags are always printed whole",
        "The network would refuse it. Nothing is ever cut off by the program.",
    ),
    Code(
        "R009",
        "A line break or control character in a mail header",
        RED,
        "write the subject, the preheader and the sender's name on one line, without special characters",
        "Such a character could smuggle further headers into the mail, so the message is not made.",
    ),
    Code(
        "R010",
        "A picture in an email's text",
        RED,
        "describe it in words, or link to a page that shows it",
        "A picture that is fetched from a server when the mail is opened tells that server who reads it, and when.",
    ),
    Code(
        "R011",
        "A link that may not be printed",
        RED,
        "use a whole address that begins with https:// (or http:, mailto:, tel:, sms:)",
        "Mail has no page to which a relative address could belong, and addresses that run code are refused.",
    ),
    Code(
        "R012",
        "An email would fetch something when it is opened",
        RED,
        "take the picture, script, style sheet or frame out of the mail's template",
        "No one is tracked: a mail must be readable without a single request to any server.",
    ),
    Code(
        "R013",
        "An email is too large",
        RED,
        "shorten the text; 100,000 bytes is the most, most mails need a fifth of that",
        "Gmail cuts a mail off at about 102,000 bytes. What it would cut is the end: help lines and the way out.",
    ),
    Code(
        "R014",
        "A message template is missing or cannot be read",
        RED,
        "put the file back: `observance init` writes all templates into an empty folder, copy it from there",
        "Each kind of item needs its templates in templates/post/ and templates/email/.",
    ),
    Code(
        "R015",
        "No time of day for a message",
        RED,
        'write HH:MM on a 24-hour clock: post_slot or email_slot in the item, or default = "10:00" under [slots]',
        "Without a time the message cannot be due.",
    ),
    Code(
        "R016",
        "A time of day that the clocks skip or repeat",
        INFO,
        "choose another time if that matters",
        "On that date the clocks change. A time that is skipped moves on by the length of the gap; of a time that "
        "comes twice, the first is taken.",
    ),
    Code(
        "R017",
        "An empty text",
        RED,
        "write the text under # Post or # Email",
        "The message would have nothing to say.",
    ),
    Code(
        "R018",
        "A link of the email is not in its plain text",
        AMBER,
        "print the address in the .txt template as well",
        "Some readers see only the plain text. Both parts must say the same.",
    ),
    Code(
        "R019",
        "Template signs where none are read",
        RED,
        "write the words themselves; only the texts under # Post and # Email are templates",
        "Titles, subjects and preheaders are printed as they stand, braces and all.",
    ),
    Code(
        "R020",
        "A template failed",
        RED,
        "look at that line; docs/reference/templates.md says what each variable is",
        "Something went wrong that has no better name. The message is not made.",
    ),
    Code(
        "R021",
        "An email without a way out",
        RED,
        "put {{ unsubscribe_url }} back into the footer of the HTML and the text template",
        "Every mail needs a visible link by which a reader can leave, in both of its parts.",
    ),
    Code(
        "R022",
        "Half a character",
        RED,
        "write the character itself; a pair of \\ud... escapes is one character written as two",
        "Such a half stands for nothing and cannot be sent in UTF-8, so the message is not made.",
    ),
    Code(
        "R023",
        "A digest that does not mark its pieces",
        RED,
        "put {{ one.begins }} and {{ one.ends }} back around each piece in templates/email/digest.html and digest.txt",
        "A digest tells of each item in a piece, and a piece is left out for readers who had the item already. The "
        "template of the digest marks where each begins and ends; without the marks no digest can be made.",
    ),
    Code(
        "R024",
        "A confirmation mail without its link",
        RED,
        "put the button back: item.action of templates/email/base.html and base.txt prints it",
        "Whoever signs up gets one mail, and says yes by the link in it. Without the link nobody could.",
    ),
    Code(
        "R025",
        "Half a part in another language",
        RED,
        "write a line `::: es` above the part, with the tag of its language, and a line `:::` below it",
        "A screen reader says the words as their language does, once it is told which one it is. A mark that stands "
        "alone would be printed.",
    ),
    Code(
        "R026",
        "A digest that is too long",
        RED,
        "let digests go out more often ([digest] in campaign.toml), or shorten titles, help lines or the frame",
        "A digest has at most 600 words, with all that stands around its pieces. Paragraphs are shortened by whole "
        "sentences, evenly, and left out if that is not enough; here not even the titles fit.",
    ),
    Code(
        "R027",
        "The two heads of an email do not end",
        RED,
        "let the template print `subject`, `first_line`, `discreet` and `item.preheader` above the text alone",
        "Readers may choose a head that tells nothing of the cause. What stands below the head is the same for all, to "
        "the byte, and was approved once.",
    ),
    Code(
        "R028",
        "A header picture that nobody could fetch",
        AMBER,
        'set public_url in config/settings.toml to where readers reach the pages, or header = "none" in [mail]',
        "The program hosts the picture itself, below its public address. While that is one for examples or tests, "
        "emails have no picture and are whole without it; with the address they get one, and are approved anew.",
    ),
    Code(
        "R029",
        "A header picture that says more than its email",
        RED,
        "let templates/email/head-picture.svg print nothing that the email's own text does not have",
        "Many programs show no pictures, and some readers see none. What stands on the picture has to stand in the "
        "email, where it is read and checked.",
    ),
    # -- cards ----------------------------------------------------------------------------------------------
    Code(
        "G101",
        "Words that do not fit on a card",
        RED,
        "shorten them, or choose another claim, passage or headline in the item's [card]",
        "A card's words are set in the largest of their sizes in which they fit. Nothing is cut off, nothing is set "
        "in letters that nobody can read on a phone: where the smallest size does not fit, there is no picture.",
    ),
    Code(
        "G102",
        "A letter that a card's font lacks",
        RED,
        "write it in Latin letters, or switch the campaign's cards off (`on = false` in [cards])",
        "The fonts that cards are set in have the letters of the Latin alphabet, and no emoji. A letter that they lack "
        "would be an empty box on the picture.",
    ),
    Code(
        "G103",
        "A picture without an alternative text that somebody wrote",
        RED,
        'write alt = "..." in the front matter of the item: what somebody who cannot see the picture should hear',
        "Of a card a draft is made of its own words, and shown in the packet. Somebody has to read it as its hearer "
        "would: a screen reader says it right after the post. Of another picture nobody but a person can say what it "
        "shows.",
        waits="pictures have only a draft of their alternative text",
    ),
    Code(
        "G104",
        "A card's template that cannot be used",
        RED,
        "correct the template in templates/cards/",
        "What it prints is not SVG, or holds something that a card may not: an element that fetches, runs or hides "
        "something, a text without a width, letters under 26 pixels.",
    ),
    Code(
        "G105",
        "An alternative text that is too long",
        RED,
        "shorten it",
        "Networks take at most 1,000 characters, and whoever hears it cannot skim it.",
    ),
    Code(
        "G108",
        "A picture of one's own that cannot be used",
        RED,
        "bring another file: a still PNG, JPEG or WebP picture",
        "What a picture is its bytes say, not the name of its file. It is unpacked, turned upright, cut to what each "
        "channel takes and packed anew, without where and when it was taken. A file that is too large, that moves, "
        "that is damaged, or that unpacks to more than 40 million pixels is not.",
    ),
    Code(
        "G109",
        "A picture of one's own of which something must be said first",
        RED,
        "say it in the item's [picture]",
        "Who made a picture, by what right it is shown, and whether somebody on it can be recognized has to be known "
        "before anybody sees it. Somebody who can be recognized has agreed in writing, with a day on which that ends.",
    ),
)

#: Found in the messages as they would go out.
CHECKING: dict[str, Code] = table_of(
    # -- claims ---------------------------------------------------------------------------------------------
    Code(
        "C101",
        "An estimate stands without its caveat",
        RED,
        "print the claim's caveat in this message, for example with {{ claim('ID').caveat }}",
        "An estimate that is printed as a fact is wrong the day the next estimate comes. The caveat says whose "
        "estimate it is and for which year, in the same message.",
    ),
    Code(
        "C102",
        "A contested claim stands without its caveat",
        RED,
        "print the claim's caveat in this message, or leave the claim out",
        "Somebody has published a reason to doubt the claim. A reader must see that it is in dispute.",
    ),
    Code(
        "C103",
        "A contested claim needs two sign-offs, one by a subject expert",
        RED,
        "run: `sign claim ID --by NAME --role expert`, and a second person likewise",
        "One person is not enough for a statement that others dispute: two people must have signed it as it "
        "stands now, one of them in the role of expert.",
        waits="contested claims lack a sign-off: two people, one of them an expert",
    ),
    Code(
        "C104",
        "An outdated claim is told as if it held",
        RED,
        "use the successor instead, or tell it as past: kind then-now, with the claim in `then`",
        "A claim that is outdated or superseded may go out only as something that was once said, in an item of "
        "kind then-now or myth-corrected that lists it in `then`. A picture travels alone: a claim that does not hold "
        "any more stands on none but one with two panels.",
    ),
    Code(
        "C105",
        "An outdated claim goes out without its successor",
        RED,
        "print the claim that replaces it in the same message",
        "A message that says what was once believed must say what is known now. Readers see one message, not "
        "the whole month.",
    ),
    Code(
        "C106",
        "A claim without a source is printed",
        RED,
        "leave the claim out, or find its source and change its status",
        "Nobody knows where the statement comes from. It may be true; it cannot be defended.",
    ),
    Code(
        "C107",
        "A debunked claim goes out",
        RED,
        "leave the claim out, or correct it in an item of kind myth-corrected with the claim in `then`",
        "The claim was shown to be wrong. It may appear only where it is corrected. No setting lifts this.",
    ),
    Code(
        "C108",
        "A debunked number stands in a headline",
        RED,
        "take the number out of title, subject, preheader and the first line of the post",
        "People remember the number and forget the correction. A correction therefore never leads with it.",
    ),
    Code(
        "C109",
        "A claim is not signed yet",
        RED,
        "read the claim and its source, then run: `sign claim ID --by NAME --role ROLE`",
        "A named person must have read the claim as it stands now. A change of one letter in the record needs a "
        "new sign-off. The dry run shows the message all the same; a live send waits.",
        waits="claims are not signed yet",
    ),
    Code(
        "C110",
        "A claim is due for review",
        AMBER,
        "look for a newer edition of its source; move `review_by` or correct the claim, then sign it again",
        "The record names a day by which somebody wanted to look again, and the message goes out after it. A "
        "sign-off on or after that day settles it.",
        waits="claims were to be reviewed before their day",
    ),
    Code(
        "C111",
        "A statistic is old",
        AMBER,
        "look for a newer edition; if there is none, sign the claim again knowing its age",
        "The period that the figure describes ended longer ago than `statistic_max_age_months` allows. A "
        "sign-off after that point says that somebody knows.",
        waits="statistics are old, and nobody has signed them knowing that",
    ),
    Code(
        "C112",
        "A claim has expired",
        RED,
        "check the claim against its source, then move or delete `hard_expires` and sign it again",
        "The record says after which day the claim may not go out unchecked. The message would go out after it.",
    ),
    Code(
        "C113",
        "Nobody has seen the primary source of a claim",
        INFO,
        "read the original, note page or table in `locator`, and set primary_seen = true with seen_by and seen_on",
        "Figures drift from copy to copy. The claim rests on a second-hand report of its source.",
    ),
    Code(
        "C115",
        "A figure belongs to a claim that may not be printed",
        RED,
        "use the claim that replaces it, or list the claim in `then` of a then-now or myth-corrected item",
        "The figure is that of a claim that is outdated, without a source or debunked, and the item does not "
        "say that it uses that claim. Typing the number does not make it true again.",
    ),
    Code(
        "C116",
        "Nobody stands for having read the original",
        AMBER,
        'name who read it, and when: seen_by = "Ada Example", seen_on = 2026-12-20; else primary_seen = false',
        "`primary_seen = true` says that a person opened the publication itself. It counts only with that person's "
        "name and the day, and the day must have come. Until then every page says that nobody has read it.",
    ),
    Code(
        "C117",
        "A source names one document, and its address leads to another",
        AMBER,
        'where the page reports the document, name whose page it is: reported_by = "..."; where it is the '
        "publisher's own site, add its host under [publishers] in claims.toml",
        "A reader who follows the link has to find what the label names. `title`, `publisher` and `dated` name the "
        'original; where the address leads to somebody\'s report of it, each message says "as reported by". Which '
        "hosts belong to which publisher stands under `[publishers]`, so that nothing is guessed.",
    ),
    Code(
        "C150",
        "A statistic stands without a claim",
        RED,
        "make it a claim with a source, list it in the item and print it with {{ number('ID') }}; or take it out",
        "A share, a ratio, a rate, a rank, a superlative or a large number says something of people, cases, crime or "
        "money, and no claim of the item says the same. Nobody could trace it to its source. In digits or in words, it "
        "is the same statement: most, half, all, twice as many, every 30 seconds, thousands. What is asked, and what "
        "is let pass, stands in config/lint/quantities.",
    ),
    Code(
        "C151",
        "Numbers stand without a claim",
        AMBER,
        "look at each: what comes from a source becomes a claim; what you counted yourself may stand",
        "Numbers from 13 on, and smaller ones with a unit, that no claim of the item carries, told together once an "
        "item. Dates, clock times, addresses, help lines, laws and pages, durations of an action, measures of things "
        "and the days of the season are left alone.",
    ),
    Code(
        "C152",
        "A figure says something else than its claim",
        RED,
        "say what the claim says, or print its words with {{ claim('ID').text }}",
        "The number is that of a claim, and stands beside another measure, another group of people, another place or "
        "another time, or as more or less than it is. The right number of something else is a false figure.",
    ),
    Code(
        "C153",
        "A figure cannot be read for sure",
        RED,
        "write it in plain digits: 300,000; 27.6 million",
        "Its digits stand apart, are mixed with letters or with those of another script, or its comma or point can be "
        "read in two ways. Readers would take it for one figure, and a check for another.",
    ),
    Code(
        "C154",
        "A claim's numbers are not those of its text",
        RED,
        "correct `numbers` or `text` by the source, then sign the claim again",
        "`numbers` are how the figure may be printed, and the text says another one. One of the two is a typing "
        "mistake, and both go out.",
    ),
    Code(
        "C155",
        "A text in a language that no check reads",
        RED,
        "somebody who reads the language compares each figure, quotation and date with its record, and says so: "
        "`decide text ITEM --answer TEXT`, or the page Questions",
        "Figures, quotations and dates are read in English and in Spanish, and so are the words by which one part of "
        "an email says something else than the other. In any other language nothing would be found, so a named person "
        "stands for each text; when the text changes, they are asked again.",
        waits="texts are in a language that no check reads",
    ),
    Code(
        "C156",
        "Beside a figure stands a word that its claim does not have",
        AMBER,
        "say it in the claim's words, or print them with {{ claim('ID').text }}; where the word changes nothing, "
        "approve it",
        "The number is that of a claim, and a word said with it is neither in the claim's record nor one that says "
        "nothing of its own; or a word of what the claim counts is left out. One word can make another figure of it: "
        "in the whole state, so far this year, cases won. Words that change nothing stand under [beside] in "
        "config/lint/quantities, words for the same under [[same]].",
    ),
    # -- the discreet head ------------------------------------------------------------------------------------
    Code(
        "C190",
        "A discreet head tells what the emails are about",
        RED,
        "write other words: from_name, subject, preheader and first_line under [discreet] in campaign.toml, an item's "
        "own discreet_subject",
        "Readers who want it discreet are promised that nobody learns from their inbox or their locked phone what they "
        "read. Looked for are the words of the campaign's name, titles, id, topics and tags, the cause words of its "
        "lint packs, and the names of special days and help lines.",
    ),
    Code(
        "C191",
        "An address that every email shows tells what they are about",
        AMBER,
        "send from an address and link to a server whose names are neutral, or tell readers that the address shows it",
        "A discreet head changes the sender's name, not the address, and the links lead where they lead.",
    ),
    Code(
        "C192",
        "A discreet head holds a word that is not known to be neutral",
        AMBER,
        "write it in words of mail, reading, days and the house; or add the word to [neutral] of a lint pack",
        "No list of words that give a reader away is ever complete. Of neutral ones there are enough: [neutral] in "
        "config/lint/discreet.toml. Looked at are an item's discreet_subject, the words of [discreet] in campaign.toml "
        "and a slug of its own, in English and Spanish.",
    ),
    Code(
        "C193",
        "A discreet email prints its item's headline",
        AMBER,
        "in a template of your own print {{ subject if discreet else item.title }}, and the special day only where it "
        "is {% if not discreet %}, as templates/email/base.html and base.txt do",
        "A discreet email begins as its subject does: in large letters somebody beside the reader would read the "
        "headline. Looked for is the item's title, and its special day, where the author's own text does not say it.",
    ),
    # -- what guards a season ---------------------------------------------------------------------------------
    Code(
        "C185",
        "A lint pack, a rule, a limit of age or a notice was taken out, or loosened",
        RED,
        "put it back; or a person who has looked at it signs for it with `decide`",
        "Whoever approved the season relied on it: the ledger remembers which packs and rules stood when somebody last "
        "approved, armed or made a packet, and what each of them said: its severity, words, places and exceptions, the "
        "families of words behind it, and the words that a pack lets pass; the limits of [freshness]; who must have "
        "approved by config/review.toml; quiet days, days of rest, shares and limits of the pool; the addresses that "
        "are a publisher's own; what may be spent. Taking one out, or a word of it, would let through what it had "
        "stopped, without a trace in any text. What makes a rule stricter is not told. Of a project's own files in the "
        "folders of config/lint nobody can tell that, so each change of them is, and that one was taken away so that "
        "the program's stands in its place (amber). So is a notice that was turned off, or its way out (amber). "
        "Against the last season before this one it is told what went, forbids less or lost the larger part of a "
        "list, and what the settings and the project's own files say.",
        waits="changes of the rules are not signed",
    ),
    Code(
        "C186",
        "The stored text of a source is another one than when the season was approved",
        RED,
        "put the stored text back; or a person who has compared it with the original signs for it with `decide`",
        "Quotations are compared with the stored text, and its hash stands in the same folder: whoever changes both "
        "changes what was said. The ledger has the hash of the text that people approved by.",
        waits="changes of stored sources are not signed",
    ),
    Code(
        "C187",
        "A record that was barred when the season was approved is barred less",
        RED,
        "put it back; or a person who has looked at it signs for it with `decide`",
        "A retired help line, a claim that is false, a passage that may not be quoted, a tag to be avoided, a consent "
        "that was taken back or has ended: a status or a limit in a record stops each of them, and one changed word "
        "there would let it through. So would somebody who is said to have read an original, and has not (seen_by). "
        "The ledger remembers what was barred when somebody last approved, armed or made a packet, and by which words "
        "it is found. A record that was barred and is gone is told too: no check looks for it any more.",
        waits="changes of what is barred are not signed",
    ),
    # -- quotations -------------------------------------------------------------------------------------------
    Code(
        "Q101",
        "A passage that may not be quoted is quoted",
        RED,
        "choose another passage of the source; the record says why this one is closed",
        "The record of the passage says quotable = false, with a reason: it is nobody's words, or it was true "
        "only when it was written.",
    ),
    Code(
        "Q102",
        "A quotation is not printed word for word",
        RED,
        "print it with {{ quote('SOURCE#PASSAGE') }} instead of typing it",
        "The message rests on the passage, and the passage's words are not in it. Only curly quotation marks, "
        "dashes and spaces may differ between two printings of the same words.",
    ),
    Code(
        "Q103",
        "A quotation stands without its source and year",
        RED,
        "print {{ short_attribution('SOURCE#PASSAGE') }} in a post, {{ attribution(...) }} in an email",
        "A reader must see who said it, where and in which year, in the same message.",
    ),
    Code(
        "Q104",
        "Words in quotation marks come from no stored source",
        RED,
        "store the source and quote it by its passage, or write it without quotation marks",
        "Words in quotation marks of any kind, or a quoted paragraph, are taken by readers for somebody's words. The "
        "check finds them in no stored source. Free are words that are offered to the reader to say: you can ask, "
        "\u201c...?\u201d.",
    ),
    Code(
        "Q105",
        "A quotation was altered",
        RED,
        "print the stored words with {{ quote('SOURCE#PASSAGE') }}, or mark what was left out with an ellipsis",
        "The words in quotation marks are nearly, and not quite, those of a stored source. Case, commas and "
        "spelling count.",
    ),
    Code(
        "Q106",
        "A correction changes a figure",
        RED,
        "make it a new claim; a correction may mend spelling only",
        "Mending a misprint and changing what a text says are different acts. A changed number is the second.",
    ),
    Code(
        "Q110",
        "Words of a stored source were typed",
        RED,
        "print them with {{ quote('SOURCE#PASSAGE') }}; where no passage holds them, add one to sources.toml",
        "A typed quotation can change by one letter, and nobody sees it. What a template prints from the record is "
        "word for word what was said, and carries its speaker and its year.",
    ),
    Code(
        "Q111",
        "Words of a named speaker were typed",
        RED,
        "store what they said as a source and print it with {{ quote('SOURCE#PASSAGE') }}, or leave the speaker out",
        "Whoever is told to have said something is quoted, with quotation marks or without, word for word or not.",
    ),
    Code(
        "Q112",
        "Another speaker or another year stands beside a quotation",
        RED,
        "print {{ short_attribution('SOURCE#PASSAGE') }} in a post, {{ attribution(...) }} in an email",
        "Who said it and when stand in the source's record. A name or a year that is typed beside the words and is not "
        "there gives them to somebody else.",
    ),
    Code(
        "Q113",
        "A term stands in quotation marks",
        AMBER,
        'leave the marks out; a term that is spoken of stands in names.toml, as kind = "term"',
        "Up to three words in quotation marks are read as somebody's, or as meant with a wink. Free are terms of "
        "names.toml and of the lint packs, and words of which the sentence says that they are words: the word "
        "\u201c...\u201d.",
    ),
    Code(
        "Q114",
        "A quotation leaves out words, and nobody said why",
        RED,
        "quote the whole sentence; or write the reason into `shortened` of the passage, once somebody has read both",
        "A passage that begins or ends within a sentence, and an ellipsis beside one, can turn what was said round. It "
        "is an edit: somebody answers for it in the record.",
    ),
    Code(
        "Q115",
        "An ellipsis leaves out a \u201cnot\u201d",
        RED,
        "quote the sentence whole",
        "What stands between the two passages in the source denies something. Without it the words say another thing.",
    ),
    Code(
        "Q116",
        "Printed words are given to somebody of whom their record does not tell",
        AMBER,
        "say who it was with {{ attribution('SOURCE#PASSAGE') }}, or leave that sentence out",
        "Another sentence, a card or an alternative text says that a nurse, a founder or a neighbor said it."
        " Readers believe the nearest name; the record has another one, or none that says so.",
    ),
    Code(
        "C160",
        "Somebody can be recognized",
        RED,
        "leave out the name, or what it stands beside; or record the person's consent in consents.toml and name it in "
        "`story_consent`; a public figure stands in names.toml",
        "A name beside an age, a school, a workplace, a street or a relative finds one person, and so does whoever "
        "looks for them.",
    ),
    Code(
        "C161",
        "Somebody tells what they went through",
        RED,
        "record the person's consent in consents.toml, and name it in `story_consent`",
        "An account in the first person is somebody's. Nobody writes it for them, and it goes out for as long as they "
        "agree.",
    ),
    Code(
        "C162",
        "Somebody's case is told, or one that was made up",
        RED,
        "say what is known of many, from a claim; or record the consent of the person whose story it is",
        "A composite, a changed name and a typical case are read as true, and can be recognized by the one person who "
        "must not find them.",
    ),
    Code(
        "C163",
        "Somebody, or a business, is called a criminal",
        RED,
        "leave it out; what a court or an agency published is a claim, and is printed from its record",
        "An accusation can endanger whoever is still there, warn whoever is accused, and be libel. No consent covers "
        "it.",
    ),
    Code(
        "C164",
        "The consent to a story does not hold",
        RED,
        "ask the person again, and record what they say; until then tell no part of the story",
        "The consent that the item names is not recorded, was taken back, ran out, or is not for this item, channel or "
        "day.",
    ),
    Code(
        "C165",
        "A consent runs out soon",
        AMBER,
        "ask the person whether it may go on; take the story off your pages before its last day if not",
        "Whoever keeps the consent is told thirty days before its last day, and when it ends before the season does.",
    ),
    Code(
        "C166",
        "Somebody is named whom no record knows",
        AMBER,
        "write the name into names.toml, with the reason why texts may name it; or leave it out",
        "Known are the people of names.toml, the authors of sources and who signs the emails. Free are those who hold "
        "a public office, and sentences with the year of an earlier time.",
    ),
    Code(
        "C167",
        "One person is told of",
        AMBER,
        "say what holds for many, or what the reader can do; or record the consent of whoever it is about in "
        "consents.toml and name it in `story_consent`",
        "Somebody who is pointed to (the cook, my son, a waiter at the Grill, she) did or suffered something, or has "
        "something private. Whoever knows the town knows who it is. What people do for others and at work is free.",
    ),
    Code(
        "C168",
        "The text tells more than the consent names",
        AMBER,
        "ask the person, and write into `what` of the consent what they agreed to; or leave it out",
        "Who agreed to be named as a teacher of a workshop has not agreed to be told of as a patient. A consent to an "
        "account, or a story, as a whole is for all that it tells.",
    ),
    # -- help lines -------------------------------------------------------------------------------------------
    Code(
        "H101",
        "A help line that was replaced is printed",
        RED,
        "print the contact that replaced it, by its record: {{ contact('ID').value }}",
        "Somebody in need, or a volunteer with a disclosure, would reach nobody or the wrong people. Another way of "
        "writing it is found too: other signs, digits in words, a name with dots between its letters, an address with "
        '"at" and "dot".',
    ),
    Code(
        "H102",
        "A help line that is in quarantine is printed",
        RED,
        "confirm it at its own source and set it active, or leave it out",
        "The record says that nobody could confirm it.",
    ),
    Code(
        "H103",
        "The help line is missing",
        RED,
        "keep the help-line block of the template; in a post, keep the closing line",
        "Every message carries the help line, so that nobody has to look for it. A post has room for those lines alone "
        "that its closing line names; the telephone is among them.",
    ),
    Code(
        "H104",
        "A telephone number or address that is no record is printed",
        RED,
        "add it to contacts.toml with its source and the day it was verified, and print it by its record",
        "A number that was typed is a number that nobody verifies. One wrong digit reaches a stranger. It is found in "
        "words, with any signs between its groups, in every headline, and as a short code that differs from that of a "
        "record. 911 and the relay 711 need no record.",
    ),
    Code(
        "H105",
        "A help line is not signed yet",
        RED,
        "call or text the number, then run: `sign contact ID --by NAME --role safety`",
        "A named person must have tried it. The dry run shows it all the same; a live send waits.",
        waits="help lines are not signed yet",
    ),
    Code(
        "H106",
        "A help line was verified too long ago",
        RED,
        "try it, or look it up at its own source, and sign it again",
        "Operators, addresses and hours change. On the day of the message the last check lies further back than "
        "`contact_max_age_days`. A sign-off counts as a check on its day.",
        waits="help lines were verified too long before their messages",
    ),
    Code(
        "H107",
        "A help line was not verified again before the season",
        RED,
        "verify it within the days before the first message, and sign it again",
        "A month of messages rests on it. Somebody must have tried it within `contact_reverify_days` before the "
        "first day.",
        waits="help lines were not verified again before the season",
    ),
    Code(
        "H108",
        "The operator of a help line is printed",
        RED,
        "take the operator's name out; the record keeps it",
        "Operators change, and what was published stays. The name of the help line is enough.",
    ),
    Code(
        "H109",
        "A message promises that a help line is confidential",
        AMBER,
        "leave the word out, or say that these are the hotline's own words and link to them",
        "Only the help line can promise that, and what it means is in dispute. Nothing is promised on behalf "
        "of others.",
    ),
    Code(
        "H110",
        "A help line was verified on a day that has not come",
        RED,
        "correct verified_on",
        "A date in the future would keep the help line fresh without anybody having tried it.",
    ),
    Code(
        "H111",
        "A stored source prints what is no longer true",
        INFO,
        "nothing to do while nobody quotes that part; the check finds it again in every message",
        "The stored edition stays as it is. This is the list of what must not travel from it into a message.",
    ),
    Code(
        "H112",
        "A help line's number or address stands beside the name of another line",
        RED,
        "print the name and the number of one record: {{ contact('ID').label }}, {{ contact('ID').value }}",
        "Each number is right, and whoever calls it reaches somebody else than they were told.",
    ),
    Code(
        "H113",
        "A help line's number is written in words",
        RED,
        "print the number by its record: {{ contact('ID').value }}",
        "Nobody can tap words on a telephone, and a digit that is missing among words is seen by nobody.",
    ),
    Code(
        "H114",
        "A number is to be reached in a way that its record does not have",
        AMBER,
        "print the line for texts, or for calls, by its record; where one number takes both, add a second record",
        "Whoever texts a telephone that takes no texts waits for an answer that does not come.",
    ),
    Code(
        "H115",
        "A sentence says what a help line does, and no record says it",
        AMBER,
        "leave it out, print what the record says ({{ contact('ID').purpose }}), or list a claim that has it",
        "Somebody may stake their safety on it: who answers, what they do, what a call costs, whether it is private, "
        "in which languages. Only the line can say that. Let pass is how a line is reached, and help in general.",
    ),
    Code(
        "H116",
        "Hours are named that no record of the line has",
        AMBER,
        "print the hours by the record: {{ contact('ID').hours }}",
        "Who calls at night because a text said so, and hears a recording, does not call again.",
    ),
    Code(
        "H117",
        "A help line is named for what it may not be for",
        AMBER,
        "name 911 in an emergency; for everything else name who does it",
        "In an emergency a help line costs minutes, and calls that are not for it cost others their place.",
    ),
    Code(
        "H118",
        "A sender is called like a help line",
        AMBER,
        "call it what the organization is called; a line of your own has a record in contacts.toml with you as its "
        "operator",
        "Whoever is in danger answers a mail from a help line. Looked at are the names of the organization, the sender "
        "and the brand, the accounts of the channels and the addresses before the @. Red where it is the name of "
        "another's line in contacts.toml.",
    ),
    # -- duplicates -------------------------------------------------------------------------------------------
    Code(
        "D101",
        "Two messages of a channel have the same text",
        RED,
        "change the words of one of the two",
        "A network may refuse a post whose words it has seen before, and give no other sign. Spaces, case and "
        "addresses make no difference.",
    ),
    Code(
        "D102",
        "Two posts are nearly the same",
        AMBER,
        "say it in another way on one of the two days",
        "A network may take the second one for a repetition, and readers certainly will.",
    ),
    Code(
        "D103",
        "Another campaign of the project posts the same words",
        RED,
        "change the words of one of the two",
        "Both go out on one account. A network may refuse the second one, and where an answer was lost, the other "
        "campaign's post would be taken for the proof that this one is there. Compared are posts from a week before "
        "the season until a week after it; spaces, case and addresses make no difference.",
    ),
    Code(
        "D104",
        "The posts of another campaign cannot be compared",
        INFO,
        "correct its files; `check` of that campaign lists what is wrong",
        "Its own check compares the two once it can be read.",
    ),
    Code(
        "D105",
        "Two emails say the same",
        RED,
        "change the words of one of the two",
        "The same subject or the same text on two days looks like a mistake, and often is one: a file that was copied "
        "and not changed. Case, punctuation and characters that nobody sees make no difference.",
    ),
    Code(
        "D106",
        "Two emails say nearly the same",
        AMBER,
        "say it in another way on one of the two days",
        "A subject or a text that differs in a word from that of another day, or the same title or preheader. Readers "
        "take the second email for the first one.",
    ),
    Code(
        "D201",
        "A person has to decide first",
        RED,
        "a named person answers it: `decide`, or the page Questions; the line in the file may stay",
        "The author left a question that the program cannot answer. Nothing that it concerns goes out live before "
        "somebody has put their name to an answer. The answer is for exactly this question: another wording asks anew.",
        waits="questions are open that a person decides",
    ),
    Code(
        "D202",
        "An item is held back and its substitute is planned",
        INFO,
        "delete `blocked_until` in the calendar when the question is settled",
        "The calendar says what has to happen before the item may go out. Both are in the packet.",
    ),
    Code(
        "D203",
        "A person has answered a question",
        INFO,
        "nothing; who sees it otherwise gives another answer",
        "The answer is kept in the ledger with the person's name. Whoever reads the season sees both.",
    ),
    Code(
        "D204",
        "A question was removed before anybody answered it",
        RED,
        "answer it all the same: `decide`, or the page Questions",
        "The ledger remembers what was asked when somebody approved, signed or armed. Deleting the line in the file, "
        "or renaming what it stands in, answers nothing.",
        waits="questions are open that a person decides",
    ),
    # -- links ------------------------------------------------------------------------------------------------
    Code(
        "N101",
        "A link is not https",
        RED,
        "write the https address; if the site has none, do not link to it",
        "An unencrypted page can be read and changed on its way, and this reader may be watched.",
    ),
    Code(
        "N102",
        "A link leads to a host that nobody named",
        RED,
        "correct the address, or name it in the item's `links`",
        "Links may lead to the hosts of the item's claims, quotations, help lines, action and `links`, and to the "
        "organization's own pages. Anything else is a slip or a stranger.",
    ),
    Code(
        "N103",
        "A link is hidden behind a shortener",
        RED,
        "write the address that the short one leads to",
        "A shortened link is counted by a third party, can be redirected later, and cannot be judged by a reader.",
    ),
    Code(
        "N104",
        "A link carries tracking parameters",
        RED,
        "delete the parameters from the address",
        "No one is tracked. A log of who clicked a help line is a list of people in danger.",
    ),
    Code(
        "N105",
        "A link carries a user name or password",
        RED,
        "delete everything between :// and @",
        "An address such as https://name@host leads to host whatever the name pretends, and may give a secret away.",
    ),
    Code(
        "N106",
        "A post with a link costs more",
        INFO,
        "leave the link out if the post works without it",
        "A network may charge far more for a post that holds an address, and count a bare domain too.",
    ),
    Code(
        "N107",
        "A post addresses another account",
        AMBER,
        "write the name without @ unless the account has agreed",
        "A network may restrict mentions by programs, and an account that is named will see every reply.",
    ),
    Code(
        "N108",
        "A post holds more than one cashtag",
        RED,
        "keep one word with a $ sign, or write the others without it",
        "A network may refuse such a post.",
    ),
    Code(
        "N109",
        "A public address tells what the campaign is about",
        RED,
        "choose a slug that says nothing, or leave the key out; change it only before the first email is out",
        "The slug stands in links, in the browser's history and in what others see over a shoulder. It may hold no "
        "word of the campaign's name, title or id, and none that its lint packs look for.",
    ),
    Code(
        "N110",
        "A host looks like one that a record stands for",
        RED,
        "write the host that is meant; where both are real, add this one under [publishers] in claims.toml",
        "One letter more, a hyphen, another ending, or a letter of another script: so a false site passes for a true "
        "one. Compared are the hosts of help lines, publishers, stored sources and of the organization. Texts, "
        "`links`, the action, claims, the links of help lines, and `reply_to` in the settings are looked at.",
    ),
    Code(
        "N111",
        "A link shows one address and leads to another",
        RED,
        "let the words of the link name where it leads, or what is behind it",
        "Whoever reads a link believes what it says. It holds for telephone numbers too, and for the `href` of a help "
        "line beside its `value`.",
    ),
    Code(
        "N112",
        "A link names a port, or a number in place of a name",
        RED,
        "write the address as its owner publishes it",
        "Public pages have neither. Where such an address leads cannot be judged by a reader.",
    ),
    # -- tags -------------------------------------------------------------------------------------------------
    Code(
        "T101",
        "A hashtag is not in hashtags.toml",
        AMBER,
        "add it with its status, or take it out",
        "Tags are chosen, not improvised: a tag may belong to somebody else's cause.",
    ),
    Code(
        "T102",
        "A hashtag is retired",
        RED,
        "use the tag that replaced it",
        "The record says that the tag is no longer in use.",
    ),
    Code(
        "T103",
        "A hashtag is to be avoided",
        RED,
        "take it out; the record says why",
        "The record says that the tag leads readers somewhere else.",
    ),
    Code(
        "T104",
        "A hashtag belongs to another season",
        RED,
        "use this season's tag, or add the season to the record once it is confirmed",
        "Yearly themes bring yearly tags; last year's tag dates the message.",
    ),
    # -- what a channel takes ---------------------------------------------------------------------------------
    Code(
        "G106",
        "A channel that takes no pictures",
        RED,
        "switch the campaign's cards off (`on = false` in [cards]), or leave the channel out; `card ITEM` draws one "
        "all the same",
        "The picture is part of what is approved, and would not go out with the post. A channel says itself which "
        "kinds of pictures it takes.",
    ),
    Code(
        "G107",
        "A picture that is too large for its channel",
        RED,
        "draw less on it: a simpler template in templates/cards/",
        "The network would refuse it, and the post would wait until its window closes. A card of this program's own "
        "has some 50,000 bytes.",
    ),
    Code(
        "G110",
        "An alternative text that leaves out what its card shows",
        AMBER,
        "say it in `alt`, from its record: {{ claim('ID').text }}, {{ quote('SOURCE#PASSAGE') }}; where the post says "
        "it anyway, approve it",
        "The figure of a card, or the words that it quotes, are what it is for. Whoever hears the alternative text in "
        "its place would learn that there is one, and not which. Help lines, and figures in the item's own title, may "
        "stand in the post instead.",
    ),
    Code(
        "M101",
        "A message holds a character that cannot be sent",
        RED,
        "type the place again; such characters come in by copying",
        "A network may refuse a post with a byte order mark or a non-character in it; a lone surrogate is no "
        "text at all.",
    ),
    Code(
        "M102",
        "A message holds a hidden character",
        RED,
        "delete it where it comes from: the item, a record, a setting, or a file in templates/",
        "The message would go out with a character that nobody sees, or that shows words and numbers in another order "
        "than they have. The files that the message is made of are looked at by themselves (C008); this looks at what "
        "came of them, so that a template or a function cannot bring one in. The same exceptions hold.",
    ),
    Code(
        "M103",
        "Braces that a reader would see",
        RED,
        "two braces on each side, with nothing between them, print something: {{ name }}; where words were meant, "
        "write parentheses",
        "Single braces are no template: what stands in them is not worked out, and goes out as it was typed, in place "
        "of a number, a date or a link.",
    ),
    Code(
        "M104",
        "Marks of Markdown that a reader would see",
        AMBER,
        "only an email's text is Markdown: in a post, a headline or an alternative text write plain words, and an "
        "address by itself; in an email close what was opened, with no space between ] and (",
        "Stars, low lines, and words in brackets before an address become bold, leaning or linked words in an email "
        "alone. Everywhere else, and where one of them is not closed, they are shown as typed, and read aloud.",
    ),
    Code(
        "M201",
        "An email is nearly too large",
        AMBER,
        "shorten the email",
        "Another 20 kB and large mail programs cut it off.",
    ),
    Code(
        "M202",
        "A subject is long",
        AMBER,
        "shorten the subject to 78 characters or fewer",
        "Most mail programs show far fewer, and longer headers are folded on the way.",
    ),
    Code(
        "M203",
        "The preheader repeats the subject",
        AMBER,
        "say something else in the preheader",
        "The two stand beside each other in the list of mails. The second line is wasted.",
    ),
    Code(
        "M204",
        "A word of the cause stands where others may read it",
        AMBER,
        "write the preheader without it",
        "The list of mails is seen by whoever stands behind the reader. The words are listed in the lint pack.",
    ),
    Code(
        "M205",
        "An email lacks the postal address",
        RED,
        "keep the organization's postal address in both parts of the template",
        "The law on commercial mail in the United States asks for a valid postal address in every mail.",
    ),
    # -- dates ------------------------------------------------------------------------------------------------
    Code(
        "M206",
        "The two parts of an email do not say the same",
        AMBER,
        "make the same change in both files of the template, as base.html and base.txt; if you meant it so, approve it",
        "Mail programs show the HTML part or the plain text, and some readers hear the latter. What was changed in one "
        "of a template's two files alone is missing for the others. Addresses may differ, and up to two words, but no "
        "number and no word that turns the sense: not, never, only, million. Those words stand under [turning] in "
        "config/lint/quantities.",
    ),
    Code(
        "M207",
        "Words of an email are hidden from its readers",
        RED,
        "take the style that hides them out of the template, or the words",
        "What is not displayed, transparent or set in letters under nine pixels counts as printed and is read by "
        "nobody: a help line, or the link to unsubscribe. The line for the list of mails alone is hidden.",
    ),
    Code(
        "Z101",
        "A message goes out at night",
        AMBER,
        "choose a slot between 08:00 and 21:00",
        "Nobody is there to answer, and a telephone that lights up at night can put a reader in danger.",
    ),
    Code(
        "Z102",
        "A weekday does not fit its date",
        RED,
        "correct the weekday or the date",
        "A wrong weekday sends people on the wrong day. Texts that were copied from another year have it.",
    ),
    Code(
        "C170",
        "A date that does not exist",
        RED,
        "correct the day or the month",
        "No calendar has it: February 30, June 31, February 29 in a year without one.",
    ),
    Code(
        "C171",
        "A day is called by another day's name",
        RED,
        "correct the day, or move the item to the day that its words are about",
        '"Today", "tomorrow", a weekday, a date and the name of a day are compared with each other, with the calendar '
        "and with the day on which the message goes out. An item that was moved calls the wrong day today. So is "
        "what a line of the calendar calls special.",
    ),
    Code(
        "C172",
        "A count of days is wrong",
        RED,
        "correct the number, or leave the count out",
        '"Day 3 of 32" and "ten days left" are counted by the season\'s own calendar. In a discreet subject too.',
    ),
    Code(
        "C173",
        "The campaign does not begin or end on that day",
        RED,
        "write the day that the calendar has, or leave it out",
        "Readers were told when it ends. Whoever promises a message for tomorrow has one planned for tomorrow.",
    ),
    Code(
        "C174",
        "A date of another year is in no claim of the item",
        RED,
        "list the claim that has the date under `claims`, write the date as the claim has it, or add a claim with its "
        "source",
        "What happened, and when, is a statement with a source. Compared are the item's claims with their sources, and "
        "the sources of its quotations; a date that is shorter than the claim's (a year, a month) holds too.",
    ),
    Code(
        "C175",
        "A date names another season's year",
        RED,
        "write this season's year, or leave the year out",
        "Texts that were copied from another year have it.",
    ),
    Code(
        "C176",
        "A date can be read in two ways",
        AMBER,
        "write the month as a word: January 2, 2027",
        "1/2/2027 is January 2 to some readers of the same mail and February 1 to others.",
    ),
    Code(
        "C177",
        "A date is that of another event",
        RED,
        "write the date that the claim of this event has, or list that claim",
        "The date stands in a claim of the item, and the words around it are those of another claim, which has another "
        "date: signed on one day, ratified on another.",
    ),
    Code(
        "C179",
        "A word holds letters of another script that look like Latin ones",
        RED,
        "type the word again",
        "Nobody sees the difference, and a search, a screen reader and a filter against fraud do. Such letters come "
        "with copied text, and they are how a false name passes for a true one.",
    ),
    Code(
        "Z103",
        "Two campaigns send within the same hour",
        AMBER,
        "give one of the two another slot, or let it be",
        "Who has joined both gets two mails at once, and two posts on one account take each other's readers.",
    ),
    # -- settings ---------------------------------------------------------------------------------------------
    Code(
        "S101",
        "An example value is left",
        AMBER,
        "write your organization's own value in config/settings.toml and config/channels.toml",
        "Readers would see an address or a name that is nobody's. Looked at are all texts in the settings, the words "
        "and links of each message, and its letters. In live mode this blocks sending, unless all channels lead to "
        "this machine.",
        waits="example values are still there",
    ),
    Code(
        "S103",
        "Sign-offs and approvals are not shown",
        AMBER,
        "see that the database can be reached, then run the command again",
        "The dry run does without the database. What people have signed and approved is in it.",
    ),
    Code(
        "S104",
        "Nothing is arranged for readers who answer a mail",
        AMBER,
        "name the person and the hours in config/settings.toml, and set up the automatic answer that `reply-text` "
        "prints: docs/howto/replies.md",
        "People in danger do answer, and often at night. Somebody must read what they write; until then an automatic "
        "answer has to give the numbers that are open at all hours.",
        waits="arrangements for those who write back are missing",
    ),
    Code(
        "S105",
        "Nobody signs the emails",
        AMBER,
        "write the name of the person who signs them in config/settings.toml",
        "A letter from a person is read, one from a program is not. The name stands below each email, with the role in "
        "organisation.signed_as and the organization's name.",
        waits="nobody signs the emails",
    ),
    Code(
        "S106",
        "There is no help line for a place that the settings name",
        AMBER,
        "add a contact with that `locale` to the campaign's contacts.toml, or correct organisation.local",
        "The help lines of your own places stand in each email, below those of the campaign. Contacts are found by "
        "their `locale`; one that is in quarantine or superseded is left out.",
    ),
    Code(
        "S107",
        "One person decides alone",
        AMBER,
        "when a second person can look, delete `alone` in config/review.toml",
        "Two people see more than one. A group that has nobody else may go on, and says so to everybody who reads the "
        "packet, the status or the report.",
        waits="one person decides alone",
    ),
    Code(
        "S108",
        "The policy asks for fewer people than are needed",
        AMBER,
        "write approvals = 2 in config/review.toml and ask a second person for their approval; a group that is one "
        "person declares `alone` there",
        "Each message needs two people. A policy from before this rule may ask for one; nothing goes out on that any "
        "more.",
        waits="the review policy asks for fewer people than are needed",
    ),
    # -- lint packs -------------------------------------------------------------------------------------------
    Code(
        "W001",
        "A pattern in a lint pack is refused",
        RED,
        "write a list of words instead, or limit the repetition, for example {0,20}",
        "A pattern may take longer than the age of the world on the wrong text. Only patterns whose worst case is "
        "small are accepted: no back-references, no open repetition.",
    ),
    Code(
        "W002",
        "Two lint rules disagree about their id",
        RED,
        "give one of them another id",
        "Rules that share an id are parts of one lint, so they must share its title; and no two packs of one "
        "campaign may use the same id.",
    ),
    Code(
        "W003",
        "Rules are older than the program",
        AMBER,
        "copy the section from the file of the same name that comes with the program, or delete the file and use that",
        "A file of rules that a project keeps for itself lacks a section that the program has had since. Nothing is "
        "wrong with it, but what the section asks of texts is not asked.",
    ),
)

_PARTS = (LOADING, PLANNING, RENDERING, CHECKING)
#: They compare an item's words with its day; of an item that has none they say nothing.
OF_A_DAY = frozenset({"C171", "C172", "C173"})
CODES: dict[str, Code] = table_of(*(code for part in _PARTS for code in part.values()))
