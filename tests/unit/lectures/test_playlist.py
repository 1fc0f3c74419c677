"""Playlists of HLS: which pieces are taken, and what is refused."""

import pytest

from services.lectures.playlist import MAX_PIECES, MAX_PLAYLIST_BYTES, Playlist, PlaylistRefused, read_playlist

URL = "https://cdn.example.org/week-1/master.m3u8?quality=low"
MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1.4d,mp4a.40.2"
high/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=300000
low/index.m3u8
"""
SOUND = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en, spoken",URI="/sound/index.m3u8"\n'
WHOLE = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\na.ts\n#EXTINF:6.0,\nhttps://other.example.org/b.ts\n#EXT-X-ENDLIST\n"


def test_the_version_for_ears_is_taken_else_the_smallest() -> None:
    assert read_playlist(MASTER.encode(), URL) == "https://cdn.example.org/week-1/low/index.m3u8"
    assert read_playlist((MASTER + SOUND).encode(), URL) == "https://cdn.example.org/sound/index.m3u8"


def test_pieces_are_addresses_and_what_they_share_comes_first() -> None:
    pieces = ("https://cdn.example.org/week-1/a.ts", "https://other.example.org/b.ts")
    assert read_playlist(WHOLE.encode(), URL) == Playlist(pieces)
    begun = WHOLE.replace("#EXTINF", '#EXT-X-MAP:URI="init.mp4"\n#EXTINF')
    assert read_playlist(begun.encode(), URL) == Playlist(("https://cdn.example.org/week-1/init.mp4", *pieces))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html>", "not a playlist"),
        ("", "not a playlist"),
        (WHOLE.replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF', 1), "encrypted"),
        (MASTER + '#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://k"\n', "encrypted"),
        (WHOLE.replace("#EXT-X-ENDLIST", ""), "live"),
        (WHOLE.replace("#EXTINF", "#EXT-X-BYTERANGE:9@0\n#EXTINF", 1), "ranges"),
        (WHOLE.replace("a.ts", 'a.ts\n#EXT-X-MAP:URI="1"\n#EXT-X-MAP:URI="2"'), "begins anew"),
        ("#EXTM3U\n#EXT-X-ENDLIST", "0 pieces"),
        ("#EXTM3U\n#EXT-X-STREAM-INF:" + "A" * MAX_PLAYLIST_BYTES, "a line of more than"),
        ("#EXTM3U\n" + f"#EXT-X-STREAM-INF:{'A' * 16_000}\n" * 250, "live"),
        ("#EXTM3U\n" + "a\n" * (MAX_PIECES + 1) + "#EXT-X-ENDLIST", "20,001 pieces"),
        ('#EXTM3U\n#EXT-X-MAP:URI="1"\n#EXT-X-ENDLIST', "0 pieces"),
        ("#EXTM3U\n#EXT-X-MAP:\na\n#EXT-X-ENDLIST", "begins anew"),
    ],
)
def test_what_cannot_be_joined_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PlaylistRefused, match=reason):
        read_playlist(text.encode(), URL)


def test_the_beginning_is_not_one_of_the_pieces_that_are_counted() -> None:
    most = '#EXTM3U\n#EXT-X-MAP:URI="begin"\n' + "a\n" * MAX_PIECES + "#EXT-X-ENDLIST"
    found = read_playlist(most.encode(), URL)
    assert isinstance(found, Playlist)
    assert len(found.pieces) == MAX_PIECES + 1


def test_a_stream_that_says_that_it_has_no_key_is_taken() -> None:
    assert isinstance(
        read_playlist(WHOLE.replace("#EXTINF", "#EXT-X-KEY:METHOD=NONE\n#EXTINF", 1).encode(), URL), Playlist
    )
