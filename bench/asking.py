"""`python -m bench.asking OWNER/NAME=FOLDER…`: how many questions to courses are answered by a passage that holds the
answer, and how many that a course does not hold are refused.

A FOLDER is what `coursewright generate` wrote for one of the repositories in `asked.json`. There `told_at` names the
lines of the documentation that answer, at the commits of November 2026.
"""

import json
import sys
from pathlib import Path

from shared.course.model import Course
from shared.retrieval.passages import Passage, passages_of
from shared.retrieval.search import Index

ASKED = json.loads((Path(__file__).parent / "asked.json").read_text(encoding="utf-8"))


def _holds(passage: Passage, course: Course, told_at: list[str]) -> bool:
    """Whether a passage cites one of the lines that answer."""
    cited = [one for module in course.modules for one in module.citations if one.id in passage.citation_ids]
    lines = [(path, int(line)) for path, _, line in (place.rpartition(":") for place in told_at)]
    return any(one.path == path and one.start_line <= line <= one.end_line for one in cited for path, line in lines)


def main(folders: list[str]) -> None:
    """Ask every question that is about one of the courses."""
    answered, refused = [0, 0, 0], [0, 0]
    for name, _, folder in (one.partition("=") for one in folders):
        course = Course.model_validate_json((Path(folder) / "course.json").read_bytes())
        read = (passages_of(module.id, module.title, module.main_content) for module in course.modules)
        index = Index((passage for passages in read for passage in passages), course.language)
        for asked in (one for one in ASKED if one["course"] == name):
            found = index.search(asked["question"])
            holding = [_holds(passage, course, asked["told_at"]) for passage in found]
            if asked["told_at"]:
                answered = [answered[0] + any(holding), answered[1] + any(holding[:1]), answered[2] + 1]
            else:
                refused = [refused[0] + (not found), refused[1] + 1]
            if not (any(holding) if asked["told_at"] else not found):
                print(f"{asked['course']}: {asked['question']} {'not told' if asked['told_at'] else 'not refused'}")
    print(f"told by the passages: {answered[0]} of {answered[2]}, by the first one {answered[1]}")
    print(f"refused: {refused[0]} of {refused[1]}")


if __name__ == "__main__":
    main(sys.argv[1:])
