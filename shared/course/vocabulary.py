"""Words the quality program knows: Bloom verbs, and words without content."""

from shared.course.scales import Bloom

BLOOM_LEVELS: tuple[Bloom, ...] = ("remember", "understand", "apply", "analyze", "evaluate", "create")


def _read(words: str) -> frozenset[str]:
    return frozenset(words.split())


BLOOM_VERBS: dict[Bloom, frozenset[str]] = {
    "remember": _read(
        "cite define identify label list locate match memorize name outline quote recall recite recognize record "
        "repeat reproduce retrieve select state tell"
    ),
    "understand": _read(
        "classify compare contrast convert describe differentiate discuss distinguish estimate exemplify explain "
        "express extend generalize give identify illustrate infer interpret locate outline paraphrase predict "
        "recognize relate rephrase report restate review rewrite summarize translate"
    ),
    "apply": _read(
        "adapt add apply build calculate call carry change choose complete compute configure connect construct "
        "convert create customize define demonstrate deploy determine develop employ enable execute follow handle "
        "implement install invoke load manage manipulate modify operate perform practice predict prepare produce "
        "publish register run schedule send set show sketch solve start store transfer use write"
    ),
    "analyze": _read(
        "analyse analyze break categorize classify compare contrast correlate debug deconstruct deduce detect "
        "diagnose diagram differentiate discriminate dissect distinguish divide examine experiment identify infer "
        "inspect investigate organize outline prioritize question relate separate structure subdivide test trace "
        "troubleshoot"
    ),
    "evaluate": _read(
        "appraise argue assess check choose compare conclude contrast criticize critique decide defend determine "
        "evaluate judge justify measure monitor prioritize rank rate recommend review select support test validate "
        "value verify weigh"
    ),
    "create": _read(
        "adapt arrange assemble build combine compile compose construct create design develop devise extend formulate "
        "generate integrate invent make model modify organize plan prepare produce program propose reorganize "
        "restructure revise rewrite set synthesize write"
    ),
}
"""A verb stands under each level that published lists give it."""

STOP_WORDS = _read(
    "a about above after again all also am an and any are as at be because been before being below between both but "
    "by can cannot could did do does doing done down during each either else etc even ever every few for from further "
    "get gets had has have having he her here hers him his how however i if in instead into is it its itself just let "
    "like made make makes many may me might more most much must my need needs neither no nor not now of off often on "
    "once one only or other others our out over own per same she should since so some such than that the their them "
    "themselves then there these they thing things this those through thus to together too two under until up upon us "
    "use used uses using very via was we well were what when where whether which while who whole whom whose why will "
    "with within without would yet you your yours yourself able another around don t s re ll ve d m isn aren doesn "
    "won e g"
)
