"""`review remind`: a mail with a new link to one invited person; and who is waited for."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta

from ..domain.formatting import counted
from ..domain.invitation import LONGEST_SPAN, span
from ..errors import UsageError
from ..review.review_status import ByPerson
from ..services.context import SeasonContext
from ..services.reminders import who_waits
from .context import Context


def span_of(text: str) -> timedelta:
    lasts = span(text)
    if lasts is None:
        raise UsageError(
            f"--expires {text!r} is not a span of time, or too long",
            hint=f"write 36h, 14d or 4w; at most {LONGEST_SPAN.days}d",
        )
    return lasts


def remind(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    from ..services import reminders

    if not options.name:
        return _waited_for(context, about)
    lasts = span_of(options.expires)
    if options.show:
        mail = reminders.show_reminder(about, options.name, lasts=lasts)
        if context.json:
            context.print_json({"name": options.name, "sent": False, "subject": mail.subject, "text": mail.text})
        else:
            print(f"Subject: {mail.subject}\n\n{mail.text}")
            print("Nothing was sent, and no link has ended.")
        return 0
    if not options.email:
        raise UsageError(
            "an address is missing: none is kept",
            hint=f"review remind {json.dumps(options.name)} --email ADDRESS; with --show the mail is only printed",
        )
    done = reminders.remind(about, options.name, options.email, lasts=lasts)
    if context.json:
        given = {} if done.sent or not done.link else {"link": done.link}
        context.print_json({"name": options.name, "sent": done.sent, "problem": done.problem, **given})
    elif done.sent:
        print(f"A reminder with a new link is on its way to {options.name}. The link from before no longer works.")
    elif not done.link:
        print(f"Subject: {done.mail.subject}\n\n{done.mail.text}")
        print("REHEARSAL: nothing was sent, and no link has ended.")
        print("The mail is recorded in var/rehearsal, without the address.")
        print(f"Next: to send a link yourself: review invite {json.dumps(options.name)} --role ROLE")
    else:
        word = "may not have gone out" if done.may_have_gone else "was not sent"
        print(f"The reminder {word}: {done.problem}.")
        print(f"The link of {options.name} from before no longer works. This is the new one, not shown again:")
        print(f"  {done.link}")
        print("Next: send it yourself, or try again: that makes another link.")
    return int(not done.sent and bool(done.link))


def _waited_for(context: Context, about: SeasonContext) -> int:
    waiting = who_waits(about)
    if context.json:
        context.print_json(
            [{"name": w.invitation.name, "role": w.invitation.role, "items": _items(w)} for w in waiting]
        )
    elif waiting:
        print(f"{counted(len(waiting), 'invited person is', 'invited people are')} waited for:")
        for one in waiting:
            role = one.invitation.role.replace("-", " ")
            print(f"  {one.invitation.name} ({role}): {counted(_items(one), 'item')}")
        print(f"Next: review remind {json.dumps(waiting[0].invitation.name)} --email ADDRESS")
    else:
        print("Nobody who was invited is waited for.")
    return 0


def _items(one: ByPerson) -> int:
    return len({message.item for message in one.waits})
