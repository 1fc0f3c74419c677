"""The word vectors are a file that all processes share."""

import subprocess
import sys

_MEASURE = """
import sys
import psutil
from shared.language import similarity

before = psutil.Process().memory_full_info().uss
similarity.embed_words([["word"]], lambda _: 1)
print(psutil.Process().memory_full_info().uss - before, "requests" in sys.modules)
"""


def test_the_vectors_take_no_memory_of_a_process_and_load_without_libraries_for_downloads() -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURE], capture_output=True, text=True, check=True)
    added, downloads = done.stdout.split()
    assert int(added) < 40 * 2**20  # the tokenizer and its library; the vectors are 32 MiB with four bytes a number
    assert downloads == "False"
