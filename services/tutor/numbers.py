"""Numbers in words, of five languages and in Roman figures, as digits. Pure."""

import re
from functools import lru_cache

_UNITS = {
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen": range(20),
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn": range(20),
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf": range(20),
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve": range(20),
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove": range(20),
}  # fmt: skip
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
)
_AND = ("", "-", " ", "und", " und ", "-et-", " et ", " y ", " and ")
_ROMAN = re.compile(r"\b(?=[MDCLXVI]{2,}\b|[VXLCDM]\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_VALUES = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


def _words() -> dict[str, int]:
    units = [dict(zip(text.split(), values, strict=True)) for text, values in _UNITS.items()]
    found = {word: value for one in units for word, value in one.items() if word not in {"un", "once", "six", "sei"}}
    found |= {"six": 6, "hundred": 100, "hundert": 100, "cent": 100, "thousand": 1000, "dozen": 12}
    for text, own in zip(_TENS, units, strict=True):
        for place, word in enumerate(text.split(), start=2):
            found[word] = 10 * place
            for unit, value in own.items():
                if 1 <= value <= 9:
                    short = "ein" if unit == "eins" else unit
                    found |= {f"{word}{joint}{unit}": 10 * place + value for joint in _AND if joint or place}
                    found |= {f"{short}{joint}{word}": 10 * place + value for joint in ("und", " und ")}
    return found


_NUMBERS = _words()
_FINDER = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))})\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def as_digits(text: str, *, ordinals: bool = True) -> str:
    """The text with numbers in words as digits; with `ordinals` Roman figures too."""
    found = _FINDER.sub(lambda one: str(_NUMBERS[one[0].lower()]), text)
    return _ROMAN.sub(_roman, found) if ordinals else found


def _roman(found: re.Match[str]) -> str:
    values = [_VALUES[one] for one in found[0]]
    if not values:
        return ""
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-one if one < after else one for one, after in pairs))
