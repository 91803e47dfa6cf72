"""A mail inside the packet: it keeps its looks, loads nothing, runs nothing and cannot break out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
import tinyhtml5
from hypothesis import given
from hypothesis import strategies as st

from scheduler.review.mail_view import mail_view
from tests.support.rehearsal_factory import MAIL

VOID = {"br", "col", "hr", "img", "wbr"}


class Balance(HTMLParser):
    """Whether every element that is opened is closed, in order; which there are, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def body(inner: str) -> str:
    return mail_view(f"<html><body>{inner}</body></html>").body


def test_a_plain_mail_keeps_its_words_and_styles() -> None:
    """What the templates write comes through."""
    view = mail_view(MAIL.format(title="Day one", words="27.6 million people", number=1))
    assert "27.6 million people" in view.body
    assert 'style="background-color:#1f4e8c;color:#ffffff;padding:16px"' in view.body
    assert 'href="https://humantraffickinghotline.org/en/get-help"' in view.body
    assert 'class="mail-body page"' in view.body


def test_dark_mode_and_widths_follow_the_frame() -> None:
    """Questions to the screen become questions to the frame, so one copy shows in three ways."""
    css = mail_view(MAIL.format(title="", words="", number=1)).css
    assert "@container style(--mail-scheme:dark){.page,.card{" in css
    assert "@container (max-width:480px){" in css
    assert "prefers-color-scheme" not in css
    assert "color-scheme:light dark" not in css


def test_headings_come_below_those_of_the_packet() -> None:
    """A mail's first heading is level 5 of the page; it keeps its looks by class."""
    view = mail_view("<style>h1{color:red}.h1{color:blue}</style><body><h1 class=h1>A</h1><h2>B</h2></body>")
    assert '<div class="mail-h1 h1" role="heading" aria-level="5">A</div>' in view.body
    assert 'aria-level="6">B</div>' in view.body
    assert ".mail-h1{color:red}.h1{color:blue}" in view.css


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=https://a.example/x.js></SCRIPT>",
        "<script>alert(1)",
        "<img src=x onerror=alert(1)>",
        "<p onclick='alert(1)'>a</p>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href=' JaVaScRiPt:alert(1)'>a</a>",
        "<a href='&#106;avascript:alert(1)'>a</a>",
        "<a href='data:text/html,alert(1)'>a</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<svg onload=alert(1)><circle></svg>",
        "<form action=https://a.example><input></form>",
        "<p style='background:url(https://a.example/x)'>a</p>",
        "<p style=\"background:url('https://a.example/x')\">a</p>",
        "<img src='https://a.example/open.gif' alt='a'>",
        "<img srcset='https://a.example/open.gif' alt='a'>",
        "<table background='https://a.example/x.png'></table>",
        "<link rel=stylesheet href=https://a.example/x.css>",
        "<style>@import 'https://a.example/x.css';p{background:url(https://a.example/y)}</style>",
        "<meta http-equiv=refresh content='0;url=https://a.example'>",
        "<base href='https://a.example/'>",
        "<object data=https://a.example></object><embed src=https://a.example>",
        "<math><mi xlink:href='https://a.example'></mi></math>",
        "<video src=https://a.example/x.mp4></video>",
    ],
)
def test_nothing_is_loaded_and_nothing_runs(inner: str) -> None:
    """No script, no handler, no address but in links, whatever the template holds."""
    view = mail_view(f"<html><body>{inner}<p>end</p></body></html>")
    parsed = Balance(view.body)
    assert [] == parsed.wrong
    for tag, attributes in parsed.tags:
        assert tag not in {
            "script",
            "iframe",
            "form",
            "svg",
            "link",
            "meta",
            "base",
            "object",
            "embed",
            "style",
            "video",
        }
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").strip().lower().startswith(("javascript", "data", "vbscript"))
        assert "a.example" not in str({k: v for k, v in attributes.items() if k != "href"})
    assert "a.example" not in view.css
    assert "alert" not in view.css


@pytest.mark.parametrize(
    "inner",
    [
        "</template></div></body></html>",
        "</div></div></div>",
        "<div><table><tr><td>",
        "<!-- not closed",
        "<textarea>",
        "<title>",
        "<plaintext>",
        "<p title='not closed>",
        "<<p>>",
        "a < b > c & d",
        "<p/><br/><b",
    ],
)
def test_a_mistake_in_a_mail_cannot_swallow_the_page(inner: str) -> None:
    """What comes out is balanced, closed in itself, and holds no end of a template."""
    view = mail_view(f"<html><body>{inner}</body></html>")
    assert [] == Balance(view.body).wrong
    assert "</template" not in view.body.lower()
    assert "<!--" not in view.body


