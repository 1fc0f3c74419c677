"""`python -m shared.look.gallery FOLDER` writes a page that shows each component once."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import read_style


def build_gallery() -> dict[str, bytes]:
    """File name → contents; `gallery.html` is the page."""
    style = read_style()
    environment = Environment(
        loader=PackageLoader("shared.look"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("gallery.html").render(
        colours=re.findall(r"--([\w-]+): light-dark\(#", style["static/style.css"].decode()),
        questions=[_question("single_choice"), _question("short_answer"), _question("ordering")],
        span=_span(),
    )
    return style | {"gallery.html": page.encode()}


def _question(kind: str) -> Any:
    choices = [
        SimpleNamespace(
            letter=letter, id=letter.lower(), text=Markup("<code>{}</code>").format(text), plain=text,
            feedback=f"What {text} is.", marks="",
        )
        for letter, text in (("A", "put"), ("B", "take"), ("C", "peek"))
    ]  # fmt: skip
    return SimpleNamespace(
        number=1, anchor=f"sample-{kind}", stored=kind, item=kind, kind=kind,
        form="Fill the call", taught_in=None, key="[]",
        pairs=(), is_written=kind == "short_answer", instruction="Choose one answer.", terms=(), choices=choices,
        other_orders=(),
        stem=Markup("<p>Which call gives the <em>oldest</em> job?</p>"), answers=[choices[1].text],
        told=choices, explanation="", marks="",
    )  # fmt: skip


def _span() -> Any:
    return SimpleNamespace(
        path="docs/start.md", place="lines 12–13", start_line=12, asset="", commit="0" * 40, url=None,
        headings=("Start", "Queues"), pages=(),
        lines=("A queue is an ordered list of jobs.", "A job is a plain dictionary."),
    )  # fmt: skip


def main(folder: str) -> None:
    """Writes the files."""
    for name, data in build_gallery().items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1])
