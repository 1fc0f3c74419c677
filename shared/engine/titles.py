"""Titles and signposts in a reader's words. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from shared.course.empty_names import SAYING_NOTHING
from shared.docs.navigation import Navigation
from shared.engine.proper_names import proper_name
from shared.engine.types import DocumentAnalysis

_GENERIC = re.compile(
    r"^(?:tutorials?|(?:user |how[- ]to |conceptual |developer |reference )?guides?|explanations?|how[- ]tos?"
    r"|references?|docs?|documentation|basics?|advanced|general|others?|misc\w*|more|introduction|intro|overview|readme"
    r"|index|home|start|concepts?|topics?|pages?|content|getting started|get started|usage|use|learn|book|src|manual"
    r"|articles?|about|summary|welcome|examples?|features?|general reference|apis?|api reference|untitled"
    r"|abstract|conformance|terminology|definitions?|notational conventions|demos?|parameters|return values?"
    r"|main|instructions|posts?|chapters?|part .{1,4}|api guide|.* documentation|why|what|how|name|synopsis)$",
    re.IGNORECASE,
)
# What a page that lists the others is called.
_CONTENTS = re.compile(
    r"(?:table of )?contents|tables? des matières|sommaire|inhalt(?:sverzeichnis)?|índice|indice|sumário"
    r"|inhoud(?:sopgave)?|spis treści|obsah|содержание|оглавление|зміст|目[录錄次]|차례|목차|içindekiler|mục lục",
    re.IGNORECASE,
)
_REPOSITORY_ENDINGS = re.compile(
    r"(?-i:(?<=[a-z\d])Docs)$|(?:[-_.](?:docs?|documentation|website|site|book|guide|github|io|js|py|rs|wiki|com|org|dev|tutorial|monorepo))+$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<=[^\W_]{3})\.(?:io|com|org|dev|info)$")  # what a site is called by, as etcd.io
_WELCOME = re.compile(r"^(?:Welcome to|About|Introduction to|Documentation (?:of|for|de|du)) (?:the )?")
_OF_DOCUMENTATION = re.compile(r"(?:['’]s?)? (?:documentation|docs|\(docs\)|website)$", re.IGNORECASE)
_LANGUAGE_ENDING = re.compile(r"[-_.][a-z]{2}(?:[-_][A-Za-z]{2})?$")
_LONGEST_NAME, _LONGEST_TITLE = 40, 60
_MOST_WORDS = 4
_FRONT_PAGE = re.compile(
    r"(?:(?:docs?|src|content|en)/)*(?:readme|_?index|home|overview|title-page)\.[^/]*", re.IGNORECASE
)


def is_generic(title: str) -> bool:
    """Whether a title says nothing about its subject."""
    return is_contents(title) or all(_GENERIC.match(part.strip("? ")) for part in title.split(" - "))


def is_contents(title: str) -> bool:
    """Whether a title, in one of many languages, is that of a page which lists the others."""
    return _CONTENTS.fullmatch(title.strip()) is not None


def subject_of(title: str) -> str:
    """The title without a word such as "documentation" at its end: "Widget" for "Widget's documentation"."""
    return _OF_DOCUMENTATION.sub("", title)


def listed_titles(navigation: Navigation) -> dict[str, str]:
    """Path of a document → the name that the author's contents give it, of those that say something."""
    named = ((entry.path, " ".join(entry.title.split())) for entry in navigation.entries if entry.path)
    return {path: title for path, title in named if title and not is_generic(title)}


def bare_name(name: str) -> str:
    """A repository's name without owner and without endings such as "-docs", or "-fr" behind "docs"."""
    own = name.rsplit("/", 1)[-1]
    rest = _LANGUAGE_ENDING.sub("", own)
    return _REPOSITORY_ENDINGS.sub("", rest if rest.lower() in SAYING_NOTHING else own) or name