def test_a_picture_from_elsewhere_becomes_its_words() -> None:
    """As in a mail program with pictures off."""
    assert '<span class="no-picture">a blue card</span>' in body(
        "<img src='https://a.example/x.png' alt='a blue card'>"
    )
    assert '<img src="data:image/png;base64,AA==" alt="dot">' in body("<img src='data:image/png;base64,AA==' alt=dot>")


def test_a_link_that_is_filled_in_later_leads_nowhere() -> None:
    """The address to leave by belongs to a reader; here it is no link to a file."""
    assert (
        '<a class="inert" role="link" aria-disabled="true" title="Not in a preview: in the mail this leads to a page of '
        'the reader&#x27;s own">Leave</a>' in body('<a href="%unsubscribe_url%">Leave</a>')
    )


@pytest.mark.parametrize("by_class", [False, True])
@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("tel:+18883737888", "calls +18883737888"),
        (" TEL://1-888", "calls 1-888"),
        ("sms:233733?body=HELP%20me", "begins a text message to 233733"),
        ("mailto:help%40a.example?subject=x", "begins an email to help@a.example"),
        ("https://news.a.example/m/archive/2027-01-11", "leads to https://news.a.example/m/archive/2027-01-11, which"),
        ("https://NEWS.a.example/m/u/x", "leads to https://NEWS.a.example/m/u/x, which"),
        ("https://news.a.example/m/archive.xml", "leads to https://news.a.example/m/archive.xml, which"),
        ("javascript:alert(1)", "leads to a page of the reader&#x27;s own"),
        ("http://[x/", "leads to a page of the reader&#x27;s own"),
        ("#top", "leads to a page of the reader&#x27;s own"),
        ("", "leads to a page of the reader&#x27;s own"),
    ],
)
def test_a_preview_does_not_act(href: str, words: str, by_class: bool) -> None:
    """A stray tap calls nobody, and leads to no page that is not there yet; it looks as in the mail and says what it
    will do there."""
    document = f'<body><a class="link" href="{href}">Call</a></body>'
    view = mail_view(document, by_class=by_class, public_url="https://news.a.example/m/")
    assert "href" not in view.body
    assert 'class="inert link" role="link" aria-disabled="true"' in view.body
    assert f'title="Not in a preview: in the mail this {words}' in view.body


@pytest.mark.parametrize(
    "href",
    ["https://other.example/archive/x", "https://news.a.example/donate", "https://news.a.example/archive/x"],
)
def test_links_to_other_sites_can_be_followed(href: str) -> None:
    """A reviewer has to see where they lead; and the campaign's own site may have pages that are not this program's."""
    body = mail_view(f'<body><a href="{href}">a</a></body>', public_url="https://news.a.example/m").body
    assert f'<a href="{href}">a</a>' in body


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div a='",
                "'",
                '"',
                ">",
                "<",
                "a",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<style>",
                "</style>",
                "</",
                "<img ",
                "src=x ",
                "/",
                "=",
                "&lt;",
                "</body>",
                "<b>",
                " ",
            ]
        ),
        max_size=25,
    )
)
def test_any_soup_comes_out_balanced(parts: list[str]) -> None:
    """Never an unclosed element, a script or a comment, whatever goes in."""
    view = mail_view("".join(parts))
    parsed = Balance(view.body)
    assert [] == parsed.wrong
    assert not {"script", "style"} & {tag for tag, _ in parsed.tags}
    assert "<" not in view.css
    assert not re.search(r"<!--|</(?:template|script|style)", view.body, re.IGNORECASE)


# -- for a page whose policy allows no attribute of style ------------------------------------------------------


def test_what_attributes_say_can_be_said_by_rules() -> None:
    """Each style once, under a class of its own, before which only ``!important`` goes; no attribute is left."""
    view = mail_view(
        '<body style="margin:0"><p class="a" style="color:red">1</p><i style="color:red">2</i></body>', by_class=True
    )
    assert "style=" not in view.body
    assert '<div class="mail-body mail-s0"><p class="a mail-s1">1</p><i class="mail-s1">2</i></div>' == view.body
    assert ".mail-s0:not(#_#_#_){margin:0}\n.mail-s1:not(#_#_#_){color:red}\n" == view.css


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("}*{display:none", ""),
        ("color:red/*", "color:red"),
        ("content:'a", ""),
        ("font-family:'a", ""),
        ("font-family:'</style>'", "font-family:'\\3c /style>'"),
        ("a<b", ""),
        ("color:red\\", "color:red\ufffd"),
        ("a{", ""),
        ("color:red}*{display:none", ""),
        ("color:red;}*{display:none", "color:red"),
    ],
)
def test_a_style_cannot_leave_its_rule(style: str, kept: str) -> None:
    """Nothing ends its rule, swallows the next one, or ends the style element."""
    view = mail_view(f'<p style="{style}">a</p><p style="color:blue">b</p>', by_class=True)
    own, other = (f".mail-s0:not(#_#_#_){{{kept}}}\n", 1) if kept else ("", 0)
    assert f"{own.replace(chr(39), chr(34))}.mail-s{other}:not(#_#_#_){{color:blue}}\n" == view.css
    assert f'<p class="mail-s{other}">b</p>' in view.body


