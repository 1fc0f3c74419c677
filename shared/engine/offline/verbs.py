"""Words of headings that are nouns and verbs at once: which of both they rather are. Pure data."""

from shared.engine.terms import word_set

# Verbs when a heading begins with them in their plain form, although most are nouns too ("Build the image").
OFTEN_VERBS = word_set(
    """
    set collect replicate aggregate truncate associate audit balance browse build bump capture catch combine compile
    compress construct convert cope deal dispatch expose extract find fire gather give grant handle hide implement
    increase isolate keep load make mask mix move nest pass pause pick pipe preserve produce raise register repeat
    resume reuse rewrite rollback run save scan seal serve shard share ship show shrink skip slice spawn spin
    subclass substitute swap take throw toggle transform treat try tune turn use vendor wire wrap zip
    """
)
# Verbs where what stands around them speaks for it, else nouns ("Test the client", "Test client").
MAYBE_VERBS = word_set(
    """
    access address await bind bootstrap break call check clone commit control copy count debug deploy design display
    document download drop edit embed escape evolve exit export filter fix force format group guard host import
    insert join launch limit link lock log loop map mark match measure mock monitor mount order package patch pin
    plan post prefix print process profile prompt provision pull push query read release report request reserve
    reset retry return review roll route scale schedule scope search seed send shape sign sort speed split start
    stop store stream structure style switch sync tag target test trace track train transfer trigger type update
    upgrade upload view walk watch
    """
)
# Gerunds that are things rather than doings when they stand alone or before a noun ("Logging", "Routing table").
THING_GERUNDS = word_set(
    """
    logging testing streaming routing caching networking styling theming typing versioning scheduling tracing
    profiling threading messaging pricing billing licensing onboarding troubleshooting debugging warning setting
    string thing king ring spring shopping missing existing following remaining ending
    """
)
