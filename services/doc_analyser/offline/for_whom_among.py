"""Users' or makers' document: the signs of each with those that only the whole repository gives. Pure."""

from collections import Counter
from collections.abc import Sequence

from services.doc_analyser.offline.for_whom import (
    APART,
    ASKS,
    BESIDE_CODE,
    BUILDS,
    HOLDS,
    IN_DOCS,
    NAMES,
    PACKAGE,
    STRONG,
    WEAK,
    WORK,
)
from shared.docs.navigation import Navigation
from shared.engine.reading_order import is_corner, is_front
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis, MakersSign

_ENOUGH, _LEAST_LISTED, _ROOT_SHARE, _COMMON = 2, 5, 0.9, 0.3


def judge_all(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> tuple[DocumentAnalysis, ...]:
    """Every analysis with its class and the reason."""
    listed = {entry.path for entry in navigation.entries if entry.path is not None}
    whole = not is_corner([one.path for one in analyses], navigation)
    # A page that leads into its own folder says nothing of whether the guide does.
    links = ((one.path, path.rstrip("/")) for one in analyses for path in one.links)
    linked = {path for page, path in links if path.partition("/")[0] != page.partition("/")[0]}
    root = _root_of([one.path for one in analyses if one.path in listed]) if whole else None
    is_site = any(sign.reason == HOLDS for one in analyses if is_front_page(one.path) for sign in one.makers_signs)
    if is_site and root is None:
        root = _root_of([one.path for one in analyses for _ in one.sections])
    # What a text asks is no sign in a project whose users are asked the same, such as one about contributing.
    asking = sum(any(sign.reason.endswith(ASKS) for sign in one.makers_signs) for one in analyses)
    common = (ASKS,) if asking > max(_LEAST_LISTED, _COMMON * len(analyses)) else ()
    theirs = _find_folders(analyses)
    words_apart = sum(one.word_count for one in analyses if _is_apart(one))
    has_front = any(is_front_page(one.path) and "/" not in one.path for one in analyses)  # else a package's may be it
    are_besides = has_front and 2 * words_apart < sum(one.word_count for one in analyses)
    judged = []
    for one in analyses:
        is_placed = not is_front(navigation.origin) and one.path in listed
        is_led = not linked.isdisjoint({one.path, one.path.rpartition("/")[0]})
        in_root = root is not None and one.path.startswith(root)  # which is called `src` where sites are built from it
        no_signs = (*common, *((PACKAGE,) if is_led else ()), *((BESIDE_CODE,) if in_root else ()))
        own = [sign for sign in one.makers_signs if not sign.reason.endswith(no_signs)]
        # Contents that list a document weaken what its folder says: makers' own pages stand in contents as well.
        signs = [one.model_copy(update={"weight": one.weight - (is_placed and one.of_place)}) for one in own]
        if are_besides and not is_led and any(sign.reason.endswith(APART) for sign in own):
            signs.append(MakersSign(weight=WEAK, reason="no page leads to it"))
        if any(map(one.path.startswith, theirs)):
            signs.append(MakersSign(weight=WEAK, reason="its folder holds what makers are told"))
        is_about_itself = any(sign.reason in (BUILDS, HOLDS) for sign in signs)
        exempt = one.path in listed or (_is_opening(one.path) and not is_about_itself)
        exempt |= _is_of_package(one) and not has_front
        if root is not None and not exempt and not one.path.startswith(root):
            outside = f"outside the documentation in {root[:-1]} and its contents"
            signs.append(MakersSign(weight=STRONG if is_site and not is_about_itself else WEAK, reason=outside))
        judged.append(_judged(one, signs))
    return tuple(judged)


def _find_folders(analyses: Sequence[DocumentAnalysis]) -> set[str]:
    """The folders whose first page, or any page where their name says so, is for makers by itself; with a slash."""
    found = set()
    for one in analyses:
        folder = one.path.rpartition("/")[0]
        is_named = NAMES.fullmatch(folder.rpartition("/")[2]) or any(s.reason.endswith(WORK) for s in one.makers_signs)
        own = sum(sign.weight for sign in one.makers_signs if not sign.of_place)
        if own >= _ENOUGH and (is_named or is_front(one.path)):
            found.add(f"{folder}/")
    return {one for one in found if not IN_DOCS.fullmatch(one)}


def _is_apart(analysis: DocumentAnalysis) -> bool:
    return any(sign.reason.endswith(APART) for sign in analysis.makers_signs)


def _is_of_package(analysis: DocumentAnalysis) -> bool:
    return any(sign.reason == PACKAGE for sign in analysis.makers_signs)


def _judged(analysis: DocumentAnalysis, signs: Sequence[MakersSign]) -> DocumentAnalysis:
    if sum(sign.weight for sign in signs) < _ENOUGH:
        return analysis.model_copy(update={"for_whom": "users", "for_whom_reason": ""})
    strongest = sorted(signs, key=lambda sign: -sign.weight)[:2]
    reason = strongest[0].reason if strongest[0].weight >= _ENOUGH else "; ".join(sign.reason for sign in strongest)
    told = {"for_whom": "makers", "for_whom_reason": f"for the project's makers: {reason}"}
    return analysis.model_copy(update={**told, "makers_signs": tuple(signs)})


def _is_opening(path: str) -> bool:
    """A README at the root, or beside an example, is read by users wherever the documentation lies."""
    return "/" not in path or path.lower().startswith(("example", "sample", "tutorial", "demo"))


def _root_of(listed: Sequence[str]) -> str | None:
    """The deepest folder that holds nine of ten listed documents, with a slash; None when few are listed."""
    if len(listed) < _LEAST_LISTED:
        return None
    root = ""
    while True:
        folders = Counter(path[: path.find("/", len(root)) + 1] for path in listed if path.startswith(root))
        folders.pop("", None)
        inner, count = max(folders.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if not inner or count < _ROOT_SHARE * len(listed):
            return root or None
        root = inner
