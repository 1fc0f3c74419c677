"""The sample's modules: true, cited, and without a flaw that a rule can see."""

from shared.course.model import Item, ItemKind, Module, Objective, Option
from shared.course.scales import Bloom, ItemForm

from .sample_repository import cite


def choice(
    name: str,
    stem: str,
    options: list[tuple[str, str]],
    right: int,
    *,
    objective: str,
    citation: str,
    explanation: str,
    bloom: Bloom = "remember",
    kind: ItemKind = "single_choice",
    form: ItemForm = "choose",
) -> Item:
    """An item with options `a`, `b`, `c`, …, each with the id of its citation; `right` is the index of the key."""
    made = [Option(id="abcdef"[i], text=text, citation_ids=own.split()) for i, (text, own) in enumerate(options)]
    return Item(
        id=name,
        kind=kind,
        stem=stem,
        options=made,
        key=[made[right].id],
        explanation=explanation,
        form=form,
        objective_ids=[objective],
        bloom=bloom,
        citation_ids=[citation],
    )


TRUTH = [("True", ""), ("False", "")]


def _start_items() -> list[Item]:
    return [
        choice(
            "i-start-1",
            "Which command heats the water?",
            [
                ("`kettle freeze`", ""),
                ("`kettle boil`", "s5"),
                ("`pip install kettle`", "s3"),
                ("`kettle status`", "s6"),
            ],
            1,
            objective="o-start-1",
            citation="s5",
            explanation="Run the command `kettle boil` to heat the water.",
            bloom="understand",
        ),
        Item(
            id="i-start-2",
            kind="cloze",
            stem="Complete the sentence: The flag ____ sets how long the water boils.",
            options=[],
            key=["--minutes"],
            explanation="The flag `--minutes` sets how long the water boils.",
            objective_ids=["o-start-2"],
            bloom="remember",
            citation_ids=["s7"],
        ),
        Item(
            id="i-start-3",
            kind="ordering",
            stem="Put the steps of a first boil in order.",
            options=[
                Option(id="x", text="Press the green button."),
                Option(id="y", text="Fill the tank with cold water."),
                Option(id="z", text="Close the lid of the tank."),
            ],
            key=[["y", "z", "x"]],
            form="order",
            explanation="The tank is filled with cold water, then the lid is closed.",
            objective_ids=["o-start-1"],
            bloom="apply",
            citation_ids=["s8"],
        ),
    ]


def start_module() -> Module:
    """The first module."""
    path = "docs/start.md"
    return Module(
        id="m-start",
        order=1,
        title="Getting started",
        description="Install the program and boil water for the first time.",
        estimated_minutes=5,
        status="complete",
        problems=[],
        objectives=[
            Objective(id="o-start-1", text="Install the program on a computer", bloom="apply"),
            Objective(id="o-start-2", text="Recall how to start a boil", bloom="remember"),
        ],
        prerequisites=[],
        document_ids=["d-start"],
        introduction="Kettle is a small program that boils water on a schedule.[^s1]\n\n"
        "A schedule keeps the kitchen warm without anybody waiting.[^s2]",
        main_content="## Install the program\n\n"
        "Install Kettle with `pip install kettle` on Python 3.11 or newer.[^s3] The installer writes its settings to "
        "`~/.kettle/config.toml`.[^s4]\n\n"
        "## Start a boil\n\nRun the command `kettle boil` to heat the water.[^s5]\n\n"
        "```sh cite=s6\nkettle boil --minutes 4\nkettle status\n```\n\n"
        "The flag `--minutes` sets how long the water boils.[^s7] Kettle prints the temperature each second until the "
        "water is hot.[^s9]\n\n"
        "## Steps of a first boil\n\n"
        "1. Fill the tank with cold water.[^s8]\n2. Close the lid of the tank.[^s8]\n3. Press the green button.[^s8]",
        conclusion="Kettle boils water on a schedule.[^s1]\n\n"
        "In the next module you learn to [let it run by itself](#m-plans).",
        summary="- **Kettle**: a small program that boils water.[^s1]\n"
        "- **Settings**: the installer writes its settings to `~/.kettle/config.toml`.[^s4]",
        assessment=_start_items(),
        citations=[
            cite("s1", path, "Kettle is a small"),
            cite("s2", path, "A schedule keeps"),
            cite("s3", path, "Install Kettle"),
            cite("s4", path, "The installer"),
            cite("s5", path, "Run the command"),
            cite("s6", path, "kettle boil", "kettle status"),
            cite("s7", path, "The flag"),
            cite("s8", path, "1. Fill", "3. Press"),
            cite("s9", path, "Kettle prints"),
        ],
    )


