"""Look and feel: tokens, style sheets, fonts and components, for every page that a person sees.

`static` has the style sheets: tokens (colours of both themes, fonts, measures), base (elements and small parts), frame
(what stands around a page), lesson, code and diagram. `templates/parts.html` has the components as macros.
`gallery` shows them.
"""

from functools import cache
from importlib.resources import files

_SHEETS = ("tokens", "base", "frame", "lesson", "code", "diagram")


@cache
def read_style() -> dict[str, bytes]:
    """`static/style.css`, all style sheets in one, and beside it the fonts with their licence, and the icon."""
    folder = files("shared.look") / "static"
    sheets = b"\n".join((folder / f"{name}.css").read_bytes() for name in _SHEETS)
    others = sorted(entry.name for entry in folder.iterdir() if not entry.name.endswith(".css"))
    return {"static/style.css": sheets} | {f"static/{name}": (folder / name).read_bytes() for name in others}


__all__ = ["read_style"]
