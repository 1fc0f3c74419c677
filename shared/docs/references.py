"""Which other files a file of the repository pulls in, whatever its format."""

from typing import assert_never

from shared.docs.asciidoc import references as asciidoc
from shared.docs.formats import format_of
from shared.docs.includes import References
from shared.docs.markdown import references as markdown
from shared.docs.python_imports import sources
from shared.docs.rst import references as rst


def find_references(path: str, text: str) -> References:
    """The files `text` includes and the pictures it shows, as candidates inside the repository.

    A Python file names the files it takes its names from: a document that shows a name of it needs them.
    """
    match format_of(path):
        case None:
            around = rst.find_references(path, text).includes if path.rpartition("/")[2] == "conf.py" else ()
            return References(includes=(*around, *sources(path, text.split("\n"))) if path.endswith(".py") else ())
        case "rst":
            return rst.find_references(path, text)
        case "asciidoc":
            return asciidoc.find_references(path, text)
        case "text":
            return References()
        case "notebook":
            return markdown.find_references(path, text.replace("\\n", "\n").replace('\\"', '"'))
        case "markdown" | "mdx":
            return markdown.find_references(path, text)
        case unknown:
            assert_never(unknown)
