"""What people say of a season before it is sent: signatures, approvals, requests for changes, comments; reviewers."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ..domain.comment import Comment
from ..domain.formatting import channel_words, counted, day_words, local_words
from ..domain.packet_record import PacketRecord
from ..domain.question import SUBJECTS, Question
from ..domain.sent import Sent
from ..domain.stale_approvals import voided
from ..errors import UsageError, cannot_write
from ..review.pdf import PAPERS, find_browser, print_pdf, usual_paper
from ..review.review_status import (
    comment_as_data,
    record_change_as_data,
    sent_as_data,
    standing_as_data,
    voided_as_data,
)
from ..services import approvals, invitations, questions, signatures
from ..services.approvals import Approved, NotThisWeek, edition, give_out
from ..services.context import SeasonContext
from ..services.invitations import who_waits
from ..services.reviewer_mails import reviewers_told
from ..services.seasons import read_campaign, rehearse
from ..services.signatures import Left
from ..wiring import handles_of
from .arguments import ITEM, OF_A_CAMPAIGN, ROLE, argument, by, command, day, group, lasts, one_of, shows_each
from .context import Context
from .output import (
    finding_lines,
    finding_lines_by_code,
    findings_as_data,
    some,
    source_lines,
    standing_lines,
    voided_lines,
)
from .refusals import what_to_do


@command(
    "sign",
    argument("subject", nargs="?", metavar="claim|contact", help="left out with --all: both"),
    argument("ids", nargs="*", metavar="ID", help="the records' ids, as claims.toml and contacts.toml have them"),
    argument("--all", action="store_true", help="whatever is unchanged since you signed it last, once more"),
    argument("--opened", action="store_true", help="you have opened each source, or tried each line: nobody asks"),
    argument("--by", required=True, metavar="NAME", help="who signs"),
    argument("--role", default="fact-reviewer", help="as what (default: fact-reviewer)"),
    argument("--expires", metavar="DATE", help="the last day on which the sign-off holds (2027-06-30)"),
    OF_A_CAMPAIGN,
    examples="""examples:
  run.py sign claim forced-labour-2021 --by "Ada Example"
  run.py sign contact hotline-phone hotline-text --opened --by "Ada Example"
  run.py sign --all --by "Ada Example"
  run.py sign claim forced-labour-2021 --by "Ada Example" --expires 2027-06-30""",
)
def sign(context: Context, options: argparse.Namespace) -> int:
    """Sign claims and help lines: a named person has opened the source, and stands for the record.

    Each is shown with its source, and you are asked whether you opened it. A signature holds for exactly these words; a
    changed letter needs a new one. Signing a help line says that it was tried or looked up on the day of signing.
    """
    if options.subject not in (None, "claim", "contact") or not (options.all or options.ids):
        raise UsageError(
            "say what to sign: claim, contact, or --all", hint="sign claim ID --by NAME, or sign --all --by NAME"
        )
    expires_on = day(options.expires, "--expires", "2027-06-30")
    campaign, _ = read_campaign(context.project, context.campaign_id)
    acting = context.acting(options.role)
    left: list[str] = []
    if options.all:
        renewed = signatures.renew(acting, campaign, options.subject, expires_on=expires_on)
        signed = list(renewed.signed)
        left = [
            f"  {kind} {record}: {_LEFT[why].format(who=acting.actor.name)}" for (kind, record), why in renewed.left
        ]
    else:
        signed = []
        for (kind, record), seen in signatures.records_of(campaign, options.subject, options.ids).items():
            context.say(*source_lines(campaign, kind, record))
            asks = not (options.opened or context.json) and sys.stdin.isatty()
            opened = options.opened or (asks and _says_yes(kind))
            if asks and not opened:  # what was signed before it is signed, and the next is still asked about
                left.append(f"  {kind} {record}: you did not say that you {_OPENED[kind]}")
            elif signatures.sign(acting, campaign, kind, record, seen, opened=opened, expires_on=expires_on):
                signed.append((kind, record))
    return _signed(context, signed, left)


_LEFT = {Left.NEVER_SIGNED: "never signed by {who}", Left.CHANGED: "changed since {who} signed it"}


_OPENED = {"claim": "opened the source and found this there", "contact": "tried it, or looked it up at its source"}


def _says_yes(kind: str) -> bool:
    """Asked at a terminal alone; a script says --opened."""
    return input(f"Have you {_OPENED[kind]}? [y/N] ").strip().casefold() in ("y", "yes")


def _signed(context: Context, signed: Sequence[tuple[str, str]], left: Sequence[str]) -> int:
    options = context.options
    gone = []  # approvals that no longer hold because of a change of what was signed just now
    if signed:
        rehearsal = rehearse(context.project, context.campaign_id, options.season)
        changed = {f"{kind}:{record}" for kind, record in signed}
        gone = [v for v in voided(rehearsal, open_at=context.project.clock.now()) if changed.intersection(v.records)]
    claims = sum(kind == "claim" for kind, _ in signed)
    counts = [(claims, "claim"), (len(signed) - claims, "help line")]
    lines = [
        f"{options.by} signed {' and '.join(counted(number, words) for number, words in counts if number)}.",
        *voided_lines(gone),
        "Next: `check` says what else is not signed. Then approve the messages: `approve --all --by NAME`.",
    ]
    again = " again" if options.all else ""
    nothing = f"Nothing was signed{again}." if left else "Everything was signed already."
    return context.answer(
        {
            "signed": [{"subject": kind, "id": record} for kind, record in signed],
            "left": [line.strip() for line in left],
            "by": options.by,
            "expires_on": options.expires,
            "voided": voided_as_data(gone),
        },
        *(lines if signed else [nothing]),
        *(["Left, to be signed one by one with the source opened:", *left] if left else []),
        status=int(bool(left) and not options.all),
    )


@command(
    "approve",
    argument("items", nargs="*", metavar="ITEM", help="an item's id, or its date (2027-01-11)"),
    argument("--all", action="store_true", help="every message of the season"),
    argument("--week", type=int, metavar="N", help="the Nth week, if nothing in it is amber or red"),
    argument("--undo", action="store_true", help="take your own approval of one item back, until it is sent"),
    argument(
        "--records",
        action="store_true",
        help="you have seen which records changed behind what you approved; what readers get did not",
    ),
    argument("--by", required=True, metavar="NAME", help="who has read it and approves"),
    ROLE,
    argument("--comment", default="", help="private; seen by reviewers and coordinators only"),
    argument("--channel", metavar="C", help="only this channel"),
    OF_A_CAMPAIGN,
    examples="""examples:
  run.py approve awareness-day --by "Ada Example"
  run.py approve --week 2 --by "Ada Example"        a week in which nothing is blocked or needs a look
  run.py approve --all --by "Ada Example" --role fact-reviewer""",
)
def approve(context: Context, options: argparse.Namespace) -> int:
    """Approve messages: a named person has read exactly these words. Any change of what readers get voids the approval.

    A record may change while nothing does that readers get: the approval holds, and --records says that you know.
    """
    if options.undo and (len(options.items) != 1 or options.all or options.week is not None):
        raise UsageError("--undo is for one item", hint="approve ITEM --undo --by NAME")
    if sum((options.all, options.week is not None, bool(options.items), options.records)) != 1:
        raise UsageError(
            "say what to approve: items, --week N, --all or --records",
            hint="`approve ITEM --by NAME`, `approve --week 2 --by NAME`, or `approve --all --by NAME`",
        )
    how = {"comment": options.comment, "channel": options.channel}
    about = context.about_season(options.role)
    if options.undo:
        return _taken_back(context, about)
    if options.records:
        return _records_seen(context, about)
    try:
        if options.week is not None:
            done = approvals.approve_week(about, options.week, **how)
        else:
            done = approvals.approve(about, None if options.all else options.items, **how)
    except NotThisWeek as refused:
        return context.answer(
            {"approved": [], "week": options.week, "in_the_way": findings_as_data(refused.findings)},
            f"{refused.message[:1].upper()}{refused.message[1:]}.",
            *finding_lines(refused.findings),
            f"What to do: {what_to_do(refused)}.",
            status=1,
        )
    return _approved(context, about, done)


def _taken_back(context: Context, about: SeasonContext) -> int:
    options, who = context.options, context.options.by.strip()
    taken = approvals.take_back(about, options.items[0], channel=options.channel)
    return context.answer(
        {"taken_back": [{"item": m.item, "channel": m.channel} for m in taken], "by": who},
        f"{who}'s approval of {taken[0].item} ({', '.join(m.channel for m in taken)}) is taken back.",
        "Next: `review status` says what is missing.",
    )


def _records_seen(context: Context, about: SeasonContext) -> int:
    who, changes = context.options.by.strip(), approvals.see_records(about)
    return context.answer(
        {"by": who, "records_changed": [record_change_as_data(who, change) for change in changes]},
        *(f"  {change.sentence} ({change.where})" for change in changes),
        f"Noted that {who} has seen this. The approvals stand as they were."
        if changes
        else f"No record has changed behind what {who} approved.",
    )


def _approved(context: Context, about: SeasonContext, done: Approved) -> int:
    """What was approved, after what a person should have looked at."""
    who = context.options.by.strip()
    lacking = sum(bool(about.rehearsal_now().missing(m)) for m in done.messages)
    lines = [f"{who} had approved all of this already."]
    if done.messages:
        lines = [
            f"{who} approved {counted(len(done.messages), 'message')}, exactly as they stand now.",
            *[f"{lacking} of them need more than this approval; `review status` says what, and by whom."][:lacking],
            "Next: `arm --by NAME`, when claims and help lines are signed; `status` says what is missing.",
        ]
    sent = some([f"{s.item} ({s.channel})" for s in done.sent])
    return context.answer(
        {
            "approved": [{"item": m.item, "channel": m.channel, "digest": m.digest} for m in done.messages],
            "by": who,
            "already": done.already,
            "sent": [{"item": s.item, "channel": s.channel, "at": s.at.isoformat()} for s in done.sent],
            "amber": findings_as_data(done.ambers),
            "need_more": lacking,
        },
        f"{counted(len(done.ambers), 'thing')} in these messages needed a look:" if done.ambers else None,
        *finding_lines_by_code(done.ambers),
        f"Left out, because it went out already: {sent}." if sent else None,
        *lines,
    )


@command(
    "decide",
    argument("subject", nargs="?", choices=SUBJECTS, help="what is asked about; left out: lists what is open"),
    argument("record", nargs="?", default="", metavar="ID", help="the id, or of a title the year"),
    argument("--answer", default="", metavar="TEXT", help="what you decide; shown with your name in packet and report"),
    argument("--by", default="", metavar="NAME", help="who decides"),
    ROLE,
    OF_A_CAMPAIGN,
    shows_each("subject"),
    examples="""examples:
  run.py decide
  run.py decide item wear-blue-day --answer "The page says so for 2027." --by "Ada Example" """,
)
def decide(context: Context, options: argparse.Namespace) -> int:
    """Answer a question that an author left open (needs_decision). Until then, what it is about does not go out.

    So it is with a lint pack, a rule, a limit or a stored text that was taken out, loosened or changed since the season
    was last approved, and with a record that was barred: somebody who has looked at it says that it may be so.

    The answer is kept with your name, for exactly this question; another wording asks anew.
    """
    if options.subject is None:
        if options.answer:
            raise UsageError(
                "say what you answer; nothing was kept",
                hint="`decide` lists what is open, each with what to type: `decide item ID --answer TEXT --by NAME`",
            )
        return _questions(context)
    if not options.record:
        raise UsageError("say which one", hint=f"`decide` lists them: `decide {options.subject} ID --answer TEXT`")
    about = context.about_season(options.role)
    made = questions.decide(about, options.subject, options.record, options.answer)
    return context.answer(
        _question_as_data(made),
        f"{made.person} answered: {made.answer}",
        f"  The question was: {made.words}",
        "Next: `decide` lists what else is open.",
    )


def _questions(context: Context) -> int:
    about = context.about_season()
    left, done = questions.open_questions(about), questions.answers(about)
    lines = [
        f"{counted(len(left), 'question is', 'questions are')} open. What it is about does not go out before an answer:"
    ]
    lines += [line for one in left for line in (f"  {one.subject} {one.subject_id}", f"    {one.words}")]
    lines += [f"Next: `decide {one.subject} {one.subject_id} --answer TEXT --by NAME`" for one in left[:1]]
    answered = [
        line for q in done for line in (f"  {q.subject} {q.subject_id}: {q.words}", f"    {q.answered_by}: {q.answer}")
    ]
    return context.answer(
        {
            "open": [{"subject": one.subject, "id": one.subject_id, "question": one.words} for one in left],
            "answered": [_question_as_data(q) for q in done],
        },
        *(lines if left else ["No question is open."]),
        *(["", "Answered:", *answered] if answered else []),
        status=int(bool(left)),
    )


def _question_as_data(question: Question) -> dict[str, object]:
    return {
        "subject": question.subject,
        "id": question.subject_id,
        "question": question.words,
        "answer": question.answer,
        "by": question.person,
        "role": question.role,
        "via": question.via,
        "at": question.answered_at,
    }


@command(
    "request-changes",
    ITEM,
    argument("--by", required=True, metavar="NAME", help="who asks"),
    ROLE,
    argument("--comment", default="", metavar="TEXT", help="what should change, and why"),
    argument("--channel", metavar="C", help="only this channel"),
    one_of(
        argument("--withdraw", action="store_true", help="take back your own request"),
        argument("--mended", action="store_true", help="tell who asked that it was changed, as a coordinator"),
        argument("--settle", action="store_true", help="settle what others asked for, as a coordinator"),
    ),
    argument("--of", default="", metavar="NAME", help="with --mended or --settle: only what this person asked for"),
    OF_A_CAMPAIGN,
    about="""
