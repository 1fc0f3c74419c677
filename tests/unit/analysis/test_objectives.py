from tests.unit.analysis.build import analysis

PAGE = """# Widgets

## Installing the canvas

Run one command and the canvas is there.

```sh
install canvas
```

## How to draw a line

Call the function with two points.

```py
draw(a, b)
```

## Warnings

A warning is a message that does not stop the program. It says what may go wrong.

## Painting

There is no code here, and nothing to do by it but to read on.
"""


def test_headings_that_name_doing_are_objectives_where_there_is_code() -> None:
    found = [(one.text, one.bloom) for one in analysis(PAGE).learning_objectives]
    assert found[:2] == [("Install the canvas", "apply"), ("Draw a line", "apply")]
    assert not any("paint" in text.lower() for text, _ in found)


def test_an_objective_is_tied_to_its_section_and_stands_once() -> None:
    twice = PAGE + "\n## Installing the canvas\n\nAgain, the same command.\n\n```sh\ninstall canvas\n```\n"
    found = analysis(twice)
    sections = {one.id: one.heading for one in found.sections}
    assert sections[found.learning_objectives[0].section_id] == "Installing the canvas"
    texts = [one.text for one in found.learning_objectives]
    assert len(texts) == len(set(texts))
