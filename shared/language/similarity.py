"""Likeness of texts by static word vectors that are part of an installed package: no download, no network.

Vectors are whole numbers kept in float64. Sums of their products stay below 2**53, so they are exact whatever the
number of threads, the order of summation or the processor: equal texts give equal choices on every machine.
"""

import logging
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from wordllama.inference import WordLlamaInference

Vectors = npt.NDArray[np.float64]

_SCALE = 10_000
_MAX_CHARACTERS = 2_000
_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def _load_model() -> "WordLlamaInference":
    # Imported on first use: it costs a second and 60 MB that processes without documents to analyse never pay. Its
    # import configures the root logger, which is not a library's business, so that is undone.
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama

    root.handlers[:] = handlers
    root.setLevel(level)
    # Its plain offline load looks for the tokenizer in a folder the wheel does not have.
    folder = Path(str(wordllama.__file__)).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def _model() -> "WordLlamaInference":
    with _LOADING:
        return _load_model()


def embed(texts: Sequence[str]) -> Vectors:
    """One row of 256 whole numbers per text, of length about 10,000; a row of zeros for text without words."""
    model = _model()
    dimensions = int(model.embedding.shape[1])
    rows = np.zeros((len(texts), dimensions), dtype=np.float64)
    encoded = model.tokenizer.encode_batch([text[:_MAX_CHARACTERS] for text in texts], add_special_tokens=False)
    for index, encoding in enumerate(encoded):
        ids = [token for token, real in zip(encoding.ids, encoding.attention_mask, strict=True) if real]
        if ids:
            rows[index] = model.embedding[ids].sum(axis=0, dtype=np.float64)
    return _whole(rows)


def centroid(vectors: Vectors) -> Vectors:
    """The direction of many vectors together, as one vector of the same kind."""
    whole: Vectors = _whole(vectors.sum(axis=0, keepdims=True))[0]
    return whole


def likeness(left: Vectors, right: Vectors) -> Vectors:
    """Cosines of all rows of `left` with all rows of `right`, -1..1."""
    products: Vectors = left @ np.atleast_2d(right).T
    return products / float(_SCALE * _SCALE)


def _whole(rows: Vectors) -> Vectors:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1.0
    whole: Vectors = np.rint(rows / lengths * _SCALE)
    return whole
