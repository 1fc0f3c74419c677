"""Sentences of documentation that teach nothing in a course: they point to other pages, keep house, or only link."""

import re

from shared.course.wording import list_words
from shared.engine.offline.writer_text import LINK, mask_code, strip_markup

_PLACES = (
    r"section|chapter|page|documentation|docs|guide|reference|tutorial|below|above|article|appendix|api|"
    r"manual|faq|readme|"
    r"examples? (?:folder|directory)|wiki"
)
_SEE = re.compile(
    r"^(?:\W*)(?:please\s+)?(?:see|refer|read|check|visit|consult|head|go|jump|skip|continue|take a look|"
    r"have a look|look|"
    rf"browse|explore|follow|try out|proceed|return|go back)\b(?=.*(?:\]\(|\b(?:{_PLACES})\b))",
    re.IGNORECASE | re.DOTALL,
)
_SEE_NAMED = re.compile(
    r"^\W*(?:please\s+)?see\s+(?!(?:how|what|if|whether|that|why|when|where)\b)(?:\S+\s+){0,11}\S+$", re.IGNORECASE
)
_MORE = re.compile(
    r"\b(?:for|to (?:get|find|learn|see|read)|you can (?:find|read|see|learn)|learn|read|find|with)\s+(?:out\s+)?"
    r"(?:some\s+|a\s+|the\s+|even\s+)?(?:more|further|additional|full|complete)\s+(?:about|on|info\w*|"
    r"details?|examples?|"
    r"documentation|reading|list|context|in|at|here|background|explanation)\b"
    r"|^more (?:info\w*|details?|on|about)\b|\b(?:click|tap|look|see|found|available|listed|described|read) here\b"
    r"|\bsee also\b|\bfurther reading\b|\b(?:described|covered|documented) in \[|^\W*see\s+[\[`*]",
    re.IGNORECASE,
)
_OTHER_PARTS = (
    r"\b(?:next|previous|following|preceding|last|earlier|later|other|upcoming|remaining|"
    r"rest of the)\s+(?:few\s+|two\s+)?"
    r"(?:section|chapter|page|document|article|tutorial|guide|lesson|part|subsection|recipe)s?\b"
    r"|\b(?:section|chapter|page|paragraph|heading)s?\s+(?:below|above)\b|\b(?:chapter|appendix|"
    r"part)\s+(?:\d+|(?-i:[A-Z]))\b"
    r"|\b(?:shown|described|discussed|mentioned|listed|explained|covered|detailed|seen|given|documented)\s+(?:\w+\s+)?"
    r"(?:below|above|earlier|later|elsewhere|previously)\b"
    r"|\b(?:later|earlier|elsewhere)\s+(?:in|on)\s+(?:this|the)\b"
)
_OWN_PAGE = (
    r"\b(?:this|these|our|the rest of (?:this|the)|the present)\s+(?:documentation|docs?|page|document|"
    r"guide|book|chapter|"
    r"section|subsection|tutorial|article|readme|manual|website|site|wiki|series|walkthrough|reference|"
    r"list of contents|"
    r"table of contents|how-to|quick ?start|post)\b"
    r"|\b(?:left|right)[- ](?:hand )?(?:side ?bar|menu|navigation)\b"
)
_READER_LED = (
    r"\bas (?:we|you)(?:'ve| have)? (?:saw|seen|discussed|learned|mentioned|read)\b"
    r"|^we(?:['’]ll| will) (?:also |then |now |first |next |briefly )*"
    r"(?:discuss|cover|talk about|look at|explore|explain|see)\b"
    r"|\bwe(?:['’]ll| will| are going to)\s+(?:\w+\s+){0,3}(?:in|later|next|shortly|soon|below)\b"
)
_ELSEWHERE = re.compile(f"{_OTHER_PARTS}|{_OWN_PAGE}|{_READER_LED}", re.IGNORECASE)
_HOUSEKEEPING = re.compile(
    r"\bedit (?:this|the) page\b|\bimprove (?:this|the) (?:page|doc)|\blast (?:updated|modified|edited)\b"
    r"|\btable of contents\b|\ball rights reserved\b|\bcopyright\b|\blicen[sc]ed under\b|\bsponsor"
    r"|\bjoin (?:us|our|the (?:community|discord|slack))|\bfollow us\b|\b(?:give|leave) (?:us |it |the \w+ )?a? ?star\b"
    r"|\b(?:discord|gitter|slack|twitter|mailing list)\b|\bpull requests?\b.*\bwelcome\b|\bopen an issue\b"
    r"|\breport (?:a bug|bugs|issues)\b|\bcontributions? (?:are|is) welcome\b|\bbadge\b"
    r"|\btranslat(?:ed|ion) (?:by|of this)\b|\bhas (?:been )?moved\b|\bno longer maintained\b|\bthank(?:s| you)\b",
    re.IGNORECASE,
)


_HOUSE_HEADINGS = re.compile(
    r"(?:how to contribute|contribut(?:e|ing|ors?|ions?)|(?:the )?licen[sc]es?|licensing|code of conduct|backers|"
    r"(?:our )?sponsors?|acknowledge?ments?|credits|(?:the )?authors?|maintainers?|community|"
    r"get(?:ting)? (?:help|involved)|support(?: (?:us|the project))?|change ?log|release notes|donat\w+|"
    r"star(?:gazers| history)|see also|further reading|related (?:pages|links|topics|reading|projects)|references|"
    r"links|(?:table of )?contents|badges|"
    r"used by|who uses \w+|translations?|security policy|reporting (?:bugs|issues|security \w+))[.:!]?",
    re.IGNORECASE,
)


def is_housekeeping(heading: str) -> bool:
    """Whether a section is about the project's affairs (licence, sponsors, links) and not about its subject."""
    return _HOUSE_HEADINGS.fullmatch(re.sub(r"[^\w\s.:!'-]", "", strip_markup(heading)).strip()) is not None


def is_noise(text: str) -> bool:
    """Whether a sentence points elsewhere, keeps house, or says too little to teach."""
    if len(list_words(strip_markup(text))) < 3 or is_mostly_link(text):
        return True
    return any(pattern.search(text) for pattern in (_SEE, _SEE_NAMED, _MORE, _ELSEWHERE, _HOUSEKEEPING))


def is_mostly_link(text: str) -> bool:
    """Whether hardly a word stands outside the links."""
    masked = mask_code(text)
    return LINK.search(masked) is not None and len(list_words(LINK.sub(" ", masked))) < 3