Ask for changes of an item: your approval of it is withdrawn, and it does not go out live while the request stands.

A request ends when you approve the item again, when you take it back (--withdraw), or when a coordinator settles it
with a reason (--settle). When the item was changed, --mended tells you so, and the request waits for your word. The
comment is private: reviewers and coordinators see it, readers and exports never.""",
    examples="""examples:
  run.py request-changes awareness-day --by "Ben Example" --role fact-reviewer --comment "The year is missing."
  run.py request-changes awareness-day --by "Ben Example" --withdraw
  run.py request-changes awareness-day --by "Ada Example" --settle --comment "The source says 2021; it stays." """,
)
def request_changes(context: Context, options: argparse.Namespace) -> int:
    if options.of and not (options.settle or options.mended):
        raise UsageError("--of goes with --mended and --settle", hint="--by is the name of the person who asks")
    sent: tuple[Sent, ...] = ()
    how = {"comment": options.comment, "channel": options.channel}
    about, who = context.about_season(options.role), options.by.strip()
    if options.withdraw:
        requests, done = approvals.withdraw_request(about, options.item, **how), "withdrawn"
    elif options.mended:
        requests, done = approvals.answer_requests(about, options.item, of=options.of, **how), "answered"
    elif options.settle:
        requests, done = approvals.settle_requests(about, options.item, of=options.of, **how), "settled"
    else:
        asked = approvals.request_changes(about, options.item, **how)
        requests, done, sent = asked.requests, "asked", asked.sent
    zone = about.rehearsal.plan.campaign.time_zone
    item, where = requests[0].item, ", ".join(r.channel for r in requests)
    lines = [
        f"{counted(len(requests), 'request')} for changes of {item} ({where}) {done}.",
        "Next: `review status` says what is missing.",
    ]
    if done == "asked":
        lines = [
            f"{who} asked for changes of {item} ({where}). It does not go out live before",
            f"{who} approves it again, takes the request back, or a coordinator settles it.",
            *(
                f"The {channel_words(one.channel)} message was {one.in_words(zone)}: "
                f"this holds {'nothing of it back' if one.is_over else 'back the rest'}."
                for one in sent
            ),
            f"Next: change its file; `show {item} --since-approval` shows what is different then.",
        ]
    return context.answer(
        {
            "requests": [
                {"id": r.id, "item": r.item, "channel": r.channel, "by": r.person, "role": r.role} for r in requests
            ],
            "done": done,
            "by": who,
            "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in sent],
        },
        *lines,
    )


_COMMENTS = {
    "about": """
