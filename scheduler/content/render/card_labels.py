"""The few words of the program's own that stand on a picture or beside one, in the language of its campaign."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: By the first part of a language tag. A campaign in another language has these words in English, unless its own
#: templates in templates/cards/ say them.
_LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "day": "Day {number} of {days}",
        "action": "One thing to do",
        "fact": "A fact, with its source",
        "help": "Where to find help",
        "myth_corrected": "A correction",
        "quotation": "Word for word",
        "rest": "A day of rest",
        "then_now": "Then and now",
        "then": "Then",
        "now": "Now",
        "source": "Source",
        "said": " said:",
        "help_line": "Help",
        "danger": "In danger",
        "emergency": "In danger now",
        "call": "Call",
        "text": "Text",
        "or_text": "text",
        "picture": "Picture",
    },
    "es": {
        "day": "Día {number} de {days}",
        "action": "Algo que puede hacer",
        "fact": "Un dato, con su fuente",
        "help": "Dónde encontrar ayuda",
        "myth_corrected": "Una corrección",
        "quotation": "Palabra por palabra",
        "rest": "Un día de descanso",
        "then_now": "Antes y ahora",
        "then": "Antes",
        "now": "Ahora",
        "source": "Fuente",
        "said": " decía:",
        "help_line": "Ayuda",
        "danger": "Peligro",
        "emergency": "En peligro ahora",
        "call": "Llame al",
        "text": "Envíe un mensaje de texto al",
        "or_text": "texto",
        "picture": "Imagen",
    },
}


#: What a record says of a line's hours, for "24/7" to stand on a card. Whatever else it says, the card says nothing.
_AT_ANY_HOUR = re.compile(
    "24/7|24 hours a day, (every day|(7|seven) days a week)|(a )?las 24 horas( del día)?, (todos los días|los 7 días)",
    re.IGNORECASE,
)


def is_at_any_hour(hours: str) -> bool:
    """Whether a help line's record says that somebody answers at every hour of every day."""
    return _AT_ANY_HOUR.fullmatch(hours) is not None


def labels_of(language: str, number: int, days: int) -> dict[str, str]:
    """By name, for the given day of so many."""
    labels = _LABELS.get(language.partition("-")[0].casefold(), _LABELS["en"])
    return {**labels, "day": labels["day"].format(number=number, days=days)}
