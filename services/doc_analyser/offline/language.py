"""The language of prose as a BCP 47 tag, by script and by the commonest words. Pure and small on purpose."""

import re
from collections import Counter
from collections.abc import Mapping

from shared.language.terms import word_set

_COMMON: Mapping[str, frozenset[str]] = {
    "en": word_set("the of and to in is that for it with as you this on are be by or from can not have"),
    "de": word_set("der die und das ist nicht ein eine zu den mit für auf von sie werden im dem wird sich"),
    "fr": word_set("le la les des et est une un que pour dans vous avec sur pas qui par du ce sont"),
    "es": word_set("el la los las de que y en un una es para con por se del no puede como más"),
    "pt": word_set("o a os as de que e em um uma é para com não por se do da você mais"),
    "it": word_set("il la di che e un una è per con non sono del della si le gli questo come più"),
    "nl": word_set("de het een en van is dat op te voor met niet zijn aan deze je worden als ook door"),
    "pl": word_set("i w na z do nie że się jest to jak dla od przez są może oraz lub tym być"),
    "tr": word_set("ve bir bu için ile olarak de da daha olan veya gibi çok kadar sonra her ne değil"),
    "ru": word_set("и в на не что с по для как это из к от или если при но так же мы"),
    "hu": word_set("a az és hogy nem egy van ha is de mint vagy meg csak lehet ezt ez minden mert akkor"),
    "id": word_set(
        "yang dan di ini untuk dengan dari adalah tidak dalam pada ke akan atau dapat bisa anda jika oleh karena"
    ),
    "cs": word_set("a v na je se že to pro z do jako s nebo není jsou který které pokud tak může"),
    "sv": word_set("och att det som en på är för av med till den inte ett om kan du från eller när"),
    "uk": word_set("і в на не що з до для як це та від або якщо при але ви ми є цей"),
}

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("vi", re.compile(r"[ăđơư\u1ea0-\u1ef9]", re.IGNORECASE)),
)
_PERSIAN = re.compile("[پچژگ]")  # letters that Arabic does not have

_SAMPLE_CHARACTERS = 20_000
_MIN_SCRIPT_SHARE = 0.1
_MIN_COMMON_SHARE = 0.08


def detect_language(text: str) -> str:
    """The tag of the language most of `text` is written in; "en" when there is too little to tell."""
    sample = text[:_SAMPLE_CHARACTERS]
    letters = sum(character.isalpha() for character in sample)
    for tag, pattern in () if sample.isascii() else _SCRIPTS:
        if letters and len(pattern.findall(sample)) / letters >= _MIN_SCRIPT_SHARE:
            return "fa" if tag == "ar" and _PERSIAN.search(sample) else tag
    words = re.findall(r"[^\W\d_]{2,}", sample.lower())  # a letter alone may name a type
    if len(words) < 12:
        return "en"
    counts = Counter(words)
    shares = {tag: sum(counts[word] for word in common) / len(words) for tag, common in _COMMON.items()}
    # Ties and near-nothing go to English: identifiers and product names are in no language's common words.
    best = max(shares, key=lambda tag: (shares[tag], tag == "en", tag))
    return best if shares[best] >= _MIN_COMMON_SHARE else "en"