def _plans_items() -> list[Item]:
    return [
        choice(
            "i-plans-1",
            "Somebody gives Kettle too long a plan. What happens?",
            [
                ("Kettle reads the file again when it changes.", "p5"),
                ("Write a plan in a file named `plan.toml` next to the settings.", "p3"),
                ("The service `kettled` refuses a plan that is longer.", "p7"),
                ("Each plan has a name and a time of day.", "p2"),
            ],
            2,
            objective="o-plans-1",
            citation="p7",
            explanation="The service `kettled` refuses a plan that is longer.",
            bloom="understand",
            form="what_happens",
        ),
        choice(
            "i-plans-2",
            "True or false: The service `kettlex` refuses a plan that is longer.",
            TRUTH,
            1,
            objective="o-plans-1",
            citation="p7",
            explanation="The service `kettled` refuses a plan that is longer.",
            bloom="understand",
            kind="true_false",
            form="other",
        ),
        Item(
            id="i-plans-3",
            kind="matching",
            stem="Match each key with what it holds.",
            options=[
                Option(id="a", text="`at`", citation_ids=["p9"]),
                Option(id="b", text="`minutes`", citation_ids=["p10"]),
                Option(id="c", text="`repeat`", citation_ids=["p11"]),
                Option(id="x", text="The days of the week.", citation_ids=["p11"]),
                Option(id="y", text="The time of day.", citation_ids=["p9"]),
                Option(id="z", text="The length of a boil.", citation_ids=["p10"]),
            ],
            key=[["a", "y"], ["b", "z"], ["c", "x"]],
            explanation="The table of keys says so.",
            form="match",
            objective_ids=["o-plans-1"],
            bloom="understand",
            citation_ids=["p8"],
        ),
        choice(
            "i-plans-4",
            "You want the water to boil for longer. Which setting do you write?",
            [("`at`", "p9"), ("`minutes`", "p10"), ("`plan.toml`", "p3")],
            1,
            objective="o-plans-1",
            citation="p10",
            explanation="`minutes` is the length of a boil.",
            bloom="apply",
        ),
    ]


def plans_module() -> Module:
    """The second module; it introduces the term "plan"."""
    path = "docs/plans.md"
    return Module(
        id="m-plans",
        order=2,
        title="Plans",
        description="Let the program boil water by itself.",
        estimated_minutes=5,
        status="complete",
        problems=[],
        objectives=[Objective(id="o-plans-1", text="Write a plan for a morning", bloom="apply")],
        prerequisites=["m-start"],
        document_ids=["d-plans"],
        introduction="A **plan** is a list of boils that Kettle runs by itself.[^p1]\n\n"
        "Each plan has a name and a time of day.[^p2]",
        main_content="## Write a plan\n\nWrite a plan in a file named `plan.toml` next to the settings.[^p3]\n\n"
        '```toml cite=p4\n[morning]\nat = "07:30"\nminutes = 5\n```\n\n'
        "The key `at` holds the time of day in hours and minutes. Kettle reads the file again when it changes.[^p5]\n\n"
        "## Limits of a plan\n\nA plan holds 12 boils at most.[^p6] The service `kettled` refuses a plan that is "
        "longer.[^p7]\n\n"
        "| key | meaning |\n|---|---|\n| `at` | The time of day. |\n| `minutes` | The length of a boil. |\n"
        "| `label` | The words on the screen. |\n| `repeat` | The days of the week. |\n\n[^p8]",
        conclusion="Kettle runs the boils of a plan by itself.[^p1]\n\n"
        "In the next module you learn [what goes wrong](#m-errors).",
        summary="- **Plan**: a list of boils that Kettle runs by itself.[^p1]\n"
        "- **Limit**: a plan holds 12 boils at most.[^p6]",
        assessment=_plans_items(),
        citations=[
            cite("p1", path, "A **plan**"),
            cite("p2", path, "Each plan"),
            cite("p3", path, "Write a plan"),
            cite("p4", path, "[morning]", "minutes"),
            cite("p5", path, "The key", "Kettle reads"),
            cite("p6", path, "A plan holds"),
            cite("p7", path, "The service"),
            cite("p8", path, "| key", "| `repeat`"),
            cite("p9", path, "| `at`"),
            cite("p10", path, "| `minutes`"),
            cite("p11", path, "| `repeat`"),
        ],
    )


