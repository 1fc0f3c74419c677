"""Loads the dictionary and the word vectors: the first document of a worker process would wait for them."""

from shared.language.similarity import embed
from shared.language.word_classes import is_common


def load_words() -> None:
    """Load both."""
    is_common("word")
    embed(["word"])
