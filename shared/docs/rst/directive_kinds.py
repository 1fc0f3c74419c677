"""Which directive does what, for reStructuredText and for Markdown with MyST's directives alike."""

import re
from types import MappingProxyType
from typing import Literal

DirectiveKind = Literal[
    "dropped", "navigation", "code", "highlight", "admonition", "titled_admonition", "container", "quote", "object",
    "rubric", "image", "table", "list_table", "csv_table", "literalinclude", "include", "python_object",
    "python_names", "module", "made", "glossary", "raw", "unknown",
]  # fmt: skip

CODE_LANGUAGES = MappingProxyType(
    {
        "click:example": "python", "doctest": "pycon", "testcode": "python", "testoutput": "text",
        "ipython": "python", "ipython3": "python", "jupyter-execute": "python",
        "code-cell": "python", "math": "tex", "parsed-literal": "text", "productionlist": "text", "console": "console",
        "plot": "python", "mermaid": "mermaid",
    }
)  # fmt: skip

_WORDS: tuple[tuple[DirectiveKind, str], ...] = (
    ("code", "code-block sourcecode code code-tab parsed-literal prompt cli terminal shell bash productionlist"),
    ("highlight", "highlight highlightlang"),
    ("admonition", "note warning tip important caution danger error hint attention seealso legacy deepalchemy"),
    ("admonition", "versionadded versionchanged versionremoved deprecated deprecated-removed"),
    ("titled_admonition", "admonition topic sidebar"),
    ("container", "container only tab tabs tab-set tab-item group-tab code-tab-set dropdown grid grid-item card"),
    ("glossary", "glossary"),
    ("container", "grid-item-card card-carousel hlist compound rst-class class-container details collapse"),
    ("container", "changelog change list-container div figure-md eval-rst"),
    ("quote", "epigraph highlights pull-quote"),
    ("rubric", "rubric"),
    ("image", "image figure thumbnail"),
    ("table", "table"),
    ("list_table", "list-table flat-table"),
    ("csv_table", "csv-table"),
    ("literalinclude", "literalinclude"),
    ("include", "include mdinclude"),
    ("navigation", "toctree nav-toctree"),
    ("module", "currentmodule module py:currentmodule py:module"),
    ("raw", "raw"),
    ("object", "function method class attribute data exception property decorator decoratormethod staticmethod var"),
    ("object", "classmethod type macro struct enum enumerator member option cmdoption envvar confval describe object"),
    ("object", "directive role"),
    ("dropped", "contents index meta sectionauthor moduleauthor"),
    ("dropped", "codeauthor tabularcolumns default-role role default-domain todo todolist title sectnum header footer"),
    ("dropped", "graphviz digraph graph uml plantuml inheritance-diagram testsetup testcleanup program centered"),
    ("dropped", "date target-notes bibliography towncrier-draft-entries ifconfig"),
    ("python_object", "automodule autoclass autofunction automethod autoattribute autoexception autodata autoproperty"),
    ("python_object", "autodecorator mkdocstrings"),
    ("python_names", "autosummary"),
    ("made", "click typer argparse program-output command-output openapi swaggerv2doc"),
    ("dropped", "exec video youtube iframe"),
    ("dropped", "button-link button-ref sidebar-links clear-page acks cssclass unreleased_changelog dialect-table"),
)
_ADDED_WORDS = "setting hook fixture globalvar signal event control state task opcode pdbcommand"
_ADDED = frozenset(_ADDED_WORDS.split())
"""Objects that projects add to those of Sphinx."""
_KINDS: MappingProxyType[str, DirectiveKind] = MappingProxyType(
    {word: kind for kind, words in _WORDS for word in words.split()} | dict.fromkeys(_ADDED, "object")
)
_TARGET = re.compile(r"(?!.*(?:://|\.[a-z]\w{1,3}$))(?![\d\W])[^\s()]+")  # no address, file, number or signature
_CODE_NAME = re.compile(r"(?:^|[:-])(?:example|doctest|testcode|testoutput|ipython3?|prompt|console|code-cell|shell)$")
_MADE_NAME = re.compile(r"^(?:auto[a-z]+|doxygen[a-z]+|(?:py|js|c|cpp):auto[a-z]+|[a-z]+:run)$")


def kind_of(name: str) -> DirectiveKind:
    """The kind of directive, by its name in lower case and its domain (`py:function` is an object like `function`)."""
    if name in CODE_LANGUAGES or _CODE_NAME.search(name):
        return "code"
    if known := _KINDS.get(name):
        return known
    of_domain = _KINDS.get(name.rpartition(":")[2])
    if of_domain == "object" or (of_domain == "python_object" and name.startswith("py:")):
        return of_domain
    return "made" if _MADE_NAME.match(name) else "unknown"


def is_target(name: str, argument: str) -> bool:
    """Whether a directive with this argument and no content shows nothing: it is the target of the role of its name,
    as Sphinx has it for each type of cross-reference that a project adds.
    """
    is_added = name in _ADDED or (":" not in name and kind_of(name) == "unknown")
    return is_added and _TARGET.fullmatch(argument) is not None
