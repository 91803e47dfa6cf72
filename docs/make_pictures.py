"""Make the pictures of the docs from the campaign that is shipped, rehearsed as it is: docs/images/*.png.

    python docs/make_pictures.py

Needs Chromium, pdftotext and pdftoppm (Debian's poppler-utils), and the packages of requirements-dev.lock. Run it by hand when the packet or the mails look different,
and look at the pictures before they are committed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scheduler.services.seasons import rehearse, write_dry_run  # noqa: E402
from scheduler.wiring import open_ledger  # noqa: E402

if TYPE_CHECKING:
    from scheduler.project import Project

IMAGES = ROOT / "docs" / "images"
CAMPAIGN, SEASON = "human-trafficking-prevention", 2027
MADE_AT = datetime(2026, 12, 28, 15, tzinfo=UTC)
READ = "how-many-people"  # the item that the reviewer's pictures show
LARGEST = 150_000  # bytes of one picture


@dataclass(frozen=True)
class Picture:
    """A part of a page in a window of ``width`` pixels: from the top of one element to the end of another.

    With ``height`` it ends there, as a telephone's screen does. ``page``: a file of the dry run; with ``served`` a
    page below a reviewer's link. ``sheet``: of the short packet, the sheet that has a line that begins with these words.
    """

    name: str
    page: str
    width: int
    first: str = "html"
    last: str = "html"
    dark: bool = False
    height: int = 0
    served: bool = False
    sheet: str = ""


PICTURES = (
    Picture("calendar", "index.html", 1120, ".month-sheet", ".month-sheet"),
    Picture("item", "index.html", 1120, "#day-6", "#day-6 .claims tbody tr:nth-child(2)"),
    Picture("mail-wide", "emails/2027-01-06.html", 1200, height=1000),
    Picture("mail-wide-dark", "emails/2027-01-06.html", 1200, height=1000, dark=True),
    Picture("mail-narrow", "emails/2027-01-06.html", 320, height=1000),
    Picture("mail-narrow-dark", "emails/2027-01-06.html", 320, height=1000, dark=True),
    Picture("mail-fact", "emails/2027-01-04.html", 320, height=640),
    Picture("mail-quotation", "emails/2027-01-02.html", 320, height=640),
    Picture("mail-special", "emails/2027-01-01.html", 320, height=640),
    Picture("mail-digest", "digests/2027-01-04.html", 320, height=640),
    Picture("mail-foot", "emails/2027-01-02.html", 320, ".foot", ".foot"),
    Picture("reading-start", "", 375, height=812, served=True),
    Picture("reading-item", f"/items/{READ}", 375, height=812, served=True),
    Picture("reading-decide", f"/items/{READ}", 375, "#said", height=812, served=True, dark=True),
    Picture("paper-cover", "", 560, sheet="How to review this on paper"),
    Picture("paper-item", "", 560, sheet="What human trafficking is"),
)

#: How high a picture is.
SIZE = """([first, last]) => document.querySelector(last).getBoundingClientRect().bottom
  - document.querySelector(first).getBoundingClientRect().top"""


def main() -> int:
    from scheduler.clock import VirtualClock
    from scheduler.project import Project
    from scheduler.wiring import load_settings

    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for part in ("campaigns", "templates", "config"):
            shutil.copytree(ROOT / part, Path(folder, part))
        project = Project(Path(folder), load_settings(Path(folder), {}), {}, VirtualClock(MADE_AT))
        packet = write_dry_run(project, rehearse(project, CAMPAIGN, SEASON), Path(folder, "packet")).folder
        for name, taken in (*take(packet, project), *take_sheets(packet, project)):
            small = with_palette(taken)
            (IMAGES / f"{name}.png").write_bytes(small)
            print(f"{name}.png: {len(small):,} bytes")
            if len(small) > LARGEST:
                print(f"too large: at most {LARGEST:,}", file=sys.stderr)
                return 1
    return 0


@contextmanager
def reviewing(project: Project) -> Iterator[str]:
    """Serve the pages, and give the address of somebody's link who has read a few items."""
    from scheduler.web.app import make_app
    from scheduler.web.server import serve

    ledger = open_ledger(project)
    from tests.support.review_desk import desk_of

    desk = desk_of(project, ledger, CAMPAIGN, SEASON)
    link = desk.invite("Ben Example", "fact-reviewer", by="Ada Example").link
    items = [planned.item.id for planned in desk.rehearsal.plan.items]
    desk.approve(items[: items.index(READ)], person="Ben Example", role="fact-reviewer")
    asked = desk.comment(READ, person="Cara Example", role="safety-reviewer", text="Is the newer figure from 2022?")
    desk.comment(READ, person="Ada Example", role="coordinator", text="Published in 2022, for 2021.", answers=asked.id)
    server = serve(make_app(project, ledger), "127.0.0.1", 0)
    try:
        yield server.url + link.removeprefix(project.settings.public_url)
    finally:
        server.stop()
        ledger.close()


def take_sheets(packet: Path, project: Project) -> Iterator[tuple[str, bytes]]:
    """Sheets of the short packet. Needs pdftotext and pdftoppm."""
    from scheduler.review.pdf import find_browser, print_pdf
    from scheduler.review.short_packet import short_packet_html

    printed = packet / "packet.pdf"
    page = short_packet_html(rehearse(project, CAMPAIGN, SEASON), made_at=MADE_AT, paper="letter")
    print_pdf(page, printed, browser=find_browser())
    sheets = _output("pdftotext", str(printed), "-").decode().split("\f")
    for picture in PICTURES:
        if picture.sheet:
            number = next(n for n, text in enumerate(sheets, 1) if f"\n{picture.sheet}" in f"\n{text}")
            yield (
                picture.name,
                _output(
                    "pdftoppm",
                    "-png",
                    "-f",
                    str(number),
                    "-l",
                    str(number),
                    "-scale-to-x",
                    str(picture.width),
                    "-scale-to-y",
                    "-1",
                    str(printed),
                ),
            )


def _output(program: str, *arguments: str) -> bytes:
    return subprocess.run([program, *arguments], capture_output=True, check=True).stdout


def take(packet: Path, project: Project) -> Iterator[tuple[str, bytes]]:
    """Each picture's name and its PNG, as the browser gives it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, reviewing(project) as link:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES:
            if picture.sheet:
                continue
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height or 800},
                color_scheme="dark" if picture.dark else "light",
            )
            page = context.new_page()
            page.goto(link + picture.page if picture.served else (packet / picture.page).as_uri())
            height = picture.height or int(page.evaluate(SIZE, [picture.first, picture.last]))
            page.set_viewport_size({"width": picture.width, "height": height})
            page.evaluate("first => document.querySelector(first).scrollIntoView()", picture.first)
            yield picture.name, page.screenshot()
            context.close()
        browser.close()


def with_palette(png: bytes) -> bytes:
    """The same picture in at most 256 colors, which is a third of the size for pages of text."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(png)) as taken:
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