def _errors_items() -> list[Item]:
    return [
        choice(
            "i-errors-1",
            "You want to see recent messages. Which command helps?",
            [
                ("`kettle boil --minutes 4`", "e8"),
                ("`kettle boil`", "e7"),
                ("`pip install kettle`", "e9"),
                ("`kettle alarms --last 3`", "e3"),
            ],
            3,
            objective="o-errors-1",
            citation="e3",
            explanation="Call `kettle alarms --last 3` to list the latest alarms.",
            bloom="apply",
        ),
        choice(
            "i-errors-2",
            "True or false: The alarm names the sensor that failed.",
            TRUTH,
            0,
            objective="o-errors-1",
            citation="e2",
            explanation="The alarm names the sensor that failed.",
            bloom="understand",
            kind="true_false",
            form="other",
        ),
        choice(
            "i-errors-3",
            "Which name makes the night quiet?\n\n```toml\n____ = true\n```",
            [("`quiet`", "e5"), ("`repeat`", "e10"), ("`at`", "e11")],
            0,
            objective="o-errors-1",
            citation="e5",
            explanation="Set `quiet = true` to silence alarms during the night.",
            bloom="apply",
            form="fill_call",
        ),
    ]


def errors_module() -> Module:
    """The third module; it introduces the term "alarm"."""
    path = "docs/errors.md"
    return Module(
        id="m-errors",
        order=3,
        title="Errors",
        description="Understand the messages of the program.",
        estimated_minutes=4,
        status="complete",
        problems=[],
        objectives=[Objective(id="o-errors-1", text="Explain what an alarm tells", bloom="understand")],
        prerequisites=["m-start"],
        document_ids=["d-errors"],
        introduction="An **alarm** is a message that Kettle sends when a boil fails.[^e1]\n\n"
        "The alarm names the sensor that failed.[^e2]",
        main_content="## Read an alarm\n\nCall `kettle alarms --last 3` to list the latest alarms.[^e3] The list shows "
        "the code `E_DRY` when the tank is empty.[^e4]\n\n"
        "## Silence an alarm\n\nSet `quiet = true` to silence alarms during the night.[^e5] The program writes "
        "silenced alarms to the file `alarms.log`.[^e6]",
        conclusion="Kettle sends a message when a boil fails.[^e1]",
        summary="- **Alarm**: the alarm names the sensor that failed.[^e2]\n"
        "- **Night**: the program writes silenced alarms to the file `alarms.log`.[^e6]",
        assessment=_errors_items(),
        citations=[
            cite("e1", path, "An **alarm**"),
            cite("e2", path, "The alarm"),
            cite("e3", path, "Call"),
            cite("e4", path, "The list"),
            cite("e5", path, "Set"),
            cite("e6", path, "The program"),
            cite("e7", "docs/start.md", "Run the command"),
            cite("e8", "docs/start.md", "kettle boil"),
            cite("e9", "docs/start.md", "Install Kettle"),
            cite("e10", "docs/plans.md", "| `repeat`"),
            cite("e11", "docs/plans.md", "| `at`"),
        ],
    )
