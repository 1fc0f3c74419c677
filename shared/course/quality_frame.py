"""K8, K9 and K10: objectives, minutes and the sentences around the lessons."""

from collections import Counter

from shared.course.frame_gates import find_fillers, keeps_rule, match_objective, normal_objective
from shared.course.model import Objective
from shared.course.quality_figures import CourseFacts, Figures, at_least, is_none, is_number

MOST_FILLERS = 0.2


def measure_objectives(facts: CourseFacts) -> Figures:
    """K8: objectives have ids and texts of their own and are about what is taught whole."""
    pairs = [(objective, module) for module in facts.modules for objective in module.module.objectives]
    ids = Counter(objective.id for objective, _ in pairs)
    matches = [match_objective(objective, module) for objective, module in pairs]
    return {
        "ids": is_none("Objectives whose id another one has", sum(times - 1 for times in ids.values())),
        "equal": is_none("Objectives that stand twice on one way through the course", len(find_equal(facts))),
        "named": at_least(
            "Objectives about a heading or a concept", sum(match.named for match in matches), len(matches), 0.9
        ),
        "kept": at_least(
            "Objectives whose section is taught whole", sum(match.kept for match in matches), len(matches), 0.9
        ),
    }


def find_equal(facts: CourseFacts) -> dict[str, Objective]:
    """Objectives that an earlier module of a way states as well, or their own module, by id and module."""
    found: dict[str, Objective] = {}
    for way in facts.ways:
        seen: set[str] = set()
        for module in way:
            for place, objective in enumerate(module.module.objectives):
                if normal_objective(objective) in seen:
                    found[f"{module.module.id} {place}"] = objective
                seen.add(normal_objective(objective))
    return found


def measure_pace(facts: CourseFacts) -> Figures:
    """K9: minutes by the published rule."""
    what = "Modules whose minutes are half to twice what the rule gives"
    return {"minutes": at_least(what, sum(map(keeps_rule, facts.modules)), len(facts.modules), 0.9)}


def measure_frame(facts: CourseFacts) -> Figures:
    """K10: sentences of the frame that would fit any module."""
    found = [sum(1 for _ in find_fillers(module)) for module in facts.modules]
    mean = sum(found) / len(found) if found else 0.0
    most = max(found, default=0)
    return {
        "fillers": is_number(
            "Sentences of a module that name nothing of it", mean, f"<= {MOST_FILLERS}", ok=mean <= MOST_FILLERS
        ),
        "most": is_number("Such sentences in the module with most", most, "<= 1", ok=most <= 1),
    }
