from typing import Any

from services.modules.assembly.minutes import estimate_module, estimate_pathways, with_minutes
from shared.engine.types import Pathway, PathwayModule
from tests.unit.quality.sample_modules import start_module

CODE = "\n".join(f"call({number})" for number in range(24))


def planned(kind: Any, *modules: tuple[str, int]) -> Pathway:
    return Pathway(
        id=kind, kind=kind, title=kind, description="", complexity_level="beginner",
        estimated_minutes=sum(minutes for _, minutes in modules),
        modules=tuple(
            PathwayModule(id=i, title=i, description="", estimated_minutes=minutes, sections=(), document_ids=())
            for i, minutes in modules
        ),
    )  # fmt: skip


def written(module_id: str, main: str, items: int = 0) -> Any:
    pattern = start_module()
    return pattern.model_copy(
        update={
            "id": module_id, "introduction": "", "main_content": main, "conclusion": "", "summary": "",
            "assessment": list(pattern.assessment[:items]), "estimated_minutes": 99,
        }
    )  # fmt: skip


def test_a_module_takes_its_words_code_output_and_items() -> None:
    words = " ".join(["word"] * 400)
    assert estimate_module(written("m", f"{words}.")) == 2
    assert estimate_module(written("m", f"{words}.\n\n```python\n{CODE}\n```")) == 4
    assert estimate_module(written("m", f"{words}.\n\n```output\n{CODE}\n```")) == 3
    assert estimate_module(written("m", f"{words}.\n\n```sh\nrun\n```\n\n```text\n{CODE}\n```")) == 3
    assert estimate_module(written("m", f"{words}.", items=1)) == 3
    assert estimate_module(written("m", "")) == 1


def test_a_pathway_takes_as_long_as_its_modules_as_written() -> None:
    ways = [planned("complete", ("a", 10), ("b", 20)), planned("quickstart", ("a", 10))]
    modules = with_minutes([written("a", " ".join(["word"] * 1000)), written("b", " ".join(["word"] * 2000))])
    assert estimate_pathways(ways, modules) == {"complete": 15, "quickstart": 5}


def test_what_is_not_written_is_scaled_like_what_is() -> None:
    ways = [planned("complete", ("a", 10), ("b", 30)), planned("task", ("b", 30))]
    modules = with_minutes([written("a", " ".join(["word"] * 1000))])
    assert estimate_pathways(ways, modules) == {"complete": 20, "task": 15}