#: What a style may not say, each once in an attribute and once in a rule.
FORBIDDEN_STYLES = [
    "position:fixed",
    "position:absolute;top:0;left:0",
    "POSITION:fixed!important",
    "pos\\69tion:fixed",
    "inset:0",
    "z-index:9",
    "transform:scale(99)",
    "translate:0 -999px",
    "box-shadow:0 0 0 9999px red",
    "outline:999px solid red",
    "filter:blur(9px)",
    "animation:a 1s infinite",
    "transition:all 1s",
    "content:'a'",
    "background:url(https://a.example/x)",
    "background:u\\72l(https://a.example/x)",
    "background:URL('https://a.example/x')",
    "background:url(",
    "background:image-set('https://a.example/x' 1x)",
    "background:-webkit-image-set(url(https://a.example/x) 1x)",
    "background:src('https://a.example/x')",
    "background:element(#a)",
    "background:var(--a,url(https://a.example/x))",
    "background-color:rgb(url(https://a.example/x))",
    "list-style-image:url(https://a.example/x)",
    "border-image:url(https://a.example/x) 1",
    "cursor:url(https://a.example/x),auto",
    "width:expression(alert(1))",
    "behavior:url(#default#time2)",
    "-moz-binding:url(https://a.example/x)",
    "--mail-scheme:dark",
    "all:initial",
    "pointer-events:none",
    "color-scheme:dark",
    "container-type:normal",
]


@pytest.mark.parametrize("style", FORBIDDEN_STYLES)
def test_no_style_leaves_its_place_or_fetches(style: str) -> None:
    """In an attribute, as a class and in a rule, in a question to the screen too; what stands beside it is kept."""
    document = (
        f"<style>.a{{color:red;{style}}}@media print{{.b{{color:red;{style}}}}}</style>"
        f'<body style="color:red;{style}"><p style="{style}">a</p>'
    )
    for by_class in (False, True):
        view = mail_view(document, by_class=by_class)
        assert ".a{color:red}" in view.css or style.endswith("(")
        assert "a.example" not in view.css + view.body
        name = style.partition(":")[0].lower().replace("\\69", "i")
        assert f"{name}:" not in (view.css + view.body).replace("\\69", "i").lower()
        assert re.search(r"<p(?: class=\"mail-s\d\")?>a</p>|<p>a</p>", view.body)


@pytest.mark.parametrize(
    "css",
    [
        ":host{color:red}",
        ":HOST{color:red}",
        ":h\\6fst{color:red}",
        ":host(.x){color:red}",
        ":host-context(body){color:red}",
        "p:not(:host){color:red}",
        ":is(:host){color:red}",
        "::slotted(*){color:red}",
        ":scope{color:red}",
        "&{color:red}",
        "p{&{color:red}}",
        "*|*:scope{color:red}",
        "@import 'https://a.example/x.css';",
        "@\\69mport 'https://a.example/x.css';",
        "@import url(https://a.example/x.css) layer(a);",
        "@font-face{font-family:a;src:url(https://a.example/x)}",
        "@namespace url(https://a.example/);",
        "@page{color:red}",
        "@property --a{syntax:'*';inherits:true}",
        "@keyframes a{from{color:red}}",
        "@layer a{p{color:red}}",
        "@supports (color:red){p{color:red}}",
        "@container (width){p{color:red}}",
        "@media (width:calc((1px))){p{color:red}}",
        "@media{" * 5000 + "p{color:red}",
        "(" * 50_000,
        "a{" * 20_000,
        "p{color:rgb(" + "(" * 20_000,
        "/*" * 20_000,
    ],
    ids=lambda css: css[:40],
)
def test_no_rule_speaks_to_the_page(css: str) -> None:
    """The box that holds the mail is the page's own, and so are fonts, layers and names; none of it is a riddle."""
    assert "" == mail_view(f"<style>{css}</style><p>a</p>").css


