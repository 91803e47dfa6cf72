"""Quantities in Spanish, as it is written in the United States: the number words, and the words that make a share, a
rate or a rank of them. Written without accents, as folded texts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from .figure_tokens import Token
from .lexicon import Lexicon, Number, Phrases, number_at, word_at
from .quantity import Doubt

_ONE = {"un": 1, "uno": 1, "una": 1}
_UNITS = _ONE | {w: n for n, w in enumerate("dos tres cuatro cinco seis siete ocho nueve".split(), start=2)}
_TEENS = {
    w: n
    for n, w in enumerate(
        "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve".split(), start=10
    )
}
_TENS = {
    w: 10 * n
    for n, w in enumerate("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), start=2)
}
_TWENTIES = {
    f"{stem}{end}": 20 + n
    for stem in ("veinti", "venti")
    for n, ends in enumerate(
        ("uno un una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"), start=1
    )
    for end in ends.split()
}
_HUNDREDS = {
    f"{stem}{end}": 100 * n
    for n, stem in {
        2: "doscient",
        3: "trescient",
        4: "cuatrocient",
        5: "quinient",
        6: "seiscient",
        7: "setecient",
        8: "ochocient",
        9: "novecient",
    }.items()
    for end in ("os", "as")
}
_SMALL = _UNITS | _TEENS | _TENS | _TWENTIES | {"cero": 0}
_SCALES = {
    word: Fraction(value)
    for word, value in {
        "millon": 10**6,
        "millones": 10**6,
        "mill": 10**6,
        "m": 10**6,
        "k": 10**3,
        "mdd": 10**6,
        "millardo": 10**9,
        "millardos": 10**9,
        "mmd": 10**9,
        "billon": 10**12,
        "billones": 10**12,
        "trillon": 10**18,
        "trillones": 10**18,
    }.items()
}
_UNSURE = frozenset(("billon", "billones", "trillon", "trillones"))
_GLUED = {"k": 10**3, "m": 10**6, "mm": 10**6, "mill": 10**6, "mil": 10**3}
_GROUPS = {
    "docena": 12,
    "docenas": 12,
    "decena": 10,
    "quincena": 15,
    "veintena": 20,
    "treintena": 30,
    "cincuentena": 50,
    "centenar": 100,
    "millar": 1000,
    "par": 2,
    "trio": 3,
    "lustro": 5,
}
_THOUSAND = Fraction(1000)


def _below_thousand(tokens: Sequence[Token], i: int) -> Number | None:
    if token := number_at(tokens, i):
        value, end = token.value, i + 1
        vulgar = number_at(tokens, end)
        if vulgar and vulgar.glued and vulgar.value < 1 and not vulgar.text[0].isdigit():
            value, end = value + vulgar.value, end + 1
        if end < len(tokens) and tokens[end].glued and word_at(tokens, end) in _GLUED:
            scale = Fraction(_GLUED[word_at(tokens, end)])
            return Number(value * scale, end + 1, scale, token.doubts, digits=True)
        return Number(value, end, doubts=token.doubts, digits=True)
    word = word_at(tokens, i)
    if word in ("cien", "ciento") or word in _HUNDREDS:
        hundreds = Fraction(_HUNDREDS.get(word, 100))
        rest = _below_hundred(tokens, i + 1) if word != "cien" else None
        return replace(rest, value=hundreds + rest.value, article=False) if rest else Number(hundreds, i + 1)
    return _below_hundred(tokens, i)


def _below_hundred(tokens: Sequence[Token], i: int) -> Number | None:
    word = word_at(tokens, i)
    if word not in _SMALL:
        return None
    value, end = Fraction(_SMALL[word]), i + 1
    if word in _TENS and word_at(tokens, end) == "y" and (more := _UNITS.get(word_at(tokens, end + 1))):
        value, end = value + more, end + 2
    read = Number(value, end, article=word in _ONE)
    return _with_decimals(tokens, read)


def _with_decimals(tokens: Sequence[Token], read: Number) -> Number:
    """veintisiete coma seis."""
    if word_at(tokens, read.end) not in ("coma", "punto"):
        return read
    digits, at = "", read.end + 1
    while (word := word_at(tokens, at)) in _UNITS or word == "cero":
        digits, at = f"{digits}{_SMALL[word]}", at + 1
    if not digits:
        return read
    return replace(read, value=read.value + Fraction(f"0.{digits}"), end=at, article=False)


def _below_million(tokens: Sequence[Token], i: int) -> Number | None:
    """mil, dos mil, ciento veinte mil, 12 mil."""
    first = None if word_at(tokens, i) == "mil" else _below_thousand(tokens, i)
    at = first.end if first else i
    if word_at(tokens, at) != "mil":
        return first
    thousands = (first.value if first else 1) * _THOUSAND
    read = Number(thousands, at + 1, _THOUSAND, first.doubts if first else ())
    rest = _below_thousand(tokens, at + 1)
    if rest and rest.value < 1000 and not rest.digits and not (rest.article and rest.value == 1):
        read = replace(read, value=thousands + rest.value, end=rest.end)
    return read


def cardinal(tokens: Sequence[Token], i: int) -> Number | None:
    """27 millones 600 mil, medio millón, millón y medio, un cuarto de millón, una docena, mil doscientas."""
    if part := _part_of_scale(tokens, i):
        return part
    word = word_at(tokens, i)
    if word == "millon" and word_at(tokens, i + 1) == "y" and word_at(tokens, i + 2) == "medio":
        return Number(Fraction(1_500_000), i + 3, _SCALES["millon"])
    first = _below_million(tokens, i)
    if first is None:
        return None
    group = _GROUPS.get(word_at(tokens, first.end), 0)
    if group:
        scale = Fraction(group)
        if group == 1000 and word_at(tokens, first.end + 1) == "de" and word_at(tokens, first.end + 2) == "millones":
            return Number(first.value * 10**9, first.end + 3, Fraction(10**9))
        return Number(first.value * group, first.end + 1, scale, first.doubts)
    return _scaled(tokens, first)


def _scaled(tokens: Sequence[Token], first: Number) -> Number:
    word = word_at(tokens, first.end)
    scale = _SCALES.get(word)
    if scale is None or (word in ("m", "k") and not first.digits):
        return first
    doubts = (*first.doubts, Doubt.BILLON) if word in _UNSURE else first.doubts
    value, end = first.value * scale, first.end + 1
    if word in ("mmd", "mdd"):
        return Number(value, end, scale, doubts)
    if word_at(tokens, end) == "y" and word_at(tokens, end + 1) in ("medio", "media"):
        return Number(value + scale / 2, end + 2, scale, doubts)
    at = end + (word_at(tokens, end) == "y")
    rest = _below_million(tokens, at)
    if rest and rest.value < scale and (not rest.digits or rest.scale == _THOUSAND) and not rest.article:
        return Number(value + rest.value, rest.end, scale, doubts)
    return Number(value, end, scale, doubts)


_PARTS = {
    "medio": (Fraction(1, 2), 1),
    "media": (Fraction(1, 2), 1),
    "cuarto": (Fraction(1, 4), 1),
    "cuartos": (Fraction(1, 4), 1),
    "tercio": (Fraction(1, 3), 1),
    "tercios": (Fraction(1, 3), 1),
}


def _part_of_scale(tokens: Sequence[Token], i: int) -> Number | None:
    """medio millón, media docena, un cuarto de millón, tres cuartas partes de un millón."""
    times = Fraction(_UNITS.get(word_at(tokens, i), 1))
    at = i + (word_at(tokens, i) in _UNITS)
    word = word_at(tokens, at)
    if word in ("cuarta", "cuartas") and word_at(tokens, at + 1) in ("parte", "partes"):
        share, at = Fraction(1, 4), at + 2
    elif word in _PARTS:
        share, at = _PARTS[word][0], at + 1
    else:
        return None
    at += word_at(tokens, at) == "de"
    at += word_at(tokens, at) in _ONE
    scale = _SCALES.get(word_at(tokens, at)) or Fraction(_GROUPS.get(word_at(tokens, at), 0))
    return Number(times * share * scale, at + 1, scale) if scale > 3 else None


_ORDINALS = {
    word: n
    for n, words in enumerate(
        (
            "primero primera primer",
            "segundo segunda",
            "tercero tercera tercer",
            "cuarto cuarta",
            "quinto quinta",
            "sexto sexta",
            "septimo septima",
            "octavo octava",
            "noveno novena",
            "decimo decima",
        ),
        start=1,
    )
    for word in words.split()
}
_PARTE = {
    3: "tercera",
    4: "cuarta",
    5: "quinta",
    6: "sexta",
    7: "septima",
    8: "octava",
    9: "novena",
    10: "decima",
    100: "centesima",
    1000: "milesima",
}
_DENOMINATORS = {f"{word} parte": n for n, word in _PARTE.items()} | {
    f"{word}s partes": n for n, word in _PARTE.items()
}
_DENOMINATORS |= {
    "tercio": 3,
    "tercios": 3,
    "cuartos": 4,
    "quinto": 5,
    "quintos": 5,
    "sexto": 6,
    "sextos": 6,
    "septimos": 7,
    "octavo": 8,
    "octavos": 8,
    "decimo": 10,
    "decimos": 10,
    "cuarto": 4,
}
_TIME = {
    "segundo": "second",
    "segundos": "second",
    "minuto": "minute",
    "minutos": "minute",
    "min": "minute",
    "hora": "hour",
    "horas": "hour",
    "dia": "day",
    "dias": "day",
    "noche": "night",
    "noches": "night",
    "semana": "week",
    "semanas": "week",
    "mes": "month",
    "meses": "month",
    "ano": "year",
    "anos": "year",
    "a\u00f1o": "year",
    "a\u00f1os": "year",
    "decada": "decade",
    "decadas": "decade",
    "siglo": "century",
    "siglos": "century",
}
_PER_TIME = {
    f"{per} {word}": unit
    for per in ("por", "cada", "al", "a la", "a cada")
    for word, unit in _TIME.items()
    if not word.endswith("s") or word == "mes"
} | {
    "diarios": "day",
    "diarias": "day",
    "diario": "day",
    "diaria": "day",
    "mensuales": "month",
    "mensual": "month",
    "anuales": "year",
    "anual": "year",
    "semanales": "week",
    "semanal": "week",
    "diariamente": "day",
    "anualmente": "year",
    "al a\u00f1o": "year",
    "cada a\u00f1o": "year",
    "todos los a\u00f1os": "year",
    "todos los dias": "day",
}
_SIZES = (
    "mayor mayores peor peores grande rapido rapida menor principal principales mortal mortifero violento violenta "
    "peligroso peligrosa rentable lucrativo comun comunes frecuente frecuentes alto alta bajo baja afectado afectada"
).split()
_SUPERLATIVES = [
    f"{article} {word}"
    for article in ("el", "la", "los", "las")
    for word in ("mayor", "mayores", "peor", "peores", "principal", "principales")
]
_SUPERLATIVES += [f"mas {word}" for word in _SIZES if word not in ("mayor", "menor", "peor")]
_MORE_SUPERLATIVES = """
    de mas rapido crecimiento | mas que nunca | nunca antes | record | un record | cifra record | de apenas | que
    ningun otro | que cualquier otro | historico | a la cabeza | primera causa | la primera causa | mas rapido
    crecimiento | que mas rapido crece | crece mas rapido | mas grande del mundo | que nunca
