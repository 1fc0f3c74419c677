"""A model that tells the solution in many writings: no writing of it gets through."""

import base64
import codecs
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from services.tutor import guard
from services.tutor.answering import HINT, Answering, let_through, solution_of
from services.tutor.guard import Solution
from services.tutor.prompts import ChatAnswer, SaidByModel
from shared.classroom.tutored import CitedPassage, Said, TutorQuestion
from shared.course.wording import stem_content_words
from shared.engine.model.opened import open_client
from shared.engine.types import Usage
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.settings import EngineSettings
from tests.support.model_server import ModelServer

WORD = "setdefault"
GREETING = "Which method did you try so far?"
NATO = "Sierra Echo Tango Delta Echo Foxtrot Alfa Uniform Lima Tango"
MORSE = "... . - -.. . ..-. .- ..- .-.. -"
NAMES = ("Sam", "Eve", "Tom", "Dan", "Eva", "Fay", "Ann", "Una", "Lea", "Tim")
ATBASH = "hvgwvuzfog"


def turned(text: str, step: int) -> str:
    return "".join(chr((ord(one) - 97 + step) % 26 + 97) for one in text)


def encoded(data: str) -> str:
    return base64.b64encode(data.encode()).decode()


WORD_IN_MANY_WAYS: dict[str, list[str]] = {
    "verbatim": ["It is setdefault."],
    "capitals": ["It is SETDEFAULT."],
    "code": ["Try `d.setdefault(key, [])` here."],
    "two sentences": ["The first half is set.", "The other half is default."],
    "many sentences": ["It begins with set.", "Then comes def.", "It ends with ault."],
    "spaced": ["It is s e t d e f a u l t."],
    "dashes": ["It is s-e-t-d-e-f-a-u-l-t."],
    "dots": ["It is s.e.t.d.e.f.a.u.l.t indeed."],
    "commas": ["The letters are s, e, t, d, e, f, a, u, l, t."],
    "slashes": ["set/default is what you look for."],
    "zero width": ["It is " + "\u200b".join(WORD) + "."],
    "soft hyphens": ["It is " + "\u00ad".join(WORD) + "."],
    "cyrillic": ["It is ѕеtdеfаult."],
    "full width": ["It is " + "".join(chr(ord(one) + 0xFEE0) for one in WORD) + "."],
    "accents": ["It is sétdéfàült."],
    "leet": ["It is s3td3f4u1t."],
    "mathematical": ["It is " + "".join(chr(0x1D41A + ord(one) - 97) for one in WORD) + "."],
    "reversed": ["Read tluafedtes from the end."],
    "reversed sentence": [".tluafedtes si rewsna ehT"],
    "base64": [f"Decode {encoded(WORD)} yourself."],
    "base64 of a sentence": [f"Decode {encoded('the answer is setdefault')} yourself."],
    "base64 in pieces": ["Join these: c2V0 ZGVm YXVs dA=="],
    "base64 twice": [f"Decode {encoded(encoded(WORD))} twice."],
    "base64 reversed": [f"Decode {encoded(WORD[::-1])} and read it from the end."],
    "base64 of rot13": [f"Decode {encoded(codecs.encode(WORD, 'rot13'))} and turn it."],
    "base32": [f"Decode {base64.b32encode(WORD.encode()).decode()} yourself."],
    "ascii85": [f"Decode {base64.a85encode(WORD.encode()).decode()} yourself."],
    "hex": [f"Decode {WORD.encode().hex()} yourself."],
    "hex with blanks": ["Decode " + WORD.encode().hex(" ") + " yourself."],
    "hex with 0x": ["Decode " + " ".join(f"0x{ord(one):x}" for one in WORD) + "."],
    "escapes": ["Print '" + "".join(f"\\x{ord(one):x}" for one in WORD) + "'."],
    "unicode escapes": ["Print '" + "".join(f"\\u{ord(one):04x}" for one in WORD) + "'."],
    "decimal": ["The codes are " + " ".join(str(ord(one)) for one in WORD) + "."],
    "octal": ["The codes are " + " ".join(f"{ord(one):o}" for one in WORD) + "."],
    "binary": ["The bits are " + " ".join(f"{ord(one):08b}" for one in WORD) + "."],
    "rot13": [f"Turn {codecs.encode(WORD, 'rot13')} by thirteen."],
    "caesar 3": [f"Turn {turned(WORD, 3)} back by three."],
    "caesar 19": [f"Turn {turned(WORD, 19)} back."],
    "atbash": [f"Mirror {ATBASH} in the alphabet."],
    "morse": [f"Listen: {MORSE}"],
    "spelling alphabet": [f"{NATO}."],
    "as in": [" ".join(f"{name[0]} as in {name}," for name in NAMES)],
    "places in the alphabet": ["Count letters: " + "-".join(str(ord(one) - 96) for one in WORD) + "."],
    "first letters": ["Some Eager Turtles Dance Every Friday And Usually Laugh Together."],
    "first letters of lines": ["See\neach\nthing\ndone\nevery\nfine\nand\nuseful\nlong\ntrip"],
    "first letters of sentences": ["Sit.", "Eat.", "Think.", "Do.", "End.", "Find.", "Ask.", "Use.", "Let.", "Try."],
    "last letters": ["has the gift red tree chef era menu well that"],
    "capitals inside": ["aS wE musT Do thE waF thAt yoU caLl iT"],
    "addresses": ["See %73%65%74%64%65%66%61%75%6c%74 there."],
    "entities": ["See " + "".join(f"&#{ord(one)};" for one in WORD) + " there."],
    "quoted pieces": ["Put 'set' before 'default' and you have it."],
    "emphasis": ["Note **set** and then *default* in this."],
    "other script by sound": ["Is it сетдефаулт?"],
    "katakana": ["Is it セットデフォルト?"],
    "braille": ["Is it ⠎⠑⠞⠙⠑⠋⠁⠥⠇⠞?"],
    "flags": ["Is it " + "".join(chr(0x1F1E6 + ord(one) - 97) for one in WORD) + "?"],
    "small capitals": ["Is it ꜱᴇᴛᴅᴇꜰᴀᴜʟᴛ?"],
    "upside down": ["Is it ʇʅnɐɟǝpʇǝs?"],
    "tags that nobody sees": ["Is it clear?" + "".join(chr(0xE0000 + ord(one)) for one in WORD)],
    "compressed": [f"Do you know {base64.b64encode(zlib.compress(WORD.encode())).decode()}?"],
    "a slip": ["Is the method setdefualt?"],
    "pig latin": ["Is the method etdefaultsay?"],
    "doubled letters": ["Is the method sseettddeeffaauulltt?"],
    "letters between": ["Is the method sxextxdxexfxaxuxlxtx?"],
    "without vowels": ["Is the method s*td*f**lt?"],
    "one key to the right": ["Is the method dryfrgsi;y?"],
    "keys of a phone": ["Which method of a dict is 7383332858?"],
    "tap code": ["Which method is 43 15 44 14 15 21 11 45 31 44?"],
    "places in words": ["Which are nineteen, five, twenty, four, five, six, one, twenty-one, twelve, twenty?"],
    "places in a text": ["What is `abcdefghijklmnopqrstuvwxyz` at 18, 4, 19, 3, 4, 5, 0, 20, 11, 19?"],
    "a riddle": ["Does its name join a verb for placing things with a noun for preselected ones?"],
}  # fmt: skip
WORD_QUESTION = TutorQuestion(
    org_id="o", person_id="p", conversation_id="c", message_id="m",
    message="Just tell me. Is it get, setdefault or pop?",
    asked="Which method of a dict stores a value where the key is missing?", solution=(WORD,),
    passages=(CitedPassage(place="dicts", text="A dict has methods that look a key up and store a value."),),
)  # fmt: skip

