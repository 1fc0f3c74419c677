"""The guard of solutions: whether what the tutor says so far tells the solution, in whatever writing. Pure.

It rather withholds too much: a sentence that is withheld costs a hint, and one that is let through costs the question.
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from urllib.parse import unquote

from services.tutor.numbers import as_digits
from shared.course.vocabulary import STOP_WORDS
from shared.course.wording import stem_content_words

_LOOKALIKES = str.maketrans("авсеіјкмнорѕтухԁոαβεικνορτυχοѵ013457@$!|", "abceijkmhopstuxdnabeikvoptuxovoieastasil")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
_MORSE = dict(zip(_CODES.split(), _LETTERS, strict=True))
_KEYS = "qwertyuiop[] asdfghjkl;' zxcvbnm,./"
_SPELLING = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo "
    "sierra tango uniform victor whiskey xray yankee zulu"
)
_SPELT = {word: word[0] for word in _SPELLING.split()} | {"alpha": "a", "juliet": "j", "whisky": "w"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_FOREIGN_ORDINALS = (
    r"erste\w*|premi[eè]re?|primer[oa]?|prim[oa]", r"zweite\w*|deuxi\w+|segund[oa]|second[oa]",
    r"dritte\w*|troisi\w+|tercer[oa]?|terz[oa]", r"vierte\w*|quatri\w+|cuart[oa]|quart[oa]",
)  # fmt: skip
_CHOICE = r"(?:option|answer|choice|choose|pick|select|letter|number|tick|is|one)"
_SHORTEST = 4
"""Letters of a solution that is looked for inside of words; a shorter one is looked for as a word."""
_WITH_DIGITS = re.compile(r"\w*\d\w*")
_LETTER = re.compile(r"(?<=[^.!?:\s] )A(?![\w'’])|(?<![\w'’])[B-Z](?![\w'’+#])")
"""A capital letter that stands alone, and is no article."""
_SET_OFF = re.compile(
    r"[\"'`*_(“‘«]\s*([^\W_]{1,3})\s*(?=[\"'`*_)”’»])|\b([^\W_]{1,3})\b(?=\s*(?:[^\w\s(\"'`]|$))"
    r"|\b(?:answer|word|keyword|operator|option|letter|choose|pick|use|write|type|is)\W+(?:is\W+)?([^\W_]{1,3})\b"
)
"""A short word in quotation or emphasis, at the end of a clause, or after a word that announces it."""
_SHARE = 0.6
_PIECE = 3
_STEPS = 26
_LATIN_ENDS = 0x180
_NEAR, _SHORTEST_NEAR = 0.8, 6
"""How like a word of how many letters is to a solution that it stands for."""
_NUMBERS, _LONG_NUMBER, _CODE = 6, 6, 8
"""So many numbers, or a number or a mixed word of so many characters, are a code where nothing else has them."""
_SAID_BEFORE = 1_000
"""Characters of what was said before that are decoded together with what is said."""


@dataclass(frozen=True)
class Solution:
    """`texts` are the solution in words, its right options and accepted texts; `options` are all options in order, and
    `right` the places of the right ones; `given` is what the question itself says, `near` what the passages say, and
    `before` what the tutor said in earlier answers. What the learner says counts for nothing: it may name every answer
    that is possible.
    """

    texts: Sequence[str]
    options: Sequence[str] = ()
    right: Collection[int] = ()
    given: str = ""
    near: str = ""
    before: str = ""
    language: str = "en"

    def is_told_by(self, *said: str) -> bool:
        """Whether the last of these sentences tells it, alone or with the others, or with what was said before them."""
        whole = "\n".join(said)
        if self._is_coded(whole) or self._is_in(said[-1]) or (len(said) > 1 and self._is_in(whole)):
            return True
        return bool(self.before) and not self._was_told and self._is_in_pieces(whole)

    @cached_property
    def _was_told(self) -> bool:
        return self._is_heard(self._before) or self._is_in(self.before[-_SAID_BEFORE:])

    @cached_property
    def _before(self) -> "_Heard":
        return self._plain(self.before)

    def _is_in_pieces(self, whole: str) -> bool:
        return self._is_heard(self._before + self._plain(whole)) or self._is_in(
            f"{self.before[-_SAID_BEFORE:]}\n{whole}"
        )

    def _plain(self, said: str) -> "_Heard":
        """What is heard of a text, undecoded."""
        forms = (said, as_digits(said))
        return _Heard(
            [_tokens(form) for form in forms],
            [frozenset(stem_content_words(form, self.language)) for form in forms],
            self._named(said),
        )

    def _is_heard(self, heard: "_Heard") -> bool:
        return (
            any(map(self._tells, heard.tokens)) or any(map(self._shares, heard.words))
            or self._points(heard.named) or self._leaves(heard.words)
        )  # fmt: skip

    def _is_in(self, said: str) -> bool:
        return (
            self._letters_options(said)
            or self._points(self._named(said))
            or self._is_nearly(said)
            or self._leaves([frozenset(stem_content_words(said, self.language))])
            or any(
                self._tells(_tokens(form))
                or self._shares(frozenset(stem_content_words(form, self.language)))
                or self._sets_off(form, said)
                for form in _forms(said)
            )
        )

    @cached_property
    def _around(self) -> str:
        return "\n".join([self.given, self.near, *self.options])

    @cached_property
    def _letters(self) -> frozenset[str]:
        """The kinds of letters in which the course is written."""
        return frozenset(_kind(one) for one in self._around if not one.isascii()) - {"LATIN"}

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(_WITH_DIGITS.findall(as_digits(self._around)))

    def _is_coded(self, said: str) -> bool:
        """Whether it has letters or signs that the course has not, many numbers, a number where one is sought, or what
        nobody reads as a word.
        """
        if any(_is_foreign(one, self._letters) for one in unicodedata.normalize("NFC", said) if not one.isascii()):
            return True
        numbers = [one for one in _WITH_DIGITS.findall(as_digits(said)) if one not in self._numbers]
        is_number = any(len(text.split()) <= 3 and _WITH_DIGITS.search(as_digits(text)) for text in self.texts)
        if is_number and any(not one.isdecimal() or int(one) > 3 for one in numbers):
            return True
        return len(numbers) >= _NUMBERS or any(
            len(one) >= _LONG_NUMBER if one.isdecimal() else len(re.findall(r"\d+", one)) > 1 and len(one) >= _CODE
            for one in numbers
        )

    def _is_nearly(self, said: str) -> bool:
        """Whether a word of it is the solution with letters that are wrong, missing, doubled or between."""
        given = squeezed(self.given)
        wanted = [one for one in self._wanted if len(one) >= _SHORTEST_NEAR]
        return any(_is_near(word, one) for word in _tokens(said) if word not in given for one in wanted)

    @cached_property
    def _wanted(self) -> frozenset[str]:
        """The solution as it is looked for, with numbers in words and in digits."""
        given = squeezed(self.given)
        forms = {squeezed(form) for text in self.texts for form in (text, as_digits(text))} - self._common
        return frozenset(one for one in forms if one and (len(one) < _SHORTEST or one not in given))

    @cached_property
    def _common(self) -> frozenset[str]:
        """Those that stand in nearly each sentence: words such as `in`, which count where they are set off, and single
        letters and digits, which stand in nearly each text that is decoded.
        """
        return frozenset(one for one in map(squeezed, self.texts) if len(one) == 1 or one in STOP_WORDS)

    def _sets_off(self, form: str, said: str) -> bool:
        if not self._common:
            return False
        set_off = {squeezed(word) for found in _SET_OFF.findall(form.casefold()) for word in found}
        if form in {said, as_digits(said)}:
            return not self._common.isdisjoint(set_off.union(_tokens(form)) - (STOP_WORDS - set_off))
        return any(len(one) > 1 and one in set_off for one in self._common)

    def _tells(self, tokens: Sequence[str]) -> bool:
        plain = "".join(tokens)
        return any(
            one in tokens if len(one) < _SHORTEST
            else one in plain or (len(one) >= 2 * _SHORTEST and _in_pieces(one, tokens))
            for one in self._wanted
        )  # fmt: skip

    @cached_property
    def _own(self) -> Sequence[frozenset[str]]:
        """The words that each text of the solution has and the question does not."""
        given = frozenset(stem_content_words(self.given, self.language))
        return [frozenset(stem_content_words(text, self.language)) - given for text in self.texts]

    def _shares(self, heard: frozenset[str]) -> bool:
        """Whether most words that only the solution has are said; of code its names are words too."""
        return any(own and len(own & heard) >= max(1, _SHARE * len(own)) for own in self._own)

    def _named(self, said: str) -> frozenset[int]:
        """The options that are named by letter, number or place."""
        return frozenset(place for place in range(len(self.options)) if _names(said, place, len(self.options)))

    def _points(self, named: frozenset[int]) -> bool:
        """Whether an option that is right, or all that are wrong, are named."""
        if not self.options:
            return False
        wrong = set(range(len(self.options))) - set(self.right)
        return bool(named & set(self.right)) or (bool(wrong) and named >= wrong)

    def _letters_options(self, said: str) -> bool:
        """Whether the letter of any option stands alone: who names a wrong one may mean the next."""
        letters = {chr(ord("A") + place) for place in range(len(self.options))}
        return not letters.isdisjoint(set(_LETTER.findall(said)) - set(_LETTER.findall(self._around)))

    @cached_property
    def _wrong(self) -> Sequence[frozenset[str]]:
        """The words that each wrong option has and neither the question nor another option does."""
        words = [frozenset(stem_content_words(one, self.language)) for one in (*self.options, self.given)]
        own = [one.difference(*words[:place], *words[place + 1 :]) for place, one in enumerate(words[:-1])]
        return [one for place, one in enumerate(own) if place not in self.right and one]

    def _leaves(self, heard: Sequence[frozenset[str]]) -> bool:
        """Whether all options that are wrong are named by words of their own."""
        return len(self._wrong) > 0 and any(all(own & words for own in self._wrong) for words in heard)


@dataclass(frozen=True)
class _Heard:
    """The words of a text as they stand and with numbers as digits, their stems, and the options that it names."""

    tokens: Sequence[Sequence[str]]
    words: Sequence[frozenset[str]]
    named: frozenset[int]

    def __add__(self, after: "_Heard") -> "_Heard":
        return _Heard(
            [(*own, *more) for own, more in zip(self.tokens, after.tokens, strict=True)],
            [own | more for own, more in zip(self.words, after.words, strict=True)],
            self.named | after.named,
        )


def _kind(one: str) -> str:
    return unicodedata.name(one, "").partition(" ")[0]


def _is_foreign(one: str, letters: Collection[str]) -> bool:
    """Whether a character belongs to no script of the course: it is neither Latin nor a letter of the course."""
    if unicodedata.category(one)[0] in "PZ" or unicodedata.category(one) in {"Sm", "Sc"}:
        return False
    kind = _kind(one)
    return ord(one) >= _LATIN_ENDS if kind == "LATIN" and one.isalpha() else kind not in letters


def _is_near(word: str, wanted: str) -> bool:
    if len(word) < _SHORTEST_NEAR or len(word) > 2 * len(wanted) + 1:
        return False
    is_short = word[0] == wanted[0] and len(word) >= _SHARE * len(wanted) and _runs_through(word, wanted)
    return is_short or _runs_through(wanted, word) or SequenceMatcher(None, word, wanted).ratio() >= _NEAR


def _runs_through(letters: str, word: str) -> bool:
    """Whether the letters stand in the word in their order."""
    rest = iter(word)
    return all(one in rest for one in letters)


def _tokens(said: str) -> Sequence[str]:
    return [one for one in map(squeezed, said.split()) if one]


@lru_cache(maxsize=16384)
def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case, without accents, marks that nobody sees, and letters that look alike."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in folded.translate(_LOOKALIKES) if one.isalnum())


def _in_pieces(wanted: str, tokens: Sequence[str]) -> bool:
    """Whether it stands in words of at least three letters, one after the other, with others between."""
    reached = {0}
    for token in tokens:
        if len(token) >= _PIECE or (token and len(wanted) - max(reached) == len(token)):
            reached |= {at + len(token) for at in reached if wanted.startswith(token, at)}
    return len(wanted) in reached


def _names(said: str, place: int, count: int) -> bool:
    letter, ordinal = chr(ord("a") + place), _ORDINALS[place] if place < len(_ORDINALS) else "-"
    ways = [
        rf"\b{_CHOICE}\b\W+(?:\w+\W+){{0,2}}?[\"'“(*`]*{letter}\b[\"'”)*`]*(?!\w|')",
        rf"(?:^|\W)\(?{letter}\)(?=\W|$)",
        rf"\b(?:{ordinal}|{place + 1}(?:st|nd|rd|th))\b",
        rf"\b{_CHOICE}\b\W+(?:number\W+|no\.?\W+|#)?{place + 1}\b",
    ]
    ways += [rf"\b(?:{_FOREIGN_ORDINALS[place]})\b"] if place < len(_FOREIGN_ORDINALS) else []
    ways += [rf"\b{'i' * (place + 1)}\b"] if 0 < place < 3 else []
    names = (0, "former"), ((count - 1) / 2, "middle"), (count - 2, "penultimate"), (count - 1, "last|latter")
    ways += [rf"\b(?:{name})\b" for at, name in names if at == place]
    text = as_digits(unicodedata.normalize("NFKC", said).casefold(), ordinals=False)
    return any(re.search(way, form) for way in ways for form in (text, said.casefold()))


def _forms(said: str) -> Iterator[str]:
    """What is said, and what somebody reads in it who decodes it."""
    yield said
    yield as_digits(said)
    yield said.replace("1", "l")
    yield " ".join(
        piece for token in re.findall(r"[A-Za-z0-9+/=]{4,}", said) for piece in _read(base64.b64decode, token, 1)
    )
    yield said[::-1]
    yield " ".join(word[::-1] for word in said.split())
    yield html.unescape(unquote(said))
    yield _unspelt(said)
    for picked in _picked(said):
        yield picked
        yield picked[::-1]
    for step in range(1, _STEPS):
        yield _turned(said, step)
    yield _mirrored(said)
    yield said.casefold().translate(str.maketrans(_KEYS[1:], _KEYS[:-1]))
    yield said.casefold().translate(str.maketrans(_KEYS[:-1], _KEYS[1:]))
    for decoded in _decoded(said):
        yield decoded
        yield decoded[::-1]
        yield codecs.encode(decoded, "rot13")
        yield from _decoded(decoded)


def _turned(text: str, step: int) -> str:
    """Each letter so many places further."""
    return "".join(
        chr((ord(one) - base + step) % 26 + base) if (base := _base(one)) else one for one in text
    )  # fmt: skip


def _mirrored(text: str) -> str:
    """Letters counted from the other end, `a` for `z`."""
    return "".join(chr(2 * base + 25 - ord(one)) if (base := _base(one)) else one for one in text)


def _base(one: str) -> int:
    return ord("a") if "a" <= one <= "z" else ord("A") if "A" <= one <= "Z" else 0


def _unspelt(text: str) -> str:
    """Letters that are spelt: `sierra`, `S as in Sam`, `s-e-t`."""
    text = re.sub(r"\b([a-zA-Z])\s+(?:as\s+in|like|for)\s+\w+", r"\1", text)
    return " ".join(_SPELT.get(word.strip(".,;:-").casefold(), word) for word in text.split())


def _picked(text: str) -> Iterator[str]:
    """The first and the last letters of words, of lines and of sentences; letters in capitals; what stands in quotation
    or emphasis; letters that are spelt among words.
    """
    for parts in (text.split(), text.splitlines(), re.split(r"(?<=[.!?])\s+", text)):
        letters = [squeezed(part) for part in parts]
        yield "".join(one[:1] for one in letters)
        yield "".join(one[-1:] for one in letters)
    yield "".join(one for one in text if one.isupper())
    yield "".join(re.findall(r"[\"“'`*_«]+([^\"”'`*_»]{1,60})[\"”'`*_»]+", text))
    yield "".join(re.findall(r"(?<![^\W_])[a-zA-Z0-9](?![^\W_])", text))
    yield "".join(text.split()[::2])


def _decoded(text: str) -> Iterator[str]:
    """Bytes written as base64, base32, ascii85, hexadecimal, octal, decimal and binary numbers, Morse code, escapes."""
    for token in re.findall(r"[A-Za-z0-9+/=_-]{4,}", text):
        yield from _read(base64.b64decode, token.translate(str.maketrans("-_", "+/")) + "=" * (-len(token) % 4))
        yield from _read(base64.b32decode, token.upper().rstrip("=") + "=" * (-len(token.rstrip("=")) % 8))
    yield from _read(base64.b64decode, (joined := re.sub(r"[^A-Za-z0-9+/]", "", text)) + "=" * (-len(joined) % 4))
    for token in re.findall(r"\S{5,}", text):
        yield from _read(base64.a85decode, token)
        yield from _read(base64.b85decode, token)
    bare = re.sub(r"(?:\\x|0x|%|\\u00|&#x|;|[\s,:-])", "", text)
    for run in (*re.findall(r"[0-9A-Fa-f]{4,}", bare), *re.findall(r"[0-9A-Fa-f]{4,}", text)):
        yield from _read(binascii.unhexlify, run[: len(run) // 2 * 2])
    yield "".join(_characters(re.findall(r"(?<!\d)\d{2,3}(?!\d)", text), 10))
    yield "".join(_characters(re.findall(r"(?<!\d)[0-7]{2,3}(?!\d)", text), 8))
    bits = "".join(re.findall(r"[01]{4,}", text))
    yield "".join(_characters(re.findall(r"[01]{8}", bits), 2))
    yield "".join(_characters(re.findall(r"[01]{7}", bits), 2))
    places = [int(one) for one in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)]
    yield "".join(chr(96 + one) for one in places if 1 <= one <= 26)
    morse = text.replace("·", ".").replace("•", ".").replace("–", "-").replace("−", "-").replace("_", "-")
    yield "".join(_MORSE.get(one, "") for one in re.findall(r"[.-]+", morse))
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _characters(numbers: Iterable[str], base: int) -> Iterator[str]:
    values = (int(one, base) for one in numbers)
    return (chr(one) for one in values if 32 <= one < 127)


def _read(decode: Callable[[str], bytes], token: str, shortest: int = 2) -> Iterator[str]:
    try:
        data = decode(token)
    except (ValueError, binascii.Error):
        return
    text = data.decode("utf-8", errors="ignore")
    if len(text) >= shortest and sum(one.isprintable() for one in text) >= 0.8 * len(text):
        yield text