Comments on items: write one (comment), or read them (comments).

They are private: reviewers and coordinators see them. No packet, export, page for readers or history holds one.""",
    "examples": """examples:
  run.py comment how-many-people --by "Ben Example" --text "Is this figure the newest?"
  run.py comments
  run.py comments how-many-people""",
}


@command(
    "comment",
    ITEM,
    argument("--by", required=True, metavar="NAME", help="who says it"),
    ROLE,
    argument("--text", required=True, metavar="TEXT", help="what you want to say, in quotation marks"),
    argument("--channel", default="", metavar="C", help="about this channel's message only"),
    argument("--answer", type=int, metavar="ID", help="the number of the comment that it answers"),
    OF_A_CAMPAIGN,
    **_COMMENTS,
)
def comment(context: Context, options: argparse.Namespace) -> int:
    about = context.about_season(options.role)
    done = approvals.comment(about, options.item, options.text, channel=options.channel, answers=options.answer)
    made = done.comment
    return context.answer(
        comment_as_data(made),
        f"{made.person} had said this already: comment {made.id} on {made.item}."
        if done.again
        else f"Comment {made.id} on {made.item} by {made.person}.",
    )


@command(
    "comments",
    argument("item", nargs="?", default="", metavar="ITEM", help="only of this item"),
    OF_A_CAMPAIGN,
    shows_each(),
    **_COMMENTS,
)
def comments_(context: Context, options: argparse.Namespace) -> int:
    threads = approvals.comments(context.about_season(), options.item)
    campaign, _ = read_campaign(context.project, context.campaign_id)
    lines = [
        line
        for item, thread in threads.items()
        for line in (item, *(line for depth, one in thread for line in _comment_lines(one, depth, campaign.time_zone)))
    ]
    return context.answer(
        [comment_as_data(one) for thread in threads.values() for _, one in thread],
        *(lines or ["No comments yet."]),
        verbatim=True,
    )


_ABOUT = {
    "changes-asked": "asks for changes",
    "changes-answered": "changed it",
    "changes-settled": "settled it",
    "changes-withdrawn": "took it back",
}


def _comment_lines(comment: Comment, depth: int, time_zone: str) -> list[str]:
    pad = "  " * (depth + 1)
    where = f", {comment.channel}" if comment.channel else ""
    about = f", {_ABOUT[comment.about]}" if comment.about in _ABOUT else ""
    role = comment.role.replace("-", " ")
    return [
        f"{pad}{comment.id}. {comment.person} ({role}{where}){about}, {local_words(comment.at, time_zone)}",
        *(f"{pad}   {line}" for line in comment.text.splitlines()),
    ]


group(
    "review",
    OF_A_CAMPAIGN,
    about="""
