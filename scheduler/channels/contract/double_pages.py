"""Pages on which a coordinator watches the doubles: a timeline and an inbox. Read only, without script."""

from __future__ import annotations

from abc import abstractmethod
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from html import escape

from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import counted, day_words
from ...light_dataclass import dataclass
from .double import Answer, Double, SimulatedCall
from .standin_pictures import ShownPicture


@dataclass(frozen=True, kw_only=True)
class ShownPost:
    """A post as it is shown."""

    id: str
    text: str  # as it was sent
    created_at: datetime
    warning: str = ""  # shown before it
    pictures: tuple[ShownPicture, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShownMail:
    """A mail as it is shown."""

    at: datetime
    subject: str
    from_name: str
    text: str
    html: str
    readers: tuple[str, ...]  # their addresses
    warnings: tuple[str, ...]

    def filled(self, text: str) -> str:
        """A text of the mail as its first reader gets it."""
        return text


_STYLE = """
body{margin:0;font:var(--page-size)/var(--line-height) var(--font);color:var(--ink);background:var(--paper)}
main{max-width:var(--measure);margin:0 auto;padding:var(--space-6) var(--space-4)}
h1{margin:0 0 var(--space-2)}
.muted{color:var(--muted)}
article{border:1px solid var(--rule);border-radius:var(--radius);background:var(--card)}
article{padding:var(--space-4);margin:var(--space-4) 0}
article p,pre{white-space:pre-wrap;overflow-wrap:anywhere}
.warning{color:var(--needs-you);background:var(--needs-you-ground);border-radius:var(--radius)}
.warning{padding:var(--space-2) var(--space-3)}
img{max-width:100%}
a{color:var(--blue)}
iframe{width:100%;height:40rem;border:1px solid var(--rule);border-radius:var(--radius);background:#fff}
pre{font:inherit;font-family:var(--mono);font-size:.85em}
"""
_SHOWN = 200
_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'"


def masked(address: str) -> str:
    """An address as it may be shown: first letter and last part, ``r…@….example``."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@….{domain.rpartition('.')[2]}" if name else "…"


class PostPages(Double):
    """A stand-in with a timeline."""

    title = ""

    @property
    @abstractmethod
    def posts(self) -> Sequence[ShownPost]:
        """What stands in the timeline, oldest first."""

    def pictures(self) -> list[tuple[str, str]]:
        """Of all posts, oldest first: the SHA-256 of each picture's bytes, and its alternative text."""
        return [(picture.sha256, picture.alt_text) for post in self.posts for picture in post.pictures]

    def remark(self) -> str:
        """Of the whole timeline, behind its numbers."""
        return ""

    def price(self, number: int) -> str:
        """What the post of that number cost, in words."""
        return ""

    def page(self, call: SimulatedCall) -> Answer:
        """The newest post first; and the posts for programs."""
        posts = self.posts
        if call.path == "/_/posts":
            listed = [{"id": p.id, "text": p.text, "created_at": p.created_at.isoformat()} for p in posts]
            return Answer.of(200, {"posts": listed})
        if call.path != "/":
            return super().page(call)
        articles = "".join(
            f"<article><p class=muted>Sandbox @observance_sandbox, {_when(p.created_at)}</p>"
            f"{f'<p><b>Content warning:</b> {escape(p.warning)}</p>' if p.warning else ''}<p>{escape(p.text)}</p>"
            f"{''.join(map(_shown, p.pictures))}"
            f"<p class=muted>{escape(self.price(number))}</p></article>"
            for number, p in reversed(list(enumerate(posts)))
        )
        summary = f"{counted(len(posts), 'post')} from {counted(self.sending_requests, 'request')}{self.remark()}."
        return _page(self.title, summary, articles or "<p>Nothing was posted yet.</p>")


class MailPages(Double):
    """A stand-in with an inbox."""

    title = ""

    @property
    @abstractmethod
    def mails(self) -> Sequence[ShownMail]:
        """Accepted mails, oldest first."""

    def requests(self) -> int:
        """How many would have sent something."""
        return self.sending_requests

    def page(self, call: SimulatedCall) -> Answer:
        """The newest mail first, and not more than a browser can show; and each of them."""
        mails = self.mails
        number = call.path.removeprefix("/_/mails/")
        if number.isdigit() and 1 <= int(number) <= len(mails):
            return _mail_page(mails[int(number) - 1])
        if call.path != "/":
            return super().page(call)
        articles = "".join(
            f"<article><h2><a href='/_/mails/{number}'>{escape(m.subject)}</a></h2>"
            f"<p class=muted>{_when(m.at)}, from {escape(m.from_name)}, to {counted(len(m.readers), 'reader')} "
            f"({escape(', '.join(map(masked, m.readers[:3])))}{', …' if len(m.readers) > 3 else ''})</p>"
            f"{_warnings(m)}</article>"
            for number, m in reversed(list(enumerate(mails, start=1))[-_SHOWN:])
        )
        readers = counted(sum(len(m.readers) for m in mails), "reader")
        summary = f"{counted(len(mails), 'mail')} to {readers} from {counted(self.requests(), 'request')}."
        if len(mails) > _SHOWN:
            summary += f" The newest {_SHOWN} are shown."
        return _page(self.title, summary, articles or "<p>Nothing was mailed yet.</p>")


def _shown(picture: ShownPicture) -> str:
    content = b64encode(picture.content).decode()
    return f"<img src='data:{picture.media_type};base64,{content}' alt='{escape(picture.alt_text)}'>"


def _mail_page(mail: ShownMail) -> Answer:
    """One mail as its first reader gets it: designed, and as plain text."""
    body = (
        f"<p><a href='/'>All mails</a></p>{_warnings(mail)}"
        f"<iframe sandbox title='The mail' srcdoc='{escape(mail.filled(mail.html))}'></iframe>"
        f"<h2>Plain text</h2><pre>{escape(mail.filled(mail.text))}</pre>"
    )
    return _page(mail.subject, f"{_when(mail.at)}, to {counted(len(mail.readers), 'reader')}", body, refresh=False)


def _warnings(mail: ShownMail) -> str:
    return "".join(f"<p class=warning>! {escape(w)}</p>" for w in mail.warnings)


def _when(at: datetime) -> str:
    return f"{day_words(at.date())}, {at:%H:%M:%S} UTC"


def _page(title: str, summary: str, body: str, *, refresh: bool = True) -> Answer:
    again = "<meta http-equiv=refresh content=10>" if refresh else ""
    document = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>{again}"
        f"<meta name=viewport content='width=device-width'><style>{css_custom_properties()}{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p class=muted>{escape(summary)} Nothing leaves this machine.</p>"
        f"{body}</main></body></html>"
    )
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": _SECURITY}
    return Answer(200, document.encode(), headers)
