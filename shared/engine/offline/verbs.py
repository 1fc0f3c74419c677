"""Verbs that headings of documentation begin with, and their base forms. Pure data and spelling rules."""

from shared.engine.terms import singular, word_set, words_of

# Bases whose -ing form the spelling rule alone cannot undo (a lost -e), and bases headings begin with as they are.
_KNOWN = word_set(
    """
    accept access acquire activate adapt add adjust administer aggregate align allocate allow analyze annotate
    append apply approve arrange ask assemble assert assign associate attach audit authenticate authorize automate
    avoid await backup balance batch bind bootstrap break bring browse build bump bundle cache calculate call cancel
    capture carry catch change check choose clean clear clone close collect combine commit compare compile complete
    compose compress compute configure connect construct consume contain control convert cope copy count create
    customize deal debug declare decode decorate decrypt define delete deploy deprecate describe deserialize design
    destroy detect determine develop diagnose disable discover dispatch display distribute document download drop
    edit embed emit enable encode encourage encrypt enforce enhance enrich ensure enter establish evaluate examine
    exclude execute exit expand expire explore export expose extend extract fetch filter find fire fix follow force
    format forward gather generate get give grant group guard handle hide host identify ignore implement import
    improve include increase index inherit initialize inject inline insert inspect install instantiate integrate
    interact intercept introduce introspect invoke isolate iterate join keep launch lay lazy-load learn limit link
    list listen load localize locate lock log loop maintain make manage manipulate map mark mask match measure merge
    migrate mix mock model modify monitor mount move name navigate nest observe obtain omit open operate optimize
    order organize override package paginate parameterize parametrize parse pass patch pause perform persist pick
    pin pipe plan port post pre-fill prefill prefix prepare present preserve prevent print process produce profile
    prompt propagate protect prove provide provision publish pull push put query queue raise read rebuild receive
    recover redirect reduce refactor refer refine register release reload remove rename render reorder repeat
    replace replicate report represent request require reset resize resolve respond restart restore restrict resume
    retrieve retry return reuse revert review revoke rewrite roll rollback rotate route run sanitize save scale scan
    schedule scope seal search secure seed seek select send separate serialize serve set setup shard share ship show
    shrink shut shutdown sign simplify simulate skip slice solve sort spawn specify speed spin split start stop
    store stream structure style subclass submit subscribe substitute summarize support suppress swap switch sync
    synchronize tag take target teach tell terminate test throw toggle trace track train transfer transform
    translate treat trigger troubleshoot truncate try tune turn type undo unify uninstall unlock unmount unpack
    update upgrade upload upsert use validate vendor verify view visualize wait walk watch wire work wrap write
    yield zip
    """
)
# Words that are more often nouns than verbs at the head of a heading in the plain form ("Test client", "Log levels").
_RATHER_NOUNS = word_set(
    """
    complete express print sample access address batch bind backup bootstrap break cache call change check clone
    commit control copy count debug design display document download drop edit embed exit export filter fix force
    format group guard host import index insert join launch limit link list lock log loop map mark match measure
    mock model monitor mount name order package patch pin plan port post prefix process profile prompt provision
    pull push query queue read release report request reset return review roll route scale schedule scope search
    seed sign sort speed split start stop store stream structure style support switch sync tag target test trace
    track train transfer trigger type update upgrade upload view wait walk watch work yield patch bundle deploy
    batch upgrade setup shutdown
    """
)
# Gerunds that are things rather than doings when they stand alone or last ("Logging", "Error handling").
THING_GERUNDS = word_set(
    """
    logging testing streaming routing caching networking styling theming typing versioning scheduling tracing
    profiling threading messaging pricing billing licensing onboarding troubleshooting debugging warning setting
    string thing king ring spring missing existing following remaining ending
    """
)


_AIMS = frozenset({"to", "from", "into", "over", "by", "with"})


def base_of_gerund(word: str) -> str | None:
    """The verb of a gerund, "declare" of "declaring"; None when the word is no gerund of a known verb."""
    lower = word.lower()
    if not lower.endswith("ing") or len(lower) < 5:
        return None
    root = lower[:-3]
    options = [root + "e", root]
    if len(root) > 2 and root[-1] == root[-2]:
        options.append(root[:-1])
    if root.endswith("y"):
        options.append(root[:-1] + "ie")
    for option in options:
        if option in _KNOWN or (option.startswith("re") and option[2:] in _KNOWN):
            return option
    return None


def is_imperative(heading: str) -> bool:
    """Whether a heading is an order: it begins with a verb in its plain form and goes on ("Add a database")."""
    words = words_of(heading)
    if len(words) < 2 or words[0] not in _KNOWN:
        return False
    if words[0] not in _RATHER_NOUNS or words[1] in {"a", "an", "the", "your", "all", "multiple", "up", "out", "it"}:
        return True
    # "Map errors to problems" is an order, "Log levels" is a thing.
    return singular(words[1]) != words[1] and any(
        word in {"to", "from", "into", "over", "by", "with"} for word in words[2:]
    )
