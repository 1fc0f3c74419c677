"""Which sentences of a document a lesson takes: those that teach, hold together, and stand in their lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.docs.model import Block, Sentence
from shared.engine.offline.lesson import Said
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.writer_evidence import Evidence, Span
from shared.engine.offline.writer_noise import is_mostly_link, is_noise
from shared.engine.offline.writer_support import is_supported
from shared.engine.offline.writer_text import LinkTarget, end_sentence, is_broken, leads_on, opens_by_itself, tidy


@dataclass
class SentenceReader:
    """Takes sentences of one document in order.

    `said` holds the normal forms of what was taken, over the whole module; `gap` is set while the sentence before has
    been left out, so that one which points back to it goes too.
    """

    path: str
    evidence: Evidence
    target: LinkTarget
    code_words: frozenset[str]
    said: set[str]
    gap: bool = field(default=True, init=False)

    def keep(self, sentences: Iterable[Sentence], *, before_code: bool = False) -> tuple[Said, ...]:
        """The fit ones; a repeated announcement of code goes, for the code speaks for itself the second time."""
        kept: list[Said] = []
        every = tuple(sentences)
        for sentence in every:
            said = self._take(sentence, announces=before_code and sentence is every[-1])
            if said is not None and before_code and leads_on(said.text) and normal_form(said.text) in self.said:
                continue
            if said is None or (self.gap and not opens_by_itself(said.text)):
                self.gap = True
                continue
            self.said.add(normal_form(said.text))
            self.gap = False
            kept.append(said)
        return tuple(kept)

    def _take(self, sentence: Sentence, *, announces: bool = False) -> Said | None:
        text = tidy(sentence.text, self.target)
        if announces and end_sentence(text) == f"{text}.":
            text += ":"  # an open end before code means the code
        span = Span(self.path, sentence.start_line, sentence.end_line)
        if leads_on(text):
            unfit = len(text.split()) < 2 or is_mostly_link(sentence.text)
        else:
            unfit = is_noise(sentence.text) or normal_form(text) in self.said
        text = text if leads_on(text) else end_sentence(text)
        return None if unfit or not self.stands(text, span) else Said(text, span)

    def stands(self, text: str, span: Span) -> bool:
        """Whether a text is whole and its lines say it."""
        return not is_broken(text) and self.evidence.holds(span) and is_supported(text, self.evidence.text(span))


def begins_late(block: Block) -> bool:
    """Whether the block's first words did not become a sentence: what is left may speak of them."""
    return bool(block.sentences) and block.sentences[0].start_line > block.start_line
