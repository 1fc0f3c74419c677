"""Pages from templates, for the site and for the Markdown folder."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from shared.course.in_words import minutes_in_words

from .naming import name_source, tell_extent

_PIECES_TOGETHER = 256


def load_templates(package: str, folder: str, filters: Mapping[str, Callable[..., str]], *, html: bool) -> Environment:
    """The templates of a folder and the components of `shared.look`; in those of `html` each value is escaped that is
    not Markup.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, folder), PackageLoader("shared.look")]),
        autoescape=html,  # noqa: S701 - Markdown is not HTML: its templates escape it with `plain`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "minutes": minutes_in_words,
        "name_source": name_source,
        "tell_extent": tell_extent,
        **filters,
    }
    return environment


def render(templates: Environment, name: str, **values: Any) -> bytes:
    """The page, written bit by bit: a list of sources may have as many lines as the repository has files."""
    stream = templates.get_template(name).stream(**values)
    stream.enable_buffering(_PIECES_TOGETHER)
    written = io.BytesIO()
    stream.dump(written, encoding="utf-8")
    return written.getvalue()
