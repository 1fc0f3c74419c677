"""The name a project gives itself in the manifest of its package. Pure."""

import configparser
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from services.repo_clone.found import MANIFEST_NAMES
from shared.docs.untrusted import load_json, load_toml

_LARGEST_BYTES = 100_000
_GENERIC = frozenset({
    "app", "book", "doc", "docs", "documentation", "main", "manual", "monorepo", "packages", "project", "repo",
    "repository", "root", "site", "web", "website", "wiki", "workspace", "workspaces"
})  # fmt: skip
_NAME = re.compile(r"[A-Za-z][\w. +#-]{0,48}\w|[A-Za-z]")
_GO_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)
_GO_VERSION = re.compile(r"/v\d+$|\.v\d+$")


def _python(text: str) -> object:
    manifest = load_toml(text)
    poetry = manifest.get("tool", {}).get("poetry", {}).get("name")
    return manifest.get("project", {}).get("name") or poetry


def _ini(text: str) -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False)
    try:
        read.read_string(text)
    except configparser.Error as problem:
        raise ValueError(str(problem)) from problem
    return read


def _go(text: str) -> object:
    found = _GO_MODULE.search(text)
    return _GO_VERSION.sub("", found[1]).rpartition("/")[2] if found else None


def _site(text: str) -> object:
    found: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - strings only, whatever a !tag says
    return found.get("site_name")


_NAME_IN: Mapping[str, Callable[[str], object]] = {
    "pyproject.toml": _python,
    "setup.cfg": lambda text: _ini(text).get("metadata", "name", fallback=None),
    "settings.ini": lambda text: _ini(text).get("DEFAULT", "lib_name", fallback=None),  # nbdev
    "Cargo.toml": lambda text: load_toml(text).get("package", {}).get("name"),
    "package.json": lambda text: load_json(text).get("name"),
    "composer.json": lambda text: str(load_json(text).get("name", "")).rpartition("/")[2],
    "go.mod": _go,
    "mkdocs.yml": _site,
}


def declared_name(contents: Mapping[str, bytes]) -> str:
    """The name in the first manifest at the root that has one which says something; "" when none has.

    `contents`: path → bytes. A manifest that cannot be read, or not soon, is passed over: it is the
    project's, not ours to judge.
    """
    for path, read in ((name, _NAME_IN[name]) for name in MANIFEST_NAMES):
        try:
            found = read(contents[path].decode()) if 0 < len(contents.get(path, b"")) <= _LARGEST_BYTES else None
        except (ValueError, AttributeError, TypeError, RecursionError, yaml.YAMLError):
            continue
        scope, _, name = found.strip().rpartition("/") if isinstance(found, str) else ("", "", "")
        for said in (name, scope.removeprefix("@")):  # "@acme/monorepo" is all of acme
            if _NAME.fullmatch(said) and said.lower() not in _GENERIC:
                return said
    return ""
