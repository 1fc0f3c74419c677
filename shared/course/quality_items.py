"""Q9, Q10, Q11 and K6: objectives and assessment items, over the whole course."""

import math
from collections import Counter
from collections.abc import Iterable

from shared.course.flaws import find_flaws
from shared.course.item_gates import MOST_FLAWS, find_empty_tasks
from shared.course.item_recall import is_recall
from shared.course.key_support import find_key_problem, find_second_answers
from shared.course.model import Item
from shared.course.near_items import find_near_equal
from shared.course.quality_figures import CourseFacts, Figures, ModuleFacts, at_least, at_most, is_none, is_number
from shared.course.wording import level_distance, verb_fits

SMALLEST_P = 0.05
MOST_MEAN_FLAWS = 0.2
FEWEST_FORMS = 3
FEWEST_ITEMS_OF_FORMS = 10
WORDS_PER_ITEM = 1_500


def measure_alignment(facts: CourseFacts) -> Figures:
    """Q9: objectives and items name each other, verbs fit, levels agree."""
    objectives = items = tested = aligned = fitting = near = 0
    for module in (found.module for found in facts.modules):
        used = {i for item in module.assessment for i in item.objective_ids}
        levels = {objective.id: objective.bloom for objective in module.objectives}
        objectives += len(module.objectives)
        tested += sum(1 for objective in module.objectives if objective.id in used)
        fitting += sum(1 for objective in module.objectives if verb_fits(objective.text, objective.bloom))
        items += len(module.assessment)
        for item in module.assessment:
            known = [levels[i] for i in item.objective_ids if i in levels]
            aligned += bool(known) and len(known) == len(item.objective_ids)
            near += bool(known) and all(level_distance(item.bloom, level) <= 1 for level in known)
    return {
        "objectives_tested": at_least("Objectives with an item", tested, objectives, 1.0),
        "items_aligned": at_least("Items with an objective", aligned, items, 1.0),
        "verbs": at_least("Objectives that begin with a verb of their level", fitting, objectives, 1.0),
        "levels": at_least("Items within one level of their objectives", near, items, 0.9),
    }


def measure_flaws(facts: CourseFacts) -> Figures:
    """Q10: the nineteen criteria of item writing that rules can see."""
    flaws = [len(find_flaws(item)) for item in _list_items(facts.modules)]
    acceptable = sum(1 for count in flaws if count <= MOST_FLAWS)
    mean = sum(flaws) / len(flaws) if flaws else 0.0
    return {
        "acceptable": at_least("Items with at most one flaw of writing", acceptable, len(flaws), 0.98),
        "mean": is_number("Flaws of writing per item", mean, f"<= {MOST_MEAN_FLAWS}", ok=mean <= MOST_MEAN_FLAWS),
    }


def measure_keys(facts: CourseFacts) -> Figures:
    """Q11: keys, distractors, positions, repeats, variety, and how many items there are."""
    pairs = [(module.evidence, item) for module in facts.modules for item in module.module.assessment]
    items = [item for _, item in pairs]
    supported = sum(1 for evidence, item in pairs if find_key_problem(item, evidence) is None)
    second = sum(1 for evidence, item in pairs for _ in find_second_answers(item, evidence))
    near = {(one.id, other.id) for way in facts.ways for one, other in find_near_equal(_list_items(way))}
    forms = len({item.form for item in items} - {"other"})
    wanted = FEWEST_FORMS if len(items) >= FEWEST_ITEMS_OF_FORMS else 0
    p = measure_skew(items)
    truths = Counter(_truth_of(item) for item in items if item.kind == "true_false")
    per = len(items) * WORDS_PER_ITEM / max(1, sum(module.words for module in facts.modules))
    unasked = sum(1 for module in facts.modules if not module.module.assessment)
    what = "Items for each 1,500 taught words; fewer where the examples show no more that can be asked about"
    told = "Modules without an item, as their examples show no result that can be asked about"
    return {
        "supported": at_least("Keys that their cited lines support", supported, len(items), 1.0),
        "second_answers": is_none("Wrong options that the cited lines support too", second),
        "position_p": is_number("Key positions: chance of such a skew", p, f"> {SMALLEST_P}", ok=p > SMALLEST_P),
        "near_equal": is_none("Pairs of nearly equal items on one way through the course", len(near)),
        "forms": is_number("Forms of items", forms, f">= {wanted}", ok=forms >= wanted),
        "per_words": is_number(what, per, ">= 1", ok=True if per >= 1 else None),
        "modules_unasked": is_number(told, unasked, "as few as the examples allow", ok=None),
        "true_false": at_most(
            "True/false items with the commoner key", max(truths.values(), default=0), sum(truths.values()), 0.7
        ),
    }


def measure_understanding(facts: CourseFacts) -> Figures:
    """K6: what the items ask for."""
    tasks = Counter(
        detail.partition(":")[0]
        for module in facts.modules
        for item in module.module.assessment
        for detail in find_empty_tasks(item, module)
    )
    items = _list_items(facts.modules)
    recall = sum(is_recall(item, module.evidence) for module in facts.modules for item in module.module.assessment)
    return {
        "recall": at_most("Items that ask for a sentence of the lesson and nothing else", recall, len(items), 0.3),
        "where": is_none("Items that ask where something stands", tasks["where"]),
        "second": is_none("Wrong options that answer as well, anywhere in the taught text", tasks["second"]),
        "kind": is_none("Wrong options of another kind than the key", tasks["kind"]),
        "own": at_most("Items keyed on a made-up name or a name of the language", tasks["own"], len(items), 0.05),
    }


def measure_skew(items: list[Item]) -> float:
    """The smallest chi-square p of the keys' positions, over items of one key with and without true/false ones."""
    single = [item for item in items if item.kind == "single_choice"]
    choices = [item for item in items if item.kind in ("single_choice", "multiple_choice")]
    return min(_test_uniform(group) for group in (single, choices))


def _test_uniform(items: list[Item]) -> float:
    expected: dict[int, float] = {}
    observed: Counter[int] = Counter()
    for item in items:
        positions = [index for index, option in enumerate(item.options) if option.id in item.right]
        for index in positions:
            observed[index] += 1
        for index in range(len(item.options)):
            expected[index] = expected.get(index, 0.0) + len(positions) / len(item.options)
    cells = [index for index in sorted(expected) if expected[index]]
    if len(cells) < 2:
        return 1.0
    chi_square = sum((observed[i] - expected[i]) ** 2 / expected[i] for i in cells)
    return chi_square_p(chi_square, len(cells) - 1)


def chi_square_p(value: float, freedom: int) -> float:
    """The chance of a chi-square of at least `value`: the upper regularised gamma function, in closed form."""
    half = value / 2
    if freedom % 2 == 0:
        term = total = math.exp(-half)
        for k in range(1, freedom // 2):
            term *= half / k
            total += term
        return min(1.0, total)
    total = math.erfc(math.sqrt(half))
    term = math.sqrt(half / math.pi) * math.exp(-half) * 2
    for k in range((freedom - 1) // 2):
        total += term
        term *= half / (k + 1.5)
    return min(1.0, total)


def _truth_of(item: Item) -> str:
    texts = {option.id: option.text for option in item.options}
    return texts.get(item.right[0], item.right[0]).strip().lower() if item.right else ""


def _list_items(modules: Iterable[ModuleFacts]) -> list[Item]:
    return [item for module in modules for item in module.module.assessment]