NUMBER_QUESTION = WORD_QUESTION.model_copy(update={"asked": "How many connections may be open?", "solution": ("42",)})
NUMBER_IN_MANY_WAYS = {
    "digits": ["It is 42."],
    "words": ["It is forty-two."],
    "german": ["Es sind zweiundvierzig."],
    "french": ["Il y en a quarante-deux."],
    "spanish": ["Son cuarenta y dos."],
    "italian": ["Sono quarantadue."],
    "roman": ["It is XLII."],
    "hexadecimal": ["May connections be open 0x2A times?"],
    "a sum": ["May more connections be open than 41, by one?"],
    "other digits": ["Is it ٤٢?"],
    "chinese": ["Is it 四十二?"],
    "russian": ["Is it сорок два?"],
}
CHOICE_QUESTION = WORD_QUESTION.model_copy(
    update={
        "asked": "What does the pool do with a connection?", "options": ("It is closed", "It is kept", "It is copied"),
        "right": (1,), "solution": ("It is kept",),
    }
)  # fmt: skip
CHOICE_IN_MANY_WAYS = {
    "letter": ["The answer is B."],
    "letter in brackets": ["Have a look at (b) again."],
    "number": ["Take option 2."],
    "ordinal": ["I like the second one."],
    "text": ["It is kept."],
    "all but it": ["Neither option A nor option C is right."],
    "the wrong ones one by one": ["Forget option A.", "Forget option C."],
    "between two": ["What does the pool do between A and C?"],
    "after another one": ["What is the letter after A?"],
    "the middle": ["What about the middle one?"],
    "german ordinal": ["Was ist mit der zweiten Antwort?"],
    "roman figure": ["What about II?"],
    "squared letter": ["What about 🅱?"],
    "keycap": ["What about 2️⃣?"],
    "words of the wrong ones": ["Is a connection neither closed nor copied?"],
}  # fmt: skip
SENTENCE_QUESTION = WORD_QUESTION.model_copy(
    update={
        "asked": "Why is a client faster than plain calls?",
        "solution": ("A client reuses the underlying connection instead of opening a new one for every request",),
    }
)
SENTENCE_IN_MANY_WAYS = {
    "other words": ["The underlying connection is reused, and no new one opened for each request."],
    "german": ["Weil der Client die bestehende Verbindung wiederverwendet."],
    "french": ["Le client ne garde-t-il pas la connexion, sans en ouvrir une autre?"],
    "synonyms": ["Could one socket be kept alive and shared?"],
    "in two sentences": [
        "It reuses something that is underlying.",
        "That is the connection, not opening one per request.",
    ],
}
TRANSLATED = [SENTENCE_IN_MANY_WAYS[one] for one in ("german", "french", "synonyms")] + [WORD_IN_MANY_WAYS["a riddle"]]
"""Their words are those of no passage."""
CASES = [
    pytest.param(question, said, id=f"{name}: {way}")
    for name, question, ways in (
        ("word", WORD_QUESTION, WORD_IN_MANY_WAYS),
        ("number", NUMBER_QUESTION, NUMBER_IN_MANY_WAYS),
        ("choice", CHOICE_QUESTION, CHOICE_IN_MANY_WAYS),
        ("sentence", SENTENCE_QUESTION, SENTENCE_IN_MANY_WAYS),
    )
    for way, said in ways.items()
]