Review a season with others: the packet, private links, what is missing and by whom, sheets signed on paper.

Links and approvals belong to one season of one campaign. A link is shown once; send it to the person yourself.""",
    examples="""examples:
  run.py review packet
  run.py review packet --edition short --pdf --paper letter
  run.py review invite "Ben Example" --role fact-reviewer --expires 14d
  run.py review status
  run.py review revoke "Ben Example"
  run.py review remind "Ben Example" --email ben@example.org
  run.py review record --by "Ben Example" --role fact-reviewer --packet 0123456789ab --all --except 11""",
)


@command(
    "review packet",
    argument("--out", metavar="FILE", help="where (default: build/review/CAMPAIGN-SEASON-PACKET.html)"),
    argument(
        "--pdf", nargs="?", const="", metavar="FILE", help="print it to a file as well (default: beside the page)"
    ),
    argument(
        "--edition",
        choices=("full", "short"),
        default="full",
        help="short: words to read with a pen, two days on a sheet; full: every mail as it will look (default)",
    ),
    argument("--large-type", action="store_true", help="larger letters, on more sheets"),
    argument("--paper", choices=tuple(PAPERS), help="default: what is usual where the campaign's clock is"),
    argument("--browser", default="", metavar="PATH", help="what prints (default: chromium, chrome, edge)"),
)
def packet(context: Context, options: argparse.Namespace) -> int:
    """The season on one page, to read, print and sign; needs no network."""
    about, project = context.about_season(), context.project
    name = edition(about)
    file = f"{about.key.campaign}-{about.key.season}-{name[:12]}{'-short' if options.edition == 'short' else ''}.html"
    target = Path(options.out) if options.out else project.settings.build_folder / "review" / file
    browser = find_browser(options.browser) if options.pdf is not None else ""  # its lack is told before the work
    made_at = project.clock.now()
    _write(_packet_page(context, about, options, made_at), target)
    give_out(about)
    pdf = None
    if options.pdf is not None:
        pdf = Path(options.pdf) if options.pdf else target.with_suffix(".pdf")
        paper = PAPERS[options.paper or usual_paper(about.rehearsal.plan.campaign.time_zone)]
        print_pdf(_packet_page(context, about, options, made_at, paper), pdf, browser=browser)
    printed = {"pdf": str(pdf)} if pdf else {}
    return context.answer(
        {
            "file": str(target),
            **printed,
            "packet": name,
            "edition": options.edition,
            "messages": len(about.rehearsal.messages),
        },
        f"Packet {name[:12]}: {target}",
        f"Printed: {pdf}" if pdf else None,
        "Next: send it, or print it. A signed sheet is entered with `review record --packet "
        f"{name[:12]} --by NAME --role ROLE --all`.",
    )


def _packet_page(
    context: Context, about: SeasonContext, options: argparse.Namespace, made_at: datetime, paper: str = ""
) -> str:
    large = options.large_type
    if options.edition == "short":
        from ..review.short_packet import short_packet_html

        return short_packet_html(about.rehearsal, made_at=made_at, paper=paper, large_type=large)
    from ..review.packet import packet_html

    handles = handles_of(context.project)
    return packet_html(about.rehearsal, made_at=made_at, handles=handles, paper=paper, large_type=large)


def _write(page: str, target: Path) -> None:
    beside = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(page, encoding="utf-8", newline="\n")
        os.replace(beside, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise cannot_write(target, error, instead="choose another --out") from None


@command(
    "review invite",
    argument("name", metavar="NAME", help="the reviewer's name, in quotation marks"),
    argument("--role", required=True, help="as what: fact-reviewer, safety-reviewer, board-viewer, ..."),
    argument(
        "--email", default="", metavar="ADDRESS", help="where they are told what is new for them, once a day at most"
    ),
    argument("--expires", metavar="SPAN", help="36h, 14d, 4w (default: until the season ends)"),
    by("who invites"),
)
def invite(context: Context, options: argparse.Namespace) -> int:
    """Make a private link for one person."""
    from ..services.senders import shown_link

    about = context.about_season()
    span_of_link = lasts(options.expires) if options.expires else None
    made = invitations.invite(about, options.name, options.role, email=options.email, lasts=span_of_link)
    shown = shown_link(context.project, about.ledger, made.path)
    campaign, _ = read_campaign(context.project, about.key.campaign)
    return context.answer(
        {
            "name": made.name,
            "role": made.role.id,
            "link": shown.best,
            "on_this_machine": shown.here,
            "served": shown.is_served,
            "public": bool(shown.public),
            "expires_at": made.expires_at,
            "mailed": made.is_mailed,
        },
        f"A private link for {made.name}, {made.role.words}:",
        f"  {shown.best}",
        f"It is good until {local_words(made.expires_at, campaign.time_zone)}, and is not shown again.",
        *shown.notes,
        f"It asks {made.name}, and their approval counts. What has to wait for a {made.role.words} is "
        "said by a rule in config/review.toml (docs/reference/review-policy.md)."
        if made.role.approves
        else None,
        f"The link that {made.name} had before no longer works." if made.replaced else None,
        None
        if made.role.approves
        else f"A {made.role.words} reads and comments; an approval in this role does not count.",
        f"{made.name} is told by email what is new, once a day at most; the link stands in each of these emails."
        if made.is_mailed
        else None,
        f"Next: send it to {made.name} alone. To end it: `review revoke {json.dumps(made.name)}`",
    )


@command(
    "review remind",
    argument("name", nargs="?", default="", metavar="NAME", help="who; left out: lists who is waited for"),
    argument("--email", default="", metavar="ADDRESS", help="where to; this one is not kept"),
    argument("--show", action="store_true", help="print the mail instead; nothing is sent, no link ends"),
    argument("--expires", metavar="SPAN", help="how long the new link works (default: until the season ends)"),
    by("who invites"),
)
def remind(context: Context, options: argparse.Namespace) -> int:
    """Mail an invited person a new link; without a name, who is waited for."""
    about, name = context.about_season(), options.name
    if not name:
        return _waited_for(context, about)
    span_of_link = lasts(options.expires) if options.expires else None
    if options.show:
        mail = invitations.show_reminder(about, name, lasts=span_of_link)
        return context.answer(
            {"name": name, "sent": False, "subject": mail.subject, "text": mail.text},
            f"Subject: {mail.subject}\n\n{mail.text}",
            "Nothing was sent, and no link has ended.",
        )
    if not options.email:
        raise UsageError(
            "an address is missing: say where to",
            hint=f"review remind {json.dumps(name)} --email ADDRESS; with --show the mail is only printed",
        )
    done = invitations.remind(about, name, options.email, lasts=span_of_link)
    if done.sent:
        lines = [f"A reminder with a new link is on its way to {name}. The link from before no longer works."]
    elif not done.link:
        lines = [
            f"Subject: {done.mail.subject}\n\n{done.mail.text}",
            "REHEARSAL: nothing was sent, and no link has ended.",
            f"The mail is recorded in {context.project.settings.var}/rehearsal, without the address.",
            f"Next: to send a link yourself: `review invite {json.dumps(name)} --role ROLE`",
        ]
    else:
        lines = [
            f"The reminder {'may not have gone out' if done.may_have_gone else 'was not sent'}: {done.problem}.",
            f"The link of {name} from before no longer works. This is the new one, not shown again:",
            f"  {done.link}",
            "Next: send it yourself, or try again: that makes another link.",
        ]
    not_sent = not done.sent and bool(done.link)
    given = {"link": done.link} if not_sent else {}
    return context.answer(
        {"name": name, "sent": done.sent, "problem": done.problem, **given}, *lines, status=int(not_sent)
    )


def _waited_for(context: Context, about: SeasonContext) -> int:
    waiting = [(w.invitation, len({message.item for message in w.waits})) for w in who_waits(about)]
    lines = [
        f"{counted(len(waiting), 'invited person is', 'invited people are')} waited for:",
        *(f"  {who.name} ({who.role.replace('-', ' ')}): {counted(items, 'item')}" for who, items in waiting),
        *(f"Next: `review remind {json.dumps(who.name)} --email ADDRESS`" for who, _ in waiting[:1]),
    ]
    return context.answer(
        [{"name": who.name, "role": who.role, "items": items} for who, items in waiting],
        *(lines if waiting else ["Nobody who was invited is waited for."]),
    )


@command("review revoke", argument("name", metavar="NAME", help="whose links end"), by("who invites"))
def revoke(context: Context, options: argparse.Namespace) -> int:
    """End a person's links at once."""
    name = options.name
    ended = invitations.revoke(context.about_season(), name)
    return context.answer(
        {"name": name, "revoked": ended},
        f"The link of {name} no longer works. What {name} has approved stays approved."
        if ended
        else f"{name} had no link that still worked.",
    )


