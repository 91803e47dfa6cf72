"""What is written in digits and is no quantity: dates, clock times, telephone numbers, addresses, laws, pages, names.

Each is tight, because a false figure that looked like one of them would never be read. In folded text, but for
:data:`_IN_CAPITALS`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_MES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
_WEEKDAY = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_TH = "(?:st|nd|rd|th)"
_SEP = r"[ .\u2010-\u2013-]"
_SCALED = r"(?! ?(?:%|percent|per cent|por|million|billion|thousand|mil|mill|millones|people|of all|de cada)\b| ?%)"
#: Behind a help line of three digits, where no noun may follow.
_GOES_ON = (
    r"(?= ?(?:[^\w %,.]|[,.](?!\d)|$)"
    r"| (?:is|or|and|if|for|to|in|when|first|right|now|at|y|o|si|para|can|will|by|on|also|por|with|since|desde)\b)"
)
_NOT_COUNTED = (
    r"(?! (?:[a-z]+ )?(?:percent|people|persons|victims|survivors|children|girls|boys|women"
    r"|men|kids|minors|adults|cases"
    r"|calls|deaths|families|personas|victimas|ninas|ninos|mujeres|hombres|casos|llamadas|muertes|menores|familias"
    r"|million|billion|mil|millones)\b)"
)
_HOUR, _LINE = r"(?:1?\d|2[0-4])", "(?:911|988|711|211|311|411|511|811)"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight"
_PAST = "five|ten|fifteen|twenty|twenty-five|thirty|forty|forty-five|fifty"
_LETTERED = r"(?:\([a-z0-9]{1,3}\))*"
_LAWS = (
    r"sections?|sec\.|title|chapter|articles?|proclamation|resolution|pub\. ?l\.|public law|p\.l\.|stat\."
    r"|fed\. reg\.|u\.s\.c\.|c\.f\.r\.|h\.r\.|hb|sb|s\.|h\.b\.|s\.b\.|art\.|articulo|titulo|capitulo"
    r"|ley publica|ley|decreto|seccion"
    r"|directive|convention|convenio|enmienda|amendment"
)
_PLACES = (
    r"pp?\.|pages?|paginas?|pag\.|verse|lines?|figure|fig\.|table|tabla|grade|psalms?|rooms?|suite|ste\.|box|apt\."
    r"|apartment|floor|unit|slide|exhibit|appendix|question|lesson|unidad|leccion|pregunta|ward|district|precinct|route"
    r"|highway|interstate|exit|gate|platform|channel|episode|volume|vol\.|issue|edition|version|windows|apollo|size"
    r"|talla|type|step|paso|phase|fase|part|parte|module|modulo|lista"
)
_KINGS = (
    "siglo|capitulo|tomo|louis|henry|elizabeth|charles|francis|benedict|paul|pablo|john|juan|pius|pio|leo|leon|george"
    "|richard|edward|felipe|carlos|alfonso|war|bowl|chapter|part|title|titulo|type|phase|schedule|appendix|act|article"
    "|articulo|volume|mundial|rocky|class"
)
_PATTERNS = {
    "addresses of the net": (
        r"[a-z][a-z0-9+.-]{1,20}://\S+|(?:tel|sms|mailto):\S+|\bwww\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    ),
    "what is filled in later": r"%\w+%|\{\{.{0,200}?\}\}",
    "dates in digits": (
        r"(?<![\w.,-])(?:(?:19|20)\d\d-\d\d(?:-\d\d)?|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d))(?![\w/-])"
        r"|(?<![\w/.,])\d{1,2}/\d{1,2}(?![\w/%])(?= ?(?:[^\w ]|$)| (?:at|on|from|to|and|a|en|y|through|is|will|we)\b)"
    ),
    "dates": (
        rf"\b(?:{_MONTH})\.? \d{{1,2}}{_TH}?(?:(?: ?[-\u2013] ?| to | and | or )\d{{1,2}}{_TH}?)?"
        rf"(?:,? {_YEAR})?(?![\w%]|,?\d)"
        rf"|\b\d{{1,2}}{_TH}? (?:of )?(?:{_MONTH})\b\.?(?:,? {_YEAR}\b)?|\b(?:{_MONTH}),? {_YEAR}\b"
        rf"|\b\d{{1,2}}(?:\.?[\u00ba\u00b0])? de (?:{_MES})\b(?: del? {_YEAR}\b)?|\b(?:{_MES}) del? {_YEAR}\b"
        rf"|\b(?:{_WEEKDAY})(?:,? the)? \d{{1,2}}{_TH}?(?![\w%]|[.,:]\d){_SCALED}"
    ),
    "decades": (
        r"(?<!\w)'\d0s\b|\b(?:1[5-9]|20)?\d0s\b"
        r"|\ba(?:n|\u00f1)os (?:veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)\b"
    ),
    "years": rf"(?<![\w$.,\u20ac\u00a3'])'?{_YEAR}(?: ?[/\u2013-] ?(?:{_YEAR}|\d\d))?(?!\w|[.,']\d|/\d|% ?)",
    "clock times": (
        rf"\b{_HOUR}[:.h][0-5]\d(?::[0-5]\d)?(?: ?[ap]\.? ?m\b\.?| ?hrs?\b| ?h\b)?(?![\d%]){_SCALED}"
        rf"|\b{_HOUR} ?(?:[ap]\.? ?m\b\.?|o'clock\b)|\ba las? {_HOUR}[:.h][0-5]\d|\b{_HOUR} ?h\b|\bla una de la\b"
        rf"|\ba las? (?:{_HOUR}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once"
        rf"|doce)(?= ?(?:[^\w ]|$)| de la)"
        r"|\b24 ?/ ?7(?: ?/ ?365)?\b|\b9/11\b"
        rf"|\b(?:{_PAST}) (?:minutes )?past (?:{_HOURS})\b"
        rf"|\b(?:at|around|until) (?:{_PAST}) (?:to|after|till) (?:{_HOURS})\b{_NOT_COUNTED}"
        rf"|\b(?:at|around|until) (?:{_HOURS})[ -](?:{_PAST}|o'clock)\b{_NOT_COUNTED}"
    ),
    "telephone numbers": (
        rf"(?<![\w.,/@])\+\d{{1,3}}{_SEP}?(?:\(\d{{1,4}}\)|\d{{1,4}})(?:{_SEP}?\d{{2,4}}){{1,4}}(?![\w@])"
        rf"|(?<![\w.,/@])(?:1{_SEP})?(?:\(\d{{3}}\) ?|\d{{3}}{_SEP})\d{{3}}{_SEP}\d{{4}}(?![\w@])"
        r"|(?<![\w.,/@])1-\d{3}-[\da-z]{2,4}-?[\da-z]{3,7}(?![\w@])"
        r"|\b(?:call|dial|phone|text|tty|relay|llame|marque|lifeline|linea)(?: or text| o envie un mensaje| al)?:? "
        rf"{_LINE}\b(?![,.' ]?\d|%){_NOT_COUNTED}|\b(?:911|988|711|211)\b{_GOES_ON}"
    ),
    "short codes": (
        r"\b(?:text|texting|sms|reply|texto|mensaje|envie|responda)(?: [\w\"']{1,14}){0,6}? (?:to|al"
        r"|at)(?: \w{1,12} ?\()? \d{5,6}\b\)?"
        r"|\b(?:text|texto|sms)(?: line| code)?:? \d{5,6}(?= ?(?:[^\w ]|$)| (?:for|to|if|or|and|para|si|o|y)\b)"
        r"|(?<=befree \()\d{6}|\b\d{5,6}(?= \(befree\))"
    ),
    "laws": (
        rf"\u00a7+ ?[\d.]{{1,8}}{_LETTERED}"
        rf"|\b(?:{_LAWS}) (?:n[.o\u00ba\u00b0]{{1,2}} ?)?\d[\d.,-]{{0,7}}(?<=\d)(?![.,]?\d){_LETTERED}"
        r"|\b\d{1,3} (?:u\. ?s\. ?c\b\.?|stat\.|c\. ?f\. ?r\b\.?|fed\. reg\.|fr\b|u\. ?s\.|f\.[23]d)"
        r"(?: (?:\u00a7+ ?|section )?\d[\d,.-]{0,7})?|\b501 ?\(?c\)? ?\(?\d{1,2}\)?"
        r"|\b\d{1,2}\.?(?:[\u00aa\u00ba]|[ao])?(?= enmienda)"
    ),
    "pages, rooms, steps": (
        rf"\b(?:{_PLACES})[ -]\d{{1,4}}(?:[.:]\d{{1,3}})?(?:(?:[-\u2013]| to | a | and | y )\d{{1,3}})?"
        rf"(?![\w%]|,\d){_SCALED}"
        rf"|\b(?:day|dia|week|semana|email|letter|note|post|message|correo|nota)[ -]\d{{1,2}}(?: (?:of"
        rf"|de) \d{{1,2}})?(?![\w%]|,\d){_SCALED}"
        r"|(?<=, [a-z]{2} )\d{5}(?:-\d{4})?\b"
    ),
    "names": rf"#[^\W\d_]{{2,40}}{_YEAR}\b"
    r"|\b(?:ipv\d|utf-\d{1,2}|mp\d|a4|[2345]g|covid-\d\d|h1n1|sha-?\d{3})\b",
    "numbers of kings and centuries": rf"\b(?:{_KINGS}) [ivxlc]{{1,6}}\b",
}
#: The kinds of which some are written in words, or in signs.
WITHOUT_DIGITS = (
    "addresses of the net",
    "what is filled in later",
    "decades",
    "clock times",
    "laws",
    "numbers of kings and centuries",
)
_NAMES = tuple(_PATTERNS)
#: All but addresses, the first kind, begin with a digit, with a sign or where a word does.
_MAY_BEGIN = r"(?! )(?:(?<!\w)|(?![^\W\d_]))"


def mask_of(kinds: Container[str]) -> re.Pattern[str]:
    """One pattern for all of these kinds."""
    address, *others = (f"(?P<n{n}>{_PATTERNS[kind]})" for n, kind in enumerate(_NAMES) if kind in kinds)
    return re.compile(f"{address}|{_MAY_BEGIN}(?:{'|'.join(others)})")


_MASK, _MASK_WITHOUT_DIGITS = mask_of(_NAMES), mask_of(WITHOUT_DIGITS)
_DIGIT = re.compile(r"\d")
#: Streets: what stands before them begins with a capital letter, in the text as it is written.
_IN_CAPITALS = re.compile(
    r"\b\d{1,6}(?:-\d{1,5})? (?:[NSEW]\.? )?(?:[A-Z0-9][\w'.]{0,20} ){1,3}"
    r"(?:Street|St\b\.?|Avenue|Ave\b\.?|Road|Rd\b\.?|Boulevard|Blvd\b\.?|Drive|Dr\b\.?|Lane|Court"
    r"|Parkway|Highway|Plaza|Way|Place|Terrace|Circle|Square|Trail|Alley|Pike|Loop)"
)

_BEFORE_A_YEAR = re.compile(
    r"(?:^|[(\u2014\u2013:;,]|\b(?:in|since|by|from|until|till|through|of|for|and|or|en|desde|de|del"
    r"|hasta|para|ano|a\u00f1o|year"
    r"|report|survey|study|estimates|index|atlas|census|informe|encuesta"
    r"|early|late|mid|before|after|between|during|around|circa|fy|the|season|spring|summer|fall|winter|entre|y|o|a|to)"
    r"[ -]?)\s*$"
)
_BEHIND_A_YEAR = re.compile(
    r" ?(?:[^\w ]|$)|'s\b| (?:and|to|or|in|on|at|was|is|were|has|had|the|it|this|that|when|with|by|through|as|for|but"
    r"|report|estimates?|edition|census|proclamation|study|survey|law|figures?|data|election|season|campaign|act|fact"
    r"|y|o|a|en|fue|es|el|la|los|las|se|con|por)\b"
)
#: Before what would be a year it makes a count of it.
_COUNTS = re.compile(r"\b(?:than|over|about|nearly|almost|least|roughly|some|only|just|to|de|unos|unas|casi|hasta) $")
_COUNTED = re.compile(
    r" (?:(?:[a-z]+ )?(?:percent|people|persons|victims|survivors|children|girls|boys|women|men|kids"
    r"|minors|adults|cases"
    r"|calls|deaths|families|dollars|personas|victimas|ninas|ninos|mujeres|hombres|casos|llamadas|muertes|menores"
    r"|familias|euros|pesos|dolares|million|billion|mill|millones|mil)\b|%)"
)


def no_quantities_in(text: str, folded: str) -> list[tuple[int, int]]:
    """Where in a text no quantity is to be read, in order. ``folded`` has the same length."""
    if not (_DIGIT.search(text) or _DIGIT.search(folded)):  # as most texts
        return list(_masked(folded, _MASK_WITHOUT_DIGITS))
    spans = [found.span() for found in _IN_CAPITALS.finditer(text)]
    return sorted((*spans, *_masked(folded, _MASK)))


def _masked(folded: str, mask: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for found in mask.finditer(folded):
        kind = _NAMES[int((found.lastgroup or "n0")[1:])]
        if kind != "years" or _is_year(folded, *found.span()):
            yield found.span()


def _is_year(folded: str, start: int, end: int) -> bool:
    if _COUNTED.match(folded, end):
        return False
    if _COUNTS.search(folded, max(0, start - 12), start) and not folded[:start].endswith(("from", " de ", "to ")):
        return False
    before, behind = _BEFORE_A_YEAR.search(folded, max(0, start - 12), start), _BEHIND_A_YEAR.match(folded, end)
    return bool(before or behind)