"""
_SHARES = """
    la mayoria | la gran mayoria | gran mayoria | la mayor parte | una mayoria | mayoria | casi todas | casi todos |
    casi todo | casi toda | una minoria | la minoria | todos | todas | ninguno de | ninguna de | el grueso de | una
    fraccion de | casi ninguno | casi ninguna | casi nadie | una pequena parte de | una parte de | ni uno solo | ni
    una sola | ni siquiera uno | la inmensa mayoria | buena parte de | gran parte de | la mayoria de | la mayoria de
    las veces | sin un solo
"""
_MAGNITUDES = """
    decenas | docenas | cientos | centenares | miles | millares | decenas de miles | cientos de miles | millones |
    miles de millones | centenares de miles | decenas de millones | cientos de millones | billones | varios millones |
    varios miles | varias decenas | varios cientos | un sinnumero | un sinfin | incontables | innumerables | unos
    cientos | unos miles | muchos miles | una oleada | una avalancha | millares de
"""
_BOUNDS = """
    unos | unas | cerca de | alrededor de | aproximadamente | mas o menos | en torno a | casi | se calcula que | se
    estima que | hasta | mas de | menos de | al menos | por lo menos | como minimo | como maximo | a lo sumo |
    superior a | inferior a | solo | apenas | tan solo | no menos de | no mas de | ~ | < | >