@command("review status", shows_each())
def status(context: Context, options: argparse.Namespace) -> int:
    """What is missing, by person and role; who was invited, who has looked."""
    about, now = context.about_season(), context.project.clock.now()
    standing, invited = about.how_it_stands(), about.invitations()
    zone = about.rehearsal.plan.campaign.time_zone
    lines, told = ["\nInvited:"] if invited else [], {t.invitation.id: t for t in reviewers_told(about)}
    for i in invited:
        look = f"looked last on {local_words(i.last_look_at, zone)}" if i.last_look_at else "has not looked yet"
        until = f"until {day_words(i.expires_at.date())}"
        lines += [f"  {i.name} ({i.role.replace('-', ' ')}): {i.state(now)}, {until}; {look}"]
        lines += [f"    Email: {told[i.id].words}."] if i.id in told else []
    return context.answer(
        {
            **standing_as_data(standing),
            "packet": edition(about),
            "invitations": [
                {
                    "name": i.name,
                    "role": i.role,
                    "state": i.state(now),
                    "expires_at": i.expires_at,
                    "last_look_at": i.last_look_at,
                    "mail": told[i.id].words if i.id in told else "",
                    "reached": told[i.id].is_reached if i.id in told else False,
                }
                for i in invited
            ],
        },
        *standing_lines(standing),
        *(lines or ["Nobody has been invited: `review invite NAME --role ROLE` makes a private link."]),
        status=int(bool(standing.lacking or standing.requests)),
    )