def tutor(server: ModelServer, spent: list[Usage]) -> Answering:
    settings = EngineSettings(
        blob_store_url="memory:", anthropic_api_key=SecretStr("k"), anthropic_base_url=server.url
    )  # fmt: skip
    client = open_client(settings, Blobs(open_backend("memory:"), "people"), "anthropic", "", "o", "p", "m")
    return Answering(client, client, spent.append)


def says(server: ModelServer, *sentences: str, **more: Any) -> None:
    given = [{"text": one, "passages": []} for one in sentences]
    server.make = lambda _schema, _text: {"sentences": given, **more}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    with ModelServer(tmp_path_factory.mktemp("model") / "ledger").running() as running:
        yield running


@pytest.mark.parametrize(("question", "told"), CASES)
def test_no_way_to_tell_the_solution_is_let_through(question: TutorQuestion, told: list[str]) -> None:
    said = ChatAnswer(sentences=[SaidByModel(text=one) for one in (GREETING, *told)])
    kept, _ = let_through(question, solution_of(question), said)
    assert kept[0].text == GREETING
    solution = solution_of(question)
    assert solution is not None
    told_so_far = (told[: number + 1] for number in range(len(told)))
    assert told in TRANSLATED or any(solution.is_told_by(GREETING, *one) for one in told_so_far)
    assert not {one.strip() for one in told} <= {one.text for one in kept}


async def test_a_model_that_tells_the_solution_is_asked_once_more_and_not_believed(server: ModelServer) -> None:
    """Some of the ways, through the client and a server of the protocol."""
    for way in ("verbatim", "code", "base64", "rot13", "first letters", "as in"):
        calls, spent, told = server.calls, list[Usage](), WORD_IN_MANY_WAYS[way]
        says(server, GREETING, *told)
        reply = await tutor(server, spent).answer(WORD_QUESTION)
        heard = [one.text for one in reply.sentences]
        assert heard[0] == GREETING
        assert not {one.strip() for one in told} <= set(heard)
        assert server.calls - calls == len(spent)
        assert (len(spent), heard[-1] == HINT) == ((2, True) if reply.withheld else (1, False))


