import pytest

from shared.docs.citations import split_lines
from shared.docs.encoding import MAX_BYTES, decode, text_lines
from shared.docs.reader import read_document
from shared.kernel.errors import UnreadableText

GERMAN = "Größere Dateien müssen vorher zerlegt werden.\nÜbrige Zeilen bleiben natürlich, wie sie sind.\n" * 3


def test_utf8_keeps_its_text_and_loses_its_byte_order_mark() -> None:
    assert decode("é\n".encode()) == ("é\n", "utf-8")
    assert decode(b"\xef\xbb\xbf# T\n") == ("# T\n", "utf-8")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_by_their_mark(codec: str) -> None:
    text, name = decode("\ufeff# Tür\nzwei\n".encode(codec))
    assert text.startswith("# Tür\n")
    assert name == codec[:6]


def test_western_bytes_are_not_taken_for_a_rare_code_page() -> None:
    text, name = decode(GERMAN.encode("cp1252"))
    assert text == GERMAN
    assert name != "utf-8"


def test_japanese_bytes_are_recognised() -> None:
    japanese = "これは日本語の文書です。設定ファイルを編集してください。\n" * 5
    assert decode(japanese.encode("shift_jis"))[0] == japanese


@pytest.mark.parametrize(
    "raw", ["a\0b".encode("utf-16"), b"PNG\0\0\x01", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40 + b"\xff\xfe"]
)
def test_binary_content_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableText) as refused:
        decode(raw)
    assert refused.value.code == "not_text"


def test_a_file_too_large_to_be_documentation_is_refused() -> None:
    with pytest.raises(UnreadableText) as refused:
        decode(b"a" * (MAX_BYTES + 1))
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "raw",
    [
        b"a\r\nb\r\n",
        b"a\rb\nc",
        b"a\x0cb\n\x0bc\n\n",
        "a\u2028b\u0085c\nd".encode(),
        "\ufeffa\nb\n".encode("utf-16-le"),
        b"\xef\xbb\xbfa\nb",
        "grün\nüber".encode("cp1252"),
        b"",
        b"\n\n",
    ],
)
def test_lines_of_the_text_are_the_lines_citations_count(raw: bytes) -> None:
    lines = text_lines(decode(raw)[0])
    cited = split_lines(raw)
    assert len(lines) == len(cited)
    assert len(read_document("a.md", raw, {}).raw_lines) == len(cited)


def test_a_file_with_an_unknown_name_is_no_documentation() -> None:
    with pytest.raises(UnreadableText) as refused:
        read_document("setup.py", b"x", {})
    assert refused.value.code == "unknown_format"


def test_lists_hundreds_deep_are_refused() -> None:
    deep = "\n+\n1. ++" * 600
    with pytest.raises(UnreadableText, match="hundreds deep"):
        read_document("a.adoc", f"= Widget\n{deep}".encode(), {})


def test_a_guessed_encoding_is_said_among_the_problems() -> None:
    document = read_document("a.md", GERMAN.encode("cp1252"), {})
    assert document.problems[0].startswith("read as ")


def test_the_codes_of_a_terminal_are_no_text() -> None:
    assert text_lines("\x1b[90m|\x1b[39m  \x1b[1mWhere?\x1b[0m\n") == ["|  Where?"]