@command(
    "review record",
    argument("items", nargs="*", metavar="ITEM", help="what was checked, as printed: 11, or awareness-day; or --all"),
    argument("--all", action="store_true", help="everything in the packet"),
    argument("--except", dest="without", action="append", default=[], metavar="ITEM", help="but this one: 11"),
    argument("--packet", required=True, metavar="HASH", help="the packet's hash, as printed on the sheet"),
    argument("--role", required=True, help="the role on the sheet"),
    argument("--by", required=True, metavar="NAME", help="who signed the sheet"),
    argument("--entered-by", default="", metavar="NAME", help="who enters it (default: your account on this machine)"),
)
def record(context: Context, options: argparse.Namespace) -> int:
    """Enter a sheet that was signed on paper."""
    about = context.about_season(options.role)
    if options.all == bool(options.items):
        raise UsageError("say what was signed: --all, or items", hint="--all --except ITEM leaves one out")
    items, known = None if options.all else options.items, _of_the_dry_run(context, about)
    done = approvals.record_paper(
        about,
        options.packet,
        items,
        without=options.without,
        known=known,
        entered_by=options.entered_by or context.project.login_name(),
    )
    return _approved(context, about, done)


def _of_the_dry_run(context: Context, about: SeasonContext) -> list[PacketRecord]:
    """What the packet of the last dry run held: its plan.json says so."""
    key = about.key
    folder = context.project.settings.build_folder / "dry-run" / f"{key.campaign}-{key.season}"
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        held = {(str(m["id"]), str(m["channel"])): str(m["digest"]) for m in plan["items"]}
        return [PacketRecord(key.campaign, key.season, str(plan["edition"]), context.project.clock.now(), held)]
    except (OSError, ValueError, KeyError, TypeError):
        return []
