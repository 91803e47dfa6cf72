"""A season is reviewed with others: the packet, private links, what is missing, sheets signed on paper."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from ..domain.formatting import counted, day_words, local_words
from ..domain.packet_record import PacketRecord
from ..errors import UsageError
from ..review.atomic_folder import replace_file
from ..review.pdf import PAPERS, find_browser, print_pdf, usual_paper
from ..review.review_status import standing_as_data
from ..services import approvals, invitations
from ..services.approvals import edition, give_out
from ..services.context import SeasonContext
from ..services.invitations import who_waits
from ..services.reviewer_mails import reviewers_told
from ..services.seasons import read_campaign
from ..wiring import handles_of
from .approvals import approved_answer
from .arguments import OF_A_CAMPAIGN, argument, by, command, group, lasts, shows_each
from .command_context import CommandContext
from .output import standing_lines

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
def packet(context: CommandContext, options: argparse.Namespace) -> int:
    """The season on one page, to read, print and sign; needs no network."""
    about, project = context.about_season(), context.project
    name = edition(about)
    file = f"{about.key.campaign}-{about.key.season}-{name[:12]}{'-short' if options.edition == 'short' else ''}.html"
    target = Path(options.out) if options.out else project.settings.build_folder / "review" / file
    browser = find_browser(options.browser) if options.pdf is not None else ""  # its lack is told before the work
    made_at = project.clock.now()
    replace_file(target, _packet_page(context, about, options, made_at).encode(), option="--out")
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
    context: CommandContext, about: SeasonContext, options: argparse.Namespace, made_at: datetime, paper: str = ""
) -> str:
    large = options.large_type
    if options.edition == "short":
        from ..review.short_packet import short_packet_html

        return short_packet_html(about.rehearsal, made_at=made_at, paper=paper, large_type=large)
    from ..review.packet import packet_html

    handles = handles_of(context.project)
    return packet_html(about.rehearsal, made_at=made_at, handles=handles, paper=paper, large_type=large)


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
def invite(context: CommandContext, options: argparse.Namespace) -> int:
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
def remind(context: CommandContext, options: argparse.Namespace) -> int:
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


def _waited_for(context: CommandContext, about: SeasonContext) -> int:
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
def revoke(context: CommandContext, options: argparse.Namespace) -> int:
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
def status(context: CommandContext, options: argparse.Namespace) -> int:
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
def record(context: CommandContext, options: argparse.Namespace) -> int:
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
    return approved_answer(context, about, done)


def _of_the_dry_run(context: CommandContext, about: SeasonContext) -> list[PacketRecord]:
    """What the packet of the last dry run held: its plan.json says so."""
    key = about.key
    folder = context.project.settings.build_folder / "dry-run" / f"{key.campaign}-{key.season}"
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        held = {(str(m["id"]), str(m["channel"])): str(m["digest"]) for m in plan["items"]}
        return [PacketRecord(key.campaign, key.season, str(plan["edition"]), context.project.clock.now(), held)]
    except (OSError, ValueError, KeyError, TypeError):
        return []
