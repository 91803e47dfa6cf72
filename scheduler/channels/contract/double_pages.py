"""Pages on which a coordinator watches the doubles: a timeline and an inbox. Read only, without script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import Protocol

from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import counted
from .double import Answer


class ShownPost(Protocol):
    """A post as it is shown."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def text(self) -> str: ...


class ShownEnvelope(Protocol):
    """A reader of a mail."""

    @property
    def address(self) -> str: ...


class ShownMail(Protocol):
    """A mail as it is shown. ``filled``: a text of it as its first reader gets it."""

    @property
    def at(self) -> datetime: ...
    @property
    def subject(self) -> str: ...
    @property
    def from_name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def envelopes(self) -> Sequence[ShownEnvelope]: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    def filled(self, text: str) -> str: ...


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


def timeline_page(
    posts: Sequence[ShownPost], *, title: str, requests: int, note: str = "", price: Callable[[int], str] = lambda n: ""
) -> Answer:
    """The newest post first. ``price``: what the post of that number cost, in words."""
    articles = "".join(
        f"<article><p class=muted>Sandbox @observance_sandbox, {_when(p.created_at)}</p><p>{escape(p.text)}</p>"
        f"<p class=muted>{escape(price(number))}</p></article>"
        for number, p in reversed(list(enumerate(posts)))
    )
    summary = f"{counted(len(posts), 'post')} from {counted(requests, 'request')}{note}."
    return _page(title, summary, articles or "<p>Nothing was posted yet.</p>")


def inbox_page(mails: Sequence[ShownMail], *, requests: int, title: str) -> Answer:
    """The newest mail first, and not more than a browser can show."""
    newest = list(enumerate(mails, start=1))[-_SHOWN:]
    articles = "".join(
        f"<article><h2><a href='/_/mails/{number}'>{escape(m.subject)}</a></h2>"
        f"<p class=muted>{_when(m.at)}, from {escape(m.from_name)}, to {counted(len(m.envelopes), 'reader')} "
        f"({escape(', '.join(masked(e.address) for e in m.envelopes[:3]))}{', …' if len(m.envelopes) > 3 else ''})</p>"
        f"{_warnings(m)}</article>"
        for number, m in reversed(newest)
    )
    readers = sum(len(m.envelopes) for m in mails)
    summary = f"{counted(len(mails), 'mail')} to {counted(readers, 'reader')} from {counted(requests, 'request')}."
    if len(mails) > _SHOWN:
        summary += f" The newest {_SHOWN} are shown."
    return _page(title, summary, articles or "<p>Nothing was mailed yet.</p>")


def mail_page(mail: ShownMail) -> Answer:
    """One mail as its first reader gets it: designed, and as plain text."""
    body = (
        f"<p><a href='/'>All mails</a></p>{_warnings(mail)}"
        f"<iframe sandbox title='The mail' srcdoc='{escape(mail.filled(mail.html))}'></iframe>"
        f"<h2>Plain text</h2><pre>{escape(mail.filled(mail.text))}</pre>"
    )
    return _page(mail.subject, f"{_when(mail.at)}, to {counted(len(mail.envelopes), 'reader')}", body, refresh=False)


def _warnings(mail: ShownMail) -> str:
    return "".join(f"<p class=warning>! {escape(w)}</p>" for w in mail.warnings)


def _when(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S} UTC"


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
