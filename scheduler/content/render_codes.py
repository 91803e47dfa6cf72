"""Findings of the rendering: what can be wrong between an item's file and its messages."""

from __future__ import annotations

from ..domain.finding import Code, Severity, table_of

CODES: dict[str, Code] = table_of(
    Code(
        "R001",
        "A text cannot be read as a template",
        Severity.RED,
        "check the braces and quotation marks there: {{ name }} prints something, {% if ... %} needs {% endif %}",
        "A brace, a quotation mark or an end tag is missing or one too many. The message cannot be made.",
    ),
    Code(
        "R002",
        "A name or field that does not exist",
        Severity.RED,
        "docs/reference/campaign-files.md lists the functions, docs/reference/templates.md the variables",
        "Instead of leaving a hole in a public text, the message is not made.",
    ),
    Code(
        "R003",
        "A record that the item does not list",
        Severity.RED,
        "add its id to claims, quotations or contacts at the top of the item's file",
        "A text may use only what its front matter names, so that the lists of claims, quotations and help lines that "
        "reviewers sign are whole.",
    ),
    Code(
        "R004",
        "A record that does not exist",
        Severity.RED,
        "check the id against claims.toml, contacts.toml and sources.toml",
        "The text points to a claim, a help line or a passage that the campaign does not have.",
    ),
    Code(
        "R005",
        "Something that a template may not do",
        Severity.RED,
        "use only the functions and fields of the reference; write the rest as plain text",
        "Texts run in a sandbox: no files, no other templates, no Python, no arithmetic that could grow without end.",
    ),
    Code(
        "R006",
        "A text that does not end or grows too long",
        Severity.RED,
        "shorten it, or take the loop out",
        "Loops inside loops, macros that call themselves and very long texts are refused, so that no file can stop "
        "the program.",
    ),
    Code(
        "R007",
        "A record lacks what the text asks it for",
        Severity.RED,
        "fill the field in the record, or take the call out of the text",
        "For example number('ID') of a claim without numbers, or question('SOURCE#F1') of a passage with none.",
    ),
    Code(
        "R008",
        "A post is too long",
        Severity.RED,
        "shorten the text of the post; the help line and the tags are always printed whole",
        "The network would refuse it. Nothing is ever cut off by the program.",
    ),
    Code(
        "R009",
        "A line break or control character in a mail header",
        Severity.RED,
        "write the subject, the preheader and the sender's name on one line, without special characters",
        "Such a character could smuggle further headers into the mail, so the message is not made.",
    ),
    Code(
        "R010",
        "A picture in an email's text",
        Severity.RED,
        "describe it in words, or link to a page that shows it",
        "A picture that is fetched from a server when the mail is opened tells that server who reads it, and when.",
    ),
    Code(
        "R011",
        "A link that may not be printed",
        Severity.RED,
        "use a whole address that begins with https:// (or http:, mailto:, tel:, sms:)",
        "Mail has no page to which a relative address could belong, and addresses that run code are refused.",
    ),
    Code(
        "R012",
        "An email would fetch something when it is opened",
        Severity.RED,
        "take the picture, script, style sheet or frame out of the mail's template",
        "Nobody is followed: a mail must be readable without a single request to any server.",
    ),
    Code(
        "R013",
        "An email is too large",
        Severity.RED,
        "shorten the text; 100,000 bytes is the most, most mails need a fifth of that",
        "Gmail cuts a mail off at about 102,000 bytes. What it would cut is the end: help lines and the way out.",
    ),
    Code(
        "R014",
        "A message template is missing or cannot be read",
        Severity.RED,
        "put the file back: `observance init` writes all templates into an empty folder, copy it from there",
        "Each kind of item needs its templates in templates/post/ and templates/email/.",
    ),
    Code(
        "R015",
        "No time of day for a message",
        Severity.RED,
        'write HH:MM on a 24-hour clock: post_slot or email_slot in the item, or default = "10:00" under [slots]',
        "Without a time the message cannot be due.",
    ),
    Code(
        "R016",
        "A time of day that the clocks skip or repeat",
        Severity.INFO,
        "choose another time if that matters",
        "On that date the clocks change. A time that is skipped moves on by the length of the gap; of a time that "
        "comes twice, the first is taken.",
    ),
    Code(
        "R017",
        "An empty text",
        Severity.RED,
        "write the text under # Post or # Email",
        "The message would have nothing to say.",
    ),
    Code(
        "R018",
        "A link of the email is not in its plain text",
        Severity.AMBER,
        "print the address in the .txt template as well",
        "Some readers see only the plain text. Both parts must say the same.",
    ),
    Code(
        "R019",
        "Template signs where none are read",
        Severity.RED,
        "write the words themselves; only the texts under # Post and # Email are templates",
        "Titles, subjects and preheaders are printed as they stand, braces and all.",
    ),
    Code(
        "R020",
        "A template failed",
        Severity.RED,
        "look at that line; docs/reference/templates.md says what each variable is",
        "Something went wrong that has no better name. The message is not made.",
    ),
    Code(
        "R021",
        "An email without a way out",
        Severity.RED,
        "put {{ unsubscribe_url }} back into the footer of the HTML and the text template",
        "Every mail needs a visible link by which a reader can leave, in both of its parts.",
    ),
    Code(
        "R022",
        "Half a character",
        Severity.RED,
        "write the character itself; a pair of \\ud... escapes is one character written as two",
        "Such a half stands for nothing and cannot be sent in UTF-8, so the message is not made.",
    ),
    Code(
        "R023",
        "A frame that does not mark its parts",
        Severity.RED,
        "put {{ story_begins }}, {{ story_ends }} and {{ one.begins }} back where the shipped templates have them",
        "A digest repeats the stories of the mails of its days. The templates of the mails mark where a story begins "
        "and ends, and the template of the digest where each day begins; without the marks no digest can be made.",
    ),
    Code(
        "R024",
        "A confirmation mail without its link",
        Severity.RED,
        "put the button back: item.action of templates/email/base.html and base.txt prints it",
        "Whoever signs up gets one mail, and says yes by the link in it. Without the link nobody could.",
    ),
)
