"""Which branches and tags somebody may have meant who named one that is not there. Pure."""

import difflib
import re
from collections.abc import Sequence

_BEFORE_NUMBER = re.compile(r"^(?:[a-z]+[-_/.])*v?(?=\d)")
_NEAR = 0.8
_MOST = 3


def near_refs(wanted: str, names: Sequence[str]) -> list[str]:
    """At most three names, best first: the same but for case and for what stands before a version's number (`v`,
    `release-`), then versions that begin so, the last one first, then names that are spelled nearly so.
    """
    bare = {name: _bare(name) for name in names}
    looked_for = _bare(wanted)
    same = [name for name in names if bare[name] == looked_for]
    longer = [name for name in reversed(names) if bare[name].startswith(f"{looked_for}.")]
    close = difflib.get_close_matches(wanted.lower(), [name.lower() for name in names], n=_MOST, cutoff=_NEAR)
    spelled = [name for one in close for name in names if name.lower() == one]
    return list(dict.fromkeys((*same, *longer, *spelled)))[:_MOST]


def _bare(name: str) -> str:
    return _BEFORE_NUMBER.sub("", name.lower())
