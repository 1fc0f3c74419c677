"""Look and feel: tokens, style sheets, fonts and components, for every page that a person sees.

`static` has the style sheets: tokens (colours of both themes, fonts, measures), base (elements and small parts), frame
(what stands around a page), lesson and code. `templates/parts.html` has the components as macros. `gallery` shows them.
"""

from functools import cache
from importlib.resources import files


@cache
def read_style() -> dict[str, bytes]:
    """`static/…` → contents of the style sheets, the fonts with their licence, and the icon."""
    folder = files("shared.look") / "static"
    return {f"static/{entry.name}": entry.read_bytes() for entry in sorted(folder.iterdir(), key=lambda one: one.name)}


__all__ = ["read_style"]
