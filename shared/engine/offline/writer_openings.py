"""How a sentence opens: by itself, or leaning on one that stood before it and may be gone."""

import re

from shared.course.wording import points_back
from shared.engine.offline.writer_text import strip_markup

_DEPENDS = re.compile(
    r"^(?:the )?(?:first|second|third|fourth|fifth|last|other|main) (?:one|reason|thing|way|difference|is|are)\b"
    r"|^(?:one|two|three|some|most|many|all|none|each|any) of (?:them|these|those|it)\b|^(?:the )?(?:result|rest)\b"
    r"|^(?:as (?:you|we) can see|what (?:this|that) means|this|the reason|in this|if so|for (?:example|instance)"
    r"|whereas|in (?:other words|particular|these|those|such)|with (?:this|that|these)|once (?:this|that|you do)"
    r"|doing so"
    r"|(?:before|after|because of|given|due to|apart from|unlike|like|using|without) (?:this|that|these)|that said|nice"
    r"|the (?:above|previous|resulting|same(?! (?:\w+ )?as\b)|reason|problem here)"
    r"|now,? (?:that|we have|when|if you run)|else|of course|notice|remember (?:that|how)"
    r"|to do so|to \w+ (?:this|that|these|it)|(?:when|if) (?:this|that)"
    r"|if you (?:run|want|need|don[’']t (?:need|want)) (?:this|it|to do (?:this|so|that))"
    r"|(?:we|you|I) (?:\w+ ){1,2}(?:this|that|these|those|it)(?= (?:because|since|as|by|in|with|to)\b|[,.]))\b",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"^(?:(?:however|additionally|furthermore|moreover|besides|therefore|thus|hence|finally|again|also|now|then|so"
    r"|in addition|nevertheless|nonetheless|of course|as (?:before|always|usual)|the same as before"
    r"|as (?:we |you )?(?:already )?(?:mentioned|noted|said|described|saw|seen|explained)(?: (?:before|above|earlier))?"
    r"|as you (?:can see|already know|know)),\s+"
    r"|(?:but|and|then)\s+(?=[a-z`*])|so\s+(?=(?:if|when|you|we|the|a|an|it|that|to|far as)\b))",
    re.IGNORECASE,
)
_LEANS = re.compile(r"^(?:\S+\s+){0,6}(?:this|these|those|the above|the same)\b", re.IGNORECASE)


def opens_by_itself(text: str) -> bool:
    """Whether a sentence can be read without the one before it."""
    plain = strip_markup(text)
    return bool(plain) and not points_back(plain) and not _DEPENDS.match(plain.lstrip("(\"“‘'"))


def goes_on(text: str) -> bool:
    """Whether a text without a capital goes on from something, so that it may not stand first."""
    return text.lstrip("(\"“‘'*_[")[:1].islower()


def drop_joint(text: str) -> str:
    """The sentence without a first word that only joins it to another ("However,"), with a capital again."""
    found = _JOINT.match(text)
    return text[found.end() :][:1].upper() + text[found.end() + 1 :] if found else text


def leans_back(text: str) -> bool:
    """Whether a sentence speaks of something near ("these two") early on: it needs what stood before it."""
    return _LEANS.match(strip_markup(text)) is not None