"""
_STOPS = """
    es son era eran fue fueron esta estan estaba estaban ser sido siendo ha han habia hay tiene tienen tenia en por
    para con sin sobre entre desde hasta que quien quienes cuando donde como mientras porque pero si no nunca se lo le
    les nos me te ya tambien aqui hoy ahora dice dicen segun contra durante tras ante a al y o u e vive viven sabe
    saben sufre sufren muere mueren cae caen puede pueden debe deben merece merecen va van cada fueron sufrieron cuyo
    cuya
"""

SPANISH = Lexicon(
    language="es",
    cardinal=cardinal,
    number_words=frozenset((*_SMALL, *_UNITS, *_HUNDREDS, *_PARTS, *"cien ciento mil millon cuarta cuartas".split())),
    scales=frozenset(),  # its articles are numbers
    ordinals=_ORDINALS,
    denominators=Phrases(_DENOMINATORS),
    one=frozenset(("un", "una", "la", "el", "las")),
    whole=frozenset(("buen",)),
    percent=Phrases.of("% | por ciento | por cien | por 100 | porciento | pct | \u066a", "%"),
    points=Phrases.of("puntos porcentuales | punto porcentual", "%"),
    per_mille=Phrases(
        {
            "\u2030": 1000,
            "por mil": 1000,
            "por cada mil": 1000,
            "por millon": 10**6,
            "por cada millon": 10**6,
            "por cada cien": 100,
            "por cada cien mil": 10**5,
            "por cien mil": 10**5,
        }
    ),
    out_of=Phrases.of("de cada | en | entre | de", "de"),
    per_so_many=Phrases.of("por cada | por | por cada uno de", "por"),
    range_words=frozenset(("a", "o", "u")),
    range_starts={
        "entre": frozenset(("y", "e")),
        "de": frozenset(("a",)),
        "del": frozenset(("al",)),
    },
    every=frozenset(("cada",)),
    rates=Phrases.listed("en el tiempo que tarda | en lo que tarda | mientras lee esto"),
    time_units=_TIME,
    per_time=Phrases(_PER_TIME),
    old=Phrases.listed("""
        anos de edad | a\xf1os de edad | anos cumplidos
    """),
    money=Phrases(
        {
            "dolares": Fraction(1),
            "dolar": Fraction(1),
            "usd": Fraction(1),
            "centavos": Fraction(1, 100),
            "pesos": Fraction(1),
            "euros": Fraction(1),
            "dlls": Fraction(1),
            "$": Fraction(1),
            "\u20ac": Fraction(1),
        }
    ),
    units=frozenset(
        """
        km kilometro kilometros metro metros milla millas pie pies pulgada pulgadas libra libras kg kilo kilos
        kilogramos gramos tonelada toneladas hectarea hectareas grado grados ° pagina paginas palabra palabras litros
        """.split()
    ),
    bounds_before=Phrases.listed(_BOUNDS),
    bounds_behind=Phrases.listed("""
        + | o mas | o menos | y pico | como maximo | como minimo | y mas
    """),
    factors=Phrases(
        {
            "el doble": Fraction(2),
            "al doble": Fraction(2),
            "el triple": Fraction(3),
            "el cuadruple": Fraction(4),
            "el quintuple": Fraction(5),
            "se duplico": Fraction(2),
            "se duplicaron": Fraction(2),
            "se triplico": Fraction(3),
            "se triplicaron": Fraction(3),
            "se cuadruplico": Fraction(4),
            "se redujo a la mitad": Fraction(1, 2),
            "se redujeron a la mitad": Fraction(1, 2),
            "se ha duplicado": Fraction(2),
            "se han duplicado": Fraction(2),
            "duplica": Fraction(2),
            "duplican": Fraction(2),
            "triplica": Fraction(3),
            "triplican": Fraction(3),
        }
    ),
    times=frozenset(("veces", "x", "\u00d7")),
    times_more=frozenset("mas mayor menor menos mayores menores superior tanto tantas tantos lo el la".split()),
    fold=frozenset(),
    halves=Phrases(
        {
            "la mitad": Fraction(1, 2),
            "a la mitad": Fraction(1, 2),
            "medio": Fraction(1, 2),
            "mitad y mitad": Fraction(1, 2),
        }
    ),
    shares=Phrases.listed(_SHARES),
    magnitudes=Phrases.listed(_MAGNITUDES),
    superlatives=Phrases.listed(f"{'|'.join(_SUPERLATIVES)}|{_MORE_SUPERLATIVES}"),
    ranks=Phrases.listed("""
        el numero uno | la numero uno | numero uno | numero 1 | n . 1 | num . 1 | # 1 | primer lugar nacional | el
        primer lugar | n 1 | no 1 | n\xba 1 | n . \xba 1 | n \xba 1
    """),
    ranked_by=frozenset(("mas", "mayor", "principal", "peor", "causa")),
    rank_verbs=frozenset("ocupa ocupan puesto lugar".split()),
    averages=Phrases.listed("""
        en promedio | esperanza de vida | promedio | el promedio | un promedio | edad media | la media | la mediana |
        mediana | tipico | tipica | el tipico | la tipica | por termino medio | de media
    """),
    vague=Phrases.listed("""
        muchos | muchas | pocos | pocas | varios | varias | numerosos | numerosas | a menudo | rara vez | a veces | un
        punado | suele | suelen | por lo general
    """),
    aged=Phrases.listed("""
        edad de | edades de | edad | menor de | menores de | mayor de | mayores de
    """),
    of="de",
    weekdays=frozenset("lunes martes miercoles jueves viernes sabado domingo".split()),
    not_shared=frozenset("modos los_dias juntos juntas".split()),
    stops=frozenset(_STOPS.split()),
    joining=frozenset(("y", "e", "o", "u")),
    fillers=frozenset(
        "de del los las el la todos todas estos estas esos esas sus su nuestros nuestras otros otras ellos "
        "ellas".split()
    ),
)