def project_title(name: str, analyses: Sequence[DocumentAnalysis], overview_path: str | None) -> str:
    """The project's name as its own documents write it."""
    own = name.rsplit("/", 1)[-1]
    is_whole = any(a.title == own and a.for_whom == "users" for a in analyses if a.path == overview_path)
    bare = own if is_whole else bare_name(name)  # terraform-docs is no documentation of Terraform
    overview = [a for a in analyses if a.path == overview_path] or [a for a in analyses if a.doc_type == "overview"]
    if bare.lower() in SAYING_NOTHING:
        first = [a for a in analyses if a.path == overview_path]
        named = [a.title for a in first if re.match(r"(?:The|An?) \S+ \S+", a.title) and len(a.title) <= 50]
        if named:  # "The Caddy Website" is of Caddy
            return named[0] if subject_of(named[0]) == named[0] else subject_of(named[0]).partition(" ")[2]
        proper = proper_name(analyses)
        headed = _name_in_title(first, analyses, proper)
        if headed is not None:
            return headed
        if proper is not None:
            whole = [a.title for a in first if re.match(rf"(?:The )?{re.escape(proper)}\b(?! -|:)", a.title)]
            return next((title for title in whole if len(title) <= 40), proper)
        opening = sorted((a for a in overview if a not in first), key=lambda a: (a.path.count("/"), a.path))
        titles = [a.title for a in first if not is_generic(a.title) and len(a.title) <= _LONGEST_TITLE]
        titles += [a.title for a in opening if not is_generic(a.title) and len(a.title) <= _LONGEST_NAME]
        return _ADDRESS.sub("", titles[0]) if titles else "This Project"
    shortened = (re.sub(r"^(?:An?|The) ", "", a.title) for a in overview)
    longer = re.compile(rf"[A-Z][A-Za-z]*[a-z]{re.escape(bare.capitalize())}")  # the kit of SvelteKit
    apart = [
        title
        for title in shortened
        if longer.fullmatch(title) or (" " in title and title.replace(" ", "").lower() == bare.lower())
    ]
    if apart:
        return apart[0]
    spelling = "[- ]?".join("['’]?".join(map(re.escape, word)) for word in bare.split("-"))
    ending = f"(?:[-. ]{found[1]})?" if (found := re.search(r"(?i)[-_.](js|py|rs|docs|guide|book)$", name)) else ""
    pattern = re.compile(rf"(?<![\w.-]){spelling}{ending}(?![\w-]|\.\w)", re.IGNORECASE)
    both = [*overview, *analyses]
    texts = [said for a in both for said in (a.title, *(s.text for s in a.summary), *(c.name for c in a.key_concepts))]
    plain = (re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text) for text in texts)
    counts = Counter[str](said for text in plain for said in pattern.findall(text))
    titled = any(analysis.title == bare for analysis in overview)
    if _is_command(bare, analyses) and (titled or counts[bare] >= max(counts.values(), default=0)):
        return bare
    if counts:
        return min(counts, key=lambda said: (-counts[said] - (said != said.lower()) * 2, said))
    # A title says more than the name: "Spring for Apache Kafka" of spring-kafka, "… Runtime Specification".
    words = re.split(r"[-_.]+", bare.lower())
    titles = [subject_of(a.title) for a in overview if len(a.title) <= _LONGEST_TITLE]
    saying = (title for title in titles if all(re.search(rf"(?i)\b{re.escape(word)}", title) for word in words))
    if len(words) > 1 and (full := next(saying, None)):
        return full
    # The documents never write the name of the package: "fd-find" and "lerna-monorepo" are fd and Lerna to people.
    shorter, _, _ = bare.rpartition("-")
    if (
        shorter
        and not is_generic(shorter)
        and any(shorter.lower() == word.lower() for text in texts for word in text.split())
    ):
        return project_title(shorter, analyses, overview_path)
    titles = [subject_of(a.title) for a in overview if a.path == overview_path]
    front = [title for title in titles if len(title) <= _LONGEST_NAME]
    if front and not is_generic(front[0]):
        return front[0]
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_.\s]+", bare) if word)


def _name_in_title(
    overview: Sequence[DocumentAnalysis], analyses: Sequence[DocumentAnalysis], rival: str | None
) -> str | None:
    """The name the overview's title begins with, if the documents use it at least as often as the rival."""
    for analysis in overview:
        name = subject_of(re.split(r" [-–—] |: ", _WELCOME.sub("", analysis.title))[0])
        is_long = len(name) > _LONGEST_NAME or len(name.split()) > _MOST_WORDS
        if is_long or is_generic(name) or not (name[:1].isupper() or _is_command(name, analyses)):
            continue
        if _count_mentions(name, analyses) >= (_count_mentions(rival, analyses) if rival else 1):
            return name
    return None


def _is_command(name: str, analyses: Sequence[DocumentAnalysis]) -> bool:
    """Whether a name in small letters is set as code, as commands are: `just`."""
    return any(f"`{name}`" in sentence.text for analysis in analyses for sentence in analysis.summary)


def _count_mentions(name: str, analyses: Sequence[DocumentAnalysis]) -> int:
    """Documents that say the name in a title, a heading or their summary, with or without an ending such as ".js"."""
    said = re.compile(rf"(?<![\w.]){re.escape(bare_name(name))}(?!\w)", re.IGNORECASE)
    return sum(
        any(said.search(text) for text in (a.title, *(s.heading for s in a.sections), *(s.text for s in a.summary)))
        for a in analyses
    )


def is_front_page(path: str) -> bool:
    """Whether a document is the first page of the repository or of its documentation."""
    return _FRONT_PAGE.fullmatch(path) is not None
