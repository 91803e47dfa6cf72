"""`review packet`: the season on one page, and printed to a PDF where a browser is at hand."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

from ..errors import cannot_write
from ..review.pdf import PAPERS, find_browser, print_pdf, usual_paper
from ..services.context import SeasonContext
from ..services.packet import edition, give_out
from ..wiring import handles_of
from .context import Context

__all__ = ["PAPERS", "write_packet"]


def write_packet(context: Context, options: argparse.Namespace, about: SeasonContext) -> int:
    from ..review.packet import packet_html

    project, name = context.project, edition(about)
    usual = project.root / "build" / "review" / f"{about.key.campaign}-{about.key.season}-{name[:12]}.html"
    target = Path(options.out) if options.out else usual
    browser = find_browser(options.browser) if options.pdf is not None else ""  # its lack is told before the work
    made_at, handles = project.clock.now(), handles_of(project)
    _write(packet_html(about.rehearsal, made_at=made_at, handles=handles), target)
    give_out(about)
    pdf = None
    if options.pdf is not None:
        pdf = Path(options.pdf) if options.pdf else target.with_suffix(".pdf")
        paper = PAPERS[options.paper or usual_paper(about.rehearsal.plan.campaign.time_zone)]
        print_pdf(packet_html(about.rehearsal, made_at=made_at, handles=handles, paper=paper), pdf, browser=browser)
    if context.json:
        printed = {"pdf": str(pdf)} if pdf else {}
        context.print_json({"file": str(target), **printed, "packet": name, "messages": len(about.rehearsal.messages)})
    else:
        print(f"Packet {name[:12]}: {target}")
        if pdf:
            print(f"Printed: {pdf}")
        print(
            "Next: send it, or print it. A signed sheet is entered with `review record --packet "
            f"{name[:12]} --by NAME --role ROLE --all`."
        )
    return 0


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
