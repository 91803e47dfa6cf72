"""Review a season with others: the packet, private links, what is missing and by whom, sheets signed on paper.

Links and approvals belong to one season of one campaign. A link is shown once; send it to the person yourself.
"""

from __future__ import annotations

import argparse
import json

from ..domain.formatting import day_words, local_words
from ..domain.packet_record import PacketRecord
from ..errors import UsageError
from ..review.review_status import standing_as_data
from ..services import approvals, invitations
from ..services.context import SeasonContext
from ..services.packet import edition
from ..services.seasons import read_campaign
from .approve import print_approved
from .arguments import add_campaign
from .context import Context
from .review_output import print_standing
from .review_packet import PAPERS, write_packet
from .review_remind import remind, span_of

EPILOG = """examples:
  run.py review packet
  run.py review packet --pdf --paper a4
  run.py review invite "Ben Example" --role fact-reviewer --expires 14d
  run.py review status
  run.py review revoke "Ben Example"
  run.py review remind "Ben Example" --email ben@example.org
  run.py review record --by "Ben Example" --role fact-reviewer --packet 0123456789ab --all --except awareness-day"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="packet|invite|remind|revoke|status|record")
    packet = acts.add_parser("packet", help="the season on one page, to read, print and sign; needs no network")
    packet.add_argument("--out", metavar="FILE", help="where (default: build/review/CAMPAIGN-SEASON-PACKET.html)")
    packet.add_argument(
        "--pdf", nargs="?", const="", metavar="FILE", help="print it to a file as well (default: beside the page)"
    )
    packet.add_argument("--paper", choices=tuple(PAPERS), help="default: what is usual where the campaign's clock is")
    packet.add_argument("--browser", default="", metavar="PATH", help="what prints (default: chromium, chrome, edge)")
    invite = acts.add_parser("invite", help="make a private link for one person")
    invite.add_argument("name", metavar="NAME", help="the reviewer's name, in quotation marks")
    invite.add_argument("--role", required=True, help="as what: fact-reviewer, safety-reviewer, board-viewer, ...")
    invite.add_argument("--expires", default="14d", metavar="SPAN", help="36h, 14d, 4w (default: 14d)")
    remind = acts.add_parser("remind", help="mail an invited person a new link; without a name, who is waited for")
    remind.add_argument("name", nargs="?", default="", metavar="NAME", help="who; left out: lists who is waited for")
    remind.add_argument("--email", default="", metavar="ADDRESS", help="where to; it is not kept")
    remind.add_argument("--show", action="store_true", help="print the mail instead; nothing is sent, no link ends")
    remind.add_argument("--expires", default="14d", metavar="SPAN", help="how long the new link works (default: 14d)")
    revoke = acts.add_parser("revoke", help="end a person's links at once")
    revoke.add_argument("name", metavar="NAME", help="whose links end")
    acts.add_parser("status", help="what is missing, by person and role; who was invited, who has looked")
    record = acts.add_parser("record", help="enter a sheet that was signed on paper")
    record.add_argument("items", nargs="*", metavar="ITEM", help="what was signed; or --all")
    record.add_argument("--all", action="store_true", help="everything in the packet")
    record.add_argument("--except", dest="without", action="append", default=[], metavar="ITEM", help="but this one")
    record.add_argument("--packet", required=True, metavar="HASH", help="the packet's hash, as printed on the sheet")
    record.add_argument("--role", required=True, help="the role on the sheet")
    record.add_argument("--by", required=True, metavar="NAME", help="who signed the sheet")
    for act in (invite, remind, revoke):
        act.add_argument("--by", default="", metavar="NAME", help="who invites (default: your account's name)")
    add_campaign(parser, word=False)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    with context.about_season(options.role if options.act == "record" else None) as about:
        acts = {
            "packet": write_packet,
            "invite": _invite,
            "remind": remind,
            "revoke": _revoke,
            "status": _status,
            "record": _record,
        }
        return acts[options.act](context, options, about)


def _invite(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    from ..services.shown_links import shown_link

    made = invitations.invite(about, options.name, options.role, lasts=span_of(options.expires))
    shown = shown_link(context.project, about.ledger, made.path)
    if context.json:
        where = {"on_this_machine": shown.here, "served": shown.is_served, "public": bool(shown.public)}
        given = {"name": made.name, "role": made.role.id, "link": shown.best, **where}
        context.print_json({**given, "expires_at": made.expires_at.isoformat()})
        return 0
    campaign, _ = read_campaign(context.project, about.key.campaign)
    print(f"A private link for {made.name}, {made.role.words}:")
    print(f"  {shown.best}")
    print(f"It is good until {local_words(made.expires_at, campaign.time_zone)}, and is not shown again.")
    for note in shown.notes:
        print(note)
    if made.replaced:
        print(f"The link that {made.name} had before no longer works.")
    if not made.role.approves:
        print(f"A {made.role.words} reads and comments; an approval in this role does not count.")
    print(f"Next: send it to {made.name} alone. To end it: review revoke {json.dumps(made.name)}")
    return 0


def _revoke(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    ended = invitations.revoke(about, options.name)
    if context.json:
        context.print_json({"name": options.name, "revoked": ended})
    elif ended:
        print(f"The link of {options.name} no longer works. What {options.name} has approved stays approved.")
    else:
        print(f"{options.name} had no link that still worked.")
    return 0


def _status(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    standing, invited = about.how_it_stands(), about.invitations()
    now = context.project.clock.now()
    if context.json:
        context.print_json(
            {
                **standing_as_data(standing),
                "packet": edition(about),
                "invitations": [
                    {
                        "name": i.name,
                        "role": i.role,
                        "state": i.state(now),
                        "expires_at": i.expires_at.isoformat(),
                        "last_look_at": i.last_look_at.isoformat() if i.last_look_at else None,
                    }
                    for i in invited
                ],
            }
        )
    else:
        zone = about.rehearsal.plan.campaign.time_zone
        print_standing(standing)
        if invited:
            print("\nInvited:")
            for i in invited:
                look = f"looked last on {local_words(i.last_look_at, zone)}" if i.last_look_at else "has not looked yet"
                until = f"until {day_words(i.expires_at.date())}"
                print(f"  {i.name} ({i.role.replace('-', ' ')}): {i.state(now)}, {until}; {look}")
        else:
            print("Nobody has been invited: review invite NAME --role ROLE makes a private link.")
    return int(bool(standing.lacking or standing.requests))


def _record(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    if options.all == bool(options.items):
        raise UsageError("say what was signed: --all, or items", hint="--all --except ITEM leaves one out")
    done = approvals.record_paper(
        about,
        options.packet,
        None if options.all else options.items,
        without=options.without,
        known=_of_the_dry_run(context, about),
    )
    lacking = sum(bool(about.rehearsal_now().missing(m)) for m in done.messages)
    print_approved(context, done, options.by.strip(), lacking)
    return 0


def _of_the_dry_run(context: Context, about: SeasonContext) -> list[PacketRecord]:
    """What the packet of the last dry run held: its plan.json says so."""
    folder = context.project.root / "build" / "dry-run" / f"{about.key.campaign}-{about.key.season}"
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        held = {(str(m["id"]), str(m["channel"])): str(m["digest"]) for m in plan["items"]}
        return [
            PacketRecord(about.key.campaign, about.key.season, str(plan["edition"]), context.project.clock.now(), held)
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
