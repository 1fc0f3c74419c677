"""Likeness of texts by static word vectors that are part of an installed package: no download, no network.

Vectors are whole numbers kept in float64. Sums of their products stay below 2**53, so they are exact whatever the
number of threads, the order of summation or the processor: equal texts give equal choices on every machine.
"""

import json
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float64]
Stored = npt.NDArray[np.float16]

_SCALE = 10_000
_LOADING = threading.Lock()
_PACKAGE = "wordllama"
_VECTORS, _TOKENIZER = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
_SIZE_BYTES = 8


@lru_cache(maxsize=1)
def _load_words() -> "tuple[Tokenizer, Stored]":
    """The tokenizer and the vector of each token.

    Only the files of the package are used: its own code copies all vectors, and imports what downloads others.
    """
    from tokenizers import Tokenizer  # on first use: processes without documents to analyse never pay for it

    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"The package {_PACKAGE} is not installed", name=_PACKAGE)
    folder = Path(found.origin).parent
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, _open_vectors(folder / _VECTORS)


def _open_vectors(file: Path) -> Stored:
    """The tensor of a safetensors file. It is mapped: processes share its pages, and hold those alone that they use."""
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(_SIZE_BYTES), "little")
        about = json.loads(opened.read(size))["embedding.weight"]
    start = _SIZE_BYTES + size + about["data_offsets"][0]
    return np.asarray(np.memmap(file, np.dtype("<f2"), "r", start, tuple(about["shape"])))


def _words() -> "tuple[Tokenizer, Stored]":
    with _LOADING:
        return _load_words()


def is_common(word: str) -> bool:
    """Whether it is so common in texts of any kind that the vectors have it whole."""
    return len(_words()[0].encode(word, add_special_tokens=False).ids) == 1


def embed_words(texts: Sequence[Sequence[str]], weigh: Callable[[str], int]) -> Vectors:
    """One row of 256 whole numbers per text, of length about 10,000, whose words count as they weigh; a row of zeros
    for text without words.
    """
    tokenizer, vectors = _words()
    words = [*dict.fromkeys(word for text in texts for word in text)]
    encoded = tokenizer.encode_batch(words, add_special_tokens=False)
    known = {
        word: weigh(word) * vectors[one.ids].sum(axis=0, dtype=np.float64)
        for word, one in zip(words, encoded, strict=True)
        if one.ids
    }
    rows = np.zeros((len(texts), vectors.shape[1]), dtype=np.float64)
    for row, text in zip(rows, texts, strict=True):
        for word in text:
            row += known.get(word, 0.0)
    return _whole(rows)


def likeness(left: Vectors, right: Vectors) -> Vectors:
    """Cosines of all rows of `left` with all rows of `right`, -1..1."""
    products: Vectors = left @ np.atleast_2d(right).T
    return products / float(_SCALE * _SCALE)


def _whole(rows: Vectors) -> Vectors:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1.0
    whole: Vectors = np.rint(rows / lengths * _SCALE)
    return whole
