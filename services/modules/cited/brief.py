"""The material of one module: everything an engine may know when it writes the module, and how a worker finds it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.modules.cited.crossings import Place
from services.modules.offline.items.taught_text import TaughtText
from shared.course.audience import Audience
from shared.docs.model import Document, Link
from shared.engine.port import ProjectFacts
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, PathwayModule


@dataclass(frozen=True)
class ModuleBrief:
    """All that is needed to write one module.

    `pathway` is the one that the module is written for, `position` its place there; `modules` are those of the course
    in order, and `homes` says which of them teaches a section (document id, section id).
    `documents` holds the parse of each document of the module, and of those that say the same (the module's
    `siblings`), by document id; `analyses` are those of the whole course;
    `raw(path)` gives the raw bytes of any stored file of the sources (documents and included files), for citations;
    `source_id(path)` is the id of the source that has the file.
    `find(link, path)` is the place in the sources that a link of the file `path` leads to, or None.
    `link(place)` turns a place into a `#module-id`, an https address or None.
    `site` is what stands before an address of the documentation's site that begins with a slash, "" if unknown.
    `picture(path)` turns a picture's path into its `assets/<sha256>.<ext>` name, or None when it does not travel.
    """

    audience: Audience
    project: ProjectFacts
    source_id: Callable[[str], str]
    pathway: Pathway
    module: PathwayModule
    position: int
    documents: Mapping[str, Document]
    analyses: Mapping[str, DocumentAnalysis]
    graph: ConceptGraph
    raw: Callable[[str], bytes]
    find: Callable[[Link, str], Place | None]
    link: Callable[[Place], str | None]
    picture: Callable[[str], str | None]
    modules: Sequence[PathwayModule] = ()
    homes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    site: str = ""


class Briefs(Protocol):
    """The material that workers are prepared with before modules are written."""

    def brief(self, module_id: str) -> ModuleBrief:
        """The material of one module of the run."""
        ...

    @property
    def said(self) -> TaughtText:
        """All that the course teaches."""
        ...