@pytest.mark.parametrize(
    "sentence",
    [
        GREETING,
        "What does the passage say about a key that is missing?",
        "Think of what a dict does when it looks up a key.",
        "You wrote that you tried get: what did it give you?",
        "Read the part on dicts again.",
        "Is there one call that does both?",
        "In the first place, what is asked for?",
    ],
)
def test_what_tells_nothing_is_let_through(sentence: str) -> None:
    assert not Solution(texts=(WORD,), given=WORD_QUESTION.asked).is_told_by(sentence)


def test_a_long_answer_is_cut_and_what_was_said_before_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece is held against all before it: without bounds the time grows with the square of an answer."""
    history = [Said(role="assistant", content="What do you think of it then? " * 1_000)] * 4
    asked = WORD_QUESTION.model_copy(update={"history": tuple(history)})
    read: list[int] = []

    def stems(text: str, language: str) -> list[str]:
        read.append(len(text))
        return stem_content_words(text, language)

    monkeypatch.setattr(guard, "stem_content_words", stems)
    for text, most in (("Why? " * 180, 20), (f"{'What then, ' * 80}?", 5)):
        kept, _ = let_through(asked, solution_of(asked), ChatAnswer(sentences=[SaidByModel(text=text)] * 20))
        assert 0 < len(kept) <= most
        assert sum(len(one.text) for one in kept) <= 4_000
    assert 0 < max(read) <= 16_000
    assert len([one for one in read if one > 10_000]) == 4, "a text and its digits for each of the two answers"


def test_what_was_told_in_pieces_over_several_answers_is_withheld() -> None:
    solution = Solution(texts=(WORD,), before="It begins with set.")
    assert solution.is_told_by("It ends with default.")
    assert not Solution(texts=(WORD,), before=f"{WORD}!").is_told_by("What else could you try?")
    for before, said in {
        "Is it c2V0ZGVm?": "Or is it YXVsdA==?",
        "Is it 7365746465?": "Is it 6661756c74?",
        "Is it tluafed?": "Is it tes?",
        "\n".join(f"The letter {one}?" for one in WORD[:-1]): "The letter t?",
        "Some Eager Turtles Dance Every Friday And Usually": "Laugh Together?",
    }.items():
        assert Solution(texts=(WORD,), before=before).is_told_by(said)


SOCRATIC = (
    "What does the passage say about a key that is missing?",
    "What should happen the second time you look up the same key?",
    "Is there one call that does both, looking up and storing?",
    "You say get: what does it return where the key is missing?",
    "Which two things does the question ask of the method?",
    "Can you give an example with a small dict?",
    "What would you have to write if you used an if statement?",
)


def test_a_question_in_words_of_the_course_and_the_learner_is_let_through() -> None:
    said = ChatAnswer(sentences=[SaidByModel(text=one) for one in SOCRATIC])
    kept, withheld = let_through(WORD_QUESTION, solution_of(WORD_QUESTION), said)
    assert ([one.text for one in kept], withheld) == ([*SOCRATIC], 0)


def test_a_question_in_other_words_than_those_of_the_course_is_not_said() -> None:
    asked = WORD_QUESTION.model_copy(update={"asked": "", "solution": ()})
    said = ChatAnswer(sentences=[SaidByModel(text="Isn't Paris the capital of France, and Rome of Italy?")])
    assert let_through(asked, solution_of(asked), said) == ([], 0)


@pytest.mark.parametrize(
    "said", ["Use `in` here.", "The word is in.", "Try *in*", "aW4=", "It begins with i, then n.", "in"]
)
def test_a_common_word_that_is_set_off_is_told(said: str) -> None:
    assert Solution(["in"], given="Which operator?").is_told_by(said)


@pytest.mark.parametrize("said", ["Look in the passage again.", "What do you find in a set of numbers?", GREETING])
@pytest.mark.parametrize("solution", ["in", "a"])
def test_a_common_word_of_a_sentence_is_not_the_solution(said: str, solution: str) -> None:
    assert not Solution([solution], given="Which operator?").is_told_by(said)


@pytest.mark.parametrize("said", ["It is option a.", "a) it is", "The answer is “a”.", "A."])
def test_the_letter_of_a_solution_is_told_where_it_is_named(said: str) -> None:
    assert Solution(["a"], options=["a", "b"], right=[0], given="Which one?").is_told_by(said)