@pytest.mark.parametrize(
    ("selector", "written"),
    [
        ("body", ".mail-body"),
        (":root", ".mail-body"),
        ("HTML .x", ".mail-body .x"),
        ("h1.h1>p+p~b, .h2", ".mail-h1.h1>p+p~b, .h2"),
        (".body .h1", ".body .h1"),
        ("a:hover", "a:hover"),
        ("p::before", "p::before"),
        ("[lang=en] #a", '[lang="en"] #a'),
    ],
)
def test_a_rule_keeps_whom_it_is_for(selector: str, written: str) -> None:
    """Only the document's own elements have other names within a page."""
    css = mail_view(f"<style>{selector}{{color:red}}</style>").css
    assert css.replace('"', "") == f"{written}{{color:red}}".replace('"', "")


KEPT_NAMES = set(
    "abbr align alt aria-hidden aria-label aria-level aria-disabled bgcolor border cellpadding cellspacing class color "
    "colspan dir height href lang rel role rowspan scope src style summary target title valign width".split()
)
PIECES = [
    "<svg>",
    "<math>",
    "</svg>",
    "<style>",
    "</style>",
    "<mtext>",
    "<mglyph>",
    "<annotation-xml encoding='text/html'>",
    "<foreignObject>",
    "<desc>",
    "<title>",
    "</title>",
    "<noscript>",
    "<form>",
    "<input name=a>",
    "<button form=a>",
    "<table>",
    "<tr>",
    "<td>",
    "<select>",
    "<template>",
    "</template>",
    "<textarea>",
    "<xmp>",
    "<plaintext>",
    "<iframe>",
    "<img src=https://a.example/x onerror=alert(1)>",
    "<img src='data:image/svg+xml;base64,AA=='>",
    "<p id=location>",
    "<a name=body href=https://a.example>",
    "<a href='java\tscript:alert(1)'>",
    "<body onload=alert(1)>",
    "<mail-body id=x>",
    "<p style='position:fixed;color:red'>",
    '<p style="background:url(//a.example)">',
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<p title='</template><script>'>",
    "<b/onclick=alert(1)>",
    "<base href=//a.example>",
    "a",
    " ",
    "'",
    '"',
    "</p>",
    "\0",
    "&lt;script&gt;",
    "<h1>",
    "<center>",
    "<li>",
    "<a>",
    "</body>",
    "</html>",
    "<frameset>",
    "<link rel=stylesheet href=//a.example>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.booleans())
def test_a_browser_finds_nothing_in_it_that_acts(parts: list[str], by_class: bool) -> None:
    """Whatever goes in, the parser of the HTML standard finds known tags and attributes only in what comes out, and the
    same tree when what it found is written down and read once more."""
    view = mail_view("".join(parts), by_class=by_class)
    tree = tinyhtml5.parse(f"<!doctype html><body><div id=outside>{view.body}</div>", namespace_html_elements=False)
    (outside,) = tree.findall("body/div")
    assert ["head", "body"] == [child.tag for child in tree]
    assert 1 == len(tree.find("body"))
    for element in outside.iter():
        if element is outside:
            continue
        assert isinstance(element.tag, str)
        assert element.tag not in {
            "script",
            "style",
            "svg",
            "math",
            "form",
            "input",
            "button",
            "template",
            "iframe",
            "body",
        }
        assert set(element.attrib) <= KEPT_NAMES
        assert element.get("href", "https://").startswith("https://")
        assert element.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert not re.search("position|url|expression", element.get("style", ""))
    assert "<" not in view.css
    assert "position" not in view.css


def test_links_open_beside_the_page() -> None:
    """Following one loses nothing of what is being written; one that leads nowhere yet is none."""
    body = mail_view('<a href="https://a.example/">a</a><a href="%unsubscribe_url%">b</a>', by_class=True).body
    assert '<a href="https://a.example/" target="_blank" rel="noopener noreferrer">a</a><a class="inert"' in body


@pytest.mark.parametrize(("dark", "there"), [(True, "all"), (False, "not all")])
def test_dark_mode_can_be_settled_beforehand(dark: bool, there: str) -> None:
    """Where a mail is shown twice, each copy holds one answer, and asks neither the screen nor a frame."""
    document = MAIL.format(title="", words="", number=1)
    css = mail_view(document, dark=dark, by_class=True).css
    assert f"@media {there}{{.page,.card{{" in css
    assert "--mail-scheme" not in css
    assert "@container (max-width:480px){" in css


def test_headings_of_a_mail_follow_those_of_the_page() -> None:
    """The level is told; nothing goes deeper than six."""
    assert 'aria-level="3"' in mail_view("<h1>A</h1>", level=3).body
    assert 'aria-level="4"' in mail_view("<h2>A</h2>", level=3).body
    assert 'aria-level="6"' in mail_view("<h2>A</h2>", level=6).body
