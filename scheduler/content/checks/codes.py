"""The codes of the checks: what each means, how much it weighs, why it is there and what to do.

The lints (L01 and on) are not here: they are data, in config/lint/.
"""

from __future__ import annotations

from ...domain.finding import Code, Severity, table_of

_RED, _AMBER, _INFO = Severity.RED, Severity.AMBER, Severity.INFO

CODES: dict[str, Code] = table_of(
    # -- claims ---------------------------------------------------------------------------------------------
    Code(
        "C101",
        "An estimate stands without its caveat",
        _RED,
        "print the claim's caveat in this message, for example with {{ claim('ID').caveat }}",
        "An estimate that is printed as a fact is wrong the day the next estimate comes. The caveat says whose "
        "estimate it is and for which year, in the same message.",
    ),
    Code(
        "C102",
        "A contested claim stands without its caveat",
        _RED,
        "print the claim's caveat in this message, or leave the claim out",
        "Somebody has published a reason to doubt the claim. A reader must see that it is in dispute.",
    ),
    Code(
        "C103",
        "A contested claim needs two sign-offs, one by a subject expert",
        _RED,
        "run: sign claim ID --by NAME --role expert, and a second person likewise",
        "One person is not enough for a statement that others dispute: two people must have signed it as it "
        "stands now, one of them in the role of expert.",
        waits="contested claims lack a sign-off: two people, one of them an expert",
    ),
    Code(
        "C104",
        "An outdated claim is told as if it held",
        _RED,
        "use the successor instead, or tell it as past: kind then-now, with the claim in `then`",
        "A claim that is outdated or superseded may go out only as something that was once said, in an item of "
        "kind then-now or myth-corrected that lists it in `then`.",
    ),
    Code(
        "C105",
        "An outdated claim goes out without its successor",
        _RED,
        "print the claim that replaces it in the same message",
        "A message that says what was once believed must say what is known now. Readers see one message, not "
        "the whole month.",
    ),
    Code(
        "C106",
        "A claim without a source is printed",
        _RED,
        "leave the claim out, or find its source and change its status",
        "Nobody knows where the statement comes from. It may be true; it cannot be defended.",
    ),
    Code(
        "C107",
        "A debunked claim goes out",
        _RED,
        "leave the claim out, or correct it in an item of kind myth-corrected with the claim in `then`",
        "The claim was shown to be wrong. It may appear only where it is corrected. No setting lifts this.",
    ),
    Code(
        "C108",
        "A debunked number stands in a headline",
        _RED,
        "take the number out of title, subject, preheader and the first line of the post",
        "People remember the number and forget the correction. A correction therefore never leads with it.",
    ),
    Code(
        "C109",
        "A claim is not signed yet",
        _RED,
        "read the claim and its source, then run: sign claim ID --by NAME --role ROLE",
        "A named person must have read the claim as it stands now. A change of one letter in the record needs a "
        "new sign-off. The dry run shows the message all the same; a live send waits.",
        waits="claims are not signed yet",
    ),
    Code(
        "C110",
        "A claim is due for review",
        _AMBER,
        "look for a newer edition of its source; move `review_by` or correct the claim, then sign it again",
        "The record names a day by which somebody wanted to look again, and the message goes out after it. A "
        "sign-off on or after that day settles it.",
        waits="claims were to be reviewed before their day",
    ),
    Code(
        "C111",
        "A statistic is old",
        _AMBER,
        "look for a newer edition; if there is none, sign the claim again knowing its age",
        "The period that the figure describes ended longer ago than `statistic_max_age_months` allows. A "
        "sign-off after that point says that somebody knows.",
        waits="statistics are old, and nobody has signed them knowing that",
    ),
    Code(
        "C112",
        "A claim has expired",
        _RED,
        "check the claim against its source, then move or delete `hard_expires` and sign it again",
        "The record says after which day the claim may not go out unchecked. The message would go out after it.",
    ),
    Code(
        "C113",
        "Nobody has seen the primary source of a claim",
        _INFO,
        "read the original, note page or table in `locator`, and set primary_seen = true with seen_by and seen_on",
        "Figures drift from copy to copy. The claim rests on a second-hand report of its source.",
    ),
    Code(
        "C114",
        "A figure stands without a claim",
        _AMBER,
        "make it a claim with a source and list it in the item, or take the figure out",
        "A figure in the organisation's own words that no claim of the item carries cannot be traced by a "
        "reviewer. Years, dates, help lines and counts of days are left alone, and so are quotations.",
    ),
    Code(
        "C115",
        "A figure belongs to a claim that may not be printed",
        _RED,
        "use the claim that replaces it, or list the claim in `then` of a then-now or myth-corrected item",
        "The figure is that of a claim that is outdated, without a source or debunked, and the item does not "
        "say that it uses that claim. Typing the number does not make it true again.",
    ),
    Code(
        "C116",
        "Nobody stands for having read the original",
        _AMBER,
        'name who read it, and when: seen_by = "Ada Example", seen_on = 2026-12-20; else primary_seen = false',
        "`primary_seen = true` says that a person opened the publication itself. It counts only with that person's "
        "name and the day, and the day must have come. Until then every page says that nobody has read it.",
    ),
    Code(
        "C117",
        "A source names one document, and its address leads to another",
        _AMBER,
        'where the page reports the document, name whose page it is: reported_by = "..."; where it is the '
        "publisher's own site, add its host under [publishers] in claims.toml",
        "A reader who follows the link has to find what the label names. `title`, `publisher` and `dated` name the "
        'original; where the address leads to somebody\'s report of it, each message says "as reported by". Which '
        "hosts belong to which publisher stands under `[publishers]`, so that nothing is guessed.",
    ),
    # -- quotations -------------------------------------------------------------------------------------------
    Code(
        "Q101",
        "A passage that may not be quoted is quoted",
        _RED,
        "choose another passage of the source; the record says why this one is closed",
        "The record of the passage says quotable = false, with a reason: it is nobody's words, or it was true "
        "only when it was written.",
    ),
    Code(
        "Q102",
        "A quotation is not printed word for word",
        _RED,
        "print it with {{ quote('SOURCE#PASSAGE') }} instead of typing it",
        "The message rests on the passage, and the passage's words are not in it. Only curly quotation marks, "
        "dashes and spaces may differ between two printings of the same words.",
    ),
    Code(
        "Q103",
        "A quotation stands without its source and year",
        _RED,
        "print {{ short_attribution('SOURCE#PASSAGE') }} in a post, {{ attribution(...) }} in an email",
        "A reader must see who said it, where and in which year, in the same message.",
    ),
    Code(
        "Q104",
        "Words in quotation marks come from no stored source",
        _AMBER,
        "store the source and quote it by its passage, or write it without quotation marks",
        "More than four words in quotation marks, or a quoted paragraph, are taken by readers for somebody's "
        "words. The check finds them in no stored source and in no claim.",
    ),
    Code(
        "Q105",
        "A quotation was altered",
        _RED,
        "print the stored words with {{ quote('SOURCE#PASSAGE') }}, or mark what was left out with an ellipsis",
        "The words in quotation marks are nearly, and not quite, those of a stored source. Case, commas and "
        "spelling count.",
    ),
    Code(
        "Q106",
        "A correction changes a figure",
        _RED,
        "make it a new claim; a correction may mend spelling only",
        "Mending a misprint and changing what a text says are different acts. A changed number is the second.",
    ),
    # -- help lines -------------------------------------------------------------------------------------------
    Code(
        "H101",
        "A help line that was replaced is printed",
        _RED,
        "print the contact that replaced it, by its record: {{ contact('ID').value }}",
        "Somebody in need, or a volunteer with a disclosure, would reach nobody or the wrong people. Numbers are "
        "compared by their digits, so another way of writing it is found too.",
    ),
    Code(
        "H102",
        "A help line that is in quarantine is printed",
        _RED,
        "confirm it at its own source and set it active, or leave it out",
        "The record says that nobody could confirm it.",
    ),
    Code(
        "H103",
        "The help line is missing",
        _RED,
        "keep the help-line block of the template; in a post, keep the closing line",
        "Every message carries the help line, so that nobody has to look for it.",
    ),
    Code(
        "H104",
        "A telephone number or address that is no record is printed",
        _RED,
        "add it to contacts.toml with its source and the day it was verified, and print it by its record",
        "A number that was typed is a number that nobody verifies. One wrong digit reaches a stranger.",
    ),
    Code(
        "H105",
        "A help line is not signed yet",
        _RED,
        "call or write to it, then run: sign contact ID --by NAME --role safety",
        "A named person must have tried it. The dry run shows it all the same; a live send waits.",
        waits="help lines are not signed yet",
    ),
    Code(
        "H106",
        "A help line was verified too long ago",
        _RED,
        "verify it at its own source, set verified_on, and sign it again",
        "Operators, addresses and hours change. On the day of the message the last check lies further back than "
        "`contact_max_age_days`. A sign-off counts as a check on its day.",
        waits="help lines were verified too long before their messages",
    ),
    Code(
        "H107",
        "A help line was not verified again before the season",
        _RED,
        "verify it within the days before the first message, and sign it again",
        "A month of messages rests on it. Somebody must have tried it within `contact_reverify_days` before the "
        "first day.",
        waits="help lines were not verified again before the season",
    ),
    Code(
        "H108",
        "The operator of a help line is printed",
        _RED,
        "take the operator's name out; the record keeps it",
        "Operators change, and what was published stays. The name of the help line is enough.",
    ),
    Code(
        "H109",
        "A message promises that a help line is confidential",
        _AMBER,
        "leave the word out, or say that these are the hotline's own words and link to them",
        "Only the help line can promise that, and what it means is in dispute. Nothing is promised on behalf "
        "of others.",
    ),
    Code(
        "H110",
        "A help line was verified on a day that has not come",
        _RED,
        "correct verified_on",
        "A date in the future would keep the help line fresh without anybody having tried it.",
    ),
    Code(
        "H111",
        "A stored source prints what is no longer true",
        _INFO,
        "nothing to do while nobody quotes that part; the check finds it again in every message",
        "The stored edition stays as it is. This is the list of what must not travel from it into a message.",
    ),
    # -- duplicates -------------------------------------------------------------------------------------------
    Code(
        "D101",
        "Two messages of a channel have the same text",
        _RED,
        "change the words of one of the two",
        "A network may refuse a post whose words it has seen before, and give no other sign. Spaces, case and "
        "addresses make no difference.",
    ),
    Code(
        "D102",
        "Two posts are nearly the same",
        _AMBER,
        "say it in another way on one of the two days",
        "A network may take the second one for a repetition, and readers certainly will.",
    ),
    Code(
        "D201",
        "A person has to decide first",
        _AMBER,
        "settle the question, then delete `needs_decision` from the item or claim",
        "The author left a question that the program cannot answer.",
        waits="questions are open that a person decides",
    ),
    Code(
        "D202",
        "An item is held back and its substitute is planned",
        _INFO,
        "delete `blocked_until` in the calendar when the question is settled",
        "The calendar says what has to happen before the item may go out. Both are in the packet.",
    ),
    # -- links ------------------------------------------------------------------------------------------------
    Code(
        "N101",
        "A link is not https",
        _RED,
        "write the https address; if the site has none, do not link to it",
        "An unencrypted page can be read and changed on its way, and this reader may be watched.",
    ),
    Code(
        "N102",
        "A link leads to a host that nobody named",
        _RED,
        "correct the address, or name it in the item's `links`",
        "Links may lead to the hosts of the item's claims, quotations, help lines, action and `links`, and to the "
        "organisation's own pages. Anything else is a slip or a stranger.",
    ),
    Code(
        "N103",
        "A link is hidden behind a shortener",
        _RED,
        "write the address that the short one leads to",
        "A shortened link is counted by a third party, can be redirected later, and cannot be judged by a reader.",
    ),
    Code(
        "N104",
        "A link carries tracking parameters",
        _RED,
        "delete the parameters from the address",
        "Nobody is followed. A log of who clicked a help line is a list of people in danger.",
    ),
    Code(
        "N105",
        "A link carries a user name or password",
        _RED,
        "delete everything between :// and @",
        "An address such as https://name@host leads to host whatever the name pretends, and may give a secret away.",
    ),
    Code(
        "N106",
        "A post with a link costs more",
        _INFO,
        "leave the link out if the post works without it",
        "A network may charge far more for a post that holds an address, and count a bare domain too.",
    ),
    Code(
        "N107",
        "A post addresses another account",
        _AMBER,
        "write the name without @ unless the account has agreed",
        "A network may restrict mentions by programs, and an account that is named will see every reply.",
    ),
    Code(
        "N108",
        "A post holds more than one cashtag",
        _RED,
        "keep one word with a $ sign, or write the others without it",
        "A network may refuse such a post.",
    ),
    # -- tags -------------------------------------------------------------------------------------------------
    Code(
        "T101",
        "A hashtag is not in hashtags.toml",
        _AMBER,
        "add it with its status, or take it out",
        "Tags are chosen, not improvised: a tag may belong to somebody else's cause.",
    ),
    Code(
        "T102",
        "A hashtag is retired",
        _RED,
        "use the tag that replaced it",
        "The record says that the tag is no longer in use.",
    ),
    Code(
        "T103",
        "A hashtag is to be avoided",
        _RED,
        "take it out; the record says why",
        "The record says that the tag leads readers somewhere else.",
    ),
    Code(
        "T104",
        "A hashtag belongs to another season",
        _RED,
        "use this season's tag, or add the season to the record once it is confirmed",
        "Yearly themes bring yearly tags; last year's tag dates the message.",
    ),
    # -- what a channel takes ---------------------------------------------------------------------------------
    Code(
        "M101",
        "A message holds a character that cannot be sent",
        _RED,
        "type the place again; such characters come in by copying",
        "A network may refuse a post with a byte order mark or a non-character in it; a lone surrogate is no "
        "text at all.",
    ),
    Code(
        "M102",
        "A message holds a hidden character",
        _RED,
        "delete it where it comes from: the item, a record, a setting, or a file in templates/",
        "The message would go out with a character that nobody sees, or that shows words and numbers in another order "
        "than they have. The files that the message is made of are looked at by themselves (C008); this looks at what "
        "came of them, so that a template or a function cannot bring one in. The same exceptions hold.",
    ),
    Code(
        "M201",
        "An email is nearly too large",
        _AMBER,
        "shorten the email",
        "Another 20 kB and large mail programs cut it off.",
    ),
    Code(
        "M202",
        "A subject is long",
        _AMBER,
        "shorten the subject to 78 characters or fewer",
        "Most mail programs show far fewer, and longer headers are folded on the way.",
    ),
    Code(
        "M203",
        "The preheader repeats the subject",
        _AMBER,
        "say something else in the preheader",
        "The two stand beside each other in the list of mails. The second line is wasted.",
    ),
    Code(
        "M204",
        "A word of the cause stands where others may read it",
        _AMBER,
        "write the preheader and the discreet subject without it",
        "The list of mails is seen by whoever stands behind the reader. The words are listed in the lint pack.",
    ),
    Code(
        "M205",
        "An email lacks the postal address",
        _RED,
        "keep the organisation's postal address in both parts of the template",
        "The law on commercial mail in the United States asks for a valid postal address in every mail.",
    ),
    # -- dates ------------------------------------------------------------------------------------------------
    Code(
        "Z101",
        "A message goes out at night",
        _AMBER,
        "choose a slot between 08:00 and 21:00",
        "Nobody is there to answer, and a telephone that lights up at night can put a reader in danger.",
    ),
    Code(
        "Z102",
        "A weekday does not fit its date",
        _RED,
        "correct the weekday or the date",
        "A wrong weekday sends people on the wrong day. Texts that were copied from another year have it.",
    ),
    # -- settings ---------------------------------------------------------------------------------------------
    Code(
        "S101",
        "An example value is left",
        _AMBER,
        "write your organisation's own value in config/settings.toml and config/channels.toml",
        "Readers would see an address or a name that is nobody's. Looked at are all texts in the settings, the words "
        "and links of each message, and its letters. In live mode this blocks sending, unless all channels lead to "
        "this machine.",
        waits="example values are still there",
    ),
    Code(
        "S103",
        "Sign-offs and approvals are not shown",
        _AMBER,
        "see that the database can be reached, then run the command again",
        "The dry run does without the database. What people have signed and approved is in it.",
    ),
    # -- lint packs -------------------------------------------------------------------------------------------
    Code(
        "W001",
        "A pattern in a lint pack is refused",
        _RED,
        "write a list of words instead, or limit the repetition, for example {0,20}",
        "A pattern may take longer than the age of the world on the wrong text. Only patterns whose worst case is "
        "small are accepted: no back-references, no open repetition.",
    ),
    Code(
        "W002",
        "Two lint rules disagree about their id",
        _RED,
        "give one of them another id",
        "Rules that share an id are parts of one lint, so they must share its title; and no two packs of one "
        "campaign may use the same id.",
    ),
)
